"""The pages of the catalogue: one function a page."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from catalogue import formats, i18n, items, ontology, records, views
from catalogue.live import SLUG
from catalogue.page import OnPage, Page
from catalogue.rows import Pages, Record
from s4s_graph import dataset
from s4s_graph.forms import Form

PER_PAGE = 50
LIST = ("csv", "json", "ttl")
FEATURED = ("what-works-for-whom", "hand-offs", "gaps", "overlaps", "agreements-needed")

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
    return page.html("about.html")


@router.get("/{lang}/data")
def data(page: OnPage) -> Response:
    """Every kind of thing, and every way to take the data along."""
    manifest = page.release.manifest
    about = dataset.description(manifest.data_statuses).of(page.lang)
    return page.html("data.html", things=manifest.things, about=about)


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


@router.get("/{lang}/{table}")
def listing(page: OnPage, table: str) -> Response:
    """The things of one kind, sorted by name."""
    form = page.form(table)
    if not form.class_iri:
        return RedirectResponse(f"/{page.lang}/schemes/{table}", 303)
    index = page.release.index(form, page.lang)
    pages = paged(page, len(index))
    lines = _lines(page, form, [entry.iri for entry in index], pages)
    data = (page.request.url.path, *LIST)
    return page.html("list.html", data=data, form=form, pages=pages, **lines)


@router.get("/{lang}/{table}/{slug}")
def item(page: OnPage, table: str, slug: str) -> Response:
    """One thing: what is stated of it, and what points at it."""
    found = items.item(page, _record(page, table, slug))
    return page.html("item.html", data=(page.request.url.path, *formats.SUFFIXES), item=found)


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
    lines = _lines(page, form, found, pages)
    labels = page.release.store.labels([record.iri], page.lang)
    title = labels.get(record.iri) or page.release.name(record.iri)
    thing: dict[str, Any] = {"record": record, "title": title, "field": field, "cut": cut}
    return page.html("incoming.html", form=form, pages=pages, **thing, **lines)


def _record(page: Page, table: str, slug: str) -> Record:
    form = page.form(table)
    record = records.read(page.release, form, slug) if SLUG.fullmatch(slug) else None
    if not record:
        raise HTTPException(404)
    return record


def _lines(page: Page, form: Form, iris: list[str], pages: Pages) -> dict[str, Any]:
    part = iris[(pages.page - 1) * PER_PAGE : pages.page * PER_PAGE]
    places = [place for iri in part if (place := page.release.place(iri))]
    found = [r for _, slug in places if (r := records.read(page.release, form, slug))]
    showing = views.Showing(page, {*records.iris(found), *(record.iri for record in found)})
    lines = [views.line(showing, record) for record in found]
    statuses = {line.status == "illustrative" for line in lines}
    invented = None if True not in statuses else "some" if False in statuses else "all"
    return {"lines": lines, "invented": invented}


def paged(page: Page, total: int) -> Pages:
    """Read the page number from the address. Raises a 404 when there is no such page."""
    text = page.request.query_params.get("page", "1")
    last = max(1, -(-total // PER_PAGE))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 1 <= number <= last:
        raise HTTPException(404)
    return Pages(number, last, total)
