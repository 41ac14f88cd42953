"""A selection taken along: the same things as a table, a sheet, a graph, a feed, a query."""

import io
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from catalogue import formats, records, views
from catalogue.page import Page, Templates
from catalogue.rows import Record
from catalogue.searching.selection import Selection, cleaned
from catalogue.sparql.filling import sparql_text
from s4s_graph import release as releases
from s4s_graph.forms import Form
from s4s_graph.search.read import Listing

SUFFIXES = ("csv", "xlsx", "json", "ttl", "atom")
NUMBERS = {"integer", "decimal", "year"}
WIDTH, CELL = 24, 32_767  # of a column in characters; of what a cell of a sheet can hold


def found(page: Page, form: Form, slugs: Sequence[str]) -> list[Record]:
    """Return the records of the things of a selection, in its order."""
    if len(slugs) < len(page.release.search.ranges.get(form.table, ())) // 4:
        read = (records.read(page.release, form, slug) for slug in slugs)
        return [record for record in read if record]
    # Of many things, one query for all of the kind is quicker than one for each.
    every = {record.slug: record for record in records.read_all(page.release, form)}
    return [every[slug] for slug in slugs if slug in every]


def csv(page: Page, form: Form, things: Sequence[Record]) -> bytes:
    """Write the columns and the notation that a build reads."""
    return formats.write_csv(form.columns(), (records.csv_row(page.release, t) for t in things))


def json(page: Page, form: Form, things: Sequence[Record]) -> bytes:
    """Write things with the labels in the language of the page."""
    labels = page.release.store.labels(_iris(things), page.lang)
    items = [records.as_json(record, labels) for record in things]
    return formats.write_json({"type": form.segment, "count": len(items), "items": items})


def xlsx(page: Page, form: Form, things: Sequence[Record], address: str) -> bytes:
    """Write a workbook: the columns of the CSV, and a sheet that says what they are."""
    output = io.BytesIO()
    with workbook(output) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(form.table[:31])
        sheet.freeze_panes(1, 1)
        columns = form.columns()
        sheet.set_column(0, len(columns) - 1, WIDTH)
        sheet.write_row(0, 0, columns, bold)
        numeric = {column for f in form.fields if f.kind in NUMBERS for column in f.columns()}
        for number, record in enumerate(things, start=1):
            for place, text in enumerate(records.csv_row(page.release, record)):
                value = _number(text) if columns[place] in numeric else None
                if value is not None:
                    sheet.write_number(number, place, value)
                else:
                    sheet.write_string(number, place, text[:CELL])
        about = book.add_worksheet(page.words.gettext("About"))
        about.set_column(0, 0, WIDTH)
        for number, (name, said) in enumerate(_said(page, form, len(things), address)):
            about.write_string(number, 0, name, bold)
            about.write_string(number, 1, said)
    return output.getvalue()


def workbook(output: io.BytesIO) -> xlsxwriter.Workbook:
    """Return an empty workbook that is written when it is closed, and makes no formula of a text.

    Same content, same bytes: the file says that it was made when Excel's calendar starts.
    """
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(output, options)
    book.set_properties({"created": datetime(1900, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
    return book


def graph(page: Page, form: Form, slugs: Sequence[str], suffix: str) -> bytes:
    """Write what is stated of the things."""
    iris = [page.release.iri(form.segment, slug) for slug in slugs]
    return page.release.store.statements(iris, formats.RDF[suffix])


def atom(page: Page, form: Form, things: Sequence[Record], selection: Selection) -> bytes:
    """Write a feed (RFC 4287) that readers can follow a selection by.

    What is dated is the release: nothing in it says when a single thing was changed.
    """
    path = page.release.path / releases.MANIFEST
    showing = views.Showing(page, _iris(things))
    lines = [(record.iri, views.line(showing, record)) for record in things]
    return _rendered(
        page,
        "feed.xml",
        form=form,
        entries=lines,
        updated=datetime.fromtimestamp(int(path.stat().st_mtime), UTC),
        site=str(page.request.base_url).rstrip("/"),
        query=selection.address(),
        cleaned=cleaned,
    )


def query(
    page: Page, form: Form, listing: Listing, selection: Selection, slugs: Sequence[str]
) -> str:
    """Return a selection as SPARQL.

    The words of a search are beyond SPARQL: what they found is named thing by thing.
    """
    chosen = [
        (listing.by_name[name], [known[key].term for key in keys if key in known])
        for name, keys in selection.chosen.items()
        for known in [listing.by_name[name].by_key]
    ]
    iris = [page.release.iri(form.segment, slug) for slug in slugs] if selection.words else None
    heading = page.words.gettext("a selection from the catalogue as a query")
    context = {"form": form, "chosen": chosen, "iris": iris, "heading": heading}
    text = _rendered(page, "selection.rq", **context).decode()
    return sparql_text(page, _shortened(page, text))


def _shortened(page: Page, text: str) -> str:
    for name, start in page.release.store.prefixes.items():
        text = re.sub(rf"<{re.escape(start)}([a-z0-9A-Z][a-zA-Z0-9-]*)>", rf"{name}:\1", text)
    return text


def _rendered(page: Page, template: str, **context: Any) -> bytes:
    templates: Templates = page.request.app.state.templates
    return templates.render(template, page.lang, page=page, **context).encode()


def _said(page: Page, form: Form, count: int, address: str) -> list[tuple[str, str]]:
    words = page.words
    return [
        (words.gettext("What"), f"{form.name.of(page.lang)} ({count})"),
        (words.gettext("From"), address),
        (words.gettext("Release"), page.release.id),
        (words.gettext("Licence"), "CC BY 4.0"),
        (
            words.gettext("Careful"),
            words.gettext("A row whose dataStatus is illustrative is an invented example."),
        ),
    ]


def _number(text: str) -> float | None:
    with suppress(ValueError):
        return float(text)
    return None


def _iris(things: Sequence[Record]) -> set[str]:
    return {*records.iris(things), *(record.iri for record in things)}
