"""How much a graph holds, for the manifest, the report and the person at the terminal."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from s4s_graph.forms import Forms
from s4s_graph.tables import RDF_TYPE


@dataclass(frozen=True)
class Counts:
    """Quads, things by the segment of their class, things by the id of their data status."""

    quads: int
    things: Mapping[str, int]
    data_statuses: Mapping[str, int]


def count(quads: Iterable[Quad], forms: Forms, base: str) -> Counts:
    """Count what is in a graph; a triple that stands in two named graphs is two quads."""
    distinct = set(quads)
    objects = {
        (quad.subject, quad.predicate.value, quad.object.value)
        for quad in distinct
        if isinstance(quad.object, NamedNode)
    }
    segments = {form.class_iri: form.segment for form in forms if form.class_iri}
    things = [
        segments[value]
        for _, predicate, value in objects
        if predicate == RDF_TYPE.value and value in segments
    ]
    data_statuses = [
        value.removeprefix(f"{base}id/data-status/")
        for _, predicate, value in objects
        if predicate == f"{base}def#dataStatus"
    ]
    return Counts(len(distinct), _sorted(things), _sorted(data_statuses))


def _sorted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
