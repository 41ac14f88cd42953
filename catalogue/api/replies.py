"""What every answer of the API carries, and how it says what is wrong (RFC 9457)."""

import gzip
import hashlib
import json
import logging
from collections.abc import Mapping
from http import HTTPStatus

import brotli
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from catalogue import downloading, formats, i18n
from catalogue.sparql import protocol
from s4s_graph.endpoint import EndpointError
from s4s_graph.engines.breaker import AWAY, AwayError
from s4s_graph.forms import Text
from s4s_graph.questions import ValueRefusedError, quoted

VERSION = "1.0.0"
ROOT = "/api/v1"
PROBLEM = "application/problem+json"
ALLOW = "GET, HEAD, OPTIONS"
LARGE_BYTES = 1024  # from where on an answer is worth encoding
GZIP_LEVEL, BROTLI_QUALITY = 6, 4  # quick ones
COMMON = {
    "API-Version": VERSION,
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "API-Version, ETag, Link, Retry-After",
}
ALLOWED = {
    "Allow": ALLOW,
    "Access-Control-Allow-Methods": ALLOW,
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
NO_HOST = Text(
    "De header Host is niet de naam van een host, zoals example.org.",
    "The header Host is not the name of a host, such as example.org.",
)
SENTENCES = {
    404: Text(
        "Op dit adres staat niets. {root}/questions noemt alle vragen; een adres eindigt niet op "
        "een schuine streep.",
        "There is nothing at this address. {root}/questions lists all questions; addresses do not "
        "end with a slash.",
    ),
    405: Text("Hier kan alleen worden gelezen: {allow}.", "This is for reading only: {allow}."),
    500: Text(
        "Er ging hier iets mis. Het staat in het logboek van de beheerder.",
        "Something went wrong here. It is in the log of who runs the site.",
    ),
    503: Text(
        "Er is nog geen uitgave van de gegevens. Probeer het straks nog eens.",
        "There is no release of the data yet. Try again later.",
    ),
}
REFUSED = Text(
    "De uitgave van de gegevens is beschadigd. De beheerder van deze site maakt haar opnieuw met "
    "s4s build.",
    "The release of the data is damaged. Whoever runs this site can make it again with s4s build.",
)

log = logging.getLogger(__name__)


class ProblemError(Exception):
    """A request without an answer: the status, a sentence, and which parameter is to blame."""

    def __init__(
        self, status: int, sentence: Text, parameter: str | None = None, nearest: str | None = None
    ) -> None:
        super().__init__(sentence.en)
        self.status = status
        self.sentence = sentence
        self.parameter = parameter
        self.nearest = nearest


def no_language(name: str) -> ProblemError:
    """Return the error for a language that there is not."""
    shown = quoted(name)
    sentence = Text(f"lang is {shown}; geef nl of en", f"lang is {shown}; give nl or en")
    return ProblemError(400, sentence, "lang")


def language(request: Request) -> str:
    """Return the language for a sentence: the one that is asked for, or else a program's."""
    named = request.query_params.get("lang", "")
    accepted = request.headers.get("accept-language")
    if named in i18n.LANGUAGES:
        return named
    return i18n.preferred(accepted) if accepted else "en"


def site(request: Request) -> str:
    """Return the address of the site, with a slash at the end. Raises ProblemError."""
    address = str(request.base_url)
    if not downloading.SITE.fullmatch(address):
        raise ProblemError(400, NO_HOST)
    return address


def known(request: Request, media_type: str) -> Response | None:
    """Return a 304 for a client that has this very answer already (If-None-Match)."""
    given = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    etag = _etag(request, media_type)
    return Response(status_code=304, headers=_kept(etag)) if etag in tags else None


def reply(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an answer that may be kept while the release stays, encoded as its reader wants."""
    sent = {**_kept(_etag(request, media_type)), **(headers or {})}
    encoding = _encoding(request)
    if encoding and len(body) >= LARGE_BYTES:
        sent["Content-Encoding"] = encoding
        if encoding == "br":
            body = brotli.compress(body, quality=BROTLI_QUALITY)
        else:
            body = gzip.compress(body, GZIP_LEVEL, mtime=0)
    return Response(body, headers={**sent, "Content-Type": formats.content_type(media_type)})


def problem(request: Request, error: Exception) -> Response:
    """Return what is wrong as problem+json; a handler of the exceptions of the API."""
    lang = language(request)
    more: dict[str, str] = {}
    headers: Mapping[str, str] = {}
    match error:
        case ProblemError():
            status, sentence = error.status, error.sentence
            more = {"parameter": error.parameter or "", "nearest": error.nearest or ""}
        case ValueRefusedError():
            status, sentence = 400, error.sentence
            more = {"parameter": error.param, "nearest": error.nearest or ""}
        case EndpointError():
            status = protocol.status(error.problem)
            sentence = error.sentence
            headers = {"Retry-After": "5"} if status == 503 else {}
        case AwayError():
            log.error("%s", error)
            status, sentence = 503, error.sentence
            headers = {"Retry-After": str(error.retry_seconds)}
        case HTTPException():
            status, headers = error.status_code, error.headers or {}
            sentence = _filled(status)
        case _:
            status, sentence = 500, _filled(500)
    return written(request.url.path, status, sentence.of(lang), lang, more, headers)


def written(
    path: str,
    status: int,
    detail: str,
    lang: str,
    more: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem; `more` is that of `details`."""
    content = details(path, status, detail, more or {})
    sent = {
        **COMMON,
        **(headers or {}),
        "Content-Language": lang,
        "Cache-Control": "no-store",
        "Vary": "Accept-Language",
        "Content-Type": PROBLEM,
    }
    return Response(json.dumps(content, ensure_ascii=False).encode(), status, sent)


def details(path: str, status: int, detail: str, more: Mapping[str, str]) -> dict[str, object]:
    """Return the members of a problem; `more` are those beside the usual ones, if not empty."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": path,
        **{name: value for name, value in more.items() if value},
    }


def unavailable(request: Request, *, waiting: bool, refused: bool) -> Response:
    """Return what is said while there is no release, or one that cannot be served."""
    lang = language(request)
    again = {"Retry-After": "10"}
    said = AWAY if waiting else REFUSED if refused else _filled(503)
    return written(request.url.path, 503, said.of(lang), lang, headers=again)


def _filled(status: int) -> Text:
    sentence = SENTENCES.get(status, SENTENCES[500])
    return Text(*(sentence.of(lang).format(root=ROOT, allow=ALLOW) for lang in ("nl", "en")))


def _kept(etag: str) -> dict[str, str]:
    return {**COMMON, "ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Encoding"}


def _encoding(request: Request) -> str | None:
    return formats.encoding(request.headers.get("accept-encoding", ""))


def _etag(request: Request, media_type: str) -> str:
    # The host is in the answers that hold addresses.
    made_of = (
        request.state.release.id,
        request.state.fingerprint,
        str(request.url),
        media_type,
        _encoding(request),
    )
    return f'"{hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]}"'
