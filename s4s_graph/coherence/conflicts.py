"""Where one intervention works against another.

That the tools of a policy mix should reinforce and not undo one another is consistency in the sense
of Howlett & Rayner (2007, doi 10.1016/S1449-4035(07)70118-2). In planning a conflict is a threat:
an operator deletes, or prevents, what another needs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args

from s4s_graph.coherence.model import Level, Operator
from s4s_graph.coherence.pairs import Pairs, union
from s4s_graph.coherence.view import View, favourable

How = Literal["hinders", "takes-away", "opposes"]
HOWS: tuple[How, ...] = get_args(How)


@dataclass(frozen=True)
class Conflicts:
    """The pairs i → j in which i works against j, and the same by how it does.

    `relieved` are the other pairs in which i takes a reason to act of j away.
    """

    level: Level
    pairs: Pairs
    by_how: Mapping[How, Pairs]
    relieved: Pairs


@dataclass(frozen=True)
class Clash:
    """One way in which a giver works against a taker.

    `made` is what the giver brings about or, for takes-away, takes away; `needed` is what the taker
    needs or, for hinders, is hindered by. It `relieves` where that is a reason to act: no conflict.
    """

    giver: Operator
    taker: Operator
    how: How
    made: str
    needed: str
    relieves: bool


def conflicts(view: View) -> Conflicts:
    """Return every pair i → j (i ≠ j) in which i works against a favourable configuration l of j.

    For some configuration k of i, of any valence:
    - hinders: k brings about c, and c is a condition in H(l), or narrower;
    - takes-away: k takes away a condition that is in N(l), or is narrower or broader than one. To
      lose a condition is to lose what is narrower, and what is broader loses what made it hold;
    - opposes: k brings about c, and c, or something broader than c, is the opposite of a condition
      in N(l), or of something broader than that.

    Where the condition in N(l) is a reason to act, a lack or a problem that l is an answer to, i
    does what interventions are for. That is no conflict, though l has less to do: `relieved`.
    """
    by_how = _by_how(view, harmed(view))
    pairs = _together(by_how)
    relieved = _together(_by_how(view, _relieved(view)))
    return Conflicts(view.level, pairs, by_how, relieved - pairs)


def harmed(view: View) -> dict[How, dict[str, int]]:
    """Return, for each condition, the bits of the subjects that suffer if it comes or goes.

    For takes-away: if it is taken away. For the other two: if it is brought about.
    """
    return _touched(view, _needed(view, reasons=False), _hindered(view))


def _relieved(view: View) -> dict[How, dict[str, int]]:
    """Return the same for the subjects that lose a reason to act."""
    return _touched(view, _needed(view, reasons=True), {})


def _touched(
    view: View, needed: Mapping[str, int], hindered: Mapping[str, int]
) -> dict[How, dict[str, int]]:
    names = view.world.conditions.keys() | needed.keys() | hindered.keys()
    return {
        "hinders": {name: union(hindered, view.broader([name])) for name in names},
        "takes-away": {name: union(needed, view.kin([name])) for name in names},
        "opposes": {name: union(needed, view.excluded([name])) for name in names},
    }


def _by_how(view: View, against: Mapping[How, Mapping[str, int]]) -> dict[How, Pairs]:
    rows: dict[How, list[int]] = {how: [] for how in HOWS}
    for place, subject in enumerate(view.subjects):
        found = harms(view.of.get(subject, ()), against)
        for how in HOWS:
            rows[how].append(found[how] & ~(1 << place))
    return {how: Pairs(view.subjects, tuple(found)) for how, found in rows.items()}


def _together(by_how: Mapping[How, Pairs]) -> Pairs:
    return by_how["hinders"] | by_how["takes-away"] | by_how["opposes"]


def harms(found: Iterable[Operator], against: Mapping[How, Mapping[str, int]]) -> dict[How, int]:
    """Return the bits of the subjects that some operators work against, by how they do."""
    masks: dict[How, int] = dict.fromkeys(HOWS, 0)
    for operator in found:
        for how in HOWS:
            masks[how] |= union(against[how], _done(operator, how))
    return masks


def clashes(view: View, origin: str, target: str) -> tuple[Clash, ...]:
    """Return each way in which one works against another, then in which it relieves it, sorted."""
    if origin == target:
        return ()
    takers = tuple(filter(favourable, view.of.get(target, ())))
    found = [
        Clash(giver, taker, how, made, needed, how != "hinders" and view.is_reason(needed))
        for giver, how in product(view.of.get(origin, ()), HOWS)
        for made in _done(giver, how)
        for taker, needed in _suffering(view, takers, how, made)
    ]
    return tuple(sorted(found, key=_rank))


def _suffering(
    view: View, takers: Iterable[Operator], how: How, made: str
) -> Iterator[tuple[Operator, str]]:
    """Yield whom it harms that a condition comes or goes, with the condition by which it does."""
    touched = {"hinders": view.broader, "opposes": view.excluded}.get(how, view.kin)([made])
    for taker in takers:
        suffers = taker.configuration.hindered if how == "hinders" else taker.configuration.needs
        for needed in suffers & touched:
            yield taker, needed


def _rank(clash: Clash) -> tuple[bool, int, str, str, str, str]:
    giver, taker = clash.giver.configuration.id, clash.taker.configuration.id
    return clash.relieves, HOWS.index(clash.how), giver, taker, clash.made, clash.needed


def _done(operator: Operator, how: How) -> frozenset[str]:
    # What is taken away is gone, whether or not the outcome stayed away.
    configuration = operator.configuration
    return configuration.takes if how == "takes-away" else configuration.brings


def _needed(view: View, *, reasons: bool) -> dict[str, int]:
    found: defaultdict[str, int] = defaultdict(int)
    for operator in filter(favourable, view.operators):
        for name in operator.configuration.needs:
            if view.is_reason(name) is reasons:
                found[name] |= 1 << view.place[operator.subject]
    return found


def _hindered(view: View) -> dict[str, int]:
    found: defaultdict[str, int] = defaultdict(int)
    for operator in filter(favourable, view.operators):
        for name in operator.configuration.hindered:
            found[name] |= 1 << view.place[operator.subject]
    return found
