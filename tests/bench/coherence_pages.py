"""Print what pages about coherence cost: `python -m tests.bench.coherence_pages`.

For the shipped data and for synthetic graphs of 100 to 10,000 interventions: the processor time of
each page, in process and without a network, first as the first visitor of a release meets it, then
as all later ones do (the median). Pages of each year and level are one row: the slowest of them.
`--releases` measures a folder of releases that is there already.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import httpx2

from catalogue.app import create
from catalogue.coherence import notions
from catalogue.coherence.where import LEVELS, place
from catalogue.live import Release
from s4s_graph import release
from s4s_graph.coherence.model import Level
from s4s_graph.settings import Settings
from tests.bench import releases
from tests.bench.__main__ import line

SIZES = (100, 1_000, 10_000)
AGAIN = 5  # times that each page is asked for after the first
EVERYWHERE = ("method", "", "improvements", "matrix", "picture", "reach", "success", "regularities")
AROUND = ("links", "breaks", "conflicts", "overlaps", "matrix", "picture")
FILES = ("links.csv", "matrix.csv", "picture.csv", "picture.svg", "improvements.json")


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time: of the first visit, and the median of those after it."""

    first: float
    later: float


def main() -> None:
    """Measure each release in turn and print a table of its pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--releases", type=Path, help="measure these releases only")
    asked = parser.parse_args()
    if asked.releases:
        show(str(asked.releases), replace(Settings(), releases=asked.releases))
        return
    with tempfile.TemporaryDirectory() as name:
        show("shipped", releases.shipped(Path(name) / "shipped"))
        for size in asked.sizes:
            show(f"{size:,} interventions", releases.synthetic(Path(name) / str(size), size))


def show(name: str, settings: Settings) -> None:
    """Print what the pages of the current release cost."""
    line(name, "processor time")
    for page, cost in measure(settings):
        line(f"  {page}", f"first {cost.first:9.1f} ms   then p50 {cost.later:7.1f} ms")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line("  memory at the most until now", f"{peak:,.0f} MB")


def measure(settings: Settings) -> Iterator[tuple[str, Cost]]:
    """Yield the cost of each kind of page; of those of a year, that of the slowest."""
    folder = release.current(settings.releases)
    assert folder
    opened = Release(folder, settings)
    addresses = dict(_addresses(opened))
    opened.close()
    with asyncio.Runner() as runner:
        transport = httpx2.ASGITransport(create(settings))
        client = httpx2.AsyncClient(transport=transport, base_url="http://localhost")
        runner.run(client.get("/nl/"))  # opens the release
        for name, found in addresses.items():
            costs = [runner.run(_cost(client, address)) for address in found]
            first, later = (max(map(attrgetter(part), costs)) for part in ("first", "later"))
            yield name, Cost(first, later)
        runner.run(client.aclose())


def _addresses(opened: Release) -> Iterator[tuple[str, list[str]]]:
    """Yield every kind of page with its addresses: of all years and of each."""
    years = opened.computed.years
    for level in LEVELS:
        pages = chain(((path, {}) for path in _paths()), _chosen(opened, level))
        for path, more in pages:
            name = f"{level}: {path or 'overview'}{' of one' if more else ''}"
            yield name, [_address(path, level, year, more) for year in (None, *years)]
        yield f"{level}: report", [_address(f"report/{y}", level, None, {}) for y in years]


def _address(path: str, level: Level, year: int | None, more: Mapping[str, str]) -> str:
    asked = {"level": level, **({"year": str(year)} if year else {}), **more}
    return f"/nl/coherence/{path}?{urlencode(asked)}".replace("/?", "?")


def _paths() -> Iterator[str]:
    yield from EVERYWHERE
    yield from notions.SPECS
    yield from FILES


def _chosen(opened: Release, level: Level) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the pages about the subject with the most links, and about two that are linked."""
    links = opened.computed.links(None, level).pairs
    if pair := next(iter(links), None):
        hub = max(links.subjects, key=lambda name: len(links.after(name)))
        yield "pair", {"from": place(pair[0]), "to": place(pair[1])}
        yield from ((path, {"intervention": place(hub)}) for path in AROUND)
    for condition in islice(opened.computed.world.conditions, 1):
        yield f"success/{condition.rpartition('/')[2]}", {}


async def _cost(client: httpx2.AsyncClient, address: str) -> Cost:
    first, *later = [await _request(client, address) for _ in range(1 + AGAIN)]
    return Cost(first, median(later))


async def _request(client: httpx2.AsyncClient, address: str) -> float:
    start = time.process_time()
    response = await client.get(address)
    elapsed = time.process_time() - start
    response.raise_for_status()
    return elapsed * 1000


if __name__ == "__main__":
    main()
