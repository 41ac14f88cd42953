"""What is needed and not made, made by one only, or made and not needed."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import (
    COMPANIES,
    CONDITIONS,
    answers,
    configuration,
    released,
    satisfies,
    slugs,
    world,
    worlds,
)

from s4s_graph.coherence.gaps import Fragile, Gap, dead_ends, fragile, gaps, needs
from s4s_graph.coherence.improvements import improvements
from s4s_graph.coherence.links import links
from s4s_graph.coherence.model import (
    Company,
    Condition,
    Deployment,
    Intervention,
    Level,
    World,
    operators,
    valid,
)
from s4s_graph.coherence.view import View

LEVELS: tuple[Level, ...] = ("interventions", "kinds")
GOOD = {"beoogd", "onbedoeld-gunstig"}
SUPPORT = (
    "leiding-steunt",
    ("werkplekleren",),
    ("c04-plek-2025",),
    ("bedrijf-a", "bedrijf-c"),
    False,
)
COACH = (("leercoach",), ("c11-coach-bouwt-voort",))
# What the script beside the tables of studies prints as needed, malleable and made by nobody.
KNOWN_GAPS = {
    "positive-learning-experience",
    "employees-lack-basic-skills",
    "employees-see-career-prospects-inside",
    "trusted-peer-available",
    "supervisor-supports-learning",
    "peers-support-learning",
    "managers-convinced-of-value",
    "managers-know-how-to-support-change",
    "owner-style-favours-learning",
    "time-to-learn-available",
    "training-costs-weigh-heavily",
    "enabling-learning-environment",
    "varied-challenging-tasks",
    "learning-integrated-in-work",
    "training-fits-daily-work",
    "learning-culture-present",
    "joint-learning-network",
    "instrument-little-known",
    "validation-method-trusted",
    "skills-gap-exists",
}


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (
            2023,
            (("bewezen-vakmanschap", *COACH, (), False), ("concrete-leerwens", *COACH, (), False)),
        ),
        (2024, (("oefenruimte", ("werkplekleren",), ("c03-plek-2024",), ("bedrijf-b",), False),)),
        (None, (SUPPORT,)),
        (2025, (SUPPORT,)),
        (2026, (("bewezen-vakmanschap", *COACH, ("bedrijf-a", "bedrijf-b"), False), SUPPORT)),
    ],
)
def test_the_gaps_of_the_tiny_graph(year: int | None, expected: object, tiny_release: Path) -> None:
    found = gaps(View(valid(released(tiny_release), year), "interventions"))
    assert slugs(found) == expected


@pytest.mark.parametrize(
    ("year", "companies"),
    [(2023, ()), (2024, ()), (2025, ("bedrijf-c",)), (None, ("bedrijf-c",))],
)
def test_the_gap_between_kinds_of_the_tiny_graph(
    year: int | None, companies: tuple[str, ...], tiny_release: Path
) -> None:
    found = gaps(View(valid(released(tiny_release), year), "kinds"))
    waiting = ("workplace-learning",), ("c09-soort-leren-geeft-vakmanschap",)
    assert slugs(found) == (("leerwens", *waiting, companies, False),)


def test_what_is_fragile_in_the_tiny_graph(tiny_release: Path) -> None:
    by_level = [fragile(View(valid(released(tiny_release), None), level)) for level in LEVELS]
    coach = ("c02-coach-wekt-leerwens", "c11-coach-bouwt-voort")
    subsidy = ("c10-soort-subsidie-maakt-tijd",)
    assert slugs(by_level) == (
        (
            ("bewezen-vakmanschap", "vakcertificaat", ("c05-toets-bewijst",), ("leercoach",)),
            ("leerwens", "leercoach", coach, ("werkplekleren",)),
            ("tijd", "leerbudget", ("c01-budget-maakt-tijd",), ("leercoach",)),
            ("vakmanschap", "werkplekleren", ("c04-plek-2025",), ("vakcertificaat",)),
        ),
        (("tijd", "training-subsidy", subsidy, ("workplace-learning",)),),
    )


COACH_ONLY = (("leercoach",), ("c11-coach-bouwt-voort",))
BOTH = (("leercoach", "vakcertificaat"), ("c05-toets-bewijst", "c11-coach-bouwt-voort"))


@pytest.mark.parametrize(
    ("year", "makers"), [(None, BOTH), (2024, BOTH), (2023, COACH_ONLY), (2026, COACH_ONLY)]
)
def test_the_dead_end_of_the_tiny_graph(
    year: int | None, makers: tuple[tuple[str, ...], ...], tiny_release: Path
) -> None:
    # Only c07 needs pride, and there the outcome stays away.
    seen = valid(released(tiny_release), year)
    found = [slugs(dead_ends(View(seen, level))) for level in LEVELS]
    assert found == [(("trots", *makers),), ()]


def test_a_reason_to_act_is_a_gap_that_stands_apart_and_that_nobody_is_asked_to_fill(
    tiny_release: Path,
) -> None:
    given = valid(released(tiny_release), 2026)
    lack = next(name for name in given.conditions if slugs(name) == "bewezen-vakmanschap")
    marked = replace(given.conditions[lack], reason=True)
    view = View(replace(given, conditions={**given.conditions, lack: marked}), "interventions")
    # Equally heavy, and by their names the other way round.
    assert [slugs((gap.condition, gap.reason)) for gap in gaps(view)] == [
        ("leiding-steunt", False),
        ("bewezen-vakmanschap", True),
    ]
    filled = [item for item in improvements(view, links(view)) if item.kind == "gap"]
    assert [slugs(item.condition) for item in filled] == ["leiding-steunt"]


def test_the_question_puts_the_reasons_to_act_last(shipped_release: Path, root: Path) -> None:
    rows = answers(shipped_release, root, "gaps")
    marked = [row["reason"] for row in rows]
    assert marked == sorted(marked)
    view = View(valid(released(shipped_release), None), "kinds")
    asked = {r["condition"] for r in rows if (r["standing"], r["reason"]) == ("aboutKind", "true")}
    assert asked == {slugs(gap.condition) for gap in gaps(view) if gap.reason} != set()


def test_the_question_about_gaps_finds_the_same(tiny_release: Path, root: Path) -> None:
    asked = [
        (row["standing"], row["condition"], int(row["needed_by"]))
        for row in answers(tiny_release, root, "gaps")
    ]
    assert sorted(asked) == _by_level(tiny_release, gaps)


def test_the_question_about_single_makers_finds_the_same(tiny_release: Path, root: Path) -> None:
    asked = [
        (row["standing"], row["condition"], int(row["needed_by"]))
        for row in answers(tiny_release, root, "single-makers")
    ]
    assert sorted(asked) == _by_level(tiny_release, fragile)


@pytest.mark.parametrize("year", [None, 2023, 2026])
def test_the_gaps_known_from_studies_are_the_gaps_between_kinds(
    year: int | None, shipped_release: Path
) -> None:
    found = gaps(View(valid(released(shipped_release), year), "kinds"))
    assert {slugs(gap.condition) for gap in found} == KNOWN_GAPS


@settings(max_examples=100, deadline=None)
@given(worlds(), st.sampled_from([None, 2023, 2024]), st.sampled_from(LEVELS))
def test_needs_gaps_and_fragile_are_those_that_brute_force_finds(
    given: World, year: int | None, level: Level
) -> None:
    seen = valid(given, year)
    view = View(seen, level)
    wanted = [item for item in operators(seen, level) if item.configuration.valence in GOOD]
    needed, missing, alone = {}, {}, {}
    for name in CONDITIONS:
        takers = {item.subject for item in wanted if name in item.configuration.needs}
        makers = {
            item.subject
            for item in wanted
            if any(satisfies(seen, made, name) for made in item.configuration.outcomes)
        }
        if takers:
            needed[name] = (takers, makers)
            if not makers and seen.conditions[name].malleable:
                missing[name] = (takers, _waiting(view, name, takers))
            if len(makers) == 1 and takers - makers:
                alone[name] = (*makers, takers - makers)
    assert {n.condition: (set(n.takers), set(n.makers)) for n in needs(view)} == needed
    assert {
        gap.condition: (set(gap.interventions), set(gap.companies)) for gap in gaps(view)
    } == missing
    assert {f.condition: (f.maker, set(f.interventions)) for f in fragile(view)} == alone


@settings(max_examples=100, deadline=None)
@given(worlds(), st.sampled_from(LEVELS))
def test_dead_ends_are_those_that_brute_force_finds(given: World, level: Level) -> None:
    seen = valid(given, None)
    wanted = [item for item in operators(seen, level) if item.configuration.valence in GOOD]
    asked = {name for item in wanted for name in item.configuration.needs}
    asked |= {name for name, condition in seen.conditions.items() if condition.goals}
    made = {name for item in wanted for name in item.configuration.outcomes}
    expected = {name for name in made if not any(satisfies(seen, name, other) for other in asked)}
    assert {item.condition for item in dead_ends(View(seen, level))} == expected


def _waiting(view: View, name: str, takers: set[str]) -> set[str]:
    """Return the companies that use a taker while a condition is not known to hold."""
    return {
        company
        for company in COMPANIES
        if takers & view.uses.get(company, {}).keys() and name not in view.known[company].holds
    }


def _by_level(
    folder: Path, find: Callable[[View], tuple[Gap, ...] | tuple[Fragile, ...]]
) -> list[tuple[str, str, int]]:
    seen = valid(released(folder), None)
    return sorted(
        (standing, item.condition.rpartition("/")[2], len(item.interventions))
        for level, standing in zip(LEVELS, ("aboutIntervention", "aboutKind"), strict=True)
        for item in find(View(seen, level))
    )


def test_the_heaviest_gap_comes_first() -> None:
    made = world(
        conditions=[Condition(name) for name in ("c0", "c1", "c2", "c3")],
        configurations=[
            configuration("x0", "i0", "c0 c1 c2"),
            configuration("x1", "i1", "c2"),
            configuration("x2", "i0", "c1 c3"),
        ],
        interventions=[Intervention("i0"), Intervention("i1")],
        companies=[Company("f0", holds=frozenset({"c0"}))],
        deployments=[Deployment("i0", "f0", 2024)],
    )
    found = gaps(View(made, "interventions"))
    assert [gap.condition for gap in found] == ["c2", "c1", "c3", "c0"]


def test_what_is_given_is_no_gap() -> None:
    made = world(
        conditions=[Condition("c0", malleable=False)],
        configurations=[configuration("x0", "i0", "c0")],
        interventions=[Intervention("i0")],
    )
    assert gaps(View(made, "interventions")) == ()


def test_a_goal_for_something_broader_saves_an_outcome_from_being_a_dead_end() -> None:
    made = world(
        conditions=[
            Condition("c0", broader=frozenset({"c1"})),
            Condition("c1", goals=frozenset({"g0"})),
            Condition("c2"),
        ],
        configurations=[configuration("x0", "i0", "", "c0 c2")],
        interventions=[Intervention("i0")],
    )
    found = dead_ends(View(made, "interventions"))
    assert slugs(found) == (("c2", ("i0",), ("x0",)),)


@pytest.mark.parametrize(
    ("holds", "lacks", "known", "absent"),
    [
        ("c0", "", {"c0", "c1"}, {"c2"}),
        ("", "c1", set(), {"c0", "c1"}),
        ("c0", "c0", {"c1"}, {"c2"}),
        ("c0", "c1", set(), {"c2"}),
        ("c1 c2", "", set(), {"c0"}),
        ("", "", set(), set()),
    ],
)
def test_what_is_known_of_a_company_follows_and_does_not_contradict_itself(
    holds: str, lacks: str, known: set[str], absent: set[str]
) -> None:
    made = world(
        conditions=[
            Condition("c0", broader=frozenset({"c1"})),
            Condition("c1", opposes=frozenset({"c2"})),
            Condition("c2"),
        ],
        companies=[Company("f0", holds=frozenset(holds.split()), lacks=frozenset(lacks.split()))],
    )
    found = View(made, "interventions").known["f0"]
    assert (set(found.holds), set(found.absent)) == (known, absent)


def test_an_empty_world_needs_nothing() -> None:
    view = View(world(), "interventions")
    assert (needs(view), gaps(view), fragile(view), dead_ends(view)) == ((), (), (), ())
