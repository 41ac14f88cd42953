"""The sheets of a file as they stand in it: CSV, or a workbook of Excel or LibreOffice.

Values are read, formulas are never evaluated: a spreadsheet keeps the last value of each.
"""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from s4s_graph.forms import Text

CSV = ".csv"
WORKBOOKS = (".xlsx", ".ods")
TABLES = (CSV, *WORKBOOKS)
# A workbook is a zip of text: what unpacks to more than this is refused before it is read.
UNPACKED_BYTES = 1 << 30
_INVISIBLE = "\ufeff\u200b"

Value = str | int | float | bool | date | datetime | time | timedelta


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
    """Return the sheets of a file. Raises UnreadableError."""
    return [_csv(path)] if path.suffix == CSV else _workbook(path)


def letters(index: int) -> str:
    """Return what a spreadsheet calls a column: A for 0, AA for 26."""
    name = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        name, index = chr(ord("A") + rest) + name, index - 1
    return name


def _csv(path: Path) -> Sheet:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        return Sheet(None, [[_clean(cell) for cell in row] for row in reader])
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        raise UnreadableError(_NOT_UTF8, row) from error
    except csv.Error as error:
        raise UnreadableError(_not_csv(error)) from error


def _workbook(path: Path) -> list[Sheet]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        # A workbook with a password is no zip: it is packed into a container of its own.
        raise UnreadableError(_NO_WORKBOOK) from error
    if sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise UnreadableError(_TOO_LARGE)
    if any(member.filename.endswith("vbaProject.bin") for member in members):
        raise UnreadableError(_MACROS)
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            kinds = python_calamine.SheetTypeEnum
            return [
                _sheet(book.get_sheet_by_name(found.name))
                for found in book.sheets_metadata
                if found.typ == kinds.WorkSheet
            ]
    except python_calamine.CalamineError as error:
        raise UnreadableError(_not_read(error)) from error


def _sheet(found: python_calamine.CalamineSheet) -> Sheet:
    rows = [[_clean(value) for value in row] for row in found.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _) in found.merged_cell_ranges or ():
        # Cells merged downwards say the same of each row; to the right stand other columns.
        for number in range(max(top, 0) + 1, min(bottom, len(rows) - 1) + 1):
            if top > 0:
                rows[number][left] = rows[top][left]
    return Sheet(found.name, rows)


def _clean(value: Value) -> Value:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip().strip(_INVISIBLE).strip()
    return value


def _not_csv(error: csv.Error) -> Text:
    return Text(
        nl=f"dit is geen geldige CSV ({error}); kijk of elk aanhalingsteken gesloten is",
        en=f"this is not valid CSV ({error}); see whether each quotation mark is closed",
    )


def _not_read(error: python_calamine.CalamineError) -> Text:
    return Text(
        nl=f"deze werkmap is niet te lezen ({error}); open haar en bewaar haar opnieuw",
        en=f"this workbook cannot be read ({error}); open it and save it again",
    )


_NOT_UTF8 = Text(
    nl="het bestand is geen UTF-8; bewaar het als 'CSV UTF-8'",
    en="the file is not UTF-8; save it as 'CSV UTF-8'",
)
_NO_WORKBOOK = Text(
    nl="dit is geen werkmap, of een wachtwoord sluit haar af; "
    "bewaar haar opnieuw als .xlsx of .ods, zonder wachtwoord",
    en="this is not a workbook, or a password locks it; "
    "save it again as .xlsx or .ods, without a password",
)
_TOO_LARGE = Text(
    nl="de werkmap wordt uitgepakt groter dan 1 GB; verdeel haar over bestanden",
    en="the workbook unpacks to more than 1 GB; divide it into files",
)
_MACROS = Text(
    nl="de werkmap bevat macro's en die worden geweigerd; bewaar haar als .xlsx zonder macro's",
    en="the workbook holds macros, which are refused; save it as .xlsx without macros",
)
