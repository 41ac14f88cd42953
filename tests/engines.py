"""Real engines beside our own, each in a process and a folder of its own, where installed."""

import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    """A running engine: where it is asked, changed and loaded, and by whom."""

    name: str
    query: str
    update: str
    graph_store: str
    user: str = ""
    password: str = ""


VIRTUOSO = ("virtuoso-t", "isql-vt")  # on Debian in virtuoso-opensource-7-bin


@contextmanager
def virtuoso(folder: Path) -> Iterator[Engine]:
    """Run Virtuoso 7 in a folder that exists, with one user who may write."""
    isql, http = _free_ports(2)
    password = secrets.token_urlsafe()
    settings = folder / "virtuoso.ini"
    settings.write_text(_VIRTUOSO.format(folder=folder, isql=isql, http=http), encoding="utf-8")
    address = f"http://127.0.0.1:{http}"
    command = ["virtuoso-t", "+configfile", str(settings), "+foreground"]
    with _running(command, folder, f"{address}/sparql?query=ASK%7B%7D"):
        told = _isql(
            isql,
            f"USER_SET_PASSWORD('dba', '{password}');\n"
            f"DB.DBA.USER_CREATE('{_USER}', '{password}');\n"
            f"GRANT SPARQL_UPDATE TO {_USER};\n"
            f"DB.DBA.RDF_DEFAULT_USER_PERMS_SET('{_USER}', 7);\n",
        )
        assert "Error" not in told, told
        yield Engine(
            name="Virtuoso",
            query=f"{address}/sparql",
            update=f"{address}/sparql-auth",
            graph_store=f"{address}/sparql-graph-crud-auth",
            user=_USER,
            password=password,
        )


def missing(*programs: str) -> str:
    """Say which of the programs is not installed; nothing when all are."""
    absent = [name for name in programs if shutil.which(name) is None]
    return f"{absent[0]} is not installed" if absent else ""


def _isql(port: int, script: str) -> str:
    result = subprocess.run(
        ["isql-vt", f"127.0.0.1:{port}", "dba", "dba", "VERBOSE=OFF", "BANNER=OFF"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
        timeout=_START,
    )
    return result.stdout + result.stderr


@contextmanager
def _running(command: list[str], folder: Path, ready: str) -> Iterator[None]:
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        _await(ready, process, folder)
        yield
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
