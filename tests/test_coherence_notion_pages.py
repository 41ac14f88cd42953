"""The page of each notion of coherence: its rows are those of the function, all the way down."""

import csv
import io
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from browsing import browser, soup, unsound
from bs4 import BeautifulSoup, Tag
from conftest import ROOT, released
from fastapi.testclient import TestClient

from catalogue.coherence.notions import SPECS
from s4s_graph.build import build
from s4s_graph.coherence import cases, model, read
from s4s_graph.coherence.conflicts import clashes, conflicts
from s4s_graph.coherence.coverage import coverage
from s4s_graph.coherence.gaps import dead_ends, fragile, gaps
from s4s_graph.coherence.links import instances, links
from s4s_graph.coherence.loops import loops
from s4s_graph.coherence.model import Level
from s4s_graph.coherence.overlaps import overlaps
from s4s_graph.coherence.practice import (
    computed_only,
    holder_pairs,
    out_of_order,
    said_and_computed,
)
from s4s_graph.coherence.regularities import regularities
from s4s_graph.coherence.view import View
from s4s_graph.settings import Settings
from s4s_graph.store import Store

LANGUAGES = ("nl", "en")
LEVELS: tuple[Level, ...] = ("kinds", "interventions")
PAGES = (*SPECS, "matrix", "picture", "success", "regularities")
FILES = {
    **dict.fromkeys((*SPECS, "matrix", "regularities"), ("csv", "json")),
    "picture": ("csv", "json", "svg"),
}
RELEASES = ("shipped", "tiny", "bare", "empty")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny graph without what was made up: no companies, no years."""
    data, folder = ROOT / "tests/tiny/data", tmp_path_factory.mktemp("bare")
    result = build(Settings(data=data, releases=folder), without_illustrative=True)
    assert result.release
    return result.release


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with nothing in it but the ontology."""
    settings = Settings(data=tmp_path_factory.mktemp("nothing"))
    return released(settings, tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="module")
def shipped(shipped_release: Path) -> Path:
    return shipped_release


@pytest.fixture(scope="module")
def tiny(tiny_release: Path) -> Path:
    return tiny_release


@pytest.fixture(scope="module", params=RELEASES)
def any_client(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """The site over each of the releases."""
    with browser(request.getfixturevalue(request.param)) as client:
        yield client


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


@pytest.fixture(scope="module")
def store(tiny_release: Path) -> Store:
    return Store.open(tiny_release, memory_quads=1_000_000)


@pytest.fixture(scope="module", params=LEVELS)
def view(request: pytest.FixtureRequest, store: Store) -> View:
    return View(model.valid(read.world(store), None), request.param)


def name(iri: str) -> str:
    return iri.rpartition("/")[2]


def names(iris: Iterator[str] | tuple[str, ...] | frozenset[str]) -> set[str]:
    return {name(iri) for iri in iris}


def rows(client: TestClient, path: str, view: View) -> list[list[Tag]]:
    page = soup(client, f"/en/coherence/{path}?level={view.level}")
    return [row.select("th, td") for row in page.select("table.sheet tbody tr")]


def things(cell: Tag) -> list[str]:
    """Return the slugs of the things that a cell links to."""
    return [name(str(link["href"])) for link in cell.select("a:not(.badge)")]


def table(client: TestClient, path: str, **params: str) -> list[dict[str, str]]:
    response = client.get(f"/en/coherence/{path}.csv", params=params)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.text)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_sound_over_any_release(any_client: TestClient, lang: str) -> None:
    for path, level in product(PAGES, LEVELS):
        page = soup(any_client, f"/{lang}/coherence/{path}?level={level}")
        assert list(unsound(page)) == [], path
        for found in page.select("table"):
            assert found.caption, path
            assert not found.select("thead th:not([scope]), tbody th:not([scope])"), path


def test_every_file_parses_over_any_release(any_client: TestClient) -> None:
    for path, suffixes in FILES.items():
        for suffix, level in product(suffixes, LEVELS):
            response = any_client.get(f"/en/coherence/{path}.{suffix}?level={level}")
            assert response.status_code == 200, path
            if suffix == "json":
                content = json.loads(response.text)
                assert content["level"] == level
                assert len(content["rows"]) <= content["total"]
            elif suffix == "csv":
                header, *lines = csv.reader(io.StringIO(response.text))
                assert header[-1] == "illustrative"
                assert {len(line) for line in lines} <= {len(header)}
            else:
                assert response.headers["content-type"].startswith("image/svg+xml")
                assert ET.fromstring(response.text).tag.endswith("svg")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_year_has_its_page(client: TestClient, lang: str) -> None:
    for path, year in product(PAGES, (2024, 2025)):
        soup(client, f"/{lang}/coherence/{path}?level=interventions&year={year}")


UNKNOWN = [
    "nothing",
    "nothing.csv",
    "links.xlsx",
    "links?page=99",
    "links?page=0",
    "links?page=x",
    "links?level=nothing",
    "links?year=1900",
    "links?year=x",
    "links?intervention=x",
    "links?intervention=intervention/nothing",
    "links?intervention=organisation/fonds",
    "links?intervention=intervention/..%2F",
    "agreements?giver=x&receiver=y",
    "picture.pdf",
    "picture?intervention=intervention/nothing",
    "matrix?intervention=%00",
    "pair",
    "pair?from=intervention/leerbudget",
    "pair?from=intervention/leerbudget&to=",
    "pair?from=intervention/leerbudget&to=intervention/leerbudget",
    "pair?from=intervention/leerbudget&to=intervention/nothing",
    "pair?from=intervention/leerbudget&to=intervention-kind/scholing",
    "pair?from=company/bedrijf-a&to=company/bedrijf-b",
    "pair?from=%3Cscript%3E/x&to=x",
    "pair.pdf?from=intervention/leerbudget&to=intervention/leercoach",
    "success/nothing",
    "success/Not%20a%20slug",
    "success/vakmanschap.pdf",
    "success/vakmanschap.csv",
    "success/nothing-cases.csv",
]


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_is_unknown_is_a_404_page(client: TestClient, path: str) -> None:
    page = soup(client, f"/nl/coherence/{path}", 404)
    assert page.h1.text == "Deze pagina bestaat niet"


def test_links_are_those_of_the_function(client: TestClient, view: View) -> None:
    found = links(view)
    expected = {
        (name(origin), name(target)): found.standing(origin, target)
        for origin, target in found.pairs
    }
    shown = {}
    for origin, target, via, standing, *_ in rows(client, "links", view):
        pair = things(origin)[0], things(target)[0]
        shown[pair] = str(standing.a["href"]).rpartition("#standing-")[2]
        ends = (f"{view.subjects[0].rpartition('/')[0]}/{end}" for end in pair)
        ways = [way for way in instances(view, *ends) if not way.breaks]
        assert set(things(via)) == {name(way.made) for way in ways}
    assert shown == expected


def test_gaps_are_those_of_the_function(client: TestClient, view: View) -> None:
    found = [
        (name(gap.condition), names(gap.interventions), names(gap.configurations))
        for gap in gaps(view)
    ]
    shown = rows(client, "gaps", view)
    assert [(things(a)[0], set(things(b)), set(things(c))) for a, b, c, _ in shown] == found


def test_fragile_conditions_are_those_of_the_function(client: TestClient, view: View) -> None:
    found = [
        (name(one.condition), name(one.maker), names(one.interventions)) for one in fragile(view)
    ]
    shown = rows(client, "fragile", view)
    assert [(things(a)[0], things(b)[0], set(things(d))) for a, b, _, d in shown] == found


def test_dead_ends_are_those_of_the_function(client: TestClient, view: View) -> None:
    found = [(name(one.condition), names(one.interventions)) for one in dead_ends(view)]
    shown = rows(client, "dead-ends", view)
    assert [(things(a)[0], set(things(b))) for a, b, _ in shown] == found


def test_conflicts_are_those_of_the_function(client: TestClient, view: View) -> None:
    found = {
        (name(origin), name(target)): {item.how for item in clashes(view, origin, target)}
        for origin, target in conflicts(view).pairs
    }
    shown = table(client, "conflicts", level=view.level)
    assert {
        (name(row["from"]), name(row["to"])): set(row["how"].split(";")) for row in shown
    } == found


def test_a_reason_that_falls_away_stands_apart_from_the_conflicts(shipped_release: Path) -> None:
    with browser(shipped_release) as client:
        pages = {
            level: soup(client, f"/en/coherence/conflicts?level={level}&page={number}")
            for level, number in (("kinds", 1), ("interventions", 3))
        }
        told = soup(client, pages["kinds"].select_one("table.sheet td.on-screen a")["href"])
    kinds = pages["kinds"]
    assert kinds.select_one("h1 .count").text == "0"
    assert "Nothing is known to work against anything else." in kinds.main.text
    assert [h2.text for h2 in kinds.main.select("h2")] == ["Reasons that fall away"]
    assert not kinds.select("table.sheet .alarm")
    assert pages["interventions"].select("#reasons ~ .scroll tbody tr")
    assert int(pages["interventions"].select_one("h1 .count").text) > 0
    assert told.select("article.way")
    assert not told.select("article.way .alarm")


def test_overlaps_are_those_of_the_function(client: TestClient, view: View) -> None:
    between = links(view)
    found = {(name(one), name(other)) for one, other in overlaps(view, between).pairs}
    if view.level == "kinds":
        assert not found
    shown = table(client, "overlaps", level=view.level)
    assert {(name(row["one"]), name(row["other"])) for row in shown} == found


def test_said_and_computed_are_those_of_the_functions(client: TestClient, view: View) -> None:
    between = links(view)
    found = {
        (name(item.origin), name(item.target)): item.verdict
        for item in said_and_computed(view, between)
    }
    found |= {(name(a), name(b)): "computed-only" for a, b in computed_only(view, between)}
    shown = table(client, "said-computed", level=view.level)
    assert {(name(row["from"]), name(row["to"])): row["verdict"] for row in shown} == found


def test_loops_are_those_of_the_function(client: TestClient, view: View) -> None:
    found = [
        ([*map(name, (*loop.subjects, loop.subjects[0]))], loop.kind)
        for loop in loops(view, links(view)).found
    ]
    shown = table(client, "loops", level=view.level)
    assert [(list(map(name, row["loop"].split(";"))), row["kind"]) for row in shown] == found


def test_agreements_are_those_of_the_function_and_lead_to_their_links(
    client: TestClient, store: Store
) -> None:
    view = View(model.valid(read.world(store), None), "interventions")
    found = [
        (name(one.giver), name(one.receiver), one.links) for one in holder_pairs(view, links(view))
    ]
    shown = rows(client, "agreements", view)
    assert [(things(a)[0], things(b)[0], int(c.text)) for a, b, c, _ in shown] == found
    assert found
    for _, _, total, _ in shown:
        behind = soup(client, str(total.a["href"]))
        assert len(behind.select("table.sheet tbody tr")) == int(total.text)


def test_order_counts_companies_and_names_none(client: TestClient, store: Store) -> None:
    view = View(model.valid(read.world(store), None), "interventions")
    found = out_of_order(view)
    page = soup(client, "/en/coherence/order?level=interventions")
    assert page.select_one("h1 .count").text == str(len(found))
    shown = rows(client, "order", view)
    about = {(name(item.intervention), name(item.condition or item.relation)) for item in found}
    assert {(things(used)[0], things(first)[0]) for used, first, _, _ in shown} == about
    # No more than two companies are in the tiny graph's rows, so none is counted exactly.
    assert {cell[-1].text.split()[0] for cell in shown} == {"<"}
    assert "bedrijf" not in str(page.select("table.sheet"))
    assert {row["companies"] for row in table(client, "order", level="interventions")} == {"<3"}
    content = client.get("/en/coherence/order.json?level=interventions").json()
    assert {row["companies"] for row in content["rows"]} == {None}


def test_coverage_has_every_cell_and_marks_the_white_spots(
    client: TestClient, store: Store
) -> None:
    cells = coverage(read.world(store))
    page = soup(client, "/en/coherence/coverage?level=interventions")
    shown = page.select("table.grid")[0].select("tbody td")
    assert [int(cell.summary.text if cell.summary else 0) for cell in shown] == [
        len(cell.interventions) for cell in cells
    ]
    empty = [place for place, cell in enumerate(cells) if not cell.interventions]
    assert [place for place, cell in enumerate(shown) if "white" in cell.get("class", [])] == empty
    linked = [{name(str(a["href"])) for a in cell.select("li a")} for cell in shown]
    assert linked == [names(cell.interventions) for cell in cells]


def test_a_matrix_has_a_cell_for_each_pair_and_its_links_resolve(
    client: TestClient, view: View
) -> None:
    page = soup(client, f"/en/coherence/matrix?level={view.level}")
    heads = [name(str(link["href"])) for link in page.select("table.matrix thead a")]
    assert set(heads) == names(view.described)
    between, against = links(view), conflicts(view)
    expected = between.pairs | between.broken | against.pairs
    asked = {str(link["href"]) for link in page.select("table.matrix td a")}
    found = {
        tuple(parse_qs(urlsplit(href).query)[end][0].partition("/")[2] for end in ("from", "to"))
        for href in asked
    }
    assert found == {(name(origin), name(target)) for origin, target in expected}
    for href in asked:
        soup(client, href)
    sums = [int(cell.text) for cell in page.select("table.matrix tbody .sum")]
    assert sum(sums) == len(between.pairs)
    assert int(page.select("table.matrix tfoot .sum")[-1].text) == len(between.pairs)


def test_each_cell_of_a_matrix_says_in_words_what_its_symbol_says(client: TestClient) -> None:
    page = soup(client, "/en/coherence/matrix?level=interventions")
    cells = page.select("table.matrix td a")
    assert cells
    for cell in cells:
        assert cell.select_one("[aria-hidden=true]").text.strip()
        assert "→" in cell.select_one(".hidden").text


def test_a_matrix_too_large_shows_those_with_the_most_links(shipped_release: Path) -> None:
    with browser(shipped_release) as client:
        page = soup(client, "/en/coherence/matrix?level=interventions")
        assert len(page.select("table.matrix tbody tr")) == 40
        assert "no room" in page.main.text
        place = page.select("select#intervention option")[1]["value"]
        around = soup(client, f"/en/coherence/matrix?intervention={place}")
        first = around.select_one("table.matrix tbody th.chosen a")
        assert str(first["href"]).endswith(name(str(place)))


def test_a_pair_is_told_step_by_step_down_to_the_findings(client: TestClient) -> None:
    page = soup(
        client, "/en/coherence/pair?from=intervention/leercoach&to=intervention/werkplekleren"
    )
    ways = page.select("article.way:not(.breaks)")
    assert len(ways) == 2  # c02 and c11 both bring about what c04 needs
    told = {link["href"] for link in ways[0].select("a")} | {a["href"] for a in ways[1].select("a")}
    for part in (
        "configurations/c02-coach-wekt-leerwens",
        "conditions/concrete-leerwens",
        "conditions/leerwens",
    ):
        assert any(href.startswith(f"/en/{part}") for href in told), (part, told)
    findings = [str(a["href"]) for way in ways for a in way.select(".evidence a")]
    assert findings
    assert all(href.startswith("/en/findings/") for href in findings)
    assert "precedes" in page.main.text  # what is said


def test_a_pair_in_conflict_says_how(client: TestClient, store: Store) -> None:
    view = View(model.valid(read.world(store), None), "interventions")
    (origin, target), *_ = conflicts(view).pairs
    page = soup(
        client,
        f"/en/coherence/pair?from=intervention/{name(origin)}&to=intervention/{name(target)}",
    )
    told = page.select("article.way.breaks")
    assert len(told) == len(clashes(view, origin, target))


def test_a_pair_about_which_nothing_is_known_says_so(client: TestClient) -> None:
    page = soup(
        client, "/en/coherence/pair?from=intervention/vakcertificaat&to=intervention/roosterscan"
    )
    assert not page.select("article.way")
    assert "No link is known" in page.select_one(".lead").text
    path = "pair.csv?from=intervention/vakcertificaat&to=intervention/roosterscan"
    assert len(client.get(f"/en/coherence/{path}").text.splitlines()) == 1


def test_the_intervention_decides_the_level(client: TestClient) -> None:
    page = soup(client, "/en/coherence/links?intervention=intervention/leercoach")
    pairs = [
        {things(cell)[0] for cell in row.select("th, td")[:2]}
        for row in page.select("table.sheet tbody tr")
    ]
    assert pairs
    assert all("leercoach" in pair for pair in pairs)


def test_a_picture_draws_every_link_and_its_table_has_the_same(
    client: TestClient, view: View
) -> None:
    page = soup(client, f"/en/coherence/picture?level={view.level}")
    between = links(view)
    lines = list(between.pairs) + list(between.breaks) + list(conflicts(view).pairs)
    assert len(page.select("svg.layered > a[tabindex]")) == len(lines)
    assert len(page.select("details table.sheet tbody tr")) == len(lines)
    boxes = page.select("svg.layered > a:not([tabindex])")
    assert {name(str(box["href"])) for box in boxes} == {
        name(end) for pair in lines for end in pair
    }


def test_a_picture_of_one_has_only_its_lines(shipped_release: Path) -> None:
    with browser(shipped_release) as client:
        path = "/en/coherence/picture?intervention=intervention/leerambassadeurs"
        page = soup(client, path)
        lines = [str(line["href"]) for line in page.select("svg.layered > a[tabindex]")]
        assert lines
        assert all("intervention/leerambassadeurs" in line for line in lines)
        assert len(page.select("svg.layered .box.chosen")) == 1


def test_a_picture_file_carries_its_colours_and_leads_to_names(client: TestClient) -> None:
    text = client.get("/en/coherence/picture.svg?level=interventions").text
    assert "<style" not in text
    assert 'stroke="#0b5a73"' in text
    hrefs = {link.get("href") for link in ET.fromstring(text).iter("{http://www.w3.org/2000/svg}a")}
    assert hrefs
    assert all(str(href).startswith("https://w3id.org/skills4skills/id/") for href in hrefs)


def test_rows_are_paged_and_the_pages_together_have_all(shipped_release: Path) -> None:
    with browser(shipped_release) as client:
        first = soup(client, "/en/coherence/links?level=interventions")
        assert len(first.select("table.sheet tbody tr")) == 50
        total = int(first.select_one("h1 .count").text.replace(",", ""))
        following = str(first.select_one("a[rel=next]")["href"])
        assert "level=interventions" in following
        last = -(-total // 50)
        page = soup(client, f"/en/coherence/links?level=interventions&page={last}")
        assert len(page.select("table.sheet tbody tr")) == total - 50 * (last - 1)
        assert len(table(client, "links", level="interventions")) == total


def test_what_rests_on_invented_content_says_so(client: TestClient) -> None:
    page = soup(client, "/en/coherence/links?level=interventions")
    assert page.select_one(".banner")
    assert page.select("table.sheet tbody th .badge.invented")
    marked = {row["illustrative"] for row in table(client, "links", level="interventions")}
    assert "true" in marked
    assert {row["illustrative"] for row in table(client, "links", level="kinds")} == {"false"}


def test_nothing_found_says_what_that_means(client: TestClient) -> None:
    page = soup(client, "/en/coherence/breaks")
    assert "No chain is known to break." in page.main.text
    assert "something is described of" in page.main.text


def test_what_kinds_do_not_have_is_said(client: TestClient) -> None:
    for path in ("overlaps", "said-computed", "agreements", "coverage"):
        page = soup(client, f"/nl/coherence/{path}")
        assert page.select_one(f'main a[href="/nl/coherence/{path}?level=interventions"]'), path
        assert not page.select("table")


def test_real_and_invented_cases_are_apart(client: TestClient) -> None:
    page = soup(client, "/en/coherence/success")
    real, invented = page.select("main section")
    assert "not published findings" in real.text
    assert not real.select("table")
    assert invented.select_one("h2 .badge.invented")
    outcomes = {name(str(a["href"])): a for a in invented.select("tbody th a")}
    assert outcomes.keys() == {"vakmanschap", "concrete-leerwens", "leiding-steunt"}
    for link in outcomes.values():
        soup(client, str(link["href"]))


def test_what_rests_on_too_few_cases_is_not_stated(client: TestClient) -> None:
    page = soup(client, "/en/coherence/success/vakmanschap")
    assert page.select("table.sheet tbody tr")
    assert "%" not in page.select_one("table.sheet tbody").text
    assert not page.select("table.truth")


def test_an_outcome_without_cases_is_a_page(client: TestClient) -> None:
    page = soup(client, "/en/coherence/success/tijd")
    assert "No case of the programme speaks of this outcome yet." in page.main.text
    assert not page.select("table")


def test_a_truth_table_is_shown_and_exported_for_r(shipped_release: Path) -> None:
    store = Store.open(shipped_release, memory_quads=1_000_000)
    view = View(model.valid(read.world(store), None), "kinds")
    found = cases.verdicts(view, cases.records(store), illustrative=True)
    outcome = max(found.values(), key=lambda said: len(said.decided)).outcome
    with browser(shipped_release) as client:
        path = f"/en/coherence/success/{name(outcome)}"
        page = soup(client, path)
        shown = page.select("table.truth tbody tr")
        assert shown
        names_of_files = [str(a["href"]) for a in page.select('a[href*="-table.csv"]')]
        lines = list(csv.DictReader(io.StringIO(client.get(names_of_files[0]).text)))
        assert len(lines) == len(shown)
        table_of_cases = client.get(names_of_files[0].replace("-table", "-cases")).text
        assert len(table_of_cases.splitlines()) > 3
        assert "read.csv" in page.select_one("pre").text


def test_regularities_are_those_of_the_function(shipped_release: Path) -> None:
    store = Store.open(shipped_release, memory_quads=1_000_000)
    view = View(model.valid(read.world(store), None), "kinds")
    kept = cases.records(store)
    found = [
        (item.context, item.consequence, len(item.configurations))
        for side in (False, True)
        for item in regularities(view, kept, side)
    ]
    with browser(shipped_release) as client:
        shown = table(client, "regularities")
    assert [(row["context"], row["consequence"], int(row["times"])) for row in shown] == found


def test_no_cell_is_a_formula_for_a_spreadsheet(client: TestClient) -> None:
    for path in FILES:
        text = client.get(f"/nl/coherence/{path}.csv?level=interventions").text
        for row in csv.reader(io.StringIO(text)):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_captions_are_the_names_of_tables(client: TestClient) -> None:
    page: BeautifulSoup = soup(client, "/nl/coherence/gaps")
    assert page.select_one("table caption").text == "Gaten"
