"""A process that reads one RDF file of anyone, so that it may die of what is in it.

    python -m s4s_graph.vocabularies.parsing FILE FOLDER LABEL MOST

writes the statements as sorted runs of N-Quads into FOLDER, which must be new, and prints one JSON
document: how many statements there were, or what is wrong. Blank nodes are called LABEL and a
number, in the order of the file. A file that nests too deeply, unfolds to more than fits or takes
longer than its size explains ends the process and nothing else.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from s4s_graph import apart, dumps, files
from s4s_graph.files import FilesError

MEMORY = 2 << 30  # bytes of address space
SECONDS = 20  # of CPU, beside what the size of the file gives
BYTES_A_SECOND = 200_000  # a tenth of what is read of files that are as they should be
PACKED_TIMES = 20  # what a packed file may unfold to


class TooManyError(Exception):
    """The file has more statements than are imported."""


def main(arguments: list[str]) -> int:
    """Read a file as the module says; return the status that the process ends with."""
    path, folder, label, most = arguments
    apart.limit(MEMORY, _seconds(Path(path)))
    reading = _Reading(label, int(most))
    answer: dict[str, Any] = {}
    try:
        dumps.runs(reading.quads(Path(path)), Path(folder))
    except FilesError as error:
        answer = {"nl": error.message.nl, "en": error.message.en}
    except TooManyError:
        answer = {"too_many": True}
    else:
        answer = {"statements": reading.count, "quoted": reading.quoted}
    sys.stdout.write(json.dumps(answer))
    return 0


def _seconds(path: Path) -> int:
    size = path.stat().st_size * (PACKED_TIMES if path.suffix == files.PACKED else 1)
    return SECONDS + size // BYTES_A_SECOND


class _Reading:
    """The statements of a file, outside any named graph and counted.

    quoted: how many were left out since a triple is one of their terms.
    """

    def __init__(self, label: str, most: int) -> None:
        self._label = label
        self._most = most
        self._numbers: dict[object, ox.BlankNode] = {}
        self.count = 0
        self.quoted = 0

    def quads(self, path: Path) -> Iterator[ox.Quad]:
        for quad in files.read(path, {}, named=False):
            if isinstance(quad.object, ox.Triple) or isinstance(quad.subject, ox.Triple):
                self.quoted += 1
                continue
            self.count += 1
            if self.count > self._most:
                raise TooManyError
            yield ox.Quad(self._named(quad.subject), quad.predicate, self._named(quad.object))

    def _named(self, term: Any) -> Any:
        if not isinstance(term, ox.BlankNode):
            return term
        number = len(self._numbers)
        return self._numbers.setdefault(term, ox.BlankNode(f"{self._label}n{number}"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
