"""A file of tables merged into a data folder: by id, as a list of changes, then all at once.

Both sides are compared as the triples that their cells mean, so a name instead of an id, another
order of values or another way of writing a number is no change. Cells that do not change keep
their text to the letter.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import cells, headings, labels, reading, source_words, sources
from s4s_graph.forms import Form, Forms, Text
from s4s_graph.headings import ID
from s4s_graph.problems import Cell, Problem
from s4s_graph.settings import Settings
from s4s_graph.sources import File, Source

NEW, CHANGED, VANISHED, UNCHANGED = "new", "changed", "vanished", "unchanged"
# A thing: its table and its id.
_Key = tuple[str, str]
Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Row:
    """One thing as a file tells it: where, and the texts of each cell by column."""

    cell: Cell
    values: Values

    def differs(self, column: str, other: "Row") -> bool:
        """Tell whether a cell says something else; the order of several values says nothing."""
        return sorted(self.values.get(column, ())) != sorted(other.values.get(column, ()))


@dataclass(frozen=True)
class Change:
    """What an import does to one row.

    before, after: the texts of the columns that differ. kept: columns that the file leaves empty
    and that keep what they have, unless removals are allowed. target: the table it is written to.
    cell: where the file has it.
    """

    kind: str
    form: Form
    id: str
    before: Values
    after: Values
    kept: Sequence[str]
    target: Path
    cell: Cell | None


@dataclass(frozen=True)
class Plan:
    """What an import would do, what is wrong with the file, and how many rows it has.

    file: what problems call the file.
    removals: whether rows and values that are gone from the file are removed. letters: what a
    spreadsheet calls the columns of each sheet of the file.
    """

    file: str
    changes: Sequence[Change]
    unchanged: int
    problems: Sequence[Problem]
    rows: int
    removals: bool
    letters: Mapping[str | None, Mapping[str, str]]

    def effective(self) -> list[Change]:
        """Return the changes that are written: what vanished stays, unless removals are allowed."""
        return [
            change
            for change in self.changes
            if (change.kind != VANISHED or self.removals) and (change.before or change.after)
        ]


def plan(file: Path, folder: Path, settings: Settings, known: Forms, removals: bool) -> Plan:
    """Compare a file with the tables of a folder, which lies in the data folder.

    Raises OSError.
    """
    incoming = sources.read(File(file, name_of(file, settings)), known, settings.base)
    if file.suffix not in reading.TABLES and not incoming.problems:
        unknown = source_words.unknown_kind(file.suffix, reading.TABLES)
        incoming.problems.append(Problem.at(Cell(incoming.name), unknown))
    return compared(incoming, folder, settings, known, removals)


def name_of(file: Path, settings: Settings) -> str:
    """Return what problems call a file: one of the same name in the data folder is another."""
    return str(file) if (settings.data / file.name).exists() else file.name


def compared(
    incoming: Source, folder: Path, settings: Settings, known: Forms, removals: bool
) -> Plan:
    """Compare what was read of a file with the tables of a folder, as `plan` does."""
    lists = sources.rdf_files(settings.ontology, "ontology/")
    files = [*lists, *sources.data_files(settings.data)]
    read = [incoming, *(sources.read(found, known, settings.base) for found in files)]
    incoming, *others = labels.resolved(read, settings.base)
    return _compared(incoming, others, folder, settings, removals)


def _compared(
    incoming: Source, others: Sequence[Source], folder: Path, settings: Settings, removals: bool
) -> Plan:
    data, base = settings.data, settings.base
    new = _rows(incoming, base)
    old: dict[_Key, tuple[Row, Path]] = {}
    targets: dict[str, list[Path]] = defaultdict(list)
    for source in others:
        path = data / source.name
        if path.suffix == reading.CSV and path.is_relative_to(folder):
            targets[path.stem].append(path)
            old |= {key: (row, path) for key, row in _rows(source, base).items()}
    forms = {layout.form.table: layout.form for layout in incoming.layouts.values()}
    changes: list[Change] = []
    problems = list(incoming.problems)
    for (table, slug), row in new.items():
        before = old.get((table, slug))
        places = targets[table] or [folder / f"{table}{reading.CSV}"]
        if before is None and len(places) > 1:
            problems.append(Problem.at(row.cell, _which(places, data), slug))
            continue
        target = before[1] if before else places[0]
        told = _columns(incoming, row.cell)
        change = _change(forms[table], slug, row, before and before[0], told, target, removals)
        changes.append(change)
    filled = {table for table, _ in new}
    for (table, slug), (row, path) in old.items():
        # A sheet without rows says nothing of its table.
        if table in filled and (table, slug) not in new:
            changes.append(Change(VANISHED, forms[table], slug, row.values, {}, (), path, None))
    differing = [change for change in changes if change.kind != UNCHANGED]
    same = len(changes) - len(differing)
    letters = {sheet: layout.letters for sheet, layout in incoming.layouts.items()}
    return Plan(incoming.name, differing, same, problems, incoming.rows, removals, letters)


def _change(
    form: Form,
    slug: str,
    row: Row,
    before: Row | None,
    told: Iterable[str],
    target: Path,
    removals: bool,
) -> Change:
    if before is None:
        values = {column: row.values[column] for column in form.columns() if column in row.values}
        return Change(NEW, form, slug, {}, {ID: [slug]} | values, (), target, row.cell)
    differing = [column for column in told if row.differs(column, before)]
    kept = [] if removals else [c for c in differing if not row.values.get(c)]
    written = [column for column in differing if column not in kept]
    return Change(
        CHANGED if differing else UNCHANGED,
        form,
        slug,
        {column: before.values.get(column, ()) for column in written},
        {column: row.values.get(column, ()) for column in written},
        kept,
        target,
        row.cell,
    )


def _rows(source: Source, base: str) -> dict[_Key, Row]:
    """Return the rows of a file by table and id, each cell as the text of what it means."""
    found: dict[Cell, dict[str, list[str]]] = {}
    ids: dict[Cell, tuple[_Key, Cell]] = {}
    fields = {sheet: headings.columns(layout.form) for sheet, layout in source.layouts.items()}
    for triple, cell in source.cells.items():
        row = replace(cell, column=None, letter=None)
        values = found.setdefault(row, {})
        if cell.column == ID:
            table = source.layouts[cell.sheet].form.table
            if isinstance(triple.subject, ox.NamedNode):
                ids[row] = (table, triple.subject.value.rpartition("/")[2]), cell
        elif cell.column:
            field, _ = fields[cell.sheet][cell.column]
            value = triple.subject if field.inverse else triple.object
            if isinstance(value, ox.NamedNode | ox.Literal):
                text = cells.written(value, field, base)
                values.setdefault(cell.column, []).append(text)
    return {key: Row(cell, found[row]) for row, (key, cell) in ids.items()}


def _columns(source: Source, cell: Cell) -> Iterator[str]:
    """Yield the columns that the sheet of a row has, and so says something about."""
    return (column for column in source.layouts[cell.sheet].letters if column != ID)


def _which(places: Sequence[Path], data: Path) -> Text:
    names = [path.relative_to(data).as_posix() for path in places]
    return Text(
        nl=f"deze tabel staat in {' en in '.join(names)}; "
        "noem met --into de map van de tabel waarin nieuwe rijen horen",
        en=f"this table stands in {' and in '.join(names)}; "
        "name with --into the folder of the table that new rows belong in",
    )
