"""What coherence is computed from, as frozen data.

A configuration is an operator of its intervention, in the sense of STRIPS (Fikes & Nilsson 1971):
it needs conditions, is hindered by conditions, brings conditions about and takes conditions away.
That an outcome is the context of a next configuration is the ripple effect of Jagosh et al. (2015,
doi 10.1186/s12889-015-1949-1); context, mechanism and outcome are those of Pawson & Tilley (1997).

Everything is named by its IRI. Nothing here reads or writes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

Direction = Literal["supports", "contradicts", "refines"]
Valence = Literal["beoogd", "onbedoeld-gunstig", "averechts", "uitblijvend"]
Level = Literal["interventions", "kinds"]

EMPTY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Condition:
    """A state that holds or does not; `broader` are its direct broader conditions.

    `reason`: it names a lack or a problem, so that it is a reason to act and not a state to reach.
    """

    id: str
    broader: frozenset[str] = EMPTY
    opposes: frozenset[str] = EMPTY
    malleable: bool = True
    goals: frozenset[str] = EMPTY  # the policy goals that ask for it
    reason: bool = False


@dataclass(frozen=True, slots=True)
class Configuration:
    """One operator. `outcomes` of valence uitblijvend are those that did not appear."""

    id: str
    subject: str  # the intervention or the kind of intervention that it is about
    needs: frozenset[str]
    hindered: frozenset[str]
    outcomes: frozenset[str]
    takes: frozenset[str]
    valence: Valence
    rejected: bool = False
    first: int | None = None
    last: int | None = None
    revises: str | None = None
    actors: frozenset[str] = EMPTY

    @property
    def brings(self) -> frozenset[str]:
        """What it brings about: nothing where the outcome stayed away."""
        return EMPTY if self.valence == "uitblijvend" else self.outcomes


@dataclass(frozen=True, slots=True)
class Finding:
    """What a `case` or a `study` says of a configuration; `company` and `year` for cases."""

    id: str
    configuration: str
    direction: Direction
    company: str | None
    year: int | None
    illustrative: bool
    case: str | None = None
    study: str | None = None


@dataclass(frozen=True, slots=True)
class Intervention:
    """An intervention or, on the level of kinds, a kind of intervention (without holders)."""

    id: str
    kinds: frozenset[str] = EMPTY
    holders: frozenset[str] = EMPTY
    actors: frozenset[str] = EMPTY
    steps: frozenset[str] = EMPTY
    hours: float | None = None  # per participant, of the newest version that says so
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """A company: what is known to hold and known to be absent; all else is unknown."""

    id: str
    size: str | None = None
    holds: frozenset[str] = EMPTY
    lacks: frozenset[str] = EMPTY


@dataclass(frozen=True, slots=True)
class Deployment:
    """That a company applied an intervention in a year."""

    intervention: str
    company: str
    year: int


@dataclass(frozen=True, slots=True)
class Relation:
    """What people say of two interventions; `kind` is the slug of its relation type."""

    id: str
    origin: str
    target: str
    kind: str
    findings: frozenset[str] = EMPTY


@dataclass(frozen=True, slots=True)
class Operator:
    """A configuration as it counts for one intervention; `from_kind` if known of its kind only."""

    subject: str
    configuration: Configuration
    from_kind: bool = False


@dataclass(frozen=True)
class World:
    """All that coherence is computed from. Mappings are by IRI."""

    conditions: Mapping[str, Condition]
    configurations: Mapping[str, Configuration]
    interventions: Mapping[str, Intervention]
    kinds: Mapping[str, Intervention]
    companies: Mapping[str, Company]
    deployments: frozenset[Deployment]
    findings: Mapping[str, Finding]
    relations: Mapping[str, Relation]
    actors: tuple[str, ...]  # all of each list, in their order: zero cells need them
    steps: tuple[str, ...]
    sizes: tuple[str, ...]
    goals: tuple[str, ...]

    @cached_property
    def satisfied_by(self) -> Mapping[str, frozenset[str]]:
        """For each condition every condition that it satisfies: itself and all broader ones."""
        return {name: self._ancestors(name) for name in self.conditions}

    @cached_property
    def satisfies(self) -> Mapping[str, frozenset[str]]:
        """For each condition every condition that satisfies it: itself and all narrower ones."""
        narrower: dict[str, set[str]] = {name: {name} for name in self.conditions}
        for name, ancestors in self.satisfied_by.items():
            for ancestor in ancestors:
                narrower.setdefault(ancestor, {ancestor}).add(name)
        return {name: frozenset(names) for name, names in narrower.items()}

    @cached_property
    def goal_conditions(self) -> Mapping[str, frozenset[str]]:
        """For each policy goal the conditions that it asks for."""
        asked = {goal: set[str]() for goal in self.goals}
        for condition in self.conditions.values():
            for goal in condition.goals:
                asked.setdefault(goal, set()).add(condition.id)
        return {goal: frozenset(names) for goal, names in asked.items()}

    def _ancestors(self, name: str) -> frozenset[str]:
        # Walked with a set of what was seen: a circle in the data must not hang the build.
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                if found := self.conditions.get(current):
                    waiting.extend(found.broader)
        return frozenset(seen)


def valid(world: World, year: int | None) -> World:
    """Return the world with only the configurations that are valid in a year, or in any (None).

    Valid in y: firstYear ≤ y, lastYear ≥ y or open, not rejected, and no revision of it valid in
    y. Findings and deployments after the year are left out as well: nobody knew of them.
    """
    within = {
        configuration.id: configuration
        for configuration in world.configurations.values()
        if not configuration.rejected and _runs(configuration, year)
    }
    revised = {configuration.revises for configuration in within.values()}
    kept = {name: item for name, item in within.items() if name not in revised}
    return replace(
        world,
        configurations=kept,
        findings={
            name: finding
            for name, finding in world.findings.items()
            if finding.configuration in kept and _by(finding.year, year)
        },
        deployments=frozenset(item for item in world.deployments if _by(item.year, year)),
    )


def operators(world: World, level: Level) -> tuple[Operator, ...]:
    """Return the operators of every intervention, or of every kind, sorted.

    A configuration about a kind counts for each intervention of that kind that has none of its
    own on the matter: no configuration of its own that names one of the same outcomes.
    """
    by_subject: dict[str, list[Configuration]] = {}
    for configuration in world.configurations.values():
        by_subject.setdefault(configuration.subject, []).append(configuration)
    if level == "kinds":
        found = [Operator(kind, item) for kind in world.kinds for item in by_subject.get(kind, ())]
    else:
        found = [
            operator
            for intervention in world.interventions.values()
            for operator in _operators(intervention, by_subject)
        ]
    return tuple(sorted(found, key=lambda item: (item.subject, item.configuration.id)))


def _operators(
    intervention: Intervention, by_subject: Mapping[str, Iterable[Configuration]]
) -> Iterable[Operator]:
    own = tuple(by_subject.get(intervention.id, ()))
    matters = {outcome for configuration in own for outcome in configuration.outcomes}
    yield from (Operator(intervention.id, configuration) for configuration in own)
    for kind in intervention.kinds:
        for configuration in by_subject.get(kind, ()):
            if not configuration.outcomes & matters:
                yield Operator(intervention.id, configuration, from_kind=True)


def _runs(configuration: Configuration, year: int | None) -> bool:
    if year is None:
        return True
    first, last = configuration.first, configuration.last
    return (first is None or first <= year) and (last is None or last >= year)


def _by(found: int | None, year: int | None) -> bool:
    return year is None or found is None or found <= year
