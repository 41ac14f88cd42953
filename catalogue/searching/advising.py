"""What a reader says of a company like theirs, and what they can still say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote, urlencode

from fastapi import HTTPException

from catalogue.coherence import ticking
from catalogue.coherence.ticking import Said
from catalogue.coherence.where import place
from catalogue.page import Page
from catalogue.searching.selection import cleaned
from catalogue.views import Showing
from s4s_graph.coherence.fit import VERDICTS
from s4s_graph.coherence.model import Company
from s4s_graph.coherence.view import View
from s4s_graph.search.find import LETTERS
from s4s_graph.search.words import fold, split

# The lists that features of a company are in, and the segments of their values.
FEATURES = {
    "size": ("size-classes", "size-class"),
    "sector": ("sectors", "sector"),
    "region": ("regions", "region"),
}
FOREMOST = 12  # conditions to tick that stand open: those that most interventions depend on
OPTIONS = 60  # other conditions to tick; the rest are found by their names


@dataclass(frozen=True)
class Asked:
    """What a reader says of a company, and wants to see.

    features: the size class, the sector and the region, as far as they were said.
    find: words in the names of conditions to tick. more: the verdict to show more of.
    """

    said: Said
    features: Mapping[str, str]
    find: str
    more: str

    @property
    def anything(self) -> bool:
        """Whether the reader said something of the company."""
        return bool(self.said.all or self.features)

    @property
    def company(self) -> Company:
        """The company, as far as it is known."""
        return self.said.of(Company("profile", self.features.get("size")))

    def choice(self, feature: str) -> str:
        """Return the slug of what was said of a feature, empty where nothing was."""
        return _slug(self.features.get(feature, ""))

    def address(self, more: str = "") -> str:
        """Return the query of what was said of the company, and of what to show more of."""
        given = [(name, self.choice(name)) for name in self.features]
        return urlencode([*given, *self._ticked(), *([("more", more)] if more else [])])

    def route(self, lang: str, condition: str) -> str:
        """Return the address of the routes of this company to a condition."""
        given = [("level", "interventions"), ("goal", place(condition)), *self._ticked()]
        return f"/{lang}/coherence/routes?{urlencode(given, quote_via=quote, safe='/')}"

    def _ticked(self) -> list[tuple[str, str]]:
        ticks = (("holds", self.said.holds), ("lacks", self.said.lacks))
        return [(name, _slug(iri)) for name, iris in ticks for iri in sorted(iris)]


@dataclass(frozen=True)
class Offered:
    """The conditions to tick: those that stand open, the others, and how many there are more."""

    foremost: frozenset[str]
    others: frozenset[str]
    more: int


def asked(page: Page) -> Asked:
    """Read the form. Raises a 404 for what is not in this release."""
    given = page.request.query_params
    features = {}
    for name, (table, segment) in FEATURES.items():
        if slug := given.get(name, ""):
            if slug not in page.release.names(table, page.lang):
                raise HTTPException(404)
            features[name] = page.release.iri(segment, slug)
    find = cleaned(given.get("find", ""))[:LETTERS].strip()
    more = given.get("more", "")
    if more not in {"", *VERDICTS}:
        raise HTTPException(404)
    return Asked(ticking.said(page, page.release.computed.world), features, find, more)


def offered(page: Page, view: View, wanted: Asked) -> Offered:
    """Return what can be ticked: what was ticked, and what most interventions depend on."""
    weighed = page.release.computed.keep("weighed", lambda: _weighed(view))
    foremost = frozenset(weighed[:FOREMOST]) | wanted.said.all
    rest = (iri for iri in weighed if iri not in foremost)
    if parts := split(wanted.find):
        kept = ("condition names", page.lang)
        names = page.release.computed.keep(kept, lambda: _names(page, weighed))
        rest = (iri for iri in rest if all(part in names[iri] for part in parts))
    others = frozenset(islice(rest, OPTIONS))
    return Offered(foremost, others, len(set(weighed).difference(foremost, others)))


def _weighed(view: View) -> tuple[str, ...]:
    weights = ticking.weights(view)
    return tuple(sorted(weights, key=lambda name: (-weights[name], name)))


def _names(page: Page, conditions: tuple[str, ...]) -> dict[str, str]:
    showing = Showing(page, conditions)
    return {iri: fold(showing.thing(iri).text) for iri in conditions}


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]
