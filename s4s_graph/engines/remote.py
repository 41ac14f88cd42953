"""Any engine that speaks the SPARQL 1.1 Protocol, with the graphs of a release as published."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from urllib.parse import urlencode

import pyoxigraph as ox

from s4s_graph.engines import naming
from s4s_graph.engines.breaker import AwayError
from s4s_graph.engines.client import Client
from s4s_graph.engines.engine import INCOMING_LIMIT, LABELS, EngineTerm, Solutions, StoreError
from s4s_graph.engines.naming import Names
from s4s_graph.engines.wording import Wording, asks_graphs

ROWS = {"application/sparql-results+json": ox.QueryResultsFormat.JSON}
TRIPLES = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
THINGS = 400  # in one query: some engines refuse long ones

_STRING = ox.Literal("").datatype
_SPELLING = ox.Store()

_PARTS = """SELECT DISTINCT ?part WHERE {{ GRAPH <{pointer}> {{
  <{pointer}> <{version}> <{set}> . <{set}> <{part}> ?part }} }}"""
_LABELS = """SELECT DISTINCT ?thing ?predicate ?label WHERE {{
  VALUES ?thing {{ {things} }} ?thing ?predicate ?label
  FILTER (?predicate IN ({predicates}) && isLiteral(?label)) }}"""
_VALUES = """SELECT DISTINCT ?thing ?predicate ?value WHERE {{
  VALUES ?thing {{ {things} }} ?thing ?predicate ?value {restriction} }}"""
_EXISTS = "ASK {{ {thing} ?predicate ?value }}"
_GRAPHS = "SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ {thing} ?predicate ?value }} }}"
_INCOMING = """SELECT DISTINCT ?subject ?predicate WHERE {{ ?subject ?predicate {thing} }}
ORDER BY ?subject ?predicate LIMIT {most}"""


def graphs(client: Client, base: str, release: str) -> tuple[str, ...]:
    """Return what the graphs of a release are called at an engine; none until all are there.

    Raises AwayError.
    """
    names = Names(base, release)
    query = _PARTS.format(
        pointer=names.pointer, set=names.set, version=naming.VERSION, part=naming.PART
    )
    reply = client.ask(form(query, (names.pointer,), (names.pointer,)), FORM, tuple(ROWS))
    parts = {row[0].value for row in _rows(reply.body)[1] if isinstance(row[0], ox.NamedNode)}
    return tuple(sorted(parts - {names.all}))


class Remote:
    """Asks an engine elsewhere about one release."""

    def __init__(
        self, client: Client, names: Names, graphs: tuple[str, ...], prefixes: Mapping[str, str]
    ) -> None:
        self._client = client
        self._names = names
        self._graphs = graphs
        self._wording = Wording(names, prefixes)

    def solutions(self, query: str, params: Mapping[str, EngineTerm]) -> Solutions:
        """Answer a SELECT query."""
        columns, rows = self._rows(self._worded(query, params))
        if unknown := params.keys() - set(columns):
            raise StoreError(f"parameters that are not selected: {sorted(unknown)}")
        return columns, rows

    def triples(self, query: str, params: Mapping[str, EngineTerm]) -> Iterator[ox.Triple]:
        """Answer a CONSTRUCT query."""
        text = self._worded(query, params)
        reply = self._client.ask(self._asked(text), FORM, tuple(TRIPLES))
        try:
            quads = list(ox.parse(reply.body, TRIPLES[reply.media_type]))
        except (SyntaxError, ValueError) as error:
            raise AwayError(f"the engine's triples cannot be read: {error}") from error
        return _triples(map(self._here, quad.triple) for quad in quads)

    def labels(self, things: Iterable[ox.NamedNode]) -> Iterator[tuple[str, list[ox.Literal]]]:
        """Yield each thing that has a label, with all it has by the first property that has one."""
        predicates = ", ".join(map(str, LABELS))
        for some in _batches(things):
            found: dict[str, dict[ox.NamedNode, list[ox.Literal]]] = {}
            text = _LABELS.format(things=self._all(some), predicates=predicates)
            for triple in _triples(self._rows(text)[1]):
                if isinstance(triple.subject, ox.NamedNode) and isinstance(
                    triple.object, ox.Literal
                ):
                    of_thing = found.setdefault(triple.subject.value, {})
                    of_thing.setdefault(triple.predicate, []).append(triple.object)
            for thing, labels in found.items():
                yield thing, next(labels[key] for key in LABELS if key in labels)

    def values(
        self, thing: ox.NamedNode, properties: Iterable[ox.NamedNode]
    ) -> Iterator[ox.Triple]:
        """Yield what is stated of a thing by some properties."""
        wanted = ", ".join(map(self._there, properties))
        restriction = f"FILTER (?predicate IN ({wanted}))"
        return self._stated([thing], restriction) if wanted else iter(())

    def exists(self, thing: ox.NamedNode) -> bool:
        """Say whether something is stated about a thing."""
        text = _EXISTS.format(thing=self._there(thing))
        reply = self._client.ask(self._asked(text), FORM, tuple(ROWS))
        answer = parsed(reply.body)
        if not isinstance(answer, ox.QueryBoolean):
            del answer  # it must not leave this thread
            raise AwayError("the engine answers a yes or no question with rows")
        return bool(answer)

    def graphs(self, thing: ox.NamedNode) -> frozenset[str]:
        """Return the named graphs that state something about a thing."""
        found = self._rows(_GRAPHS.format(thing=self._there(thing)))[1]
        return frozenset(row[0].value for row in found if isinstance(row[0], ox.NamedNode))

    def outgoing(self, things: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
        """Yield the statements about things, and those about the blank nodes that these need."""
        waiting: list[ox.NamedNode | ox.BlankNode] = list(things)
        seen = set(waiting)
        while waiting:
            triples = list(self._stated(waiting))
            yield from triples
            waiting = list({t.object for t in triples if isinstance(t.object, ox.BlankNode)} - seen)
            seen.update(waiting)

    def incoming(self, thing: ox.NamedNode) -> Iterator[ox.Triple]:
        """Yield the first statements that point at a thing from one with a name."""
        text = _INCOMING.format(thing=self._there(thing), most=INCOMING_LIMIT)
        for subject, predicate in self._rows(text)[1]:
            if isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode):
                yield ox.Triple(subject, predicate, thing)

    def _stated(
        self, things: Iterable[ox.NamedNode | ox.BlankNode], restriction: str = ""
    ) -> Iterator[ox.Triple]:
        for some in _batches(things):
            text = _VALUES.format(things=self._all(some), restriction=restriction)
            yield from _triples(self._rows(text)[1])

    def _worded(self, query: str, params: Mapping[str, EngineTerm]) -> str:
        values = {name: self._there(value) for name, value in params.items()}
        return self._wording.query(query, values).text

    def _rows(self, text: str) -> tuple[tuple[str, ...], list[tuple[EngineTerm | None, ...]]]:
        reply = self._client.ask(self._asked(text), FORM, tuple(ROWS))
        columns, rows = _rows(reply.body)
        return columns, [tuple(map(self._here, row)) for row in rows]

    def _asked(self, text: str) -> bytes:
        return form(text, (self._names.all,), self._graphs if asks_graphs(text) else ())

    def _there(self, term: EngineTerm) -> str:
        return str(self._names.published(term))

    def _all(self, things: Iterable[ox.NamedNode | ox.BlankNode]) -> str:
        return " ".join(map(self._there, things))

    def _here(self, term: EngineTerm | None) -> EngineTerm | None:
        if isinstance(term, ox.NamedNode) and term.value.startswith(self._names.set):
            if term.value.startswith(self._names.blank):
                return ox.BlankNode(term.value.removeprefix(self._names.blank))
            return ox.NamedNode(self._names.here(term.value))
        return normal(term) if isinstance(term, ox.Literal) else term


def form(query: str, default: Iterable[str], named: Iterable[str]) -> bytes:
    """Return a query and the graphs it is about as the protocol sends them."""
    pairs = [("query", query)]
    pairs += [("default-graph-uri", graph) for graph in default]
    pairs += [("named-graph-uri", graph) for graph in named]
    return urlencode(pairs).encode()


def _rows(body: bytes) -> tuple[tuple[str, ...], list[tuple[EngineTerm | None, ...]]]:
    answer = parsed(body)
    if not isinstance(answer, ox.QuerySolutions):
        raise AwayError("the engine answers a question for rows with yes or no")
    try:
        return tuple(variable.value for variable in answer.variables), list(map(tuple, answer))
    except (SyntaxError, ValueError) as error:
        said = str(error)
    finally:
        del answer  # it must not leave this thread, as what is in a traceback may
    raise AwayError(f"the engine's rows cannot be read: {said}")


def parsed(body: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
    """Read an answer. Raises AwayError for what is none."""
    try:
        return ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise AwayError(f"the engine's answer cannot be read: {error}") from error


def _triples(rows: Iterable[Iterable[EngineTerm | None]]) -> Iterator[ox.Triple]:
    for subject, predicate, value in rows:
        if not isinstance(subject, ox.NamedNode | ox.BlankNode) or value is None:
            continue
        if isinstance(predicate, ox.NamedNode):
            yield ox.Triple(subject, predicate, value)


def _batches(
    things: Iterable[ox.NamedNode | ox.BlankNode],
) -> Iterator[list[ox.NamedNode | ox.BlankNode]]:
    rest = iter(things)
    while some := list(islice(rest, THINGS)):
        yield some


@lru_cache(maxsize=10_000)
def normal(literal: ox.Literal) -> ox.Literal:
    """Return a value as the engine inside writes it: engines spell numbers in their own ways.

    Of a boolean, Virtuoso says 1 for true; of a decimal, some keep the zeros it was written with.
    """
    if literal.language or literal.datatype == _STRING:
        return literal
    spelt = _SPELLING.query("SELECT ?value {}", substitutions={ox.Variable("value"): literal})
    assert isinstance(spelt, ox.QuerySolutions)  # noqa: S101 - so says the query
    ((value,),) = spelt
    assert isinstance(value, ox.Literal)  # noqa: S101 - so it came
    return value
