"""From a SHACL result to the cell that its editor has to change, and what would be right there."""

from collections import ChainMap, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from functools import cached_property

import pyoxigraph as ox

from s4s_graph import cells
from s4s_graph.forms import Field, Forms, Text
from s4s_graph.headings import ID
from s4s_graph.nearest import Nearest
from s4s_graph.problems import Cell, Problem
from s4s_graph.shacl import Result
from s4s_graph.sources import Source

# A list that is no longer than this is shown whole; of a longer one, the nearest ids.
_SHORT_LIST = 12


@dataclass(frozen=True)
class Places:
    """Where each triple and each thing stands, and which things there are.

    cells: the cell of a triple.
    rows: the row of a thing from a table, the file of another, by IRI.
    slugs: the ids there are, by segment.
    letters: what a spreadsheet calls each column, by file and sheet.
    """

    cells: ChainMap[ox.Triple, Cell]
    rows: Mapping[str, Cell]
    fields: Mapping[str, Field]
    slugs: Mapping[str, Sequence[str]]
    letters: Mapping[tuple[str, str | None], Mapping[str, str]]
    base: str
    nearest: Nearest = dataclass_field(default_factory=Nearest)
    _known: dict[tuple[str, ...], dict[str, None]] = dataclass_field(default_factory=dict)

    @classmethod
    def of(cls, sources: Sequence[Source], forms: Forms, base: str) -> "Places":
        """Index what was read."""
        rows: dict[str, Cell] = {}
        slugs: dict[str, set[str]] = defaultdict(set)
        for source in sources:
            for triple, cell in source.cells.items():
                if cell.column == ID and isinstance(triple.subject, ox.NamedNode):
                    rows.setdefault(triple.subject.value, _row(cell))
        for source in sources:
            for thing in _things(source):
                rows.setdefault(thing, Cell(source.name))
                segment, _, slug = thing.removeprefix(f"{base}id/").rpartition("/")
                slugs[segment].add(slug)
        fields = {field.shape: field for form in forms for field in form.fields}
        ordered = {segment: sorted(found) for segment, found in slugs.items()}
        letters = {
            (source.name, sheet): layout.letters
            for source in sources
            for sheet, layout in source.layouts.items()
        }
        # Of a triple in two files the first is told; one dictionary of all would be large.
        cells = ChainMap(*(source.cells for source in sources))
        return cls(cells, rows, fields, ordered, letters, base)

    @cached_property
    def filled(self) -> Mapping[Cell, Collection[str]]:
        """The columns with something in them, by row; asked for where something is missing."""
        found: dict[Cell, set[str]] = defaultdict(set)
        for cell in (cell for of_file in self.cells.maps for cell in of_file.values()):
            found[_row(cell)].add(cell.column or ID)
        return found

    def known(self, field: Field) -> Collection[str]:
        """Return what may be written in a field of things, in its order."""
        if field.values not in self._known:
            self._known[field.values] = {
                slug if len(field.values) == 1 else f"{segment}/{slug}": None
                for segment in field.values
                for slug in self.slugs.get(segment, ())
            }
        return self._known[field.values]


def located(result: Result, places: Places) -> Problem:
    """Return a result as a problem at its cell, with what would be right when that is known."""
    field = places.fields.get(result.shape)
    cell = _cell(result, field, places)
    advice = _advice(result, field, places)
    message = result.message
    if advice:
        message = Text(f"{message.nl} {advice.nl}", f"{message.en} {advice.en}")
    return Problem(
        severity=result.severity,
        message=message,
        file=cell.file or None,
        row=cell.row,
        column=cell.column,
        value=_value(result, field, places.base),
        focus=result.focus,
        shape=result.shape,
        sheet=cell.sheet,
        address=cell.address,
    )


def without_echoes(problems: Iterable[Problem], reading: Sequence[Problem]) -> Iterator[Problem]:
    """Return the problems that do not merely follow from what could not be read.

    A cell that was not understood is missing from the graph, and so is a column that is not known.
    """
    cells = {(*_sheet(problem), problem.row, problem.column) for problem in reading}
    headers = {_sheet(problem) for problem in reading if problem.row == 1}
    for problem in problems:
        is_echo = (*_sheet(problem), problem.row, problem.column) in cells
        if not (is_echo or (problem.value is None and _sheet(problem) in headers)):
            yield problem


def _sheet(problem: Problem) -> tuple[str | None, str | None]:
    return problem.file, problem.sheet


def _cell(result: Result, field: Field | None, places: Places) -> Cell:
    stated = _stated(result, field)
    if stated and stated in places.cells:
        return places.cells[stated]
    row = places.rows.get(result.focus, Cell(""))
    if field is None or row.row is None:
        return row
    filled = places.filled.get(row, ())
    columns = [c for c in field.columns() if c not in filled] or list(field.columns())
    letters = places.letters.get((row.file, row.sheet), {})
    letter = next((letters[column] for column in columns if column in letters), letters.get(ID))
    return replace(row, column=", ".join(columns) or None, letter=letter)


def _row(cell: Cell) -> Cell:
    return replace(cell, column=None, letter=None)


def _things(source: Source) -> set[str]:
    subjects = {quad.subject for quad in source.quads}
    return {subject.value for subject in subjects if isinstance(subject, ox.NamedNode)}


def _stated(result: Result, field: Field | None) -> ox.Triple | None:
    """Return the triple that the result is about, which an inverse path states backwards."""
    if result.value is None:
        return None
    if field and field.inverse and not isinstance(result.value, ox.Literal):
        return ox.Triple(result.value, ox.NamedNode(field.path), ox.NamedNode(result.focus))
    if result.path is None:
        return None
    return ox.Triple(ox.NamedNode(result.focus), ox.NamedNode(result.path), result.value)


def _advice(result: Result, field: Field | None, places: Places) -> Text | None:
    """Say which ids there are, when the value is one that is not among them."""
    if field is None or not field.values or not isinstance(result.value, ox.NamedNode):
        return None
    written = cells.written(result.value, field, places.base)
    known = places.known(field)
    if written in known:
        return None
    near = list(known) if len(known) <= _SHORT_LIST else places.nearest.to(written, known)
    if not near:
        return None
    if len(known) <= _SHORT_LIST:
        return Text(f"Gebruik een van {', '.join(near)}.", f"Use one of {', '.join(near)}.")
    return Text(f"Bedoelt u {' of '.join(near)}?", f"Did you mean {' or '.join(near)}?")


def _value(result: Result, field: Field | None, base: str) -> str | None:
    # A rule about a whole node has that node as its value, and its row says which it is.
    if result.value is None or result.value.value == result.focus:
        return None
    if field is None or isinstance(result.value, ox.BlankNode):
        return result.value.value.removeprefix(f"{base}id/")
    return cells.written(result.value, field, base)
