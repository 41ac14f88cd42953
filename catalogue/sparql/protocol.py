"""What a request to the SPARQL endpoint asks, by the rules of the SPARQL 1.1 Protocol."""

import re
from binascii import a2b_qp
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import Receive

from catalogue.sparql import offers
from s4s_graph.forms import Text
from s4s_graph.worker import Problem

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
UTF_8 = {"utf-8", "utf8", "us-ascii"}
MAX_FIELDS = 200
READ_ON = 10  # times the size that a request may have: who sends no more reads why it was refused
NO_UPDATES = Text(
    nl="Wijzigen kan hier niet: dit endpoint beantwoordt alleen vragen. De gegevens veranderen "
    "alleen met de tabellen of bestanden waaruit de beheerders ze inlezen.",
    en="Updates are not allowed: this endpoint only answers queries. The data only change "
    "with the tables or files that its editors load.",
)

# A query that needs more than anyone may have is its sender's to change: asked again, it fails
# again. So it gets a 4xx, where one that another moment would help gets a 5xx.
_STATUSES = {
    Problem.LENGTH: 413,
    Problem.SERVICE: 403,
    Problem.UPDATE: 403,
    Problem.NO_ROWS_FORMAT: 406,
    Problem.NO_TRIPLES_FORMAT: 406,
    Problem.TOO_LARGE: 422,
    Problem.MEMORY: 422,
    Problem.DIED: 422,
    Problem.BUSY: 503,
    Problem.KILLED: 503,
    Problem.AWAY: 503,
    Problem.DAMAGED: 503,
    Problem.TIME: 504,
}
_OTHER_STATUS = 400

_CHARSET = re.compile(r'charset\s*=\s*"?([^\s;"]+)', re.IGNORECASE)
_MALFORMED = re.compile(rb"%(?![0-9A-Fa-f]{2}).{0,2}")
_FORMATS = ("format", "output")  # by which clients say which format they want


@dataclass(frozen=True)
class Asked:
    """What a request asks: at most one query, the graphs to ask it of, the name of a format."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None


class RequestError(Exception):
    """A request that the protocol has no answer for: the status, a sentence, more headers."""

    def __init__(
        self, status: int, sentence: Text, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence.en)
        self.status = status
        self.sentence = sentence
        self.headers = headers or {}


def status(problem: Problem) -> int:
    """Return the status of HTTP for why a query has no answer."""
    return _STATUSES.get(problem, _OTHER_STATUS)


def addressed(query_string: bytes, most: int) -> Asked:
    """Return what the address of a GET request asks, of `most` bytes. Raises RequestError."""
    if len(query_string) > most:
        raise _too_long(414, most)
    return _asked(parameters(query_string))


async def posted(query_string: bytes, content_type: str, receive: Receive, most: int) -> Asked:
    """Return what a POST request asks: its body and its address. Raises RequestError."""
    media_type, _, rest = content_type.partition(";")
    media_type = media_type.strip().lower()
    if media_type == FORM:
        asked = _asked(parameters(query_string, await body(receive, most)))
    elif media_type == QUERY:
        _check_charset(rest)
        query = _decoded(await body(receive, most))
        given = parameters(query_string)
        given["query"] = [*given.get("query", []), query]
        asked = _asked(given)
    elif media_type == UPDATE:
        raise RequestError(403, NO_UPDATES)
    else:
        accepted = {"Accept-Post": f"{FORM}, {QUERY}"}
        raise RequestError(
            415,
            Text(
                nl=f"Stuur een formulier ({FORM}) of een vraag ({QUERY}).",
                en=f"Send a form ({FORM}) or a query ({QUERY}).",
            ),
            accepted,
        )
    if asked.query is None:
        raise _number_of_queries(0)
    return asked


def _check_charset(parameters: str) -> None:
    charset = _CHARSET.search(parameters)
    if charset and charset[1].lower() not in UTF_8:
        nl, en = "Stuur de vraag in UTF-8, niet in", "Send the query in UTF-8, not in"
        raise RequestError(415, Text(nl=f"{nl} {charset[1]}.", en=f"{en} {charset[1]}."))


async def body(receive: Receive, most: int) -> bytes:
    """Return the body of a request, of `most` bytes. Raises RequestError."""
    received, length, more = bytearray(), 0, True
    while more and length <= READ_ON * most:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        piece = message.get("body", b"")
        length += len(piece)
        if length <= most:
            received += piece
        more = message.get("more_body", False)
    if length > most:
        raise _too_long(413, most)
    return bytes(received)


def _too_long(status: int, most: int) -> RequestError:
    nl = f"Het verzoek is langer dan {most:,} bytes.".replace(",", ".")
    return RequestError(status, Text(nl=nl, en=f"The request is longer than {most:,} bytes."))


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1}"
        nl, en = f"Dit is geen UTF-8: {place} van de vraag.", f"This is not UTF-8: {place}."
        raise RequestError(400, Text(nl=nl, en=en)) from None


def parameters(*encoded: bytes) -> dict[str, list[str]]:
    """Read what is percent-encoded, once: a `%2525` is the text `%25`. Raises RequestError."""
    found: dict[str, list[str]] = {}
    for text in encoded:
        if malformed := _MALFORMED.search(text):
            part = malformed[0].decode("ascii", "replace")
            nl = f"'{part}' is geen teken: na % komen twee hexadecimale cijfers; % zelf is %25."
            en = f"'{part}' is no character: % goes before two hexadecimal digits; % itself is %25."
            raise RequestError(400, Text(nl=nl, en=en))
        _decoded(text)
        if text.count(b"&") >= MAX_FIELDS:
            nl = f"Geef hoogstens {MAX_FIELDS} velden."
            raise RequestError(400, Text(nl=nl, en=f"Give at most {MAX_FIELDS} parameters."))
        for pair in filter(None, text.split(b"&")):
            name, _, value = pair.partition(b"=")
            found.setdefault(_unquoted(name), []).append(_unquoted(value))
    return found


def _unquoted(text: bytes) -> str:
    # What is well formed here differs from quoted-printable by its mark alone, which is read ten
    # times as fast as `urllib` reads this.
    quoted = text.replace(b"+", b" ").replace(b"=", b"=3D").replace(b"%", b"=")
    try:
        return a2b_qp(quoted).decode()
    except UnicodeDecodeError:
        nl = "Wat met % is gecodeerd is geen UTF-8."
        raise RequestError(400, Text(nl=nl, en="A percent-encoded text is not UTF-8.")) from None


def _asked(parameters: Mapping[str, list[str]]) -> Asked:
    if "update" in parameters:
        raise RequestError(403, NO_UPDATES)
    queries = parameters.get("query", [])
    if len(queries) > 1:
        raise _number_of_queries(len(queries))
    if queries and "\0" in queries[0]:
        nl, en = "In de vraag staat het teken U+0000.", "The query holds the character U+0000."
        raise RequestError(400, Text(nl=nl, en=en))
    return Asked(
        queries[0] if queries else None,
        tuple(parameters.get("default-graph-uri", ())),
        tuple(parameters.get("named-graph-uri", ())),
        _format(parameters),
    )


def _format(parameters: Mapping[str, list[str]]) -> str | None:
    for name in filter(parameters.__contains__, _FORMATS):
        # Clients send several names of one format, empty ones, and lists of media types.
        parts = ",".join(parameters[name]).split(",")
        given = [part.strip() for part in parts if part.strip()]
        known = {offers.named(part): part for part in given}
        known.pop(offers.NONE, None)
        if len(known) > 1:
            nl, en = f"Geef één waarde voor {name}.", f"Give one value for {name}."
            raise RequestError(400, Text(nl=nl, en=en))
        if given:
            return next(iter(known.values()), given[0])
    return None


def _number_of_queries(number: int) -> RequestError:
    nl = f"Geef één vraag, in het veld query; niet {number}."
    return RequestError(
        400, Text(nl=nl, en=f"Give one query, in the parameter query; not {number}.")
    )
