"""Releases that follow each other while readers read, and nobody notices but by the content.

Every answer is held against those that each release gave before, byte for byte: one that is in
part of the one and in part of the other is equal to neither.
"""

import shutil
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from urllib.parse import quote

from s4s_graph import build, release
from s4s_graph.settings import Settings
from tests.chaos.serving import Growth, Site, Use, ask, site, until

TINY = Path(__file__).parents[1] / "tiny/data"
COUNTED = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
NAMED = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(isLiteral(?o)) } ORDER BY ?s ?p ?o"
# Where others keep the machine busy, a query that has to wait is not one that a swap lost.
PATIENT = {"S4S_QUEUE_SECONDS": "60", "S4S_QUERY_SECONDS": "60"}
WARM_SWAPS = 20  # by then all readers were at all pages of both releases, several times
PATHS = (
    "/nl/",
    "/en/interventions",
    "/nl/companies",
    "/nl/coherence",
    "/api/v1/questions/gaps",
    "/dump/skills4skills.nq",
    *(f"/sparql?query={quote(query)}" for query in (COUNTED, NAMED)),
)


@dataclass(frozen=True)
class Outcome:
    """What came of swaps: requests by their status or error, how many answers were of neither.

    samples: what the site took after each swap.
    """

    swaps: int
    statuses: Counter[str]
    mixed: Counter[str]
    samples: tuple[Use, ...]
    workers: int

    @property
    def growth(self) -> Growth:
        """How the end differs from the start, after warming up."""
        return Growth.of(self.samples[min(WARM_SWAPS, len(self.samples) // 2) :])

    def __str__(self) -> str:
        shown = self.samples[:: max(len(self.samples) // 20, 1)]
        most = max(use.memory for use in self.samples)
        return "\n".join((
            *map(str, (*shown, self.samples[-1])),
            f"{self.swaps} swaps, {self.statuses.total():,} requests {dict(self.statuses)}, "
            f"mixed {dict(self.mixed)}; {self.workers} workers",
            f"{self.growth}; at the most {most / 2**20:.0f} MiB",
        ))  # fmt: skip


def two(folder: Path) -> tuple[Path, Path]:
    """Build the tiny graph with and without what was invented, in a folder of releases."""
    data = shutil.copytree(TINY, folder / "data")
    settings = replace(Settings(), data=data, releases=folder / "releases", disclosure_floor=1)
    made = [
        build.build(settings, without_illustrative=without).release for without in (True, False)
    ]
    first, second = made
    assert first
    assert second
    return first, second


def run(folder: Path, first: Path, second: Path, swaps: int, readers: int = 3) -> Outcome:
    """Swap two releases of a folder so often, each time when the last one is served."""
    with site(first.parent, folder / "swaps.log", **PATIENT) as served:
        each = [_answers(served, one) for one in (first, second)]
        known = {path: {answers[path] for answers in each} for path in PATHS}
        assert [path for path in PATHS if len(known[path]) < 2] == [], "the same in both releases"
        end, samples = Event(), []
        with ThreadPoolExecutor(readers) as threads:
            reading = [threads.submit(_read, served, n, known, end) for n in range(readers)]
            try:
                for number in range(swaps):
                    _swap(served, (first, second)[number % 2])
                    samples.append(served.use())
            finally:
                end.set()
        read = [one.result() for one in reading]
        statuses = sum((statuses for statuses, _ in read), Counter[str]())
        mixed = sum((mixed for _, mixed in read), Counter[str]())
        # What was replaced is closed in the background.
        until(lambda: len(served.workers) <= Settings().workers)
        return Outcome(swaps, statuses, mixed, tuple(samples), len(served.workers))


def _answers(served: Site, one: Path) -> dict[str, bytes]:
    """Return what a release answers at each path."""
    _swap(served, one)
    found = {}
    for path in PATHS:
        status, found[path] = served.get(path)
        assert status == 200, f"{path}: {status}"
        assert served.get(path) == (200, found[path]), f"{path} is not the same twice"
    return found


def _swap(served: Site, to: Path) -> None:
    release.point(to.parent, to.name)
    until(lambda: to.name.encode() in served.get("/nl/")[1])


def _read(
    served: Site, number: int, known: dict[str, set[bytes]], end: Event
) -> tuple[Counter[str], Counter[str]]:
    statuses, mixed = Counter[str](), Counter[str]()
    connection, paths = served.connect(), list(known)
    while not end.is_set():
        path = paths[number % len(paths)]
        number += 1
        try:
            status, body = ask(connection, path)
        except (OSError, HTTPException) as error:
            statuses[repr(error)] += 1
            connection.close()
            continue
        statuses["200" if status == 200 else f"{status} {path}: {body.decode()}"] += 1
        if status == 200 and body not in known[path]:
            mixed[path] += 1
    connection.close()
    return statuses, mixed


def main(swaps: int) -> None:
    """Swap two releases of the tiny graph, and print what came of it."""
    with TemporaryDirectory(prefix="chaos-") as name:
        outcome = run(Path(name), *two(Path(name)), swaps)
        sys.stdout.write(f"{outcome}\n")
        if outcome.statuses.keys() != {"200"} or outcome.mixed:
            raise SystemExit("requests failed, or got a part of each release")
        if not outcome.growth.flat:
            raise SystemExit("memory or descriptors grew by more than a tenth")
