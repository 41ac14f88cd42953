"""Mappings and candidates on the public site: to look at, to narrow down, to take along."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browser, soup, unsound
from fastapi.testclient import TestClient

from s4s_graph.mappings import read, wording

PAGE = "/nl/skills/mappings"
CANDIDATE = "robotlassen valt onder weld?"


@pytest.fixture(scope="module")
def site(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


def pairs(site: TestClient, query: str = "") -> list[str]:
    """Return what the list says, pair by pair."""
    page = soup(site, f"{PAGE}?{query}" if query else PAGE)
    return [" ".join(link.get_text().split()) for link in page.select("[data-pair]")]


def address(site: TestClient, sentence: str) -> str:
    """Return the address of the page about a pair."""
    links = soup(site, PAGE).select("[data-pair]")
    found = [link for link in links if " ".join(link.get_text().split()) == sentence]
    assert len(found) == 1, sentence
    return str(found[0]["href"])


def test_the_surest_come_first_and_each_says_what_it_is(site: TestClient) -> None:
    lines = soup(site, PAGE).select(".lines > li")
    told = [" ".join(line.get_text(" ").split()) for line in lines]
    shares = [float(text.rpartition("zekerheid ")[2].rstrip("%")) for text in told if "%" in text]
    assert shares == sorted(shares, reverse=True)
    assert any("Kandidaat" in text and "80%" in text for text in told)
    for word in ("Geaccepteerd", "Afgewezen", "Afgeleid"):
        assert any(word in text for text in told)


def test_only_a_candidate_is_a_question(site: TestClient) -> None:
    assert CANDIDATE in pairs(site)
    assert [text for text in pairs(site) if text.endswith("?")] == [CANDIDATE]
    assert "meten is niet hetzelfde als weigh" in pairs(site)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=candidate", [CANDIDATE]),
        ("status=rejected", ["meten is niet hetzelfde als weigh"]),
        ("predicate=broadMatch", [CANDIDATE]),
        ("least=75&q=ROBÓT", [CANDIDATE]),
        ("vocabulary=competentnl&q=meten+is", []),
        ("q=weld+robot", [CANDIDATE]),
    ],
)
def test_a_list_is_narrowed_by_a_form(site: TestClient, query: str, expected: list[str]) -> None:
    assert pairs(site, query) == expected


def test_a_vocabulary_keeps_pairs_that_have_it_on_either_side(site: TestClient) -> None:
    assert 0 < len(pairs(site, "vocabulary=competentnl")) < len(pairs(site))


def test_a_form_leads_to_the_one_address_of_what_it_asks(site: TestClient) -> None:
    answer = site.get(f"{PAGE}?q=&status=candidate&vocabulary=&predicate=&least=")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?status=candidate")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("status=maybe", "candidate, accepted, rejected, derived"),
        ("predicate=sameAs", "exactMatch"),
        ("vocabulary=onet", "esco"),
        ("least=much", "0 tot en met 100"),
        ("least=101", "0 tot en met 100"),
    ],
)
def test_what_cannot_be_chosen_is_told_with_what_can(
    site: TestClient, query: str, told: str
) -> None:
    assert told in soup(site, f"{PAGE}?{query}", 400).select_one("main").get_text()


@pytest.mark.parametrize("query", ["mapping=0000000000000000", "mapping=%00", "page=9", "page=x"])
def test_what_is_not_there_is_not_found(site: TestClient, query: str) -> None:
    soup(site, f"{PAGE}?{query}", 404)


def test_a_pair_stands_beside_each_other_in_both_languages(site: TestClient) -> None:
    page = soup(site, address(site, CANDIDATE))
    heads = [cell.get_text() for cell in page.select(".pairing thead th")][1:]
    assert heads == ["Skills4Skills", "esco (verzonnen)"]
    rows = {row.th.get_text(): row.select("td") for row in page.select(".pairing tbody tr")}
    ours, theirs = rows["Naam"]
    assert "robotlassen" in ours.get_text()
    assert theirs.select_one("[lang=en]").get_text() == "weld"
    assert "Join two pieces of metal" in rows["Betekenis"][1].get_text()
    assert "met metaal werken" in rows["Valt onder"][1].get_text()
    assert "lassen nameten" in rows["Omvat"][1].get_text()
    assert "lasser" in rows["Gebruikt door"][1].get_text()


def test_the_page_says_how_a_mapping_is_known(site: TestClient) -> None:
    page = soup(site, address(site, "meten is niet hetzelfde als weigh"))
    told = page.select_one("main").get_text()
    for text in ("door een mens beoordeeld", "2 maart 2026", "Wegen is iets anders."):
        assert text in told
    assert page.select_one('a[href="https://orcid.org/0000-0002-1825-0097"]')


def test_what_is_derived_leads_to_what_it_follows_from(site: TestClient) -> None:
    derived = pairs(site, "status=derived")
    assert derived
    links = soup(site, address(site, derived[0])).select("dd a[href*='mapping=']")
    assert len(links) == 2
    for link in links:
        assert "Geaccepteerd" in soup(site, str(link["href"])).select_one(".badges").get_text()


def test_next_and_previous_go_through_the_selection(site: TestClient) -> None:
    path, seen = address(site, pairs(site)[0]), []
    while path:
        page = soup(site, path)
        seen.append(" ".join(page.h1.get_text().split()))
        after = page.select_one('[rel="next"][data-key="j"]')
        path = str(after["href"]) if after else ""
    assert seen == pairs(site)
    assert page.select_one('[rel="prev"][data-key="k"]')


def test_nobody_decides_on_the_public_site(site: TestClient) -> None:
    page = soup(site, address(site, CANDIDATE))
    assert "s4s mappings review" in page.select_one("main").get_text()
    assert not page.select('main form, [data-key="a"], [data-key="r"]')
    assert site.post(PAGE).status_code == 405


def test_a_selection_is_taken_along_as_sssom_that_reads_back(
    site: TestClient, tmp_path: Path
) -> None:
    answer = site.get(f"{PAGE}.sssom.tsv?status=rejected")
    assert answer.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    path = tmp_path / "selection.sssom.tsv"
    path.write_bytes(answer.content)
    found = read.read(path, path.name)
    assert found.problems == ()
    assert [(m.predicate, m.negated) for m in found.set.mappings] == [(wording.EXACT, True)]
    assert found.set.mappings[0].one("comment") == "Wegen is iets anders."
    assert found.set.mappings[0].one("mapping_status") == "rejected"


def test_a_selection_is_taken_along_as_csv_and_json(site: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(site.get(f"{PAGE}.csv?status=candidate").text)))
    assert [(row["subject_label"], row["confidence"]) for row in rows] == [("robotlassen", "0.8")]
    document = json.loads(site.get(f"{PAGE}.json?status=candidate").text)
    assert document["count"] == 1
    assert document["mappings"][0]["confidence"] == 0.8
    assert document["mappings"][0]["mapping_status"] == "candidate"
    assert site.get(f"{PAGE}.xlsx").status_code == 404


def test_a_publisher_is_acknowledged_where_its_concepts_are_shown(site: TestClient) -> None:
    for path in (PAGE, address(site, CANDIDATE)):
        assert "esco: Dit is verzonnen." in soup(site, path).footer.get_text()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_pages_are_sound(site: TestClient, lang: str) -> None:
    for path in (PAGE, address(site, CANDIDATE), f"{PAGE}?q=nothing-is-called-this"):
        assert list(unsound(soup(site, path.replace("/nl/", f"/{lang}/", 1)))) == []


def test_a_release_without_mappings_says_so(shipped_release: Path) -> None:
    with browser(shipped_release) as client:
        page = soup(client, PAGE)
        assert "nog geen verbanden en geen kandidaten" in page.select_one("main").get_text()
        assert not page.select("main form")
        assert json.loads(client.get(f"{PAGE}.json").text) == {"count": 0, "mappings": []}
        assert client.get(f"{PAGE}.sssom.tsv").status_code == 200
