"""What is needed and not made, made by one only, or made and not needed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from s4s_graph.coherence.view import Applied, View, favourable


@dataclass(frozen=True)
class Need:
    """A condition that favourable configurations need: of whom, and who brings it about.

    `makers` are the subjects with a favourable configuration that brings it or something narrower
    about. All sorted.
    """

    condition: str
    configurations: tuple[str, ...]
    takers: tuple[str, ...]
    makers: tuple[str, ...]
    malleable: bool


@dataclass(frozen=True)
class Gap:
    """A condition that can be changed and is needed, and that nothing brings about.

    Its weight: the interventions and configurations that wait for it, and the companies that
    deployed one of those interventions while the condition is not known to hold there. A `reason`
    to act is a lack or a problem: it is needed, but nobody has to bring it about.
    """

    condition: str
    interventions: tuple[str, ...]
    configurations: tuple[str, ...]
    companies: tuple[str, ...]
    reason: bool = False


@dataclass(frozen=True)
class Fragile:
    """A needed condition with exactly one maker, the configurations by which it is made, and the
    other interventions that would wait for it if that maker fell away.
    """

    condition: str
    maker: str
    configurations: tuple[str, ...]
    interventions: tuple[str, ...]


@dataclass(frozen=True)
class DeadEnd:
    """A condition that is brought about, while nothing needs it and no policy goal asks for it."""

    condition: str
    interventions: tuple[str, ...]
    configurations: tuple[str, ...]


@lru_cache(maxsize=2)
def needs(view: View) -> tuple[Need, ...]:
    """Return every condition in N(l) of a favourable configuration l, sorted.

    Most that is computed of a view rests on these, so they are remembered.
    """
    takers: defaultdict[str, list[Applied]] = defaultdict(list)
    for item in filter(favourable, view.applied):
        for condition in item.configuration.needs:
            takers[condition].append(item)
    makers = _made(view, takers)
    return tuple(
        Need(
            condition,
            _configurations(found),
            _subjects(view, found),
            _subjects(view, makers.get(condition, ())),
            _malleable(view, condition),
        )
        for condition, found in sorted(takers.items())
    )


def gaps(view: View) -> tuple[Gap, ...]:
    """Return the gaps: the states to reach, then the reasons to act, each time the heaviest first.

    By the interventions, configurations and companies that wait for it.

    A gap: a malleable condition d in N(l) of a favourable configuration l, where no favourable
    configuration k has a c in A(k) that is d or narrower. The tools that a policy mix lacks, in the
    sense of Howlett & Rayner (2007, doi 10.1016/S1449-4035(07)70118-2).
    """
    missing = [need for need in needs(view) if need.malleable and not need.makers]
    waiting = _waiting(view, missing)
    found = [
        Gap(
            need.condition,
            need.takers,
            need.configurations,
            tuple(waiting[need.condition]),
            view.is_reason(need.condition),
        )
        for need in missing
    ]
    return tuple(sorted(found, key=_weight))


def fragile(view: View) -> tuple[Fragile, ...]:
    """Return the needed conditions with one maker, by the number of others that need them.

    What only its maker itself needs is left out: nobody else would notice.
    """
    alone = [need for need in needs(view) if len(need.makers) == 1]
    makers = _made(view, {need.condition for need in alone})
    found = []
    for need in alone:
        if others := tuple(taker for taker in need.takers if taker not in need.makers):
            made = _configurations(makers[need.condition])
            found.append(Fragile(need.condition, need.makers[0], made, others))
    return tuple(sorted(found, key=lambda item: (-len(item.interventions), item.condition)))


def dead_ends(view: View) -> tuple[DeadEnd, ...]:
    """Return what is favourably brought about and leads nowhere, sorted.

    Neither the condition nor a broader one is needed by a favourable configuration or asked for by
    a policy goal.
    """
    wanted = {need.condition for need in needs(view)}
    wanted |= {name for name, condition in view.world.conditions.items() if condition.goals}
    makers: defaultdict[str, list[Applied]] = defaultdict(list)
    for item in filter(favourable, view.applied):
        for condition in item.configuration.brings:
            if wanted.isdisjoint(view.broader([condition])):
                makers[condition].append(item)
    return tuple(
        DeadEnd(condition, _subjects(view, found), _configurations(found))
        for condition, found in sorted(makers.items())
    )


def _made(view: View, wanted: Collection[str]) -> dict[str, list[Applied]]:
    """Return what brings each of these conditions about, or something narrower."""
    found: defaultdict[str, list[Applied]] = defaultdict(list)
    for item in filter(favourable, view.applied):
        for condition in view.broader(item.configuration.brings):
            if condition in wanted:
                found[condition].append(item)
    return found


def _waiting(view: View, missing: Iterable[Need]) -> dict[str, list[str]]:
    """Return for each missing condition the companies that use what waits for it."""
    needed: defaultdict[str, list[str]] = defaultdict(list)
    found: dict[str, list[str]] = {}
    for need in missing:
        found[need.condition] = []
        for taker in need.takers:
            needed[taker].append(need.condition)
    for company, used in view.uses.items():
        holds = view.knows(company).holds
        for condition in {name for subject in used for name in needed.get(subject, ())} - holds:
            found[condition].append(company)
    return found


def _weight(gap: Gap) -> tuple[bool, int, int, int, str]:
    sizes = len(gap.interventions), len(gap.configurations), len(gap.companies)
    return gap.reason, -sizes[0], -sizes[1], -sizes[2], gap.condition


def _malleable(view: View, condition: str) -> bool:
    known = view.world.conditions.get(condition)
    return known is not None and known.malleable


def _subjects(view: View, found: Iterable[Applied]) -> tuple[str, ...]:
    # The places of each are in order, so there is little left to sort.
    places = dict.fromkeys(sorted(chain.from_iterable(item.places for item in found)))
    return tuple(view.subjects[place] for place in places)


def _configurations(found: Iterable[Applied]) -> tuple[str, ...]:
    return tuple(sorted({item.configuration.id for item in found}))
