"""Lists and the search as a reader meets them: one address a view, the same view as data."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

import pytest
from browsing import browser, soup
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from s4s_graph.namespaces import BASE
from s4s_graph.search.find import LETTERS
from s4s_graph.store import Store

ATOM = "{http://www.w3.org/2005/Atom}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
VIEWS = [
    "",
    "evidence=none",
    "ofKind=practice-coach&ofKind=training-subsidy",
    "condition=leerwens",
    "outcome=vakmanschap&targetsActor=medewerker",
    "holder=fonds",
    "size-class=1-9",
    "year=2024",
    "status=getoetst&status=verfijnd",
    "cost-known=known",
    "holder=nobody",
    "q=leren",
    "dataStatus=reported&q=leercoach",
]


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


@pytest.fixture(scope="module")
def shipped(shipped_release: Path) -> Iterator[TestClient]:
    with browser(shipped_release) as client:
        yield client


def ids(page: BeautifulSoup) -> list[str]:
    """Return the things on a list by the ids of their rows."""
    links = page.select(".lines h2 a")
    return [str(link["href"]).rpartition("/")[2] for link in links]


def shown(client: TestClient, view: str) -> list[str]:
    return ids(soup(client, f"/nl/interventions?{view}".rstrip("?")))


def test_or_inside_a_facet_and_between(client: TestClient) -> None:
    one = set(shown(client, "ofKind=practice-coach"))
    other = set(shown(client, "ofKind=training-subsidy"))
    assert one
    assert other
    assert set(shown(client, "ofKind=practice-coach&ofKind=training-subsidy")) == one | other
    actor = set(shown(client, "targetsActor=medewerker"))
    assert set(shown(client, "ofKind=practice-coach&targetsActor=medewerker")) == one & actor


def test_a_choice_is_ticked_counted_and_can_be_taken_back(client: TestClient) -> None:
    page = soup(client, "/nl/interventions?ofKind=practice-coach&targetsActor=medewerker")
    ticked = {str(box["value"]) for box in page.select("input[type=checkbox][checked]")}
    assert ticked == {"practice-coach", "medewerker"}
    box = page.select_one('input[name="ofKind"][value="training-subsidy"]')
    count = int(box.find_parent("li").select_one(".count").text)
    assert count == len(shown(client, "ofKind=training-subsidy&targetsActor=medewerker"))
    chips = [str(chip["href"]) for chip in page.select(".chips a")]
    assert chips == [
        "/nl/interventions?targetsActor=medewerker",
        "/nl/interventions?ofKind=practice-coach",
        "/nl/interventions",
    ]


def test_what_would_leave_nothing_is_grey_but_there(client: TestClient) -> None:
    page = soup(client, "/nl/interventions")
    grey = page.select(".facet li.zero")
    assert grey
    assert {item.select_one(".count").text for item in grey} == {"0"}


def test_the_form_needs_no_script_and_keeps_every_filter(client: TestClient) -> None:
    page = soup(client, "/nl/interventions?sort=date")
    form = page.select_one("form#find")
    assert (form["method"], form["action"]) == ("get", "/nl/interventions")
    assert page.select_one("input[type=hidden][form=find][name=sort]")["value"] == "date"
    assert all(box["form"] == "find" for box in page.select("input[type=checkbox]"))
    assert not page.select("script:not([src])")


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("targetsActor=medewerker&ofKind=advies", "ofKind=advies&targetsActor=medewerker"),
        ("ofKind=b&ofKind=a&ofKind=a&q=", "ofKind=a&ofKind=b"),
        ("q=%20leren%09%20&sort=relevance&page=1", "q=leren"),
        ("q=leren&sort=name", None),
        ("sort=name", ""),
        ("sort=nothing", ""),
        ("literal=1", ""),
        ("q=leren&literal=1", "literal=1&q=leren"),
    ],
)
def test_each_view_has_one_address(client: TestClient, asked: str, address: str | None) -> None:
    response = client.get(f"/nl/interventions?{asked}")
    if address is None:
        assert response.status_code == 200
    else:
        assert response.status_code == 303
        target = f"/nl/interventions?{address}".rstrip("?")
        assert response.headers["location"] == target
        page = soup(client, target)
        assert page.select_one("link[rel=canonical]")["href"] == target


PARAMETERS = st.sampled_from(["q", "ofKind", "holder", "sort", "literal", "year", "x"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(PARAMETERS, st.text(max_size=8)), max_size=5))
@example([("q", "\u202eabc"), ("ofKind", "<script>alert(1)</script>")])
@example([("q", '"'), ("holder", "\x00")])
def test_no_address_is_an_error_or_sends_a_reader_in_circles(
    client: TestClient, pairs: list[tuple[str, str]]
) -> None:
    safe = [(name, quote(text.encode("utf-8", "replace"))) for name, text in pairs]
    response = client.get("/en/interventions?" + "&".join("=".join(pair) for pair in safe))
    if response.status_code == 303:
        response = client.get(response.headers["location"])
    assert response.status_code == 200
    assert "<script>" not in response.text


@pytest.mark.parametrize("page", ["1000000000", "9" * 5000, "0", "-1", "x", ""])
def test_a_page_that_cannot_be_is_not_found(client: TestClient, page: str) -> None:
    assert soup(client, f"/nl/interventions?ofKind=scholing&page={page}", 404)


def test_an_unknown_value_finds_nothing_and_is_named(client: TestClient) -> None:
    page = soup(client, "/nl/interventions?holder=%3Cb%3Enobody")
    assert ids(page) == []
    assert "<b>nobody (hier niet bekend)" in page.select_one(".chips .unknown").text
    assert not page.select("main b")


def test_an_unknown_filter_is_passed_over_and_named(client: TestClient) -> None:
    page = soup(client, "/nl/interventions?colour=red")
    assert ids(page) == shown(client, "")
    assert "colour" in page.select_one(".told").text
    assert page.select_one("link[rel=canonical]")["href"] == "/nl/interventions"


def test_two_hundred_filters_are_a_page(client: TestClient) -> None:
    many = "&".join(sorted(f"ofKind=none-{number}" for number in range(200)))
    assert len(soup(client, f"/nl/interventions?{many}").select(".chips .unknown")) == 200
    strange = "&".join(f"x{number}=1" for number in range(200))
    assert ids(soup(client, f"/nl/interventions?{strange}")) == shown(client, "")


@pytest.mark.parametrize("path", ["interventions", "interventions.csv", "pictures/flow"])
def test_more_filters_than_anyone_can_mean_are_refused_in_words(
    client: TestClient, path: str
) -> None:
    many = "&".join(f"ofKind=none-{number}" for number in range(1000))
    page = soup(client, f"/nl/{path}?{many}", 400)
    assert "Kies minder waarden tegelijk." in page.select_one("main").text


@pytest.mark.parametrize("path", ["/nl/interventions", "/nl/search"])
def test_a_search_of_ten_kilobytes_is_cut_and_says_so(client: TestClient, path: str) -> None:
    page = soup(client, f"{path}?q={'leren+' * 2000}")
    assert "200" in page.select_one(".told").text
    assert len(str(page.select_one("#q")["value"])) <= LETTERS


def test_hits_are_marked_and_nothing_else_is_markup(client: TestClient) -> None:
    page = soup(client, "/nl/interventions?q=leerbudget")
    assert "leerbudget" in {mark.text.lower() for mark in page.select(".lines mark")}
    assert not soup(client, "/nl/interventions").select("mark")


def test_it_says_on_which_words_it_was_found_and_how_to_search_literally(
    shipped: TestClient,
) -> None:
    page = soup(shipped, "/nl/interventions?q=begeleiden")
    told = page.select_one(".told")
    assert "begeleiding" in told.em.text
    literal = soup(shipped, str(told.a["href"]))
    assert len(ids(literal)) < len(ids(page))
    assert literal.select_one('.told a[href="/nl/interventions?q=begeleiden"]')


def test_a_typing_error_is_said(shipped: TestClient) -> None:
    page = soup(shipped, "/nl/interventions?q=loopbancoaches")
    assert "loopbaancoaches" in page.select_one(".told em").text
    assert ids(page)[0] == "loopbaancoaches"


def test_the_search_over_all_groups_what_it_finds_by_kind(shipped: TestClient) -> None:
    page = soup(shipped, "/nl/search?q=leercultuur")
    kinds = [str(section["id"]) for section in page.select("main section")]
    assert kinds[0] == "interventions"
    assert len(kinds) == len(set(kinds)) > 3
    section = page.select_one("#interventions")
    count = int(section.h2.select_one(".count").text)
    more = section.select_one(":scope > p a")
    assert more["href"] == "/nl/interventions?q=leercultuur"
    assert len(ids(soup(shipped, str(more["href"])))) == count
    total = sum(int(s.h2.select_one(".count").text) for s in page.select("main section"))
    assert str(total) in page.select_one(".total").text


def test_orders(shipped: TestClient) -> None:
    page = soup(shipped, "/nl/interventions?sort=date")
    by_date = ids(page)
    assert by_date != shown(shipped, "")
    assert {link.text for link in page.select(".sorts a")} == {"bewijs", "naam", "datum"}
    strong = shown(shipped, "evidence=kind-strong&sort=evidence")
    assert shown(shipped, "sort=evidence")[: len(strong)] == strong[:25]


def test_a_value_that_rests_on_examples_says_so(shipped: TestClient) -> None:
    page = soup(shipped, "/nl/interventions")
    small = page.select_one('label[for="size-class-1-9"]')
    assert small.select_one(".badge.invented").text == "Illustratief"
    assert not page.select_one('label[for="ofKind-scholing"]').select(".badge")


def test_the_strength_of_evidence_is_explained_in_one_place(client: TestClient) -> None:
    page = soup(client, "/en/interventions")
    link = page.select_one('.facet a[href="/en/about#evidence"]')
    rule = link.find_parent("p").contents[0].strip()
    about = soup(client, "/en/about")
    assert about.select_one("h2#evidence").find_next("p").text == rule


@pytest.mark.parametrize("view", VIEWS)
def test_the_same_things_in_every_format(client: TestClient, view: str, tiny_release: Path) -> None:
    expected = set(shown(client, view))
    behind = f"?{view}".rstrip("?")

    def content(suffix: str) -> bytes:
        response = client.get(f"/nl/interventions.{suffix}{behind}")
        assert response.status_code == 200
        return response.content

    lines = content("csv").decode().splitlines()[1:]
    assert {line.partition(",")[0] for line in lines} == expected
    as_json = client.get(f"/nl/interventions.json{behind}").json()
    assert {item["id"] for item in as_json["items"]} == expected
    assert as_json["count"] == len(expected)
    names = re.findall(r"^intervention:(\S+)", content("ttl").decode(), re.M)
    assert set(names) == expected
    feed = ElementTree.fromstring(content("atom"))
    entries = [entry.findtext(f"{ATOM}id", "") for entry in feed.iter(f"{ATOM}entry")]
    assert {entry.rpartition("/")[2] for entry in entries} == expected
    assert set(first_column(content("xlsx"))) == expected
    store = Store.open(tiny_release, memory_quads=1_000_000)
    answer = store.answer(content("rq").decode())
    found = {row[0].value.removeprefix(f"{BASE}id/intervention/") for row in answer.rows if row[0]}
    assert found == expected


def first_column(workbook: bytes) -> list[str]:
    """Return the texts of the first column of the first sheet, without the heading."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        texts = [
            "".join(text.text or "" for text in item.iter(f"{SHEET}t"))
            for item in ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
        ]
        sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    cells = [c for c in sheet.iter(f"{SHEET}c") if re.fullmatch(r"A[0-9]+", c.get("r", ""))]
    return [texts[int(cell.findtext(f"{SHEET}v", "0"))] for cell in cells[1:]]


def test_a_sheet_holds_no_formula_and_is_the_same_each_time(client: TestClient) -> None:
    first, again = (client.get("/nl/interventions.xlsx").content for _ in range(2))
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert b"illustrative" in parts.read("xl/sharedStrings.xml")


def test_a_selection_opens_as_a_query_with_its_answer(client: TestClient) -> None:
    page = soup(client, "/nl/interventions?outcome=vakmanschap")
    link = next(str(a["href"]) for a in page.select(".formats a") if a.text == "SPARQL")
    assert "s4s:hasOutcome" in parse_qs(urlsplit(link).query)["query"][0]
    answer = soup(client, link)
    found = {str(a["href"]).rpartition("/")[2] for a in answer.select("tbody a")}
    assert found == set(shown(client, "outcome=vakmanschap"))


def test_links_to_the_data_are_of_the_selection(client: TestClient) -> None:
    response = client.get("/nl/interventions?holder=fonds")
    assert '</nl/interventions.csv?holder=fonds>; rel="alternate"' in response.headers["link"]


def test_other_lists_have_the_facets_of_their_forms(client: TestClient) -> None:
    page = soup(client, "/nl/companies")
    names = {str(box["name"]) for box in page.select("input[type=checkbox]")}
    assert names >= {"sizeClass", "sector", "region", "hasCondition"}
    assert len(ids(soup(client, "/nl/companies?sizeClass=1-9"))) < len(ids(page))


def test_a_browser_can_search_here(client: TestClient) -> None:
    link = soup(client, "/nl/").select_one("link[rel=search]")
    response = client.get(str(link["href"]), headers={"Accept-Language": "en"})
    assert response.headers["content-type"] == "application/opensearchdescription+xml"
    template = ElementTree.fromstring(response.content).find("{*}Url").get("template")
    assert template == "http://testserver/en/search?q={searchTerms}"
    assert soup(client, urlsplit(template.format(searchTerms="leerbudget")).path)


@pytest.mark.parametrize("suffix", ["pdf", "html", "CSV", "", "xlsx.csv"])
def test_an_unknown_format_is_not_found(client: TestClient, suffix: str) -> None:
    assert client.get(f"/nl/interventions.{suffix}").status_code in {404, 307}


def test_filters_fold_into_one_line_that_counts_them(client: TestClient) -> None:
    page = soup(client, "/en/interventions?holder=fonds&targetsActor=medewerker")
    assert page.select_one("details.filters > summary").text == "Filters (2)"
    assert not page.select_one("details.filters").has_attr("open")
