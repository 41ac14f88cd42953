"""How a value can be said less exactly: along skos:broader, up to nothing at all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

BROADER = ox.NamedNode("http://www.w3.org/2004/02/skos/core#broader")
IN_SCHEME = ox.NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")

Value = str | None  # a term as N-Triples; None says nothing


@dataclass(frozen=True)
class Ladders:
    """The lists that values come from, as trees; of several parents the first by name counts.

    Terms are strings in N-Triples. lists: the schemes of a concept. size: how many concepts of a
    list have nothing below them.
    """

    parents: Mapping[str, str]
    children: Mapping[str, set[str]]
    lists: Mapping[str, str]
    sizes: Mapping[str, int]
    _below: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> "Ladders":
        """Read the lists of a graph."""
        above: dict[str, str] = {}
        lists: dict[str, str] = {}
        for quad in quads:
            if quad.predicate in (BROADER, IN_SCHEME):
                known = above if quad.predicate == BROADER else lists
                concept, other = str(quad.subject), str(quad.object)
                known[concept] = min(known.get(concept, other), other)
        children: dict[str, set[str]] = defaultdict(set)
        for concept, parent in above.items():
            children[parent].add(concept)
        sizes: dict[str, int] = defaultdict(int)
        for concept, name in lists.items():
            sizes[name] += concept not in children
        return cls(above, children, lists, sizes)

    def common(self, one: Value, other: Value) -> Value:
        """Return the narrowest value that holds for both; None when only nothing does."""
        above = list(self.above(other))
        return next((value for value in self.above(one) if value in above), None)

    def above(self, value: Value) -> Iterator[str]:
        """Yield a value and what is above it, the nearest first."""
        seen: set[str] = set()
        while value is not None and value not in seen:
            seen.add(value)
            yield value
            value = self.parents.get(value)

    def loss(self, value: Value) -> float:
        """Return how much less a value says than one at the bottom of its list: 0 to 1.

        It is the share of the other bottom values that it may stand for (the normalised certainty
        penalty: J. Xu and others, Utility-based anonymization using local recoding, KDD 2006).
        """
        if value is None:
            return 1.0
        others = self.sizes.get(self.lists.get(value, ""), 0) - 1
        return min((self._bottom(value) - 1) / others, 1.0) if others > 0 else 0.0

    def _bottom(self, value: str) -> int:
        if value not in self._below:
            self._below[value] = len(_leaves(value, self.children))
        return self._below[value]


def _leaves(value: str, children: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    seen, todo = {value}, [value]
    while todo:
        below = children.get(here := todo.pop(), set())
        if not below:
            found.add(here)
        todo += below - seen
        seen |= below
    return found
