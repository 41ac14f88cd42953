"""What can matter for a goal, so that a search may leave the rest alone."""

from collections.abc import Collection, Iterable

from s4s_graph.coherence.pairs import members, union
from s4s_graph.coherence.problem import Act, Action, Problem, State

Choice = tuple[Action, tuple[Act, ...]]


def relevant(
    problem: Problem, start: State, goal: int, without: frozenset[Action]
) -> tuple[tuple[Choice, ...], int]:
    """Return the actions that can matter, with only the acts that can, and the bits that do."""
    barred = {act for action in without for act in action.acts}
    helpful, helps = worked(problem, start.helps, barred, only_helpful=True)
    possible, _ = worked(problem, start.hinders | helps, barred)
    matters = _influence(possible, goal)
    kept = {act for act in possible if act.touches & matters}
    # What can never be relied on is no reason to do something.
    numbers = sorted({problem.owner[act] for act in helpful if act in kept})
    actions = (problem.actions[number] for number in numbers)
    choices = ((action, tuple(act for act in action.acts if act in kept)) for action in actions)
    return tuple(choices), matters


def wanting(problem: Problem, goal: int) -> tuple[int, int]:
    """Return what could help to reach a goal if it held, and what if it did not hold.

    The needs and the hindrances of the acts that can matter for it, wherever it starts. For an act
    that does harm it is the other way round.
    """
    present, absent = problem.wants
    good = bad = asked = matters = 0
    fresh = goal
    while fresh:
        matters |= fresh
        for bit in members(fresh):
            good |= present.get(bit, 0)
            bad |= absent.get(bit, 0)
        names = problem.names((good | bad) & ~asked)
        asked = good | bad
        fresh = union(problem.satisfying, names) & ~matters
    return good, bad


def worked(
    problem: Problem, bits: int, barred: Collection[Act] = (), *, only_helpful: bool = False
) -> tuple[list[Act], int]:
    """Return the acts that may ever work from some conditions on, and all conditions then.

    That is, if nothing were undone and nothing came to hinder.
    """
    broader = problem.view.broader
    worked: list[Act] = []
    waiting, met, fresh = list(problem.led.get(None, ())), set[str](), bits
    while waiting or fresh:
        newly = broader(problem.names(fresh)) - met
        met |= newly
        for condition in newly:
            waiting.extend(problem.led.get(condition, ()))
        still, more = list[Act](), bits
        for act in waiting:
            if act in barred or (only_helpful and not act.helpful):
                continue
            if act.fed(bits):
                worked.append(act)
                more |= act.brings
            else:
                still.append(act)
        fresh, waiting, bits = more & ~bits, still, more
        if not fresh:
            break
    return worked, bits


def _influence(acts: Iterable[Act], goal: int) -> int:
    """Return the bits on which it can depend whether a goal is reached."""
    waiting, matters, grown = list(acts), goal, True
    while grown:
        touching = [act for act in waiting if act.touches & matters]
        waiting = [act for act in waiting if not act.touches & matters]
        for act in touching:
            matters |= act.reads
        grown = bool(touching)
    return matters
