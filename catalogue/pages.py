"""The pages of the catalogue: one function a page."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from catalogue import citing, formats, i18n, ontology, records, schema_org, views
from catalogue.live import SLUG
from catalogue.page import OnPage, Page
from catalogue.picturing import on_page
from catalogue.rows import Pages, Record
from catalogue.things import items
from s4s_graph.forms import Form
from s4s_graph.search.read import EVIDENCE

PER_PAGE = 50
LIST = ("csv", "json", "ttl")
FEATURED = ("what-works-for-whom", "hand-offs", "gaps", "overlaps", "agreements-needed")

Thing = TypeVar("Thing")

router = APIRouter()


@router.get("/")
async def start(request: Request) -> Response:
    """Send a reader to the home page in their language."""
    lang = i18n.preferred(request.headers.get("accept-language"))
    return RedirectResponse(f"/{lang}/", 303, {"Vary": "Accept-Language"})


@router.get("/{lang}/")
def home(page: OnPage) -> Response:
    """The way in: what there is, and the ways to look at it."""
    questions = page.release.questions
    featured = [questions[name] for name in FEATURED if name in questions]
    return page.html("home.html", questions=featured, things=page.release.manifest.things)


@router.get("/{lang}/about")
def about(page: OnPage) -> Response:
    """The method, the honesty of the content, the licences."""
    facets = page.release.search.listing("interventions").by_name
    return page.html("about.html", strength=facets.get(EVIDENCE))


@router.get("/{lang}/ontology")
def terms(page: OnPage) -> Response:
    """Every term of the ontology with its definition, module by module."""
    modules = ontology.modules(page)
    forms = [form for form in page.release.forms if form.class_iri]
    described = {term.form.shape for module in modules for term in module.terms if term.form}
    return page.html(
        "ontology.html",
        modules=modules,
        other_forms=[form for form in forms if form.shape not in described],
        anchors=ontology.anchors(forms),
    )


@router.get("/{lang}/schemes")
def schemes(page: OnPage) -> Response:
    """Every list of concepts."""
    return page.html("schemes.html", forms=[form for form in page.release.forms if form.scheme])


@router.get("/{lang}/schemes/{name}")
def scheme(page: OnPage, name: str) -> Response:
    """The concepts of one list with their definitions, the narrower ones under the broader."""
    form = page.form(name)
    if form.class_iri:
        return RedirectResponse(f"/{page.lang}/{name}", 303)
    data = (f"/{page.lang}/{name}", *LIST)
    return page.html("scheme.html", data=data, form=form, tree=ontology.tree(page, form))


@router.get("/{lang}/{table}/{slug}")
def item(page: OnPage, table: str, slug: str) -> Response:
    """One thing: what is stated of it, and what points at it."""
    found = items.item(page, _record(page, table, slug))
    return page.html(
        "item.html",
        data=(page.request.url.path, *formats.SUFFIXES),
        item=found,
        cite=citing.citation(page, found.record.iri, found.name.text),
        structured=schema_org.described(page, found),
        pictured=on_page.pictured(page, found.record),
    )


@router.get("/{lang}/{table}/{slug}/incoming/{source}/{name}")
def incoming(page: OnPage, table: str, slug: str, source: str, name: str) -> Response:
    """All things of one kind that point at one thing by one field."""
    record = _record(page, table, slug)
    pointing = page.release.forms.pointing_at(record.form.segment)
    field = next((f for form, f in pointing if (form.table, f.id) == (source, name)), None)
    if not field:
        raise HTTPException(404)
    form = page.form(source)
    found, cut = items.pointing(page, record, form, field)
    pages = paged(page, len(found))
    shown = lines(page, form, part(found, pages))
    labels = page.release.store.labels([record.iri], page.lang)
    title = labels.get(record.iri) or page.release.name(record.iri)
    thing: dict[str, Any] = {"record": record, "title": title, "field": field, "cut": cut}
    return page.html("incoming.html", form=form, pages=pages, **thing, **shown)


def _record(page: Page, table: str, slug: str) -> Record:
    form = page.form(table)
    record = records.read(page.release, form, slug) if SLUG.fullmatch(slug) else None
    if not record:
        raise HTTPException(404)
    return record


def lines(
    page: Page,
    form: Form,
    iris: Sequence[str],
    sentence: Callable[[str], str] = views.first_sentence,
) -> dict[str, Any]:
    """Return the lines about some things of a kind, and whether they were invented.

    `sentence` says which sentence of a text stands in a line.
    """
    places = [place for iri in iris if (place := page.release.place(iri))]
    wanted = views.in_line(form)
    found = [records.read_some(page.release, form, slug, wanted) for _, slug in places]
    showing = views.Showing(page, {*records.iris(found), *(record.iri for record in found)})
    shown = [views.line(showing, record, sentence) for record in found]
    statuses = {line.status == "illustrative" for line in shown}
    invented = None if True not in statuses else "some" if False in statuses else "all"
    return {"lines": shown, "invented": invented}


def part(things: Sequence[Thing], pages: Pages) -> Sequence[Thing]:
    """Return those of a long list that its page shows."""
    return things[(pages.page - 1) * pages.size : pages.page * pages.size]


def paged(page: Page, total: int, size: int = PER_PAGE) -> Pages:
    """Read the page number from the address. Raises a 404 when there is no such page."""
    text = page.request.query_params.get("page", "1")
    last = max(1, -(-total // size))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 1 <= number <= last:
        raise HTTPException(404)
    return Pages(number, last, total, size)
