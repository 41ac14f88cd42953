"""The release as a graph that can only be read: queries in, frozen dataclasses out."""

import dataclasses
import typing
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar

import pyoxigraph as ox

from s4s_graph import documents, namespaces, release
from s4s_graph.forms import Forms

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")
EngineTerm = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

INCOMING_LIMIT = 1000
LABELS = tuple(
    ox.NamedNode(iri)
    for iri in (
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://purl.org/dc/terms/title",
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://www.w3.org/ns/shacl#name",
    )
)


class StoreError(Exception):
    """A query, a parameter or a row type that does not fit the others; the text says which."""


@dataclass(frozen=True)
class Iri:
    """The name of a thing."""

    value: str


@dataclass(frozen=True)
class Literal:
    """A value: its text, its language tag if it has one, the IRI of its datatype."""

    value: str
    lang: str | None
    datatype: str


Term = Iri | Literal


@dataclass(frozen=True)
class Label:
    """The text to show for a thing; `lang` is None where the text has no language tag."""

    text: str
    lang: str | None


@dataclass(frozen=True)
class Answer:
    """The answer to a SELECT query: the projected variables, and one tuple of terms a row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


class Store:
    """A graph to read from, by any number of threads at once.

    Queries are written without PREFIX lines; their default graph is the union of all graphs.
    """

    def __init__(self, graph: ox.Store, prefixes: dict[str, str]) -> None:
        self._graph = graph
        self.prefixes = prefixes

    @classmethod
    def open(cls, folder: Path, *, memory_quads: int) -> "Store":
        """Open a release: in memory if it has fewer than `memory_quads` quads, else on disk."""
        manifest = release.read_manifest(folder / release.MANIFEST)
        forms = Forms.from_json((folder / release.FORMS).read_text(encoding="utf-8"))
        segments = [form.segment for form in forms.forms]
        prefixes = namespaces.prefixes(manifest.base, segments)
        if manifest.quads >= memory_quads:
            return cls(ox.Store.read_only(str(folder / release.STORE)), prefixes)
        graph = ox.Store()
        graph.load(path=folder / release.N_QUADS, format=ox.RdfFormat.N_QUADS)
        return cls(graph, prefixes)

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], prefixes: dict[str, str]) -> "Store":
        """Hold quads that are not in a release yet, in memory."""
        graph = ox.Store()
        graph.extend(quads)
        return cls(graph, prefixes)

    def select(self, query: str, row: type[R], /, **params: Term | str | int) -> list[R]:
        """Answer a SELECT query as instances of the dataclass `row`, variable by field.

        Fields may be str, int, float, bool, Iri, Literal or Term, each also `| None`. Parameters
        are substituted for the projected variables of the same name: a str as a plain literal.
        Raises StoreError when query, parameters, row type or values do not fit together, and
        SyntaxError for a query that is not SPARQL.
        """
        readers = _readers(row)
        solutions = self._solutions(query, params)
        projected = {variable.value for variable in solutions.variables}
        unknown, unread = readers.keys() - projected, projected - readers.keys() - params.keys()
        if unknown or unread:
            raise StoreError(
                f"{row.__name__} does not fit the query: fields that are not selected: "
                f"{sorted(unknown)}; selected variables without a field: {sorted(unread)}"
            )
        return [
            row(**{name: read(solution[name]) for name, read in readers.items()})
            for solution in solutions
        ]

    def answer(self, query: str, /, **params: Term | str | int) -> Answer:
        """Answer a SELECT query of any shape. Errors are those of `select`."""
        solutions = self._solutions(query, params)
        columns = tuple(variable.value for variable in solutions.variables)
        return Answer(columns, tuple(tuple(map(_maybe_term, row)) for row in solutions))

    def labels(self, iris: Iterable[str], lang: str) -> dict[str, Label]:
        """Return the label of each thing that has one, in `lang` ("nl" or "en") if there is one.

        Else in the other of the two, else without a language, else in any.
        """
        found = ((iri, self._label(iri, lang)) for iri in set(iris))
        return {iri: label for iri, label in found if label}

    def values(self, iri: str, properties: Iterable[str]) -> dict[str, tuple[Term, ...]]:
        """Return the values that a thing has of each of these properties, by the property."""
        subject = _named(iri)
        found = {
            path: {
                quad.object
                for quad in self._graph.quads_for_pattern(subject, _named(path), None, None)
                if isinstance(quad.object, ox.NamedNode | ox.Literal)
            }
            for path in properties
        }
        return {path: tuple(map(_term, values)) for path, values in found.items()}

    def exists(self, iri: str) -> bool:
        """Say whether something is stated about this thing."""
        try:
            subject = ox.NamedNode(iri)
        except ValueError:
            return False
        return any(self._graph.quads_for_pattern(subject, None, None, None))

    def graphs(self, iri: str) -> frozenset[str]:
        """Return the named graphs that say something of a thing; nothing if it is not an IRI.

        Of a thing with very many statements only the first are looked at.
        """
        try:
            subject = ox.NamedNode(iri)
        except ValueError:
            return frozenset()
        quads = islice(self._graph.quads_for_pattern(subject, None, None, None), INCOMING_LIMIT)
        return frozenset(
            quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)
        )

    def describe(self, iri: str, media_type: str) -> bytes:
        """Return what is stated of a thing, and the first 1,000 statements that point at it.

        The media type is one of documents.FORMATS. Same release, same bytes.
        """
        node = _named(iri)
        triples = ox.Dataset(_quads(self._outgoing(node)))
        for triple in islice(self._incoming(node), INCOMING_LIMIT):
            triples.add(ox.Quad(*triple))
        return documents.write(triples, media_type, self.prefixes, first=node)

    def statements(self, iris: Iterable[str], media_type: str) -> bytes:
        """Return what is stated of some things; the media type is one of documents.FORMATS.

        Same release, same bytes.
        """
        triples = ox.Dataset()
        for iri in iris:
            for quad in _quads(self._outgoing(_named(iri))):
                triples.add(quad)
        return documents.write(triples, media_type, self.prefixes)

    def construct(self, query: str, media_type: str, /, **params: Term | str | int) -> bytes:
        """Answer a CONSTRUCT query as a document; the media type is one of documents.FORMATS.

        Same release, same bytes. Errors are those of `select`.
        """
        result = self._result(query, params)
        if not isinstance(result, ox.QueryTriples):
            raise StoreError("only CONSTRUCT queries make a document")
        return documents.write(ox.Dataset(_quads(result)), media_type, self.prefixes)

    def _solutions(self, query: str, params: dict[str, Term | str | int]) -> ox.QuerySolutions:
        result = self._result(query, params)
        if not isinstance(result, ox.QuerySolutions):
            raise StoreError("only SELECT queries have rows")
        return result

    def _result(
        self, query: str, params: dict[str, Term | str | int]
    ) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        # The caller consumes the result at once: it must not leave the thread that asked.
        substitutions = {ox.Variable(name): _engine_term(value) for name, value in params.items()}
        try:
            return self._graph.query(
                query,
                prefixes=self.prefixes,
                use_default_graph_as_union=True,
                substitutions=substitutions,
            )
        except RuntimeError as error:
            raise StoreError(f"{error}; parameters: {sorted(params)}") from error

    def _label(self, iri: str, lang: str) -> Label | None:
        ranks = {lang: 0, "en" if lang == "nl" else "nl": 1, "": 2}
        subject = _named(iri)
        for predicate in LABELS:
            labels = [
                (ranks.get(language := quad.object.language or "", 3), language, quad.object.value)
                for quad in self._graph.quads_for_pattern(subject, predicate, None, None)
                if isinstance(quad.object, ox.Literal)
            ]
            if labels:
                _, language, text = min(labels)
                return Label(text, language or None)
        return None

    def _outgoing(self, node: ox.NamedNode | ox.BlankNode) -> Iterator[ox.Triple]:
        """Yield the statements about a node, and those about the blank nodes it needs."""
        seen, waiting = {node}, [node]
        while waiting:
            for quad in self._graph.quads_for_pattern(waiting.pop(), None, None, None):
                yield quad.triple
                if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                    seen.add(quad.object)
                    waiting.append(quad.object)

    def _incoming(self, node: ox.NamedNode) -> Iterator[ox.Triple]:
        for quad in self._graph.quads_for_pattern(None, None, node, None):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.triple


def _quads(triples: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    return (ox.Quad(*triple) for triple in triples)


def _named(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise StoreError(f"{iri!r} is not an IRI") from error


def _engine_term(value: Term | str | int) -> EngineTerm:
    if isinstance(value, Iri):
        return _named(value.value)
    if isinstance(value, Literal):
        if value.lang:
            return ox.Literal(value.value, language=value.lang)
        return ox.Literal(value.value, datatype=_named(value.datatype))
    return ox.Literal(value)


def _term(value: EngineTerm) -> Term:
    if isinstance(value, ox.NamedNode):
        return Iri(value.value)
    if isinstance(value, ox.Literal):
        return Literal(value.value, value.language, value.datatype.value)
    raise StoreError(f"{value} has no name to show; let the query select IRIs and literals only")


def _maybe_term(value: EngineTerm | None) -> Term | None:
    return None if value is None else _term(value)


_FROM_TEXT: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    float: float,
    bool: {"true": True, "1": True, "false": False, "0": False}.__getitem__,
}


@lru_cache
def _readers(row: type["DataclassInstance"]) -> dict[str, Callable[[Any], Any]]:
    """Return for each field of the dataclass what turns an engine's term into its value."""
    hints = typing.get_type_hints(row)
    return {
        field.name: _reader(f"{row.__name__}.{field.name}", hints[field.name])
        for field in dataclasses.fields(row)
    }


def _reader(field: str, hint: Any) -> Callable[[Any], Any]:
    kinds = typing.get_args(hint) or (hint,)
    from_text = next((_FROM_TEXT[kind] for kind in kinds if kind in _FROM_TEXT), None)

    def read(value: Any) -> Any:
        if value is None:
            if NoneType in kinds:
                return None
            raise StoreError(f"{field} needs a value, but a row of the answer has none")
        term = _term(value)
        if type(term) in kinds:
            return term
        if from_text:
            with suppress(ValueError, KeyError):
                return from_text(term.value)
        raise StoreError(f"{field} cannot hold {term.value!r}: it is declared as {hint}")

    return read
