"""An answer to a question as text: an aligned table for people, CSV and JSON for programs."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from s4s_graph.store import Iri, Label, Literal, Term

_WIDEST = 60
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"

Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class Sheet:
    """The columns to show, each by its variable and its heading, the rows, and the labels."""

    columns: Mapping[str, str]
    rows: Sequence[Row]
    labels: Mapping[str, Label]

    def label(self, term: Term | None) -> str:
        """Return what a person calls a value."""
        if term is None:
            return ""
        if isinstance(term, Iri):
            label = self.labels.get(term.value)
            return label.text if label else term.value
        return term.value


def as_table(sheet: Sheet) -> str:
    """Return aligned columns, things by their labels, long texts cut short."""
    lines = [[_short(heading) for heading in sheet.columns.values()]]
    lines += [[_short(sheet.label(term)) for term in row] for row in sheet.rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        + "\n"
        for line in lines
    )


def as_csv(sheet: Sheet) -> str:
    """Return CSV: each thing by its IRI, with a column `{name}_label` beside it."""
    output = io.StringIO(newline="")
    names = _names(sheet)
    writer = csv.DictWriter(output, names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_record(sheet, row, names) for row in sheet.rows)
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
    return names


def _record(sheet: Sheet, row: Row, names: Sequence[str]) -> dict[str, str | int | None]:
    record: dict[str, str | int | None] = {}
    for name, term in zip(sheet.columns, row, strict=True):
        record[name] = _value(term)
        if f"{name}_label" in names:
            record[f"{name}_label"] = sheet.label(term)
    return record


def _value(term: Term | None) -> str | int | None:
    if isinstance(term, Literal) and term.datatype == _INTEGER:
        return int(term.value)
    return None if term is None else term.value


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…"
