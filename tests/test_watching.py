"""Watching: each save is built once, what is wrong is told, open pages learn that it is there."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from browsing import browser
from bs4 import BeautifulSoup
from conftest import ROOT
from fastapi.testclient import TestClient

from catalogue import watched as site
from s4s_graph import watching
from s4s_graph.settings import Settings
from s4s_graph.watching import Hooks, Watched, look, watch

SMALL = ROOT / "tests/small"
PATIENCE = 60  # seconds; other tests run at the same time


def wait(for_what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not for_what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shutil.copytree(SMALL, tmp_path / "small")
    (tmp_path / "small/ontology/questions/asked.rq").touch()
    folders = {name: tmp_path / "small" / name for name in ("data", "ontology", "shapes")}
    return replace(Settings(), **folders, releases=tmp_path / "releases")


class Watching:
    """What a watch did: the files it heard of, and the process of each build."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self.watched = Watched()
        self.saved: list[Sequence[Path]] = []
        self.reopened = 0

    def begun(self) -> int:
        return len(self.processes())

    def processes(self) -> list[int]:
        text = self._log.read_text("utf-8") if self._log.exists() else ""
        return [int(line) for line in text.splitlines()]

    def reopen(self) -> None:
        self.reopened += 1


# Watches with a build that is this code of Python, while the block runs.
Start = Callable[[str], AbstractContextManager[Watching]]


@pytest.fixture
def started(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    monkeypatch.setattr(watching, "INTERVAL", 0.05)

    @contextmanager
    def start(build: str) -> Iterator[Watching]:
        log, stop = tmp_path / "log", Event()
        found = Watching(log)
        told = f"with open({str(log)!r}, 'a') as log: print(os.getpid(), file=log)"
        code = f"import os\n{told}\n{build}"
        hooks = Hooks([sys.executable, "-c", code], found.saved.append, found.reopen)
        thread = Thread(target=watch, args=(settings, hooks, found.watched, stop))
        thread.start()
        try:
            yield found
        finally:
            stop.set()
            thread.join()

    return start


def test_it_builds_at_once_and_after_each_save(started: Start, settings: Settings) -> None:
    with started("") as found:
        wait(lambda: found.watched.stage == "ready")
        assert (found.begun(), found.saved) == (1, [])
        path = settings.data / "plant/machines.csv"
        path.write_text(path.read_text("utf-8") + "\n", encoding="utf-8")
        wait(lambda: found.begun() == 2)
        assert found.saved == [[path]]
        wait(lambda: found.watched.stage == "ready")


def test_a_build_that_fails_is_refused(started: Start) -> None:
    with started("raise SystemExit(1)") as found:
        wait(lambda: found.watched.stage == "refused")


def test_a_save_during_a_build_ends_it_and_begins_another(
    started: Start, settings: Settings
) -> None:
    with started("import time; time.sleep(600)") as found:
        wait(lambda: found.begun() == 1)
        (settings.data / "new.ttl").touch()
        wait(lambda: found.begun() == 2)
        assert found.watched.stage == "building"
    for process in found.processes():
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_question_is_not_built_but_read_again(started: Start, settings: Settings) -> None:
    with started("") as found:
        wait(lambda: found.watched.stage == "ready")
        before = found.reopened
        (settings.ontology / "questions/asked.rq").write_text("# asked anew")
        wait(lambda: found.reopened == before + 1)
        assert found.begun() == 1


@pytest.mark.parametrize("name", ["~$intake.xlsx", ".intake.csv.swp", "intake.csv~", ".git/index"])
def test_what_programs_leave_beside_an_open_file_is_no_save(name: str, settings: Settings) -> None:
    before = look(settings)
    path = settings.data / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    assert look(settings) == before
    (settings.data / "intake.csv").touch()
    assert look(settings) != before


@pytest.fixture
def visit(tiny_release: Path) -> Iterator[tuple[TestClient, Callable[[], object]]]:
    """A visitor, and what opens the release again."""
    app, reopen = site.create(replace(Settings(), releases=tiny_release.parent), Watched("refused"))
    with TestClient(app) as visitor:
        yield visitor, reopen


@pytest.fixture
def client(visit: tuple[TestClient, Callable[[], object]]) -> TestClient:
    return visit[0]


def script(text: str) -> dict[str, str]:
    (tag,) = BeautifulSoup(text, "html.parser").select(f'head script[src="{site.SCRIPT}"]')
    return {name: str(value) for name, value in tag.attrs.items()}


@pytest.mark.parametrize("path", ["/nl/", "/en/data/quality", "/nl/nothing"])
def test_each_page_follows_what_is_shown(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert script(answer.text)["data-shown"] == client.get(site.STATUS).json()["shown"]
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert client.get(path, headers={"If-None-Match": answer.headers.get("ETag", "")}).content


def test_opening_the_release_again_shows_something_else(
    visit: tuple[TestClient, Callable[[], object]],
) -> None:
    client, reopen = visit
    before = client.get(site.STATUS).json()["shown"]
    reopen()
    after = client.get(site.STATUS).json()
    assert after["shown"] != before
    assert after["stage"] == "refused"
    assert script(client.get("/nl/").text)["data-shown"] == after["shown"]


def test_the_script_is_there_and_data_stay_as_they_are(client: TestClient) -> None:
    assert "text/javascript" in client.get(site.SCRIPT).headers["Content-Type"]
    assert site.SCRIPT not in client.get("/nl/data/quality.csv").text


def test_a_site_that_nobody_watches_has_none_of_it(tiny_release: Path) -> None:
    with browser(tiny_release) as visitor:
        assert site.SCRIPT not in visitor.get("/nl/").text
        assert visitor.get(site.STATUS).status_code == 404


def test_the_command_shows_what_is_saved(settings: Settings) -> None:
    names = ("data", "ontology", "shapes", "releases")
    variables = {f"S4S_{name.upper()}": str(getattr(settings, name)) for name in names}
    (settings.ontology / "questions/asked.rq").unlink()
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "s4s_graph", "watch", "--port", "0", "--lang", "en"],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout
        address = re.search(r"http://127\.0\.0\.1:\d+/en/", process.stdout.readline())
        assert address
        page = f"{address[0]}machines/lathe"
        wait(lambda: "<h1>Lathe" in got(page))
        path = settings.data / "plant/machines.csv"
        right = path.read_text("utf-8")
        path.write_text(right.replace(",007,", ",seven,"), encoding="utf-8")
        status = f"{address[0].removesuffix('/en/')}{site.STATUS}"
        wait(lambda: '"refused"' in got(status))
        path.write_text(right.replace("Lathe", "Big lathe"), encoding="utf-8")
        wait(lambda: "<h1>Big lathe" in got(page))
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
        assert "saved: plant/machines.csv\n" in told
        assert "machines.csv, row 2, column power: 'seven': write a whole number" in told
    finally:
        process.kill()
        process.communicate()


def got(address: str) -> str:
    try:
        with urlopen(address) as answer:
            return str(answer.read(), "utf-8")
    except HTTPError as error:
        return str(error.code)
