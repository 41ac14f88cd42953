"""Tables of what was computed: their cells as a page shows them, and as CSV and JSON.

A number of companies is not told exactly where it is below three, in any of the three.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar, TypeVar

from catalogue import formats
from catalogue.page import Page
from catalogue.rows import Shown
from catalogue.views import Showing
from s4s_graph.coherence.backing import Sides
from s4s_graph.store import Label

LEAST = 3  # companies that have to be concerned before they are counted exactly
PEEK = 6  # things in one cell on a page; the downloads have all
MOST = 5000  # rows in a download; longer ones are asked for page by page

Labels = Mapping[str, Label]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Things:
    """Things by their IRIs: a page shows a few in the order of their names, and says how many."""

    iris: tuple[str, ...]
    most: int = PEEK
    kind: ClassVar[str] = "things"
    columns: ClassVar[tuple[str, ...]] = ("", "_label")

    def shown(self, showing: Showing) -> tuple[Shown, ...]:
        """Return the things that a page has room for."""
        found = sorted(map(showing.thing, self.iris), key=lambda shown: shown.text.casefold())
        return tuple(found[: self.most])

    @property
    def more(self) -> int:
        """How many a page has no room for."""
        return max(0, len(self.iris) - self.most)

    def texts(self, labels: Labels) -> tuple[str, ...]:
        """Return the cell of a CSV file, and beside that what people call it."""
        called = (labels[iri].text if iri in labels else iri for iri in self.iris)
        return ";".join(self.iris), "; ".join(called)

    def json(self, labels: Labels) -> object:
        """Return the value in a JSON file."""
        return [
            {"uri": iri, "label": labels[iri].text} if iri in labels else {"uri": iri}
            for iri in self.iris
        ]


@dataclass(frozen=True)
class Chain(Things):
    """Things that follow one another, each step with the address of how we know it."""

    steps: tuple[str, ...] = ()
    kind: ClassVar[str] = "chain"

    def shown(self, showing: Showing) -> tuple[Shown, ...]:
        """Return all of them, in their order."""
        return tuple(map(showing.thing, self.iris))


@dataclass(frozen=True)
class Words:
    """Words of the interface, each with the id that programs know it by."""

    items: tuple[tuple[str, str], ...]
    warn: bool = False
    kind: ClassVar[str] = "words"
    columns: ClassVar[tuple[str, ...]] = ("", "_label")

    def texts(self, labels: Labels) -> tuple[str, ...]:
        """Return the cell of a CSV file, and beside that what people read."""
        return ";".join(name for name, _ in self.items), "; ".join(text for _, text in self.items)

    def json(self, labels: Labels) -> object:
        """Return the value in a JSON file."""
        return [name for name, _ in self.items]


@dataclass(frozen=True)
class Standing:
    """How surely a link holds, by the slug of its standing; None where there is no link."""

    slug: str | None
    kind: ClassVar[str] = "standing"
    columns: ClassVar[tuple[str, ...]] = ("",)

    def texts(self, labels: Labels) -> tuple[str, ...]:
        """Return the cell of a CSV file."""
        return (self.slug or "",)

    def json(self, labels: Labels) -> object:
        """Return the value in a JSON file."""
        return self.slug


@dataclass(frozen=True)
class Backed:
    """How many separate studies and cases there are on each side of a link."""

    sides: Sides
    kind: ClassVar[str] = "backed"
    columns: ClassVar[tuple[str, ...]] = (
        "_giver_studies",
        "_giver_cases",
        "_taker_studies",
        "_taker_cases",
    )

    def texts(self, labels: Labels) -> tuple[str, ...]:
        """Return the cells of a CSV file."""
        both = self.sides.giver, self.sides.taker
        return tuple(str(len(some)) for side in both for some in (side.studies, side.cases))

    def json(self, labels: Labels) -> object:
        """Return the values in a JSON file."""
        sides = {"giver": self.sides.giver, "taker": self.sides.taker}
        return {
            name: {"studies": list(side.studies), "cases": list(side.cases)}
            for name, side in sides.items()
        }


@dataclass(frozen=True)
class Count:
    """A number, with the address of what was counted if there is one."""

    number: int
    href: str | None = None
    kind: ClassVar[str] = "count"
    columns: ClassVar[tuple[str, ...]] = ("",)

    def texts(self, labels: Labels) -> tuple[str, ...]:
        """Return the cell of a CSV file."""
        return (str(self.number),)

    def json(self, labels: Labels) -> object:
        """Return the value in a JSON file."""
        return self.number


@dataclass(frozen=True)
class Companies:
    """A number of companies, None where a row is not about them.

    invented: there is an invented one among them.
    """

    number: int | None
    invented: bool = False
    kind: ClassVar[str] = "companies"
    columns: ClassVar[tuple[str, ...]] = ("",)

    def texts(self, labels: Labels) -> tuple[str, ...]:
        """Return the cell of a CSV file."""
        if self.number is None:
            return ("",)
        return (f"<{LEAST}" if 0 < self.number < LEAST else str(self.number),)

    def json(self, labels: Labels) -> object:
        """Return the value in a JSON file: null where it is not told."""
        return self.number if self.number is None or not 0 < self.number < LEAST else None


Cell = Things | Words | Standing | Backed | Count | Companies


@dataclass(frozen=True)
class Row:
    """One row; `rests` are the things that it follows from beside those in its cells.

    `href` is the address of how we know it, `about` the things that it is then about. What is
    `apart` stands in a table of its own, after the others.
    """

    cells: tuple[Cell, ...]
    rests: frozenset[str] = frozenset()
    href: str | None = None
    about: tuple[str, ...] = ()
    apart: bool = False

    @property
    def things(self) -> frozenset[str]:
        """Every thing that the row names."""
        named = (cell.iris for cell in self.cells if isinstance(cell, Things))
        return frozenset(self.about).union(*named)

    def invented(self, illustrative: Collection[str]) -> bool:
        """Say whether something made up is part of what the row says or follows from."""
        return any(iri in illustrative for iri in self.things | self.rests)


@dataclass(frozen=True)
class Sheet:
    """A table of which any part can be made; `columns` are headings by the ids of columns.

    `count` is what the heading of the page says if that is not the number of rows.
    """

    columns: Mapping[str, str]
    total: int
    part: Callable[[int, int], Iterable[Row]]
    count: int | None = None
    notes: tuple[str, ...] = ()


def listed(columns: Mapping[str, str], items: Sequence[Item], row: Callable[[Item], Row]) -> Sheet:
    """Return a sheet with a row for each of the items."""
    return Sheet(columns, len(items), lambda start, end: map(row, items[start:end]))


def write(
    page: Page, suffix: str, sheet: Sheet, about: Mapping[str, object], start: int = 0
) -> bytes:
    """Write MOST rows of a sheet as CSV or JSON; `about` says in JSON what they are."""
    rows = list(sheet.part(start, start + MOST))
    labels = page.release.store.labels(set().union(*(row.things for row in rows)), page.lang)
    invented = [row.invented(page.release.illustrative) for row in rows]
    if suffix == "csv":
        return _csv(sheet, rows, labels, invented)
    content = {
        **about,
        "columns": dict(sheet.columns),
        "total": sheet.total,
        "rows": [
            {name: cell.json(labels) for name, cell in zip(sheet.columns, row.cells, strict=True)}
            | {"illustrative": made_up}
            for row, made_up in zip(rows, invented, strict=True)
        ],
    }
    return formats.write_json(content)


def _csv(sheet: Sheet, rows: Sequence[Row], labels: Labels, invented: Sequence[bool]) -> bytes:
    # In every row a column has cells of one kind.
    kinds = [cell.columns for cell in rows[0].cells] if rows else [("",) for _ in sheet.columns]
    header = [name + end for name, ends in zip(sheet.columns, kinds, strict=True) for end in ends]
    lines = [
        (*chain.from_iterable(cell.texts(labels) for cell in row.cells), str(made_up).lower())
        for row, made_up in zip(rows, invented, strict=True)
    ]
    return formats.write_csv([*header, "illustrative"], lines)
