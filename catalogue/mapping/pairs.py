"""Two concepts beside each other as pages show them, and what is told of their mapping."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from catalogue import i18n
from catalogue.live import query
from catalogue.mapping.mappings import End, Mapped, Mappings
from catalogue.page import Page
from catalogue.rows import Shown
from s4s_graph.mappings import sides, wording
from s4s_graph.mappings.sides import Neighbours, Side
from s4s_graph.store import Iri, Label, Term

Href = Callable[[str], tuple[str | None, bool]]  # of a thing: its link, and whether it leads away


@dataclass(frozen=True)
class Beside:
    """Things that stand beside a concept: the first by name, and how many more there are."""

    first: tuple[Shown, ...]
    more: int


@dataclass(frozen=True)
class Shelf:
    """A concept on a page; `address` is its IRI as a link if it can be one."""

    vocabulary: str
    address: Shown
    known: bool
    names: tuple[Label, ...]
    alternatives: tuple[Label, ...]
    definitions: tuple[Label, ...]
    broader: Beside
    narrower: Beside
    used: Beside


@dataclass(frozen=True)
class Detail:
    """A row of the query: one more thing that is told of a mapping."""

    what: str
    value: Term


@dataclass(frozen=True)
class Pair:
    """All that the page about one mapping shows."""

    subject: Shelf
    object: Shelf
    justification: str
    authors: tuple[Shown, ...]
    day: str
    comments: tuple[Shown, ...]
    derived_from: tuple[str, ...]  # the keys of mappings
    part_of: Shown | None


def pair(page: Page, known: Mappings, one: Mapped) -> Pair:
    """Return what is told of a mapping and of its two concepts."""
    store, lang = page.release.store, page.lang
    told = defaultdict(list)
    for row in store.select(query("mapping"), Detail, mapping=Iri(one.row.mapping)):
        told[row.what].append(row.value)
    origins = {term.value.rpartition("/")[2] for term in told["from"]}
    part_of = one.row.part_of
    return Pair(
        subject=_end(page, known, one.subject),
        object=_end(page, known, one.object),
        justification=wording.justification(one.row.justification or "").of(lang),
        authors=tuple(_thing(term, lang) for term in told["author"]),
        day=_day(told["date"], lang),
        comments=tuple(_thing(term, lang) for term in told["comment"]),
        derived_from=tuple(sorted(origins & known.by_key.keys())),
        part_of=_set(part_of, store.labels([part_of], lang), lang) if part_of else None,
    )


def _end(page: Page, known: Mappings, end: End) -> Shelf:
    found = sides.side(page.release.store, end.iri, page.lang)
    return shelf(found, known.vocabularies[end.vocabulary], page.lang, _to(page))


def shelf(side: Side, vocabulary: str, lang: str, href: Href) -> Shelf:
    """Return a concept as a page shows it; names carry their language in any case."""

    def beside(neighbours: Neighbours) -> Beside:
        shown = (_shown(one.label, lang, *href(one.iri)) for one in neighbours.first)
        return Beside(tuple(shown), neighbours.more)

    link, away = href(side.iri)
    return Shelf(
        vocabulary=vocabulary,
        address=Shown(side.iri, href=link, external=away),
        known=side.known,
        names=side.names,
        alternatives=side.alternatives,
        definitions=side.definitions,
        broader=beside(side.broader),
        narrower=beside(side.narrower),
        used=beside(side.used),
    )


def outside(iri: str) -> tuple[str | None, bool]:
    """Return the link to a thing of someone else: no address with another scheme may be one."""
    return (iri, True) if iri.startswith(("http://", "https://")) else (None, False)


def _to(page: Page) -> Href:
    def href(iri: str) -> tuple[str | None, bool]:
        path = page.href(iri)
        return (path, False) if path or iri.startswith(page.release.base) else outside(iri)

    return href


def _shown(label: Label, lang: str, href: str | None = None, external: bool = False) -> Shown:
    return Shown(label.text, None if label.lang == lang else label.lang, href, external)


def _thing(term: Term, lang: str) -> Shown:
    if isinstance(term, Iri):
        return Shown(term.value, None, *outside(term.value))
    return Shown(term.value, None if term.lang == lang else term.lang)


def _set(iri: str, named: dict[str, Label], lang: str) -> Shown:
    return _shown(named.get(iri) or Label(iri.rpartition("/")[2], None), lang)


def _day(terms: Iterable[Term], lang: str) -> str:
    for term in terms:
        try:
            return i18n.day(date.fromisoformat(term.value[:10]), lang)
        except ValueError:
            return term.value
    return ""
