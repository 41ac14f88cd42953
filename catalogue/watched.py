"""The site while someone works on the data: its open pages load themselves again."""

from collections.abc import Callable
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catalogue import app, i18n
from catalogue.operating import headers
from catalogue.operating.headers import Headed
from catalogue.page import Templates
from s4s_graph.settings import Settings
from s4s_graph.watching import Watched

STATUS = "/-/watch"
SCRIPT = "/-/watch.js"
SOURCE = Path(__file__).parent / "static" / "watch.js"
# A reader who asks again gets the whole page: what changes it is not in its tag.
UNASKED = {b"accept-encoding", b"if-none-match"}


def create(settings: Settings, watched: Watched) -> tuple[ASGIApp, Callable[[], None]]:
    """Return the site with pages that follow `watched`, and what opens its release anew."""
    site = app.create(settings)

    async def status(request: Request) -> Response:
        # It passes where the release is lent, so it names one only when pages are made from it.
        content = {"shown": _shown(request.scope), "stage": watched.stage}
        return JSONResponse(content, headers={"Cache-Control": "no-store"})

    site.router.routes.insert(0, Route(STATUS, status))
    # Its script does not pass the front of the site.
    following = Headed(_Following(site, site.state.templates), headers.PUBLIC)
    return following, site.state.live.reopen


class _Following:
    """Adds the script that follows what is saved to the head of each page."""

    def __init__(self, site: ASGIApp, templates: Templates) -> None:
        self._site = site
        self._templates = templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._site(scope, receive, send)
        elif scope["path"] == SCRIPT:
            script = Response(SOURCE.read_bytes(), media_type="text/javascript")
            await script(scope, receive, send)
        else:
            headers = [pair for pair in scope["headers"] if pair[0] not in UNASKED]
            scope = {**scope, "headers": headers, "state": dict(scope.get("state", {}))}
            await self._site(scope, receive, self._adding(scope, send))

    def _adding(self, scope: Scope, send: Send) -> Send:
        start: Message = {}
        parts: list[bytes] = []

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                start.update(message)
            elif not start or message["type"] != "http.response.body":
                await send(message)
            else:
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    body = b"".join(parts).replace(b"</head>", self._script(scope), 1)
                    if scope["method"] != "HEAD":
                        MutableHeaders(scope=start)["Content-Length"] = str(len(body))
                    await send(start)
                    await send({"type": "http.response.body", "body": body})

        return add

    def _script(self, scope: Scope) -> bytes:
        lang = i18n.of(scope["path"], Headers(scope=scope).get("accept-language"))
        text = self._templates.render("watch.html", lang, script=SCRIPT, shown=_shown(scope))
        return f"{text}</head>".encode()


def _is_page(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")


def _shown(scope: Scope) -> str:
    """Return what changes whenever a release is opened, also the same one again."""
    release = scope["state"].get("release")
    return f"{release.id}-{id(release):x}" if release else ""
