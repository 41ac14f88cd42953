"""What a store asks of an engine, in the terms of pyoxigraph."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import pyoxigraph as ox

EngineTerm = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
# The projected variables, and of each row the terms in that order.
Solutions = tuple[tuple[str, ...], Iterable[Sequence[EngineTerm | None] | ox.QuerySolution]]

INCOMING_LIMIT = 1000
LABELS = tuple(
    ox.NamedNode(iri)
    for iri in (
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://purl.org/dc/terms/title",
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://www.w3.org/ns/shacl#name",
    )
)


class StoreError(Exception):
    """A query, a parameter or a row type that does not fit the others; the text says which."""


class Engine(Protocol):
    """Answers queries about one release, and looks things up in it; threads may share it.

    Queries have no prefixes; the values of `params` stand for the projected variables of those
    names, and the default graph is the union of all graphs. What goes wrong is a StoreError, or
    a SyntaxError if a query is not SPARQL, or an AwayError if the engine is elsewhere.
    """

    def solutions(self, query: str, params: Mapping[str, EngineTerm]) -> Solutions:
        """Answer a SELECT query."""

    def triples(self, query: str, params: Mapping[str, EngineTerm]) -> Iterable[ox.Triple]:
        """Answer a CONSTRUCT query."""

    def labels(self, things: Iterable[ox.NamedNode]) -> Iterator[tuple[str, list[ox.Literal]]]:
        """Yield each thing that has a label, with all it has by the first property that has one."""

    def values(
        self, thing: ox.NamedNode, properties: Iterable[ox.NamedNode]
    ) -> Iterator[ox.Triple]:
        """Yield what is stated of a thing by some properties."""

    def exists(self, thing: ox.NamedNode) -> bool:
        """Say whether something is stated about a thing."""

    def graphs(self, thing: ox.NamedNode) -> frozenset[str]:
        """Return the named graphs of the first statements about a thing."""

    def outgoing(self, things: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
        """Yield the statements about things, and those about the blank nodes that these need."""

    def incoming(self, thing: ox.NamedNode) -> Iterator[ox.Triple]:
        """Yield the first statements that point at a thing from one with a name."""
