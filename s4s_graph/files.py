"""RDF files of anyone, loaded into a store to look at: nothing checked, nothing added."""

import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from s4s_graph import dumps, rdf
from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD
from s4s_graph.resources import Resources
from s4s_graph.store import Store

FORMATS = rdf.FORMATS | {
    ".json": ox.RdfFormat.JSON_LD,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
}
PACKED = ".gz"

Progress = Callable[[Path, int], None]  # is told the file and how many statements were read of it


class FilesError(Exception):
    """A file that cannot be read; the message says which, where and why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Loaded:
    """A folder with the store of some files.

    `statements` counts what was read of each file; `prefixes` are those of the files, over the
    ones that everybody uses.
    """

    store: Path
    statements: dict[Path, int]
    prefixes: dict[str, str]

    def open(self) -> tuple[Store, Resources]:
        """Open it, to be read only, for queries and to look things up."""
        graph = ox.Store.read_only(str(self.store))
        return Store.over(graph, self.prefixes), Resources(graph)


def load(
    paths: Sequence[Path],
    folder: Path,
    *,
    named: bool,
    progress: Progress = lambda path, read: None,
) -> Loaded:
    """Load files into a new store in `folder`.

    With `named`, what a file says outside named graphs goes to a graph called by the IRI of the
    file; else to the default graph. Raises FilesError, and OSError when there is no room.
    """
    for path in paths:
        _format(path)
    graph = ox.Store(str(folder))
    statements: Counter[Path] = Counter()
    prefixes: dict[str, str] = {}
    for path in paths:
        quads = read(path, prefixes, named=named)
        # Smaller pieces take less memory; a part of a file does not stay, since nothing does.
        for some in dumps.batches(quads):
            graph.bulk_extend(some)
            statements[path] += len(some)
            progress(path, statements[path])
    graph.optimize()
    graph.flush()
    return Loaded(folder, {path: statements[path] for path in paths}, STANDARD | prefixes)


def read(path: Path, prefixes: dict[str, str], *, named: bool) -> Iterator[ox.Quad]:
    """Yield what a file says; its prefixes are added once all is read. Raises FilesError."""
    iri = path.resolve().as_uri()
    graph = ox.NamedNode(iri) if named else ox.DefaultGraph()
    try:
        with _open(path) as file:
            # A blank node is of its file alone, whatever others call theirs.
            parser = ox.parse(file, _format(path), base_iri=iri, rename_blank_nodes=True)
            for quad in parser:
                if named and isinstance(quad.graph_name, ox.DefaultGraph):
                    yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
                else:
                    yield quad
            prefixes.update(parser.prefixes)
    except SyntaxError as error:
        raise FilesError(_syntax(path, error)) from error
    except (OSError, EOFError, zlib.error) as error:
        raise FilesError(_unreadable(path, str(error))) from error


def _open(path: Path) -> IO[bytes]:
    if path.suffix == PACKED:
        return cast("IO[bytes]", gzip.open(path))
    return path.open("rb")


def _format(path: Path) -> ox.RdfFormat:
    inner = Path(path.stem) if path.suffix == PACKED else path
    if found := FORMATS.get(inner.suffix.lower()):
        return found
    known = ", ".join(FORMATS)
    raise FilesError(
        Text(
            nl=f"{path}: dit soort bestand wordt niet gelezen; gebruik {known}, "
            "ook met .gz erachter",
            en=f"{path}: this kind of file is not read; use {known}, also followed by .gz",
        )
    )


def _syntax(path: Path, error: SyntaxError) -> Text:
    if "LoadDocumentCallback" in error.msg:
        return Text(
            nl=f"{path}: de @context staat op een ander adres, en er wordt niets opgehaald; "
            "zet de inhoud ervan in het bestand",
            en=f"{path}: the @context is at another address, and nothing is fetched; "
            "put its content in the file",
        )
    found = rdf.place(error, lambda: _open(path), _format(path))
    if found is None:
        return _unreadable(path, error.msg)
    line, column, what = found
    return Text(
        nl=f"{path}, regel {line}, kolom {column}: dit is niet te lezen: {what}",
        en=f"{path}, line {line}, column {column}: this cannot be read: {what}",
    )


def _unreadable(path: Path, what: str) -> Text:
    return Text(
        nl=f"{path}: dit is niet te lezen: {what}", en=f"{path}: this cannot be read: {what}"
    )
