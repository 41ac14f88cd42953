"""A process that reads one workbook of anyone, so that it may die of what is in it.

    python -m s4s_graph.grids FILE

prints one JSON document: the sheets with the values of their cells, or what is wrong. A reader of
workbooks makes room for all between the first and the last cell of a sheet, however far apart.
"""

import json
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.parsers import expat

import python_calamine

from s4s_graph import apart
from s4s_graph.forms import Text
from s4s_graph.grid_marks import Marks, marks
from s4s_graph.reading import (
    CELLS,
    NO_WORKBOOK,
    ROWS,
    Fault,
    Sheet,
    UnreadableError,
    Value,
    clean,
    too_long,
)

MEMORY = 2 << 30  # bytes of address space
SECONDS = 60  # of CPU, beside what the size of the file gives
BYTES_A_SECOND = 100_000  # a tenth of what is read of workbooks that are as they should be


def main(arguments: list[str]) -> int:
    """Read a workbook as the module says; return the status that the process ends with."""
    path = Path(arguments[0])
    apart.limit(MEMORY, SECONDS + path.stat().st_size // BYTES_A_SECOND)
    try:
        sheets = ",".join(_read(path))
    except python_calamine.PasswordError:
        sys.stdout.write(json.dumps({"nl": NO_WORKBOOK.nl, "en": NO_WORKBOOK.en}))
    except UnreadableError as error:
        sys.stdout.write(json.dumps({"nl": error.message.nl, "en": error.message.en}))
    except python_calamine.CalamineError as error:
        told = _not_read(error)
        sys.stdout.write(json.dumps({"nl": told.nl, "en": told.en}))
    else:
        sys.stdout.write(f'{{"sheets":[{sheets}]}}')
    return 0


def _read(path: Path) -> Iterator[str]:
    marked: dict[str, Marks] = {}
    # What is no workbook is told by the reader of values.
    with suppress(expat.ExpatError, KeyError, ValueError, zipfile.BadZipFile), \
            zipfile.ZipFile(path) as archive:  # fmt: skip
        marked = marks(archive)
    left = CELLS
    kinds = python_calamine.SheetTypeEnum
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        for found in book.sheets_metadata:
            if found.typ == kinds.WorkSheet:
                sheet = _sheet(book.get_sheet_by_name(found.name), marked.get(found.name, Marks()))
                left -= sum(map(len, sheet.rows))
                if left < 0:
                    raise UnreadableError(too_long(CELLS, "cells"))
                yield json.dumps({"name": sheet.name, "rows": sheet.rows}, default=written)


def _sheet(found: python_calamine.CalamineSheet, marked: Marks) -> Sheet:
    top, left = found.start or (0, 0)
    if top + found.height > ROWS:
        raise UnreadableError(too_long(ROWS, "rows"))
    rows: list[list[Value]] = [[] for _ in range(top)]
    rows.extend([*[""] * left, *map(clean, row)] for row in found.iter_rows())
    for (row, column), text in marked.faults.items():
        rows.extend([] for _ in range(len(rows), min(row + 1, ROWS)))
        if row < ROWS:
            rows[row].extend([""] * (column + 1 - len(rows[row])))
            rows[row][column] = Fault(text)
    for (first, column), (last, _) in (*(found.merged_cell_ranges or ()), *marked.merged):
        # Cells merged downwards say the same of each row; to the right stand other columns.
        for number in range(max(first, 0) + 1, min(last, len(rows) - 1) + 1):
            if first > 0 and column < len(rows[first]):
                rows[number].extend([""] * (column + 1 - len(rows[number])))
                rows[number][column] = rows[first][column]
    return Sheet(found.name, _trimmed(rows))


def _trimmed(rows: Sequence[list[Value]]) -> list[list[Value]]:
    """Return the rows without what is empty at their ends."""
    trimmed = []
    for row in rows:
        end = len(row)
        while end and row[end - 1] == "":
            end -= 1
        trimmed.append(row[:end])
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed


def written(value: Any) -> dict[str, Any]:
    """Return what JSON has no word for as an object of one key."""
    match value:
        case Fault():
            return {"fault": value.text}
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case timedelta():
            return {"seconds": value.total_seconds()}
    raise TypeError(type(value))


def _not_read(error: python_calamine.CalamineError) -> Text:
    return Text(
        nl=f"deze werkmap is niet te lezen ({error}); open haar en bewaar haar opnieuw",
        en=f"this workbook cannot be read ({error}); open it and save it again",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
