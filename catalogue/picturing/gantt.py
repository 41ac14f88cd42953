"""Bars over years with signs on them, a row for each thing, and a line for today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup

from catalogue.picturing.lettering import SIZE, wrapped
from catalogue.picturing.svg import Brush, at, legend, number, tag

Kind = Literal["version", "round", "applied"]

WIDTH, LABELS = 1000, 226  # of the picture; of the names
ROW, TOP, BAR = 40, 30, 24  # height of a row, of the years above, of a bar
YEARS = 16  # columns at most; what is earlier begins left of them
PLACES: Mapping[Kind, float] = {"version": 0.2, "round": 0.5, "applied": 0.8}  # in a column


@dataclass(frozen=True)
class Mark:
    """A sign in one year, with a text in it, and what it says in words."""

    kind: Kind
    year: int
    invented: bool
    text: str
    said: str


@dataclass(frozen=True)
class Bar:
    """One row. `last` None: no end is known; `guess`: nobody states when it began."""

    name: str
    href: str
    lang: str | None
    first: int
    last: int | None
    guess: bool
    marks: tuple[Mark, ...]

    @property
    def years(self) -> list[int]:
        """Every year in it."""
        return [self.first, *([self.last] if self.last else []), *(m.year for m in self.marks)]


@dataclass(frozen=True)
class Words:
    """What the picture says of itself; `key`: run, guess, the kinds of sign, invented."""

    title: str
    description: str
    today: str
    key: Mapping[str, str]


def drawn(
    words: Words,
    bars: Sequence[Bar],
    now: date | None,
    *,
    name: str = "timeline",
    literal: bool = False,
) -> Markup:
    """Return the picture, up to `now` if that is given. `literal`: a file of its own."""
    years = [year for bar in bars for year in bar.years]
    last = max(years + ([now.year] if now else []))
    first = max(min(years), last - YEARS + 1)
    pen = _Pen(Brush(name, literal), words, range(first, last + 1))
    bottom = TOP + ROW * len(bars)
    parts = [*pen.grid(bottom), *(pen.today(now, bottom) if now else ())]
    for place, bar in enumerate(bars):
        parts.append(pen.row(bar, TOP + (place + 0.5) * ROW))
    samples = pen.samples(bars)
    key = legend(pen.brush, samples, bottom + 34, WIDTH)
    height = bottom + 34 + 24 * (2 if len(samples) > 3 else 1) + 6
    return pen.brush.picture(words.title, words.description, WIDTH, height, *parts, key)


@dataclass(frozen=True)
class _Pen:
    """Draws the parts of one picture."""

    brush: Brush
    words: Words
    years: range

    @property
    def step(self) -> float:
        """How far a year is from the next."""
        return (WIDTH - LABELS) / len(self.years)

    def x(self, year: float) -> float:
        """Return where a year begins, or a part of it."""
        return LABELS + (year - self.years.start) * self.step

    def grid(self, bottom: float) -> Iterator[Markup]:
        """Yield the years, with a line before each."""
        for year in self.years:
            line = f"M{at((self.x(year), TOP))}V{number(bottom)}"
            yield self.brush.shape("path", "line grid", d=line)
            yield self.brush.text(str(year), self.x(year + 0.5), 18, "word faint", "middle")

    def today(self, now: date, bottom: float) -> Iterator[Markup]:
        """Yield the line of today and its name."""
        day = (now - date(now.year, 1, 1)).days
        x = self.x(now.year + day / 366)
        d = f"M{at((x, TOP - 4))}V{number(bottom + 6)}"
        yield self.brush.shape("path", "line break", d=d, stroke_dasharray="3 3", stroke_width="2")
        end = "end" if x > WIDTH - 40 else "middle"
        yield self.brush.text(self.words.today, x, bottom + 20, "word", end)

    def row(self, bar: Bar, middle: float) -> Markup:
        """Return the name, the bar and its signs."""
        lines = wrapped(bar.name, LABELS - 16, 2)
        top = middle + SIZE * 0.35 - (len(lines) - 1) * 8
        texts = [self.brush.text(line, 0, top + 16 * n) for n, line in enumerate(lines)]
        name = tag("a", *texts, href=bar.href, lang=bar.lang)
        signs = (tag("g", tag("title", m.said), *self.mark(m, middle)) for m in bar.marks)
        return tag("g", name, self.run(bar, middle), *signs)

    def run(self, bar: Bar, middle: float) -> Markup:
        """Return the bar: with a point where no end is known, dashed where no start is."""
        early = bar.first < self.years.start
        x0 = self.x(self.years.start if early else bar.first) + 1
        x1 = self.x((bar.last if bar.last is not None else self.years.stop - 1) + 1) - 1
        return tag(
            "g",
            tag("title", self.span(bar)),
            self._run(x0, max(x0 + 4, x1), middle, bar.last is None, bar.guess),
            self.brush.text(f"◂ {self.span(bar)}", x0 + 6, middle + 5) if early else Markup(""),
        )

    def span(self, bar: Bar) -> str:
        """Return the first and the last year, as far as it is known."""
        return f"{bar.first}–{'' if bar.last is None else bar.last}"

    def _run(self, x0: float, x1: float, middle: float, is_open: bool, guess: bool) -> Markup:
        half, tip = BAR / 2, 8 if is_open else 0
        end = f"L{at((x1, middle))}L" if is_open else "V"
        last = at((x1 - tip, middle + half)) if is_open else number(middle + half)
        d = f"M{at((x0, middle - half))}H{number(x1 - tip)}{end}{last}H{number(x0)}Z"
        return self.brush.shape(
            "path", "area faint", d=d, stroke_dasharray="4 3" if guess else None
        )

    def mark(self, mark: Mark, middle: float) -> Iterator[Markup]:
        """Yield a sign: a diamond, a triangle or a circle, dashed where it was invented."""
        x = self.x(mark.year + PLACES[mark.kind])
        dashes = "2 2" if mark.invented else None
        kind = "area bare" if mark.invented else "area"
        if mark.kind == "applied":
            where = {"cx": number(x), "cy": number(middle)}
            yield self.brush.shape("circle", "area bare", r="9", stroke_dasharray=dashes, **where)
            size = {"x": number(x), "y": number(middle + 4), "text_anchor": "middle"}
            yield self.brush.shape("text", "word", mark.text, font_size="10", **size)
            return
        corners = ((0, -8), (6, 0), (0, 8), (-6, 0)) if mark.kind == "version" else (
            (0, -6), (7, 6), (-7, 6)
        )  # fmt: skip
        points = " ".join(f"{number(x + dx)},{number(middle + dy)}" for dx, dy in corners)
        yield self.brush.shape("polygon", kind, points=points, stroke_dasharray=dashes)

    def samples(self, bars: Sequence[Bar]) -> list[tuple[Markup, str]]:
        """Return a sample of all that is in the picture."""
        marks = [mark for bar in bars for mark in bar.marks]
        found = [(self._run(0, 24, 7, True, False), self.words.key["run"])]
        if any(bar.guess for bar in bars):
            found.append((self._run(0, 24, 7, True, True), self.words.key["guess"]))
        for kind in PLACES:
            some = [mark for mark in marks if mark.kind == kind]
            if some:
                sample = Mark(kind, self.years.start, all(m.invented for m in some), "n", "")
                x = self.x(self.years.start + PLACES[kind])
                shift = f"translate({number(12 - x)} 0)"
                found.append(
                    (tag("g", *self.mark(sample, 7), transform=shift), self.words.key[kind])
                )
        if any(mark.invented for mark in marks):
            box = self.brush.shape(
                "rect", "area bare", width="24", height="14", stroke_dasharray="2 2"
            )
            found.append((box, self.words.key["invented"]))
        return found
