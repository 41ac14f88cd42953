"""A table as an editor keeps it: one CSV file, one row a thing, one column a field."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

from s4s_graph.cells import SLUG, CellError, slug_advice, split, term
from s4s_graph.forms import Field, Form, Text
from s4s_graph.namespaces import BASE
from s4s_graph.problems import Cell, Problem

RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ID = "id"
# XML 1.0, and so RDF/XML, has no way to write these characters.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Columns = Mapping[str, tuple[Field, str | None]]
Found = tuple[Triple, Cell] | Problem


@dataclass(frozen=True)
class Table:
    """What a file says: its quads, the cell each triple stands in, and what could not be read."""

    quads: list[Quad]
    cells: dict[Triple, Cell]
    problems: list[Problem]


@dataclass(frozen=True)
class _Place:
    """What every cell of a file needs to know of that file."""

    file: str
    form: Form
    columns: Columns
    base: str


def read(path: Path, form: Form, graph: str, base: str) -> Table:
    """Read a CSV file by the form of its class. All problems are returned, none is raised.

    `graph` is the name of the graph that the quads go to; the file is called after it.
    """
    file = f"{graph.removeprefix(f'{base}graph/')}{path.suffix}"
    try:
        rows = _rows(path.read_bytes().decode("utf-8-sig").replace(BASE, base))
    except UnicodeDecodeError as error:
        return Table([], {}, [_not_utf8(file, error)])
    except csv.Error as error:
        return Table([], {}, [_not_csv(file, error)])
    place = _Place(file, form, columns(form), base)
    found = list(_table(rows, place))
    cells = dict(item for item in found if not isinstance(item, Problem))
    name = NamedNode(graph)
    return Table(
        [Quad(triple.subject, triple.predicate, triple.object, name) for triple in cells],
        cells,
        [item for item in found if isinstance(item, Problem)],
    )


def columns(form: Form) -> dict[str, tuple[Field, str | None]]:
    """Return the columns of a form's table, each with its field and its language if it has one."""
    found: dict[str, tuple[Field, str | None]] = {}
    for field in form.fields:
        if field.constant is None:
            languages = field.languages if field.kind == "text" else (None,)
            found |= {
                column: (field, lang)
                for column, lang in zip(field.columns(), languages, strict=True)
            }
    return found


def _rows(text: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    return [[cell.replace("\r\n", "\n").strip() for cell in row] for row in reader]


def _table(rows: Sequence[list[str]], place: _Place) -> Iterator[Found]:
    if not rows or not any(rows[0]):
        yield Problem.at(Cell(place.file), _EMPTY)
        return
    header = rows[0]
    yield from _header(header, place)
    if ID not in header:
        return
    first: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        if any(row):
            if any(row[len(header) :]):
                yield Problem.at(Cell(place.file, number), _too_many(len(row), len(header)))
            by_column = dict(zip(header, row, strict=False))
            yield from _row(by_column, number, first, place)


def _header(header: Sequence[str], place: _Place) -> Iterator[Problem]:
    known = [ID, *place.columns]
    if len(header) == 1 and ";" in header[0]:
        yield Problem.at(Cell(place.file, 1), _SEMICOLONS)
        return
    if header[0] != ID:
        yield Problem.at(Cell(place.file, 1), _NO_ID, header[0])
    for index, column in enumerate(header):
        if column not in known:
            yield Problem.at(Cell(place.file, 1, column), _unknown_column(column, known), column)
        elif column in header[:index]:
            yield Problem.at(Cell(place.file, 1, column), _COLUMN_TWICE, column)


def _row(
    row: Mapping[str, str], number: int, first: dict[str, int], place: _Place
) -> Iterator[Found]:
    slug, cell = row[ID], Cell(place.file, number, ID)
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
    for column, text in row.items():
        if text and column in place.columns:
            yield from _cell(subject, text, Cell(place.file, number, column), place)


def _constants(form: Form) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    if form.class_iri:
        yield RDF_TYPE, NamedNode(form.class_iri)
    for field in form.fields:
        if field.constant is not None:
            is_iri = field.kind in ("iri", "thing")
            value = NamedNode(field.constant) if is_iri else Literal(field.constant)
            yield NamedNode(field.path), value


def _cell(subject: NamedNode, text: str, cell: Cell, place: _Place) -> Iterator[Found]:
    field, lang = place.columns[cell.column or ""]
    if _CONTROL.search(text):
        yield Problem.at(cell, _CONTROL_CHARACTER, repr(text))
        return
    predicate = NamedNode(field.path)
    for value in split(text, field):
        try:
            found = term(value, field, lang, place.base)
        except CellError as error:
            yield Problem.at(cell, error.message, value)
            continue
        if not field.inverse:
            yield Triple(subject, predicate, found), cell
        elif isinstance(found, NamedNode):
            yield Triple(found, predicate, subject), cell


def _not_utf8(file: str, error: UnicodeDecodeError) -> Problem:
    row = error.object.count(b"\n", 0, error.start) + 1
    message = Text(
        nl="het bestand is geen UTF-8; bewaar het als 'CSV UTF-8'",
        en="the file is not UTF-8; save it as 'CSV UTF-8'",
    )
    return Problem.at(Cell(file, row), message)


def _not_csv(file: str, error: csv.Error) -> Problem:
    message = Text(
        nl=f"dit is geen geldige CSV ({error}); kijk of elk aanhalingsteken gesloten is",
        en=f"this is not valid CSV ({error}); see whether each quotation mark is closed",
    )
    return Problem.at(Cell(file), message)


def _unknown_column(column: str, known: Sequence[str]) -> Text:
    near = get_close_matches(column, known, n=1)
    if near:
        return Text(
            nl=f"deze kolom bestaat niet; bedoelt u {near[0]}?",
            en=f"there is no such column; did you mean {near[0]}?",
        )
    names = ", ".join(known)
    return Text(
        nl=f"deze kolom bestaat niet; de kolommen zijn {names}",
        en=f"there is no such column; the columns are {names}",
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
_NO_ID = Text(nl="de eerste kolom moet id zijn", en="the first column has to be id")
_COLUMN_TWICE = Text(
    nl="deze kolom staat er twee keer; laat er een weg", en="this column occurs twice; keep one"
)
_ID_MISSING = Text(nl="de rij heeft geen id; geef er een", en="the row has no id; give it one")
_CONTROL_CHARACTER = Text(
    nl="de tekst bevat een onzichtbaar stuurteken; typ de tekst opnieuw",
    en="the text holds an invisible control character; type the text again",
)
