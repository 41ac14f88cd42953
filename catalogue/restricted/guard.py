"""What stands before every page of the restricted site, and what every answer of it carries."""

import logging
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catalogue import i18n
from catalogue.page import Templates
from catalogue.restricted.audit import Audit
from catalogue.restricted.door import Door, Refusal
from s4s_graph.access import AccessError, Person
from s4s_graph.forms import Text

# The site's own stylesheets and scripts: the same for everyone.
STATIC, THEME = "/static/", "/theme.css"
# A browser would keep what it may ask for again, and other sites may read what is public.
DROPPED = ("ETag", "Last-Modified", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers")

log = logging.getLogger(__name__)


class Guard:
    """Lets known people in, writes down what each of them saw, and lets nothing be kept."""

    def __init__(self, app: ASGIApp, door: Door, audit: Audit, templates: Templates) -> None:
        self._app = app
        self._door = door
        self._audit = audit
        self._templates = templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; `scope["state"]["person"]` says who asked it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _is_open(scope):
            await self._app(scope, receive, _asked_again(send))
            return
        try:
            admitted = self._door.admit(scope)
        except AccessError as error:
            log.error("Nobody is let in: %s", error)
            admitted = Refusal(503, _BROKEN)
        if isinstance(admitted, Refusal):
            await self._refuse(scope, receive, send, admitted)
            return
        scope["state"]["person"] = admitted
        answer = _Answer(
            send,
            lambda status: self._note(scope, admitted, status),
            lambda: sentence(self._templates, scope, 503, _BROKEN),
        )
        await self._app(scope, receive, answer.send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, refusal: Refusal) -> None:
        if refusal.told:
            try:
                self._note(scope, None, refusal.status)
            except OSError as error:
                log.error("The audit log cannot be written: %s", error)
        response = sentence(self._templates, scope, refusal.status, refusal.sentence)
        response.headers.update(refusal.headers)
        await response(scope, receive, send)

    def _note(self, scope: Scope, person: Person | None, status: int) -> None:
        name = person.name if person else None
        self._audit.write(name, str(scope["method"]), str(scope["path"]), status)


class _Answer:
    """Passes an answer on once it stands in the audit log; what cannot be logged is not given."""

    def __init__(
        self, send: Send, note: Callable[[int], None], instead: Callable[[], Response]
    ) -> None:
        self._send = send
        self._note = note
        self._instead = instead
        self._withheld = False

    async def send(self, message: Message) -> None:
        if self._withheld:
            return
        if message["type"] == "http.response.start":
            try:
                self._note(message["status"])
            except OSError as error:
                log.error("Nothing is given while the audit log cannot be written: %s", error)
                self._withheld = True
                await self._instead()({"type": "http"}, _nothing, self._send)
                return
            headers = MutableHeaders(scope=message)
            for name in DROPPED:
                if name in headers:
                    del headers[name]
            headers["Cache-Control"] = "no-store"
        await self._send(message)


def _asked_again(send: Send) -> Send:
    """Let a browser keep what is open, which is nothing of a release, and ask whether it stands."""

    async def deliver(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("Cache-Control", "no-cache")
        await send(message)

    return deliver


def _is_open(scope: Scope) -> bool:
    # Another method than that of the one stylesheet would be answered by a site of some person.
    is_theme = scope["path"] == THEME and scope["method"] == "GET"
    return is_theme or str(scope["path"]).startswith(STATIC)


def sentence(templates: Templates, scope: Scope, status: int, said: Text) -> Response:
    """Return a page with one sentence, which holds nothing of any release."""
    lang = i18n.of(scope["path"], Headers(scope=scope).get("accept-language"))
    text = templates.render("refused.html", lang, said=said.of(lang))
    return HTMLResponse(text, status, {"Cache-Control": "no-store", "Content-Language": lang})


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


_BROKEN = Text(
    nl="De site kan nu niet nagaan of vastleggen wie er leest, en geeft dus niets. "
    "Zeg het wie de site beheert.",
    en="The site cannot check or write down who reads it at the moment, so it gives nothing. "
    "Tell who runs it.",
)
