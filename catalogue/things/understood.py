"""What the page of an intervention says about it: what is known, with names and in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalogue import records
from catalogue.coherence import reaching
from catalogue.coherence.reaching import Reach
from catalogue.rows import Record, Shown
from catalogue.things import telling
from catalogue.things import understanding as counting
from catalogue.things.known import OWN, Known, Meaning
from catalogue.things.telling import Told
from catalogue.things.understanding import Cell, slug, values
from catalogue.views import Showing
from catalogue.vocabularies.links import called

CHANGED = ("costPerParticipant", "hoursPerParticipant")
STATED = ("costPerParticipant", "costNote", "hoursPerParticipant", "hoursNote")


@dataclass(frozen=True)
class Version:
    """A yearly version, what it changed and which findings prompted that."""

    name: Shown
    year: Shown
    notes: tuple[Shown, ...]
    changes: tuple[tuple[str, Shown | None, Shown | None], ...]  # field, before, after
    prompted: tuple[Shown, ...]
    promised: tuple[Shown, ...]  # the answers of the holder that led to it


@dataclass(frozen=True)
class Answer:
    """What a holder decided, why or with what change, when, and the versions that it led to."""

    decision: Shown
    said: tuple[Shown, ...]
    day: Shown | None
    versions: tuple[Shown, ...]


@dataclass(frozen=True)
class Session:
    """A mirror session with the answers of the holder."""

    name: Shown
    findings: tuple[Shown, ...]
    responses: tuple[Answer, ...]


@dataclass(frozen=True)
class Understanding:
    """What the page of an intervention shows beside its fields and its neighbours."""

    cells: tuple[Cell, ...]
    own: tuple[Told, ...]
    rivals: tuple[tuple[Told, Told], ...]
    reach: Reach
    names: Mapping[str, Shown]  # of the sizes and the groups
    versions: tuple[Version, ...]
    sessions: tuple[Session, ...]
    # With those elsewhere: the vocabulary, the concept, whether it is the same.
    skills: tuple[tuple[Shown, tuple[tuple[str, Shown, bool], ...]], ...]
    stated: tuple[tuple[str, tuple[Shown, ...]], ...]  # costs and hours
    meanings: tuple[Meaning, ...]
    partly: bool


def iris(known: Known) -> Iterator[str]:
    """Yield everything that needs a name."""
    shown = {record.iri for record in known.own[:OWN]}
    told = (*known.own, *known.versions, *known.sessions, *known.responses)
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
    by_iri = {one.iri: one for one in known.own}
    told = {
        one.iri: telling.told(showing, one, by_iri, known.findings, known.contrasts)
        for one in known.own
    }
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
        rivals=tuple(telling.rivals(known.own, told)),
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


def _versions(showing: Showing, known: Known) -> Iterator[Version]:
    by_iri = {record.iri: record for record in known.versions}
    for record in known.versions:
        before = next((by_iri[i] for i in values(record, "wasRevisionOf") if i in by_iri), None)
        notes = showing.terms(record.values["versionNotes"])
        year = showing.terms(record.values["year"])
        changes = tuple(_changes(showing, record, before))
        prompted = telling.things(showing, values(record, "wasInfluencedBy"))
        answers = {r.iri for r in known.responses if record.iri in values(r, "ledTo")}
        promised = telling.things(showing, answers)
        yield Version(showing.thing(record.iri), year[0], notes, changes, prompted, promised)


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
        telling.things(showing, values(record, "discusses")),
        tuple(answer(showing, r) for r in answers),
    )


def answer(showing: Showing, record: Record) -> Answer:
    """Return the answer of a holder with names."""
    said = (showing.terms(record.values[field]) for field in ("change", "reason"))
    return Answer(
        showing.terms(record.values["decision"])[0],
        tuple(text for texts in said for text in texts),
        next(iter(showing.terms(record.values["answeredOn"])), None),
        telling.things(showing, values(record, "ledTo")),
    )


def _skills(
    showing: Showing, known: Known
) -> Iterator[tuple[Shown, tuple[tuple[str, Shown, bool], ...]]]:
    for skill in dict.fromkeys(match.skill for match in known.skills):
        matches = (m for m in known.skills if m.skill == skill)
        yield (
            showing.thing(skill),
            tuple(
                (called(m.match), showing.thing(m.match), slug(m.how) == "core#exactMatch")
                for m in matches
                if m.match
            ),
        )


def _stated(showing: Showing, record: Record) -> Iterator[tuple[str, tuple[Shown, ...]]]:
    for name in STATED:
        if terms := record.values.get(name):
            yield name, showing.terms(terms)
