"""Boxes in layers as SVG: readable without colour, without a pointer and without JavaScript."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from markupsafe import Markup

from catalogue.picturing.layers import HEIGHT, WIDTH, Layout, Point, arrange
from catalogue.picturing.lettering import SIZE, wrapped
from catalogue.picturing.svg import Brush, at, number, tag

Style = Literal["supported", "hypothesis", "kind", "stated", "contradicted", "break", "conflict"]

DASHES: Mapping[Style, str | None] = {
    "supported": None,
    "hypothesis": "7 4",
    "kind": "2 4",
    "stated": "14 2",
    "contradicted": "10 3 2 3",
    "break": None,
    "conflict": "5 3",
}
SYMBOLS: Mapping[Style, str] = {"contradicted": "?", "break": "↛", "conflict": "↯"}
# What leads nowhere or works against another does not decide what stands left.
FLOWS = frozenset({"supported", "hypothesis", "kind", "stated", "contradicted", "break"})

LINE = 16  # from one line of text to the next
LETTERS = WIDTH - 20  # room for a line of text in a box
LEGEND = 26  # height of a line of the legend
SAMPLE = 46  # length of a line that shows a style


@dataclass(frozen=True)
class Node:
    """A box that leads somewhere; `lang` is set where its text is not in the page's language."""

    id: str
    text: str
    href: str
    lang: str | None = None
    invented: bool = False
    chosen: bool = False


@dataclass(frozen=True)
class Edge:
    """A line between two boxes; `text` says in words what it stands for."""

    origin: str
    target: str
    style: Style
    text: str
    href: str | None = None


@dataclass(frozen=True)
class Words:
    """What a picture says of itself: its title, a description, each style, an invented box."""

    title: str
    description: str
    legend: Mapping[Style, str]
    invented: str


def layered(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    words: Words,
    *,
    name: str = "picture",
    literal: bool = False,
) -> Markup:
    """Return boxes in layers, each after what feeds it, and lines with arrows.

    The layers follow one another down the page, or to the right where that is less wide.
    `name` keeps ids apart when a page has several pictures. With `literal` it is a document of its
    own, with its colours in it. The same boxes and lines give the same picture, in whatever order.
    """
    chosen = sorted(edges, key=lambda edge: (edge.origin, edge.target, edge.style))
    flows = [edge for edge in chosen if edge.style in FLOWS]
    others = [edge for edge in chosen if edge.style not in FLOWS]
    arcs = [[(edge.origin, edge.target) for edge in some] for some in (flows, others)]
    ways = (arrange([node.id for node in nodes], *arcs, down=down) for down in (True, False))
    layout = min(ways, key=lambda way: way.width)
    drawn = [*flows, *others]
    used: list[Style] = [style for style in DASHES if any(edge.style == style for edge in drawn)]
    pen = _Pen(Brush(name, literal), layout.down, words)
    legend = pen.legend(used, any(node.invented for node in nodes), layout.height)
    return pen.brush.picture(
        words.title,
        words.description,
        layout.width,
        layout.height + LEGEND * len(legend),
        tag("defs", *(pen.tip(style) for style in used)),
        *(pen.line(edge, points) for edge, points in zip(drawn, layout.lines, strict=True)),
        *(pen.box(node, layout) for node in sorted(nodes, key=lambda node: node.id)),
        *legend,
    )


@dataclass(frozen=True)
class _Pen:
    """Draws the parts of one picture."""

    brush: Brush
    down: bool
    words: Words

    def tip(self, style: Style) -> Markup:
        """Return the arrowhead of a style; markers do not take the colour of their line."""
        head = self.brush.shape("path", f"tip {style}", d="M0 0 9 4 0 8Z")
        return tag(
            "marker",
            head,
            id=f"{self.brush.name}-{style}",
            markerUnits="userSpaceOnUse",
            markerWidth="9",
            markerHeight="8",
            refX="8",
            refY="4",
            orient="auto",
        )

    def line(self, edge: Edge, points: Sequence[Point]) -> Markup:
        """Return a line as a link that the pointer can follow; by keyboard the table has it."""
        path = self._path(edge.style, _bent(points, self.down))
        parts = tag("title", edge.text), path, self._sign(edge.style, _middle(points[-2:]))
        return tag("a", *parts, href=edge.href, tabindex="-1") if edge.href else tag("g", *parts)

    def box(self, node: Node, layout: Layout) -> Markup:
        """Return a box with its name on at most two lines."""
        x, y = layout.boxes[node.id]
        lines = wrapped(node.text, LETTERS, 2)
        first = y + HEIGHT / 2 + SIZE * 0.35 - (len(lines) - 1) * LINE / 2
        word = "word chosen" if node.chosen else "word"
        texts = [
            self.brush.shape("text", word, line, x=number(x + 10), y=number(first + place * LINE))
            for place, line in enumerate(lines)
        ]
        title = f"{node.text} ({self.words.invented})" if node.invented else node.text
        rect = self._rect(node.chosen, node.invented, (x, y), (WIDTH, HEIGHT))
        return tag("a", tag("title", title), rect, *texts, href=node.href, lang=node.lang)

    def legend(self, styles: Sequence[Style], invented: bool, top: float) -> list[Markup]:
        """Return a line with a sample and its meaning for every style that was used."""
        rows = []
        for place, style in enumerate(styles):
            y = top + (place + 0.5) * LEGEND - 4
            sample = ((12.0, y), (12.0 + SAMPLE, y))
            parts = self._path(style, _bent(sample, down=False)), self._sign(style, _middle(sample))
            rows.append(tag("g", *parts, self._meaning(self.words.legend[style], y)))
        if invented:
            y = top + (len(styles) + 0.5) * LEGEND - 4
            box = self._rect(chosen=False, invented=True, at=(12, y - 7), size=(SAMPLE, 14))
            rows.append(tag("g", box, self._meaning(self.words.invented, y)))
        return rows

    def _meaning(self, text: str, y: float) -> Markup:
        return self.brush.shape(
            "text", "word", text, x=number(24 + SAMPLE), y=number(y + SIZE * 0.35)
        )

    def _rect(self, chosen: bool, invented: bool, at: Point, size: Point) -> Markup:
        return self.brush.shape(
            "rect",
            "box chosen" if chosen else "box invented" if invented else "box",
            x=number(at[0]),
            y=number(at[1]),
            width=number(size[0]),
            height=number(size[1]),
            rx="4",
            stroke_dasharray="5 3" if invented else None,
        )

    def _path(self, style: Style, d: str) -> Markup:
        return self.brush.shape(
            "path",
            f"line {style}",
            d=d,
            fill="none",
            stroke_width="1.6",
            stroke_dasharray=DASHES[style],
            marker_end=f"url(#{self.brush.name}-{style})",
        )

    def _sign(self, style: Style, at: Point) -> Markup:
        if style not in SYMBOLS:
            return Markup("")
        x, y = at
        dot = self.brush.shape("circle", "dot", cx=number(x), cy=number(y), r="8")
        middle = {"x": number(x), "y": number(y + 4), "text_anchor": "middle", "font_size": "11"}
        return dot + self.brush.shape("text", "sign", SYMBOLS[style], **middle)


def _bent(points: Sequence[Point], down: bool) -> str:
    """Return a path that bends between layers and is straight where it passes one."""
    parts = [f"M{at(points[0])}"]
    for place, (start, end) in enumerate(pairwise(points)):
        if place % 2:
            parts.append(f"L{at(end)}")
        else:
            x, y = _middle((start, end))
            bends = ((start[0], y), (end[0], y)) if down else ((x, start[1]), (x, end[1]))
            parts.append(f"C{' '.join(map(at, (*bends, end)))}")
    return "".join(parts)


def _middle(ends: Sequence[Point]) -> Point:
    (x, y), (to_x, to_y) = ends
    return (x + to_x) / 2, (y + to_y) / 2
