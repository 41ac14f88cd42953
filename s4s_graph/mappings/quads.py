"""A mapping set as RDF, in the graph `graph/mappings/{name}`.

The set is the graph's own address, a sssom:MappingSet. Each mapping is a node
`id/mapping/{16 hexadecimal digits}` of the types sssom:Mapping and owl:Axiom, with each slot by
SSSOM's own property (owl:annotatedSource, sssom:confidence, pav:authoredBy, dcterms:created for
mapping_date, …), dcterms:isPartOf the set and s4s:mappingStatus. What is accepted also stands as
the plain statement, subject skos:exactMatch object.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Values
from hashlib import sha256
from typing import Any

import pyoxigraph as ox

from s4s_graph.mappings.sets import ACCEPTED, NOTHING, Mapping, MappingSet
from s4s_graph.mappings.slots import OF_MAPPING, OF_SET, SSSOM, Slot
from s4s_graph.namespaces import BASE, STANDARD

Placed = tuple[ox.Triple, int, str | None]  # with the line and the column that it comes from

_XSD = STANDARD["xsd"]
_TYPE = ox.NamedNode(f"{STANDARD['rdf']}type")
_MAPPING, _SET = ox.NamedNode(f"{SSSOM}Mapping"), ox.NamedNode(f"{SSSOM}MappingSet")
_AXIOM = ox.NamedNode(f"{STANDARD['owl']}Axiom")
_PART = ox.NamedNode(f"{STANDARD['dcterms']}isPartOf")
_SET_ID = ox.NamedNode(f"{SSSOM}mapping_set_id")
_DATATYPES = {
    "number": ox.NamedNode(f"{_XSD}double"),
    "date": ox.NamedNode(f"{_XSD}date"),
}


def graph(name: str, base: str) -> ox.NamedNode:
    """Return the graph of a set, which is also the set itself."""
    return ox.NamedNode(f"{base}graph/mappings/{name}")


def node(mapping: Mapping, name: str, base: str) -> ox.NamedNode:
    """Return the node of a mapping in the set of a name.

    It depends on what is mapped, not on who says so or how sure that is, so it stays when these
    change.
    """
    return _node([*_quadruple(mapping, base), name], base)


def triples(mapping_set: MappingSet, base: str) -> Iterator[Placed]:
    """Yield what a set says; the column of the type of a mapping is None: it is the whole row."""
    own = graph(mapping_set.name, base)
    paths = {extension.name: extension.property for extension in mapping_set.extensions}
    yield ox.Triple(own, _TYPE, _SET), 0, None
    for name, values in mapping_set.metadata.items():
        slot = OF_SET.get(name) or Slot(name, iri=paths[name])
        path = _SET_ID if name == "mapping_set_id" else ox.NamedNode(slot.path)
        for value in values:
            yield ox.Triple(own, path, _object(value, slot)), 0, None
    status = ox.NamedNode(f"{base}def#mappingStatus")
    for subject, mapping in _nodes(mapping_set, base):
        line, said = mapping.line, mapping_set.status(mapping)
        yield ox.Triple(subject, _TYPE, _MAPPING), line, None
        yield ox.Triple(subject, _TYPE, _AXIOM), line, None
        yield ox.Triple(subject, _PART, own), line, None
        yield ox.Triple(subject, status, status_of(said, base)), line, None
        for triple, column in _slots(subject, mapping, paths):
            yield triple, line, column
        if said == ACCEPTED and NOTHING.isdisjoint(mapping.pair):
            yield plain(mapping), line, "object_id"


def plain(mapping: Mapping) -> ox.Triple:
    """Return the statement that a mapping makes."""
    return ox.Triple(
        ox.NamedNode(mapping.subject), ox.NamedNode(mapping.predicate), ox.NamedNode(mapping.object)
    )


def status_of(name: str, base: str) -> ox.NamedNode:
    """Return the concept of a status."""
    return ox.NamedNode(f"{base}id/mapping-status/{name}")


def _slots(
    subject: ox.NamedNode, mapping: Mapping, paths: Values[str, str]
) -> Iterable[tuple[ox.Triple, str]]:
    for name, values in mapping.slots.items():
        slot = OF_MAPPING.get(name) or Slot(name, iri=paths[name])
        for value in values:
            yield ox.Triple(subject, ox.NamedNode(slot.path), _object(value, slot)), name


def _nodes(mapping_set: MappingSet, base: str) -> Iterator[tuple[ox.NamedNode, Mapping]]:
    """Yield each mapping with its node.

    A set may say the same twice, on other grounds: all but the first then depend on the grounds.
    """
    seen: set[str] = set()
    for mapping in sorted(mapping_set.mappings, key=lambda mapping: mapping.order):
        found = node(mapping, mapping_set.name, base)
        if found.value in seen:
            grounds = [*_quadruple(mapping, base), mapping_set.name, repr(mapping.order)]
            found = _node(grounds, base)
        seen.add(found.value)
        yield found, mapping


def _quadruple(mapping: Mapping, base: str) -> list[str]:
    modifier = mapping.one("predicate_modifier") or ""
    parts = (mapping.subject, mapping.predicate, mapping.object)
    # The id is the same whatever the address of the site.
    return [*(part.replace(base, BASE) for part in parts), modifier]


def _node(parts: Iterable[str], base: str) -> ox.NamedNode:
    digits = sha256("|".join(parts).encode()).hexdigest()[:16]
    return ox.NamedNode(f"{base}id/mapping/{digits}")


def _object(value: str, slot: Slot) -> Any:
    if slot.kind in ("reference", "uri"):
        return ox.NamedNode(value)
    if slot.kind == "choice" and (meaning := slot.choices[value]):
        return ox.NamedNode(meaning)
    datatype = _DATATYPES.get(slot.kind)
    return ox.Literal(value, datatype=datatype) if datatype else ox.Literal(value)
