"""What a workbook is made of: the rows of a data folder, and the lists of the ontology."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import cells, headings, rdf, reading, sources, tables
from s4s_graph.cells import CellError
from s4s_graph.forms import Form, Forms, Text
from s4s_graph.headings import ID
from s4s_graph.reading import UnreadableError

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_TOLD = (f"{_SKOS}prefLabel", f"{_SKOS}definition")

Rows = Mapping[str, Sequence[Mapping[str, str]]]
Concept = tuple[str, Text]


class WorkbookError(ValueError):
    """A workbook that cannot be made; `message` says why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Content:
    """What a workbook is made of.

    rows: of each table, text by column. concepts: of each list, the ids in its order with their
    names. filled: whether the rows are written, or only offered in the drop-downs. part: where
    given, the workbook has the sheets of these tables only, with these rows.
    """

    forms: Forms
    rows: Rows
    concepts: Mapping[str, Sequence[Concept]]
    filled: bool
    part: Rows | None = None

    def has(self, form: Form) -> bool:
        """Tell whether a table has a sheet."""
        return self.part is None or form.table in self.part

    def written(self, form: Form) -> Sequence[Mapping[str, str]]:
        """Return the rows that are written on the sheet of a table."""
        rows = self.part if self.part is not None else self.rows if self.filled else {}
        return rows.get(form.table, ())


def stored(data: Path, forms: Forms) -> dict[str, list[dict[str, str]]]:
    """Return the rows of all tables in a data folder, by table, as text by column.

    Raises WorkbookError for a file that cannot be read, FileNotFoundError without the folder.
    """
    rows: dict[str, list[dict[str, str]]] = {}
    for file in sources.data_files(data):
        if file.path.suffix in reading.TABLES:
            try:
                for sheet, form in sources.sheets(file, forms):
                    found = rows.setdefault(form.table, [])
                    found.extend(_texts(row, form) for _, row in tables.records(sheet, form))
            except UnreadableError as error:
                raise WorkbookError(
                    Text(f"{file.name}: {error.message.nl}", f"{file.name}: {error.message.en}")
                ) from error
    return rows


def concepts(ontology: Path, forms: Forms, base: str) -> dict[str, list[Concept]]:
    """Return the concepts of each list of the ontology, by segment, with name and definition.

    Raises OSError and SyntaxError.
    """
    segments = {form.segment for form in forms if form.class_iri is None}
    said: dict[str, dict[str, list[str]]] = {}
    for file in sources.rdf_files(ontology, "ontology/"):
        for quad in rdf.statements(file.path, file.graph(base), base):
            if not isinstance(quad.subject, ox.NamedNode):
                continue
            texts = said.setdefault(quad.subject.value, {})
            if isinstance(quad.object, ox.Literal) and quad.predicate.value in _TOLD:
                texts.setdefault(quad.object.language or "", []).append(quad.object.value)
    found: dict[str, list[Concept]] = {}
    for iri, texts in said.items():
        segment, _, slug = iri.removeprefix(f"{base}id/").rpartition("/")
        if segment in segments:
            named = Text(nl=": ".join(texts.get("nl", ())), en=": ".join(texts.get("en", ())))
            found.setdefault(segment, []).append((slug, named))
    return found


def _texts(row: Mapping[str, reading.Value], form: Form) -> dict[str, str]:
    columns = headings.columns(form)
    found = {}
    for column, value in row.items():
        if column == ID:
            found[column] = tables.as_id(value)
        else:
            try:
                found[column] = cells.text(value, columns[column][0])
            except CellError:
                # Told by a check of the folder; here it stands as it was.
                found[column] = str(value)
    return found
