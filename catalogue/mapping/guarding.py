"""What stands between the pages of a review, which can write, and everyone but the reviewer.

Another page in the same browser can send requests to this computer, and a name of its own can be
made to point here. So a request has to know the token, by the name of this computer, and what
writes has to come from a page of the review itself.
"""

import secrets
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catalogue.operating import headers

NAMES = ("127.0.0.1", "localhost")
OPEN = ("/static/", "/theme.css")  # the site's own stylesheets and scripts: the same for everyone
# The address holds the token: no other site learns it, nor the answers.
HEADERS = {**headers.CLOSED, "Cache-Control": "no-store"}


class Guard:
    """Lets through what the reviewer asks, and refuses the rest with a sentence."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await (self._refusal(scope) or self._app)(scope, receive, complete)

    def _refusal(self, scope: Scope) -> Response | None:
        given = Headers(scope=scope)
        host, origin = given.get("host", ""), given.get("origin")
        if not _is_near(scope):
            return _refused(403, "A review is for the computer that it runs on only.")
        hosts = [f"{name}:{scope['server'][1]}" for name in NAMES]
        if host not in hosts:
            return _refused(421, f"Open a review by the address {hosts[0]}.")
        if scope["method"] not in {"GET", "HEAD"} and origin != f"http://{host}":
            return _refused(403, "Decide on the pages of the review: this came from elsewhere.")
        if not str(scope["path"]).startswith(OPEN) and not self._is_known(scope):
            return _refused(404, "Use the whole address that the command printed when it started.")
        return None

    def _is_known(self, scope: Scope) -> bool:
        given = str(scope["path"])[1:].partition("/")[0]
        return secrets.compare_digest(given.encode(), self._token.encode())


def _is_near(scope: Scope) -> bool:
    """Tell whether the other end is on this computer."""
    try:
        return ip_address((scope.get("client") or ("",))[0]).is_loopback
    except ValueError:
        return False


def _refused(status: int, sentence: str) -> Response:
    return PlainTextResponse(f"{sentence}\n", status)
