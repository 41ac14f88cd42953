"""An engine that statements are written to: by Graph Store Protocol, or by SPARQL Update alone.

Everything is sent so that it may be sent again: a graph is a set, and its statements have no
blank nodes. So what fails in passing is tried again, and a broken connection does no harm.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from string import Template
from urllib.parse import quote, urlencode, urlsplit

from s4s_graph.engines.authorization import Credentials
from s4s_graph.engines.breaker import AwayError
from s4s_graph.engines.client import BUSY, Client, Reply
from s4s_graph.forms import Text

PIECE_BYTES = 2_000_000
UPDATE_BYTES = 200_000  # in one update, which an engine parses as a whole
SECONDS = 600.0  # for one piece, or to drop a graph
ANSWER_BYTES = 50_000_000
PAUSES = (0.5, 2.0, 8.0, 20.0)  # seconds before each next try
_ROWS = "application/sparql-results+json"
_NO_ROOM = frozenset((413, 507))


class WritingError(Exception):
    """An engine that does not do what it is asked; `message` says what, and what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Addresses:
    """Where an engine is asked, changed and loaded; without a graph store, by updates alone."""

    query: str
    update: str
    graph_store: str | None


@dataclass
class Writer:
    """Writes to one engine, with one name and password."""

    addresses: Addresses
    user: str = ""
    password: str = field(default="", repr=False)
    pauses: tuple[float, ...] = PAUSES

    def __post_init__(self) -> None:
        """Make a client for each address; nothing is sent yet."""
        self._credentials = Credentials(self.user, self.password) if self.user else None
        self._clients = {
            url: Client(
                url,
                seconds=SECONDS,
                most_bytes=ANSWER_BYTES,
                challenge=self._credentials.challenge if self._credentials else None,
            )
            for url in filter(None, vars(self.addresses).values())
        }

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def rows(self, name: str, **known: str) -> list[tuple[str, ...]]:
        """Return the values of a query of ours as text. Raises WritingError, as all here do."""
        form = urlencode({"query": _text(f"{name}.rq", known)}).encode()
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Accept": _ROWS}
        reply = self._send(self.addresses.query, "POST", "", form, sent)
        try:
            answer = json.loads(reply.body)
            names, found = answer["head"]["vars"], answer["results"]["bindings"]
            return [tuple(str(row[name]["value"]) for name in names) for row in found]
        except (ValueError, LookupError, TypeError) as error:
            raise WritingError(_no_rows(self.addresses.query)) from error

    def count(self, graph: str) -> int:
        """Return how many statements a graph holds; 0 when it is not there."""
        return int(self.rows("count", graph=graph)[0][0])

    def update(self, name: str, **names: str) -> None:
        """Do an update of ours, which done twice is the same as done once.

        `names` are IRIs, and statements as N-Triples: nothing that someone typed.
        """
        sent = {"Content-Type": "application/sparql-update", "Accept": "*/*"}
        text = _text(f"{name}.ru", names)
        self._send(self.addresses.update, "POST", "", text.encode(), sent)

    def replace(self, graph: str, lines: Iterable[str]) -> Iterator[int]:
        """Let a graph hold these N-Triples and no others; yield how many more were sent."""
        if self.addresses.graph_store is None:
            self.update("drop", graph=graph)
            for number, piece in _pieces(lines, UPDATE_BYTES):
                self.update("insert", graph=graph, statements=piece)
                yield number
            return
        method = "PUT"
        for number, piece in _pieces(lines, PIECE_BYTES):
            self._graph_store(method, graph, piece.encode())
            method = "POST"
            yield number

    def _graph_store(self, method: str, graph: str, body: bytes) -> None:
        url = str(self.addresses.graph_store)
        path = urlsplit(url)
        joint = "&" if path.query else "?"
        target = f"{self._clients[url].target}{joint}graph={quote(graph, safe='')}"
        # N-Triples are Turtle, which every engine takes.
        self._send(url, method, target, body, {"Content-Type": "text/turtle", "Accept": "*/*"})

    def _send(
        self, url: str, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> Reply:
        for pause in self.pauses:
            try:
                reply = self._sent(url, method, target, body, headers)
                if reply.status not in BUSY:
                    return self._judged(url, reply)
            except AwayError as error:
                if not error.passing:
                    raise WritingError(_away(str(error))) from error
            time.sleep(pause)
        try:
            return self._judged(url, self._sent(url, method, target, body, headers))
        except AwayError as error:
            raise WritingError(_away(str(error))) from error

    def _sent(
        self, url: str, method: str, target: str, body: bytes, headers: Mapping[str, str]
    ) -> Reply:
        client = self._clients[url]
        given: Mapping[str, str] = {}
        if self._credentials:
            given = self._credentials.headers(method, target or client.target)
        return client.request(method, target, body, {**headers, **given})

    def _judged(self, url: str, reply: Reply) -> Reply:
        if 200 <= reply.status < 300:
            return reply
        said = f"{reply.status} {_said(reply.body)}".strip()
        if reply.status in (401, 403):
            raise WritingError(_refused(url, said, bool(self.user)))
        if reply.status in (404, 405, 501):
            raise WritingError(_elsewhere(url, said))
        raise WritingError(_full(url, said) if reply.status in _NO_ROOM else _failed(url, said))


def _text(file: str, names: Mapping[str, str]) -> str:
    return Template(files(__package__).joinpath("updates", file).read_text("utf-8")).substitute(
        names
    )


def _pieces(lines: Iterable[str], most: int) -> Iterator[tuple[int, str]]:
    """Yield lines together, as many as fit, with their number; an empty piece for no lines."""
    piece: list[str] = []
    size = sent = 0
    for line in lines:
        length = len(line.encode())
        if size + length > most and piece:
            yield len(piece), "".join(piece)
            sent += 1
            piece, size = [], 0
        piece.append(line)
        size += length
    if piece or not sent:
        yield len(piece), "".join(piece)


def _said(body: bytes) -> str:
    text = " ".join(body[:2_000].decode(errors="replace").split())
    return "".join(character for character in text if character.isprintable())[:300]


def _away(said: str) -> Text:
    return Text(
        nl=f"de engine geeft geen antwoord: {said}. Geef hetzelfde commando nog eens: het gaat "
        "verder waar het was",
        en=f"the engine does not answer: {said}. Give the same command again: it goes on where it "
        "was",
    )


def _refused(url: str, said: str, named: bool) -> Text:
    if not named:
        return Text(
            nl=f"{url} wil weten wie er schrijft ({said}); zet S4S_SPARQL_USER en "
            "S4S_SPARQL_PASSWORD",
            en=f"{url} wants to know who writes ({said}); set S4S_SPARQL_USER and "
            "S4S_SPARQL_PASSWORD",
        )
    return Text(
        nl=f"{url} laat deze gebruiker niet schrijven ({said}); kijk naar S4S_SPARQL_USER, "
        "S4S_SPARQL_PASSWORD en zijn rechten",
        en=f"{url} does not let this user write ({said}); look at S4S_SPARQL_USER, "
        "S4S_SPARQL_PASSWORD and what it may do",
    )


def _elsewhere(url: str, said: str) -> Text:
    return Text(
        nl=f"op {url} is niets om naar te schrijven ({said}); geef het adres met --update en "
        "--graph-store, of gebruik --by-update voor een engine zonder Graph Store Protocol",
        en=f"there is nothing to write to at {url} ({said}); give the address by --update and "
        "--graph-store, or use --by-update for an engine without Graph Store Protocol",
    )


def _full(url: str, said: str) -> Text:
    return Text(
        nl=f"{url} heeft geen ruimte ({said}); maak ruimte en geef hetzelfde commando nog eens",
        en=f"{url} has no room ({said}); make room and give the same command again",
    )


def _failed(url: str, said: str) -> Text:
    return Text(nl=f"{url} weigert: {said}", en=f"{url} refuses: {said}")


def _no_rows(url: str) -> Text:
    return Text(
        nl=f"{url} geeft geen antwoord op een vraag in SPARQL; is dit het adres van een engine?",
        en=f"{url} gives no answer to a question in SPARQL; is this the address of an engine?",
    )
