"""What a dataset holds, counted, in the words of VoID (W3C Interest Group Note, 2011)."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

import pyoxigraph as ox

from s4s_graph.counts import Statistics
from s4s_graph.statements import literal, said


def counted(
    dataset: str, statistics: Statistics, prefixes: Mapping[str, str]
) -> Iterator[ox.Triple]:
    """Yield the counts of a dataset, and those of each class, property and named graph in it.

    A part is named after what it is about, as short as the prefixes make it; a named graph is a
    dataset of its own.
    """
    terms = (*statistics.classes, *statistics.properties)
    yield from said(
        dataset,
        ("void:triples", _integer(statistics.triples)),
        ("void:entities", _integer(statistics.entities)),
        ("void:distinctSubjects", _integer(statistics.subjects)),
        ("void:classes", _integer(len(statistics.classes))),
        ("void:properties", _integer(len(statistics.properties))),
        ("void:vocabulary", *vocabularies(terms)),
        ("void:subset", *statistics.graphs),
    )
    for kind, found, unit in (
        ("class", statistics.classes, "entities"),
        ("property", statistics.properties, "triples"),
    ):
        for iri, number in found.items():
            part = f"{dataset}#{kind}-{_short(iri, prefixes)}"
            yield from said(dataset, (f"void:{kind}Partition", part))
            yield from said(part, (f"void:{kind}", iri), (f"void:{unit}", _integer(number)))
    for graph, number in statistics.graphs.items():
        yield from said(graph, ("rdf:type", "void:Dataset"), ("void:triples", _integer(number)))


def vocabularies(terms: Iterable[str]) -> list[str]:
    """Return the namespaces of terms, sorted."""
    return sorted({iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in terms})


def _short(iri: str, prefixes: Mapping[str, str]) -> str:
    for prefix, start in prefixes.items():
        if iri.startswith(start) and iri != start:
            return quote(f"{prefix}-{iri.removeprefix(start)}", safe="")
    return quote(iri, safe="")


def _integer(number: int) -> ox.Literal:
    return literal(str(number), "integer")
