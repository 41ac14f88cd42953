"""A release is complete or absent, and one release follows another without a gap."""

import json
from pathlib import Path

import pytest

from s4s_graph import release
from s4s_graph.release import Manifest, ReleaseError


def manifest(base: str, files: dict[str, release.File]) -> Manifest:
    return Manifest(
        software={"skills4skills": "1"},
        base=base,
        illustrative=True,
        quads=1,
        things={"machine": 1},
        data_statuses={"reported": 1},
        inputs={"machines.csv": None},
        files=files,
    )


def staged(releases: Path, name: str) -> Path:
    """Write a small release, different for each name."""
    folder = releases / f"{release.STAGING}{name}"
    (folder / release.STORE).mkdir(parents=True)
    (folder / release.FORMS).write_text(name)
    files = {release.FORMS: release.describe(folder / release.FORMS)}
    made = manifest(f"https://example.org/{name}/", files)
    (folder / release.MANIFEST).write_text(made.to_json())
    return folder


def names(releases: Path) -> set[str]:
    return {path.name for path in releases.iterdir()}


def test_a_manifest_reads_back_as_it_was_written(tmp_path: Path) -> None:
    written = manifest("https://example.org/", {"forms.json": release.File(3, "abc")})
    (tmp_path / "manifest.json").write_text(written.to_json())
    assert release.read_manifest(tmp_path / "manifest.json") == written
    assert len(written.id) == 16


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"id": "x"}', '{"id": "x", "files": 1}'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(content)
    with pytest.raises(ReleaseError, match="is not the manifest of a release"):
        release.read_manifest(path)


def test_a_manifest_changed_by_hand_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    content = json.loads(manifest("https://example.org/", {}).to_json()) | {"quads": 2}
    path.write_text(json.dumps(content))
    with pytest.raises(ReleaseError, match="was changed after the build"):
        release.read_manifest(path)


def test_without_a_release_nothing_is_current(tmp_path: Path) -> None:
    assert release.current(tmp_path) is None


def test_a_published_release_is_current_under_its_own_name(tmp_path: Path) -> None:
    target = release.publish(staged(tmp_path, "a"), tmp_path, keep=3)
    assert release.current(tmp_path) == target
    assert target.name == release.read_manifest(target / release.MANIFEST).id
    assert names(tmp_path) == {target.name, release.CURRENT}


def test_the_link_is_relative_so_that_the_folder_can_move(tmp_path: Path) -> None:
    releases = tmp_path / "old"
    target = release.publish(staged(releases, "a"), releases, keep=3)
    moved = releases.rename(tmp_path / "new")
    assert release.current(moved) == moved / target.name


def test_old_releases_go_and_the_newest_stay(tmp_path: Path) -> None:
    made = [release.publish(staged(tmp_path, name), tmp_path, keep=2) for name in "abcd"]
    assert names(tmp_path) == {release.CURRENT, made[2].name, made[3].name}


def test_the_current_release_stays_when_it_is_the_oldest(tmp_path: Path) -> None:
    first, _ = (release.publish(staged(tmp_path, name), tmp_path, keep=2) for name in "ab")
    again = release.publish(staged(tmp_path, "a"), tmp_path, keep=1)
    assert again == first
    assert release.current(tmp_path) == first
    assert first.name in names(tmp_path)
    assert len(names(tmp_path) - {release.CURRENT, f"{release.STAGING}a"}) == 1


def test_other_folders_are_not_removed(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    release.publish(staged(tmp_path, "a"), tmp_path, keep=1)
    assert "notes" in names(tmp_path)


def test_a_damaged_release_is_replaced(tmp_path: Path) -> None:
    target = release.publish(staged(tmp_path, "a"), tmp_path, keep=3)
    (target / release.FORMS).write_text("")
    assert not release.is_complete(target)
    assert release.publish(staged(tmp_path, "a"), tmp_path, keep=3) == target
    assert release.is_complete(target)


def test_what_an_interrupted_build_left_is_removed(tmp_path: Path) -> None:
    target = release.publish(staged(tmp_path, "a"), tmp_path, keep=3)
    staged(tmp_path, "b")
    release.remove_staged(tmp_path)
    assert names(tmp_path) == {target.name, release.CURRENT}
