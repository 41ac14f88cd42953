"""RDF files of anyone as a site: what is in them, a page for every name, the SPARQL endpoint."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as AnyHTTPException

from catalogue import choosing, formats, i18n, linked_data
from catalogue.app import SAID, STATIC, Delivery
from catalogue.live import query
from catalogue.operating.site import Front, Site
from catalogue.operating.standing import Served, Standing
from catalogue.page import OnPage, Page, Templates
from catalogue.sparql import endpoint, protocol, resource, tabular
from catalogue.sparql.protocol import RequestError
from catalogue.sparql.tabular import Table
from s4s_graph import namespaces
from s4s_graph.endpoint import EndpointError, Pool
from s4s_graph.files import Loaded
from s4s_graph.limits import limits
from s4s_graph.settings import Settings
from s4s_graph.store import Iri, StoreError

LISTED = 500  # graphs and classes on the first page
EXAMPLE = """\
SELECT ?class (COUNT(DISTINCT ?thing) AS ?things)
WHERE {
  ?thing a ?class .
}
GROUP BY ?class
ORDER BY DESC(?things)
LIMIT 20
"""

router = APIRouter()


@dataclass(frozen=True)
class Graph:
    """A named graph and its size: one row of a query."""

    graph: str
    statements: int


@dataclass(frozen=True)
class Class:
    """A class and its size: one row of a query."""

    thing_class: str
    things: int


class Held:
    """The files that are served, as long as the site runs."""

    waiting = False
    problem = None

    def __init__(self, loaded: Loaded, settings: Settings) -> None:
        """Open them and count what is in them. Raises OSError when no worker can start."""
        self.id = uuid4().hex  # the same files may say something else the next time
        self.files = loaded.statements
        self.store, self.resources = loaded.open()
        self.graphs = self.store.select(query("files_graphs"), Graph)
        self.classes = self.store.select(query("files_classes"), Class)
        self.pool = Pool(loaded.store, settings)

    def changed(self) -> bool:
        """Say that nothing changes."""
        return False

    def refresh(self) -> None:
        """Do nothing: there is nothing new."""

    @contextmanager
    def lend(self) -> Iterator["Held"]:
        """Lend the files to a request."""
        yield self

    async def standing(self) -> Standing:
        """Say how the site stands."""
        return Standing(Served(self.id), pools=(self.pool.counts(),))


def create(loaded: Loaded, settings: Settings) -> FastAPI:
    """Return the site over some files. Raises OSError when no worker can start."""
    held = Held(loaded, settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        held.pool.close()

    templates = Templates(settings)
    app = Site(lifespan, Front(settings, templates, held.standing))
    app.state.templates = templates
    app.add_middleware(endpoint.Endpoint)
    app.add_middleware(Delivery, live=held, templates=app.state.templates)
    app.add_exception_handler(AnyHTTPException, _error)
    app.add_exception_handler(Exception, _failure)
    app.mount(STATIC, StaticFiles(directory=Path(__file__).parents[1] / "static"), "static")
    app.include_router(choosing.router)
    app.include_router(router)
    return app


async def _asked(request: Request) -> str:
    """Return the query that a reader typed in, if they did."""
    if request.method != "POST":
        return request.query_params.get("query", "").strip()
    try:
        asked = await protocol.posted(
            request.scope["query_string"],
            request.headers.get("content-type", ""),
            request.receive,
            request.state.release.pool.settings.request_bytes,
        )
    except RequestError as error:
        sentence = error.sentence.of(request.path_params["lang"])
        raise HTTPException(error.status, sentence) from error
    return (asked.query or "").strip()


@router.get("/")
def start(request: Request) -> Response:
    """Send a reader to the page in their language."""
    lang = i18n.preferred(request.headers.get("accept-language"))
    return RedirectResponse(f"/{lang}/", 303, {"Vary": "Accept-Language"})


@router.get("/resource")
def name(request: Request, iri: str = "") -> Response:
    """Lead to what is known of a thing, as a page or as data."""
    lang, asked = i18n.preferred(request.headers.get("accept-language")), urlencode({"iri": iri})
    targets = {formats.HTML: f"/{lang}/resource?{asked}"}
    targets |= {kind: f"/resource.{suffix}?{asked}" for suffix, kind in formats.RDF.items()}
    return linked_data.see_other(request, targets)


@router.get("/resource.{suffix}")
def described(request: Request, suffix: str, iri: str = "") -> Response:
    """A thing as a document: what is said of it, and what points at it."""
    held = _held(request)
    if suffix not in formats.RDF or not _known(held, iri):
        raise HTTPException(404)
    content_type = formats.content_type(formats.RDF[suffix])
    content = held.store.describe(iri, formats.RDF[suffix])
    return Response(content, headers={"Content-Type": content_type})


@router.get("/{lang}/")
def home(page: OnPage) -> Response:
    """What is in the files."""
    held = _held(page.request)
    listed = held.graphs[:LISTED], held.classes[:LISTED]
    names = {row.graph for row in listed[0]} | {row.thing_class for row in listed[1]}
    terms = resource.Terms(held.store, names, page.lang)
    graphs = [(terms.thing(row.graph), row.statements) for row in listed[0]]
    classes = [(terms.thing(row.thing_class), row.things) for row in listed[1]]
    return page.html("files_home.html", held=held, graphs=graphs, classes=classes)


@router.get("/{lang}/resource")
def thing(page: OnPage, iri: str = "") -> Response:
    """A thing: what is said of it, what points at it."""
    held = _held(page.request)
    iri = resource.expand(iri, held.store.prefixes)
    try:
        found = resource.read(iri, held.store, held.resources, page.lang)
    except StoreError:
        found = None
    if found is None:
        response = page.html("files_unknown.html", iri=iri)
        response.status_code = 404
        return response
    graph = next((row for row in held.graphs if row.graph == iri), None)
    data, data_query = ("/resource", *formats.RDF), urlencode({"iri": iri})
    return page.html(
        "files_resource.html", data=data, data_query=data_query, found=found, graph=graph
    )


@router.get("/{lang}/sparql")
@router.post("/{lang}/sparql")
def console(page: OnPage, asked: Annotated[str, Depends(_asked)]) -> Response:
    """A form for SPARQL, and the answer as a table."""
    held = _held(page.request)
    context: dict[str, Any] = {
        "query": asked or EXAMPLE,
        "prefixes": namespaces.header(held.store.prefixes),
        "limits": limits(held.pool.settings),
        "error": None,
        "answer": None,
        "rows": (),
    }
    status = 200
    if asked:
        client = page.request.client.host if page.request.client else ""
        try:
            found = tabular.table(held.pool, asked, client)
        except EndpointError as error:
            context["error"] = error
            status = protocol.status(error.problem)
        else:
            context["answer"] = found
            context["rows"] = _rows(held, found, page.lang)
    response = page.html("files_sparql.html", **context)
    response.status_code = status
    # Queries may ask for the time or for random numbers, and their addresses may be long.
    response.headers["Cache-Control"] = "no-store"
    return response


def _rows(held: Held, found: Table | bool | str, lang: str) -> list[list[resource.Part | None]]:
    if not isinstance(found, Table):
        return []
    iris = {term.value for row in found.rows for term in row if isinstance(term, Iri)}
    terms = resource.Terms(held.store, iris, lang)
    return [[terms.value(term) if term else None for term in row] for row in found.rows]


def _known(held: Held, iri: str) -> bool:
    try:
        return resource.read(iri, held.store, held.resources, "en") is not None
    except StoreError:
        return False


def _held(request: Request) -> Held:
    held: Held = request.state.release
    return held


async def _error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AnyHTTPException)  # noqa: S101 - what the handler is registered for
    page = Page(request, request.state.release, _lang(request))
    said = str(error.detail) if error.status_code in SAID else ""
    response = page.html("files_error.html", status=error.status_code, said=said)
    response.status_code = error.status_code
    response.headers.update({"Vary": "Accept-Language", **(error.headers or {})})
    return response


async def _failure(request: Request, error: Exception) -> Response:
    templates: Templates = request.app.state.templates
    return HTMLResponse(templates.render("failure.html", _lang(request)), 500)


def _lang(request: Request) -> str:
    return i18n.of(request.url.path, request.headers.get("accept-language"))
