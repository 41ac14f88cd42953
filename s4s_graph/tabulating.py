"""Answers as a workbook and as a table in HTML: what the engine itself does not write."""

from collections.abc import Iterator
from html import escape
from io import BytesIO
from itertools import islice
from typing import Protocol

import pyoxigraph as ox
import xlsxwriter

from s4s_graph import steering

HTML = "text/html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES = (HTML, XLSX)

SHEET_ROWS = 1_048_575  # of a worksheet, below its heading
CELL_CHARACTERS = 32_767
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name for name in ("integer", "decimal", "double", "float")}
_EXACT = 2**53  # a spreadsheet counts in doubles

_TOP = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Answer</title>'
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" '
    'content="light dark"></head><body>\n'
)
_BOTTOM = "</body></html>\n"

Result = ox.QuerySolutions | ox.QueryBoolean
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Output(Protocol):
    """What an answer is written to."""

    def write(self, data: bytes, /) -> int:
        """Write bytes; raises when there are too many."""


def write(result: Result, media_type: str, output: Output, rows: int) -> bool:
    """Write an answer in one of TABLES; return whether there were more than so many rows."""
    if media_type == HTML:
        return _html(result, output, rows)
    return _workbook(result, output, min(rows, SHEET_ROWS))


def _html(result: Result, output: Output, rows: int) -> bool:
    if isinstance(result, ox.QueryBoolean):
        answer = "true" if result else "false"
        output.write(f"{_TOP}<p>{answer}</p>\n{_BOTTOM}".encode())
        return False
    headings = "".join(f'<th scope="col">{escape(v.value)}</th>' for v in result.variables)
    output.write(f"{_TOP}<table>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n".encode())
    for solution in islice(result, rows):
        cells = "".join(f"<td>{_cell(term)}</td>" for term in solution)
        output.write(f"<tr>{cells}</tr>\n".encode())
    cut = next(result, None) is not None
    note = f"<p>These are the first {rows:,} rows; there are more.</p>\n" if cut else ""
    output.write(f"</tbody></table>\n{note}{_BOTTOM}".encode())
    return cut


def _cell(term: Term | None) -> str:
    if isinstance(term, ox.NamedNode) and term.value.startswith(("http://", "https://")):
        iri = escape(term.value)
        return f'<a href="{iri}">{iri}</a>'
    return escape(steering.replaced(_text(term)))


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _workbook(result: Result, output: Output, rows: int) -> bool:
    file = BytesIO()
    # Texts stay texts: none becomes a formula or a link.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        lines, cut = _lines(result, rows), False
        for number, line in enumerate(lines):
            cut = number > rows
            if cut:
                break
            for column, value in enumerate(line):
                if isinstance(value, float):
                    sheet.write_number(number, column, value)
                elif value:
                    sheet.write_string(number, column, value[:CELL_CHARACTERS])
    output.write(file.getvalue())
    return cut


def _lines(result: Result, rows: int) -> Iterator[list[str | float]]:
    """Yield the heading, the rows, and one row more if there is one."""
    if isinstance(result, ox.QueryBoolean):
        yield ["boolean"]
        yield ["true" if result else "false"]
        return
    yield [variable.value for variable in result.variables]
    for solution in islice(result, rows + 1):
        yield [_value(term) for term in solution]


def _value(term: Term | None) -> str | float:
    if isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS:
        try:
            number = float(term.value)
        except ValueError:
            return term.value
        # Infinity is no number of a spreadsheet, and a long identifier would lose its end.
        return number if abs(number) <= _EXACT else term.value
    return _text(term)
