"""An answer to a stored question taken along: as JSON, as CSV, or as a workbook."""

import io
from collections.abc import Iterator
from typing import Any

from catalogue import formats
from catalogue.live import Release
from catalogue.searching import exports
from catalogue.sparql import answering
from catalogue.sparql.answering import Asking
from catalogue.sparql.tabular import Table
from s4s_graph import answers
from s4s_graph.answers import Row, Sheet
from s4s_graph.forms import Text
from s4s_graph.store import Iri

SUFFIXES = {name: formats.LISTS[name] for name in ("json", "csv", "xlsx")}
SHEETS = Text("Antwoord", "Answer"), Text("Over", "About")
ABOUT = (
    Text("Vraag", "Question"),
    Text("Waarom", "Why"),
    Text("Gevraagd met", "Asked with"),
    Text("Adres", "Address"),
    Text("Uitgave", "Release"),
    Text("Licentie", "Licence"),
    Text("Let op", "Careful"),
)
INVENTED = Text("Illustratief", "Illustrative")
CAREFUL = Text(
    "Een rij die illustratief is, berust op een verzonnen voorbeeld en is geen bevinding.",
    "A row that is illustrative rests on an invented example and is not a finding.",
)


def write(suffix: str, release: Release, asked: Asking, found: Table, address: str) -> bytes:
    """Return the answer that stands at an address in one of SUFFIXES."""
    sheet = answering.sheet(release, asked, found)
    if suffix == "csv":
        return answers.as_csv(sheet).encode()
    if suffix == "xlsx":
        return _workbook(release, asked, sheet, address)
    about: dict[str, Any] = {
        "question": asked.question.name,
        "title": asked.question.title.of(asked.lang),
        "lang": asked.lang,
        "release": release.id,
        "parameters": asked.values(),
        "count": len(sheet.rows),
        "limited": found.cut,  # there may be more rows than these
    }
    return answers.as_json(sheet, **about).encode()


def _workbook(release: Release, asked: Asking, sheet: Sheet, address: str) -> bytes:
    """Return the rows with their headings in words, and a sheet that says what they are.

    A thing is its name, and its URI in a column beside it.
    """
    output = io.BytesIO()
    with exports.workbook(output) as book:
        bold = book.add_format({"bold": True})
        named = [
            any(isinstance(row[i], Iri) for row in sheet.rows) for i in range(len(sheet.columns))
        ]
        page = book.add_worksheet(SHEETS[0].of(asked.lang))
        page.freeze_panes(1, 0)
        headings = list(_headings(asked, sheet, named))
        page.set_column(0, len(headings) - 1, exports.WIDTH)
        page.write_row(0, 0, headings, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for place, value in enumerate(_cells(sheet, row, named)):
                if isinstance(value, str):
                    page.write_string(number, place, value[: exports.CELL])
                elif value is not None:
                    page.write(number, place, value)
        about = book.add_worksheet(SHEETS[1].of(asked.lang))
        about.set_column(0, 0, exports.WIDTH)
        for number, (heading, text) in enumerate(
            zip(ABOUT, _about(release, asked, address), strict=True)
        ):
            about.write_string(number, 0, heading.of(asked.lang), bold)
            about.write_string(number, 1, text)
    return output.getvalue()


def _headings(asked: Asking, sheet: Sheet, named: list[bool]) -> Iterator[str]:
    for heading, has_uri in zip(sheet.columns.values(), named, strict=True):
        yield heading
        if has_uri:
            yield f"{heading} (URI)"
    yield INVENTED.of(asked.lang)


def _cells(sheet: Sheet, row: Row, named: list[bool]) -> Iterator[object]:
    for term, has_uri in zip(row, named, strict=True):
        is_thing = isinstance(term, Iri)
        yield sheet.label(term) if is_thing or not term else answers.json_value(term, {})
        if has_uri:
            yield term.value if term and is_thing else None
    yield sheet.is_illustrative(row)


def _about(release: Release, asked: Asking, address: str) -> tuple[str, ...]:
    values = (f"{key} = {value}" for key, value in asked.values().items())
    return (
        asked.question.title.of(asked.lang),
        asked.question.why.of(asked.lang),
        ", ".join(values) or "–",
        address,
        release.id,
        "CC BY 4.0",
        CAREFUL.of(asked.lang),
    )
