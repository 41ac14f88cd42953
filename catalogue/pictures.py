"""Pictures as SVG made here: readable without colour, without a pointer and without JavaScript.

On a page the colours come from the stylesheet, by class. In a file of its own a picture carries
them itself, as attributes: the site's policy allows no styles inside a document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from markupsafe import Markup, escape

from catalogue.layers import HEIGHT, WIDTH, Layout, Point, arrange
from catalogue.lettering import SIZE, clean, wrapped

Style = Literal["supported", "hypothesis", "kind", "contradicted", "break", "conflict"]

DASHES: Mapping[Style, str | None] = {
    "supported": None,
    "hypothesis": "7 4",
    "kind": "2 4",
    "contradicted": "10 3 2 3",
    "break": None,
    "conflict": "5 3",
}
SYMBOLS: Mapping[Style, str] = {"contradicted": "?", "break": "↛", "conflict": "↯"}
# What leads nowhere or works against another does not decide what stands left.
FLOWS = frozenset({"supported", "hypothesis", "kind", "contradicted", "break"})

LINE = 16  # from one line of text to the next
LETTERS = WIDTH - 20  # room for a line of text in a box
LEGEND = 26  # height of a line of the legend
SAMPLE = 46  # length of a line that shows a style
BROAD = 700  # from here a page may show a picture smaller than it is

# What the stylesheet says of a class, for a file that has to say it itself. Light colours: a file
# does not know where it will be shown.
_PAINT: Mapping[str, Mapping[str, str]] = {
    "ground": {"fill": "#ffffff"},
    "box": {"fill": "#f3f5f7", "stroke": "#6b7a87"},
    "box invented": {"fill": "#fff3df", "stroke": "#7a4100"},
    "box chosen": {"fill": "#0b5a73", "stroke": "#0b5a73"},
    "word": {"fill": "#17212b"},
    "word chosen": {"fill": "#ffffff"},
    "line": {"stroke": "#0b5a73"},
    "line kind": {"stroke": "#4a5763"},
    "line contradicted": {"stroke": "#4a5763"},
    "line break": {"stroke": "#7a4100"},
    "line conflict": {"stroke": "#7a4100"},
    "tip": {"fill": "#0b5a73"},
    "tip kind": {"fill": "#4a5763"},
    "tip contradicted": {"fill": "#4a5763"},
    "tip break": {"fill": "#7a4100"},
    "tip conflict": {"fill": "#7a4100"},
    "dot": {"fill": "#fff3df", "stroke": "#7a4100"},
    "sign": {"fill": "#7a4100"},
}


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
    pen = _Pen(name, literal, layout.down, words)
    legend = pen.legend(used, any(node.invented for node in nodes), layout.height)
    height = layout.height + LEGEND * len(legend)
    size = {"width": _n(layout.width), "height": _n(height)}
    return _tag(
        "svg",
        _tag("title", words.title, id=f"{name}-title"),
        _tag("desc", words.description, id=f"{name}-desc"),
        _tag("defs", *(pen.tip(style) for style in used)),
        pen.shape("rect", "ground", **size) if literal else Markup(""),
        *(pen.line(edge, points) for edge, points in zip(drawn, layout.lines, strict=True)),
        *(pen.box(node, layout) for node in sorted(nodes, key=lambda node: node.id)),
        *legend,
        xmlns="http://www.w3.org/2000/svg",
        class_="layered broad" if layout.width > BROAD else "layered",
        viewBox=f"0 0 {size['width']} {size['height']}",
        role="group",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
        font_size=str(SIZE),
        font_family="sans-serif" if literal else None,
        **size,
    )


@dataclass(frozen=True)
class _Pen:
    """Draws the parts of one picture."""

    name: str
    literal: bool
    down: bool
    words: Words

    def shape(self, tag: str, kind: str, *inside: str, **attributes: str | None) -> Markup:
        """Return an element of a class, in a file with the colours of that class."""
        paint = _PAINT.get(kind) or _PAINT[kind.split()[0]]
        colours = paint if self.literal else {}
        return _tag(tag, *inside, class_=kind, **colours, **attributes)

    def tip(self, style: Style) -> Markup:
        """Return the arrowhead of a style; markers do not take the colour of their line."""
        head = self.shape("path", f"tip {style}", d="M0 0 9 4 0 8Z")
        return _tag(
            "marker",
            head,
            id=f"{self.name}-{style}",
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
        parts = _tag("title", edge.text), path, self._sign(edge.style, _middle(points[-2:]))
        return _tag("a", *parts, href=edge.href, tabindex="-1") if edge.href else _tag("g", *parts)

    def box(self, node: Node, layout: Layout) -> Markup:
        """Return a box with its name on at most two lines."""
        x, y = layout.boxes[node.id]
        lines = wrapped(node.text, LETTERS, 2)
        first = y + HEIGHT / 2 + SIZE * 0.35 - (len(lines) - 1) * LINE / 2
        word = "word chosen" if node.chosen else "word"
        texts = [
            self.shape("text", word, line, x=_n(x + 10), y=_n(first + number * LINE))
            for number, line in enumerate(lines)
        ]
        title = f"{node.text} ({self.words.invented})" if node.invented else node.text
        rect = self._rect(node.chosen, node.invented, (x, y), (WIDTH, HEIGHT))
        return _tag("a", _tag("title", title), rect, *texts, href=node.href, lang=node.lang)

    def legend(self, styles: Sequence[Style], invented: bool, top: float) -> list[Markup]:
        """Return a line with a sample and its meaning for every style that was used."""
        rows = []
        for number, style in enumerate(styles):
            y = top + (number + 0.5) * LEGEND - 4
            sample = ((12.0, y), (12.0 + SAMPLE, y))
            parts = self._path(style, _bent(sample, down=False)), self._sign(style, _middle(sample))
            rows.append(_tag("g", *parts, self._meaning(self.words.legend[style], y)))
        if invented:
            y = top + (len(styles) + 0.5) * LEGEND - 4
            box = self._rect(chosen=False, invented=True, at=(12, y - 7), size=(SAMPLE, 14))
            rows.append(_tag("g", box, self._meaning(self.words.invented, y)))
        return rows

    def _meaning(self, text: str, y: float) -> Markup:
        return self.shape("text", "word", text, x=_n(24 + SAMPLE), y=_n(y + SIZE * 0.35))

    def _rect(self, chosen: bool, invented: bool, at: Point, size: Point) -> Markup:
        return self.shape(
            "rect",
            "box chosen" if chosen else "box invented" if invented else "box",
            x=_n(at[0]),
            y=_n(at[1]),
            width=_n(size[0]),
            height=_n(size[1]),
            rx="4",
            stroke_dasharray="5 3" if invented else None,
        )

    def _path(self, style: Style, d: str) -> Markup:
        return self.shape(
            "path",
            f"line {style}",
            d=d,
            fill="none",
            stroke_width="1.6",
            stroke_dasharray=DASHES[style],
            marker_end=f"url(#{self.name}-{style})",
        )

    def _sign(self, style: Style, at: Point) -> Markup:
        if style not in SYMBOLS:
            return Markup("")
        x, y = at
        dot = self.shape("circle", "dot", cx=_n(x), cy=_n(y), r="8")
        middle = {"x": _n(x), "y": _n(y + 4), "text_anchor": "middle", "font_size": "11"}
        return dot + self.shape("text", "sign", SYMBOLS[style], **middle)


def _bent(points: Sequence[Point], down: bool) -> str:
    """Return a path that bends between layers and is straight where it passes one."""
    parts = [f"M{_at(points[0])}"]
    for place, (start, end) in enumerate(pairwise(points)):
        if place % 2:
            parts.append(f"L{_at(end)}")
        else:
            x, y = _middle((start, end))
            bends = ((start[0], y), (end[0], y)) if down else ((x, start[1]), (x, end[1]))
            parts.append(f"C{' '.join(map(_at, (*bends, end)))}")
    return "".join(parts)


def _middle(ends: Sequence[Point]) -> Point:
    (x, y), (to_x, to_y) = ends
    return (x + to_x) / 2, (y + to_y) / 2


def _at(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _tag(tag: str, *inside: str, **attributes: str | None) -> Markup:
    """Return an element; what is inside is escaped unless it is markup already."""
    written = Markup("").join(
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), clean(value))
        for name, value in attributes.items()
        if value is not None
    )
    content = Markup("").join(
        part if isinstance(part, Markup) else escape(clean(part)) for part in inside
    )
    return Markup("<{}{}>{}</{}>").format(tag, written, content, tag)
