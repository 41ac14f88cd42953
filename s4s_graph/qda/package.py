"""The files of a project: a codebook on its own, or a zip with the project and its sources.

A zip is never unpacked: of its members one is read, and those that are asked for by name.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from s4s_graph.forms import Text
from s4s_graph.qda.elements import MalformedError

CODEBOOK, PROJECT = SUFFIXES = (".qdc", ".qdpx")
# The largest that one file may unfold to; programs put recordings beside it, not in it.
UNFOLDED_BYTES = 512 << 20
_MEMBER = ".qde"
_ENCRYPTED = 0x1
_INTERNAL = "internal://"


class Package:
    """An open project. What is wrong with it is raised as MalformedError."""

    def __init__(self, archive: zipfile.ZipFile | None, path: Path) -> None:
        self._archive = archive
        self._path = path
        members = archive.infolist() if archive else []
        for member in members:
            inside = PurePosixPath(member.filename.replace("\\", "/"))
            if inside.is_absolute() or ".." in inside.parts:
                raise MalformedError(_outside(member.filename))
        # Programs differ in the case of the names; what a Mac adds to a zip starts with a dot.
        self._members = {
            name.casefold(): member
            for member in members
            if not (name := PurePosixPath(member.filename.replace("\\", "/")).name).startswith(".")
        }

    @contextmanager
    def main(self) -> Iterator[IO[bytes]]:
        """Lend the file that describes the project."""
        if self._archive is None:
            with self._path.open("rb") as file:
                yield file
            return
        found = [m for name, m in self._members.items() if name.endswith(_MEMBER)]
        if len(found) != 1:
            raise MalformedError(_NO_PROJECT)
        with self._opened(found[0]) as file:
            yield file

    def text(self, path: str) -> str | None:
        """Return the text of a source that is in the package; None of one that lies elsewhere."""
        member = self._members.get(path.removeprefix(_INTERNAL).casefold())
        if not path.startswith(_INTERNAL) or member is None:
            return None
        with self._opened(member) as file:
            return file.read().decode("utf-8-sig", errors="replace")

    @contextmanager
    def _opened(self, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
        if self._archive is None or member.flag_bits & _ENCRYPTED:
            raise MalformedError(_locked(member.filename))
        if member.file_size > UNFOLDED_BYTES:
            raise MalformedError(_too_large(member.filename))
        with self._archive.open(member) as file:
            yield file


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """Lend a project or codebook, by what is in it: programs and people mix the endings up."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield Package(archive, path)
        elif path.suffix.lower() == PROJECT:
            raise MalformedError(_DAMAGED)
        else:
            yield Package(None, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise MalformedError(_DAMAGED) from error


def _outside(member: str) -> Text:
    return Text(
        nl=f"het bestand {member} zegt buiten het project te staan; dit project is niet te "
        "vertrouwen, exporteer het opnieuw",
        en=f"its file {member} claims a place outside the project; this project cannot be "
        "trusted, export it again",
    )


def _locked(member: str) -> Text:
    return Text(
        nl=f"op {member} zit een wachtwoord; exporteer het project zonder wachtwoord",
        en=f"{member} has a password; export the project without a password",
    )


def _too_large(member: str) -> Text:
    most = UNFOLDED_BYTES >> 20
    return Text(
        nl=f"{member} wordt uitgepakt groter dan {most} MB; exporteer het project in delen",
        en=f"{member} unfolds to more than {most} MB; export the project in parts",
    )


_DAMAGED = Text(
    nl="dit project is beschadigd of niet volledig; exporteer het opnieuw",
    en="this project is damaged or not complete; export it again",
)
_NO_PROJECT = Text(
    nl="hier zit niet precies één bestand project.qde in; exporteer het project als REFI-QDA",
    en="this does not hold exactly one file project.qde; export the project as REFI-QDA",
)
