"""Requests: made up at random, sent as they are over a socket, and told as a command line."""

import re
import shlex
import socket
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPResponse
from random import Random
from urllib.parse import quote

import httpx2

from tests.fuzz import words
from tests.fuzz.knowing import Known, Route

SECONDS = 60  # in which any answer has to be there
METHODS = ("HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO", "get")
TYPES = (
    "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update",
    "application/json", "multipart/form-data; boundary=x", "text/plain; charset=kanarie", "<x>", "",
)  # fmt: skip
ACCEPTED = (
    "*/*", "text/html", "application/json", "text/turtle", "application/rdf+xml;q=0.1", ",;,",
    "application/sparql-results+xml", "*/*;q=kanarie", "text/csv;q=2", "text/html;q=0", "x/y",
    "a/b," * 2000,
)  # fmt: skip
NAMES = (
    "Accept", "Accept-Language", "Accept-Encoding", "Host", "Referer", "Origin", "Cookie", "Range",
    "If-None-Match", "If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "TE",
    "X-Forwarded-Host", "Authorization", "Content-Encoding", "Expect", "Upgrade", "User-Agent",
)  # fmt: skip
_PLACE = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True)
class Ask:
    """One request, byte for byte."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    route: str

    def wire(self, host: str) -> bytes:
        """Return the request as it goes over the socket."""
        named = {name.casefold() for name, _ in self.headers}
        headers = [*self.headers, ("Connection", "close")]
        headers += [] if "host" in named else [("Host", host)]
        headers += [("Content-Length", str(len(self.body)))] if self.body else []
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{n}: {v}" for n, v in headers)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body

    def curl(self, base: str) -> str:
        """Return the command that sends the same."""
        parts = ["curl", "-i", "--path-as-is", "-X", self.method]
        for name, value in self.headers:
            parts += ["-H", f"{name}: {value}"]
        told = " ".join(shlex.quote(part) for part in parts)
        if self.body:
            written = self.body.hex()
            told = f"echo {written} | xxd -r -p | {told} --data-binary @-"
        return f"{told} {shlex.quote(base + self.target)}"


def made(random: Random, known: Known, usual: tuple[tuple[str, str], ...]) -> Ask:
    """Return a request made up at random; the `usual` headers are there in most of them."""
    route = random.choice(known.routes)
    path, _, given = _path(random, route, known).partition("?")
    pairs = [part for part in given.split("&") if part] if random.random() < 0.5 else []
    names = (*route.names, "x", "lang", "q", "page", "format")
    for _ in range(random.choice((0, 0, 1, 1, 2, 3, 6))):
        name = random.choice(names) if random.random() < 0.9 else words.word(random, ())
        pairs.append(f"{name}={words.word(random, known.values)}")
    query = f"?{'&'.join(pairs)}" if pairs else ""
    method = "GET" if random.random() < 0.7 else random.choice(METHODS)
    headers = list(usual) if random.random() < 0.95 else []
    headers += [_header(random) for _ in range(random.choice((0, 0, 0, 1, 1, 2, 4)))]
    body = b""
    if method in {"POST", "PUT", "PATCH", "get"}:
        kind, body = _body(random, names, known)
        headers.append(("Content-Type", kind))
    return Ask(method, _ascii(path + query), tuple(headers), body, route.path)


def _path(random: Random, route: Route, known: Known) -> str:
    if route.examples and random.random() < 0.5:
        return random.choice(route.examples)
    filled = {"lang": ("nl", "en", "nl", "en", "xx", "%00")}

    def place(found: re.Match[str]) -> str:
        name = found[0].strip("{}").partition(":")[0]
        return random.choice(filled[name]) if name in filled else words.word(random, known.values)

    path = _PLACE.sub(place, route.path)
    return (
        path if random.random() < 0.9 else path + random.choice(("/", "//", "/..", ";x", ".json"))
    )


def _header(random: Random) -> tuple[str, str]:
    name = random.choice(NAMES)
    if name == "Accept" and random.random() < 0.7:
        return name, random.choice(ACCEPTED)
    value = random.choice((*words.PAYLOADS, *words.STEERING, *words.PLAIN[:-1], '"*"', "*"))
    # What ends a line would end the header, and is then another request than this one.
    return name, re.sub(r"[\r\n\x00]", " ", value).encode().decode("latin-1")[:8000]


def _body(random: Random, names: tuple[str, ...], known: Known) -> tuple[str, bytes]:
    kind = random.choice(TYPES)
    choice = random.random()
    if choice < 0.5:
        fields = (f"{random.choice(names)}={words.word(random, known.values)}" for _ in range(3))
        return kind, "&".join(fields).encode()
    if choice < 0.8:
        return kind, random.choice(words.QUERIES + words.JSON).encode()
    return kind, random.randbytes(random.choice((1, 50, 3_000_000 if choice > 0.98 else 500)))


def _ascii(target: str) -> str:
    # A byte below 33 would end the request line.
    return quote(target, safe="".join(map(chr, range(33, 127))))


def answer(ask: Ask, address: tuple[str, int]) -> httpx2.Response:
    """Send a request and return the answer. Raises OSError and HTTPException without one."""
    with socket.create_connection(address, timeout=SECONDS) as connection:
        # A request that is too large is answered before all of it was sent.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(ask.wire(f"{address[0]}:{address[1]}"))
        got = HTTPResponse(connection, method="HEAD" if ask.method == "HEAD" else None)
        got.begin()
        content = got.read()
    headers = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in got.getheaders()
    ]
    request = httpx2.Request(ask.method, "http://example.org/")
    return httpx2.Response(got.status, headers=headers, content=content, request=request)
