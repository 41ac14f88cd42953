"""A review in a browser: the pages of one person, on the computer that holds the data folder."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from catalogue import choosing, i18n
from catalogue.mapping import pairs
from catalogue.mapping.guarding import Guard
from catalogue.mapping.pairs import Shelf
from catalogue.page import Templates
from catalogue.sparql import protocol
from catalogue.sparql.protocol import RequestError
from s4s_graph.mappings import wording
from s4s_graph.mappings.decisions import BrokenSetError
from s4s_graph.mappings.known import Known
from s4s_graph.mappings.reviewing import NOTHING_DONE, TAKEN, UNDONE, Review, told
from s4s_graph.mappings.sets import Mapping
from s4s_graph.settings import Settings
from s4s_graph.store import Label

FORM_BYTES = 20_000
STATIC = Path(__file__).parents[1] / "static"
VERDICTS = {"accept": True, "reject": False}

router = APIRouter(prefix="/{token}/{lang}")
Fields = dict[str, str]


@dataclass
class Desk:
    """The one review of this site; whoever reads or changes it holds the lock.

    said: what came of the last decision, to be told on the next page.
    """

    review: Review
    known: Known
    lock: Lock = field(default_factory=Lock)
    said: str = ""


@dataclass(frozen=True)
class Looked:
    """One open candidate as the page shows it."""

    key: str
    candidate: Mapping
    subject: Shelf
    object: Shelf
    names: tuple[Label, Label]
    before: str | None
    after: str | None


def create(review: Review, known: Known, token: str, settings: Settings) -> FastAPI:
    """Return the site of a review that whoever knows the token may decide on."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.templates = Templates(settings)
    app.state.desk = Desk(review, known)
    app.mount("/static", StaticFiles(directory=STATIC), "static")
    app.get("/theme.css")(choosing.stylesheet)
    app.include_router(router)
    app.add_middleware(Guard, token=token)
    return app


async def _lang(lang: str) -> str:
    if lang not in i18n.LANGUAGES:
        raise HTTPException(404)
    return lang


async def _fields(request: Request) -> Fields:
    """Return the fields of a form. Raises HTTPException where it is none, or too long."""
    try:
        content = await protocol.body(request.receive, FORM_BYTES)
        found = protocol.parameters(content)
    except RequestError as error:
        raise HTTPException(error.status, error.sentence.of(request.path_params["lang"])) from error
    return {name: values[0] for name, values in found.items()}


Lang = Annotated[str, Depends(_lang)]
Posted = Annotated[Fields, Depends(_fields)]


@router.get("/")
def look(request: Request, token: str, lang: Lang, pair: str = "") -> Response:
    """The candidate of a key, or the one that is looked at."""
    desk: Desk = request.app.state.desk
    with desk.lock:
        missing = bool(pair) and not _turn_to(desk.review, pair)
        looked = _looked(desk, lang)
        said, desk.said = desk.said, ""
        counts = len(desk.review.open), len(desk.review.made), desk.review.place
    templates: Templates = request.app.state.templates
    text = templates.render(
        "review.html",
        lang,
        at=f"/{token}/{lang}/",
        to=f"/{token}/{i18n.other(lang)}/",
        other=i18n.other(lang),
        looked=looked,
        missing=missing,
        said=said,
        counts=counts,
        predicates={iri: wording.predicate(iri).of(lang) for iri in wording.PREDICATES},
        found=wording.justification(looked.candidate.justification).of(lang) if looked else "",
    )
    return HTMLResponse(text, headers={"Content-Language": lang})


@router.post("/decide")
def decide(request: Request, token: str, lang: Lang, fields: Posted) -> Response:
    """Write a decision, and go on to the next candidate."""
    desk: Desk = request.app.state.desk
    accepted, predicate = VERDICTS.get(fields.get("decision", "")), fields.get("predicate", "")
    if accepted is None or predicate not in wording.PREDICATES:
        raise HTTPException(400, "decision is accept or reject, and predicate one of SKOS.")
    with desk.lock:
        if _turn_to(desk.review, fields.get("pair", "")):
            desk.said = _decided(desk, lang, accepted, predicate, fields.get("reason", ""))
        else:
            desk.said = TAKEN.of(lang)
    return RedirectResponse(f"/{token}/{lang}/", 303)


@router.post("/undo")
def undo(request: Request, token: str, lang: Lang) -> Response:
    """Take the last decision back."""
    desk: Desk = request.app.state.desk
    with desk.lock:
        try:
            desk.said = (UNDONE if desk.review.undo() else NOTHING_DONE).of(lang)
        except (BrokenSetError, OSError) as error:
            desk.said = _wrong(error, lang)
    return RedirectResponse(f"/{token}/{lang}/", 303)


def _decided(desk: Desk, lang: str, accepted: bool, predicate: str, reason: str) -> str:
    """Decide on what is looked at; return what came of it as a sentence."""
    names = [desk.known.name(iri, lang).text for iri in desk.review.open[desk.review.place].pair]
    try:
        decision = desk.review.decide(accepted=accepted, predicate=predicate, reason=reason)
    except (BrokenSetError, OSError) as error:
        return _wrong(error, lang)
    return told(decision, names[0], names[1], lang) if decision else TAKEN.of(lang)


def _wrong(error: BrokenSetError | OSError, lang: str) -> str:
    if isinstance(error, BrokenSetError):
        return " ".join(problem.text(lang) for problem in error.problems)
    return str(error)


def _turn_to(review: Review, key: str) -> bool:
    """Look at the candidate of a key, and say whether it is open."""
    pair = next((one.pair for one in review.open if _key(one) == key), None)
    return pair is not None and review.find(*pair)


def _looked(desk: Desk, lang: str) -> Looked | None:
    review, known = desk.review, desk.known
    if review.current is None:
        return None
    open_, place = review.open, review.place
    sides = [known.side(iri, lang) for iri in review.current.pair]
    shelves = [
        pairs.shelf(side, known.vocabulary(side.iri, lang), lang, _href(known.base))
        for side in sides
    ]
    return Looked(
        key=_key(review.current),
        candidate=review.current,
        subject=shelves[0],
        object=shelves[1],
        names=(known.name(sides[0].iri, lang), known.name(sides[1].iri, lang)),
        before=_key(open_[place - 1]) if place else None,
        after=_key(open_[place + 1]) if place + 1 < len(open_) else None,
    )


def _href(base: str) -> pairs.Href:
    # Our own addresses lead nowhere from here.
    return lambda iri: (None, False) if iri.startswith(base) else pairs.outside(iri)


def _key(candidate: Mapping) -> str:
    return sha256("|".join(candidate.pair).encode()).hexdigest()[:16]
