"""A disk that is full, may not be written to, or says what time it was: releases stay whole."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from s4s_graph import build, release
from s4s_graph.build import BuildError
from s4s_graph.cli import main
from s4s_graph.settings import Settings
from tests.chaos.serving import site

SMALL = Path(__file__).parent / "small"
Mount = Callable[..., None]


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Mount]:
    """Mount a disk of a size at a folder; what is lent mounts it again with other options."""
    done = _mount(folder, f"size={size}")
    if done.returncode:
        pytest.skip(f"this user or system mounts no disks: {done.stderr.strip()}")
    try:
        yield lambda options: _mount(folder, f"remount,{options}").check_returncode()
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _mount(folder: Path, options: str) -> "subprocess.CompletedProcess[str]":
    folder.mkdir(exist_ok=True)
    return subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", folder],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a copy of the small workshop, whose releases go to a folder `disk`."""
    shutil.copytree(SMALL, tmp_path / "small")
    return Settings(
        ontology=tmp_path / "small/ontology",
        shapes=tmp_path / "small/shapes",
        data=tmp_path / "small/data",
        releases=tmp_path / "disk/releases",
    )


def built(settings: Settings, price: str) -> Path:
    """Build a release that differs by a price."""
    path = settings.data / "plant/machines.csv"
    original = (SMALL / "data/plant/machines.csv").read_text(encoding="utf-8")
    path.write_text(original.replace("1250.50", price), encoding="utf-8")
    made = build.build(settings).release
    assert made
    return made


def test_a_disk_that_gets_full_keeps_the_release_it_has(settings: Settings, tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", "4m") as remount:
        before = built(settings, "1")
        # At every hundred kilobytes of room, so at every file in turn.
        used = shutil.disk_usage(tmp_path / "disk").used
        for room in range(0, 700_000, 100_000):
            remount(f"size={used + room}")
            with pytest.raises(BuildError, match="the previous release is still there"):
                built(settings, "2")
            assert release.current(settings.releases) == before
            release.verify(before)
            assert not list(settings.releases.glob(f"{release.STAGING}*"))
        remount("size=8m")
        after = built(settings, "2")
        release.verify(after)
        assert release.current(settings.releases) == after


def test_a_disk_that_may_not_be_written_to_is_served_and_no_more(
    settings: Settings, tmp_path: Path
) -> None:
    with mounted(tmp_path / "disk", "16m") as remount:
        before, current = built(settings, "1"), built(settings, "2")
        remount("ro")
        ontology = str(settings.ontology)
        with site(settings.releases, tmp_path / "site.log", S4S_ONTOLOGY=ontology) as served:
            assert current.name.encode() in served.get("/en/")[1]
            assert served.get("/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")[0] == 200
        with pytest.raises(BuildError, match="Read-only file system"):
            built(settings, "3")
        done = CliRunner().invoke(
            main, ["releases", "use", before.name], env={"S4S_RELEASES": str(settings.releases)}
        )
        assert done.exit_code == 1
        assert "Read-only file system" in done.stderr
        assert release.current(settings.releases) == current


def test_a_clock_that_goes_back_makes_no_release_the_oldest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = built(settings, "1"), built(settings, "2")
    monkeypatch.setattr(time, "time_ns", lambda: 1)
    third = built(settings, "3")
    assert release.all_in(settings.releases) == [third, second, first]
    fourth = built(settings, "4")
    assert release.all_in(settings.releases) == [fourth, third, second]
    assert release.older(settings.releases, fourth.name) == [third, second]


def test_a_clock_that_was_ahead_makes_no_release_the_newest(settings: Settings) -> None:
    first = built(settings, "1")
    ahead = time.time() + 10**8
    os.utime(first, (ahead, ahead))
    second, third, fourth = (built(settings, price) for price in "234")
    assert release.all_in(settings.releases) == [fourth, third, second]
    assert release.current(settings.releases) == fourth
