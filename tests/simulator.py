"""Reach and routes the slow way, to hold the fast way against: sets, and every way tried.

It shares nothing with what it checks but the model and the rules in its text.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from hypothesis import strategies as st
from worlds import CONDITIONS, INTERVENTIONS, opposed, satisfies, world

from s4s_graph.coherence.model import (
    Company,
    Condition,
    Configuration,
    Finding,
    Intervention,
    Operator,
    World,
    operators,
)

Conditions = frozenset[str]
HELPFUL = ("beoogd", "onbedoeld-gunstig")


@dataclass(frozen=True)
class State:
    """What can be relied on, and what may hinder."""

    helps: Conditions
    hinders: Conditions


@dataclass(frozen=True)
class Moment:
    """A state, and the state when the running year began."""

    now: State
    began: State | None = None


class Simulator:
    """One world on the level of interventions."""

    def __init__(self, given: World) -> None:
        self.world = given
        self.operators: dict[str, list[Operator]] = {}
        for operator in operators(given, "interventions"):
            self.operators.setdefault(operator.subject, []).append(operator)
        names = given.conditions
        self.up = {a: frozenset(b for b in names if satisfies(given, a, b)) for a in names}
        self.down = {a: frozenset(b for b in names if a in self.up[b]) for a in names}
        self.against = {a: frozenset(b for b in names if opposed(given, a, b)) for a in names}

    def holds(self, company: Company) -> Conditions:
        """What is known to hold, with what follows from it."""
        return self._said(company) - self._denied(company)

    def absent(self, company: Company) -> Conditions:
        """What is known not to hold."""
        return self._denied(company) - self._said(company)

    def start(self, company: Company, assumed: Iterable[str] = ()) -> State:
        """Where a company starts: what it said, and what follows only from what is in doubt."""
        holds = self.holds(company)
        said = company.holds & holds
        explicit = said | (holds - union(self.up[c] for c in said))
        explicit -= union(self.against[c] for c in assumed)
        explicit |= frozenset(assumed)
        return State(explicit, explicit)

    def met(self, condition: str, bits: Conditions) -> bool:
        """Say whether one of these conditions satisfies another."""
        return not self.down[condition].isdisjoint(bits)

    def works(self, item: Configuration, helps: Conditions, hinders: Conditions) -> bool:
        """Say whether a configuration has what it needs in one set and nothing in its way."""
        return all(self.met(c, helps) for c in item.needs) and not any(
            self.met(c, hinders) for c in item.hindered
        )

    def sure(self, item: Configuration, state: State) -> bool:
        """Say whether it can be relied on."""
        return item.valence in HELPFUL and self.works(item, state.helps, state.hinders)

    def ends(self, item: Configuration) -> Conditions:
        """What stops holding when it works."""
        gone = union(self.down[c] for c in item.takes)
        return (gone | union(self.against[c] for c in item.brings)) - item.brings

    def deploy(self, subject: str, state: State, relied: Iterable[Configuration]) -> State:
        """Return the state after an intervention: everything that may happen, happens."""
        items = [operator.configuration for operator in self.operators.get(subject, ())]
        may = [item for item in items if self.works(item, state.hinders, state.helps)]
        relied = list(relied)
        helps = state.helps | union(item.brings for item in relied)
        hinders = state.hinders - union(self.ends(item) for item in relied)
        return State(
            helps - union(self.ends(item) for item in may),
            hinders | union(item.brings for item in may),
        )

    def ways(self, moment: Moment) -> Iterator[tuple[str, bool, tuple[Operator, ...], Moment]]:
        """Yield every deployment: with each set of what it could be relied on for."""
        for subject, found in self.operators.items():
            for shares in (False, True):
                if shares and moment.began is None:
                    continue
                able = [o for o in found if self.sure(o.configuration, moment.now)]
                if shares and moment.began:
                    able = [o for o in able if self.sure(o.configuration, moment.began)]
                for size in range(1, len(able) + 1):
                    for relied in combinations(able, size):
                        state = self.deploy(subject, moment.now, (o.configuration for o in relied))
                        began = moment.began if shares else moment.now
                        yield subject, shares, relied, Moment(state, began)

    def costs(
        self,
        start: State,
        cost: Callable[[str, bool, tuple[Operator, ...]], float],
        years: bool = False,
    ) -> dict[State, float]:
        """Return the least cost of every state that some sequence leads to.

        Every moment that there is, and the cost of each made less until nothing changes.
        """
        costs = {Moment(start): 0.0}
        waiting = [Moment(start)]
        while waiting:
            moment = waiting.pop(0)
            for subject, shares, relied, following in self.ways(moment):
                if shares and not years:
                    continue
                if not years:
                    following = Moment(following.now)
                total = costs[moment] + cost(subject, shares, relied)
                if following not in costs or total < costs[following]:
                    costs[following] = total
                    waiting.append(following)
        found: dict[State, float] = {}
        for moment, total in costs.items():
            found[moment.now] = min(total, found.get(moment.now, total))
        return found

    def least(self, costs: dict[State, float], goal: Iterable[str]) -> float | None:
        """Return the least cost of a state in which one of some conditions can be relied on."""
        wanted = set(goal)
        found = (t for s, t in costs.items() if any(self.met(c, s.helps) for c in wanted))
        return min(found, default=None)

    def reach(
        self,
        company: Company,
        *,
        assume_unknown: bool = False,
        skip: Callable[[Operator], bool] = lambda _: False,
        extra: str | None = None,
    ) -> Conditions:
        """Return what a company can reach if nothing is undone, by trying until nothing changes."""
        holds, absent = self.holds(company), self.absent(company)
        reached = set(self.world.conditions.keys() - absent if assume_unknown else holds) | holds
        hindering = set(self.start(company).hinders)
        if extra:
            reached |= self.up[extra]
            hindering -= self.against[extra]
        everything = [o for found in self.operators.values() for o in found if not skip(o)]
        for _ in range(len(everything) + 1):
            for operator in everything:
                item = operator.configuration
                fed = item.needs <= reached
                free = not any(self.met(c, frozenset(hindering)) for c in item.hindered)
                if item.valence in HELPFUL and fed and free:
                    reached |= union(self.up[c] for c in item.brings)
                    hindering -= self.ends(item)
        return frozenset(reached)

    def _said(self, company: Company) -> Conditions:
        return union(self.up[c] for c in company.holds)

    def _denied(self, company: Company) -> Conditions:
        lacking = union(self.down[c] for c in company.lacks)
        return lacking | union(self.against[c] for c in company.holds)


def union(sets: Iterable[Conditions]) -> Conditions:
    """Return everything that is in one of these."""
    return frozenset[str]().union(*sets)


@st.composite
def chains(draw: st.DrawFn) -> World:
    """Worlds in which it often takes several steps: little holds, and much has to be made."""
    opposing = st.sampled_from([frozenset[str](), frozenset({"c1"})])
    return world(
        conditions=[
            Condition(
                name,
                broader=draw(st.sampled_from([frozenset[str]()] * 4 + [frozenset({"c2"})])),
                opposes=draw(opposing) if name == "c5" else frozenset(),
                goals=frozenset({"g0"}) if name == "c4" else frozenset(),
            )
            for name in CONDITIONS
        ],
        interventions=[Intervention(name) for name in INTERVENTIONS],
        configurations=[draw(_link(f"x{number}")) for number in range(draw(st.integers(5, 9)))],
        companies=[Company("f0", holds=frozenset({"c0"}))],
        findings=[draw(_verdict(f"x{number}")) for number in range(5)],
    )


def _link(name: str) -> st.SearchStrategy[Configuration]:
    def some(most: int) -> st.SearchStrategy[frozenset[str]]:
        return st.frozensets(st.sampled_from(CONDITIONS), max_size=most)

    return st.builds(
        Configuration,
        id=st.just(name),
        subject=st.sampled_from(INTERVENTIONS),
        needs=st.frozensets(st.sampled_from(CONDITIONS[:5]), min_size=1, max_size=2),
        hindered=st.one_of(st.just(frozenset[str]()), some(1)),
        outcomes=st.frozensets(st.sampled_from(CONDITIONS[1:]), min_size=1, max_size=1),
        takes=st.one_of(st.just(frozenset[str]()), some(1)),
        valence=st.sampled_from(["beoogd", "beoogd", "beoogd", "averechts"]),
    )


def _verdict(configuration: str) -> st.SearchStrategy[Finding]:
    return st.builds(
        Finding,
        id=st.just(f"e-{configuration}"),
        configuration=st.just(configuration),
        direction=st.sampled_from(["supports", "contradicts", "refines"]),
        company=st.none(),
        year=st.none(),
        illustrative=st.just(True),
    )
