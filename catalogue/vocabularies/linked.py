"""A concept of others as pages name it: by its own name, below that of the group that it is in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalogue.live import query
from catalogue.page import Page
from catalogue.rows import Shown
from catalogue.views import Showing
from s4s_graph.store import Iri

PATHS = 3  # ways up that a page shows
NEEDS = 10  # occupations of each kind on a page


@dataclass(frozen=True)
class Step:
    """A row of the query: a concept, and one that is right above it."""

    lower: str
    upper: str


@dataclass(frozen=True)
class Need:
    """A row of the query: an occupation that needs a concept, or the other way round."""

    thing: str
    how: str  # essential, optional


@dataclass(frozen=True)
class Needed:
    """Things that need something, or that are needed: some by name, and how many there are."""

    first: tuple[Shown, ...]
    total: int

    @property
    def more(self) -> int:
        """How many there are beside those."""
        return self.total - len(self.first)


@dataclass(frozen=True)
class Above:
    """The ways up from a concept, each from its top to what is right above the concept."""

    concept: str
    paths: tuple[tuple[str, ...], ...]

    def iris(self) -> Iterator[str]:
        """Yield everything that needs a name."""
        for path in self.paths:
            yield from path

    def shown(self, showing: Showing) -> tuple[tuple[Shown, ...], ...]:
        """Return the ways with names; a step that nothing is known of has none."""
        named = (
            tuple(showing.thing(iri) for iri in path if iri in showing.labels)
            for path in self.paths
        )
        return tuple(dict.fromkeys(path for path in named if path))

    def group(self, showing: Showing) -> Shown | None:
        """Return the nearest group with a name in the language of the page.

        None where the concept has such a name itself: the group is there for readers who would
        else have nothing in their language.
        """
        if showing.thing(self.concept).lang is None:
            return None
        nearest = sorted(
            (len(path) - place, iri) for path in self.paths for place, iri in enumerate(path)
        )
        named = (showing.thing(iri) for _, iri in nearest if iri in showing.labels)
        return next((shown for shown in named if shown.lang is None), None)


def above(page: Page, concept: str) -> Above:
    """Return the ways up from a concept: some of them if there are many, the shortest first."""
    rows = page.release.store.select(query("concept_above"), Step, concept=Iri(concept))
    upper: defaultdict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.lower, row.upper)):
        upper[row.lower].append(row.upper)
    return Above(concept, tuple(_paths(concept, upper)))


def _paths(concept: str, upper: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Yield ways up, breadth first; a circle ends where it would begin again."""
    waiting: list[tuple[str, ...]] = [(concept,)]
    found = 0
    while waiting and found < PATHS:
        path = waiting.pop(0)
        steps = [iri for iri in upper.get(path[0], ()) if iri not in path]
        waiting += [(iri, *path) for iri in steps]
        if not steps and len(path) > 1:
            found += 1
            yield path[:-1]


def needs(page: Page, concepts: Iterable[str]) -> dict[str, list[str]]:
    """Return the occupations that need one of some concepts, or what an occupation needs.

    They are listed under essential and optional; what is essential is not optional as well.
    """
    found: dict[str, set[str]] = {"essential": set(), "optional": set()}
    for concept in concepts:
        for row in page.release.store.select(query("concept_needs"), Need, concept=Iri(concept)):
            found[row.how].add(row.thing)
    found["optional"] -= found["essential"]
    return {how: sorted(things) for how, things in found.items()}


def needed(showing: Showing, things: Iterable[str], most: int = NEEDS) -> Needed:
    """Return the first of some things by name."""
    shown = sorted(map(showing.thing, things), key=lambda one: one.text.casefold())
    return Needed(tuple(shown[:most]), len(shown))
