"""Routes: which interventions, in which order, bring a company to a goal.

An intervention is an operator of STRIPS (Fikes & Nilsson 1971, doi 10.1016/0004-3702(71)90010-5),
so a route is a plan. What is undone on the way is respected, see `problem` and `planner`; what is
unknown of a company is assumed only where there is no other way, and said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, islice
from typing import NamedTuple

from s4s_graph.coherence import effects
from s4s_graph.coherence.blockers import Changes, Lack, Opening, Question, makers, openings
from s4s_graph.coherence.fixpoint import rules_of
from s4s_graph.coherence.model import Company
from s4s_graph.coherence.planner import Budget, By, Plan, plans
from s4s_graph.coherence.problem import GROUNDS, Ground, Problem, State, ground, problem_of
from s4s_graph.coherence.reach import wanted
from s4s_graph.coherence.steps import Step, played, told
from s4s_graph.coherence.view import Known, View

__all__ = [
    "Blocker",
    "By",
    "Cost",
    "Ground",
    "Lack",
    "Maker",
    "Route",
    "Routes",
    "Settings",
    "Step",
    "prepare",
    "routes",
]


@dataclass(frozen=True)
class Settings:
    """How far a search goes: at most so many routes, and so many states for all of them.

    `assumed`, `lacking`: the largest sets of unknown and of lacking conditions that are tried. Of
    a size with more than `sets` sets only those nearest to the goal are.
    """

    routes: int = 3
    assumed: int = 3
    lacking: int = 3
    blockers: int = 10
    states: int = 20_000
    sets: int = 50_000


@dataclass(frozen=True)
class Cost:
    """What a route takes. `unknown_hours`: steps of unknown hours, counted as the most known.

    `ground`: the weakest that it relies on.
    """

    steps: int
    hours: float
    unknown_hours: int
    years: int
    ground: Ground


@dataclass(frozen=True)
class Route:
    """Steps after which one of the goal's conditions holds.

    `assumed`: unknown conditions that have to hold from the start.
    """

    steps: tuple[Step, ...]
    reaches: tuple[str, ...]
    assumed: tuple[str, ...]
    cost: Cost


@dataclass(frozen=True)
class Maker:
    """Who could make a lack good, and by which configuration."""

    intervention: str
    configuration: str
    ground: Ground


@dataclass(frozen=True)
class Blocker:
    """A smallest set of changes with which there would be a route; `makers` for each of them."""

    lacks: tuple[Lack, ...]
    makers: tuple[tuple[Maker, ...], ...]


@dataclass(frozen=True)
class Routes:
    """The best routes, or what stands in the way of one.

    `held`: conditions of the goal that hold already, so that no route is needed. `makers`: who
    brings a condition of the goal about at all, here or elsewhere. `expanded` counts states; not
    `complete` means that the search hit a bound: there may be better or other answers.
    """

    goal: str
    conditions: tuple[str, ...]
    held: tuple[str, ...]
    makers: tuple[Maker, ...]
    routes: tuple[Route, ...]
    blockers: tuple[Blocker, ...]
    expanded: int
    complete: bool


class Found(NamedTuple):
    """A plan with where it starts and what it assumes."""

    plan: Plan
    start: State
    assumed: tuple[str, ...]


def routes(
    view: View,
    company: Company,
    goal: str,
    by: By = "number",
    settings: Settings = Settings(),
) -> Routes:
    """Return the best routes of a company to a policy goal or a condition. Raises GoalError.

    First those that assume nothing: the best, then each time the best that leaves out an
    intervention of every earlier one. If there is none: the best of those that assume the fewest
    unknown conditions. If there is none either: the smallest sets of changes that would open a way.
    `company` need not be in the world: a profile will do.
    """
    problem, conditions = problem_of(view), wanted(view.world, goal)
    known = view.known_of(company)
    most = max(settings.assumed, settings.lacking)
    question = Question(problem, effects.start(view, company), conditions, most)
    held = tuple(sorted(conditions & known.holds))
    made = tuple(
        maker for name in sorted(conditions) for maker in _makers(problem, Lack(name, present=True))
    )
    budget = Budget(settings.states, settings.sets)
    found = _found(question, known, by, settings, budget) if made and not held else ()
    blockers = () if held or found or not made else _blockers(question, settings, budget)
    return Routes(
        goal=goal,
        conditions=tuple(sorted(conditions)),
        held=held,
        makers=made,
        routes=tuple(_route(question, item, known) for item in found),
        blockers=blockers,
        expanded=budget.spent,
        complete=not budget.over,
    )


def prepare(view: View) -> None:
    """Compute what the routes of every company in a view need, so that none waits for it."""
    problem_of(view)
    rules_of(view)


def _found(
    question: Question, known: Known, by: By, settings: Settings, budget: Budget
) -> tuple[Found, ...]:
    start = question.start()
    surely = plans(question.problem, start, question.bits, by, settings.routes, budget)
    if surely or budget.over:
        return tuple(Found(plan, start, ()) for plan in surely)
    absent = question.problem.bits(known.absent)
    unknown = Changes(question.lacks.present & ~absent, 0)
    sizes = range(1, settings.assumed + 1)
    opened = openings(question, unknown, sizes, by, budget)
    for _, alike in groupby(opened, key=lambda opening: len(opening.lacks)):
        return _cheapest(alike, settings.routes)
    return ()


def _cheapest(found: Iterable[Opening], most: int) -> tuple[Found, ...]:
    best: list[Opening] = []
    for opening in found:
        best = sorted([*best, opening], key=lambda item: (item.plan.cost, sorted(item.lacks)))
        if len(best) >= most and best[most - 1].plan.cost[0] <= opening.least:
            break  # those that come after promise no less
    return tuple(
        Found(item.plan, item.start, tuple(sorted(lack.condition for lack in item.lacks)))
        for item in best[:most]
    )


def _blockers(question: Question, settings: Settings, budget: Budget) -> tuple[Blocker, ...]:
    sizes = range(1, settings.lacking + 1)
    found = openings(question, question.lacks, sizes, "number", budget)
    return tuple(
        _blocker(question, tuple(sorted(opening.lacks)))
        for opening in islice(found, settings.blockers)
    )


def _blocker(question: Question, lacking: tuple[Lack, ...]) -> Blocker:
    problem = question.problem
    return Blocker(lacking, tuple(_makers(problem, lack) for lack in lacking))


def _makers(problem: Problem, lack: Lack) -> tuple[Maker, ...]:
    found = (
        Maker(operator.subject, operator.configuration.id, ground(problem.view, operator))
        for operator in makers(problem, lack)
    )
    return tuple(
        sorted(found, key=lambda m: (GROUNDS.index(m.ground), m.intervention, m.configuration))
    )


def _route(question: Question, found: Found, known: Known) -> Route:
    problem = question.problem
    scenes = played(found.start, found.plan.moves)
    steps = told(problem, scenes, question.bits, known)
    reached = problem.view.broader(problem.names(scenes[-1].after.helps))
    return Route(
        steps, tuple(sorted(question.goal & reached)), found.assumed, _cost(problem, steps)
    )


def _cost(problem: Problem, steps: tuple[Step, ...]) -> Cost:
    hours = [problem.most_hours if step.hours is None else step.hours for step in steps]
    return Cost(
        steps=len(steps),
        hours=sum(hours),
        unknown_hours=sum(step.hours is None for step in steps),
        years=steps[-1].year,
        ground=max((step.ground for step in steps), key=GROUNDS.index),
    )
