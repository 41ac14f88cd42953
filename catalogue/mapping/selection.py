"""Which mappings a reader wants to see: read from an address, and written as one."""

from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from fastapi import HTTPException

from catalogue.mapping.mappings import Mapped, Mappings
from catalogue.page import Page
from catalogue.searching.selection import cleaned
from s4s_graph.search.find import LETTERS
from s4s_graph.search.words import fold

STATUSES = ("candidate", "accepted", "rejected", "derived")


@dataclass(frozen=True)
class Selection:
    """What mappings are narrowed to; what is empty narrows nothing.

    vocabulary: one of the two, by its key. predicate: its last word. least: the least confidence
    in percents. q: words in the names of the two concepts.
    """

    status: str = ""
    vocabulary: str = ""
    predicate: str = ""
    least: str = ""
    q: str = ""

    def address(self, page: int = 1, mapping: str = "") -> str:
        """Return the query of an address that stands for this, empty for all mappings."""
        pairs = [(field.name, getattr(self, field.name)) for field in fields(self)]
        pairs += [("page", str(page) if page > 1 else ""), ("mapping", mapping)]
        return urlencode([(name, value) for name, value in pairs if value])

    def of(self, known: Mappings) -> list[Mapped]:
        """Return the mappings that fit, the surest first."""
        words, least = fold(self.q).split(), int(self.least or 0) / 100
        return [
            one
            for one in known.all
            if (not self.status or one.status == self.status)
            and (not self.vocabulary or self.vocabulary in one.vocabularies)
            and (not self.predicate or one.row.predicate == known.predicates[self.predicate])
            and (not least or (one.confidence is not None and one.confidence >= least))
            and all(word in one.text for word in words)
        ]


def asked(page: Page, known: Mappings) -> Selection:
    """Return what an address asks. Raises a 400 that says what can be chosen where it cannot be."""
    given = page.request.query_params
    texts = {field.name: cleaned(given.get(field.name, "")) for field in fields(Selection)}
    chosen = replace(Selection(**texts), q=texts["q"][:LETTERS].strip())
    for name, choices in (
        ("status", STATUSES),
        ("vocabulary", tuple(known.vocabularies)),
        ("predicate", tuple(known.predicates)),
    ):
        value = texts[name]
        if value and value not in choices:
            raise HTTPException(400, _unknown(page, name, value, choices))
    least = chosen.least
    if least and not (least.isascii() and least.isdigit() and len(least) < 4 and int(least) <= 100):
        said = page.words.gettext("least is a number of percents from 0 to 100, such as 80.")
        raise HTTPException(400, said)
    return chosen


def _unknown(page: Page, name: str, value: str, choices: tuple[str, ...]) -> str:
    if not choices:
        return page.words.gettext("There are no mappings to choose from by %s.") % name
    said = page.words.gettext("%(name)s cannot be “%(value)s”. It can be: %(choices)s.")
    return said % {"name": name, "value": value[:80], "choices": ", ".join(choices[:20])}
