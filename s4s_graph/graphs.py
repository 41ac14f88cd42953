"""The border between pyoxigraph, which reads and stores, and rdflib, which the shapes run on."""

import logging
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from s4s_graph.namespaces import BASE

Term = URIRef | BNode | Literal


class QueriedGraph(Graph):
    """A graph that parses each query once.

    SHACL asks the same query of one focus node after another, and rdflib needs much longer to
    parse a query than to answer it.
    """

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """Answer a query; the arguments are those of rdflib's own method."""
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


@lru_cache(maxsize=256)
def _prepared(query: str) -> Query:
    return prepareQuery(query)


def merged(quads: Iterable[ox.Quad]) -> QueriedGraph:
    """Return the triples of all graphs as one rdflib graph, their literals as they were written."""
    # Of a value that its datatype does not know, rdflib logs a traceback; the shapes report it.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    graph = QueriedGraph(bind_namespaces="none")
    known: dict[object, Term] = {}

    def term(node: Any) -> Term:
        # The same few thousand terms come back all the time, and rdflib makes them slowly.
        found = known.get(node)
        if found is None:
            found = known[node] = to_rdflib(node)
        return found

    for quad in quads:
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def shapes(folder: Path, base: str) -> QueriedGraph:
    """Return the shapes in the Turtle files of a folder, with their base address replaced.

    Raises FileNotFoundError when there are none and SyntaxError, with the place, on bad Turtle.
    """
    files = sorted(folder.glob("*.ttl"))
    if not files:
        raise FileNotFoundError(f"{folder} holds no shapes: no file there ends with .ttl")
    return merged(quad for file in files for quad in _turtle(file, base))


def _turtle(file: Path, base: str) -> Iterator[ox.Quad]:
    text = file.read_text("utf-8").replace(BASE, base)
    try:
        # Two files may give their blank nodes the same labels.
        yield from ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    except SyntaxError as error:
        raise SyntaxError(f"{file}: {error.msg}") from error


def to_rdflib(node: Any) -> Term:
    """Return a term of pyoxigraph as one of rdflib, a literal as it was written."""
    if isinstance(node, ox.NamedNode):
        return URIRef(node.value)
    if isinstance(node, ox.BlankNode):
        return BNode(node.value)
    if node.language:
        return Literal(node.value, lang=node.language)
    # A plain string has no datatype in rdflib, and the two are different terms there.
    datatype = None if node.datatype == _STRING else URIRef(node.datatype.value)
    return Literal(node.value, datatype=datatype, normalize=False)


_STRING = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")
