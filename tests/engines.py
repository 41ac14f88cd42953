"""Real engines beside our own, each in a process and a folder of its own, where installed."""

import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

_START = 60.0  # seconds that an engine may take
_USER = "s4s"

# Small buffers start fast. Results have no bounds of the engine: what it cuts off, it cuts
# without a word.
_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
ErrorLogLevel = 3
FileExtend = 100
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{isql}
DisableUnixSocket = 1
ServerThreads = 20
CheckpointInterval = 0
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
CaseMode = 2
O_DIRECT = 0
AllowOSCalls = 0
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000000
"""


@dataclass(frozen=True)
class Engine:
    """A running engine: where it is asked, changed and loaded, by whom, and how it is killed."""

    name: str
    query: str
    update: str
    graph_store: str
    kill: Callable[[], None]
    user: str = ""
    password: str = ""


VIRTUOSO = ("virtuoso-t", "isql-vt")  # on Debian in virtuoso-opensource-7-bin
OXIGRAPH = ("oxigraph",)  # in the package of that name


@contextmanager
def virtuoso(folder: Path) -> Iterator[Engine]:
    """Run Virtuoso 7 in a folder that exists, with one user who may write.

    What it left there when it ran before is there again.
    """
    isql, http = _free_ports(2)
    kept = folder / "password.txt"
    password = kept.read_text("utf-8") if kept.exists() else secrets.token_urlsafe()
    settings = folder / "virtuoso.ini"
    settings.write_text(_VIRTUOSO.format(folder=folder, isql=isql, http=http), encoding="utf-8")
    address = f"http://127.0.0.1:{http}"
    command = ["virtuoso-t", "+configfile", str(settings), "+foreground"]
    with _running(command, folder, f"{address}/sparql?query=ASK%7B%7D") as process:
        if not kept.exists():
            _admit(isql, password)
            kept.write_text(password, encoding="utf-8")
        yield Engine(
            name="Virtuoso",
            query=f"{address}/sparql",
            update=f"{address}/sparql-auth",
            graph_store=f"{address}/sparql-graph-crud-auth",
            kill=process.kill,
            user=_USER,
            password=password,
        )


@contextmanager
def oxigraph(folder: Path) -> Iterator[Engine]:
    """Run the server of Oxigraph in a folder that exists, with what it left there before."""
    (port,) = _free_ports(1)
    place = ["--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
    command = [program("oxigraph") or "oxigraph", "serve", *place]
    address = f"http://127.0.0.1:{port}"
    with _running(command, folder, f"{address}/query?query=ASK%7B%7D") as process:
        yield Engine(
            name="Oxigraph",
            query=f"{address}/query",
            update=f"{address}/update",
            graph_store=f"{address}/store",
            kill=process.kill,
        )


# What runs each engine, and the programs that it needs.
REAL: dict[str, tuple[Callable[[Path], AbstractContextManager[Engine]], tuple[str, ...]]] = {
    "virtuoso": (virtuoso, VIRTUOSO),
    "oxigraph": (oxigraph, OXIGRAPH),
}


def program(name: str) -> str | None:
    """Return where a program is installed, beside this Python too; None when it is not."""
    return shutil.which(name) or shutil.which(name, path=Path(sys.executable).parent)


def missing(*programs: str) -> str:
    """Say which of the programs is not installed; nothing when all are."""
    absent = [name for name in programs if program(name) is None]
    return f"{absent[0]} is not installed" if absent else ""


def _admit(port: int, password: str) -> None:
    """Let one user write, with the password that the administrator gets too."""
    script = (
        f"USER_SET_PASSWORD('dba', '{password}');\n"
        f"DB.DBA.USER_CREATE('{_USER}', '{password}');\n"
        f"GRANT SPARQL_UPDATE TO {_USER};\n"
        f"DB.DBA.RDF_DEFAULT_USER_PERMS_SET('{_USER}', 7);\n"
    )
    result = subprocess.run(
        ["isql-vt", f"127.0.0.1:{port}", "dba", "dba", "VERBOSE=OFF", "BANNER=OFF"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
        timeout=_START,
    )
    told = result.stdout + result.stderr
    assert "Error" not in told, told


@contextmanager
def _running(command: list[str], folder: Path, ready: str) -> Iterator["subprocess.Popen[bytes]"]:
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        _await(ready, process, folder)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=_START)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(address: str, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + _START
    while True:
        with suppress(OSError), urlopen(address, timeout=5):
            return
        told = (folder / "output.txt").read_text(encoding="utf-8", errors="replace")
        assert process.poll() is None, told
        assert time.monotonic() < deadline, told
        time.sleep(0.1)


def _free_ports(number: int) -> list[int]:
    opened = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [listening.getsockname()[1] for listening in opened]
    for listening in opened:
        listening.close()
    return ports
