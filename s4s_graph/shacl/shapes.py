"""A shape as the compiled engine reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from s4s_graph.shacl.paths import Path, Step, UnsupportedError, path
from s4s_graph.shacl.rules import TARGETS

# Parameters whose value is a shape, or a list of them.
_ONE, _LISTED = (
    (SH.property, SH.node, SH["not"], SH.qualifiedValueShape),
    (SH["and"], SH["or"], SH.xone),
)
COMPILED = {
    SH["class"], SH.datatype, SH.nodeKind, SH.minCount, SH.maxCount, SH["in"], SH.hasValue,
    SH.pattern, SH.languageIn, SH.uniqueLang, SH.minInclusive, SH.maxInclusive, SH.minExclusive,
    SH.maxExclusive, SH.minLength, SH.maxLength, SH.equals, SH.disjoint, SH.lessThan,
    SH.lessThanOrEquals, SH.closed, SH.sparql, *_ONE, *_LISTED,
}  # fmt: skip
_NO_CONSTRAINT = {
    *TARGETS, SH.path, SH.severity, SH.deactivated, SH.message, SH.rule, SH.flags,
    SH.ignoredProperties, SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.defaultValue, RDF.type,
    SH.declare, SH.prefixes, SH.shapesGraph, RDFS.subClassOf,
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """A shape of a graph of shapes; two of the same node are equal."""

    node: Node
    graph: Graph

    def __hash__(self) -> int:
        """Hash by the node: a graph has no hash of its content."""
        return hash(self.node)

    @property
    def name(self) -> str:
        """Return the name as results give it."""
        return str(self.node) if isinstance(self.node, URIRef) else f"_:{self.node}"

    @cached_property
    def path(self) -> Path | None:
        """Return the path of a property shape. Raises UnsupportedError."""
        found = self.graph.value(self.node, SH.path)
        return None if found is None else path(self.graph, found)

    @cached_property
    def result_path(self) -> str | None:
        """Return the property that results are about, if the path is one."""
        path = self.path
        return path.predicate if isinstance(path, Step) and not path.inverse else None

    @cached_property
    def severity(self) -> str:
        """Return violation, warning or info."""
        found = self.graph.value(self.node, SH.severity) or SH.Violation
        return str(found).rpartition("#")[2].lower()

    @cached_property
    def is_active(self) -> bool:
        """Tell whether it is not switched off."""
        return (self.node, SH.deactivated, Literal(True)) not in self.graph

    def constraints(self) -> Iterator[tuple[URIRef, Node]]:
        """Yield the parameters with their values. Raises UnsupportedError for an unknown one."""
        for predicate, value in self.graph.predicate_objects(self.node):
            if predicate in COMPILED and isinstance(predicate, URIRef):
                yield predicate, value
            elif predicate not in _NO_CONSTRAINT:
                raise UnsupportedError(f"the constraint {predicate}")

    def values(self, predicate: URIRef) -> list[Node]:
        """Return what is said of the shape."""
        return list(self.graph.objects(self.node, predicate))

    def targets(self) -> Iterator[Node]:
        """Yield what says which nodes it is about."""
        for target in TARGETS:
            yield from self.values(target)

    def listed(self, node: Node) -> list[Node]:
        """Return the members of a list."""
        return list(Collection(self.graph, node))

    def others(self) -> Iterator["Shape"]:
        """Yield the shapes that this one stands on."""
        for predicate, value in self.constraints():
            if predicate in _ONE:
                yield Shape(value, self.graph)
            elif predicate in _LISTED:
                yield from (Shape(node, self.graph) for node in self.listed(value))

    def below(self, above: tuple["Shape", ...] = ()) -> Iterator["Shape"]:
        """Yield the shape and those that it stands on. Raises UnsupportedError on a circle."""
        if self in above:
            raise UnsupportedError("a shape that stands on itself")
        yield self
        for other in self.others():
            yield from other.below((*above, self))


def roots(graph: Graph) -> list[Shape]:
    """Return the shapes that say which nodes they are about, in the order of their names."""
    found = {node for target in TARGETS for node in graph.subjects(target)}
    found |= {node for node in graph.subjects(RDF.type, RDFS.Class) if is_shape(graph, node)}
    return sorted((Shape(node, graph) for node in found), key=lambda shape: shape.name)


def is_shape(graph: Graph, node: Node) -> bool:
    """Tell whether a node is a shape by what is said of it."""
    types = {SH.NodeShape, SH.PropertyShape}
    stated = set(graph.predicates(node))
    return bool(types & set(graph.objects(node, RDF.type)) or stated & COMPILED)
