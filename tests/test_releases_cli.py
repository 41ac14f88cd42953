"""The releases that there are: listed, gone back to, and read to the last byte."""

import fcntl
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from s4s_graph import build, release
from s4s_graph.cli import main
from s4s_graph.settings import Settings

SMALL = Path(__file__).parent / "small"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases of the small workshop, and one with everything in a folder apart."""
    folder = tmp_path_factory.mktemp("built")
    settings = Settings(
        ontology=SMALL / "ontology",
        shapes=SMALL / "shapes",
        data=SMALL / "data",
        releases=folder / "releases",
        restricted_releases=folder / "apart",
    )
    build.build(settings, without_illustrative=True)
    build.build(settings, restricted=True)
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of them that a test may break."""
    return shutil.copytree(built, tmp_path / "built", symlinks=True)


@pytest.fixture
def run(folder: Path) -> Run:
    where = {
        "S4S_RELEASES": str(folder / "releases"),
        "S4S_RESTRICTED_RELEASES": str(folder / "apart"),
        "LANG": "C",
        "LC_ALL": "",
    }

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["releases", *arguments], env=where)

    return invoke


def ids(folder: Path) -> tuple[str, str]:
    """Return the ids of the last release and of the one before."""
    last, before = release.all_in(folder / "releases")
    return last.name, before.name


def current(folder: Path) -> str | None:
    found = release.current(folder / "releases")
    return found.name if found else None


def test_the_last_release_is_listed_first(run: Run, folder: Path) -> None:
    last, before = ids(folder)
    first, second = run().stdout.splitlines()
    assert first.split()[0] == last
    assert first.endswith("  current  whole")
    assert second.split()[0] == before
    assert second.endswith("           whole")
    assert run("list").stdout == run().stdout
    assert "huidige  heel" in run("list", "--lang", "nl").stdout


def test_the_list_in_json_says_the_same(run: Run, folder: Path) -> None:
    (folder / "releases" / ids(folder)[1] / release.FORMS).write_text("")
    last, before = json.loads(run("list", "--json").stdout)
    quads = release.read_manifest(folder / "releases" / last["id"] / release.MANIFEST).quads
    assert (last["current"], last["quads"], last["damage"]) == (True, quads, None)
    assert "forms.json has 0 bytes instead of" in before["damage"]


def test_what_is_restricted_is_listed_apart(run: Run, folder: Path) -> None:
    (apart,) = release.all_in(folder / "apart")
    assert run("list", "--restricted").stdout.startswith(f"{apart.name}  ")
    assert apart.name not in run("list").stdout
    assert run("verify", "--restricted").stdout == f"{apart.name}  whole\n"


def test_going_back_changes_what_is_current_and_removes_nothing(run: Run, folder: Path) -> None:
    last, before = ids(folder)
    done = run("use", before)
    assert done.exit_code == 0
    assert done.stderr == f"{before} is the current release now\n"
    assert current(folder) == before
    assert ids(folder) == (last, before)
    assert run("use", last).exit_code == 0
    assert current(folder) == last


def test_a_damaged_release_is_refused(run: Run, folder: Path) -> None:
    last, before = ids(folder)
    path = max((folder / "releases" / before / release.STORE).glob("*.sst"), key=size)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    done = run("use", before)
    assert done.exit_code == 1
    assert f"Error: release {before} cannot be used: " in done.stderr
    assert f"store/{path.name} holds other bytes than were written" in done.stderr
    assert current(folder) == last
    checked = run("verify")
    assert checked.exit_code == 1
    assert checked.stdout == f"{last}  whole\n"
    assert path.name in checked.stderr
    assert run("verify", last).exit_code == 0


def test_a_command_about_a_damaged_release_ends_with_a_sentence(run: Run, folder: Path) -> None:
    path = folder / "releases" / ids(folder)[0] / release.FORMS
    path.write_bytes(path.read_bytes().replace(b"{", b"[", 1))
    where = {"S4S_RELEASES": str(folder / "releases"), "LANG": "C", "LC_ALL": ""}
    done = CliRunner().invoke(main, ["ask"], env=where)
    assert done.exit_code == 1
    assert "forms.json holds other bytes than were written; run `s4s build` again" in done.stderr
    assert "forms.json" in run("list").stdout


def test_what_holds_everything_cannot_become_public(run: Run, folder: Path) -> None:
    (apart,) = release.all_in(folder / "apart")
    shutil.copytree(apart, folder / "releases" / apart.name)
    done = run("use", apart.name)
    assert done.exit_code == 1
    assert "is in the wrong folder" in done.stderr
    assert current(folder) != apart.name


@pytest.mark.parametrize("name", ["abc", "..", "current", ".lock"])
def test_a_release_that_is_not_there_is_refused(run: Run, folder: Path, name: str) -> None:
    done = run("use", name)
    assert done.exit_code == 1
    assert f"there is no release {name} in" in done.stderr
    assert "use one of" in done.stderr


def test_nobody_goes_back_in_the_middle_of_a_build(run: Run, folder: Path) -> None:
    last, before = ids(folder)
    with (folder / "releases/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run("use", before)
    assert done.exit_code == 1
    assert "a release is being made" in done.stderr
    assert current(folder) == last


def size(path: Path) -> int:
    return path.stat().st_size
