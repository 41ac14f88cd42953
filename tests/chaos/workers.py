"""Processes that are killed while readers ask: the workers of a site, and the site itself."""

import os
import random
import signal
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import sleep
from urllib.parse import quote

from s4s_graph.settings import Settings
from tests.chaos import swaps
from tests.chaos.serving import Site, ask, site, until

# Takes some hundredths of a second, so that many workers are killed in the middle of one; each
# time with another number, or the answer would be one that was kept.
LONG = "SELECT (COUNT(*) + {} AS ?n) {{ ?a ?p ?b . ?b ?q ?c }}"
SENTENCE = b"the process that ran the query was stopped, not by the query; try again\n"


@dataclass(frozen=True)
class Outcome:
    """What came of killing workers: what queries got, and how many workers there are at the end."""

    kills: int
    statuses: Counter[str]
    workers: int

    def __str__(self) -> str:
        return (
            f"{self.kills} workers killed, {self.statuses.total():,} queries "
            f"{dict(self.statuses)}, {self.workers} workers"
        )


def run(folder: Path, one: Path, kills: int, readers: int = 3, seed: int = 0) -> Outcome:
    """Kill a worker at random so often, each time when all are there, while readers ask."""
    chance, most = random.Random(seed), Settings().workers
    with site(one.parent, folder / "workers.log") as served, ThreadPoolExecutor(readers) as threads:
        until(lambda: len(served.workers) == most)
        end = Event()
        reading = [threads.submit(_read, served, number, end) for number in range(readers)]
        try:
            for _ in range(kills):
                sleep(chance.uniform(0, 0.3))
                until(lambda: len(served.workers) == most)
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(sorted(served.workers)), signal.SIGKILL)
        finally:
            end.set()
        statuses = sum((one.result() for one in reading), Counter[str]())
        until(lambda: len(served.workers) == most and served.get(f"/sparql?query={ASK}")[0] == 200)
        return Outcome(kills, statuses, len(served.workers))


ASK = quote("ASK {}")


def orphans(folder: Path, one: Path) -> set[int]:
    """Kill a site in the middle of queries; return those of its workers that stay."""
    with site(one.parent, folder / "orphans.log") as served, ThreadPoolExecutor(2) as threads:
        until(lambda: served.workers)
        end = Event()
        for number in range(2):
            threads.submit(_read, served, number, end)
        sleep(0.3)
        left = served.workers
        served.process.kill()
        end.set()
        with suppress(TimeoutError):
            until(lambda: not any(map(_runs, left)))
        return {pid for pid in left if _runs(pid)}


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"  # ended, and nobody has asked yet how


def _read(served: Site, number: int, end: Event) -> Counter[str]:
    statuses, connection = Counter[str](), served.connect()
    while not end.is_set():
        number += 1_000
        try:
            status, body = ask(connection, f"/sparql?query={quote(LONG.format(number))}")
        except (OSError, HTTPException) as error:
            statuses[repr(error)] += 1
            connection.close()
            continue
        told = status == 200 or (status == 503 and body == SENTENCE)
        statuses[str(status) if told else f"{status}: {body.decode()}"] += 1
    connection.close()
    return statuses


def main(kills: int) -> None:
    """Kill workers and a site over the tiny graph, and print what came of it."""
    with TemporaryDirectory(prefix="chaos-") as name:
        folder = Path(name)
        one, _ = swaps.two(folder)
        outcome = run(folder, one, kills)
        sys.stdout.write(f"{outcome}\n")
        if outcome.statuses.keys() - {"200", "503"} or outcome.statuses["503"] > kills:
            raise SystemExit("more than the killed queries failed")
        if left := orphans(folder, one):
            raise SystemExit(f"workers without a site: {left}")
