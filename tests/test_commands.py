"""Every command: its help has an example, the README tells of it, and it ends with 0, 1 or 2."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from s4s_graph.cli import main

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELLS = ("bash", "zsh", "fish")
# They speak about a release, so without one they can say nothing.
OF_A_RELEASE = (
    ["ask"],
    ["coherence"],
    ["improve"],
    ["route", "--company", "a", "--goal", "b"],
    ["mappings", "export"],
    ["mappings", "derive"],
    ["releases"],
    ["releases", "use", "4d5a54828d1a1bef"],
    ["releases", "verify"],
    ["serve"],
)


def walk(command: click.Command, *names: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield a command and all below it, by the words that call it."""
    yield names, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, *names, name)


ALL = dict(walk(main))
RUN = {names: command for names, command in ALL.items() if not isinstance(command, click.Group)}


def ident(names: tuple[str, ...]) -> str:
    return " ".join(("s4s", *names))


def examples(command: click.Command) -> list[list[str]]:
    """Return the words of each example in the help of a command."""
    text = " ".join((command.help or "").split())
    return [part.split() for part in re.split(r"(?=\bs4s )", text)[1:]]


@pytest.mark.parametrize("names", ALL, ids=ident)
def test_help_ends_well_and_has_an_example(names: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, [*names, "--help"])
    assert done.exit_code == 0
    words = ["s4s", *names]
    assert any(found[: len(words)] == words for found in examples(ALL[names]))


@pytest.mark.parametrize("names", RUN, ids=ident)
def test_the_options_of_an_example_exist(names: tuple[str, ...]) -> None:
    known = {option for parameter in RUN[names].params for option in parameter.opts}
    for words in examples(RUN[names]):
        if words[1 : len(names) + 1] == list(names):
            used = {word for word in words if word.startswith("--") and len(word) > 2}
            assert used <= known


@pytest.mark.parametrize("names", RUN, ids=ident)
def test_each_option_says_what_it_does(names: tuple[str, ...]) -> None:
    options = [found for found in RUN[names].params if isinstance(found, click.Option)]
    assert [option.name for option in options if not option.help] == []


@pytest.mark.parametrize("names", RUN, ids=ident)
def test_the_readme_tells_of_it_in_the_table_of_commands(names: tuple[str, ...]) -> None:
    rows = [line for line in README.splitlines() if line.startswith(f"| `s4s {names[0]}` |")]
    assert len(rows) == 1
    assert all(re.search(rf"\b{name}\b", rows[0]) for name in names)


def test_the_readme_tells_of_each_measurement() -> None:
    scripts = [
        path.stem
        for path in sorted((ROOT / "tests/bench").glob("[a-z]*.py"))
        if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
    ]
    assert scripts
    assert [name for name in scripts if f"`python -m tests.bench.{name}" not in README] == []


@pytest.mark.parametrize("names", RUN, ids=ident)
def test_a_wrong_use_ends_with_2(names: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, [*names, "--no-such-option"])
    assert done.exit_code == 2
    assert "--no-such-option" in done.stderr


@pytest.mark.parametrize("arguments", OF_A_RELEASE, ids=" ".join)
def test_what_cannot_be_done_ends_with_1_and_a_sentence(
    arguments: list[str], tmp_path: Path
) -> None:
    done = CliRunner().invoke(main, arguments, env={"S4S_RELEASES": str(tmp_path), "LANG": "C"})
    assert done.exit_code == 1
    assert done.stderr == f"Error: there is no release in {tmp_path} yet; run `s4s build`\n"


@pytest.mark.parametrize("command", ["serve", "watch"])
def test_a_port_in_use_ends_with_1(command: str, tiny_release: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = subprocess.run(
            [sys.executable, "-m", "s4s_graph", command, "--port", str(taken.getsockname()[1])],
            env=os.environ | {"S4S_RELEASES": str(tiny_release.parent)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert "address already in use" in done.stderr.lower()


def test_a_site_that_is_stopped_ends_with_0(tiny_release: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "s4s_graph", "serve", "--port", "0"],
        env=os.environ | {"S4S_RELEASES": str(tiny_release.parent)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        assert any("startup complete" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
        assert "Aborted" not in told
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_that_it_can_read(shell: str) -> None:
    done = CliRunner().invoke(main, ["completion", shell])
    assert done.exit_code == 0
    assert "_S4S_COMPLETE" in done.stdout
    if not (program := shutil.which(shell)):
        pytest.skip(f"{shell} is not installed, so it cannot read its script")
    read = subprocess.run([program, "-n"], input=done.stdout, text=True, capture_output=True)
    assert read.stderr == ""


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("s4s voc", ["plain,vocabulary"]),
        ("s4s mappings der", ["plain,derive"]),
        ("s4s check --chan", ["plain,--changed-since"]),
        ("s4s ask thin", ["plain,thin-evidence"]),
    ],
)
def test_a_word_is_completed(typed: str, completed: list[str]) -> None:
    asked = {
        "_S4S_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(typed.count(" ")),
    }
    done = subprocess.run(
        [sys.executable, "-m", "s4s_graph"],
        env=os.environ | asked,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == completed
