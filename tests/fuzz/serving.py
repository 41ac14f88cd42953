"""The sites as people start them: `s4s serve`, `s4s serve --restricted`, a review in a browser."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from catalogue import app as public
from catalogue.mapping import review as reviewing
from s4s_graph import access
from s4s_graph.build import build
from s4s_graph.mappings import known as concepts
from s4s_graph.settings import Settings
from tests import reviews
from tests.fuzz import knowing
from tests.fuzz.knowing import Known

STARTING = 60  # seconds that a site may take to start


@dataclass(frozen=True)
class Served:
    """A site that is served: where, what it answers to, and the headers that let one in."""

    name: str
    address: tuple[str, int]
    known: Known
    usual: tuple[tuple[str, str], ...]
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def base(self) -> str:
        """Return how its addresses begin."""
        return f"http://{self.address[0]}:{self.address[1]}"

    @property
    def said(self) -> str:
        """Return what it wrote to its log."""
        return self.log.read_text(encoding="utf-8", errors="backslashreplace")

    def is_alive(self) -> bool:
        """Tell whether the process runs, and something answers there."""
        try:
            with socket.create_connection(self.address, timeout=STARTING):
                return self.process.poll() is None
        except OSError:
            return False


def settings(folder: Path) -> Settings:
    """Return those of sites over releases in a new folder, which they make."""
    found = replace(
        Settings(),
        data=folder / "data",
        releases=folder / "public",
        restricted_releases=folder / "restricted",
        tokens=folder / "tokens.json",
        audit_log=folder / "audit.jsonl",
        disclosure_floor=1,
        query_seconds=1.0,
        rate_pages=0,
        rate_programs=0,
    )
    reviews.data(found.data)
    result = build(found, restricted=True)
    assert result.release, [problem.text("en") for problem in result.problems]
    return found


@contextmanager
def site(found: Settings, known: Known, log: Path) -> Iterator[Served]:
    """Serve the public site."""
    with _started(found, log, "serve", "--port", str(port := _free())) as process:
        yield _ready(Served("public", ("127.0.0.1", port), known, (), process, log), "/robots.txt")


@contextmanager
def restricted(found: Settings, known: Known, log: Path) -> Iterator[Served]:
    """Serve the restricted site to someone who may see everything."""
    token = access.add(found.tokens, "ada", "all", 1)
    usual = (("Authorization", f"Bearer {token}"),)
    with _started(found, log, "serve", "--restricted", "--port", str(port := _free())) as process:
        served = Served("restricted", ("127.0.0.1", port), known, usual, process, log)
        yield _ready(served, "/static/icon.svg")


@contextmanager
def review(found: Settings, log: Path) -> Iterator[Served]:
    """Serve a review in a browser."""
    command = ("mappings", "review", "--browser", "--author", reviews.AUTHOR, "--port", "0")
    with _started(found, log, *command) as process:
        deadline = time.monotonic() + STARTING
        while not (told := re.search(r"http://127\.0\.0\.1:(\d+)/([^/]+)/", log.read_text())):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        port, token = int(told[1]), told[2]
        origin = (("Origin", f"http://127.0.0.1:{port}"),)
        app = reviewing.create(reviews.review(found.data), concepts.read(found), token, found)
        known = knowing.of_review(app, token)
        yield Served("review", ("127.0.0.1", port), known, origin, process, log)


def learnt(found: Settings) -> Known:
    """Return what the public site answers to."""
    return knowing.of(public.create(found))


@contextmanager
def _started(found: Settings, log: Path, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    given = {
        f"S4S_{name.upper()}": str(value)
        for name, value in vars(found).items()
        if value != getattr(Settings(), name)
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("S4S_")}
    command = [sys.executable, "-m", "s4s_graph", *arguments]
    with (
        log.open("wb") as file,
        subprocess.Popen(command, stdout=file, stderr=file, env={**clean, **given}) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def _ready(served: Served, path: str) -> Served:
    deadline = time.monotonic() + STARTING
    while True:
        try:
            with urlopen(served.base + path, timeout=STARTING):
                return served
        except URLError as error:
            if served.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(served.said) from error
            time.sleep(0.1)
