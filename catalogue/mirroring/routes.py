"""The pages of the mirror: one for each intervention and year, to print and to pass on."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from catalogue import citing, formats, records
from catalogue.live import SLUG
from catalogue.mirroring import mirror as mirrors
from catalogue.mirroring import told
from catalogue.mirroring.mirror import Mirror
from catalogue.mirroring.overall import overall
from catalogue.page import OnPage, Page, Templates
from catalogue.rows import Record
from catalogue.things import printing
from catalogue.things.printing import Printer

TABLE = "interventions"

router = APIRouter(prefix="/{lang}/mirror/{slug}")


@router.get("")
def latest(page: OnPage, slug: str) -> Response:
    """The way to the last year that something is known of. Raises a 404 where there is none."""
    iri = page.release.iri("intervention", slug)
    years = overall(page.release).of.get(iri, ())
    if not years:
        raise HTTPException(404)
    return RedirectResponse(f"/{page.lang}/mirror/{slug}/{max(years)}", 303)


@router.get("/{year}.json")
def data(page: OnPage, slug: str, year: str) -> Response:
    """The same as data."""
    found = _mirror(page, slug, year)
    content = formats.write_json(told.document(page, found))
    return Response(content, media_type=formats.content_type(formats.JSON))


@router.get("/{year}.pdf")
async def pdf(page: OnPage, slug: str, year: str) -> Response:
    """The same as a tagged PDF."""
    record, number = await run_in_threadpool(_asked, page, slug, year)
    key = (page.release.id, page.lang, "mirror", slug, number)
    return await printing.answer(
        page, key, lambda: html(page, [mirrors.mirror(page, record, number)]), f"{slug}-{year}"
    )


@router.get("/{year}")
def shown(page: OnPage, slug: str, year: str) -> Response:
    """What is held up to the holder, to read on a screen or to print from there."""
    address = f"/{page.lang}/mirror/{slug}/{year}"
    context = _context(page, [_mirror(page, slug, year)])
    return page.html("mirror.html", data=(address, "json"), **context)


def html(page: Page, found: Sequence[Mirror], style: str = "") -> str:
    """Return some mirrors as one document; with a stylesheet in it, it stands on its own."""
    templates: Templates = page.request.app.state.templates
    return templates.render("mirror.html", page.lang, page=page, **_context(page, found, style))


def _context(page: Page, found: Sequence[Mirror], style: str = "") -> dict[str, Any]:
    printer: Printer = page.request.app.state.printer
    first = found[0]
    return {
        "mirrors": found,
        "cite": citing.citation(page, first.record.iri, first.name.text),
        "printer": printer,
        "style": style,
    }


def _mirror(page: Page, slug: str, year: str) -> Mirror:
    return mirrors.mirror(page, *_asked(page, slug, year))


def _asked(page: Page, slug: str, year: str) -> tuple[Record, int]:
    """Return an intervention and a year. Raises a 404 where either is not there."""
    number = next((y for y in overall(page.release).years if str(y) == year), None)
    form = page.form(TABLE)
    record = records.read(page.release, form, slug) if SLUG.fullmatch(slug) else None
    if number is None or record is None:
        raise HTTPException(404)
    return record, number
