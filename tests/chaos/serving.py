"""A real site in a process of its own, and what can be read of that process."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from socket import socket
from statistics import median
from time import monotonic, sleep

STARTED = re.compile(r"running on http://127\.0\.0\.1:(\d+)")
WAIT_SECONDS = 120.0  # guards against a hang; nothing is expected to take so long


@dataclass(frozen=True)
class Use:
    """What a site takes of the machine at a moment.

    memory: bytes of memory, without its workers. held: the part of these that is no copy of what
    is in files, which the system takes back when it needs room. workers: bytes of all workers.
    """

    memory: int
    held: int
    workers: int
    descriptors: int
    threads: int

    def __str__(self) -> str:
        memory, held, workers = (n / 2**20 for n in (self.memory, self.held, self.workers))
        return (
            f"{memory:4.0f} MiB, held {held:4.0f}, workers {workers:4.0f}; "
            f"{self.descriptors:3} open, {self.threads:2} threads"
        )


class Site:
    """A site that runs: its port, its process and the workers of that."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process = process
        self.port = port

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Ask for something over a new connection; return the status and the body."""
        connection = self.connect()
        try:
            return ask(connection, path, headers)
        finally:
            connection.close()

    def connect(self) -> HTTPConnection:
        """Return a connection that stays open between requests."""
        return HTTPConnection("127.0.0.1", self.port, timeout=WAIT_SECONDS)

    @property
    def workers(self) -> set[int]:
        """The ids of the processes that the site started."""
        children: set[int] = set()
        # Each thread has children of its own.
        for thread in Path(f"/proc/{self.process.pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
                text = (thread / "children").read_text(encoding="ascii")
                children |= {int(pid) for pid in text.split()}
        return children

    def use(self) -> Use:
        """Return what the site takes of the machine now."""
        memory, held = _memory(self.process.pid)
        folder = Path(f"/proc/{self.process.pid}")
        workers = 0
        for pid in self.workers:
            with suppress(FileNotFoundError, ProcessLookupError):
                workers += _memory(pid)[0]
        descriptors, threads = (len(os.listdir(folder / name)) for name in ("fd", "task"))
        return Use(memory, held, workers, descriptors, threads)


def _memory(process: int) -> tuple[int, int]:
    """Return the bytes of memory of a process, all and without what is in files."""
    text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = dict(re.findall(r"^(VmRSS|RssAnon):\s+(\d+) kB$", text, re.MULTILINE))
    # A process that has ended, and was not yet asked how, has none.
    return int(found.get("VmRSS", 0)) * 1024, int(found.get("RssAnon", 0)) * 1024


def ask(
    connection: HTTPConnection, path: str, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Ask for something over an open connection; return the status and the body."""
    connection.request("GET", path, headers=headers or {})
    response: HTTPResponse = connection.getresponse()
    return response.status, response.read()


@dataclass(frozen=True)
class Growth:
    """How many times as much a site took at the end as at the start, after warming up.

    Medians of the first and the last tenth of the samples, since what was replaced is there for a
    moment beside what replaces it.
    """

    memory: float
    held: float
    descriptors: float

    @classmethod
    def of(cls, samples: Sequence[Use]) -> "Growth":
        """Compare the start and the end of what was seen one after the other."""
        tenth = max(len(samples) // 10, 1)

        def grown(what: Callable[[Use], int]) -> float:
            return median(map(what, samples[-tenth:])) / median(map(what, samples[:tenth]))

        return cls(
            grown(lambda one: one.memory), grown(lambda one: one.held),
            grown(lambda one: one.descriptors),
        )  # fmt: skip

    @property
    def flat(self) -> bool:
        """Whether nothing grew by more than a tenth."""
        return max(self.memory, self.held, self.descriptors) <= 1.1

    def __str__(self) -> str:
        return (
            f"the end beside the start: memory x{self.memory:.3f}, held x{self.held:.3f}, "
            f"open x{self.descriptors:.3f}"
        )


@contextmanager
def site(releases: Path, log: Path, **settings: str) -> Iterator[Site]:
    """Serve the releases of a folder with `s4s serve` on a free port; what it says goes to `log`.

    All clients here have one address, so it may ask for as much as it likes.
    """
    given = {
        "S4S_RELEASES": str(releases),
        "S4S_RATE_PAGES": "0",
        "S4S_RATE_PROGRAMS": "0",
        "S4S_MONITORS": "127.0.0.1",
    }
    with log.open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "s4s_graph", "serve", "--port", "0"],
            env=os.environ | given | settings,
            stderr=said,
            text=True,
        )
    try:
        yield Site(process, _port(process, log))
    finally:
        process.kill()
        process.wait()


def _port(process: "subprocess.Popen[str]", log: Path) -> int:
    until(lambda: process.poll() is not None or "startup complete" in log.read_text())
    found = STARTED.search(log.read_text())
    if not found:
        raise RuntimeError(f"the site did not start: {log.read_text()}")
    port = int(found[1])
    # It says so a moment before it listens.
    until(lambda: process.poll() is not None or _listens(port))
    return port


def _listens(port: int) -> bool:
    with socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds. Raises TimeoutError when it never does."""
    deadline = monotonic() + WAIT_SECONDS
    while not holds():
        if monotonic() > deadline:
            raise TimeoutError("what was waited for did not come about")
        sleep(0.01)
