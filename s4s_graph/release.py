"""A release on disk: the names of its files, its manifest, and how it replaces the previous one."""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from s4s_graph import disk, integrity
from s4s_graph.integrity import DamageError
from s4s_graph.integrity import File as File
from s4s_graph.integrity import describe as describe

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
# Of what the manifest cannot name: the engine never writes the same graph as the same bytes.
CHECKSUMS = "checksums.json"

# Read in some 40 ms, so before anything is done with a release: all of a small one, and of a large
# one the files that decide how the others are read.
AT_ONCE_BYTES = 32 * 1024 * 1024

CURRENT = "current"
STAGING = ".staging-"
_NEXT = ".next"
_LOCK = ".lock"
_DIARIES = ("LOG", "LOCK")  # files of the engine that hold nothing of the graph


class ReleaseError(Exception):
    """A release folder that is not what it should be; the text says which and what to do."""


class BusyError(Exception):
    """Somebody else changes what is in a folder of releases."""


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


def current(releases: Path) -> Path | None:
    """Return the folder of the release that is served, or None when there is none yet."""
    link = releases / CURRENT
    return link.resolve() if link.exists() else None


def contents(folder: Path) -> dict[str, File]:
    """Return what the files of a release have to be, by their names; all of them are there.

    Raises ReleaseError when one is absent or has another size. The release of a version that
    wrote no checksums of its store has only the other files here.
    """
    files = dict(read_manifest(folder / MANIFEST).files)
    try:
        if not (folder / STORE).is_dir():
            raise DamageError(f"{STORE} is not there")
        if os.path.lexists(folder / CHECKSUMS):
            files |= integrity.read(folder / CHECKSUMS)
        integrity.check_sizes(folder, files)
    except DamageError as error:
        raise _damaged(folder, error) from error
    return files


def is_complete(folder: Path) -> bool:
    """Tell whether a release folder holds its manifest, its store and every file, in full."""
    try:
        contents(folder)
    except ReleaseError:
        return False
    return True


def check(
    folder: Path, files: Mapping[str, File], stopped: Callable[[], bool] = integrity.never
) -> None:
    """Read files of a release. Raises ReleaseError when one is not what was written.

    It ends early, and well, as soon as `stopped` says so.
    """
    try:
        integrity.check_bytes(folder, files, stopped)
    except DamageError as error:
        raise _damaged(folder, error) from error


def look(folder: Path) -> dict[str, File]:
    """Compare all sizes, and read the smaller files; return those that are still to be read.

    Raises ReleaseError when something is not what was written.
    """
    files = contents(folder)
    small = integrity.smallest(files, AT_ONCE_BYTES)
    check(folder, small)
    return {name: file for name, file in files.items() if name not in small}


def verify(folder: Path) -> None:
    """Read every file of a release. Raises ReleaseError when one is not what was written."""
    check(folder, contents(folder))


def is_whole(folder: Path) -> bool:
    """Tell whether a release folder holds every file, and each byte of them is what it was."""
    try:
        verify(folder)
    except ReleaseError:
        return False
    return True


def all_in(releases: Path) -> list[Path]:
    """Return the folders of all releases, whole or not, the last one made first."""
    if not releases.is_dir():
        return []
    return sorted(filter(_is_release, releases.iterdir()), key=_made, reverse=True)


def older(releases: Path, name: str) -> list[Path]:
    """Return the folders of the releases that were made before another, the newest first.

    That is all of them when that one is not there any more.
    """
    others = [path for path in all_in(releases) if path.name != name]
    folder = releases / name
    return [path for path in others if _made(path) < _made(folder)] if folder.exists() else others


def last(releases: Path) -> Path | None:
    """Return the folder of the whole release that was made last, also where one went back."""
    return next(filter(is_whole, all_in(releases)), None)


def before(releases: Path) -> Path | None:
    """Return the folder of what readers see now: the current release, or else a whole older one."""
    folder = current(releases)
    if folder is None:
        return None
    return next(filter(is_whole, (folder, *older(releases, folder.name))), None)


@contextmanager
def writing(releases: Path) -> Iterator[None]:
    """Be the only one that changes what is in a folder of releases.

    Raises BusyError when somebody else does so now, and OSError where nothing can be written.
    """
    with (releases / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(f"another build is writing in {releases}") from error
        yield


def publish(staged: Path, releases: Path, keep: int) -> Path:
    """Give a staged release its own name, make it the current one, and remove old releases.

    A reader sees the previous release or the new one, never a mixture and never none: the
    folder appears by one rename and the link `current` changes by one rename. `keep` is the
    number of releases that stay, the current one included. Without a store, what is staged is
    a release that is there already.
    """
    target = releases / read_manifest(staged / MANIFEST).id
    if (staged / STORE).is_dir() and not is_whole(target):
        _seal(staged)
        disk.sync(staged)
        damaged_one = _put_aside(target) if target.exists() else None
        staged.rename(target)
        disk.sync_one(releases)
        if damaged_one:
            shutil.rmtree(damaged_one)
    _date(releases, target)
    point(releases, target.name)
    _prune(releases, target, keep)
    return target


def remove_staged(releases: Path) -> None:
    """Remove what an interrupted build left behind."""
    for path in releases.glob(f"{STAGING}*"):
        shutil.rmtree(path)
    (releases / _NEXT).unlink(missing_ok=True)


def point(releases: Path, name: str) -> None:
    """Make a release the current one."""
    link = releases / _NEXT
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(releases / CURRENT)
    disk.sync_one(releases)


def _damaged(folder: Path, error: DamageError) -> ReleaseError:
    return ReleaseError(f"{folder} is damaged: {error}; run `s4s build` again")


def _seal(staged: Path) -> None:
    store = (path for path in (staged / STORE).iterdir() if path.name not in _DIARIES)
    kept = [path for path in (*store, staged / CHANGES) if path.is_file()]
    names = (path.relative_to(staged).as_posix() for path in kept)
    integrity.write(staged / CHECKSUMS, staged, names)
    shutil.copymode(staged / MANIFEST, staged / CHECKSUMS)  # as closed to others as the rest


def _made(folder: Path) -> int:
    return folder.stat().st_mtime_ns


def _date(releases: Path, target: Path) -> None:
    # Where the clock went back, the last release made is still the last.
    before = [_made(path) for path in all_in(releases) if path != target]
    made = max(time.time_ns(), *(when + 1 for when in before), 0)
    os.utime(target, ns=(made, made))


def _prune(releases: Path, target: Path, keep: int) -> None:
    others = [path for path in all_in(releases) if path != target]
    for path in others[max(keep - 1, 0) :]:
        shutil.rmtree(_put_aside(path))


def _put_aside(folder: Path) -> Path:
    # Under this name, the next build removes what is left of it if this one is stopped midway.
    return folder.rename(folder.with_name(f"{STAGING}old-{folder.name}"))


def _is_release(path: Path) -> bool:
    # Anything else in the folder is not ours to remove.
    return not (path.is_symlink() or path.name.startswith(".")) and (path / MANIFEST).is_file()


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
