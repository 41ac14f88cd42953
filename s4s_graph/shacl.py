"""Checking a graph against the shapes, with pySHACL."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pyshacl
from pyshacl.errors import ValidationFailure
from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from s4s_graph import graphs
from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD

_WORDS = (SH.name, SH.description, SH.message, SH.group, SH.order)
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)

OxTerm = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True)
class Result:
    """One thing that a shape says of one node.

    focus: the address of the node, or `_:` and the label of a blank one.
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
    """The results, sorted, each of them once."""

    results: tuple[Result, ...]

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


def validate(quads: Iterable[ox.Quad], shapes: Path, base: str) -> Report:
    """Check the triples of all graphs together against the shapes in a folder.

    Raises ValidationFailure or ReportableRuntimeError, both of pySHACL, when a shape cannot be
    evaluated, and what `graphs.shapes` raises.
    """
    rules = graphs.shapes(shapes, base)
    messages = _messages(rules)
    _without_words(rules)
    _flatten(rules)
    _, report, _ = pyshacl.validate(
        graphs.merged(quads),
        shacl_graph=rules,
        advanced=True,  # for the targets that are queries, and the rule for `precedes`
        inplace=True,  # what the rule adds stays in this copy
    )
    if isinstance(report, ValidationFailure):
        raise report
    results = {_result(report, node, messages) for node in report.objects(None, SH.result)}
    return Report(tuple(sorted(results, key=_order)))


def _messages(rules: Graph) -> dict[str, Text]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for shape, message in rules.subject_objects(SH.message):
        if isinstance(message, Literal):
            found[str(shape)][message.language or "en"] = str(message)
    return {
        shape: Text(words.get("nl") or min(words.values()), words.get("en") or min(words.values()))
        for shape, words in found.items()
    }


def _without_words(rules: Graph) -> None:
    """Leave out what is written for people.

    For each node pySHACL goes through all that is said of a shape, looking for constraints: the
    names and the help of our shapes would take most of its time.
    """
    for predicate in set(rules.predicates()):
        if predicate in _WORDS or not str(predicate).startswith((STANDARD["sh"], STANDARD["rdf"])):
            rules.remove((None, predicate, None))


def _flatten(rules: Graph) -> None:
    """Give the properties of a node shape its targets, which means the same.

    pySHACL evaluates a shape once for all its targets, but a property of a node shape once for
    each of them; and a property that two node shapes share is now evaluated once.
    """
    for node, shape in list(rules.subject_objects(SH.property)):
        # Another shape may stand on this one, or it may be switched off.
        if (None, None, node) in rules or (node, SH.deactivated, None) in rules:
            continue
        targets = [(p, o) for p, o in rules.predicate_objects(node) if p in _TARGETS]
        for predicate, target in targets:
            rules.add((shape, predicate, target))
        if targets:
            rules.remove((node, SH.property, shape))


def _result(report: Graph, node: Node, messages: Mapping[str, Text]) -> Result:
    def name(predicate: URIRef) -> str:
        found = report.value(node, predicate)
        return f"_:{found}" if isinstance(found, BNode) else str(found)

    path = report.value(node, SH.resultPath)
    shape = name(SH.sourceShape)
    return Result(
        focus=name(SH.focusNode),
        path=str(path) if isinstance(path, URIRef) else None,
        value=_value(report.value(node, SH.value)),
        severity=name(SH.resultSeverity).rpartition("#")[2].lower(),
        shape=shape,
        message=messages.get(shape) or _named_only(shape),
        component=name(SH.sourceConstraintComponent),
    )


def _named_only(shape: str) -> Text:
    name = f"shape:{shape.rpartition('#')[2]}"
    return Text(name, name)


def _value(node: Node | None) -> OxTerm | None:
    match node:
        case None:
            return None
        case URIRef():
            return ox.NamedNode(str(node))
        case BNode():
            return ox.BlankNode(str(node))
        case Literal(language=str(language)):
            return ox.Literal(str(node), language=language)
        case Literal(datatype=None):
            return ox.Literal(str(node))
        case Literal(datatype=datatype):
            return ox.Literal(str(node), datatype=ox.NamedNode(str(datatype)))
    raise TypeError(f"{node!r} is no term of RDF")


def _order(result: Result) -> tuple[str, ...]:
    return (
        result.focus,
        result.shape,
        result.path or "",
        str(result.value or ""),
        result.component,
        result.message.nl,
    )


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


def _named(name: str) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(name[2:]) if name.startswith("_:") else ox.NamedNode(name)


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(STANDARD["sh"] + name)


_RDF_TYPE = ox.NamedNode(STANDARD["rdf"] + "type")
