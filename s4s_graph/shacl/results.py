"""What a check against the shapes says, whichever engine did it."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import pyoxigraph as ox

from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD

OxTerm = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True)
class Result:
    """One thing that a shape says of one node.

    focus: the address of the node, or `_:` and the label of a blank one; a literal as N-Triples.
    path: the property it is about; None for a rule about the whole node or a longer path.
    value: the value it is about; None when a value is missing.
    severity: violation, warning or info.
    """

    focus: str
    path: str | None
    value: OxTerm | None
    severity: str
    shape: str
    message: Text
    component: str


@dataclass(frozen=True)
class Report:
    """The results, sorted, each of them once.

    engine: what found them. handed_over: the shapes that only pySHACL could evaluate, by
    name, each with the reason.
    """

    results: tuple[Result, ...]
    engine: str = "pyshacl"
    handed_over: tuple[tuple[str, str], ...] = ()

    @property
    def conforms(self) -> bool:
        """Say whether there is no violation; warnings and notes do not count."""
        return not any(result.severity == "violation" for result in self.results)

    def turtle(self) -> bytes:
        """Return the SHACL report; the same results give the same bytes."""
        prefixes = {"sh": STANDARD["sh"], "xsd": STANDARD["xsd"]}
        return ox.serialize(self._triples(), format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""

    def _triples(self) -> Iterator[ox.Triple]:
        report = ox.BlankNode("report")
        conforms = ox.Literal(self.conforms)
        yield ox.Triple(report, _RDF_TYPE, _sh("ValidationReport"))
        yield ox.Triple(report, _sh("conforms"), conforms)
        for result in self.results:
            node = ox.BlankNode(f"r{sha256(repr(result).encode()).hexdigest()[:16]}")
            yield ox.Triple(report, _sh("result"), node)
            yield from _described(node, result)


def order(result: Result) -> tuple[str, ...]:
    """Return what results are sorted by."""
    return (
        result.focus,
        result.shape,
        result.path or "",
        str(result.value or ""),
        result.component,
        result.message.nl,
    )


def named_only(shape: str) -> Text:
    """Return the name of a shape, for one without a message."""
    name = f"shape:{shape.rpartition('#')[2]}"
    return Text(name, name)


def _described(node: ox.BlankNode, result: Result) -> Iterator[ox.Triple]:
    yield ox.Triple(node, _RDF_TYPE, _sh("ValidationResult"))
    yield ox.Triple(node, _sh("focusNode"), _named(result.focus))
    yield ox.Triple(node, _sh("resultSeverity"), _sh(result.severity.title()))
    yield ox.Triple(node, _sh("sourceShape"), _named(result.shape))
    yield ox.Triple(node, _sh("sourceConstraintComponent"), ox.NamedNode(result.component))
    for language in ("nl", "en"):
        message = ox.Literal(result.message.of(language), language=language)
        yield ox.Triple(node, _sh("resultMessage"), message)
    if result.path is not None:
        yield ox.Triple(node, _sh("resultPath"), ox.NamedNode(result.path))
    if result.value is not None:
        yield ox.Triple(node, _sh("value"), result.value)


def _named(name: str) -> OxTerm:
    if name.startswith("_:"):
        return ox.BlankNode(name[2:])
    if name.startswith('"'):
        statement = " ".join(("<urn:x> <urn:x>", name, "."))
        (quad,) = ox.parse(statement, format=ox.RdfFormat.N_TRIPLES)
        return quad.object if isinstance(quad.object, ox.Literal) else ox.Literal(name)
    return ox.NamedNode(name)


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(STANDARD["sh"] + name)


_RDF_TYPE = ox.NamedNode(STANDARD["rdf"] + "type")
