"""The files that a vocabulary is read from, on their own or in a zip, which is never unpacked."""

import hashlib
import shutil
import zipfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from s4s_graph.forms import Text
from s4s_graph.vocabularies.collecting import RefusedError

ZIP = ".zip"
UNPACKED_BYTES = 4 << 30  # of all that is in one zip
MEMBERS = 1000  # of one zip
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Input:
    """A file, or a file in a zip; `name` is what people are told it is called."""

    path: Path
    name: str
    member: str | None = None

    @property
    def file_name(self) -> str:
        """Return its own name, without any folder."""
        return PurePosixPath(self.member or self.path.name).name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Lend its bytes. Raises OSError and zipfile.BadZipFile."""
        if self.member is None:
            with self.path.open("rb") as file:
                yield file
        else:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as file:
                yield file

    def unpacked(self, folder: Path) -> Path:
        """Return where it is as a file of its own: in `folder` if it comes from a zip."""
        if self.member is None:
            return self.path
        path = folder / self.file_name
        with self.open() as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        return path


def inputs(paths: Iterable[Path], suffixes: Collection[str]) -> tuple[list[Input], list[Input]]:
    """Return the files to read, in the order given, and those in a zip that are not of that kind.

    Raises RefusedError for a zip that is damaged, locked, far too large, or that has a file
    outside itself, and for a file of another kind.
    """
    wanted: list[Input] = []
    other: list[Input] = []
    for path in paths:
        if path.suffix.lower() == ZIP:
            for found in _members(path):
                (wanted if _is_of(found, suffixes) else other).append(found)
        elif _is_of(given := Input(path, path.name), suffixes):
            wanted.append(given)
        else:
            raise RefusedError(_of_another_kind(path, suffixes))
    return wanted, other


def sha256(path: Path) -> str:
    """Return the checksum of a file, as it was given."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_of(found: Input, suffixes: Collection[str]) -> bool:
    return found.file_name.lower().endswith(tuple(suffixes))


def _members(path: Path) -> Iterator[Input]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        raise RefusedError(_damaged(path)) from error
    if len(members) > MEMBERS or sum(member.file_size for member in members) > UNPACKED_BYTES:
        raise RefusedError(_too_large(path))
    for member in members:
        inside = PurePosixPath(member.filename.replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts:
            raise RefusedError(_outside(path, member.filename))
        if member.flag_bits & _ENCRYPTED:
            raise RefusedError(_locked(path, member.filename))
        # What a Mac adds to a zip starts so.
        if not member.is_dir() and inside.parts[0] != "__MACOSX" and inside.name[0] != ".":
            yield Input(path, f"{path.name}/{member.filename}", member.filename)


def _of_another_kind(path: Path, suffixes: Collection[str]) -> Text:
    known = ", ".join((*suffixes, ZIP))
    return Text(
        nl=f"{path}: dit soort bestand wordt hier niet gelezen; gebruik {known}",
        en=f"{path}: this kind of file is not read here; use {known}",
    )


def _damaged(path: Path) -> Text:
    return Text(
        nl=f"{path}: dit zip-bestand is beschadigd of geen zip; haal het opnieuw op",
        en=f"{path}: this zip is damaged or no zip; download it again",
    )


def _too_large(path: Path) -> Text:
    most = UNPACKED_BYTES >> 30
    return Text(
        nl=f"{path}: hier zit meer dan {most} GB of meer dan {MEMBERS} bestanden in; "
        "pak het zelf uit en geef alleen de bestanden die nodig zijn",
        en=f"{path}: this holds more than {most} GB or more than {MEMBERS} files; "
        "unpack it and give only the files that are needed",
    )


def _outside(path: Path, member: str) -> Text:
    return Text(
        nl=f"{path}: het bestand {member} zegt buiten de zip te staan; dit pakket is niet te "
        "vertrouwen, haal het bij de uitgever zelf",
        en=f"{path}: its file {member} claims a place outside the zip; this package cannot be "
        "trusted, get it from the publisher",
    )


def _locked(path: Path, member: str) -> Text:
    return Text(
        nl=f"{path}: op {member} zit een wachtwoord; pak het zelf uit en geef het bestand",
        en=f"{path}: {member} has a password; unpack it and give the file",
    )
