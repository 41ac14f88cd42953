"""All that the files of a vocabulary say, sorted in one file, and what is wrong with it.

Every problem is found in one go. Where a problem stands is looked up afterwards, in a second
reading of the files: to remember the place of each statement would take most of the memory.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from s4s_graph import dumps
from s4s_graph.forms import Text
from s4s_graph.problems import WARNING, Cell, Problem
from s4s_graph.progress import READ, SORT, VALIDATE, Progress, quiet
from s4s_graph.vocabularies import checks, esco, mapped, rdf
from s4s_graph.vocabularies.checks import Fault, Overview
from s4s_graph.vocabularies.collecting import KEPT, Collected
from s4s_graph.vocabularies.fetching import Endpoint
from s4s_graph.vocabularies.inputs import Input, inputs, sha256
from s4s_graph.vocabularies.rows import Rows, Said

CSV = ".csv"
# More links to concepts that no file describes than this mean that a file was forgotten; the
# publishers of ESCO themselves left out one of 24,000.
GAPS = 0.01


@dataclass(frozen=True)
class Given:
    """What a vocabulary is read from: files, or an endpoint.

    is_esco: whether CSV is that of ESCO; else `layout` says how to read it. incomplete: whether
    concepts may be above others that no file describes.
    """

    files: tuple[Path, ...] = ()
    is_esco: bool = False
    layout: mapped.Layout | None = None
    endpoint: Endpoint | None = None
    incomplete: bool = False

    def suffixes(self) -> tuple[str, ...]:
        """Return how the names of its files end."""
        if self.layout:
            return (CSV,)
        return (CSV, *rdf.SUFFIXES) if self.is_esco else rdf.SUFFIXES


@dataclass
class Gathered:
    """Statements as sorted lines of N-Triples, what they hold, and what is wrong with them.

    files: the SHA-256 of each file given, by name.
    """

    statements: Path
    overview: Overview
    problems: Collected
    files: Mapping[str, str] = field(default_factory=dict)


def gather(given: Given, work: Path, progress: Progress = quiet) -> Gathered:
    """Read everything into a new folder `work`. Raises RefusedError and OSError."""
    work.mkdir()
    problems = Collected()
    wanted, other = inputs(given.files, given.suffixes())
    for file in other:
        skipped = Problem.at(Cell(file.name), _skipped(given.suffixes()))
        problems.add(replace(skipped, severity=WARNING))
    tables = [file for file in wanted if file.file_name.lower().endswith(CSV)]
    graphs = [file for file in wanted if file not in tables]
    each = _Counted(progress, len(wanted))
    runs = [
        *dumps.runs(_quads(_rows(given, each.of(tables), problems)), work / "rows"),
        *rdf.runs(each.of(graphs), work / "graphs", problems),
        *_fetched(given.endpoint, work / "fetched", problems),
    ]
    progress(SORT, 0, 1)
    sorted_ = work / "sorted.nt"
    dumps.n_quads(runs, sorted_)
    progress(VALIDATE, 0, 1)
    overview = checks.overview(sorted_)
    if not overview.concepts and not problems.errors:
        problems.add(Problem.at(Cell(_named(given)), _NOTHING))
    _add(overview, given, tables, graphs, problems)
    checksums = {path.name: sha256(path) for path in given.files}
    return Gathered(sorted_, overview, problems, checksums)


class _Counted:
    """Hands out files to read, and tells how many were read."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._read = 0

    def of(self, files: Iterable[Input]) -> Iterator[Input]:
        for file in files:
            self._progress(READ, self._read, self._total)
            yield file
            self._read += 1


def _rows(given: Given, tables: Iterable[Input], problems: Collected) -> Iterator[Said]:
    rows = Rows(problems)
    return mapped.read(tables, rows, given.layout) if given.layout else esco.read(tables, rows)


def _quads(rows: Iterable[Said]) -> Iterator[ox.Quad]:
    return (quad for _, quads in rows for quad in quads)


def _fetched(endpoint: Endpoint | None, folder: Path, problems: Collected) -> list[Path]:
    if endpoint is None:
        return []
    runs = dumps.runs((quad for page in endpoint.statements() for quad in page), folder)
    if endpoint.blank:
        left_out = Problem.at(Cell(endpoint.url), _BLANK, str(endpoint.blank))
        problems.add(replace(left_out, severity=WARNING))
    return runs


def _add(
    overview: Overview, given: Given, tables: list[Input], graphs: list[Input], problems: Collected
) -> None:
    """Add the faults of the whole to the problems, those that stop an import first."""
    gaps = sum(fault.is_gap for fault in overview.faults)
    is_partial = given.incomplete or gaps <= overview.links * GAPS
    # What refers to a row that could not be read is not wrong itself.
    faults = [fault for fault in overview.faults if not (fault.is_gap and problems.errors)]
    faults.sort(key=lambda fault: fault.is_gap)
    places = _places(faults[:KEPT], lambda: _rows(given, tables, Collected()), tables, graphs)
    for fault in faults:
        problem = _problem(fault, places, _named(given))
        if fault.is_gap and is_partial:
            problem = replace(problem, severity=WARNING)
        elif fault.is_gap:
            problem = replace(problem, message=_with(problem.message, _GAP))
        problems.add(problem)


@dataclass(frozen=True)
class _Places:
    """Where statements stand in tables, and things in other files: the file and the line."""

    rows: Mapping[ox.Quad, Cell]
    lines: Mapping[str, tuple[str, int]]


def _places(
    faults: list[Fault],
    rows: Callable[[], Iterator[Said]],
    tables: list[Input],
    graphs: list[Input],
) -> _Places:
    wanted = {_quad(line) for fault in faults for line in fault.lines}
    found: dict[ox.Quad, Cell] = {}
    for cell, quads in rows() if wanted and tables else ():
        for quad in quads:
            if quad in wanted:
                found.setdefault(quad, cell)
    lines: dict[str, tuple[str, int]] = {}
    for file in graphs:
        for iri, number in rdf.lines(file, (fault.subject for fault in faults)).items():
            lines.setdefault(iri, (file.name, number))
    return _Places(found, lines)


def _problem(fault: Fault, places: _Places, name: str) -> Problem:
    cells = [places.rows[quad] for line in fault.lines if (quad := _quad(line)) in places.rows]
    value = fault.value or fault.subject
    if cells:
        cell, *others = dict.fromkeys(cells)
        return Problem.at(cell, _also(fault.message, others), value)
    if fault.subject in places.lines:
        file, number = places.lines[fault.subject]
        return Problem.at(Cell(file), _on_line(number, fault.message), value)
    return Problem.at(Cell(name), fault.message, value)


def _quad(line: str) -> ox.Quad:
    (quad,) = ox.parse(line, ox.RdfFormat.N_QUADS)
    return cast("ox.Quad", quad)


def _named(given: Given) -> str:
    if given.endpoint:
        return given.endpoint.url
    return ", ".join(path.name for path in given.files)


def _also(message: Text, cells: list[Cell]) -> Text:
    if not cells:
        return message
    return Text(
        nl=f"{message.nl} (zie ook {'; '.join(cell.place('nl') for cell in cells)})",
        en=f"{message.en} (see also {'; '.join(cell.place('en') for cell in cells)})",
    )


def _on_line(number: int, message: Text) -> Text:
    return Text(nl=f"regel {number}: {message.nl}", en=f"line {number}: {message.en}")


def _with(message: Text, more: Text) -> Text:
    return Text(nl=f"{message.nl}; {more.nl}", en=f"{message.en}; {more.en}")


def _skipped(suffixes: Iterable[str]) -> Text:
    known = ", ".join(suffixes)
    return Text(
        nl=f"dit bestand in de zip is overgeslagen; gelezen wordt {known}",
        en=f"this file in the zip was skipped; what is read is {known}",
    )


_GAP = Text(
    nl="geef ook het bestand waarin het staat, of lees in met --incomplete",
    en="give the file that has it as well, or import with --incomplete",
)
_NOTHING = Text(
    nl="hier staat geen begrip in; kijk of dit het goede bestand is",
    en="there is no concept in this; look whether it is the right file",
)
_BLANK = Text(
    nl="uitspraken over iets zonder naam zijn weggelaten, omdat een endpoint niet zegt welke "
    "bij elkaar horen; neem het bestand van de uitgever als ze nodig zijn",
    en="statements about something without a name were left out, since an endpoint does not say "
    "which belong together; take the file of the publisher if they are needed",
)
