"""Where one intervention works against another, and where two may do the same work."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import answers, configuration, opposed, released, satisfies, slugs, world, worlds

from s4s_graph.coherence.conflicts import HOWS, How, clashes, conflicts
from s4s_graph.coherence.links import links
from s4s_graph.coherence.model import (
    Condition,
    Intervention,
    Level,
    Operator,
    World,
    operators,
    valid,
)
from s4s_graph.coherence.overlaps import Overlap, overlap, overlaps
from s4s_graph.coherence.view import View

LEVELS: tuple[Level, ...] = ("interventions", "kinds")
Pair = tuple[str, str]
GOOD = {"beoogd", "onbedoeld-gunstig"}
BUDGET, COACH, PLACE = (
    ("roosterscan", name) for name in ("leerbudget", "leercoach", "werkplekleren")
)


def by_how(view: View) -> set[tuple[How, object]]:
    found = conflicts(view)
    return {(how, slugs(pair)) for how in HOWS for pair in found.by_how[how]}


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2023, {("hinders", BUDGET), ("takes-away", PLACE), ("opposes", PLACE)}),
        *(
            (year, {("takes-away", COACH), ("opposes", COACH), ("hinders", PLACE)})
            for year in (None, 2024, 2025, 2026)
        ),
    ],
)
def test_the_conflicts_of_the_tiny_graph(
    year: int | None, expected: set[object], tiny_release: Path
) -> None:
    seen = valid(released(tiny_release), year)
    assert by_how(View(seen, "interventions")) == expected
    assert by_how(View(seen, "kinds")) == set()


def test_a_conflict_of_the_tiny_graph_says_by_what(tiny_release: Path) -> None:
    view = View(valid(released(tiny_release), None), "interventions")
    origin, target = (next(s for s in view.subjects if slugs(s) == name) for name in COACH)
    assert [
        slugs((item.giver.configuration.id, item.how, item.made, item.needed))
        for item in clashes(view, origin, target)
    ] == [
        ("c06-scan-geeft-druk", "takes-away", "tijd", "tijd"),
        ("c06-scan-geeft-druk", "opposes", "werkdruk", "tijd"),
    ]


def test_between_kinds_nothing_clashes_but_some_take_the_lack_away_that_others_are_for(
    shipped_release: Path,
) -> None:
    view = View(valid(released(shipped_release), None), "kinds")
    found = conflicts(view)
    assert not found.pairs
    assert {slugs(pair) for pair in found.relieved} == {
        (giver, taker)
        for taker, givers in {
            "basic-skills-at-work": ("training-course", "training-subsidy", "workplace-learning"),
            "workplace-learning": ("training-course", "training-subsidy"),
        }.items()
        for giver in givers
    }


@pytest.mark.parametrize("name", ["tiny_release", "shipped_release"])
def test_the_question_about_conflicts_finds_the_same(
    name: str, root: Path, request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(name)
    called = {"hinderedBy": "hinders", "undermines": "takes-away", "opposes": "opposes"}
    asked = {
        (row["standing"], called[row["how"]], (row["from"], row["to"]))
        for row in answers(folder, root, "conflicts")
    }
    seen = valid(released(folder), None)
    levels = zip(LEVELS, ("aboutIntervention", "aboutKind"), strict=True)
    # What is known of a kind is not copied to its interventions in the graph.
    views = {about: View(seen, level).bare for level, about in levels}
    computed = {(about, *found) for about, view in views.items() for found in by_how(view)}
    assert asked == computed


@settings(max_examples=100, deadline=None)
@given(worlds(), st.sampled_from([None, 2024]), st.sampled_from(LEVELS))
def test_conflicts_are_those_that_brute_force_finds(
    given: World, year: int | None, level: Level
) -> None:
    seen = valid(given, year)
    view = View(seen, level)
    expected = set[tuple[Operator, Operator, How, str, str]]()
    for one, other in product(operators(seen, level), repeat=2):
        k, j = one.configuration, other.configuration
        if one.subject == other.subject or j.valence not in GOOD:
            continue
        brought = k.outcomes if k.valence != "uitblijvend" else []
        expected |= {
            (one, other, "hinders", made, hindered)
            for made, hindered in product(brought, j.hindered)
            if satisfies(seen, made, hindered)
        }
        expected |= {
            (one, other, "takes-away", taken, needed)
            for taken, needed in product(k.takes, j.needs)
            if satisfies(seen, taken, needed) or satisfies(seen, needed, taken)
        }
        expected |= {
            (one, other, "opposes", made, needed)
            for made, needed in product(brought, j.needs)
            if opposed(seen, made, needed)
        }
    found = [clash for pair in product(view.subjects, repeat=2) for clash in clashes(view, *pair)]
    as_rows = [(item.giver, item.taker, item.how, item.made, item.needed) for item in found]
    assert set(as_rows) == expected
    assert len(as_rows) == len(expected)
    against, relieved = set[tuple[How, Pair]](), set[tuple[How, Pair]]()
    for one, other, how, _, needed in expected:
        lack = how != "hinders" and seen.conditions[needed].reason
        (relieved if lack else against).add((how, (one.subject, other.subject)))
    assert by_how_unshortened(view) == against
    assert set(conflicts(view).pairs) == {pair for _, pair in against}
    assert set(conflicts(view).relieved) == {p for _, p in relieved} - {p for _, p in against}
    assert {(i.how, (i.giver.subject, i.taker.subject)) for i in found if i.relieves} == relieved


def by_how_unshortened(view: View) -> set[tuple[str, tuple[str, str]]]:
    found = conflicts(view)
    return {(how, pair) for how in HOWS for pair in found.by_how[how]}


def test_what_stayed_away_hinders_nobody_but_what_was_taken_is_gone() -> None:
    made = world(
        conditions=[Condition("c0"), Condition("c1")],
        configurations=[
            configuration("x0", "i0", "", "c0", takes="c1", valence="uitblijvend"),
            configuration("x1", "i1", "c1", hindered="c0"),
        ],
        interventions=[Intervention("i0"), Intervention("i1")],
    )
    assert by_how_unshortened(View(made, "interventions")) == {("takes-away", ("i0", "i1"))}


@pytest.mark.parametrize(
    ("done", "needed", "expected"),
    [
        ({"takes": "c0"}, "c0", {"takes-away"}),
        ({"takes": "c1"}, "c0", {"takes-away"}),
        ({"takes": "c0"}, "c1", {"takes-away"}),
        ({"takes": "c2"}, "c0", set()),
        ({"brings": "c2"}, "c1", {"opposes"}),
        ({"brings": "c2"}, "c0", {"opposes"}),
        ({"brings": "c1"}, "c2", {"opposes"}),
        ({"brings": "c0"}, "c2", {"opposes"}),
        ({"brings": "c2"}, "c2", set()),
    ],
)
def test_what_is_narrower_or_broader_counts(
    done: dict[str, str], needed: str, expected: set[str]
) -> None:
    made = world(
        conditions=[
            Condition("c0", broader=frozenset({"c1"})),
            Condition("c1"),
            Condition("c2", opposes=frozenset({"c1"})),
        ],
        configurations=[
            configuration("x0", "i0", brings=done.get("brings", ""), takes=done.get("takes", "")),
            configuration("x1", "i1", needed),
        ],
        interventions=[Intervention("i0"), Intervention("i1")],
    )
    assert {how for how, _ in by_how_unshortened(View(made, "interventions"))} == expected


def test_what_works_against_an_adverse_outcome_is_no_conflict() -> None:
    made = world(
        conditions=[Condition("c0")],
        configurations=[
            configuration("x0", "i0", "", "c0"),
            configuration("x1", "i1", hindered="c0", valence="averechts"),
        ],
        interventions=[Intervention("i0"), Intervention("i1")],
    )
    assert not conflicts(View(made, "interventions")).pairs


def person(name: str, *kinds: str, steps: str = "s0") -> Intervention:
    """Return an intervention for a0, at some steps."""
    return Intervention(
        name, kinds=frozenset(kinds), actors=frozenset({"a0"}), steps=frozenset(steps.split())
    )


def test_overlaps_are_told_apart_by_links_and_by_where_they_are_known_from() -> None:
    made = world(
        conditions=[Condition("c0"), Condition("c1"), Condition("c2")],
        configurations=[
            configuration("x0", "i0", "", "c0"),
            configuration("x1", "i1", "c0", "c0 c1"),
            configuration("x2", "i2", "", "c0", valence="averechts"),
            configuration("x3", "i3", "", "c0"),
            configuration("x4", "k0", "", "c2"),
        ],
        interventions=[
            person("i0", "k0"), person("i1"), person("i2", "k0"), person("i3", steps="s1")
        ],
        kinds=[Intervention("k0")],
    )  # fmt: skip
    view = View(made, "interventions")
    between = links(view)
    found = overlaps(view, between)
    assert set(found.pairs) == {("i0", "i1"), ("i0", "i2")}
    assert set(found.complementary) == {("i0", "i1")}
    assert set(found.own) == {("i0", "i1")}
    assert overlap(view, between, "i0", "i1") == Overlap(
        "i0", "i1", ("a0",), ("s0",), ("c0",), complementary=True, from_kind=False
    )
    assert overlap(view, between, "i0", "i2") == Overlap(
        "i0", "i2", ("a0",), ("s0",), ("c2",), complementary=False, from_kind=True
    )


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_overlaps_are_those_that_brute_force_finds(given: World) -> None:
    seen = valid(given, None)
    view = View(seen, "interventions")
    between = links(view)
    found = overlaps(view, between)
    known = operators(seen, "interventions")
    expected = {
        (one, other)
        for one, other in product(sorted(seen.interventions), repeat=2)
        for first, second in [(seen.interventions[one], seen.interventions[other])]
        if one < other
        and first.actors & second.actors
        and first.steps & second.steps
        and any(
            k.configuration.outcomes & j.configuration.outcomes
            for k, j in product(known, repeat=2)
            if (k.subject, j.subject) == (one, other)
            and {k.configuration.valence, j.configuration.valence} <= GOOD
        )
    }
    linked = set(between.pairs)
    assert set(found.pairs) == expected
    assert set(found.complementary) == {
        (one, other) for one, other in expected if {(one, other), (other, one)} & linked
    }
    details = [overlap(view, between, *pair) for pair in expected]
    assert {(item.one, item.other) for item in details if not item.from_kind} == set(found.own)
    assert all(item.outcomes and item.actors and item.steps for item in details)


@pytest.mark.parametrize(
    ("year", "number"), [(None, 1), (2024, 1), (2025, 1), (2023, 0), (2026, 0)]
)
def test_the_overlaps_of_the_tiny_graph(year: int | None, number: int, tiny_release: Path) -> None:
    # Worked out on paper: only c11 and c05 share an outcome, and c05 runs from 2024 to 2025.
    view = View(valid(released(tiny_release), year), "interventions")
    between = links(view)
    found = [overlap(view, between, *pair) for pair in overlaps(view, between).pairs]
    shared = (("medewerker",), ("inzicht",), ("trots",))
    assert slugs(tuple(found)) == (("leercoach", "vakcertificaat", *shared, True, False),) * number


@pytest.mark.parametrize("name", ["tiny_release", "shipped_release"])
def test_the_question_about_overlaps_finds_the_same(
    name: str, request: pytest.FixtureRequest, root: Path
) -> None:
    folder = request.getfixturevalue(name)
    view = View(valid(released(folder), None), "interventions")
    between = links(view)
    asked = {
        (row["one"], row["other"]): int(row["outcomes"])
        for row in answers(folder, root, "overlaps")
    }
    found = [overlap(view, between, *pair) for pair in overlaps(view, between).pairs]
    assert asked == {slugs((item.one, item.other)): len(item.outcomes) for item in found}


def test_kinds_have_no_overlaps_since_nobody_says_whom_they_are_for(shipped_release: Path) -> None:
    seen = valid(released(shipped_release), None)
    found = {level: overlaps(View(seen, level), links(View(seen, level))).pairs for level in LEVELS}
    assert (bool(found["interventions"]), bool(found["kinds"])) == (True, False)
