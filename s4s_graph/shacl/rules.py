"""The shapes as both engines take them: without words, and flattened where that means the same."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal

from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_WORDS = (SH.name, SH.description, SH.group, SH.order)


@dataclass(frozen=True)
class Rules:
    """Shapes that are ready to run, and what they say to people, by the name of the shape."""

    graph: Graph
    messages: Mapping[str, Text]

    @classmethod
    def of(cls, graph: Graph) -> "Rules":
        """Prepare a graph of shapes, which is changed."""
        messages = _messages(graph)
        _import_prefixes(graph)
        # Only the term `true` switches a constraint on; pySHACL goes by the value.
        graph.remove((None, SH.uniqueLang, Literal("1", datatype=XSD.boolean, normalize=False)))
        _without_words(graph)
        _flatten(graph)
        return cls(graph, messages)


def text(messages: list[Literal]) -> Text | None:
    """Return messages as one text in both languages; None when there are none."""
    words = {message.language or "en": str(message) for message in sorted(messages)}
    if not words:
        return None
    first = min(words.values())
    return Text(words.get("nl") or first, words.get("en") or first)


def _messages(graph: Graph) -> dict[str, Text]:
    found: dict[str, list[Literal]] = defaultdict(list)
    for shape, message in graph.subject_objects(SH.message):
        if isinstance(message, Literal):
            found[str(shape)].append(message)
    return {shape: said for shape, words in found.items() if (said := text(words))}


def _import_prefixes(graph: Graph) -> None:
    """Declare at each ontology what it imports, which pySHACL looks for in its own file only."""
    for owner in set(graph.objects(None, SH.prefixes)):
        for imported in list(graph.transitive_objects(owner, OWL.imports)):
            for declared in list(graph.objects(imported, SH.declare)):
                graph.add((owner, SH.declare, declared))


def _without_words(graph: Graph) -> None:
    """Leave out what is written for people.

    For each node pySHACL goes through all that is said of a shape, looking for constraints: the
    names and the help of our shapes would take most of its time. What components of others take
    as parameters stays, and so do the messages that a query fills in.
    """
    parameters = {
        path
        for parameter in graph.objects(None, SH.parameter)
        for path in graph.objects(parameter, SH.path)
    }
    kept = parameters | {RDFS.subClassOf, OWL.imports}
    for predicate in set(graph.predicates()):
        is_ours = str(predicate).startswith((STANDARD["sh"], str(RDF)))
        if predicate in _WORDS or not (is_ours or predicate in kept):
            graph.remove((None, predicate, None))
    for shape in set(graph.subjects(SH.message)):
        if (shape, SH.select, None) not in graph and (shape, SH.ask, None) not in graph:
            graph.remove((shape, SH.message, None))


def _flatten(graph: Graph) -> None:
    """Give the properties of a node shape its targets, which means the same.

    pySHACL evaluates a shape once for all its targets, but a property of a node shape once for
    each of them; and a property that two node shapes share is now evaluated once.
    """
    for node, shape in list(graph.subject_objects(SH.property)):
        # Another shape may stand on this one, it may be switched off, or ask which it has.
        stood_on = (None, None, node) in graph or (None, SH.qualifiedValueShape, None) in graph
        if stood_on or (node, SH.deactivated, None) in graph or (node, SH.closed, None) in graph:
            continue
        if (node, SH.path, None) in graph or (node, RDF.type, RDFS.Class) in graph:
            continue
        targets = [(p, o) for p, o in graph.predicate_objects(node) if p in TARGETS]
        for predicate, target in targets:
            graph.add((shape, predicate, target))
        if targets:
            graph.remove((node, SH.property, shape))
