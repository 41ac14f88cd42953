"""Any thing as a page: what is said about it, what points at it, where it is a property."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from catalogue.live import query
from catalogue.rows import Source
from s4s_graph.namespaces import STANDARD
from s4s_graph.resources import Blank, Property, Quoted, Resources, Value
from s4s_graph.store import Iri, Label, Literal, Store

SHOWN = 50  # values of one property on a page; the rest is in the data
POINTING = 1000  # statements that point at a thing that are looked at
USES = 20
CHARACTERS = 2000  # of one text
FIRST = (f"{STANDARD['rdf']}type", f"{STANDARD['skos']}prefLabel", f"{STANDARD['rdfs']}label")
SHORT = {  # datatypes that go without saying
    f"{STANDARD['rdf']}langString",
    *(
        f"{STANDARD['xsd']}{name}"
        for name in ("string", "integer", "decimal", "boolean", "date", "gYear")
    ),
}


@dataclass(frozen=True)
class Pointing:
    """A statement of which the thing is the value: one row of a query."""

    source: str
    property: str


@dataclass(frozen=True)
class Use:
    """A statement of which the thing is the property: one row of a query."""

    source: str
    value: Iri | Literal


@dataclass(frozen=True)
class Part:
    """One value: a link, a text with a note on its language or datatype, or what is inside it."""

    text: str
    href: str = ""
    lang: str = ""
    note: str = ""
    inside: tuple["Row", ...] = ()


@dataclass(frozen=True)
class Row:
    """A property, or a thing, with values, and how many more there are."""

    name: Part
    values: tuple[Part, ...]
    more: int = 0


@dataclass(frozen=True)
class Resource:
    """All that a page shows of a thing; `cut`, `more` and `others` say where there is more.

    `inside` are things that it speaks of, if it is a graph.
    """

    iri: str
    name: Part
    stated: tuple[Row, ...]
    graphs: tuple[Part, ...]
    cut: bool
    incoming: tuple[Row, ...]
    more: bool
    uses: tuple[Row, ...]
    inside: tuple[Part, ...]
    others: bool


def expand(name: str, prefixes: Mapping[str, str]) -> str:
    """Return the IRI that a person typed, perhaps in pointed brackets or with a prefix."""
    name = name.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else name


def read(iri: str, store: Store, resources: Resources, lang: str) -> Resource | None:
    """Return what there is to show of a thing, or None where the graph does not know it.

    Raises StoreError where `iri` is not an IRI.
    """
    stated = resources.stated(iri)
    pointing = store.select(query("item_incoming"), Pointing, thing=Iri(iri))
    uses = store.select(query("files_uses"), Use, thing=Iri(iri))
    inside = [row.source for row in store.select(query("files_graph"), Source, thing=Iri(iri))]
    if not (stated.properties or pointing or uses or inside):
        return None
    named = {iri for row in pointing for iri in (row.source, row.property)}
    named |= {row.source for row in uses} | set(inside)
    named |= {row.value.value for row in uses if isinstance(row.value, Iri)}
    terms = Terms(store, {iri, *stated.iris(), *named}, lang)
    return Resource(
        iri,
        terms.thing(iri),
        terms.rows(stated.properties),
        tuple(map(terms.thing, stated.graphs)),
        stated.cut,
        _incoming(terms, pointing[:POINTING]),
        len(pointing) > POINTING,
        tuple(Row(terms.thing(use.source), (terms.value(use.value),)) for use in uses[:USES]),
        tuple(map(terms.thing, inside[:SHOWN])),
        len(inside) > SHOWN,
    )


class Terms:
    """Turns what a graph says into what a page shows, in one language."""

    def __init__(self, store: Store, iris: Iterable[str], lang: str) -> None:
        self._prefixes = store.prefixes
        self._labels = store.labels((iri for iri in set(iris) if ":" in iri), lang)
        self._lang = lang

    def thing(self, iri: str) -> Part:
        """Return a link to the page of a thing, with its label or else its short name."""
        label = self._labels.get(iri) or Label(self._short(iri), None)
        href = f"/{self._lang}/resource?{urlencode({'iri': iri})}"
        return Part(label.text, href, self._foreign(label.lang))

    def value(self, value: Value) -> Part:
        """Return a value of any kind."""
        if isinstance(value, Iri):
            return self.thing(value.value)
        if isinstance(value, Blank):
            return Part("[…]", inside=self.rows(value.properties))
        if isinstance(value, Quoted):
            parts = (value.subject, value.predicate, value.object)
            return Part(f"<<( {' '.join(self.value(part).text for part in parts)} )>>")
        text = value.value if len(value.value) <= CHARACTERS else f"{value.value[:CHARACTERS]}…"
        note = value.lang or ("" if value.datatype in SHORT else self._short(value.datatype))
        return Part(text, lang=self._foreign(value.lang), note=note)

    def rows(self, properties: Iterable[Property]) -> tuple[Row, ...]:
        """Return what is said: kinds and names first, then by the name of the property."""
        rows = [(item.iri, self._row(item)) for item in properties]
        rows.sort(key=lambda row: (_rank(row[0]), row[1].name.text.casefold(), row[0]))
        return tuple(row for _, row in rows)

    def _row(self, item: Property) -> Row:
        values = [self.value(value) for value in item.values]
        # Texts in the language of the page come first; among things, the alphabet decides.
        values.sort(key=lambda part: (bool(part.lang), part.text.casefold()))
        return Row(self.thing(item.iri), tuple(values[:SHOWN]), max(0, len(values) - SHOWN))

    def _short(self, iri: str) -> str:
        starts = [(start, name) for name, start in self._prefixes.items() if iri.startswith(start)]
        start, name = max(starts, key=lambda pair: len(pair[0]), default=("", ""))
        return f"{name}:{iri.removeprefix(start)}" if start and iri != start else iri

    def _foreign(self, lang: str | None) -> str:
        return lang if lang and lang != self._lang else ""


def _rank(iri: str) -> int:
    return FIRST.index(iri) if iri in FIRST else len(FIRST)


def _incoming(terms: Terms, pointing: list[Pointing]) -> tuple[Row, ...]:
    ordered = sorted(pointing, key=attrgetter("property"))
    grouped = groupby(ordered, key=attrgetter("property"))
    return terms.rows(
        Property(iri, tuple(Iri(row.source) for row in rows)) for iri, rows in grouped
    )
