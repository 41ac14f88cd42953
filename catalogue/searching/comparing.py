"""Interventions beside each other: what each field of their form says, and where they differ."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import formats, i18n, records
from catalogue.page import OnPage, Page
from catalogue.rows import Property, Record, Shown
from catalogue.searching import exports
from catalogue.things import known, understanding
from catalogue.things.understanding import Figures, Scope
from catalogue.views import Showing
from s4s_graph.forms import Field

TABLE = "interventions"
LEAST, MOST = 2, 4
OPTIONS = 300  # interventions that a reader can still choose from in a list
NAME = "prefLabel"  # it heads the column
SUFFIXES = ("csv", "xlsx", "json")

router = APIRouter(prefix="/{lang}/compare")


@dataclass(frozen=True)
class Row:
    """One field of each intervention; `differs` where they do not all say the same."""

    name: Property
    cells: tuple[tuple[Shown, ...], ...]
    differs: bool


@dataclass(frozen=True)
class Compared:
    """The interventions in the order of the address, and what is known of them row by row."""

    things: tuple[Record, ...]
    names: tuple[Shown, ...]
    rows: tuple[Row, ...]

    def chosen(self, only: bool) -> tuple[Row, ...]:
        """Return all rows, or only those in which they differ."""
        return tuple(row for row in self.rows if row.differs or not only)


@dataclass(frozen=True)
class Option:
    """An intervention to choose."""

    slug: str
    name: str


@router.get("")
def form(page: OnPage) -> Response:
    """The table, and the form with which a reader chooses what is in it."""
    slugs, only = _asked(page)
    found = _compared(page, slugs) if len(slugs) >= LEAST else None
    given = [("i", slug) for slug in slugs]
    context: dict[str, Any] = {
        "slugs": [*slugs, *[""] * (MOST - len(slugs))],
        "options": _options(page),
        "found": found,
        "rows": found.chosen(only) if found else (),
        "only": only,
        "all_at": "?" + urlencode(given),
        "only_at": "?" + urlencode([*given, ("only", "differences")]),
        "invented": _invented(found) if found else None,
    }
    data = (f"/{page.lang}/compare", *(SUFFIXES if found else ()))
    return page.html("compare.html", data=data, data_query=page.request.url.query, **context)


@router.get(".{suffix}")
def data(page: OnPage, suffix: str) -> Response:
    """The table as data. Raises a 400 for less than two interventions."""
    if suffix not in SUFFIXES:
        raise HTTPException(404)
    slugs, only = _asked(page)
    if len(slugs) < LEAST:
        raise HTTPException(400, page.words.gettext("Choose two to four interventions."))
    found = _compared(page, slugs)
    write = {"csv": _csv, "xlsx": _xlsx, "json": _json}[suffix]
    content = write(found, only)
    kind = formats.content_type(formats.LISTS[suffix])
    return Response(content, headers={"Content-Type": kind})


def _asked(page: Page) -> tuple[list[str], bool]:
    """Read what to compare. Raises a 400 for more than four, a 404 for another `only`."""
    given = page.request.query_params
    slugs = list(dict.fromkeys(filter(None, given.getlist("i"))))
    if len(slugs) > MOST:
        raise HTTPException(400, page.words.gettext("Choose two to four interventions."))
    only = given.get("only", "")
    if only not in {"", "differences"}:
        raise HTTPException(404)
    known = page.release.search.listing(TABLE).slugs
    if not set(slugs) <= set(known):
        raise HTTPException(404)
    return slugs, bool(only)


def _options(page: Page) -> list[Option]:
    """Return the interventions to choose from; none where there are too many for a list."""
    entries = page.release.index(page.form(TABLE), page.lang)
    return [
        Option(entry.iri.rpartition("/")[2], entry.label.text)
        for entry in entries
        if len(entries) <= OPTIONS
    ]


def _compared(page: Page, slugs: Sequence[str]) -> Compared:
    form = page.form(TABLE)
    things = [found for slug in slugs if (found := records.read(page.release, form, slug))]
    showing = Showing(page, {*records.iris(things), *(thing.iri for thing in things)})
    rows = [
        _row(page, showing, field, things)
        for field in form.fields
        if field.id != NAME and any(thing.values[field.id] for thing in things)
    ]
    names = tuple(showing.thing(thing.iri) for thing in things)
    return Compared(tuple(things), names, (*rows, *_counted(page, things)))


def _row(page: Page, showing: Showing, field: Field, things: Sequence[Record]) -> Row:
    shown = [showing.field(field, thing.values[field.id]) for thing in things]
    # The values decide and not their words: two things may have the same name.
    differs = len({thing.values[field.id] for thing in things}) > 1
    name = Property(field.id, Shown(field.name.of(page.lang)), field.help.of(page.lang), ())
    return Row(name, tuple(cell.values for cell in shown), differs)


def _counted(page: Page, things: Sequence[Record]) -> Iterator[Row]:
    """Yield what is known of how each works, as its own page counts it and with links to that."""
    names = {
        "configurations": page.words.gettext("Own configurations"),
        "from-kind": page.words.gettext("Configurations of its kind"),
        "effect": page.words.gettext("Effect"),
    }
    counts = [_counts(page, thing) for thing in things]
    for id_, name in names.items():
        cells = tuple(count[id_] for count in counts)
        differs = len({tuple(value.text for value in cell) for cell in cells}) > 1
        yield Row(Property(id_, Shown(name), "", ()), cells, differs)


def _counts(page: Page, thing: Record) -> dict[str, tuple[Shown, ...]]:
    """Return the numbers of one intervention, each leading to the rows that were counted."""
    address = f"/{page.lang}/{TABLE}/{thing.slug}"
    rows = {"own": f"{address}#works", "kind": f"{address}#of-kind"}
    found = known.read(page.release, thing, page.lang)
    effect = understanding.effect(found.statements, found.findings)

    def number(scope: Scope, count: int) -> tuple[Shown, ...]:
        return (Shown(i18n.number(count, page.lang), href=rows[scope] if count else None),)

    return {
        "configurations": number("own", len(found.own)),
        "from-kind": number("kind", len(found.of_kind)),
        "effect": tuple(
            Shown(_said(page, one), href=rows[one.scope], illustrative=one.invented)
            for one in effect.figures
        )
        or (Shown(page.words.gettext("No evidence")),),
    }


def _said(page: Page, figures: Figures) -> str:
    gettext, counts = page.words.gettext, figures.counts
    said = (
        gettext("%(number)s for") % {"number": i18n.number(counts["for"], page.lang)},
        gettext("%(number)s against") % {"number": i18n.number(counts["against"], page.lang)},
    )
    return ", ".join(said) + (f" {gettext('of its kind')}" if figures.scope == "kind" else "")


def _invented(found: Compared) -> str | None:
    shown = [*found.names, *(v for row in found.rows for cell in row.cells for v in cell)]
    return "some" if any(value.illustrative for value in shown) else None


def _table(found: Compared, only: bool) -> list[tuple[str, ...]]:
    """Return the header and the rows, every cell as text."""
    header = ("field", "name", "differs", *(thing.slug for thing in found.things))
    rows = [
        (
            row.name.id,
            row.name.name.text,
            "≠" if row.differs else "",
            *("; ".join(value.text for value in cell) for cell in row.cells),
        )
        for row in found.chosen(only)
    ]
    return [header, *rows]


def _csv(found: Compared, only: bool) -> bytes:
    header, *rows = _table(found, only)
    return formats.write_csv(header, rows)


def _xlsx(found: Compared, only: bool) -> bytes:
    output = io.BytesIO()
    with exports.workbook(output) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        sheet = book.add_worksheet("compare")
        sheet.freeze_panes(1, 2)
        for number, row in enumerate(_table(found, only)):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text[: exports.CELL], wrapped if number else bold)
        sheet.set_column(0, 2 + len(found.things), 2 * exports.WIDTH)
    return output.getvalue()


def _json(found: Compared, only: bool) -> bytes:
    names = [shown.text for shown in found.names]
    return formats.write_json(
        {
            "interventions": [
                {"id": thing.slug, "uri": thing.iri, "label": name}
                for thing, name in zip(found.things, names, strict=True)
            ],
            "rows": [
                {
                    "field": row.name.id,
                    "name": row.name.name.text,
                    "differs": row.differs,
                    "values": [[value.text for value in cell] for cell in row.cells],
                }
                for row in found.chosen(only)
            ],
        }
    )
