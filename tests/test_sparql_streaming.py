"""Large answers over real connections: they start at once, break off visibly, hold no worker."""

import gzip
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import brotli
import httpx2
import pytest
from endpoints import COUNT, SETTINGS, SLOW, Served, numbers, serving

from s4s_graph.endpoint import Pool

PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"  # 2,250,000 rows
FEWER = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 40000"
CSV = {"Accept": "text/csv", "Accept-Encoding": "identity"}
ENDLESS: dict[str, Any] = {"query_rows": 10_000_000, "query_bytes": 2_000_000_000}

PATIENT = replace(SETTINGS, query_seconds=5, query_bytes=50_000_000, queue_seconds=5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return numbers(tmp_path_factory.mktemp("release") / "store")


@pytest.fixture(params=["h11", "httptools"])
def url(folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    with closing(Pool(folder, PATIENT)) as pool, serving(Served(pool), request.param) as url:
        yield url


@pytest.mark.parametrize("http", ["h11", "httptools"])
@pytest.mark.parametrize(
    "limits", [{"query_bytes": 2_000_000}, {"query_seconds": 1, **ENDLESS}], ids=["bytes", "time"]
)
def test_what_fails_after_the_start_is_broken_off(
    folder: Path, http: Literal["h11", "httptools"], limits: dict[str, Any]
) -> None:
    settings = replace(PATIENT, **limits)
    with closing(Pool(folder, settings)) as pool, serving(Served(pool), http) as url:
        with httpx2.stream("GET", url, params={"query": PAIRS}, timeout=10) as answer:
            assert answer.status_code == 200
            assert answer.headers["Transfer-Encoding"] == "chunked"
            assert "Content-Length" not in answer.headers
            with pytest.raises(httpx2.RemoteProtocolError):
                answer.read()
        assert httpx2.get(url, params={"query": COUNT}, timeout=10).status_code == 200
        # There the end of the connection is the end of the answer, so nothing can be broken off.
        assert status_by_http_1_0(url) == (422 if "query_seconds" not in limits else 504)


def status_by_http_1_0(url: str) -> int:
    place = urlsplit(url)
    with socket.create_connection((str(place.hostname), place.port or 80)) as connection:
        connection.sendall(f"GET /sparql?query={quote(PAIRS)} HTTP/1.0\r\n\r\n".encode())
        return int(connection.recv(100).split()[1])


def test_the_first_byte_does_not_wait_for_the_last(url: str) -> None:
    start = time.monotonic()
    with httpx2.stream("GET", url, params={"query": FEWER}, headers=CSV) as answer:
        assert answer.headers["S4S-Row-Limit"] == "100000; reached=unknown"
        pieces = answer.iter_raw()
        next(pieces)
        first = time.monotonic() - start
        length = sum(len(piece) for piece in pieces)
    whole = time.monotonic() - start
    assert length > 4_000_000
    assert first < whole / 2


def test_a_client_that_goes_away_frees_the_worker(folder: Path) -> None:
    settings = replace(PATIENT, workers=1, query_seconds=60, **ENDLESS)
    with closing(Pool(folder, settings)) as pool, serving(Served(pool)) as url:
        for query in (SLOW, PAIRS):
            with (
                suppress(httpx2.ReadTimeout),  # of the one that sends nothing
                httpx2.stream("GET", url, params={"query": query}, timeout=0.5) as answer,
            ):
                next(answer.iter_raw())
            assert httpx2.get(url, params={"query": COUNT}, timeout=10).status_code == 200


def test_a_slow_reader_holds_no_worker_and_gets_everything(folder: Path) -> None:
    settings = replace(SETTINGS, workers=1, query_seconds=5, query_bytes=50_000_000)
    with closing(Pool(folder, settings)) as pool, serving(Served(pool)) as url:
        with httpx2.stream("GET", url, params={"query": FEWER}, headers=CSV) as answer:
            pieces = answer.iter_bytes()
            received = next(pieces)
            # More than fits between the two is still to come, and nobody takes it.
            again = httpx2.get(url, params={"query": COUNT}, timeout=4)
            while again.status_code == 503:
                again = httpx2.get(url, params={"query": COUNT}, timeout=4)
            received += b"".join(pieces)
        assert again.status_code == 200
        assert received.count(b"\r\n") == 1 + 40_000


@pytest.mark.parametrize("encoding", ["br", "gzip"])
@pytest.mark.parametrize("query", [FEWER, "SELECT * { ?s ?p ?o } LIMIT 50"])
def test_a_compressed_answer_is_the_answer(url: str, query: str, encoding: str) -> None:
    plain = httpx2.get(url, params={"query": query}, headers={**CSV, "Accept-Encoding": "identity"})
    accept = {**CSV, "Accept-Encoding": f"identity;q=0.5, {encoding}"}
    with httpx2.stream("GET", url, params={"query": query}, headers=accept) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}[encoding]
    assert unpack(packed) == plain.content
    assert len(packed) < len(plain.content) / 2


def test_a_full_queue_is_said_at_once_and_one_client_cannot_fill_it(folder: Path) -> None:
    settings = replace(SETTINGS, query_seconds=3, queue_length=2, queue_seconds=3)

    def ask(url: str, query: str, source: str) -> tuple[int, str | None, float]:
        place, start = urlsplit(url), time.monotonic()
        connection = http.client.HTTPConnection(
            str(place.hostname), place.port, timeout=10, source_address=(source, 0)
        )
        with closing(connection):
            connection.request("GET", f"/sparql?query={quote(query)}")
            answer = connection.getresponse()
            return answer.status, answer.getheader("Retry-After"), time.monotonic() - start

    with (
        closing(Pool(folder, settings)) as pool,
        serving(Served(pool)) as url,
        ThreadPoolExecutor() as threads,
    ):
        mine = [threads.submit(ask, url, SLOW, "127.0.0.1") for _ in range(3)]
        time.sleep(0.5)
        status, retry, seconds = ask(url, SLOW, "127.0.0.1")
        assert (status, retry) == (503, "5")
        assert seconds < 0.5
        status, _, seconds = ask(url, COUNT, "127.0.0.2")
        assert status == 200
        assert seconds < 0.5
        assert {one.result()[0] for one in mine} <= {503, 504}


def test_short_queries_are_answered_while_others_send_long_ones_without_pause(
    folder: Path,
) -> None:
    settings = replace(SETTINGS, workers=2, query_seconds=10, queue_length=20, queue_seconds=5)
    over = threading.Event()

    def attack(pool: Pool, client: str) -> None:
        while not over.is_set():
            try:
                pool.run(SLOW, client=client)
            except Exception:
                continue

    pool = Pool(folder, settings)
    with ThreadPoolExecutor() as threads:
        for number in range(4):
            threads.submit(attack, pool, f"attacker {number}")
        time.sleep(2)
        waits = []
        for number in range(5):
            start = time.monotonic()
            pool.run(f"SELECT ({number} AS ?n) {{}}", client="visitor")
            waits.append(time.monotonic() - start)
        over.set()
        pool.close()
    assert max(waits) < 3
