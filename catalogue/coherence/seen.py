"""What a page about one notion looks at: a view, what links in it, and the one subject, if any."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, starmap
from typing import Any, TypeVar

from fastapi import HTTPException
from fastapi.responses import Response

from catalogue import formats
from catalogue.coherence.sheets import MOST, Row, Sheet, write
from catalogue.coherence.where import Where, place
from catalogue.live import SLUG
from catalogue.page import Page
from catalogue.pages import paged
from catalogue.views import Showing
from s4s_graph.coherence.conflicts import Conflicts, conflicts
from s4s_graph.coherence.links import Links
from s4s_graph.coherence.overlaps import Overlaps, overlaps
from s4s_graph.coherence.pairs import Pairs
from s4s_graph.coherence.summary import LEVELS
from s4s_graph.coherence.view import View

OPTIONS = 300  # subjects that a reader can still choose from in a list

Found = TypeVar("Found")


@dataclass(frozen=True)
class Seen:
    """One level in one year, and the intervention or kind that a reader asked about."""

    page: Page
    where: Where
    subject: str | None = None

    @property
    def view(self) -> View:
        """The world in that year, on that level."""
        return self.page.release.computed.view(self.where.year, self.where.level)

    @property
    def links(self) -> Links:
        """What links in it."""
        return self.page.release.computed.links(self.where.year, self.where.level)

    @property
    def conflicts(self) -> Conflicts:
        """What works against what."""
        return self.kept("conflicts", lambda: conflicts(self.view))

    @property
    def overlaps(self) -> Overlaps:
        """What may do the same work."""
        return self.kept("overlaps", lambda: overlaps(self.view, self.links))

    @property
    def about(self) -> frozenset[str]:
        """The one subject that a reader asked about, if any."""
        return frozenset({self.subject} if self.subject else ())

    def kept(self, notion: str, make: Callable[[], Found]) -> Found:
        """Return what was computed of a notion for this view, computing it the first time."""
        key = (notion, self.where.year, self.where.level)
        return self.page.release.computed.keep(key, make)


def thing(page: Page, text: str) -> str:
    """Return the IRI that an address gives as segment/slug. Raises a 404 for any other text."""
    segment, _, slug = text.partition("/")
    if not page.release.forms.by_segment(segment) or not SLUG.fullmatch(slug):
        raise HTTPException(404)
    return page.release.iri(segment, slug)


def placed(page: Page, where: Where, text: str) -> tuple[Where, str]:
    """Return the IRI that an address gives as segment/slug, and the level that it is on.

    Raises a 404 when neither level has it.
    """
    iri, computed = thing(page, text), page.release.computed
    for level in (where.level, *LEVELS):
        report = computed.summary.report(where.year, level)
        if report and iri in computed.view(where.year, level).place:
            return replace(where, report=report), iri
    raise HTTPException(404)


def asked(page: Page, where: Where) -> tuple[Seen, dict[str, str]]:
    """Return what a reader looks at, and what the address says beside level and year.

    An `intervention`, or a kind, decides the level. Raises a 404 when there is no such subject.
    """
    text = page.request.query_params.get("intervention", "")
    if not text:
        return Seen(page, where), {}
    moved, iri = placed(page, where, text)
    return Seen(page, moved, iri), {"intervention": text}


def chosen(looked: Seen, more: Mapping[str, str], showing: Showing) -> dict[str, Any]:
    """Return what a template needs to say what is looked at, and to let a reader choose."""
    return {
        "where": looked.where,
        "asked": showing.thing(looked.subject) if looked.subject else None,
        "options": options(looked),
        "more": more,
        "query": query(looked.where, more),
    }


def options(looked: Seen) -> list[tuple[str, str]]:
    """Return the subjects that something is known of, by name; nothing if there are too many."""
    page, described = looked.page, looked.view.described
    segment = "intervention" if looked.where.level == "interventions" else "intervention-kind"
    form = page.release.forms.by_segment(segment)
    if not form or len(described) > OPTIONS:
        return []
    entries = page.release.index(form, page.lang)
    return [(place(entry.iri), entry.label.text) for entry in entries if entry.iri in described]


def written(looked: Seen, suffix: str, sheet: Sheet, about: Mapping[str, object]) -> Response:
    """Return a sheet, or one page of a long one, as a CSV or JSON file.

    Raises a 404 for any other suffix, and for a page that there is not.
    """
    if suffix not in {"csv", "json"}:
        raise HTTPException(404)
    at = {"level": looked.where.level, "year": looked.where.year}
    pages = paged(looked.page, sheet.total, MOST)
    if pages.last > 1:
        at |= {"page": pages.page, "pages": pages.last}
    content = write(looked.page, suffix, sheet, {**about, **at}, (pages.page - 1) * MOST)
    return Response(content, media_type=formats.content_type(formats.SUFFIXES[suffix]))


def query(where: Where, more: Mapping[str, str]) -> str:
    """Return the part of an address that says what is looked at, for the files beside a page."""
    _, mark, text = where.to("", **more).partition("?")
    return mark + text


@dataclass(frozen=True)
class Run:
    """Pairs after one another, all or those of one subject: any part without a list of all."""

    parts: tuple[Pairs, ...]
    subject: str | None

    def __len__(self) -> int:
        if self.subject is None:
            return sum(map(len, self.parts))
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for pairs in self.parts:
            if self.subject is None:
                yield from pairs
            else:
                yield from ((self.subject, other) for other in pairs.after(self.subject))
                yield from ((other, self.subject) for other in pairs.before(self.subject))

    def part(self, start: int, end: int) -> Iterator[tuple[str, str]]:
        """Yield the pairs from one number to another."""
        if self.subject:
            yield from islice(self, start, end)
            return
        for pairs in self.parts:
            yield from pairs.part(start, end)
            start, end = start - len(pairs), end - len(pairs)


def paired(
    seen: Seen, columns: dict[str, str], row: Callable[[str, str], Row], *parts: Pairs
) -> Sheet:
    """Return a sheet with a row for each pair, those of the first part first."""
    run = Run(parts, seen.subject)
    return Sheet(columns, len(run), lambda start, end: starmap(row, run.part(start, end)))
