"""A release on disk: the names of its files, its manifest, and how it replaces the previous one."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

STORE = "store"
N_QUADS = "dump/skills4skills.nq"
TURTLE = "dump/skills4skills.ttl"
JSON_LD = "dump/skills4skills.jsonld"
FORMS = "forms.json"
COHERENCE = "coherence.json"
STATISTICS = "statistics.json"
SEARCH = "search/index.sqlite"
CHANGES = "changes.json"  # not in the manifest: it depends on the release before
DISCLOSURE = "disclosure.json"
DISCLOSURE_PAGE = "disclosure.html"
DISCLOSURE_FULL = "disclosure-full.json"  # in a restricted release only
REPORT = "report.ttl"
REPORT_PAGE = "report.html"
QUALITY = "quality.json"
MANIFEST = "manifest.json"

CURRENT = "current"
STAGING = ".staging-"
_NEXT = ".next"


class ReleaseError(Exception):
    """A release folder that is not what it should be; the text says which and what to do."""


@dataclass(frozen=True)
class File:
    """One file of a release: its size in bytes and the SHA-256 of its bytes."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a release holds and what it was made of.

    `things` counts them by segment, `data_statuses` by the id of the status.
    `inputs` maps each source file to the SHA-256 of its bytes, or to None when the file holds
    restricted values: a hash of those could be used to test guesses.
    """

    software: Mapping[str, str]
    base: str
    illustrative: bool
    quads: int
    things: Mapping[str, int]
    data_statuses: Mapping[str, int]
    inputs: Mapping[str, str | None]
    files: Mapping[str, File]

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits that depend on everything else in the manifest."""
        return hashlib.sha256(_json(asdict(self)).encode()).hexdigest()[:16]

    @property
    def is_restricted(self) -> bool:
        """Tell whether the release holds what is not public."""
        return DISCLOSURE_FULL in self.files

    def to_json(self) -> str:
        """Return the manifest as JSON, the same text for the same content."""
        return _json({"id": self.id, **asdict(self)})


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.json. Raises ReleaseError when it is absent, broken or changed by hand."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        written = content.pop("id")
        files = {name: File(**file) for name, file in content.pop("files").items()}
        manifest = Manifest(**content, files=files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(f"{path} is not the manifest of a release: {error!r}") from error
    if written != manifest.id:
        raise ReleaseError(f"{path} was changed after the build; run `s4s build` again")
    return manifest


def describe(path: Path) -> File:
    """Return the size and the SHA-256 of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return File(file.tell(), digest.hexdigest())


def current(releases: Path) -> Path | None:
    """Return the folder of the release that is served, or None when there is none yet."""
    link = releases / CURRENT
    return link.resolve() if link.exists() else None


def is_complete(folder: Path) -> bool:
    """Tell whether a release folder holds its manifest, its store and every file, in full."""
    try:
        manifest = read_manifest(folder / MANIFEST)
        sizes = {name: (folder / name).stat().st_size for name in manifest.files}
    except (ReleaseError, OSError):
        return False
    return (folder / STORE).is_dir() and sizes == {
        name: file.bytes for name, file in manifest.files.items()
    }


def sync(folder: Path) -> None:
    """Ask the system to put every file and folder below `folder` on disk before going on."""
    for directory, _, names in os.walk(folder):
        for path in (*(Path(directory, name) for name in names), Path(directory)):
            _sync(path)


def close(folder: Path) -> None:
    """Let nobody else on the system read a folder and what is in it."""
    for directory, _, names in os.walk(folder):
        Path(directory).chmod(0o700)
        for name in names:
            Path(directory, name).chmod(0o600)


def publish(staged: Path, releases: Path, keep: int) -> Path:
    """Give a staged release its own name, make it the current one, and remove old releases.

    A reader sees the previous release or the new one, never a mixture and never none: the
    folder appears by one rename and the link `current` changes by one rename. `keep` is the
    number of releases that stay, the current one included.
    """
    target = releases / read_manifest(staged / MANIFEST).id
    if not is_complete(target):
        if target.exists():
            target.rename(releases / f"{STAGING}damaged-{target.name}")
        sync(staged)
        staged.rename(target)
        _sync(releases)
    os.utime(target)
    _point(releases, target.name)
    _prune(releases, target, keep)
    return target


def remove_staged(releases: Path) -> None:
    """Remove what an interrupted build left behind."""
    for path in releases.glob(f"{STAGING}*"):
        shutil.rmtree(path)
    (releases / _NEXT).unlink(missing_ok=True)


def _point(releases: Path, name: str) -> None:
    link = releases / _NEXT
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(releases / CURRENT)
    _sync(releases)


def _prune(releases: Path, target: Path, keep: int) -> None:
    others = [path for path in releases.iterdir() if _is_release(path) and path != target]
    oldest_last = sorted(others, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in oldest_last[max(keep - 1, 0) :]:
        shutil.rmtree(path)


def _is_release(path: Path) -> bool:
    # Anything else in the folder is not ours to remove.
    return not (path.is_symlink() or path.name.startswith(".")) and (path / MANIFEST).is_file()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
