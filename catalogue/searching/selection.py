"""What a reader narrows a list to: read from an address, and written as the one address of it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from catalogue.page import Page
from s4s_graph.search.find import LETTERS
from s4s_graph.search.read import Listing

LONGEST = 4000  # letters of an address: each link of a page repeats what was chosen
RESERVED = ("q", "literal", "sort", "page")
SEEK = "find-"  # before the name of a facet: words in the names of its values
SORTS = ("relevance", "evidence", "name", "date")


@dataclass(frozen=True)
class Selection:
    """The words that a list is searched for, what was chosen of each facet, and the order.

    chosen: the keys of values, by the name of their facet; both sorted, so that the same choice
        is the same selection. Keys may be of no value that there is.
    sought: words in the names of values that a reader looks for, by the name of the facet. They
        change what there is to choose from, not what is chosen.
    """

    words: str = ""
    literal: bool = False
    sort: str = "name"
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sought: Mapping[str, str] = field(default_factory=dict)

    @property
    def usual(self) -> str:
        """The order of who asks for none."""
        return "relevance" if self.words else "name"

    def address(self, page: int = 1, *, seeking: bool = False) -> str:
        """Return the one query of an address that stands for this, empty for all of a list.

        `seeking`: with what is sought among the values.
        """
        pairs = [(name, key) for name, keys in self.chosen.items() for key in keys]
        pairs += [("q", self.words)] if self.words else []
        pairs += [("literal", "1")] if self.literal else []
        pairs += [("sort", self.sort)] if self.sort != self.usual else []
        pairs += [("page", str(page))] if page > 1 else []
        pairs += [(SEEK + name, text) for name, text in self.sought.items() if seeking]
        return urlencode(sorted(pairs))

    def without(self, facet: str, key: str) -> "Selection":
        """Return the selection without one of its choices."""
        keys = tuple(other for other in self.chosen[facet] if other != key)
        rest = {name: found for name, found in self.chosen.items() if name != facet}
        return replace(self, chosen=rest | ({facet: keys} if keys else {}))

    def sorted_by(self, sort: str) -> "Selection":
        """Return the same in another order."""
        return replace(self, sort=sort)

    def literally(self) -> "Selection":
        """Return a search for the words as they are written."""
        return replace(self, literal=True)

    def widely(self) -> "Selection":
        """Return a search for the words in every way."""
        return replace(self, literal=False)

    def cleared(self) -> "Selection":
        """Return the same search without what was chosen."""
        return replace(self, chosen={})


def asked(page: Page, listing: Listing) -> Selection:
    """Return what the address of a page asks of a list. Raises a 400 where that is too much."""
    selection = read(page.request.query_params, listing)
    if len(selection.address()) > LONGEST:
        raise HTTPException(400, page.words.gettext("Choose fewer values at the same time."))
    return selection


def read(given: QueryParams, listing: Listing) -> Selection:
    """Return what an address asks of a list. What is not a facet of it is passed over."""
    words = _words(given, "q")
    chosen = {}
    for name in sorted(set(given) & listing.by_name.keys()):
        keys = {key for text in given.getlist(name) if (key := cleaned(text))}
        if keys:
            chosen[name] = tuple(sorted(keys))
    sought = {name: text for name in listing.by_name if (text := _words(given, SEEK + name))}
    literal = bool(words) and given.get("literal") == "1"
    selection = Selection(words, literal, "", chosen, sought)
    asked = given.get("sort", "")
    return replace(selection, sort=asked if asked in sorts(selection, listing) else selection.usual)


def sorts(selection: Selection, listing: Listing) -> list[str]:
    """Return the orders that a list can be in."""
    known = {name.partition("_")[0] for name in listing.orders} | {"name"}
    return [s for s in SORTS if s in known or (s == "relevance" and selection.words)]


def strange(given: QueryParams, listing: Listing) -> list[str]:
    """Return the parameters of an address that are nothing to a list."""
    known = {*RESERVED, *listing.by_name, *(SEEK + name for name in listing.by_name)}
    return sorted(set(map(cleaned, given)) - known)


def is_cut(given: QueryParams) -> bool:
    """Tell whether more words were given than are searched for."""
    return len(cleaned(given.get("q", ""))) > LETTERS


def _words(given: QueryParams, name: str) -> str:
    return cleaned(given.get(name, ""))[:LETTERS].strip()


def cleaned(text: str) -> str:
    """Return a text on one line, without characters that control how it is shown."""
    seen = (" " if letter.isspace() else letter for letter in text)
    kept = (letter for letter in seen if unicodedata.category(letter)[0] != "C")
    return " ".join("".join(kept).split())
