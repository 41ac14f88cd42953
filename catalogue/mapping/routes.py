"""Mappings for everyone to look at: a list, one pair with its concepts beside each other, files."""

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

from catalogue import formats
from catalogue.mapping import files, pairs, selection
from catalogue.mapping.mappings import Mapped, Mappings, mappings
from catalogue.mapping.selection import Selection
from catalogue.page import OnPage, Page
from catalogue.pages import paged, part
from s4s_graph.mappings import wording

PATH = "/{lang}/skills/mappings"
PER_PAGE = 25

router = APIRouter()


@dataclass(frozen=True)
class Around:
    """Where a pair stands in a selection, counted from 1, and the pairs before and after it."""

    place: int
    total: int
    before: Mapped | None
    after: Mapped | None


@router.get(PATH)
def listing(page: OnPage, mapping: str = "") -> Response:
    """The mappings and candidates, or one of them."""
    known = mappings(page.release, page.lang)
    chosen = selection.asked(page, known)
    found = chosen.of(known)
    if mapping:
        return _pair(page, known, chosen, found, mapping)
    pages = paged(page, len(found), PER_PAGE)
    address = chosen.address(pages.page)
    if page.request.url.query != address:
        path = page.request.url.path
        return RedirectResponse(f"{path}?{address}" if address else path, 303)
    shown = part(found, pages)
    page.used.update(key for one in shown for key in one.vocabularies)
    return page.html(
        "mappings.html",
        data=(page.request.url.path, "csv", "json"),
        data_query=chosen.address(),
        selection=chosen,
        known=known,
        found=shown,
        pages=pages,
        saying=lambda predicate: wording.predicate(predicate).of(page.lang),
    )


@router.get(f"{PATH}.{{suffix}}")
def document(page: OnPage, suffix: str) -> Response:
    """A selection of mappings as SSSOM, as a table, as JSON."""
    if suffix not in files.FILES:
        raise HTTPException(404)
    media_type, write = files.FILES[suffix]
    known = mappings(page.release, page.lang)
    found = selection.asked(page, known).of(known)
    headers = {"Content-Type": formats.content_type(media_type)}
    return Response(write(page, found), headers=headers)


def _pair(
    page: Page, known: Mappings, chosen: Selection, found: list[Mapped], key: str
) -> Response:
    one = known.by_key.get(key)
    if not one:
        raise HTTPException(404)
    return page.html(
        "mapping.html",
        selection=chosen,
        known=known,
        one=one,
        pair=pairs.pair(page, known, one),
        around=_around(found, one),
    )


def _around(found: list[Mapped], one: Mapped) -> Around | None:
    """Return where a pair stands, or None if it is not in the selection."""
    try:
        place = found.index(one)
    except ValueError:
        return None
    before = found[place - 1] if place else None
    after = found[place + 1] if place + 1 < len(found) else None
    return Around(place + 1, len(found), before, after)
