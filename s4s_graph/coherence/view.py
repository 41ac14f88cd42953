"""The world as it is seen on one level, with what several notions share."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeVar

from s4s_graph.coherence.model import (
    EMPTY,
    Company,
    Configuration,
    Finding,
    Intervention,
    Level,
    Operator,
    Valence,
    World,
    operators,
)
from s4s_graph.coherence.pairs import mask

State = Literal["supported", "contradicted", "none"]
Years = Mapping[str, tuple[int, ...]]

MOST_SHARED = 1_000  # different sets of operators through a kind, of which something is kept

Found = TypeVar("Found")

FAVOURABLE: frozenset[Valence] = frozenset({"beoogd", "onbedoeld-gunstig"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """The findings for and against one configuration. What refines it counts for neither."""

    configuration: str
    supports: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Supported by more findings than contradict it; contradicted by at least as many."""
        if len(self.supports) > len(self.contradicts):
            return "supported"
        return "contradicted" if self.contradicts else "none"


@dataclass(frozen=True)
class Known:
    """What is known of one company, with all that follows from it.

    What holds makes everything broader hold and its opposites absent; what is absent makes
    everything narrower absent. What would then be both is in neither: it is unknown.
    """

    holds: frozenset[str]
    absent: frozenset[str]


@dataclass(frozen=True, slots=True)
class Applied:
    """A configuration with the places of all subjects that it counts for, in their order."""

    configuration: Configuration
    from_kind: bool
    places: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class View:
    """A world on the level of interventions or of kinds. Give it a world that is valid in a year.

    On the level of kinds a company has used a kind when it has used an intervention of that kind.
    """

    world: World
    level: Level

    @cached_property
    def operators(self) -> tuple[Operator, ...]:
        """Every operator, sorted."""
        return operators(self.world, self.level)

    @cached_property
    def of(self) -> Mapping[str, tuple[Operator, ...]]:
        """The operators of each subject that has any."""
        found: defaultdict[str, list[Operator]] = defaultdict(list)
        for operator in self.operators:
            found[operator.subject].append(operator)
        return {subject: tuple(items) for subject, items in found.items()}

    @cached_property
    def applied(self) -> tuple[Applied, ...]:
        """Every configuration that counts for a subject, by their ids.

        One that is known of a kind may count for thousands: then what depends on the configuration
        only need not be computed for each of these.
        """
        found: defaultdict[tuple[str, bool], list[Operator]] = defaultdict(list)
        for operator in self.operators:
            found[operator.configuration.id, operator.from_kind].append(operator)
        return tuple(
            Applied(same[0].configuration, from_kind, tuple(self.place[o.subject] for o in same))
            for (_, from_kind), same in sorted(found.items())
        )

    def each(self, of: Callable[[Sequence[Operator]], Found]) -> Iterator[tuple[Found, Found]]:
        """Yield for each subject what comes of its own operators, and of those through its kind.

        Most interventions of a kind share the latter, so it is computed once for all of them.
        """
        known: dict[tuple[str, ...], Found] = {}
        for subject in self.subjects:
            own, shared = list[Operator](), list[Operator]()
            for operator in self.of.get(subject, ()):
                (shared if operator.from_kind else own).append(operator)
            key = tuple(operator.configuration.id for operator in shared)
            if key not in known:
                if len(known) == MOST_SHARED:
                    known.clear()
                known[key] = of(shared)
            yield of(own), known[key]

    @cached_property
    def bare(self) -> "View":
        """The same without what counts for an intervention through its kind only."""
        if not any(operator.from_kind for operator in self.operators):
            return self
        things = self.world.interventions.items()
        without = {name: replace(thing, kinds=EMPTY) for name, thing in things}
        return replace(self, world=replace(self.world, interventions=without))

    @property
    def described(self) -> frozenset[str]:
        """The subjects of which at least one configuration is known."""
        return frozenset(self.of)

    @property
    def things(self) -> Mapping[str, Intervention]:
        """The interventions, or the kinds, that this level is about."""
        return self.world.interventions if self.level == "interventions" else self.world.kinds

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """Every intervention, or every kind, sorted: the order of the bits of Pairs."""
        return tuple(sorted(self.things))

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The bit of each subject."""
        return {subject: place for place, subject in enumerate(self.subjects)}

    def mask(self, subjects: Iterable[str]) -> int:
        """Return the bits of some subjects."""
        return mask((self.place[subject] for subject in subjects), len(self.subjects))

    def broader(self, names: Iterable[str]) -> frozenset[str]:
        """Return every condition that one of these satisfies."""
        found = (self.world.satisfied_by.get(name, {name}) for name in names)
        return EMPTY.union(*found)

    def narrower(self, names: Iterable[str]) -> frozenset[str]:
        """Return every condition that satisfies one of these."""
        found = (self.world.satisfies.get(name, {name}) for name in names)
        return EMPTY.union(*found)

    def kin(self, names: Collection[str]) -> frozenset[str]:
        """Return every condition that is one of these, or broader or narrower than one."""
        return self.broader(names) | self.narrower(names)

    def excluded(self, names: Iterable[str]) -> frozenset[str]:
        """Return every condition that cannot hold where these hold."""
        return EMPTY.union(*(self._exclusions.get(name, EMPTY) for name in names))

    @cached_property
    def _exclusions(self) -> Mapping[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for opposed, others in self.opposites.items():
            gone = self.narrower(others)
            for name in self.narrower([opposed]):
                found[name] |= gone
        return {name: frozenset(gone) for name, gone in found.items()}

    @cached_property
    def opposites(self) -> Mapping[str, frozenset[str]]:
        """The opposites of each condition that has any, whichever of the two says so."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for condition in self.world.conditions.values():
            for other in condition.opposes:
                found[condition.id].add(other)
                found[other].add(condition.id)
        return {name: frozenset(others) for name, others in found.items()}

    def is_reason(self, name: str) -> bool:
        """Say whether a condition is a reason to act: a lack or a problem."""
        known = self.world.conditions.get(name)
        return known is not None and known.reason

    def evidence(self, configuration: str) -> Evidence:
        """Return the findings for and against a configuration."""
        return self._evidence.get(configuration) or Evidence(configuration)

    def state(self, configuration: str) -> State:
        """Say whether a configuration is supported, contradicted, or neither."""
        return self.evidence(configuration).state

    @cached_property
    def findings(self) -> Mapping[str, tuple[Finding, ...]]:
        """The findings about each configuration that has any, sorted by their ids."""
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        for _, finding in sorted(self.world.findings.items()):
            found[finding.configuration].append(finding)
        return {name: tuple(items) for name, items in found.items()}

    @cached_property
    def _evidence(self) -> Mapping[str, Evidence]:
        return {
            name: Evidence(
                name,
                tuple(item.id for item in items if item.direction == "supports"),
                tuple(item.id for item in items if item.direction == "contradicts"),
            )
            for name, items in self.findings.items()
        }

    @cached_property
    def uses(self) -> Mapping[str, Years]:
        """For each company the years in which it deployed each subject, sorted."""
        found: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for item in self.world.deployments:
            for subject in self._counted_as(item.intervention):
                found[item.company][subject].add(item.year)
        return {
            company: {subject: tuple(sorted(years)) for subject, years in sorted(used.items())}
            for company, used in sorted(found.items())
        }

    def _counted_as(self, intervention: str) -> Iterable[str]:
        known = self.world.interventions.get(intervention)
        if self.level == "kinds":
            return (kind for kind in known.kinds if kind in self.world.kinds) if known else ()
        return (intervention,) if known else ()

    @cached_property
    def known(self) -> Mapping[str, Known]:
        """What is known of each company."""
        return {name: self.known_of(company) for name, company in self.world.companies.items()}

    def knows(self, company: str) -> Known:
        """Return what is known of a company: nothing of one that the world does not have."""
        return self.known.get(company) or Known(EMPTY, EMPTY)

    def known_of(self, company: Company) -> Known:
        """Return what is known of a company, which need not be in the world."""
        holds = self.broader(company.holds)
        absent = self.narrower(company.lacks) | self.excluded(company.holds)
        return Known(holds - absent, absent - holds)


def favourable(operator: Operator | Applied) -> bool:
    """Say whether what an operator brings about is wanted, and did appear."""
    return operator.configuration.valence in FAVOURABLE
