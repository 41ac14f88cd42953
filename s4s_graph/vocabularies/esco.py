"""ESCO as it is published in CSV, of any version, turned into its own RDF and nothing else.

A file is known by its heading, whatever it is called, but for the language of its texts, which
only its name tells: skills_nl.csv. Terms are those of the published RDF of ESCO: a skill group and
an ISCO group have no class of their own there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from s4s_graph.forms import Text
from s4s_graph.problems import WARNING, Cell, Problem
from s4s_graph.vocabularies.collecting import Collected
from s4s_graph.vocabularies.esco_columns import (
    CLASSES,
    CODE,
    COLUMNS,
    RELATED,
    RELATIONS,
    SCHEME,
    TOLD,
    URI,
    Column,
)
from s4s_graph.vocabularies.inputs import Input
from s4s_graph.vocabularies.rows import Rows, Said
from s4s_graph.vocabularies.terms import BROADER, CONCEPT, PREFERRED, TYPE, is_iri, node

_LANGUAGE = re.compile(r"_([a-z]{2,3}(?:-[a-z]{2,8})?)\.csv", re.IGNORECASE)
_RELATION = "relationType"
_LEVELS = range(4)

# Says what a row says, or what is wrong with it.
_Reader = Callable[[Cell, list[str]], list[ox.Quad] | Problem]


def read(files: Iterable[Input], rows: Rows) -> Iterator[Said]:
    """Yield what each row says; what is wrong with files and rows goes to the problems of `rows`.

    Raises RefusedError above the limit of rows.
    """
    for file in files:
        lines = rows.read(file)
        _, heading = next(lines, (0, None))
        reader = _reader(file, heading, rows.problems) if heading else None
        if reader is None:
            continue
        for number, cells in lines:
            cell = Cell(file.name, number)
            said = reader(cell, cells)
            if isinstance(said, Problem):
                rows.problems.add(said)
            else:
                yield cell, said


def _reader(file: Input, heading: list[str], problems: Collected) -> _Reader | None:
    """Return what reads the rows below a heading, or None with a problem if nothing does."""
    columns = set(heading)
    if "preferredLabel" in columns and columns & {URI, SCHEME}:
        for name in sorted(columns - {*COLUMNS, *TOLD}):
            problems.add(_warned(Cell(file.name, 1, name), _UNKNOWN_COLUMN))
        language = _language(file, problems)
        return _Concepts(heading, language) if language else None
    if {URI, "broaderUri"} <= columns:
        return _Pairs(heading, (URI, "broaderUri"))
    for ends in (("occupationUri", "skillUri"), ("originalSkillUri", "relatedSkillUri")):
        if {*ends, _RELATION} <= columns:
            return _Pairs(heading, ends)
    if {f"Level {level} {what}" for level in _LEVELS for what in _Hierarchy.PARTS} <= columns:
        language = _language(file, problems)
        return _Hierarchy(heading, language) if language else None
    problems.add(_warned(Cell(file.name, 1), _UNKNOWN_FILE, ",".join(heading)[:80]))
    return None


@dataclass
class _Concepts:
    """Reads rows that each describe a concept or a scheme.

    rows: the row of each that was read.
    """

    heading: list[str]
    language: str
    rows: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._uri = URI if URI in self.heading else SCHEME
        self._known = {name: COLUMNS[name] for name in self.heading if name in COLUMNS}

    def __call__(self, cell: Cell, cells: list[str]) -> list[ox.Quad] | Problem:
        if problem := _misfit(cell, cells, self.heading, self._known, (self._uri,)):
            return problem
        row = dict(zip(self.heading, cells, strict=True))
        uri = row[self._uri]
        before = self.rows.setdefault(uri, cell.row or 0)
        if before != cell.row:
            return Problem.at(replace(cell, column=self._uri), _twice(before), uri)
        concept = node(uri)
        quads = [ox.Quad(concept, TYPE, kind) for kind in _classes(row.get("conceptType"))]
        for name, column in self._known.items():
            if column.path is not None:
                for value in column.values(row[name]):
                    quads.append(ox.Quad(concept, column.path, column.term(value, self.language)))
        return quads


@dataclass
class _Pairs:
    """Reads rows that each say how two concepts are related."""

    heading: list[str]
    ends: tuple[str, str]

    def __post_init__(self) -> None:
        self._known = {
            name: column for name, column in (COLUMNS | RELATED).items() if name in self.heading
        }
        self._needed = [name for name in (*self.ends, _RELATION) if name in self.heading]
        self._places = [self.heading.index(name) for name in self._needed]

    def __call__(self, cell: Cell, cells: list[str]) -> list[ox.Quad] | Problem:
        if problem := _misfit(cell, cells, self.heading, self._known, self._needed):
            return problem
        one, other, *relation = (cells[place] for place in self._places)
        if not relation:
            return [ox.Quad(node(one), BROADER, node(other))]
        # The published RDF says it both ways.
        there, back = RELATIONS[relation[0]]
        return [ox.Quad(node(one), there, node(other)), ox.Quad(node(other), back, node(one))]


@dataclass
class _Hierarchy:
    """Reads rows that each are a path through the groups, from level 0 down.

    Descriptions are left to the file of groups: here they are English in the files of any language.
    """

    PARTS = ("URI", "preferred term", "code")

    heading: list[str]
    language: str

    def __call__(self, cell: Cell, cells: list[str]) -> list[ox.Quad] | Problem:
        # Rows end with their last cell that is not empty.
        if len(cells) > len(self.heading):
            return Problem.at(cell, _width(len(cells), len(self.heading)))
        row = dict.fromkeys(self.heading, "") | dict(zip(self.heading, cells, strict=False))
        quads: list[ox.Quad] = []
        above: ox.NamedNode | None = None
        for level in _LEVELS:
            uri, term, code = (row[f"Level {level} {part}"] for part in self.PARTS)
            if not uri:
                break
            if not is_iri(uri) or is_iri(term):
                return Problem.at(replace(cell, column=f"Level {level} URI"), _MISFIT, uri)
            group = node(uri)
            quads.extend(self._said(group, term, code))
            if above is not None:
                quads.append(ox.Quad(group, BROADER, above))
            above = group
        return quads

    def _said(self, group: ox.NamedNode, term: str, code: str) -> Iterator[ox.Quad]:
        yield ox.Quad(group, TYPE, CONCEPT)
        if term:
            yield ox.Quad(group, PREFERRED, ox.Literal(term, language=self.language))
        if code:
            yield ox.Quad(group, CODE, ox.Literal(code))


def _classes(kind: str | None) -> tuple[ox.NamedNode, ...]:
    return CLASSES[kind] if kind else (CONCEPT,)


def _misfit(
    cell: Cell,
    cells: list[str],
    heading: list[str],
    columns: Mapping[str, Column],
    needed: Sequence[str],
) -> Problem | None:
    """Return what is wrong with a row: one problem, for a cell too many moves all after it."""
    if len(cells) != len(heading):
        return Problem.at(cell, _width(len(cells), len(heading)))
    row = dict(zip(heading, cells, strict=True))
    wrong = [
        name
        for name, value in row.items()
        if (not value and name in needed)
        or (name in columns and not all(map(columns[name].fits, columns[name].values(value))))
    ]
    if not wrong:
        return None
    value = row[wrong[0]]
    message = _shifted(wrong) if len(wrong) > 1 else _MISFIT if value else _EMPTY
    return Problem.at(replace(cell, column=wrong[0]), message, value or None)


def _language(file: Input, problems: Collected) -> str | None:
    if found := _LANGUAGE.search(file.file_name):
        return found[1].lower()
    problems.add(Problem.at(Cell(file.name), _NO_LANGUAGE))
    return None


def _warned(cell: Cell, message: Text, value: str | None = None) -> Problem:
    return replace(Problem.at(cell, message, value), severity=WARNING)


def _twice(row: int) -> Text:
    return Text(
        nl=f"deze URI staat al in rij {row}; elk begrip heeft één rij, haal er een weg",
        en=f"this URI stands in row {row} already; each concept has one row, remove one",
    )


def _width(cells: int, columns: int) -> Text:
    return Text(
        nl=f"deze rij heeft {cells} cellen en de kop {columns}; kijk of een scheidingsteken of "
        "aanhalingsteken ontbreekt of te veel is",
        en=f"this row has {cells} cells and the heading {columns}; look for a separator or a "
        "quote that is missing or one too many",
    )


def _shifted(names: Sequence[str]) -> Text:
    return Text(
        nl=f"de cellen van deze rij passen niet bij hun kolommen ({', '.join(names)}); er is "
        "waarschijnlijk een cel weggevallen of bijgekomen, neem de rij van de uitgever over",
        en=f"the cells of this row do not fit their columns ({', '.join(names)}); a cell was "
        "probably left out or added, take the row as the publisher gives it",
    )


_MISFIT = Text(
    nl="dit past niet in deze kolom; neem de rij over zoals de uitgever hem geeft",
    en="this does not fit this column; take the row as the publisher gives it",
)
_EMPTY = Text(
    nl="deze cel is leeg en moet gevuld zijn; neem de rij over zoals de uitgever hem geeft",
    en="this cell is empty and must not be; take the row as the publisher gives it",
)
_NO_LANGUAGE = Text(
    nl="de naam zegt niet in welke taal de teksten zijn; noem het bestand zoals ESCO het noemt, "
    "bijvoorbeeld skills_nl.csv",
    en="the name does not say which language the texts are in; call the file as ESCO calls it, "
    "such as skills_en.csv",
)
_UNKNOWN_FILE = Text(
    nl="dit is geen bestand van ESCO dat hier wordt gelezen; het is overgeslagen",
    en="this is no file of ESCO that is read here; it was skipped",
)
_UNKNOWN_COLUMN = Text(
    nl="deze kolom is niet bekend en wordt niet ingelezen",
    en="this column is not known and is not imported",
)
