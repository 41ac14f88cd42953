"""The columns of ESCO's CSV: what each says in the RDF that ESCO publishes, and what fits in it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from s4s_graph.namespaces import STANDARD
from s4s_graph.vocabularies.terms import (
    BROADER,
    CONCEPT,
    DCTERMS,
    ESCO,
    PREFERRED,
    REPLACED_BY,
    SKOS,
    THES,
    is_iri,
    node,
)

URI, SCHEME = "conceptUri", "conceptSchemeUri"
_DATA = "http://data.europa.eu/esco/"

CLASSES = {
    "KnowledgeSkillCompetence": (CONCEPT, node(f"{ESCO}MemberConcept"), node(f"{ESCO}Skill")),
    "Occupation": (CONCEPT, node(f"{ESCO}MemberConcept"), node(f"{ESCO}Occupation")),
    "SkillGroup": (CONCEPT,),
    "ISCOGroup": (CONCEPT,),
    "ConceptScheme": (node(f"{SKOS}ConceptScheme"),),
}
RELATIONS = {
    "essential": (node(f"{ESCO}relatedEssentialSkill"), node(f"{ESCO}isEssentialSkillFor")),
    "optional": (node(f"{ESCO}relatedOptionalSkill"), node(f"{ESCO}isOptionalSkillFor")),
}
_WORDS = re.compile(r"[a-z]+(?:[-/ ][a-z]+)*")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?")


@dataclass(frozen=True)
class Column:
    """What a column says: the property, which values fit, and how they become terms.

    separator: between values, where a cell may have several.
    """

    path: ox.NamedNode | None
    fits: Callable[[str], bool]
    term: Callable[[str, str], ox.NamedNode | ox.Literal]
    separator: re.Pattern[str] | None = None

    def values(self, cell: str) -> list[str]:
        if self.separator is None:
            return [cell] if cell else []
        return [value.strip() for value in self.separator.split(cell) if value.strip()]


def _text(path: str, separator: re.Pattern[str] | None = None) -> Column:
    # A text that is an IRI came from another column.
    def term(value: str, language: str) -> ox.Literal:
        return ox.Literal(value, language=language)

    return Column(node(path), lambda value: not is_iri(value), term, separator)


def _iris(path: str | None) -> Column:
    separator = re.compile(r"[\s,|]+")
    return Column(node(path) if path else None, is_iri, lambda value, _: node(value), separator)


def _word(path: str, start: str) -> Column:
    def term(value: str, _: str) -> ox.NamedNode:
        return node(f"{_DATA}{start}/{'skill' if value == 'skill/competence' else value}")

    return Column(node(path), lambda value: bool(_WORDS.fullmatch(value)), term)


def _one_of(known: Mapping[str, object]) -> Column:
    return Column(None, lambda value: value in known, lambda value, _: ox.Literal(value))


def _date(value: str, _: str) -> ox.Literal:
    kind = "dateTime" if "T" in value else "date"
    return ox.Literal(value, datatype=node(f"{STANDARD['xsd']}{kind}"))


# In a list of names some files put each on a line, others a bar between them.
_NAMES = re.compile(r"\n| \| ")
CODE = node(f"{SKOS}notation")
_CODE = Column(
    CODE,
    lambda value: " " not in value and not is_iri(value),
    lambda value, _: ox.Literal(value),
)
COLUMNS = {
    "conceptType": _one_of(CLASSES),
    URI: _iris(None),
    SCHEME: _iris(None),
    "preferredLabel": _text(PREFERRED.value),
    "altLabels": _text(f"{SKOS}altLabel", _NAMES),
    "hiddenLabels": _text(f"{SKOS}hiddenLabel", _NAMES),
    "title": _text(f"{DCTERMS}title"),
    "description": _text(f"{DCTERMS}description"),
    "definition": _text(f"{SKOS}definition"),
    "scopeNote": _text(f"{SKOS}scopeNote"),
    "code": _CODE,
    "iscoGroup": Column(
        node(f"{ESCO}memberOfISCOGroup"),
        lambda value: bool(re.fullmatch(r"C?\d{1,4}", value)),
        lambda value, _: node(f"{_DATA}isco/C{value.removeprefix('C')}"),
    ),
    "status": Column(
        node(f"{THES}status"),
        lambda value: bool(_WORDS.fullmatch(value)),
        lambda value, _: ox.Literal(value),
    ),
    "modifiedDate": Column(
        node(f"{DCTERMS}modified"), lambda value: bool(_DATE.fullmatch(value)), _date
    ),
    "skillType": _word(f"{ESCO}skillType", "skill-type"),
    "reuseLevel": _word(f"{ESCO}skillReuseLevel", "skill-reuse-level"),
    "regulatedProfessionNote": _iris(f"{ESCO}regulatedProfessionNote"),
    "inScheme": _iris(f"{SKOS}inScheme"),
    "hasTopConcept": _iris(f"{SKOS}hasTopConcept"),
    "broaderConceptUri": _iris(BROADER.value),
    "replacedBy": _iris(REPLACED_BY[1]),
}
TOLD = {"broaderConceptPT"}  # the names of concepts that stand in another column
RELATED = {
    "occupationUri": _iris(None),
    "originalSkillUri": _iris(None),
    "relatedSkillUri": _iris(None),
    "skillUri": _iris(None),
    "broaderUri": _iris(None),
    "relationType": _one_of(RELATIONS),
}
