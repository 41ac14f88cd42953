"""The stored questions as pages: a form for the parameters, the answer as a picture, a table, data.

The form for queries of one's own is in `console`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import formats
from catalogue.page import OnPage, Page
from catalogue.sparql import answer_files, answering, charts, console, protocol, snippets
from catalogue.sparql.filling import written
from catalogue.sparql.results import Answered, answered
from catalogue.sparql.tabular import Table
from s4s_graph.endpoint import EndpointError
from s4s_graph.questions import Param, Question, ValueRefusedError

OPTIONS = 300  # things that a reader can still choose from in a list

router = APIRouter()


@dataclass(frozen=True)
class Control:
    """How a reader gives one parameter: by a choice, or by typing where `options` is empty."""

    name: str
    label: str
    value: str
    kind: str
    optional: bool
    options: tuple[tuple[str, str], ...]


@router.get("/{lang}/questions/{name}.{suffix}")
def document(page: OnPage, name: str, suffix: str) -> Response:
    """An answer as CSV, JSON, a workbook or a picture, or the question itself as SPARQL."""
    question = _question(page, name)
    if suffix not in {*answer_files.SUFFIXES, "rq", "svg"}:
        raise HTTPException(404)
    given = _given(page, question)
    try:
        if suffix == "rq":
            body = written(page, question, _bound(page, question, given))
            return _file(body, formats.LISTS[suffix])
        asked = answering.asking(page.release, question, given, page.lang)
        found = answering.answer(page.release, asked, _client(page))
    except (ValueRefusedError, EndpointError) as error:
        raise HTTPException(_status(error), error.sentence.of(page.lang)) from error
    if suffix == "svg":
        shown = _answered(page, question, found)
        return console.picture(page, question.view, shown, question.title.of(page.lang))
    address = str(page.request.url)
    content = answer_files.write(suffix, page.release, asked, found, address)
    return _file(content, answer_files.SUFFIXES[suffix])


def _file(content: bytes | str, media_type: str) -> Response:
    return Response(content, headers={"Content-Type": formats.content_type(media_type)})


def _status(error: ValueRefusedError | EndpointError) -> int:
    if isinstance(error, ValueRefusedError):
        return 400
    return protocol.status(error.problem)


def _client(page: Page) -> str:
    return page.request.client.host if page.request.client else ""


@router.get("/{lang}/questions/{name}")
def answer(page: OnPage, name: str) -> Response:
    """A question with its answer."""
    question = _question(page, name)
    given = _given(page, question)
    asked = [param for param in question.params if _asked(param)]
    context: dict[str, Any] = {
        "question": question,
        "controls": [_control(page, param, given) for param in asked],
        "query": urlencode(given),
        "answer": None,
        "error": None,
    }
    if any(param.default is None and param.key not in given for param in asked):
        return page.html("question.html", **context)
    try:
        context |= _told(page, question, given)
    except (ValueRefusedError, EndpointError) as error:
        response = page.html("question.html", **context | {"error": error.sentence.of(page.lang)})
        response.status_code = _status(error)
        return response
    return page.html("question.html", **context)


def _told(page: Page, question: Question, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the answer as its page tells it. Raises ValueRefusedError and EndpointError."""
    start = perf_counter()
    asked = answering.asking(page.release, question, given, page.lang)
    found = _answered(page, question, answering.answer(page.release, asked, _client(page)))
    seconds = perf_counter() - start
    text = written(page, question, _bound(page, question, given))
    path = f"{page.lang}/questions/{question.name}.csv"
    return {
        "answer": found,
        "seconds": seconds,
        "chart": charts.chart(page, question.view, found, question.title.of(page.lang)),
        "text": text,
        "downloads": console.downloads("rows"),
        "snippets": list(snippets.of_answer(str(page.request.base_url), path, given)),
        "iris": console.iris_wanted(page),
        "short": console.is_short(text),
    }


def _question(page: Page, name: str) -> Question:
    if question := page.release.questions.get(name):
        return question
    raise HTTPException(404)


def _asked(param: Param) -> bool:
    # The language is that of the page.
    return param.type != "lang"


def _given(page: Page, question: Question) -> dict[str, str]:
    values = page.request.query_params
    names = [param.key for param in question.params if _asked(param)]
    return {name: values[name].strip() for name in names if values.get(name, "").strip()}


def _bound(page: Page, question: Question, given: Mapping[str, str]) -> dict[str, Any]:
    return question.bind(given, page.lang, page.release.base)


def _control(page: Page, param: Param, given: Mapping[str, str]) -> Control:
    default = "" if param.default is None else str(param.default)
    value = given.get(param.key, default)
    form = page.release.forms.by_segment(param.type)
    if not form:
        return Control(param.key, param.key, value, param.type, False, ())
    index = page.release.index(form, page.lang)
    options = tuple((entry.iri.rpartition("/")[2], entry.label.text) for entry in index)
    optional = default == "any"
    shown = options if len(options) <= OPTIONS else ()
    return Control(param.key, form.name.of(page.lang), value, "thing", optional, shown)


def _answered(page: Page, question: Question, found: Table) -> Answered:
    headings = tuple(heading.of(page.lang) for heading in question.columns.values())
    return answered(page, found, headings)
