"""Which interventions fit a company: what they need, held against what is known of it.

The question that realist evaluation ends with: what works for whom in which circumstances (Pawson
& Tilley 1997). A favourable configuration of an intervention works at a company, in the words of
STRIPS (Fikes & Nilsson 1971, doi 10.1016/0004-3702(71)90010-5), when its preconditions hold there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from itertools import chain
from typing import Literal, get_args

from s4s_graph.coherence import effects
from s4s_graph.coherence.blockers import Lack, makers
from s4s_graph.coherence.model import EMPTY, Company, Configuration, Operator, Valence
from s4s_graph.coherence.problem import GROUNDS, Ground, Problem, ground, problem_of
from s4s_graph.coherence.view import View, favourable

Verdict = Literal["fits", "first", "unknown", "not"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)  # the best first


@dataclass(frozen=True)
class Way:
    """How one configuration of an intervention stands at a company.

    What it needs is `met`, known to be `missing`, or `unknown`; what hinders it holds
    (`hindering`), or may hold (`doubtful`). Each of `first` is by itself enough to make it fit.
    """

    configuration: str
    valence: Valence
    ground: Ground
    verdict: Verdict
    met: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    hindering: tuple[str, ...]
    doubtful: tuple[str, ...]
    first: tuple[Lack, ...]


@dataclass(frozen=True)
class Fit:
    """What is known of one intervention for a company: its favourable ways, the best first.

    `against`: configurations that hold here too, but whose outcome is adverse or stays away.
    """

    intervention: str
    verdict: Verdict
    ways: tuple[Way, ...]
    against: tuple[Way, ...]


_Ranked = dict[Verdict, list[tuple[tuple[int, int, int, int, str], Fit]]]


@dataclass(frozen=True)
class Maker:
    """Who could make a lack good, by which configuration, and whether that fits here itself."""

    intervention: str
    configuration: str
    ground: Ground
    verdict: Verdict


@dataclass(frozen=True)
class Creation:
    """A lack that something waits for, and who could make it good: what fits here comes first."""

    lack: Lack
    makers: tuple[Maker, ...]


@dataclass(frozen=True, eq=False)
class Fits:
    """Every intervention of which something is known, the best first; `silent` are the others.

    _kept, _new: those that stand as if nothing were said, some of which it does not, and those
    that what was said makes a difference to; both by their verdict.
    """

    silent: tuple[str, ...]
    _kept: _Ranked
    _new: _Ranked
    _touched: frozenset[str]
    _weighing: "_Weighing"

    def best(self, verdict: Verdict) -> Iterator[Fit]:
        """Yield the interventions with a verdict, no more of them than are taken."""
        kept = (entry for entry in self._kept[verdict] if entry[0][-1] not in self._touched)
        return (fit for _, fit in merge(kept, self._new[verdict]))

    def of(self, verdict: Verdict) -> tuple[Fit, ...]:
        """Return the interventions with a verdict."""
        return tuple(self.best(verdict))

    @cached_property
    def counts(self) -> Mapping[Verdict, int]:
        """The number of interventions with each verdict."""
        return {
            verdict: len(self._kept[verdict])
            + len(self._new[verdict])
            - sum(entry[0][-1] in self._touched for entry in self._kept[verdict])
            for verdict in VERDICTS
        }

    @cached_property
    def fits(self) -> tuple[Fit, ...]:
        """All of them."""
        return tuple(chain.from_iterable(map(self.best, VERDICTS)))

    @cached_property
    def creations(self) -> tuple[Creation, ...]:
        """All lacks that something waits for, sorted."""
        lacks = {lack for fit in self.fits for way in fit.ways for lack in way.first}
        return tuple(Creation(lack, self.makers(lack)) for lack in sorted(lacks))

    def makers(self, lack: Lack) -> tuple[Maker, ...]:
        """Return who could make a lack good: what fits here comes first."""
        return self._weighing.makers(lack)


class Unsaid:
    """How the interventions stand at a company of which nothing is known.

    What is known of a company touches few of them, so whoever asks often keeps this: a
    configuration none of whose conditions is known stands everywhere as it does here. That what
    holds may be taken to hold changes nothing: it hinders none of those, and they need none of it.
    """

    def __init__(self, view: View) -> None:
        self.silent = tuple(sorted(view.things.keys() - view.described))
        self.weighing = _Weighing(view, Company("unknown"))
        self.ranked = _ranked(self.weighing, view.of)
        self._touched = _touched(view)

    def touched(self, conditions: Iterable[str]) -> frozenset[str]:
        """Return the interventions that one of these conditions makes a difference to."""
        return EMPTY.union(*(self._touched.get(name, EMPTY) for name in conditions))


def fits(view: View, company: Company, unsaid: Unsaid | None = None) -> Fits:
    """Return how every intervention stands at a company, which need not be in the world.

    The verdict of an intervention is the best of its favourable configurations. One `fits` when
    all that it needs holds and nothing that hinders it is known to hold. It fits after one thing
    is seen to `first` when there is a condition to create or to take away, and either it is
    malleable or some intervention does so, after which it fits with all that follows from that.
    It is `unknown` when it would fit if what is unknown of its needs held. Else it does `not`.

    `unsaid` is that of the same view.
    """
    start = unsaid or Unsaid(view)
    weighing = _Weighing(view, company, start.weighing)
    touched = start.touched(weighing.known)
    return Fits(start.silent, start.ranked, _ranked(weighing, touched), touched, weighing)


class _Weighing:
    """What is known of one company, and the ways that were weighed for it."""

    def __init__(self, view: View, company: Company, unsaid: "_Weighing | None" = None) -> None:
        self._view = view
        self._unsaid = unsaid
        self._problem: Problem = problem_of(view)
        known = view.known_of(company)
        self._holds, self._absent = known.holds, known.absent
        self.known = known.holds | known.absent
        self._start = effects.start(view, company)
        self._makers: dict[Lack, tuple[Maker, ...]] = {}
        # What is known of a kind counts for many interventions, and is weighed once.
        self._ways: dict[tuple[str, bool], Way] = {}

    def way(self, operator: Operator) -> Way:
        """Return how one operator stands."""
        key = operator.configuration.id, operator.from_kind
        if key not in self._ways:
            item, known = operator.configuration, self.known
            if self._unsaid and item.needs.isdisjoint(known) and item.hindered.isdisjoint(known):
                self._ways[key] = self._unsaid.way(operator)
            else:
                self._ways[key] = self._weighed(operator)
        return self._ways[key]

    def fit(self, subject: str) -> Fit:
        """Return how one intervention stands."""
        items = self._view.of[subject]
        ways = [self.way(operator) for operator in items if favourable(operator)]
        other = [self.way(operator) for operator in items if not favourable(operator)]
        return Fit(
            intervention=subject,
            verdict=min((way.verdict for way in ways), key=VERDICTS.index, default="not"),
            ways=tuple(sorted(ways, key=_order)),
            against=tuple(sorted((w for w in other if w.verdict == "fits"), key=_order)),
        )

    def makers(self, lack: Lack) -> tuple[Maker, ...]:
        """Return who could make a lack good."""
        if lack not in self._makers:
            found = [
                Maker(operator.subject, way.configuration, way.ground, way.verdict)
                for operator in makers(self._problem, lack)
                for way in [self.way(operator)]
            ]
            self._makers[lack] = tuple(sorted(found, key=_usefulness))
        return self._makers[lack]

    def _weighed(self, operator: Operator) -> Way:
        item = operator.configuration
        missing = item.needs & self._absent
        unknown = item.needs - self._holds - self._absent
        hindering = item.hindered & self._holds
        first = self._first(item, missing, hindering)
        verdict: Verdict = "not"
        if _works(item, self._holds):
            verdict = "fits"
        elif first:
            verdict = "first"
        elif not missing and not hindering and _works(item, self._after(unknown, EMPTY)):
            verdict = "unknown"
        return Way(
            configuration=item.id,
            valence=item.valence,
            ground=ground(self._view, operator),
            verdict=verdict,
            met=_sorted(item.needs & self._holds),
            missing=_sorted(missing),
            unknown=_sorted(unknown),
            hindering=_sorted(hindering),
            doubtful=_sorted(item.hindered - self._holds - self._absent),
            first=first,
        )

    def _first(
        self, item: Configuration, missing: Iterable[str], hindering: Iterable[str]
    ) -> tuple[Lack, ...]:
        """Return the single changes that are enough."""
        lacks = [Lack(name, present=True) for name in missing]
        lacks += [Lack(name, present=False) for name in hindering]
        return tuple(lack for lack in sorted(lacks) if self._opens(item, lack))

    def _opens(self, item: Configuration, lack: Lack) -> bool:
        condition = self._view.world.conditions.get(lack.condition)
        if not (condition and condition.malleable) and not makers(self._problem, lack):
            return False
        changed = frozenset({lack.condition})
        after = self._after(changed, EMPTY) if lack.present else self._after(EMPTY, changed)
        return _works(item, after)

    def _after(self, created: frozenset[str], gone: frozenset[str]) -> frozenset[str]:
        """Return what holds after some conditions were created and others taken away."""
        ended = self._view.excluded(created) | self._view.narrower(gone)
        if ended.isdisjoint(self._start):
            return self._holds | self._view.broader(created)  # what follows from the start holds
        return self._view.broader((self._start - ended) | created)


def _works(item: Configuration, holds: frozenset[str]) -> bool:
    return item.needs <= holds and item.hindered.isdisjoint(holds)


def _touched(view: View) -> dict[str, frozenset[str]]:
    """Return for each condition the subjects with a configuration that it matters to."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for operator in view.operators:
        for name in operator.configuration.needs | operator.configuration.hindered:
            found[name].add(operator.subject)
    return {name: frozenset(subjects) for name, subjects in found.items()}


def _usefulness(maker: Maker) -> tuple[int, int, str, str]:
    standing = VERDICTS.index(maker.verdict), GROUNDS.index(maker.ground)
    return (*standing, maker.intervention, maker.configuration)


def _order(way: Way) -> tuple[int, int, int, int, str]:
    standing = VERDICTS.index(way.verdict), GROUNDS.index(way.ground)
    return (*standing, -len(way.met), len(way.doubtful), way.configuration)


def _ranked(weighing: _Weighing, subjects: Iterable[str]) -> _Ranked:
    found: _Ranked = {verdict: [] for verdict in VERDICTS}
    for subject in subjects:
        fit = weighing.fit(subject)
        best = _order(fit.ways[0])[:4] if fit.ways else (len(VERDICTS), 0, 0, 0)
        found[fit.verdict].append(((*best, subject), fit))
    for entries in found.values():
        entries.sort()  # no rank is that of two, so what has a rank is not compared
    return found


def _sorted(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(names)) if names else ()
