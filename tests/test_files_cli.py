"""The command that serves RDF files: what it says, and that it leaves nothing behind."""

import gzip
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner, Result

from s4s_graph.cli import main


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(main, ["serve", *map(str, arguments)], env={"LANG": "C"})


def test_the_command_says_in_a_sentence_what_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.ttl"
    bad.write_text("<a> <b> .")
    done = run("--file", bad)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].startswith(f"Error: {bad}, line 1, column 9: this cannot")
    assert "regel 1, kolom 9" in run("--file", bad, "--lang", "nl").stderr
    for arguments, sentence in (
        (["--file", tmp_path / "absent.nt"], "does not exist"),
        (["--named"], "--named goes with --file"),
        ([bad], f"{bad} goes with --file"),
    ):
        done = run(*arguments)
        assert done.exit_code == 2
        assert sentence in done.stderr


def test_the_help_shows_how(tmp_path: Path) -> None:
    text = run("--help").stdout
    assert "--file FILE..." in text
    assert "s4s serve --file *.ttl" in text


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_files_are_served_until_the_command_ends(tmp_path: Path, ending: signal.Signals) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = "from s4s_graph.cli import main; main()"
    files = [tmp_path / "a.nt", tmp_path / "b.nt.gz"]
    files[0].write_text("<x:a> <x:b> <x:c> .\n<x:a> <x:b> <x:d> .\n")
    files[1].write_bytes(gzip.compress(b"<x:a> <x:b> <x:e> ."))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", script, "serve", "--port", str(port), "--file", *files],
        env=os.environ | {"TMPDIR": str(temporary), "LANG": "C"},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            await_page(f"http://127.0.0.1:{port}/en/", process)
            assert list(temporary.iterdir())
        finally:
            process.send_signal(ending)
        assert process.stderr
        said = process.stderr.read()
    assert f"{files[0]}: 2 statements" in said
    assert "Traceback" not in said
    assert not list(temporary.iterdir())


def await_page(address: str, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None
        assert time.monotonic() < deadline
        try:
            assert httpx2.get(address).status_code == 200
        except httpx2.ConnectError:
            time.sleep(0.1)
        else:
            return
