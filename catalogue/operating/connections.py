"""What a connection may ask of the server before the site knows of it: bytes, seconds, its number.

The server reads the head of a request without an end, and waits for it without an end. A proxy
before it has limits of its own; these hold without one, and against who comes around it.
"""

import asyncio
import resource
from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from catalogue.operating.caller import Networks, is_loopback, subscriber, within
from catalogue.operating.joining import Joined

HEADERS = 100
HEADER_BYTES = 32 * 1024  # of all headers together; browsers send some 2
HEAD_SECONDS = 10.0  # from a connection, or the first byte of a request, to the end of its headers
BODY_SECONDS = 60.0  # from there to the end of its body
PER_CLIENT = 100  # connections at once
SENTENCES = {
    400: "This is not a request in HTTP.",
    408: "The request took too long to come.",
    414: "The address is longer than it may be.",
    431: "The headers are more, or longer, than they may be.",
    503: "There are too many connections. Try again later.",
}


class RefusedError(Exception):
    """A request that is not read to its end."""


@dataclass
class Bounds:
    """The limits of a server, and who has connections to it.

    url_bytes: of the address of a request. most: connections of all clients. exempt: networks of
    proxies, behind which there are many.
    """

    url_bytes: int
    most: int
    exempt: Networks = ()
    head_seconds: float = HEAD_SECONDS
    body_seconds: float = BODY_SECONDS
    per_client: int = PER_CLIENT
    held: Counter[str] = field(default_factory=Counter)

    def counted(self, address: str) -> str:
        """Return by which name a client's connections are counted; none when they are not."""
        if not address or is_loopback(address) or within(address, self.exempt):
            return ""
        return subscriber(address)


def most() -> int:
    """Return how many connections leave half of what may be open for files and workers."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 5_000 if allowed == resource.RLIM_INFINITY else min(5_000, allowed // 2)


def bounded(bounds: Bounds) -> type[asyncio.Protocol]:
    """Return the protocol of a server with these limits."""

    class Chosen(Bounded):
        limits = bounds

    return Chosen


class Bounded(HttpToolsProtocol):
    """A connection that is ended when it takes more than it may.

    A timer is set only when a request does not come in one piece.
    """

    limits: ClassVar[Bounds]
    _joined: Joined
    _client = ""
    _timer: asyncio.TimerHandle | None = None
    _in_head = True  # or before the first request
    _in_body = False
    _number = 0  # of the request
    _head_bytes = 0
    _status = 400

    # As uvicorn has it: its own protocol takes a narrower transport than asyncio's.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, or refuse where there are too many."""
        self._joined = Joined(transport)
        super().connection_made(cast("asyncio.Transport", self._joined))
        self._client = self.limits.counted(self.client[0] if self.client else "")
        self.limits.held[self._client] += 1
        too_many = self.limits.held[self._client] > self.limits.per_client
        if len(self.connections) > self.limits.most or (self._client and too_many):
            self._refuse(503)
        else:
            self._wait(self.limits.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop()
        self.limits.held[self._client] -= 1
        if not self.limits.held[self._client]:
            del self.limits.held[self._client]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; see to it that what they begin also ends."""
        if self.transport.is_closing():
            return
        before = self._number, self._in_head, self._in_body
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self.limits.url_bytes + HEADER_BYTES:
                self._refuse(431)
                return
        if before == (self._number, self._in_head, self._in_body):
            return
        self._stop()
        if self._in_head or self._in_body:
            limits = self.limits
            self._wait(limits.head_seconds if self._in_head else limits.body_seconds)

    def on_message_begin(self) -> None:
        """Begin to read a request."""
        super().on_message_begin()
        self._in_head, self._head_bytes, self._header_bytes = True, 0, 0
        self._number += 1

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        super().on_url(url)
        if len(self.url) > self.limits.url_bytes:
            self._status = 414
            raise RefusedError

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        super().on_header(name, value)
        self._header_bytes += len(name) + len(value)
        if len(self.headers) > HEADERS or self._header_bytes > HEADER_BYTES:
            self._status = 431
            raise RefusedError

    def on_headers_complete(self) -> None:
        """Hand the request over."""
        self._in_head, self._in_body = False, True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request."""
        self._in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Send the end of an answer before anything else is done about it."""
        self._joined.flush()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Say what was wrong with a request that cannot be read."""
        self._refuse(self._status)

    def _wait(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self._refuse, 408)

    def _stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: int) -> None:
        """End the connection, with a sentence unless an answer is on its way."""
        self._stop()
        if self.transport.is_closing():
            return
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            sentence = f"{SENTENCES[status]}\n".encode()
            self.transport.write(STATUS_LINE[status])
            self.transport.write(
                b"content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n"
                b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(sentence), sentence)
            )
        self.transport.close()
