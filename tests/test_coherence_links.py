"""Links between interventions, their standing, and the breaks."""

import csv
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import answers, configuration, released, satisfies, slugs, world, worlds

from s4s_graph.coherence import model, pairs
from s4s_graph.coherence.links import STANDINGS, Instance, Links, Standing, instances, links
from s4s_graph.coherence.model import (
    Condition,
    Deployment,
    Finding,
    Intervention,
    Level,
    Operator,
    World,
    valid,
)
from s4s_graph.coherence.pairs import Pairs
from s4s_graph.coherence.view import View

CHAINS = Path(__file__).resolve().parents[2] / "shared/domain/reported/evidence-chains.csv"
LEVELS: tuple[Level, ...] = ("interventions", "kinds")
AHEAD = ("leerbudget", "leercoach"), ("leercoach", "werkplekleren")
CIRCLE = ("werkplekleren", "vakcertificaat"), ("vakcertificaat", "leercoach")
some_worlds = settings(max_examples=100, deadline=None)


def standings(found: Links) -> dict[object, Standing]:
    """Return the standing of each pair."""
    return {slugs(pair): name for name in STANDINGS for pair in found.by_standing[name]}


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2023, {("leerbudget", "werkplekleren"): "from-kind", AHEAD[1]: "from-kind"}),
        (2024, dict.fromkeys((*AHEAD, *CIRCLE), "hypothesis")),
        *(
            (
                year,
                {
                    AHEAD[0]: "one-supported",
                    AHEAD[1]: "contradicted",
                    CIRCLE[0]: "contradicted",
                    CIRCLE[1]: "hypothesis",
                },
            )
            for year in (None, 2025)
        ),
        (2026, {AHEAD[0]: "one-supported", AHEAD[1]: "contradicted"}),
    ],
)
def test_the_links_of_the_tiny_graph(
    year: int | None, expected: dict[object, Standing], tiny_release: Path
) -> None:
    found = links(View(valid(released(tiny_release), year), "interventions"))
    assert standings(found) == expected
    # Worked out on paper: c11 and, while it runs, c05 bring about the pride that c07 needs.
    givers = {"leercoach", "vakcertificaat"} if year not in {2023, 2026} else {"leercoach"}
    assert {slugs(pair) for pair in found.breaks} == {(giver, "leerbudget") for giver in givers}
    assert set(found.broken) == set(found.breaks)


@pytest.mark.parametrize("year", [None, 2023, 2026])
def test_the_link_between_kinds_of_the_tiny_graph(year: int | None, tiny_release: Path) -> None:
    found = links(View(valid(released(tiny_release), year), "kinds"))
    assert standings(found) == {("training-subsidy", "workplace-learning"): "both-supported"}


def test_a_link_of_the_tiny_graph_says_by_what_it_goes(tiny_release: Path) -> None:
    view = View(valid(released(tiny_release), None), "interventions")
    origin, target = (name for name in view.subjects if slugs(name) in AHEAD[1])
    assert [
        slugs((item.giver.configuration.id, item.taker.configuration.id, item.made, item.needed))
        for item in instances(view, origin, target)
    ] == [
        ("c02-coach-wekt-leerwens", "c04-plek-2025", "concrete-leerwens", "leerwens"),
        ("c11-coach-bouwt-voort", "c04-plek-2025", "leerwens", "leerwens"),
    ]


def test_the_question_about_hand_offs_finds_the_same_pairs(tiny_release: Path, root: Path) -> None:
    asked = {(row["from"], row["to"]) for row in answers(tiny_release, root, "hand-offs")}
    seen = valid(released(tiny_release), None)
    computed = {slugs(pair) for level in LEVELS for pair in links(View(seen, level)).pairs}
    assert asked == computed


@pytest.mark.skipif(not CHAINS.exists(), reason="needs the table of chains beside the checkout")
@pytest.mark.parametrize("year", [None, 2023, 2026])
def test_the_chains_known_from_studies_are_links_between_kinds(
    year: int | None, shipped_release: Path
) -> None:
    with CHAINS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["from_kind"] != row["to_kind"]]
    view = View(valid(released(shipped_release), year), "kinds")
    found = links(view)
    named = {slugs(name): name for name in view.subjects}
    wanted = {"beoogd": False, "onbedoeld-gunstig": False, "averechts": True, "uitblijvend": True}
    for row in rows:
        assert row["link"] == "enables"
        pair = named[row["from_kind"]], named[row["to_kind"]]
        ways = {
            slugs((way.giver.configuration.id, way.needed, way.taker.configuration.id)): way.breaks
            for way in instances(view, *pair)
        }
        way = row["from_evidence"], row["via_condition"], row["to_evidence"]
        assert ways[way] is wanted[row["to_valence"]]
        assert pair in (found.broken if ways[way] else found.pairs)
    assert rows


def test_the_chain_that_is_known_to_break_ends_at_the_training_subsidy(
    shipped_release: Path,
) -> None:
    found = links(View(valid(released(shipped_release), None), "kinds"))
    assert {slugs(pair) for pair in found.breaks} == {
        (kind, "training-subsidy")
        for kind in (
            "basic-skills-at-work",
            "career-coaching",
            "employability-management",
            "learning-culture",
            "training-course",
            "workplace-learning",
        )
    }


def naive(view: View, giver: Operator, taker: Operator) -> tuple[Standing, set[str]]:
    """Return the standing of an instance by the words of its definition."""
    seen = view.world

    def state(operator: Operator) -> str:
        about = [f for f in seen.findings.values() if f.configuration == operator.configuration.id]
        for_ = sum(finding.direction == "supports" for finding in about)
        against = sum(finding.direction == "contradicts" for finding in about)
        if for_ > against:
            return "supported"
        return "contradicted" if against else "none"

    def counts_as(intervention: str) -> set[str]:
        kinds = seen.interventions[intervention].kinds
        return {intervention} if view.level == "interventions" else set(kinds)

    if "contradicted" in (state(giver), state(taker)):
        return "contradicted", set()
    if giver.from_kind or taker.from_kind:
        return "from-kind", set()
    companies = {
        one.company
        for one, other in product(seen.deployments, repeat=2)
        for finding in seen.findings.values()
        if giver.subject in counts_as(one.intervention)
        and taker.subject in counts_as(other.intervention)
        and one.company == other.company == finding.company
        and finding.configuration == taker.configuration.id
        and finding.direction == "supports"
        and finding.year is not None
        and one.year <= other.year <= finding.year
    }
    supported = [state(giver), state(taker)].count("supported")
    names: list[Standing] = ["hypothesis", "one-supported", "both-supported"]
    return "observed" if companies else names[supported], companies


def all_instances(view: View) -> list[Instance]:
    """Return every instance of every pair, by looking at each operator beside each other one."""
    return [
        Instance(k, j, made, needed, said, j.configuration.valence in BAD, tuple(sorted(where)))
        for k, j in product(view.operators, repeat=2)
        if k.subject != j.subject and k.configuration.valence not in BAD
        for said, where in [naive(view, k, j)]
        for made, needed in product(k.configuration.outcomes, j.configuration.needs)
        if satisfies(view.world, made, needed)
    ]


BAD = {"averechts", "uitblijvend"}


@some_worlds
@given(worlds(), st.sampled_from([None, 2023, 2024, 2025]), st.sampled_from(LEVELS))
def test_links_are_those_that_brute_force_finds(
    given: World, year: int | None, level: Level
) -> None:
    view = View(valid(given, year), level)
    expected, found = all_instances(view), links(view)
    best = {
        (item.giver.subject, item.taker.subject): item.standing
        for item in sorted(expected, key=lambda item: -STANDINGS.index(item.standing))
        if not item.breaks
    }
    broken = {(item.giver.subject, item.taker.subject) for item in expected if item.breaks}
    assert standings(found) == best
    assert set(found.pairs) == best.keys()
    assert {pair: found.standing(*pair) for pair in found.pairs} == best
    assert set(found.broken) == broken
    assert set(found.breaks) == broken - best.keys()
    on_demand = [way for pair in product(view.subjects, repeat=2) for way in instances(view, *pair)]
    assert set(on_demand) == set(expected)
    assert len(on_demand) == len(expected)


@some_worlds
@given(worlds(), st.sampled_from([2023, 2024, 2025]))
def test_the_year_filter_equals_filtering_the_data_first(given: World, year: int) -> None:
    filtered = replace(
        given,
        configurations=valid(given, year).configurations,
        findings={k: f for k, f in given.findings.items() if f.year is None or f.year <= year},
        deployments=frozenset(item for item in given.deployments if item.year <= year),
    )
    for level in LEVELS:
        assert links(View(valid(given, year), level)) == links(View(filtered, level))


@some_worlds
@given(worlds(), st.permutations([f"n{number}" for number in range(4)]))
def test_other_ids_give_the_same_links(given: World, names: list[str]) -> None:
    new = dict(zip(sorted(given.interventions), names, strict=True))
    renamed = replace(
        given,
        interventions={
            new[name]: replace(item, id=new[name]) for name, item in given.interventions.items()
        },
        configurations={
            name: replace(item, subject=new.get(item.subject, item.subject))
            for name, item in given.configurations.items()
        },
        deployments=frozenset(
            replace(item, intervention=new[item.intervention]) for item in given.deployments
        ),
    )
    before, after = (
        {pair: found.standing(*pair) for pair in found.pairs}
        for item in (given, renamed)
        for found in [links(View(valid(item, None), "interventions"))]
    )
    assert after == {(new[a], new[b]): name for (a, b), name in before.items()}


def chain(*findings: Finding, deployed: tuple[int, int] = (2024, 2025)) -> Links:
    """Return the links of a world in which i0 makes the c0 that i1 needs."""
    first, second = deployed
    made = world(
        conditions=[Condition("c0"), Condition("c1")],
        configurations=[configuration("x0", "i0", "", "c0"), configuration("x1", "i1", "c0", "c1")],
        interventions=[Intervention("i0"), Intervention("i1")],
        findings=findings,
        deployments=[Deployment("i0", "f0", first), Deployment("i1", "f0", second)],
    )
    return links(View(made, "interventions"))


def says(name: str, about: str, direction: model.Direction, year: int | None = 2025) -> Finding:
    return Finding(name, about, direction, "f0", year, illustrative=True)


@pytest.mark.parametrize(
    ("findings", "deployed", "expected"),
    [
        ([], (2024, 2025), "hypothesis"),
        ([says("e0", "x0", "supports")], (2024, 2025), "one-supported"),
        ([says("e0", "x1", "refines")], (2024, 2025), "hypothesis"),
        ([says("e0", "x1", "supports")], (2024, 2025), "observed"),
        ([says("e0", "x1", "supports")], (2025, 2025), "observed"),
        ([says("e0", "x1", "supports")], (2026, 2025), "one-supported"),
        ([says("e0", "x1", "supports", 2024)], (2024, 2025), "one-supported"),
        ([says("e0", "x1", "supports", None)], (2024, 2025), "one-supported"),
        (
            [says("e0", "x0", "supports", None), says("e1", "x1", "supports", None)],
            (2024, 2025),
            "both-supported",
        ),
        (
            [says("e0", "x1", "supports"), says("e1", "x1", "contradicts")],
            (2024, 2025),
            "contradicted",
        ),
        (
            [says("e0", "x1", "supports"), says("e1", "x0", "contradicts")],
            (2024, 2025),
            "contradicted",
        ),
    ],
)
def test_the_standing_of_a_link_follows_from_findings_and_the_order_of_use(
    findings: list[Finding], deployed: tuple[int, int], expected: Standing
) -> None:
    assert chain(*findings, deployed=deployed).standing("i0", "i1") == expected


@pytest.mark.parametrize("valence", ["averechts", "uitblijvend"])
def test_a_chain_breaks_where_what_should_follow_does_not(valence: model.Valence) -> None:
    made = world(
        conditions=[Condition("c0"), Condition("c1")],
        configurations=[
            configuration("x0", "i0", "", "c0"),
            configuration("x1", "i1", "c0", "c1", valence=valence),
        ],
        interventions=[Intervention("i0"), Intervention("i1")],
    )
    found = links(View(made, "interventions"))
    assert (len(found.pairs), set(found.breaks)) == (0, {("i0", "i1")})


def test_conditions_in_a_circle_satisfy_one_another() -> None:
    made = world(
        conditions=[
            Condition("c0", broader=frozenset({"c1"})),
            Condition("c1", broader=frozenset({"c0"})),
        ],
        configurations=[configuration("x0", "i0", "", "c0"), configuration("x1", "i1", "c1", "")],
        interventions=[Intervention("i0"), Intervention("i1")],
    )
    assert set(links(View(made, "interventions")).pairs) == {("i0", "i1")}


def test_an_empty_world_has_no_links() -> None:
    found = links(View(world(), "interventions"))
    assert (list(found.pairs), found.standing("i0", "i1")) == ([], None)
    assert instances(View(world(), "interventions"), "i0", "i1") == ()


@some_worlds
@given(
    st.integers(0, 5).flatmap(
        lambda n: st.tuples(*[st.lists(_bits(n), min_size=n, max_size=n)] * 2)
    )
)
def test_pairs_behave_as_a_set_of_pairs(rows: tuple[list[int], list[int]]) -> None:
    names = tuple("abcde"[: len(rows[0])])
    one, other = (Pairs(names, tuple(row)) for row in rows)
    first, second = set(one), set(other)
    assert len(one) == len(first)
    assert set(one & other) == first & second
    assert set(one | other) == first | second
    assert set(one - other) == first - second
    assert set(one.turned) == {(b, a) for a, b in first}
    assert one.touched == {name for pair in first for name in pair}
    assert {(a, b) for a in names for b in one.after(a)} == first
    assert {(a, b) for b in names for a in one.before(b)} == first
    assert {(a, b) for a in (*names, "z") for b in (*names, "z") if (a, b) in one} == first


def _bits(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, (1 << number) - 1)


def test_columns_are_turned_in_more_than_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (0b10110, 0b00001, 0b11111, 0b01000, 0b10010)
    monkeypatch.setattr(pairs, "COLUMNS_AT_A_TIME", 2)
    assert pairs.turned(rows) == (0b00110, 0b10101, 0b00101, 0b01100, 0b10101)
