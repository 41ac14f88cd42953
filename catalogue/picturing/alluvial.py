"""An alluvial picture: three columns of stations, and bands whose width is a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from catalogue.picturing.lettering import SIZE, measure, wrapped
from catalogue.picturing.svg import Brush, at, legend, number, tag

WIDTH, TOP = 1000, 40  # of the picture; room for the headings
STARTS = (246, 490, 738)  # of the columns
THICK = 10  # of a station
LETTERS = (234, 218, 240)  # room for a line of text in each column
LINE, LEAST, BETWEEN = 16, 36, 8  # a line of text; the least room for a station; between two
TALL, BROAD = 330, 12  # of all bands at most together; of one configuration

Key = tuple[str, str]


@dataclass(frozen=True)
class Station:
    """A place that bands run to; `lang` is set where its text is not in the page's language."""

    text: str
    count: int
    href: str | None = None
    lang: str | None = None


@dataclass(frozen=True)
class Band:
    """So many configurations, of which so many invented, from a station to one of the next column.

    said: the same in words.
    """

    column: int
    start: Key
    end: Key
    count: int
    invented: int
    said: str

    @property
    def style(self) -> str:
        """The class of its colour: what is adverse or stays away looks different."""
        return "area pale" if self.end[1] == "brings" else "area against"


@dataclass(frozen=True)
class Words:
    """What the picture says of itself: its columns, and what each look of a band means."""

    title: str
    description: str
    columns: tuple[str, str, str]
    brings: str
    against: str
    invented: str


@dataclass(frozen=True)
class _Place:
    """Where a station stands: its top, the height of its bar, the middle of its text."""

    top: float
    height: float
    middle: float

    @property
    def bottom(self) -> float:
        """Where the next station can begin."""
        return max(self.top + self.height, self.middle + LEAST / 2)


def drawn(
    words: Words,
    columns: Sequence[Mapping[Key, Station]],
    bands: Sequence[Band],
    *,
    name: str = "flow",
    literal: bool = False,
) -> Markup:
    """Return the picture; the most used stations stand on top. `literal`: a file of its own."""
    brush = Brush(name, literal)
    sizes = [_sizes(place, stations, bands) for place, stations in enumerate(columns)]
    most = max(sum(size.values()) for size in sizes)
    unit = min(BROAD, TALL / most) if most else BROAD
    placed = [_placed(stations, size, unit) for stations, size in zip(columns, sizes, strict=True)]
    bottom = max(place.bottom for of in placed for place in of.values())
    samples = _samples(brush, words, bands)
    key = legend(brush, samples, bottom + 20, WIDTH)
    parts = [brush.hatch(), *_headings(brush, words.columns), *_bands(brush, bands, placed, unit)]
    for place, stations in enumerate(columns):
        parts += [_station(brush, place, s, placed[place][k]) for k, s in stations.items()]
    height = bottom + 20 + 24 * (2 if len(samples) > 2 else 1)
    return brush.picture(words.title, words.description, WIDTH, height, *parts, key)


def _sizes(column: int, stations: Mapping[Key, Station], bands: Sequence[Band]) -> dict[Key, int]:
    """Return the width of all bands on the side of a station that has most."""
    before, after = dict.fromkeys(stations, 0), dict.fromkeys(stations, 0)
    for band in bands:
        if band.column == column:
            after[band.start] += band.count
        elif band.column == column - 1:
            before[band.end] += band.count
    return {key: max(before[key], after[key]) for key in stations}


def _placed(
    stations: Mapping[Key, Station], sizes: Mapping[Key, int], unit: float
) -> dict[Key, _Place]:
    found, top = {}, float(TOP)
    for key in sorted(stations, key=lambda key: _order(key, stations[key])):
        height = max(2.0, sizes[key] * unit)
        room = max(LEAST, height)
        found[key] = _Place(top + (room - height) / 2, height, top + room / 2)
        top += room + BETWEEN
    return found


def _order(key: Key, station: Station) -> tuple[bool, bool, int, Key]:
    """Sort what has a name before what has none, and of that the most used first; years as such."""
    size = int(key[0]) if key[0].isdecimal() else -station.count
    return key[0] == "none", key[0] == "other", size, key


def _bands(
    brush: Brush, bands: Sequence[Band], placed: Sequence[Mapping[Key, _Place]], unit: float
) -> list[Markup]:
    """Return the bands, those of a station in the order of what they run to."""

    def order(band: Band) -> tuple[int, float, float]:
        start, end = placed[band.column][band.start], placed[band.column + 1][band.end]
        return band.column, start.top, end.top

    left: dict[tuple[int, Key], float] = {}
    right: dict[tuple[int, Key], float] = {}
    found = []
    for band in sorted(bands, key=order):
        start, end = placed[band.column][band.start], placed[band.column + 1][band.end]
        y0 = left.setdefault((band.column, band.start), start.top)
        y1 = right.setdefault((band.column, band.end), end.top)
        wide = band.count * unit
        left[band.column, band.start] += wide
        right[band.column, band.end] += wide
        ends = STARTS[band.column] + THICK, STARTS[band.column + 1]
        found.append(_band(brush, band, ends, (y0, y1), wide))
    return found


def _band(
    brush: Brush, band: Band, across: tuple[float, float], tops: tuple[float, float], wide: float
) -> Markup:
    (x0, x1), (y0, y1) = across, tops
    middle = (x0 + x1) / 2
    there = f"C{at((middle, y0))} {at((middle, y1))} {at((x1, y1))}"
    back = f"C{at((middle, y1 + wide))} {at((middle, y0 + wide))} {at((x0, y0 + wide))}"
    path = f"M{at((x0, y0))}{there}V{number(y1 + wide)}{back}Z"
    parts = [brush.shape("path", band.style, d=path, opacity="0.7", stroke_width="0")]
    if band.count == band.invented:
        parts.append(tag("path", d=path, fill=f"url(#{brush.name}-hatch)"))
    return tag("g", tag("title", f"{band.said}: {band.count}"), *parts)


def _headings(brush: Brush, columns: Sequence[str]) -> list[Markup]:
    ends = ("end", "", "")
    xs = (STARTS[0] + THICK, STARTS[1], STARTS[2])
    return [
        brush.text(text, x, 20, "word faint", end)
        for text, x, end in zip(columns, xs, ends, strict=True)
    ]


def _station(brush: Brush, column: int, station: Station, place: _Place) -> Markup:
    """Return a bar with its name and number: left of the first column, else right of it."""
    x = STARTS[column]
    bar = brush.rect("area", x, place.top, THICK, place.height)
    lines = _lines(station, LETTERS[column])
    first = place.middle + SIZE * 0.35 - (len(lines) - 1) * LINE / 2
    beside, end = (x - 8, "end") if column == 0 else (x + THICK + 8, "")
    texts = [
        brush.text(line, beside, first + row * LINE, "word halo", end)
        for row, line in enumerate(lines)
    ]
    title = tag("title", f"{station.text}: {station.count}")
    element = "a" if station.href else "g"
    return tag(element, title, bar, *texts, href=station.href, lang=station.lang)


def _lines(station: Station, width: float) -> list[str]:
    """Return a name on at most two lines, with the number behind it in any case."""
    behind = f" · {station.count}"
    lines = wrapped(station.text, width - measure(behind), 2)
    return [*lines[:-1], lines[-1] + behind]


def _samples(brush: Brush, words: Words, bands: Sequence[Band]) -> list[tuple[Markup, str]]:
    found = [(brush.rect("area pale", 0, 0, 24, 14), words.brings)]
    if any(band.style == "area against" for band in bands):
        found.append((brush.rect("area against", 0, 0, 24, 14), words.against))
    if any(band.count == band.invented for band in bands):
        found.append((brush.hatched(0, 0, 24, 14), words.invented))
    return found
