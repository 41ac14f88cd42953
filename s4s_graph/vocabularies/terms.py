"""The terms that vocabularies are written with, as nodes of a graph and as they stand in files."""

import re
from typing import Final

import pyoxigraph as ox

from s4s_graph.namespaces import STANDARD

SKOS: Final = STANDARD["skos"]
ESCO: Final = STANDARD["esco"]
CNLO: Final = STANDARD["cnlo"]
DCTERMS: Final = STANDARD["dcterms"]
OWL: Final = STANDARD["owl"]
XL: Final = "http://www.w3.org/2008/05/skos-xl#"
THES: Final = "http://purl.org/iso25964/skos-thes#"

TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
CONCEPT = ox.NamedNode(f"{SKOS}Concept")
PREFERRED = ox.NamedNode(f"{SKOS}prefLabel")
BROADER = ox.NamedNode(f"{SKOS}broader")
NARROWER = ox.NamedNode(f"{SKOS}narrower")
# What must have a name: concepts, and what CompetentNL and ESCO call so without saying it.
NAMED_CLASSES = (
    CONCEPT.value,
    *(f"{ESCO}{name}" for name in ("Skill", "Occupation")),
    *(f"{CNLO}{name}" for name in ("Occupation", "HumanCapability", "KnowledgeArea")),
    f"{CNLO}EducationalNorm",
)
REPLACED_BY = (f"{DCTERMS}isReplacedBy", f"{ESCO}replacedBy")

_IRI = re.compile(r'https?://[^\x00-\x20<>"{}|\\^`]+|urn:[\w-]+:[^\x00-\x20<>"{}|\\^`]+')


def is_iri(text: str) -> bool:
    """Tell whether a text is an IRI that a concept may have."""
    return _IRI.fullmatch(text) is not None


def node(iri: str) -> ox.NamedNode:
    """Return the node of an IRI."""
    return ox.NamedNode(iri)
