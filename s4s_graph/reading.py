"""The sheets of a file as they stand in it: CSV, or a workbook of Excel or LibreOffice.

Values are read, formulas are never evaluated: a spreadsheet keeps the last value of each.
"""

import csv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from s4s_graph import apart
from s4s_graph.forms import Text

CSV = ".csv"
WORKBOOKS = (".xlsx", ".ods")
TABLES = (CSV, *WORKBOOKS)
# A workbook is a zip of text: what unpacks to more than this is refused before it is read.
UNPACKED_BYTES = 1 << 30
# Of one sheet, one less than spreadsheets have: where there are more, the last ones may be lost.
# And of all sheets of a file, empty ends left out.
ROWS, CELLS = 1_048_575, 5_000_000
_MACRO_PARTS = ("xl/macrosheets/", "basic/", "scripts/")
_TYPES, _TYPES_BYTES = "[Content_Types].xml", 1 << 20
_INVISIBLE = "\ufeff\u200b"


@dataclass(frozen=True)
class Fault:
    """What a formula gave that could not be computed: `#DIV/0!`."""

    text: str

    def __str__(self) -> str:
        return self.text


Value = str | int | float | bool | date | datetime | time | timedelta | Fault


class UnreadableError(ValueError):
    """A file that is no table; `message` says why, `row` where, if that is known."""

    def __init__(self, message: Text, row: int | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.row = row


@dataclass(frozen=True)
class Sheet:
    """One table as it was written: `rows[0]` is row 1. A CSV file is a sheet without a name."""

    name: str | None
    rows: Sequence[Sequence[Value]]


def sheets(path: Path) -> list[Sheet]:
    """Return the sheets of a file, a workbook by a process of its own. Raises UnreadableError."""
    return [_csv(path)] if path.suffix == CSV else _workbook(path)


def letters(index: int) -> str:
    """Return what a spreadsheet calls a column: A for 0, AA for 26."""
    name = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        name, index = chr(ord("A") + rest) + name, index - 1
    return name


def clean(value: Value) -> Value:
    """Return a value without what people do not see around it."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip().strip(_INVISIBLE).strip()
    return value


def _csv(path: Path) -> Sheet:
    if path.stat().st_size > UNPACKED_BYTES:
        raise UnreadableError(_TOO_LARGE)
    rows: list[list[Value]] = []
    left = CELLS
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file, strict=True):
                rows.append([clean(cell) for cell in row])
                left -= len(row)
                if left < 0:
                    raise UnreadableError(too_long(CELLS, "cells"))
                if len(rows) > ROWS:
                    raise UnreadableError(too_long(ROWS, "rows"))
    except UnicodeDecodeError as error:
        raise UnreadableError(_NOT_UTF8, _not_utf8(path)) from error
    except csv.Error as error:
        raise UnreadableError(_not_csv(error)) from error
    return Sheet(None, rows)


def _not_utf8(path: Path) -> int | None:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return None


def _workbook(path: Path) -> list[Sheet]:
    try:
        with zipfile.ZipFile(path) as archive:
            members, has_macros = archive.infolist(), _has_macros(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError) as error:
        # A workbook with a password is no zip: it is packed into a container of its own.
        raise UnreadableError(NO_WORKBOOK) from error
    if sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise UnreadableError(_TOO_LARGE)
    if has_macros:
        raise UnreadableError(_MACROS)
    answer = apart.answer("s4s_graph.grids", str(path))
    if answer is None:
        raise UnreadableError(_DIED)
    if "sheets" not in answer:
        raise UnreadableError(Text(**answer))
    return [
        Sheet(sheet["name"], [[_value(cell) for cell in row] for row in sheet["rows"]])
        for sheet in answer["sheets"]
    ]


def _has_macros(archive: zipfile.ZipFile) -> bool:
    names = [name.lower() for name in archive.namelist()]
    if any(name.endswith("vbaproject.bin") or name.startswith(_MACRO_PARTS) for name in names):
        return True
    if _TYPES not in archive.namelist():
        return False
    with archive.open(_TYPES) as file:
        # A part may have any name; what it is stands here.
        return b"macroenabled" in file.read(_TYPES_BYTES).lower()


def _value(cell: Any) -> Value:
    match cell:
        case {"fault": text}:
            return Fault(text)
        case {"datetime": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"time": text}:
            return time.fromisoformat(text)
        case {"seconds": seconds}:
            return timedelta(seconds=seconds)
    value: Value = cell
    return value


def too_long(most: int, what: str) -> Text:
    """Say that there is more than so many rows or cells."""
    units = {"rows": Text("rijen", "rows"), "cells": Text("cellen", "cells")}[what]
    return Text(
        nl=f"het bestand heeft meer dan {most} {units.nl}; verdeel het, of haal weg wat er ver "
        "onder of naast de tabel staat",
        en=f"the file has more than {most} {units.en}; divide it, or remove what stands far below "
        "or beside the table",
    )


def _not_csv(error: csv.Error) -> Text:
    return Text(
        nl=f"dit is geen geldige CSV ({error}); kijk of elk aanhalingsteken gesloten is",
        en=f"this is not valid CSV ({error}); see whether each quotation mark is closed",
    )


_NOT_UTF8 = Text(
    nl="het bestand is geen UTF-8; bewaar het als 'CSV UTF-8'",
    en="the file is not UTF-8; save it as 'CSV UTF-8'",
)
NO_WORKBOOK = Text(
    nl="dit is geen werkmap, of een wachtwoord sluit haar af; "
    "bewaar haar opnieuw als .xlsx of .ods, zonder wachtwoord",
    en="this is not a workbook, or a password locks it; "
    "save it again as .xlsx or .ods, without a password",
)
_TOO_LARGE = Text(
    nl="de werkmap wordt uitgepakt groter dan 1 GB; verdeel haar over bestanden",
    en="the workbook unpacks to more than 1 GB; divide it into files",
)
_DIED = Text(
    nl="deze werkmap wordt bij het lezen te groot; kijk of er ver onder of naast een tabel nog een "
    "cel is gevuld, of zet de rijen in een nieuwe werkmap",
    en="this workbook grows too large when it is read; see whether a cell far below or beside a "
    "table is filled, or put the rows in a new workbook",
)
_MACROS = Text(
    nl="de werkmap bevat macro's en die worden geweigerd; "
    "bewaar haar als .xlsx of .ods zonder macro's",
    en="the workbook holds macros, which are refused; save it as .xlsx or .ods without macros",
)
