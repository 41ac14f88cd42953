"""What a connection may ask of the server: over real sockets, which can drip, flood and hang on."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from catalogue.operating import connections, server
from catalogue.operating.connections import HEADER_BYTES, HEADERS, Bounds
from s4s_graph.settings import Settings

PATIENCE = 20.0  # that guards against a server that never ends a connection
GET = b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"
BOUNDS = Bounds(url_bytes=20_000, most=200, head_seconds=PATIENCE, body_seconds=PATIENCE)
Connect = Callable[[], socket.socket]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the length of the body, once it is whole."""
    request = Request(scope, receive)
    await PlainTextResponse(str(len(await request.body())))(scope, receive, send)


@contextmanager
def serving(bounds: Bounds) -> Iterator[Connect]:
    """Serve with some limits, and lend what connects to the server."""
    protocol = connections.bounded(bounds)
    config = uvicorn.Config(application, http=protocol, ws="none", log_config=None)
    config.server_header = False
    running = uvicorn.Server(config)
    with socket.socket() as listening, ExitStack() as stack:
        listening.bind(("127.0.0.1", 0))
        listening.listen(300)
        thread = threading.Thread(target=running.run, args=([listening],))
        thread.start()

        def connect() -> socket.socket:
            made = socket.create_connection(listening.getsockname(), timeout=PATIENCE)
            return stack.enter_context(made)

        yield connect
        running.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def connect() -> Iterator[Connect]:
    """Connect to a server that waits long."""
    with serving(replace(BOUNDS, held=Counter())) as opened:
        yield opened


@pytest.fixture(scope="module")
def hasty() -> Iterator[Connect]:
    """Connect to a server that hardly waits."""
    with serving(replace(BOUNDS, head_seconds=0.5, body_seconds=0.5, held=Counter())) as opened:
        yield opened


def rest(connection: socket.socket) -> bytes:
    """Return what comes until the server ends the connection."""
    found = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            found += piece
    return found


def status(answer: bytes) -> int:
    """Return the status of an answer that came; 0 if none did."""
    return int(answer.split()[1]) if answer else 0


def asked(connect: Connect, *pieces: bytes) -> bytes:
    """Send a request in pieces; return the answer of a server that ends the connection."""
    connection = connect()
    with suppress(BrokenPipeError, ConnectionResetError):
        for piece in pieces:
            connection.sendall(piece)
    return rest(connection)


def test_a_connection_can_be_used_again(connect: Connect) -> None:
    connection = connect()
    for _ in range(3):
        connection.sendall(GET)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")


def test_the_server_does_not_say_which_it_is(connect: Connect) -> None:
    answers = [asked(connect, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))]
    answers.append(asked(connect, b"nonsense\r\n\r\n"))
    assert list(map(status, answers)) == [200, 400]
    for answer in answers:
        assert b"server:" not in answer.lower()
        assert b"uvicorn" not in answer.lower()


def test_who_sends_nothing_is_not_waited_for(hasty: Connect) -> None:
    assert status(rest(hasty())) == 408


@pytest.mark.parametrize(
    "start",
    [b"GET / HT", b"GET / HTTP/1.1\r\nHost: example.org\r\n", b"GET /aaaa", b"G"],
    ids=["in the line", "in the headers", "in the address", "in the method"],
)
def test_headers_that_drip_are_not_waited_for(hasty: Connect, start: bytes) -> None:
    connection = hasty()
    connection.sendall(start)
    ended = threading.Event()

    def drip() -> None:
        with suppress(OSError):
            while not ended.is_set():
                connection.sendall(b"a")
                time.sleep(0.05)

    thread = threading.Thread(target=drip)
    thread.start()
    answer = rest(connection)
    ended.set()
    thread.join()
    assert status(answer) in (400, 408)


def test_headers_that_drip_after_an_answer_are_not_waited_for_either(hasty: Connect) -> None:
    connection = hasty()
    connection.sendall(GET)
    assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    connection.sendall(b"GET / HTTP/1.1\r\nX-Drip: ")
    assert status(rest(connection)) == 408


def test_a_body_that_drips_is_not_waited_for(hasty: Connect) -> None:
    head = b"POST / HTTP/1.1\r\nHost: example.org\r\nContent-Length: 100\r\n\r\n"
    assert status(asked(hasty, head, b"a")) == 408


def test_a_body_without_an_end_is_not_waited_for(hasty: Connect) -> None:
    connection = hasty()
    connection.sendall(GET.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n"))
    began = time.monotonic()
    with suppress(OSError):
        while time.monotonic() < began + PATIENCE:
            connection.sendall(b"400\r\n" + b"a" * 1024 + b"\r\n")
            time.sleep(0.01)
    assert time.monotonic() < began + PATIENCE


def test_a_request_that_comes_in_pieces_in_time_is_answered(connect: Connect) -> None:
    head = b"POST / HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\nContent-Length: 5\r\n\r\n"
    pieces = [head[:10], head[10:40], head[40:], b"he", b"llo"]
    connection = connect()
    for piece in pieces:
        connection.sendall(piece)
        time.sleep(0.02)
    assert rest(connection).endswith(b"5")


@pytest.mark.parametrize(
    "pieces",
    [
        [b"GET / HTTP/1.1\r\nX: " + b"a" * (HEADER_BYTES + 1) + b"\r\n\r\n"],
        [b"GET / HTTP/1.1\r\n", *[b"X: " + b"a" * 8000 + b"\r\n"] * 20],
        [b"GET / HTTP/1.1\r\n", b"X: 1\r\n" * (HEADERS + 1), b"\r\n"],
        [b"GET / HTTP/1.1\r\nX: ", *[b"a" * 8000] * 20],
    ],
    ids=["one long", "many long", "many", "one without an end"],
)
def test_headers_have_a_limit(connect: Connect, pieces: list[bytes]) -> None:
    assert status(asked(connect, *pieces)) == 431


def test_an_address_has_a_limit(connect: Connect) -> None:
    line = b"GET /" + b"a" * BOUNDS.url_bytes
    assert status(asked(connect, line + b" HTTP/1.1\r\n\r\n")) == 414
    assert status(asked(connect, line[:10_000], *[b"a" * 10_000] * 2)) == 414


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 10,
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nX\x00: a\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(connect: Connect, request_: bytes) -> None:
    assert status(asked(connect, request_)) == 400
    # The server goes on.
    assert asked(connect, GET.replace(b"1.1", b"1.0")).startswith(b"HTTP/1.1 200")


def test_there_are_only_so_many_connections() -> None:
    with serving(replace(BOUNDS, most=3, held=Counter())) as opened:
        held = [opened() for _ in range(3)]
        for connection in held:
            connection.sendall(GET)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        assert status(rest(opened())) == 503
        held[0].close()
        deadline = time.monotonic() + PATIENCE
        while not (answer := asked(opened, GET.replace(b"1.1", b"1.0"))).startswith(
            b"HTTP/1.1 200"
        ):
            assert time.monotonic() < deadline, answer


def test_one_client_has_only_so_many_of_them() -> None:
    bounds = replace(BOUNDS, exempt=(ip_network("10.0.0.0/8"),))
    assert bounds.counted("192.0.2.1") == "192.0.2.1"
    assert bounds.counted("2001:db8::1") == bounds.counted("2001:db8::2")
    assert bounds.counted("127.0.0.1") == bounds.counted("10.1.2.3") == bounds.counted("") == ""


def test_a_client_beyond_its_connections_is_refused_and_others_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bounds = replace(BOUNDS, per_client=2, held=Counter())
    clients = iter(["192.0.2.1"] * 3 + ["192.0.2.2"])
    monkeypatch.setattr(Bounds, "counted", lambda *_: next(clients))
    with serving(bounds) as opened:
        for expected in (200, 200, 503, 200):
            connection = opened()
            with suppress(OSError):
                connection.sendall(GET)
            assert status(connection.recv(65536)) == expected


def test_the_settings_of_the_server_are_the_strict_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logging.config.dictConfig", lambda _: None)  # those of the tests stay
    config = server.config(application, Settings(), "127.0.0.1", 0)
    chosen: Any = config.http
    assert issubclass(chosen, connections.Bounded)
    assert chosen.limits.url_bytes == Settings().request_bytes
    assert 0 < chosen.limits.most <= 5_000
    assert [config.server_header, config.access_log, config.proxy_headers] == [False] * 3
