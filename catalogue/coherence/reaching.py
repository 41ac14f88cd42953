"""For whom an intervention was tried, at companies of which size, and how its theory grew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalogue.rows import Record
from catalogue.things.understanding import FEW, Deployed, Finding, Statement, values


@dataclass(frozen=True)
class Tried:
    """A number of companies; `few` stands for one or two, which are not told apart."""

    count: int
    few: bool

    @classmethod
    def of(cls, companies: Iterable[str]) -> "Tried":
        """Count companies, without saying how many where they are few."""
        number = len(set(companies))
        return cls(0 if number < FEW else number, 0 < number < FEW)


@dataclass(frozen=True)
class Reach:
    """How many companies of each size used it, and at how many each actor group was studied."""

    sizes: tuple[str, ...]
    used: tuple[Tried, ...]
    groups: tuple[tuple[str, bool, tuple[Tried, ...]], ...]  # group, whether it is aimed at


def reach(
    sizes: Sequence[str],
    groups: Sequence[str],
    aimed: frozenset[str],
    statements: Sequence[Statement],
    findings: Sequence[Finding],
    deployed: Sequence[Deployed],
) -> Reach:
    """Count companies by size: those that used it, and those where a case speaks of a group."""
    actors = {statement.id: statement.actors for statement in statements}

    def studied(group: str, size: str) -> Tried:
        return Tried.of(
            f.company
            for f in findings
            if f.company and f.size == size and group in actors.get(f.configuration, ())
        )

    return Reach(
        tuple(sizes),
        tuple(Tried.of(d.company for d in deployed if d.size == size) for size in sizes),
        tuple((g, g in aimed, tuple(studied(g, size) for size in sizes)) for g in groups),
    )


@dataclass(frozen=True)
class Revision:
    """A configuration in a chain of revisions: what it says that the one before did not.

    What changes is a field and a thing: an outcome that becomes a context is both.
    """

    record: Record
    added: frozenset[tuple[str, str]]
    dropped: frozenset[tuple[str, str]]
    findings: tuple[str, ...]  # that refine or contradict the one before


PARTS = ("hasContext", "hinderedBy", "hasMechanism", "hasOutcome", "undermines", "hasActor")


def history(
    record: Record, by_iri: dict[str, Record], findings: Sequence[Finding]
) -> list[Revision]:
    """Return what a configuration was revised from, oldest first, and itself; empty without."""
    chain = [record]
    while before := _before(chain[-1], by_iri):
        if before in chain:
            break  # The shapes report a circle; it must not hang a page.
        chain.append(before)
    chain.reverse()
    return [_revision(one, chain[at - 1] if at else None, findings) for at, one in enumerate(chain)]


def _before(record: Record, by_iri: dict[str, Record]) -> Record | None:
    return next((by_iri[i] for i in values(record, "wasRevisionOf") if i in by_iri), None)


def _revision(record: Record, before: Record | None, findings: Sequence[Finding]) -> Revision:
    if not before:
        return Revision(record, frozenset(), frozenset(), ())
    new, old = (
        frozenset((part, value) for part in PARTS for value in values(one, part))
        for one in (record, before)
    )
    prompted = (
        f.finding
        for f in findings
        if f.configuration == before.iri and f.says in {"refines", "contradicts"}
    )
    return Revision(record, new - old, old - new, tuple(prompted))
