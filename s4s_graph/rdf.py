"""RDF files of a build as statements; those of anyone by a process that may die of them."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from xml.parsers import expat

import pyoxigraph as ox

from s4s_graph import apart, source_words
from s4s_graph.forms import Text
from s4s_graph.namespaces import BASE

FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}

Term = Any  # of pyoxigraph, which gives each position of a quad its own union


class NotRdfError(ValueError):
    """A file that cannot be read; `message` says where and why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Statements:
    """What a file says, but for the statements that have a triple as their value: `quoted`."""

    quads: list[ox.Quad]
    quoted: list[str]


def read_apart(path: Path, graph: str, base: str) -> Statements:
    """Read a file as `statements` does, in a process of its own. Raises NotRdfError."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "statements.nq"
        answer = apart.answer("s4s_graph.rdf_parsing", str(path), graph, base, str(target))
        if answer is None:
            raise NotRdfError(source_words.DIED)
        if "quoted" not in answer:
            raise NotRdfError(Text(**answer))
        with target.open("rb") as file:
            return Statements(list(ox.parse(file, format=ox.RdfFormat.N_QUADS)), answer["quoted"])


def statements(path: Path, graph: str, base: str) -> Iterator[ox.Quad]:
    """Yield what a file says; what stands outside its own named graphs goes to `graph`.

    The address that the files are written with is replaced by `base`. Blank nodes are numbered
    in the order of the file, so that two readings are equal and two files never share one.
    Raises SyntaxError.
    """
    label = hashlib.sha256(f"{graph}{path.suffix}".encode()).hexdigest()[:8]
    numbers: dict[object, ox.BlankNode] = {}

    def numbered(term: Term) -> Term:
        if not isinstance(term, ox.BlankNode):
            return term
        return numbers.setdefault(term, ox.BlankNode(f"b{label}n{len(numbers)}"))

    default = ox.NamedNode(graph)
    with _opened(path, base) as content:
        for quad in ox.parse(content, format=FORMATS[path.suffix], base_iri=graph):
            is_default = isinstance(quad.graph_name, ox.DefaultGraph)
            yield ox.Quad(
                numbered(quad.subject),
                quad.predicate,
                numbered(quad.object),
                default if is_default else numbered(quad.graph_name),
            )


def _opened(path: Path, base: str) -> IO[bytes]:
    if base == BASE:
        return path.open("rb")
    # In the text, not in the terms: the SPARQL and the prefixes of shapes hold the address too.
    return BytesIO(path.read_bytes().replace(BASE.encode(), base.encode()))


def place(
    error: SyntaxError, opened: Callable[[], IO[bytes]], kind: ox.RdfFormat
) -> tuple[int, int, str] | None:
    """Return the line and column of a syntax error and what it is, if these can be known."""
    if error.lineno is not None:
        return error.lineno, error.offset or 1, error.msg.partition(": ")[2]
    if kind != ox.RdfFormat.RDF_XML:
        return None
    try:
        # Where a file is not even XML, the engine does not say.
        with opened() as file:
            expat.ParserCreate().ParseFile(file)
    except expat.ExpatError as malformed:
        return malformed.lineno, malformed.offset + 1, expat.ErrorString(malformed.code)
    return None
