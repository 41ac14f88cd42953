"""Tables of what was computed: their cells as a page shows them, and as CSV and JSON.

A number of companies is not told exactly where it is below three, in any of the three.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from catalogue import formats
from catalogue.page import Page
from catalogue.rows import Shown
from catalogue.views import Showing
from s4s_graph.store import Label

LEAST = 3  # companies that have to be concerned before they are counted exactly
PEEK = 6  # things in one cell on a page; the downloads have all
MOST = 5000  # rows in a download

Labels = Mapping[str, Label]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Things:
    """Things by their IRIs: a page shows a few in the order of their names, and says how many."""

    iris: tuple[str, ...]
    most: int = PEEK
    kind: ClassVar[str] = "things"

    def shown(self, showing: Showing) -> tuple[Shown, ...]:
        """Return the things that a page has room for."""
        found = sorted(map(showing.thing, self.iris), key=lambda shown: shown.text.casefold())
        return tuple(found[: self.most])

    @property
    def more(self) -> int:
        """How many a page has no room for."""
        return max(0, len(self.iris) - self.most)

    def text(self) -> str:
        """Return the cell of a CSV file."""
        return ";".join(self.iris)

    def label(self, labels: Labels) -> str:
        """Return what people call it, for the column beside that."""
        return "; ".join(labels[iri].text if iri in labels else iri for iri in self.iris)

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

    def text(self) -> str:
        """Return the cell of a CSV file."""
        return ";".join(name for name, _ in self.items)

    def label(self, labels: Labels) -> str:
        """Return what people read, for the column beside that."""
        return "; ".join(text for _, text in self.items)

    def json(self, labels: Labels) -> object:
        """Return the value in a JSON file."""
        return [name for name, _ in self.items]


@dataclass(frozen=True)
class Standing:
    """How surely a link holds, by the slug of its standing; None where there is no link."""

    slug: str | None
    kind: ClassVar[str] = "standing"

    def text(self) -> str:
        """Return the cell of a CSV file."""
        return self.slug or ""

    def json(self, labels: Labels) -> object:
        """Return the value in a JSON file."""
        return self.slug


@dataclass(frozen=True)
class Count:
    """A number, with the address of what was counted if there is one."""

    number: int
    href: str | None = None
    kind: ClassVar[str] = "count"

    def text(self) -> str:
        """Return the cell of a CSV file."""
        return str(self.number)

    def json(self, labels: Labels) -> object:
        """Return the value in a JSON file."""
        return self.number


@dataclass(frozen=True)
class Companies:
    """A number of companies; `invented` if there is an invented one among them."""

    number: int
    invented: bool
    kind: ClassVar[str] = "companies"

    def text(self) -> str:
        """Return the cell of a CSV file."""
        return f"<{LEAST}" if 0 < self.number < LEAST else str(self.number)

    def json(self, labels: Labels) -> object:
        """Return the value in a JSON file: null where it is not told."""
        return None if 0 < self.number < LEAST else self.number


Cell = Things | Words | Standing | Count | Companies


@dataclass(frozen=True)
class Row:
    """One row; `rests` are the things that it follows from beside those in its cells.

    `href` is the address of how we know it, `about` the things that it is then about.
    """

    cells: tuple[Cell, ...]
    rests: frozenset[str] = frozenset()
    href: str | None = None
    about: tuple[str, ...] = ()

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


def write(page: Page, suffix: str, sheet: Sheet, about: Mapping[str, object]) -> bytes:
    """Write the first rows of a sheet as CSV or JSON; `about` says in JSON what they are."""
    rows = list(sheet.part(0, MOST))
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
    labelled = [
        any(isinstance(row.cells[place], Things | Words) for row in rows)
        for place in range(len(sheet.columns))
    ]
    header: list[str] = []
    for name, has_label in zip(sheet.columns, labelled, strict=True):
        header += [name, f"{name}_label"] if has_label else [name]

    def cells(row: Row, made_up: bool) -> Iterator[str]:
        for cell, has_label in zip(row.cells, labelled, strict=True):
            yield cell.text()
            if has_label:
                yield cell.label(labels) if isinstance(cell, Things | Words) else ""
        yield str(made_up).lower()

    lines = [tuple(cells(*pair)) for pair in zip(rows, invented, strict=True)]
    return formats.write_csv([*header, "illustrative"], lines)
