"""Where the boxes and lines of a layered picture go: what feeds stands before what it feeds.

The method of Sugiyama, Tagawa & Toda (1981, doi 10.1109/TSMC.1981.4308636): turn some lines round
so that no circle is left, put each box one layer after all that feed it, order the layers so that
few lines cross, then move the boxes towards what they are connected to. A long line has a place of
its own in each layer that it passes, so that no line runs through a box.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from catalogue.picturing.ordering import Arc, ordered

WIDTH, HEIGHT = 184, 46  # of a box
PASSAGE = 10  # room that a passing line takes in a layer
BETWEEN, MARGIN = 18, 12  # between boxes, around the picture
SWEEPS = 12

Point = tuple[float, float]
Layers = list[list[int]]


@dataclass(frozen=True)
class Frame:
    """Which way the layers follow one another: down the page, or to the right."""

    down: bool

    @property
    def along(self) -> int:
        """How long a box is in the direction of the lines."""
        return HEIGHT if self.down else WIDTH

    @property
    def across(self) -> int:
        """How long a box is in the direction of its layer."""
        return WIDTH if self.down else HEIGHT

    @property
    def step(self) -> int:
        """How far a layer lies from the next: what curves sideways needs room to do so."""
        return HEIGHT + 62 if self.down else WIDTH + 96

    def point(self, along: float, across: float) -> Point:
        """Return a point of the picture."""
        return (across, along) if self.down else (along, across)


@dataclass(frozen=True)
class Layout:
    """The top left corner of each box, the points of each line in the order given, and the size.

    Between layers, from its point 0 to 1, from 2 to 3 and so on, a line bends; from 1 to 2, from 3
    to 4 and so on it passes a layer and is straight.
    """

    down: bool
    width: float
    height: float
    boxes: Mapping[str, Point]
    lines: tuple[tuple[Point, ...], ...]


def arrange(
    nodes: Iterable[str], flows: Sequence[Arc], others: Sequence[Arc] = (), *, down: bool = True
) -> Layout:
    """Return the picture of some nodes, the same for the same nodes and arcs.

    `flows` decide what stands first; `others` are drawn as well, whichever way they then run. The
    lines are in the order of flows, then others; no arc may lead from a node to itself.
    """
    names = sorted(set(nodes))
    place = {name: number for number, name in enumerate(names)}
    order = ordered(names, flows)
    position = {name: number for number, name in enumerate(order)}
    arcs = [*flows, *others]
    forward = [arc if position[arc[0]] < position[arc[1]] else arc[::-1] for arc in arcs]
    layer = _layers(order, forward)
    chains = _chains([(place[a], place[b]) for a, b in forward], [layer[name] for name in names])
    layers = _uncrossed(_in_layers(chains.layers), chains.paths)
    frame = Frame(down)
    middles = _middles(layers, chains.paths, _Sizes(len(names), frame.across))
    turned_round = [arc != other for arc, other in zip(arcs, forward, strict=True)]
    return _drawn(frame, names, chains, middles, turned_round)


@dataclass(frozen=True)
class _Chains:
    """Every line as a path of items, one in each layer: boxes first, then places to pass."""

    layers: list[int]  # the layer of each item
    paths: list[list[int]]


@dataclass(frozen=True)
class _Sizes:
    """How much room items take in their layer: the first so many are boxes."""

    boxes: int
    across: int

    def apart(self, one: int, other: int) -> float:
        """Return how far the middles of two neighbours have to be from each other."""
        rooms = [self.across if item < self.boxes else PASSAGE for item in (one, other)]
        return sum(rooms) / 2 + (BETWEEN if min(one, other) < self.boxes else PASSAGE / 2)


def _layers(order: Sequence[str], arcs: Iterable[Arc]) -> dict[str, int]:
    """Return the column of each node: one more than the last of those that lead to it."""
    before, after = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for origin, target in arcs:
        before[target].append(origin)
        after[origin].append(target)
    layer: dict[str, int] = {}
    for name in order:
        layer[name] = max((layer[other] + 1 for other in before[name]), default=0)
    # What nothing leads to stands close to what it leads to, not at the far left.
    for name in order:
        if not before[name] and after[name]:
            layer[name] = min(layer[other] for other in after[name]) - 1
    return layer


def _chains(arcs: Iterable[tuple[int, int]], layers: list[int]) -> _Chains:
    layers = list(layers)
    paths = []
    for origin, target in arcs:
        path = [origin]
        for column in range(layers[origin] + 1, layers[target]):
            path.append(len(layers))
            layers.append(column)
        paths.append([*path, target])
    return _Chains(layers, paths)


def _in_layers(layer: Sequence[int]) -> Layers:
    layers: Layers = [[] for _ in range(max(layer, default=-1) + 1)]
    for item, number in enumerate(layer):
        layers[number].append(item)
    return layers


def _uncrossed(layers: Layers, paths: Iterable[Sequence[int]]) -> Layers:
    """Return the layers in the order with the fewest crossings that sweeping finds."""
    before, after = _neighbours(paths)
    best, fewest = layers, _crossings(layers, after)
    for sweep in range(SWEEPS):
        layers = [list(layer) for layer in layers]
        forth = sweep % 2 == 0
        beside = before if forth else after
        for layer in layers if forth else reversed(layers):
            rank = {item: place for other in layers for place, item in enumerate(other)}
            layer.sort(key=_mean(rank, beside).__getitem__)
        if (crossings := _crossings(layers, after)) < fewest:
            best, fewest = layers, crossings
    return best


def _mean(at: Mapping[int, float], beside: Mapping[int, Sequence[int]]) -> dict[int, float]:
    """Return for each item the mean place of its neighbours; its own where it has none."""
    return {item: fmean([at[other] for other in beside[item]] or [at[item]]) for item in at}


def _crossings(layers: Layers, after: Mapping[int, Sequence[int]]) -> int:
    found = 0
    for layer, following in pairwise(layers):
        rank = {item: place for place, item in enumerate(following)}
        seen: list[int] = []
        for item in layer:
            targets = [rank[other] for other in after[item]]
            found += sum(other > target for target in targets for other in seen)
            seen += targets
    return found


def _middles(layers: Layers, paths: Iterable[Sequence[int]], sizes: _Sizes) -> dict[int, float]:
    """Return the middle of each item in its layer, near those that it is connected to."""
    before, after = _neighbours(paths)
    middles: dict[int, float] = {}
    for layer in layers:
        middles.update(_spread(layer, dict.fromkeys(layer, 0.0), sizes))
    beside = {item: [*before[item], *after[item]] for item in middles}
    for _ in range(SWEEPS):
        for layer in layers:
            middles.update(_spread(layer, _mean(middles, beside), sizes))
    return middles


def _spread(layer: Sequence[int], wanted: Mapping[int, float], sizes: _Sizes) -> dict[int, float]:
    """Return the middles closest to what is wanted that keep the order and the distances.

    Isotonic regression by pooling neighbours that violate (Ayer et al. 1955), after subtracting
    from each wanted middle how far it has to be from the first.
    """
    offsets, offset = [], 0.0
    for number, item in enumerate(layer):
        if number:
            offset += sizes.apart(layer[number - 1], item)
        offsets.append(offset)
    pools: list[list[float]] = []
    for item, offset in zip(layer, offsets, strict=True):
        pools.append([wanted[item] - offset])
        while len(pools) > 1 and fmean(pools[-2]) > fmean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    starts = [fmean(pool) for pool in pools for _ in pool]
    return {
        item: start + offset for item, start, offset in zip(layer, starts, offsets, strict=True)
    }


def _neighbours(
    paths: Iterable[Sequence[int]],
) -> tuple[Mapping[int, list[int]], Mapping[int, list[int]]]:
    before, after = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for path in paths:
        for one, other in pairwise(path):
            after[one].append(other)
            before[other].append(one)
    return before, after


def _drawn(
    frame: Frame,
    names: Sequence[str],
    chains: _Chains,
    middles: Mapping[int, float],
    turned_round: Iterable[bool],
) -> Layout:
    shift = MARGIN + frame.across / 2 - min(middles.values(), default=0)
    across = {item: middle + shift for item, middle in middles.items()}
    start = {item: MARGIN + number * frame.step for item, number in enumerate(chains.layers)}
    ports = _ports(frame, chains.paths, across)
    lines = []
    for number, path in enumerate(chains.paths):
        points = [(start[path[0]] + frame.along, ports[number, path[0]])]
        for item in path[1:-1]:
            points += [(start[item], across[item]), (start[item] + frame.along, across[item])]
        points.append((start[path[-1]], ports[number, path[-1]]))
        lines.append([frame.point(*point) for point in points])
    length = max(start.values(), default=0) + frame.along + MARGIN
    breadth = max(across.values(), default=0) + frame.across / 2 + MARGIN
    width, height = frame.point(length, breadth)
    return Layout(
        frame.down,
        width,
        height,
        boxes={
            name: frame.point(start[item], across[item] - frame.across / 2)
            for item, name in enumerate(names)
        },
        lines=tuple(
            tuple(reversed(points) if back else points)
            for points, back in zip(lines, turned_round, strict=True)
        ),
    )


def _ports(
    frame: Frame, paths: Sequence[Sequence[int]], across: Mapping[int, float]
) -> dict[tuple[int, int], float]:
    """Return where each line leaves or reaches a box: spread over its side, in their order."""
    sides = defaultdict[tuple[int, bool], list[tuple[float, int]]](list)
    for number, path in enumerate(paths):
        sides[path[0], True].append((across[path[1]], number))
        sides[path[-1], False].append((across[path[-2]], number))
    found = {}
    for (item, _), lines in sides.items():
        step = frame.across / (len(lines) + 1)
        for place, (_, number) in enumerate(sorted(lines), start=1):
            found[number, item] = across[item] - frame.across / 2 + place * step
    return found
