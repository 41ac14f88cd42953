"""The words to write a query with: what the terms, the fields and the things of the graph are
called, and how a query names them.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from catalogue.live import Release, query
from s4s_graph.forms import Form, Forms
from s4s_graph.search.words import fold
from s4s_graph.store import Iri

THINGS = ("conditions", "mechanisms", "interventions", "skills", "organisations")
MOST_THINGS = 1000  # of one table; an editor suggests, it does not list
CLASS = "http://www.w3.org/2002/07/owl#Class"


@dataclass(frozen=True)
class Term:
    """A term as a query names it, and what it is called; kind: class, property or concept."""

    name: str
    iri: str
    nl: str
    en: str
    kind: str


@dataclass(frozen=True)
class _Named:
    term: str
    type: str
    nl: str
    en: str


def content(release: Release, text: str, lang: str) -> dict[str, object]:
    """Return the terms and the prefixes; of the terms those with a text in their names.

    With a language, only the names in that one are searched.
    """
    terms: tuple[Term, ...] = release.computed.keep("terms", lambda: tuple(_terms(release)))
    wanted = fold(text.strip())
    found = (term for term in terms if wanted in _searched(term, lang)) if wanted else terms
    return {"terms": [asdict(term) for term in found], "prefixes": release.store.prefixes}


def _searched(term: Term, lang: str) -> str:
    names = {"nl": term.nl, "en": term.en}
    return fold(" ".join((term.name, names[lang] if lang else f"{term.nl} {term.en}")))


def _terms(release: Release) -> Iterator[Term]:
    """Yield each term once, our own ontology before what it borrows, and things at the end."""
    seen: set[str] = set()
    for term in (*_ontology(release), *_fields(release), *_things(release)):
        if term.name not in seen:
            seen.add(term.name)
            yield term


def _ontology(release: Release) -> Iterator[Term]:
    ontology = Iri(f"{release.base}def")
    for row in release.store.select(query("term_names"), _Named, ontology=ontology):
        kind = "class" if row.type == CLASS else "property"
        yield from _term(release, row.term, row.nl, row.en, kind)


def _fields(release: Release) -> Iterator[Term]:
    """Yield the properties of other vocabularies that our forms use, by what we call them."""
    for form in release.forms:
        for field in form.fields:
            yield from _term(release, field.path, field.name.nl, field.name.en, "property")


def _things(release: Release) -> Iterator[Term]:
    for form in _listed(release.forms):
        called = {entry.iri: entry.label.text for entry in release.index(form, "en")}
        for entry in release.index(form, "nl")[:MOST_THINGS]:
            yield from _term(release, entry.iri, entry.label.text, called[entry.iri], "concept")


def _listed(forms: Forms) -> list[Form]:
    lists = [form for form in forms if form.scheme]
    tables = [form for name in THINGS if (form := forms.by_table(name))]
    return list(dict.fromkeys((*lists, *tables)))


def _term(release: Release, iri: str, nl: str, en: str, kind: str) -> Iterator[Term]:
    # The longest start wins: the place of a list is within that of all things.
    fitting = [item for item in release.store.prefixes.items() if iri.startswith(item[1])]
    if fitting:
        prefix, start = max(fitting, key=lambda item: len(item[1]))
        if "/" not in (rest := iri.removeprefix(start)) and rest:
            yield Term(f"{prefix}:{rest}", iri, nl, en, kind)
