"""A view as a planning problem: conditions are bits, interventions are actions with operators.

A state has two sides. `helps` are the conditions that can be relied on, `hinders` those that may be
in the way. They start equal. An adverse effect can only make things worse: what it brings about
hinders without helping, and what it takes away no longer helps but may still hinder. So no route
rests on something going wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple, TypeVar

from s4s_graph.coherence import effects
from s4s_graph.coherence.model import Operator
from s4s_graph.coherence.pairs import members, union
from s4s_graph.coherence.view import View, favourable

Key = TypeVar("Key")
Found = TypeVar("Found")
Ground = Literal["supported", "hypothesis", "from-kind", "contradicted"]
GROUNDS: tuple[Ground, ...] = ("supported", "hypothesis", "from-kind", "contradicted")


class State(NamedTuple):
    """The conditions that can be relied on, and those that may hinder."""

    helps: int
    hinders: int


@dataclass(frozen=True, eq=False)
class Act:
    """An operator in bits: `needs` has per needed condition the bits that satisfy it."""

    operator: Operator
    needs: tuple[int, ...]
    hindered: int
    brings: int
    ends: int
    helpful: bool
    ground: Ground

    def sure(self, state: State) -> bool:
        """Say whether it can be relied on in a state: a helpful one only."""
        return self.helpful and not state.hinders & self.hindered and self.fed(state.helps)

    def may(self, state: State) -> bool:
        """Say whether it may work in a state, so that what it undoes has to be feared."""
        return not state.helps & self.hindered and self.fed(state.hinders)

    def fed(self, bits: int) -> bool:
        """Say whether these conditions satisfy all that it needs."""
        return all(bits & need for need in self.needs)

    @property
    def touches(self) -> int:
        """What it changes."""
        return self.brings | self.ends

    @property
    def reads(self) -> int:
        """What it depends on."""
        found = self.hindered
        for need in self.needs:
            found |= need
        return found


@dataclass(frozen=True, eq=False)
class Action:
    """Interventions with the very same operators: for a route they are one."""

    interventions: tuple[str, ...]
    acts: tuple[Act, ...]


def after(state: State, fired: Iterable[Act], relied: Iterable[Act]) -> State:
    """Return the state when an intervention was deployed: all that may work, works at once.

    Only what is brought about by the operators `relied` on is counted on, and only if no other
    operator ends it. A better state (more helps, less hinders) gives a better state.
    """
    brought = ended = helped = lifted = 0
    for act in fired:
        brought |= act.brings
        ended |= act.ends
    for act in relied:
        helped |= act.brings
        lifted |= act.ends
    return State((state.helps | helped) & ~ended, (state.hinders & ~lifted) | brought)


@dataclass(frozen=True)
class Problem:
    """What can be done in a view, in bits; see `problem_of`."""

    view: View

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """The condition of each bit."""
        named = set(self.view.world.conditions)
        for operator in self.view.operators:
            item = operator.configuration
            named |= item.needs | item.hindered | item.outcomes | item.takes
        return tuple(sorted(named))

    @cached_property
    def place(self) -> dict[str, int]:
        """The bit of each condition."""
        return {condition: bit for bit, condition in enumerate(self.conditions)}

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Every action, by its first intervention."""
        alike: dict[frozenset[tuple[str, bool]], list[str]] = {}
        for subject in self.view.described:
            same = frozenset(
                (item.configuration.id, item.from_kind) for item in self.view.of[subject]
            )
            alike.setdefault(same, []).append(subject)
        groups = sorted(tuple(sorted(subjects)) for subjects in alike.values())
        return tuple(Action(group, self._acts(group[0])) for group in groups)

    @cached_property
    def owner(self) -> Mapping[Act, int]:
        """The number of the action that an act is part of, in the order of the acts."""
        return {act: number for number, action in enumerate(self.actions) for act in action.acts}

    @cached_property
    def wants(self) -> tuple[Mapping[int, int], Mapping[int, int]]:
        """For each bit the conditions, as bits, that acts which touch it depend on.

        First what should hold: the needs of the helpful acts and the hindrances of the others. Then
        what should not: the other way round.
        """
        present: defaultdict[int, int] = defaultdict(int)
        absent: defaultdict[int, int] = defaultdict(int)
        for act in self.owner:
            item = act.operator.configuration
            good, bad = self.bits(item.needs), self.bits(item.hindered)
            if not act.helpful:
                good, bad = bad, good
            for condition in item.brings | self.ended[item.id]:
                present[self.place[condition]] |= good
                absent[self.place[condition]] |= bad
        return present, absent

    @cached_property
    def led(self) -> Mapping[str | None, tuple[Act, ...]]:
        """For each condition acts that need it; under None those that need nothing.

        Each act is listed once, by the need that the fewest acts have: it cannot work without, so
        where that one is not met it need not be looked at.
        """
        needs = {act: sorted(act.operator.configuration.needs) for act in self.owner}
        common = Counter(need for named in needs.values() for need in named)
        found: defaultdict[str | None, list[Act]] = defaultdict(list)
        for act, named in needs.items():
            found[min(named, key=common.__getitem__, default=None)].append(act)
        return _fixed(found)

    @cached_property
    def makers(self) -> Mapping[str, tuple[Operator, ...]]:
        """For each condition the favourable operators that bring about just that one."""
        found: defaultdict[str, list[Operator]] = defaultdict(list)
        for operator in filter(favourable, self.view.operators):
            for condition in operator.configuration.brings:
                found[condition].append(operator)
        return _fixed(found)

    @cached_property
    def enders(self) -> Mapping[str, tuple[Operator, ...]]:
        """For each condition the favourable operators that end just that one."""
        found: defaultdict[str, list[Operator]] = defaultdict(list)
        for operator in filter(favourable, self.view.operators):
            for condition in self.ended[operator.configuration.id]:
                found[condition].append(operator)
        return _fixed(found)

    @cached_property
    def ended(self) -> Mapping[str, frozenset[str]]:
        """For each configuration the conditions that stop holding when it works."""
        items = self.view.world.configurations.values()
        return {item.id: effects.ends(self.view, item) for item in items}

    @cached_property
    def most_hours(self) -> float:
        """The most hours known of an intervention: unknown ones are counted as this many."""
        known = (item.hours for item in self.view.world.interventions.values())
        return max((hours for hours in known if hours is not None), default=0.0)

    def hours(self, intervention: str) -> float | None:
        """Return the hours per participant of an intervention, if known."""
        found = self.view.world.interventions.get(intervention)
        return found.hours if found else None

    def bits(self, conditions: Iterable[str]) -> int:
        """Return the bits of conditions; what the graph does not know has none."""
        found = 0
        for condition in conditions:
            if condition in self.place:
                found |= 1 << self.place[condition]
        return found

    def names(self, bits: int) -> tuple[str, ...]:
        """Return the conditions of bits, sorted."""
        return tuple(self.conditions[bit] for bit in members(bits))

    @cached_property
    def satisfying(self) -> Mapping[str, int]:
        """For each condition the bits that satisfy it."""
        return {name: self.bits(self.view.narrower([name])) for name in self.conditions}

    def _acts(self, subject: str) -> tuple[Act, ...]:
        return tuple(self._act(operator) for operator in self.view.of[subject])

    def _act(self, operator: Operator) -> Act:
        item = operator.configuration
        return Act(
            operator,
            needs=tuple(self.satisfying[condition] for condition in sorted(item.needs)),
            hindered=union(self.satisfying, item.hindered),
            brings=self.bits(item.brings),
            ends=self.bits(self.ended[item.id]),
            helpful=favourable(operator),
            ground=ground(self.view, operator),
        )


def _fixed(found: Mapping[Key, list[Found]]) -> dict[Key, tuple[Found, ...]]:
    return {key: tuple(items) for key, items in found.items()}


@lru_cache(maxsize=8)
def problem_of(view: View) -> Problem:
    """Return the problem of a view: the same for each company, so it is remembered.

    It takes a second for 10,000 interventions.
    """
    problem = Problem(view)
    # Before any other thread sees it: two that compute the same property get acts of their own.
    _ = problem.led, problem.wants, problem.makers, problem.enders
    return problem


def ground(view: View, operator: Operator) -> Ground:
    """Return on what an operator rests. Findings against it weigh more than how it is known."""
    state = view.state(operator.configuration.id)
    if state == "contradicted":
        return "contradicted"
    if operator.from_kind:
        return "from-kind"
    return "supported" if state == "supported" else "hypothesis"
