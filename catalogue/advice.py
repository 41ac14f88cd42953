"""Companies like mine: which interventions fit what a reader says of a company, and why."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import formats, ticking
from catalogue.page import OnPage, Page
from catalogue.ticking import Said
from catalogue.views import Showing
from catalogue.where import place
from s4s_graph.coherence.blockers import Lack
from s4s_graph.coherence.fit import VERDICTS, Fit, Fits, Verdict, Way, fits
from s4s_graph.coherence.model import Company
from s4s_graph.coherence.view import View

FOREMOST = 12  # conditions to tick that stand open: those that most interventions depend on
MOST = 40  # interventions of one verdict on the page; the data have them all
WAYS = 4  # of one intervention, after the best
OPTIONS = 300  # conditions to tick

router = APIRouter(prefix="/{lang}/advice")


@dataclass(frozen=True)
class Asked:
    """What a reader says of a company; `size` is a size class."""

    said: Said
    size: str | None

    @property
    def anything(self) -> bool:
        """Whether the reader said something."""
        return bool(self.said.all or self.size)

    @property
    def company(self) -> Company:
        """The company, as far as it is known."""
        return self.said.of(Company("profile", self.size))


@router.get("")
def form(page: OnPage) -> Response:
    """The form, and what fits once something was said."""
    view, asked = _view(page), _asked(page)
    found = fits(view, asked.company) if asked.anything else None
    weights = page.release.computed.keep("weights", lambda: ticking.weights(view))
    foremost = [name for name, _ in sorted(weights.items(), key=lambda item: (-item[1], item[0]))]
    open_ones = {*foremost[:FOREMOST]} | asked.said.all
    others = set(foremost[:OPTIONS]) - open_ones
    shown = _shown(view, found) if found else {}
    named = {*open_ones, *others, *_named(view, shown, found)}
    showing = Showing(page, named)
    known = view.known_of(Company("profile"))
    return page.html(
        "advice.html",
        asked=asked,
        sizes=page.release.names("size-classes", page.lang),
        foremost=ticking.groups(page, showing, open_ones, asked.said, known),
        others=ticking.groups(page, showing, others, asked.said, known),
        found=found,
        shown=shown,
        most=WAYS,
        creations={item.lack: item.makers for item in found.creations} if found else {},
        configurations=view.world.configurations,
        interventions=view.world.interventions,
        invented="some" if found and not named.isdisjoint(page.release.illustrative) else None,
        seen_invented=_seen_invented(page, asked),
        name=showing.thing,
        route=lambda lack: _route(page, asked, lack),
        query=page.request.url.query,
    )


@router.get(".json")
def data(page: OnPage) -> Response:
    """What fits as data, all of it."""
    view, asked = _view(page), _asked(page)
    found = fits(view, asked.company)
    every = {verdict: list(found.of(verdict)) for verdict in VERDICTS}
    showing = Showing(page, named := {*_named(view, every, found), *found.silent, *asked.said.all})
    content = {
        "holds": sorted(asked.said.holds),
        "lacks": sorted(asked.said.lacks),
        "size": asked.size,
        **asdict(found),
        "illustrative": sorted(named & page.release.illustrative),
        "labels": {iri: showing.thing(iri).text for iri in sorted(named)},
    }
    kind = formats.content_type(formats.SUFFIXES["json"])
    return Response(formats.write_json(content), media_type=kind)


def _view(page: Page) -> View:
    return page.release.computed.view(None, "interventions")


def _asked(page: Page) -> Asked:
    """Read the form. Raises a 404 for what is not in this release."""
    world = page.release.computed.world
    given = page.request.query_params.get("size", "")
    size = page.release.iri("size-class", given) if given else None
    if size and size not in world.sizes:
        raise HTTPException(404)
    return Asked(ticking.said(page, world), size)


def _shown(view: View, found: Fits) -> dict[Verdict, list[Fit]]:
    """Return the first of each verdict: those that have come to an end stand last."""
    last = {name: item.last is not None for name, item in view.world.interventions.items()}
    return {
        verdict: sorted(found.of(verdict), key=lambda fit: last[fit.intervention])[:MOST]
        for verdict in VERDICTS
    }


def _named(view: View, shown: dict[Verdict, list[Fit]], found: Fits | None) -> Iterator[str]:
    """Yield every thing that an answer mentions."""
    for fit in (fit for items in shown.values() for fit in items):
        yield fit.intervention
        for way in (*fit.ways, *fit.against):
            yield from _of_way(view, way)
    for creation in found.creations if found else ():
        for maker in creation.makers:
            yield from (maker.intervention, maker.configuration)


def _seen_invented(page: Page, asked: Asked) -> bool:
    """Say whether any of the companies of this size is invented, so that counts of them are."""
    companies = page.release.computed.world.companies.values()
    alike = {company.id for company in companies if company.size == asked.size}
    return not alike.isdisjoint(page.release.illustrative)


def _of_way(view: View, way: Way) -> Iterator[str]:
    yield way.configuration
    yield from view.world.configurations[way.configuration].outcomes
    yield from (*way.met, *way.missing, *way.unknown, *way.hindering, *way.doubtful)


def _route(page: Page, asked: Asked, lack: Lack) -> str:
    """Return the address of the routes of this company to a condition."""
    given = [("level", "interventions"), ("goal", place(lack.condition))]
    for name, iris in (("holds", asked.said.holds), ("lacks", asked.said.lacks)):
        given += [(name, iri.rpartition("/")[2]) for iri in sorted(iris)]
    return f"/{page.lang}/coherence/routes?{urlencode(given, quote_via=quote, safe='/')}"
