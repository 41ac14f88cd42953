"""Terms on their way to the engine and back, their literals exactly as they were written.

The engine keeps numbers and dates by value: "01"^^xsd:integer comes back as "1". To a shape the
two are different terms. So a literal that would not come back as it was, or that its datatype
does not know, is stored under a datatype of our own that holds the real one. What the engine
compares by itself are then only terms that are equal when they look equal.
"""

import logging
from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

from s4s_graph.graphs import Term, to_rdflib
from s4s_graph.shacl.results import OxTerm

WRITTEN = "urn:x-s4s:written:"  # the engine would write it otherwise
WRONG = "urn:x-s4s:wrong:"  # it is no value of its datatype

_NODE = ox.NamedNode("urn:x-s4s:node")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_PLAIN = (f"{_XSD}string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")


class Lexicon:
    """Stand-ins for the literals that the engine would not keep.

    altered: whether there was any.
    """

    def __init__(self) -> None:
        # Of a value that its datatype does not know, rdflib logs a traceback; the shapes report it.
        logging.getLogger("rdflib.term").setLevel(logging.ERROR)
        self.altered = False
        self._known: dict[ox.Literal, ox.Literal] = {}
        self._scratch = ox.Store()

    def quads(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """Yield the triples of all graphs as the engine can keep them, without their graphs."""
        for quad in quads:
            value = quad.object
            if isinstance(value, ox.Literal):
                value = self.stored(value)
            yield ox.Quad(quad.subject, quad.predicate, value)

    def stored(self, literal: ox.Literal) -> ox.Literal:
        """Return what stands for a literal in the store."""
        datatype = literal.datatype.value
        if datatype in _PLAIN:
            return literal
        found = self._known.get(literal)
        if found is None:
            kind = self._kind(literal)
            self.altered |= kind is not None
            name = ox.NamedNode(f"{kind}{datatype}") if kind else None
            found = ox.Literal(literal.value, datatype=name) if name else literal
            self._known[literal] = found
        return found

    def _kind(self, literal: ox.Literal) -> str | None:
        if Literal(
            literal.value, datatype=URIRef(literal.datatype.value), normalize=False
        ).ill_typed:
            return WRONG
        quad = ox.Quad(_NODE, _NODE, literal)
        self._scratch.add(quad)
        (kept,) = self._scratch.quads_for_pattern(_NODE, _NODE, None)
        self._scratch.clear()
        return None if kept == quad else WRITTEN


def written(term: OxTerm) -> OxTerm:
    """Return a term of the store as it was written."""
    if isinstance(term, ox.Literal):
        for kind in (WRITTEN, WRONG):
            if term.datatype.value.startswith(kind):
                datatype = ox.NamedNode(term.datatype.value.removeprefix(kind))
                return ox.Literal(term.value, datatype=datatype)
    return term


def compared(term: OxTerm) -> Term:
    """Return a term of the store as rdflib compares it."""
    return to_rdflib(written(term))


def name(term: OxTerm) -> str:
    """Return what a result calls a node."""
    return term.value if isinstance(term, ox.NamedNode) else str(written(term))


def to_ox(node: Node) -> OxTerm:
    """Return a term of rdflib as one of the engine."""
    match node:
        case URIRef():
            return ox.NamedNode(str(node))
        case BNode():
            return ox.BlankNode(str(node))
        case Literal(language=str(language)):
            return ox.Literal(str(node), language=language)
        case Literal(datatype=None):
            return ox.Literal(str(node))
        case Literal(datatype=datatype):
            return ox.Literal(str(node), datatype=ox.NamedNode(str(datatype)))
    raise TypeError(f"{node!r} is no term of RDF")
