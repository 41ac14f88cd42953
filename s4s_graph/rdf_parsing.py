"""A process that reads one RDF file of a data folder, so that it may die of what is in it.

    python -m s4s_graph.rdf_parsing FILE GRAPH BASE TARGET

writes the statements to TARGET, in their order, as N-Quads, and prints one JSON document: those
that have a triple as their value, which are not written, or what is wrong.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import apart, rdf, source_words
from s4s_graph.forms import Text

MEMORY = 2 << 30  # bytes of address space
SECONDS = 60  # of CPU, beside what the size of the file gives
QUOTED = 200  # characters that are told of a triple as a value
BYTES_A_SECOND = 200_000  # a tenth of what is read of files that are as they should be


def main(arguments: list[str]) -> int:
    """Read a file as the module says; return the status that the process ends with."""
    path, graph, base, target = Path(arguments[0]), *arguments[1:3], Path(arguments[3])
    apart.limit(MEMORY, SECONDS + path.stat().st_size // BYTES_A_SECOND)
    quoted: list[str] = []

    def kept() -> Iterator[ox.Quad]:
        for quad in rdf.statements(path, graph, base):
            if isinstance(quad.object, ox.Triple):
                quoted.append(str(quad.object)[:QUOTED])
            else:
                yield quad

    try:
        with target.open("wb") as file:
            ox.serialize(kept(), output=file, format=ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        told = _told(error, path)
        sys.stdout.write(json.dumps({"nl": told.nl, "en": told.en}))
    else:
        sys.stdout.write(json.dumps({"quoted": quoted}))
    return 0


def _told(error: SyntaxError, path: Path) -> Text:
    if "LoadDocumentCallback" in error.msg:
        return source_words.REMOTE_CONTEXT
    found = rdf.place(error, lambda: path.open("rb"), rdf.FORMATS[path.suffix])
    return source_words.not_read(error.msg, found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
