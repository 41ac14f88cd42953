"""What every answer of a site says to browsers beside what it answers."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catalogue import policy

# Of what a page could ask a browser for, the site needs nothing but to put text on the clipboard.
_UNUSED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture",
    "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "idle-detection",
    "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial",
    "storage-access", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
PUBLIC = {
    policy.NAME: policy.POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED),
    "Cross-Origin-Opener-Policy": "same-origin",
}
# For a site whose addresses and answers are its readers' own.
CLOSED = {
    **PUBLIC,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # "no-referrer" would take the origin from forms as well
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
# Without the subdomains: those may be anyone's.
_TLS = (b"strict-transport-security", b"max-age=31536000")
_EMBEDDING = b"cross-origin-resource-policy"


class Headed:
    """Adds to each answer the headers that it does not have already.

    Where `headers` leave that open, pages stay out of other sites, and data, such as a picture,
    may be shown there. Over TLS a browser is told never to come back without.
    """

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        encoded = {name.lower().encode(): value.encode() for name, value in headers.items()}
        self._page = list({_EMBEDDING: b"same-origin", **encoded}.items())
        self._data = list({_EMBEDDING: b"cross-origin", **encoded}.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = dict(message.get("headers", ()))
                is_page = given.get(b"content-type", b"").startswith(b"text/html")
                ours = self._page if is_page else self._data
                more = [pair for pair in ours if pair[0] not in given]
                if scope["scheme"] == "https" and _TLS[0] not in given:
                    more.append(_TLS)
                message = {**message, "headers": [*message.get("headers", ()), *more]}
            await send(message)

        await self._app(scope, receive, complete)
