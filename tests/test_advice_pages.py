"""The page that says which interventions fit a company: it says what the function says, and why."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browser, soup, unsound
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

LANGUAGES = ("nl", "en")
A = "holds=geen-hr&holds=tijd&holds=concrete-leerwens&lacks=leiding-steunt"
C = "holds=werkdruk&holds=geen-hr&lacks=concrete-leerwens"


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


@pytest.fixture(scope="module")
def shipped(shipped_release: Path) -> Iterator[TestClient]:
    with browser(shipped_release) as client:
        yield client


def shown(client: TestClient, query: str, verdict: str, lang: str = "nl") -> set[str]:
    """Return the interventions that the page shows with a verdict."""
    page = soup(client, f"/{lang}/advice?{query}")
    found = page.select(f"#{verdict} .fits > li > h3 > a")
    return {str(link["href"]).rpartition("/")[2] for link in found}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "query",
    ["", A, f"{C}&size=10-49&sector=nace-25&region=gelderland", "size=250-plus", "find=tijd"],
)
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
    assert page.select_one("#size option[selected]")["value"] == "10-49"
    assert not page.select("form input[type=hidden]")


def test_without_a_word_of_the_reader_there_is_no_answer(client: TestClient) -> None:
    page = soup(client, "/nl/advice?size=&holds=")
    assert not page.select("#answer, .fits")
    assert page.select("input[type=checkbox]")


def about(page: BeautifulSoup, intervention: str) -> dict[str, str]:
    """Return what the page tells of an intervention beside its configurations, by its heading."""
    link = page.select_one(f'.fits h3 a[href$="/interventions/{intervention}"]')
    facts = link.find_parent("li").find_all("dl", class_="facts", recursive=False)[-1]
    return {row.dt.text: row.dd.get_text(" ", strip=True) for row in facts.find_all("div")}


@pytest.mark.parametrize("feature", ["size=10-49", "sector=nace-c"])
def test_fewer_than_three_companies_are_not_counted_exactly(
    client: TestClient, feature: str
) -> None:
    page = soup(client, f"/en/advice?{A}&{feature}")
    seen = about(page, "werkplekleren")["Seen at companies like yours"]
    assert "it worked at <\u202f3 and did not at" in seen
    assert "Illustrative" in seen  # the companies are
    (fit,) = (
        fit
        for fit in client.get(f"/en/advice.json?{A}&{feature}").json()["fits"]
        if fit["intervention"].endswith("/werkplekleren")
    )
    assert fit["seen"][feature.partition("=")[0]]["worked"] == "<3"


def test_three_companies_of_a_sector_are_counted(shipped: TestClient) -> None:
    fits = shipped.get("/nl/advice.json?sector=nace-c&size=10-49").json()["fits"]
    counts = [n for fit in fits for seen in fit["seen"].values() for n in seen.values()]
    assert "<3" in counts
    assert any(count != "<3" and count >= 3 for count in counts)
    assert {1, 2}.isdisjoint(counts)


def test_size_sector_and_region_decide_nothing(shipped: TestClient) -> None:
    def verdicts(query: str) -> list[tuple[str, str]]:
        fits = shipped.get(f"/nl/advice.json?{query}").json()["fits"]
        return [(fit["intervention"], fit["verdict"]) for fit in fits]

    said = "holds=learning-culture-present&lacks=no-hr-function"
    assert verdicts(said) == verdicts(f"{said}&size=10-49&sector=nace-25&region=overijssel")


def test_for_whom_it_is_meant_is_told_as_it_is_stated(shipped: TestClient) -> None:
    meant = "Bedoeld voor, zoals vermeld"
    for region, said in (("limburg", "(uw regio)"), ("zuid-holland", "(een andere regio)")):
        page = soup(shipped, f"/nl/advice?region={region}&more=unknown")
        note = about(page, "metaal-in-beweging")[meant]
        assert note == f"metaal (5-50 medewerkers), Zuid-Limburg {said}"
    # These words name no province, so nothing is said of yours.
    assert about(page, "techwise-twente")[meant] == "techniek en maakindustrie, Twente"


def test_where_nothing_is_stated_no_restriction_is_made_up(client: TestClient) -> None:
    meant = "Meant for, as stated"
    assert about(soup(client, f"/en/advice?{A}&sector=nace-25"), "leercoach")[meant] == (
        "no restriction to a sector or region is known"
    )
    assert meant not in about(soup(client, f"/en/advice?{A}"), "leercoach")


def test_studies_say_in_which_sector_they_were_done(shipped: TestClient) -> None:
    page = soup(shipped, "/en/advice?holds=learning-culture-present&more=unknown")
    studied = [row.find_next("dd") for row in page.find_all("dt", string="Studied")]
    assert studied
    for cell in studied:
        for item in cell.select("li"):
            assert item.get_text(strip=True).startswith(("for:", "against:"))
            assert item.select_one("a[href^='/en/studies/']")
            assert "; " in item.select_one(".muted").text


def test_conditions_are_found_by_their_names(shipped: TestClient) -> None:
    page = soup(shipped, "/nl/advice?find=LOOPBAAN&holds=learning-culture-present")
    names = [str(label.text).lower() for label in page.select(".ticks details li > span")]
    assert names
    assert all("loopbaan" in name for name in names)
    assert page.select_one("#holds-learning-culture-present").has_attr("checked")
    assert list(unsound(page)) == []
    assert not soup(shipped, "/nl/advice?find=qqqq").select(".ticks details li")


def test_more_of_a_verdict_is_a_link_away(shipped: TestClient) -> None:
    page = soup(shipped, "/nl/advice?holds=learning-culture-present")
    link = page.select_one('#unknown a[href*="more=unknown"]')
    more = soup(shipped, str(link["href"]))
    assert len(more.select("#unknown .fits > li")) > len(page.select("#unknown .fits > li"))
    count = more.select_one("#unknown h2 .count").text
    assert len(more.select("#unknown .fits > li")) == int(count)


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


@pytest.mark.parametrize(
    "query", ["holds=nothing", "lacks=Not+a+slug", "size=enormous", "sector=x", "more=all"]
)
@pytest.mark.parametrize("path", ["advice", "advice.json"])
def test_what_is_unknown_is_a_404(client: TestClient, path: str, query: str) -> None:
    assert client.get(f"/nl/{path}?{query}").status_code == 404


def test_a_thousand_ticks_are_no_error(client: TestClient) -> None:
    assert client.get("/nl/advice?" + "holds=tijd&" * 1000).status_code == 200
