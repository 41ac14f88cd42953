"""Workbooks as people make them, for tests: cells of every kind, in both formats."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import xlsxwriter

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Value = str | float | bool | date
Sheets = Mapping[str, Sequence[Sequence[Value]]]

_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body>"
    "</office:document-content>"
)
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def write(path: Path, sheets: Sheets) -> Path:
    """Write a workbook, as .xlsx or .ods by its suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".ods":
        return _ods(path, sheets)
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for index, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(number, index, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(number, index, value)
                    else:
                        sheet.write(number, index, value)
    return path


def _ods(path: Path, sheets: Sheets) -> Path:
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", _ODS_TYPE)
        archive.writestr("content.xml", _ODS.format(tables))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
            f' manifest:version="1.3"><manifest:file-entry manifest:full-path="/" '
            f'manifest:media-type="{_ODS_TYPE}"/></manifest:manifest>',
        )
    return path


def _ods_cell(value: Value) -> str:
    if isinstance(value, bool):
        typed, text = f'boolean" office:boolean-value="{str(value).lower()}', str(value)
    elif isinstance(value, date):
        typed, text = f'date" office:date-value="{value.isoformat()}', value.isoformat()
    elif isinstance(value, str):
        typed, text = "string", value
    else:
        typed, text = f'float" office:value="{value}', str(value)
    return (
        f'<table:table-cell office:value-type="{typed}">'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


@dataclass(frozen=True)
class Book:
    """The parts of a written workbook."""

    parts: dict[str, str]

    @classmethod
    def of(cls, path: Path) -> "Book":
        with zipfile.ZipFile(path) as archive:
            return cls({name: archive.read(name).decode() for name in archive.namelist()})

    def names(self) -> list[str]:
        root = ElementTree.fromstring(self.parts["xl/workbook.xml"])
        return [sheet.attrib["name"] for sheet in root.iter(f"{MAIN}sheet")]

    def sheet(self, name: str) -> ElementTree.Element:
        number = self.names().index(name) + 1
        return ElementTree.fromstring(self.parts[f"xl/worksheets/sheet{number}.xml"])

    def texts(self, name: str) -> dict[str, str]:
        shared = ElementTree.fromstring(self.parts["xl/sharedStrings.xml"])
        known = ["".join(item.itertext()) for item in shared]
        return {
            cell.attrib["r"]: known[int(cell[0].text or 0)]
            for cell in self.sheet(name).iter(f"{MAIN}c")
            if cell.get("t") == "s"
        }

    def style(self, name: str, cell: str) -> str:
        (found,) = [c for c in self.sheet(name).iter(f"{MAIN}c") if c.attrib["r"] == cell]
        return found.get("s", "0")

    def rules(self, name: str) -> dict[str, ElementTree.Element]:
        """Return the check of each column, by its letter."""
        found = self.sheet(name).iter(f"{MAIN}dataValidation")
        return {re.sub(r"\d.*", "", rule.attrib["sqref"]): rule for rule in found}

    def range(self, name: str) -> str:
        root = ElementTree.fromstring(self.parts["xl/workbook.xml"])
        (found,) = [d for d in root.iter(f"{MAIN}definedName") if d.attrib["name"] == name]
        return found.text or ""

    def comments(self, name: str) -> dict[str, str]:
        """Return the comments of a sheet; those with comments are numbered by themselves."""
        with_comments = [n for n in self.names() if self.texts(n).get("A1", "").startswith("id")]
        part = self.parts[f"xl/comments{with_comments.index(name) + 1}.xml"]
        return {
            found.attrib["ref"]: "".join(found.itertext())
            for found in ElementTree.fromstring(part).iter(f"{MAIN}comment")
        }
