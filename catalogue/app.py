"""The site: its routes, what every answer carries, and its error pages."""

import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catalogue import (
    assets,
    changing,
    choosing,
    citing,
    downloading,
    i18n,
    linked_data,
    pages,
    sitemap,
    statements,
)
from catalogue.api import page as api_page
from catalogue.api import replies, routes
from catalogue.coherence import (
    drawing,
    matrix,
    notions,
    overview,
    pairing,
    routing,
    success,
    yearly,
)
from catalogue.lending import Live
from catalogue.mapping import routes as mapping
from catalogue.mirroring import overview as mirrored
from catalogue.mirroring import rameses
from catalogue.mirroring import routes as mirroring
from catalogue.operating import standing
from catalogue.operating.site import Front, Site
from catalogue.page import Page, Templates
from catalogue.picturing import routes as picturing
from catalogue.preparing import prepare
from catalogue.quality import routes as quality
from catalogue.reconciling import routes as reconciling
from catalogue.searching import advice, comparing, finding, suggesting
from catalogue.sparql import asking, console, endpoint, gallery
from catalogue.themes import chosen
from catalogue.things import factsheet
from catalogue.things.printing import Printer
from catalogue.vocabularies import concept as vocabulary_concept
from catalogue.vocabularies import overview as vocabulary_overview
from s4s_graph.engines.breaker import AWAY, AwayError
from s4s_graph.settings import Settings

STATIC = "/static"
LASTING = "public, max-age=31536000, immutable"
SAID = {
    400,
    403,
    413,
    415,
    422,
    501,
    503,
    504,
}  # the page says what was wrong, or what is not there

log = logging.getLogger(__name__)


# The first route that fits answers: what is named in full comes before what is a pattern.
ROUTED = (
    *(downloading, quality, choosing, statements, overview, routing, yearly),
    *(matrix, drawing, pairing, success, notions, picturing),
    *(reconciling, factsheet, suggesting, advice, comparing, changing, sitemap, citing),
    *(vocabulary_concept, vocabulary_overview, mapping, mirrored, mirroring, rameses, api_page),
    *(gallery, asking, console, linked_data, pages, finding),
)


def create(settings: Settings, *, restricted: bool = False) -> FastAPI:
    """Return the site over the current release of `settings.releases`, whichever that is then.

    Without `restricted` it serves no release that holds more than the public may see. With it,
    it is a part of the restricted site, which has a front of its own.
    """
    live = Live(settings, prepare, restricted=restricted)
    templates = Templates(settings)
    printer = Printer(templates.theme.css)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(live.refresh)  # the first reader does not wait for it
        yield
        printer.close()
        live.close()

    front = Front(settings, templates, partial(standing.of, live))
    app = Site(lifespan, None if restricted else front)
    app.state.templates = templates
    app.state.printer = printer
    app.state.live = live
    app.state.settings = settings
    app.add_middleware(endpoint.Endpoint)
    app.add_middleware(Delivery, live=live, templates=templates)
    app.add_exception_handler(HTTPException, _error)
    app.add_exception_handler(AwayError, _away)
    app.add_exception_handler(Exception, _failure)
    app.mount(STATIC, StaticFiles(directory=Path(__file__).parent / "static"), "static")
    app.mount("/api", routes.create(settings, templates.fingerprint), "api")
    for module in ROUTED:
        app.include_router(module.router)
    return app


async def _error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what the handler is registered for
    status = error.status_code
    said = str(error.detail) if status in SAID else ""
    page = Page(request, request.state.release, _lang(request.scope))
    response = page.html("error.html", status=status, said=said)
    response.status_code = status
    response.headers.update({"Vary": "Accept-Language", **(error.headers or {})})
    return response


async def _away(request: Request, error: Exception) -> Response:
    assert isinstance(error, AwayError)  # noqa: S101 - what the handler is registered for
    log.error("%s", error)
    return _out_of_reach(request.app.state.templates, request.scope)


def _out_of_reach(templates: Templates, scope: Scope) -> Response:
    lang = _lang(scope)
    text = templates.render("away.html", lang, said=AWAY.of(lang))
    return HTMLResponse(text, 503, {"Retry-After": str(AwayError.retry_seconds)})


async def _failure(request: Request, error: Exception) -> Response:
    # The log has the error itself; this answer does not pass the Delivery.
    # Nor need there be a release: opening it may be what failed.
    templates: Templates = request.app.state.templates
    return HTMLResponse(templates.render("failure.html", _lang(request.scope)), 500)


def _lang(scope: Scope) -> str:
    return i18n.of(scope["path"], Headers(scope=scope).get("accept-language"))


class Lent(Protocol):
    """What is lent to a request: `id` changes with what is served."""

    @property
    def id(self) -> str: ...


class Lender(Protocol):
    """Has what is served: the current release, or something that stays the same.

    `waiting` while a release could be served but for the engine that is asked about it. `problem`
    says what cannot be served.
    """

    @property
    def problem(self) -> str | None: ...

    @property
    def waiting(self) -> bool: ...

    def changed(self) -> bool: ...

    def refresh(self) -> None: ...

    def lend(self) -> AbstractContextManager[Lent | None]: ...


class Delivery:
    """Lends every request the release, and adds to every answer what all of them carry.

    An answer depends on its address, the release, the site's own files and whether its reader
    chose light or dark, and on nothing else;
    so a reader who has it already is told so before anything is asked of the store.
    """

    def __init__(self, app: ASGIApp, live: Lender, templates: Templates) -> None:
        self._app = app
        self._live = live
        self._templates = templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._live.changed():
            await run_in_threadpool(self._live.refresh)
        with self._live.lend() as release:
            if release is None:
                if _ours(scope):  # also the page that says so has a stylesheet
                    await self._answer(scope, receive, send, "")
                else:
                    await self._unavailable(scope)(scope, receive, send)
                return
            scope.setdefault("state", {})["release"] = release
            if (known := _known(scope)) and (etag := self._etag(scope, release.id)) in known:
                headers = {"ETag": etag, "Cache-Control": "no-cache"}
                await Response(status_code=304, headers=headers)(scope, receive, send)
                return
            await self._answer(scope, receive, send, release.id)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, release: str) -> None:
        # Who asks with HEAD gets the headers of GET; no route has to know.
        head = scope["method"] == "HEAD"

        async def deliver(message: Message) -> None:
            if message["type"] == "http.response.start":
                tag = partial(self._etag, scope, release)
                _complete(scope, message, tag)
            elif head:
                message = {**message, "body": b""}
            await send(message)

        asked = {**scope, "method": "GET"} if head else scope
        await self._app(asked, receive, deliver)
        scope.update({name: asked[name] for name in ("route", "root_path") if name in asked})

    def _etag(self, scope: Scope, release: str) -> str:
        choice = chosen(HTTPConnection(scope).cookies)
        made_of = (release, self._templates.fingerprint, scope["path"], scope["query_string"])
        return f'"{hashlib.sha256(repr((*made_of, choice)).encode()).hexdigest()[:32]}"'

    def _unavailable(self, scope: Scope) -> Response:
        if str(scope["path"]).startswith(f"{replies.ROOT}/"):
            state = {"waiting": self._live.waiting, "refused": bool(self._live.problem)}
            return replies.unavailable(Request(scope), **state)
        if self._live.waiting:
            return _out_of_reach(self._templates, scope)
        refused = bool(self._live.problem)
        text = self._templates.render("unavailable.html", _lang(scope), refused=refused)
        return HTMLResponse(text, 503, {"Retry-After": "10"})


def _complete(scope: Scope, message: Message, etag: Callable[[], str]) -> None:
    given = dict(message["headers"])
    answered = message["status"] == 200 and scope["method"] in {"GET", "HEAD"}
    # A route that says how long its answer may be kept also says by which tag.
    if answered and b"cache-control" not in given:
        headers = MutableHeaders(scope=message)
        headers["Cache-Control"] = LASTING if _lasting(scope) else "no-cache"
        headers["ETag"] = etag()
    if given.get(b"content-type", b"").startswith(b"text/html"):
        MutableHeaders(scope=message).add_vary_header("Cookie")  # the choice of light or dark


def _lasting(scope: Scope) -> bool:
    """Tell whether an address changes with what stands there."""
    path = str(scope["path"])
    if path.startswith(assets.ADDRESS):
        return True
    return _ours(scope) and scope["query_string"].startswith(b"v=")


def _ours(scope: Scope) -> bool:
    """Tell whether an address is of a file of the site itself, the same for each release."""
    path = str(scope["path"])
    return path.startswith(f"{STATIC}/") or path == "/theme.css"


def _known(scope: Scope) -> set[str]:
    """Return the tags of the answers that the reader says to have (If-None-Match)."""
    if scope["method"] not in {"GET", "HEAD"}:
        return set()
    known = [value for name, value in scope["headers"] if name == b"if-none-match"]
    tags = b",".join(known).decode("latin-1").split(",") if known else ()
    return {tag.strip().removeprefix("W/") for tag in tags}
