"""Strongly connected parts and circles of a graph whose edges are rows of bits.

Parts: Kosaraju's algorithm (Sharir 1981, doi 10.1016/0898-1221(81)90008-0), one operation on a row
of bits for each visit of a node instead of one for each edge. Circles: within the parts, by length,
and only along nodes from which the way home is short enough.
"""

from collections.abc import Iterable, Iterator, Sequence

from s4s_graph.coherence.pairs import members

Path = tuple[int, ...]
Rows = Sequence[int]


def parts(rows: Rows, columns: Rows) -> list[int]:
    """Return the bits of each strongly connected part of two nodes or more.

    `columns` are the rows turned: bit i of column j is bit j of row i.
    """
    found, left = [], (1 << len(rows)) - 1
    for node in reversed(_finished(rows)):
        if left >> node & 1:
            part = _reached(node, columns, left)
            left &= ~part
            if part.bit_count() > 1:
                found.append(part)
    return found


def _finished(rows: Rows) -> list[int]:
    """Return the nodes in the order in which a depth-first search is done with them."""
    order, left = [], (1 << len(rows)) - 1
    while left:
        path = [_lowest(left)]
        left &= left - 1
        while path:
            if following := rows[path[-1]] & left:
                node = _lowest(following)
                left ^= 1 << node
                path.append(node)
            else:
                order.append(path.pop())
    return order


def _reached(start: int, rows: Rows, within: int) -> int:
    found = waiting = 1 << start
    while waiting:
        node = _lowest(waiting)
        waiting &= waiting - 1
        new = rows[node] & within & ~found
        found |= new
        waiting |= new
    return found


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


class Search:
    """Looks for circles, the shortest first.

    `twins` has, for each node, the bits of the nodes that no circle may visit beside it, itself
    among them. `steps` are the rows of bits it may look at; `exhausted` once it has used them.
    """

    def __init__(self, rows: Rows, columns: Rows, twins: Rows, steps: int) -> None:
        self._rows, self._columns, self._twins = rows, columns, twins
        self._steps = steps

    @property
    def exhausted(self) -> bool:
        """Whether it had to stop before it was through."""
        return self._steps < 0

    def circles(self, lengths: Iterable[int]) -> Iterator[Path]:
        """Yield the circles of each length, each from its lowest node on."""
        found = sorted(parts(self._rows, self._columns), key=_lowest)
        for length in lengths:
            for part in found:
                for start in members(part):
                    yield from self._from(start, length, part & -1 << start + 1)

    def _from(self, start: int, length: int, free: int) -> Iterator[Path]:
        # home[r]: the nodes with a way of exactly r edges back to the start, which may repeat.
        home = [1 << start]
        for _ in range(length - 1):
            home.append(self._before(home[-1]) & free)
            if not home[-1]:
                return
        yield from self._extend((start,), home, free & ~self._twins[start])

    def _before(self, nodes: int) -> int:
        found = 0
        for node in members(nodes):
            if self._spend():
                found |= self._columns[node]
        return found

    def _extend(self, path: Path, home: Rows, free: int) -> Iterator[Path]:
        left = len(home) - len(path)
        if not left:
            yield path
            return
        for node in members(self._rows[path[-1]] & home[left] & free):
            if self._spend():
                yield from self._extend((*path, node), home, free & ~self._twins[node])

    def _spend(self) -> bool:
        if self._steps >= 0:
            self._steps -= 1
        return not self.exhausted
