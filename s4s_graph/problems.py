"""What is wrong with the data, where it stands, and how to say so to the person who repairs it."""

from dataclasses import dataclass

from s4s_graph.forms import Text

VIOLATION = "violation"
WARNING = "warning"

_SEVERITIES = {
    VIOLATION: Text(nl="fout", en="error"),
    WARNING: Text(nl="waarschuwing", en="warning"),
}
_INFO = Text(nl="opmerking", en="note")
_ROW = Text(nl="rij", en="row")
_COLUMN = Text(nl="kolom", en="column")


@dataclass(frozen=True)
class Cell:
    """Where a value was read: the file, the row as a spreadsheet counts it, and the column."""

    file: str
    row: int | None = None
    column: str | None = None


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

    @classmethod
    def at(cls, cell: Cell, message: Text, value: str | None = None) -> "Problem":
        """Return a violation found while reading a cell."""
        return cls(VIOLATION, message, cell.file, cell.row, cell.column, value)

    def place(self, lang: str) -> str:
        """Say where it stands: `findings.csv, row 12, column activation`."""
        row = f"{_ROW.of(lang)} {self.row}" if self.row else None
        column = f"{_COLUMN.of(lang)} {self.column}" if self.column else None
        place = [part for part in (self.file, row, column) if part]
        return ", ".join(place) if place else (self.focus or "")

    def level(self, lang: str) -> str:
        """Say how serious it is."""
        return _SEVERITIES.get(self.severity, _INFO).of(lang)

    def text(self, lang: str) -> str:
        """Say everything on one line: how serious, where, the value, what would be right."""
        value = None if self.value is None else f"'{self.value}'"
        parts = (self.level(lang), self.place(lang), value, self.message.of(lang))
        return ": ".join(part for part in parts if part)


def blocking(problems: tuple[Problem, ...]) -> list[Problem]:
    """Return the problems that must stop a build."""
    return [problem for problem in problems if problem.severity == VIOLATION]
