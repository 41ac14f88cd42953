"""Our own schemes against the shapes of NL-SBB, the Dutch standard that rests on ISO 25964."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, SH, Graph

from s4s_graph import dumps, graphs, release
from s4s_graph.namespaces import BASE, STANDARD

SHAPES = Path(__file__).resolve().parents[2] / "shared/suites/shapes/nl-sbb"
SKOS = STANDARD["skos"]
TYPE = ox.NamedNode(f"{STANDARD['rdf']}type")
CONCEPT = ox.NamedNode(f"{SKOS}Concept")
MATCHES = {ox.NamedNode(f"{SKOS}{kind}Match") for kind in ("exact", "close", "broad", "narrow")}
# What a concept rests on is described as a source, which is no matter of NL-SBB.
SOURCES = {ox.NamedNode(f"{STANDARD['dcterms']}source")}


def ours(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield what is said of our concepts and schemes.

    What they match elsewhere is a concept by what SKOS says of a match, and is said to be one.
    """
    found = list(quads)
    kinds = (CONCEPT, ox.NamedNode(f"{SKOS}ConceptScheme"))
    own = {
        quad.subject
        for quad in found
        if quad.predicate == TYPE
        and quad.object in kinds
        and isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(f"{BASE}id/")
    }
    for quad in found:
        if quad.subject in own and quad.predicate not in SOURCES:
            yield quad
            if quad.predicate in MATCHES and isinstance(quad.object, ox.NamedNode):
                yield ox.Quad(quad.object, TYPE, CONCEPT)


@pytest.mark.parametrize("shapes", ["skos-ap-nl.ttl", "val-nl-sbb-extension.ttl"])
def test_our_schemes_are_as_nl_sbb_asks(shapes: str, shipped_release: Path) -> None:
    if not SHAPES.is_dir():
        pytest.skip("the shapes of NL-SBB are not on this machine")
    graph = graphs.merged(ours(dumps.read([shipped_release / release.N_QUADS])))
    assert len(graph) > 1000
    _, report, _ = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES / shapes))
    assert isinstance(report, Graph)
    told = {
        (str(report.value(one, SH.focusNode)), str(report.value(one, SH.resultMessage)))
        for one in report.subjects(RDF.type, SH.ValidationResult)
        if report.value(one, SH.resultSeverity) != SH.Info
    }
    # Concepts of others are not described here.
    assert {(node, what) for node, what in told if node.startswith(BASE)} == set()
