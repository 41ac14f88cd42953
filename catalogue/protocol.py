"""What a request to the SPARQL endpoint asks, by the rules of the SPARQL 1.1 Protocol."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import Request

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
UTF_8 = {"utf-8", "utf8", "us-ascii"}
MAX_FIELDS = 200
NO_UPDATES = "Updates are not allowed: this endpoint only answers queries."

_CHARSET = re.compile(r'charset\s*=\s*"?([^\s;"]+)', re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """What a request asks: one query, and the graphs to ask it of if it names some."""

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


class RequestError(Exception):
    """A request that the protocol has no answer for: the status, a sentence, more headers."""

    def __init__(
        self, status: int, sentence: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = headers or {}


async def read(request: Request) -> Asked:
    """Return what a GET or POST request asks. Raises RequestError."""
    if request.method == "POST":
        return await _posted(request)
    return _asked(_parameters(request.scope["query_string"]))


async def _posted(request: Request) -> Asked:
    """Read the query from the body, or the form from it. What the address says counts too."""
    media_type, _, rest = request.headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    address: bytes = request.scope["query_string"]
    if media_type == FORM:
        return _asked(_parameters(address, await _body(request)))
    if media_type == UPDATE:
        raise RequestError(403, NO_UPDATES)
    if media_type != QUERY:
        accepted = {"Accept-Post": f"{FORM}, {QUERY}"}
        raise RequestError(415, f"Send a form ({FORM}) or a query ({QUERY}).", accepted)
    charset = _CHARSET.search(rest)
    if charset and charset[1].lower() not in UTF_8:
        raise RequestError(415, f"Send the query in UTF-8, not in {charset[1]}.")
    query = _decoded(await _body(request))
    parameters = _parameters(address)
    parameters["query"] = [*parameters.get("query", []), query]
    return _asked(parameters)


async def _body(request: Request) -> bytes:
    # Percent-encoded, a character takes up to twelve bytes.
    most = 12 * request.state.release.pool.settings.query_length + 10_000
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise RequestError(413, f"The request is longer than {most:,} bytes.")
    return bytes(body)


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise RequestError(400, f"This is not UTF-8: {error.reason}.") from None


def _parameters(*encoded: bytes) -> dict[str, list[str]]:
    """Read what is percent-encoded, once: a `%2525` is the text `%25`."""
    parameters: dict[str, list[str]] = {}
    for text in encoded:
        try:
            pairs = parse_qsl(
                _decoded(text),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MAX_FIELDS,
            )
        except UnicodeDecodeError:
            raise RequestError(400, "A percent-encoded text is not UTF-8.") from None
        except ValueError:
            raise RequestError(400, f"Give at most {MAX_FIELDS} parameters.") from None
        for name, value in pairs:
            parameters.setdefault(name, []).append(value)
    return parameters


def _asked(parameters: Mapping[str, list[str]]) -> Asked:
    if "update" in parameters:
        raise RequestError(403, NO_UPDATES)
    queries = parameters.get("query", [])
    if len(queries) != 1:
        raise RequestError(400, f"Give one query, in the parameter query; not {len(queries)}.")
    return Asked(
        queries[0],
        tuple(parameters.get("default-graph-uri", ())),
        tuple(parameters.get("named-graph-uri", ())),
    )
