"""How often each client may ask, so that nobody takes the site from the others."""

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from catalogue import i18n
from catalogue.api import replies
from catalogue.operating.caller import Caller, is_address, is_loopback, subscriber
from catalogue.page import Templates
from catalogue.sparql import endpoint
from s4s_graph.forms import Text
from s4s_graph.settings import Settings

REMEMBERED = 10_000  # clients; beyond these, who asked longest ago begins anew
FREE = ("/static/", "/-/")  # of which a page needs several, and which cost nothing
SHEET = "/theme.css"
# Addresses that programs ask, quicker than people read.
PROGRAMS = ("/sparql", "/api/", "/nl/reconcile", "/en/reconcile", "/reconcile")
SAID = Text(
    nl="Vanaf uw adres wordt vaker gevraagd dan hier mag. Probeer het over {seconds} s opnieuw.",
    en="Your address asks more often than it may here. Try again in {seconds} s.",
)


class Buckets:
    """A bucket of tokens for each client (token bucket): a request takes one, time fills it.

    A full one has half of what a minute gives, so that a page with all it needs, or several
    opened at once, is never held up.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._most = max(1.0, per_minute / 2)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take a token; return 0, or the seconds until there is one."""
        now = self._clock()
        tokens, since = self._buckets.get(client, (self._most, now))
        tokens = min(self._most, tokens + (now - since) * self._rate)
        wait = 0.0 if tokens >= 1 else (1 - tokens) / self._rate
        self._buckets[client] = (tokens if wait else tokens - 1, now)
        self._buckets.move_to_end(client)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return wait


class Limited:
    """Answers who asks too often with 429, each kind of address in its own words."""

    def __init__(self, app: ASGIApp, settings: Settings, templates: Templates) -> None:
        self._app = app
        self._templates = templates
        self._pages = Buckets(settings.rate_pages) if settings.rate_pages else None
        self._programs = Buckets(settings.rate_programs) if settings.rate_programs else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; `scope["state"]["caller"]` says who asks."""
        if scope["type"] == "http" and (wait := self._wait(scope)):
            await self._refusal(scope, int(wait) + 1)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _wait(self, scope: Scope) -> float:
        path = scope["path"]
        buckets = self._programs if path.startswith(PROGRAMS) else self._pages
        if buckets is None or path.startswith(FREE) or path == SHEET:
            return 0.0
        caller: Caller = scope["state"]["caller"]
        client = _counted(caller.address, caller.proxied)
        return buckets.take(client) if client else 0.0

    def _refusal(self, scope: Scope, seconds: int) -> Response:
        request, path = Request(scope), str(scope["path"])
        again = {"Retry-After": str(seconds)}
        if path.startswith(PROGRAMS):
            lang = replies.language(request)
            said = SAID.of(lang).format(seconds=seconds)
            if path.startswith("/api/"):
                return replies.written(path, 429, said, lang, headers=again)
            sent = {**endpoint.COMMON, **again, "Content-Type": "text/plain; charset=utf-8"}
            return Response(f"{said}\n".encode(), 429, {**sent, **_unkept(lang)})
        lang = i18n.of(path, request.headers.get("accept-language"))
        said = SAID.of(lang).format(seconds=seconds)
        text = self._templates.render("too_often.html", lang, said=said)
        return HTMLResponse(text, 429, {**again, **_unkept(lang)})


@lru_cache(maxsize=4096)
def _counted(address: str, proxied: bool) -> str:
    """Return by which name a client is counted; none for this computer, which is its owner's."""
    if is_loopback(address) or not (proxied or is_address(address)):
        return ""
    return subscriber(address)


def _unkept(lang: str) -> dict[str, str]:
    return {"Cache-Control": "no-store", "Content-Language": lang, "Vary": "Accept-Language"}
