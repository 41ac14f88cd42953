"""The page about the quality of the data, and all of it as one table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from catalogue import formats
from catalogue.page import OnPage, Page
from catalogue.quality import found
from catalogue.quality.found import Table
from catalogue.quality.missing import Missing, missing
from catalogue.rows import Shown
from catalogue.views import Showing
from s4s_graph.problems import VIOLATION, WARNING, Problem
from s4s_graph.store import Iri

PATH = "/{lang}/data/quality"
COLUMNS = (
    "check",
    "severity",
    "table",
    "thing",
    "name",
    "field",
    "value",
    "advice",
    "file",
    "row",
    "column",
)
SHOWN = 25  # things of one rule or check on the page; the table has them all

router = APIRouter()


@dataclass(frozen=True)
class Place:
    """Where a rule does not hold: the thing, the field with its value, the file and the row."""

    thing: Shown
    field: str
    value: str
    where: str


@dataclass(frozen=True)
class Rule:
    """A rule that does not hold everywhere: what would be right, how serious, and where."""

    level: str
    is_warning: bool
    advice: str
    places: tuple[Place, ...]
    total: int


@dataclass(frozen=True)
class Found:
    """What was found in one table; `href` is None for what is in no table."""

    id: str
    name: str
    href: str | None
    things: int | None
    warnings: int
    notes: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Lack:
    """A thing that lacks something, and what of it: a field, and a value where that tells more."""

    thing: Shown
    field: str
    value: Shown | None


@dataclass(frozen=True)
class Check:
    """What was looked for, what lacks it, and how many do."""

    id: str
    lacks: tuple[Lack, ...]
    total: int


@router.get(PATH)
def quality(page: OnPage) -> Response:
    """What the check found, by severity and by table, since when, and what is missing."""
    tables = found.tables(page.release, page.lang)
    lacking = missing(page.release)
    showing = Showing(page, set(_named(tables, lacking.values())))
    history = found.history(page.release)
    return page.html(
        "quality.html",
        data=(page.request.url.path, "csv"),
        now=history[0],
        history=history,
        tables=[_found(page, showing, table) for table in tables],
        checks=[_check(page, showing, name, rows) for name, rows in lacking.items()],
    )


@router.get(f"{PATH}.csv")
def table(page: OnPage) -> Response:
    """All that was found and all that is missing, a row each."""
    rows = [*_problem_rows(page), *_missing_rows(page)]
    labels = page.release.store.labels({row[3] for row in rows if row[3]}, page.lang)
    named = [(*row[:4], labels[row[3]].text if row[3] in labels else "", *row[4:]) for row in rows]
    headers = {"Content-Type": formats.content_type(formats.CSV)}
    return Response(formats.write_csv(COLUMNS, named), headers=headers)


def _named(tables: Sequence[Table], lacking: Iterable[Sequence[Missing]]) -> Iterator[str]:
    """Yield the things that the page names."""
    for one in tables:
        for problems in one.rules.values():
            yield from (problem.focus for problem in problems[:SHOWN] if problem.focus)
    for rows in lacking:
        for row in rows[:SHOWN]:
            yield row.thing
            if isinstance(row.value, Iri):
                yield row.value.value


def _found(page: Page, showing: Showing, one: Table) -> Found:
    form = page.release.forms.by_table(one.name)
    rules = (
        Rule(
            problems[0].level(page.lang),
            severity == WARNING,
            advice,
            tuple(_place(page, showing, problem) for problem in problems[:SHOWN]),
            len(problems),
        )
        for (severity, advice), problems in sorted(one.rules.items(), key=_order)
    )
    warnings = one.counts[WARNING] + one.counts[VIOLATION]
    return Found(
        id="in-" + "-".join(one.name.replace("/", " ").replace(".", " ").split()),
        name=form.name.of(page.lang) if form else one.name,
        href=f"/{page.lang}/{form.table}" if form and form.class_iri else None,
        things=page.release.manifest.things.get(form.segment) if form else None,
        warnings=warnings,
        notes=one.counts.total() - warnings,
        rules=tuple(rules),
    )


def _order(rule: tuple[tuple[str, str], Sequence[Problem]]) -> tuple[bool, int, str]:
    (severity, advice), problems = rule
    return severity not in {VIOLATION, WARNING}, -len(problems), advice


def _place(page: Page, showing: Showing, problem: Problem) -> Place:
    thing = showing.thing(problem.focus) if problem.focus else Shown("")
    return Place(thing, _field(page, problem), problem.value or "", _where(problem, page.lang))


def _where(problem: Problem, lang: str) -> str:
    return problem.place(lang) if problem.file else ""


def _field(page: Page, problem: Problem) -> str:
    """Return the name of the field that a problem is about; nothing if it is the whole thing."""
    place = page.release.place(problem.focus) if problem.focus else None
    fields = place[0].fields if place else ()
    named = (field.name.of(page.lang) for field in fields if field.shape == problem.shape)
    return next(named, "")


def _check(page: Page, showing: Showing, name: str, rows: Sequence[Missing]) -> Check:
    lacks = (
        Lack(
            showing.thing(row.thing),
            _called(page, row.thing, row.field),
            showing.term(row.value) if row.value else None,
        )
        for row in rows[:SHOWN]
    )
    return Check(name, tuple(lacks), len(rows))


def _called(page: Page, thing: str, path: str | None) -> str:
    """Return what the form of a thing calls a property."""
    if path is None:
        return ""
    place = page.release.place(thing)
    fields = place[0].fields if place else ()
    named = (field.name.of(page.lang) for field in fields if field.path == path)
    return next(named, page.release.name(path).text)


def _problem_rows(page: Page) -> Iterator[tuple[str, ...]]:
    for problem in found.history(page.release)[0].problems or ():
        yield (
            (problem.shape or "").rpartition("#")[2],
            problem.severity,
            found.table(page.release, problem),
            problem.focus or "",
            _field(page, problem),
            problem.value or "",
            problem.message.of(page.lang),
            problem.file or "",
            str(problem.row or ""),
            problem.column or "",
        )


def _missing_rows(page: Page) -> Iterator[tuple[str, ...]]:
    for name, rows in missing(page.release).items():
        for row in rows:
            place = page.release.place(row.thing)
            value = row.value.value if row.value else ""
            table = place[0].table if place else ""
            field = _called(page, row.thing, row.field)
            yield name, "", table, row.thing, field, value, "", "", "", ""
