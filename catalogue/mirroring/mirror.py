"""What is held up to the holder of one intervention in one year.

Companies are counted and never named, and fewer than three are not told apart. What was invented
is marked in every part.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalogue import records, views
from catalogue.coherence.reaching import Tried
from catalogue.mirroring import courses, overall, standing
from catalogue.mirroring.courses import Course, Found
from catalogue.mirroring.standing import Between
from catalogue.page import Page
from catalogue.rows import Record, Shown
from catalogue.things import known as knowing
from catalogue.things import understood
from catalogue.things.known import Known
from catalogue.things.understanding import values
from catalogue.things.understood import Answer
from catalogue.views import Showing

CLAIMS = 20  # statements that are told one by one
NAMED = 10  # of what is only named
SAYS = ("supports", "contradicts", "refines")


@dataclass(frozen=True)
class Claim:
    """A statement about the intervention, with what this year's findings say of it.

    said, before: how many findings support, contradict and refine it, this year and the year
    before. first: nothing was found of it in any year before.
    """

    name: Shown
    sentence: Shown
    valence: str | None
    invented: bool
    said: tuple[int, int, int]
    before: tuple[int, int, int]
    first: bool
    companies: Tried
    sizes: tuple[tuple[Shown, Tried], ...]
    needs: tuple[Shown, ...]
    hinders: tuple[Shown, ...]


@dataclass(frozen=True)
class Version:
    """A yearly version that came into use in the year, and what it changed."""

    name: Shown
    notes: tuple[Shown, ...]


@dataclass(frozen=True)
class Session:
    """A mirror session of the year with the answers of the holder."""

    name: Shown
    findings: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Named:
    """So many things, and the first of them."""

    number: int
    things: tuple[Shown, ...]


@dataclass(frozen=True)
class Open:
    """What is still a question: by what is missing, or what is at odds."""

    untested: Named  # statements without a finding in any year
    contested: Named  # statements that findings speak for and against
    halves: Named  # statements without a whole mechanism
    apart: int  # findings of the year that were not put before the holder


@dataclass(frozen=True)
class Mirror:
    """Everything that is held up to the holder."""

    record: Record
    name: Shown
    lead: Shown | None
    holders: tuple[Shown, ...]
    year: int
    years: tuple[int, ...]
    found: int
    found_invented: bool  # something of what was found
    companies: Tried
    claims: tuple[Claim, ...]
    more_claims: int
    versions: tuple[Version, ...]
    between: Between | None  # what it has to do with others; None where nothing was computed
    sessions: tuple[Session, ...]
    course: Course | None
    questions: Open
    has_example: bool


def mirror(page: Page, record: Record, year: int) -> Mirror:
    """Return what is held up to the holder of an intervention in a year."""
    known = knowing.read(page.release, record, page.lang)
    rows = courses.read(page.release, record.iri)
    of_year = [row for row in rows.found if row.year == year]
    findings = {row.finding for row in of_year}
    course = courses.courses(rows).get((record.iri, year))
    between = standing.between(page.release, record.iri, year)
    by_claim = Counter(row.configuration for row in of_year)
    own = {one.iri: one for one in known.own}
    ordered = sorted(by_claim.keys() & own.keys(), key=lambda iri: (-by_claim[iri], iri))
    named = {record.iri, *records.iris([record]), *by_claim}
    named |= {row.size for row in of_year if row.size} | standing.iris(between)
    named |= {one.iri for one in (*known.own, *known.versions, *known.sessions)}
    named |= records.iris((*known.own, *known.versions, *known.responses))
    showing = Showing(page, named)
    lead = views.lead(showing, record)
    shown = [_claim(showing, own[iri], rows.found, year) for iri in ordered[:CLAIMS]]
    return Mirror(
        record=record,
        name=showing.thing(record.iri),
        lead=lead.values[0] if lead else None,
        holders=showing.terms(record.values.get("holder", ())),
        year=year,
        years=overall.overall(page.release).years,
        found=len(findings),
        found_invented=not page.release.illustrative.isdisjoint(findings),
        companies=Tried.of(row.company for row in of_year),
        claims=tuple(shown),
        more_claims=len(ordered) - len(shown),
        versions=tuple(_versions(showing, known, year)),
        between=standing.shown(showing, between),
        sessions=tuple(_sessions(showing, known, course)),
        course=course,
        questions=_questions(showing, known, rows.found, course),
        has_example=not page.release.illustrative.isdisjoint(named | findings),
    )


def _claim(showing: Showing, record: Record, rows: Iterable[Found], year: int) -> Claim:
    about = [row for row in rows if row.configuration == record.iri]
    now = [row for row in about if row.year == year]
    said = showing.terms(record.values.get("statement", ()))
    name = showing.thing(record.iri)
    sizes = sorted({row.size for row in now if row.size})
    return Claim(
        name=name,
        sentence=said[0] if said else name,
        valence=records.choice(record, "valence"),
        invented=records.choice(record, "dataStatus") == "illustrative",
        said=_said(now),
        before=_said(row for row in about if row.year == year - 1),
        first=all(row.year >= year for row in about),
        companies=Tried.of(row.company for row in now),
        sizes=tuple(
            (showing.thing(size), Tried.of(row.company for row in now if row.size == size))
            for size in sizes
        ),
        needs=_things(showing, values(record, "hasContext")),
        hinders=_things(showing, values(record, "hinderedBy")),
    )


def _said(rows: Iterable[Found]) -> tuple[int, int, int]:
    count = Counter(row.says for row in rows)
    supports, contradicts, refines = (count[name] for name in SAYS)
    return supports, contradicts, refines


def _versions(showing: Showing, known: Known, year: int) -> Iterator[Version]:
    for record in known.versions:
        if str(year) in {term.value for term in record.values["year"]}:
            notes = showing.terms(record.values["versionNotes"])
            yield Version(showing.thing(record.iri), notes)


def _sessions(showing: Showing, known: Known, course: Course | None) -> Iterator[Session]:
    for record in known.sessions:
        if course and record.iri in course.sessions:
            answers = [r for r in known.responses if record.iri in values(r, "respondsTo")]
            yield Session(
                showing.thing(record.iri),
                len(values(record, "discusses")),
                tuple(understood.answer(showing, one) for one in answers),
            )


def _questions(
    showing: Showing, known: Known, rows: Sequence[Found], course: Course | None
) -> Open:
    says: dict[str, set[str]] = {one.iri: set() for one in known.own}
    for row in rows:
        says.setdefault(row.configuration, set()).add(row.says)
    halves = {one.iri for one in known.own if not values(one, "hasMechanism") & known.whole}
    return Open(
        untested=_named(showing, (iri for iri, said in says.items() if not said)),
        contested=_named(
            showing, (iri for iri, said in says.items() if {"supports", "contradicts"} <= said)
        ),
        halves=_named(showing, halves),
        apart=course.made - course.mirrored if course else 0,
    )


def _named(showing: Showing, iris: Iterable[str]) -> Named:
    found = sorted(iris)
    return Named(len(found), _things(showing, found[:NAMED]))


def _things(showing: Showing, iris: Iterable[str]) -> tuple[Shown, ...]:
    return tuple(sorted(map(showing.thing, iris), key=lambda shown: shown.text.casefold()))
