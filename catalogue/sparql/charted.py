"""What a picture of an answer is made of, as templates are given it."""

from dataclasses import dataclass

from markupsafe import Markup

from catalogue.rows import Shown

DARK, MIDDLE = 2 / 3, 1 / 3  # of the largest number: from here a cell has a darker shade


@dataclass(frozen=True)
class Cell:
    """One number of a matrix; None where the answer has no such row. share: of the largest."""

    value: float | None
    written: str
    share: float
    invented: bool

    @property
    def shade(self) -> str:
        """The class of the cell: how dark it is, an invented example, or a white spot."""
        if self.value is None:
            return ""
        if not self.value:
            return "white"
        if self.invented:
            return "example"
        if self.share > DARK:
            return "observed"
        return "both-supported" if self.share > MIDDLE else "one-supported"


@dataclass(frozen=True)
class Crossed:
    """A matrix as a page writes it: the things across, and each row with its cells."""

    corner: str
    across: tuple[Shown, ...]
    lines: tuple[tuple[Shown, tuple[Cell, ...]], ...]

    @property
    def invented(self) -> bool:
        """Whether a cell rests on nothing but invented examples."""
        return any(cell.shade == "example" for _, cells in self.lines for cell in cells)


@dataclass(frozen=True)
class Chart:
    """The picture of an answer, and of how many rows, cells or lines it shows how many."""

    caption: str
    svg: Markup | None
    shown: int
    total: int
    crossed: Crossed | None = None
