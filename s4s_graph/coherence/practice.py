"""What people say and do, held against what the theory of the interventions computes."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from s4s_graph.coherence.gaps import needs
from s4s_graph.coherence.links import Links, Standing
from s4s_graph.coherence.model import Relation
from s4s_graph.coherence.pairs import Pairs, Places, gathered, members, together, union
from s4s_graph.coherence.view import View, Years

# The types of relation that say what a link says: that one opens the way for another.
FORWARD = frozenset({"precedes", "reinforces", "hands-over-to"})

Verdict = Literal["both", "said-only"]


class OutOfOrder(NamedTuple):
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
    return tuple(sorted(deviations(view), key=_rank))


def deviations(view: View) -> Iterator[OutOfOrder]:
    """Yield the same in no order, one by one: all together may be too many."""
    yield from _without_maker(view)
    yield from _against_relation(view)


def said(view: View) -> Pairs:
    """Return the pairs of which a relation says that one opens the way for the other."""
    told = ((item.origin, (view.place[item.target],)) for item in _forward(view))
    targets = gathered(told, len(view.subjects))
    return Pairs(view.subjects, tuple(union(targets, (subject,)) for subject in view.subjects))


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
    return links.pairs & Pairs(view.subjects, tuple(strangers(view)))


def strangers(view: View) -> Iterator[int]:
    """Yield for each subject, as bits, those with known holders of which it has none itself."""
    held = _held(view)
    known = union(held, held)
    for subject in view.subjects:
        holders = view.things[subject].holders
        yield known & ~union(held, holders) if holders else 0


def holder_pairs(view: View, links: Links) -> tuple[HolderPair, ...]:
    """Return who needs an agreement with whom, the most links first."""
    held = {holder: together((places,)) for holder, places in _held(view).items()}
    between = agreements(view, links)
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
    needed: defaultdict[str, list[str]] = defaultdict(list)
    makers: dict[str, frozenset[str]] = {}
    for need in needs(view):
        if need.malleable and need.makers:
            makers[need.condition] = frozenset(need.makers)
            for taker in need.takers:
                needed[taker].append(need.condition)
    for company, used in view.uses.items():
        holds = view.knows(company).holds
        came: dict[str, tuple[tuple[str, int], ...]] = {}
        for subject, (year, *_) in used.items():
            for condition in needed.get(subject, ()):
                if condition not in holds:
                    if condition not in came:
                        here = makers[condition] & used.keys()
                        came[condition] = tuple(sorted((name, used[name][0]) for name in here))
                    later = came[condition]
                    if all(first > year for _, first in later):
                        yield OutOfOrder(company, subject, year, condition, None, later)


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


def _held(view: View) -> Mapping[str, Places]:
    held = (
        (holder, (place,))
        for place, subject in enumerate(view.subjects)
        for holder in sorted(view.things[subject].holders)
    )
    return gathered(held, len(view.subjects))


def _rank(found: OutOfOrder) -> tuple[str, str, str, str]:
    return found.company, found.intervention, found.condition or "", found.relation or ""
