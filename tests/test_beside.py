"""Work in a process beside this one gives the same as work here, and never outlives the build."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from operator import truediv
from pathlib import Path
from time import sleep

import pytest

from s4s_graph import build, release
from s4s_graph.beside import Beside
from s4s_graph.settings import Settings

SMALL = Path(__file__).parent / "small"
STUCK = """
import time
from s4s_graph.beside import Beside

work = Beside(time.sleep, here=False)
work.start(600)
print(work._process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("here", [True, False])
def test_the_answer_is_that_of_the_function(here: bool) -> None:
    with Beside(sorted, here=here) as work:
        work.start([3, 1, 2])
        assert work.result() == [1, 2, 3]
        assert work.result() is work.result()


@pytest.mark.parametrize("here", [True, False])
def test_work_on_several_arguments_is_done_in_order(here: bool, tmp_path: Path) -> None:
    with Beside(os.rename, here=here) as work:
        (tmp_path / "a").touch()
        work.start(tmp_path / "a", tmp_path / "b")
        work.start(tmp_path / "b", tmp_path / "c")
        work.result()
    assert (tmp_path / "c").exists()


def test_the_work_is_done_by_another_process() -> None:
    with Beside(os.getpid, here=False) as work:
        work.start()
        assert work.result() != os.getpid()


@pytest.mark.parametrize("here", [True, False])
def test_an_error_is_raised_to_the_one_who_asks(here: bool) -> None:
    with Beside(truediv, here=here) as work:
        work.start(1, 0)
        with pytest.raises(ZeroDivisionError):
            work.result()


def test_where_the_process_was_killed_the_work_is_done_here() -> None:
    with Beside(os.getpid, here=False) as work:
        assert work._process
        work._process.kill()
        work.start()
        assert work.result() == os.getpid()


def test_nothing_is_left_of_work_that_nobody_asked_for() -> None:
    with Beside(sleep, here=False) as work:
        work.start(600)
        assert work._process
    assert work._process.returncode == -signal.SIGKILL


def test_the_process_ends_with_the_one_that_started_it() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STUCK], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        child = int(process.stdout.readline())
        sleep(1)
        process.kill()
    assert _ends(child)


def test_a_release_is_the_same_by_one_process_and_by_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(
        Settings(), ontology=SMALL / "ontology", shapes=SMALL / "shapes", data=SMALL / "data"
    )
    one = build.build(replace(small, releases=tmp_path / "one")).release
    monkeypatch.setattr("s4s_graph.recording.LARGE", 0)
    several = build.build(replace(small, releases=tmp_path / "several")).release
    assert one
    assert several
    assert one.name == several.name
    assert release.is_complete(several)


def _ends(process: int) -> bool:
    for _ in range(600):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        sleep(0.1)
    return False
