"""Ordered pairs of interventions as rows of bits.

Ten thousand interventions can make fifty million pairs. A bit each is 12.5 MB, and to combine two
sets of pairs is one operation a row; a list of pairs would be gigabytes.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import add, and_, or_
from typing import TypeVar

COLUMNS_AT_A_TIME = 1024  # of 20,000 rows: 20 MB of text
SPARSE = 1024  # bits for each place, from where on places are kept one by one

# Some of so many places: as bits or, where nearly all of these would be noughts, one by one.
Places = int | tuple[int, ...]


Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Pairs:
    """A set of pairs: bit j of row i says that `subjects[i]` → `subjects[j]` is one of them."""

    subjects: tuple[str, ...]
    rows: tuple[int, ...]

    @cached_property
    def _place(self) -> dict[str, int]:
        return {subject: place for place, subject in enumerate(self.subjects)}

    @cached_property
    def _size(self) -> int:
        return sum(row.bit_count() for row in self.rows)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for subject, row in zip(self.subjects, self.rows, strict=True):
            for place in members(row):
                yield subject, self.subjects[place]

    def part(self, start: int, end: int) -> Iterator[tuple[str, str]]:
        """Yield the pairs from one number to another, without going through those before them."""
        for subject, row in zip(self.subjects, self.rows, strict=True):
            if end <= 0:
                return
            number = row.bit_count()
            if start < number:
                for place in islice(members(row), max(0, start), end):
                    yield subject, self.subjects[place]
            start, end = start - number, end - number

    def __contains__(self, pair: tuple[str, str]) -> bool:
        origin, target = (self._place.get(subject) for subject in pair)
        return origin is not None and target is not None and bool(self.rows[origin] >> target & 1)

    def after(self, subject: str) -> tuple[str, ...]:
        """Return what a subject leads to."""
        place = self._place.get(subject)
        return () if place is None else self._named(self.rows[place])

    def before(self, subject: str) -> tuple[str, ...]:
        """Return what leads to a subject."""
        place = self._place.get(subject)
        if place is None:
            return ()
        found = zip(self.subjects, self.rows, strict=True)
        return tuple(name for name, row in found if row >> place & 1)

    @property
    def touched(self) -> frozenset[str]:
        """The subjects that are in at least one pair, on either side."""
        anywhere = 0
        for place, row in enumerate(self.rows):
            anywhere |= row | (1 << place if row else 0)
        return frozenset(self._named(anywhere))

    @property
    def degrees(self) -> Mapping[str, int]:
        """In how many pairs each subject is, on either side."""
        counts = map(add, map(int.bit_count, self.rows), map(int.bit_count, turned(self.rows)))
        return dict(zip(self.subjects, counts, strict=True))

    @property
    def turned(self) -> "Pairs":
        """The same pairs the other way round."""
        return Pairs(self.subjects, turned(self.rows))

    def __and__(self, other: "Pairs") -> "Pairs":
        return self._with(other, and_)

    def __or__(self, other: "Pairs") -> "Pairs":
        return self._with(other, or_)

    def __sub__(self, other: "Pairs") -> "Pairs":
        return self._with(other, lambda mine, theirs: mine & ~theirs)

    def _with(self, other: "Pairs", combine: Callable[[int, int], int]) -> "Pairs":
        return Pairs(self.subjects, tuple(map(combine, self.rows, other.rows)))

    def _named(self, mask: int) -> tuple[str, ...]:
        return tuple(self.subjects[place] for place in members(mask))


def members(mask: int) -> Iterator[int]:
    """Yield the places of the bits that are set, lowest first."""
    text = bin(mask)[:1:-1]
    place = text.find("1")
    while place >= 0:
        yield place
        place = text.find("1", place + 1)


def turned(rows: Sequence[int]) -> tuple[int, ...]:
    """Return the columns of a square of bits as rows."""
    # As text, since a slice with a step runs through a column at the speed of C.
    columns: list[int] = []
    for start in range(0, len(rows), COLUMNS_AT_A_TIME):
        width = min(COLUMNS_AT_A_TIME, len(rows) - start)
        wanted = (1 << width) - 1
        text = "".join(format(row >> start & wanted, f"0{width}b") for row in reversed(rows))
        columns.extend(int(text[width - 1 - place :: width], 2) for place in range(width))
    return tuple(columns)


def mask(places: Iterable[int], width: int) -> int:
    """Return an integer with these bits set; linear in its width, however many bits."""
    cells = bytearray((width + 7) // 8)
    for place in places:
        cells[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(cells, "little")


def gathered(found: Iterable[tuple[Name, Iterable[int]]], width: int) -> dict[Name, Places]:
    """Return all places of each name."""
    places: defaultdict[Name, list[int]] = defaultdict(list)
    for name, some in found:
        places[name].extend(some)
    return {name: packed(some, width) for name, some in places.items()}


def packed(places: Collection[int], width: int) -> Places:
    """Return places in the form that takes little room."""
    return tuple(places) if len(places) * SPARSE < width else mask(places, width)


def together(found: Iterable[Places]) -> int:
    """Return places together, as bits."""
    bits, few = 0, list[int]()
    for places in found:
        if isinstance(places, int):
            bits |= places
        else:
            few.extend(places)
    return bits | mask(few, max(few) + 1) if few else bits


def union(masks: Mapping[Name, Places], names: Iterable[Name]) -> int:
    """Return the bits that some names have together; a name without places has none."""
    return together(masks[name] for name in names if name in masks)
