"""What is known of an intervention, counted: pure functions over rows, without names or words.

The five headings are those of EMMIE (Johnson, Tilley & Bowers 2015, doi 10.1007/s11292-015-9238-7):
effect, mechanism, moderators, implementation, economy. What is invented, and what is known of the
kind only, is never added to what was found of the intervention itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from catalogue import records
from catalogue.rows import Record
from s4s_graph.store import Iri

Scope = Literal["own", "kind"]
Standing = Literal["own", "kind", "invented", "none"]
Stand = Literal["for", "against", "refines", "neither"]

FAVOURABLE = {"beoogd", "onbedoeld-gunstig"}
FEW = 3  # a number of companies below this is not stated


@dataclass(frozen=True)
class Finding:
    """A row of the query: a finding on a configuration, from a case at a company or a study."""

    finding: str
    configuration: str
    direction: str
    status: str | None
    case: str | None = None
    company: str | None = None
    size: str | None = None
    study: str | None = None
    activation: str | None = None
    relevance: int | None = None
    richness: int | None = None
    rigour: int | None = None

    @property
    def says(self) -> str:
        """Whether it supports, contradicts or refines: the last part of the property."""
        return self.direction.rpartition("#")[2]

    @property
    def invented(self) -> bool:
        """Whether it is an example."""
        return slug(self.status) == "illustrative"


@dataclass(frozen=True)
class Deployed:
    """A row of the query: a company that applied a version."""

    deployment: str
    company: str
    size: str
    status: str


@dataclass(frozen=True)
class Statement:
    """A configuration, as far as counting needs it."""

    id: str
    scope: Scope
    valence: str | None
    needs: frozenset[str]
    hinders: frozenset[str]
    mechanisms: frozenset[str]
    actors: frozenset[str]

    @property
    def conditions(self) -> frozenset[str]:
        """Every condition it names as context."""
        return self.needs | self.hinders


@dataclass(frozen=True)
class Figures:
    """Numbers of one origin: of the intervention itself or of its kind, real or invented."""

    scope: Scope
    invented: bool
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Cell:
    """One of the five, with the numbers that it rests on, real ones first."""

    id: str
    figures: tuple[Figures, ...]

    @property
    def standing(self) -> Standing:
        """What it rests on at best."""
        best = self.figures[0] if self.figures else None
        if best is None:
            return "none"
        return "invented" if best.invented else best.scope

    @property
    def verdict(self) -> str:
        """What the best figures of an effect say: for, against, both, or neither of the two."""
        counts = self.figures[0].counts if self.figures else {}
        said = [side for side in ("for", "against") if counts.get(side)]
        return "both" if len(said) == 2 else said[0] if said else "neither"


def slug(iri: str | None) -> str | None:
    """Return the last part of a name."""
    return iri.rpartition("/")[2] if iri else None


def values(record: Record, field: str) -> frozenset[str]:
    """Return the things that a field of a record names."""
    return frozenset(term.value for term in record.values.get(field, ()) if isinstance(term, Iri))


def statement(record: Record, scope: Scope) -> Statement:
    """Return a configuration as counting needs it."""
    return Statement(
        record.iri,
        scope,
        records.choice(record, "valence"),
        values(record, "hasContext"),
        values(record, "hinderedBy"),
        values(record, "hasMechanism"),
        values(record, "hasActor"),
    )


def stand(statement: Statement, finding: Finding) -> Stand:
    """Return what a finding says of the effect."""
    return side(statement.valence, finding.says)


def side(valence: str | None, says: str) -> Stand:
    """Return what a finding that `says` something of a configuration says of the effect.

    For: it supports a favourable outcome. Against: it contradicts one, or supports that the
    outcome is adverse or stays away. That an adverse outcome was not seen is neither.
    """
    if says == "refines":
        return "refines"
    favourable = valence in FAVOURABLE
    if says == "supports":
        return "for" if favourable else "against"
    return "against" if favourable else "neither"


def effect(statements: Sequence[Statement], findings: Sequence[Finding]) -> Cell:
    """Count the findings for and against."""

    def count(pairs: Sequence[tuple[Statement, Finding]]) -> Mapping[str, int]:
        stands = [stand(*pair) for pair in pairs]
        return {name: stands.count(name) for name in ("for", "against", "refines", "neither")}

    return Cell("effect", tuple(_figures(statements, findings, count)))


def mechanism(
    statements: Sequence[Statement], findings: Sequence[Finding], whole: frozenset[str]
) -> Cell:
    """Count the whole mechanisms of configurations that a finding supports.

    Where the outcome stayed away, no mechanism was seen to work.
    """

    def count(pairs: Sequence[tuple[Statement, Finding]]) -> Mapping[str, int]:
        supported = {
            name
            for statement, finding in pairs
            if finding.says == "supports" and statement.valence != "uitblijvend"
            for name in statement.mechanisms & whole
        }
        return {"supported": len(supported)}

    return Cell("mechanism", tuple(_figures(statements, findings, count)))


def moderators(statements: Sequence[Statement], findings: Sequence[Finding]) -> Cell:
    """Count the conditions that were seen to matter.

    Those of configurations that a finding contradicts or refines, and what hinders in any
    configuration with findings.
    """

    def count(pairs: Sequence[tuple[Statement, Finding]]) -> Mapping[str, int]:
        seen = [
            statement.hinders if finding.says == "supports" else statement.conditions
            for statement, finding in pairs
        ]
        return {"conditions": len(frozenset[str]().union(*seen))}

    return Cell("moderators", tuple(_figures(statements, findings, count)))


def implementation(versions: Sequence[Record], deployed: Sequence[Deployed]) -> Cell:
    """Count the deployments, the versions and those that adjust an earlier one."""

    def found() -> Iterator[Figures]:
        for invented in (False, True):
            of = [v for v in versions if _invented(v) is invented]
            counts = {
                "deployments": sum(
                    (slug(d.status) == "illustrative") is invented for d in deployed
                ),
                "versions": len(of),
                "adjustments": sum(bool(version.values["wasRevisionOf"]) for version in of),
            }
            if any(counts.values()):
                yield Figures("own", invented, counts)

    return Cell("implementation", tuple(found()))


def economy(intervention: Record, versions: Sequence[Record]) -> Cell:
    """Count where costs and where hours are stated: the intervention and its versions."""

    def found() -> Iterator[Figures]:
        for invented in (False, True):
            of = [r for r in (intervention, *versions) if _invented(r) is invented]
            counts = {
                "costs": sum(_states(r, "costPerParticipant", "costNote") for r in of),
                "hours": sum(_states(r, "hoursPerParticipant", "hoursNote") for r in of),
            }
            if any(counts.values()):
                yield Figures("own", invented, counts)

    return Cell("economy", tuple(found()))


def _figures(
    statements: Sequence[Statement],
    findings: Sequence[Finding],
    count: Callable[[Sequence[tuple[Statement, Finding]]], Mapping[str, int]],
) -> Iterator[Figures]:
    """Yield the counts of each origin that has any: what is real first, and of that what is own."""
    by_id = {statement.id: statement for statement in statements}
    pairs = [(by_id[f.configuration], f) for f in findings if f.configuration in by_id]
    scopes: tuple[Scope, ...] = ("own", "kind")
    for invented in (False, True):
        for scope in scopes:
            of = [p for p in pairs if p[0].scope == scope and p[1].invented is invented]
            counts = count(of)
            if any(counts.values()):
                yield Figures(scope, invented, counts)


def _invented(record: Record) -> bool:
    return records.choice(record, "dataStatus") == "illustrative"


def _states(record: Record, *fields: str) -> bool:
    return any(record.values.get(field) for field in fields)
