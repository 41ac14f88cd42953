"""The API: which addresses there are, and what each answers.

An application of its own beneath the site, so that every answer under its address, also to what
does not exist, is JSON with the headers that the rules for APIs ask for.
"""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalogue import formats
from catalogue.api import describing, terms
from catalogue.api.replies import (
    ALLOWED,
    COMMON,
    ROOT,
    ProblemError,
    known,
    no_language,
    problem,
    reply,
    site,
)
from catalogue.live import Release
from catalogue.sparql import answer_files, answering, gallery
from s4s_graph.endpoint import EndpointError
from s4s_graph.engines.breaker import AwayError
from s4s_graph.forms import Text
from s4s_graph.questions import Question, QuestionError, quoted
from s4s_graph.settings import Settings

VERSION_PATH = ROOT.removeprefix("/api")
METHODS = ["GET", "OPTIONS"]
LANGUAGES = ("nl", "en")
FORMATS = answer_files.SUFFIXES

Handler = Callable[[Request], Awaitable[Response]]


def create(settings: Settings, fingerprint: str) -> Starlette:
    """Return the API; `fingerprint` changes with the site's own files, and answers with it."""

    async def openapi(request: Request) -> Response:
        given = _given(request, "lang")
        lang = _language(given)
        release, address = request.state.release, site(request)
        return await _json(request, lambda: describing.document(release, settings, address, lang))

    handlers: dict[str, Handler] = {
        "/openapi.json": openapi,
        "/questions": _questions,
        "/questions/{name}": _answer,
        "/terms": _terms,
        "/terms.json": _terms,
    }
    app = Starlette(
        routes=[
            Route(VERSION_PATH + path, _read(handler, fingerprint), methods=METHODS)
            for path, handler in handlers.items()
        ],
        exception_handlers={
            ProblemError: problem,
            QuestionError: problem,
            EndpointError: problem,
            AwayError: problem,
            HTTPException: problem,
            Exception: problem,
        },
    )
    # The rules want a 404 for an address with a slash at the end.
    app.router.redirect_slashes = False
    return app


def _read(handler: Handler, fingerprint: str) -> Handler:
    async def read(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={**COMMON, **ALLOWED})
        request.state.fingerprint = fingerprint
        return await handler(request)

    return read


async def _questions(request: Request) -> Response:
    given = _given(request, "q", "level")
    level = given.get("level")
    if level is not None and level not in gallery.LEVELS:
        levels = ", ".join(gallery.LEVELS)
        nl = f"level is {quoted(level)}; geef een van {levels}"
        raise ProblemError(
            400, Text(nl, f"level is {quoted(level)}; give one of {levels}"), "level"
        )
    release: Release = request.state.release
    found = [
        question
        for question in gallery.found(release.questions.values(), given.get("q", ""), LANGUAGES)
        if level is None or level in question.tags
    ]
    address = site(request)
    listed = (describing.listed(release, question, address) for question in found)
    return await _json(request, lambda: {"questions": list(listed)})


async def _answer(request: Request) -> Response:
    release: Release = request.state.release
    question = release.questions.get(request.path_params["name"])
    if not question:
        raise HTTPException(404)
    given = _values(request)
    suffix, lang = _format(request, given.pop("format", None)), _language(given)
    given.pop("lang", None)
    # To say which value is nearest takes a list of all, and the first time that may take a second.
    asked = await run_in_threadpool(answering.asking, release, question, given, lang)
    if same := known(request, FORMATS[suffix]):
        return same
    client = request.client.host if request.client else ""
    table = await answering.answer_soon(release, asked, client, request.is_disconnected)

    def write() -> Response:
        body = answer_files.write(suffix, release, asked, table, str(request.url))
        return reply(request, body, FORMATS[suffix], _beside(request, question, suffix, lang))

    return await run_in_threadpool(write)


async def _terms(request: Request) -> Response:
    given = _given(request, "q", "lang")
    lang = _language(given) if "lang" in given else ""
    release, text = request.state.release, given.get("q", "")
    return await _json(request, lambda: terms.content(release, text, lang))


async def _json(request: Request, make: Callable[[], object]) -> Response:
    """Return what is made as JSON; in a thread, since the first time it may take a second."""
    if same := known(request, formats.JSON):
        return same
    return await run_in_threadpool(lambda: reply(request, formats.write_json(make()), formats.JSON))


def _beside(request: Request, question: Question, suffix: str, lang: str) -> dict[str, str]:
    """Return the headers that say what an answer is: its name as a file, and the page about it."""
    page = f"{site(request)}{lang}/questions/{question.name}"
    headers = {"Link": f'<{page}>; rel="describedby"; type="text/html"', "Content-Language": lang}
    if suffix != "json":
        headers["Content-Disposition"] = f'attachment; filename="{question.name}.{suffix}"'
    return headers


def _values(request: Request) -> dict[str, str]:
    """Return the parameters of the address. Raises ProblemError when one is given twice."""
    values: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in values:
            shown = quoted(name)
            nl, en = f"{shown} staat er meer dan eens", f"{shown} is given more than once"
            raise ProblemError(400, Text(nl, en), name)
        values[name] = value
    return values


def _given(request: Request, *names: str) -> dict[str, str]:
    """Return the parameters of the address, which can be these. Raises ProblemError."""
    values = _values(request)
    for name in values:
        if name not in names:
            nl = f"er is geen parameter {quoted(name)}; wel {', '.join(names)}"
            en = f"there is no parameter {quoted(name)}; there is {', '.join(names)}"
            raise ProblemError(400, Text(nl, en), name)
    return values


def _language(given: dict[str, str]) -> str:
    lang = given.get("lang", LANGUAGES[0])
    if lang not in LANGUAGES:
        raise no_language(lang)
    return lang


def _format(request: Request, name: str | None) -> str:
    """Return the format that is named, or else that the header Accept wants most."""
    names = ", ".join(FORMATS)
    if name in FORMATS:
        return name
    if name is not None:
        nl = f"format is {quoted(name)}; geef een van {names}"
        raise ProblemError(
            400, Text(nl, f"format is {quoted(name)}; give one of {names}"), "format"
        )
    wanted = formats.negotiate(request.headers.get("accept"), list(FORMATS.values()))
    if not wanted:
        kinds = ", ".join(FORMATS.values())
        nl = f"Accept vraagt om niets dat hier te geven is: {kinds}"
        raise ProblemError(406, Text(nl, f"Accept asks for nothing that is served here: {kinds}"))
    return next(suffix for suffix, kind in FORMATS.items() if kind == wanted)
