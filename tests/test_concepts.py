"""Concepts of a vocabulary: their names, definitions and neighbours, however RDF has them."""

import pyoxigraph as ox

from s4s_graph.vocabularies.concepts import Concept, concepts

PREFIXES = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix e: <https://example.org/> .
"""


def read(turtle: str) -> dict[str, Concept]:
    """Return the concepts of a text in Turtle, by the end of their IRIs."""
    quads = ox.parse(f"{PREFIXES}{turtle}".encode(), format=ox.RdfFormat.TURTLE)
    return {iri.rpartition("/")[2]: concept for iri, concept in concepts(quads).items()}


def test_a_label_that_is_a_node_is_a_name() -> None:
    mill = read("""
        e:mill xl:prefLabel e:name ; xl:altLabel [ xl:literalForm "mill metal"@en ] .
        e:name xl:literalForm "frezen"@nl .
    """)["mill"]
    assert (mill.preferred, mill.alternative) == ({"nl": ["frezen"]}, {"en": ["mill metal"]})


def test_a_definition_that_is_a_node_is_read_in_the_language_of_the_node() -> None:
    found = read("""
        e:text a esco:NodeLiteral ; esco:language "nl" ; esco:nodeLiteral "Metaal frezen." .
        e:mill a esco:Skill ; skos:prefLabel "frezen"@nl ; dct:description e:text , [
            a esco:NodeLiteral ; esco:language "en" ; esco:nodeLiteral "To mill metal." ] .
    """)
    assert list(found) == ["mill"]
    assert found["mill"].definitions == {"nl": ["Metaal frezen."], "en": ["To mill metal."]}


def test_a_definition_whose_node_has_no_text_is_none() -> None:
    assert not read("e:mill skos:prefLabel 'mill' ; dct:description e:nothing .")[
        "mill"
    ].definitions
