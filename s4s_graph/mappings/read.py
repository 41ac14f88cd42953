"""Reading SSSOM from tables with a block of metadata, every problem at its file and line.

As https://mapping-commons.github.io/sssom/spec-formats-tsv/ describes them; of the predicates only
those of SKOS, because a match in a release is one of these.
"""

import csv
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Values
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from s4s_graph.forms import Text
from s4s_graph.mappings import header, told
from s4s_graph.mappings.header import Header
from s4s_graph.mappings.sets import Mapping, MappingSet, name_of
from s4s_graph.mappings.slots import OF_MAPPING, PROPAGATED, REQUIRED, Slot
from s4s_graph.mappings.values import Values as Reader
from s4s_graph.namespaces import BASE
from s4s_graph.problems import Cell, Problem

ROWS = 200_000
LINE_BYTES = 1 << 20
HEADER_LINES = 5_000
PROBLEMS = 1_000  # as many as anyone repairs before reading the file again


@dataclass(frozen=True)
class Read:
    """A set and what is wrong with its file. Rows with a problem are not in the set."""

    set: MappingSet
    problems: tuple[Problem, ...]
    rows: int


class UnreadableError(ValueError):
    """A file that holds no mapping set; `problem` says why and at which line."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text("en"))
        self.problem = problem


def read(path: Path, name: str, base: str = BASE) -> Read:
    """Read a file, which people know by a name. Our own address in it becomes `base`.

    A file that holds no set gives an empty one and the problem. Raises OSError.
    """
    try:
        with path.open("rb") as file:
            return _Table(name, base).read(_lines(file, name, base))
    except UnreadableError as error:
        return Read(MappingSet(name_of(name)), (error.problem,), 0)


def _lines(file: BinaryIO, name: str, base: str) -> Iterator[str]:
    """Yield the lines of a file, decoded one by one: a file may be larger than the memory."""
    number = 0
    while raw := file.readline(LINE_BYTES):
        number += 1
        if len(raw) == LINE_BYTES and not raw.endswith(b"\n"):
            raise UnreadableError(Problem.at(Cell(name, number), told.LONG_LINE))
        try:
            text: str = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise UnreadableError(Problem.at(Cell(name, number), told.NOT_UTF8)) from error
        yield text if base == BASE else text.replace(BASE, base)


class _Table:
    """Reads one file: the metadata, the heading, then row by row."""

    def __init__(self, file: str, base: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.width = 0

    def read(self, lines: Iterator[str]) -> Read:
        block: list[str] = []
        first = ""
        for first in lines:
            if not first.startswith("#"):
                break
            block.append(first)
            first = ""
            if len(block) > HEADER_LINES:
                raise UnreadableError(self._problem(len(block), None, told.LONG_HEADER))
        head = header.read(block, self.file)
        self.problems.extend(head.problems)
        rows = self._rows(first, lines, len(block))
        number, heading = next(rows, (len(block) + 1, []))
        columns = self._columns(heading, head, number)
        self.width = len(heading)
        if columns is None:
            return Read(self._set(head, ()), tuple(self.problems), 0)
        mappings, count = self._mappings(rows, columns, head)
        return Read(self._set(head, mappings), tuple(self.problems), count)

    def _set(self, head: Header, mappings: Sequence[Mapping]) -> MappingSet:
        metadata, kept = _propagated(head.metadata, mappings)
        return MappingSet(name_of(self.file), metadata, head.prefixes, kept, head.extensions)

    def _rows(
        self, first: str, lines: Iterator[str], start: int
    ) -> Iterator[tuple[int, list[str]]]:
        """Yield each row that is not empty with the number of its first line."""

        def physical() -> Iterator[str]:
            yield first
            yield from lines

        reader = csv.reader(physical(), delimiter="\t", strict=True)
        while True:
            number = start + reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise UnreadableError(self._problem(number, None, told.not_tsv(error))) from error
            if any(cell.strip() for cell in row):
                yield number, row

    def _columns(self, heading: list[str], head: Header, line: int) -> dict[int, Slot] | None:
        known = {**OF_MAPPING, **{e.name: Slot(e.name, iri=e.property) for e in head.extensions}}
        columns: dict[int, Slot] = {}
        names = [name.strip() for name in heading]
        for index, name in enumerate(names):
            if name not in known:
                near = get_close_matches(name, known, n=1)
                self._add(line, name or None, told.unknown_slot(near))
            elif name in names[:index]:
                self._add(line, name, told.TWICE)
            else:
                columns[index] = known[name]
        present = {slot.name for slot in columns.values()}
        if missing := [name for name in REQUIRED if name not in present]:
            self._add(line, None, told.missing_columns(missing))
            return None
        return columns

    def _mappings(
        self, rows: Iterator[tuple[int, list[str]]], columns: dict[int, Slot], head: Header
    ) -> tuple[list[Mapping], int]:
        found: dict[object, list[Mapping]] = {}
        kept: list[Mapping] = []
        reader = Reader(head.prefixes)
        count = 0
        for line, row in rows:
            count += 1
            if count > ROWS:
                raise UnreadableError(self._problem(line, None, told.too_many(ROWS)))
            if len(self.problems) >= PROBLEMS:
                self._add(line, None, told.and_more(PROBLEMS))
                break
            mapping = self._mapping(row, line, columns, reader)
            if mapping is None:
                continue
            alike = found.setdefault((*mapping.pair, mapping.predicate, mapping.negated), [])
            same = next((other for other in alike if other == mapping), None)
            if same is None:
                alike.append(mapping)
                kept.append(mapping)
            else:
                self._add(line, None, told.same_as(same.line))
        return kept, count

    def _mapping(
        self, row: list[str], line: int, columns: dict[int, Slot], reader: Reader
    ) -> Mapping | None:
        slots: dict[str, tuple[str, ...]] = {}
        before = len(self.problems)
        if any(cell.strip() for cell in row[self.width :]):
            self._add(line, None, told.TOO_WIDE)
        for index, slot in columns.items():
            text = row[index].strip() if index < len(row) else ""
            if not text:
                if slot.name in REQUIRED:
                    self._add(line, slot.name, told.EMPTY)
                continue
            values = []
            for part in reader.parts(text, slot):
                value = reader.value(part, slot)
                if isinstance(value, Text):
                    self._add(line, slot.name, value, part)
                else:
                    values.append(value)
            slots[slot.name] = tuple(values)
        if len(self.problems) > before:
            return None
        return Mapping(MappingProxyType(slots), line)

    def _add(self, line: int, column: str | None, text: Text, value: str | None = None) -> None:
        self.problems.append(self._problem(line, column, text, value))

    def _problem(
        self, line: int, column: str | None, text: Text, value: str | None = None
    ) -> Problem:
        return Problem.at(Cell(self.file, line, column), text, value and told.cut(value))


def _propagated(
    metadata: Values[str, tuple[str, ...]], mappings: Sequence[Mapping]
) -> tuple[Values[str, tuple[str, ...]], tuple[Mapping, ...]]:
    """Give each mapping what the metadata say of all, unless a mapping says it itself."""
    own = {name for mapping in mappings for name in mapping.slots}
    shared = {name: metadata[name] for name in PROPAGATED & metadata.keys() if name not in own}
    if not shared or not mappings:
        return metadata, tuple(mappings)
    kept = {name: values for name, values in metadata.items() if name not in shared}
    spread = (replace(m, slots=MappingProxyType({**m.slots, **shared})) for m in mappings)
    return kept, tuple(spread)
