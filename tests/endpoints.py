"""Small stores on disk, pools on them, and a site of nothing but the endpoint."""

import json
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from catalogue import sparql
from s4s_graph.endpoint import EndpointError, Pool
from s4s_graph.settings import Settings

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
    return b"".join(pool.run(query, **options))


def number(pool: Pool, query: str, **options: Any) -> int:
    """Return the one number ?n that a query answers."""
    (row,) = json.loads(body(pool, query, **options))["results"]["bindings"]
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


def app_of(served: Served) -> FastAPI:
    """Return a site of nothing but the endpoint."""
    app = FastAPI()
    app.add_middleware(Lending, served=served)
    app.include_router(sparql.router)
    return app
