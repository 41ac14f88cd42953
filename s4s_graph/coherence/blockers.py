"""What a goal waits for: the smallest changes of a start after which there is a way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb

from s4s_graph.coherence import effects
from s4s_graph.coherence.fixpoint import Columns, Fixpoint, rules_of
from s4s_graph.coherence.model import Operator
from s4s_graph.coherence.pairs import members
from s4s_graph.coherence.planner import Budget, By, Plan, Search, best
from s4s_graph.coherence.problem import Problem, State
from s4s_graph.coherence.relevance import influence
from s4s_graph.coherence.view import View

MOST_SETS = 50_000  # sets of one size that are looked at; a size with more is left out


@dataclass(frozen=True, order=True)
class Lack:
    """A condition that is not as it should be: it must hold (`present`), or must not."""

    condition: str
    present: bool


@dataclass(frozen=True)
class Opening:
    """Changes of the start, and the best plan from there; `least` bounds its cost from below."""

    lacks: frozenset[Lack]
    start: State
    plan: Plan
    least: float


@dataclass(frozen=True)
class Question:
    """Which goal conditions to reach from what holds."""

    problem: Problem
    holds: frozenset[str]
    goal: frozenset[str]

    @property
    def view(self) -> View:
        """The view that the problem is made of."""
        return self.problem.view

    @cached_property
    def bits(self) -> int:
        """What satisfies the goal."""
        return self.problem.bits(self.view.narrower(self.goal))

    @cached_property
    def lacks(self) -> tuple[Lack, ...]:
        """What could open a way, sorted.

        Conditions that something which matters for the goal needs and that do not hold, and those
        that hinder it and do. For an operator that does harm it is the other way round. The goal
        itself is no answer.
        """
        acts = [act for action in self.problem.actions for act in action.acts]
        matters = influence(acts, self.bits)
        present, absent = set[str](), set[str]()
        for act in acts:
            if act.touches & matters:
                item = act.operator.configuration
                good, bad = (present, absent) if act.helpful else (absent, present)
                good.update(item.needs)
                bad.update(item.hindered)
        held, wanted = self.view.broader(self.holds), self.view.narrower(self.goal)
        missing = [(name, True) for name in present - held - wanted]
        return tuple(
            Lack(name, is_present)
            for name, is_present in sorted(missing + [(name, False) for name in absent & held])
        )

    def start(self, lacks: Iterable[Lack] = ()) -> State:
        """Return the state with these lacks made good."""
        lacks = tuple(lacks)
        present = frozenset(lack.condition for lack in lacks if lack.present)
        gone = self.view.excluded(present)
        gone |= self.view.narrower(lack.condition for lack in lacks if not lack.present)
        bits = self.problem.bits((self.holds - gone) | present)
        return State(bits, bits)


def openings(
    question: Question, found: Sequence[Lack], sizes: Iterable[int], by: By, budget: Budget
) -> Iterator[Opening]:
    """Yield the smallest sets of lacks with which there is a plan, by size.

    Of each size first the ones that promise the cheapest plan. A set that holds an earlier one is
    left out. Exact: the delete relaxation leaves out what cannot be enough, a search decides on the
    rest. Sizes of more than MOST_SETS sets are left out, and the budget says so.
    """
    known: list[frozenset[Lack]] = []
    for size in sizes:
        if comb(len(found), size) > MOST_SETS:
            budget.over = True
        if budget.over:
            return
        sets = [
            chosen
            for chosen in map(frozenset, combinations(found, size))
            if not any(smaller <= chosen for smaller in known) and _sound(question.view, chosen)
        ]
        for least, lacking in _promising(question, sets, by):
            start = question.start(lacking)
            if plan := best(question.problem, start, question.bits, by, budget):
                known.append(lacking)
                yield Opening(lacking, start, plan, least)


def makers(problem: Problem, lack: Lack) -> tuple[Operator, ...]:
    """Return the favourable operators that could make a lack good, working here or not."""
    found = problem.makers if lack.present else problem.enders
    return found.get(lack.condition, ())


def _promising(
    question: Question, sets: Sequence[frozenset[Lack]], by: By
) -> list[tuple[float, frozenset[Lack]]]:
    reached = Fixpoint(rules_of(question.view), _columns(question, sets)).satisfied
    bits = 0
    for condition in question.goal:
        bits |= reached.get(condition, 0)
    found = []
    for place in members(bits):
        search = Search(question.problem, question.start(sets[place]), question.bits, by)
        least = search.least()
        if least is not None:
            found.append((least, sorted(sets[place]), sets[place]))
    return [(least, lacking) for least, _, lacking in sorted(found, key=lambda entry: entry[:2])]


def _columns(question: Question, sets: Sequence[frozenset[Lack]]) -> Columns:
    """Return a column for each set of lacks, as things are when they are made good."""
    view, width = question.view, len(sets)
    places: dict[Lack, list[int]] = {}
    for place, lacking in enumerate(sets):
        for lack in lacking:
            places.setdefault(lack, []).append(place)
    masks = {lack: effects.mask(bits, width) for lack, bits in places.items()}
    held = dict.fromkeys(question.holds, (1 << width) - 1)
    for lack, bits in masks.items():
        names = [lack.condition]
        for gone in view.excluded(names) if lack.present else view.narrower(names):
            if gone in held:
                held[gone] &= ~bits
    for lack, bits in masks.items():
        if lack.present:
            held[lack.condition] = held.get(lack.condition, 0) | bits
    satisfied: dict[str, int] = {}
    for condition, bits in held.items():
        for broader in view.broader([condition]):
            satisfied[broader] = satisfied.get(broader, 0) | bits
    return Columns(width, held, satisfied)


def _sound(view: View, lacking: frozenset[Lack]) -> bool:
    """Say whether changes can go together."""
    present = [lack.condition for lack in lacking if lack.present]
    absent = {lack.condition for lack in lacking if not lack.present}
    if not view.excluded(present).isdisjoint(present):
        return False
    return not absent or view.broader(present).isdisjoint(absent)
