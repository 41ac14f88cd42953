"""The SPARQL endpoint beside the engine's own server, over HTTP, on one store and in one run.

`python -m tests.bench.endpoint [RELEASES]`: without a folder of releases, one of a million quads
is made. The server is the program `oxigraph` of the package of that name; where it is not there,
its column stays empty. Both are asked in turns, so what else the machine does slows both.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from s4s_graph import release
from s4s_graph.settings import Settings
from tests import engines
from tests.bench.releases import synthetic

INTERVENTIONS = 5_200  # make a million quads
PREFIXES = (
    "PREFIX s4s: <https://w3id.org/skills4skills/def#> "
    "PREFIX intervention: <https://w3id.org/skills4skills/id/intervention/> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)
CHAIN = "?c s4s:aboutIntervention intervention:synthetic-@@ ; s4s:hasOutcome ?outcome ."
SMALL = {
    "point": "SELECT ?p ?o { intervention:synthetic-@@ ?p ?o }",
    "ask": "ASK { intervention:synthetic-@@ a s4s:Intervention }",
    "two hops": f"SELECT ?next {{ {CHAIN} ?next s4s:hasContext ?outcome }} LIMIT 50",
}
HEAVY = {
    "50,000 rows": "SELECT ?thing ?label { ?thing skos:prefLabel ?label } LIMIT 50000 # @@",
    "grouping": "SELECT ?x (COUNT(*) AS ?n) { ?c s4s:hasContext ?x } GROUP BY ?x # @@",
}
CROSS_JOIN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } # @@"
DOUBLED = " ".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(34))
BOMB = f"SELECT (STRLEN(?v34) AS ?n) {{ BIND('aaaaaaaaaa' AS ?v0) {DOUBLED} }} # @@"
ROUNDS = {**dict.fromkeys(SMALL, 300), **dict.fromkeys(HEAVY, 7)}
TARGETS = {**dict.fromkeys(SMALL, 3.0), **dict.fromkeys(HEAVY, 1.3)}
SECONDS = 4.0  # of a measurement with many clients


@dataclass(frozen=True)
class Took:
    """Milliseconds until the first byte of the content and until the last, and the status."""

    first: float
    last: float
    status: int


class Client:
    """One connection, with as little as possible between the clock and the server."""

    def __init__(self, port: int, source: str = "127.0.0.1", patience: float = 60) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), patience, (source, 0))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str, accept: str) -> Took:
        """Ask, and read to the end."""
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n"
        start = time.perf_counter()
        self._socket.sendall(request.encode())
        head, body = self._head()
        wanted = _length(head)
        if not body and wanted != 0:
            body = self._socket.recv(2**18)
        first, end, length = time.perf_counter(), body[-5:], len(body)
        while length < wanted if wanted is not None else end != b"0\r\n\r\n":
            piece = self._socket.recv(2**18)
            if not piece:
                raise ConnectionError("the answer broke off")
            length, end = length + len(piece), (end + piece)[-5:]
        last = time.perf_counter()
        return Took((first - start) * 1000, (last - start) * 1000, int(head.split()[1]))

    def _head(self) -> tuple[bytes, bytes]:
        received = b""
        while b"\r\n\r\n" not in received:
            piece = self._socket.recv(2**16)
            if not piece:
                raise ConnectionError("no answer")
            received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        return head, body


def _length(head: bytes) -> int | None:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return None


@dataclass(frozen=True)
class Server:
    """A server by its port and the path that it is asked at."""

    port: int
    path: str

    def ask(self, client: Client, query: str, number: int) -> Took:
        """Ask a query that was not asked before if its number was not."""
        text = quote(PREFIXES + query.replace("@@", str(number)))
        return client.get(f"{self.path}?query={text}", "application/sparql-results+json")


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[int]:
    """Run a server until the end of the block, which is told its process."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=quiet, stderr=quiet
    )
    try:
        deadline = time.monotonic() + 120
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{command[0]} did not start")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Measure, and say what was asked of it."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        if sys.argv[1:]:
            settings = replace(Settings(), releases=Path(sys.argv[1]))
        else:
            settings = synthetic(Path(name), INTERVENTIONS)
        site = Server(free_port(), "/sparql")
        environment = {"S4S_RELEASES": str(settings.releases), "S4S_PORT": str(site.port)}
        serve = [sys.executable, "-c", "from s4s_graph.cli import main; main()", "serve"]
        process = stack.enter_context(running(serve, site.port, environment))
        engine = _engine(settings, stack)
        _warm(site, process)
        _single(site, engine)
        _many(site)
        _exhausted(site)
        _attacked(site)


def _engine(settings: Settings, stack: ExitStack) -> Server | None:
    server_program = engines.program("oxigraph")
    if not server_program:
        say("The program oxigraph is not installed: its column stays empty.")
        return None
    folder = release.current(settings.releases)
    assert folder
    server = Server(free_port(), "/query")
    place = ["--location", str(folder / release.STORE), "--bind", f"127.0.0.1:{server.port}"]
    command = [server_program, "serve-read-only", *place, "--union-default-graph"]
    stack.enter_context(running(command, server.port, {}))
    return server


def _warm(site: Server, process: int) -> None:
    """Wait until the site has prepared its release, which it does from the first request on."""
    Client(site.port).get("/nl/", "text/html")
    before, quiet = -1.0, 0
    while quiet < 3:  # seconds in a row: in one it may have waited for the disk
        now = cpu_seconds(process)
        quiet = quiet + 1 if now - before < 0.05 else 0
        before = now
        time.sleep(1)


def cpu_seconds(process: int) -> float:
    """Return what a process used of a processor until now."""
    stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def _single(site: Server, engine: Server | None) -> None:
    """One client, one query after another, the two servers in turns."""
    servers = [site] if engine is None else [site, engine]
    say(f"{'median ms':16}{'s4s':>10}{'oxigraph':>10}{'ratio':>8}  target   first byte")
    for name, query in (SMALL | HEAVY).items():
        clients = [Client(server.port) for server in servers]
        took: list[list[Took]] = [[] for _ in servers]
        for number in range(ROUNDS[name]):
            for server, client, times in zip(servers, clients, took, strict=True):
                times.append(server.ask(client, query, number))
        assert {one.status for times in took for one in times} == {200}
        last = [median(one.last for one in times) for times in took]
        first = [f"{median(one.first for one in times):.2f}" for times in took]
        other, ratio = (f"{last[1]:.2f}", f"{last[0] / last[1]:.2f}") if engine else ("", "")
        row = f"{name:16}{last[0]:10.2f}{other:>10}{ratio:>8}  <= {TARGETS[name]:<5}"
        say(f"{row} {' / '.join(first)} ms")


def _many(site: Server) -> None:
    """Eight clients with point queries: all different, from one address and several, and the same.

    Those from several addresses ask anew what was asked before: another text each time.
    """
    one, several = ["127.0.0.1"], [f"127.0.3.{number}" for number in range(1, 9)]
    for name, query, sources, target in (
        ("different point queries from one address", SMALL["point"], one, 1000),
        ("different point queries from several addresses", SMALL["point"] + " ", several, 1000),
        ("identical point queries", SMALL["point"].replace("@@", "1"), one, None),
    ):
        counted = _counted(site, query, sources)
        say(f"8 clients, {name}: {counted:,.0f}/s" + f" (>= {target})" * bool(target))


def _counted(site: Server, query: str, sources: Sequence[str] = ("127.0.0.1",)) -> float:
    end = time.monotonic() + SECONDS

    def ask(first: int) -> int:
        client, number = Client(site.port, sources[first % len(sources)]), first
        while time.monotonic() < end:
            # Another space each time: another query with the same answer.
            text = query if "@@" not in query else query.replace("}", f"}} # {number}")
            site.ask(client, text, number % 5000)
            number += 8
        return (number - first) // 8

    with ThreadPoolExecutor(8) as threads:
        return sum(threads.map(ask, range(8))) / SECONDS


def _exhausted(site: Server) -> None:
    """A query that doubles a text until the memory that it may have is full."""
    took = site.ask(Client(site.port), BOMB, 1)
    say(f"memory bomb: status {took.status} after {took.last / 1000:.2f} s (422, <= 1)")


def _attacked(site: Server) -> None:
    """Pages, and short queries, while four clients send cross joins without pause."""
    paths = [f"/nl/interventions/synthetic-{number}" for number in range(60)]

    def pages() -> float:
        client = Client(site.port)
        took = [client.get(path, "text/html") for path in paths * 3]
        assert {one.status for one in took} == {200}
        return quantiles([one.last for one in took], n=20)[18]

    pages()
    idle, over = pages(), threading.Event()

    def attack(number: int) -> None:
        sent = 0
        while not over.is_set():
            sent += 1
            site.ask(Client(site.port, f"127.0.1.{number}"), CROSS_JOIN, sent)

    with ThreadPoolExecutor(4) as threads:
        for number in range(1, 5):
            threads.submit(attack, number)
        time.sleep(3)
        busy = pages()
        visitor = Client(site.port, "127.0.2.1")
        light = [site.ask(visitor, SMALL["point"], 10_000 + number) for number in range(40)]
        over.set()
    answered = sum(one.status == 200 for one in light)
    longest = max(one.last for one in light)
    say(f"pages, p95: idle {idle:.1f} ms, under attack {busy:.1f} ms: {busy / idle:.2f} (<= 2)")
    say(f"short queries under attack: {answered} of {len(light)} answered, within {longest:.0f} ms")


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def say(line: str) -> None:
    """Write a line now, as a measurement takes its time."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
