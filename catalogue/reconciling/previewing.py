"""A thing in a few lines: as a page that others may frame, as a flyout, and the way to its page."""

from html import escape

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.requests import Request

from catalogue import policy
from catalogue.page import Templates
from catalogue.reconciling import entities
from catalogue.reconciling.properties import DEVELOPERS, NARROWER, Property, values
from catalogue.reconciling.service import Json, Service
from s4s_graph.forms import Text
from s4s_graph.store import Iri
from s4s_graph.vocabularies.concepts import Concept

BROADER = Text("ruimer", "broader")
MOST = 5  # of narrower things, or of interventions
FRAMED = policy.POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


def preview(request: Request, service: Service, iri: str) -> Response:
    """Return the page about a thing that a client shows in a frame of its own."""
    templates: Templates = request.app.state.templates
    concept = service.directory.concepts.get(iri)
    found = _told(service, concept) if concept else None
    text = templates.render("reconcile_preview.html", service.lang, found=found)
    return HTMLResponse(text, 200 if concept else 404, {policy.NAME: FRAMED})


def _told(service: Service, concept: Concept) -> Json:
    links = (
        (service.say(BROADER), concept.broader),
        (service.say(NARROWER.name), _things(service, concept, NARROWER)),
        (service.say(DEVELOPERS.name), _things(service, concept, DEVELOPERS)),
    )
    return {
        "label": entities.label(concept, service.lang),
        "kinds": service.kinds(concept),
        "description": service.described(concept),
        "links": [(name, named) for name, iris in links if (named := _names(service, iris))],
        "iri": concept.iri,
        "href": service.release.page(concept.iri, service.lang) or concept.iri,
    }


def view(service: Service, iri: str) -> Response | None:
    """Send a reader to the page about a thing, here or at its publisher; None for no such thing."""
    if iri not in service.directory.concepts:
        return None
    return RedirectResponse(service.release.page(iri, service.lang) or iri, 303)


def flyout(service: Service, what: str, id_: str) -> Json | None:
    """Return what a client shows beside a suggestion; None for what there is not."""
    if what == "entity":
        concept = service.directory.concepts.get(id_)
        said = (service.name(concept)["name"], service.described(concept)) if concept else None
    else:
        known = service.directory.kinds if what == "type" else service.properties
        one = known.get(id_)
        said = (service.say(one.name), service.say(one.help) if one.help else "") if one else None
    if not said:
        return None
    name, description = map(escape, said)
    return {"id": id_, "html": f"<p><strong>{name}</strong></p><p>{description}</p>"}


def _things(service: Service, concept: Concept, asked: Property) -> list[str]:
    found = values(service.release, concept.iri, asked)
    return [one.value for one in found if isinstance(one, Iri)]


def _names(service: Service, iris: list[str]) -> list[str]:
    concepts = (service.directory.concepts.get(iri) for iri in iris)
    found = [entities.label(one, service.lang).text for one in concepts if one]
    return [*found[:MOST], "…"] if len(found) > MOST else found
