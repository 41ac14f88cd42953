"""An engine to publish to, over real HTTP: pyoxigraph behind Query, Update and Graph Store."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from urllib.parse import parse_qs, urlsplit
from urllib.request import parse_http_list, parse_keqv_list

import pyoxigraph as ox

from tests.remote_engine import listening

USER, PASSWORD, REALM, NONCE = "ada", "it's a secret: 'and \"long", "engine", "once"


@dataclass
class Engine:
    """What stands there, what came in, and what goes wrong.

    broken: given the number of a request, returns the status to refuse it with; 0 hangs up.
    scheme: Basic or Digest, to be asked of who writes. lost: statements are taken and dropped.
    """

    url: str = ""
    graph: ox.Store = field(default_factory=ox.Store)
    came: list[tuple[str, str, int]] = field(default_factory=list)  # method, target, bytes
    given: list[str] = field(default_factory=list)  # Authorization, of each request
    broken: Callable[[int], int | None] = lambda number: None
    scheme: str = ""
    lost: bool = False

    def take(self, method: str, target: str, body: bytes, media_type: str) -> tuple[int, bytes]:
        """Do what is asked; return a status and what to say."""
        self.came.append((method, target, len(body)))
        address = urlsplit(target)
        if address.path == "/query":
            answer = BytesIO()
            result = self.graph.query(parse_qs(body.decode())["query"][0])
            assert not isinstance(result, ox.QueryTriples)
            result.serialize(answer, ox.QueryResultsFormat.JSON)
            del result  # before another thread can come to collect it
            return 200, answer.getvalue()
        if address.path == "/update":
            assert media_type == "application/sparql-update"
            self.graph.update(body.decode())
            return 204, b""
        if address.path != "/store":
            return 404, b"no such address"
        (name,) = parse_qs(address.query)["graph"]
        if method == "PUT":
            self.graph.remove_graph(ox.NamedNode(name))
        if not self.lost:
            to = ox.NamedNode(name)
            self.graph.load(body, format=ox.RdfFormat.TURTLE, to_graph=to)
        return 201, b""

    def lets_in(self, method: str, target: str, given: str) -> bool:
        """Tell whether who writes is the one who may."""
        if not self.scheme or urlsplit(target).path == "/query":
            return True
        if self.scheme == "Basic":
            return given.startswith("Basic ")
        said = parse_keqv_list(parse_http_list(given.partition(" ")[2]))
        if not given.startswith("Digest ") or said["uri"] != target:
            return False
        pair = _md5(f"{USER}:{REALM}:{PASSWORD}"), _md5(f"{method}:{target}")
        middle = ":".join((NONCE, said["nc"], said["cnonce"], "auth"))
        return said["response"] == _md5(f"{pair[0]}:{middle}:{pair[1]}")

    def graphs(self) -> set[str]:
        """Return the names of the graphs that hold something."""
        return {quad.graph_name.value for quad in self.graph}


@contextmanager
def served() -> Iterator[Engine]:
    """Serve an engine on a port of its own until the block ends."""
    engine = Engine()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            given = self.headers.get("Authorization", "")
            engine.given.append(given)
            status = engine.broken(len(engine.given))
            if status == 0:
                self.close_connection = True
                return
            said = b"no"
            if status is None and not engine.lets_in(self.command, self.path, given):
                status = 401
            if status is None:
                media_type = self.headers.get("Content-Type", "")
                status, said = engine.take(self.command, self.path, body, media_type)
            self.send_response(status)
            if status == 401:
                asked = f'{engine.scheme} realm="{REALM}", nonce="{NONCE}", qop="auth"'
                self.send_header("WWW-Authenticate", asked)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_PUT(self) -> None:
            self.do_POST()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with listening(Handler) as address:
        engine.url = address
        yield engine


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
