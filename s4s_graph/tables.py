"""A table as its editor keeps it: one sheet, one row a thing, one column a field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode, Quad, Triple

from s4s_graph import cells, headings
from s4s_graph.cells import SLUG, CellError, slug_advice, split, term
from s4s_graph.forms import Field, Form, Text
from s4s_graph.headings import ID
from s4s_graph.namespaces import BASE
from s4s_graph.problems import Cell, Problem
from s4s_graph.reading import Sheet, Value, letters
from s4s_graph.steering import STEERING

RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@dataclass(frozen=True)
class Reference:
    """A text that is no id where a thing is meant: perhaps the name of one, else the problem."""

    subject: NamedNode
    field: Field
    text: str
    cell: Cell
    problem: Problem

    def triple(self, thing: NamedNode) -> Triple:
        """Return what the cell says once it is known which thing is meant."""
        ends = (thing, self.subject) if self.field.inverse else (self.subject, thing)
        return Triple(ends[0], NamedNode(self.field.path), ends[1])


@dataclass(frozen=True)
class Layout:
    """How a sheet is laid out: its form, its graph, the letter of each column, and its rows."""

    form: Form
    graph: str
    letters: Mapping[str, str]
    rows: int


@dataclass(frozen=True)
class Table:
    """What a sheet says: its quads, the cell each triple stands in, and what could not be read.

    references: the problems that go away if a thing turns out to have that name.
    """

    quads: list[Quad]
    cells: dict[Triple, Cell]
    problems: list[Problem]
    references: list[Reference]
    layout: Layout


Found = tuple[Triple, Cell] | Problem | Reference
# A column of a sheet: which of the form, and what a spreadsheet calls it.
Header = Mapping[int, tuple[str, str]]


@dataclass(frozen=True)
class _Place:
    """What every cell of a sheet needs to know of that sheet."""

    file: str
    sheet: str | None
    form: Form
    columns: Mapping[str, tuple[Field, str | None]]
    base: str

    def cell(self, row: int, column: str | None = None, letter: str | None = None) -> Cell:
        return Cell(self.file, row, column, self.sheet, letter)


def read(sheet: Sheet, file: str, form: Form, graph: str, base: str) -> Table:
    """Read a sheet by the form of its class. All problems are returned, none is raised.

    `file` is what people call the file, `graph` the name of the graph that the quads go to.
    """
    place = _Place(file, sheet.name, form, headings.columns(form), base)
    header = columns(sheet, form)
    found = list(_table(sheet, header, place))
    places = dict(item for item in found if isinstance(item, tuple))
    references = [item for item in found if isinstance(item, Reference)]
    name = NamedNode(graph)
    return Table(
        [Quad(triple.subject, triple.predicate, triple.object, name) for triple in places],
        places,
        [
            item.problem if isinstance(item, Reference) else item
            for item in found
            if not isinstance(item, tuple)
        ],
        references,
        Layout(form, graph, dict(header.values()), sum(map(any, sheet.rows[1:]))),
    )


def records(sheet: Sheet, form: Form) -> Iterator[tuple[int, dict[str, Value]]]:
    """Yield each row with something in it: its number, and its cells by the column they mean."""
    header = columns(sheet, form)
    for number, row in enumerate(sheet.rows[1:], start=2):
        if any(row):
            yield (
                number,
                {column: row[index] for index, (column, _) in header.items() if index < len(row)},
            )


def columns(sheet: Sheet, form: Form) -> Header:
    """Return the columns that are known, by their place in the row; of two alike, the first."""
    known = headings.known(form)
    found: dict[str, int] = {}
    for index, heading in enumerate(sheet.rows[0] if sheet.rows else ()):
        column = known.get(headings.fold(str(heading)))
        if column is not None:
            found.setdefault(column, index)
    return {index: (column, letters(index)) for column, index in found.items()}


def _table(sheet: Sheet, header: Header, place: _Place) -> Iterator[Found]:
    if not sheet.rows or not any(sheet.rows[0]):
        yield Problem.at(Cell(place.file, sheet=place.sheet), _EMPTY)
        return
    yield from _header(sheet, header, place)
    if ID not in dict(header.values()):
        return
    first: dict[str, int] = {}
    width = len(_trimmed(sheet.rows[0]))
    for number, row in enumerate(sheet.rows[1:], start=2):
        if any(row):
            if any(row[width:]):
                many = _too_many(len(_trimmed(row)), width)
                yield Problem.at(place.cell(number), many)
            yield from _row(row, header, number, first, place)


def _header(sheet: Sheet, header: Header, place: _Place) -> Iterator[Problem]:
    row = [str(heading) for heading in _trimmed(sheet.rows[0])]
    known = [ID, *place.columns]
    names = headings.known(place.form)
    if len(row) == 1 and ";" in row[0]:
        yield Problem.at(place.cell(1), _SEMICOLONS)
        return
    if ID not in dict(header.values()):
        yield Problem.at(place.cell(1), _NO_ID)
    for index, heading in enumerate(row):
        cell = place.cell(1, heading or None, letters(index))
        if not heading:
            if any(index < len(line) and line[index] for line in sheet.rows[1:]):
                yield Problem.at(cell, _NO_HEADING)
        elif headings.fold(heading) not in names:
            yield Problem.at(cell, _unknown_column(heading, known, names), heading)
        elif index not in header:
            yield Problem.at(cell, _COLUMN_TWICE, heading)


def _row(
    row: Sequence[Value], header: Header, number: int, first: dict[str, int], place: _Place
) -> Iterator[Found]:
    at = {column: (index, letter) for index, (column, letter) in header.items()}
    index, letter = at[ID]
    slug, cell = as_id(row[index] if index < len(row) else ""), place.cell(number, ID, letter)
    if not SLUG.fullmatch(slug):
        yield Problem.at(cell, slug_advice(slug) if slug else _ID_MISSING, slug or None)
        return
    if slug in first:
        yield Problem.at(cell, _id_twice(first[slug]), slug)
        return
    first[slug] = number
    subject = NamedNode(f"{place.base}id/{place.form.segment}/{slug}")
    for predicate, value in _constants(place.form):
        yield Triple(subject, predicate, value), cell
    for index, (column, letter) in header.items():
        if column != ID and index < len(row) and row[index] != "":
            yield from _cell(subject, row[index], place.cell(number, column, letter), place)


def as_id(value: Value) -> str:
    """Return what stands in the column id as text."""
    # A number without a fraction is what a spreadsheet makes of an id such as 2024.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _constants(form: Form) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    if form.class_iri:
        yield RDF_TYPE, NamedNode(form.class_iri)
    for field in form.fields:
        if field.constant is not None:
            is_iri = field.kind in ("iri", "thing")
            value = NamedNode(field.constant) if is_iri else Literal(field.constant)
            yield NamedNode(field.path), value


def _cell(subject: NamedNode, value: Value, cell: Cell, place: _Place) -> Iterator[Found]:
    field, lang = place.columns[cell.column or ""]
    try:
        text = cells.text(value, field).replace(BASE, place.base)
    except CellError as error:
        yield Problem.at(cell, error.message, str(value))
        return
    if STEERING.search(text):
        yield Problem.at(cell, _CONTROL_CHARACTER, repr(text))
        return
    for part in split(text, field):
        try:
            found = term(part, field, lang, place.base)
        except CellError as error:
            problem = Problem.at(cell, error.message, part)
            is_name = field.kind == "thing"
            yield Reference(subject, field, part, cell, problem) if is_name else problem
            continue
        if not field.inverse:
            yield Triple(subject, NamedNode(field.path), found), cell
        elif isinstance(found, NamedNode):
            yield Triple(found, NamedNode(field.path), subject), cell


def _trimmed(row: Sequence[Value]) -> Sequence[Value]:
    filled = [index for index, value in enumerate(row) if value != ""]
    return row[: filled[-1] + 1] if filled else ()


def _unknown_column(heading: str, known: Sequence[str], names: Mapping[str, str]) -> Text:
    found = get_close_matches(headings.fold(heading), names, n=1)
    if found:
        column = names[found[0]]
        near = column if found[0] == column.casefold() else found[0]
        return Text(
            nl=f"deze kolom bestaat niet; bedoelt u {near}?",
            en=f"there is no such column; did you mean {near}?",
        )
    listed = ", ".join(known)
    return Text(
        nl=f"deze kolom bestaat niet; de kolommen zijn {listed}",
        en=f"there is no such column; the columns are {listed}",
    )


def _too_many(cells: int, header: int) -> Text:
    return Text(
        nl=f"de rij heeft {cells} cellen en de kop {header}; zet tekst met een komma erin "
        "tussen aanhalingstekens",
        en=f"the row has {cells} cells and the header {header}; put quotation marks around text "
        "that has a comma in it",
    )


def _id_twice(row: int) -> Text:
    return Text(
        nl=f"dit id staat al in rij {row}; elke rij heeft een eigen id",
        en=f"this id stands in row {row} already; each row has its own id",
    )


_EMPTY = Text(
    nl="het bestand is leeg; de eerste rij noemt de kolommen, de eerste daarvan is id",
    en="the file is empty; its first row names the columns, the first of which is id",
)
_SEMICOLONS = Text(
    nl="de kolommen zijn gescheiden door ';'; bewaar het bestand met komma's als scheidingsteken",
    en="the columns are separated by ';'; save the file with commas between them",
)
_NO_ID = Text(
    nl="er is geen kolom id; de eerste rij noemt de kolommen, en elke rij heeft een id",
    en="there is no column id; the first row names the columns, and each row has an id",
)
_NO_HEADING = Text(
    nl="boven deze kolom staat geen naam; geef haar er een of maak haar leeg",
    en="there is no name above this column; give it one or empty it",
)
_COLUMN_TWICE = Text(
    nl="deze kolom staat er twee keer; laat er een weg", en="this column occurs twice; keep one"
)
_ID_MISSING = Text(nl="de rij heeft geen id; geef er een", en="the row has no id; give it one")
_CONTROL_CHARACTER = Text(
    nl="de tekst bevat een onzichtbaar stuurteken; typ de tekst opnieuw",
    en="the text holds an invisible control character; type the text again",
)
