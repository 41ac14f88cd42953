"""An order of the nodes of a graph that few of its arcs go against."""

from collections.abc import Iterable, Sequence
from graphlib import TopologicalSorter

from s4s_graph.coherence.circles import parts
from s4s_graph.coherence.pairs import members, turned

Arc = tuple[str, str]


def ordered(names: Sequence[str], arcs: Iterable[Arc]) -> list[str]:
    """Return the nodes in an order that few arcs go against, and none between two circles."""
    place = {name: number for number, name in enumerate(names)}
    rows = [0] * len(names)
    for origin, target in arcs:
        rows[place[origin]] |= 1 << place[target]
    group: dict[int, tuple[int, ...]] = {number: (number,) for number in range(len(names))}
    for part in parts(rows, turned(rows)):
        together = tuple(members(part))
        group.update(dict.fromkeys(together, together))
    feeds: dict[tuple[int, ...], list[tuple[int, ...]]] = {item: [] for item in group.values()}
    for number, row in enumerate(rows):
        for other in members(row):
            if group[number] != group[other]:
                feeds[group[other]].append(group[number])
    sequence = TopologicalSorter(feeds).static_order()
    return [names[number] for together in sequence for number in _greedy(together, rows)]


def _greedy(together: Sequence[int], rows: Sequence[int]) -> list[int]:
    """Eades, Lin & Smyth (1993, doi 10.1016/0020-0190(93)90079-O): an order with few arcs back."""
    left, last, first = set(together), list[int](), list[int]()
    mask = sum(1 << number for number in together)
    while left:
        out = {number: (rows[number] & mask).bit_count() for number in left}
        into = {number: sum(rows[other] >> number & 1 for other in left) for number in left}
        chosen = min(left, key=lambda n: (out[n] > 0, into[n] > 0, into[n] - out[n], n))
        (last if not out[chosen] else first).append(chosen)
        left.remove(chosen)
        mask ^= 1 << chosen
    return first + last[::-1]
