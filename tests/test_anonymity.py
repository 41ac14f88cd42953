"""The disclosure check by itself: who is grouped with whom, what is lost, and that it is enough."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4s_graph import forms
from s4s_graph.anonymity.grouping import equal, grouped
from s4s_graph.anonymity.history import Published, alone
from s4s_graph.anonymity.ladders import BROADER, IN_SCHEME, Ladders
from s4s_graph.anonymity.profiles import Kinds, Node, Profile, profiles
from s4s_graph.anonymity.protecting import protected
from s4s_graph.cascade import RDF_TYPE
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings

GRAPH = ox.NamedNode(f"{BASE}graph/made-up")
# A municipality in a region in a country, beside the sizes, which are under nothing.
PLACES = {"town-1": "north", "town-2": "north", "town-3": "south", "north": "land", "south": "land"}
SIZES = ("small", "large")


def thing(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{name}")


def own(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}def#{name}")


def said(subject: str, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(thing(subject), predicate, value, GRAPH)


def lists() -> list[ox.Quad]:
    places, sizes = thing("scheme/places"), thing("scheme/sizes")
    return [
        *(said(place, BROADER, thing(above)) for place, above in PLACES.items()),
        *(said(place, IN_SCHEME, places) for place in [*PLACES, "land"]),
        *(said(size, IN_SCHEME, sizes) for size in SIZES),
    ]


def company(name: str, size: str, place: str, *deployed: tuple[str, int]) -> list[ox.Quad]:
    quads = [
        said(name, RDF_TYPE, own("Company")),
        said(name, own("sizeClass"), thing(size)),
        said(name, own("region"), thing(place)),
    ]
    for number, (version, year) in enumerate(deployed):
        use = f"{name}-use-{number}"
        when = ox.Literal(
            str(year), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYear")
        )
        quads += [
            said(use, RDF_TYPE, own("Deployment")),
            said(use, own("deploys"), thing(version)),
            said(use, own("atCompany"), thing(name)),
            said(use, own("year"), when),
        ]
    return quads


@pytest.fixture(scope="module")
def form_set() -> Forms:
    return forms.read(Settings().shapes, BASE)


def regions(quads: Sequence[ox.Quad]) -> set[str]:
    return {
        str(q.object).rpartition("/")[2].strip(">") for q in quads if q.predicate == own("region")
    }


def test_a_municipality_becomes_its_region_when_that_is_enough(form_set: Forms) -> None:
    quads = [
        *lists(),
        *company("a", "small", "town-1"),
        *company("b", "small", "town-1"),
        *company("c", "small", "town-2"),
    ]
    result = protected(quads, form_set, BASE, 3, {})
    assert regions(result.quads) == {"north"}
    assert {change.what for change in result.outcome.changes} == {"generalised"}
    assert result.gone == frozenset()


def test_what_lies_in_two_regions_becomes_the_country(form_set: Forms) -> None:
    quads = [*lists()]
    for name, town in zip("abc", ("town-1", "town-2", "town-3"), strict=True):
        quads += company(name, "small", town)
    assert regions(protected(quads, form_set, BASE, 3, {}).quads) == {"land"}


def test_a_value_goes_where_only_nothing_holds_for_both(form_set: Forms) -> None:
    quads = [*lists()]
    for name, size in zip("abc", ("small", "small", "large"), strict=True):
        quads += company(name, size, "town-1")
    result = protected(quads, form_set, BASE, 3, {})
    assert not [quad for quad in result.quads if quad.predicate == own("sizeClass")]
    assert regions(result.quads) == {"town-1"}


def test_fewer_companies_than_the_floor_are_left_out(form_set: Forms) -> None:
    quads = [
        *lists(),
        *company("a", "small", "town-1", ("v", 2024)),
        *company("b", "small", "town-1"),
    ]
    result = protected(quads, form_set, BASE, 3, {})
    assert {quad.subject for quad in result.quads} == {quad.subject for quad in lists()}
    assert thing("a-use-0") in result.gone


def test_what_was_deployed_counts_as_known(form_set: Forms) -> None:
    quads = [*lists()]
    for name in "abc":
        quads += company(name, "small", "town-1", ("v", 2024))
    quads += company("d", "small", "town-1", ("v", 2024), ("w", 2025))
    result = protected(quads, form_set, BASE, 3, {})
    # The fourth is as the others once its second deployment is left out.
    assert thing("d-use-1") in result.gone
    assert result.outcome.companies == 4
    assert [change.what for change in result.outcome.changes] == ["withheld"]


def test_nothing_changes_where_nobody_stands_out(form_set: Forms) -> None:
    quads = [*lists()]
    for name in "abc":
        quads += company(name, "small", "town-1", ("v", 2024))
    result = protected(quads, form_set, BASE, 3, {})
    assert result.quads == quads
    assert result.outcome.changes == ()


def test_a_company_that_joins_a_group_alone_is_held_back(form_set: Forms) -> None:
    kinds = Kinds.of(form_set, BASE)
    assert kinds
    four = [*lists()]
    for name in "abcd":
        four += company(name, "small", "town-1")
    before = {str(thing(name)): profiles(four, kinds)[0].signature for name in "abc"}
    (group,) = equal(profiles(four, kinds))
    assert [p.company for p in alone([group], before, 3)] == [thing("d")]
    assert list(alone([group], {}, 3)) == []
    result = protected(four, form_set, BASE, 3, before)
    assert thing("d") in result.gone
    assert result.outcome.companies == 3


Made = tuple[str, str, frozenset[tuple[str, int]]]
Companies = st.lists(
    st.tuples(
        st.sampled_from(SIZES),
        st.sampled_from(("town-1", "town-2", "town-3")),
        st.frozensets(st.tuples(st.sampled_from("vw"), st.sampled_from((2024, 2025))), max_size=2),
    ),
    max_size=12,
)


@given(Companies, st.integers(2, 4))
@settings(max_examples=60, deadline=None)
def test_whatever_the_companies_nobody_stands_out_afterwards(
    form_set: Forms, made: list[Made], floor: int
) -> None:
    quads = [*lists()]
    for number, (size, place, deployed) in enumerate(made):
        quads += company(f"c{number:02d}", size, place, *sorted(deployed))
    result = protected(quads, form_set, BASE, floor, {})
    kinds = Kinds.of(form_set, BASE)
    assert kinds
    assert all(len(group) >= floor for group in equal(profiles(result.quads, kinds)))
    # Nothing is said that was not true: each value is one of those above the recorded one.
    ladders, exact = Ladders.of(quads), {(q.subject, q.predicate): q.object for q in quads}
    for quad in result.new:
        above = ladders.above(str(exact[quad.subject, quad.predicate]))
        assert str(quad.object) in above
    assert {*result.quads} <= {*quads} | result.new


@given(Companies, Companies, st.sets(st.integers(0, 11), max_size=3), st.integers(2, 4))
@settings(max_examples=60, deadline=None)
def test_whatever_changes_nobody_is_told_apart_by_two_releases(
    form_set: Forms, made: list[Made], after: list[Made], changing: set[int], floor: int
) -> None:
    """Some of the companies become others, leave or join; the rest stay as they are."""
    kinds = Kinds.of(form_set, BASE)
    assert kinds
    first = {f"c{number:02d}": one for number, one in enumerate(made)}
    second = dict(first)
    for number in changing:
        second.pop(f"c{number:02d}", None)
        if number < len(after):
            second[f"c{number:02d}"] = after[number]
    told: list[Published] = [{}]
    for world in (first, second):
        quads = [
            *lists(),
            *chain(*(company(n, *one[:2], *sorted(one[2])) for n, one in world.items())),
        ]
        found = profiles(protected(quads, form_set, BASE, floor, told[-1]).quads, kinds)
        told.append({str(profile.company): profile.signature for profile in found})
    _, before, now = told
    both = {name: (before.get(name), now.get(name)) for name in {*before, *now}}
    if before:
        assert all(number >= floor for number in Counter(both.values()).values())
    if first == second:
        assert before == now


@given(st.permutations(range(7)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_rows_decides_nothing(form_set: Forms, order: list[int]) -> None:
    rows = [
        company(f"c{n}", SIZES[n % 2], f"town-{n % 3 + 1}", ("v", 2024 + n % 2)) for n in range(7)
    ]
    expected = protected([*lists(), *chain(*rows)], form_set, BASE, 3, {})
    mixed = protected([*lists(), *chain(*(rows[n] for n in order))], form_set, BASE, 3, {})
    assert {*mixed.quads} == {*expected.quads}
    assert mixed.outcome == expected.outcome


def test_loss_is_the_share_of_what_a_value_may_stand_for() -> None:
    ladders = Ladders.of(lists())
    losses = [ladders.loss(value and str(thing(value))) for value in ("town-1", "north", "land")]
    assert losses == [0, 0.5, 1]
    assert ladders.loss(None) == 1


def test_a_merge_that_costs_more_than_a_company_is_worth_is_not_made() -> None:
    def profile(name: str, *facts: str) -> Profile:
        events = {fact: thing(f"{name}-{fact}") for fact in facts}
        return Profile(thing(name), (None,), events, 1)

    three = [profile(name, "studied") for name in "abc"]
    worth: Mapping[Node, int] = {thing(f"{name}-studied"): 50 for name in "abc"}
    found = grouped([*three, profile("outsider")], Ladders.of([]), worth, 3, {})
    assert [str(p.company) for p in found.dropped] == [str(thing("outsider"))]
    assert [len(group) for group in found.groups] == [3]
