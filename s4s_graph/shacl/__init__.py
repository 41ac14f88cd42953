"""Checking a graph against the shapes, by pySHACL or by SPARQL on the store."""

import logging
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import chain, islice
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from s4s_graph import graphs
from s4s_graph.shacl import compiled, inference, reference
from s4s_graph.shacl.paths import UnsupportedError
from s4s_graph.shacl.results import OxTerm, Report, Result, order
from s4s_graph.shacl.rules import TARGETS, Rules
from s4s_graph.shacl.shapes import Shape
from s4s_graph.shacl.terms import Lexicon, written

__all__ = ["SMALL", "Engine", "OxTerm", "Report", "Result", "validate", "validated"]

_LOG = logging.getLogger(__name__)

# Quads up to which pySHACL, the reference, is quick enough: these take it some five seconds.
SMALL = 50_000


class Engine(StrEnum):
    """What can do the checking; each gives the same results."""

    PYSHACL = "pyshacl"
    SPARQL = "sparql"


def validate(
    quads: Iterable[ox.Quad], shapes: Path, base: str, engine: Engine | None = None
) -> Report:
    """Check the triples of all graphs together against the shapes in a folder.

    Without an engine, a small graph is checked by pySHACL and a larger one by SPARQL.
    Raises ValidationFailure or ReportableRuntimeError, both of pySHACL, when a shape cannot be
    evaluated, and what `graphs.shapes` raises.
    """
    return validated(quads, graphs.shapes(shapes, base), engine)


def validated(quads: Iterable[ox.Quad], shapes: Graph, engine: Engine | None = None) -> Report:
    """Check the triples of all graphs together against a graph of shapes, which is changed.

    Raises what `validate` raises for a shape that cannot be evaluated.
    """
    prepared = Rules.of(shapes)
    if engine is None:
        rest = iter(quads)
        first = list(islice(rest, SMALL + 1))
        engine, quads = Engine.PYSHACL if len(first) <= SMALL else Engine.SPARQL, chain(first, rest)
        del first
    if engine is Engine.PYSHACL:
        found = reference.results(graphs.merged(quads), prepared)
        return Report(tuple(sorted(found, key=order)))
    return _by_sparql(quads, prepared)


def _by_sparql(quads: Iterable[ox.Quad], prepared: Rules) -> Report:
    lexicon, store = Lexicon(), ox.Store()
    store.bulk_extend(lexicon.quads(quads))
    return _evaluated(store, lexicon, prepared)


def _evaluated(store: ox.Store, lexicon: Lexicon, prepared: Rules) -> Report:
    roots = compiled.roots(prepared)
    found: set[Result] = set()
    left: dict[Shape, str] = {}
    try:
        added = list(_inferred(store, lexicon, prepared))
    except UnsupportedError as error:
        left = dict.fromkeys(roots, str(error))
    else:
        store.extend(added)
        engine = compiled.Engine(store, lexicon, prepared)
        for root in roots:
            try:
                found |= engine.results(root)
            except UnsupportedError as error:
                left[root] = str(error)
    for root, reason in left.items():
        _LOG.warning("only pySHACL can check %s: %s", root.name, reason)
    if left:
        # Adding what rules infer a second time changes nothing.
        data = graphs.merged(_as_written(store))
        found |= reference.results(data, _only(prepared, left))
    names = tuple((root.name, reason) for root, reason in left.items())
    return Report(tuple(sorted(found, key=order)), Engine.SPARQL, names)


def _inferred(store: ox.Store, lexicon: Lexicon, prepared: Rules) -> Iterator[ox.Quad]:
    engine = compiled.Engine(store, lexicon, prepared)
    for shape, rule in inference.rules(prepared.graph):
        for _, triple in inference.inferred(engine, shape, rule):
            yield ox.Quad(triple.subject, triple.predicate, triple.object)


def _as_written(store: ox.Store) -> Iterator[ox.Quad]:
    for quad in store:
        yield ox.Quad(quad.subject, quad.predicate, written(quad.object))


def _only(prepared: Rules, roots: Iterable[Shape]) -> Rules:
    """Return shapes of which only some are about nodes; the others are still there to stand on."""
    kept = {root.node for root in roots}
    graph = Graph()
    for triple in prepared.graph:
        if triple[1] not in TARGETS or triple[0] in kept:
            graph.add(triple)
    return Rules(graph, prepared.messages)
