"""Which conditions, and so which goals, companies can reach with the interventions there are.

Reachability of propositions in STRIPS (Fikes & Nilsson 1971) without deletion, for all companies
in one pass; see `fixpoint`. A route that respects deletion is found by `routes`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from s4s_graph.coherence import effects
from s4s_graph.coherence.fixpoint import Columns, Fixpoint, rules_of
from s4s_graph.coherence.indicators import Share
from s4s_graph.coherence.model import Company, World
from s4s_graph.coherence.pairs import mask, members
from s4s_graph.coherence.view import View


class GoalError(KeyError):
    """A goal that is neither a policy goal nor a condition."""


@dataclass(frozen=True)
class Reach:
    """Bit n of `bits[condition]` says that companies[n] has the condition or can get it."""

    companies: tuple[str, ...]
    bits: Mapping[str, int]

    def of(self, condition: str) -> tuple[str, ...]:
        """Return the companies within whose reach a condition is."""
        return tuple(self.companies[bit] for bit in members(self.bits.get(condition, 0)))

    def reached(self, company: str) -> frozenset[str]:
        """Return the conditions within reach of a company."""
        bit = 1 << self.companies.index(company)
        return frozenset(condition for condition, bits in self.bits.items() if bits & bit)

    def count(self, condition: str) -> int:
        """Return within the reach of how many companies a condition is."""
        return self.bits.get(condition, 0).bit_count()


@dataclass(frozen=True)
class GoalReach:
    """Where a condition that a policy goal asks for holds, and where it can be brought about.

    `sure`: although what is unknown does not hold. `possible`: only if what is unknown is as it
    should be. The three do not overlap.
    """

    goal: str
    condition: str
    holds: tuple[str, ...]
    sure: tuple[str, ...]
    possible: tuple[str, ...]


def reach(
    view: View, *, assume_unknown: bool = False, companies: Iterable[Company] | None = None
) -> Reach:
    """Return the conditions that hold at companies or can be brought about there.

    The least set that has what holds (and, if so assumed, what is unknown), and the outcomes of
    each favourable operator whose needs are all in it and that nothing hinders that is known to
    hold and that no operator within reach takes away. Without hindrances it is monotone in what
    holds. What is unknown never hinders.
    """
    chosen = _chosen(view, companies)
    start = columns(view, chosen, assume_unknown=assume_unknown)
    found = Fixpoint(rules_of(view), start).satisfied
    return Reach(tuple(company.id for company in chosen), found)


def goals(view: View, companies: Iterable[Company] | None = None) -> tuple[GoalReach, ...]:
    """Return for each condition that a policy goal asks for where it is within reach."""
    chosen = _chosen(view, companies)
    here = Reach(tuple(company.id for company in chosen), columns(view, chosen).satisfied)
    sure = reach(view, companies=chosen)
    possible = reach(view, assume_unknown=True, companies=chosen)
    return tuple(
        GoalReach(
            goal,
            condition,
            here.of(condition),
            _without(sure, here, condition),
            _without(possible, sure, condition),
        )
        for goal in view.world.goals
        for condition in sorted(view.world.goal_conditions[goal])
    )


def share(view: View) -> Share:
    """Return which part of all pairs of a company and a goal condition is surely within reach."""
    asked = asked_for(view)
    found = reach(view)
    return Share(sum(found.count(name) for name in asked), len(asked) * len(found.companies))


def wanted(world: World, goal: str) -> frozenset[str]:
    """Return the conditions of which a goal asks one. Raises GoalError."""
    if goal in world.goal_conditions:
        return world.goal_conditions[goal]
    if goal in world.conditions:
        return frozenset({goal})
    raise GoalError(goal)


def asked_for(view: View) -> tuple[str, ...]:
    """Return the conditions that some policy goal asks for, sorted."""
    return tuple(sorted({c for names in view.world.goal_conditions.values() for c in names}))


def columns(view: View, companies: Iterable[Company], *, assume_unknown: bool = False) -> Columns:
    """Return where the companies start, a column each."""
    held: dict[str, list[int]] = {}
    satisfied: dict[str, list[int]] = {}
    absent: dict[str, list[int]] = {}
    width = 0
    for bit, company in enumerate(companies):
        width = bit + 1
        what = view.known_of(company)
        sides = (effects.start(view, company), held), (what.holds, satisfied), (what.absent, absent)
        for conditions, found in sides:
            for condition in conditions:
                found.setdefault(condition, []).append(bit)
    counted = _masks(satisfied, width)
    if assume_unknown:
        # The other way round: what is known to be absent is little beside what is unknown.
        lacking, everywhere = _masks(absent, width), (1 << width) - 1
        possible = {name: everywhere & ~lacking.get(name, 0) for name in view.world.conditions}
        counted = {name: mask for name, mask in (counted | possible).items() if mask}
    return Columns(width, _masks(held, width), counted)


def _masks(found: Mapping[str, list[int]], width: int) -> dict[str, int]:
    return {condition: mask(bits, width) for condition, bits in found.items()}


def _chosen(view: View, companies: Iterable[Company] | None) -> tuple[Company, ...]:
    chosen = view.world.companies.values() if companies is None else companies
    return tuple(sorted(chosen, key=lambda company: company.id))


def _without(found: Reach, other: Reach, condition: str) -> tuple[str, ...]:
    bits = found.bits.get(condition, 0) & ~other.bits.get(condition, 0)
    return tuple(found.companies[bit] for bit in members(bits))
