"""Where one intervention works against another.

That the tools of a policy mix should reinforce and not undo one another is consistency in the sense
of Howlett & Rayner (2007, doi 10.1016/S1449-4035(07)70118-2). In planning a conflict is a threat:
an operator deletes, or prevents, what another needs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args

from s4s_graph.coherence.model import EMPTY, Level, Operator
from s4s_graph.coherence.pairs import Pairs, Places, gathered, union
from s4s_graph.coherence.view import View, favourable

How = Literal["hinders", "takes-away", "opposes"]
HOWS: tuple[How, ...] = get_args(How)


# What one subject works against, as bits.
Row = Mapping[How, int]


@dataclass(frozen=True)
class Harmed:
    """For each condition the subjects that need it, and those that it hinders."""

    needed: Mapping[str, Places]
    hindered: Mapping[str, Places]


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
    found = tuple(rows(view, harmed(view)))
    by_how = {how: Pairs(view.subjects, tuple(row[how] for row in found)) for how in HOWS}
    relieving = rows(view, Harmed(_needed(view, reasons=True), {}))
    pairs, relieved = (
        Pairs(view.subjects, tuple(map(anyhow, each))) for each in (found, relieving)
    )
    return Conflicts(view.level, pairs, by_how, relieved - pairs)


def rows(view: View, against: Harmed) -> Iterator[Row]:
    """Yield what each subject works against, one by one: all together may be too many."""

    def harm(operators: Sequence[Operator]) -> Row:
        return harms(view, operators, against)

    for place, (own, shared) in enumerate(view.each(harm)):
        others = ~(1 << place)
        yield {how: (own[how] | shared[how]) & others for how in HOWS}


def anyhow(row: Row) -> int:
    """Return the bits of all that one subject works against."""
    return row["hinders"] | row["takes-away"] | row["opposes"]


def harmed(view: View) -> Harmed:
    """Return which subjects suffer from what."""
    hindered = (
        (name, item.places)
        for item in filter(favourable, view.applied)
        for name in item.configuration.hindered
    )
    return Harmed(_needed(view, reasons=False), gathered(hindered, len(view.subjects)))


def harms(view: View, operators: Sequence[Operator], against: Harmed) -> Row:
    """Return the bits of the subjects that some operators work against, by how they do."""
    brought = EMPTY.union(*(_done(operator, "hinders") for operator in operators))
    taken = EMPTY.union(*(_done(operator, "takes-away") for operator in operators))
    return {
        "hinders": union(against.hindered, view.broader(brought)),
        "takes-away": union(against.needed, view.kin(taken)),
        "opposes": union(against.needed, view.excluded(brought)),
    }


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


def _needed(view: View, *, reasons: bool) -> dict[str, Places]:
    needing = (
        (name, item.places)
        for item in filter(favourable, view.applied)
        for name in item.configuration.needs
        if view.is_reason(name) is reasons
    )
    return gathered(needing, len(view.subjects))
