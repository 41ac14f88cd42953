"""A table of others compared with a data folder, by a layout; problems stay at its own cells."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from s4s_graph import content, importing, reading, sources, tables
from s4s_graph.cells import FAULT
from s4s_graph.content import WorkbookError
from s4s_graph.forms import Forms
from s4s_graph.headings import fold
from s4s_graph.importing import VANISHED, Plan
from s4s_graph.layouts import words
from s4s_graph.layouts.layout import Layout, LayoutError
from s4s_graph.layouts.making import Given, Maker, Origins, Said, known
from s4s_graph.layouts.texts import Texts, slug, stored
from s4s_graph.problems import VIOLATION, WARNING, Cell, Problem
from s4s_graph.reading import Fault, Sheet, UnreadableError, Value, letters
from s4s_graph.settings import Settings
from s4s_graph.sources import File


@dataclass(frozen=True)
class Laid:
    """What an import by a layout would do.

    origins: the cell of theirs that a cell of ours is from. told: what is said of their cells
    already. untranslated: texts in one language.
    """

    plan: Plan
    origins: Origins
    told: Collection[Problem]
    untranslated: Sequence[str]

    def place(self, problem: Problem) -> Problem:
        """Return a problem of our rows at the cell of theirs."""
        if problem.file != self.plan.file or problem in self.told:
            return problem
        row = problem.sheet or "", problem.row or 0
        columns = (*(problem.column or "").split(", "), None)
        cell = next((c for name in columns if (c := self.origins.get((*row, name)))), None)
        if cell is None:
            return problem
        return replace(
            problem,
            sheet=cell.sheet,
            row=cell.row,
            column=cell.column or problem.column,
            address=cell.address,
        )


def plan(
    file: Path,
    layout: Layout,
    translations: Mapping[str, str],
    folder: Path,
    settings: Settings,
    forms: Forms,
) -> Laid:
    """Compare a table with the tables of a folder, which lies in the data folder.

    Nothing vanishes: the table holds a part of what there is. Raises LayoutError and OSError.
    """
    name = importing.name_of(file, settings)
    try:
        there = content.stored(settings.data, forms)
    except WorkbookError as error:
        raise LayoutError(error.message) from error
    texts = Texts(layout, {**stored(chain(*there.values()), layout), **translations})
    maker = Maker(slug(file.stem), layout, forms, known(there, layout.language), texts)
    told: list[Problem] = []
    rows = 0
    for found in _rows(file, name, layout):
        if isinstance(found, Problem):
            told.append(found)
        else:
            maker.add(found)
            rows += 1
    told.extend(maker.problems)
    for text in texts.missing:
        cell = maker.places.get(text, Cell(name))
        told.append(Problem.at(cell, words.untranslated(layout.other), text))
    with file.open("rb") as given:
        sha256 = hashlib.file_digest(given, "sha256").hexdigest()
    source = sources.of_sheets(File(file, name), sha256, maker.sheets(), forms, settings.base)
    source.problems.extend(told)
    made = importing.compared(source, folder, settings, forms, removals=False)
    staying = [change for change in made.changes if change.kind != VANISHED]
    made = replace(made, changes=staying, rows=rows)
    return Laid(made, maker.origins, frozenset(told), list(texts.missing))


def _rows(file: Path, name: str, layout: Layout) -> Iterator[Given | Problem]:
    try:
        found = reading.sheets(file)
    except UnreadableError as error:
        yield Problem.at(Cell(name, error.row), error.message)
        return
    chosen = [
        sheet for sheet in found
        if layout.sheet is None or fold(sheet.name or "") == fold(layout.sheet)
    ]  # fmt: skip
    if not chosen:
        names = [sheet.name or "" for sheet in found]
        yield Problem.at(Cell(name), words.no_sheet(layout.sheet or "", names))
        return
    sheet, top = chosen[0], layout.header
    head = {
        fold(str(heading)): index
        for index, heading in reversed(list(enumerate(_line(sheet, top))))
        if heading != ""
    }
    wrong = list(_heading(sheet, head, name, layout))
    yield from wrong
    if any(problem.severity == VIOLATION for problem in wrong):
        return
    filled = [number for number in range(top + 1, len(sheet.rows) + 1) if any(_line(sheet, number))]
    if not filled:
        yield Problem.at(Cell(name, top, sheet=sheet.name), words.NOTHING)
    for number in filled:
        yield from _given(sheet, number, head, name, layout)


def _given(
    sheet: Sheet, number: int, head: Mapping[str, int], name: str, layout: Layout
) -> Iterator[Given | Problem]:
    """Yield what is wrong with the cells of a row, and then the row."""
    row, headings = _line(sheet, number), _line(sheet, layout.header)
    cells: dict[str, Said] = {}
    for heading, index in head.items():
        value = row[index] if index < len(row) else ""
        cell = Cell(name, number, str(headings[index]), sheet.name, letters(index))
        if isinstance(value, Fault):
            yield Problem.at(cell, FAULT, str(value))
            value = ""
        cells[heading] = tables.as_id(value), cell
    here = Cell(name, number, sheet=sheet.name)
    key = cells[fold(layout.id)] if layout.id else (str(number), here)
    yield Given(key if key[0] else (str(number), here), here, cells)


def _heading(sheet: Sheet, head: Mapping[str, int], name: str, layout: Layout) -> Iterator[Problem]:
    wanted = [column.heading for step in layout.steps for column in step.columns()]
    wanted.extend([layout.id] if layout.id else [])
    row = _line(sheet, layout.header)
    there = [str(heading) for heading in row if heading != ""]
    for heading in dict.fromkeys(wanted):
        if fold(heading) not in head:
            cell = Cell(name, layout.header, sheet=sheet.name)
            yield Problem.at(cell, words.no_column(heading, there))
    known_ = {fold(heading) for heading in (*wanted, *layout.ignored)}
    for folded, index in head.items():
        if folded not in known_:
            cell = Cell(name, layout.header, str(row[index]), sheet.name, letters(index))
            yield replace(Problem.at(cell, words.NOT_READ, str(row[index])), severity=WARNING)


def _line(sheet: Sheet, number: int) -> Sequence[Value]:
    return sheet.rows[number - 1] if number <= len(sheet.rows) else ()
