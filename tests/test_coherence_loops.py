"""Circles of interventions, and the search for them."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import answers, configuration, opposed, released, satisfies, slugs, world, worlds

from s4s_graph.coherence.circles import Search, parts
from s4s_graph.coherence.links import links
from s4s_graph.coherence.loops import Loop, Loops, loops
from s4s_graph.coherence.model import (
    Condition,
    Configuration,
    Intervention,
    Level,
    Operator,
    World,
    operators,
    valid,
)
from s4s_graph.coherence.pairs import turned
from s4s_graph.coherence.view import View

LEVELS: tuple[Level, ...] = ("interventions", "kinds")
GOOD = {"beoogd", "onbedoeld-gunstig"}
CIRCLE = ("leercoach", "werkplekleren", "vakcertificaat")


@pytest.mark.parametrize(
    ("year", "expected"), [(None, True), (2023, False), (2024, True), (2025, True), (2026, False)]
)
def test_the_circle_of_the_tiny_graph(year: int | None, expected: bool, tiny_release: Path) -> None:
    view = View(valid(released(tiny_release), year), "interventions")
    found = loops(view, links(view))
    circle = ((CIRCLE, (False, False, False), False),)
    assert slugs(found.found) == (circle if expected else ())
    assert slugs(found.groups) == ((tuple(sorted(CIRCLE)),) if expected else ())
    assert found.complete
    assert {loop.kind for loop in found.found} <= {"reinforcing"}


def test_the_kinds_of_the_tiny_graph_make_no_circle(tiny_release: Path) -> None:
    view = View(valid(released(tiny_release), None), "kinds")
    assert loops(view, links(view)) == Loops((), True, ())


def test_the_question_about_feedback_finds_the_links_within_a_group(
    tiny_release: Path, root: Path
) -> None:
    view = View(valid(released(tiny_release), None), "interventions")
    between = links(view)
    within = {
        slugs(pair)
        for pair in between.pairs
        for group in loops(view, between).groups
        if set(pair) <= set(group)
    }
    rows = answers(tiny_release, root, "feedback-loops")
    assert within == {(row["from"], row["to"]) for row in rows}


def test_the_question_about_chains_finds_the_same(tiny_release: Path, root: Path) -> None:
    pairs = links(View(valid(released(tiny_release), None), "interventions")).pairs
    computed = {
        slugs((first, second, third))
        for first, second in pairs
        for third in pairs.after(second)
        if first != third
    }
    rows = answers(tiny_release, root, "chains")
    assert computed == {(row["first"], row["second"], row["third"]) for row in rows}


def brute_force(seen: World, level: Level) -> set[tuple[tuple[str, ...], tuple[bool, ...]]]:
    """Return every loop, by trying every order of every choice of sides."""
    known = operators(seen, level)

    def goes(one: tuple[str, bool], other: tuple[str, bool]) -> bool:
        return any(
            _leads(seen, k, j)
            for k in known
            for j in known
            if (k.subject, j.subject) == (one[0], other[0])
            and _on_side(k, one[1])
            and _on_side(j, other[1])
        )

    subjects = seen.interventions if level == "interventions" else seen.kinds
    sides = [(subject, side) for subject in subjects for side in (False, True)]
    edges = {pair for pair in permutations(sides, 2) if pair[0][0] != pair[1][0] and goes(*pair)}
    found = set()
    for length in range(2, len(subjects) + 1):
        for path in permutations(sides, length):
            names = [subject for subject, _ in path]
            closed = zip(path, (*path[1:], path[0]), strict=True)
            if len({*names}) == length and min(names) == names[0] and set(closed) <= edges:
                found.add((tuple(names), tuple(side for _, side in path)))
    return found


def _on_side(operator: Operator, adverse: bool) -> bool:
    valence = operator.configuration.valence
    return valence == "averechts" if adverse else valence in GOOD


def _leads(seen: World, giver: Operator, taker: Operator) -> bool:
    k, j = giver.configuration, taker.configuration
    if k.valence == "averechts" and j.valence in GOOD:
        states = [name for name in j.needs if not seen.conditions[name].reason]
        return (
            any(satisfies(seen, made, name) for made in k.outcomes for name in j.hindered)
            or any(opposed(seen, made, name) for made in k.outcomes for name in states)
            or any(
                satisfies(seen, taken, name) or satisfies(seen, name, taken)
                for taken in k.takes
                for name in states
            )
        )
    return any(satisfies(seen, made, name) for made in k.outcomes for name in j.needs)


@settings(max_examples=100, deadline=None)
@given(worlds(), st.sampled_from(LEVELS))
def test_loops_are_those_that_brute_force_finds(given: World, level: Level) -> None:
    seen = valid(given, None)
    view = View(seen, level)
    found = loops(view, links(view), most=10_000)
    assert found.complete
    assert {(loop.subjects, loop.adverse) for loop in found.found} == brute_force(seen, level)
    assert len({*found.found}) == len(found.found)


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_a_loop_needs_the_kinds_when_it_is_not_there_without_them(given: World) -> None:
    seen = valid(given, None)
    view = View(seen, "interventions")
    bare = replace(seen, interventions={name: Intervention(name) for name in view.subjects})
    own = brute_force(bare, "interventions")
    found = loops(view, links(view), most=10_000).found
    assert {(loop.subjects, loop.adverse) for loop in found if not loop.from_kind} == own


def vicious(*extra: Configuration, harm: str = "c1", one: str = "i0", other: str = "i1") -> Loops:
    """Return the loops where `one` sets off an adverse outcome of `other` that harms it."""
    made = world(
        conditions=[
            *(Condition(name) for name in ("c0", "c1", "c2")),
            Condition("c3", opposes=frozenset({"c2"})),
        ],
        configurations=[
            configuration("x0", one, "c2", "c0", hindered="c1"),
            configuration("x1", other, "c0", harm, valence="averechts"),
            *extra,
        ],
        interventions=[Intervention(name) for name in ("i0", "i1", "i2")],
    )
    view = View(made, "interventions")
    return loops(view, links(view))


def test_a_loop_through_an_adverse_outcome_is_vicious() -> None:
    (loop,) = vicious().found
    assert loop == Loop(("i0", "i1"), (False, True), from_kind=False)
    assert loop.kind == "vicious"


def test_a_vicious_loop_may_close_by_an_opposite() -> None:
    assert vicious(harm="c3").found == vicious().found


def test_a_loop_starts_with_its_smallest_id_on_whichever_side() -> None:
    (loop,) = vicious(one="i1", other="i0").found
    assert loop == Loop(("i0", "i1"), (True, False), from_kind=False)


def test_a_loop_does_not_come_back_to_the_other_side_of_an_intervention() -> None:
    # i0 → i1 (adverse) → i2 → i1 (favourable) → i0 would visit i1 twice.
    found = vicious(
        configuration("x2", "i2", "c2", "c1", hindered="c3"),
        configuration("x3", "i1", "c1", "c2"),
        harm="c3",
    ).found
    assert all(len({*loop.subjects}) == len(loop.subjects) for loop in found)
    assert [loop.subjects for loop in found] == [("i0", "i1"), ("i1", "i2")]


def test_two_interventions_may_make_a_vicious_and_a_reinforcing_loop() -> None:
    found = vicious(configuration("x2", "i1", "c0", "c2")).found
    assert [loop.kind for loop in found] == ["reinforcing", "vicious"]


def rounds(number: int) -> View:
    """Return a world in which each intervention opens the way for each other one."""
    made = world(
        conditions=[Condition("c0")],
        configurations=[configuration(f"x{n}", f"i{n}", "c0", "c0") for n in range(number)],
        interventions=[Intervention(f"i{n}") for n in range(number)],
    )
    return View(made, "interventions")


@pytest.mark.parametrize(
    ("longest", "most", "steps", "lengths", "complete"),
    [
        (6, 200, 10_000, {2: 6, 3: 8, 4: 6}, True),
        (3, 200, 10_000, {2: 6, 3: 8}, True),
        (6, 8, 10_000, {2: 6, 3: 2}, False),
        (6, 20, 10_000, {2: 6, 3: 8, 4: 6}, True),
        (6, 200, 0, {}, False),
    ],
)
def test_the_bounds_are_kept_and_said(
    longest: int, most: int, steps: int, lengths: dict[int, int], complete: bool
) -> None:
    view = rounds(4)
    found = loops(view, links(view), longest, most, steps)
    by_length = [len(loop.subjects) for loop in found.found]
    assert {length: by_length.count(length) for length in by_length} == lengths
    assert found.complete is complete
    assert found.groups == (("i0", "i1", "i2", "i3"),)


def test_a_world_in_which_all_is_linked_does_not_hang() -> None:
    view = rounds(300)
    found = loops(view, links(view))
    assert (len(found.found), found.complete, len(found.groups[0])) == (200, False, 300)


def _bits(number: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, (1 << number) - 1), min_size=number, max_size=number)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 6).flatmap(_bits))
def test_parts_are_the_nodes_that_reach_one_another(rows: list[int]) -> None:
    number = len(rows)
    reach = [[bool(rows[i] >> j & 1) for j in range(number)] for i in range(number)]
    for k in range(number):
        for i in range(number):
            for j in range(number):
                reach[i][j] = reach[i][j] or (reach[i][k] and reach[k][j])
    expected = {
        tuple(j for j in range(number) if i == j or (reach[i][j] and reach[j][i]))
        for i in range(number)
    }
    found = {
        tuple(place for place in range(number) if mask >> place & 1)
        for mask in parts(rows, turned(rows))
    }
    assert found == {part for part in expected if len(part) > 1}


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 5).flatmap(_bits))
def test_circles_are_the_closed_walks_without_a_node_twice(rows: list[int]) -> None:
    number = len(rows)
    twins = [1 << node for node in range(number)]
    search = Search(rows, turned(rows), twins, 100_000)
    found = list(search.circles(range(2, number + 1)))
    expected = {
        path
        for length in range(2, number + 1)
        for path in permutations(range(number), length)
        if path[0] == min(path)
        and all(rows[a] >> b & 1 for a, b in zip(path, (*path[1:], path[0]), strict=True))
    }
    assert set(found) == expected
    assert len(found) == len(expected)
    assert [len(path) for path in found] == sorted(len(path) for path in found)
    assert not search.exhausted
