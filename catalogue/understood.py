"""What the page of an intervention says about it: what is known, with names and in order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalogue import reaching, records, views
from catalogue import understanding as counting
from catalogue.contrasting import Contrast, Row
from catalogue.known import OWN, Known, Meaning
from catalogue.reaching import Reach, Revision
from catalogue.rows import Card, Record, Shown
from catalogue.understanding import Cell, Finding, Stand, slug, values
from catalogue.views import Showing

OF_KIND = 6
RATINGS = ("relevance", "richness", "rigour")
CHANGED = ("costPerParticipant", "hoursPerParticipant")
STATED = ("costPerParticipant", "costNote", "hoursPerParticipant", "hoursNote")


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


@dataclass(frozen=True)
class Version:
    """A yearly version, what it changed and which findings prompted that."""

    name: Shown
    year: Shown
    notes: tuple[Shown, ...]
    changes: tuple[tuple[str, Shown | None, Shown | None], ...]  # field, before, after
    prompted: tuple[Shown, ...]


@dataclass(frozen=True)
class Session:
    """A mirror session with the responses of the holder."""

    name: Shown
    findings: tuple[Shown, ...]
    responses: tuple[tuple[Shown, tuple[Shown, ...]], ...]  # decision, description


@dataclass(frozen=True)
class Understanding:
    """What the page of an intervention shows beside its fields and its neighbours."""

    cells: tuple[Cell, ...]
    own: tuple[Told, ...]
    of_kind: tuple[Told, ...]
    rivals: tuple[tuple[Told, Told], ...]
    reach: Reach
    names: Mapping[str, Shown]  # of the sizes and the groups
    versions: tuple[Version, ...]
    sessions: tuple[Session, ...]
    skills: tuple[tuple[Shown, tuple[tuple[Shown, bool], ...]], ...]  # match, whether the same
    stated: tuple[tuple[str, tuple[Shown, ...]], ...]  # costs and hours
    meanings: tuple[Meaning, ...]
    partly: bool


def iris(known: Known) -> Iterator[str]:
    """Yield everything that needs a name."""
    cards = (*known.own[:OWN], *known.of_kind[:OF_KIND])
    shown = {record.iri for record in cards}
    told = (*known.own, *cards, *known.versions, *known.sessions, *known.responses)
    yield from (record.iri for record in told)
    yield from records.iris(told)
    for f in known.findings:
        if f.configuration in shown:
            yield from (i for i in (f.finding, f.case, f.study, f.activation, f.company) if i)
    for found in known.contrasts:
        yield from (row.condition for row in found.rows)
    for match in known.skills:
        yield from (i for i in (match.skill, match.match) if i)
    yield from (*known.sizes, *known.groups)


def shown(showing: Showing, record: Record, known: Known) -> Understanding | None:
    """Return what is known of an intervention with names; None for other things."""
    if record.form.table != "interventions":
        return None
    statements = known.statements
    told = {t.iri: _told(showing, known, t) for t in (*known.own, *known.of_kind[:OF_KIND])}
    aimed = values(record, "targetsActor")
    return Understanding(
        cells=(
            counting.effect(statements, known.findings),
            counting.mechanism(statements, known.findings, known.whole),
            counting.moderators(statements, known.findings),
            counting.implementation(known.versions, known.deployed),
            counting.economy(record, known.versions),
        ),
        own=tuple(told[r.iri] for r in known.own[:OWN]),
        of_kind=tuple(told[r.iri] for r in known.of_kind[:OF_KIND]),
        rivals=tuple(_rivals(known.own, told)),
        reach=reaching.reach(
            known.sizes, known.groups, aimed, statements, known.findings, known.deployed
        ),
        names={iri: showing.thing(iri) for iri in (*known.sizes, *known.groups)},
        versions=tuple(_versions(showing, known)),
        sessions=tuple(_session(showing, known, one) for one in known.sessions),
        skills=tuple(_skills(showing, known)),
        stated=tuple(_stated(showing, record)),
        meanings=known.meanings,
        partly=known.partly,
    )


def _told(showing: Showing, known: Known, record: Record) -> Told:
    by_iri = {one.iri: one for one in known.own}
    statement = counting.statement(record, "own")
    graded = [
        _graded(showing, f, counting.stand(statement, f))
        for f in known.findings
        if f.configuration == record.iri
    ]
    chain = reaching.history(record, by_iri, known.findings)
    after = next((r for r in known.own if record.iri in values(r, "wasRevisionOf")), None)
    found = next((c for c in known.contrasts if c.configuration == record.iri), None)
    return Told(
        record.slug,
        views.card(showing, record),
        tuple(sorted(graded, key=lambda g: (g.says, g.name.text))),
        tuple(_step(showing, one) for one in chain) if len(chain) > 1 else (),
        showing.thing(after.iri) if after else None,
        _beside(showing, found) if found else None,
    )


def _graded(showing: Showing, finding: Finding, stand: Stand) -> Graded:
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


def _things(showing: Showing, iris: Iterable[str]) -> tuple[Shown, ...]:
    return tuple(sorted(map(showing.thing, iris), key=lambda shown: shown.text.casefold()))


def _step(showing: Showing, one: Revision) -> Step:
    fields = {field.id: field for field in one.record.form.fields}

    def parts(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, Shown], ...]:
        ordered = sorted(pairs, key=lambda pair: (reaching.PARTS.index(pair[0]), pair[1]))
        return tuple((showing.field(fields[f], ()).name.text, showing.thing(v)) for f, v in ordered)

    found = _things(showing, one.findings)
    return Step(showing.thing(one.record.iri), parts(one.added), parts(one.dropped), found)


def _beside(showing: Showing, found: Contrast) -> Beside:
    sides = [
        tuple(showing.thing(f.company) for f in side if f.company)
        for side in (found.supports, found.contradicts)
    ]
    rows = tuple((showing.thing(row.condition), row) for row in found.rows)
    return Beside(sides[0], sides[1], rows)


def _rivals(own: Iterable[Record], told: Mapping[str, Told]) -> Iterator[tuple[Told, Told]]:
    pairs = {
        tuple(sorted((record.iri, rival)))
        for record in own
        for rival in values(record, "alternativeTo")
        if rival in told and rival != record.iri
    }
    return ((told[one], told[other]) for one, other in sorted(pairs))


def _versions(showing: Showing, known: Known) -> Iterator[Version]:
    by_iri = {record.iri: record for record in known.versions}
    for record in known.versions:
        before = next((by_iri[i] for i in values(record, "wasRevisionOf") if i in by_iri), None)
        notes = showing.terms(record.values["versionNotes"])
        year = showing.terms(record.values["year"])
        changes = tuple(_changes(showing, record, before))
        prompted = _things(showing, values(record, "wasInfluencedBy"))
        yield Version(showing.thing(record.iri), year[0], notes, changes, prompted)


def _changes(
    showing: Showing, record: Record, before: Record | None
) -> Iterator[tuple[str, Shown | None, Shown | None]]:
    for field in CHANGED:
        new = next(iter(showing.terms(record.values[field])), None)
        old = next(iter(showing.terms(before.values[field])), None) if before else None
        if new != old:
            yield field, old, new


def _session(showing: Showing, known: Known, record: Record) -> Session:
    answers = [r for r in known.responses if record.iri in values(r, "respondsTo")]
    return Session(
        showing.thing(record.iri),
        _things(showing, values(record, "discusses")),
        tuple(
            (showing.terms(r.values["decision"])[0], showing.terms(r.values["description"]))
            for r in answers
        ),
    )


def _skills(
    showing: Showing, known: Known
) -> Iterator[tuple[Shown, tuple[tuple[Shown, bool], ...]]]:
    for skill in dict.fromkeys(match.skill for match in known.skills):
        matches = (m for m in known.skills if m.skill == skill and m.match)
        yield (
            showing.thing(skill),
            tuple(
                (showing.thing(m.match or ""), slug(m.how) == "core#exactMatch") for m in matches
            ),
        )


def _stated(showing: Showing, record: Record) -> Iterator[tuple[str, tuple[Shown, ...]]]:
    for name in STATED:
        if terms := record.values.get(name):
            yield name, showing.terms(terms)
