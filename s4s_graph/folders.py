"""The files in a folder that someone handed in: which are read, and why not the others.

Nothing is opened to know that: a pipe or a device would keep whoever opens it waiting.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from errno import EINVAL
from itertools import islice
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from unicodedata import normalize

from s4s_graph.forms import Text

ENTRIES = 10_000  # files and folders, hidden ones too; folders of data hold some dozens
FILE_BYTES = 1 << 32
RESTRICTED = "restricted"  # what lies below a folder of this name is for few
State = tuple[int, int, int, int]  # of a file: node, size, times
_SHOWN = 200  # characters of the name of what is refused


class FolderError(OSError):
    """A folder that is not read, or not written to; the message says why."""


class RefusedError(ValueError):
    """A file that must not be opened; `message` says why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Found:
    """A file: its path, and its name relative to the folder, with slashes.

    refused: why it must not be opened, or the folder of that name not be entered. The name is
    then one that can be shown.
    """

    path: Path
    name: str
    refused: Text | None = None


def files(folder: Path, most: int = ENTRIES) -> list[Found]:
    """Return the files below a folder, and what is refused there, in the order of their names.

    What is hidden is left out. A link to a file in the folder is that file; one to a folder in
    it is left out, since its files are read where they lie. Raises FolderError when there are
    more than `most` files and folders, and OSError when the folder itself cannot be read.
    """
    return sorted(_below(folder, most), key=lambda found: found.name)


def inside(path: Path, folder: Path) -> Path:
    """Return a path in a folder, to write to. Raises FolderError when a link leads out of it."""
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise FolderError(f"{path}: a link leads out of {folder}; nothing is written there")
    return path


def shown(name: str) -> str:
    """Return a name on one line, without what would control the terminal that shows it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def digest(path: Path) -> tuple[str, State]:
    """Return the SHA-256 of a file, and its state at that time. Raises OSError."""
    # What took the place of a file since it was listed may be a pipe, and is not waited for.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not S_ISREG(found.st_mode):
            raise OSError(EINVAL, os.strerror(EINVAL))
        return hashlib.file_digest(file, "sha256").hexdigest(), _state(found)


def state(path: Path) -> State | None:
    """Return what is another once others wrote to a file or took its place; None without one."""
    try:
        return _state(path.stat())
    except OSError:
        return None


def _state(found: os.stat_result) -> State:
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def unreadable(error: OSError) -> Text:
    """Say that the system does not open a file or folder, and why."""
    return Text(
        nl=f"dit is niet te openen ({error.strerror}); herstel het of haal het weg",
        en=f"this cannot be opened ({error.strerror}); repair or remove it",
    )


def _below(folder: Path, most: int) -> Iterator[Found]:
    root, waiting, left = Path(os.path.realpath(folder)), [folder], most
    while waiting:
        place = waiting.pop()
        try:
            entries = _listed(place, left + 1)
        except OSError as error:
            if place == folder:
                raise
            yield _refusal(place, folder, unreadable(error))
            continue
        left -= len(entries)
        if left < 0:
            raise FolderError(_too_many(folder, most))
        known = dict[str, str]()
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = place / entry.name
            try:
                _must_be_usable(entry.name, known)
                mode = _mode(entry, root, path.relative_to(folder))
            except RefusedError as error:
                yield _refusal(path, folder, error.message)
                continue
            if S_ISREG(mode):
                yield Found(path, path.relative_to(folder).as_posix())
            elif not entry.is_symlink():
                waiting.append(path)


def _listed(place: Path, most: int) -> Sequence[os.DirEntry[str]]:
    with os.scandir(place) as entries:
        return sorted(islice(entries, most), key=lambda entry: entry.name)


def _must_be_usable(name: str, known: dict[str, str]) -> None:
    if not name.isprintable():
        raise RefusedError(_NAME)
    # To the disks of Windows and macOS such names are the same.
    first = known.setdefault(normalize("NFC", name).casefold(), name)
    if first != name:
        raise RefusedError(_same_name(first))


def _mode(entry: os.DirEntry[str], root: Path, name: Path) -> int:
    """Return what kind of thing may be read here: a file or a folder. Raises RefusedError."""
    try:
        if entry.is_symlink():
            _must_stay(Path(os.path.realpath(entry.path, strict=True)), root, name)
        state = entry.stat()
    except OSError as error:
        raise RefusedError(unreadable(error)) from error
    if not (S_ISREG(state.st_mode) or S_ISDIR(state.st_mode)):
        raise RefusedError(_NO_FILE)
    if S_ISREG(state.st_mode) and state.st_size > FILE_BYTES:
        raise RefusedError(_TOO_LARGE)
    return state.st_mode


def _must_stay(target: Path, root: Path, name: Path) -> None:
    if not target.is_relative_to(root):
        raise RefusedError(_OUTSIDE)
    # By its own name it would be public.
    if RESTRICTED in target.relative_to(root).parts and RESTRICTED not in name.parts[:-1]:
        raise RefusedError(_FOR_FEW)


def _refusal(path: Path, folder: Path, why: Text) -> Found:
    name = shown(path.relative_to(folder).as_posix())
    if len(name) > _SHOWN:
        name = f"{name[: _SHOWN // 2]}…{name[-_SHOWN // 2 :]}"
    return Found(path, name, why)


def _too_many(folder: Path, most: int) -> str:
    return (
        f"{folder}: there are more than {most} files and folders in it; leave only tables, RDF, "
        "vocabularies and mappings there"
    )


def _same_name(first: str) -> Text:
    return Text(
        nl=f"dit heet op hoofdletters of accenten na als '{first}', en op andere computers is dat "
        "hetzelfde bestand; geef het een andere naam",
        en=f"but for capitals or accents this is called as '{first}' is, and on other computers "
        "that is the same file; give it another name",
    )


_NAME = Text(
    nl="deze naam bevat tekens die niet te zien zijn; geef het bestand of de map een andere",
    en="this name holds characters that cannot be seen; give the file or folder another",
)
_OUTSIDE = Text(
    nl="deze link leidt de map uit en wordt niet gevolgd; zet het bestand zelf in de map",
    en="this link leads out of the folder and is not followed; put the file itself there",
)
_FOR_FEW = Text(
    nl="deze link maakt openbaar wat in een map restricted staat; haal hem weg",
    en="this link makes public what stands in a folder restricted; remove it",
)
_NO_FILE = Text(
    nl="dit is geen bestand maar een pijp, socket of apparaat, en wordt niet geopend; haal het weg",
    en="this is no file but a pipe, socket or device, which is not opened; remove it",
)
_TOO_LARGE = Text(
    nl="het bestand is groter dan 4 GB; verdeel het over bestanden",
    en="the file is larger than 4 GB; divide it into files",
)
