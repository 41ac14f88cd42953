"""Where the nodes of a small network go: near what they are linked to, and none on another.

Distances on paper follow distances in the graph: stress, lowered pair by pair with a falling step
(Zheng, Pawar & Goodman 2018, doi 10.1109/TVCG.2018.2859997). Then nodes that would touch are moved
apart. Nothing is left to chance: the same network gives the same picture.
"""

import math
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

ROUNDS, LEAST = 18, 0.1  # of lowering stress; how far the last one moves a pair of neighbours
PUSHES, FILL = 24, 1.45  # of nodes that touch; of the room that nodes take
KEPT = 64  # layouts
GOLDEN = math.pi * (3 - math.sqrt(5))

Point = tuple[float, float]
Link = tuple[int, int]


@lru_cache(maxsize=KEPT)
def arrange(count: int, links: tuple[Link, ...], size: Point, width: float) -> tuple[Point, ...]:
    """Return the top left corner of each node, all of one size, within a width.

    The time grows with the square of the number of nodes: 80 take some 60 ms.
    """
    if not count:
        return ()
    points = _lowered(count, _distances(count, links))
    across = _scaled([x for x, _ in points], width - size[0])
    room = count * size[0] * size[1] * FILL / width
    down = _scaled([y for _, y in points], max(0.0, room - size[1]))
    return _apart(_pushed(across, down, size, width), size)


def _distances(count: int, links: Sequence[Link]) -> list[list[int]]:
    """Return how many links lie between each two nodes; what is not linked is far, not endless."""
    beside: list[set[int]] = [set() for _ in range(count)]
    for one, other in links:
        beside[one].add(other)
        beside[other].add(one)
    far = 2 + math.isqrt(count)
    found = []
    for start in range(count):
        row, waiting = [far] * count, deque([start])
        row[start] = 0
        while waiting:
            current = waiting.popleft()
            for other in beside[current]:
                if row[other] == far and other != start and row[current] + 1 < far:
                    row[other] = row[current] + 1
                    waiting.append(other)
        found.append(row)
    return found


def _lowered(count: int, distances: Sequence[Sequence[int]]) -> list[Point]:
    # A spiral: no two start in one place, and neighbours in the order start near each other.
    xs = [math.sqrt(n) * math.cos(n * GOLDEN) for n in range(count)]
    ys = [math.sqrt(n) * math.sin(n * GOLDEN) for n in range(count)]
    pairs = [(i, j, float(distances[i][j])) for i, j in combinations(range(count), 2)]
    most = max((wanted for _, _, wanted in pairs), default=1.0) ** 2
    fall = math.log(most / LEAST) / max(1, ROUNDS - 1)
    for turn in range(ROUNDS):
        step = most * math.exp(-fall * turn)
        # Forth and back, so that no end of the list always has the last word.
        for i, j, wanted in pairs if turn % 2 else reversed(pairs):
            dx, dy = xs[i] - xs[j], ys[i] - ys[j]
            far = math.sqrt(dx * dx + dy * dy) or 1e-9
            move = min(1.0, step / (wanted * wanted)) * (far - wanted) / (2 * far)
            xs[i] -= move * dx
            ys[i] -= move * dy
            xs[j] += move * dx
            ys[j] += move * dy
    return list(zip(xs, ys, strict=True))


def _scaled(values: Sequence[float], room: float) -> list[float]:
    """Spread values over the room: half by where they are, half by their order, so none crowd."""
    low, high = min(values), max(values)
    order = sorted(range(len(values)), key=lambda n: (values[n], n))
    rank = {n: place for place, n in enumerate(order)}
    last = max(1, len(values) - 1)
    return [
        room * ((value - low) / (high - low or 1) + rank[n] / last) / 2
        for n, value in enumerate(values)
    ]


def _pushed(across: list[float], down: list[float], size: Point, width: float) -> list[Point]:
    """Push nodes that touch from each other, the way that is shorter; some may still touch."""
    wide, high = size
    for _ in range(PUSHES):
        moved = False
        for i, j in combinations(range(len(across)), 2):
            dx, dy = across[j] - across[i], down[j] - down[i]
            over, under = wide - abs(dx), high - abs(dy)
            if over <= 0 or under <= 0:
                continue
            moved = True
            if over / wide < under / high:
                push = math.copysign(over / 2, dx)
                across[i], across[j] = across[i] - push, across[j] + push
            else:
                push = math.copysign(under / 2, dy)
                down[i], down[j] = down[i] - push, down[j] + push
        across[:] = (min(max(0.0, x), width - wide) for x in across)
        if not moved:
            break
    return list(zip(across, down, strict=True))


def _apart(points: Sequence[Point], size: Point) -> tuple[Point, ...]:
    """Move what would lie on another down until it does not, from top to bottom."""
    wide, high = size
    placed: dict[int, Point] = {}
    for node in sorted(range(len(points)), key=lambda n: (points[n][1], points[n][0], n)):
        x, y = points[node]
        for _, other in sorted((p[1], p) for p in placed.values() if abs(p[0] - x) < wide):
            if y < other[1] + high and other[1] < y + high:
                y = other[1] + high
        placed[node] = (x, y)
    top = min(y for _, y in placed.values())
    return tuple((x, y - top) for x, y in (placed[n] for n in range(len(points))))
