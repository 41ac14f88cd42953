"""What predicates and justifications of mappings mean, in plain words."""

from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD

SEMAPV = "https://w3id.org/semapv/vocab/"
_SKOS = STANDARD["skos"]

# In the order of the keys 1 to 5 of a review. SKOS says "has broader match": the object is wider.
EXACT, CLOSE, BROAD, NARROW, RELATED = PREDICATES = tuple(
    f"{_SKOS}{name}Match" for name in ("exact", "close", "broad", "narrow", "related")
)
_SENTENCES = {
    EXACT: Text(nl="is hetzelfde als", en="is the same as"),
    CLOSE: Text(nl="is bijna hetzelfde als", en="is nearly the same as"),
    BROAD: Text(nl="valt onder", en="falls under"),
    NARROW: Text(nl="omvat", en="includes"),
    RELATED: Text(nl="heeft te maken met", en="has to do with"),
}
_DENIALS = {
    EXACT: Text(nl="is niet hetzelfde als", en="is not the same as"),
    CLOSE: Text(nl="is niet bijna hetzelfde als", en="is not nearly the same as"),
    BROAD: Text(nl="valt niet onder", en="does not fall under"),
    NARROW: Text(nl="omvat niet", en="does not include"),
    RELATED: Text(nl="heeft niets te maken met", en="has nothing to do with"),
}
JUSTIFICATIONS = {
    "BackgroundKnowledgeBasedMatching": Text(
        nl="met kennis van buiten de twee lijsten", en="by knowledge from outside the two lists"
    ),
    "CompositeMatching": Text(
        nl="op naam, woorden en plaats in de lijst samen",
        en="by name, words and place in the list together",
    ),
    "InstanceBasedMatching": Text(
        nl="op waar beide voor gebruikt zijn", en="by what both were used for"
    ),
    "LexicalMatching": Text(nl="op dezelfde naam", en="by the same name"),
    "LexicalSimilarityThresholdMatching": Text(
        nl="op namen die op elkaar lijken", en="by names that are alike"
    ),
    "LogicalReasoning": Text(nl="volgt uit andere verbanden", en="follows from other mappings"),
    "ManualMappingCuration": Text(nl="door een mens beoordeeld", en="judged by a person"),
    "MappingChaining": Text(
        nl="volgt uit twee verbanden achter elkaar", en="follows from two mappings in a row"
    ),
    "MappingInversion": Text(nl="een verband omgekeerd gelezen", en="a mapping read backwards"),
    "MappingReview": Text(
        nl="een voorstel dat een mens nakeek", en="a proposal that a person reviewed"
    ),
    "SemanticSimilarityThresholdMatching": Text(
        nl="op betekenissen die op elkaar lijken", en="by meanings that are alike"
    ),
    "StructuralMatching": Text(nl="op de plaats in de lijst", en="by the place in the list"),
    "UnspecifiedMatching": Text(nl="niet gezegd hoe", en="not told how"),
}


def predicate(iri: str, *, denied: bool = False) -> Text:
    """Return what a predicate says between subject and object; its own address if not SKOS's."""
    told = (_DENIALS if denied else _SENTENCES).get(iri)
    if told or not denied:
        return told or Text(iri, iri)
    return Text(nl=f"niet {iri}", en=f"not {iri}")


def justification(iri: str) -> Text:
    """Return how a mapping was found or judged; the address if it is none of semapv."""
    return JUSTIFICATIONS.get(iri.removeprefix(SEMAPV), Text(iri, iri))
