"""The vocabularies of a data folder on their way into a release: checked to be as they came in.

They were validated when they were imported, and hold nothing that may be seen by few only. So
they go to the dump as a stream: neither the validator nor the graph in memory has room for them.
"""

import gzip
import hashlib
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import dumps
from s4s_graph.folders import FILE_BYTES
from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD
from s4s_graph.problems import Cell, Problem
from s4s_graph.rdf import Term
from s4s_graph.statements import literal, said
from s4s_graph.vocabularies import folder
from s4s_graph.vocabularies.closure import Closure, used
from s4s_graph.vocabularies.folder import Stored

STEPS = 2  # to a vocabulary, and from there to another that it is mapped to
_SKOS = STANDARD["skos"]
_RDF_TYPE = f"{STANDARD['rdf']}type"
# Each with what it is the other way round.
_MATCHES = {
    f"{_SKOS}{kind}Match": f"{_SKOS}{other}Match"
    for kind, other in (
        ("exact", "exact"),
        ("close", "close"),
        ("broad", "narrow"),
        ("narrow", "broad"),
        ("related", "related"),
    )
}
_ENDS = {f"{STANDARD['owl']}annotatedSource", f"{STANDARD['owl']}annotatedTarget"}
_NAMES = {f"{_SKOS}prefLabel", f"{_SKOS}altLabel", f"{_SKOS}hiddenLabel"}


@dataclass
class Published:
    """What a release gets of the vocabularies.

    runs: files of sorted N-Quads. names: what the concepts are called that our graph names.
    inputs: the SHA-256 of each file that was read, by its name in the data folder.
    """

    runs: list[Path] = field(default_factory=list)
    names: list[ox.Quad] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def published(
    data: Path, recorded: Iterable[ox.Quad], closure: Closure, work: Path, base: str
) -> Published:
    """Write what is published of each vocabulary to files in a new folder.

    recorded: what the graph says of our own things and of mappings. A file that is no longer as
    its import wrote it is told as a problem.
    """
    result = Published()
    folders = folder.folders(data)
    if not folders:
        return result
    work.mkdir()
    ours = _Ours.of(recorded, base)
    for place in folders:
        name = (place / folder.ABOUT).relative_to(data).as_posix()
        if (work / place.name).exists():
            result.problems.append(Problem.at(Cell(name), _TWICE))
            continue
        try:
            stored = folder.stored(place)
            result.inputs.update(_checksums(stored, data))
            if stored.metadata.concepts not in (None, _unpacked(stored.concepts)):
                changed = Cell(stored.concepts.relative_to(data).as_posix())
                result.problems.append(Problem.at(changed, _CHANGED))
                continue
            quads = _Quads(stored, ours, closure, base)
            result.runs += dumps.runs(quads, work / stored.name)
            result.names += quads.names
        except (
            SyntaxError,
            KeyError,
            UnicodeDecodeError,
            EOFError,
            gzip.BadGzipFile,
            zlib.error,
        ) as error:
            result.problems.append(Problem.at(Cell(name), _broken(str(error))))
    return result


@dataclass(frozen=True)
class _Ours:
    """What our graph says of the concepts of others.

    named: those that our things name, and those that are so many mappings away from our things.
    links: how often our things are linked to a concept, by the property that links them.
    """

    named: frozenset[str]
    links: Mapping[str, Counter[str]]

    @classmethod
    def of(cls, recorded: Iterable[ox.Quad], base: str) -> "_Ours":
        mappings, names = f"{base}graph/mappings/", set[str]()
        pairs, links = set[tuple[str, str]](), set[tuple[str, str, str]]()
        ends: defaultdict[str, list[str]] = defaultdict(list)
        for quad in recorded:
            subject, path, value = map(_name, (quad.subject, quad.predicate, quad.object))
            if path in _MATCHES:
                pairs.add((subject, value))
                links |= {(subject, path, value), (value, _MATCHES[path], subject)}
            if not _name(quad.graph_name).startswith(mappings):
                names.add(value)
            elif path in _ENDS:
                ends[subject].append(value)
        both = {*pairs, *((pair[0], pair[1]) for pair in ends.values() if len(pair) == 2)}
        both |= {(other, one) for one, other in both}
        for _ in range(STEPS):
            names |= {other for one, other in both if one.startswith(base) or one in names}
        return cls(frozenset(names), _counted(links, f"{base}id/"))


def _counted(links: Iterable[tuple[str, str, str]], own: str) -> dict[str, Counter[str]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for subject, path, value in links:
        if subject.startswith(own):
            found[value][path] += 1
    return dict(found)


class _Quads:
    """The statements of a vocabulary in its graph, then those about it, counted on the way.

    names: what the concepts are called that our things name, once all was asked for.
    """

    def __init__(self, stored: Stored, ours: _Ours, closure: Closure, base: str) -> None:
        self.names: list[ox.Quad] = []
        self._stored, self._ours, self._closure = stored, ours, closure
        self._dataset = f"{base}dataset"
        self._graph = ox.NamedNode(stored.graph(base))
        self._label = hashlib.sha256(stored.name.encode()).hexdigest()[:8]

    def __iter__(self) -> Iterator[ox.Quad]:
        counts, links = Counter[str](), dict[str, Counter[str]]()
        named = dict[str, None]()
        for triple in self._triples():
            path, value = triple.predicate.value, triple.object
            if path == _RDF_TYPE and isinstance(value, ox.NamedNode):
                counts[value.value] += 1
            subject, own = self._own(triple.subject), self._own(value)
            quad = ox.Quad(subject, triple.predicate, own, self._graph)
            if path in _NAMES and _name(subject) in self._ours.named:
                self.names.append(quad)
            if _name(subject) in self._ours.named:
                named[_name(subject)] = None
            if found := self._ours.links.get(_name(subject)):
                links[_name(subject)] = found
            yield quad
        if counts:
            graph = self._graph.value
            within = (t for one in named for t in said(one, ("void:inDataset", graph)))
            for about in (*self._about(counts), *self._linksets(links.values()), *within):
                yield ox.Quad(about.subject, about.predicate, about.object, self._graph)

    def _triples(self) -> Iterable[ox.Triple]:
        if self._closure == "all":
            return self._stored.triples()
        return used(self._stored.triples, self._ours.named)

    def _own(self, term: Term) -> Term:
        """Return a term that no other vocabulary has, if it is a blank node."""
        if isinstance(term, ox.BlankNode):
            return ox.BlankNode(f"v{self._label}{term.value}")
        return term

    def _about(self, counts: Mapping[str, int]) -> Iterator[ox.Triple]:
        graph, about = self._graph.value, self._stored.metadata
        yield from replace(about, counts=counts, concepts=None).triples(graph)
        if self._closure == "used":
            whole = f"{graph}/complete"
            yield from said(graph, ("dcterms:isPartOf", whole))
            yield from replace(about, files={}, acknowledgement={}, concepts=None).triples(whole)

    def _linksets(self, links: Iterable[Counter[str]]) -> Iterator[ox.Triple]:
        """Yield how many links lead from our things to the vocabulary, by the property."""
        graph, numbers = self._graph.value, Counter[str]()
        for found in links:
            numbers.update(found)
        for path, number in sorted(numbers.items()):
            yield from said(
                f"{graph}#linkset-{path.removeprefix(_SKOS)}",
                ("rdf:type", "void:Linkset"),
                ("void:subjectsTarget", self._dataset),
                ("void:objectsTarget", graph),
                ("void:linkPredicate", path),
                ("void:triples", literal(str(number), "integer")),
            )


def _checksums(stored: Stored, data: Path) -> Iterator[tuple[str, str]]:
    for path in (stored.folder / folder.ABOUT, stored.concepts):
        with path.open("rb") as file:
            yield path.relative_to(data).as_posix(), hashlib.file_digest(file, "sha256").hexdigest()


def _unpacked(path: Path) -> str:
    """Return the SHA-256 of what is in a file that is packed. Raises BadGzipFile if it is not."""
    with gzip.open(path) as file:
        digest = hashlib.sha256()
        left = FILE_BYTES
        while some := file.read(1 << 20):
            digest.update(some)
            left -= len(some)
            if left < 0:
                raise gzip.BadGzipFile(f"it unpacks to more than {FILE_BYTES} bytes")
    return digest.hexdigest()


def _name(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _broken(error: str) -> Text:
    return Text(
        nl=f"deze vocabulaire is niet te lezen ({error}); importeer haar opnieuw",
        en=f"this vocabulary cannot be read ({error}); import it again",
    )


_TWICE = Text(
    nl="er is al een vocabulaire met deze naam; geef de map een andere",
    en="there is a vocabulary with this name already; give the folder another",
)
_CHANGED = Text(
    nl="dit bestand is veranderd sinds de import: de SHA-256 in vocabulary.ttl is een andere; "
    "importeer de vocabulaire opnieuw",
    en="this file was changed since its import: the SHA-256 in vocabulary.ttl is another; "
    "import the vocabulary again",
)
