"""Property paths of shapes: as SPARQL, and as the steps that lead from one node to the next."""

from dataclasses import dataclass

from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node


class UnsupportedError(Exception):
    """Something in a shape that is left to pySHACL; the text says what."""


@dataclass(frozen=True)
class Step:
    """One property, forwards or backwards."""

    predicate: str
    inverse: bool = False

    def sparql(self) -> str:
        """Return the path as SPARQL writes it."""
        return f"{'^' if self.inverse else ''}<{self.predicate}>"


@dataclass(frozen=True)
class Chain:
    """One path after the other."""

    parts: tuple["Path", ...]

    def sparql(self) -> str:
        """Return the path as SPARQL writes it."""
        return f"({'/'.join(part.sparql() for part in self.parts)})"


@dataclass(frozen=True)
class Choice:
    """One path or the other."""

    parts: tuple["Path", ...]

    def sparql(self) -> str:
        """Return the path as SPARQL writes it."""
        return f"({'|'.join(part.sparql() for part in self.parts)})"


@dataclass(frozen=True)
class Repeat:
    """A path once or not at all (?), any number of times (*), or at least once (+)."""

    path: "Path"
    times: str

    def sparql(self) -> str:
        """Return the path as SPARQL writes it."""
        return f"({self.path.sparql()}){self.times}"


Path = Step | Chain | Choice | Repeat

ANY = Step("")  # whatever the property: what a query writes as a variable

_TIMES = {SH.zeroOrOnePath: "?", SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+"}


def path(graph: Graph, node: Node) -> Path:
    """Read a path. Raises UnsupportedError for what is no path, or two at a time."""
    if isinstance(node, URIRef):
        return Step(str(node))
    stated = dict(graph.predicate_objects(node))
    if RDF.first in stated and stated.keys() == {RDF.first, RDF.rest}:
        return Chain(tuple(path(graph, part) for part in Collection(graph, node)))
    if len(stated) != 1 or not isinstance(node, BNode):
        raise UnsupportedError("a path that says two things")
    ((kind, value),) = stated.items()
    if kind == SH.inversePath:
        return inverse(path(graph, value))
    if kind == SH.alternativePath:
        return Choice(tuple(path(graph, part) for part in Collection(graph, value)))
    if isinstance(kind, URIRef) and kind in _TIMES:
        return Repeat(path(graph, value), _TIMES[kind])
    raise UnsupportedError(f"a path by {kind}")


def inverse(of: Path) -> Path:
    """Return the path that leads back."""
    match of:
        case Step():
            return Step(of.predicate, not of.inverse)
        case Chain():
            return Chain(tuple(inverse(part) for part in reversed(of.parts)))
        case Choice():
            return Choice(tuple(inverse(part) for part in of.parts))
        case Repeat():
            return Repeat(inverse(of.path), of.times)


def steps(of: Path) -> set[Step]:
    """Return every step that a path takes."""
    match of:
        case Step():
            return {of}
        case Repeat():
            return steps(of.path)
        case Chain() | Choice():
            return {step for part in of.parts for step in steps(part)}
