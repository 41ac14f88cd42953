"""A real site in a process of its own, and what can be read of that process."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from socket import socket
from statistics import median
from time import monotonic, sleep

STARTED = re.compile(r"running on http://127\.0\.0\.1:(\d+)")
WAIT_SECONDS = 120.0  # guards against a hang; nothing is expected to take so long


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
            text = (thread / "children").read_text(encoding="ascii")
            children |= {int(pid) for pid in text.split()}
        return children

    @property
    def memory(self) -> int:
        """The bytes of memory that the site has in use, without its workers."""
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"^VmRSS:\s+(\d+) kB$", text, re.MULTILINE)
        assert found
        return int(found[1]) * 1024

    @property
    def descriptors(self) -> int:
        """The number of files and connections that the site has open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    @property
    def threads(self) -> int:
        """The number of threads of the site."""
        return len(os.listdir(f"/proc/{self.process.pid}/task"))


def ask(
    connection: HTTPConnection, path: str, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Ask for something over an open connection; return the status and the body."""
    connection.request("GET", path, headers=headers or {})
    response: HTTPResponse = connection.getresponse()
    return response.status, response.read()


def growth(samples: Sequence[float]) -> float:
    """Return how many times as much the end took as the time after warming up.

    That is the last tenth of the samples, against the tenth after the first third; medians, since
    what was replaced is there for a moment beside what replaces it.
    """
    third, tenth = len(samples) // 3, max(len(samples) // 10, 1)
    return median(samples[-tenth:]) / median(samples[third : third + tenth])


@contextmanager
def site(releases: Path, log: Path, **settings: str) -> Iterator[Site]:
    """Serve the releases of a folder with `s4s serve` on a free port; what it says goes to `log`.

    All clients here have one address, so it may ask for as much as it likes.
    """
    given = {"S4S_RELEASES": str(releases), "S4S_RATE_PAGES": "0", "S4S_RATE_PROGRAMS": "0"}
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
