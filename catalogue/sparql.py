"""The SPARQL 1.1 Protocol, query only, over the pool of workers of the release."""

import hashlib
import json
import math
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from anyio import CapacityLimiter, from_thread, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from catalogue import i18n, protocol
from catalogue.formats import negotiate
from catalogue.protocol import Asked, RequestError
from s4s_graph.endpoint import Answer, EndpointError, Pool
from s4s_graph.store import Iri, Literal, Term
from s4s_graph.worker import Problem

ROWS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "application/json",
)
TRIPLES = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
ALLOW = "GET, HEAD, POST, OPTIONS"
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
PAGE_BYTES = 2_000_000  # of an answer on a page
SMALL_BYTES = 1_000_000  # an answer up to this size is sent in one piece
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"

STATUSES = {
    Problem.LENGTH: 413,
    Problem.SERVICE: 403,
    Problem.UPDATE: 403,
    Problem.NO_ROWS_FORMAT: 406,
    Problem.NO_TRIPLES_FORMAT: 406,
    Problem.MEMORY: 500,
    Problem.DIED: 500,
    Problem.BUSY: 503,
    Problem.TIME: 504,
}

# The functions whose value changes while the release does not.
_CHANGING = re.compile(r"(?:now|rand|uuid)\s*\(", re.IGNORECASE)

router = APIRouter()


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


async def sparql(request: Request) -> Response:
    """Answer a query sent by GET, by POST of a form, or by POST of the query itself."""
    try:
        response = await _respond(request)
    except RequestError as error:
        response = _text(error.status, str(error), error.headers)
    except EndpointError as error:
        response = _problem(error)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


router.add_route("/sparql", sparql, methods=list(METHODS))


def table(pool: Pool, query: str) -> Table | bool | str:
    """Return the answer as a page shows it: a table, yes or no, or triples as Turtle.

    Raises EndpointError; an answer over PAGE_BYTES is too large.
    """
    answer = pool.run(query, rows=ROWS[0], triples=TRIPLES[0], max_bytes=PAGE_BYTES)
    body = b"".join(answer)
    if answer.media_type == TRIPLES[0]:
        return body.decode()
    content = json.loads(body)
    if "boolean" in content:
        return bool(content["boolean"])
    columns = tuple(content["head"]["vars"])
    return Table(
        columns,
        tuple(
            tuple(_term(row[name]) if name in row else None for name in columns)
            for row in content["results"]["bindings"]
        ),
    )


async def _respond(request: Request) -> Response:
    if request.method == "OPTIONS":
        headers = {
            "Allow": ALLOW,
            "Access-Control-Allow-Methods": ALLOW,
            "Access-Control-Allow-Headers": "Accept, Content-Type",
            "Access-Control-Max-Age": "86400",
        }
        return Response(status_code=204, headers=headers)
    if request.method not in ("GET", "HEAD", "POST"):
        raise RequestError(405, f"Use one of {ALLOW}.", {"Allow": ALLOW})
    accept = request.headers.get("accept")
    if _is_visit(request, accept):
        lang = i18n.preferred(request.headers.get("accept-language"))
        return RedirectResponse(f"/{lang}/sparql", 303)
    asked = await protocol.read(request)
    rows, triples = negotiate(accept, ROWS), negotiate(accept, TRIPLES)
    if rows is None and triples is None:
        raise RequestError(406, _offer())
    headers = _caching(request, asked, rows, triples)
    if headers.get("ETag", "-") in _known(request):
        return Response(status_code=304, headers=headers)
    run = partial(
        request.state.release.pool.run,
        asked.query,
        base=str(request.url.replace(query="")),
        rows=rows,
        triples=triples,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        gone=lambda: from_thread.run(request.is_disconnected),
    )
    # Not among the threads that make the pages: the pool has a queue of its own.
    answer = await to_thread.run_sync(run, limiter=CapacityLimiter(math.inf))
    return _delivered(answer, headers)


def _is_visit(request: Request, accept: str | None) -> bool:
    """Tell whether a person came to look, without a query."""
    html = negotiate(accept, ("text/plain", "text/html")) == "text/html"
    return request.method != "POST" and "query" not in request.query_params and html


def _caching(
    request: Request, asked: Asked, rows: str | None, triples: str | None
) -> dict[str, str]:
    """Return the headers by which a reader may keep an answer as long as the release stays."""
    if request.method == "POST" or _CHANGING.search(asked.query):
        return {"Cache-Control": "no-store"}
    made_of = repr((request.state.release.id, asked, rows, triples))
    # Weak: the rows of an answer without ORDER BY may come in another order.
    etag = f'W/"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'
    return {"ETag": etag, "Cache-Control": "no-cache"}


def _known(request: Request) -> set[str]:
    return {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}


def _delivered(answer: Answer, headers: Mapping[str, str]) -> Response:
    charset = "; charset=utf-8" if answer.media_type.startswith("text/") else ""
    headers = {
        **headers,
        "Content-Type": answer.media_type + charset,
        "Content-Length": str(answer.length),
    }
    if answer.length <= SMALL_BYTES:
        return Response(b"".join(answer), headers=headers)
    return StreamingResponse(_pieces(answer), headers=headers)


async def _pieces(answer: Answer) -> AsyncIterator[bytes]:
    try:
        for piece in answer:
            yield piece
    finally:
        answer.close()


def _problem(error: EndpointError) -> Response:
    sentence = str(error)
    if error.problem in (Problem.NO_ROWS_FORMAT, Problem.NO_TRIPLES_FORMAT):
        sentence += f"\n{_offer()}"
    headers = {"Retry-After": "5"} if error.problem is Problem.BUSY else {}
    return _text(STATUSES.get(error.problem, 400), sentence, headers)


def _offer() -> str:
    return f"Tables and booleans: {', '.join(ROWS)}.\nTriples: {', '.join(TRIPLES)}."


def _text(status: int, sentence: str, headers: Mapping[str, str]) -> Response:
    return Response(
        f"{sentence}\n",
        status,
        {**headers, "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"},
    )


def _term(value: Mapping[str, Any]) -> Term:
    match value["type"]:
        case "uri":
            return Iri(value["value"])
        case "literal":
            return Literal(value["value"], value.get("xml:lang"), value.get("datatype", XSD_STRING))
        case "bnode":
            return Literal(f"_:{value['value']}", None, XSD_STRING)
        case _:
            parts = (_term(part).value for part in value["value"].values())
            return Literal(f"<<( {' '.join(parts)} )>>", None, XSD_STRING)
