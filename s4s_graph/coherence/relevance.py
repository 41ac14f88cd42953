"""What can matter for a goal, so that a search may leave the rest alone."""

from collections.abc import Iterable

from s4s_graph.coherence.problem import Act, Action, State

Choice = tuple[Action, tuple[Act, ...]]


def relevant(actions: list[Action], start: State, goal: int) -> tuple[tuple[Choice, ...], int]:
    """Return the actions that can matter, with only the acts that can, and the bits that do."""
    possible, sure = _possible(actions, start)
    matters = influence(possible, goal)
    kept = (
        (action, tuple(act for act in action.acts if act in possible and act.touches & matters))
        for action in actions
    )
    return tuple(choice for choice in kept if not sure.isdisjoint(choice[1])), matters


def _possible(actions: list[Action], start: State) -> tuple[frozenset[Act], frozenset[Act]]:
    """Return the acts that may ever work, and those that may ever be relied on.

    That is, if nothing were undone and nothing came to hinder.
    """
    acts = [act for action in actions for act in action.acts]
    sure, helps = _worked([act for act in acts if act.helpful], start.helps)
    some, _ = _worked(acts, start.hinders | helps)
    return frozenset(some), frozenset(sure)


def _worked(acts: list[Act], bits: int) -> tuple[list[Act], int]:
    """Return the acts that are fed from some conditions on, and all conditions then."""
    waiting, worked, grown = acts, list[Act](), True
    while grown:
        still: list[Act] = []
        more = bits
        for act in waiting:
            if act.fed(bits):
                worked.append(act)
                more |= act.brings
            else:
                still.append(act)
        waiting, bits, grown = still, more, more != bits
    return worked, bits


def influence(acts: Iterable[Act], goal: int) -> int:
    """Return the bits on which it can depend whether a goal is reached."""
    waiting, matters, grown = list(acts), goal, True
    while grown:
        touching = [act for act in waiting if act.touches & matters]
        waiting = [act for act in waiting if not act.touches & matters]
        for act in touching:
            matters |= act.reads
        grown = bool(touching)
    return matters
