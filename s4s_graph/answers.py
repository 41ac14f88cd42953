"""An answer to a question as text: an aligned table for people, CSV and JSON for programs."""

import csv
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite

from s4s_graph import steering
from s4s_graph.store import Iri, Label, Term

XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float", "nonNegativeInteger")}
BOOLEAN = XSD + "boolean"
ILLUSTRATIVE = "illustrative"

_WIDEST = 60
# A spreadsheet runs a cell that starts with one of these as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class Sheet:
    """An answer with what its reader needs beside it.

    columns: the heading of each variable.
    labels: what things are called.
    invented: the things that were made up as an example.
    """

    columns: Mapping[str, str]
    rows: Sequence[Row]
    labels: Mapping[str, Label]
    invented: Collection[str]

    def label(self, term: Term | None) -> str:
        """Return what a person calls a value."""
        if term is None:
            return ""
        if isinstance(term, Iri):
            label = self.labels.get(term.value)
            return label.text if label else term.value
        return term.value

    def is_illustrative(self, row: Row) -> bool:
        """Tell whether a row rests on something that was invented."""
        return any(isinstance(term, Iri) and term.value in self.invented for term in row)


def as_table(sheet: Sheet) -> str:
    """Return aligned columns, things by their labels, long texts cut short.

    A row that rests on something invented ends with a star.
    """
    rows = ([sheet.label(term) for term in row] for row in sheet.rows)
    return aligned(list(sheet.columns.values()), rows, map(sheet.is_illustrative, sheet.rows))


def aligned(headings: Sequence[str], rows: Iterable[Sequence[str]], starred: Iterable[bool]) -> str:
    """Return columns of text, long ones cut short, with a star after the rows that get one."""
    lines = [[*map(_short, headings), ""]]
    for row, has_star in zip(rows, starred, strict=True):
        lines.append([*map(_short, row), "*" if has_star else ""])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        + "\n"
        for line in lines
    )


def as_csv(sheet: Sheet) -> str:
    """Return CSV: each thing by its IRI with a column `{name}_label` beside it, and a last column
    that says whether the row rests on something invented.
    """
    labelled = [
        any(isinstance(row[place], Iri) for row in sheet.rows)
        for place in range(len(sheet.columns))
    ]
    header: list[str] = []
    for name, has_label in zip(sheet.columns, labelled, strict=True):
        header += [name, f"{name}_label"] if has_label else [name]
    return write_csv([*header, ILLUSTRATIVE], (_cells(sheet, row, labelled) for row in sheet.rows))


def as_json(sheet: Sheet, **about: object) -> str:
    """Return a JSON object: what it is about, the headings, and the rows as objects."""
    rows = [
        {
            name: None if term is None else json_value(term, sheet.labels)
            for name, term in zip(sheet.columns, row, strict=True)
        }
        | {ILLUSTRATIVE: sheet.is_illustrative(row)}
        for row in sheet.rows
    ]
    content = {**about, "columns": dict(sheet.columns), "rows": rows}
    return steering.as_json(content) + "\n"


def json_value(term: Term, labels: Mapping[str, Label]) -> object:
    """Return a term as JSON: a thing with its uri and label, a number as a number, else text."""
    if isinstance(term, Iri):
        label = labels.get(term.value)
        return {"uri": term.value, "label": label.text} if label else {"uri": term.value}
    if term.datatype in NUMBERS:
        with suppress(ValueError):
            # JSON has no infinity; and what is not a number, whatever its datatype says, is text.
            number = float(term.value)
            return (int(number) if number.is_integer() else number) if isfinite(number) else None
    return term.value == "true" if term.datatype == BOOLEAN else term.value


def write_csv(header: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Write CSV with CRLF (RFC 4180); no cell can start a formula in a spreadsheet."""
    output = io.StringIO(newline="")
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerows([_safe(text) for text in row] for row in (header, *rows))
    return output.getvalue()


def _cells(sheet: Sheet, row: Row, labelled: Sequence[bool]) -> Iterable[str]:
    for term, has_label in zip(row, labelled, strict=True):
        yield term.value if term else ""
        if has_label:
            known = isinstance(term, Iri) and term.value in sheet.labels
            yield sheet.label(term) if known else ""
    yield json.dumps(sheet.is_illustrative(row))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _short(text: str) -> str:
    line = steering.line(" ".join(text.split()))
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…"
