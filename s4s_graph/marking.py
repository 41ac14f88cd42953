"""A copy of the tables in which every cell that is wrong is marked and says why.

The copy is made anew from what was read: values, names of sheets and their order are kept, the
look of the original is not.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_cell_to_rowcol

from s4s_graph import reading
from s4s_graph.forms import Text
from s4s_graph.headings import PROBLEMS, SHEET_CHARACTERS, tidy
from s4s_graph.problems import VIOLATION, Problem
from s4s_graph.reading import Sheet, UnreadableError, Value
from s4s_graph.workbook import CELL_CHARACTERS, Workbook

_HEADINGS = (
    Text(nl="ernst", en="severity"),
    Text(nl="plaats", en="place"),
    Text(nl="waarde", en="value"),
    Text(nl="wat er niet klopt, en wat wel zou kloppen", en="what is wrong, and what would do"),
)
_WIDTHS = (14, 50, 30, 90)
_WIDTH = 24
_MOST_LINKS = 65_000  # Excel opens no sheet with more than 65,530

# The problems of one cell, by its row and column counted from 0.
_Marks = Mapping[tuple[int, int], Sequence[Problem]]


@dataclass(frozen=True)
class _Formats:
    bold: Any
    wrapped: Any
    link: Any
    wrong: Any
    doubtful: Any
    day: Any

    @classmethod
    def of(cls, book: Workbook) -> "_Formats":
        top = {"valign": "top"}
        return cls(
            bold=book.add_format(top | {"bold": True}),
            wrapped=book.add_format(top | {"text_wrap": True}),
            link=book.add_format(top | {"text_wrap": True, "underline": 1}),
            wrong=book.add_format({"bg_color": "#F6B8B0", "border": 2}),
            doubtful=book.add_format({"bg_color": "#FFE9B8", "border": 1}),
            day=book.add_format({"num_format": "yyyy-mm-dd"}),
        )


def write(path: Path, data: Path, problems: Iterable[Problem], lang: str) -> None:
    """Write all problems to a sheet, and each file that has some, marked. Raises OSError."""
    by_file: dict[str, list[Problem]] = defaultdict(list)
    for problem in sorted(problems, key=Problem.order):
        by_file[problem.file or ""].append(problem)
    with Workbook(path, guarded=False) as book:
        formats = _Formats.of(book)
        listed = book.add_worksheet(PROBLEMS.of(lang))
        names: dict[tuple[str, str | None], str] = {}
        for file, found in by_file.items():
            for sheet in _sheets(data / file):
                name = _name(sheet.name or Path(file).stem, {*names.values(), listed.get_name()})
                names[file, sheet.name] = name
                here = [problem for problem in found if problem.sheet == sheet.name]
                _copy(book.add_worksheet(name), sheet, _marks(here), formats, lang)
        _list(listed, [p for found in by_file.values() for p in found], names, formats, lang)


def _sheets(path: Path) -> list[Sheet]:
    if path.suffix not in reading.TABLES or not path.is_file():
        return []
    try:
        return reading.sheets(path)
    except UnreadableError:
        return []  # Which is one of the problems that are listed.


def _name(name: str, taken: set[str]) -> str:
    """Return a name for a sheet that no other has."""
    found, number = tidy(name), 1
    while found.casefold() in {other.casefold() for other in taken}:
        number += 1
        end = f" ({number})"
        found = tidy(name)[: SHEET_CHARACTERS - len(end)] + end
    return found


def _marks(problems: Iterable[Problem]) -> _Marks:
    marks: dict[tuple[int, int], list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.row:
            # A problem of a whole row is told at its first cell.
            marks[_cell(problem)].append(problem)
    return marks


def _cell(problem: Problem) -> tuple[int, int]:
    row, column = xl_cell_to_rowcol(problem.address or f"A{problem.row}")
    return int(row), int(column)


def _copy(sheet: Any, found: Sheet, marks: _Marks, formats: _Formats, lang: str) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, max(map(len, found.rows), default=1), _WIDTH)
    for number, row in enumerate(found.rows):
        for index, value in enumerate(row):
            if (number, index) not in marks and value != "":
                _put(sheet, number, index, value, formats.bold if number == 0 else None, formats)
    for (number, index), problems in marks.items():
        row = found.rows[number] if number < len(found.rows) else ()
        is_wrong = any(problem.severity == VIOLATION for problem in problems)
        style = formats.wrong if is_wrong else formats.doubtful
        _put(sheet, number, index, row[index] if index < len(row) else "", style, formats)
        said = "\n".join(f"{p.level(lang)}: {p.message.of(lang)}" for p in problems)
        sheet.write_comment(number, index, said, {"x_scale": 2.5, "y_scale": 1 + len(said) / 180})


def _put(sheet: Any, row: int, column: int, value: Value, style: Any, formats: _Formats) -> None:
    if value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, date) and style is None:
        sheet.write_datetime(row, column, value, formats.day)
    else:
        text = value.isoformat() if isinstance(value, date | time) else str(value)
        sheet.write_string(row, column, text[:CELL_CHARACTERS], style)


def _list(
    sheet: Any,
    problems: Iterable[Problem],
    names: Mapping[tuple[str, str | None], str],
    formats: _Formats,
    lang: str,
) -> None:
    sheet.freeze_panes(1, 0)
    for index, (heading, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, heading.of(lang), formats.bold)
    for number, problem in enumerate(problems, start=1):
        told = (problem.level(lang), problem.place(lang), problem.value, problem.message.of(lang))
        for index, text in enumerate(told):
            sheet.write_string(number, index, (text or "")[:CELL_CHARACTERS], formats.wrapped)
        name = names.get((problem.file or "", problem.sheet))
        if name and problem.row and number <= _MOST_LINKS:
            target = "internal:'{}'!{}".format(
                name.replace("'", "''"), problem.address or f"A{problem.row}"
            )
            sheet.write_url(number, 1, target, formats.link, problem.place(lang))
