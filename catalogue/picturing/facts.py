"""What pictures count: the configurations, findings and years of every intervention and kind."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar, cast

from catalogue.live import Release, query
from catalogue.things.understanding import Stand, side, slug
from s4s_graph.coherence.model import EMPTY, Configuration, World

Status = Literal["observed", "reported", "illustrative"]
STATUSES: tuple[Status, ...] = ("observed", "reported", "illustrative")
KEPT = 32  # selections of which what was made is kept

Made = TypeVar("Made")


@dataclass(frozen=True)
class Link:
    """A row of a query: one statement about a thing."""

    thing: str
    value: str


@dataclass(frozen=True)
class FindingRow:
    """A row of the query: a finding on a configuration."""

    finding: str
    direction: str
    configuration: str
    status: str
    year: int | None


@dataclass(frozen=True)
class Dated:
    """A row of a query: a version, or a round, of an intervention in a year."""

    thing: str
    intervention: str
    year: int
    status: str


@dataclass(frozen=True)
class Applied:
    """A row of the query: a company that applied an intervention in a year."""

    intervention: str
    company: str
    year: int
    status: str


@dataclass(frozen=True)
class Found:
    """A finding: what it says of the effect, when, and what kind of content it is."""

    id: str
    stand: Stand
    year: int | None
    status: Status


@dataclass(frozen=True, eq=False)
class Facts:
    """All of one release. Mappings are by the IRI of what something is about."""

    world: World
    invented: frozenset[str]
    kinds: Mapping[str, frozenset[str]]  # of an intervention, those above them too
    about: Mapping[str, tuple[Configuration, ...]]
    mechanisms: Mapping[str, frozenset[str]]
    findings: Mapping[str, tuple[Found, ...]]
    versions: Mapping[str, tuple[Dated, ...]]
    rounds: Mapping[str, tuple[Dated, ...]]
    applied: Mapping[str, tuple[Applied, ...]]
    _kept: dict[Hashable, object] = field(default_factory=dict)

    def remember(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is made of a selection, kept for the last few that were asked for."""
        if key not in self._kept:
            made = make()
            # Copied, since threads ask at the same time: what one misses it makes again.
            for oldest in list(self._kept)[: len(self._kept) - KEPT + 1]:
                self._kept.pop(oldest, None)
            self._kept[key] = made
            return made
        return cast(Made, self._kept.get(key) or make())

    def own(self, interventions: Iterable[str]) -> list[Configuration]:
        """Return the configurations about some interventions, or kinds, themselves."""
        return [one for iri in interventions for one in self.about.get(iri, ())]

    def of_kind(self, interventions: Sequence[str]) -> list[Configuration]:
        """Return the configurations about the kinds of some interventions, each once."""
        named = EMPTY.union(*(self.kinds.get(iri, EMPTY) for iri in interventions))
        return self.own(sorted(named))

    def real(self, configuration: Configuration) -> int:
        """Return the number of findings on a configuration that were not invented."""
        found = self.findings.get(configuration.id, ())
        return sum(one.status != "illustrative" for one in found)


def facts(release: Release) -> Facts:
    """Return the facts of a release, read when first asked for."""
    return release.computed.keep("pictures", lambda: _read(release))


def _read(release: Release) -> Facts:
    select, world = release.store.select, release.computed.world
    about: defaultdict[str, list[Configuration]] = defaultdict(list)
    for one in sorted(world.configurations.values(), key=lambda one: one.id):
        about[one.subject].append(one)
    mechanisms: defaultdict[str, set[str]] = defaultdict(set)
    for row in select(query("picture_mechanisms"), Link):
        mechanisms[row.thing].add(row.value)
    return Facts(
        world,
        release.illustrative,
        _kinds(world, select(query("picture_kinds"), Link)),
        {iri: tuple(found) for iri, found in about.items()},
        {iri: frozenset(found) for iri, found in mechanisms.items()},
        _findings(world, select(query("picture_findings"), FindingRow)),
        _grouped(select(query("picture_versions"), Dated)),
        _grouped(select(query("picture_rounds"), Dated)),
        _grouped_applied(select(query("picture_deployments"), Applied)),
    )


def _kinds(world: World, broader: Iterable[Link]) -> dict[str, frozenset[str]]:
    above: defaultdict[str, set[str]] = defaultdict(set)
    for link in broader:
        above[link.thing].add(link.value)
    return {iri: _upward(one.kinds, above) for iri, one in world.interventions.items()}


def _upward(kinds: frozenset[str], above: Mapping[str, set[str]]) -> frozenset[str]:
    found, waiting = set(kinds), list(kinds)
    while waiting:
        new = above.get(waiting.pop(), set()) - found
        waiting += new
        found |= new
    return frozenset(found)


def _findings(world: World, rows: Iterable[FindingRow]) -> dict[str, tuple[Found, ...]]:
    found: defaultdict[str, list[Found]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.finding):
        if on := world.configurations.get(row.configuration):
            stand = side(on.valence, row.direction.rpartition("#")[2])
            status = next((name for name in STATUSES if name == slug(row.status)), STATUSES[-1])
            found[on.id].append(Found(row.finding, stand, row.year, status))
    return {iri: tuple(some) for iri, some in found.items()}


def _grouped(rows: Iterable[Dated]) -> dict[str, tuple[Dated, ...]]:
    found: defaultdict[str, list[Dated]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.year, row.thing)):
        found[row.intervention].append(row)
    return {iri: tuple(some) for iri, some in found.items()}


def _grouped_applied(rows: Iterable[Applied]) -> dict[str, tuple[Applied, ...]]:
    found: defaultdict[str, list[Applied]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.year, row.company)):
        found[row.intervention].append(row)
    return {iri: tuple(some) for iri, some in found.items()}
