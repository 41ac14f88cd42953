"""The release as a graph that can only be read: queries in, frozen dataclasses out."""

import dataclasses
import typing
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar

import pyoxigraph as ox

from s4s_graph import documents, namespaces, release
from s4s_graph.engines.embedded import Embedded
from s4s_graph.engines.engine import INCOMING_LIMIT as INCOMING_LIMIT
from s4s_graph.engines.engine import LABELS as LABELS
from s4s_graph.engines.engine import Engine, Solutions
from s4s_graph.engines.engine import EngineTerm as EngineTerm
from s4s_graph.engines.engine import StoreError as StoreError
from s4s_graph.forms import Forms, Text

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")


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

    Queries are written without PREFIX lines; their default graph is the union of all graphs. All
    methods raise AwayError when the graph is at an engine elsewhere that does not answer.
    """

    def __init__(self, engine: Engine, prefixes: dict[str, str]) -> None:
        self._engine = engine
        self.prefixes = prefixes

    @classmethod
    def over(cls, graph: ox.Store, prefixes: dict[str, str]) -> "Store":
        """Read a graph of the engine that runs inside."""
        return cls(Embedded(graph, prefixes), prefixes)

    @classmethod
    def open(cls, folder: Path, *, memory_quads: int) -> "Store":
        """Open a release: in memory if it has fewer than `memory_quads` quads, else on disk."""
        manifest = release.read_manifest(folder / release.MANIFEST)
        if manifest.quads >= memory_quads:
            return cls.over(ox.Store.read_only(str(folder / release.STORE)), prefixes(folder))
        graph = ox.Store()
        graph.load(path=folder / release.N_QUADS, format=ox.RdfFormat.N_QUADS)
        return cls.over(graph, prefixes(folder))

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], prefixes: dict[str, str]) -> "Store":
        """Hold quads that are not in a release yet, in memory."""
        graph = ox.Store()
        graph.extend(quads)
        return cls.over(graph, prefixes)

    def select(self, query: str, row: type[R], /, **params: Term | str | int) -> list[R]:
        """Answer a SELECT query as instances of the dataclass `row`, variable by field.

        Fields may be str, int, float, bool, Iri, Literal or Term, each also `| None`. Parameters
        are substituted for the projected variables of the same name: a str as a plain literal.
        Raises StoreError when query, parameters, row type or values do not fit together, and
        SyntaxError for a query that is not SPARQL.
        """
        readers = _readers(row)
        columns, solutions = self.solutions(query, **params)
        unknown, unread = readers.keys() - set(columns), {*columns} - readers.keys() - {*params}
        if unknown or unread:
            raise StoreError(
                f"{row.__name__} does not fit the query: fields that are not selected: "
                f"{sorted(unknown)}; selected variables without a field: {sorted(unread)}"
            )
        places = [(name, columns.index(name), read) for name, read in readers.items()]
        return [
            row(**{name: read(solution[place]) for name, place, read in places})
            for solution in solutions
        ]

    def answer(self, query: str, /, **params: Term | str | int) -> Answer:
        """Answer a SELECT query of any shape. Errors are those of `select`."""
        columns, solutions = self.solutions(query, **params)
        # What was given stands in every row, and the same things do in many.
        known: dict[EngineTerm | None, Term | None] = {}

        def term(value: EngineTerm | None) -> Term | None:
            if value not in known:
                known[value] = None if value is None else as_term(value)
            return known[value]

        return Answer(columns, tuple(tuple(map(term, row)) for row in solutions))

    def solutions(self, query: str, /, **params: Term | str | int) -> Solutions:
        """Return the variables and the rows of a SELECT query in the terms of the engine.

        Of very many rows it takes less time than anything else. Errors are those of `select`.
        """
        return self._engine.solutions(query, _engine_terms(params))

    def things(self, query: str, /, **params: Term | str | int) -> frozenset[str]:
        """Return the IRIs in the first column of a SELECT query. Errors are those of `select`.

        Of very many things it takes less time and room than a row for each.
        """
        _, solutions = self.solutions(query, **params)
        return frozenset(row[0].value for row in solutions if isinstance(row[0], ox.NamedNode))

    def labels(self, iris: Iterable[str], lang: str) -> dict[str, Label]:
        """Return the label of each thing that has one, in `lang` ("nl" or "en") if there is one.

        Else in the other of the two, else without a language, else in any.
        """
        return {iri: _best(labels, lang) for iri, labels in self._labelled(iris)}

    def names(self, iris: Iterable[str]) -> dict[str, Text]:
        """Return the label of each thing that has one, as `labels` does, in both languages."""
        return {
            iri: Text(*(_best(labels, lang).text for lang in ("nl", "en")))
            for iri, labels in self._labelled(iris)
        }

    def values(self, iri: str, properties: Iterable[str]) -> dict[str, tuple[Term, ...]]:
        """Return the values that a thing has of each of these properties, by the property."""
        wanted = {path: _named(path) for path in properties}
        found: dict[str, dict[EngineTerm, None]] = {path: {} for path in wanted}
        for triple in self._engine.values(_named(iri), wanted.values()):
            if isinstance(triple.object, ox.NamedNode | ox.Literal):
                found[triple.predicate.value][triple.object] = None
        return {path: tuple(map(as_term, values)) for path, values in found.items()}

    def exists(self, iri: str) -> bool:
        """Say whether something is stated about this thing."""
        try:
            subject = ox.NamedNode(iri)
        except ValueError:
            return False
        return self._engine.exists(subject)

    def graphs(self, iri: str) -> frozenset[str]:
        """Return the named graphs that say something of a thing; nothing if it is not an IRI.

        Of a thing with very many statements only the first may be looked at.
        """
        try:
            subject = ox.NamedNode(iri)
        except ValueError:
            return frozenset()
        return self._engine.graphs(subject)

    def describe(self, iri: str, media_type: str) -> bytes:
        """Return what is stated of a thing, and the first 1,000 statements that point at it.

        The media type is one of documents.FORMATS. Same release, same bytes.
        """
        node = _named(iri)
        triples = ox.Dataset(_quads(self._engine.outgoing([node])))
        for triple in self._engine.incoming(node):
            triples.add(ox.Quad(*triple))
        return documents.write(triples, media_type, self.prefixes, first=node)

    def statements(self, iris: Iterable[str], media_type: str) -> bytes:
        """Return what is stated of some things; the media type is one of documents.FORMATS.

        Same release, same bytes.
        """
        triples = ox.Dataset(_quads(self._engine.outgoing(map(_named, iris))))
        return documents.write(triples, media_type, self.prefixes)

    def construct(self, query: str, media_type: str, /, **params: Term | str | int) -> bytes:
        """Answer a CONSTRUCT query as a document; the media type is one of documents.FORMATS.

        Same release, same bytes. Errors are those of `select`.
        """
        triples = self._engine.triples(query, _engine_terms(params))
        return documents.write(ox.Dataset(_quads(triples)), media_type, self.prefixes)

    def _labelled(self, iris: Iterable[str]) -> Iterator[tuple[str, list[ox.Literal]]]:
        return self._engine.labels(map(_named, set(iris)))


def prefixes(folder: Path) -> dict[str, str]:
    """Return the prefixes of the release in a folder."""
    manifest = release.read_manifest(folder / release.MANIFEST)
    forms = Forms.from_json((folder / release.FORMS).read_text(encoding="utf-8"))
    return namespaces.prefixes(manifest.base, [form.segment for form in forms.forms])


def _best(labels: Iterable[ox.Literal], lang: str) -> Label:
    ranks = {lang: 0, "en" if lang == "nl" else "nl": 1, "": 2}
    _, language, text = min(
        (ranks.get(language := label.language or "", 3), language, label.value) for label in labels
    )
    return Label(text, language or None)


def _engine_terms(params: dict[str, Term | str | int]) -> dict[str, EngineTerm]:
    return {name: _engine_term(value) for name, value in params.items()}


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


def as_term(value: EngineTerm) -> Term:
    """Return a term of the engine as one of ours. Raises StoreError if it has no name."""
    if isinstance(value, ox.NamedNode):
        return Iri(value.value)
    if isinstance(value, ox.Literal):
        return Literal(value.value, value.language, value.datatype.value)
    raise StoreError(f"{value} has no name to show; let the query select IRIs and literals only")


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
        term = as_term(value)
        if type(term) in kinds:
            return term
        if from_text:
            with suppress(ValueError, KeyError):
                return from_text(term.value)
        raise StoreError(f"{field} cannot hold {term.value!r}: it is declared as {hint}")

    return read
