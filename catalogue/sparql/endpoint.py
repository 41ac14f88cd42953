"""The SPARQL 1.1 Protocol, query only, over the pool of workers of the release.

This one address stands before the routes of the site: the engine answers a small query in less
time than the routing takes.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Mapping
from functools import cache, lru_cache, partial
from typing import Any, TypeAlias

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from catalogue import formats, i18n, live
from catalogue.sparql import offers, protocol
from catalogue.sparql.offers import Formats
from catalogue.sparql.protocol import Asked, RequestError
from s4s_graph import documents, service
from s4s_graph import worker as work
from s4s_graph.answered import Answer
from s4s_graph.endpoint import EndpointError, Pool
from s4s_graph.forms import Text
from s4s_graph.running import TICK_SECONDS
from s4s_graph.worker import Problem

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]

PATHS = frozenset(("/sparql", "/sparql/"))
ALLOW = "GET, HEAD, POST, OPTIONS"
SMALL_BYTES = 256 * 1024  # a whole answer up to this size is sent in one piece
STALL_SECONDS = 60.0  # that a reader may take for a piece
ROW_LIMIT = "S4S-Row-Limit"
COMMON = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": f"ETag, Retry-After, Content-Encoding, {ROW_LIMIT}",
    "X-Content-Type-Options": "nosniff",
}
VARY = "Accept, Accept-Encoding"
VARY_LANGUAGE = "Accept, Accept-Language"


class Endpoint:
    """Answers what is asked at PATHS, and passes everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; `scope["state"]["release"]` has an `id` and a `pool`."""
        if scope["type"] == "http" and scope["path"] in PATHS:
            await _Exchange(scope, receive, send).answer()
        else:
            await self._app(scope, receive, send)


class _Exchange:
    """One request and its response."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._release = scope["state"]["release"]
        self._pool: Pool = self._release.pool
        self._request: Request | None = None
        self._headers: dict[bytes, str] = {}
        for name, value in scope["headers"]:
            text = value.decode("latin-1")
            # Sent twice, a header is a list.
            self._headers[name] = f"{self._headers[name]},{text}" if name in self._headers else text

    async def answer(self) -> None:
        """Answer a query sent by GET, by POST of a form, or by POST of the query itself."""
        try:
            await self._answer()
        except RequestError as error:
            await self._say(error.status, error.sentence, error.headers)
        except EndpointError as error:
            await self._explain(error)

    async def _answer(self) -> None:
        method, address = self._scope["method"], self._scope["query_string"]
        most = self._pool.settings.request_bytes
        if method in ("GET", "HEAD"):
            asked = protocol.addressed(address, most)
        elif method == "POST":
            content_type = self._headers.get(b"content-type", "")
            asked = await protocol.posted(address, content_type, self._receive, most)
        elif method == "OPTIONS":
            await self._respond(204, _allowed(), b"")
            return
        else:
            sentence = Text(nl=f"Gebruik een van {ALLOW}.", en=f"Use one of {ALLOW}.")
            raise RequestError(405, sentence, {"Allow": ALLOW})
        if asked.query is None:
            await self._introduce(asked)
        else:
            await self._query(asked, asked.query)

    async def _query(self, asked: Asked, query: str) -> None:
        chosen = self._formats(asked)
        request = self._pool.request(
            query,
            base=self._address(),
            rows=chosen.rows,
            triples=chosen.triples,
            encoding=formats.encoding(self._headers.get(b"accept-encoding", "")),
            note=self._address("/en/sparql"),
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
        )
        caching = cache(partial(self._caching, request))
        if (known := self._known()) and caching().get("ETag") in known:
            await self._respond(304, {**caching(), "Vary": VARY}, b"")
            return
        # Before HTTP/1.1 the end of the connection is the end of the answer, whole or not.
        stream = self._scope["http_version"] != "1.0"
        answer = await self._pool.ask(
            request, self._client(), gone=self._gone, stream=stream, meanwhile=caching
        )
        try:
            await self._deliver(answer, caching())
        finally:
            answer.close()

    def _formats(self, asked: Asked) -> Formats:
        if asked.format:
            chosen = offers.named(asked.format)
        else:
            chosen = offers.accepted(self._headers.get(b"accept", ""))
        if chosen.rows is None and chosen.triples is None:
            raise RequestError(406, _offer())
        return chosen

    async def _introduce(self, asked: Asked) -> None:
        """Describe the endpoint to a program, and lead a person to the page with the form."""
        types = (*documents.FORMATS, "text/html")
        if asked.format:
            chosen = offers.named(asked.format)
            wanted = chosen.triples or chosen.rows
        else:
            wanted = formats.negotiate(self._headers.get(b"accept"), types)
        if wanted == "text/html":
            lang = i18n.preferred(self._headers.get(b"accept-language"))
            headers = {"Location": f"/{lang}/sparql", "Vary": VARY_LANGUAGE}
            await self._respond(303, headers, b"")
            return
        if wanted not in documents.FORMATS:
            raise RequestError(406, _offer())
        request = self._pool.request(live.query("named_graphs"))
        graphs = json.loads((await self._pool.ask(request, self._client(), stream=False)).read())
        names = [row["graph"]["value"] for row in graphs["results"]["bindings"]]
        text = service.description(self._address(), names, self._pool.settings, wanted)
        headers = {"Content-Type": formats.content_type(wanted), "Cache-Control": "no-cache"}
        await self._respond(200, {**headers, "Vary": "Accept"}, text)

    async def _deliver(self, answer: Answer, headers: Mapping[str, str]) -> None:
        rows = self._pool.settings.query_rows
        about = _about(answer.media_type, answer.encoding, answer.truncated, rows)
        if answer.length is not None:
            headers = {**headers, "Content-Length": str(answer.length)}
        await self._start(200, headers, about)
        if answer.length is not None and answer.length <= SMALL_BYTES:
            await self._send({"type": "http.response.body", "body": answer.read()})
        else:
            await self._stream(answer)

    async def _stream(self, answer: Answer) -> None:
        """Send pieces as they come. What is not ended in here the server breaks off."""
        look_at = time.monotonic() + TICK_SECONDS
        try:
            async for piece in answer.pieces():
                message = {"type": "http.response.body", "body": piece, "more_body": True}
                async with asyncio.timeout(STALL_SECONDS):
                    await self._send(message)
                if (now := time.monotonic()) >= look_at:
                    look_at = now + TICK_SECONDS
                    if await self._gone():
                        return
        except (EndpointError, TimeoutError):
            return
        await self._send({"type": "http.response.body", "body": b""})

    async def _gone(self) -> bool:
        if self._request is None:
            self._request = Request(self._scope, self._receive)
        return await self._request.is_disconnected()

    def _address(self, path: str = "/sparql") -> str:
        server = self._scope.get("server")  # a list by some servers, a tuple by others
        host = self._headers.get(b"host")
        return _site(self._scope["scheme"], host, tuple(server) if server else None) + path

    def _client(self) -> str:
        # The server sees to the headers of a proxy, if it is told to trust one.
        return str(self._scope["client"][0]) if self._scope.get("client") else ""

    def _caching(self, request: work.Request) -> dict[str, str]:
        """Return the headers by which a reader may keep an answer as long as the release stays."""
        if self._scope["method"] == "POST" or request.changes:
            return {"Cache-Control": "no-store"}
        made_of = self._release.id.encode() + request.as_json
        # Weak: the rows of an answer without ORDER BY may come in another order.
        etag = f'W/"{hashlib.blake2b(made_of, digest_size=16).hexdigest()}"'
        return {"ETag": etag, "Cache-Control": "no-cache"}

    def _known(self) -> set[str]:
        known = self._headers.get(b"if-none-match")
        return {tag.strip() for tag in known.split(",")} if known else set()

    async def _explain(self, error: EndpointError) -> None:
        if error.problem is Problem.GONE:
            return
        sentence = error.sentence
        if error.problem in (Problem.NO_ROWS_FORMAT, Problem.NO_TRIPLES_FORMAT):
            offer = _offer()
            sentence = Text(nl=f"{sentence.nl}\n{offer.nl}", en=f"{sentence.en}\n{offer.en}")
        status = protocol.status(error.problem)
        await self._say(status, sentence, {"Retry-After": "5"} if status == 503 else {})

    async def _say(self, status: int, sentence: Text, headers: Mapping[str, str]) -> None:
        # Who names no language is a program, whose makers look for English words.
        accepted = self._headers.get(b"accept-language")
        lang = i18n.preferred(accepted) if accepted else "en"
        headers = {
            **headers,
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Language": lang,
            "Cache-Control": "no-store",
            "Vary": VARY_LANGUAGE,
        }
        await self._respond(status, headers, f"{sentence.of(lang)}\n".encode())

    async def _respond(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        if status not in (204, 304):
            headers = {**headers, "Content-Length": str(len(body))}
        await self._start(status, headers)
        await self._send({"type": "http.response.body", "body": body})

    async def _start(self, status: int, headers: Mapping[str, str], more: Headers = ()) -> None:
        raw = [*_common(), *more, *_encoded(headers)]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})


# There are some dozens of them, and thousands of answers a second.
@lru_cache(maxsize=128)
def _about(media_type: str, encoding: str | None, truncated: bool | None, rows: int) -> Headers:
    headers = {"Content-Type": formats.content_type(media_type), "Vary": VARY}
    if encoding:
        headers["Content-Encoding"] = encoding
    if truncated is not False:
        headers[ROW_LIMIT] = f"{rows}; reached={'yes' if truncated else 'unknown'}"
    if media_type == offers.ROWS["xlsx"]:
        headers["Content-Disposition"] = 'attachment; filename="answer.xlsx"'
    return tuple(_encoded(headers))


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]


@cache
def _common() -> list[tuple[bytes, bytes]]:
    return _encoded(COMMON)


@lru_cache(maxsize=64)
def _site(scheme: str, host: str | None, server: tuple[Any, ...] | None) -> str:
    """Return the start of every address of the site, as this reader wrote it if that can be."""
    headers = [(b"host", host.encode("latin-1"))] if host else []
    scope = {"type": "http", "scheme": scheme, "server": server, "path": "", "headers": headers}
    return str(URL(scope=scope))


def _allowed() -> dict[str, str]:
    return {
        "Allow": ALLOW,
        "Access-Control-Allow-Methods": ALLOW,
        "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }


def _offer() -> Text:
    return Text(nl=f"Wel te geven:\n{offers.listed()}", en=f"Served are:\n{offers.listed()}")
