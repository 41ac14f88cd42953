"""What a workbook says of its cells beside their values: formulas that failed, cells merged down.

The reader of values gives nothing for a formula that failed, and knows the merged cells of .xlsx
only. Files are searched for either first, since few have any.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO
from xml.parsers import expat

_CONTENT = "content.xml"  # of .ods
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_FAILED = re.compile(r"#[A-Z0-9/?!]+|Err:[0-9]+")
_SIGNS_XLSX = re.compile(rb"""\st=["']e["']""")
_SIGNS_ODS = re.compile(rb"""value-type=["']error|rows-spanned=|:p>(?:#|Err:)""")
_PIECE, _OVERLAP = 1 << 20, 64
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

Place = tuple[int, int]  # row and column, counted from 0


@dataclass
class Marks:
    """Of one sheet: what each formula that failed shows, and the first and last row of a column."""

    faults: dict[Place, str] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)


def marks(archive: zipfile.ZipFile) -> dict[str, Marks]:
    """Return the marks of each sheet that has any, by its name.

    Raises ExpatError, KeyError and BadZipFile for what is no workbook.
    """
    if _CONTENT in archive.namelist():
        if not _has(archive, _CONTENT, _SIGNS_ODS):
            return {}
        ods = _Ods()
        with archive.open(_CONTENT) as file:
            _parse(file, ods)
        return ods.sheets
    return {
        name: found
        for name, part in _parts(archive)
        if _has(archive, part, _SIGNS_XLSX)
        for found in [_xlsx(archive, part)]
    }


def _has(archive: zipfile.ZipFile, part: str, signs: re.Pattern[bytes]) -> bool:
    with archive.open(part) as file:
        before = b""
        while piece := file.read(_PIECE):
            if signs.search(before + piece):
                return True
            before = piece[-_OVERLAP:]
    return False


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield each sheet of an .xlsx with the file that it is in."""
    elements = _Elements()
    for name in (_RELATIONS, _WORKBOOK):
        with archive.open(name) as file:
            _parse(file, elements)
    targets = {found["Id"]: found["Target"] for found in elements.of("Relationship")}
    known = set(archive.namelist())
    for sheet in elements.of("sheet"):
        target = PurePosixPath("xl", targets[sheet["id"]]).as_posix().lstrip("/")
        if target in known:
            yield sheet["name"], target


def _xlsx(archive: zipfile.ZipFile, part: str) -> Marks:
    sheet = _Xlsx()
    with archive.open(part) as file:
        _parse(file, sheet)
    return sheet.marks


class _Elements:
    """Remembers the attributes of every element."""

    def __init__(self) -> None:
        self._found: list[tuple[str, Mapping[str, str]]] = []

    def of(self, name: str) -> list[Mapping[str, str]]:
        return [attributes for found, attributes in self._found if found == name]

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._found.append((name, attributes))

    def end(self, name: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


class _Xlsx:
    """Reads the cells of a sheet of .xlsx; a cell or row without an address follows the last."""

    def __init__(self) -> None:
        self.marks = Marks()
        self._row = self._column = -1
        self._fails = self._reads = False
        self._text = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
        elif name == "c":
            found = _CELL.fullmatch(attributes.get("r", ""))
            self._column = _number(found[1]) if found else self._column + 1
            self._fails, self._text = attributes.get("t") == "e", ""
        self._reads = name == "v"

    def end(self, name: str) -> None:
        self._reads = False
        if name == "c" and self._fails:
            self.marks.faults[self._row, self._column] = self._text

    def text(self, text: str) -> None:
        if self._reads and self._fails:
            self._text += text


class _Ods:
    """Reads the cells of the sheets of .ods; of cells that repeat, the first is marked."""

    def __init__(self) -> None:
        self.sheets: dict[str, Marks] = {}
        self._marks = Marks()
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._has_formula = self._fails = False
        self._text: str | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table":
            self._marks = self.sheets.setdefault(attributes.get("name", ""), Marks())
            self._row = 0
        elif name == "table-row":
            self._rows = int(attributes.get("number-rows-repeated", "1"))
            self._column = 0
        elif name in ("table-cell", "covered-table-cell"):
            self._columns = int(attributes.get("number-columns-repeated", "1"))
            self._has_formula = "formula" in attributes
            self._fails = attributes.get("value-type") == "error"
            self._text = ""
            if (down := int(attributes.get("number-rows-spanned", "1"))) > 1:
                last = self._row + down - 1, self._column
                self._marks.merged.append(((self._row, self._column), last))

    def end(self, name: str) -> None:
        if name == "table-row":
            self._row += self._rows
        elif name in ("table-cell", "covered-table-cell"):
            text, self._text = self._text or "", None
            if self._fails or (self._has_formula and _FAILED.fullmatch(text)):
                self._marks.faults[self._row, self._column] = text
            self._column += self._columns

    def text(self, text: str) -> None:
        if self._text is not None and len(self._text) < _OVERLAP:
            self._text += text


def _parse(file: IO[bytes], into: _Elements | _Xlsx | _Ods) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: into.start(
        _local(name), {_local(key): value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: into.end(_local(name))
    parser.CharacterDataHandler = into.text
    parser.ParseFile(file)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
