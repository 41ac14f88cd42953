"""Statements in a short hand: names with a prefix, texts in two languages."""

from collections.abc import Iterator

import pyoxigraph as ox

from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD

PREFIXES = STANDARD | {
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}

Node = ox.NamedNode | ox.Literal
# A name, a text that becomes one literal for each language, or what is a node already.
Value = str | Text | Node
Statement = tuple[str, *tuple[Value, ...]]  # a property and its values


def said(subject: str, *statements: Statement) -> Iterator[ox.Triple]:
    """Yield the triples that say something of a subject."""
    for predicate, *values in statements:
        for value in values:
            for node in _nodes(value):
                yield ox.Triple(name(subject), name(predicate), node)


def name(text: str) -> ox.NamedNode:
    """Return a name that may be shortened with one of PREFIXES."""
    prefix, _, local = text.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local if prefix in PREFIXES else text)


def literal(text: str, datatype: str) -> ox.Literal:
    """Return a value of one of the datatypes of XML Schema."""
    return ox.Literal(text, datatype=name(f"xsd:{datatype}"))


def _nodes(value: Value) -> Iterator[Node]:
    if isinstance(value, str):
        yield name(value)
    elif isinstance(value, Text):
        yield from (ox.Literal(value.of(lang), language=lang) for lang in ("nl", "en"))
    else:
        yield value
