"""The data folder as it was in a commit, by git."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from s4s_graph.forms import Text
from s4s_graph.sources import File


class UnknownError(ValueError):
    """Neither a release nor a commit; `message` says what would do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def is_beside(folder: Path, data: Path) -> bool:
    """Tell whether a folder is kept in the same repository as the data."""
    try:
        return _git(folder, "rev-parse", "--show-toplevel") == _git(
            data, "rev-parse", "--show-toplevel"
        )
    except UnknownError:
        return False


def differing(folder: Path, since: str) -> set[str]:
    """Return the files below a folder that are not as they were in a commit."""
    wanted = f"{since}^{{commit}}"
    known = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    commit = known.decode().strip()
    changed = _git(folder, "diff", "--name-only", "--relative", "-z", commit, "--", ".")
    new = _git(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    names = {name for name in os.fsdecode(changed + new).split("\0") if name}
    return {name for name in names if _is_read(name)}


def _is_read(name: str) -> bool:
    parts = Path(name).parts
    return parts[-1] != "README.md" and not any(part.startswith((".", "~$")) for part in parts)


def earlier(since: str, differing: Iterable[str], data: Path, folder: Path) -> Iterator[File]:
    """Write the files as they were in a commit; yield those that were there."""
    there = _git(data, "ls-tree", "-r", "-z", "--name-only", since, "--", ".")
    known = set(os.fsdecode(there).split("\0"))
    for name in sorted(known.intersection(differing)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_git(data, "show", f"{since}:./{name}"))
        yield File(path, name)


def _git(folder: Path, *words: str) -> bytes:
    """Ask git about a folder. Raises UnknownError when it does not know what is meant."""
    try:
        done = subprocess.run(  # noqa: S603 - the words are ours, and a name after --end-of-options
            ["git", "-C", str(folder), *words],  # noqa: S607 - whichever git the editor uses
            capture_output=True,
            check=True,
        )
    except FileNotFoundError as error:
        raise UnknownError(_NO_GIT) from error
    except subprocess.CalledProcessError as error:
        raise UnknownError(_UNKNOWN) from error
    return done.stdout


_UNKNOWN = Text(
    nl="dit is geen release en geen commit van de datamap; "
    "noem er een, zoals current, HEAD of de naam van een tak",
    en="this is no release and no commit of the data folder; "
    "name one, such as current, HEAD or the name of a branch",
)
_NO_GIT = Text(
    nl="dit is geen release, en zonder git is niet te zien wat sinds een commit veranderde",
    en="this is no release, and without git there is no telling what changed since a commit",
)
