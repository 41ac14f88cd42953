"""Bars over the years, a lane for each thing that is counted; what was invented is hatched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from catalogue.picturing.facts import STATUSES, Status
from catalogue.picturing.svg import Brush, legend, tag

WIDTH, LABELS = 1000, 130  # of the picture; of the names of lanes
LANE, HEAD, ROOM = 78, 40, 22  # of a lane; of a heading; above a bar for its number
BAR, LINE = 46, 14  # the broadest a bar is; from one line of words to the next
YEARS = 20  # columns at most: what is earlier stands together in the first
AREAS: Mapping[Status, str] = {"observed": "area", "reported": "area pale"}

Year = int | None


@dataclass(frozen=True)
class Lane:
    """Numbers by year and data status, under a heading that lanes after each other share."""

    heading: str
    name: str
    id: str
    counts: Mapping[tuple[Year, Status], int]


@dataclass(frozen=True)
class Words:
    """What the picture says of itself, of a year that is not known and of each data status.

    href: where the numbers are told apart.
    """

    title: str
    description: str
    unknown: str
    statuses: Mapping[Status, str]
    href: str | None


@dataclass(frozen=True)
class _Axis:
    """The columns: every year from the first to the last, and one for what has no year."""

    years: tuple[Year, ...]
    early: bool  # the first holds all that is earlier too

    @property
    def step(self) -> float:
        """How far a column is from the next."""
        return (WIDTH - LABELS) / len(self.years)

    def place(self, year: Year) -> int:
        """Return the number of the column of a year."""
        if year is not None and self.early and year < (self.years[0] or 0):
            return 0
        return self.years.index(year)


def drawn(
    words: Words, lanes: Sequence[Lane], *, name: str = "evidence", literal: bool = False
) -> Markup:
    """Return the picture. `literal`: a file of its own."""
    axis = _axis(lanes)
    columns = [_columns(lane, axis) for lane in lanes]
    most = max((sum(column.values()) for of in columns for column in of), default=1)
    pen = _Pen(Brush(name, literal), words, axis, (LANE - ROOM) / most)
    parts, top = [pen.brush.hatch()], 0.0
    numbered = zip(lanes, columns, strict=True)
    for heading, group in groupby(numbered, key=lambda pair: pair[0].heading):
        top += HEAD
        parts.append(pen.brush.text(heading, 0, top - 10, "word faint"))
        for lane, counts in group:
            top += LANE
            parts += pen.lane(lane, counts, top)
    parts += pen.years(top)
    used = [s for s in STATUSES if any(status == s for lane in lanes for _, status in lane.counts)]
    samples = [(pen.bar(status, 0, 0, 24, 14), words.statuses[status]) for status in used]
    key = legend(pen.brush, samples, top + 34, WIDTH)
    return pen.brush.picture(words.title, words.description, WIDTH, top + 62, *parts, key)


def _axis(lanes: Sequence[Lane]) -> _Axis:
    years = {year for lane in lanes for year, _ in lane.counts}
    known = [year for year in years if year is not None]
    unknown = (None,) if None in years else ()
    if not known:
        return _Axis((None,), False)
    first = max(min(known), max(known) - YEARS + 1)
    return _Axis((*range(first, max(known) + 1), *unknown), min(known) < first)


def _columns(lane: Lane, axis: _Axis) -> list[dict[Status, int]]:
    found: list[dict[Status, int]] = [{} for _ in axis.years]
    for (year, status), count in lane.counts.items():
        column = found[axis.place(year)]
        column[status] = column.get(status, 0) + count
    return found


@dataclass(frozen=True)
class _Pen:
    """Draws the parts of one picture; a bar of one is `unit` high."""

    brush: Brush
    words: Words
    axis: _Axis
    unit: float

    def lane(
        self, lane: Lane, columns: Sequence[Mapping[Status, int]], base: float
    ) -> Iterator[Markup]:
        """Yield a line with the name of the lane, and its columns."""
        yield self.brush.shape("path", "line grid", d=f"M{LABELS} {base:g}H{WIDTH}")
        yield self.brush.text(lane.name, LABELS - 12, base - 6, "word", "end")
        for place, column in enumerate(columns):
            if column:
                each = (f"{count} {self.words.statuses[s]}" for s, count in column.items())
                said = f"{self.year(place)}, {lane.name}: {', '.join(each)}"
                parts = tag("title", said), *self.column(place, column, base)
                href = self.words.href
                yield tag("a", *parts, href=href) if href else tag("g", *parts)

    def column(self, place: int, column: Mapping[Status, int], base: float) -> Iterator[Markup]:
        """Yield the bars of a year on each other with their number, in brackets if invented."""
        x, y = self.middle(place), base
        wide = min(BAR, self.axis.step - 6)
        for status in STATUSES:
            if count := column.get(status):
                y -= count * self.unit
                yield self.bar(status, x - wide / 2, y, wide, count * self.unit)
        made_up = column.get("illustrative", 0)
        real = sum(column.values()) - made_up
        said = [str(real)] * bool(real) + [f"({made_up})"] * bool(made_up)
        yield self.brush.text(" ".join(said), x, y - 5, "word", "middle")

    def bar(self, status: Status, x: float, y: float, width: float, height: float) -> Markup:
        """Return a bar as its data status looks."""
        if status == "illustrative":
            return self.brush.hatched(x, y, width, height)
        return self.brush.rect(AREAS[status], x, y, width, height)

    def years(self, top: float) -> Iterator[Markup]:
        """Yield the names of the columns; the last has no room for words beside each other."""
        for place, year in enumerate(self.axis.years):
            name = self.year(place)
            for line, text in enumerate(name.split() if year is None else [name]):
                x, y = self.middle(place), top + 20 + line * LINE
                yield self.brush.text(text, x, y, "word faint", "middle")

    def year(self, place: int) -> str:
        """Return what a column is called."""
        year = self.axis.years[place]
        if year is None:
            return self.words.unknown
        return f"≤ {year}" if self.axis.early and place == 0 else str(year)

    def middle(self, place: int) -> float:
        """Return where the middle of a column is."""
        return LABELS + (place + 0.5) * self.axis.step
