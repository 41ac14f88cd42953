"""An answer to a question as text: an aligned table for people, CSV and JSON for programs."""

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from s4s_graph.store import Iri, Label, Literal, Term

_WIDEST = 60
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"

ILLUSTRATIVE = "illustrative"

Row = tuple[Term | None, ...]
Value = str | int | bool | None


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
    lines = [[*map(_short, sheet.columns.values()), ""]]
    for row in sheet.rows:
        star = "*" if sheet.is_illustrative(row) else ""
        lines.append([*(_short(sheet.label(term)) for term in row), star])
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
    output = io.StringIO(newline="")
    names = _names(sheet)
    writer = csv.DictWriter(output, names, lineterminator="\r\n")
    writer.writeheader()
    for row in sheet.rows:
        record = _record(sheet, row, names)
        writer.writerow(record | {ILLUSTRATIVE: json.dumps(record[ILLUSTRATIVE])})
    return output.getvalue()


def as_json(sheet: Sheet) -> str:
    """Return a JSON object with the headings and the rows; integers are numbers."""
    names = _names(sheet)
    rows = [_record(sheet, row, names) for row in sheet.rows]
    content = {"columns": dict(sheet.columns), "rows": rows}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _names(sheet: Sheet) -> list[str]:
    names = []
    for index, name in enumerate(sheet.columns):
        names.append(name)
        if any(isinstance(row[index], Iri) for row in sheet.rows):
            names.append(f"{name}_label")
    return [*names, ILLUSTRATIVE]


def _record(sheet: Sheet, row: Row, names: Sequence[str]) -> dict[str, Value]:
    record: dict[str, Value] = {}
    for name, term in zip(sheet.columns, row, strict=True):
        record[name] = _value(term)
        if f"{name}_label" in names:
            record[f"{name}_label"] = sheet.label(term)
    return record | {ILLUSTRATIVE: sheet.is_illustrative(row)}


def _value(term: Term | None) -> str | int | None:
    if isinstance(term, Literal) and term.datatype == _INTEGER:
        return int(term.value)
    return None if term is None else term.value


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…"
