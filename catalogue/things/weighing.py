"""Which configurations of an intervention tell most, where there is room for a few.

What was found goes before what was invented, and what is known of the intervention itself before
what is known of its kind. Of that come first those with most findings, then those whose findings
were marked highest.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalogue import records
from catalogue.rows import Record
from catalogue.things import understanding as counting
from catalogue.things.known import Known
from catalogue.things.understanding import Finding, Statement, values

FOUND, EXAMPLES = 6, 2  # configurations that were found, and invented ones beside those
MARKS = ("relevance", "richness", "rigour")


@dataclass(frozen=True)
class Weighed:
    """A configuration with the findings on it."""

    record: Record
    statement: Statement
    findings: tuple[Finding, ...]

    @property
    def invented(self) -> bool:
        """Whether it is an example."""
        return records.choice(self.record, "dataStatus") == "illustrative"

    @property
    def is_contrary(self) -> bool:
        """Whether a finding says that it does not work so, or works out badly."""
        return any(
            counting.stand(self.statement, f) == "against" for f in self.findings if not f.invented
        )

    @property
    def rank(self) -> tuple[bool, int, int, str]:
        """What puts the most telling first."""
        counted = [f for f in self.findings if self.invented or not f.invented]
        marks = max((sum(getattr(f, mark) or 0 for mark in MARKS) for f in counted), default=0)
        return self.statement.scope != "own", -len(counted), -marks, self.record.iri


@dataclass(frozen=True)
class Side:
    """The findings that say the same of a configuration, real or invented."""

    says: str
    invented: bool
    cases: int
    studies: int
    origins: tuple[str, ...]  # the cases and studies that they come from


def weighed(known: Known) -> Iterator[Weighed]:
    """Yield the configurations that are claimed now: neither rejected nor revised."""
    every = (*known.own, *known.of_kind)
    revised = {iri for record in every for iri in values(record, "wasRevisionOf")}
    own = {record.iri for record in known.own}
    for record in {record.iri: record for record in every}.values():
        if record.iri not in revised and records.choice(record, "status") != "verworpen":
            statement = counting.statement(record, "own" if record.iri in own else "kind")
            about = tuple(f for f in known.findings if f.configuration == record.iri)
            yield Weighed(record, statement, about)


def chosen(weighed: Iterable[Weighed]) -> list[Weighed]:
    """Return the most telling configurations.

    If there is one that findings speak against, it is among them: it may take the last place.
    """
    ordered = sorted(weighed, key=lambda one: one.rank)
    found = [one for one in ordered if not one.invented]
    first = found[:FOUND]
    if first and not any(one.is_contrary for one in first):
        contrary = next((one for one in found if one.is_contrary), first[-1])
        first[-1] = contrary
    examples = [one for one in ordered if one.invented]
    return first + examples[: EXAMPLES if first else FOUND]


def sides(findings: Sequence[Finding]) -> Iterator[Side]:
    """Yield how many findings say what, the real ones first."""
    for invented in (False, True):
        for says in ("supports", "contradicts", "refines"):
            of = [f for f in findings if f.invented is invented and f.says == says]
            if of:
                cases = sum(f.case is not None for f in of)
                origins = sorted({origin for f in of if (origin := f.case or f.study)})
                yield Side(says, invented, cases, len(of) - cases, tuple(origins))
