"""What follows from the mappings of a build, those that vocabularies state themselves included."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from s4s_graph.mappings import chains
from s4s_graph.mappings.chains import Assertion
from s4s_graph.mappings.settling import illustrative
from s4s_graph.vocabularies import folder


def following(recorded: ox.Store, data: Path, base: str) -> Iterator[ox.Quad]:
    """Yield the derived mappings and what each was derived from, in their own graph."""
    found = chains.asserted(recorded, base)
    for match in stated(data, base):
        found.add(match)
    status = ox.NamedNode(f"{base}def#dataStatus")
    marked = recorded.quads_for_pattern(None, status, illustrative(base), None)
    invented = {quad.subject.value for quad in marked if isinstance(quad.subject, ox.NamedNode)}
    return chains.derived_quads(chains.derive(found, base), invented, base)


def stated(data: Path, base: str) -> Iterator[Assertion]:
    """Yield the matches that the vocabularies of a data folder state themselves.

    What cannot be read is left out: the build tells so where it publishes a vocabulary.
    """
    for place in folder.folders(data):
        try:
            triples = list(_matches(place / folder.CONCEPTS))
        except (OSError, EOFError, SyntaxError):
            continue
        yield from chains.of_vocabulary(triples, folder.graph(place.name, base))


def _matches(concepts: Path) -> Iterator[ox.Triple]:
    with gzip.open(concepts) as lines:
        # A vocabulary has a million statements, of which a few thousand are matches.
        text = b"".join(line for line in lines if b"Match" in line)
    for quad in ox.parse(text, ox.RdfFormat.N_TRIPLES):
        yield quad.triple
