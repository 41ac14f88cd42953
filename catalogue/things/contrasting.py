"""Cases that contradict each other, and the conditions in which their companies differ."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.things.understanding import Finding, Statement


@dataclass(frozen=True)
class Held:
    """A row of the query: the conditions known to hold, or known to be absent, at a company."""

    company: str
    holds: bool
    conditions: str  # with spaces between


@dataclass(frozen=True)
class Row:
    """A condition, and whether it holds at each company: None where that is unknown."""

    condition: str
    named: bool  # by the configuration itself
    held: tuple[bool | None, ...]
    differs: bool  # known on both sides, and never the same


@dataclass(frozen=True)
class Contrast:
    """The cases for and against one configuration, and how their companies differ."""

    configuration: str
    supports: tuple[Finding, ...]
    contradicts: tuple[Finding, ...]
    rows: tuple[Row, ...]


def contested(statement: Statement, findings: Iterable[Finding]) -> bool:
    """Tell whether cases speak both for and against a configuration."""
    of = {f.says for f in findings if f.configuration == statement.id and f.company}
    return {"supports", "contradicts"} <= of


def contrast(
    statement: Statement, findings: Iterable[Finding], held: Iterable[Held], most: int = 8
) -> Contrast:
    """Put the cases of a configuration beside each other, at most so many on either side.

    The conditions that it names come first, then the others in which the two sides differ.
    """
    of = [f for f in findings if f.configuration == statement.id and f.company]
    # A company with cases of several years stands once on a side.
    sides = [
        list({f.company: f for f in of if f.says == says}.values())[:most]
        for says in ("supports", "contradicts")
    ]
    said = {(one.company, one.holds): frozenset(one.conditions.split()) for one in held}

    def known(finding: Finding, condition: str) -> bool | None:
        # What would both hold and be absent is unknown.
        holds, absent = (
            condition in said.get((finding.company or "", value), ()) for value in (True, False)
        )
        return holds if holds is not absent else None

    def compare(condition: str) -> Row:
        left, right = ([known(f, condition) for f in side] for side in sides)
        seen = [{value for value in side if value is not None} for side in (left, right)]
        differs = all(len(values) == 1 for values in seen) and seen[0] != seen[1]
        return Row(condition, condition in statement.conditions, (*left, *right), differs)

    # Only what is known on both sides can differ.
    seen = [
        frozenset[str]().union(
            *(said.get((f.company or "", v), ()) for f in side for v in (True, False))
        )
        for side in sides
    ]
    others = sorted((seen[0] & seen[1]) - statement.conditions)
    rows = [compare(condition) for condition in sorted(statement.conditions)]
    rows += [found for found in map(compare, others) if found.differs]
    return Contrast(statement.id, tuple(sides[0]), tuple(sides[1]), tuple(rows))
