"""What is known of an intervention: counted by hand on the tiny graph, and shown on its page."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import browser, soup
from bs4 import BeautifulSoup, Tag
from fastapi.testclient import TestClient

from catalogue.coherence.reaching import Tried
from catalogue.things import contrasting, understanding
from catalogue.things.contrasting import Held
from catalogue.things.understanding import Finding, Statement
from s4s_graph import build
from s4s_graph.settings import Settings

HEADINGS = ("effect", "mechanism", "moderators", "implementation", "economy")
INVENTED = "data-status/illustrative"
REAL = "data-status/reported"


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as opened:
        yield opened


@pytest.fixture(scope="module")
def shipped(shipped_release: Path) -> Iterator[TestClient]:
    with browser(shipped_release) as opened:
        yield opened


@pytest.fixture(scope="module")
def real(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The tiny graph without what was invented."""
    releases = tmp_path_factory.mktemp("real")
    settings = replace(Settings(), data=root / "tests/tiny/data", releases=releases)
    built = build.build(settings, without_illustrative=True).release
    assert built
    with browser(built) as opened:
        yield opened


def said(tag: Tag) -> str:
    """The text of a part of a page, on one line."""
    return " ".join(tag.get_text(" ").split())


def cells(page: BeautifulSoup) -> dict[str, tuple[str, list[str]]]:
    """What each of the five rests on at best, and its lines of numbers."""
    found = page.select(".emmie > div")
    assert len(found) == len(HEADINGS)
    return {
        name: (cell["class"][0], [said(line) for line in cell.select("dd:has(a)")])
        for name, cell in zip(HEADINGS, found, strict=True)
    }


# Worked out by hand: see the tables of configurations and of evidence in tests/tiny/README.md.
CELLS = {
    "leerbudget": {
        "effect": ("kind", ["1 for, 0 against of its kind", "0 for, 1 against Illustrative"]),
        "mechanism": ("kind", ["1 whole mechanism supported of its kind"]),
        "moderators": (
            "kind",
            ["1 condition seen to matter of its kind", "1 condition seen to matter Illustrative"],
        ),
        "implementation": ("invented", ["0 deployments, 1 version, 0 adjustments Illustrative"]),
        "economy": ("own", ["Costs known, hours not known"]),
    },
    "leercoach": {
        "effect": ("invented", ["1 for, 0 against Illustrative"]),
        "mechanism": ("invented", ["1 whole mechanism supported Illustrative"]),
        "moderators": ("none", []),
        "implementation": (
            "invented",
            ["fewer than 3 deployments, 1 version, 0 adjustments Illustrative"],
        ),
        "economy": ("none", []),
    },
    "roosterscan": {
        "effect": ("invented", ["0 for, 1 against Illustrative"]),
        "mechanism": ("invented", ["1 whole mechanism supported Illustrative"]),
        "moderators": ("none", []),
        "implementation": ("none", []),
        "economy": ("none", []),
    },
    "vakcertificaat": {
        "effect": ("invented", ["0 for, 1 against Illustrative"]),
        "mechanism": ("none", []),
        "moderators": ("invented", ["4 conditions seen to matter Illustrative"]),
        "implementation": ("none", []),
        "economy": ("none", []),
    },
    "werkplekleren": {
        "effect": (
            "kind",
            ["1 for, 0 against of its kind", "1 for, 1 against, 1 refining Illustrative"],
        ),
        "mechanism": (
            "kind",
            [
                "1 whole mechanism supported of its kind",
                "1 whole mechanism supported Illustrative",
            ],
        ),
        "moderators": ("invented", ["4 conditions seen to matter Illustrative"]),
        "implementation": ("invented", ["3 deployments, 2 versions, 1 adjustment Illustrative"]),
        "economy": ("invented", ["Costs known, hours known Illustrative"]),
    },
}


@pytest.mark.parametrize("intervention", CELLS)
def test_the_five_headings_count_what_was_counted_by_hand(
    client: TestClient, intervention: str
) -> None:
    assert cells(soup(client, f"/en/interventions/{intervention}")) == CELLS[intervention]


def test_without_invented_examples_only_the_kind_is_left(real: TestClient) -> None:
    found = cells(soup(real, "/en/interventions/leerbudget"))
    assert found["effect"] == ("kind", ["1 for, 0 against of its kind"])
    assert found["moderators"] == ("kind", ["1 condition seen to matter of its kind"])
    assert found["implementation"] == ("none", [])


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "No evidence That is not the same as: it does not work."),
        ("nl", "Geen bewijs Dat is iets anders dan: het werkt niet."),
    ],
)
def test_no_evidence_is_not_that_it_does_not_work(
    shipped: TestClient, lang: str, words: str
) -> None:
    page = soup(shipped, f"/{lang}/interventions/beste-praktijkopleider-leerbedrijf")
    effect = page.select_one(".emmie > div")
    assert effect["class"] == ["none"]
    assert said(effect).endswith(words)


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "No real evidence"), ("nl", "Geen echt bewijs")]
)
def test_invented_evidence_alone_gives_no_verdict(
    client: TestClient, lang: str, words: str
) -> None:
    effect = soup(client, f"/{lang}/interventions/leercoach").select_one(".emmie > div")
    assert effect.select_one(".verdict").text == words
    assert len(effect.select(".badge.invented")) == 1


def test_each_number_leads_to_its_rows_and_to_its_rule(client: TestClient) -> None:
    for intervention in CELLS:
        page = soup(client, f"/en/interventions/{intervention}")
        for link in page.select(".emmie dd a"):
            assert page.select_one(str(link["href"])), f"{intervention}: {link['href']}"
        assert {link["href"] for link in page.select(".emmie dt a")} == {"/en/about#emmie"}
    assert soup(client, "/en/about").select_one("#emmie")


@pytest.mark.parametrize(
    ("valence", "says", "stand"),
    [
        ("beoogd", "supports", "for"),
        ("onbedoeld-gunstig", "supports", "for"),
        ("averechts", "supports", "against"),
        ("uitblijvend", "supports", "against"),
        ("beoogd", "contradicts", "against"),
        ("averechts", "contradicts", "neither"),
        ("beoogd", "refines", "refines"),
        ("averechts", "refines", "refines"),
    ],
)
def test_what_a_finding_says_depends_on_whether_the_outcome_is_wanted(
    valence: str, says: str, stand: str
) -> None:
    statement = configured(valence)
    assert understanding.stand(statement, Finding("f", "c", says, REAL)) == stand


def configured(valence: str = "beoogd") -> Statement:
    """A configuration that needs `time` and is hindered by `pressure`."""
    needs, hinders = frozenset({"time"}), frozenset({"pressure"})
    return Statement("c", "own", valence, needs, hinders, frozenset({"m"}), frozenset())


def test_real_and_invented_findings_are_never_added_up() -> None:
    findings = [Finding(str(n), "c", "supports", REAL) for n in range(2)]
    findings += [Finding(f"x{n}", "c", "contradicts", INVENTED) for n in range(5)]
    cell = understanding.effect([configured()], findings)
    numbers = [(f.invented, f.counts["for"], f.counts["against"]) for f in cell.figures]
    assert numbers == [(False, 2, 0), (True, 0, 5)]
    assert (cell.standing, cell.verdict) == ("own", "for")


def test_a_half_mechanism_does_not_count() -> None:
    findings = [Finding("f", "c", "supports", REAL)]
    assert understanding.mechanism([configured()], findings, frozenset({"m"})).figures
    assert understanding.mechanism([configured()], findings, frozenset()).figures == ()


def test_one_or_two_companies_are_not_told_apart() -> None:
    counted = [Tried.of(names) for names in ((), ("a",), ("a", "b", "b"), ("a", "b", "c"))]
    assert [(cell.count, cell.few) for cell in counted] == [
        (0, False),
        (0, True),
        (0, True),
        (3, False),
    ]


def test_the_pages_show_no_number_of_companies_below_three(
    client: TestClient, shipped: TestClient
) -> None:
    for visited, name in ((client, "werkplekleren"), (shipped, "werkplekleren")):
        shown = {
            said(cell) for cell in soup(visited, f"/en/interventions/{name}").select("#reach td")
        }
        assert "<3" in shown
        assert not shown & {"1", "2"}


def test_where_it_was_not_tried_is_said(client: TestClient) -> None:
    table = soup(client, "/en/interventions/werkplekleren").select_one("#reach table")
    rows = [[said(cell) for cell in row.select("th, td")] for row in table.select("tr")]
    assert rows[0][1:] == ["1 to 9", "10 to 49", "50 to 249", "250 or more"]
    assert ["Used", "not tried", "<3", "<3", "not tried"] in rows
    assert ["employee", "not studied", "<3", "<3", "not studied"] in rows
    assert ["manager", "not studied", "<3", "not studied", "not studied"] in rows


def test_contradicting_cases_stand_beside_each_other_with_what_differs(client: TestClient) -> None:
    table = soup(client, "/en/interventions/werkplekleren").select_one("table.held")
    heads = [said(head) for head in table.select("thead th")]
    assert heads[1:] == ["Company A Illustrative supports", "Company C Illustrative contradicts"]
    rows = {
        row.select_one("a")["href"].rpartition("/")[2]: [said(cell) for cell in row.select("td")]
        for row in table.select("tbody tr")
    }
    assert rows == {
        "leerwens": ["holds", "unknown"],
        "leiding-steunt": ["absent", "unknown"],
        "werkdruk": ["absent", "holds"],
        "concrete-leerwens": ["holds", "absent"],
        "tijd": ["holds", "absent"],
    }
    differing = {row.select_one("a")["href"].rpartition("/")[2] for row in table.select(".differs")}
    assert differing == {"werkdruk", "concrete-leerwens", "tijd"}


def test_what_would_both_hold_and_be_absent_is_unknown() -> None:
    findings = [
        Finding("f", "c", "supports", INVENTED, company="a"),
        Finding("g", "c", "contradicts", INVENTED, company="b"),
    ]
    held = [Held("a", True, "time"), Held("a", False, "time pressure"), Held("b", False, "time")]
    rows = {row.condition: row for row in contrasting.contrast(configured(), findings, held).rows}
    assert rows["time"].held == (None, False)
    assert not rows["time"].differs


def test_a_configuration_tells_how_it_came_about(client: TestClient) -> None:
    steps = soup(client, "/en/interventions/werkplekleren").select("#c-c04-plek-2025 .history li")
    assert len(steps) == 2
    added = {link["href"].rpartition("/")[2] for link in steps[1].select("ins a")}
    dropped = {link["href"].rpartition("/")[2] for link in steps[1].select("del a")}
    # That managers support learning was an outcome, and became a context.
    assert added == {"leiding-steunt", "leidinggevende"}
    assert dropped == {"oefenruimte", "leiding-steunt"}
    assert steps[1].select_one('a[href="/en/findings/bevinding-3"]')


def test_a_revised_configuration_points_at_what_holds_now(client: TestClient) -> None:
    page = soup(client, "/en/interventions/werkplekleren")
    assert [card["id"] for card in page.select("#works .told-of")] == [
        "c-c04-plek-2025",
        "c-c03-plek-2024",
    ]
    old = page.select_one("#c-c03-plek-2024 .after")
    assert old.select_one('p > a[href="/en/configurations/c04-plek-2025"]')


def test_rivals_stand_side_by_side(client: TestClient) -> None:
    heads = soup(client, "/en/interventions/leercoach").select("#rivals thead a")
    assert [head["href"].rpartition("/")[2] for head in heads] == [
        "c02-coach-wekt-leerwens",
        "c11-coach-bouwt-voort",
    ]


def test_a_finding_shows_its_marks_as_dots_and_as_a_number(client: TestClient) -> None:
    page = soup(client, "/en/interventions/werkplekleren")
    finding = page.find("a", href="/en/findings/bevinding-1").find_parent("li")
    marks = [said(mark) for mark in finding.select(".rated")]
    assert marks == ["relevance ●●● 3 of 3", "richness ●●○ 2 of 3", "rigour ●●○ 2 of 3"]


def test_a_version_says_what_changed_and_why(client: TestClient) -> None:
    newest, oldest = soup(client, "/en/interventions/werkplekleren").select(
        "#practice > .history:first-of-type > li"
    )[:2]
    assert [said(change) for change in newest.select("ins")] == ["900"]
    assert newest.select_one('a[href="/en/findings/bevinding-3"]')
    assert [said(change) for change in oldest.select("ins")] == ["40"]


def test_the_answer_of_the_holder_stands_below_the_mirror_session(client: TestClient) -> None:
    page = soup(client, "/en/interventions/werkplekleren")
    session = page.find("a", href="/en/mirror-sessions/spiegel-werkplekleren-2024")
    answer = said(session.find_parent("li"))
    assert "2 findings were discussed" in answer
    assert "The manager takes part from now on." in answer
    coach = said(soup(client, "/en/interventions/leercoach").select_one("#practice"))
    assert "No response of the holder is known." in coach


def test_skills_lead_to_esco_and_competentnl(client: TestClient) -> None:
    links = soup(client, "/en/interventions/werkplekleren").select("#skills li a")
    paths = {said(link): link["href"].rpartition("/")[0] for link in links}
    # The tiny release has both vocabularies, so that their concepts have a page here.
    assert paths == {
        "welding": "/en/skills",
        "CompetentNL : welding": "/en/vocabularies/competentnl",
        "ESCO : welding": "/en/vocabularies/esco",
    }


def test_every_popover_that_is_opened_is_there(client: TestClient) -> None:
    for lang in ("nl", "en"):
        page = soup(client, f"/{lang}/interventions/werkplekleren")
        targets = {button["popovertarget"] for button in page.select("[popovertarget]")}
        assert len(targets) == 9
        assert targets == {tag["id"] for tag in page.select("[popover]")}
        assert all(tag.select_one("p").get_text(strip=True) for tag in page.select("[popover]"))


def test_a_condition_says_who_needs_it_brings_it_about_and_undermines_it(
    client: TestClient,
) -> None:
    def users(page: BeautifulSoup, way: str) -> list[str]:
        section = page.find("h2", id=way)
        rows = section.find_parent("section").select("tbody tr") if section else []
        return [row.select("a")[1]["href"].rpartition("/")[2][:3] for row in rows]

    time = soup(client, "/en/conditions/tijd")
    assert set(users(time, "hasContext")) == {"c02", "c08", "c09"}
    assert set(users(time, "hasOutcome")) == {"c01", "c10"}
    assert users(time, "undermines") == ["c06"]
    support = soup(client, "/en/conditions/leiding-steunt")
    assert users(support, "stays-away") == ["c07"]
    made = support.find("h2", id="hasOutcome").find_parent("section")
    assert [said(word) for word in made.select("td .muted")][:1] == ["rejected"]
    assert set(users(soup(client, "/en/conditions/werkdruk"), "hinderedBy")) == {
        "c03",
        "c04",
        "c07",
        "c08",
        "c10",
    }


def test_a_mechanism_says_where_it_is_at_work_and_where_not(client: TestClient) -> None:
    page = soup(client, "/en/mechanisms/begeleiding--durft-te-oefenen")
    row = page.find("a", href="/en/configurations/c04-plek-2025").find_parent("tr")
    places = {said(item) for item in row.select("li")}
    assert places == {
        "strong : They practise at A Illustrative",
        "none : They do not practise at C Illustrative",
    }


def test_the_words_of_the_page_are_dutch_on_the_dutch_page(client: TestClient) -> None:
    heads = {said(head) for head in soup(client, "/nl/interventions/werkplekleren").select("h2")}
    assert {
        "Wat bekend is",
        "Hoe werkt het?",
        "Voor wie en waar",
        "Skills die het ontwikkelt",
    } <= heads
