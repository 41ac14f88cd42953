"""The site over real connections, and the command that serves it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import pytest

from catalogue import app
from catalogue.operating.connections import HEADER_BYTES
from s4s_graph.settings import Settings
from tests.conftest import ROOT
from tests.endpoints import listening

PATIENCE = 30.0  # that guards against a server that never answers


def test_a_question_about_the_whole_server_breaks_nothing(tiny_release: Path) -> None:
    site = app.create(replace(Settings(), releases=tiny_release.parent))
    with listening(site) as address:
        connection = HTTPConnection(address.removeprefix("http://"), timeout=PATIENCE)
        connection.request("OPTIONS", "*")
        assert connection.getresponse().status == 404
        connection.close()


@pytest.fixture
def started(tiny_release: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The command that serves a release, and where it does."""
    own = {"S4S_RELEASES": str(tiny_release.parent), "S4S_PORT": "0", "S4S_LOG": "json"}
    command = [sys.executable, "-m", "s4s_graph", "serve"]
    with subprocess.Popen(
        command, env={**os.environ, **own}, cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if found := re.search(r"http://([\d.:]+)", json.loads(line)["message"]):
                yield found.group(1), process
                break
        process.kill()


def reached(address: str) -> HTTPConnection:
    """Connect to a server that has said where it will listen."""
    connection = HTTPConnection(address, timeout=PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection.connect()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return connection


def test_the_command_serves_so_and_logs_so(
    started: tuple[str, "subprocess.Popen[str]"], tiny_release: Path
) -> None:
    address, process = started
    connection = reached(address)
    connection.request("GET", "/nl/", headers={"X-Long": "a" * 10_000})
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.getheader("Server") is None
    answer.read()
    connection.request("GET", "/nl/", headers={"X-Long": "a" * HEADER_BYTES})
    assert connection.getresponse().status == 431
    connection.close()
    process.send_signal(signal.SIGTERM)
    _, written = process.communicate(timeout=PATIENCE)
    told = [json.loads(line) for line in written.splitlines()]
    requests = [line for line in told if line["message"] == "request"]
    assert [(line["route"], line["release"]) for line in requests] == [
        ("/{lang}/", tiny_release.name)
    ]


def test_a_body_in_pieces_has_the_limit_of_any_other(tiny_release: Path) -> None:
    settings = replace(Settings(), releases=tiny_release.parent, request_bytes=10_000)
    with listening(app.create(settings)) as address:
        connection = HTTPConnection(address.removeprefix("http://"), timeout=PATIENCE)
        pieces = (b"ASK {}" + b" " * 1_000 for _ in range(1_000))
        kind = {"Content-Type": "application/sparql-query"}
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request("POST", "/sparql", pieces, kind, encode_chunked=True)
        assert connection.getresponse().status == 413
        connection.close()
