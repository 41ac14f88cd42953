"""A plan told step by step: what each step uses, creates, undoes and takes for granted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from s4s_graph.coherence.pairs import members
from s4s_graph.coherence.planner import Move
from s4s_graph.coherence.problem import GROUNDS, Act, Action, Ground, Problem, State, after
from s4s_graph.coherence.view import Known


@dataclass(frozen=True)
class Step:
    """The deployment of one intervention.

    `alternatives` have the very same configurations. `configurations`: those that the route relies
    on here; `ground`: the weakest of them. `creates`: what they newly bring about. `undoes`: what
    could be relied on before and no longer can. `adverse`: unwanted outcomes that come with it.
    `absent`: unknown conditions that would hinder and are assumed not to hold. `doubts`: its
    configurations that say that, as things stand here, what it should create stays away. `year`
    counts from 1; `hours` are per participant, None if unknown.
    """

    intervention: str
    alternatives: tuple[str, ...]
    year: int
    configurations: tuple[str, ...]
    ground: Ground
    creates: tuple[str, ...]
    undoes: tuple[str, ...]
    adverse: tuple[str, ...]
    absent: tuple[str, ...]
    doubts: tuple[str, ...]
    hours: float | None


@dataclass(frozen=True)
class Scene:
    """One move as it is played in full: everything that worked, before and after."""

    move: Move
    fired: tuple[Act, ...]
    before: State
    after: State


def played(start: State, moves: Iterable[Move]) -> tuple[Scene, ...]:
    """Return the moves as played from a start, with all operators of what is deployed."""
    scenes = []
    state = start
    for move in moves:
        fired = tuple(act for act in move.action.acts if act.may(state))
        following = after(state, fired, move.relied)
        scenes.append(Scene(move, fired, state, following))
        state = following
    return tuple(scenes)


def told(problem: Problem, scenes: Sequence[Scene], goal: int, known: Known) -> tuple[Step, ...]:
    """Return the steps of a plan that was played to its goal."""
    used = _used(scenes, goal)
    return tuple(
        _step(problem, scene, acts, year, known)
        for scene, acts, year in zip(scenes, used, _years(scenes, used), strict=True)
    )


def _step(problem: Problem, scene: Scene, used: tuple[Act, ...], year: int, known: Known) -> Step:
    chosen = _cheapest(problem, scene.move.action)
    creates = _brought(used) & ~scene.before.helps & scene.after.helps
    return Step(
        intervention=chosen,
        alternatives=tuple(i for i in scene.move.action.interventions if i != chosen),
        year=year,
        configurations=tuple(sorted(act.operator.configuration.id for act in used)),
        ground=max((act.ground for act in used), key=GROUNDS.index),
        creates=problem.names(creates),
        undoes=problem.names(scene.before.helps & ~scene.after.helps),
        adverse=problem.names(_brought(act for act in scene.fired if not act.helpful)),
        absent=_absent(problem, scene, used, known),
        doubts=_doubts(problem, scene, creates),
        hours=problem.hours(chosen),
    )


def _used(scenes: Sequence[Scene], goal: int) -> tuple[tuple[Act, ...], ...]:
    """Return per move the operators that the goal rests on, traced back from the goal.

    `needed` must be there before a move, `lifted` must not be in the way.
    """
    if not scenes:
        return ()
    start = scenes[0].before.helps
    needed, lifted = _one(goal & scenes[-1].after.helps, start), 0
    found = []
    for scene in reversed(scenes):
        acts = _made(scene, needed) | _cleared(scene, lifted)
        # A step that only keeps something bad away brings nothing that a later one needs.
        used = tuple(act for act in scene.move.relied if act in acts) or scene.move.relied
        needed &= scene.before.helps
        lifted &= ~scene.before.hinders
        for act in used:
            lifted |= act.hindered
            for need in act.needs:
                needed |= _one(need & scene.before.helps, start)
        found.append(used)
    return tuple(reversed(found))


def _made(scene: Scene, needed: int) -> frozenset[Act]:
    """Return for each needed condition that a move brought about its best founded maker."""
    fresh = needed & ~scene.before.helps
    makers = ([act for act in scene.move.relied if act.brings >> bit & 1] for bit in members(fresh))
    return frozenset(min(acts, key=lambda act: GROUNDS.index(act.ground)) for acts in makers)


def _cleared(scene: Scene, lifted: int) -> frozenset[Act]:
    ended = lifted & scene.before.hinders
    return frozenset(act for act in scene.move.relied if act.ends & ended)


def _one(bits: int, preferred: int) -> int:
    # What held from the start asks for no step.
    chosen = bits & preferred or bits
    return chosen & -chosen


def _years(scenes: Sequence[Scene], used: Sequence[tuple[Act, ...]]) -> tuple[int, ...]:
    """Return the year of each step: it shares the running one if it could work at its start."""
    found: list[int] = []
    year, began = 0, None
    for scene, acts in zip(scenes, used, strict=True):
        opens = scene.move.opens_year
        if opens is None:
            opens = began is None or not all(act.sure(began) for act in acts)
        if opens:
            year, began = year + 1, scene.before
        found.append(year)
    return tuple(found)


def _absent(problem: Problem, scene: Scene, used: tuple[Act, ...], known: Known) -> tuple[str, ...]:
    ruled_out = known.absent | problem.view.excluded(problem.names(scene.before.helps))
    hindering = {name for act in used for name in act.operator.configuration.hindered}
    return tuple(sorted(hindering - ruled_out - known.holds))


def _doubts(problem: Problem, scene: Scene, creates: int) -> tuple[str, ...]:
    items = [act.operator.configuration for act in scene.fired if not act.helpful]
    stayed = [item for item in items if item.valence == "uitblijvend"]
    return tuple(sorted(item.id for item in stayed if problem.bits(item.outcomes) & creates))


def _brought(acts: Iterable[Act]) -> int:
    found = 0
    for act in acts:
        found |= act.brings
    return found


def _cheapest(problem: Problem, action: Action) -> str:
    def hours(intervention: str) -> float:
        known = problem.hours(intervention)
        return problem.most_hours if known is None else known

    return min(action.interventions, key=lambda name: (hours(name), name))
