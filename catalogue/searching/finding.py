"""Finding: every list with its facets, the search over all kinds, and both as data."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup, escape

from catalogue import formats, i18n, views
from catalogue.page import MENU, OnPage, Page, Templates
from catalogue.pages import lines, paged, part
from catalogue.rows import Line
from catalogue.searching import exports, selection
from catalogue.searching.narrowing import narrowed, things
from catalogue.searching.selection import Selection
from s4s_graph.forms import Form
from s4s_graph.search.find import Found, find
from s4s_graph.search.read import Listing
from s4s_graph.search.words import marked

PER_PAGE = 25
PEEK = 5  # things of one kind in the search over all
QUERY_LETTERS, NAMED = 6000, 150  # of a query that still fits in an address; things in it

router = APIRouter()


@dataclass(frozen=True)
class Group:
    """What a search found of one kind."""

    form: Form
    count: int
    lines: list[Line]
    has_example: bool
    address: str


@router.get("/opensearch.xml")
def opensearch(request: Request) -> Response:
    """What a browser needs to know to search here (OpenSearch 1.1)."""
    templates: Templates = request.app.state.templates
    lang = i18n.preferred(request.headers.get("accept-language"))
    said = templates.words[lang].gettext("Search what works, for whom and why")
    site = str(request.base_url).rstrip("/")
    text = templates.render("opensearch.xml", lang, site=site, description=said)
    headers = {"Vary": "Accept-Language"}
    return Response(text, media_type="application/opensearchdescription+xml", headers=headers)


@router.get("/{lang}/search")
def search(page: OnPage) -> Response:
    """Things of every kind with the words that were asked for, grouped by kind."""
    given = page.request.query_params
    chosen = selection.read(given, Listing(0, (), (), {}))
    address = chosen.address()
    if page.request.url.query != address and not selection.is_cut(given):
        return _moved(page, address)
    found = _found(page, chosen, None)
    groups = _groups(page, chosen, found) if found else []
    return page.html(
        "search.html",
        selection=chosen,
        found=found,
        groups=groups,
        mark=_marker(page, found),
        cut=selection.is_cut(given),
    )


@router.get("/{lang}/{table}.{suffix}")
def document(page: OnPage, table: str, suffix: str) -> Response:
    """The things of one kind, all or a selection: as a table, a sheet, a graph, a feed, a query."""
    form = page.form(table)
    listing = page.release.search.listing(table)
    chosen = selection.asked(page, listing)
    found = _found(page, chosen, table)
    left = things(listing, chosen, found, page.lang)
    # Who takes along all of a table finds its rows as a build wants them: by their ids.
    slugs = [listing.slugs[number] for number in (left if chosen.address() else sorted(left))]
    content = _written(page, form, suffix, slugs, chosen)
    content_type = formats.content_type(formats.LISTS[suffix])
    return Response(content, headers={"Content-Type": content_type})


@router.get("/{lang}/{table}")
def listing(page: OnPage, table: str) -> Response:
    """The things of one kind, with all that they can be narrowed by."""
    form = page.form(table)
    if not form.class_iri:
        return RedirectResponse(f"/{page.lang}/schemes/{table}", 303)
    given, listed = page.request.query_params, page.release.search.listing(table)
    chosen = selection.asked(page, listed)
    found = _found(page, chosen, table)
    result = narrowed(listed, chosen, found, page.lang)
    pages = paged(page, len(result.things), PER_PAGE)
    unknown, cut = selection.strange(given, listed), selection.is_cut(given)
    address = chosen.address(pages.page)
    seen_at = chosen.address(pages.page, seeking=True)
    if page.request.url.query != seen_at and not unknown and not cut:
        return _moved(page, seen_at)
    slugs = [listed.slugs[number] for number in part(result.things, pages)]
    iris = [page.release.iri(form.segment, slug) for slug in slugs]
    return page.html(
        "list.html",
        data=(page.request.url.path, *exports.SUFFIXES),
        data_query=chosen.address(),
        form=form,
        selection=chosen,
        address=address,
        result=result,
        found=found,
        mark=_marker(page, found),
        sorts=selection.sorts(chosen, listed),
        all_there_are=len(listed.slugs),
        unknown=unknown,
        cut=cut,
        sparql=_sparql(page, form, listed, chosen, result.things),
        pages=pages,
        **lines(page, form, iris, _sentence(found)),
    )


def _moved(page: Page, address: str) -> Response:
    """Send a reader to the one address of what they asked for, which they can then pass on."""
    path = page.request.url.path
    return RedirectResponse(f"{path}?{address}" if address else path, 303)


def _found(page: Page, chosen: Selection, table: str | None) -> Found | None:
    if not chosen.words:
        return None
    return find(page.release.search, chosen.words, page.lang, table, literal=chosen.literal)


def _groups(page: Page, chosen: Selection, found: Found) -> list[Group]:
    """Return what was found by kind: those of the menu first, the others by their best hit."""
    by_table: dict[str, list[int]] = {}
    ranges = [(ids, table) for table, ids in page.release.search.ranges.items() if ids]
    starts = [ids.start for ids, _ in ranges]
    for number in found.numbers:
        ids, table = ranges[bisect_right(starts, number) - 1]
        by_table.setdefault(table, []).append(number - ids.start)
    ordered = sorted(by_table, key=lambda t: MENU.index(t) if t in MENU else len(MENU))
    return [_group(page, table, by_table[table], chosen, found) for table in ordered]


def _group(page: Page, table: str, numbers: list[int], chosen: Selection, found: Found) -> Group:
    form, listed = page.form(table), page.release.search.listing(table)
    iris = [page.release.iri(form.segment, listed.slugs[number]) for number in numbers[:PEEK]]
    shown = lines(page, form, iris, _sentence(found))
    path = f"/{page.lang}/{table}?{chosen.address()}" if form.class_iri else ""
    return Group(form, len(numbers), shown["lines"], bool(shown["invented"]), path)


def _sentence(found: Found | None) -> Callable[[str], str]:
    return partial(_telling, found.words) if found else views.first_sentence


def _telling(words: frozenset[str], text: str) -> str:
    """Return the first sentence that one of the words is in, or else the first."""
    rest = text
    while rest:
        sentence = views.first_sentence(rest)
        if any(is_hit for _, is_hit in marked(sentence, words)):
            return sentence
        rest = rest[len(sentence) :].lstrip()
    return views.first_sentence(text)


def _marker(page: Page, found: Found | None) -> Callable[[str], Markup]:
    """Return what turns a text into one with its hits marked."""
    return partial(_marks, found.words) if found else page.cited


def _marks(words: frozenset[str], text: str) -> Markup:
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if is_hit else escape(piece)
        for piece, is_hit in marked(text, words)
    )


def _sparql(
    page: Page, form: Form, listed: Listing, chosen: Selection, numbers: Sequence[int]
) -> str:
    """Return the address of a selection as a query, ready to run if it is not too long."""
    document = f"/{page.lang}/{form.table}.rq?{chosen.address()}".rstrip("?")
    # A search names its things one by one.
    if chosen.words and len(numbers) > NAMED:
        return document
    slugs = [listed.slugs[number] for number in numbers] if chosen.words else []
    text = exports.query(page, form, listed, chosen, slugs)
    if len(text) > QUERY_LETTERS:
        return document
    return f"/{page.lang}/sparql?{urlencode({'query': text})}"


def _written(
    page: Page, form: Form, suffix: str, slugs: list[str], chosen: Selection
) -> bytes | str:
    if suffix in formats.RDF:
        return exports.graph(page, form, slugs, suffix)
    listed = page.release.search.listing(form.table)
    if suffix == "rq":
        return exports.query(page, form, listed, chosen, slugs)
    if suffix not in formats.LISTS:
        raise HTTPException(404)
    records = exports.found(page, form, slugs)
    match suffix:
        case "csv":
            return exports.csv(page, form, records)
        case "xlsx":
            return exports.xlsx(page, form, records, str(page.request.url))
        case "atom":
            return exports.atom(page, form, records, chosen)
        case _:
            return exports.json(page, form, records)
