"""A graph as files, the same bytes for the same graph whatever the order of its quads.

They are written from the quads as they were parsed, not from the store: the store keeps numbers
and dates by value, and would write "1.50" as "1.5".
"""

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def n_quads(quads: Iterable[ox.Quad]) -> bytes:
    """Return sorted N-Quads: every graph by its name."""
    lines = ox.serialize(set(quads), format=ox.RdfFormat.N_QUADS) or b""
    return b"".join(sorted(lines.splitlines(keepends=True)))


def turtle(quads: Iterable[ox.Quad], prefixes: Mapping[str, str]) -> bytes:
    """Return Turtle: the union of the graphs, by subject, each with its type first."""
    return ox.serialize(_union(quads), format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes)) or b""


def json_ld(quads: Iterable[ox.Quad]) -> bytes:
    """Return expanded JSON-LD: the union of the graphs, by subject."""
    return ox.serialize(_union(quads), format=ox.RdfFormat.JSON_LD) or b""


def _union(quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    return sorted({quad.triple for quad in quads}, key=_reading_order)


def _reading_order(triple: ox.Triple) -> tuple[str, bool, str, str]:
    predicate = str(triple.predicate)
    return str(triple.subject), predicate != _TYPE, predicate, str(triple.object)
