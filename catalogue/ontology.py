"""The ontology and the concept schemes as pages."""

from dataclasses import dataclass

from catalogue import records
from catalogue.live import query
from catalogue.page import Page
from catalogue.rows import Record, Shown, TermFact
from catalogue.views import Showing
from s4s_graph.forms import Form
from s4s_graph.store import Iri, Term

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"
KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual")


@dataclass(frozen=True)
class OntologyTerm:
    """One class, property or individual of the ontology."""

    id: str
    iri: str
    kind: str
    name: Shown
    definition: tuple[Shown, ...]
    notes: tuple[Shown, ...]
    examples: tuple[Shown, ...]
    broader: tuple[Shown, ...]
    used_with: tuple[Shown, ...]
    values: tuple[Shown, ...]
    form: Form | None


@dataclass(frozen=True)
class Module:
    """The terms of one file of the ontology."""

    id: str
    terms: tuple[OntologyTerm, ...]


@dataclass(frozen=True)
class Concept:
    """One concept of a scheme, with the narrower ones."""

    name: Shown
    definition: tuple[Shown, ...]
    narrower: tuple["Concept", ...]


def modules(page: Page) -> list[Module]:
    """Return the ontology: its modules by name, in each the classes before the properties."""
    ontology = Iri(f"{page.release.base}def")
    facts = page.release.store.select(query("terms"), TermFact, ontology=ontology)
    mentioned = {fact.value.value for fact in facts if isinstance(fact.value, Iri)}
    showing = Showing(page, {fact.term for fact in facts} | mentioned)
    by_module: dict[str, dict[str, list[TermFact]]] = {}
    for fact in facts:
        by_module.setdefault(fact.module, {}).setdefault(fact.term, []).append(fact)
    return [
        Module(iri.rpartition("/")[2], _terms(page, showing, by_module[iri]))
        for iri in sorted(by_module)
    ]


def _terms(
    page: Page, showing: Showing, facts: dict[str, list[TermFact]]
) -> tuple[OntologyTerm, ...]:
    terms = [_term(page, showing, iri, stated) for iri, stated in facts.items()]
    return tuple(
        sorted(terms, key=lambda term: (KINDS.index(term.kind), term.name.text.casefold()))
    )


def _term(page: Page, showing: Showing, iri: str, facts: list[TermFact]) -> OntologyTerm:
    def values(*properties: str) -> tuple[Shown, ...]:
        found: list[Term] = [fact.value for fact in facts if fact.property in properties]
        return showing.terms(found)

    return OntologyTerm(
        id=iri.rpartition("#")[2],
        iri=iri,
        kind=facts[0].type.rpartition("#")[2],
        name=showing.thing(iri),
        definition=values(SKOS + "definition"),
        notes=values(SKOS + "scopeNote"),
        examples=values(SKOS + "example"),
        broader=values(RDFS + "subClassOf", RDFS + "subPropertyOf"),
        used_with=values(SCHEMA + "domainIncludes"),
        values=values(SCHEMA + "rangeIncludes", RDFS + "seeAlso"),
        form=page.release.forms.by_class(iri),
    )


def anchors(forms: list[Form]) -> dict[tuple[str, str], str]:
    """Return the anchor of each field, by segment and id, where its shape is described first.

    Several kinds of thing share a shape; an anchor can be only once on a page.
    """
    found: dict[str, tuple[str, str]] = {}
    for form in forms:
        for field in form.fields:
            found.setdefault(field.shape.rpartition("#")[2], (form.segment, field.id))
    return {place: anchor for anchor, place in found.items()}


def tree(page: Page, form: Form) -> tuple[Concept, ...]:
    """Return the concepts of a scheme: those without a broader one first, sorted by notation."""
    found = {record.iri: record for record in records.read_all(page.release, form)}
    showing = Showing(page, found)
    above = {iri: _stated(record, "broader") for iri, record in found.items()}

    def concept(iri: str, seen: frozenset[str]) -> Concept:
        # Somebody's data may hold a circle of broader concepts: it must end somewhere.
        below = [narrower for narrower, terms in above.items() if Iri(iri) in terms]
        inner = [concept(narrower, seen | {iri}) for narrower in below if narrower not in seen]
        definition = showing.terms(_stated(found[iri], "definition"))
        return Concept(showing.thing(iri), definition, tuple(sorted(inner, key=_name)))

    tops = [iri for iri, terms in above.items() if not any(t.value in found for t in terms)]
    return tuple(sorted((concept(iri, frozenset()) for iri in tops), key=_name))


def _stated(record: Record, name: str) -> list[Term]:
    field = list(record.values.get(name, ()))
    return field + [fact.value for fact in record.rest if fact.property == SKOS + name]


def _name(concept: Concept) -> str:
    return concept.name.text.casefold()
