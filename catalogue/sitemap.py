"""For search engines: every page there is (sitemaps.org), and what is not worth their visit."""

from collections.abc import Iterator

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from catalogue import i18n
from catalogue.live import Release, member, query
from catalogue.page import Templates

LARGEST = 50_000  # addresses in one file, by the protocol
FIXED = (
    "/",
    "/about",
    "/advice",
    "/api",
    "/changes",
    "/coherence",
    "/data",
    "/data/quality",
    "/mirror",
    "/ontology",
    "/pictures",
    "/pictures/evidence",
    "/pictures/flow",
    "/pictures/matrix",
    "/pictures/network",
    "/pictures/timeline",
    "/questions",
    "/rameses",
    "/schemes",
    "/vocabularies",
)
# Views that a reader makes up: without end, and each takes computing.
ASIDE = (
    "/api/",
    "/sparql",
    "/*/advice?",
    "/*/compare?",
    "/*/search?",
    "/*/coherence/routes?",
    "/*/pictures/*?",
)

router = APIRouter()


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """The way to the sitemap, and what to leave alone (RFC 9309)."""
    aside = "".join(f"Disallow: {path}\n" for path in ASIDE)
    text = f"User-agent: *\n{aside}\nSitemap: {_site(request)}/sitemap.xml\n"
    return Response(text, media_type="text/plain; charset=utf-8")


@router.get("/sitemap.xml")
def sitemap(request: Request) -> Response:
    """Every page in each language; the parts of that list where it is too long for one file."""
    paths = _paths(request.state.release)
    if len(paths) <= LARGEST:
        return _xml(request, "urlset", "url", paths)
    parts = range(1, _parts(paths) + 1)
    return _xml(request, "sitemapindex", "sitemap", [f"/sitemap-{part}.xml" for part in parts])


@router.get("/sitemap-{part}.xml")
def sitemap_part(request: Request, part: str) -> Response:
    """One part of a list that is too long for one file, counted from 1."""
    paths = _paths(request.state.release)
    number = int(part) if part.isascii() and part.isdigit() and len(part) < 9 else 0
    if not 1 <= number <= _parts(paths):
        raise HTTPException(404)
    return _xml(request, "urlset", "url", paths[(number - 1) * LARGEST : number * LARGEST])


def _parts(paths: list[str]) -> int:
    return -(-len(paths) // LARGEST)


def _paths(release: Release) -> list[str]:
    below = release.computed.keep("sitemap", lambda: tuple(_below(release)))
    return [f"/{lang}{path}" for path in below for lang in i18n.LANGUAGES]


def _below(release: Release) -> Iterator[str]:
    """Yield each path below the language."""
    yield from FIXED
    yield from (f"/questions/{name}" for name in sorted(release.questions))
    for form in release.forms:
        if form.class_iri:
            yield f"/{form.table}"
        else:
            yield f"/schemes/{form.table}"
        things = release.store.things(query("things"), **member(form))
        for slug in sorted(iri.rpartition("/")[2] for iri in things):
            yield f"/{form.table}/{slug}"


def _xml(request: Request, root: str, element: str, paths: list[str]) -> Response:
    templates: Templates = request.app.state.templates
    site, lang = _site(request), next(iter(i18n.LANGUAGES))
    context = {"root": root, "element": element, "addresses": [site + path for path in paths]}
    return Response(templates.render("sitemap.xml", lang, **context), media_type="application/xml")


def _site(request: Request) -> str:
    return str(request.base_url).rstrip("/")
