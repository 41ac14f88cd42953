"""Bars under each other, one for each row of an answer, with its name before and number behind."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from catalogue.picturing.lettering import SIZE, wrapped
from catalogue.picturing.svg import Brush, legend, tag

WIDTH, LABELS, NUMBERS = 1000, 400, 70  # of the picture; room for names; room for numbers
BAR, LINE, GAP = 18, 16, 8  # height of a bar; of a second line of a name; between rows


@dataclass(frozen=True)
class Bar:
    """One row: its name, what else is known of it, its number as a length and as written."""

    name: str
    detail: str
    value: float
    written: str
    said: str
    href: str | None = None
    lang: str | None = None
    invented: bool = False


def drawn(
    title: str, description: str, invented: str, bars: Sequence[Bar], *, literal: bool = False
) -> Markup:
    """Return the picture; `invented` says what a hatched bar is. `literal`: a file of its own."""
    brush = Brush("chart", literal)
    most = max((bar.value for bar in bars), default=0) or 1
    unit = (WIDTH - LABELS - NUMBERS) / most
    parts, top = [brush.hatch()], 0.0
    for bar in bars:
        parts.append(_row(brush, bar, top, max(0.0, bar.value) * unit))
        top += BAR + GAP + (LINE if bar.detail else 0)
    bottom = top + 4
    if any(bar.invented for bar in bars):
        parts.append(legend(brush, [(brush.hatched(0, 0, 24, 14), invented)], bottom, WIDTH))
        bottom += 26
    return brush.picture(title, description, WIDTH, bottom, *parts)


def _row(brush: Brush, bar: Bar, top: float, length: float) -> Markup:
    x, base = LABELS, top + BAR / 2 + SIZE * 0.35
    room = LABELS - 16
    texts = [brush.text(wrapped(bar.name, room, 1)[0], x - 12, base, "word", "end")]
    if bar.detail:
        detail = wrapped(bar.detail, room, 1)[0]
        texts.append(brush.text(detail, x - 12, base + LINE, "word faint", "end"))
    draw = brush.hatched if bar.invented else lambda *at: brush.rect("area pale", *at)
    number = brush.text(f"({bar.written})" if bar.invented else bar.written, x + length + 8, base)
    # A bar of nothing is a line: the row was asked for, and has none.
    inside = tag("title", bar.said), *texts, draw(x, top, max(length, 1), BAR), number
    if not bar.href:
        return tag("g", *inside)
    return tag("a", *inside, href=bar.href, lang=bar.lang)
