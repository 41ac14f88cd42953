"""What people say and do, held against what the theory of the interventions computes."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from s4s_graph.coherence.gaps import Need, needs
from s4s_graph.coherence.links import Links, Standing
from s4s_graph.coherence.model import Relation
from s4s_graph.coherence.pairs import Pairs, members, union
from s4s_graph.coherence.view import View, Years

# The types of relation that say what a link says: that one opens the way for another.
FORWARD = frozenset({"precedes", "reinforces", "hands-over-to"})

Verdict = Literal["both", "said-only"]


@dataclass(frozen=True)
class OutOfOrder:
    """A company that deployed an intervention without, or before, what should come first.

    Either no maker of a `condition` came in time, or the first of an asserted `relation` did not.
    `later` are those that came after all, with their year: empty means not at all.
    """

    company: str
    intervention: str
    year: int
    condition: str | None
    relation: str | None
    later: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Said:
    """A pair of which people say that one opens the way for the other, held against the links."""

    origin: str
    target: str
    relations: tuple[str, ...]
    standing: Standing | None

    @property
    def verdict(self) -> Verdict:
        """Whether it is also computed."""
        return "both" if self.standing else "said-only"


@dataclass(frozen=True)
class HolderPair:
    """Two organisations that hold linked interventions, and have none of them in common.

    `links` counts the pairs of interventions, `own` those that are known of more than their kind.
    """

    giver: str
    receiver: str
    links: int
    own: int


def out_of_order(view: View) -> tuple[OutOfOrder, ...]:
    """Return where the order in practice is not that of the theory, or of those involved, sorted.

    A favourable configuration of j needs a malleable d that something makes; a company where d is
    not known to hold deployed j, for the first time, before any maker of d came there (the same
    year is in time). Or: i precedes j is asserted, and i came later than j, or never.
    """
    found = [*_without_maker(view), *_against_relation(view)]
    return tuple(sorted(found, key=_rank))


def said(view: View) -> Pairs:
    """Return the pairs of which a relation says that one opens the way for the other."""
    rows = [0] * len(view.subjects)
    for relation in _forward(view):
        rows[view.place[relation.origin]] |= 1 << view.place[relation.target]
    return Pairs(view.subjects, tuple(rows))


def said_and_computed(view: View, links: Links) -> tuple[Said, ...]:
    """Return what is said, with the standing of its link if it has one, sorted.

    Only relations of the types precedes, reinforces and hands-over-to say what a link says.
    """
    relations: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for relation in _forward(view):
        relations[relation.origin, relation.target].append(relation.id)
    return tuple(
        Said(*pair, relations=tuple(sorted(names)), standing=links.standing(*pair))
        for pair, names in sorted(relations.items())
    )


def computed_only(view: View, links: Links) -> Pairs:
    """Return the links of which nobody says that one opens the way for the other."""
    return links.pairs - said(view)


def agreements(view: View, links: Links) -> Pairs:
    """Return the links whose two sides have known holders, and none in common."""
    held = _held(view)
    known = union(held, held)
    rows = []
    for subject, row in zip(view.subjects, links.pairs.rows, strict=True):
        holders = view.things[subject].holders
        rows.append(row & known & ~union(held, holders) if holders else 0)
    return Pairs(view.subjects, tuple(rows))


def holder_pairs(view: View, links: Links) -> tuple[HolderPair, ...]:
    """Return who needs an agreement with whom, the most links first."""
    held, between = _held(view), agreements(view, links)
    own = between - links.by_standing["from-kind"]
    counted: Counter[tuple[str, str]] = Counter()
    counted_own: Counter[tuple[str, str]] = Counter()
    for giver, mask in held.items():
        for place in members(mask):
            for receiver, other in held.items():
                counted[giver, receiver] += (between.rows[place] & other).bit_count()
                counted_own[giver, receiver] += (own.rows[place] & other).bit_count()
    found = [
        HolderPair(*pair, links=number, own=counted_own[pair])
        for pair, number in counted.items()
        if number
    ]
    return tuple(sorted(found, key=lambda item: (-item.links, item.giver, item.receiver)))


def _without_maker(view: View) -> Iterator[OutOfOrder]:
    needed: defaultdict[str, list[Need]] = defaultdict(list)
    makers: dict[str, frozenset[str]] = {}
    for need in needs(view):
        if need.malleable and need.makers:
            makers[need.condition] = frozenset(need.makers)
            for taker in need.takers:
                needed[taker].append(need)
    for company, used in view.uses.items():
        holds = view.knows(company).holds
        for subject, (year, *_) in used.items():
            for need in needed.get(subject, ()):
                came = {name: used[name][0] for name in makers[need.condition] & used.keys()}
                if need.condition not in holds and min(came.values(), default=year + 1) > year:
                    later = tuple(sorted(came.items()))
                    yield OutOfOrder(company, subject, year, need.condition, None, later)


def _against_relation(view: View) -> Iterator[OutOfOrder]:
    for relation in _forward(view):
        if relation.kind == "precedes":
            for company, used in view.uses.items():
                if found := _reversed(company, used, relation):
                    yield found


def _reversed(company: str, used: Years, relation: Relation) -> OutOfOrder | None:
    if relation.target not in used:
        return None
    year, first = used[relation.target][0], used.get(relation.origin, ())[:1]
    if first and first[0] <= year:
        return None
    later = tuple((relation.origin, came) for came in first)
    return OutOfOrder(company, relation.target, year, None, relation.id, later)


def _forward(view: View) -> Iterator[Relation]:
    for relation in view.world.relations.values():
        known = relation.origin in view.place and relation.target in view.place
        if known and relation.kind in FORWARD and relation.origin != relation.target:
            yield relation


def _held(view: View) -> Mapping[str, int]:
    found: defaultdict[str, int] = defaultdict(int)
    for subject in view.subjects:
        for holder in sorted(view.things[subject].holders):
            found[holder] |= 1 << view.place[subject]
    return found


def _rank(found: OutOfOrder) -> tuple[str, str, str, str]:
    return found.company, found.intervention, found.condition or "", found.relation or ""
