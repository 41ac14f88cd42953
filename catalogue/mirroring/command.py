"""The mirrors of one holder as a document, for the command line."""

import asyncio
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from fastapi import FastAPI, Request
from markupsafe import Markup

from catalogue import formats, records
from catalogue.live import Release
from catalogue.mirroring import mirror as mirrors
from catalogue.mirroring import routes, spoken, told
from catalogue.mirroring.mirror import Mirror
from catalogue.mirroring.overall import overall
from catalogue.page import Page, Templates
from catalogue.rows import Record
from catalogue.things import printing
from catalogue.things.printing import Printer
from catalogue.things.understanding import values
from s4s_graph import steering
from s4s_graph.settings import Settings


class NoMirrorError(ValueError):
    """There is nothing to hold up; the text says why, in the language that was asked for."""


def written(
    settings: Settings, folder: Path, wanted: tuple[str, str], year: int, form: str, lang: str
) -> bytes:
    """Return the mirrors of a year as "text", "html", "pdf" or "json".

    folder: the release. wanted: "holder" and the id of an organisation, or "intervention" and the
    id of one. Raises NoMirrorError.
    """
    with closing(Release(folder, settings)) as release:
        page = _page(settings, release, lang)
        found = [mirrors.mirror(page, record, year) for record in _records(page, wanted, year)]
        return _written(page, found, form)


def _page(settings: Settings, release: Release, lang: str) -> Page:
    """Return a page without a reader: what is made of it stands in a file."""
    site = FastAPI()
    site.state.settings = settings
    site.state.templates = Templates(settings)
    site.state.printer = Printer(site.state.templates.theme.css)
    at = (settings.host, settings.port)
    scope = {"type": "http", "method": "GET", "scheme": "http", "server": at, "path": f"/{lang}/"}
    request = Request({**scope, "query_string": b"", "headers": [], "app": site})
    return Page(request, release, lang)


def _records(page: Page, wanted: tuple[str, str], year: int) -> Sequence[Record]:
    form, (what, slug) = page.form(routes.TABLE), wanted
    every = overall(page.release)
    of_year = every.of_year.get(year, ())
    if not of_year:
        known = ", ".join(map(str, every.years))
        raise NoMirrorError(_no_year(page) % {"year": year, "years": known or "–"})
    slugs = [iri.rpartition("/")[2] for iri in of_year]
    if what == "intervention":
        slugs = [slug] if slug in slugs else []
    read = (records.read(page.release, form, one) for one in slugs)
    holder = page.release.iri("organisation", slug)
    found = [r for r in read if r and (what == "intervention" or holder in values(r, "holder"))]
    if not found:
        raise NoMirrorError(_nothing(page) % {"id": slug, "year": year})
    return found


def _no_year(page: Page) -> str:
    return page.words.gettext(
        "Nothing was found or put before a holder in %(year)s; choose one of %(years)s."
    )


def _nothing(page: Page) -> str:
    return page.words.gettext(
        "There is no intervention of “%(id)s” with findings or a mirror session in %(year)s. "
        "Where the holder of an intervention is not known, name the intervention itself: "
        "--intervention ID."
    )


def _written(page: Page, found: Sequence[Mirror], form: str) -> bytes:
    if form == "json":
        return formats.write_json([told.document(page, one) for one in found])
    if form == "text":
        # A name that stands on two lines must not look like a line of the report itself.
        told_of = ("\n".join(map(steering.line, spoken.lines(page, one))) for one in found)
        return "\n\n\n".join(told_of).encode() + b"\n"
    if form == "html":
        style = (printing.STATIC / "factsheet.css").read_text(encoding="utf-8")
        return routes.html(page, found, Markup(style)).encode()  # noqa: S704 - a file of ours
    html = routes.html(page, found)
    printer: Printer = page.request.app.state.printer
    with closing(printer):
        if not printer.works:
            raise NoMirrorError(printing.without(page))
        return asyncio.run(printer.pdf((), str(page.request.base_url), lambda: html))
