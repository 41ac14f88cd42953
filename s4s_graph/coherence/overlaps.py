"""Where two interventions may do the same work.

Layers of tools for the same people and the same purpose are what Howlett & Rayner (2007,
doi 10.1016/S1449-4035(07)70118-2) warn of; tools that build on each other are a mix.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from s4s_graph.coherence.links import Links
from s4s_graph.coherence.pairs import Pairs, union
from s4s_graph.coherence.view import View, favourable


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
    actors = _masks(view, lambda subject: view.things[subject].actors)
    steps = _masks(view, lambda subject: view.things[subject].steps)
    outcomes = _masks(view, lambda subject: _outcomes(view, subject))
    own_outcomes = _masks(view, lambda subject: _outcomes(view, subject, own=True))
    rows, own = [], []
    for place, subject in enumerate(view.subjects):
        thing, later = view.things[subject], -1 << place + 1
        same = union(actors, thing.actors) & union(steps, thing.steps) & later
        rows.append(same & union(outcomes, _outcomes(view, subject)))
        own.append(same & union(own_outcomes, _outcomes(view, subject, own=True)))
    pairs = Pairs(view.subjects, tuple(rows))
    linked = pairs & (links.pairs | links.pairs.turned)
    return Overlaps(pairs, linked, Pairs(view.subjects, tuple(own)))


def overlap(view: View, links: Links, one: str, other: str) -> Overlap:
    """Return what two interventions share. Raises KeyError for what is not on this level."""
    first, second = view.things[one], view.things[other]
    return Overlap(
        one=one,
        other=other,
        actors=tuple(sorted(first.actors & second.actors)),
        steps=tuple(sorted(first.steps & second.steps)),
        outcomes=tuple(sorted(_outcomes(view, one) & _outcomes(view, other))),
        complementary=(one, other) in links.pairs or (other, one) in links.pairs,
        from_kind=_outcomes(view, one, own=True).isdisjoint(_outcomes(view, other, own=True)),
    )


def _masks(view: View, of: Callable[[str], Iterable[str]]) -> dict[str, int]:
    found: defaultdict[str, int] = defaultdict(int)
    for place, subject in enumerate(view.subjects):
        for name in of(subject):
            found[name] |= 1 << place
    return found


def _outcomes(view: View, subject: str, *, own: bool = False) -> frozenset[str]:
    return frozenset(
        outcome
        for operator in view.of.get(subject, ())
        if favourable(operator) and not (own and operator.from_kind)
        for outcome in operator.configuration.brings
    )
