"""What is known of a vocabulary beside its concepts: its file in a data folder, and back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from s4s_graph.namespaces import BASE
from s4s_graph.statements import PREFIXES, Node, literal, name, said

_HEADER = PREFIXES | {"dc": "http://purl.org/dc/elements/1.1/"}
_SHA256 = "spdx:checksumAlgorithm_sha256"


@dataclass(frozen=True)
class About:
    """What a vocabulary is, in the words of its publisher.

    title and acknowledgement: a text by language tag. licence and source: IRIs. issued and
    modified: dates as published. languages: tags of its texts. counts: how many things there are
    of each class. files: the SHA-256 of each file that it was read from, by name. concepts: the
    SHA-256 of its statements as they stand in a data folder, unpacked; a build verifies it.
    """

    title: Mapping[str, str]
    version: str
    licence: str
    source: str
    acknowledgement: Mapping[str, str] = field(default_factory=dict)
    issued: str | None = None
    modified: str | None = None
    languages: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    concepts: str | None = None

    def triples(self, graph: str) -> Iterator[ox.Triple]:
        """Yield this as statements about the named graph that holds the vocabulary."""
        rights = f"{graph}#acknowledgement"
        yield from said(
            graph,
            ("rdf:type", "dcat:Dataset", "void:Dataset"),
            ("dcterms:title", *_texts(self.title)),
            ("owl:versionInfo", ox.Literal(self.version)),
            ("dcterms:license", self.licence),
            ("dcterms:source", self.source),
            ("dc:language", *(ox.Literal(tag) for tag in self.languages)),
            ("dcterms:issued", *_dates(self.issued)),
            ("dcterms:modified", *_dates(self.modified)),
        )
        if self.acknowledgement:
            yield from said(graph, ("dcterms:rights", rights))
            yield from said(
                rights,
                ("rdf:type", "dcterms:RightsStatement"),
                ("rdfs:label", *_texts(self.acknowledgement)),
            )
        for number, (kind, count) in enumerate(sorted(self.counts.items()), start=1):
            part = f"{graph}#class-{number}"
            yield from said(graph, ("void:classPartition", part))
            entities = literal(str(count), "integer")
            yield from said(part, ("void:class", kind), ("void:entities", entities))
        for number, (file, sha256) in enumerate(sorted(self.files.items()), start=1):
            part = f"{graph}#file-{number}"
            yield from said(graph, ("dcat:distribution", part))
            yield from said(
                part, ("rdf:type", "dcat:Distribution"), ("dcterms:title", ox.Literal(file))
            )
            yield from _checksum(part, sha256)
        if self.concepts:
            part = f"{graph}#concepts"
            yield from said(graph, ("void:dataDump", part))
            yield from _checksum(part, self.concepts)

    def turtle(self, graph: str) -> bytes:
        """Return this as a file of Turtle."""
        content = ox.serialize(
            self.triples(graph), format=ox.RdfFormat.TURTLE, prefixes=dict(_HEADER)
        )
        return content or b""

    @classmethod
    def read(cls, content: bytes, graph: str) -> "About":
        """Return what a file of Turtle says. Raises SyntaxError, and KeyError when it lacks any."""
        stated = _Stated(ox.parse(content, ox.RdfFormat.TURTLE, base_iri=BASE))
        counts = {
            stated.one(part, "void:class"): int(stated.one(part, "void:entities"))
            for part in stated.all(graph, "void:classPartition")
        }
        files = {
            stated.one(part, "dcterms:title"): stated.checksum(part)
            for part in stated.all(graph, "dcat:distribution")
        }
        rights = stated.all(graph, "dcterms:rights")
        dumps = stated.all(graph, "void:dataDump")
        return cls(
            title=stated.texts(graph, "dcterms:title"),
            version=stated.one(graph, "owl:versionInfo"),
            licence=stated.one(graph, "dcterms:license"),
            source=stated.one(graph, "dcterms:source"),
            acknowledgement=stated.texts(rights[0], "rdfs:label") if rights else {},
            issued=next(iter(stated.all(graph, "dcterms:issued")), None),
            modified=next(iter(stated.all(graph, "dcterms:modified")), None),
            languages=tuple(stated.all(graph, "dc:language")),
            counts=counts,
            files=files,
            concepts=stated.checksum(dumps[0]) if dumps else None,
        )


class _Stated:
    """The values of statements, by subject and property."""

    def __init__(self, statements: Iterable[ox.Quad]) -> None:
        self._values: dict[tuple[str, str], list[Node]] = {}
        for quad in statements:
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, Node):
                key = quad.subject.value, quad.predicate.value
                self._values.setdefault(key, []).append(quad.object)

    def _of(self, subject: str, path: str) -> list[Node]:
        return self._values.get((subject, name(path).value), [])

    def all(self, subject: str, path: str) -> list[str]:
        return sorted(value.value for value in self._of(subject, path))

    def one(self, subject: str, path: str) -> str:
        values = self.all(subject, path)
        if not values:
            raise KeyError(f"<{subject}> {path}")
        return values[0]

    def checksum(self, subject: str) -> str:
        return self.one(self.one(subject, "spdx:checksum"), "spdx:checksumValue")

    def texts(self, subject: str, path: str) -> dict[str, str]:
        values = [value for value in self._of(subject, path) if isinstance(value, ox.Literal)]
        return {value.language or "": value.value for value in values}


def _checksum(part: str, sha256: str) -> Iterator[ox.Triple]:
    checksum = f"{part}-checksum"
    yield from said(part, ("spdx:checksum", checksum))
    yield from said(
        checksum,
        ("rdf:type", "spdx:Checksum"),
        ("spdx:algorithm", _SHA256),
        ("spdx:checksumValue", literal(sha256, "hexBinary")),
    )


def _texts(texts: Mapping[str, str]) -> Iterator[ox.Literal]:
    for language, text in texts.items():
        yield ox.Literal(text, language=language) if language else ox.Literal(text)


def _dates(date: str | None) -> Iterator[ox.Literal]:
    if date:
        yield literal(date, "dateTime" if "T" in date else "date")
