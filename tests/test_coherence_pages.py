"""The pages about coherence: they are sound over any release, and say what the functions give."""

import csv
import io
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from browsing import browser, soup, unsound
from bs4 import BeautifulSoup, Tag
from conftest import ROOT
from fastapi.testclient import TestClient

from catalogue import i18n
from catalogue.coherence import improving
from catalogue.computed import Computed
from catalogue.things import neighbours
from s4s_graph import release as releases
from s4s_graph.build import build
from s4s_graph.coherence import model
from s4s_graph.coherence.indicators import INDICATORS, Share
from s4s_graph.coherence.links import STANDINGS
from s4s_graph.coherence.method import NOTIONS
from s4s_graph.coherence.routes import Routes, routes
from s4s_graph.coherence.success_method import METHOD
from s4s_graph.coherence.view import View
from s4s_graph.release import ReleaseError
from s4s_graph.settings import Settings
from s4s_graph.store import Store

LANGUAGES = ("nl", "en")
PAGES = ("", "/improvements", "/reach", "/routes", "/method")
LEVELS: tuple[model.Level, ...] = ("kinds", "interventions")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny graph without what was made up: no companies, no years."""
    settings = Settings(data=ROOT / "tests/tiny/data", releases=tmp_path_factory.mktemp("bare"))
    return built(settings, without_illustrative=True)


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped data without what was made up."""
    settings = Settings(releases=tmp_path_factory.mktemp("reported"))
    return built(settings, without_illustrative=True)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with nothing in it but the ontology."""
    settings = Settings(
        data=tmp_path_factory.mktemp("nothing"), releases=tmp_path_factory.mktemp("empty")
    )
    return built(settings, without_illustrative=False)


def built(settings: Settings, without_illustrative: bool) -> Path:
    found = build(settings, without_illustrative=without_illustrative)
    assert found.release, [problem.text("en") for problem in found.problems]
    return found.release


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


@pytest.fixture(scope="module")
def computed(tiny_release: Path) -> Computed:
    return opened(tiny_release)


def opened(release: Path) -> Computed:
    return Computed(release, Store.open(release, memory_quads=2_000_000))


def slug(iri: object) -> str:
    return str(iri).rpartition("/")[2]


@pytest.mark.parametrize("name", ["tiny_release", "shipped_release", "bare", "reported", "empty"])
def test_every_page_is_there_and_sound_over_any_release(
    name: str, request: pytest.FixtureRequest
) -> None:
    release = request.getfixturevalue(name)
    years = opened(release).years
    assert bool(years) is (name in {"tiny_release", "shipped_release"})
    paths = [
        f"/{lang}/coherence{page}{query}"
        for lang in LANGUAGES
        for page in (*PAGES, *(f"/report/{year}" for year in years))
        for query in ("", "?level=interventions", *(f"?year={year}" for year in years[:1]))
    ]
    with browser(release) as client:
        faults = {path: list(unsound(soup(client, path))) for path in paths}
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("level", LEVELS)
def test_the_indicators_are_those_of_the_summary(
    client: TestClient, computed: Computed, level: model.Level
) -> None:
    for year in (None, *computed.years):
        report = computed.summary.report(year, level)
        assert report
        at = f"/en/coherence?level={level}" + (f"&year={year}" if year else "")
        rows = soup(client, at).select(".indicators tbody tr")
        assert len(rows) == len(INDICATORS)
        for row, indicator in zip(rows, INDICATORS, strict=True):
            share = report.indicators.get(indicator.id)
            assert row.select_one("th").text.startswith(indicator.name.en)
            assert text(row.select_one(".now")) == said(share)
            course = [text(cell) for cell in row.select("td.number")]
            reports = [computed.summary.report(then, level) for then in computed.years]
            shares = [then.indicators.get(indicator.id) for then in reports if then]
            assert course == [said(s) if s and s.d else "–" for s in shares]
            values = [s.value for s in shares if s and s.value is not None]
            points = str(row.select_one("polyline")["points"]).split()
            heights = [round(float(point.split(",")[1]), 1) for point in points]
            assert heights == [round(3 + (1 - value) * 18, 1) for value in values]


def text(tag: Tag | None) -> str:
    assert tag
    return " ".join(tag.get_text(" ").replace("\u202f", "").split())


def said(share: Share | None) -> str:
    if share is None or share.value is None:
        return "nothing to count"
    return f"{i18n.percent(share.value, 'en')} {share.n:,}/{share.d:,}"


def test_every_number_leads_to_its_rule(client: TestClient) -> None:
    method = soup(client, "/en/coherence/method")
    anchors = {str(tag["id"]) for tag in method.select("main [id]")}
    expected = {notion.id for notion in NOTIONS} | {f"success-{note.id}" for note in METHOD}
    expected |= {f"indicator-{indicator.id}" for indicator in INDICATORS}
    expected |= {f"standing-{name}" for name in STANDINGS}
    assert expected <= anchors
    overview = soup(client, "/en/coherence")
    rules = {str(link["href"]) for link in overview.select(".indicators a.rule")}
    assert rules == {f"/en/coherence/method#indicator-{found.id}" for found in INDICATORS}
    for notion in NOTIONS:
        assert notion.rule.en in method.select_one(f"#{notion.id}").text
    ladder = [str(tag["id"]) for tag in method.select('[id^="standing-"]')]
    assert ladder == [f"standing-{name}" for name in STANDINGS]


@pytest.mark.parametrize("level", LEVELS)
def test_improvements_stand_in_their_order_and_name_few_companies_nowhere(
    shipped_release: Path, level: model.Level
) -> None:
    ranked = opened(shipped_release).improvements(level)
    assert len(ranked) > 20
    with browser(shipped_release) as client:
        page = soup(client, f"/en/coherence/improvements?level={level}")
        best = soup(client, f"/en/coherence?level={level}").select(".proposals > li")
        data = client.get(f"/en/coherence/improvements.json?level={level}").json()["improvements"]
        table = client.get(f"/en/coherence/improvements.csv?level={level}").text
    items = page.select(".proposals > li")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(items) == len(data) == len(rows) == len(ranked)
    assert [text(item.select_one(".said")) for item in best] == [
        text(item.select_one(".said")) for item in items[:3]
    ]
    some_suppressed = False
    for found, item, entry, row in zip(ranked, items, data, rows, strict=True):
        named = {slug(link["href"]) for link in item.select(".said a")}
        assert named == {
            slug(iri) for iri in (*found.givers[:3], *found.takers[:3], found.condition) if iri
        } or (found.kind in {"agreement", "conflict"} and named)
        assert entry["kind"] == row["kind"] == found.kind
        assert [thing["uri"] for thing in entry["configurations"]] == list(found.configurations)
        companies = {slug(link["href"]) for link in item.select('a[href*="/companies/"]')}
        gains = (found.opens, found.protects)
        assert companies == {
            slug(company) for gain in gains if len(gain.companies) > 2 for company in gain.companies
        }
        for gain, key in zip(gains, ("opens", "protects"), strict=True):
            few = 0 < len(gain.companies) < 3
            some_suppressed |= few
            assert entry[key]["number_of_companies"] == (None if few else len(gain.companies))
            assert row[f"{key}_companies"] == ("<3" if few else str(len(gain.companies)))
            assert bool(entry[key]["companies"]) is (len(gain.companies) >= 3)
    assert some_suppressed
    assert list(rows[0]) == list(improving.HEADER)


def test_routes_on_the_page_are_those_of_the_planner_and_play_to_the_goal(
    shipped_release: Path,
) -> None:
    computed = opened(shipped_release)
    view = computed.view(None, "kinds")
    goals = [goal for goal in view.world.goals if view.world.goal_conditions[goal]]
    played = blocked = 0
    with browser(shipped_release) as client:
        for company in sorted(view.world.companies)[:6]:
            for goal in goals:
                found = routes(view, view.world.companies[company], goal)
                at = f"/en/coherence/routes?company={slug(company)}&goal=policy-goal/{slug(goal)}"
                page = soup(client, at)
                shown = page.select(".route")
                assert len(shown) == len(found.routes)
                for route in shown:
                    play(view, company, goal, route)
                    played += 1
                assert [steps(route) for route in shown] == [
                    [slug(step.intervention) for step in route.steps] for route in found.routes
                ]
                assert blockers(page) == [
                    [slug(lack.condition) for lack in blocker.lacks] for blocker in found.blockers
                ]
                blocked += bool(found.blockers)
    assert played > 10
    assert blocked or played


def steps(route: Tag) -> list[str]:
    return [slug(step.select_one(".said a")["href"]) for step in route.select("ol > li")]


def blockers(page: BeautifulSoup) -> list[list[str]]:
    return [
        [slug(lack.select_one("a")["href"]) for lack in item.select("dt")]
        for item in page.select(".blockers > li")
    ]


def play(view: View, company: str, goal: str, route: Tag) -> None:
    """Follow what the page says, and see that each step has what it needs and the goal is met."""
    world = view.world
    base = goal.partition("id/")[0] + "id/"
    holds = set(view.known[company].holds) | things(route, base, ".banner")
    for step in route.select("ol > li"):
        facts = {
            text(row.select_one("dt")): {
                f"{base}condition/{slug(link['href'])}" for link in row.select("dd a")
            }
            for row in step.select("dl > div")
        }
        for link in step.select("dd a"):
            if "/configurations/" in str(link["href"]) and "stays away" not in text(
                link.find_parent("div").select_one("dt")
            ):
                used = world.configurations[f"{base}configuration/{slug(link['href'])}"]
                held = view.broader(holds)
                assert used.needs <= held, (company, goal, used.id)
        holds -= facts.get("Undoes", set())
        holds |= facts.get("Creates", set())
    assert world.goal_conditions[goal] & view.broader(holds)


def things(tag: Tag, base: str, selector: str) -> set[str]:
    return {f"{base}condition/{slug(link['href'])}" for link in tag.select(f"{selector} a")}


def test_a_profile_without_a_company_is_as_good_as_the_company(
    client: TestClient, computed: Computed
) -> None:
    world = computed.view(None, "interventions").world
    company = next(world.companies[name] for name in world.companies if slug(name) == "bedrijf-a")
    ticked = "".join(f"&holds={slug(name)}" for name in sorted(company.holds))
    ticked += "".join(f"&lacks={slug(name)}" for name in sorted(company.lacks))
    query = "goal=condition/bewezen-vakmanschap&level=interventions"
    page = soup(client, f"/en/coherence/routes?{query}{ticked}")
    same = soup(client, f"/en/coherence/routes?{query}&company=bedrijf-a")
    assert [steps(r) for r in page.select(".route")] == [steps(r) for r in same.select(".route")]
    assert blockers(page) == blockers(same)
    assert page.select(".route, .blockers")
    checked = {str(box["value"]) for box in page.select("input[name=holds][checked]")}
    assert checked == {slug(name) for name in company.holds}
    unlike = soup(client, f"/en/coherence/routes?{query}&company=bedrijf-a&lacks=geen-hr")
    assert unlike.select_one("details[open] input[name=lacks][value=geen-hr][checked]")


def test_a_route_can_be_had_as_data(client: TestClient, computed: Computed) -> None:
    view = computed.view(None, "interventions")
    company = next(c for name, c in view.world.companies.items() if slug(name) == "bedrijf-a")
    goal = next(name for name in view.world.conditions if slug(name) == "bewezen-vakmanschap")
    found: Routes = routes(view, company, goal, "evidence")
    response = client.get(
        "/nl/coherence/routes.json?level=interventions&company=bedrijf-a"
        "&goal=condition/bewezen-vakmanschap&by=evidence"
    )
    content = response.json()
    assert [[step["intervention"] for step in route["steps"]] for route in content["routes"]] == [
        [step.intervention for step in route.steps] for route in found.routes
    ]
    assert content["complete"] is found.complete
    named = set(re.findall(r'"(https://[^"]*/condition/[^"]*)"', json.dumps(content["routes"])))
    assert named <= content["labels"].keys()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    [
        "?level=nothing",
        "?year=1900",
        "?year=x",
        "/improvements?year=2024&level=%00",
        "/improvements.xlsx",
        "/routes?company=nothing",
        "/routes?company=Not%20a%20slug",
        "/routes?goal=condition/nothing",
        "/routes?goal=company/bedrijf-a",
        "/routes?goal=leerwens",
        "/routes?holds=nothing",
        "/routes?lacks=geen-hr&lacks=nothing",
        "/routes?by=nothing",
        "/report/1900",
        "/report/x",
        "/report/2024?level=x",
    ],
)
def test_what_is_unknown_is_a_404_page(client: TestClient, lang: str, path: str) -> None:
    page = soup(client, f"/{lang}/coherence{path}", 404)
    assert page.html["lang"] == lang
    assert not list(unsound(page))


def test_a_route_to_nowhere_is_a_400_that_says_so(client: TestClient) -> None:
    assert "Kies een doel." in soup(client, "/nl/coherence/routes.json", 400).main.text


def test_the_other_language_keeps_what_was_asked(client: TestClient) -> None:
    query = "level=interventions&year=2024&company=bedrijf-a&holds=tijd&goal=condition/leerwens"
    switch = soup(client, f"/nl/coherence/routes?{query}").select_one('header a[hreflang="en"]')
    assert switch["href"] == f"/en/coherence/routes?{query}"
    page = soup(client, str(switch["href"]))
    selected = page.select("option[selected]")
    assert [option["value"] for option in selected] == ["bedrijf-a", "condition/leerwens", "number"]
    assert page.select_one("input[name=level][type=hidden]")["value"] == "interventions"
    years = {str(a["href"]) for a in page.select(".switch a") if "year=2025" in str(a["href"])}
    assert years
    assert all("company=bedrijf-a" in href and "holds=tijd" in href for href in years)


def test_an_intervention_shows_what_it_has_to_do_with_others(client: TestClient) -> None:
    # As worked out on paper: see the tiny graph.
    page = soup(client, "/en/interventions/leercoach").select_one("#coherence")
    assert beside(page) == {
        ("Builds on", "leerbudget"),
        ("Builds on", "vakcertificaat"),
        ("Opens the way for", "werkplekleren"),
        ("Opens the way, but it is known to break at", "leerbudget"),
        ("Overlaps with", "vakcertificaat"),
        ("Is worked against by", "roosterscan"),
    }
    why = {str(link["href"]) for link in page.select("a.rule")}
    pair = "/en/coherence/pair?from=intervention/{}&to=intervention/{}&level=interventions"
    assert pair.format("leerbudget", "leercoach") in why
    assert pair.format("leercoach", "werkplekleren") in why
    assert pair.format("roosterscan", "leercoach") in why
    words = {
        slug(row.a["href"]): row.select_one(".badge:not(.invented)").text
        for row in page.select("dd li")
        if row.select_one(".badge:not(.invented)")
    }
    assert words["leerbudget"] == "one side supported"
    kind = soup(client, "/nl/intervention-kinds/workplace-learning").select_one("#coherence")
    assert beside(kind) == {("Bouwt voort op", "training-subsidy")}
    guess = soup(client, "/en/interventions/leerbudget").select_one("#coherence h3")
    assert guess.text == "What is known of its kind"


def beside(section: Tag) -> set[tuple[str, str]]:
    return {
        (text(row.dt), slug(item.a["href"]))
        for row in section.select("dl > div")
        for item in row.select("dd li")
    }


def test_the_neighbours_are_the_pairs_of_the_notions(shipped_release: Path) -> None:
    computed = opened(shipped_release)
    linked = computed.links(None, "kinds")
    seen = 0
    with browser(shipped_release) as client:
        for kind in linked.pairs.touched:
            page = soup(client, f"/en/intervention-kinds/{slug(kind)}").select_one("#coherence")
            found = {other for word, other in beside(page) if word == "Opens the way for"}
            after = {slug(other) for other in linked.pairs.after(kind)}
            assert found <= after
            assert len(found) == min(len(after), neighbours.PEEK)
            seen += len(found)
    assert seen > 20


def test_many_neighbours_are_cut_short_with_the_way_to_the_rest(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "PEEK", 1)
    page = soup(client, "/nl/interventions/leercoach").select_one("#coherence")
    row = page.find("dt", string="Bouwt voort op").find_parent("div")
    assert len(row.select("dd li")) == 1
    more = "/nl/coherence/links?intervention=intervention/leercoach&level=interventions"
    assert row.select_one(f'a[href="{more}"]')


@pytest.mark.parametrize("level", LEVELS)
def test_a_report_tells_what_changed(shipped_release: Path, level: model.Level) -> None:
    computed, changed = opened(shipped_release), 0
    with browser(shipped_release) as client:
        for year in computed.years:
            page = soup(client, f"/en/coherence/report/{year}?level={level}")
            counts = {
                heading.contents[0].strip(): int(heading.select_one(".count").text)
                for heading in page.select("section h2, section h3")
                if heading.select_one(".count")
            }
            report = computed.summary.report(year, level)
            assert report
            assert counts["Gaps"] == report.counts["gaps"]
            assert counts["Conflicts"] == report.counts["conflicts"]
            if year == computed.years[0]:
                assert "Links gained" not in counts
                assert "first year" in page.main.text
                continue
            now, then = (set(computed.links(y, level).pairs) for y in (year, year - 1))
            assert counts["Links gained"] == len(now - then)
            assert counts["Links lost"] == len(then - now)
            changed += len(now ^ then)
    assert changed or level == "kinds"


def test_a_page_says_what_it_rests_on(shipped_release: Path, reported: Path, empty: Path) -> None:
    with browser(shipped_release) as client:
        kinds = soup(client, "/en/coherence")
        assert "what public sources report of kinds" in kinds.main.text
        assert not kinds.select(".banner")
        badges = {
            text(badge.find_parent("th")).split(" how")[0] for badge in kinds.select("th .invented")
        }
        assert badges == {"Within reach"}
        assert "Invented examples" in soup(client, "/en/coherence?level=interventions").main.text
    with browser(reported) as client:
        for level in LEVELS:
            page = soup(client, f"/en/coherence?level={level}")
            assert not page.select(".invented, .banner")
            assert text(page.select(".indicators .now")[-1]) == "nothing to count"
        assert "from the kind" in page.main.text
        assert "No company is known" in soup(client, "/en/coherence/reach").main.text
        routes_page = soup(client, "/en/coherence/routes?goal=policy-goal/gouden-poort")
        assert routes_page.select(".route, .blockers")
    with browser(empty) as client:
        page = soup(client, "/en/coherence")
        assert "nothing to compute from" in page.select_one(".banner").text
        assert {text(cell) for cell in page.select(".indicators .now")} == {"nothing to count"}
        assert "No improvement can be computed" in page.main.text


def test_the_overview_has_the_matrix_of_the_kinds_and_its_white_spots(
    shipped_release: Path,
) -> None:
    with browser(shipped_release) as client:
        shown, whole = (soup(client, f"/en/coherence{path}") for path in ("", "/matrix"))
        assert not soup(client, "/en/coherence?level=interventions").select("table.matrix")
    assert shown.select("table.matrix td.none")
    assert str(shown.select_one("table.matrix")) == str(whole.select_one("table.matrix"))


def test_goals_that_nothing_is_known_to_serve_are_named(shipped_release: Path) -> None:
    asking = opened(shipped_release).world.goal_conditions
    silent = {slug(goal) for goal, conditions in asking.items() if not conditions}
    with browser(shipped_release) as client:
        page = soup(client, "/en/coherence/reach")
    assert {slug(link["href"]) for link in page.select("h2 ~ ul.values a")} == silent != set()


def test_what_two_threads_need_is_computed_once(computed: Computed) -> None:
    made: list[int] = []
    together = Barrier(4)

    def ask(_: int) -> int:
        together.wait()
        return computed.keep("test", lambda: made.append(1) or len(made))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == [1, 1, 1, 1]


def test_a_release_without_a_summary_is_of_other_software(tmp_path: Path) -> None:
    store = Store.of([], {})
    with pytest.raises(ReleaseError, match="run `s4s build` again"):
        Computed(tmp_path, store)
    (tmp_path / releases.COHERENCE).write_text('{"reports": [{}]}')
    with pytest.raises(ReleaseError, match="run `s4s build` again"):
        Computed(tmp_path, store)
