"""An engine that is broken or means harm: every request to it ends, is bounded, and is told."""

import gzip
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from s4s_graph.endpoint import EndpointError, Pool
from s4s_graph.engines import breaker
from s4s_graph.engines.breaker import FAILURES, AwayError, Breaker, RefusedError
from s4s_graph.engines.client import SAID_CHARACTERS, TRIES, Client
from s4s_graph.engines.elsewhere import Elsewhere
from s4s_graph.engines.naming import Names
from s4s_graph.engines.remote import ROWS, Remote
from s4s_graph.settings import Settings, SettingsError
from s4s_graph.worker import Problem

JSON = "application/sparql-results+json"
MOST = 100_000  # bytes of an answer
SECONDS = 1.0
GENEROUS = 60.0  # after which a test would hang
PASSWORD = "correct-horse"

Answer = Callable[[socket.socket], None]  # writes to a connection on which a request came


@dataclass
class Server:
    """Answers connection after connection as it is told, the last way again and again."""

    answers: list[Answer]
    url: str = ""
    requests: list[bytes] = field(default_factory=list)

    def take(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(GENEROUS)
            self.requests.append(connection.recv(1_000_000))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            answer(connection)


@contextmanager
def serving(*answers: Answer) -> Iterator[Server]:
    """Serve on a port of its own until the block ends."""
    server = Server(list(answers))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.url = f"http://127.0.0.1:{listening.getsockname()[1]}/sparql"
        threads: list[threading.Thread] = []

        def listen() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    thread = threading.Thread(target=server.take, args=[connection], daemon=True)
                    threads.append(thread)
                    thread.start()

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
    listener.join(GENEROUS)
    for thread in threads:
        thread.join(GENEROUS)
        assert not thread.is_alive()


def saying(
    body: bytes | str,
    *,
    status: str = "200 OK",
    media_type: str = JSON,
    headers: str = "",
    length: int | None = None,
) -> Answer:
    """Answer with a body, whose length may be a lie."""
    content = body.encode() if isinstance(body, str) else body
    announced = len(content) if length is None else length
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {announced}\r\n"
        f"Connection: close\r\n{headers}\r\n"
    )
    return lambda connection: connection.sendall(head.encode("latin-1") + content)


ROW = {"s": {"type": "uri", "value": "http://example.org/a"}}
GOOD = saying(json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": [ROW]}}))


def endless(piece: bytes, pause: float = 0.0, head: str = "") -> Answer:
    """Go on with pieces until nobody listens any more."""
    start = head or f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nConnection: close\r\n\r\n"

    def answer(connection: socket.socket) -> None:
        connection.sendall(start.encode())
        until = time.monotonic() + GENEROUS
        while time.monotonic() < until:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


CHUNKED = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n"


def client(server: Server) -> Client:
    return Client(server.url, seconds=SECONDS, most_bytes=MOST, user="ada", password=PASSWORD)


def remote(server: Server) -> Remote:
    return Remote(client(server), Names("http://example.org/", "0" * 16), (), {})


HOSTILE = {
    "another type": saying("<html>", media_type="text/html"),
    "no type": lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n{}"),
    "garbage": saying("\x00\xff{]"),
    "an empty answer": saying(""),
    "other JSON": saying('{"error": "none"}'),
    "a JSON bomb": saying("[" * 90_000),
    "half an answer": saying('{"head":{"vars":["s"]},"results":{"bindings":[{"s":'),
    "an IRI that is none": saying(
        '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"no iri"}}]}}'
    ),
    "yes for rows": saying('{"head":{},"boolean":true}'),
    "less than announced": saying("{}", length=50_000),
    "10 GB announced": saying("{}", length=10 * 1024**3),
    "a length of too many digits": saying("{}", headers=f"Content-Length: {'9' * 5000}\r\n"),
    "without end": endless(b" " * 50_000),
    "without end, in chunks": endless(b"c350\r\n" + b" " * 50_000 + b"\r\n", head=CHUNKED),
    "a chunk without a size": endless(b"1" * 5000, head=CHUNKED),
    "a drop at a time": endless(b" ", 0.05),
    "a drop at a time, in chunks": endless(b"1\r\n \r\n", 0.05, head=CHUNKED),
    "headers without end": endless(b"X-A: b\r\n", head="HTTP/1.1 200 OK\r\n"),
    "headers a drop at a time": endless(b"x", 0.05, head="HTTP/1.1 200 OK\r\nX-A: "),
    "nothing, for long": lambda connection: time.sleep(SECONDS * 2),
    "no HTTP": saying("", status="banana"),
    "hanging up": lambda connection: None,
    "a bomb of gzip": saying(
        gzip.compress(b" " * 50_000_000), headers="Content-Encoding: gzip\r\n"
    ),
    "a failure": saying("no", status="500 No", media_type="text/plain"),
    "busy for ever": saying("no", status="503 No", media_type="text/plain"),
    "a login": saying("no", status="401 No", headers='WWW-Authenticate: Basic realm="x"\r\n'),
    "an informational answer for ever": endless(b"HTTP/1.1 100 Continue\r\n\r\n", head=" "),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_it_answers_the_request_ends_and_is_told(name: str) -> None:
    with serving(HOSTILE[name]) as server:
        began = time.monotonic()
        with pytest.raises(AwayError) as raised:
            remote(server).solutions("SELECT ?s { ?s ?p ?o }", {})
        assert time.monotonic() - began < GENEROUS / 2
    said = str(raised.value)
    assert said
    assert len(said) < 1000
    assert said.isprintable()
    assert PASSWORD not in said


@pytest.mark.parametrize("name", ["another type", "half an answer", "a drop at a time"])
def test_the_public_is_told_that_it_is_away(name: str, tmp_path: Path) -> None:
    with serving(HOSTILE[name]) as server:
        there = Elsewhere(server.url, "", "", SECONDS, MOST, "http://e.org/", "0" * 16, ())
        settings = Settings(workers=1, query_seconds=GENEROUS)
        with (
            closing(Pool(tmp_path, settings, there)) as pool,
            pytest.raises(EndpointError) as raised,
        ):
            pool.run("SELECT ?s { ?s ?p ?o }")
    assert raised.value.problem is Problem.AWAY


def test_of_a_large_answer_no_more_is_read_than_the_limit() -> None:
    sent = 0

    def flood(connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n\r\n".encode())
        while True:
            sent += connection.send(b" " * 50_000)

    with serving(flood) as server, pytest.raises(AwayError, match="more than 100,000 bytes"):
        client(server).ask(b"", {}, tuple(ROWS))
    # What lies in the buffers of the system was sent, and nobody read it.
    assert sent < 50_000_000


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_no_redirect_is_followed(status: str) -> None:
    with serving(GOOD) as inner:
        moved = saying("", status=status, headers=f"Location: {inner.url}\r\n")
        with serving(moved) as server, pytest.raises(AwayError, match="no redirect is followed"):
            remote(server).solutions("SELECT ?s { ?s ?p ?o }", {})
        assert inner.requests == []


def test_what_it_says_cannot_act_on_a_log() -> None:
    said = saying("\x1b[2J\nERROR all is lost" + "x" * 9000, status="500 No", media_type="a/b")
    with serving(said) as server, pytest.raises(AwayError) as raised:
        client(server).ask(b"", {}, tuple(ROWS))
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < SAID_CHARACTERS + 100


def test_another_moment_may_help() -> None:
    busy = saying("", status="503 Busy")
    with serving(busy, lambda connection: None, GOOD) as server:
        columns, rows = remote(server).solutions("SELECT ?s { ?s ?p ?o }", {})
        assert columns == ("s",)
        assert len(list(rows)) == 1
        assert len(server.requests) == TRIES


@pytest.mark.parametrize("status", ["500 No", "501 No", "400 No", "404 No"])
def test_what_would_fail_again_is_not_asked_again(status: str) -> None:
    with serving(saying("", status=status)) as server:
        with pytest.raises(AwayError):
            client(server).ask(b"", {}, tuple(ROWS))
        assert len(server.requests) == 1


def test_one_that_fails_again_and_again_is_left_alone() -> None:
    with serving(saying("", status="500 No")) as server:
        asking = client(server)
        for _ in range(FAILURES + 3):
            with pytest.raises(AwayError):
                asking.ask(b"", {}, tuple(ROWS))
        assert len(server.requests) == FAILURES


def test_one_that_refuses_a_query_is_not_away() -> None:
    with serving(saying("line 1: no", status="400 No")) as server:
        asking = client(server)
        for _ in range(FAILURES + 3):
            with pytest.raises(RefusedError) as raised:
                asking.ask(b"", {}, tuple(ROWS))
        assert raised.value.why == "line 1: no"
        assert len(server.requests) == FAILURES + 3


def test_after_a_rest_one_request_goes_first() -> None:
    now = 0.0
    guard = Breaker(lambda: now)
    for _ in range(FAILURES):
        guard.enter()
        guard.failed()
    with pytest.raises(AwayError):
        guard.enter()
    now += breaker.REST_SECONDS
    guard.enter()
    with pytest.raises(AwayError):
        guard.enter()
    guard.succeeded()
    guard.enter()
    guard.enter()


def test_the_password_is_sent_and_never_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(GOOD) as server:
        client(server).ask(b"", {}, tuple(ROWS))
        assert b"Authorization: Basic YWRhOmNvcnJlY3QtaG9yc2U=" in server.requests[0]
    settings = Settings(sparql_url="http://e/", sparql_user="ada", sparql_password=PASSWORD)
    there = Elsewhere("http://e/", "ada", PASSWORD, 1, 1, "http://b/", "0", ())
    for text in (caplog.text, repr(settings), repr(there)):
        assert PASSWORD not in text
        assert "YWRhOm" not in text


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://ada:pw@e.org/",
        "http://",
        "e.org/sparql",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match=r"S4S_SPARQL_URL .* web address of a SPARQL endpoint"):
        Settings.from_environment({"S4S_SPARQL_URL": url})


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(GOOD) as proxy, serving(GOOD) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        client(server).ask(b"", {}, tuple(ROWS))
        assert proxy.requests == []


def test_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    asking = Client(f"http://127.0.0.1:{port}/", seconds=SECONDS, most_bytes=MOST)
    with pytest.raises(
        AwayError, match=rf"^http://127.0.0.1:{port} cannot be read: Failed .* refused"
    ):
        asking.ask(b"", {}, tuple(ROWS))


def test_an_address_may_be_a_path_with_a_query() -> None:
    with serving(GOOD) as server:
        asking = Client(server.url + "?repo=a%20b", seconds=SECONDS, most_bytes=MOST)
        asking.ask(b"", {}, tuple(ROWS))
        assert server.requests[0].startswith(b"POST /sparql?repo=a%20b HTTP/1.1\r\n")
