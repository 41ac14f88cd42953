"""What a goal waits for: the smallest changes of a start after which there is a way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from s4s_graph.coherence import effects
from s4s_graph.coherence.fixpoint import Columns, Fixpoint, Rules
from s4s_graph.coherence.model import Operator
from s4s_graph.coherence.pairs import members
from s4s_graph.coherence.planner import Budget, By, Plan, Search, influence
from s4s_graph.coherence.problem import Act, Problem, State
from s4s_graph.coherence.view import View, favourable

MOST_SETS = 50_000  # sets of one size that are looked at; a size with more is left out


@dataclass(frozen=True, order=True)
class Lack:
    """A condition that is not as it should be: it must hold (`present`), or must not."""

    condition: str
    present: bool


@dataclass(frozen=True)
class Opening:
    """Changes of the start, and the best plan from there."""

    lacks: frozenset[Lack]
    start: State
    plan: Plan


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

    @property
    def bits(self) -> int:
        """What satisfies the goal."""
        return self.problem.bits(self.view.narrower(self.goal))

    def start(self, lacks: Iterable[Lack] = ()) -> State:
        """Return the state with these lacks made good."""
        lacks = tuple(lacks)
        present = frozenset(lack.condition for lack in lacks if lack.present)
        gone = self.view.excluded(present)
        gone |= self.view.narrower(lack.condition for lack in lacks if not lack.present)
        bits = self.problem.bits((self.holds - gone) | present)
        return State(bits, bits)


def lacks(question: Question) -> tuple[Lack, ...]:
    """Return what could open a way, sorted.

    Conditions that something which matters for the goal needs and that do not hold, and those that
    hinder it and do. For an operator that does harm it is the other way round. The goal itself is
    no answer.
    """
    view, start = question.view, question.start()
    found: set[Lack] = set()
    for act in _mattering(question):
        item = act.operator.configuration
        wanted, unwanted = item.needs, item.hindered
        if not act.helpful:
            wanted, unwanted = unwanted, wanted
        found.update(Lack(name, present=True) for name in wanted)
        found.update(Lack(name, present=False) for name in unwanted)
    problem = question.problem
    return tuple(
        sorted(
            lack
            for lack in found
            if lack.present != bool(problem.satisfying(lack.condition) & start.helps)
            and not (lack.present and view.broader([lack.condition]) & question.goal)
        )
    )


def openings(
    question: Question, found: Sequence[Lack], sizes: Iterable[int], by: By, budget: Budget
) -> Iterator[Opening]:
    """Yield the smallest sets of lacks with which there is a plan, by size.

    Of each size first the ones that promise the cheapest plan. A set that holds an earlier one is
    left out. Exact: the delete relaxation leaves out what cannot be enough, a search decides on the
    rest. Sizes of more than MOST_SETS sets are left out.
    """
    rules = Rules(question.view)
    known: list[frozenset[Lack]] = []
    for size in sizes:
        if comb(len(found), size) > MOST_SETS:
            return
        sets = [
            chosen
            for chosen in map(frozenset, combinations(found, size))
            if not any(smaller <= chosen for smaller in known) and _sound(question.view, chosen)
        ]
        for lacking, start, search in _promising(question, rules, sets, by):
            if budget.over:
                return
            if plan := search.best(budget):
                known.append(lacking)
                yield Opening(lacking, start, plan)


def makers(view: View, lack: Lack) -> tuple[Operator, ...]:
    """Return the favourable operators that could make a lack good, working here or not."""
    names = view.narrower([lack.condition])
    return tuple(
        operator
        for operator in view.operators
        if favourable(operator)
        and not names.isdisjoint(
            operator.configuration.brings
            if lack.present
            else effects.ends(view, operator.configuration)
        )
    )


def _mattering(question: Question) -> tuple[Act, ...]:
    acts = tuple(act for action in question.problem.actions for act in action.acts)
    matters = influence(acts, question.bits)
    return tuple(act for act in acts if act.touches & matters)


def _promising(
    question: Question, rules: Rules, sets: Sequence[frozenset[Lack]], by: By
) -> list[tuple[frozenset[Lack], State, Search]]:
    reached = Fixpoint(rules, _columns(question, sets)).satisfied
    bits = 0
    for condition in question.goal:
        bits |= reached.get(condition, 0)
    found = []
    for place in members(bits):
        start = question.start(sets[place])
        search = Search(question.problem, start, question.bits, by)
        least = search.least()
        if least is not None:
            found.append((least, sorted(sets[place]), (sets[place], start, search)))
    return [item for _, _, item in sorted(found, key=lambda entry: entry[:2])]


def _columns(question: Question, sets: Sequence[frozenset[Lack]]) -> Columns:
    """Return a column for each set of lacks, as they are when made good."""
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
    return view.excluded(present).isdisjoint(present) and view.broader(present).isdisjoint(absent)
