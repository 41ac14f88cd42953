"""The page that says which interventions fit a company: it says what the function says, and why."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browser, soup, unsound
from fastapi.testclient import TestClient

LANGUAGES = ("nl", "en")
A = "holds=geen-hr&holds=tijd&holds=concrete-leerwens&lacks=leiding-steunt"
C = "holds=werkdruk&holds=geen-hr&lacks=concrete-leerwens"


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


def shown(client: TestClient, query: str, verdict: str, lang: str = "nl") -> set[str]:
    """Return the interventions that the page shows with a verdict."""
    page = soup(client, f"/{lang}/advice?{query}")
    found = page.select(f"#{verdict} .fits > li > h3 > a")
    return {str(link["href"]).rpartition("/")[2] for link in found}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("query", ["", A, f"{C}&size=10-49", "size=250-plus"])
def test_the_page_is_sound(client: TestClient, lang: str, query: str) -> None:
    assert list(unsound(soup(client, f"/{lang}/advice?{query}"))) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_intervention_stands_under_its_verdict(client: TestClient, lang: str) -> None:
    verdicts = {
        "fits": {"leerbudget", "leercoach"},
        "first": {"werkplekleren"},
        "unknown": {"vakcertificaat"},
        "not": {"roosterscan"},
    }
    for verdict, interventions in verdicts.items():
        assert shown(client, A, verdict, lang) == interventions


def test_what_has_to_be_created_comes_with_who_creates_it_and_the_way(client: TestClient) -> None:
    page = soup(client, f"/en/advice?{C}")
    coach = page.select_one('#first a[href="/en/interventions/leercoach"]').find_parent("li")
    first = coach.find("dt", string="See to this first").find_next("dd")
    assert [link["href"] for link in first.select("a")][:2] == [
        "/en/conditions/tijd",
        "/en/interventions/leerbudget",
    ]
    route = str(first.select_one('a[href^="/en/coherence/routes"]')["href"])
    answer = soup(client, route)
    assert answer.select('.route a[href="/en/interventions/leerbudget"]')


def test_the_reasons_are_told_apart(client: TestClient) -> None:
    page = soup(client, f"/en/advice?{A}")
    reasons = {
        str(link["href"]).rpartition("/")[2]: link.find_parent("div").dt.text
        for link in page.select("#fits .facts a[href^='/en/conditions/']")
    }
    assert reasons == {
        "geen-hr": "Holds, and it needs this",
        "tijd": "Holds, and it needs this",
        "bewezen-vakmanschap": "Unknown, and it needs this",
        "concrete-leerwens": "Holds, and it needs this",
    }
    assert page.select_one("#not .alarm a[href='/en/conditions/werkdruk']")


def test_what_was_ticked_stays_ticked(client: TestClient) -> None:
    page = soup(client, f"/nl/advice?{A}&size=10-49")
    ticked = {str(box["id"]) for box in page.select("input[checked]")}
    assert ticked == {
        "holds-geen-hr",
        "holds-tijd",
        "holds-concrete-leerwens",
        "lacks-leiding-steunt",
    }
    assert page.select_one("option[selected]")["value"] == "10-49"
    assert not page.select("form input[type=hidden]")


def test_without_a_word_of_the_reader_there_is_no_answer(client: TestClient) -> None:
    page = soup(client, "/nl/advice?size=&holds=")
    assert not page.select("#answer, .fits")
    assert page.select("input[type=checkbox]")


def test_fewer_than_three_companies_are_not_counted_exactly(client: TestClient) -> None:
    page = soup(client, f"/en/advice?{A}&size=10-49")
    (seen,) = (p for p in page.select("#first p.muted") if "seen to work" in p.text)
    assert "seen to work at <\u202f3 and not to work at <\u202f3" in seen.text
    assert seen.select_one(".badge.invented")  # the companies are


def test_the_data_have_the_same_with_their_labels(client: TestClient) -> None:
    found = client.get(f"/en/advice.json?{A}").json()
    verdicts = {fit["intervention"].rpartition("/")[2]: fit["verdict"] for fit in found["fits"]}
    for verdict in ("fits", "first", "unknown", "not"):
        page = shown(client, A, verdict)
        assert {name for name, given in verdicts.items() if given == verdict} == page
    named = {c for fit in found["fits"] for way in fit["ways"] for c in way["met"]}
    assert named
    assert named <= found["labels"].keys()
    assert any(iri.endswith("c02-coach-wekt-leerwens") for iri in found["illustrative"])


@pytest.mark.parametrize("query", ["holds=nothing", "lacks=Not+a+slug", "size=enormous"])
@pytest.mark.parametrize("path", ["advice", "advice.json"])
def test_what_is_unknown_is_a_404(client: TestClient, path: str, query: str) -> None:
    assert client.get(f"/nl/{path}?{query}").status_code == 404


def test_a_thousand_ticks_are_no_error(client: TestClient) -> None:
    assert client.get("/nl/advice?" + "holds=tijd&" * 1000).status_code == 200
