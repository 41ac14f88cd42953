"""The web of data: names that lead to documents, and every page as data beside it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from catalogue import formats, i18n, records
from catalogue.live import SLUG, Release, query
from catalogue.page import OnPage
from s4s_graph.store import Iri

VARY = {"Vary": "Accept, Accept-Language"}

router = APIRouter()


@router.get("/id/{segment}/{slug}.{suffix}")
def described(request: Request, segment: str, slug: str, suffix: str) -> Response:
    """A thing as a document: what is stated of it, and what points at it."""
    release: Release = request.state.release
    iri = _known(release, segment, slug)
    return _document(release.store.describe(iri, _media_type(suffix)), suffix)


@router.get("/id/{segment}/{slug}")
def name(request: Request, segment: str, slug: str) -> Response:
    """Send whoever follows the name of a thing to what they can read about it."""
    release: Release = request.state.release
    iri = _known(release, segment, slug)
    page = release.page(iri, _lang(request))
    return see_other(request, _targets(f"/id/{segment}/{slug}", page))


@router.get("/def.{suffix}")
@router.get("/shape.{suffix}")
def ontology(request: Request, suffix: str) -> Response:
    """The ontology as one document."""
    release: Release = request.state.release
    media_type = _media_type(suffix)
    params = {"ontology": Iri(f"{release.base}def")}
    return _document(release.store.construct(query("ontology_graph"), media_type, **params), suffix)


@router.get("/def")
@router.get("/shape")
def vocabulary(request: Request) -> Response:
    """Send whoever follows the name of a term to the ontology."""
    return see_other(request, _targets("/def", f"/{_lang(request)}/ontology"))


@router.get("/{lang}/{table}/{slug}.{suffix}")
def item(page: OnPage, table: str, slug: str, suffix: str) -> Response:
    """One thing: as JSON or CSV with labels in the language of the page, or as a graph."""
    form = page.form(table)
    record = records.read(page.release, form, slug) if SLUG.fullmatch(slug) else None
    if not record or suffix not in formats.SUFFIXES:
        raise HTTPException(404)
    if suffix in formats.RDF:
        return _document(page.release.store.describe(record.iri, formats.RDF[suffix]), suffix)
    labels = page.release.store.labels({record.iri, *records.iris([record])}, page.lang)
    if suffix == "json":
        return _document(formats.write_json(records.as_json(record, labels)), suffix)
    header = ("property", "value", "label")
    return _document(formats.write_csv(header, records.csv_rows(record, labels)), suffix)


def _known(release: Release, segment: str, slug: str) -> str:
    """Return the name of a thing of this release. Raises a 404 when it holds no such thing."""
    iri = release.iri(segment, slug)
    known = segment == "scheme" or release.forms.by_segment(segment)
    if not known or not SLUG.fullmatch(slug) or not release.store.exists(iri):
        raise HTTPException(404)
    return iri


def see_other(request: Request, targets: Mapping[str, str]) -> Response:
    """Answer 303 with the target of the media type that is asked for; else the first of them.

    The name of a thing is not the address of a document (W3C, Cool URIs).
    """
    chosen = formats.negotiate(request.headers.get("accept"), list(targets))
    if not chosen:
        raise HTTPException(406, headers=VARY)
    # Whoever follows a citation is told whether this is the release that was cited.
    cited = request.query_params.get("release")
    behind = f"?{urlencode({'release': cited})}" if cited and chosen == formats.HTML else ""
    return RedirectResponse(targets[chosen] + behind, 303, VARY)


def _targets(document: str, page: str | None) -> dict[str, str]:
    """Return where the name of a thing leads, by media type."""
    targets = {formats.RDF[suffix]: f"{document}.{suffix}" for suffix in formats.RDF}
    if page:
        targets = {formats.HTML: page, **targets}
        if document.startswith("/id/") and "/schemes/" not in page:
            targets[formats.JSON] = f"{page}.json"
    return targets


def _lang(request: Request) -> str:
    return i18n.preferred(request.headers.get("accept-language"))


def _media_type(suffix: str) -> str:
    if suffix not in formats.RDF:
        raise HTTPException(404)
    return formats.RDF[suffix]


def _document(content: bytes, suffix: str) -> Response:
    content_type = formats.content_type(formats.SUFFIXES[suffix])
    return Response(content, headers={"Content-Type": content_type})
