"""The rows that a project becomes: their ids, those of before, and what people know them by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from s4s_graph.content import Rows
from s4s_graph.forms import Form, Forms, Text
from s4s_graph.headings import ID, fold
from s4s_graph.qda.coding import LANGUAGES, Coding
from s4s_graph.reading import Sheet
from s4s_graph.slugs import slug_of

IDENTIFIER = "identifier"
_NAMES = tuple(f"{name}_{language}" for name in ("prefLabel", "altLabel") for language in LANGUAGES)


@dataclass(frozen=True)
class Row:
    """A row of a table, and what people know it by in the project."""

    table: str
    id: str
    values: Mapping[str, str]
    told: Text


class Known:
    """The rows of the data folder, to find those again that a project made or means."""

    def __init__(self, stored: Rows) -> None:
        self._stored = {
            table: {row[ID]: row for row in rows if row.get(ID)} for table, rows in stored.items()
        }
        self._taken = {table: set(rows) for table, rows in self._stored.items()}
        self._by_guid: dict[str, dict[str, str]] = defaultdict(dict)
        self._by_name: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for table, rows in self._stored.items():
            for slug, row in rows.items():
                for guid in _values(row.get(IDENTIFIER, "")):
                    self._by_guid[table][guid] = slug
                for name in (slug, *(n for column in _NAMES for n in _values(row.get(column, "")))):
                    self._by_name[table][fold(name)].add(slug)

    def row(self, table: str, slug: str) -> Mapping[str, str]:
        """Return a row as it is stored; empty if it is new."""
        return self._stored.get(table, {}).get(slug, {})

    def rows(self, table: str) -> Iterable[Mapping[str, str]]:
        """Return the stored rows of a table."""
        return self._stored.get(table, {}).values()

    def found(self, table: str, guids: Iterable[str], name: str | None = None) -> str | None:
        """Return the id of the row made of one of these guids, or else of the one of this name.

        A row of this name that was made of another guid is another thing.
        """
        for guid in guids:
            if guid in self._by_guid[table]:
                return self._by_guid[table][guid]
        if name is None:
            return None
        named = [slug for slug in sorted(self._by_name[table].get(fold(name), ()))
                 if not self.row(table, slug).get(IDENTIFIER)]  # fmt: skip
        return named[0] if len(named) == 1 else None

    def is_called(self, table: str, slug: str, name: str) -> bool:
        """Tell whether a stored row has this name."""
        return slug in self._by_name[table].get(fold(name), ())

    def new(self, table: str, *names: str) -> str:
        """Return an id that no row has, from the first name that gives one."""
        taken = self._taken.setdefault(table, set())
        slugs = [slug for name in names if (slug := slug_of(name))] or [table]
        number, slug = 1, next((slug for slug in slugs if slug not in taken), slugs[-1])
        first = slug
        while slug in taken:
            number += 1
            slug = f"{first}-{number}"
        taken.add(slug)
        return slug


def completed(row: Row, known: Known, coding: Coding) -> Row:
    """Return a row with what the project does not tell, if it is new."""
    if known.row(row.table, row.id):
        return row
    return Row(row.table, row.id, {**coding.fixed.get(row.table, {}), **row.values}, row.told)


def sheets(rows: Iterable[Row], forms: Forms) -> Iterator[tuple[Sheet, Form, list[Row]]]:
    """Yield the rows as sheets with the columns they fill, each with its form and its rows."""
    by_table: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_table[row.table].append(row)
    for form in forms:
        if found := by_table.get(form.table):
            filled = {column for row in found for column in row.values}
            columns = [ID, *(column for column in form.columns() if column in filled)]
            cells = [[row.id, *(row.values.get(c, "") for c in columns[1:])] for row in found]
            yield Sheet(form.table, [columns, *cells]), form, found


def _values(cell: str) -> list[str]:
    return [value for part in cell.split(";") if (value := part.strip())]
