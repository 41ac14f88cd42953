"""A vocabulary fetched from its publisher's SPARQL endpoint, page by page.

Queries name no graphs: CompetentNL refuses FROM. The endpoint is asked how many statements there
are, first and at the end, so that a page it cut short or a vocabulary that changed meanwhile does
not pass for the whole.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from importlib.resources import files
from ipaddress import ip_address
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pyoxigraph as ox

from s4s_graph.forms import Text
from s4s_graph.vocabularies.collecting import RefusedError
from s4s_graph.vocabularies.rdf import STATEMENTS

PAGE = 10_000  # statements
PAGE_BYTES = 64 << 20
SECONDS = 60.0  # without a byte
TRIES = 4
LONGEST_WAIT = 30.0  # seconds
_ACCEPTED = "application/sparql-results+json"
_AGAIN = {429, 500, 502, 503, 504}


@dataclass
class Endpoint:
    """A SPARQL endpoint, and the key that it asks for.

    blank: how many statements about things without a name were left out; a page does not say which
    of another page they are. pause: seconds before a second try, twice as long before each next.
    """

    url: str
    key: str | None = field(default=None, repr=False)
    pause: float = 1.0
    blank: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Check the address. Raises RefusedError for one that the key is not safe with."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts)):
            raise RefusedError(_insecure(self.url))

    def statements(self) -> Iterator[list[ox.Quad]]:
        """Yield all there is, a page at a time. Raises RefusedError, after some tries."""
        expected = self._count()
        if expected > STATEMENTS:
            raise RefusedError(_too_many(self.url, expected))
        query = _query("page.rq")
        fetched = 0
        while fetched < expected:
            rows = list(self._rows(f"{query}LIMIT {PAGE} OFFSET {fetched}"))
            if not rows:
                break
            fetched += len(rows)
            yield [quad for row in rows if (quad := self._quad(row))]
        if fetched != expected or self._count() != expected:
            raise RefusedError(_incomplete(self.url, fetched, expected))

    def _count(self) -> int:
        (row,) = self._rows(_query("count.rq"))
        return int(row["number"].value)

    def _quad(self, row: ox.QuerySolution) -> ox.Quad | None:
        terms = row["subject"], row["predicate"], row["object"]
        if any(isinstance(term, ox.BlankNode | ox.Triple) for term in terms):
            self.blank += 1
            return None
        return ox.Quad(*terms)

    def _rows(self, query: str) -> Iterator[ox.QuerySolution]:
        content = self._answer(query)
        try:
            found = ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON)
            if not isinstance(found, ox.QuerySolutions):
                raise RefusedError(_no_answer(self.url, "ASK"))
            yield from found
        except (SyntaxError, ValueError) as error:
            raise RefusedError(_no_answer(self.url, str(error))) from error

    def _answer(self, query: str) -> bytes:
        last = ""
        for attempt in range(TRIES):
            try:
                return self._asked(query)
            except HTTPError as error:
                with error:
                    last = f"{error.code} {error.reason}"
                    if error.code not in _AGAIN:
                        raise RefusedError(self._refused(error)) from error
                    wait = _seconds(error.headers.get("Retry-After"), self.pause * 2**attempt)
            except (URLError, HTTPException, OSError) as error:
                last = str(getattr(error, "reason", error))
                wait = self.pause * 2**attempt
            if attempt < TRIES - 1:
                time.sleep(min(wait, LONGEST_WAIT))
        raise RefusedError(_unreachable(self.url, last))

    def _asked(self, query: str) -> bytes:
        headers = {"Accept": _ACCEPTED, "User-Agent": "skills4skills"}
        if self.key:
            headers["apikey"] = self.key
        # The scheme was checked: a file or another protocol is never opened.
        request = Request(  # noqa: S310
            self.url, data=urlencode({"query": query}).encode(), headers=headers
        )
        with build_opener(_NoRedirects()).open(request, timeout=SECONDS) as response:
            content: bytes = response.read(PAGE_BYTES + 1)
        if len(content) > PAGE_BYTES:
            raise RefusedError(_no_answer(self.url, f"> {PAGE_BYTES} bytes"))
        return content

    def _refused(self, error: HTTPError) -> Text:
        if error.code in (401, 403):
            return _no_key(self.url, error.code)
        if 300 <= error.code < 400:
            return _moved(self.url, error.headers.get("Location", ""))
        return _no_answer(self.url, f"{error.code} {error.reason}")


class _NoRedirects(HTTPRedirectHandler):
    """Follows nothing: the key would go along to wherever an answer points."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _query(name: str) -> str:
    return files("s4s_graph.vocabularies").joinpath(name).read_text(encoding="utf-8")


def _is_loopback(parts: object) -> bool:
    host = getattr(parts, "hostname", None) or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _seconds(text: str | None, otherwise: float) -> float:
    return float(text) if text and text.isdecimal() else otherwise


def _insecure(url: str) -> Text:
    return Text(
        nl=f"{url}: geef een adres dat met https:// begint; alleen dan blijft de sleutel geheim",
        en=f"{url}: give an address that starts with https://; only then the key stays secret",
    )


def _no_key(url: str, code: int) -> Text:
    return Text(
        nl=f"{url} weigert dit ({code}); zet de sleutel die de uitgever gaf in de "
        "omgevingsvariabele S4S_COMPETENTNL_KEY",
        en=f"{url} refuses this ({code}); put the key that the publisher gave in the environment "
        "variable S4S_COMPETENTNL_KEY",
    )


def _moved(url: str, location: str) -> Text:
    return Text(
        nl=f"{url} verwijst naar een ander adres ({location}), en dat wordt niet gevolgd; "
        "geef dat adres zelf als u het vertrouwt",
        en=f"{url} points to another address ({location}), which is not followed; "
        "give that address yourself if you trust it",
    )


def _unreachable(url: str, what: str) -> Text:
    return Text(
        nl=f"{url} geeft na {TRIES} pogingen geen antwoord: {what}; probeer het later opnieuw",
        en=f"{url} gives no answer after {TRIES} tries: {what}; try again later",
    )


def _no_answer(url: str, what: str) -> Text:
    return Text(
        nl=f"{url} geeft geen antwoord van een SPARQL-endpoint: {what}; kijk of het adres klopt",
        en=f"{url} does not answer as a SPARQL endpoint: {what}; look whether the address is right",
    )


def _too_many(url: str, number: int) -> Text:
    return Text(
        nl=f"{url} heeft {number} uitspraken; meer dan {STATEMENTS} worden niet ingelezen",
        en=f"{url} has {number} statements; no more than {STATEMENTS} are imported",
    )


def _incomplete(url: str, fetched: int, expected: int) -> Text:
    return Text(
        nl=f"{url} gaf {fetched} van {expected} uitspraken, of veranderde intussen; er is niets "
        "geschreven, voer het commando opnieuw uit",
        en=f"{url} gave {fetched} of {expected} statements, or changed meanwhile; nothing was "
        "written, run the command again",
    )
