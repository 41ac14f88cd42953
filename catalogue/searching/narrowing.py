"""A list as it was narrowed: the things that are left, and what each further choice would leave."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import and_, or_

from catalogue.searching.selection import Selection
from s4s_graph.search import words
from s4s_graph.search.find import Found
from s4s_graph.search.read import Facet, Listing, Value

FIRST = 8  # values of a facet that are seen at once
MOST = 40  # values of a facet that can be ticked; the others can be looked for by their names
OPEN = 4  # facets that are unfolded from the start


@dataclass(frozen=True)
class Choice:
    """A value that can be ticked, and how many things it would leave.

    example: whether "all" or "some" of those rest on an invented example; else None.
    """

    key: str
    name: str
    count: int
    chosen: bool
    depth: int
    example: str | None


@dataclass(frozen=True)
class Narrower:
    """A facet as a reader sees it: the `first` choices, the `rest`, and how many `more` exist.

    sought: the words in the names of the values that a reader looked for among many.
    """

    name: str
    title: str
    help: str
    chosen: int
    first: tuple[Choice, ...]
    rest: tuple[Choice, ...]
    more: int
    sought: str
    is_open: bool


@dataclass(frozen=True)
class Chip:
    """One choice that was made, and the address of the list without it."""

    facet: str
    name: str
    known: bool
    address: str


@dataclass(frozen=True)
class Narrowed:
    """The things that are left, by their number in the list, in the order that was asked for."""

    things: tuple[int, ...]
    facets: tuple[Narrower, ...]
    chips: tuple[Chip, ...]


def things(listing: Listing, selection: Selection, found: Found | None, lang: str) -> list[int]:
    """Return the things of a selection in its order; `found` is what its words were found in."""
    left = reduce(and_, _chosen(listing, selection).values(), _within(listing, found))
    if selection.sort == "relevance" and found:
        order = tuple(number - listing.first for number in found.numbers)
    else:
        order = listing.orders.get(f"{selection.sort}_{lang}", listing.orders[lang])
    if left == listing.everything:
        return list(order)
    flags = left.to_bytes(len(listing.slugs) // 8 + 1, "little")
    return [thing for thing in order if flags[thing >> 3] >> (thing & 7) & 1]


def narrowed(listing: Listing, selection: Selection, found: Found | None, lang: str) -> Narrowed:
    """Return a list as a page shows it."""
    chosen = _chosen(listing, selection)
    within = _within(listing, found)
    left = reduce(and_, chosen.values(), within)
    facets = []
    for place, facet in enumerate(listing.facets):
        others = left
        # What a choice would leave is counted as if nothing were chosen of its own facet.
        if facet.name in chosen:
            others = reduce(and_, (b for name, b in chosen.items() if name != facet.name), within)
        keys = set(selection.chosen.get(facet.name, ()))
        sought = selection.sought.get(facet.name, "")
        facets.append(_narrower(facet, keys, sought, others, lang, place < OPEN))
    return Narrowed(
        tuple(things(listing, selection, found, lang)),
        tuple(facets),
        chips(listing, selection, lang),
    )


def _within(listing: Listing, found: Found | None) -> int:
    if found is None:
        return listing.everything
    flags = bytearray(len(listing.slugs) // 8 + 1)
    for number in found.numbers:
        place, bit = divmod(number - listing.first, 8)
        flags[place] |= 1 << bit
    return int.from_bytes(flags, "little")


def _chosen(listing: Listing, selection: Selection) -> dict[str, int]:
    """Return for each facet that something was chosen of, the things that have any of it."""
    known: Mapping[str, Mapping[str, Value]]
    known = {name: listing.by_name[name].by_key for name in selection.chosen}
    return {
        name: reduce(or_, (known[name][key].things for key in keys if key in known[name]), 0)
        for name, keys in selection.chosen.items()
    }


def _narrower(
    facet: Facet, keys: set[str], sought: str, others: int, lang: str, is_open: bool
) -> Narrower:
    chosen = keys & facet.by_key.keys()
    shown = facet.values
    if sought or len(shown) > MOST:
        # What was chosen stays in sight: else a reader could not take it back.
        matching = {value.key for value in islice(_sought(facet, sought, lang), MOST)} | chosen
        shown = tuple(facet.by_key[key] for key in sorted(matching, key=facet.places.__getitem__))
    seen = {value.key for value in (shown if sought else shown[:FIRST])} | chosen
    choices = [_choice(value, value.key in keys, others, lang) for value in shown]
    return Narrower(
        name=facet.name,
        title=facet.title.of(lang),
        help=facet.help.of(lang),
        chosen=len(chosen),
        first=tuple(choice for choice in choices if choice.key in seen),
        rest=tuple(choice for choice in choices if choice.key not in seen),
        more=len(facet.values) - len(shown),
        sought=sought,
        is_open=is_open or bool(keys or sought),
    )


def _sought(facet: Facet, sought: str, lang: str) -> Iterator[Value]:
    """Yield the values with these parts of words in their names, the most frequent first."""
    parts = words.split(sought)
    for value in facet.frequent:
        name = words.fold(value.name.of(lang)) if parts else ""
        if all(part in name for part in parts):
            yield value


def _choice(value: Value, chosen: bool, others: int, lang: str) -> Choice:
    count, real = (value.things & others).bit_count(), (value.real & others).bit_count()
    example = None if real == count else "some" if real else "all"
    return Choice(value.key, value.name.of(lang), count, chosen, value.depth, example)


def chips(listing: Listing, selection: Selection, lang: str) -> tuple[Chip, ...]:
    """Return the choices that were made, as a reader sees them."""
    found = []
    for facet in listing.facets:
        for key in selection.chosen.get(facet.name, ()):
            value = facet.by_key.get(key)
            name = value.name.of(lang) if value else key
            address = selection.without(facet.name, key).address()
            found.append(Chip(facet.title.of(lang), name, value is not None, address))
    return tuple(found)
