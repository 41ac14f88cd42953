"""Reads the index of a release: things by words, and lists with what they can be narrowed by."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock, local
from weakref import finalize

from s4s_graph.forms import Text

EVIDENCE = "evidence"  # the facet by which its list can be ordered, the first value on top


@dataclass(frozen=True)
class Value:
    """A value of a facet; bit i of `things` says that thing i of the list has it.

    real: the things that have it by more than an example.
    """

    key: str
    name: Text
    term: str
    depth: int
    things: int
    real: int


@dataclass(frozen=True)
class Facet:
    """One way to narrow a list, with its values in the order in which readers see them.

    chosen_from: the table that the values are in, if they are things.
    path, query: how the graph gives the values; a query selects ?thing and ?value.
    """

    name: str
    title: Text
    help: Text
    chosen_from: str | None
    path: str | None
    query: str | None
    values: tuple[Value, ...]

    @cached_property
    def by_key(self) -> dict[str, Value]:
        """The values by what stands for them in an address."""
        return {value.key: value for value in self.values}

    @cached_property
    def frequent(self) -> tuple[Value, ...]:
        """The values that most things have first; else they stay in their order."""
        return tuple(sorted(self.values, key=lambda value: -value.things.bit_count()))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each value among all, by its key."""
        return {value.key: place for place, value in enumerate(self.values)}


@dataclass(frozen=True)
class Listing:
    """All things of one kind, counted from 0 in the order of their addresses.

    orders: those numbers by "nl" and "en" (the name), "date" and "evidence", as far as known.
    """

    first: int
    slugs: tuple[str, ...]
    facets: tuple[Facet, ...]
    orders: Mapping[str, tuple[int, ...]]

    @cached_property
    def by_name(self) -> dict[str, Facet]:
        """The facets by their name in an address."""
        return {facet.name: facet for facet in self.facets}

    @property
    def everything(self) -> int:
        """The bits of all things."""
        return (1 << len(self.slugs)) - 1


@dataclass(frozen=True, eq=False)
class _Own:
    """What a thread has of its own."""

    connection: sqlite3.Connection


class Index:
    """The index of one release, for any number of threads."""

    def __init__(self, path: Path) -> None:
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._own = local()
        self._open: list[finalize[[], _Own]] = []
        self._listings: dict[str, Listing] = {}
        self._lock = Lock()
        rows = self.database.execute("SELECT name, first, count FROM list ORDER BY first, name")
        self.ranges = {name: range(first, first + count) for name, first, count in rows}

    @property
    def database(self) -> sqlite3.Connection:
        """The connection of this thread."""
        if not hasattr(self._own, "one"):
            # Closed by another thread than the one that made it.
            connection = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            # Threads of a site come and go: what they have of their own goes with them.
            self._own.one = one = _Own(connection)
            closing = finalize(one, connection.close)
            with self._lock:
                self._open = [*(other for other in self._open if other.alive), closing]
        found: sqlite3.Connection = self._own.one.connection
        return found

    def listing(self, table: str) -> Listing:
        """Return a list; what is in no list is an empty one. Read once, then kept."""
        if table not in self.ranges:
            return Listing(0, (), (), {"nl": (), "en": ()})
        if table not in self._listings:
            self._listings[table] = self._read(table)
        return self._listings[table]

    def close(self) -> None:
        """Close the connections of all threads; nothing may be asked any more."""
        with self._lock:
            for closing in self._open:
                closing()
            self._open = []

    def _read(self, table: str) -> Listing:
        ids = self.ranges[table]
        rows = self.database.execute(
            "SELECT slug, order_nl, order_en, year, evidence FROM thing "
            "WHERE id BETWEEN ? AND ? ORDER BY id",
            (ids.start, ids.stop - 1),
        ).fetchall()
        names = {"nl": [row[1] for row in rows], "en": [row[2] for row in rows]}
        orders = {
            lang: tuple(sorted(range(len(rows)), key=place.__getitem__))
            for lang, place in names.items()
        }
        for name, keys in (
            ("date", [row[3] and -row[3] for row in rows]),
            ("evidence", [row[4] for row in rows]),
        ):
            # What is not known comes last; what is equal stays in the order of the names.
            if any(key is not None for key in keys):
                for lang in names:
                    orders[f"{name}_{lang}"] = tuple(
                        sorted(orders[lang], key=lambda n: (keys[n] is None, keys[n] or 0))
                    )
        return Listing(ids.start, tuple(row[0] for row in rows), self._facets(table, ids), orders)

    def _facets(self, table: str, ids: range) -> tuple[Facet, ...]:
        rows = self.database.execute(
            "SELECT id, name, title_nl, title_en, help_nl, help_en, chosen_from, path, query "
            "FROM facet WHERE list = ? ORDER BY id",
            (table,),
        ).fetchall()
        return tuple(
            Facet(
                name=name,
                title=Text(title_nl, title_en),
                help=Text(help_nl, help_en),
                chosen_from=chosen_from,
                path=path,
                query=query,
                values=self._values(number, ids),
            )
            for number, name, title_nl, title_en, help_nl, help_en, chosen_from, path, query in rows
        )

    def _values(self, facet: int, ids: range) -> tuple[Value, ...]:
        things: dict[int, list[bytearray]] = {}
        rows = self.database.execute(
            "SELECT id, key, name_nl, name_en, term, depth FROM value WHERE facet = ? ORDER BY id",
            (facet,),
        ).fetchall()
        size = (len(ids) + 7) // 8
        for value, thing, real in self.database.execute(
            "SELECT value, thing, real FROM valued WHERE value BETWEEN ? AND ?",
            (rows[0][0], rows[-1][0]),
        ):
            held = things.setdefault(value, [bytearray(size), bytearray(size)])
            place, bit = divmod(thing - ids.start, 8)
            held[0][place] |= 1 << bit
            held[1][place] |= real << bit
        none = [bytearray(), bytearray()]
        return tuple(
            Value(
                key,
                Text(nl, en),
                term,
                depth,
                *(int.from_bytes(bits, "little") for bits in things.get(number, none)),
            )
            for number, key, nl, en, term, depth in rows
        )
