"""Changes written into the tables of a data folder: checked first, then all or none.

Every new table is written beside the old one and then takes its place in one step. What was there
before stays in `.before-import/`, which no build reads.
"""

import csv
import io
import os
import shutil
from bisect import bisect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from s4s_graph import build, folders, tables
from s4s_graph.forms import Form, Text
from s4s_graph.headings import ID
from s4s_graph.importing import VANISHED, Change, Plan
from s4s_graph.namespaces import BASE
from s4s_graph.places import without_echoes
from s4s_graph.problems import VIOLATION, Cell, Problem
from s4s_graph.progress import Progress, quiet
from s4s_graph.reading import Sheet
from s4s_graph.settings import Settings

BACKUPS = ".before-import"
_BOM = "\ufeff"


class ImportRefusedError(Exception):
    """An import that could not be done; `message` says why. Nothing was changed."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Merged:
    """A table as it will be: its bytes before (None if it is new) and after.

    origins: the cell of the imported file that each changed row comes from, by number of the row.
    """

    path: Path
    before: bytes | None
    after: bytes
    origins: Mapping[int, Cell]


def merged(plan: Plan, base: str) -> list[Merged]:
    """Return the tables that change, in the order of their paths. Raises OSError."""
    by_target: dict[Path, list[Change]] = defaultdict(list)
    for change in plan.effective():
        by_target[change.target].append(change)
    return [_merged(path, changes, base) for path, changes in sorted(by_target.items())]


def checked(
    plan: Plan, tables_: Sequence[Merged], settings: Settings, progress: Progress = quiet
) -> list[Problem]:
    """Check the data folder as it will be; what is wrong with a changed row is told at its cell.

    Warnings about rows that stay as they are have nothing to do with the import.
    Raises BuildError.
    """
    origins = {
        (table.path.relative_to(settings.data).as_posix(), number): cell
        for table in tables_
        for number, cell in table.origins.items()
    }
    with TemporaryDirectory() as name:
        copy = Path(name) / "data"
        refused = _copied(settings.data, copy)
        for table in tables_:
            path = copy / table.path.relative_to(settings.data)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(table.after)
        result = build.check(replace(settings, data=copy), progress=progress)
    found = [*refused, *(_at_origin(problem, origins, plan) for problem in result.problems)]
    told = [p for p in found if p.severity == VIOLATION or p.file == plan.file]
    return list(without_echoes(told, plan.problems))


def write(tables_: Sequence[Merged], folder: Path) -> Path:
    """Put the tables in place, all or none; return the folder that keeps what was there.

    Raises ImportRefusedError when a table was changed meanwhile, and OSError: all is then as
    it was.
    """
    for table in tables_:
        if (table.path.read_bytes() if table.path.exists() else None) != table.before:
            raise ImportRefusedError(_changed_meanwhile(table.path))
    backup = backup_in(folder)
    backup.mkdir(parents=True)
    staged = []
    try:
        for table in tables_:
            _keep(table, folder, backup)
            staged.append((_staged(table), table))
        _replace(staged)
    finally:
        for path, _ in staged:
            path.unlink(missing_ok=True)
    return backup


def backup_in(folder: Path) -> Path:
    """Return the folder, not made yet, for what is there now. Raises FolderError."""
    return folders.inside(folder / BACKUPS, folder) / datetime.now(UTC).strftime(
        "%Y-%m-%dT%H%M%S.%f"
    )


def _copied(data: Path, copy: Path) -> list[Problem]:
    """Copy the files of a data folder; return a problem for each that is refused."""
    copy.mkdir()
    found = folders.files(data)
    for file in found:
        if not file.refused:
            target = copy / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.path, target)
    return [Problem.at(Cell(file.name), file.refused) for file in found if file.refused]


def _merged(path: Path, changes: Sequence[Change], base: str) -> Merged:
    form = changes[0].form
    before = path.read_bytes() if path.exists() else None
    text = before.decode() if before is not None else ",".join(form.columns()) + "\n"
    end = "\r\n" if "\r\n" in text.partition("\n")[0] + "\n" else "\n"
    rows = list(csv.reader(io.StringIO(text.removeprefix(_BOM), newline="")))
    columns = _with_columns(rows, changes, form)
    by_id = {change.id: change for change in changes}
    kept = []
    for row in rows[1:]:
        change = by_id.pop(_id(row, columns), None)
        if change is None or change.kind != VANISHED:
            kept.append(_filled(row, change.after, columns, base) if change else row)
    for change in by_id.values():
        _insert(kept, _filled([""] * len(rows[0]), change.after, columns, base), columns)
    output = io.StringIO(newline="")
    csv.writer(output, lineterminator=end).writerows([rows[0], *kept])
    start = _BOM if text.startswith(_BOM) else ""
    cells = {change.id: change.cell for change in changes if change.cell}
    origins = {
        number: cells[slug]
        for number, row in enumerate(kept, start=2)
        if (slug := _id(row, columns)) in cells
    }
    return Merged(path, before, (start + output.getvalue()).encode(), origins)


def _with_columns(rows: list[list[str]], changes: Sequence[Change], form: Form) -> dict[str, int]:
    """Return where each column stands, with those added to the heading that the changes need."""
    found = tables.columns(Sheet(None, rows[:1]), form)
    columns = {column: index for index, (column, _) in found.items()}
    needed = {column for change in changes for column in change.after}
    for column in form.columns():
        if column in needed and column not in columns:
            columns[column] = len(rows[0])
            rows[0].append(column)
    return columns


def _filled(
    row: Sequence[str], values: Mapping[str, Sequence[str]], columns: Mapping[str, int], base: str
) -> list[str]:
    width = max(columns.values()) + 1
    filled = [*row, *[""] * (width - len(row))]
    for column, texts in values.items():
        # Tables are written with our own address, whatever the base of this site is.
        filled[columns[column]] = ";".join(texts).replace(base, BASE)
    return filled


def _insert(rows: list[list[str]], row: list[str], columns: Mapping[str, int]) -> None:
    """Put a row where it belongs if the table is sorted by id, else at its end."""
    ids = [_id(other, columns) for other in rows]
    place = bisect(ids, _id(row, columns)) if ids == sorted(ids) else len(rows)
    rows.insert(place, row)


def _id(row: Sequence[str], columns: Mapping[str, int]) -> str:
    index = columns[ID]
    return row[index].strip() if index < len(row) else ""


def _at_origin(problem: Problem, origins: Mapping[tuple[str, int], Cell], plan: Plan) -> Problem:
    cell = origins.get((problem.file or "", problem.row or 0))
    if cell is None:
        return problem
    letters = plan.letters.get(cell.sheet, {})
    columns = (problem.column or "").split(", ")
    letter = next((letters[column] for column in columns if column in letters), cell.letter)
    here = replace(cell, column=problem.column, letter=letter)
    return replace(problem, file=here.file, sheet=here.sheet, row=here.row, address=here.address)


def _keep(table: Merged, folder: Path, backup: Path) -> None:
    if table.before is not None:
        kept = backup / table.path.relative_to(folder)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(table.path, kept)


def _staged(table: Merged) -> Path:
    path = table.path.with_name(f".{table.path.name}.import")
    path.unlink(missing_ok=True)
    # Created here, or refused: it cannot be a link that someone put there.
    with path.open("xb") as file:
        file.write(table.after)
        file.flush()
        os.fsync(file.fileno())
    if table.before is not None:
        shutil.copymode(table.path, path)
    return path


def _replace(staged: Sequence[tuple[Path, Merged]]) -> None:
    done: list[Merged] = []
    try:
        for path, table in staged:
            path.replace(table.path)
            done.append(table)
    except OSError:
        for table in done:
            if table.before is None:
                table.path.unlink()
            else:
                table.path.write_bytes(table.before)
        raise


def _changed_meanwhile(path: Path) -> Text:
    return Text(
        nl=f"{path} is intussen door iemand anders gewijzigd; er is niets geschreven, "
        "voer het commando opnieuw uit",
        en=f"{path} was changed by someone else meanwhile; nothing was written, "
        "run the command again",
    )
