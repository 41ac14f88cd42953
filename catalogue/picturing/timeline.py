"""A timeline: when interventions ran, their versions and rounds, and where they were applied."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from catalogue.coherence.sheets import LEAST, Cell, Companies, Row, Sheet, Things, Words, listed
from catalogue.picturing import gantt
from catalogue.picturing.asked import Asked, Picture
from catalogue.picturing.facts import Applied, Dated, Facts
from catalogue.picturing.gantt import Bar, Kind, Mark
from catalogue.views import Showing

ROWS = 40  # interventions in one picture


@dataclass(frozen=True)
class Course:
    """What is known of when an intervention was there; years that are not known are None."""

    iri: str
    first: int | None
    last: int | None
    versions: tuple[Dated, ...]
    rounds: tuple[Dated, ...]
    applied: tuple[Applied, ...]

    @property
    def years(self) -> list[int]:
        """Every year that something is known of."""
        said = (self.first, self.last)
        dated = (one.year for some in (self.versions, self.rounds, self.applied) for one in some)
        return sorted({*(year for year in said if year is not None), *dated})

    def companies(self) -> dict[int, tuple[frozenset[str], bool]]:
        """Return the companies of each year, and whether what is said of them was invented."""
        return {
            year: (
                frozenset(one.company for one in self.applied if one.year == year),
                any(_invented(one) for one in self.applied if one.year == year),
            )
            for year in sorted({one.year for one in self.applied})
        }


def courses(facts: Facts, interventions: Sequence[str]) -> list[Course]:
    """Return what is known of when some interventions were there, without those never dated."""
    found = (_course(facts, iri) for iri in interventions)
    return [course for course in found if course.years]


def timeline(asked: Asked, *, literal: bool = False, today: bool = True) -> Picture:
    """Return the timeline of what was asked for; with a line for today, in UTC, if wanted."""
    now = datetime.now(UTC).date() if today else None
    facts = asked.facts
    every = facts.remember(("timeline", asked.things), lambda: courses(facts, asked.iris))
    shown = every[:ROWS]
    showing = Showing(asked.page, {course.iri for course in shown})
    caption = _caption(asked, every)
    drawn = None
    if shown:
        words = _words(asked, caption)
        bars = [_bar(asked, showing, course, literal) for course in shown]
        drawn = gantt.drawn(words, bars, now, literal=literal)
    return Picture(caption, _sheet(asked, shown), drawn, _notes(asked, every))


def _course(facts: Facts, iri: str) -> Course:
    known = facts.world.interventions.get(iri)
    return Course(
        iri,
        known.first if known else None,
        known.last if known else None,
        facts.versions.get(iri, ()),
        facts.rounds.get(iri, ()),
        facts.applied.get(iri, ()),
    )


def _invented(one: Dated | Applied) -> bool:
    return one.status.endswith("/illustrative")


def _bar(asked: Asked, showing: Showing, course: Course, literal: bool) -> Bar:
    gettext = asked.page.words.gettext
    shown = showing.thing(course.iri)
    marks = [
        Mark(kind, one.year, _invented(one), "", said % {"year": one.year})
        for kind, said, some in _signs(asked, course)
        for one in some
    ]
    for year, (companies, invented) in course.companies().items():
        number = _few(len(companies))
        said = gettext("Applied in %(year)s at this many companies: %(count)s")
        marks.append(
            Mark("applied", year, invented, number, said % {"year": year, "count": number})
        )
    href = course.iri if literal else shown.href or course.iri
    # When it began stands in a source or follows from what came first; that it ended must be said.
    first = course.first if course.first is not None else course.years[0]
    return Bar(shown.text, href, shown.lang, first, course.last, course.first is None, tuple(marks))


def _signs(asked: Asked, course: Course) -> tuple[tuple[Kind, str, tuple[Dated, ...]], ...]:
    gettext = asked.page.words.gettext
    return (
        ("version", gettext("Version %(year)s"), course.versions),
        ("round", gettext("Round %(year)s"), course.rounds),
    )


def _few(count: int) -> str:
    return f"<{LEAST}" if count < LEAST else str(count)


def _words(asked: Asked, caption: str) -> gantt.Words:
    gettext = asked.page.words.gettext
    return gantt.Words(
        caption,
        gettext(
            "A row for each intervention, a column for each year. A bar says when it ran, signs "
            "on it are versions, evaluation rounds and companies. A table with the same follows."
        ),
        gettext("today"),
        {
            "run": gettext("ran, an open end: no end is known"),
            "guess": gettext("start not stated: from the first version or application"),
            "version": gettext("yearly version"),
            "round": gettext("evaluation round"),
            "applied": gettext("number of companies that applied it"),
            "invented": gettext("dashed: invented example"),
        },
    )


def _sheet(asked: Asked, shown: Sequence[Course]) -> Sheet:
    gettext = asked.page.words.gettext
    columns = {
        "intervention": gettext("Intervention"),
        "what": gettext("What"),
        "year": gettext("Year"),
        "companies": gettext("Companies"),
    }
    rows = [row for course in shown for row in _rows(asked, course)]
    return listed(columns, rows, lambda row: row)


def _rows(asked: Asked, course: Course) -> Iterator[Row]:
    gettext, thing = asked.page.words.gettext, Things((course.iri,))

    def row(what: tuple[str, str], year: str, cell: Cell, rests: frozenset[str]) -> Row:
        return Row((thing, Words((what,)), Words(((year, year),)), cell), rests=rests)

    nothing = Companies(None)
    if course.first is not None or course.last is not None:
        span = f"{course.first or ''}–{course.last or ''}"
        yield row(("run", gettext("ran")), span, nothing, frozenset())
    for name, word, some in (
        ("version", gettext("yearly version"), course.versions),
        ("round", gettext("evaluation round"), course.rounds),
    ):
        for one in some:
            yield row((name, word), str(one.year), nothing, frozenset({one.thing}))
    for year, (companies, invented) in course.companies().items():
        rests = companies if invented else frozenset[str]()
        number = Companies(len(companies), invented)
        yield row(("applied", gettext("applied")), str(year), number, rests)


def _caption(asked: Asked, every: Sequence[Course]) -> str:
    gettext, ngettext = asked.page.words.gettext, asked.page.words.ngettext
    if not every:
        return gettext("Of none of these interventions it is known when they ran.")
    first = min(course.years[0] for course in every)
    said = ngettext(
        "Of %(num)s intervention something is known by year, from %(first)s on.",
        "Of %(num)s interventions something is known by year, from %(first)s on.",
        len(every),
    )
    return said % {"num": len(every), "first": first}


def _notes(asked: Asked, every: Sequence[Course]) -> tuple[str, ...]:
    ngettext, notes = asked.page.words.ngettext, []
    if without := len(asked.things) - len(every):
        said = ngettext(
            "Of %(num)s no year is known; it is left out.",
            "Of %(num)s no year is known; they are left out.",
            without,
        )
        notes.append(said % {"num": without})
    if more := len(every) - ROWS if len(every) > ROWS else 0:
        said = ngettext(
            "There is no room for %(num)s more. Narrow the list, or order it in another way.",
            "There is no room for %(num)s more. Narrow the list, or order it in another way.",
            more,
        )
        notes.append(said % {"num": more})
    return tuple(notes)
