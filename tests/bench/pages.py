"""How long an item page takes in process, and what the engine itself needs for its triples."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import httpx2
import pyoxigraph as ox

from catalogue.app import create
from s4s_graph import release
from s4s_graph.settings import Settings

ROUNDS = 200


@dataclass(frozen=True)
class Times:
    """Milliseconds: the median and the 95th percentile of many rounds."""

    p50: float
    p95: float

    def __str__(self) -> str:
        return f"p50 {self.p50:7.2f} ms   p95 {self.p95:7.2f} ms"


def page(settings: Settings, path: str) -> Times:
    """Time a page of the site, in process and without a network."""

    async def rounds() -> list[float]:
        transport = httpx2.ASGITransport(create(settings))
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [await _request(client, path) for _ in range(ROUNDS + 5)]

    return _times(asyncio.run(rounds())[5:])


def engine(settings: Settings, iri: str) -> Times:
    """Time the engine reading all triples of one thing, as the floor of what a page can cost."""
    folder = release.current(settings.releases)
    assert folder
    store = ox.Store.read_only(str(Path(folder) / release.STORE))
    node = ox.NamedNode(iri)
    return _times(
        [_timed(lambda: list(store.quads_for_pattern(node, None, None))) for _ in range(ROUNDS)]
    )


async def _request(client: httpx2.AsyncClient, path: str) -> float:
    start = time.perf_counter()
    response = await client.get(path)
    elapsed = time.perf_counter() - start
    response.raise_for_status()
    return elapsed


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _times(seconds: list[float]) -> Times:
    cut = quantiles(seconds, n=20)
    return Times(p50=cut[9] * 1000, p95=cut[18] * 1000)
