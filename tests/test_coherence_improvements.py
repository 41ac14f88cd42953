"""What would improve coherence most, and what each improvement is worth."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulator import Simulator
from worlds import CONDITIONS, configuration, released, slugs, world, worlds

from s4s_graph.coherence.improvements import Improvement, improvements
from s4s_graph.coherence.links import links
from s4s_graph.coherence.model import (
    Company,
    Condition,
    Deployment,
    Intervention,
    Level,
    Operator,
    Relation,
    World,
    valid,
)
from s4s_graph.coherence.reach import asked_for
from s4s_graph.coherence.view import View

some_worlds = settings(max_examples=60, deadline=None)
Lost = set[tuple[str, str]]


def proposed(
    given_world: World, year: int | None = None, most: int = 1000, level: Level = "interventions"
) -> tuple[Improvement, ...]:
    """Return the improvements of a world."""
    view = View(valid(given_world, year), level)
    return improvements(view, links(view), most)


def test_the_improvements_of_the_tiny_graph(tiny_release: Path) -> None:
    found = proposed(released(tiny_release), 2025)
    first, second, *rest = found
    assert (first.kind, *slugs((first.condition, first.takers, first.companies))) == (
        "gap",
        "leiding-steunt",
        ("werkplekleren",),
        ("bedrijf-a", "bedrijf-c"),
    )
    assert set(slugs(first.opens)) == {
        (company, condition)
        for company in ("bedrijf-a", "bedrijf-c")
        for condition in ("leiding-steunt", "vakmanschap")
    }
    assert (second.kind, *slugs((second.condition, second.givers, second.takers))) == (
        "fragile",
        "vakmanschap",
        ("werkplekleren",),
        ("vakcertificaat",),
    )
    assert slugs(second.opens) == (("bedrijf-a", "vakmanschap"), ("bedrijf-c", "vakmanschap"))
    assert slugs(second.protects) == (("bedrijf-b", "vakmanschap"),)
    assert not any(len(item.opens) or len(item.protects) for item in rest)
    assert sorted(item.kind for item in found) == sorted(
        ["gap"] + ["fragile"] * 4 + ["order"] * 4 + ["agreement"] * 3 + ["conflict"] * 2
    )


def test_each_kind_of_intervention_is_seen_on_its_own_level(tiny_release: Path) -> None:
    found = proposed(released(tiny_release), 2025, level="kinds")
    told = [
        (i.kind, *slugs((i.condition, i.givers, tuple(i.protects), i.companies))) for i in found
    ]
    lost, tijd = (("bedrijf-b", "vakmanschap"),), ("tijd", ("training-subsidy",))
    assert told == [
        ("fragile", *tijd, lost, ("bedrijf-a", "bedrijf-b", "bedrijf-c")),
        ("order", *tijd, lost, ("bedrijf-b", "bedrijf-c")),
        ("gap", "leerwens", (), (), ("bedrijf-c",)),
    ]


@some_worlds
@given(worlds())
def test_what_it_opens_is_what_a_new_intervention_would_bring_within_reach(
    given_world: World,
) -> None:
    now = Simulator(given_world := valid(given_world, None))
    for item in proposed(given_world):
        if item.kind in {"gap", "fragile"}:
            assert item.condition is not None
            new = configuration("new", "new", brings=item.condition)
            then = Simulator(
                replace(
                    given_world,
                    interventions={**given_world.interventions, "new": Intervention("new")},
                    configurations={**given_world.configurations, "new": new},
                )
            )
            assert set(item.opens) == within(then) - within(now)
        else:
            assert len(item.opens) == 0


def within(slow: Simulator, skip: dict[str, Callable[[Operator], bool]] | None = None) -> Lost:
    """Return each pair of a company and a goal condition within reach, worked out anew."""
    asked = asked_for(View(slow.world, "interventions"))
    return {
        (name, condition)
        for name, company in slow.world.companies.items()
        for condition in slow.reach(company, skip=(skip or {}).get(name, lambda _: False))
        if condition in asked
    }


@some_worlds
@given(worlds())
def test_what_it_protects_is_what_would_be_lost(given_world: World) -> None:
    given_world = valid(given_world, None)
    slow = Simulator(given_world)
    for item in proposed(given_world):
        skip = failing(slow, item)
        assert set(item.protects) == within(slow) - within(slow, skip)


def failing(slow: Simulator, item: Improvement) -> dict[str, Callable[[Operator], bool]]:
    """Return by company what does not work there without an improvement, from its definition."""
    names = slow.world.companies
    if item.kind == "gap":
        return {}
    if item.kind == "fragile":
        return dict.fromkeys(names, lambda o: makes(slow, o, item.givers[0], item.condition))
    if item.kind == "agreement":
        return {name: hangs(slow, item, name) for name in names}
    if item.kind == "order":
        return dict.fromkeys(
            item.companies,
            lambda o: o.subject in item.takers and item.condition in o.configuration.needs,
        )
    return dict.fromkeys(item.companies, lambda o: suffers(slow, o, item))


def makes(slow: Simulator, operator: Operator, subject: str, condition: str | None) -> bool:
    """Say whether an operator of a subject brings a condition about."""
    brings = operator.configuration.brings
    return operator.subject == subject and any(condition in slow.up[name] for name in brings)


def hangs(slow: Simulator, item: Improvement, company: str) -> Callable[[Operator], bool]:
    """Say of operators whether they need what the giver alone makes and the company has not."""
    helpful = [
        o
        for found in slow.operators.values()
        for o in found
        if o.configuration.valence in ("beoogd", "onbedoeld-gunstig")
    ]
    holds = slow.holds(slow.world.companies[company])

    def only(condition: str) -> bool:
        makers = {o.subject for o in helpful if makes(slow, o, o.subject, condition)}
        return makers == set(item.givers) and condition not in holds

    return lambda o: o.subject in item.takers and any(map(only, o.configuration.needs))


def suffers(slow: Simulator, operator: Operator, item: Improvement) -> bool:
    """Say whether something that the giver does works against an operator of the taker."""
    mine = operator.configuration
    if operator.subject not in item.takers:
        return False
    return any(
        any(
            slow.up[made] & mine.hindered or slow.against[made] & mine.needs
            for made in other.brings
        )
        or any((slow.up[made] | slow.down[made]) & mine.needs for made in other.takes)
        for other in (o.configuration for o in slow.operators.get(item.givers[0], []))
    )


@some_worlds
@given(worlds())
def test_they_are_ranked_by_what_they_are_worth(given_world: World) -> None:
    found = proposed(given_world)
    assert worth(found) == sorted(worth(found), reverse=True)
    # Of links and conflicts that concern no company and protect nothing, not all are looked at.
    assert worth(proposed(given_world, most=2)) == worth(found[:2])


def worth(found: Iterable[Improvement]) -> list[tuple[int, int, int, int]]:
    """Return what improvements are ranked by."""
    return [(len(i.opens), len(i.protects), len(i.companies), len(i.takers)) for i in found]


@some_worlds
@given(worlds(), st.sampled_from([2023, 2024, 2025]))
def test_a_year_is_as_if_only_what_is_valid_then_had_been_read(
    given_world: World, year: int
) -> None:
    kept = valid(given_world, year)
    left = replace(
        kept,
        configurations={
            n: replace(c, first=None, last=None, revises=None)
            for n, c in kept.configurations.items()
        },
    )
    assert proposed(given_world, year) == proposed(left)


@some_worlds
@given(worlds())
def test_other_names_change_no_worth(given_world: World) -> None:
    names = {name: f"z{9 - place}" for place, name in enumerate(CONDITIONS)}

    def turn(found: frozenset[str]) -> frozenset[str]:
        return frozenset(names[name] for name in found)

    other = replace(
        given_world,
        conditions={
            names[n]: replace(c, id=names[n], broader=turn(c.broader), opposes=turn(c.opposes))
            for n, c in given_world.conditions.items()
        },
        configurations={
            n: replace(
                c,
                needs=turn(c.needs),
                hindered=turn(c.hindered),
                outcomes=turn(c.outcomes),
                takes=turn(c.takes),
            )
            for n, c in given_world.configurations.items()
        },
        companies={
            n: replace(c, holds=turn(c.holds), lacks=turn(c.lacks))
            for n, c in given_world.companies.items()
        },
    )

    def all_of(found: tuple[Improvement, ...], names: dict[str, str]) -> list[str]:
        return sorted(
            repr(
                (
                    item.kind,
                    names.get(item.condition or ""),
                    item.givers,
                    item.takers,
                    sorted((company, names[c]) for company, c in item.opens),
                    sorted((company, names[c]) for company, c in item.protects),
                )
            )
            for item in found
        )

    back = {name: name for name in names.values()}
    assert all_of(proposed(given_world), names) == all_of(proposed(other), back)


@pytest.fixture
def chain() -> World:
    """A budget makes the time for a course, by different holders; two companies used both."""
    return world(
        conditions=[
            Condition("time"),
            Condition("skill", goals=frozenset({"g0"})),
        ],
        interventions=[
            Intervention("budget", holders=frozenset({"fund"})),
            Intervention("course", holders=frozenset({"school"})),
        ],
        configurations=[
            configuration("x1", "budget", brings="time"),
            configuration("x2", "course", "time", "skill"),
        ],
        companies=[Company("f0"), Company("f1", holds=frozenset({"time"}))],
        deployments=[
            Deployment(name, company, year)
            for company in ("f0", "f1")
            for name, year in (("course", 2024), ("budget", 2025))
        ],
    )


def test_an_agreement_protects_what_hangs_on_the_link(chain: World) -> None:
    [agreement] = [item for item in proposed(chain) if item.kind == "agreement"]
    assert (agreement.givers, agreement.takers) == (("budget",), ("course",))
    assert tuple(agreement.protects) == (("f0", "skill"),)
    assert agreement.companies == ("f0", "f1")
    assert (agreement.configurations, agreement.standing) == (("x2",), "hypothesis")


def test_what_is_said_or_held_by_one_needs_no_agreement(chain: World) -> None:
    said = {"r0": Relation("r0", "budget", "course", "hands-over-to")}
    one = {
        name: replace(item, holders=frozenset({"fund"}))
        for name, item in chain.interventions.items()
    }
    for other in (replace(chain, relations=said), replace(chain, interventions=one)):
        assert not [item for item in proposed(other) if item.kind == "agreement"]


def test_the_right_order_protects_what_the_late_one_makes_possible(chain: World) -> None:
    [order] = [item for item in proposed(chain) if item.kind == "order"]
    assert (order.condition, order.givers, order.takers) == ("time", ("budget",), ("course",))
    assert (order.companies, tuple(order.protects)) == (("f0",), (("f0", "skill"),))


def test_a_conflict_puts_at_risk_what_suffers_from_it(chain: World) -> None:
    scan = configuration("x3", "scan", takes="time", valence="averechts")
    found = proposed(
        replace(
            chain,
            interventions={**chain.interventions, "scan": Intervention("scan")},
            configurations={**chain.configurations, "x3": scan},
            deployments=chain.deployments | {Deployment("scan", "f1", 2024)},
        )
    )
    [conflict] = [item for item in found if item.kind == "conflict"]
    assert (conflict.givers, conflict.takers) == (("scan",), ("course",))
    assert (conflict.companies, tuple(conflict.protects)) == (("f1",), (("f1", "skill"),))
    assert conflict.configurations == ("x2", "x3")


def test_a_gain_counts_pairs(chain: World) -> None:
    [fragile] = [item for item in proposed(chain) if item.kind == "fragile"]
    gain = fragile.protects
    assert (len(gain), gain.companies, gain.conditions) == (1, ("f0",), ("skill",))
    assert (gain.count("skill"), gain.count("time")) == (1, 0)


def test_an_empty_world_has_nothing_to_improve() -> None:
    assert proposed(world()) == ()


def test_without_companies_a_gap_still_shows() -> None:
    found = proposed(
        world(
            conditions=[Condition("time")],
            interventions=[Intervention("course")],
            configurations=[configuration("x1", "course", "time", "time")],
        )
    )
    assert found == ()
    found = proposed(
        world(
            conditions=[Condition("time"), Condition("skill")],
            interventions=[Intervention("course")],
            configurations=[configuration("x1", "course", "time", "skill")],
        )
    )
    assert [(item.kind, item.condition, len(item.opens)) for item in found] == [("gap", "time", 0)]
