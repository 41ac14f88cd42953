"""What is wrong with the data, where it stands, and how to say so to the person who repairs it."""

from collections.abc import Iterable
from dataclasses import dataclass

from s4s_graph import steering
from s4s_graph.forms import Text

VIOLATION = "violation"
WARNING = "warning"

_SEVERITIES = {
    VIOLATION: Text(nl="fout", en="error"),
    WARNING: Text(nl="waarschuwing", en="warning"),
}
_INFO = Text(nl="opmerking", en="note")
_SHEET = Text(nl="blad", en="sheet")
_CELL = Text(nl="cel", en="cell")
_ROW = Text(nl="rij", en="row")
_COLUMN = Text(nl="kolom", en="column")


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a value was read: the file, the row as a spreadsheet counts it, and the column.

    sheet: of a workbook. letter: what a spreadsheet calls the column.
    """

    file: str
    row: int | None = None
    column: str | None = None
    sheet: str | None = None
    letter: str | None = None

    @property
    def address(self) -> str | None:
        """Return what a spreadsheet calls the cell: B12."""
        return f"{self.letter}{self.row}" if self.letter and self.row else None

    def place(self, lang: str, address: str | None = None) -> str:
        """Say where this is: `findings.xlsx, sheet Findings, cell F12, column activation`.

        Of a CSV file the row is told: it need not be open in a spreadsheet.
        """
        address = address or self.address
        row = f"{_ROW.of(lang)} {self.row}" if self.row else None
        if self.sheet and address:
            row = f"{_CELL.of(lang)} {address}"
        sheet = f"{_SHEET.of(lang)} {self.sheet}" if self.sheet else None
        column = f"{_COLUMN.of(lang)} {self.column}" if self.column else None
        return ", ".join(part for part in (self.file, sheet, row, column) if part)


@dataclass(frozen=True)
class Problem:
    """One thing to repair, at a cell when it came from a table and at a focus node when not."""

    severity: str
    message: Text
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    focus: str | None = None
    shape: str | None = None
    sheet: str | None = None
    address: str | None = None

    @classmethod
    def at(cls, cell: Cell, message: Text, value: str | None = None) -> "Problem":
        """Return a violation found while reading a cell."""
        return cls(
            VIOLATION,
            message,
            cell.file,
            cell.row,
            cell.column,
            value,
            sheet=cell.sheet,
            address=cell.address,
        )

    def place(self, lang: str) -> str:
        """Say where it stands, or which thing it is about when that is in no table."""
        if self.file is None:
            return self.focus or ""
        cell = Cell(self.file, self.row, self.column, self.sheet)
        return cell.place(lang, self.address)

    def order(self) -> tuple[str, str, int, int, str]:
        """Return what puts problems in the order in which someone works through a file."""
        address = self.address or ""
        # Column AA comes after Z.
        return self.file or "", self.sheet or "", self.row or 0, len(address), address

    def level(self, lang: str) -> str:
        """Say how serious it is."""
        return _SEVERITIES.get(self.severity, _INFO).of(lang)

    def text(self, lang: str) -> str:
        """Say everything on one line: how serious, where, the value, what would be right."""
        value = None if self.value is None else f"'{self.value}'"
        parts = (self.level(lang), self.place(lang), value, self.message.of(lang))
        return steering.line(": ".join(part for part in parts if part))


@dataclass(frozen=True)
class Standing:
    """How many rows were read, and how many of them have no error."""

    read: int
    right: int

    @classmethod
    def of(cls, read: int, problems: Iterable[Problem]) -> "Standing":
        """Count the rows of tables that an error stands in; row 1 is the heading."""
        wrong = {
            (problem.file, problem.sheet, problem.row)
            for problem in problems
            if problem.severity == VIOLATION and (problem.row or 0) > 1
        }
        return cls(read, read - len(wrong))

    def text(self) -> Text:
        """Say what that means."""
        return Text(
            nl=f"rijen zonder fout: {self.right} van {self.read}; "
            "er wordt niets gepubliceerd totdat alles klopt",
            en=f"rows without an error: {self.right} of {self.read}; "
            "nothing is published until all is right",
        )


def blocking(problems: tuple[Problem, ...]) -> list[Problem]:
    """Return the problems that must stop a build."""
    return [problem for problem in problems if problem.severity == VIOLATION]
