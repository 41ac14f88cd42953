"""The slots of SSSOM 1.1: what a column or a line of the metadata may hold, in SSSOM's own order.

The order is that of the tables of slots at https://mapping-commons.github.io/sssom/, which its
canonical form sorts columns and rows by.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from s4s_graph.namespaces import STANDARD

SSSOM = STANDARD["sssom"]
SEMAPV = STANDARD["semapv"]
# Prefixes that a file need not declare, and may not declare otherwise.
BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        "linkml": "https://w3id.org/linkml/",
        "owl": STANDARD["owl"],
        "rdf": STANDARD["rdf"],
        "rdfs": STANDARD["rdfs"],
        "semapv": SEMAPV,
        "skos": STANDARD["skos"],
        "sssom": SSSOM,
        "xsd": STANDARD["xsd"],
    }
)
_ENTITIES = MappingProxyType(
    {
        "owl class": f"{STANDARD['owl']}Class",
        "owl object property": f"{STANDARD['owl']}ObjectProperty",
        "owl data property": f"{STANDARD['owl']}DataProperty",
        "owl annotation property": f"{STANDARD['owl']}AnnotationProperty",
        "owl named individual": f"{STANDARD['owl']}NamedIndividual",
        "skos concept": f"{STANDARD['skos']}Concept",
        "rdfs resource": f"{STANDARD['rdfs']}Resource",
        "rdfs class": f"{STANDARD['rdfs']}Class",
        "rdfs literal": f"{STANDARD['rdfs']}Literal",
        "rdfs datatype": f"{STANDARD['rdfs']}Datatype",
        "rdf property": f"{STANDARD['rdf']}Property",
        "composed entity expression": f"{SSSOM}ComposedEntityExpression",
    }
)
_NOT = MappingProxyType({"Not": f"{SSSOM}NegatedPredicate"})
_CARDINALITIES = MappingProxyType(dict.fromkeys(("1:1", "1:n", "n:1", "n:n", "1:0", "0:1", "0:0")))
_VERSIONS = MappingProxyType({"1.0": f"{SSSOM}version1.0", "1.1": f"{SSSOM}version1.1"})


@dataclass(frozen=True)
class Slot:
    """One slot: its values are of a kind, and stand in RDF under an IRI.

    kind: reference (a CURIE in a file), uri, text, number, date, or choice: one of `choices`,
        which maps it to what it is in RDF, None where it stays text. smallest: of a number; the
        largest is 1.
    """

    name: str
    kind: str = "text"
    iri: str = ""
    many: bool = False
    choices: Mapping[str, str | None] = field(default_factory=dict)
    smallest: float = 0.0

    @property
    def path(self) -> str:
        """Return its property in RDF, which is one of others where SSSOM says so."""
        return self.iri or f"{SSSOM}{self.name}"


def _table(*slots: Slot) -> Mapping[str, Slot]:
    return MappingProxyType({slot.name: slot for slot in slots})


def _shared(*names: str) -> Iterator[Slot]:
    return (_SHARED[name] for name in names)


_CREATED, _ISSUED = f"{STANDARD['dcterms']}created", f"{STANDARD['dcterms']}issued"
# Slots that a mapping and a set both have, with one meaning.
_SHARED = _table(
    Slot("creator_id", "reference", f"{STANDARD['dcterms']}creator", many=True),
    Slot("creator_label", many=True),
    Slot("license", "uri", f"{STANDARD['dcterms']}license"),
    Slot("subject_type", "choice", choices=_ENTITIES),
    Slot("subject_source", "reference"),
    Slot("subject_source_version"),
    Slot("object_type", "choice", choices=_ENTITIES),
    Slot("object_source", "reference"),
    Slot("object_source_version"),
    Slot("predicate_type", "choice", choices=_ENTITIES),
    Slot("mapping_provider", "uri"),
    Slot("cardinality_scope", many=True),
    Slot("mapping_tool"),
    Slot("mapping_tool_id", "reference"),
    Slot("mapping_tool_version"),
    Slot("mapping_date", "date", _CREATED),
    Slot("publication_date", "date", _ISSUED),
    Slot("subject_match_field", "reference", many=True),
    Slot("object_match_field", "reference", many=True),
    Slot("subject_preprocessing", "reference", many=True),
    Slot("object_preprocessing", "reference", many=True),
    Slot("similarity_measure"),
    Slot("curation_rule", "reference", many=True),
    Slot("curation_rule_text", many=True),
    Slot("see_also", "uri", f"{STANDARD['rdfs']}seeAlso", many=True),
    Slot("other"),
    Slot("comment", iri=f"{STANDARD['rdfs']}comment"),
)
OF_MAPPING = _table(
    Slot("record_id", "reference"),
    Slot("subject_id", "reference", f"{STANDARD['owl']}annotatedSource"),
    Slot("subject_label"),
    Slot("subject_category"),
    Slot("predicate_id", "reference", f"{STANDARD['owl']}annotatedProperty"),
    Slot("predicate_label"),
    Slot("predicate_modifier", "choice", choices=_NOT),
    Slot("object_id", "reference", f"{STANDARD['owl']}annotatedTarget"),
    Slot("object_label"),
    Slot("object_category"),
    Slot("mapping_justification", "reference"),
    Slot("author_id", "reference", f"{STANDARD['pav']}authoredBy", many=True),
    Slot("author_label", many=True),
    Slot("reviewer_id", "reference", many=True),
    Slot("reviewer_label", many=True),
    *_shared("creator_id", "creator_label", "license", "subject_type", "subject_source"),
    *_shared("subject_source_version", "object_type", "object_source", "object_source_version"),
    *_shared("predicate_type", "mapping_provider"),
    Slot("mapping_source", "reference"),
    Slot("mapping_cardinality", "choice", choices=_CARDINALITIES),
    *_shared("cardinality_scope", "mapping_tool", "mapping_tool_id", "mapping_tool_version"),
    *_shared("mapping_date", "publication_date"),
    Slot("review_date", "date"),
    Slot("confidence", "number"),
    Slot("reviewer_agreement", "number", smallest=-1.0),
    *_shared("curation_rule", "curation_rule_text", "subject_match_field", "object_match_field"),
    Slot("match_string", many=True),
    *_shared("subject_preprocessing", "object_preprocessing"),
    Slot("similarity_score", "number"),
    *_shared("similarity_measure", "see_also"),
    Slot("issue_tracker_item", "reference"),
    *_shared("other", "comment"),
)
OF_SET = _table(
    Slot("sssom_version", "choice", choices=_VERSIONS),
    Slot("mapping_set_id", "uri"),
    Slot("mapping_set_version", iri=f"{STANDARD['owl']}versionInfo"),
    Slot("mapping_set_source", "uri", f"{STANDARD['prov']}wasDerivedFrom", many=True),
    Slot("mapping_set_title", iri=f"{STANDARD['dcterms']}title"),
    Slot("mapping_set_description", iri=f"{STANDARD['dcterms']}description"),
    Slot("mapping_set_confidence", "number"),
    *_shared("creator_id", "creator_label", "license", "subject_type", "subject_source"),
    *_shared("subject_source_version", "object_type", "object_source", "object_source_version"),
    *_shared("predicate_type", "mapping_provider", "cardinality_scope", "mapping_tool"),
    *_shared("mapping_tool_id", "mapping_tool_version", "mapping_date", "publication_date"),
    *_shared("subject_match_field", "object_match_field", "subject_preprocessing"),
    *_shared("object_preprocessing", "similarity_measure", "curation_rule", "curation_rule_text"),
    Slot("see_also", "uri", f"{STANDARD['rdfs']}seeAlso", many=True),
    Slot("issue_tracker", "uri"),
    *_shared("other", "comment"),
)
REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
# What is said of a set speaks of the set alone here; all else that both have is of its mappings.
PROPAGATED = frozenset(OF_SET.keys() & OF_MAPPING.keys()) - {
    "creator_id",
    "creator_label",
    "license",
    "publication_date",
    "see_also",
    "other",
    "comment",
}
