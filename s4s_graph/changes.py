"""What a release adds, changes and removes, held against the release that it replaces.

This is told beside the manifest and not in it: the same data are the same release, whatever was
there before.
"""

import hashlib
import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from s4s_graph import release
from s4s_graph.release import ReleaseError

_BITS = 128


@dataclass(frozen=True)
class Changes:
    """The things of which something is stated only after, differently, or only before, sorted.

    `previous` is the id of the release before, None for a first one: then nothing is compared.
    """

    previous: str | None
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the changes as JSON, the same text for the same changes."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read(folder: Path) -> Changes:
    """Read what a release changed; of a release that does not tell it is as if it were the first.

    Raises ReleaseError when the file is broken.
    """
    path = folder / release.CHANGES
    if not path.is_file():
        return Changes(None)
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        previous = content.pop("previous")
        return Changes(previous, **{name: tuple(iris) for name, iris in content.items()})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(f"{path} does not tell changes: {error!r}") from error


def since(previous: Path | None, folder: Path) -> Changes:
    """Compare a release folder with the previous one, by what their dumps state of each thing.

    What is derived does not count, nor does the table that a statement stands in. Releases with
    another base IRI have nothing in common, so they are not compared.
    """
    now = release.read_manifest(folder / release.MANIFEST)
    if not previous or not release.is_complete(previous):
        return Changes(None)
    before = release.read_manifest(previous / release.MANIFEST)
    if before.base != now.base:
        return Changes(None)
    old, new = (_stated(path / release.N_QUADS, now.base) for path in (previous, folder))
    return Changes(
        before.id,
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(iri for iri in new.keys() & old.keys() if new[iri] != old[iri])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def _stated(dump: Path, base: str) -> dict[str, int]:
    """Return a number for each thing that depends on all that is stated of it, in any order."""
    start, derived = f"<{base}id/".encode(), f"<{base}graph/derived>".encode()
    found: defaultdict[bytes, int] = defaultdict(int)
    with dump.open("rb") as lines:
        for line in lines:
            if line.startswith(start):
                statement, _, graph = line.rstrip(b" .\n").rpartition(b" ")
                if graph != derived:
                    digest = hashlib.sha256(statement).digest()[: _BITS // 8]
                    name = statement[1 : statement.index(b">")]
                    found[name] = (found[name] + int.from_bytes(digest, "big")) % (1 << _BITS)
    return {name.decode(): number for name, number in found.items()}
