"""The vocabularies of others: how far our skills are linked to each, and each from the top."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import formats
from catalogue.live import query
from catalogue.page import OnPage, Page
from catalogue.pages import paged, part
from catalogue.rows import Shown, Thing
from catalogue.views import Showing
from catalogue.vocabularies.known import Vocabulary, vocabularies
from catalogue.vocabularies.links import Coverage, Link, links
from s4s_graph.mappings import wording
from s4s_graph.search.words import sort_key
from s4s_graph.store import Iri

PATH = "/{lang}/vocabularies"
COLUMNS = ("skill", "skillLabel", "relation", "concept", "conceptLabel", "vocabulary")
UNLINKED = 300  # skills without a link that a page names

router = APIRouter()


@dataclass(frozen=True)
class Covered:
    """A vocabulary on the overview; `known` is None where the release has nothing of it."""

    name: str
    known: Vocabulary | None
    coverage: Coverage
    said: tuple[tuple[str, int], ...]  # what the links say, in words, and how many say so
    unlinked: tuple[Shown, ...]
    more: int
    missing: tuple[tuple[Shown, str], ...]  # skills, and the address that leads nowhere


@dataclass(frozen=True)
class Branch:
    """A concept in the tree, and how many are right below it."""

    name: Shown
    parts: int


@dataclass(frozen=True)
class _Below:
    """A row of the query: a concept, and how many are right below it."""

    thing: str
    parts: int


@router.get(PATH)
def overview(page: OnPage) -> Response:
    """The vocabularies, what they are, and how many of our skills are linked to each."""
    known, found = vocabularies(page.release, page.lang), links(page.release)
    page.used.update(known)
    names = [*known, *(name for name in found.to if name and name not in known)]
    showing = Showing(page, found.skills)
    return page.html(
        "vocabularies.html",
        data=(page.request.url.path, "csv", "json"),
        covered=[_covered(page, showing, name, known.get(name)) for name in names],
        skills=len(found.skills),
    )


@router.get(f"{PATH}.{{suffix}}")
def table(page: OnPage, suffix: str) -> Response:
    """Every link of our skills to the vocabularies of others."""
    found = [(name, link) for name, some in links(page.release).to.items() for link in some]
    labels = page.release.store.labels(
        {iri for _, link in found for iri in (link.skill, link.concept)}, page.lang
    )

    def row(name: str, link: Link) -> tuple[str, ...]:
        skill, concept = (
            labels[iri].text if iri in labels else "" for iri in (link.skill, link.concept)
        )
        return link.skill, skill, link.property, link.concept, concept, name

    rows = [row(*one) for one in found]
    if suffix == "csv":
        content = formats.write_csv(COLUMNS, rows)
    elif suffix == "json":
        content = formats.write_json([dict(zip(COLUMNS, one, strict=True)) for one in rows])
    else:
        raise HTTPException(404)
    headers = {"Content-Type": formats.content_type(formats.SUFFIXES[suffix])}
    return Response(content, headers=headers)


@router.get(f"{PATH}/{{name}}")
def top(page: OnPage, name: str) -> Response:
    """One vocabulary: what it is, and the concepts at its top, from where to go down."""
    known = vocabulary(page, name)
    graph = Iri(known.iri)
    rows = page.release.computed.keep(
        ("vocabulary-tops", name),
        lambda: page.release.store.select(query("vocabulary_tops"), _Below, graph=graph),
    )
    found = _ordered(page, rows)
    pages = paged(page, len(found))
    return page.html(
        "vocabulary.html",
        known=known,
        covered=_covered(page, Showing(page, links(page.release).skills), name, known),
        skills=len(links(page.release).skills),
        branches=part(found, pages),
        pages=pages,
    )


@router.get(f"{PATH}/{{name}}/occupations")
def occupations(page: OnPage, name: str) -> Response:
    """The occupations that the release has of a vocabulary, by name."""
    known = vocabulary(page, name)
    graph = Iri(known.iri)

    def read() -> list[Branch]:
        rows = page.release.store.select(query("vocabulary_occupations"), Thing, graph=graph)
        return _ordered(page, [_Below(row.thing, 0) for row in rows])

    found = page.release.computed.keep(("vocabulary-occupations", name, page.lang), read)
    pages = paged(page, len(found))
    return page.html(
        "vocabulary_occupations.html", known=known, branches=part(found, pages), pages=pages
    )


def vocabulary(page: Page, name: str) -> Vocabulary:
    """Return a vocabulary that a page is about. Raises a 404 if the release has none such."""
    known = vocabularies(page.release, page.lang).get(name)
    if not known:
        raise HTTPException(404)
    page.used.add(name)
    return known


def branches(page: Page, concept: str) -> list[Branch]:
    """Return what is right below a concept, by name."""
    rows = page.release.store.select(query("concept_parts"), _Below, concept=Iri(concept))
    return _ordered(page, rows)


def _ordered(page: Page, rows: Iterable[_Below]) -> list[Branch]:
    found = list(rows)
    showing = Showing(page, {row.thing for row in found})
    shown = [Branch(showing.thing(row.thing), row.parts) for row in found]
    return sorted(shown, key=lambda one: (sort_key(one.name.text), one.name.href or ""))


def _covered(page: Page, showing: Showing, name: str, known: Vocabulary | None) -> Covered:
    found = links(page.release)
    coverage = found.coverage(name)
    unlinked = sorted(
        map(showing.thing, found.without(name)), key=lambda shown: sort_key(shown.text)
    )
    said = tuple((wording.predicate(path).of(page.lang), n) for path, n in coverage.by)
    shown, more = tuple(unlinked[:UNLINKED]), max(0, len(unlinked) - UNLINKED)
    missing = tuple(
        (showing.thing(link.skill), link.concept)
        for link in found.to.get(name, ())
        if link.concept in found.missing
    )
    return Covered(name, known, coverage, said, shown, more, missing[:UNLINKED])
