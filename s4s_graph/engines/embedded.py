"""The engine that runs inside the process, over a folder of a release or in memory."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import pyoxigraph as ox

from s4s_graph.engines.engine import INCOMING_LIMIT, LABELS, EngineTerm, Solutions, StoreError


class Embedded:
    """Asks a graph of pyoxigraph."""

    def __init__(self, graph: ox.Store, prefixes: Mapping[str, str]) -> None:
        self._graph = graph
        self._prefixes = dict(prefixes)

    def solutions(self, query: str, params: Mapping[str, EngineTerm]) -> Solutions:
        """Answer a SELECT query."""
        result = self._result(query, params)
        if not isinstance(result, ox.QuerySolutions):
            raise StoreError("only SELECT queries have rows")
        return tuple(variable.value for variable in result.variables), result

    def triples(self, query: str, params: Mapping[str, EngineTerm]) -> Iterable[ox.Triple]:
        """Answer a CONSTRUCT query."""
        result = self._result(query, params)
        if not isinstance(result, ox.QueryTriples):
            raise StoreError("only CONSTRUCT queries make a document")
        return result

    def labels(self, things: Iterable[ox.NamedNode]) -> Iterator[tuple[str, list[ox.Literal]]]:
        """Yield each thing that has a label, with all it has by the first property that has one."""
        for thing in things:
            for predicate in LABELS:
                quads = self._graph.quads_for_pattern(thing, predicate, None, None)
                if found := [q.object for q in quads if isinstance(q.object, ox.Literal)]:
                    yield thing.value, found
                    break

    def values(
        self, thing: ox.NamedNode, properties: Iterable[ox.NamedNode]
    ) -> Iterator[ox.Triple]:
        """Yield what is stated of a thing by some properties."""
        for predicate in properties:
            for quad in self._graph.quads_for_pattern(thing, predicate, None, None):
                yield quad.triple

    def exists(self, thing: ox.NamedNode) -> bool:
        """Say whether something is stated about a thing."""
        return any(self._graph.quads_for_pattern(thing, None, None, None))

    def graphs(self, thing: ox.NamedNode) -> frozenset[str]:
        """Return the named graphs of the first statements about a thing."""
        quads = islice(self._graph.quads_for_pattern(thing, None, None, None), INCOMING_LIMIT)
        return frozenset(
            quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)
        )

    def outgoing(self, things: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
        """Yield the statements about things, and those about the blank nodes that these need."""
        waiting: list[ox.NamedNode | ox.BlankNode] = list(things)
        seen = set(waiting)
        while waiting:
            for quad in self._graph.quads_for_pattern(waiting.pop(), None, None, None):
                yield quad.triple
                if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                    seen.add(quad.object)
                    waiting.append(quad.object)

    def incoming(self, thing: ox.NamedNode) -> Iterator[ox.Triple]:
        """Yield the first statements that point at a thing from one with a name."""
        quads = self._graph.quads_for_pattern(None, None, thing, None)
        triples = (quad.triple for quad in quads if isinstance(quad.subject, ox.NamedNode))
        return islice(triples, INCOMING_LIMIT)

    def _result(
        self, query: str, params: Mapping[str, EngineTerm]
    ) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        # The caller consumes the result at once: it must not leave the thread that asked.
        try:
            return self._graph.query(
                query,
                prefixes=self._prefixes,
                use_default_graph_as_union=True,
                substitutions={ox.Variable(name): value for name, value in params.items()},
            )
        except RuntimeError as error:
            raise StoreError(f"{error}; parameters: {sorted(params)}") from error
