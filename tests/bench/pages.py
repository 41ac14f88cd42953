"""How long item pages take in process, and what the engine itself needs for their triples."""

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
from s4s_graph.forms import Forms
from s4s_graph.settings import Settings
from s4s_graph.tables import RDF_TYPE as TYPE

EACH = 30  # things of each kind that are measured
ROUNDS = 200  # of one page


@dataclass(frozen=True)
class Times:
    """Milliseconds: the median and the 95th percentile over many pages."""

    p50: float
    p95: float

    def __str__(self) -> str:
        return f"p50 {self.p50:7.2f} ms   p95 {self.p95:7.2f} ms"


def things(settings: Settings) -> list[str]:
    """Return the IRIs of things of every kind that has pages, spread evenly over each kind."""
    folder = _current(settings)
    forms = Forms.from_json((folder / release.FORMS).read_text(encoding="utf-8"))
    store = ox.Store.read_only(str(folder / release.STORE))
    found = []
    for form in forms:
        if form.class_iri:
            kind = ox.NamedNode(form.class_iri)
            subjects = sorted(
                {q.subject.value for q in store.quads_for_pattern(None, TYPE, kind, None)}
            )
            found += subjects[:: max(1, len(subjects) // EACH)][:EACH]
    return found


def pages(settings: Settings, iris: list[str]) -> Times:
    """Time one request of each page of the site, in process and without a network.

    Each page is asked for once before, so that what a release computes once is there.
    """

    async def rounds() -> list[float]:
        transport = httpx2.ASGITransport(create(settings))
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            paths = [await _page(client, iri.removeprefix(settings.base)) for iri in iris]
            return [await _request(client, path) for path in paths]

    return _times(asyncio.run(rounds()))


def page(settings: Settings, path: str) -> Times:
    """Time one page of the site over and over, as `pages` does many pages."""

    async def rounds() -> list[float]:
        transport = httpx2.ASGITransport(create(settings))
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [await _request(client, path) for _ in range(ROUNDS + 5)]

    return _times(asyncio.run(rounds())[5:])


def engine(settings: Settings, iris: list[str]) -> Times:
    """Time the engine reading all triples of each thing, as the floor of what a page can cost."""
    store = ox.Store.read_only(str(_current(settings) / release.STORE))
    nodes = [ox.NamedNode(iri) for iri in iris]
    return _times(
        [
            _timed(lambda node=node: list(store.quads_for_pattern(node, None, None)))
            for node in nodes
        ]
    )


def _current(settings: Settings) -> Path:
    folder = release.current(settings.releases)
    assert folder
    return folder


async def _page(client: httpx2.AsyncClient, path: str) -> str:
    response = await client.get(f"/{path}", headers={"Accept": "text/html"})
    location = response.headers["location"]
    (await client.get(location)).raise_for_status()
    return location


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
