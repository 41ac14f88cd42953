"""Small stores on disk, pools on them, and a site of nothing but the endpoint."""

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pyoxigraph as ox
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from catalogue.sparql import endpoint
from s4s_graph.endpoint import EndpointError, Pool
from s4s_graph.settings import Settings
from s4s_graph.worker import Problem

EX = "http://example.org/"
SETTINGS = replace(
    Settings(), query_seconds=1.0, query_memory=256 * 1024**2, query_bytes=5_000_000,
    queue_length=2, queue_seconds=0.3,
)  # fmt: skip
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
# 1,500 things joined with themselves four times: years.
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


def numbers(folder: Path) -> Path:
    """Make a store of 1,500 things with a number, 500 in each of three graphs."""
    store = ox.Store(str(folder))
    for graph in ("one", "two", "three"):
        store.extend(
            ox.Quad(
                ox.NamedNode(f"{EX}{graph}/{i}"),
                ox.NamedNode(f"{EX}number"),
                ox.Literal(i),
                ox.NamedNode(EX + graph),
            )
            for i in range(500)
        )
    store.flush()
    return folder


def body(pool: Pool, query: str, **options: Any) -> bytes:
    """Return the whole answer."""
    return pool.run(query, **options).read()


def number(pool: Pool, query: str, **options: Any) -> int:
    """Return the one number ?n that a query answers, once a new worker has started."""
    deadline = time.monotonic() + 10
    while True:
        try:
            (row,) = json.loads(body(pool, query, **options))["results"]["bindings"]
        except EndpointError as error:
            if error.problem is not Problem.BUSY or time.monotonic() > deadline:
                raise
        else:
            return int(row["n"]["value"])


def problem(pool: Pool, query: str, **options: Any) -> EndpointError:
    """Return why there is no answer."""
    with pytest.raises(EndpointError) as error:
        pool.run(query, **options)
    return error.value


def workers() -> set[int]:
    """Return the processes that this one started and that still run."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return set(map(int, listed.split()))


def await_end(pid: int) -> None:
    """Wait until a process has ended."""
    deadline = time.monotonic() + 5
    while _running(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs"
        time.sleep(0.01)


def _running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


@dataclass
class Served:
    """What the routes know of a release."""

    pool: Pool
    id: str = "a"


class Lending:
    """Gives every request the release, as the site does."""

    def __init__(self, app: ASGIApp, served: Served) -> None:
        self._app = app
        self._served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["release"] = self._served
        await self._app(scope, receive, send)


@contextmanager
def serving(served: Served, http: Literal["h11", "httptools", "auto"] = "auto") -> Iterator[str]:
    """Serve the endpoint over a real connection, which can be slow and can break."""
    with listening(app_of(served), http) as address:
        yield f"{address}/sparql"


@contextmanager
def listening(app: ASGIApp, http: Literal["h11", "httptools", "auto"] = "auto") -> Iterator[str]:
    """Serve an application over a real connection, at the address that this yields."""
    config = uvicorn.Config(app, log_level="critical", http=http)
    server = uvicorn.Server(config)
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        port.listen()
        thread = threading.Thread(target=server.run, args=([port],))
        thread.start()
        yield "http://{}:{}".format(*port.getsockname())
        server.should_exit = True
        thread.join()


def app_of(served: Served) -> Starlette:
    """Return a site of nothing but the endpoint."""
    app = Starlette()
    app.add_middleware(endpoint.Endpoint)
    app.add_middleware(Lending, served=served)
    return app
