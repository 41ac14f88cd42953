"""What a change can affect: the nodes of which a shape may say something else, and what it sees.

A shape looks at a node along its paths. So a triple that came or went matters to the nodes from
which a path leads there, now or before: they are found by walking the paths backwards, over the
graph with both what came and what went. What the shape sees from these nodes, and no more, is the
graph that it has to be evaluated on (the neighbourhoods of "shape fragments", Delva and others,
2023); on it, what it says of these nodes is what it says on the whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rdflib import RDF, RDFS, SH, URIRef
from rdflib.term import Node

from s4s_graph.shacl.embedding import query
from s4s_graph.shacl.links import Link, links
from s4s_graph.shacl.paths import ANY, Chain, Choice, Path, Repeat, Step, UnsupportedError, inverse
from s4s_graph.shacl.results import OxTerm
from s4s_graph.shacl.shapes import Shape
from s4s_graph.shacl.view import Triple, View

_TYPE, _SUBCLASS = Step(str(RDF.type)), str(RDFS.subClassOf)
_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_NESTED = (SH.node, SH["not"], SH.qualifiedValueShape, SH.property)
_LISTED = (SH["and"], SH["or"], SH.xone)


class Reach:
    """The nodes that changed triples matter to, by what shapes look at.

    both: the graph with what came and what went.
    """

    def __init__(self, changed: Iterable[Triple], both: View) -> None:
        self._both = both
        self._starts: dict[Step, set[OxTerm]] = defaultdict(set)
        for subject, predicate, value in changed:
            if predicate.value == _SUBCLASS:
                raise UnsupportedError("a class with another place among classes")
            for name in (predicate.value, ANY.predicate):
                self._starts[Step(name)].add(subject)
                self._starts[Step(name, inverse=True)].add(value)

    def affected(self, root: Shape) -> set[OxTerm]:
        """Return the nodes that a shape is about and that it may see otherwise now.

        There may be others among them, which it is not about. Raises UnsupportedError when that
        cannot be told from the shape.
        """
        return self._targets(root) | self.conforming(root)

    def conforming(self, shape: Shape) -> set[OxTerm]:
        """Return the nodes whose conformance to a shape may have changed."""
        found = self.starts(shape.path) if shape.path else set[OxTerm]()
        values: set[OxTerm] = set()
        for parameter, value in shape.constraints():
            if parameter in _PAIRS:
                found |= self._starts[Step(str(value))]
            elif parameter == SH.sparql:
                path = shape.path.sparql() if shape.path else None
                found |= self._asked(query(shape.graph, value, path, is_target=False).algebra)
            elif parameter == SH["class"]:
                values |= self._starts[_TYPE]
            elif parameter == SH.closed:
                values |= self._starts[ANY]
            for other in nested(shape, parameter, value):
                values |= self.conforming(other)
        return found | self._back(shape, values)

    def starts(self, path: Path) -> set[OxTerm]:
        """Return the nodes from which a path runs through what changed."""
        match path:
            case Step():
                return self._starts[path]
            case Choice():
                return set[OxTerm]().union(*(self.starts(part) for part in path.parts))
            case Repeat():
                return self._both.walk(Repeat(inverse(path.path), "*"), self.starts(path.path))
            case Chain():
                found: set[OxTerm] = set()
                for part in reversed(path.parts):
                    found = self._both.walk(inverse(part), found) | self.starts(part)
                return found

    def _back(self, shape: Shape, values: set[OxTerm]) -> set[OxTerm]:
        if shape.path is None or not values:
            return values
        return self._both.walk(inverse(shape.path), values)

    def _targets(self, root: Shape) -> set[OxTerm]:
        found: set[OxTerm] = set()
        if root.values(SH.targetClass) or RDFS.Class in root.values(RDF.type):
            found |= self._starts[_TYPE]
        for predicate in root.values(SH.targetSubjectsOf):
            found |= self._starts[Step(str(predicate))]
        for predicate in root.values(SH.targetObjectsOf):
            found |= self._starts[Step(str(predicate), inverse=True)]
        for target in root.values(SH.target):
            found |= self._asked(query(root.graph, target, None, is_target=True).algebra)
        return found

    def _asked(self, algebra: object) -> set[OxTerm]:
        """Return the nodes `?this` of which a query may say something else."""
        known = list(links(algebra))
        found: set[OxTerm] = set()
        for link in known:
            if link.path is not None:
                way = link.backwards() if link.start[0] in '<"' else link
                if way.path is not None and (starts := self.starts(way.path)):
                    found |= self._led(known, way.start, starts)
        return found

    def _led(self, known: list[Link], end: str, nodes: set[OxTerm]) -> set[OxTerm]:
        """Return what `?this` may be when another variable is one of some nodes."""
        reached = {end: nodes}
        for link in _outwards(known, end):
            starts = reached[link.start]
            reached[link.end] = self._both.walk(link.path, starts) if link.path else starts
            if link.end == "this":
                break
        if "this" not in reached:
            raise UnsupportedError("a query whose parts do not hang together")
        return reached["this"]


def nested(shape: Shape, parameter: URIRef, value: Node) -> Iterator[Shape]:
    """Yield the shapes that a parameter stands on."""
    if parameter in _NESTED:
        yield Shape(value, shape.graph)
    elif parameter in _LISTED:
        yield from (Shape(node, shape.graph) for node in shape.listed(value))


def seen(root: Shape, nodes: set[OxTerm], now: View) -> set[Triple]:
    """Return what a shape sees from some nodes: enough to tell if it is about them, and more.

    Raises UnsupportedError.
    """
    found: set[Triple] = set()
    now.walk(_TYPE, nodes, found)
    for predicate in root.values(SH.targetSubjectsOf):
        now.walk(Step(str(predicate)), nodes, found)
    for predicate in root.values(SH.targetObjectsOf):
        now.walk(Step(str(predicate), inverse=True), nodes, found)
    for target in root.values(SH.target):
        _see(query(root.graph, target, None, is_target=True).algebra, nodes, now, found)
    _look(root, nodes, now, found)
    return found


def _look(shape: Shape, nodes: set[OxTerm], now: View, found: set[Triple]) -> None:
    values = now.walk(shape.path, nodes, found) if shape.path else nodes
    for parameter, value in shape.constraints():
        if parameter in _PAIRS:
            now.walk(Step(str(value)), nodes, found)
        elif parameter == SH.sparql:
            path = shape.path.sparql() if shape.path else None
            _see(query(shape.graph, value, path, is_target=False).algebra, nodes, now, found)
        elif parameter == SH["class"]:
            now.walk(_TYPE, values, found)
        elif parameter == SH.closed:
            now.walk(ANY, values, found)
        for other in nested(shape, parameter, value):
            _look(other, values, now, found)


def _see(algebra: object, nodes: set[OxTerm], now: View, found: set[Triple]) -> None:
    """Add what a query looks at from the nodes `?this`."""
    known = list(links(algebra))
    reached: dict[str, set[OxTerm]] = {"this": nodes}
    for link in _outwards(known, "this"):
        starts = reached[link.start]
        ends = now.walk(link.path, starts, found) if link.path else starts
        reached[link.end] = reached.get(link.end, set()) | ends


def _outwards(known: list[Link], end: str) -> Iterator[Link]:
    """Yield every link that hangs together with a variable, each from the end nearest to it."""
    reached, rest = [end], list(known)
    while reached:
        at = reached.pop(0)
        for link in list(rest):
            way = link if link.start == at else link.backwards() if link.end == at else None
            if way is not None:
                rest.remove(link)
                yield way
                # Two links that meet at a constant have nothing to do with each other.
                if way.end[0] not in '<"' and way.end not in reached:
                    reached.append(way.end)
