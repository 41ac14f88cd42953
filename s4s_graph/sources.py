"""The files of a build: ontology, shapes and data folder, each as a named graph of quads."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from errno import ENOENT
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from s4s_graph import folders, headings, rdf, reading, source_words, tables
from s4s_graph.forms import Form, Forms, Text
from s4s_graph.mappings import quads
from s4s_graph.mappings.read import read as read_mappings
from s4s_graph.mappings.sets import DERIVED_SET, FOLDER, SUFFIX
from s4s_graph.problems import Cell, Problem
from s4s_graph.rdf import FORMATS, NotRdfError, Statements, Term
from s4s_graph.reading import Sheet, UnreadableError

DERIVED = "derived"


@dataclass(frozen=True)
class File:
    """A file to read: its path, and its name as people know it, relative to its folder.

    is_ours: whether it is of the ontology or the shapes, and not something that was handed in.
    refused: why it must not be opened.
    """

    path: Path
    name: str
    is_ours: bool = False
    refused: Text | None = None

    def graph(self, base: str) -> str:
        """Return the name of its graph."""
        return f"{base}graph/{quote(str(Path(self.name).with_suffix('')))}"


@dataclass(frozen=True)
class Source:
    """What one file says, and what is wrong with it as a file.

    references: texts that may be names of things. layouts: of its tables, by name of the sheet.
    """

    name: str
    sha256: str
    quads: list[ox.Quad]
    cells: dict[ox.Triple, Cell]
    problems: list[Problem]
    references: list[tables.Reference] = field(default_factory=list)
    layouts: Mapping[str | None, tables.Layout] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Return how many rows its tables have, right or wrong."""
        return sum(layout.rows for layout in self.layouts.values())

    @property
    def is_unread(self) -> bool:
        """Tell whether nothing of the file could be read, so that what refers to it hangs."""
        return bool(self.problems) and not self.quads


def files(ontology: Path, shapes: Path, data: Path) -> list[File]:
    """Return the files that a build reads, in the order of their names.

    Raises FileNotFoundError when a folder is not there, since a misspelt one must not look empty,
    and FolderError as the next ones do.
    """
    for folder in (ontology, shapes, data):
        if not folder.is_dir():
            raise FileNotFoundError(ENOENT, "no such folder", str(folder))
    return [
        *rdf_files(ontology, "ontology/"),
        *rdf_files(shapes, "shapes/"),
        *data_files(data),
        *mapping_files(data),
    ]


def rdf_files(folder: Path, prefix: str) -> list[File]:
    """Return the RDF files below a folder; their names start with the prefix."""
    found = (file for file in _below(folder, prefix) if file.refused or _is_rdf(file))
    return [replace(file, is_ours=True) for file in found]


def data_files(data: Path) -> list[File]:
    """Return the files of a data folder, in the order of their names, and what is refused there.

    Vocabularies and mapping sets have their own readers. Raises FileNotFoundError when the folder
    is not there, and FolderError when it holds too much.
    """
    if not data.is_dir():
        raise FileNotFoundError(ENOENT, "no such folder", str(data))
    return [
        file
        for file in _below(data)
        if file.refused or not (_is_of_others(file.path) or _is_for_people(file.path))
    ]


def mapping_files(data: Path) -> list[File]:
    """Return the mapping sets in a data folder, in the order of their names."""
    return [file for file in _below(data) if not file.refused and _is_mappings(file.path)]


def sheets(file: File, forms: Forms) -> Iterator[tuple[Sheet, Form]]:
    """Yield the sheets of a file that are tables, each with its form. Raises UnreadableError."""
    if file.refused:
        raise UnreadableError(file.refused)
    for sheet in reading.sheets(file.path):
        form = _form(file, sheet, forms)
        if isinstance(form, Form):
            yield sheet, form


def read(file: File, forms: Forms, base: str) -> Source:
    """Read one file. What is wrong with it is in the problems of the source."""
    if file.refused:
        return Source(file.name, "", [], {}, [_problem(file, file.refused)])
    try:
        sha256, before = folders.digest(file.path)
    except OSError as error:
        return Source(file.name, "", [], {}, [_problem(file, folders.unreadable(error))])
    source = _read(file, sha256, forms, base)
    if folders.state(file.path) != before:
        # The manifest would have the checksum of something else.
        source.problems.append(_problem(file, source_words.CHANGED))
    return source


def _read(file: File, sha256: str, forms: Forms, base: str) -> Source:
    if file.path.name.endswith(SUFFIX):
        return _read_mappings(file, sha256, base)
    if file.path.suffix in reading.TABLES:
        return _read_tables(file, sha256, forms, base)
    if file.path.suffix not in FORMATS:
        kinds = (*reading.TABLES, *FORMATS)
        unknown = source_words.unknown_kind(file.path.suffix, kinds)
        return Source(file.name, sha256, [], {}, [_problem(file, unknown)])
    try:
        found = _statements(file, base)
    except NotRdfError as error:
        return Source(file.name, sha256, [], {}, [_problem(file, error.message)])
    problems = [_problem(file, source_words.TRIPLE_TERM, triple) for triple in found.quoted]
    problems.extend(_refused(file, found.quads, forms, base))
    return Source(file.name, sha256, found.quads, {}, problems)


def duplicates(sources: Iterable[Source]) -> Iterator[Problem]:
    """Return a problem for each row whose id stands in a table before it as well."""
    first: dict[object, Cell] = {}
    for source in sources:
        for triple, cell in source.cells.items():
            if triple.predicate == tables.RDF_TYPE and cell.column == headings.ID:
                before = first.setdefault((triple.subject, triple.object), cell)
                if (before.file, before.sheet) != (cell.file, cell.sheet):
                    yield Problem.at(cell, source_words.taken(before), _slug(triple.subject))


def _is_of_others(path: Path) -> bool:
    return path.match("vocabularies/*/*") or _is_mappings(path)


def _is_mappings(path: Path) -> bool:
    return path.match(f"{FOLDER}/*{SUFFIX}")


def _is_for_people(path: Path) -> bool:
    # A spreadsheet that has a file open keeps a lock beside it, whose name starts so.
    return path.name == "README.md" or path.name.startswith("~$")


def _is_rdf(file: File) -> bool:
    return file.path.suffix in FORMATS


def _below(folder: Path, prefix: str = "") -> list[File]:
    return [
        File(found.path, f"{prefix}{found.name}", refused=found.refused)
        for found in folders.files(folder)
    ]


def _statements(file: File, base: str) -> Statements:
    if not file.is_ours:
        return rdf.read_apart(file.path, file.graph(base), base)
    try:
        return Statements(list(rdf.statements(file.path, file.graph(base), base)), [])
    except SyntaxError as error:
        found = rdf.place(error, lambda: file.path.open("rb"), FORMATS[file.path.suffix])
        raise NotRdfError(source_words.not_read(error.msg, found)) from error


def _read_mappings(file: File, sha256: str, base: str) -> Source:
    found = read_mappings(file.path, file.name, base)
    graph = quads.graph(found.set.name, base)
    source = Source(file.name, sha256, [], {}, list(found.problems))
    if found.set.name == DERIVED_SET:
        source.problems.append(_problem(file, source_words.SET_TAKEN))
        return source
    for triple, line, column in quads.triples(found.set, base):
        source.quads.append(ox.Quad(triple.subject, triple.predicate, triple.object, graph))
        if line:
            source.cells.setdefault(triple, Cell(file.name, line, column or headings.ID))
    return source


def _read_tables(file: File, sha256: str, forms: Forms, base: str) -> Source:
    try:
        sheets = reading.sheets(file.path)
    except UnreadableError as error:
        problem = Problem.at(Cell(file.name, error.row), error.message)
        return Source(file.name, sha256, [], {}, [problem])
    return of_sheets(file, sha256, sheets, forms, base)


def of_sheets(file: File, sha256: str, sheets: Iterable[Sheet], forms: Forms, base: str) -> Source:
    """Return what the sheets of a file say. What is wrong is in the problems of the source."""
    source = Source(file.name, sha256, [], {}, [])
    layouts = {}
    for sheet in sheets:
        form = _form(file, sheet, forms)
        if isinstance(form, Problem):
            source.problems.append(form)
        elif form is not None:
            graph = file.graph(base) if sheet.name is None else f"{file.graph(base)}/{form.table}"
            table = tables.read(sheet, file.name, form, graph, base)
            source.quads.extend(table.quads)
            source.cells.update(table.cells)
            source.problems.extend(table.problems)
            source.references.extend(table.references)
            layouts[sheet.name] = table.layout
    return replace(source, layouts=layouts)


def _form(file: File, sheet: Sheet, forms: Forms) -> Form | Problem | None:
    """Return the form of a sheet, what is wrong with its name, or None if it is not for reading."""
    if sheet.name is None:
        name, form = file.path.stem, forms.by_table(file.path.stem)
    elif headings.is_ours(sheet.name) or not any(map(any, sheet.rows)):
        return None
    else:
        name, form = sheet.name, headings.table_of(sheet.name, forms)
    cell = Cell(file.name, sheet=sheet.name)
    if form is not None and form.computed:
        return Problem.at(cell, source_words.COMPUTED)
    if form is not None and form.class_iri is not None:
        return form
    known = [form for form in forms if form.class_iri and not form.computed]
    is_sheet = sheet.name is not None
    return Problem.at(cell, source_words.unknown_table(name, known, is_sheet=is_sheet))


def _refused(file: File, quads: Iterable[ox.Quad], forms: Forms, base: str) -> Iterator[Problem]:
    derived = ox.NamedNode(f"{base}graph/{DERIVED}")
    computed = {ox.NamedNode(form.class_iri) for form in forms if form.computed and form.class_iri}
    for quad in quads:
        if quad.graph_name == derived:
            yield _problem(file, source_words.DERIVED_TAKEN, str(quad.subject))
            return
        if quad.predicate == tables.RDF_TYPE and quad.object in computed:
            yield _problem(file, source_words.COMPUTED, str(quad.subject))


def _slug(thing: Term) -> str:
    return str(thing.value).rpartition("/")[2]


def _problem(file: File, message: Text, value: str | None = None) -> Problem:
    return Problem.at(Cell(file.name), message, value)
