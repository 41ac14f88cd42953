"""A careful HTTP client for an engine that may be slow, broken or not what it says it is.

Whatever the other side does, a request ends: within a time that counts from its start, and within
a number of bytes. No redirect is followed, nothing is unpacked, and no proxy of the environment
is asked.
"""

import base64
import random
import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import urllib3
from urllib3.exceptions import HTTPError, ReadTimeoutError

from s4s_graph.engines import sockets
from s4s_graph.engines.breaker import AwayError, Breaker, RefusedError, printable

CONNECT_SECONDS = 5.0
TRIES = 3
PAUSE_SECONDS = 0.1  # before the second try, at most; twice that before the third
BUSY = frozenset((502, 503, 504))  # another moment may help
PIECE_BYTES = 64 * 1024
SAID_CHARACTERS = 200  # of what an engine says, in a message

_OBJECT = re.compile(r"^\S+\(host=[^)]*\): ")  # of urllib3, before what it says

# Given the method, the target and WWW-Authenticate, returns what to send as Authorization.
Challenge = Callable[[str, str, str], str | None]


@dataclass(frozen=True)
class Reply:
    """An answer: its status, its headers, its media type without parameters, all of its body."""

    status: int
    headers: Mapping[str, str]
    media_type: str
    body: bytes


class Client:
    """Sends requests to one server; any number of threads may at once."""

    def __init__(
        self,
        url: str,
        *,
        seconds: float,
        most_bytes: int,
        user: str = "",
        password: str = "",
        challenge: Challenge | None = None,
    ) -> None:
        """Take the address of an engine, `http:` or `https:`; nothing is sent yet."""
        address = urllib3.util.parse_url(url)
        self.target = address.request_uri
        self._server = f"{address.scheme}://{address.netloc}"
        self._seconds = seconds
        self._most = most_bytes
        self._challenge = challenge
        self._headers = {"User-Agent": "skills4skills", "Accept-Encoding": "identity"}
        if user:
            pair = base64.b64encode(f"{user}:{password}".encode()).decode()
            self._headers["Authorization"] = f"Basic {pair}"
        self._breaker = Breaker()
        self._pool = sockets.pool(address)

    def close(self) -> None:
        """Close the connections that are kept."""
        self._pool.close()

    def request(
        self,
        method: str,
        target: str = "",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Return the answer of any status to one request, for `target` or the address itself.

        Raises AwayError when there is none, or none that is taken: a redirect, a body that is
        packed or too large.
        """
        return self._request(time.monotonic() + self._seconds, method, target, body, headers or {})

    def ask(self, body: bytes, headers: Mapping[str, str], accepted: Collection[str]) -> Reply:
        """Return the answer to what only asks, so may be asked again, in a media type accepted.

        Raises AwayError, for any other answer too.
        """
        self._breaker.enter()
        until = time.monotonic() + self._seconds
        sent = {"Accept": ", ".join(accepted), **headers}
        try:
            reply = self._persevere(until, body, sent, accepted)
        except RefusedError:
            self._breaker.succeeded()
            raise
        except AwayError:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return reply

    def _persevere(
        self, until: float, body: bytes, headers: Mapping[str, str], accepted: Collection[str]
    ) -> Reply:
        tries = 0
        while True:
            try:
                reply = self._request(until, "POST", "", body, headers)
                self._judge(reply, accepted)
                return reply
            except AwayError as error:
                # At random: many whose requests failed together are not to come back together.
                pause = random.uniform(0, PAUSE_SECONDS * 2**tries)  # noqa: S311
                tries += 1
                if not error.passing or tries == TRIES or time.monotonic() + pause >= until:
                    raise
                time.sleep(pause)

    def _judge(self, reply: Reply, accepted: Collection[str]) -> None:
        if reply.status == 200 and reply.media_type in accepted:
            return
        said = _short(reply.body[: 4 * SAID_CHARACTERS].decode(errors="replace"))
        if reply.status == 200:
            raise self._error(f"answers with {_short(reply.media_type)!r}: {said}")
        if 400 <= reply.status < 500:
            raise RefusedError(f"{self._server} refuses ({reply.status}): {said}", said)
        raise self._error(f"fails ({reply.status}): {said}", passing=reply.status in BUSY)

    def _request(
        self, until: float, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> Reply:
        reply = self._send(until, method, target or self.target, body, headers)
        wanted = reply.headers.get("WWW-Authenticate", "")
        if reply.status != 401 or self._challenge is None:
            return reply
        given = self._challenge(method, target or self.target, wanted)
        if given is None:
            return reply
        again = {**headers, "Authorization": given}
        return self._send(until, method, target or self.target, body, again)

    def _send(
        self, until: float, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> Reply:
        left = max(0.001, until - time.monotonic())
        try:
            response = self._pool.urlopen(
                method,
                target,
                body,
                {**self._headers, **headers},
                retries=False,
                redirect=False,
                timeout=urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=left),
                preload_content=False,
                decode_content=False,
            )
            try:
                return self._read(response)
            except BaseException:
                response.close()
                raise
        except (HTTPError, OSError) as error:
            # What took all of the time would take it again.
            passing = not isinstance(error, ReadTimeoutError)
            why = _OBJECT.sub("", str(error))
            raise self._error(f"cannot be read: {why}", passing=passing) from error

    def _read(self, response: urllib3.BaseHTTPResponse) -> Reply:
        headers = response.headers
        if 300 <= response.status < 400:
            place = _short(headers.get("Location", "nowhere"))
            raise self._error(f"leads to {place}, and no redirect is followed")
        packed = headers.get("Content-Encoding", "identity")
        if packed != "identity":
            raise self._error(f"packs its answer ({_short(packed)}) unasked")
        body = bytearray()
        size = response.length_remaining or 0  # as announced
        while size <= self._most and (piece := response.read1(PIECE_BYTES)):
            body += piece
            size = max(size, len(body))
        if size > self._most:
            raise self._error(f"answers with more than {self._most:,} bytes")
        media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        response.release_conn()
        return Reply(response.status, headers, media_type, bytes(body))

    def _error(self, said: str, *, passing: bool = False) -> AwayError:
        return AwayError(f"{self._server} {said}", passing=passing)


def _short(text: str) -> str:
    return printable(text, SAID_CHARACTERS)
