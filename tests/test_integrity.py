"""A release that is not what was built is not served: another one is, and the site says so."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import enumerate as enumerate_threads

import pytest
from browsing import browser
from fastapi.testclient import TestClient

from catalogue import app
from catalogue.lending import Live
from s4s_graph import release as releases
from s4s_graph.release import ReleaseError
from s4s_graph.settings import Settings

SPARQL = "/sparql?query=SELECT%20%2A%20%7B%3Fs%20%3Fp%20%3Fo%7D"


@pytest.fixture
def folder(tiny_release: Path, shipped_release: Path, tmp_path: Path) -> Path:
    """A releases folder with the tiny release, and after it the shipped one, the current one."""
    for source in (tiny_release, shipped_release):
        shutil.copytree(source, tmp_path / source.name)
    os.utime(tmp_path / tiny_release.name, (1, 1))
    releases.point(tmp_path, shipped_release.name)
    return tmp_path


@pytest.fixture
def live(folder: Path) -> Iterator[Live]:
    """What serves the releases folder, which nothing has asked for yet."""
    live = Live(replace(Settings(), releases=folder), lambda release: None)
    yield live
    live.close()


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    with browser(folder / releases.CURRENT) as client:
        yield client


def damage(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def largest(folder: Path) -> Path:
    return max((folder / releases.STORE).glob("*.sst"), key=lambda path: path.stat().st_size)


def served(live: Live) -> str | None:
    with live.lend() as release:
        return release.path.name if release else None


def await_checks() -> None:
    for thread in enumerate_threads():
        if thread.name.startswith("check "):
            thread.join(60)


def every_file(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
    return [path.relative_to(folder).as_posix() for path in files if path.name != "LOG"]


def test_each_byte_of_a_release_is_watched(tiny_release: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny_release, tmp_path / tiny_release.name)
    releases.verify(copy)
    names = every_file(copy)
    assert f"{releases.STORE}/CURRENT" in names
    for name in names:
        for harm in (damage, truncate, Path.unlink):
            harm(copy / name)
            if (name, harm) != (releases.CHECKSUMS, Path.unlink):
                with pytest.raises(ReleaseError):
                    releases.verify(copy)
            shutil.copyfile(tiny_release / name, copy / name)
    releases.verify(copy)


def test_a_release_of_before_there_were_checksums_is_served(
    folder: Path, live: Live, shipped_release: Path
) -> None:
    (folder / shipped_release.name / releases.CHECKSUMS).unlink()
    live.refresh()
    assert served(live) == shipped_release.name
    assert live.problem is None


@pytest.mark.parametrize("harm", [damage, truncate, Path.unlink])
@pytest.mark.parametrize(
    "name", [releases.MANIFEST, releases.SEARCH, releases.N_QUADS, "store/CURRENT", "store/*.sst"]
)
def test_what_is_damaged_at_the_start_gives_way_to_the_release_before(
    folder: Path, live: Live, shipped_release: Path, tiny_release: Path, name: str, harm: object,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    current = folder / shipped_release.name
    assert callable(harm)
    harm(largest(current) if "*" in name else current / name)
    live.refresh()
    assert served(live) == tiny_release.name
    assert live.problem == (
        f"release {shipped_release.name} cannot be served; "
        f"release {tiny_release.name} is served instead"
    )
    assert live.problem in caplog.text


def test_a_current_release_that_is_gone_gives_way_too(
    folder: Path, live: Live, shipped_release: Path, tiny_release: Path
) -> None:
    shutil.rmtree(folder / shipped_release.name)
    live.refresh()
    assert served(live) == tiny_release.name


def test_a_newer_release_than_the_one_that_was_gone_back_to_is_not_served(
    folder: Path, live: Live, tiny_release: Path
) -> None:
    releases.point(folder, tiny_release.name)
    damage(folder / tiny_release.name / releases.FORMS)
    live.refresh()
    assert served(live) is None
    assert live.problem == (
        f"release {tiny_release.name} cannot be served, "
        "and there is none before it that can; run `s4s build`"
    )


def test_damage_in_a_large_file_is_found_while_the_release_is_served(
    folder: Path, live: Live, shipped_release: Path, tiny_release: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = largest(folder / shipped_release.name)
    monkeypatch.setattr(releases, "AT_ONCE_BYTES", path.stat().st_size - 1)
    damage(path)
    live.refresh()
    await_checks()
    assert served(live) == tiny_release.name
    assert live.problem
    assert not live.changed()


def test_damage_that_a_query_meets_has_the_release_read_again(
    folder: Path, shipped_release: Path, tiny_release: Path
) -> None:
    with browser(folder / releases.CURRENT) as client:
        assert shipped_release.name in client.get("/nl/").text
        # The blocks with statements; what stands after them was read when it was opened.
        for path in (folder / shipped_release.name / releases.STORE).glob("*.sst"):
            content = bytearray(path.read_bytes())
            for place in range(0, len(content) * 3 // 4, 1000):
                content[place] ^= 1
            path.write_bytes(content)
        answer = client.get(SPARQL)
        assert answer.status_code == 503
        assert answer.text == "what this site has on disk is damaged; try again in a moment\n"
        await_checks()
        assert tiny_release.name in client.get("/nl/").text
        assert client.get(SPARQL).status_code == 200


def test_readers_are_told_of_damage_where_there_is_nothing_else_to_serve(
    tmp_path: Path, shipped_release: Path
) -> None:
    shutil.copytree(shipped_release, tmp_path / shipped_release.name)
    releases.point(tmp_path, shipped_release.name)
    damage(tmp_path / shipped_release.name / releases.FORMS)
    with browser(tmp_path / releases.CURRENT) as client:
        for path in ("/en/", "/api/v1/questions?lang=en"):
            answer = client.get(path, headers={"Accept-Language": "en"})
            assert answer.status_code == 503
            assert "damaged" in answer.text
            assert "can make it again with s4s build" in answer.text


def test_a_store_on_which_a_worker_ends_is_read_again(
    folder: Path, shipped_release: Path, tiny_release: Path
) -> None:
    """Sorting what cannot be read, the engine takes memory until its worker ends."""
    sorting = "/sparql?query=SELECT * { ?s ?p ?o } ORDER BY ?o"
    limits = {"query_seconds": 60, "query_memory": 64 * 1024**2}
    settings = replace(Settings(), releases=folder, memory_quads=0, **limits)
    with TestClient(app.create(settings)) as client:
        assert shipped_release.name in client.get("/nl/").text
        for path in (folder / shipped_release.name / releases.STORE).glob("*.sst"):
            content = bytearray(path.read_bytes())
            for place in range(0, len(content), 1000):
                content[place] ^= 1
            path.write_bytes(content)
        assert client.get(sorting).status_code in (422, 503)
        await_checks()
        assert tiny_release.name in client.get("/nl/").text
        assert client.get(sorting).status_code == 200


def test_a_repaired_release_is_served_again(
    folder: Path, live: Live, shipped_release: Path
) -> None:
    damage(folder / shipped_release.name / releases.FORMS)
    live.refresh()
    assert live.problem
    shutil.rmtree(folder / shipped_release.name)
    shutil.copytree(shipped_release, folder / shipped_release.name)
    releases.point(folder, shipped_release.name)
    assert live.changed()
    live.refresh()
    assert served(live) == shipped_release.name
    assert live.problem is None


def test_the_same_release_made_current_again_is_not_opened_again(
    folder: Path, live: Live, shipped_release: Path
) -> None:
    live.refresh()
    with live.lend() as before:
        releases.point(folder, shipped_release.name)
        assert live.changed()
        live.refresh()
        with live.lend() as after:
            assert before is after
    assert not live.changed()


def test_readers_go_on_while_the_damage_is_found(
    folder: Path, shipped_release: Path, tiny_release: Path, client: TestClient
) -> None:
    assert shipped_release.name in client.get("/nl/").text
    damage(folder / tiny_release.name / releases.FORMS)
    releases.point(folder, tiny_release.name)
    assert shipped_release.name in client.get("/nl/").text
    assert client.app.state.live.problem  # type: ignore[attr-defined]
