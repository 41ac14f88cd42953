"""Elements of SVG: escaped text, short numbers, and the colours of a picture in a file of its own.

On a page the colours come from the stylesheet, by class. In a file of its own a picture carries
them itself, as attributes: the site's policy allows no styles inside a document.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from catalogue.picturing.lettering import SIZE, clean, measure

XMLNS = "http://www.w3.org/2000/svg"
BROAD, FULL = 700, 1000  # from here a page may show a picture smaller; at its own width
HATCH = 6  # pixels from one line of a hatch to the next

# What the stylesheet says of a class, for a file that has to say it itself. Light colours: a file
# does not know where it will be shown.
PAINT: Mapping[str, Mapping[str, str]] = {
    "ground": {"fill": "#ffffff"},
    "box": {"fill": "#f3f5f7", "stroke": "#6b7a87"},
    "box invented": {"fill": "#fff3df", "stroke": "#7a4100"},
    "box chosen": {"fill": "#0b5a73", "stroke": "#0b5a73"},
    "word": {"fill": "#17212b"},
    "word chosen": {"fill": "#ffffff"},
    "word halo": {"fill": "#17212b", "stroke": "#ffffff"},
    "word faint": {"fill": "#4a5763"},
    "line": {"stroke": "#0b5a73"},
    "line kind": {"stroke": "#4a5763"},
    "line stated": {"stroke": "#4a5763"},
    "line contradicted": {"stroke": "#4a5763"},
    "line break": {"stroke": "#7a4100"},
    "line conflict": {"stroke": "#7a4100"},
    "line grid": {"stroke": "#d3dae0"},
    "tip": {"fill": "#0b5a73"},
    "tip kind": {"fill": "#4a5763"},
    "tip stated": {"fill": "#4a5763"},
    "tip contradicted": {"fill": "#4a5763"},
    "tip break": {"fill": "#7a4100"},
    "tip conflict": {"fill": "#7a4100"},
    "dot": {"fill": "#fff3df", "stroke": "#7a4100"},
    "sign": {"fill": "#7a4100"},
    "area": {"fill": "#0b5a73", "stroke": "#0b5a73"},
    "area pale": {"fill": "#a6c5cf", "stroke": "#0b5a73"},
    "area faint": {"fill": "#dbe8ec", "stroke": "#0b5a73"},
    "area against": {"fill": "#e3c7a4", "stroke": "#7a4100"},
    "area bare": {"fill": "#ffffff", "stroke": "#0b5a73"},
    "hatch": {"stroke": "#7a4100"},
}


def tag(tag: str, *inside: str, **attributes: str | None) -> Markup:
    """Return an element; what is inside is escaped unless it is markup already."""
    parts = [f"<{tag}"]
    for name, value in attributes.items():
        if value is not None:
            parts += [" ", name.rstrip("_").replace("_", "-"), '="', escape(clean(value)), '"']
    parts.append(">")
    parts += (part if isinstance(part, Markup) else escape(clean(part)) for part in inside)
    parts.append(f"</{tag}>")
    # Markup.format would escape by itself, and takes six times as long.
    return Markup("".join(parts))  # noqa: S704 - each part is markup or was escaped


def number(value: float) -> str:
    """Return a coordinate in tenths of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def at(point: tuple[float, float]) -> str:
    """Return a point as a path names it."""
    return f"{number(point[0])} {number(point[1])}"


@dataclass(frozen=True)
class Brush:
    """Draws elements of a class; with `literal` they have the colours of that class in them.

    `name` keeps ids apart when a page has several pictures.
    """

    name: str
    literal: bool

    def shape(self, element: str, kind: str, *inside: str, **attributes: str | None) -> Markup:
        """Return an element of a class."""
        paint = PAINT.get(kind) or PAINT[kind.split()[0]]
        return tag(element, *inside, class_=kind, **(paint if self.literal else {}), **attributes)

    def text(self, text: str, x: float, y: float, kind: str = "word", end: str = "") -> Markup:
        """Return a line of text; `end` is its anchor where that is not its start."""
        halo = {"paint_order": "stroke", "stroke_width": "4"} if "halo" in kind else {}
        where = {"x": number(x), "y": number(y), "text_anchor": end or None}
        return self.shape("text", kind, text, **where, **halo)

    def rect(self, kind: str, x: float, y: float, width: float, height: float) -> Markup:
        """Return a rectangle."""
        where = {"x": number(x), "y": number(y)}
        return self.shape("rect", kind, width=number(width), height=number(height), **where)

    def hatched(self, x: float, y: float, width: float, height: float) -> Markup:
        """Return a rectangle as what was invented is drawn: hatched, whatever the colours."""
        return self.rect("area bare", x, y, width, height) + tag(
            "rect",
            x=number(x),
            y=number(y),
            width=number(width),
            height=number(height),
            fill=f"url(#{self.name}-hatch)",
        )

    def hatch(self) -> Markup:
        """Return the pattern that `hatched` fills with."""
        line = self.shape("path", "hatch", d=f"M0 0V{HATCH}", stroke_width="2.5")
        size = {"width": str(HATCH), "height": str(HATCH), "patternUnits": "userSpaceOnUse"}
        turned = "rotate(45)"
        name = f"{self.name}-hatch"
        return tag("defs", tag("pattern", line, id=name, patternTransform=turned, **size))

    def picture(
        self, title: str, description: str, width: float, height: float, *inside: Markup
    ) -> Markup:
        """Return a whole picture, which says what it is."""
        size = {"width": number(width), "height": number(height)}
        return tag(
            "svg",
            tag("title", title, id=f"{self.name}-title"),
            tag("desc", description, id=f"{self.name}-desc"),
            self.shape("rect", "ground", **size) if self.literal else Markup(""),
            *inside,
            xmlns=XMLNS,
            class_="layered" + " broad" * (width > BROAD) + " full" * (width == FULL),
            viewBox=f"0 0 {size['width']} {size['height']}",
            role="group",
            aria_labelledby=f"{self.name}-title",
            aria_describedby=f"{self.name}-desc",
            font_size=str(SIZE),
            font_family="sans-serif" if self.literal else None,
            **size,
        )


def legend(brush: Brush, samples: list[tuple[Markup, str]], top: float, width: float) -> Markup:
    """Return samples, each drawn at 0 0 and 24 by 14 pixels, with what they mean, in rows."""
    x, y, rows = 0.0, top, []
    for sample, meaning in samples:
        room = 50 + measure(meaning)
        if x and x + room > width:
            x, y = 0.0, y + 24
        moved = tag("g", sample, transform=f"translate({number(x)} {number(y)})")
        rows.append(tag("g", moved, brush.text(meaning, x + 32, y + 12)))
        x += room
    return Markup("").join(rows)
