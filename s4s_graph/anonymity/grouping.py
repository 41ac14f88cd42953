"""Making companies alike with the least loss: who goes with whom, and what they then share.

Groups of equal companies are merged two by two, the smallest first, each with the group for which
the fewest statements are lost, until none is smaller than the floor: local recoding by greedy
clustering (J.-W. Byun and others, Efficient k-anonymization using clustering techniques, DASFAA
2007), on the lattice of generalisation and suppression (L. Sweeney, Achieving k-anonymity privacy
protection using generalization and suppression, 2002). The best answer is NP-hard (A. Meyerson
and R. Williams, 2004). Equal companies give equal groups, whatever the order of the tables.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce

import pyoxigraph as ox

from s4s_graph.anonymity.ladders import Ladders, Value
from s4s_graph.anonymity.profiles import Node, Profile, Signature

BLOCK = 200  # groups that are held against each other: time grows with the square of it

Worth = Mapping[Node, int]


@dataclass(frozen=True)
class Group:
    """Companies that look alike from outside: by these traits and these facts."""

    members: tuple[Profile, ...]
    traits: tuple[Value, ...]
    facts: frozenset[str]

    def __len__(self) -> int:
        return len(self.members)

    @cached_property
    def order(self) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
        """The place of a group among others, the smallest first; no two have the same."""
        return (
            len(self),
            tuple(value or "" for value in self.traits),
            (*sorted(self.facts), *(str(member.company) for member in self.members)),
        )


@dataclass(frozen=True)
class Grouped:
    """Groups that are large enough, and the companies that are left out."""

    groups: tuple[Group, ...]
    dropped: tuple[Profile, ...]


def equal(profiles: Iterable[Profile]) -> list[Group]:
    """Return the companies that look alike as they are, the smallest group first."""
    found: dict[object, list[Profile]] = defaultdict(list)
    for profile in profiles:
        found[profile.signature].append(profile)
    groups = (
        Group(tuple(some), some[0].traits, frozenset(some[0].facts)) for some in found.values()
    )
    return sorted(groups, key=lambda group: group.order)


def grouped(
    profiles: Iterable[Profile],
    ladders: Ladders,
    worth: Worth,
    floor: int,
    before: Mapping[str, Signature],
) -> Grouped:
    """Return groups of at least `floor` companies that share what is left of their profiles.

    before: what was told of companies. Those told alike stay in a group with as many of these.
    """
    groups: list[Group] = []
    dropped: list[Profile] = []
    for block in _blocks(_first(profiles, ladders, floor, before), floor):
        found = _merged(block, ladders, worth, floor)
        groups += found.groups
        dropped += found.dropped
    return Grouped(
        tuple(sorted(groups, key=lambda group: group.order)),
        tuple(sorted(dropped, key=lambda profile: str(profile.company))),
    )


def _first(
    profiles: Iterable[Profile], ladders: Ladders, floor: int, before: Mapping[str, Signature]
) -> Iterator[Group]:
    """Yield the groups to begin with: equal companies, but nobody apart from who was told alike.

    Who changed alone would be known by being told otherwise than the others.
    """
    alike: dict[Signature | None, list[Profile]] = defaultdict(list)
    for profile in profiles:
        alike[before.get(str(profile.company))].append(profile)
    yield from equal(alike.pop(None, ()))
    for members in alike.values():
        parts = equal(members)
        large = [part for part in parts if len(part) >= floor]
        rest = parts[: len(parts) - len(large)]
        while rest and large and sum(map(len, rest)) < floor:
            rest.append(large.pop(0))
        yield from large
        if rest:
            yield reduce(lambda one, other: _both(one, other, ladders), rest)


def _blocks(groups: Iterable[Group], floor: int) -> Iterator[list[Group]]:
    """Yield groups by as many as can be held against each other, like by like."""
    alike = sorted(groups, key=lambda group: (*group.order[1:], group.order[0]))
    starts = list(range(0, len(alike), BLOCK)) or [0]
    if len(starts) > 1 and sum(map(len, alike[starts[-1] :])) < floor:
        starts.pop()
    for start, end in zip(starts, [*starts[1:], len(alike)], strict=True):
        yield alike[start:end]


def _merged(groups: list[Group], ladders: Ladders, worth: Worth, floor: int) -> Grouped:
    groups = sorted(groups, key=lambda group: group.order)
    dropped: list[Profile] = []
    while groups and len(groups[0]) < floor:
        smallest, *others = groups
        leaving = sum(_left(member, worth) for member in smallest.members)
        options = [(_loss(smallest, other, ladders, worth), other) for other in others]
        least, nearest = min(options, key=lambda o: (o[0], o[1].order), default=(0.0, None))
        if nearest is None or least > leaving:
            dropped += smallest.members
            groups = others
        else:
            others.remove(nearest)
            groups = sorted([*others, _both(smallest, nearest, ladders)], key=lambda g: g.order)
    return Grouped(tuple(groups), tuple(dropped))


def _both(one: Group, other: Group, ladders: Ladders) -> Group:
    members = sorted((*one.members, *other.members), key=lambda member: str(member.company))
    return Group(tuple(members), _shared(one, other, ladders), one.facts & other.facts)


def _shared(one: Group, other: Group, ladders: Ladders) -> tuple[Value, ...]:
    pairs = zip(one.traits, other.traits, strict=True)
    return tuple(ladders.common(mine, theirs) for mine, theirs in pairs)


def _loss(one: Group, other: Group, ladders: Ladders, worth: Worth) -> float:
    """Return how many statements a merge loses; one that is less exact counts for a part."""
    shared, facts = _shared(one, other, ladders), one.facts & other.facts
    lost = 0.0
    for group in (one, other):
        for before, after in zip(group.traits, shared, strict=True):
            lost += len(group) * (ladders.loss(after) - ladders.loss(before))
        for member in group.members:
            lost += sum(_worth(member, fact, worth) for fact in group.facts - facts)
    return lost


def _left(member: Profile, worth: Worth) -> float:
    return member.statements + sum(_worth(member, fact, worth) for fact in member.facts)


def _worth(member: Profile, fact: str, worth: Worth) -> int:
    hidden = member.facts[fact]
    return 1 if isinstance(hidden, ox.Quad) else worth[hidden]
