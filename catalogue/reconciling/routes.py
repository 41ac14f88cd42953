"""The addresses of the Reconciliation Service API: version 0.2, and the draft of 1.0 below it.

`/reconcile` speaks the language that its reader prefers, `/nl/reconcile` and `/en/reconcile`
always the same one. The draft is at `/1.0` below each.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import Response

from catalogue import formats, i18n
from catalogue.api import replies
from catalogue.api.replies import ProblemError
from catalogue.reconciling import answering, asked, previewing
from catalogue.reconciling.manifest import manifest
from catalogue.reconciling.service import DRAFT, ROOT, Service
from catalogue.sparql import protocol
from catalogue.sparql.protocol import RequestError
from s4s_graph.forms import Text
from s4s_graph.questions import quoted
from s4s_graph.settings import Settings

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
AT_ONCE = 2  # batches: more would not be faster, and would take the threads of pages
CORS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
NOTHING = Text("Op dit adres staat niets.", "There is nothing at this address.")

router = APIRouter()


@dataclass(frozen=True)
class Sent:
    """What a request brings: the fields of its address and its form, or its body."""

    fields: Mapping[str, str]
    body: bytes = b""


Handler = Callable[[Service, Sent, Request], Response]


def _entrance(service: Service, sent: Sent, request: Request) -> Response:
    """Version 0.2 has one address for its manifest, for queries and for extending."""
    given = sent.fields
    if "queries" in given:
        queries = asked.batch(given["queries"])
        found = answering.matched(service, queries.values())
        return _json(dict(zip(queries, ({"result": one} for one in found), strict=True)))
    if "query" in given:
        (one,) = answering.matched(service, [asked.single(given["query"])])
        return _json({"result": one})
    if "extend" in given:
        return _json(answering.extend(service, asked.extension(given["extend"])))
    if request.method == "POST":
        nl, en = "geef queries, query of extend", "give queries, query or extend"
        raise asked.wrong("", f"Dit formulier is leeg: {nl}", f"This form is empty: {en}")
    return _json(manifest(service))


def _manifest(service: Service, sent: Sent, request: Request) -> Response:
    return _json(manifest(service))


def _match(service: Service, sent: Sent, request: Request) -> Response:
    found = answering.matched(service, asked.matches(sent.body))
    return _json({"results": [{"candidates": one} for one in found]})


def _extend(service: Service, sent: Sent, request: Request) -> Response:
    return _json(answering.extend(service, asked.extension(sent.body)))


def _suggest(service: Service, sent: Sent, request: Request) -> Response:
    given, what = sent.fields, request.url.path.rpartition("/")[2]
    prefix, skip = given.get("prefix", "")[: asked.LETTERS], _whole(given, "cursor") or 0
    if what == "entity":
        kind = given.get("type") or None
        return _json(answering.suggest_entities(service, prefix, skip, kind))
    if what == "type":
        return _json(answering.suggest_kinds(service, prefix, skip))
    return _json(answering.suggest_properties(service, prefix, skip))


def _propose(service: Service, sent: Sent, request: Request) -> Response:
    kind = sent.fields.get("type", "")
    return _json(answering.propose(service, kind, _whole(sent.fields, "limit")))


def _preview(service: Service, sent: Sent, request: Request) -> Response:
    return previewing.preview(request, service, sent.fields.get("id", ""))


def _view(service: Service, sent: Sent, request: Request) -> Response:
    found = previewing.view(service, sent.fields.get("id", ""))
    if not found:
        raise HTTPException(404)
    return found


def _flyout(service: Service, sent: Sent, request: Request) -> Response:
    what = request.url.path.rpartition("/")[2]
    found = previewing.flyout(service, what, sent.fields.get("id", ""))
    if not found:
        raise RequestError(404, NOTHING)
    return _json(found)


SUGGESTING: dict[str, dict[str, Handler]] = {
    f"/suggest/{what}": {"GET": _suggest} for what in ("entity", "type", "property")
}
PATHS: dict[str, dict[str, Handler]] = {
    "": {"GET": _entrance, "POST": _entrance},
    **SUGGESTING,
    **{f"/flyout/{what}": {"GET": _flyout} for what in ("entity", "type", "property")},
    "/properties": {"GET": _propose},
    "/preview": {"GET": _preview},
    "/view": {"GET": _view},
}
DRAFT_PATHS: dict[str, dict[str, Handler]] = {
    "": {"GET": _manifest},
    "/match": {"POST": _match},
    **SUGGESTING,
    "/extend": {"POST": _extend},
    "/extend/propose": {"GET": _propose},
    "/preview": {"GET": _preview},
}


def _addressed(lang: str | None) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        rest = str(request.path_params["rest"]).rstrip("/")
        if rest and not rest.startswith("/"):
            raise HTTPException(404)  # /reconcilers is not below /reconcile
        draft = rest == DRAFT or rest.startswith(f"{DRAFT}/")
        paths, path = (DRAFT_PATHS, rest.removeprefix(DRAFT)) if draft else (PATHS, rest)
        spoken = lang or i18n.preferred(request.headers.get("accept-language"))
        try:
            response = await _answer(request, paths.get(path), lang, draft=draft)
        except (RequestError, ProblemError) as error:
            response = _problem(request, error, spoken)
        response.headers.update(CORS)
        if not lang:
            response.headers.add_vary_header("Accept-Language")
        return response

    return answer


async def _answer(
    request: Request, handlers: dict[str, Handler] | None, lang: str | None, *, draft: bool
) -> Response:
    if handlers is None:
        raise RequestError(404, NOTHING)
    allowed = {"Allow": ", ".join((*handlers, "OPTIONS"))}
    if request.method == "OPTIONS":
        more = {"Access-Control-Allow-Methods": allowed["Allow"]}
        heads = {"Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type"}
        return Response(status_code=204, headers={**allowed, **more, **heads})
    if request.method not in handlers:
        nl, en = f"Gebruik een van {allowed['Allow']}.", f"Use one of {allowed['Allow']}."
        raise RequestError(405, Text(nl, en), allowed)
    sent = await _sent(request, draft=draft)
    spoken = _language(request, sent, lang)
    service = Service(request.state.release, spoken, replies.site(request), draft)
    handler, limiter = handlers[request.method], _limiter(request)
    return await run_sync(handler, service, sent, request, limiter=limiter)


async def _sent(request: Request, *, draft: bool) -> Sent:
    settings: Settings = request.app.state.settings
    address, most = request.url.query.encode(), settings.request_bytes
    body = b""
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        wanted = formats.JSON if draft else protocol.FORM
        if kind != wanted:
            nl, en = f"Stuur {wanted}, niet {quoted(kind)}.", f"Send {wanted}, not {quoted(kind)}."
            raise RequestError(415, Text(nl, en), {"Accept-Post": wanted})
        body = await protocol.body(request.receive, most)
    found = protocol.parameters(address, b"" if draft else body)
    return Sent({name: asked.clean(values[0]) for name, values in found.items()}, body)


def _language(request: Request, sent: Sent, lang: str | None) -> str:
    named = sent.fields.get("lang")
    if named is not None and named not in i18n.LANGUAGES:
        raise replies.no_language(named)
    return lang or named or i18n.preferred(request.headers.get("accept-language"))


def _limiter(request: Request) -> anyio.CapacityLimiter:
    """Return what lets a few batches through at a time; made once, in the loop of the site."""
    state = request.app.state
    if not hasattr(state, "reconciling"):
        state.reconciling = anyio.CapacityLimiter(AT_ONCE)
    found: anyio.CapacityLimiter = state.reconciling
    return found


def _whole(given: Mapping[str, str], name: str) -> int | None:
    """Return a number of the address; raises RequestError when it is none."""
    text = given.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        nl, en = "geef een heel getal vanaf 0", "give a whole number of 0 or more"
        raise asked.wrong(name, nl, en)
    return int(text) if text else None


def _json(content: object) -> Response:
    # Only ASCII, so that whatever a client calls its queries can be sent back.
    return Response(json.dumps(content, separators=(",", ":")), media_type=formats.JSON)


def _problem(request: Request, error: RequestError | ProblemError, lang: str) -> Response:
    said = replies.details(request.url.path, error.status, error.sentence.of(lang), {})
    headers = {"Content-Language": lang, **getattr(error, "headers", {})}
    return Response(json.dumps(said), error.status, headers, replies.PROBLEM)


for language in (None, *i18n.LANGUAGES):
    start = f"/{language}" if language else ""
    router.add_route(f"{start}{ROOT}{{rest:path}}", _addressed(language), list(METHODS))
