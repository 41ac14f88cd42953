"""What a graph says about any thing, in terms of the graph alone: no form, no vocabulary."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from s4s_graph.store import EngineTerm, Iri, Literal

STATEMENTS = 5000  # about one thing that are looked at
DEPTH = 4  # of blank nodes in blank nodes


@dataclass(frozen=True)
class Blank:
    """A thing without a name: what is said about it, which is nothing where it is too deep."""

    properties: tuple["Property", ...]


@dataclass(frozen=True)
class Quoted:
    """A triple as a value."""

    subject: "Value"
    predicate: "Value"
    object: "Value"


Value = Iri | Literal | Blank | Quoted


@dataclass(frozen=True)
class Property:
    """The values of one property, each once, in the order of the graph."""

    iri: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Stated:
    """What is said about a thing, and in which named graphs; `cut` if there is more."""

    properties: tuple[Property, ...]
    graphs: tuple[str, ...]
    cut: bool

    def iris(self) -> Iterator[str]:
        """Yield every name in it, for those who look up labels."""
        yield from self.graphs
        yield from _iris(self.properties)


class Resources:
    """Looks up things in a graph; any number of threads may ask at once."""

    def __init__(self, graph: ox.Store) -> None:
        self._graph = graph

    def stated(self, iri: str) -> Stated:
        """Return what is said about a thing: nothing if `iri` is not an IRI."""
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            return Stated((), (), cut=False)
        found = self._graph.quads_for_pattern(node, None, None, None)
        quads = list(islice(found, STATEMENTS + 1))
        graphs = {q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode)}
        properties = self._properties(quads[:STATEMENTS], (node,))
        return Stated(properties, tuple(sorted(graphs)), len(quads) > STATEMENTS)

    def _properties(
        self, quads: list[ox.Quad], path: tuple[EngineTerm, ...]
    ) -> tuple[Property, ...]:
        values: dict[str, dict[EngineTerm, None]] = {}
        for quad in quads:
            values.setdefault(quad.predicate.value, {})[quad.object] = None
        return tuple(
            Property(predicate, tuple(self._value(term, path) for term in terms))
            for predicate, terms in values.items()
        )

    def _value(self, term: EngineTerm, path: tuple[EngineTerm, ...]) -> Value:
        if isinstance(term, ox.NamedNode):
            return Iri(term.value)
        if isinstance(term, ox.Literal):
            return Literal(term.value, term.language, term.datatype.value)
        if isinstance(term, ox.Triple):
            return Quoted(*(self._value(part, path) for part in term))
        if term in path or len(path) > DEPTH:
            return Blank(())
        quads = islice(self._graph.quads_for_pattern(term, None, None, None), STATEMENTS)
        return Blank(self._properties(list(quads), (*path, term)))


def _iris(properties: tuple[Property, ...]) -> Iterator[str]:
    for item in properties:
        yield item.iri
        for value in item.values:
            yield from _named(value)


def _named(value: Value) -> Iterator[str]:
    if isinstance(value, Iri):
        yield value.value
    elif isinstance(value, Literal):
        yield value.datatype
    elif isinstance(value, Blank):
        yield from _iris(value.properties)
    else:
        for part in (value.subject, value.predicate, value.object):
            yield from _named(part)
