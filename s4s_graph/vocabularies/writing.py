"""A vocabulary put in its place in a data folder: its two files together, or neither.

What was there before stays in `.before-import/`, which no build reads.
"""

import gzip
import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

from s4s_graph.folders import inside
from s4s_graph.forms import Text
from s4s_graph.merging import backup_in
from s4s_graph.namespaces import BASE
from s4s_graph.vocabularies.about import About
from s4s_graph.vocabularies.collecting import RefusedError
from s4s_graph.vocabularies.folder import ABOUT, CONCEPTS, VOCABULARIES, Stored, graph

_LEVEL = 6  # of packing: the next ones take twice the time to save a hundredth


def write(name: str, into: Path, statements: Path, about: About, before: Stored | None) -> Path:
    """Put sorted statements in place; return the folder that keeps what was there, if anything.

    before: what the new version was compared with. The folder is made aside and takes the place of
    the old one as a whole. Raises RefusedError when that changed meanwhile, and OSError: all is
    then as it was.
    """
    place = inside(into / VOCABULARIES / name, into)
    if (before is None) == place.exists() or (before and before.metadata != _stored(place)):
        raise RefusedError(_changed_meanwhile(place))
    place.parent.mkdir(exist_ok=True)
    kept = backup_in(into)
    staged = Path(mkdtemp(prefix=f".{name}.", dir=place.parent))
    try:
        staged.chmod(0o755)
        _pack(statements, staged / CONCEPTS)
        _save(about.turtle(graph(name, BASE)), staged / ABOUT)
        old = kept / VOCABULARIES / name
        if before:
            old.parent.mkdir(parents=True)
            place.replace(old)
        try:
            staged.replace(place)
        except OSError:
            if before:
                old.replace(place)
            raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return kept


def _stored(place: Path) -> About | None:
    content = (place / ABOUT).read_bytes() if (place / ABOUT).exists() else None
    return About.read(content, graph(place.name, BASE)) if content else None


def _pack(statements: Path, path: Path) -> None:
    # No name and no time in it: the same statements give the same bytes.
    with (
        statements.open("rb") as source,
        path.open("wb") as target,
        gzip.GzipFile("", "wb", _LEVEL, target, mtime=0) as packed,
    ):
        shutil.copyfileobj(source, packed, 1 << 20)
    _sync(path)


def _save(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    _sync(path)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _changed_meanwhile(place: Path) -> Text:
    return Text(
        nl=f"{place} is intussen door iemand anders gewijzigd; er is niets geschreven, "
        "voer het commando opnieuw uit",
        en=f"{place} was changed by someone else meanwhile; nothing was written, "
        "run the command again",
    )
