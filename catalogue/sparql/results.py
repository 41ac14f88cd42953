"""An answer as a page shows it: its rows with names and links, and what in them was invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from catalogue import i18n
from catalogue.page import Page
from catalogue.rows import Shown
from catalogue.sparql import tabular
from catalogue.sparql.tabular import Table
from catalogue.views import Showing
from s4s_graph.answers import NUMBERS
from s4s_graph.store import Iri, Literal, Term

Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class Answered:
    """The answer to a question: its columns, and a value or nothing for each in every row.

    headings: what each column is called.
    illustrative: for each row, whether something in it was invented.
    cut: whether there are more rows than these.
    counts: whether a column has numbers, while the release holds invented things to be counted.
    """

    columns: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    showing: Showing
    illustrative: tuple[bool, ...]
    cut: bool
    counts: bool
    most: int = tabular.ROWS

    def shown(self, *, iris: bool = False) -> Iterator[tuple[Shown | None, ...]]:
        """Yield the rows that a page has room for; with `iris` things by address, not by name."""
        for row in self.rows[: self.most]:
            yield tuple(self.value(term, iris=iris) if term else None for term in row)

    def value(self, term: Term, *, iris: bool = False) -> Shown:
        """Return one value as a page shows it."""
        shown = self.showing.term(term)
        if not iris or not isinstance(term, Iri):
            return shown
        return Shown(term.value, None, shown.href, shown.external, shown.illustrative)

    def address(self, term: Term | None, *, literal: bool) -> str | None:
        """Return where a value leads: to its page, or from a file of its own to its IRI."""
        if not term or not literal:
            return self.value(term).href if term else None
        # Another scheme ("javascript:") must not become a link.
        safe = isinstance(term, Iri) and term.value.startswith(("http://", "https://"))
        return term.value if safe else None

    @property
    def measure(self) -> int | None:
        """The first column of numbers."""
        return next((place for place in range(len(self.columns)) if self._counts(place)), None)

    @property
    def others(self) -> tuple[int, ...]:
        """The columns of what is no number."""
        return tuple(place for place in range(len(self.columns)) if not self._counts(place))

    def _counts(self, place: int) -> bool:
        values = [row[place] for row in self.rows if row[place] is not None]
        return bool(values) and all(number(value) is not None for value in values)

    @property
    def invented(self) -> str | None:
        """Whether all rows, some, or none rest on something that was invented."""
        if not any(self.illustrative):
            return None
        return "all" if all(self.illustrative) else "some"


def answered(page: Page, found: Table, headings: tuple[str, ...] = ()) -> Answered:
    """Return a table with what a page needs to show it; without headings, columns go by name."""
    things = [{term.value for term in row if isinstance(term, Iri)} for row in found.rows]
    showing = Showing(page, set().union(*things))
    invented = tuple(not page.release.illustrative.isdisjoint(iris) for iris in things)
    counts = any(number(term) is not None for row in found.rows for term in row)
    return Answered(
        found.columns,
        headings or found.columns,
        found.rows,
        showing,
        invented,
        found.cut,
        counts and bool(page.release.manifest.illustrative),
    )


def number(term: Term | None) -> float | None:
    """Return a value that is a finite number as one."""
    if not isinstance(term, Literal) or term.datatype not in NUMBERS:
        return None
    try:
        value = float(term.value)
    except ValueError:
        return None
    return value if isfinite(value) else None


def written(value: float, lang: str) -> str:
    """Write a number as readers of the language do."""
    return i18n.number(int(value) if value.is_integer() else str(value), lang)
