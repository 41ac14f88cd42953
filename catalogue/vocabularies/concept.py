"""The page of a concept of others: what it is called and means, and what it has to do with ours."""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse, Response

from catalogue import formats
from catalogue.live import IN_SCHEME, RDF_TYPE, query
from catalogue.page import OnPage, Page
from catalogue.pages import paged, part
from catalogue.rows import Fact, Shown
from catalogue.views import Showing
from catalogue.vocabularies import linked, overview
from catalogue.vocabularies.links import order, place
from s4s_graph.mappings import wording
from s4s_graph.namespaces import STANDARD
from s4s_graph.store import Iri, Literal

PATH = f"{overview.PATH}/{{name}}/concept"
SKOS, ESCO, DCTERMS = STANDARD["skos"], STANDARD["esco"], STANDARD["dcterms"]
NAMES = f"{SKOS}prefLabel"
OTHERS = (f"{SKOS}altLabel", f"{SKOS}hiddenLabel")
DEFINED = (f"{SKOS}definition", f"{DCTERMS}description")
NOTES = (f"{SKOS}scopeNote", f"{SKOS}example", f"{SKOS}note")
REPLACED = (f"{DCTERMS}isReplacedBy", f"{ESCO}isReplacedBy", f"{ESCO}replacedBy")
OCCUPATIONS = {f"{ESCO}Occupation", f"{STANDARD['cnlo']}Occupation"}
NEEDS = 50  # occupations, or skills of an occupation, on the page of a concept

router = APIRouter()


@dataclass(frozen=True)
class Match:
    """A row of the query: what a concept is mapped to."""

    thing: str
    property: str


@dataclass(frozen=True)
class Mapped:
    """What a concept is mapped to in one place: ours, or a vocabulary."""

    vocabulary: str
    links: tuple[tuple[str, Shown], ...]  # what the link says, in words, and to what


@dataclass(frozen=True)
class Concept:
    """All that the page shows of a concept beside what is below it."""

    iri: str
    name: Shown
    group: Shown | None
    names: tuple[Shown, ...]  # in other languages
    others: tuple[Shown, ...]
    definitions: tuple[Shown, ...]
    notes: tuple[Shown, ...]
    notations: tuple[str, ...]
    kinds: tuple[str, ...]
    schemes: tuple[Shown, ...]
    replaced: tuple[Shown, ...]
    above: tuple[tuple[Shown, ...], ...]
    ours: tuple[tuple[str, Shown], ...]
    mapped: tuple[Mapped, ...]
    is_occupation: bool
    essential: linked.Needed
    optional: linked.Needed


@router.get(PATH)
def concept(page: OnPage, name: str, iri: str = "") -> Response:
    """One concept of a vocabulary."""
    known = overview.vocabulary(page, name)
    at = page.release.vocabulary(iri)
    if at is None:
        raise HTTPException(404)
    if at != name:
        return RedirectResponse(page.release.page(iri, page.lang) or f"/{page.lang}/", 303)
    found = overview.branches(page, iri)
    pages = paged(page, len(found))
    return page.html(
        "concept.html",
        data=(page.request.url.path, *formats.RDF),
        data_query=urlencode({"iri": iri}),
        known=known,
        concept=_concept(page, iri),
        branches=part(found, pages),
        pages=pages,
        address=lambda number: urlencode({"iri": iri, "page": number}),
    )


@router.get(f"{PATH}.{{suffix}}")
def document(page: OnPage, name: str, suffix: str, iri: str = "") -> Response:
    """One concept as a graph: what is stated of it, and what points at it."""
    overview.vocabulary(page, name)
    if suffix not in formats.RDF or page.release.vocabulary(iri) != name:
        raise HTTPException(404)
    content = page.release.store.describe(iri, formats.RDF[suffix])
    return Response(content, headers={"Content-Type": formats.content_type(formats.RDF[suffix])})


def _concept(page: Page, iri: str) -> Concept:
    store = page.release.store
    facts: defaultdict[str, list[Iri | Literal]] = defaultdict(list)
    for fact in store.select(query("item_outgoing"), Fact, thing=Iri(iri)):
        facts[fact.property].append(fact.value)
    matches = store.select(query("concept_matches"), Match, concept=Iri(iri))
    way, need = linked.above(page, iri), linked.needs(page, [iri])
    showing = Showing(
        page,
        {iri, *way.iris(), *need["essential"], *need["optional"]}
        | {match.thing for match in matches}
        | {value.value for path in (IN_SCHEME, *REPLACED) for value in facts[path]},
    )
    kinds = {value.value for value in facts[RDF_TYPE]}

    def things(*paths: str) -> tuple[Shown, ...]:
        return tuple(showing.thing(value.value) for path in paths for value in facts[path])

    def texts(*paths: str) -> tuple[Shown, ...]:
        found = [value for path in paths for value in facts[path] if isinstance(value, Literal)]
        return tuple(_text(page, value) for value in sorted(found, key=lambda v: _rank(page, v)))

    called = showing.thing(iri)
    return Concept(
        iri=iri,
        name=called,
        group=way.group(showing),
        names=tuple(one for one in texts(NAMES) if one.text != called.text),
        others=texts(*OTHERS),
        definitions=texts(*DEFINED),
        notes=texts(*NOTES),
        notations=tuple(one.text for one in texts(f"{SKOS}notation")),
        kinds=tuple(sorted(kind.replace("#", "/").rpartition("/")[2] for kind in kinds)),
        schemes=tuple(one for one in things(IN_SCHEME) if one.text),
        replaced=things(*REPLACED),
        above=way.shown(showing),
        ours=_ours(page, showing, matches),
        mapped=_mapped(page, showing, matches),
        is_occupation=bool(kinds & OCCUPATIONS),
        essential=linked.needed(showing, need["essential"], NEEDS),
        optional=linked.needed(showing, need["optional"], NEEDS),
    )


def _ours(page: Page, showing: Showing, matches: list[Match]) -> tuple[tuple[str, Shown], ...]:
    found = sorted(matches, key=lambda match: (order(match.property), match.thing))
    return tuple(
        (wording.predicate(match.property).of(page.lang), showing.thing(match.thing))
        for match in found
        if match.thing.startswith(page.release.base)
    )


def _mapped(page: Page, showing: Showing, matches: list[Match]) -> tuple[Mapped, ...]:
    found: defaultdict[str, list[tuple[str, Shown]]] = defaultdict(list)
    for match in sorted(matches, key=lambda match: (order(match.property), match.thing)):
        if not match.thing.startswith(page.release.base):
            said = wording.predicate(match.property).of(page.lang)
            found[place(page.release, match.thing)].append((said, showing.thing(match.thing)))
    return tuple(Mapped(name, tuple(links)) for name, links in sorted(found.items()))


def _text(page: Page, value: Literal) -> Shown:
    return Shown(value.value, value.lang if value.lang and value.lang != page.lang else None)


def _rank(page: Page, value: Literal) -> tuple[bool, str, str]:
    return value.lang != page.lang, value.lang or "", value.value.casefold()
