"""A review: the open candidates one by one, by the keys of a terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from reviews import AUTHOR, OPEN, data, decided, review

from s4s_graph.cli import main
from s4s_graph.mappings import decisions, wording
from s4s_graph.mappings.reviewing import NoSetError

SECONDS = 15
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data(tmp_path / "data")


class Screen:
    """The other end of a terminal: what was written on it, and the keys."""

    def __init__(self, descriptor: int, process: "subprocess.Popen[bytes]") -> None:
        self._descriptor = descriptor
        self.process = process
        self._read = b""

    @property
    def text(self) -> str:
        """All that was written so far."""
        return self._read.decode(errors="ignore")

    def wait(self, *texts: str) -> str:
        """Read until all texts stand on the screen since it was last cleared; return it."""
        latest = time.monotonic() + SECONDS
        while time.monotonic() < latest:
            shown = ESCAPES.sub("", self.text.rpartition("\x1b[H\x1b[2J")[2])
            if all(text in shown for text in texts):
                return shown
            if select.select([self._descriptor], [], [], 0.1)[0]:
                try:
                    self._read += os.read(self._descriptor, 65_536)
                except OSError:
                    break
        pytest.fail(f"{texts} did not come; there is:\n{ESCAPES.sub('', self.text)[-3000:]}")

    def press(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())


@contextmanager
def terminal(folder: Path, *options: str, columns: int = 120, lines: int = 45) -> Iterator[Screen]:
    """Run the command in a terminal of this size, in Dutch."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    command = [sys.executable, "-c", "from s4s_graph.cli import main; main()"]
    asked = ["mappings", "review", "--data", str(folder), "--lang", "nl", *options]
    environment = {**os.environ, "TERM": "xterm"}
    environment.pop("COLUMNS", None)
    environment.pop("LINES", None)
    process = subprocess.Popen(
        [*command, *asked],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
        # Tests that run in the background have Ctrl+C ignored, and hand that down.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    os.close(theirs)
    try:
        yield Screen(ours, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(ours)


def test_keys_accept_reject_and_write_at_once(folder: Path) -> None:
    with terminal(folder, "--author", "0000-0002-1825-0097") as screen:
        shown = screen.wait(
            "meten is hetzelfde als lassen nameten?", "1 van 3 open", "zekerheid 90%"
        )
        assert "Skills4Skills" in shown
        assert "esco (verzonnen)" in shown
        screen.press("a")
        screen.wait("Vastgelegd: meten is hetzelfde als lassen nameten.", "1 van 2 open")
        assert decided(folder) == {OPEN[0]: (wording.EXACT, True, None)}
        screen.press("c")
        screen.wait("Reden:")
        screen.press("ander gereedschap\r")
        screen.wait("Reden: ander gereedschap", "A accepteren")
        screen.press("5r")
        screen.wait("Vastgelegd: robotlassen heeft niets te maken met weld.")
        assert decided(folder)[OPEN[1]] == (wording.RELATED, False, "ander gereedschap")
        screen.press("q")
        screen.wait("geaccepteerd: 1, afgewezen: 1, open: 1")


def test_keys_go_on_back_and_undo(folder: Path) -> None:
    with terminal(folder, "--author", AUTHOR) as screen:
        screen.wait("1 van 3 open")
        screen.press("j")
        screen.wait("2 van 3 open", "robotlassen valt onder weld?")
        screen.press("p")
        screen.wait("robotlassen omvat weld?")
        screen.press("k")
        screen.wait("1 van 3 open")
        screen.press("u")
        screen.wait("nog niets beslist")
        screen.press("r")
        screen.wait("Vastgelegd", "1 van 2 open")
        screen.press("u")
        screen.wait("dit paar is weer open", "1 van 3 open")
        assert decided(folder) == {}
        screen.process.send_signal(signal.SIGINT)  # Ctrl+C
        screen.wait("geaccepteerd: 0, afgewezen: 0, open: 3")


def test_a_later_review_goes_on_where_one_stopped(folder: Path) -> None:
    first = review(folder)
    first.decide(accepted=False, predicate=wording.EXACT)
    again = review(folder)
    assert [one.pair for one in again.open] == list(OPEN[1:])
    with terminal(folder, "--author", AUTHOR) as screen:
        screen.wait("1 van 2 open", "robotlassen")
        screen.press("aa")
        screen.wait("Over alle kandidaten is beslist")
        screen.press("q")
    result = CliRunner().invoke(main, _asked(folder, "--browser"))
    assert result.exit_code == 1
    assert "no candidates to decide on" in result.output


@pytest.mark.parametrize(("columns", "lines"), [(40, 24), (79, 30), (80, 24), (200, 60)])
def test_no_line_is_wider_or_lower_than_the_terminal(
    folder: Path, columns: int, lines: int
) -> None:
    with terminal(folder, "--author", AUTHOR, columns=columns, lines=lines) as screen:
        shown = screen.wait("Q stoppen", "meten is hetzelfde als")
    rows = shown.replace("\r", "").split("\n")
    assert max(map(len, rows)) <= columns
    assert len(rows) <= lines


def test_what_a_terminal_would_obey_is_not_written(folder: Path) -> None:
    table = folder / "skills.csv"
    text = table.read_text(encoding="utf-8")
    assert "robotlassen" in text
    row = next(line for line in text.splitlines() if line.startswith("robotlassen,"))
    wrong = row.replace(",robotlassen,", ",robot\x1b]0;boe\x07lassen,", 1)
    assert wrong != row
    table.write_text(text.replace(row, wrong), encoding="utf-8")
    with terminal(folder, "--author", AUTHOR) as screen:
        screen.wait("1 van 3 open")
        screen.press("j")
        screen.wait("2 van 3 open")
        assert "\x1b]0" not in screen.text
        assert "\x07" not in screen.text


def test_a_decision_says_who_and_when(folder: Path) -> None:
    review(folder).decide(accepted=True, predicate=wording.CLOSE, reason=" twee\nregels ")
    row = next(m for m in decisions.decided(folder).mappings if m.pair == OPEN[0])
    assert row.one("author_id") == AUTHOR
    assert row.one("mapping_date") == date.today().isoformat()
    assert row.one("comment") == "twee regels"
    assert row.justification.endswith("ManualMappingCuration")


def test_of_two_reviews_the_first_decision_stays(folder: Path) -> None:
    one, other = review(folder), review(folder)
    assert one.decide(accepted=True, predicate=wording.EXACT)
    assert other.decide(accepted=False, predicate=wording.CLOSE) is None
    assert decided(folder) == {OPEN[0]: (wording.EXACT, True, None)}
    assert other.current is not None
    assert other.current.pair == OPEN[1]
    assert other.undo() is None


def test_only_the_candidates_of_a_set_are_shown(folder: Path) -> None:
    assert [one.pair for one in review(folder, "candidates").open] == [OPEN[1]]
    with pytest.raises(NoSetError, match="candidates-more"):
        review(folder, "candidate")


def _asked(folder: Path, *more: str) -> list[str]:
    return ["mappings", "review", "--data", str(folder), "--author", AUTHOR, "--lang", "en", *more]


def test_without_a_terminal_the_command_says_what_to_do(folder: Path) -> None:
    result = CliRunner().invoke(main, _asked(folder))
    assert result.exit_code == 2
    assert "use --browser" in result.output


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--browser", "--set", "none"), "there is no set 'none'; there is: candidates"),
        (("--browser", "--author", "me"), "give an ORCID"),
        (("--browser", "--author", "0000-0002-1825-0098"), "last character does not fit"),
    ],
)
def test_what_cannot_be_reviewed_is_told(folder: Path, more: tuple[str, ...], told: str) -> None:
    result = CliRunner().invoke(main, _asked(folder, *more))
    assert result.exit_code == 2
    assert told in result.output


def test_a_broken_set_is_told_with_its_line(folder: Path) -> None:
    path = folder / "mappings/candidates-more.sssom.tsv"
    path.write_text(path.read_text("utf-8").replace("0.9", "sure"), encoding="utf-8")
    result = CliRunner().invoke(main, _asked(folder, "--browser"))
    assert result.exit_code == 1
    assert re.search(r"candidates-more\.sssom\.tsv, row \d+.*confidence", result.output)
