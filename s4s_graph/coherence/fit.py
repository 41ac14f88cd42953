"""Which interventions fit a company: what they need, held against what is known of it.

The question that realist evaluation ends with: what works for whom in which circumstances (Pawson
& Tilley 1997). A favourable configuration of an intervention works at a company, in the words of
STRIPS (Fikes & Nilsson 1971, doi 10.1016/0004-3702(71)90010-5), when its preconditions hold there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    `worked`, `failed`: at how many companies of this size a case supports or contradicts a way.
    """

    intervention: str
    verdict: Verdict
    ways: tuple[Way, ...]
    against: tuple[Way, ...]
    worked: int
    failed: int


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


@dataclass(frozen=True)
class Fits:
    """Every intervention of which something is known, the best first; `silent` are the others."""

    fits: tuple[Fit, ...]
    creations: tuple[Creation, ...]
    silent: tuple[str, ...]

    def of(self, verdict: Verdict) -> tuple[Fit, ...]:
        """Return the interventions with a verdict."""
        return tuple(fit for fit in self.fits if fit.verdict == verdict)


def fits(view: View, company: Company) -> Fits:
    """Return how every intervention stands at a company, which need not be in the world.

    The verdict of an intervention is the best of its favourable configurations. One `fits` when
    all that it needs holds and nothing that hinders it is known to hold. It fits after one thing
    is seen to `first` when there is a condition to create or to take away, and either it is
    malleable or some intervention does so, after which it fits with all that follows from that.
    It is `unknown` when it would fit if what is unknown of its needs held. Else it does `not`.
    """
    weighing = _Weighing(view, company)
    seen = _seen(view, company)
    found = [_fit(weighing, subject, items, seen) for subject, items in view.of.items()]
    lacks = {lack for fit in found for way in fit.ways for lack in way.first}
    return Fits(
        tuple(sorted(found, key=_rank)),
        tuple(Creation(lack, weighing.makers(lack)) for lack in sorted(lacks)),
        tuple(sorted(view.things.keys() - view.described)),
    )


class _Weighing:
    """What is known of one company, and the ways that were weighed for it."""

    def __init__(self, view: View, company: Company) -> None:
        self._view = view
        self._problem: Problem = problem_of(view)
        known = view.known_of(company)
        self._holds, self._absent = known.holds, known.absent
        self._start = effects.start(view, company)
        # What is known of a kind counts for many interventions, and is weighed once.
        self._ways: dict[tuple[str, bool], Way] = {}

    def way(self, operator: Operator) -> Way:
        """Return how one operator stands."""
        key = operator.configuration.id, operator.from_kind
        if key not in self._ways:
            self._ways[key] = self._weighed(operator)
        return self._ways[key]

    def makers(self, lack: Lack) -> tuple[Maker, ...]:
        """Return who could make a lack good."""
        found = [
            Maker(operator.subject, way.configuration, way.ground, way.verdict)
            for operator in makers(self._problem, lack)
            for way in [self.way(operator)]
        ]
        return tuple(
            sorted(
                found,
                key=lambda maker: (
                    VERDICTS.index(maker.verdict),
                    GROUNDS.index(maker.ground),
                    maker.intervention,
                    maker.configuration,
                ),
            )
        )

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
        return self._view.broader((self._start - ended) | created)


def _works(item: Configuration, holds: frozenset[str]) -> bool:
    return item.needs <= holds and item.hindered.isdisjoint(holds)


def _fit(
    weighing: _Weighing,
    subject: str,
    items: Iterable[Operator],
    seen: Mapping[str, tuple[frozenset[str], frozenset[str]]],
) -> Fit:
    ways = [weighing.way(operator) for operator in items if favourable(operator)]
    other = [weighing.way(operator) for operator in items if not favourable(operator)]
    names = [way.configuration for way in ways]
    return Fit(
        intervention=subject,
        verdict=min((way.verdict for way in ways), key=VERDICTS.index, default="not"),
        ways=tuple(sorted(ways, key=_order)),
        against=tuple(sorted((w for w in other if w.verdict == "fits"), key=_order)),
        worked=len(EMPTY.union(*(seen[name][0] for name in names if name in seen))),
        failed=len(EMPTY.union(*(seen[name][1] for name in names if name in seen))),
    )


def _seen(view: View, company: Company) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return for each configuration the companies of the same size with a case for and against."""
    alike = {item.id for item in view.world.companies.values() if item.size == company.size}
    found: defaultdict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for name, findings in view.findings.items():
        for finding in findings:
            if company.size and finding.company in alike and finding.direction != "refines":
                found[name][finding.direction == "contradicts"].add(finding.company)
    return {name: (frozenset(good), frozenset(bad)) for name, (good, bad) in found.items()}


def _order(way: Way) -> tuple[int, int, int, int, str]:
    standing = VERDICTS.index(way.verdict), GROUNDS.index(way.ground)
    return (*standing, -len(way.met), len(way.doubtful), way.configuration)


def _rank(fit: Fit) -> tuple[int, tuple[int, int, int, int], str]:
    best = _order(fit.ways[0])[:4] if fit.ways else (len(VERDICTS), 0, 0, 0)
    return VERDICTS.index(fit.verdict), best, fit.intervention


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names))
