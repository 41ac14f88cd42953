"""The stored questions as pages: a form for the parameters, the answer as a table and as data."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from catalogue import formats, protocol, sparql, tabular
from catalogue.page import OnPage, Page
from catalogue.protocol import RequestError
from catalogue.rows import Shown
from catalogue.tabular import Table
from catalogue.views import Showing
from s4s_graph import answers, namespaces
from s4s_graph.answers import Sheet
from s4s_graph.endpoint import EndpointError
from s4s_graph.questions import Param, Question, QuestionError
from s4s_graph.store import Iri, Term

OPTIONS = 300  # things that a reader can still choose from in a list
ROWS = tabular.ROWS  # rows of an answer on a page; the downloads have all
LEVELS = ("micro", "meso", "macro")

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
    """Return the query that a reader typed in, if they did."""
    if request.method != "POST":
        return request.query_params.get("query", "").strip()
    settings = request.state.release.pool.settings
    content_type = request.headers.get("content-type", "")
    try:
        asked = await protocol.posted(
            request.scope["query_string"], content_type, request.receive, settings.request_bytes
        )
    except RequestError as error:
        lang = request.path_params["lang"]
        raise HTTPException(error.status, error.sentence.of(lang)) from error
    return (asked.query or "").strip()


@dataclass(frozen=True)
class Control:
    """How a reader gives one parameter: by a choice, or by typing where `options` is empty."""

    name: str
    label: str
    value: str
    kind: str
    optional: bool
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answered:
    """The answer to a question: its columns, and a value or nothing for each in every row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    showing: Showing
    illustrative: tuple[bool, ...]  # for each row, whether something in it was invented
    cut: bool = False  # whether there are more rows than these
    most: int = ROWS

    def shown(self) -> Iterator[tuple[Shown | None, ...]]:
        """Yield the rows that a page has room for."""
        for row in self.rows[: self.most]:
            yield tuple(self.showing.term(term) if term else None for term in row)

    @property
    def invented(self) -> str | None:
        """Whether all rows, some, or none rest on something that was invented."""
        if not any(self.illustrative):
            return None
        return "all" if all(self.illustrative) else "some"


@router.get("/{lang}/questions")
def questions(page: OnPage) -> Response:
    """Every question, from one intervention to the whole."""
    found = page.release.questions.values()
    levels = [(level, [q for q in found if level in q.tags]) for level in LEVELS]
    others = [question for question in found if not set(LEVELS) & set(question.tags)]
    return page.html("questions.html", levels=[*levels, ("other", others)])


@router.get("/{lang}/questions/{name}.{suffix}")
def document(page: OnPage, name: str, suffix: str) -> Response:
    """An answer as CSV or JSON, or the question itself as SPARQL."""
    question = _question(page, name)
    if suffix == "rq":
        text = _exported(page, question)
        return Response(text, headers={"Content-Type": "application/sparql-query; charset=utf-8"})
    if suffix not in {"csv", "json"}:
        raise HTTPException(404)
    try:
        found = _answer(page, question, _given(page, question))
    except QuestionError as error:
        raise HTTPException(400, str(error)) from error
    sheet, title = _sheet(page, question, found), question.title.of(page.lang)
    as_json = answers.as_json(sheet, question=question.name, title=title)
    text = answers.as_csv(sheet) if suffix == "csv" else as_json
    content_type = formats.content_type(formats.SUFFIXES[suffix])
    return Response(text, headers={"Content-Type": content_type})


@router.get("/{lang}/questions/{name}")
def answer(page: OnPage, name: str) -> Response:
    """A question with its answer."""
    question = _question(page, name)
    given = _given(page, question)
    asked = [param for param in question.params if _asked(param)]
    context: dict[str, Any] = {
        "question": question,
        "controls": [_control(page, param, given) for param in asked],
        "query": page.request.url.query,
        "answer": None,
        "error": None,
    }
    if any(param.default is None and param.name not in given for param in asked):
        return page.html("question.html", **context)
    try:
        found = _answer(page, question, given)
    except QuestionError as error:
        response = page.html("question.html", **(context | {"error": str(error)}))
        response.status_code = 400
        return response
    return page.html("question.html", **(context | {"answer": found}))


@router.get("/{lang}/sparql")
@router.post("/{lang}/sparql")
def console(page: OnPage, query: Annotated[str, Depends(_query)]) -> Response:
    """A form for SPARQL, with the questions as examples and the answer as a table."""
    questions = [question for question in page.release.questions.values() if not question.params]
    example = page.release.questions.get(page.request.query_params.get("question", ""))
    shown = query or sparql_text(page, example.text if example else EXAMPLE)
    context: dict[str, Any] = {"questions": questions, "query": shown, "asked": bool(query)}
    if not query:
        return page.html("sparql.html", error=None, answer=None, **context)
    try:
        found = tabular.table(page.release.pool, query, _client(page.request))
    except EndpointError as error:
        sentence = error.sentence.of(page.lang)
        response = page.html("sparql.html", error=sentence, answer=None, **context)
        response.status_code = sparql.STATUSES.get(error.problem, sparql.OTHER_STATUS)
    else:
        answer = _answered(page, found) if isinstance(found, Table) else found
        response = page.html("sparql.html", error=None, answer=answer, **context)
    # Queries may ask for the time or for random numbers, and their addresses may be long.
    response.headers["Cache-Control"] = "no-store"
    return response


def sparql_text(page: Page, text: str) -> str:
    """Return a query with the prefixes that it uses."""
    prefixes = page.release.store.prefixes
    used = {name: iri for name, iri in prefixes.items() if re.search(rf"(?<![\w-]){name}:", text)}
    return f"{namespaces.header(used)}\n{text}"


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _exported(page: Page, question: Question) -> str:
    places = (
        f"# Put a value in the place of ?{param.name} ({param.type}).\n"
        for param in question.params
    )
    return "".join(places) + sparql_text(page, question.text)


def _question(page: Page, name: str) -> Question:
    if question := page.release.questions.get(name):
        return question
    raise HTTPException(404)


def _asked(param: Param) -> bool:
    # The language is that of the page.
    return param.type != "lang"


def _given(page: Page, question: Question) -> dict[str, str]:
    values = page.request.query_params
    names = [param.name for param in question.params if _asked(param)]
    return {name: values[name].strip() for name in names if values.get(name, "").strip()}


def _control(page: Page, param: Param, given: dict[str, str]) -> Control:
    default = "" if param.default is None else str(param.default)
    value = given.get(param.name, default)
    form = page.release.forms.by_segment(param.type)
    if not form:
        return Control(param.name, param.name, value, "number", False, ())
    index = page.release.index(form, page.lang)
    options = tuple((entry.iri.rpartition("/")[2], entry.label.text) for entry in index)
    optional = default == "any"
    shown = options if len(options) <= OPTIONS else ()
    return Control(param.name, form.name.of(page.lang), value, "thing", optional, shown)


def _answer(page: Page, question: Question, given: dict[str, str]) -> Answered:
    release = page.release
    bound = question.bind(given, page.lang, release.base)
    found = release.store.answer(question.text, **bound)
    places = [found.columns.index(name) for name in question.columns]
    rows = tuple(tuple(row[place] for place in places) for row in found.rows)
    return _answered(page, Table(tuple(question.columns), rows))


def _answered(page: Page, found: Table) -> Answered:
    things = [{term.value for term in row if isinstance(term, Iri)} for row in found.rows]
    showing = Showing(page, set().union(*things))
    invented = tuple(not page.release.illustrative.isdisjoint(iris) for iris in things)
    return Answered(found.columns, found.rows, showing, invented, found.cut)


def _sheet(page: Page, question: Question, found: Answered) -> Sheet:
    columns = {name: question.columns[name].of(page.lang) for name in found.columns}
    return Sheet(columns, found.rows, found.showing.labels, page.release.illustrative)
