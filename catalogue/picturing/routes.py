"""The pages of the pictures, each of a list as it was narrowed, and the same as files."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

from catalogue import formats
from catalogue.coherence import sheets
from catalogue.page import OnPage, Page
from catalogue.picturing import evidence, flow, matrix, matrix_picture, network, timeline
from catalogue.picturing.asked import NAMES, OWN, Asked, Picture, asked
from catalogue.searching import narrowing, selection
from catalogue.views import Showing

MAKERS: Mapping[str, Callable[..., Picture]] = {
    "matrix": matrix_picture.matrix,
    "network": network.network,
    "flow": flow.flow,
    "timeline": timeline.timeline,
    "evidence": evidence.evidence,
}
OPTIONS = 300  # interventions that a reader can still choose from in a list
HOUR = "max-age=3600"  # what shows today may not be kept for longer

router = APIRouter(prefix="/{lang}/pictures")


@router.get("")
def entry(page: OnPage) -> Response:
    """The five pictures, and how to make one of a narrower list."""
    first = asked(page, NAMES[0])
    if page.request.url.query:
        query = first.selection.address()
        if page.request.url.query != query:
            return RedirectResponse(page.request.url.path + (f"?{query}" if query else ""), 303)
    return page.html("pictures.html", asked=first, names=NAMES, chips=_chips(first))


@router.get("/{name}.{suffix}")
def document(page: OnPage, name: str, suffix: str) -> Response:
    """A picture as a file of its own, with its colours in it, or its numbers as CSV or JSON."""
    wanted = asked(page, name)
    made = MAKERS[name](wanted, literal=suffix == "svg")
    if suffix == "svg" and made.svg:
        return _lasting(name, Response(made.svg, media_type="image/svg+xml"))
    if suffix not in {"csv", "json"}:
        raise HTTPException(404)
    about = {"picture": name, "caption": made.caption, "of": wanted.query()}
    content = sheets.write(page, suffix, made.sheet, about)
    return Response(content, media_type=formats.content_type(formats.SUFFIXES[suffix]))


@router.get("/{name}")
def picture(page: OnPage, name: str) -> Response:
    """A picture, how to read it, and the same numbers as a table."""
    wanted = asked(page, name)
    given = page.request.query_params
    unknown = [text for text in selection.strange(given, wanted.listing) if text not in OWN]
    cut, address = selection.is_cut(given), wanted.query()
    if page.request.url.query != address and not unknown and not cut:
        return RedirectResponse(wanted.to(), 303)
    made = MAKERS[name](wanted)
    rows = list(made.sheet.part(0, sheets.MOST))
    table = matrix.table(wanted) if name == "matrix" else None
    named = {line.iri for line in table.lines} if table else set[str]()
    named |= set(wanted.iris) if wanted.one else set()
    showing = Showing(page, named.union(*(row.things for row in rows)))
    response = page.html(
        "picture.html",
        data=(page.request.url.path, "csv", "json"),
        data_query=address,
        asked=wanted,
        names=NAMES,
        made=made,
        table=table,
        meanings=matrix_picture.meanings(wanted),
        symbols=matrix.SYMBOLS,
        shades=matrix.SHADES,
        rows=rows,
        invented=_invented(page, rows),
        showing=showing,
        chips=_chips(wanted),
        options=_options(wanted),
        unknown=unknown,
        cut=cut,
    )
    return _lasting(name, response)


def _lasting(name: str, response: Response) -> Response:
    if name == "timeline":
        response.headers["Cache-Control"] = HOUR
    return response


def _invented(page: Page, rows: list[sheets.Row]) -> str | None:
    said = [row.invented(page.release.illustrative) for row in rows]
    return None if not any(said) else "all" if all(said) else "some"


def _chips(wanted: Asked) -> tuple[narrowing.Chip, ...]:
    return narrowing.chips(wanted.listing, wanted.selection, wanted.page.lang)


def _options(wanted: Asked) -> list[tuple[str, str]]:
    """Return the interventions to choose one from, by name; nothing if there are too many."""
    if wanted.name == "matrix" or len(wanted.listing.slugs) > OPTIONS:
        return []
    form = wanted.page.form("interventions")
    entries = wanted.page.release.index(form, wanted.page.lang)
    return [(entry.iri.rpartition("/")[2], entry.label.text) for entry in entries]
