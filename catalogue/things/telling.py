"""A configuration as pages tell it: its findings, its history, its rivals, its contested cases."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue import views
from catalogue.coherence import reaching
from catalogue.coherence.reaching import Revision
from catalogue.rows import Card, Record, Shown
from catalogue.things import understanding as counting
from catalogue.things.contrasting import Contrast, Row
from catalogue.things.understanding import Finding, Stand, values
from catalogue.views import Showing

RATINGS = ("relevance", "richness", "rigour")


@dataclass(frozen=True)
class Graded:
    """A finding: what it says, where it comes from and how good it is."""

    name: Shown
    says: str
    stand: Stand
    origin: Shown | None
    case: bool  # from a case at a company, not from a study
    activation: Shown | None
    ratings: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Step:
    """One step in the history of a configuration."""

    name: Shown
    added: tuple[tuple[str, Shown], ...]  # the name of the field, and what it now names
    dropped: tuple[tuple[str, Shown], ...]
    findings: tuple[Shown, ...]


@dataclass(frozen=True)
class Beside:
    """Cases that contradict each other, a column each, with the conditions as rows."""

    supports: tuple[Shown, ...]
    contradicts: tuple[Shown, ...]
    rows: tuple[tuple[Shown, Row], ...]


@dataclass(frozen=True)
class Told:
    """A configuration with its findings, its history and the cases that contradict each other."""

    slug: str
    card: Card
    findings: tuple[Graded, ...] = ()
    history: tuple[Step, ...] = ()
    followed: Shown | None = None  # by the configuration that revised it
    beside: Beside | None = None

    @property
    def tallies(self) -> Iterator[tuple[str, bool, int]]:
        """Yield how many findings from cases (True), and from studies, say what."""
        said = Counter((f.says, f.case) for f in self.findings)
        for says in ("supports", "contradicts", "refines"):
            yield from (
                (says, case, said[says, case]) for case in (True, False) if said[says, case]
            )


def told(
    showing: Showing,
    record: Record,
    others: Mapping[str, Record],
    findings: Sequence[Finding],
    contrasts: Iterable[Contrast],
) -> Told:
    """Return a configuration with names; `others` are those that it may revise or be revised by."""
    statement = counting.statement(record, "own")
    found = [
        graded(showing, f, counting.stand(statement, f))
        for f in findings
        if f.configuration == record.iri
    ]
    chain = reaching.history(record, dict(others), findings)
    after = next((r for r in others.values() if record.iri in values(r, "wasRevisionOf")), None)
    contrast = next((c for c in contrasts if c.configuration == record.iri), None)
    return Told(
        record.slug,
        views.card(showing, record),
        tuple(sorted(found, key=lambda g: (g.says, g.name.text))),
        tuple(_step(showing, one) for one in chain) if len(chain) > 1 else (),
        showing.thing(after.iri) if after else None,
        beside(showing, contrast) if contrast else None,
    )


def graded(showing: Showing, finding: Finding, stand: Stand) -> Graded:
    """Return a finding with names."""
    origin = finding.case or finding.study
    marks = ((name, getattr(finding, name)) for name in RATINGS)
    return Graded(
        showing.thing(finding.finding),
        finding.says,
        stand,
        showing.thing(origin) if origin else None,
        finding.case is not None,
        showing.thing(finding.activation) if finding.activation else None,
        tuple((name, mark) for name, mark in marks if mark is not None),
    )


def things(showing: Showing, iris: Iterable[str]) -> tuple[Shown, ...]:
    """Return things by their names, sorted."""
    return tuple(sorted(map(showing.thing, iris), key=lambda shown: shown.text.casefold()))


def _step(showing: Showing, one: Revision) -> Step:
    fields = {field.id: field for field in one.record.form.fields}

    def parts(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, Shown], ...]:
        ordered = sorted(pairs, key=lambda pair: (reaching.PARTS.index(pair[0]), pair[1]))
        return tuple((showing.field(fields[f], ()).name.text, showing.thing(v)) for f, v in ordered)

    found = things(showing, one.findings)
    return Step(showing.thing(one.record.iri), parts(one.added), parts(one.dropped), found)


def beside(showing: Showing, found: Contrast) -> Beside:
    """Return cases that contradict each other with names."""
    sides = [
        tuple(showing.thing(f.company) for f in side if f.company)
        for side in (found.supports, found.contradicts)
    ]
    rows = tuple((showing.thing(row.condition), row) for row in found.rows)
    return Beside(sides[0], sides[1], rows)


def rivals(own: Iterable[Record], told: Mapping[str, Told]) -> Iterator[tuple[Told, Told]]:
    """Yield the configurations that are alternatives to each other, two by two."""
    pairs = {
        tuple(sorted((record.iri, rival)))
        for record in own
        for rival in values(record, "alternativeTo")
        if rival in told and rival != record.iri
    }
    yield from ((told[one], told[other]) for one, other in sorted(pairs))
