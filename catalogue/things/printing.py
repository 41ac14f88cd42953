"""Pages on paper: a PDF of a page by WeasyPrint, where that is installed.

The PDF is tagged (PDF/UA-1), so that screen readers can read it, and made of the files of this
site only: nothing is fetched.
"""

import asyncio
import importlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from fastapi import HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from catalogue.page import Page

STATIC = Path(__file__).parents[1] / "static"
TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
KEPT = 100  # documents in memory; one of two pages is some 60 kB
WAITING = 10  # readers who may wait for one, which takes a second


class BusyError(Exception):
    """Too many readers wait for a document already."""


class Printer:
    """Makes PDFs one at a time, in a thread of its own, and keeps those that were made last.

    Two at a time would be no faster, since Python runs one of them at a time, and every page
    would be slower meanwhile.
    """

    def __init__(self, theme_css: str) -> None:
        """`theme_css` is what stands at /theme.css."""
        self._theme_css = theme_css
        self._thread = ThreadPoolExecutor(1, "printing")
        self._made: OrderedDict[Hashable, bytes] = OrderedDict()
        self._waiting = 0

    @cached_property
    def _engine(self) -> Any:
        # Half a second, for which the first page of a site should not wait.
        return _engine()

    @property
    def works(self) -> bool:
        """Whether WeasyPrint and the libraries it needs are there; to find out takes a moment."""
        return self._engine is not None

    async def pdf(self, key: Hashable, site: str, html: Callable[[], str]) -> bytes:
        """Return the document of a key, made of the page that `html` returns if it is not kept.

        site: the address of this site, to which links in the document lead.
        Raises BusyError when too many wait.
        """
        if key in self._made:
            self._made.move_to_end(key)
            return self._made[key]
        if self._waiting >= WAITING:
            raise BusyError
        self._waiting += 1
        try:
            # Who waited for the same document finds it kept.
            make = asyncio.get_running_loop().run_in_executor
            made = await make(self._thread, lambda: self._made.get(key) or self._make(site, html))
        finally:
            self._waiting -= 1
        self._made[key] = made
        if len(self._made) > KEPT:
            self._made.popitem(last=False)
        return made

    def close(self) -> None:
        """Let the thread go, for when the site stops."""
        self._thread.shutdown(cancel_futures=True)

    def _make(self, site: str, html: Callable[[], str]) -> bytes:
        fetcher = _fetcher(self._engine, self._file)
        page = self._engine.HTML(string=html(), base_url=site, url_fetcher=fetcher)
        return cast(bytes, page.write_pdf(pdf_variant="pdf/ua-1"))

    def _file(self, path: str) -> tuple[bytes, str]:
        """Return a file of this site and its type. Raises ValueError for anything else."""
        if path == "/theme.css":
            return self._theme_css.encode(), TYPES[".css"]
        file = (STATIC / path.removeprefix("/static/")).resolve()
        if not file.is_relative_to(STATIC) or file.suffix not in TYPES or not file.is_file():
            raise ValueError(f"{path} is not a file of this site")
        return file.read_bytes(), TYPES[file.suffix]


async def answer(page: Page, key: Hashable, html: Callable[[], str], name: str) -> Response:
    """Return the document of a key as the answer to a request, in a file of this name.

    Raises a 501 where no PDF can be made, and a 503 when too many wait.
    """
    printer: Printer = page.request.app.state.printer
    if not await run_in_threadpool(lambda: printer.works):
        raise HTTPException(501, without(page))
    site = str(page.request.base_url)
    try:
        made = await printer.pdf((key, site), site, html)
    except BusyError as error:
        said = page.words.gettext(
            "Many documents are being made at the moment. Try again in a few seconds."
        )
        raise HTTPException(503, said, {"Retry-After": "10"}) from error
    shown = f'inline; filename="{name}.{page.lang}.pdf"'
    return Response(made, media_type="application/pdf", headers={"Content-Disposition": shown})


def without(page: Page) -> str:
    """Return what a reader is told where no PDF can be made."""
    return page.words.gettext(
        "This site cannot make a PDF: WeasyPrint is not installed here. "
        "The page itself can be printed from your browser."
    )


def _engine() -> Any:
    """Return WeasyPrint; None where it is not installed, or the library Pango is not."""
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError):
        return None


def _fetcher(engine: Any, file: Callable[[str], tuple[bytes, str]]) -> Any:
    """Return what gives WeasyPrint the files of this site, and nothing from elsewhere."""

    class Fetcher(engine.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> Any:
            content, kind = file(unquote(urlsplit(url).path))
            return engine.urls.URLFetcherResponse(url, content, {"Content-Type": kind})

    return Fetcher()
