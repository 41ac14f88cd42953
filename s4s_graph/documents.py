"""Triples as a document to read or to link to: sorted, with the prefixes that it uses."""

from collections.abc import Mapping
from io import BytesIO

import pyoxigraph as ox

from s4s_graph import steering

FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


def write(
    triples: ox.Dataset,
    media_type: str,
    prefixes: Mapping[str, str],
    first: ox.NamedNode | None = None,
) -> bytes:
    """Return the triples in one of FORMATS, what is said of `first` before the rest.

    The same triples give the same bytes. Changes the names of blank nodes in `triples`.
    """
    # Names of blank nodes are drawn anew at each load; the canonical ones are not.
    triples.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    ordered = sorted(
        (quad.triple for quad in triples),
        key=lambda triple: (triple.subject != first, *map(str, triple)),
    )
    output = BytesIO()
    ox.serialize(ordered, output, FORMATS[media_type], prefixes=_used(prefixes, ordered))
    content = output.getvalue()
    return steering.well_formed(content) if media_type.endswith("xml") else content


def _used(prefixes: Mapping[str, str], triples: list[ox.Triple]) -> dict[str, str]:
    iris = {str(term.value) for t in triples for term in t if isinstance(term, ox.NamedNode)}
    iris |= {o.datatype.value for t in triples if isinstance(o := t.object, ox.Literal)}
    return {
        prefix: start
        for prefix, start in sorted(prefixes.items())
        if any(iri.startswith(start) for iri in iris)
    }
