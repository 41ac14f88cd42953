"""The release that is served changes while the site runs, and nobody notices but by the content."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from threading import enumerate as enumerate_threads
from time import monotonic, sleep

import pytest
from browsing import browser, soup
from fastapi.testclient import TestClient

from catalogue.lending import Live
from catalogue.live import Release, sort_key
from catalogue.picturing.facts import facts
from catalogue.preparing import prepare
from s4s_graph import release as releases
from s4s_graph.coherence.problem import problem_of
from s4s_graph.coherence.summary import LEVELS
from s4s_graph.settings import Settings


@pytest.fixture
def folder(tiny_release: Path, shipped_release: Path, tmp_path: Path) -> Path:
    """A releases folder with two releases, of which the tiny one is the current one."""
    for source in (tiny_release, shipped_release):
        (tmp_path / source.name).symlink_to(source)
    point(tmp_path, tiny_release.name)
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    with browser(folder / releases.CURRENT) as client:
        yield client


def point(folder: Path, name: str) -> None:
    """Make a release the current one, as a build does."""
    (folder / "next").symlink_to(name)
    (folder / "next").replace(folder / releases.CURRENT)


def test_a_new_release_is_served_at_once(
    client: TestClient, folder: Path, tiny_release: Path, shipped_release: Path
) -> None:
    before = client.get("/nl/interventions")
    assert tiny_release.name in before.text
    point(folder, shipped_release.name)
    after = client.get("/nl/interventions", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert shipped_release.name in after.text


def test_a_release_that_cannot_be_opened_leaves_the_previous_one(
    client: TestClient, folder: Path, tiny_release: Path, caplog: pytest.LogCaptureFixture
) -> None:
    soup(client, "/nl/")
    broken = folder / "broken"
    shutil.copytree(tiny_release, broken)
    (broken / releases.MANIFEST).write_text("{}", encoding="utf-8")
    point(folder, broken.name)
    assert tiny_release.name in client.get("/nl/").text
    assert "broken cannot be opened" in caplog.text


@pytest.mark.parametrize("content", ["{}", "[]", "not JSON"])
def test_a_release_of_other_software_is_not_opened(
    folder: Path, tiny_release: Path, caplog: pytest.LogCaptureFixture, content: str
) -> None:
    old = folder / "old"
    shutil.copytree(tiny_release, old)
    (old / releases.FORMS).write_text(content, encoding="utf-8")
    manifest = releases.read_manifest(old / releases.MANIFEST)
    files = {**manifest.files, releases.FORMS: releases.describe(old / releases.FORMS)}
    (old / releases.MANIFEST).write_text(replace(manifest, files=files).to_json(), "utf-8")
    point(folder, old.name)
    with browser(folder / releases.CURRENT) as client:
        assert client.get("/nl/").status_code == 503
    assert "run `s4s build` again" in caplog.text


def test_what_goes_wrong_inside_is_a_page_that_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(release: Release, *_: object) -> None:
        raise RuntimeError(release.id)

    monkeypatch.setattr(Release, "iri", broken)
    with TestClient(client.app, raise_server_exceptions=False) as visitor:
        page = soup(visitor, "/nl/interventions", 500)
        assert page.h1.text == "Er ging hier iets mis"
        assert (
            "default-src 'self'" in visitor.get("/nl/companies").headers["content-security-policy"]
        )


def test_without_a_release_the_site_says_so_until_there_is_one(
    folder: Path, tiny_release: Path
) -> None:
    (folder / releases.CURRENT).unlink()
    with browser(folder / releases.CURRENT) as client:
        page = soup(client, "/nl/interventions", 503)
        assert page.h1.text == "Er is nog niets te zien"
        point(folder, tiny_release.name)
        soup(client, "/nl/interventions")


def test_the_previous_release_is_closed_after_its_last_use(
    folder: Path, shipped_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []
    close = Release.close

    def noted(release: Release) -> None:
        close(release)
        closed.append(release)

    monkeypatch.setattr(Release, "close", noted)
    live = Live(replace(Settings(), releases=folder), prepare)
    live.refresh()
    with live.lend() as old:
        point(folder, shipped_release.name)
        assert live.changed()
        live.refresh()
        with live.lend() as new:
            assert new is not old
            assert old
            assert closed == []
            assert old.index(old.forms.forms[0], "nl")
    deadline = monotonic() + 10
    while closed != [old] and monotonic() < deadline:
        sleep(0.01)
    assert closed == [old]
    live.close()
    assert closed == [old, new]


def test_routes_and_pictures_are_prepared_while_readers_are_served(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Live(replace(Settings(), releases=folder), prepare)
    live.refresh()
    with live.lend() as release:
        assert release
        for thread in enumerate_threads():
            if thread.name == f"prepare {release.id}":
                thread.join()
        monkeypatch.setattr(release.store, "select", None)  # what is asked for now is there
        assert facts(release).findings
        computed = problem_of.cache_info().misses
        for level in LEVELS:
            problem_of(release.computed.view(None, level))
        assert problem_of.cache_info().misses == computed
    live.close()


def test_readers_are_served_while_the_release_changes(
    client: TestClient, folder: Path, tiny_release: Path, shipped_release: Path
) -> None:
    statuses: list[int] = []

    def read() -> None:
        statuses.extend(client.get("/nl/interventions").status_code for _ in range(10))

    readers = [Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for release in (shipped_release, tiny_release, shipped_release):
        point(folder, release.name)
        client.get("/nl/")
    for reader in readers:
        reader.join()
    assert statuses == [200] * 40


def test_names_sort_as_people_sort_them() -> None:
    names = ["Éclair", "bedrijf 10", "Bedrijf 9", "zorg", "eiland"]
    assert sorted(names, key=sort_key) == ["Bedrijf 9", "bedrijf 10", "Éclair", "eiland", "zorg"]
