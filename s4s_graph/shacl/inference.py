"""Rules that add a triple (sh:TripleRule), for the compiled engine."""

from collections.abc import Iterator
from string import Template

import pyoxigraph as ox
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from s4s_graph.shacl.compiled import Engine
from s4s_graph.shacl.paths import Path, Step, UnsupportedError, path
from s4s_graph.shacl.shapes import Shape
from s4s_graph.shacl.terms import to_ox

_INFERRED = Template("SELECT DISTINCT ?this ?subject ?object WHERE { $focus $subject $object }")
Inferred = tuple[ox.NamedNode | ox.BlankNode, ox.Triple]


def rules(graph: Graph) -> list[tuple[Shape, Node]]:
    """Return the rules with the shapes whose nodes they are about."""
    found = [(Shape(shape, graph), rule) for shape, rule in graph.subject_objects(SH.rule)]
    return sorted(found, key=lambda pair: (pair[0].name, str(pair[1])))


def inferred(engine: Engine, shape: Shape, rule: Node) -> Iterator[Inferred]:
    """Yield each triple that a rule gives, with the node that it gives it for.

    Raises UnsupportedError.
    """
    graph = shape.graph
    if not shape.is_active or (rule, SH.deactivated, Literal(True)) in graph:
        return
    if (rule, RDF.type, SH.TripleRule) not in graph or (rule, SH.order, None) in graph:
        raise UnsupportedError("a rule that is no sh:TripleRule")
    predicate = graph.value(rule, SH.predicate)
    if not isinstance(predicate, URIRef):
        raise UnsupportedError("a rule whose property is computed")
    at = engine.targets(shape)
    excluded = set().union(
        *(engine.wrong(Shape(node, graph), at) for node in graph.objects(rule, SH.condition))
    )
    query = _INFERRED.substitute(
        focus=at.bound_to("?this"),
        subject=_bound(graph, graph.value(rule, SH.subject), "?subject"),
        object=_bound(graph, graph.value(rule, SH.object), "?object"),
    )
    for row in engine.rows(query, at.prefixes):
        if row["this"] not in excluded and not isinstance(row["subject"], ox.Literal):
            triple = ox.Triple(row["subject"], ox.NamedNode(str(predicate)), row["object"])
            yield row["this"], triple


def ends(graph: Graph, rule: Node) -> list[Path]:
    """Return the paths that a rule walks for its subject and object. Raises UnsupportedError."""
    nodes = (graph.value(rule, end) for end in (SH.subject, SH.object))
    return [found for node in nodes if (found := _path(graph, node)) is not None]


def step(graph: Graph, rule: Node) -> Step:
    """Return the step that a rule makes possible."""
    return Step(str(graph.value(rule, SH.predicate)))


def _path(graph: Graph, node: Node | None) -> Path | None:
    if node == SH.this or isinstance(node, URIRef | Literal):
        return None
    stated = dict(graph.predicate_objects(node))
    if stated.keys() != {SH.path}:
        raise UnsupportedError("a rule with an expression")
    return path(graph, stated[SH.path])


def _bound(graph: Graph, node: Node | None, variable: str) -> str:
    """Return a pattern that binds a variable to what an expression gives."""
    if node is None:
        raise UnsupportedError("a rule without a subject or an object")
    walked = _path(graph, node)
    if walked is not None:
        return " ".join(("?this", walked.sparql(), variable, "."))
    term = "?this" if node == SH.this else str(to_ox(node))
    return "".join(("BIND(", term, " AS ", variable, ")"))
