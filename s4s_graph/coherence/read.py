"""Reads what coherence is computed from out of a store."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from s4s_graph.coherence.model import (
    EMPTY,
    Company,
    Condition,
    Configuration,
    Deployment,
    Direction,
    Finding,
    Intervention,
    Relation,
    Valence,
    World,
)
from s4s_graph.store import Iri, Store

QUERIES = Path(__file__).parent / "queries"

Links = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Link:
    """One statement about a thing."""

    thing: str
    value: str


@dataclass(frozen=True)
class Thing:
    """One thing."""

    thing: str


@dataclass(frozen=True)
class ConfigurationRow:
    """The single values of a configuration."""

    thing: str
    subject: str
    valence: str
    status: str
    first: int | None
    last: int | None
    revises: str | None


@dataclass(frozen=True)
class FindingRow:
    """A finding with its direction, its case or study, and the company and year of a case."""

    thing: str
    direction: str
    configuration: str
    company: str | None
    year: int | None
    status: str
    case: str | None
    study: str | None


@dataclass(frozen=True)
class DeploymentRow:
    """A deployment of a version, by the intervention that it is a version of."""

    intervention: str
    company: str
    year: int


@dataclass(frozen=True)
class RelationRow:
    """An asserted relation."""

    thing: str
    origin: str
    target: str
    kind: str


@dataclass(frozen=True)
class YearsRow:
    """The years of an intervention, and the hours of its newest version that tells them."""

    thing: str
    first: int | None
    last: int | None
    hours: float | None


class Reader:
    """Asks one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._term = store.prefixes["s4s"]
        self._things = store.prefixes["scheme"].removesuffix("scheme/")

    def world(self) -> World:
        """Return everything, of all years."""
        return World(
            conditions=self._conditions(),
            configurations=self._configurations(),
            interventions=self._interventions(),
            kinds={kind: Intervention(kind) for kind in self._concepts("intervention-kinds")},
            companies=self._companies(),
            deployments=frozenset(
                Deployment(row.intervention, row.company, row.year)
                for row in self._store.select(query("deployments"), DeploymentRow)
            ),
            findings=self._findings(),
            relations=self._relations(),
            actors=self._concepts("actor-groups"),
            steps=self._concepts("skills-steps"),
            sizes=self._concepts("size-classes"),
            goals=self._concepts("policy-goals"),
        )

    def invented(self) -> frozenset[str]:
        """Return the things that are illustrative."""
        illustrative = f"{self._things}data-status/illustrative"
        statuses = self._links("dataStatus")
        return frozenset(thing for thing, status in statuses.items() if illustrative in status)

    def _conditions(self) -> dict[str, Condition]:
        broader, opposes = self._links("skos:broader"), self._links("opposes")
        goals, malleability = self._links("contributesTo"), self._links("malleability")
        malleable = f"{self._things}malleability/malleable"
        reasons = {row.thing for row in self._store.select(query("reasons"), Thing)}
        return {
            thing: Condition(
                id=thing,
                broader=broader.get(thing, EMPTY),
                opposes=opposes.get(thing, EMPTY),
                malleable=malleable in malleability.get(thing, EMPTY),
                goals=goals.get(thing, EMPTY),
                reason=thing in reasons,
            )
            for thing in self._instances("Condition")
        }

    def _configurations(self) -> dict[str, Configuration]:
        needs, hindered = self._links("hasContext"), self._links("hinderedBy")
        outcomes, takes = self._links("hasOutcome"), self._links("undermines")
        actors = self._links("hasActor")
        return {
            row.thing: Configuration(
                id=row.thing,
                subject=row.subject,
                needs=needs.get(row.thing, EMPTY),
                hindered=hindered.get(row.thing, EMPTY),
                outcomes=outcomes.get(row.thing, EMPTY),
                takes=takes.get(row.thing, EMPTY),
                valence=cast(Valence, slug(row.valence)),
                rejected=slug(row.status) == "verworpen",
                first=row.first,
                last=row.last,
                revises=row.revises,
                actors=actors.get(row.thing, EMPTY),
            )
            for row in self._store.select(query("configurations"), ConfigurationRow)
        }

    def _interventions(self) -> dict[str, Intervention]:
        kinds, holders = self._links("ofKind"), self._links("holder")
        actors, steps = self._links("targetsActor"), self._links("skillsStep")
        years = {row.thing: row for row in self._store.select(query("interventions"), YearsRow)}
        return {
            thing: Intervention(
                id=thing,
                kinds=kinds.get(thing, EMPTY),
                holders=holders.get(thing, EMPTY),
                actors=actors.get(thing, EMPTY),
                steps=steps.get(thing, EMPTY),
                hours=years[thing].hours,
                first=years[thing].first,
                last=years[thing].last,
            )
            for thing in years
        }

    def _companies(self) -> dict[str, Company]:
        holds, lacks = self._links("hasCondition"), self._links("lacksCondition")
        sizes = self._links("sizeClass")
        return {
            thing: Company(
                id=thing,
                size=min(sizes.get(thing, EMPTY), default=None),
                holds=holds.get(thing, EMPTY),
                lacks=lacks.get(thing, EMPTY),
            )
            for thing in self._instances("Company")
        }

    def _findings(self) -> dict[str, Finding]:
        return {
            row.thing: Finding(
                id=row.thing,
                configuration=row.configuration,
                direction=cast(Direction, row.direction.removeprefix(self._term)),
                company=row.company,
                year=row.year,
                illustrative=slug(row.status) == "illustrative",
                case=row.case,
                study=row.study,
            )
            for row in self._store.select(query("findings"), FindingRow)
        }

    def _relations(self) -> dict[str, Relation]:
        findings = self._links("supportedBy")
        return {
            row.thing: Relation(
                row.thing,
                row.origin,
                row.target,
                slug(row.kind),
                findings.get(row.thing, EMPTY),
            )
            for row in self._store.select(query("relations"), RelationRow)
        }

    def _links(self, predicate: str) -> Links:
        prefix, _, name = predicate.rpartition(":")
        iri = self._store.prefixes[prefix or "s4s"] + name
        found: defaultdict[str, set[str]] = defaultdict(set)
        for row in self._store.select(query("links"), Link, predicate=Iri(iri)):
            found[row.thing].add(row.value)
        return {thing: frozenset(values) for thing, values in found.items()}

    def _instances(self, name: str) -> list[str]:
        rows = self._store.select(query("instances"), Thing, kind=Iri(self._term + name))
        return [row.thing for row in rows]

    def _concepts(self, scheme: str) -> tuple[str, ...]:
        iri = Iri(self._store.prefixes["scheme"] + scheme)
        return tuple(row.thing for row in self._store.select(query("concepts"), Thing, scheme=iri))


def world(store: Store) -> World:
    """Return what a store knows that coherence is computed from, of all years."""
    return Reader(store).world()


@cache
def query(name: str) -> str:
    """Return the text of a query of this package."""
    return (QUERIES / f"{name}.rq").read_text(encoding="utf-8")


def slug(iri: str) -> str:
    """Return the last part of an IRI."""
    return iri.rpartition("/")[2]
