"""CSV of anyone, read by a file of YAML that says which column is what.

base: https://example.org/id/        # before ids that are no IRI
type: https://example.org/def#Skill  # optional, beside skos:Concept
scheme: https://example.org/skills   # optional
delimiter: ";"                       # between columns; "," if it is not said
separator: "|"                       # between several values in a cell, optional
columns:
  code: id
  naam: prefLabel@nl
  synoniemen: altLabel@nl
  hoort onder: broader
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import yaml

from s4s_graph.forms import Text
from s4s_graph.problems import Cell, Problem
from s4s_graph.vocabularies.collecting import RefusedError
from s4s_graph.vocabularies.inputs import Input
from s4s_graph.vocabularies.rows import Rows, Said
from s4s_graph.vocabularies.terms import CONCEPT, DCTERMS, REPLACED_BY, SKOS, TYPE, is_iri, node

_ID = "id"
_MEANING = re.compile(r"(\w+)(?:@([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?")
_NAMES = ("prefLabel", "altLabel", "hiddenLabel")
_TEXTS = {
    name: f"{SKOS}{name}" for name in (*_NAMES, "definition", "scopeNote", "note", "example")
} | {"description": f"{DCTERMS}description"}
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_THINGS = {
    name: f"{SKOS}{name}" for name in ("broader", "narrower", "related", "inScheme", *_MATCHES)
} | {"replacedBy": REPLACED_BY[0]}
_CODES = {"notation": f"{SKOS}notation"}
_MEANINGS = (_ID, *_TEXTS, *_THINGS, *_CODES)
# A separator does not part what is a text of sentences.
_LISTS = {*_NAMES, *_THINGS, *_CODES}
_KEYS = ("base", "type", "scheme", "delimiter", "separator", "columns")


@dataclass(frozen=True)
class Layout:
    """What a file of columns says; columns: a meaning and a language by heading."""

    columns: Mapping[str, tuple[str, str | None]]
    base: str | None = None
    type: str | None = None
    scheme: str | None = None
    delimiter: str = ","
    separator: str | None = None


def layout(path: Path) -> Layout:
    """Return what a file of columns says. Raises RefusedError, and OSError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RefusedError(_unreadable(path, str(error).replace("\n", " "))) from error
    if not isinstance(content, dict) or not isinstance(content.get("columns"), dict):
        raise RefusedError(_no_columns(path))
    for key, value in content.items():
        if key not in _KEYS:
            raise RefusedError(_unknown(path, str(key), _KEYS))
        if key != "columns" and not (isinstance(value, str) and value):
            raise RefusedError(_no_text(path, key))
        if key in ("base", "type", "scheme") and not is_iri(value):
            raise RefusedError(_no_iri(path, key, value))
        if key == "delimiter" and len(value) != 1:
            raise RefusedError(_no_text(path, key))
    columns = {str(name): _meaning(path, said) for name, said in content["columns"].items()}
    if not {_ID, "prefLabel"} <= {means for means, _ in columns.values()}:
        raise RefusedError(_no_columns(path))
    return Layout(**{**content, "columns": columns})


def read(files: Iterable[Input], rows: Rows, how: Layout) -> Iterator[Said]:
    """Yield what each row says; what is wrong with files and rows goes to the problems of `rows`.

    Raises RefusedError above the limit of rows.
    """
    for file in files:
        lines = rows.read(file, how.delimiter)
        _, heading = next(lines, (0, None))
        if heading is None:
            continue
        if missing := [name for name in how.columns if name not in heading]:
            rows.problems.add(Problem.at(Cell(file.name, 1), _missing(missing, heading)))
            continue
        reader = _Reader(how, heading)
        for number, cells in lines:
            said = reader.said(Cell(file.name, number), cells)
            if isinstance(said, Problem):
                rows.problems.add(said)
            else:
                yield Cell(file.name, number), said


@dataclass
class _Reader:
    """Reads the rows of one file."""

    how: Layout
    heading: list[str]
    rows: dict[str, int] = field(default_factory=dict)

    def said(self, cell: Cell, cells: list[str]) -> list[ox.Quad] | Problem:
        if len(cells) != len(self.heading):
            return Problem.at(cell, _width(len(cells), len(self.heading)))
        row = dict(zip(self.heading, cells, strict=True))
        (column,) = [name for name, (means, _) in self.how.columns.items() if means == _ID][:1]
        iri = self._iri(row[column])
        place = replace(cell, column=column)
        if iri is None:
            return Problem.at(place, _NO_ID if row[column] else _EMPTY_ID, row[column] or None)
        before = self.rows.setdefault(iri, cell.row or 0)
        if before != cell.row:
            return Problem.at(place, _twice(before), row[column])
        concept = node(iri)
        quads = [ox.Quad(concept, TYPE, CONCEPT)]
        for path, value in (("type", self.how.type), ("inScheme", self.how.scheme)):
            if value:
                where = TYPE if path == "type" else node(_THINGS[path])
                quads.append(ox.Quad(concept, where, node(value)))
        for name, (means, language) in self.how.columns.items():
            for value in self._values(row[name], means):
                quad = self._quad(concept, means, language, value)
                if quad is None:
                    return Problem.at(replace(cell, column=name), _MISFIT, value)
                quads.append(quad)
        return quads

    def _values(self, text: str, means: str) -> list[str]:
        if means == _ID or not text:
            return []
        if self.how.separator is None or means not in _LISTS:
            return [text]
        return [part.strip() for part in text.split(self.how.separator) if part.strip()]

    def _quad(
        self, concept: ox.NamedNode, means: str, language: str | None, value: str
    ) -> ox.Quad | None:
        if means in _THINGS:
            iri = self._iri(value)
            return ox.Quad(concept, node(_THINGS[means]), node(iri)) if iri else None
        # A text that is an IRI came from another column.
        if is_iri(value):
            return None
        if means in _CODES:
            return ox.Quad(concept, node(_CODES[means]), ox.Literal(value))
        text = ox.Literal(value, language=language) if language else ox.Literal(value)
        return ox.Quad(concept, node(_TEXTS[means]), text)

    def _iri(self, text: str) -> str | None:
        if is_iri(text):
            return text
        # What has white space in it is the text of another column.
        if not text or self.how.base is None or re.search(r"\s", text) or "://" in text:
            return None
        return self.how.base + quote(text)


def _meaning(path: Path, said: Any) -> tuple[str, str | None]:
    found = _MEANING.fullmatch(str(said))
    if found is None or found[1] not in _MEANINGS or (found[2] and found[1] not in _TEXTS):
        raise RefusedError(_unknown(path, str(said), _MEANINGS))
    return found[1], found[2]


def _unreadable(path: Path, what: str) -> Text:
    return Text(nl=f"{path}: dit is geen YAML: {what}", en=f"{path}: this is no YAML: {what}")


def _no_columns(path: Path) -> Text:
    return Text(
        nl=f"{path}: zeg onder 'columns' van elke kolom wat zij is, in elk geval van één kolom "
        "'id' en van één 'prefLabel@nl' (of een andere taal)",
        en=f"{path}: say under 'columns' what each column is, at least of one column 'id' and of "
        "one 'prefLabel@en' (or another language)",
    )


def _unknown(path: Path, word: str, known: Sequence[str]) -> Text:
    near = ", ".join(get_close_matches(word, known, n=2) or known)
    return Text(
        nl=f"{path}: '{word}' is hier niet bekend; gebruik {near}",
        en=f"{path}: '{word}' is not known here; use {near}",
    )


def _no_text(path: Path, key: str) -> Text:
    return Text(
        nl=f"{path}: '{key}' moet een tekst tussen aanhalingstekens zijn"
        + (" van één teken" if key == "delimiter" else ""),
        en=f"{path}: '{key}' must be a text in quotes"
        + (" of one character" if key == "delimiter" else ""),
    )


def _no_iri(path: Path, key: str, value: str) -> Text:
    return Text(
        nl=f"{path}: '{key}' is '{value}'; geef een webadres dat met https:// begint",
        en=f"{path}: '{key}' is '{value}'; give a web address that starts with https://",
    )


def _missing(names: Sequence[str], heading: Sequence[str]) -> Text:
    return Text(
        nl=f"in de kop ontbreekt {', '.join(names)}; er staat {', '.join(heading)}; kijk naar het "
        "scheidingsteken ('delimiter') en de namen onder 'columns'",
        en=f"the heading lacks {', '.join(names)}; it has {', '.join(heading)}; look at the "
        "separator ('delimiter') and the names under 'columns'",
    )


def _width(cells: int, columns: int) -> Text:
    return Text(
        nl=f"deze rij heeft {cells} cellen en de kop {columns}; kijk of een scheidingsteken of "
        "aanhalingsteken ontbreekt of te veel is",
        en=f"this row has {cells} cells and the heading {columns}; look for a separator or a "
        "quote that is missing or one too many",
    )


def _twice(row: int) -> Text:
    return Text(
        nl=f"dit id staat al in rij {row}; elk begrip heeft één rij, haal er een weg",
        en=f"this id stands in row {row} already; each concept has one row, remove one",
    )


_EMPTY_ID = Text(
    nl="deze rij heeft geen id; geef elk begrip een eigen id",
    en="this row has no id; give each concept an id of its own",
)
_NO_ID = Text(
    nl="dit is geen id: er staan spaties in of het is geen volledig adres; kijk of de cellen "
    "verschoven zijn, of zet 'base' in het bestand met kolommen",
    en="this is no id: it has spaces or is no full address; look whether the cells have shifted, "
    "or put 'base' in the file of columns",
)
_MISFIT = Text(
    nl="dit past niet in deze kolom; kijk of de cellen van deze rij verschoven zijn",
    en="this does not fit this column; look whether the cells of this row have shifted",
)
