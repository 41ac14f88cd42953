"""Files that should be what they were: their sizes and checksums, written down and held to."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

_PIECE = 1024 * 1024


class DamageError(Exception):
    """A file that is not what it was; the text says which, and in what it differs."""


@dataclass(frozen=True)
class File:
    """One file of a release: its size in bytes and the SHA-256 of its bytes."""

    bytes: int
    sha256: str


def never() -> bool:
    return False


def describe(path: Path, stopped: Callable[[], bool] = never) -> File:
    """Return the size and the SHA-256 of a file, or of its start if `stopped` says so midway."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as file:
        while not stopped() and (piece := file.read(_PIECE)):
            digest.update(piece)
            size += len(piece)
    return File(size, digest.hexdigest())


def write(path: Path, folder: Path, names: Iterable[str]) -> None:
    """Write down what files of a folder are now, by their names in it."""
    found = {name: asdict(describe(folder / name)) for name in sorted(names)}
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def read(path: Path) -> dict[str, File]:
    """Return what was written down. Raises DamageError when that cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {name: File(**file) for name, file in found.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise DamageError(f"{path.name} is no list of files: {error!r}") from error


def check_sizes(folder: Path, files: Mapping[str, File]) -> None:
    """Raise DamageError when a file is absent or has another size."""
    for name, file in files.items():
        try:
            size = (folder / name).stat().st_size
        except OSError as error:
            raise DamageError(f"{name} cannot be read: {error.strerror}") from error
        if size != file.bytes:
            raise DamageError(f"{name} has {size} bytes instead of {file.bytes}")


def check_bytes(
    folder: Path, files: Mapping[str, File], stopped: Callable[[], bool] = never
) -> None:
    """Raise DamageError when the bytes of a file are others, unless `stopped` before that."""
    for name, file in files.items():
        try:
            found = describe(folder / name, stopped)
        except OSError as error:
            raise DamageError(f"{name} cannot be read: {error.strerror}") from error
        if stopped():
            return
        if found != file:
            raise DamageError(f"{name} holds other bytes than were written")


def smallest(files: Mapping[str, File], most: int) -> dict[str, File]:
    """Return the smallest of the files, with no more than `most` bytes together."""
    found: dict[str, File] = {}
    for name, file in sorted(files.items(), key=lambda item: item[1].bytes):
        most -= file.bytes
        if most < 0:
            break
        found[name] = file
    return found
