"""Where two interventions may do the same work.

Layers of tools for the same people and the same purpose are what Howlett & Rayner (2007,
doi 10.1016/S1449-4035(07)70118-2) warn of; tools that build on each other are a mix.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from s4s_graph.coherence.links import Links
from s4s_graph.coherence.model import Intervention, Operator
from s4s_graph.coherence.pairs import Pairs, Places, gathered, union
from s4s_graph.coherence.view import Applied, View, favourable


@dataclass(frozen=True)
class Overlaps:
    """Pairs i < j of interventions for the same actor group and step with the same outcome.

    `complementary` are those that are also linked, the others are possibly duplicates. `own` are
    those that share an outcome by configurations of their own, the others only through their kind.
    """

    pairs: Pairs
    complementary: Pairs
    own: Pairs


@dataclass(frozen=True)
class Overlap:
    """What two interventions share; `from_kind` if no outcome by configurations of their own."""

    one: str
    other: str
    actors: tuple[str, ...]
    steps: tuple[str, ...]
    outcomes: tuple[str, ...]
    complementary: bool
    from_kind: bool


def overlaps(view: View, links: Links) -> Overlaps:
    """Return the pairs with an actor group, a step of the skills chain and an outcome in common.

    An outcome: what a favourable configuration brings about, the very same condition. Kinds have no
    actor groups or steps, so they have no overlaps.
    """
    found = tuple(rows(view))
    pairs = _forward(view, (row for row, _ in found))
    linked = pairs & (links.pairs | links.pairs.turned)
    return Overlaps(pairs, linked, _forward(view, (own for _, own in found)))


def rows(view: View) -> Iterator[tuple[int, int]]:
    """Yield with what each subject overlaps, and with what by configurations of their own.

    As bits, one by one: all together may be too many.
    """
    actors = _masks(view, lambda thing: thing.actors)
    steps = _masks(view, lambda thing: thing.steps)
    outcomes = _making(view, view.applied)
    own_outcomes = _making(view, (item for item in view.applied if not item.from_kind))

    def alike(operators: Sequence[Operator]) -> tuple[int, int]:
        made = _outcomes(operators)
        return union(outcomes, made), union(own_outcomes, made)

    for place, (own, shared) in enumerate(view.each(alike)):
        thing = view.things[view.subjects[place]]
        same = union(actors, thing.actors) & union(steps, thing.steps) & ~(1 << place)
        yield same & (own[0] | shared[0]), same & own[1]


def overlap(view: View, links: Links, one: str, other: str) -> Overlap:
    """Return what two interventions share. Raises KeyError for what is not on this level."""
    first, second = view.things[one], view.things[other]
    mine, theirs = view.of.get(one, ()), view.of.get(other, ())
    return Overlap(
        one=one,
        other=other,
        actors=tuple(sorted(first.actors & second.actors)),
        steps=tuple(sorted(first.steps & second.steps)),
        outcomes=tuple(sorted(_outcomes(mine) & _outcomes(theirs))),
        complementary=(one, other) in links.pairs or (other, one) in links.pairs,
        from_kind=_outcomes(mine, own=True).isdisjoint(_outcomes(theirs, own=True)),
    )


def _forward(view: View, found: Iterable[int]) -> Pairs:
    """Return pairs in one of their two directions only."""
    return Pairs(view.subjects, tuple(row & -1 << n for n, row in enumerate(found)))


def _masks(view: View, of: Callable[[Intervention], Iterable[str]]) -> dict[str, Places]:
    found = (
        (name, (place,))
        for place, subject in enumerate(view.subjects)
        for name in of(view.things[subject])
    )
    return gathered(found, len(view.subjects))


def _making(view: View, found: Iterable[Applied]) -> dict[str, Places]:
    making = (
        (outcome, item.places)
        for item in filter(favourable, found)
        for outcome in item.configuration.brings
    )
    return gathered(making, len(view.subjects))


def _outcomes(operators: Iterable[Operator], *, own: bool = False) -> frozenset[str]:
    return frozenset(
        outcome
        for operator in operators
        if favourable(operator) and not (own and operator.from_kind)
        for outcome in operator.configuration.brings
    )
