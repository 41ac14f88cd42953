"""A matrix as a file of its own: squares with a sign and a number, under headings on their side."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from catalogue.picturing.lettering import SIZE, measure, wrapped
from catalogue.picturing.svg import Brush, legend, number, tag

LABELS, CELL, HIGH = 300, 46, 28  # room for the names of rows; width and height of a square
LEAST, HEAD = 720, 190  # the picture is at least so wide; room for the headings
AREAS: Mapping[str, str] = {
    "observed": "area",
    "one-supported": "area pale",
    "from-kind": "area faint",
    "example": "box invented",
    "none": "box",
}

Written = tuple[str, str]  # the text of a square, the class of its shade
Line = tuple[str, str, Sequence[Written]]  # name, address, squares


def drawn(
    title: str,
    description: str,
    columns: Sequence[str],
    lines: Sequence[Line],
    meanings: Sequence[tuple[str, str, str]],
) -> Markup:
    """Return the picture; `meanings` are symbol, shade and what they say."""
    brush = Brush("matrix", literal=True)
    width = max(LEAST, LABELS + CELL * len(columns) + 20)
    parts = [_heading(brush, text, place) for place, text in enumerate(columns)]
    for row, line in enumerate(lines):
        parts += _line(brush, line, HEAD + row * HIGH)
    bottom = HEAD + HIGH * len(lines) + 16
    samples = [
        (_square(brush, (symbol, shade), -CELL / 2 + 12, -7.0), text)
        for symbol, shade, text in meanings
    ]
    key = legend(brush, samples, bottom, width)
    rows = 1 + int(sum(50 + measure(text) for _, _, text in meanings) // (width * 0.7))
    return brush.picture(title, description, width, bottom + 24 * rows + 10, *parts, key)


def _heading(brush: Brush, text: str, place: int) -> Markup:
    lines = wrapped(text, HEAD - 20, 2)
    x = LABELS + (place + 0.5) * CELL
    first = SIZE * 0.35 - (len(lines) - 1) * 8
    texts = [brush.text(line, 0, first + 16 * n) for n, line in enumerate(lines)]
    return tag("g", *texts, transform=f"translate({number(x)} {HEAD - 8}) rotate(-90)")


def _line(brush: Brush, line: Line, top: float) -> list[Markup]:
    name, href, squares = line
    label = brush.text(wrapped(name, LABELS - 16, 1)[0], 0, top + HIGH / 2 + SIZE * 0.35)
    found = [tag("a", tag("title", name), label, href=href)]
    for place, written in enumerate(squares):
        found.append(_square(brush, written, LABELS + place * CELL, top))
    return found


def _square(brush: Brush, written: Written, x: float, top: float) -> Markup:
    text, shade = written
    area = AREAS.get(shade, "box")
    word = "word chosen" if area == "area" else "word"
    rect = brush.rect(area, x + 1, top + 1, CELL - 2, HIGH - 2) if shade else Markup("")
    said = brush.text(text, x + CELL / 2, top + HIGH / 2 + SIZE * 0.35, word, "middle")
    return rect + (said if text else Markup(""))
