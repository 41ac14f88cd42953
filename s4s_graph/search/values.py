"""The values of a facet: in the order in which readers see them, each with the things it holds."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from s4s_graph.cells import SLUG
from s4s_graph.forms import Forms, Text
from s4s_graph.search.facets import Facet, Valued
from s4s_graph.search.words import sort_key
from s4s_graph.store import Iri, Literal, Store, Term

QUERIES = Path(__file__).parent / "queries"
XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Value:
    """A value of a facet.

    term: the value as SPARQL writes it.
    depth: how many values of the facet stand above it.
    things: the numbers of the things that have it, and whether more than an example says so.
    """

    key: str
    name: Text
    term: str
    depth: int
    things: Mapping[int, bool]


@dataclass
class _Concept:
    notation: str
    broader: set[str] = field(default_factory=set)


class Lists:
    """The lists that values are chosen from, read from a graph once."""

    def __init__(self, store: Store, forms: Forms) -> None:
        self._store = store
        self._forms = forms
        self._concepts: dict[str, dict[str, _Concept]] = {}

    @cached_property
    def illustrative(self) -> frozenset[str]:
        """Every thing that was invented as an example."""
        query = (QUERIES / "illustrative.rq").read_text(encoding="utf-8")
        return self._store.things(query)

    def values(self, facet: Facet, valued: Valued, numbers: Mapping[str, int]) -> list[Value]:
        """Return the values of a facet; things are known by their `numbers`, and others not."""
        concepts = self._of(facet.list)
        held: defaultdict[Term, dict[int, bool]] = defaultdict(dict)
        for value, holders in valued.items():
            if known := self._known(holders, numbers):
                for term in _upward(value, concepts):
                    things = held[term]
                    for number, real in known.items():
                        things[number] = things.get(number, False) or real
        if facet.values:
            codes = {code: Literal(code, None, f"{XSD}string") for code in facet.values}
            return [
                Value(code, name, _written(codes[code]), 0, held[codes[code]])
                for code, name in facet.values.items()
            ]
        if not facet.list:
            latest_first = sorted(held, key=lambda term: term.value, reverse=True)
            return [
                Value(t.value, Text(t.value, t.value), _written(t), 0, held[t])
                for t in latest_first
            ]
        return self._listed(facet.list, concepts, held)

    def _known(
        self, holders: Iterable[tuple[str, str | None]], numbers: Mapping[str, int]
    ) -> dict[int, bool]:
        """Return the numbers of things, and whether more than an example says it of them."""
        found: dict[int, bool] = {}
        for thing, via in holders:
            if number := numbers.get(thing):
                real = via is None or via not in self.illustrative or thing in self.illustrative
                found[number] = found.get(number, False) or real
        return found

    def _listed(
        self,
        table: str,
        concepts: Mapping[str, _Concept],
        held: Mapping[Term, Mapping[int, bool]],
    ) -> list[Value]:
        form = self._forms.by_table(table)
        # A short list shows what nothing has; a table of things would be mostly that.
        iris = {term.value for term in held if isinstance(term, Iri)}
        iris |= concepts.keys() if form and not form.class_iri else set()
        known = {iri for iri in iris if SLUG.fullmatch(iri.rpartition("/")[2])}
        names = self._store.names(known)

        def name(iri: str) -> Text:
            slug = iri.rpartition("/")[2]
            return names.get(iri, Text(slug, slug))

        def order(iri: str) -> tuple[str, int, str, str]:
            notation = concepts[iri].notation if iri in concepts else ""
            return sort_key(notation), -len(held.get(Iri(iri), {})), sort_key(name(iri).nl), iri

        return [
            Value(
                iri.rpartition("/")[2],
                name(iri),
                _written(Iri(iri)),
                depth,
                held.get(Iri(iri), {}),
            )
            for iri, depth in _tree(sorted(known, key=order), concepts)
        ]

    def _of(self, table: str | None) -> dict[str, _Concept]:
        form = self._forms.by_table(table) if table else None
        if not form or not form.scheme:
            return {}
        if form.scheme not in self._concepts:
            found: dict[str, _Concept] = {}
            query = (QUERIES / "concepts.rq").read_text(encoding="utf-8")
            for iri, broader, notation, *_ in self._store.answer(
                query, scheme=Iri(form.scheme)
            ).rows:
                if isinstance(iri, Iri):
                    said = notation.value if notation else ""
                    concept = found.setdefault(iri.value, _Concept(said))
                    concept.broader |= {broader.value} if isinstance(broader, Iri) else set()
            self._concepts[form.scheme] = found
        return self._concepts[form.scheme]


def _upward(term: Term, concepts: Mapping[str, _Concept]) -> set[Term]:
    """Return a value and all values above it."""
    found, waiting = {term}, [term]
    while waiting:
        concept = concepts.get(waiting.pop().value)
        above = {Iri(iri) for iri in concept.broader if iri in concepts} if concept else set()
        waiting += above - found
        found |= above
    return found


def _tree(iris: list[str], concepts: Mapping[str, _Concept]) -> list[tuple[str, int]]:
    """Return values with their depth, those below another under it, siblings in the order given.

    What has two values above it stands under the first, and what is in a circle at the end.
    """
    places = {iri: place for place, iri in enumerate(iris)}
    below: defaultdict[str | None, list[str]] = defaultdict(list)
    for iri in iris:
        above = concepts[iri].broader & places.keys() if iri in concepts else set()
        below[min(above, key=places.__getitem__) if above else None].append(iri)
    found: dict[str, int] = {}
    waiting = [(iri, 0) for iri in reversed(below[None])]
    while waiting:
        iri, depth = waiting.pop()
        found[iri] = depth
        waiting += [(child, depth + 1) for child in reversed(below[iri])]
    return [*found.items(), *((iri, 0) for iri in iris if iri not in found)]


def _written(term: Term) -> str:
    if isinstance(term, Iri):
        return f"<{term.value}>"
    text = json.dumps(term.value, ensure_ascii=False)
    return text if term.datatype == f"{XSD}string" else f"{text}^^<{term.datatype}>"
