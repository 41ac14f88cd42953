"""What a goal waits for: the smallest changes of a start after which there is a way."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import combinations
from math import comb
from operator import and_, itemgetter

from s4s_graph.coherence.fixpoint import Columns, Fixpoint, rules_of
from s4s_graph.coherence.model import Configuration, Operator
from s4s_graph.coherence.pairs import mask, members
from s4s_graph.coherence.planner import Budget, By, Plan, Search, best
from s4s_graph.coherence.problem import Problem, State
from s4s_graph.coherence.relevance import wanting, worked
from s4s_graph.coherence.view import View

NEAREST = 100  # sets that are tried where there are too many to try all
MOST_LOOKS = 5_000  # operators that are looked at to find those


@dataclass(frozen=True, order=True)
class Lack:
    """A condition that is not as it should be: it must hold (`present`), or must not."""

    condition: str
    present: bool


@dataclass(frozen=True)
class Changes:
    """Conditions, as bits, that may be made to hold (`present`) or to hold no longer."""

    present: int
    absent: int

    def __len__(self) -> int:
        return self.present.bit_count() + self.absent.bit_count()

    def __and__(self, other: "Changes") -> "Changes":
        return Changes(self.present & other.present, self.absent & other.absent)


@dataclass(frozen=True)
class Opening:
    """Changes of the start, and the best plan from there; `least` bounds its cost from below."""

    lacks: frozenset[Lack]
    start: State
    plan: Plan
    least: float


@dataclass(frozen=True)
class Question:
    """Which goal conditions to reach from what holds, with sets of at most so many changes."""

    problem: Problem
    holds: frozenset[str]
    goal: frozenset[str]
    most: int = 3

    @property
    def view(self) -> View:
        """The view that the problem is made of."""
        return self.problem.view

    @cached_property
    def bits(self) -> int:
        """What satisfies the goal."""
        return self.problem.bits(self.view.narrower(self.goal))

    @cached_property
    def lacks(self) -> Changes:
        """What could open a way.

        Conditions that something which matters for the goal needs and that do not hold, and those
        that hinder it and do. For an operator that does harm it is the other way round. The goal
        itself is no answer.
        """
        present, absent = wanting(self.problem, self.bits)
        held = self.problem.bits(self.view.broader(self.holds))
        return Changes(present & ~held & ~self.bits, absent & held)

    @cached_property
    def now(self) -> Fixpoint:
        """What is within reach as things are, in a single column."""
        return Fixpoint(rules_of(self.view), _columns(self, [frozenset()]))

    @cached_property
    def hopeful(self) -> Changes:
        """The lacks that could be enough by themselves.

        A condition on which nothing depends that may work, with which nothing more may work, and
        which drives nothing out, changes nothing.
        """
        acts, bits = worked(self.problem, self.start().hinders)
        enough = self.problem.bits(self.view.excluded(self.holds))
        for act in acts:
            enough |= act.reads
        for act in self.problem.owner:
            missing = [need for need in act.needs if not need & bits]
            enough |= reduce(and_, missing) if missing else 0
        return Changes(self.lacks.present & enough, self.lacks.absent)

    @cached_property
    def nearest(self) -> tuple[frozenset[Lack], ...]:
        """Sets of lacks that would do if nothing were undone, near first.

        Backwards from the goal: what an operator that brings it about still lacks, and then with
        each lack in turn replaced by what an operator that makes it good still lacks.
        """
        found = dict[frozenset[Lack], None]()
        firsts = (Lack(name, present=True) for name in sorted(self.goal))
        agenda = deque(sorted((some for lack in firsts for some in self._before(lack)), key=len))
        looks = len(agenda)
        while agenda and len(found) < NEAREST:
            lacking = agenda.popleft()
            if lacking in found or len(lacking) > self.most or not self.among(self.lacks, lacking):
                continue
            found[lacking] = None
            for lack in sorted(lacking):
                if looks < MOST_LOOKS:
                    instead = self._before(lack)
                    looks += len(instead)
                    agenda.extend((lacking - {lack}) | some for some in instead)
        return tuple(found)

    def _before(self, lack: Lack) -> list[frozenset[Lack]]:
        """Return what each operator that could make a lack good still lacks itself."""
        return [self._lacking(operator.configuration) for operator in makers(self.problem, lack)]

    def _lacking(self, item: Configuration) -> frozenset[Lack]:
        now, narrower = self.now, self.view.narrower
        missing = (Lack(n, True) for n in item.needs if not now.satisfied.get(n))
        hindering = (
            Lack(name, False)
            for name in item.hindered
            if any(now.hindering.get(narrow) for narrow in narrower([name]))
        )
        return frozenset((*missing, *hindering))

    def named(self, changes: Changes) -> list[Lack]:
        """Return changes one by one, sorted."""
        names = self.problem.names
        found = [Lack(name, present=True) for name in names(changes.present)]
        found += [Lack(name, present=False) for name in names(changes.absent)]
        return sorted(found)

    def among(self, changes: Changes, lacks: Iterable[Lack]) -> bool:
        """Say whether lacks are all among some changes."""
        place = self.problem.place
        return all(
            (changes.present if lack.present else changes.absent) >> place[lack.condition] & 1
            for lack in lacks
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
    question: Question, changes: Changes, sizes: Iterable[int], by: By, budget: Budget
) -> Iterator[Opening]:
    """Yield the smallest sets of lacks with which there is a plan, by size.

    Of each size first the ones that promise the cheapest plan. A set that holds an earlier one is
    left out. Exact: the delete relaxation leaves out what cannot be enough, a search decides on the
    rest. Of a size with more sets than the budget allows only the nearest are tried, and it says
    so: then there may be others, but what is found is still enough, and no part of it is.
    """
    known: list[frozenset[Lack]] = []
    for size in sizes:
        if not budget.left:
            budget.over = True
            return
        sets = [
            chosen
            for chosen in _sets(question, changes, size, budget)
            if not any(smaller <= chosen for smaller in known) and _sound(question.view, chosen)
        ]
        for least, lacking in _promising(question, sets, by):
            start = question.start(lacking)
            if plan := best(question.problem, start, question.bits, by, budget):
                known.append(lacking)
                yield Opening(lacking, start, plan, least)


def _sets(
    question: Question, changes: Changes, size: int, budget: Budget
) -> Iterable[frozenset[Lack]]:
    if size == 1:
        return (frozenset({lack}) for lack in question.named(changes & question.hopeful))
    if comb(len(changes), size) <= budget.sets:
        return map(frozenset, combinations(question.named(changes), size))
    budget.over = True
    # With every part of a set, so that what is yielded has no smaller set in it.
    near = (lacking for lacking in question.nearest if question.among(changes, lacking))
    return {frozenset(part) for lacking in near for part in combinations(lacking, size)}


def makers(problem: Problem, lack: Lack) -> tuple[Operator, ...]:
    """Return the favourable operators that could make a lack good, working here or not."""
    by_condition = problem.makers if lack.present else problem.enders
    found = {
        (operator.subject, operator.configuration.id): operator
        for name in problem.view.narrower([lack.condition])
        for operator in by_condition.get(name, ())
    }
    return tuple(operator for _, operator in sorted(found.items(), key=itemgetter(0)))


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
    masks = {lack: mask(bits, width) for lack, bits in places.items()}
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
