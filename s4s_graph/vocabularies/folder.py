"""The vocabularies in a data folder: where each stands, what it is, and what it says."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from s4s_graph import folders as reading
from s4s_graph.namespaces import BASE
from s4s_graph.vocabularies.about import About

VOCABULARIES = "vocabularies"
CONCEPTS = "concepts.nt.gz"
ABOUT = "vocabulary.ttl"


@dataclass(frozen=True)
class Stored:
    """A vocabulary of a data folder.

    folder: its own, which may be anywhere in the data folder. metadata: raises no error, since
    the two files are written together by an import.
    """

    name: str
    folder: Path
    metadata: About

    @property
    def concepts(self) -> Path:
        """Where its statements are: N-Triples, sorted, packed."""
        return self.folder / CONCEPTS

    def graph(self, base: str) -> str:
        """Return the name of its named graph in a release."""
        return graph(self.name, base)

    def triples(self) -> Iterator[ox.Triple]:
        """Yield its statements in the order of the file, all about one thing together.

        Raises OSError, and SyntaxError when someone edited the file.
        """
        with cast("IO[bytes]", gzip.open(self.concepts)) as file:
            for quad in ox.parse(file, ox.RdfFormat.N_TRIPLES):
                yield quad.triple


def graph(name: str, base: str) -> str:
    """Return the name of the named graph of a vocabulary."""
    return f"{base}graph/{VOCABULARIES}/{name}"


def found(data: Path) -> list[Stored]:
    """Return the vocabularies of a data folder, in the order of their names.

    Raises OSError, and SyntaxError or KeyError for a file that someone edited so that it is no
    longer what an import wrote.
    """
    return [stored(folder) for folder in folders(data)]


def folders(data: Path) -> list[Path]:
    """Return the folders of the vocabularies in a data folder, in the order of their names.

    What others published is public: below a folder for what is restricted none is looked for.
    Raises OSError.
    """
    files = reading.files(data)
    refused = {file.path.parent for file in files if file.refused}
    found = [file.path for file in files if file.path.match(f"{VOCABULARIES}/*/{ABOUT}")]
    kept = [
        path.parent
        for path in found
        if path.parent not in refused and reading.RESTRICTED not in path.relative_to(data).parts
    ]
    return sorted(kept, key=lambda folder: folder.name)


def stored(folder: Path) -> Stored:
    """Return the vocabulary of one folder. Raises as `found` does."""
    about = About.read((folder / ABOUT).read_bytes(), graph(folder.name, BASE))
    return Stored(folder.name, folder, about)
