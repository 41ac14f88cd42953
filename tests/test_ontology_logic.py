"""What the axioms of the ontology say together: nothing outside OWL 2 RL, and no contradiction."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import owlready2
import owlrl
import pytest
from rdflib import OWL, PROV, RDF, RDFS, SKOS, Graph, Namespace, Node, URIRef

MODULES = sorted((Path(__file__).resolve().parents[1] / "ontology").glob("*.ttl"))
S4S = Namespace("https://w3id.org/skills4skills/def#")
EX = Namespace("https://example.org/")
PREFIXES = f"@prefix ex: <{EX}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> . "

# Without class expressions, all of these stay within the profile for reasoning by rules:
# https://www.w3.org/TR/owl2-profiles/#OWL_2_RL
PROPERTIES = {
    *(RDF.type, RDF.first, RDF.rest, RDFS.subClassOf, RDFS.subPropertyOf),
    *(RDFS.isDefinedBy, RDFS.seeAlso, RDFS.comment, RDFS.label),
    *(OWL.versionInfo, OWL.deprecated, OWL.equivalentClass, OWL.equivalentProperty),
    *(OWL.disjointWith, OWL.propertyDisjointWith, OWL.members, OWL.inverseOf),
}
TYPES = {
    *(OWL.Ontology, OWL.Class, OWL.NamedIndividual, OWL.AllDisjointClasses),
    *(OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty),
    *(OWL.AllDisjointProperties, OWL.SymmetricProperty, OWL.AsymmetricProperty),
    *(OWL.IrreflexiveProperty, OWL.TransitiveProperty),
    *(OWL.FunctionalProperty, OWL.InverseFunctionalProperty),
}
BUILT_IN = (str(OWL), str(RDF), str(RDFS))


def ontology(*added: tuple[Node, Node, Node]) -> Graph:
    """Return all modules as one graph, with some triples added to see a check fail."""
    assert MODULES
    merged = Graph()
    for file in MODULES:
        merged.parse(file)
    for triple in added:
        merged.add(triple)
    return merged


def outside_rl(graph: Graph) -> Iterator[tuple[Node, Node, Node]]:
    """Yield the triples that use a construct which OWL 2 RL lacks, or restricts to some places."""
    for subject, predicate, value in graph:
        if predicate == RDF.type:
            allowed = value in TYPES or not str(value).startswith(BUILT_IN)
        elif predicate in (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith):
            allowed = isinstance(subject, URIRef) and isinstance(value, URIRef)
        else:
            allowed = predicate in PROPERTIES or not str(predicate).startswith(BUILT_IN)
        if not allowed or OWL.Thing in (subject, value):
            yield subject, predicate, value


def contradictions(graph: Graph) -> list[str]:
    """Return what the OWL 2 RL rules hold against a graph; the graph is filled with their results.

    Source: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
    """
    rules = owlrl.OWLRL_Semantics(graph, axioms=False, daxioms=False)
    rules.closure()
    return [str(message) for message in rules.error_messages]


def test_the_axioms_stay_within_owl_2_rl() -> None:
    assert list(outside_rl(ontology())) == []


@pytest.mark.parametrize(
    "axiom",
    [
        "ex:A rdfs:subClassOf [ owl:unionOf ( ex:B ex:C ) ] .",
        "ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:hasSelf true ] .",
        "ex:A rdfs:subClassOf [ owl:onProperty ex:p ; owl:minCardinality 2 ] .",
        "ex:A owl:disjointUnionOf ( ex:B ex:C ) .",
        "ex:p a owl:ReflexiveProperty .",
        "owl:Thing rdfs:subClassOf ex:A .",
    ],
)
def test_an_axiom_outside_owl_2_rl_is_seen(axiom: str) -> None:
    assert list(outside_rl(Graph().parse(data=PREFIXES + axiom, format="turtle")))


def test_the_rules_of_owl_2_rl_find_no_contradiction() -> None:
    graph = ontology()
    assert contradictions(graph) == []
    assert set(graph.subjects(RDFS.subClassOf, OWL.Nothing)) <= {OWL.Nothing}
    assert (S4S.Company, RDFS.subClassOf, PROV.Agent) in graph


@pytest.mark.parametrize(
    "data",
    [
        [(EX.a, S4S.hasCondition, EX.b), (EX.a, S4S.lacksCondition, EX.b)],
        [(EX.a, S4S.hasContext, EX.b), (EX.a, S4S.hinderedBy, EX.b)],
        [(EX.a, RDF.type, S4S.Finding), (EX.a, RDF.type, S4S.Study)],
        [(EX.a, S4S.opposes, EX.a)],
        [(EX.a, RDF.type, S4S.Deployment), (EX.a, RDF.type, PROV.Plan)],
    ],
)
def test_the_axioms_contradict_impossible_data(data: list[tuple[URIRef, URIRef, URIRef]]) -> None:
    assert contradictions(ontology(*data))


def test_a_concept_of_ours_may_be_a_context_and_an_outcome() -> None:
    one_thing = [
        (EX.c, RDF.type, S4S.Condition),
        (EX.a, S4S.hasOutcome, EX.c),
        (EX.b, S4S.hasContext, EX.c),
    ]
    graph = ontology(*one_thing)
    assert contradictions(graph) == []
    assert (EX.c, RDF.type, SKOS.Concept) in graph


@pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs java")
def test_hermit_finds_no_empty_class_but_one_that_was_planted(tmp_path: Path) -> None:
    """One run shows both that the reasoner works and that it has nothing against our classes."""
    planted = [(EX.Impossible, RDF.type, OWL.Class)]
    planted += [(EX.Impossible, RDFS.subClassOf, parent) for parent in (S4S.Finding, S4S.CaseStudy)]
    file = tmp_path / "ontology.nt"
    ontology(*planted).serialize(file, format="nt", encoding="utf-8")
    world = owlready2.World()
    world.get_ontology(file.as_uri()).load()
    owlready2.sync_reasoner_hermit(world, debug=0)
    empty = {item.iri for item in world.inconsistent_classes()} - {str(OWL.Nothing)}
    assert empty == {str(EX.Impossible)}
    world.close()
