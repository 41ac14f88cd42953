"""The life of the workers: queued for, killed, replaced, stopped, and never left behind."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from endpoints import COUNT, SETTINGS, SLOW, await_end, number, numbers, problem, workers

from s4s_graph.endpoint import EndpointError, Pool
from s4s_graph.worker import Problem


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return numbers(tmp_path_factory.mktemp("release") / "store")


def test_a_worker_that_was_killed_is_replaced(folder: Path) -> None:
    others = workers()
    with closing(Pool(folder, SETTINGS)) as pool:
        for _ in range(3):
            for pid in workers() - others:
                os.kill(pid, signal.SIGKILL)
                os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
            assert {number(pool, COUNT) for _ in range(4)} == {1500}


def test_a_worker_killed_in_the_middle_is_an_error_and_no_more(folder: Path) -> None:
    others = workers()
    settings = replace(SETTINGS, workers=1, query_seconds=30)
    with closing(Pool(folder, settings)) as pool, ThreadPoolExecutor() as threads:
        (worker,) = workers() - others
        running = threads.submit(problem, pool, SLOW)
        time.sleep(0.3)
        os.kill(worker, signal.SIGKILL)
        assert running.result().problem is Problem.KILLED
        assert number(pool, COUNT) == 1500


def test_a_query_that_nobody_waits_for_frees_its_worker(folder: Path) -> None:
    # Its own time is over long after who asks next has given up.
    with closing(Pool(folder, replace(SETTINGS, workers=1, query_seconds=600))) as pool:
        start = time.monotonic()

        async def gone() -> bool:
            return time.monotonic() - start > 0.2

        with pytest.raises(EndpointError, match="nobody waits"):
            asyncio.run(pool.ask(pool.request(SLOW), gone=gone))
        assert number(pool, COUNT) == 1500
        assert pool.counts().killed == 1


def test_who_waits_too_long_is_told_to_come_back(folder: Path) -> None:
    settings = replace(SETTINGS, workers=1, query_seconds=2)
    with closing(Pool(folder, settings)) as pool, ThreadPoolExecutor() as threads:
        running = threads.submit(problem, pool, SLOW)
        time.sleep(0.2)
        start = time.monotonic()
        waiting = [threads.submit(problem, pool, COUNT) for _ in range(4)]
        seconds = [time.monotonic() - start for one in waiting if one.result()]
        assert {one.result().problem for one in waiting} == {Problem.BUSY}
        assert max(seconds) < 1
        assert running.result().problem is Problem.TIME
        assert number(pool, COUNT) == 1500


def test_many_clients_at_once_get_their_own_answers(folder: Path) -> None:
    settings = replace(SETTINGS, queue_length=50, queue_seconds=10, query_seconds=10)
    with closing(Pool(folder, settings)) as pool, ThreadPoolExecutor(16) as threads:
        queries = [f"SELECT ({i} AS ?n) {{}}" for i in range(200)]
        assert list(threads.map(lambda query: number(pool, query), queries)) == list(range(200))


def test_a_closed_pool_has_no_workers_and_takes_no_queries(folder: Path) -> None:
    others = workers()
    pool = Pool(folder, SETTINGS)
    assert len(workers() - others) == SETTINGS.workers
    pool.close()
    pool.close()
    assert workers() == others


def test_a_store_that_cannot_be_opened_is_said_at_the_start(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    others = workers()
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        Pool(tmp_path / "none", SETTINGS)
    assert workers() == others
    assert "No such file" in capfd.readouterr().err


def test_workers_end_with_the_site_even_in_the_middle_of_a_query(folder: Path) -> None:
    """Killed without a chance to tidy up, the site leaves no process behind."""
    code = (
        "import sys; from dataclasses import replace; from pathlib import Path\n"
        "from s4s_graph.endpoint import Pool; from s4s_graph.settings import Settings\n"
        "pool = Pool(Path(sys.argv[1]), replace(Settings(), workers=1, query_seconds=60))\n"
        "print('ready', flush=True); pool.run(sys.argv[2])\n"
    )
    site = subprocess.Popen(
        [sys.executable, "-c", code, folder, SLOW], stdout=subprocess.PIPE, text=True
    )
    with site:
        assert site.stdout is not None
        assert site.stdout.readline() == "ready\n"
        children = Path(f"/proc/{site.pid}/task/{site.pid}/children")
        (worker,) = map(int, children.read_text(encoding="ascii").split())
        time.sleep(0.3)
        site.kill()
    await_end(worker)
