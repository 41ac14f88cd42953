"""What a reader asks a picture of: a list as it was narrowed, or one intervention of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from fastapi import HTTPException
from markupsafe import Markup

from catalogue.coherence.sheets import Sheet
from catalogue.page import Page
from catalogue.picturing.facts import Facts, facts
from catalogue.searching import narrowing, selection
from catalogue.searching.selection import Selection
from s4s_graph.search.find import find
from s4s_graph.search.read import Facet, Listing, Value

TABLE = "interventions"
NAMES = ("matrix", "network", "flow", "timeline", "evidence")
# What the interventions are held against: facets of their list.
AXES: Mapping[str, tuple[str, ...]] = {
    "matrix": ("targetsActor", "skillsStep", "condition", "mechanism", "outcome", "develops"),
    "network": ("holder", "ofKind", "condition", "outcome", "mechanism", "develops"),
}
TOPS = (8, 16, 32)  # stations of a flow
OWN = ("intervention", "axis", "top")  # what an address says beside the list


@dataclass(frozen=True)
class Asked:
    """A picture of some interventions. `things` are their numbers in the list, in its order.

    one: the slug of the one intervention that it is about, if it is of one.
    """

    page: Page
    name: str
    listing: Listing
    selection: Selection
    things: tuple[int, ...]
    one: str | None = None
    axis: str = ""
    top: int = TOPS[0]

    @property
    def facts(self) -> Facts:
        """What there is to count."""
        return facts(self.page.release)

    @cached_property
    def iris(self) -> tuple[str, ...]:
        """The interventions by their names."""
        slugs = self.listing.slugs
        return tuple(self.page.release.iri("intervention", slugs[n]) for n in self.things)

    @property
    def axes(self) -> tuple[Facet, ...]:
        """What this picture can hold interventions against in this release."""
        known = self.listing.by_name
        return tuple(known[name] for name in AXES.get(self.name, ()) if name in known)

    @cached_property
    def facet(self) -> Facet | None:
        """What it does hold them against."""
        return self.listing.by_name.get(self.axis)

    @cached_property
    def bits(self) -> int:
        """The interventions as a set of bits, as facets have them."""
        flags = bytearray(len(self.listing.slugs) // 8 + 1)
        for thing in self.things:
            flags[thing >> 3] |= 1 << (thing & 7)
        return int.from_bytes(flags, "little")

    @property
    def wide(self) -> bool:
        """Whether it is of all interventions that there are."""
        return len(self.things) == len(self.listing.slugs)

    def within(self, **chosen: str) -> str:
        """Return the address of the list with further choices."""
        keys = {name: (key,) for name, key in chosen.items()}
        narrower = replace(self.selection, chosen={**self.selection.chosen, **keys})
        query = narrower.address()
        return f"/{self.page.lang}/{TABLE}{'?' if query else ''}{query}"

    def query(self, **changes: str | int | None) -> str:
        """Return the one query of an address that stands for this, perhaps with some changes."""
        own = {"intervention": self.one, "axis": self.axis, "top": self.top} | changes
        usual = {"intervention": None, "axis": _usual(self), "top": TOPS[0]}
        said = [(name, str(v)) for name, v in own.items() if v and v != usual.get(name)]
        return urlencode(sorted([*parse_qsl(self.selection.address()), *said]))

    def sorted_by(self, sort: str) -> str:
        """Return the address of the same picture in another order."""
        return replace(self, selection=self.selection.sorted_by(sort)).to()

    def to(self, name: str = "", suffix: str = "", **changes: str | int | None) -> str:
        """Return the address of a picture of the same interventions."""
        other = self if not name or name == self.name else replace(self, name=name, axis="")
        query = other.query(**changes)
        path = f"/{self.page.lang}/pictures/{other.name}{'.' if suffix else ''}{suffix}"
        return f"{path}?{query}" if query else path


@dataclass(frozen=True)
class Picture:
    """A picture with the same numbers as a table.

    caption: what there is to see, in a sentence.
    svg: None where a table shows it better or there is nothing to draw.
    notes: what was left out, and how it was counted.
    """

    caption: str
    sheet: Sheet
    svg: Markup | None = None
    notes: tuple[str, ...] = ()


def asked(page: Page, name: str) -> Asked:
    """Return what an address asks for.

    Raises a 404 where there is no such picture, intervention, axis or number of stations, and a
    400 where too much is chosen at the same time.
    """
    if name not in NAMES:
        raise HTTPException(404)
    given, listing = page.request.query_params, page.release.search.listing(TABLE)
    chosen = selection.asked(page, listing)
    every = Asked(page, name, listing, chosen, _things(page, listing, chosen))
    axis, top = given.get("axis") or _usual(every), given.get("top") or str(TOPS[0])
    if axis not in {"", *(facet.name for facet in every.axes)} or top not in map(str, TOPS):
        raise HTTPException(404)
    asked = replace(every, axis=axis, top=int(top))
    one = given.get("intervention")
    if not one:
        return asked
    if one not in listing.slugs:
        raise HTTPException(404)
    only = (listing.slugs.index(one),)
    return replace(asked, selection=Selection(), things=only, one=one)


def of_one(page: Page, name: str, slug: str) -> Asked:
    """Return a picture of one intervention, for its own page."""
    listing = page.release.search.listing(TABLE)
    things = (listing.slugs.index(slug),) if slug in listing.slugs else ()
    return Asked(page, name, listing, Selection(), things, slug)


def values(facet: Facet, bits: int) -> list[tuple[Value, int]]:
    """Return the values of a facet that some of the things have, each with those things."""
    found = ((value, value.things & bits) for value in facet.values)
    return [(value, held) for value, held in found if held]


def _usual(asked: Asked) -> str:
    return next((facet.name for facet in asked.axes), "")


def _things(page: Page, listing: Listing, chosen: Selection) -> tuple[int, ...]:
    found = None
    if chosen.words:
        literal = chosen.literal
        found = find(page.release.search, chosen.words, page.lang, TABLE, literal=literal)
    return tuple(narrowing.things(listing, chosen, found, page.lang))
