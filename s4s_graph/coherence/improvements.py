"""What would improve coherence most: candidates, ranked by what companies could then reach.

Reach is that of `reach`: sure, that is without what is unknown. It leaves out what is undone on the
way, so a gain is an upper bound; a route shows whether it holds for one company.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from heapq import nsmallest
from itertools import tee
from operator import and_
from typing import get_args

from s4s_graph.coherence.candidates import Candidate, Candidates, Kind
from s4s_graph.coherence.failures import Failure, Losses
from s4s_graph.coherence.fixpoint import Fixpoint, rules_of
from s4s_graph.coherence.links import Links, Passing, Standing
from s4s_graph.coherence.pairs import members
from s4s_graph.coherence.problem import Ground
from s4s_graph.coherence.reach import asked_for, columns
from s4s_graph.coherence.view import View

__all__ = ["Gain", "Improvement", "Kind", "improvements"]

KINDS: tuple[Kind, ...] = get_args(Kind)
BEST_FOUNDED: tuple[Standing | Ground | None, ...] = (
    "observed",
    "both-supported",
    "one-supported",
    "supported",
    "hypothesis",
    "from-kind",
    "contradicted",
    None,
)


@dataclass(frozen=True)
class Gain:
    """Pairs of a company and a goal condition. `bits`, by condition, are about `order`."""

    order: tuple[str, ...]
    bits: tuple[tuple[str, int], ...]

    def __len__(self) -> int:
        return sum(bits.bit_count() for _, bits in self.bits)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for condition, bits in self.bits:
            for place in members(bits):
                yield self.order[place], condition

    @property
    def companies(self) -> tuple[str, ...]:
        """Every company in it, sorted."""
        together = 0
        for _, bits in self.bits:
            together |= bits
        return tuple(self.order[place] for place in members(together))

    @property
    def conditions(self) -> tuple[str, ...]:
        """Every goal condition in it, sorted."""
        return tuple(condition for condition, _ in self.bits)

    def count(self, condition: str) -> int:
        """Return how many companies there are for a goal condition."""
        return dict(self.bits).get(condition, 0).bit_count()


@dataclass(frozen=True)
class Improvement:
    """Something that could be done, what it is worth, and what that rests on.

    - gap: somebody brings a `condition` about that `takers` need and nobody makes;
    - fragile: a second maker of a `condition`, beside the one giver;
    - agreement: giver and taker agree on the link between them, of which nobody speaks;
    - order: one of the givers comes before the taker, for the sake of a `condition` or because it
      is said that it should;
    - conflict: giver and taker see to it that one does not work against the other.

    `opens`: what comes within reach of companies if the condition can be brought about at any of
    them. `protects`: what is out of reach if what the improvement takes care of goes wrong: the one
    maker falls away, the taker has to do without what only the giver makes, or what suffers does
    not work at the `companies` concerned. These are the companies that wait (gap), use a taker
    (fragile), use both (agreement, conflict) or came to it in the wrong order. `standing`: of the
    link for an agreement; else the best of the configurations that it is about.
    """

    kind: Kind
    condition: str | None
    givers: tuple[str, ...]
    takers: tuple[str, ...]
    companies: tuple[str, ...]
    configurations: tuple[str, ...]
    standing: Standing | Ground | None
    opens: Gain
    protects: Gain


def improvements(view: View, links: Links | Passing, most: int = 100) -> tuple[Improvement, ...]:
    """Return the most valuable improvements, best first.

    By the pairs of company and goal condition that it opens, those that it protects, the companies
    concerned, and the interventions that wait for it; among equals the best founded. What it opens
    starts from the fixed point already reached; what it protects goes through one further fixed
    point for all candidates.
    """
    worth = _Worth(view)
    # All together may be too many: they are looked at as they come.
    candidates, again = tee(Candidates(view, links, most).all())
    protected = worth.losses.of(map(worth.failure, again))
    found = (
        Improvement(
            kind=candidate.kind,
            condition=candidate.condition,
            givers=candidate.givers,
            takers=candidate.takers,
            companies=candidate.companies,
            configurations=candidate.configurations,
            standing=candidate.standing,
            opens=worth.gain(worth.opened(candidate)),
            protects=worth.gain(protects),
        )
        for protects, candidate in zip(protected, candidates, strict=True)
    )
    return tuple(nsmallest(most, found, key=_rank))


class _Worth:
    """What candidates are worth in a view."""

    def __init__(self, view: View) -> None:
        self._companies = tuple(sorted(view.world.companies))
        self._place = {company: place for place, company in enumerate(self._companies)}
        self._opened: dict[str, Mapping[str, int]] = {}
        rules = rules_of(view)
        start = columns(view, [view.world.companies[company] for company in self._companies])
        self._number = {
            rule.applied.configuration.id: number for number, rule in enumerate(rules.all)
        }
        self.losses = Losses(rules, start, Fixpoint(rules, start), asked_for(view))

    def opened(self, candidate: Candidate) -> Mapping[str, int]:
        """Return by goal condition the companies for which it would come within reach."""
        if not candidate.creates or candidate.condition is None:
            return {}
        if candidate.condition not in self._opened:
            now, then = self.losses.now, self.losses.now.given(candidate.condition)
            self._opened[candidate.condition] = {
                name: then.satisfied.get(name, 0) & ~now.satisfied.get(name, 0)
                for name in self.losses.asked
            }
        return self._opened[candidate.condition]

    def failure(self, candidate: Candidate) -> Failure:
        """Return what fails, and where."""
        where = (1 << len(self._companies)) - 1
        if not candidate.everywhere:
            concerned = (self._place[c] for c in candidate.companies if c in self._place)
            where = sum(1 << place for place in concerned)
        found: defaultdict[int, dict[str, int]] = defaultdict(dict)
        for item in candidate.fails:
            saved = self.losses.start.satisfied.get(item.unless, 0) if item.unless else 0
            failing = found[self._number[item.operator.configuration.id]]
            subject = item.operator.subject
            failing[subject] = failing.get(subject, 0) | where & ~saved
        # What is known of a kind fails where it does for each of its interventions.
        rules = self.losses.rules.all
        return Failure(
            {
                number: reduce(and_, failing.values())
                for number, failing in found.items()
                if len(failing) == len(rules[number].applied.places)
            }
        )

    def gain(self, bits: Mapping[str, int]) -> Gain:
        """Return pairs of company and goal condition."""
        return Gain(self._companies, tuple((name, found) for name, found in bits.items() if found))


def _rank(item: Improvement) -> tuple[object, ...]:
    return (
        -len(item.opens),
        -len(item.protects),
        -len(item.companies),
        -len(item.takers),
        BEST_FOUNDED.index(item.standing),
        KINDS.index(item.kind),
        item.condition or "",
        item.givers,
        item.takers,
    )
