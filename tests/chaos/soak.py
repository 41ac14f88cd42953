"""A site that is used in every way at once for a long time, and what it holds on to meanwhile."""

import random
import re
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from urllib.parse import quote

from s4s_graph import build
from s4s_graph.settings import Settings
from tests.chaos.serving import Growth, Site, Use, site

PAGES = (
    "/nl/", "/en/", "/nl/interventions", "/en/companies", "/nl/mechanisms", "/nl/conditions",
    "/nl/coherence", "/en/coherence/routes", "/nl/schemes/themes", "/nl/sparql", "/en/questions",
    "/nl/data", "/nl/ontology", "/nl/changes", "/static/site.css", "/sitemap.xml",
)  # fmt: skip
WORDS = ("skills", "loopbaan", "leren", "mkb", "coach", "bbl", "xyzzy", "a", "één", "'", '"*')
DOWNLOADS = ("dump/skills4skills.nq", "dump/skills4skills.ttl", "dump/skills4skills.jsonld")
QUERIES = (
    "SELECT ?t (COUNT(*) AS ?n) { ?s a ?t } GROUP BY ?t ORDER BY DESC(?n)",
    "SELECT ?s ?o { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o } LIMIT 1000",
    "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t }",
    "ASK { ?s ?p 'no such thing' }",
)
# Its answer is small enough to come in one piece: who gets one in pieces gets one that is not kept.
KEPT = "SELECT ?s ?o {{ ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o }} LIMIT 300 # {}"
BAD = (
    "/nl/../../etc/passwd", "/nl/interventions?page=-1", "/nl/none", "/xx/%ff%fe",
    "/nl/" + "a" * 3000,
    "/sparql?query=SELECT", "/sparql?query=" + quote("SELECT * { SERVICE <http://localhost> { } }"),
    "/api/v1/questions/none", "/nl/coherence?year=9999999", "/nl/search?q=%00",
)  # fmt: skip
LINK = re.compile(r'href="(/nl/[a-z-]+/[a-z0-9-]+)"')
MISSED = re.compile(r"^s4s_sparql_cache_misses_total (\S+)$", re.MULTILINE)
SAMPLE_SECONDS = 5.0


@dataclass(frozen=True)
class Outcome:
    """What came of it: requests by kind and status, and what the site took at which second."""

    statuses: Counter[str]
    samples: tuple[tuple[float, Use], ...]

    @property
    def failures(self) -> int:
        """How many requests got an error of the site, or none at all."""
        fine = ("2", "3", "4", "503")  # a busy endpoint says so
        return sum(
            count for name, count in self.statuses.items() if not name.split()[1].startswith(fine)
        )

    @property
    def growth(self) -> Growth:
        """How the end differs from the start."""
        return Growth.of([use for _, use in self.samples])

    def __str__(self) -> str:
        lines = [f"{name}: {count:,}" for name, count in sorted(self.statuses.items())]
        shown = self.samples[:: max(len(self.samples) // 30, 1)]
        lines += (f"{seconds:6.0f} s {use}" for seconds, use in (*shown, self.samples[-1]))
        most = max(use.memory for _, use in self.samples)
        lines.append(f"{self.statuses.total():,} requests, {self.failures} failures")
        lines.append(f"{self.growth}; at the most {most / 2**20:.0f} MiB")
        return "\n".join(lines)


class Readers:
    """Readers of one site, each of its own kind, until an event."""

    def __init__(self, served: Site, end: Event, things: tuple[str, ...]) -> None:
        self._served = served
        self._end = end
        self._things = things

    def run(self, seed: int) -> Counter[str]:
        """Ask for one thing after another, as a person does, a program, or who means ill."""
        chance, statuses = random.Random(seed), Counter[str]()
        kinds: tuple[tuple[str, Callable[[random.Random], int]], ...] = (
            ("page", lambda chance: self._get(chance.choice(PAGES + self._things))),
            ("page", lambda chance: self._get(chance.choice(self._things))),
            ("search", lambda chance: self._get(f"/nl/search?q={quote(_words(chance))}")),
            ("sparql", lambda chance: self._get(f"/sparql?query={quote(_query(chance))}")),
            ("download", lambda chance: self._get(f"/{chance.choice(DOWNLOADS)}")),
            ("bad", lambda chance: self._get(chance.choice(BAD))),
            ("slow", self._read_slowly),
            ("torn", self._leave),
        )
        while not self._end.is_set():
            name, ask = chance.choice(kinds)
            try:
                statuses[f"{name} {ask(chance)}"] += 1
            except (OSError, HTTPException) as error:
                statuses[f"{name} {type(error).__name__}"] += 1
        return statuses

    def _get(self, path: str) -> int:
        return self._served.get(path)[0]

    def _read_slowly(self, chance: random.Random) -> int:
        with closing(self._served.connect()) as connection:
            connection.request("GET", f"/{chance.choice(DOWNLOADS)}")
            response = connection.getresponse()
            while response.read(256 * 1024) and not self._end.is_set():
                self._end.wait(0.05)
            return response.status

    def _leave(self, chance: random.Random) -> int:
        """Ask, and go away before the answer, or in the middle of the question."""
        with socket.create_connection(("127.0.0.1", self._served.port)) as connection:
            path = chance.choice((*PAGES, f"/sparql?query={quote(_query(chance))}"))
            text = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
            connection.sendall(text[: chance.randint(1, len(text))])
        return 200


def _words(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 3)))


def _query(chance: random.Random) -> str:
    # Half of them were not asked before, so that they are not answered by what was kept.
    more = f"\n# {chance.random()}" if chance.random() < 0.5 else ""
    return chance.choice(QUERIES) + more


def _things(served: Site) -> tuple[str, ...]:
    """Return the paths of the things that pages lead to."""
    pages = (served.get(path)[1].decode() for path in PAGES)
    found = tuple(sorted({link for page in pages for link in LINK.findall(page)}))
    assert found
    return found


def warm(served: Site, kept: int) -> None:
    """Fill what a site keeps up to a size: each page once, and `kept` bytes of answers.

    Raises AssertionError when the answers are not full then: the one that was asked for first is
    there as long as there is room for it.
    """
    for path in (*_things(served), *(f"/{download}" for download in DOWNLOADS), *BAD):
        served.get(path)
    size = asked = 0
    while size <= kept:
        size += len(_numbered(served, asked))
        asked += 1
    missed = _missed(served)
    _numbered(served, asked - 1)
    assert _missed(served) == missed, "the answer that was asked for last is not kept"
    _numbered(served, 0)
    assert _missed(served) == missed + 1, "there is room for all answers"


def _numbered(served: Site, number: int) -> bytes:
    """Return the answer to a query, which is another one by its number only."""
    status, answer = served.get(f"/sparql?query={quote(KEPT.format(number))}")
    assert status == 200
    return answer


def _missed(served: Site) -> int:
    """Return how many answers were not kept when they were asked for."""
    found = MISSED.search(served.get("/-/metrics")[1].decode())
    assert found
    return int(float(found[1]))


def run(served: Site, seconds: float, readers: int = 4) -> Outcome:
    """Use a site in every way for so long, by several readers at once, and look at it meanwhile."""
    things = _things(served)
    end, samples = Event(), []
    with ThreadPoolExecutor(readers) as threads:
        reading = [
            threads.submit(Readers(served, end, things).run, seed) for seed in range(readers)
        ]
        start = time.monotonic()
        try:
            while (passed := time.monotonic() - start) < seconds:
                samples.append((passed, served.use()))
                end.wait(min(SAMPLE_SECONDS, seconds / 30))
        finally:
            end.set()
    return Outcome(sum((one.result() for one in reading), Counter[str]()), tuple(samples))


def main(minutes: float) -> None:
    """Use a site over the shipped release for so long, and print what came of it."""
    with TemporaryDirectory(prefix="chaos-") as name:
        folder = Path(name)
        made = build.build(replace(Settings(), releases=folder / "releases")).release
        assert made
        with site(made.parent, folder / "soak.log") as served:
            warm(served, Settings().cache_bytes)
            outcome = run(served, minutes * 60)
        sys.stdout.write(f"{outcome}\n")
        if outcome.failures or not outcome.growth.flat:
            raise SystemExit("requests failed, or memory or descriptors grew by more than a tenth")
