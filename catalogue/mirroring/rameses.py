"""The page that says which items of a realist evaluation the graph can show, and which not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response

from catalogue.coherence.reaching import Tried
from catalogue.live import Release, query
from catalogue.mirroring.rameses_items import ITEMS, SECTIONS, Item
from catalogue.page import OnPage, Page
from catalogue.rows import Thing

# Counts that are not of a whole kind of thing: the query, and the page with what was counted.
COUNTS = {
    "appraised": "/findings",
    "tested": "/configurations",
    "contrary": "/questions/contradicting-cases",
    "mirrored": "/mirror",
}
COMPANY = "company"

Standing = Literal["whole", "part", "invented", "empty", "none"]

router = APIRouter(prefix="/{lang}/rameses")


@dataclass(frozen=True)
class Number:
    """How many of something were found, how many were invented, and where they are."""

    id: str
    name: str
    real: Tried
    invented: Tried
    href: str

    @property
    def any(self) -> bool:
        """Whether there is one that was not invented."""
        return self.real.few or bool(self.real.count)


@dataclass(frozen=True)
class Line:
    """An item with what this release has of it."""

    item: Item
    numbers: tuple[Number, ...]

    @property
    def standing(self) -> Standing:
        """How much of it can be seen in this release."""
        if self.item.holds == "none":
            return "none"
        found = [number.any for number in self.numbers]
        if any(found):
            return self.item.holds if all(found) else "part"
        made_up = any(n.invented.few or n.invented.count for n in self.numbers)
        return "invented" if made_up else "empty"


@router.get("")
def checklist(page: OnPage) -> Response:
    """The twenty items, counted in this release."""
    lines = [Line(item, tuple(_numbers(page, item))) for item in ITEMS]
    standings = Counter(line.standing for line in lines)
    return page.html("rameses.html", lines=lines, sections=SECTIONS, standings=standings)


def _numbers(page: Page, item: Item) -> Iterable[Number]:
    counts = page.release.computed.keep("rameses", lambda: _counts(page.release))
    for name in item.shows:
        real, invented = counts.get(name, (0, 0))
        form = page.release.forms.by_segment(name)
        href = f"/{form.table}" if form else COUNTS.get(name, f"/{name}")
        called = form.name.of(page.lang) if form else _names(page)[name]
        tried = _companies if name == COMPANY else _counted
        yield Number(name, called, tried(real), tried(invented), f"/{page.lang}{href}")


def _counted(number: int) -> Tried:
    return Tried(number, few=False)


def _companies(number: int) -> Tried:
    return Tried.of(map(str, range(number)))


def _counts(release: Release) -> Mapping[str, tuple[int, int]]:
    """Return how many things there are of each kind that were not invented, and that were."""
    start = f"{release.base}id/"
    made_up = Counter(iri.removeprefix(start).partition("/")[0] for iri in release.illustrative)
    found = {
        segment: (number - made_up[segment], made_up[segment])
        for segment, number in release.manifest.things.items()
    }
    found["questions"] = len(release.questions), 0
    for name in COUNTS:
        things = {row.thing for row in release.store.select(query(f"rameses_{name}"), Thing)}
        invented = len(things & release.illustrative)
        found[name] = len(things) - invented, invented
    return found


def _names(page: Page) -> Mapping[str, str]:
    gettext = page.words.gettext
    return {
        "questions": gettext("Stored questions"),
        "appraised": gettext("Findings with marks for relevance, richness and rigour"),
        "tested": gettext("Configurations with a finding"),
        "contrary": gettext("Findings that contradict"),
        "mirrored": gettext("Mirror sessions"),
    }
