"""Connections on which a timeout is for a whole answer and not for each piece of it.

A socket waits so long for each piece: who sends a byte a second is never too late. Here time
runs from the moment that the timeout is set, which urllib3 does once before it reads an answer.
"""

import socket
import ssl
import time
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.util import Url

CONNECTIONS = 40  # that are kept: as many as there are threads for pages


class _Timed:
    """The part that a plain and an encrypted socket share.

    It is mixed into either, so a type checker cannot see whose methods it calls.
    """

    _until: float | None = None

    def settimeout(self, value: float | None, /) -> None:
        """Let all that is received from now on come within so many seconds."""
        self._until = None if value is None else time.monotonic() + value
        super().settimeout(value)  # type: ignore[misc]

    def recv_into(self, *args: Any) -> int:
        """Receive a piece. Raises TimeoutError when the time for all of them has gone."""
        if self._until is not None:
            left = self._until - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            super().settimeout(left)  # type: ignore[misc]
        received: int = super().recv_into(*args)  # type: ignore[misc]
        return received


class _Socket(_Timed, socket.socket):
    pass


class _Encrypted(_Timed, ssl.SSLSocket):
    pass


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        timed = _Socket(fileno=self.sock.detach())
        timed.settimeout(self.timeout)
        self.sock = timed


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


def pool(address: Url) -> urllib3.HTTPConnectionPool:
    """Return the connections to one server, made when they are needed and then kept."""
    host, port = address.host or "", address.port
    if address.scheme == "http":
        return _Pool(host, port, maxsize=CONNECTIONS)
    context = ssl.create_default_context()
    context.sslsocket_class = _Encrypted
    return urllib3.HTTPSConnectionPool(host, port, maxsize=CONNECTIONS, ssl_context=context)
