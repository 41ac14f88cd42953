"""Which conditions companies can reach, all companies at once."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulator import Simulator
from worlds import CONDITIONS, configuration, released, slugs, world, worlds

from s4s_graph.coherence.indicators import Share
from s4s_graph.coherence.model import Company, Condition, Intervention, World, valid
from s4s_graph.coherence.reach import GoalError, goals, reach, share, wanted
from s4s_graph.coherence.view import View

some_worlds = settings(max_examples=50, deadline=None)
any_conditions = st.frozensets(st.sampled_from(CONDITIONS))
SURE = {
    "bedrijf-a": {"geen-hr", "tijd", "leerwens", "concrete-leerwens"},
    "bedrijf-b": {"leerwens", "leiding-steunt", "vakmanschap", "bewezen-vakmanschap", "trots"},
    "bedrijf-c": {"werkdruk", "geen-hr", "tijd", "leerwens", "concrete-leerwens"},
}


def on(given: World, year: int | None = None) -> View:
    """Return the view of the interventions in a year."""
    return View(valid(given, year), "interventions")


def test_the_reach_of_the_tiny_graph(tiny_release: Path) -> None:
    view = on(released(tiny_release), 2025)
    found = reach(view)
    assert {slugs(c): set(map(slugs, found.reached(c))) for c in found.companies} == SURE


def test_the_goals_of_the_tiny_graph(tiny_release: Path) -> None:
    view = on(released(tiny_release), 2025)
    assert slugs(goals(view)) == (
        ("techniek-centra", "vakmanschap", (), ("bedrijf-b",), ("bedrijf-a", "bedrijf-c")),
        ("mensgerichte-technologie", "leiding-steunt", ("bedrijf-b",), (), ("bedrijf-c",)),
    )
    assert share(view) == Share(2, 6)


@some_worlds
@given(worlds(), st.booleans(), st.sampled_from([None, 2024]))
def test_all_companies_at_once_is_each_by_itself(
    given_world: World, assume: bool, year: int | None
) -> None:
    view = on(given_world, year)
    found, slow = reach(view, assume_unknown=assume), Simulator(view.world)
    for company in view.world.companies.values():
        expected = slow.reach(company, assume_unknown=assume)
        assert found.reached(company.id) == expected
        assert {c for c in CONDITIONS if company.id in found.of(c)} == expected


@some_worlds
@given(
    worlds(), st.frozensets(st.sampled_from(CONDITIONS)), st.frozensets(st.sampled_from(CONDITIONS))
)
def test_without_hindrances_more_that_holds_is_more_in_reach(
    given_world: World, some: frozenset[str], more: frozenset[str]
) -> None:
    bare = replace(
        given_world,
        conditions={n: replace(c, opposes=frozenset()) for n, c in given_world.conditions.items()},
        configurations={
            n: replace(c, hindered=frozenset(), takes=frozenset())
            for n, c in given_world.configurations.items()
        },
    )
    found = reach(
        on(bare), companies=[Company("less", holds=some), Company("more", holds=some | more)]
    )
    assert found.reached("less") <= found.reached("more")


@some_worlds
@given(worlds())
def test_what_is_sure_is_possible(given_world: World) -> None:
    view = on(given_world)
    sure, possible = reach(view), reach(view, assume_unknown=True)
    for company in sure.companies:
        assert sure.reached(company) <= possible.reached(company)


@some_worlds
@given(worlds(), st.sampled_from([2023, 2024, 2025]))
def test_the_year_is_as_if_only_what_is_valid_then_had_been_read(
    given_world: World, year: int
) -> None:
    kept = valid(given_world, year).configurations
    left = replace(
        given_world,
        configurations={
            n: replace(c, first=None, last=None, revises=None) for n, c in kept.items()
        },
    )
    assert reach(on(given_world, year)) == reach(on(left))


@some_worlds
@given(worlds())
def test_other_names_change_nothing(given_world: World) -> None:
    other = renamed(given_world)
    found, again = reach(on(given_world)), reach(on(other))
    for company in found.companies:
        assert {c[::-1] for c in found.reached(company)} == again.reached(company[::-1])


def renamed(given_world: World) -> World:
    """Return the world with the ids of conditions, interventions and companies back to front."""

    def turn(names: frozenset[str]) -> frozenset[str]:
        return frozenset(name[::-1] for name in names)

    return replace(
        given_world,
        conditions={
            n[::-1]: replace(c, id=n[::-1], broader=turn(c.broader), opposes=turn(c.opposes))
            for n, c in given_world.conditions.items()
        },
        interventions={
            n[::-1]: replace(i, id=n[::-1]) for n, i in given_world.interventions.items()
        },
        configurations={
            n: replace(
                c,
                subject=c.subject if c.subject in given_world.kinds else c.subject[::-1],
                needs=turn(c.needs),
                hindered=turn(c.hindered),
                outcomes=turn(c.outcomes),
                takes=turn(c.takes),
            )
            for n, c in given_world.configurations.items()
        },
        companies={
            n[::-1]: replace(c, id=n[::-1], holds=turn(c.holds), lacks=turn(c.lacks))
            for n, c in given_world.companies.items()
        },
    )


def test_a_hindrance_that_can_be_taken_away_does_not_block() -> None:
    view = on(
        world(
            conditions=[
                Condition("rush", opposes=frozenset({"time"})),
                *map(Condition, ["time", "skill"]),
            ],
            interventions=[Intervention("course"), Intervention("budget")],
            configurations=[
                configuration("c1", "course", brings="skill", hindered="rush"),
                configuration("c2", "budget", brings="time"),
            ],
            companies=[Company("f0", holds=frozenset({"rush"}))],
        )
    )
    assert reach(view).of("skill") == ("f0",)


def test_an_empty_world_has_no_reach() -> None:
    view = on(world())
    assert reach(view).companies == ()
    assert goals(view) == ()
    assert share(view) == Share(0, 0)


def test_a_profile_need_not_be_a_company(tiny_release: Path) -> None:
    view = on(released(tiny_release), 2025)
    found = reach(view, companies=[Company("ticked", holds=frozenset({"no such condition"}))])
    assert found.companies == ("ticked",)
    assert found.reached("ticked") == {"no such condition"}


def test_a_goal_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(GoalError):
        wanted(world(), "nothing")
