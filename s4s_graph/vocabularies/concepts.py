"""A concept of any vocabulary, as matching and reading need it: its names and its neighbours."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_XL = "http://www.w3.org/2008/05/skos-xl#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_PREFERRED = {f"{_SKOS}prefLabel", f"{_XL}prefLabel"}
_ALTERNATIVE = {f"{_SKOS}altLabel", f"{_SKOS}hiddenLabel", f"{_XL}altLabel", f"{_XL}hiddenLabel"}
_DEFINED = {f"{_SKOS}definition", "http://purl.org/dc/terms/description", f"{_SKOS}scopeNote"}
_ESCO = "http://data.europa.eu/esco/model#"
# A label of SKOS-XL is a node that has the text; so is a definition in ESCO's RDF, where the
# language stands beside the text.
_TEXT_OF_NODE = {f"{_XL}literalForm", f"{_ESCO}nodeLiteral"}
_LANGUAGE_OF_NODE = f"{_ESCO}language"

Texts = dict[str, list[str]]  # by language tag, "" where a text has none


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept with its names by language tag.

    preferred has one name a language in a vocabulary that is right; alternative holds what SKOS
    calls alternative and hidden labels. types and broader are IRIs.
    """

    iri: str
    preferred: Texts = field(default_factory=lambda: defaultdict(list))
    alternative: Texts = field(default_factory=lambda: defaultdict(list))
    definitions: Texts = field(default_factory=lambda: defaultdict(list))
    broader: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)

    def name(self, language: str) -> str:
        """Return the preferred name in a language, else in English, else any, else the IRI."""
        for tag in (language, "en", *self.preferred):
            if names := self.preferred.get(tag):
                return names[0]
        return self.iri


def concepts(statements: Iterable[ox.Quad | ox.Triple]) -> dict[str, Concept]:
    """Return the concepts that statements give a preferred name, by IRI, in the order met.

    Names in SKOS-XL count as those in SKOS do, and texts that are nodes, as in ESCO's RDF, as
    texts.
    """
    found: dict[str, Concept] = {}
    forms: dict[object, ox.Literal] = {}
    languages: dict[object, str] = {}
    pending: list[tuple[str, str, object]] = []
    for said in statements:
        path, value = said.predicate.value, said.object
        if path in _TEXT_OF_NODE and isinstance(value, ox.Literal):
            forms[said.subject] = value
        elif path == _LANGUAGE_OF_NODE and isinstance(value, ox.Literal):
            languages[said.subject] = value.value
        elif isinstance(said.subject, ox.NamedNode):
            concept = found.get(said.subject.value)
            if concept is None:
                concept = found[said.subject.value] = Concept(said.subject.value)
            if path.startswith(_XL) or (path in _DEFINED and not isinstance(value, ox.Literal)):
                pending.append((said.subject.value, path, value))
            else:
                _add(concept, path, value)
    for iri, path, label in pending:
        if label in forms:
            _add(found[iri], path, forms[label], languages.get(label, ""))
    return {iri: concept for iri, concept in found.items() if concept.preferred}


def _add(concept: Concept, path: str, value: object, language: str = "") -> None:
    """Add what is said of a concept; language: of a text that does not say so itself."""
    if isinstance(value, ox.Literal):
        texts = (
            concept.preferred
            if path in _PREFERRED
            else concept.alternative
            if path in _ALTERNATIVE
            else concept.definitions
            if path in _DEFINED
            else None
        )
        tag = value.language or language
        if texts is not None and value.value not in texts[tag]:
            texts[tag].append(value.value)
    elif isinstance(value, ox.NamedNode):
        iris = concept.broader if path == f"{_SKOS}broader" else concept.types
        if path in (f"{_SKOS}broader", _TYPE) and value.value not in iris:
            iris.append(value.value)
