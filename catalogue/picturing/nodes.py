"""A network as SVG: signs with their names under them, all of them links, and lines between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from catalogue.picturing.lettering import wrapped
from catalogue.picturing.stress import arrange
from catalogue.picturing.svg import Brush, at, legend, number, tag

WIDTH = 1000
BOX = (142.0, 66.0)  # room for a sign and two lines of its name
SIGN, LINE = 9, 15  # half of a sign; from one line of text to the next

Shape = Literal["square", "circle"]


@dataclass(frozen=True)
class Node:
    """A sign that leads somewhere; `lang` is set where its name is not in the page's language."""

    text: str
    href: str
    shape: Shape
    lang: str | None = None
    invented: bool = False
    chosen: bool = False


@dataclass(frozen=True)
class Tie:
    """A line between two nodes, by their places; `real`: not by an invented example only."""

    origin: int
    target: int
    real: bool


@dataclass(frozen=True)
class Words:
    """What the picture says of itself; `count` has a place for the number of links of a node."""

    title: str
    description: str
    square: str
    circle: str
    dashed: str
    count: str


def drawn(
    words: Words,
    nodes: Sequence[Node],
    ties: Sequence[Tie],
    *,
    name: str = "network",
    literal: bool = False,
) -> Markup:
    """Return the picture. `literal`: a file of its own."""
    brush = Brush(name, literal)
    pairs = tuple((tie.origin, tie.target) for tie in ties)
    corners = arrange(len(nodes), pairs, BOX, WIDTH)
    middles = [(x + BOX[0] / 2, y + SIGN + 6) for x, y in corners]
    links = [0] * len(nodes)
    for pair in pairs:
        for end in pair:
            links[end] += 1
    lines = [
        brush.shape(
            "path",
            "line net",
            d=f"M{at(middles[tie.origin])}L{at(middles[tie.target])}",
            stroke_dasharray=None if tie.real else "4 4",
        )
        for tie in ties
    ]
    signs = [
        _node(brush, node, middle, f"{node.text}, {words.count % {'count': count}}")
        for node, middle, count in zip(nodes, middles, links, strict=True)
    ]
    bottom = max(y for _, y in corners) + BOX[1]
    samples = [
        (_sign(brush, Node("", "", "square"), (12, 7)), words.square),
        (_sign(brush, Node("", "", "circle"), (12, 7)), words.circle),
    ]
    if any(not tie.real for tie in ties) or any(node.invented for node in nodes):
        dashed = brush.shape("path", "line net", d="M0 7H24", stroke_dasharray="4 4")
        samples.append((dashed, words.dashed))
    key = legend(brush, samples, bottom + 12, WIDTH)
    return brush.picture(words.title, words.description, WIDTH, bottom + 40, *lines, *signs, key)


def _node(brush: Brush, node: Node, middle: tuple[float, float], said: str) -> Markup:
    x, y = middle
    texts = [
        brush.text(line, x, y + SIGN + 15 + place * LINE, "word halo", "middle")
        for place, line in enumerate(wrapped(node.text, BOX[0] - 8, 2))
    ]
    inside = tag("title", said), _sign(brush, node, middle), *texts
    return tag("a", *inside, href=node.href, lang=node.lang)


def _sign(brush: Brush, node: Node, middle: tuple[float, float]) -> Markup:
    x, y = middle
    dashes = "3 2" if node.invented else None
    if node.shape == "circle":
        kind = "area" if node.chosen else "area bare"
        place = {"cx": number(x), "cy": number(y), "r": number(SIGN)}
        return brush.shape("circle", kind, stroke_width="2", stroke_dasharray=dashes, **place)
    size = {"width": number(2 * SIGN - 4), "height": number(2 * SIGN - 4)}
    corner = {"x": number(x - SIGN + 2), "y": number(y - SIGN + 2)}
    return brush.shape("rect", "area pale", stroke_dasharray=dashes, rx="2", **corner, **size)
