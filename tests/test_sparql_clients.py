"""The endpoint and its clients: the requests of the W3C suite, and one that goes away."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pyoxigraph as ox
import pytest
import uvicorn
from endpoints import SETTINGS, SLOW, Served, app_of, numbers
from fastapi.testclient import TestClient

from s4s_graph.endpoint import Pool

SUITE = Path(__file__).resolve().parents[2] / "shared/suites/sparql11"
KINDS = {
    "boolean": "application/sparql-results+json",
    "tabular": "application/sparql-results+json",
    "RDF": "text/turtle",
}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A real server, because only a real connection can be broken."""
    patient = replace(SETTINGS, workers=1, query_seconds=60)
    folder = numbers(tmp_path / "store")
    with closing(Pool(folder, patient)) as pool, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app_of(Served(pool)), log_level="critical"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


def test_a_client_that_goes_away_frees_the_worker(address: tuple[str, int]) -> None:
    """The only worker is busy for a minute, unless it is noticed that nobody waits."""
    url = f"http://{address[0]}:{address[1]}/sparql"
    with httpx2.Client(timeout=10) as client:
        client.get(url, params={"query": "ASK {}"}).raise_for_status()
        with pytest.raises(httpx2.ReadTimeout):
            client.get(url, params={"query": SLOW}, timeout=0.5)
        start = time.monotonic()
        assert client.get(url, params={"query": "ASK {}"}).status_code == 200
        assert time.monotonic() - start < 5


def protocol_tests() -> list[dict[str, Any]]:
    path = SUITE / "protocol-requests.json"
    if not path.exists():
        return []
    tests: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    # The update half of the protocol is refused on purpose.
    return [test for test in tests if not test["id"].startswith("update_")]


@pytest.fixture(scope="module")
def suite_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    path = tmp_path_factory.mktemp("suite") / "store"
    store = ox.Store(str(path))
    for name in ("data1", "data2", "data3"):
        graph = ox.NamedNode(f"http://kasei.us/2009/09/sparql/data/{name}.rdf")
        store.load(path=SUITE / f"protocol/{name}.nt", to_graph=graph)
    store.flush()
    del store
    with (
        closing(Pool(path, SETTINGS)) as pool,
        TestClient(app_of(Served(pool)), follow_redirects=False) as client,
    ):
        yield client


@pytest.mark.skipif(not SUITE.exists(), reason="the W3C SPARQL 1.1 suite is not beside the project")
@pytest.mark.parametrize("test", protocol_tests(), ids=lambda test: test["id"])
def test_the_protocol_suite_of_w3c_passes(suite_client: TestClient, test: dict[str, Any]) -> None:
    for sent in test["requests"]:
        body = bytes.fromhex(sent["body_hex"]) if sent["body_hex"] else (sent["body"] or "")
        answer = suite_client.request(
            sent["method"],
            f"/sparql?{sent['query_string']}",
            content=body,
            headers=dict(sent["headers"]),
        )
        assert f"StatusCode{answer.status_code // 100}xx" in sent["expect_status"], answer.text
        if sent["expect_boolean"] is not None:
            assert answer.json()["boolean"] is sent["expect_boolean"]
        if sent["expect_format"]:
            kind = answer.headers["Content-Type"].partition(";")[0]
            assert kind == KINDS[sent["expect_format"]]
