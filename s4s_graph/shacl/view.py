"""A graph with changes laid over it, to walk along paths without asking a query."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from s4s_graph.shacl.paths import ANY, Chain, Choice, Path, Repeat, Step
from s4s_graph.shacl.results import OxTerm

Triple = tuple[OxTerm, ox.NamedNode, OxTerm]


def triple(quad: ox.Quad) -> Triple:
    """Return a quad without its graph."""
    if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
        raise TypeError("a triple as a value is refused when files are read")
    return quad.subject, quad.predicate, quad.object


@dataclass
class _Index:
    """Triples by either end."""

    out: dict[OxTerm, list[Triple]] = field(default_factory=lambda: defaultdict(list))
    into: dict[OxTerm, list[Triple]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> "_Index":
        index = cls()
        for one in triples:
            index.out[one[0]].append(one)
            index.into[one[2]].append(one)
        return index


class View:
    """The graphs of a store that count, without some triples and with some others."""

    def __init__(
        self,
        store: ox.Store,
        minus: Iterable[Triple],
        plus: Iterable[Triple],
        counts: Callable[[str], bool] = lambda graph: True,
    ) -> None:
        self._store = store
        self._minus = frozenset(minus)
        self._plus = _Index.of(plus)
        self._counts = counts

    def about(self, node: OxTerm, step: Step) -> Iterator[Triple]:
        """Yield the triples that a step takes from a node."""
        name = None if step.predicate == ANY.predicate else ox.NamedNode(step.predicate)
        if step.inverse:
            stored = self._store.quads_for_pattern(None, name, node, None)
        elif isinstance(node, ox.Literal):
            return
        else:
            stored = self._store.quads_for_pattern(node, name, None, None)
        for quad in stored:
            if self._is_in(quad) and (found := triple(quad)) not in self._minus:
                yield found
        for found in (self._plus.into if step.inverse else self._plus.out).get(node, ()):
            if name is None or found[1] == name:
                yield found

    def where(self, step: Step, value: OxTerm | None = None) -> Iterator[Triple]:
        """Yield every triple with a property, and with a value if one is given."""
        name = ox.NamedNode(step.predicate)
        for quad in self._store.quads_for_pattern(None, name, value, None):
            if self._is_in(quad) and (found := triple(quad)) not in self._minus:
                yield found
        for triples in self._plus.out.values():
            for found in triples:
                if found[1] == name and value in (None, found[2]):
                    yield found

    def _is_in(self, quad: ox.Quad) -> bool:
        graph = quad.graph_name
        return isinstance(graph, ox.DefaultGraph) or self._counts(graph.value)

    def walk(
        self, path: Path, nodes: Iterable[OxTerm], seen: set[Triple] | None = None
    ) -> set[OxTerm]:
        """Return where a path leads from some nodes; `seen` gets the triples on the way."""
        match path:
            case Step():
                found: set[OxTerm] = set()
                for node in nodes:
                    for one in self.about(node, path):
                        found.add(one[0] if path.inverse else one[2])
                        if seen is not None:
                            seen.add(one)
                return found
            case Chain():
                ends = set(nodes)
                for part in path.parts:
                    ends = self.walk(part, ends, seen)
                return ends
            case Choice():
                starts = set(nodes)
                return set[OxTerm]().union(*(self.walk(p, starts, seen) for p in path.parts))
            case Repeat():
                return self._repeated(path, set(nodes), seen)

    def _repeated(self, path: Repeat, nodes: set[OxTerm], seen: set[Triple] | None) -> set[OxTerm]:
        new = self.walk(path.path, nodes, seen)
        found = new if path.times == "+" else new | nodes
        if path.times == "?":
            return found
        while new:
            new = self.walk(path.path, new, seen) - found
            found |= new
        return found
