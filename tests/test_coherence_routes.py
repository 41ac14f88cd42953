"""Routes of a company to a goal, and what stands in the way where there is none."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulator import Simulator, State, chains
from worlds import CONDITIONS, INTERVENTIONS, configuration, released, slugs, world, worlds

from s4s_graph.coherence.model import (
    Company,
    Condition,
    Configuration,
    Finding,
    Intervention,
    Operator,
    World,
    valid,
)
from s4s_graph.coherence.reach import GoalError, reach
from s4s_graph.coherence.routes import By, Lack, Route, Routes, Settings, Step, routes
from s4s_graph.coherence.view import View

any_world = st.one_of(chains(), worlds())
some_worlds = settings(max_examples=40, deadline=None)
WAYS: tuple[By, ...] = ("number", "hours", "years", "evidence")
COMPANY = Company("f", holds=frozenset({"start"}))


def on(given_world: World, year: int | None = None) -> View:
    """Return the view of the interventions in a year."""
    return View(valid(given_world, year), "interventions")


def made(*configurations: Configuration, conditions: Iterable[Condition] = ()) -> View:
    """Return the view of some configurations, and of each condition and intervention they name."""
    named = {name for c in configurations for name in c.needs | c.hindered | c.outcomes | c.takes}
    known = {condition.id: condition for condition in conditions}
    return on(
        world(
            conditions=[known.get(name, Condition(name)) for name in sorted(named | known.keys())],
            interventions=[Intervention(name) for name in {c.subject for c in configurations}],
            configurations=configurations,
        )
    )


def told(found: Routes) -> list[list[str]]:
    """Return the interventions of each route."""
    return [[step.intervention for step in route.steps] for route in found.routes]


@pytest.fixture
def tiny(tiny_release: Path) -> Callable[[str, str], Routes]:
    """Ask for the routes of a company of the tiny graph in 2025."""
    view = on(released(tiny_release), 2025)
    segment = "https://w3id.org/skills4skills/id/"

    def ask(company: str, goal: str) -> Routes:
        return routes(view, view.world.companies[f"{segment}company/{company}"], segment + goal)

    return ask


def test_at_b_workplace_learning_is_enough(tiny: Callable[[str, str], Routes]) -> None:
    [route] = tiny("bedrijf-b", "policy-goal/techniek-centra").routes
    assert slugs(route.steps) == (
        slugs(
            Step(
                intervention="werkplekleren",
                alternatives=(),
                year=1,
                configurations=("c04-plek-2025",),
                ground="contradicted",
                creates=("vakmanschap",),
                undoes=(),
                adverse=(),
                absent=("werkdruk",),
                doubts=(),
                hours=route.steps[0].hours,
            )
        ),
    )
    assert (slugs(route.reaches), route.assumed) == (("vakmanschap",), ())


def test_at_c_three_steps_need_the_support_of_managers(
    tiny: Callable[[str, str], Routes],
) -> None:
    [route] = tiny("bedrijf-c", "policy-goal/techniek-centra").routes
    assert slugs(step.intervention for step in route.steps) == (
        "leerbudget",
        "leercoach",
        "werkplekleren",
    )
    assert slugs(step.undoes for step in route.steps) == (("werkdruk",), (), ())
    assert slugs(route.assumed) == ("leiding-steunt",)
    assert (route.cost.steps, route.cost.years, route.cost.ground) == (3, 3, "contradicted")


def test_at_a_nobody_can_make_what_is_lacking(tiny: Callable[[str, str], Routes]) -> None:
    found = tiny("bedrijf-a", "policy-goal/techniek-centra")
    assert (found.routes, slugs(found.blockers)) == ((), (((("leiding-steunt", True),), ((),)),))


def test_what_holds_needs_no_route(tiny: Callable[[str, str], Routes]) -> None:
    found = tiny("bedrijf-b", "policy-goal/mensgerichte-technologie")
    assert (slugs(found.held), found.routes, found.blockers) == (("leiding-steunt",), (), ())


def test_a_goal_that_nobody_makes_has_no_makers(tiny: Callable[[str, str], Routes]) -> None:
    found = tiny("bedrijf-c", "policy-goal/mensgerichte-technologie")
    assert (found.makers, found.routes, found.blockers) == ((), (), ())


def cost_of(view: View, by: By) -> Callable[[str, bool, tuple[Operator, ...]], float]:
    """Return what a deployment costs, worked out anew."""
    hours = {name: item.hours for name, item in view.world.interventions.items()}
    most = max((h for h in hours.values() if h is not None), default=0)

    def rank(operator: Operator) -> int:
        state = view.state(operator.configuration.id)
        if state == "contradicted":
            return 4
        return 3 if operator.from_kind else 1 if state == "supported" else 2

    def cost(subject: str, shares: bool, relied: tuple[Operator, ...]) -> float:
        known = hours[subject]
        return {
            "number": 1,
            "hours": most if known is None else known,
            "years": 0 if shares else 1,
            "evidence": max(map(rank, relied)),
        }[by]

    return cost


def with_hours(given_world: World, hours: list[int | None]) -> World:
    """Return the world with so many hours for each intervention."""
    interventions = {
        name: replace(item, hours=amount)
        for (name, item), amount in zip(given_world.interventions.items(), hours, strict=True)
    }
    return replace(given_world, interventions=interventions)


any_hours = st.lists(st.sampled_from([None, 0, 2, 5]), min_size=4, max_size=4)
NOTHING_ASSUMED = Settings(assumed=0, lacking=0)


@some_worlds
@given(any_world, any_hours, st.sampled_from(WAYS))
def test_the_best_route_costs_what_an_exhaustive_search_finds(
    given_world: World, hours: list[int | None], by: By
) -> None:
    view = on(with_hours(given_world, hours))
    slow, company = Simulator(view.world), view.world.companies["f0"]
    costs = slow.costs(slow.start(company), cost_of(view, by), by == "years")
    for goal in (*CONDITIONS, "g0"):
        found = routes(view, company, goal, by, NOTHING_ASSUMED)
        assert found.complete
        least = slow.least(costs, found.conditions)
        if found.held:
            assert least == 0
        else:
            assert least == (paid(found.routes[0], by) if found.routes else None)


def paid(route: Route, by: By) -> float:
    """Return the cost of a route."""
    grounds = ["supported", "hypothesis", "from-kind", "contradicted"]
    return {
        "number": route.cost.steps,
        "hours": route.cost.hours,
        "years": route.cost.years,
        "evidence": sum(grounds.index(step.ground) + 1 for step in route.steps),
    }[by]


@some_worlds
@given(any_world, st.sampled_from(WAYS), st.sampled_from([*CONDITIONS, "g0"]))
def test_a_route_replayed_reaches_the_goal_and_uses_nothing_blocked(
    given_world: World, by: By, goal: str
) -> None:
    view = on(given_world)
    slow = Simulator(view.world)
    for company in view.world.companies.values():
        found = routes(view, company, goal, by)
        known = slow.holds(company) | slow.absent(company)
        for route in found.routes:
            assert known.isdisjoint(route.assumed)
            state = replay(slow, slow.start(company, route.assumed), route)
            assert set(route.reaches) == {c for c in found.conditions if slow.met(c, state.helps)}
            assert route.reaches


def replay(slow: Simulator, state: State, route: Route) -> State:
    """Deploy the steps one by one, relying on what the route says; return where that leads."""
    for step in route.steps:
        items = [slow.world.configurations[name] for name in step.configurations]
        for name in (step.intervention, *step.alternatives):
            own = [operator.configuration for operator in slow.operators[name]]
            assert all(item in own for item in items)
        assert all(slow.sure(item, state) for item in items)
        following = slow.deploy(step.intervention, state, items)
        assert set(step.creates) == {
            name for item in items for name in item.brings & following.helps - state.helps
        }
        assert set(step.undoes) == state.helps - following.helps
        state = following
    return state


@some_worlds
@given(chains(), st.sampled_from(CONDITIONS))
def test_a_route_that_assumes_nothing_stays_within_reach(given_world: World, goal: str) -> None:
    view = on(given_world)
    sure, possible = reach(view), reach(view, assume_unknown=True)
    for company in view.world.companies.values():
        for route in routes(view, company, goal).routes:
            within = possible if route.assumed else sure
            assert goal in within.reached(company.id)


@some_worlds
@given(chains(), st.sampled_from(CONDITIONS))
def test_assumptions_and_blockers_are_the_smallest_that_do(given_world: World, goal: str) -> None:
    view = on(given_world)
    slow = Simulator(view.world)
    company = view.world.companies["f0"]
    found = routes(view, company, goal)

    def opens(assumed: Iterable[str]) -> bool:
        costs = slow.costs(slow.start(company, assumed), cost_of(view, "number"))
        return slow.least(costs, [goal]) is not None

    def sound(names: Iterable[str]) -> bool:
        chosen = frozenset(names)
        return not any(slow.against[name] & chosen or goal in slow.up[name] for name in chosen)

    known = slow.holds(company) | slow.absent(company)
    unknown = sorted(view.world.conditions.keys() - known)
    for route in found.routes:
        for size in range(len(route.assumed)):
            assert not any(opens(s) for s in combinations(unknown, size) if sound(s))
    for blocker in found.blockers:
        adding = [lack.condition for lack in blocker.lacks if lack.present]
        if len(adding) == len(blocker.lacks):
            assert opens(adding)
            for size in range(len(adding)):
                assert not any(opens(some) for some in combinations(adding, size))
    if not found.routes and not found.held and found.makers:
        singles = {name for name in CONDITIONS if sound([name]) and opens([name])}
        alone = {b.lacks[0].condition for b in found.blockers if len(b.lacks) == 1}
        assert singles == {name for name in alone if Lack(name, True) in lacks(found)}


@some_worlds
@given(chains(), st.sampled_from(CONDITIONS))
def test_beyond_the_bound_what_is_found_is_enough_and_no_part_of_it_is(
    given_world: World, goal: str
) -> None:
    view = on(given_world)
    slow = Simulator(view.world)
    company = view.world.companies["f0"]

    def opens(assumed: Iterable[str]) -> bool:
        costs = slow.costs(slow.start(company, assumed), cost_of(view, "number"))
        return slow.least(costs, [goal]) is not None

    found = routes(view, company, goal, settings=Settings(sets=0))
    sets = [route.assumed for route in found.routes]
    for blocker in found.blockers:
        if all(lack.present for lack in blocker.lacks):
            sets.append(tuple(lack.condition for lack in blocker.lacks))
    for names in sets:
        assert opens(names)
        assert not any(opens(part) for n in range(len(names)) for part in combinations(names, n))


def lacks(found: Routes) -> set[Lack]:
    """Return every lack in the blockers."""
    return {lack for blocker in found.blockers for lack in blocker.lacks}


@some_worlds
@given(chains(), st.sampled_from(CONDITIONS))
def test_each_further_route_leaves_something_out(given_world: World, goal: str) -> None:
    view = on(given_world)
    for company in view.world.companies.values():
        found = [route for route in routes(view, company, goal).routes if not route.assumed]
        for first, second in combinations(found, 2):
            assert first.cost.steps <= second.cost.steps
            assert not {s.intervention for s in first.steps} <= {
                s.intervention for s in second.steps
            }


@some_worlds
@given(chains(), st.sampled_from(WAYS), st.sampled_from(CONDITIONS))
def test_other_names_change_no_cost(given_world: World, by: By, goal: str) -> None:
    names = dict(zip(INTERVENTIONS, reversed(INTERVENTIONS), strict=True))
    other = replace(
        given_world,
        interventions={
            names[n]: replace(i, id=names[n]) for n, i in given_world.interventions.items()
        },
        configurations={
            n: replace(c, subject=names.get(c.subject, c.subject))
            for n, c in given_world.configurations.items()
        },
    )
    company = given_world.companies["f0"]
    one = routes(on(given_world), company, goal, by, NOTHING_ASSUMED)
    two = routes(on(other), company, goal, by, NOTHING_ASSUMED)
    assert [paid(r, by) for r in one.routes[:1]] == [paid(r, by) for r in two.routes[:1]]
    assert one.held == two.held


def test_a_step_that_undoes_what_is_needed_is_put_first() -> None:
    view = made(
        configuration("x1", "scan", "start", "plan", takes="time"),
        configuration("x2", "budget", "start", "time"),
        configuration("x3", "course", "plan time", "skill"),
    )
    assert told(routes(view, COMPANY, "skill")) == [["scan", "budget", "course"]]


def test_no_route_rests_on_an_adverse_outcome() -> None:
    view = made(
        configuration("x1", "scan", "start", "stress", valence="averechts"),
        configuration("x2", "talk", "stress", "insight"),
    )
    found = routes(view, COMPANY, "insight", settings=NOTHING_ASSUMED)
    assert (found.routes, found.blockers) == ((), ())


def test_an_adverse_outcome_hinders_what_comes_after() -> None:
    view = made(
        configuration("x1", "scan", "start", "plan"),
        configuration("x2", "scan", "start", "stress", valence="averechts"),
        configuration("x3", "course", "plan", "skill", hindered="stress"),
        configuration("x4", "rest", "start", takes="stress"),
    )
    [route] = routes(view, COMPANY, "skill").routes
    assert [step.intervention for step in route.steps] == ["scan", "rest", "course"]
    assert route.steps[0].adverse == ("stress",)


def test_what_an_adverse_configuration_undoes_in_the_same_step_is_not_counted_on() -> None:
    view = made(
        configuration("x1", "scan", "start", "time"),
        configuration("x2", "scan", "start", takes="time", valence="averechts"),
    )
    assert routes(view, COMPANY, "time").routes == ()


def test_steps_share_a_year_if_they_could_start_together() -> None:
    view = made(
        configuration("x1", "budget", "start", "time"),
        configuration("x2", "talk", "start", "wish"),
        configuration("x3", "course", "time wish", "skill"),
    )
    [route] = routes(view, COMPANY, "skill", "years").routes
    assert sorted(step.year for step in route.steps) == [1, 1, 2]
    assert route.cost.years == 2


def test_fewer_years_may_take_more_steps() -> None:
    pieces = "a b c d e"
    view = made(
        *(configuration(f"x-{name}", f"make-{name}", "start", name) for name in pieces.split()),
        configuration("x1", "join", pieces, "skill"),
        configuration("x2", "first", "start", "f"),
        configuration("x3", "then", "f", "g"),
        configuration("x4", "last", "g", "skill"),
    )
    assert told(routes(view, COMPANY, "skill", "number"))[0] == ["first", "then", "last"]
    quick = routes(view, COMPANY, "skill", "years").routes[0]
    assert (quick.cost.years, quick.cost.steps) == (2, 6)


def test_a_step_is_as_well_founded_as_what_it_is_relied_on_for() -> None:
    given_world = made(
        configuration("x1", "both", "start", "plan"),
        configuration("x2", "both", "start", "skill"),
        configuration("x3", "course", "plan", "skill"),
    ).world
    findings = {
        "e1": Finding("e1", "x1", "supports", None, None, True),
        "e2": Finding("e2", "x2", "contradicts", None, None, True),
        "e3": Finding("e3", "x3", "supports", None, None, True),
    }
    view = on(replace(given_world, findings=findings))
    best = routes(view, COMPANY, "skill", "evidence").routes[0]
    assert [step.configurations for step in best.steps] == [("x1",), ("x3",)]
    assert best.cost.ground == "supported"


def test_the_same_configurations_are_one_step_with_alternatives() -> None:
    given_world = world(
        conditions=[Condition("start"), Condition("time")],
        kinds=[Intervention("k0")],
        interventions=[Intervention(n, kinds=frozenset({"k0"})) for n in ("second", "first")],
        configurations=[configuration("x1", "k0", "start", "time")],
    )
    [route] = routes(on(given_world), COMPANY, "time").routes
    [step] = route.steps
    assert (step.intervention, step.alternatives, step.ground) == (
        "first",
        ("second",),
        "from-kind",
    )


def test_the_better_founded_route_may_be_the_longer() -> None:
    given_world = made(
        configuration("x1", "quick", "start", "skill"),
        configuration("x2", "talk", "start", "wish"),
        configuration("x3", "course", "wish", "skill"),
    ).world
    findings = {
        "e1": Finding("e1", "x1", "contradicts", None, None, True),
        "e2": Finding("e2", "x2", "supports", None, None, True),
        "e3": Finding("e3", "x3", "supports", None, None, True),
    }
    view = on(replace(given_world, findings=findings))
    assert told(routes(view, COMPANY, "skill", "number"))[0] == ["quick"]
    assert told(routes(view, COMPANY, "skill", "evidence"))[0] == ["talk", "course"]


def test_a_configuration_that_says_it_stays_away_is_told() -> None:
    view = made(
        configuration("x1", "course", "start", "skill"),
        configuration("x2", "course", "start", "skill", valence="uitblijvend"),
    )
    [route] = routes(view, COMPANY, "skill").routes
    assert route.steps[0].doubts == ("x2",)


def test_a_hindrance_that_nothing_lifts_is_a_blocker() -> None:
    view = made(
        configuration("x1", "course", "", "skill", hindered="stress"),
        configuration("x2", "rest", "room", takes="stress"),
    )
    found = routes(
        view, Company("f", holds=frozenset({"stress"}), lacks=frozenset({"room"})), "skill"
    )
    assert {blocker.lacks for blocker in found.blockers} == {
        (Lack("room", True),),
        (Lack("stress", False),),
    }
    [lifted] = [b for b in found.blockers if b.lacks == (Lack("stress", False),)]
    assert [maker.intervention for maker in lifted.makers[0]] == ["rest"]


def test_a_bound_that_is_hit_is_told() -> None:
    view = made(
        configuration("x1", "one", "start", "a"),
        configuration("x2", "two", "a", "b"),
        configuration("x3", "three", "b", "c"),
    )
    assert routes(view, COMPANY, "c").complete
    found = routes(view, COMPANY, "c", settings=Settings(states=1))
    assert (found.routes, found.complete, found.expanded) == ((), False, 1)


def test_beyond_the_bound_the_way_back_from_the_goal_is_followed() -> None:
    view = made(
        configuration("x1", "course", "plan time", "skill", hindered="stress"),
        configuration("x2", "talk", "wish", "plan"),
        *(configuration(f"y{n}", f"other{n}", f"need{n}", f"thing{n}") for n in range(9)),
        configuration("x3", "all", " ".join(f"thing{n}" for n in range(9)), "skill"),
    )
    everything = frozenset(view.world.conditions)
    company = Company("f", holds=frozenset({"stress"}), lacks=everything - {"stress", "time"})
    found = routes(view, company, "skill", settings=Settings(sets=5))
    assert not found.complete
    assert [blocker.lacks for blocker in found.blockers] == [
        (Lack("plan", True), Lack("stress", False), Lack("time", True)),
        (Lack("stress", False), Lack("time", True), Lack("wish", True)),
    ]
    assert found.blockers == routes(view, company, "skill").blockers
    assert [m.intervention for m in found.blockers[0].makers[0]] == ["talk"]


def test_beyond_the_bound_a_smaller_set_within_a_near_one_is_found() -> None:
    view = made(
        configuration("x1", "course", "plan time wish", "skill"),
        configuration("x2", "talk", "plan hour", "wish"),
        conditions=[Condition("hour", broader=frozenset({"time"}))],
    )
    company = Company("f", lacks=frozenset(view.world.conditions))
    found = routes(view, company, "skill", settings=Settings(sets=0))
    assert [[lack.condition for lack in blocker.lacks] for blocker in found.blockers] == [
        ["hour", "plan"],
        ["plan", "time", "wish"],
    ]


def test_what_drives_out_a_hindrance_is_a_blocker() -> None:
    view = made(
        configuration("x1", "course", "", "skill", hindered="stress"),
        configuration("x2", "retreat", "calm wish", "skill"),
        conditions=[Condition("calm", opposes=frozenset({"stress"}))],
    )
    company = Company("f", holds=frozenset({"stress"}), lacks=frozenset({"wish"}))
    assert {blocker.lacks for blocker in routes(view, company, "skill").blockers} == {
        (Lack("calm", True),),
        (Lack("stress", False),),
    }


def test_a_change_that_only_keeps_something_from_being_undone_is_a_blocker() -> None:
    view = made(
        configuration("x1", "course", "", "skill"),
        configuration("x2", "course", "", takes="skill", valence="averechts", hindered="rest"),
    )
    found = routes(view, Company("f", lacks=frozenset({"rest"})), "skill")
    assert [blocker.lacks for blocker in found.blockers] == [(Lack("rest", True),)]


def test_a_configuration_without_anything_does_no_harm() -> None:
    view = made(configuration("x1", "course"), configuration("x2", "talk", "start", "wish"))
    assert told(routes(view, COMPANY, "wish")) == [["talk"]]


def test_a_circle_of_broader_conditions_is_one_condition() -> None:
    view = made(
        configuration("x1", "talk", "start", "wish"),
        configuration("x2", "course", "will", "skill"),
        conditions=[
            Condition("wish", broader=frozenset({"will"})),
            Condition("will", broader=frozenset({"wish"})),
        ],
    )
    assert told(routes(view, COMPANY, "skill")) == [["talk", "course"]]


def test_what_a_company_says_both_ways_may_be_assumed() -> None:
    view = made(configuration("x1", "course", "time", "skill"))
    company = Company("f", holds=frozenset({"time"}), lacks=frozenset({"time"}))
    [route] = routes(view, company, "skill").routes
    assert route.assumed == ("time",)


def test_a_goal_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(GoalError):
        routes(made(), COMPANY, "nothing")


def test_a_goal_without_conditions_has_no_answer() -> None:
    found = routes(made(), COMPANY, "g0")
    assert (found.conditions, found.held, found.routes, found.blockers) == ((), (), (), ())
