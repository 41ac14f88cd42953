"""The best sequence of interventions: an exact search that respects what is undone on the way.

A* (Hart, Nilsson & Raphael 1968, doi 10.1109/TSSC.1968.300136) over states of conditions, with the
h_max estimate of the delete relaxation (Bonet & Geffner 2001, doi 10.1016/S0004-3702(01)00108-4),
which never says more than the true cost. Only what can matter for the goal is looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Literal, NamedTuple

from s4s_graph.coherence.problem import GROUNDS, Act, Action, Problem, State, after
from s4s_graph.coherence.relevance import relevant

By = Literal["number", "hours", "years", "evidence"]
Cost = tuple[float, int]  # what is asked for, then the number of steps


class Node(NamedTuple):
    """A state and, where years are counted, the state at the start of the running year."""

    state: State
    year: State | None


@dataclass(frozen=True)
class Move:
    """A step: what is deployed, the operators that it is relied on for, whether a year begins.

    `opens_year` is None where years were not what the search was about.
    """

    action: Action
    relied: tuple[Act, ...]
    opens_year: bool | None = None


@dataclass(frozen=True)
class Plan:
    """Steps from a start to a goal, and what they cost."""

    moves: tuple[Move, ...]
    cost: Cost

    @property
    def actions(self) -> frozenset[Action]:
        """The interventions that it takes, whatever the order."""
        return frozenset(move.action for move in self.moves)


@dataclass
class Budget:
    """How much may still be looked at. `over`: something had to be left out.

    `states` may be expanded in all; `sets` of changes of one size may be tried.
    """

    states: int
    sets: int
    spent: int = 0
    over: bool = False

    @property
    def left(self) -> int:
        """How many states may still be expanded."""
        return self.states - self.spent

    def spend(self) -> bool:
        """Take one; False if there is none left."""
        if not self.left:
            self.over = True
            return False
        self.spent += 1
        return True


class Search:
    """One question: from these conditions to one of those, at the least cost.

    `number`: every step costs 1. `hours`: its hours per participant; unknown hours count as the
    most known. `evidence`: the rank of the weakest standing that the step is relied on for, 1 for
    supported to 4 for contradicted. `years`: 1 for each year; a step may share the year of the step
    before if what it is relied on for could also have worked when that year began.
    """

    def __init__(
        self,
        problem: Problem,
        start: State,
        goal: int,
        by: By,
        without: frozenset[Action] = frozenset(),
    ) -> None:
        self._problem, self._by, self._goal = problem, by, goal
        self._choices, self._matters = relevant(problem, start, goal, without)
        self._start = Node(self._kept(start), None)
        self._estimates: dict[tuple[int, int | None], float | None] = {}
        self._relaxed = self._distinct()

    def least(self) -> float | None:
        """Return a lower bound of the cost, or None if the goal is out of reach."""
        return self._estimate(self._start)

    def best(self, budget: Budget) -> Plan | None:
        """Return a plan at the least cost; None if there is none or the budget is over."""
        order = count()
        costs: dict[Node, Cost] = {self._start: (0, 0)}
        came: dict[Node, tuple[Node, Move]] = {}
        queue: list[tuple[Cost, int, Cost, Node]] = [((0, 0), next(order), (0, 0), self._start)]
        while queue:
            bound, _, cost, node = heappop(queue)
            left = self._estimate(node)
            if cost > costs[node] or left is None:
                continue
            if bound[0] < cost[0] + left:
                # Queued with the bound of what it came from: few states ever need their own.
                heappush(queue, ((cost[0] + left, bound[1]), next(order), cost, node))
                continue
            if node.state.helps & self._goal:
                return Plan(tuple(_trail(came, node))[::-1], cost)
            if not budget.spend():
                return None
            for move, more, following in self._moves(node):
                total = (cost[0] + more, cost[1] + 1)
                if following not in costs or total < costs[following]:
                    costs[following] = total
                    came[following] = (node, move)
                    steps = total[1] + (0 if following.state.helps & self._goal else 1)
                    heappush(queue, ((bound[0], steps), next(order), total, following))
        return None

    def _moves(self, node: Node) -> Iterator[tuple[Move, float, Node]]:
        for action, acts in self._choices:
            fired = tuple(act for act in acts if act.may(node.state))
            for relied, cost, year in self._ways(action, fired, node):
                state = self._kept(after(node.state, fired, relied))
                if state != node.state:
                    opens = None if year is None else bool(cost)
                    yield Move(action, relied, opens), cost, Node(state, year)

    def _ways(
        self, action: Action, fired: tuple[Act, ...], node: Node
    ) -> Iterator[tuple[tuple[Act, ...], float, State | None]]:
        sure = tuple(act for act in fired if act.sure(node.state))
        if not sure:
            return
        if self._by == "evidence":
            for rank in sorted({GROUNDS.index(act.ground) for act in sure}):
                relied = tuple(act for act in sure if GROUNDS.index(act.ground) <= rank)
                yield relied, rank + 1, None
        elif self._by == "years":
            if node.year is not None:
                early = tuple(act for act in sure if act.sure(node.year))
                if early:
                    yield early, 0, node.year
            yield sure, 1, node.state
        else:
            yield sure, price(self._problem, action, self._by), None

    def _kept(self, state: State) -> State:
        return State(state.helps & self._matters, state.hinders & self._matters)

    def _distinct(self) -> tuple[tuple[float, Act], ...]:
        found: dict[tuple[tuple[int, ...], int], tuple[float, Act]] = {}
        for action, acts in self._choices:
            for act in acts:
                if act.helpful:
                    cost = self._act_price(action, act)
                    key = (act.needs, act.brings)
                    if key not in found or cost < found[key][0]:
                        found[key] = (cost, act)
        return tuple(found.values())

    def _act_price(self, action: Action, act: Act) -> float:
        if self._by == "evidence":
            return GROUNDS.index(act.ground) + 1
        return price(self._problem, action, self._by)

    def _estimate(self, node: Node) -> float | None:
        key = (node.state.helps, node.year.helps if node.year else None)
        if key not in self._estimates:
            self._estimates[key] = self._h_max(*key)
        return self._estimates[key]

    def _h_max(self, helps: int, year: int | None) -> float | None:
        waiting, agenda, reached, so_far = self._relaxed, list[tuple[float, int]](), helps, 0.0
        while not reached & self._goal:
            still = []
            for cost, act in waiting:
                if act.fed(reached):
                    # A step that could have worked when the year began may share that year.
                    free = year is not None and act.fed(year)
                    heappush(agenda, (so_far if free else so_far + cost, act.brings))
                else:
                    still.append((cost, act))
            waiting = tuple(still)
            if not agenda:
                return None
            so_far = agenda[0][0]
            while agenda and agenda[0][0] == so_far:
                reached |= heappop(agenda)[1]
        return so_far


def price(problem: Problem, action: Action, by: By) -> float:
    """Return what a step costs where that is the same in every state."""
    if by != "hours":
        return 1
    return min(_hours(problem, name) for name in action.interventions)


def best(
    problem: Problem,
    start: State,
    goal: int,
    by: By,
    budget: Budget,
    without: frozenset[Action] = frozenset(),
) -> Plan | None:
    """Return a plan at the least cost, or None if there is none or the budget is over."""
    shortest = Search(problem, start, goal, "number", without).best(budget)
    if shortest is None or by == "number":
        return shortest
    # Other costs tell more states apart: only where there is a way at all are they worth it.
    return Search(problem, start, goal, by, without).best(budget)


def plans(
    problem: Problem, start: State, goal: int, by: By, most: int, budget: Budget
) -> tuple[Plan, ...]:
    """Return up to so many plans, best first, each without something that each earlier one takes.

    The second plan leaves out some intervention of the first, and so on: the best plan without each
    of them is sought in turn (Lawler 1972, doi 10.1287/mnsc.18.7.401).
    """
    order = count()
    tried: set[frozenset[Action]] = set()
    queue: list[tuple[Cost, int, Plan, frozenset[Action]]] = []

    def offer(without: frozenset[Action]) -> None:
        if without not in tried and not budget.over:
            tried.add(without)
            if plan := best(problem, start, goal, by, budget, without):
                heappush(queue, (plan.cost, next(order), plan, without))

    found: list[Plan] = []
    offer(frozenset())
    while queue and len(found) < most:
        _, _, plan, without = heappop(queue)
        if not any(earlier.actions <= plan.actions for earlier in found):
            found.append(plan)
        if len(found) < most:
            for move in plan.moves:
                offer(without | {move.action})
    return tuple(found)


def _hours(problem: Problem, intervention: str) -> float:
    known = problem.hours(intervention)
    return problem.most_hours if known is None else known


def _trail(came: dict[Node, tuple[Node, Move]], node: Node) -> Iterator[Move]:
    while node in came:
        node, move = came[node]
        yield move
