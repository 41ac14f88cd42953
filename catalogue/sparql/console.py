"""The page for queries of one's own: a form, the answer as a picture and a table, and examples."""

import re
import secrets
from dataclasses import dataclass
from time import perf_counter
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from catalogue import policy
from catalogue.page import OnPage, Page
from catalogue.sparql import charts, gallery, offers, protocol, snippets, tabular
from catalogue.sparql.filling import sparql_text, written
from catalogue.sparql.protocol import RequestError
from catalogue.sparql.results import Answered, answered
from catalogue.sparql.snippets import Kind
from catalogue.sparql.tabular import Table
from s4s_graph.endpoint import EndpointError
from s4s_graph.questions import ValueRefusedError

MOST_ADDRESS = 4_000  # characters of an address that every browser, proxy and mail program takes
BOOLEAN = ("json", "xml", "csv", "tsv")  # formats for yes or no
RETRY_SECONDS = 5
WORDS = re.compile(r"[\w:?$-]+|\S")  # as the editor takes them
EXAMPLE = """\
SELECT ?intervention ?name
WHERE {
  ?intervention a s4s:Intervention ; skos:prefLabel ?name .
}
ORDER BY ?name
LIMIT 20
"""

router = APIRouter()


async def _query(request: Request) -> str:
    """Return the query that a reader typed in, if they did, with one way to end a line."""
    most = request.state.release.pool.settings.request_bytes
    address = request.scope["query_string"]
    try:
        if request.method == "POST":
            content_type = request.headers.get("content-type", "")
            asked = await protocol.posted(address, content_type, request.receive, most)
        else:
            asked = protocol.addressed(address, most)
    except RequestError as error:
        lang = request.path_params["lang"]
        raise HTTPException(error.status, error.sentence.of(lang)) from error
    return (asked.query or "").replace("\r\n", "\n").strip()


OnQuery = Annotated[str, Depends(_query)]


@dataclass(frozen=True)
class Excerpt:
    """The line of a query where it is wrong: what stands before, at and after the word there."""

    line: int
    before: str
    at: str
    after: str


@router.get("/{lang}/sparql")
def console(page: OnPage, query: OnQuery) -> Response:
    """The form, and the answer where the address has a query."""
    if query:
        return _answer(page, query)
    return _page(page, _example(page))


@router.post("/{lang}/sparql")
def send(page: OnPage, query: OnQuery) -> Response:
    """Give a short query an address that can be kept and shared, and answer a long one here."""
    if query and is_short(query):
        show = {"show": "iris"} if iris_wanted(page) else {}
        address = f"/{page.lang}/sparql?{urlencode({'query': query, **show})}#answer"
        return RedirectResponse(address, 303)
    return _answer(page, query) if query else _page(page, _example(page))


@router.get("/{lang}/sparql.svg")
@router.post("/{lang}/sparql.svg")
def drawn(page: OnPage, query: OnQuery) -> Response:
    """The picture of an answer as a file of its own."""
    try:
        found = tabular.table(page.release.pool, query, _client(page.request))
    except EndpointError as error:
        status = protocol.status(error.problem)
        raise HTTPException(status, error.sentence.of(page.lang)) from error
    if not isinstance(found, Table):
        raise HTTPException(404)
    return picture(page, charts.view(query), answered(page, found), page.words.gettext("Answer"))


def picture(page: Page, view: str, found: Answered, title: str) -> Response:
    """Return the picture of an answer as a file. Raises a 404 where there is none."""
    chart = charts.chart(page, view, found, title, literal=True)
    if not chart or not chart.svg:
        raise HTTPException(404)
    return Response(chart.svg, media_type="image/svg+xml")


def downloads(kind: Kind) -> tuple[str, ...]:
    """Return the names of the formats in which the endpoint gives an answer of a kind."""
    if kind == "boolean":
        return BOOLEAN
    return tuple(offers.ROWS if kind == "rows" else offers.TRIPLES)


def is_short(query: str) -> bool:
    """Tell whether a query can be part of an address."""
    return len(urlencode({"query": query})) <= MOST_ADDRESS


def iris_wanted(page: Page) -> bool:
    """Tell whether the reader wants to see things by their addresses."""
    return page.request.query_params.get("show") == "iris"


def _example(page: Page) -> str:
    """Return the stored question that the address names, what was asked about filled in."""
    values = page.request.query_params
    question = page.release.questions.get(values.get("question", ""))
    if not question:
        return sparql_text(page, EXAMPLE).strip()
    names = [param.key for param in question.params if param.type != "lang"]
    given = {name: values[name] for name in names if values.get(name)}
    try:
        bound = question.bind(given, page.lang, page.release.base)
    except ValueRefusedError as error:
        raise HTTPException(400, error.sentence.of(page.lang)) from error
    return written(page, question, bound).strip()


def _answer(page: Page, query: str) -> HTMLResponse:
    start = perf_counter()
    try:
        found = tabular.table(page.release.pool, query, _client(page.request))
    except EndpointError as error:
        response = _page(page, query, error=error, excerpt=_excerpt(query, error))
        response.status_code = protocol.status(error.problem)
        if response.status_code == 503:
            response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    seconds = perf_counter() - start
    answer = answered(page, found) if isinstance(found, Table) else found
    title = page.words.gettext("Answer")
    chart = None
    if isinstance(answer, Answered):
        chart = charts.chart(page, charts.view(query), answer, title)
    kind: Kind = (
        "boolean" if isinstance(answer, bool) else "triples" if isinstance(answer, str) else "rows"
    )
    return _page(
        page,
        query,
        asked=True,
        answer=answer,
        seconds=seconds,
        chart=chart,
        view=charts.view(query),
        downloads=downloads(kind),
        snippets=list(snippets.of_query(str(page.request.base_url), query, kind)),
        iris=iris_wanted(page),
        short=is_short(query),
    )


def _page(page: Page, query: str, **context: Any) -> HTMLResponse:
    nonce = secrets.token_urlsafe(16)
    nothing: dict[str, Any] = {"asked": False, "error": None, "excerpt": None}
    about: dict[str, Any] = {
        "levels": gallery.grouped(list(page.release.questions.values())),
        "limits": page.release.pool.settings,
    }
    response = page.html("sparql.html", query=query, nonce=nonce, **nothing | about | context)
    response.headers[policy.NAME] = policy.with_styles(nonce)
    # Queries may ask for the time or for random numbers; and no answer has the same word twice.
    response.headers["Cache-Control"] = "no-store"
    return response


def _excerpt(query: str, error: EndpointError) -> Excerpt | None:
    lines = query.split("\n")
    if not error.line or not error.column or error.line > len(lines):
        return None
    text = lines[error.line - 1]
    words = [word for word in WORDS.finditer(text) if word.start() < error.column]
    start, end = words[-1].span() if words else (0, len(text))
    return Excerpt(error.line, text[:start], text[start:end], text[end:])


def _client(request: Request) -> str:
    return request.client.host if request.client else ""
