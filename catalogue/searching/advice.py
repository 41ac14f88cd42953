"""Companies like mine: which interventions fit what a reader says of a company, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import chain, filterfalse, islice

from fastapi import APIRouter
from fastapi.responses import Response

from catalogue import formats
from catalogue.coherence import ticking
from catalogue.coherence.reaching import Tried
from catalogue.page import OnPage, Page
from catalogue.searching import advising, alike
from catalogue.searching.advising import FEATURES, Asked
from catalogue.searching.alike import Scope, Seen, Studied
from catalogue.things.understanding import FEW
from catalogue.views import Showing
from s4s_graph.coherence.blockers import Lack
from s4s_graph.coherence.fit import VERDICTS, Fit, Fits, Maker, Unsaid, Verdict, Way, fits
from s4s_graph.coherence.model import Company
from s4s_graph.coherence.view import View

PEEK, MOST = 12, 200  # interventions of one verdict on the page, and when asked for more
WAYS = 4  # of one intervention, after the best
MAKERS = 4  # of what one thing waits for
STUDIES = 3  # of one configuration

router = APIRouter(prefix="/{lang}/advice")


@dataclass(frozen=True)
class Answer:
    """What the page tells of what fits; mappings are by intervention."""

    found: Fits
    shown: Mapping[Verdict, tuple[Fit, ...]]
    makers: Mapping[Lack, tuple[Maker, ...]]
    scopes: Mapping[str, Scope]
    seen: Mapping[str, list[Seen]]
    studies: Mapping[str, tuple[Studied, ...]]

    def named(self, view: View) -> Iterator[str]:
        """Yield every thing that the page mentions."""
        yield from _of_fits(view, chain(*self.shown.values()))
        for makers in self.makers.values():
            yield from (maker.intervention for maker in makers[:MAKERS])
        for told in self.studies.values():
            yield from (item.study for item in told)


@router.get("")
def form(page: OnPage) -> Response:
    """The form, and what fits once something was said."""
    view, asked = _view(page), advising.asked(page)
    offered = advising.offered(page, view, asked)
    answer = _answer(page, view, asked) if asked.anything else None
    named = {*answer.named(view)} if answer else set()
    showing = Showing(page, {*offered.foremost, *offered.others, *named})
    known = view.known_of(Company("profile"))
    return page.html(
        "advice.html",
        asked=asked,
        choices={
            name: page.release.names(table, page.lang) for name, (table, _) in FEATURES.items()
        },
        foremost=ticking.groups(page, showing, offered.foremost, asked.said, known),
        others=ticking.groups(page, showing, offered.others, asked.said, known),
        more_conditions=offered.more,
        answer=answer,
        limits={"ways": WAYS, "makers": MAKERS},
        world=view.world,
        invented=None if named.isdisjoint(page.release.illustrative) else "some",
        name=showing.thing,
    )


@router.get(".json")
def data(page: OnPage) -> Response:
    """What fits as data, all of it."""
    view, asked = _view(page), advising.asked(page)
    found = fits(view, asked.company, _unsaid(page))
    makers = (maker for creation in found.creations for maker in creation.makers)
    named = {*_of_fits(view, found.fits), *found.silent, *asked.said.all}
    named |= {iri for maker in makers for iri in (maker.intervention, maker.configuration)}
    labels = page.release.store.labels(named, page.lang)
    content = {
        "holds": sorted(asked.said.holds),
        "lacks": sorted(asked.said.lacks),
        **{name: asked.features.get(name) for name in FEATURES},
        "fits": _told(page, view, asked, found),
        "creations": [asdict(creation) for creation in found.creations],
        "silent": found.silent,
        "illustrative": sorted(named & page.release.illustrative),
        "labels": {iri: labels[iri].text for iri in sorted(named & labels.keys())},
    }
    kind = formats.content_type(formats.SUFFIXES["json"])
    return Response(formats.write_json(content), media_type=kind)


def _view(page: Page) -> View:
    return page.release.computed.view(None, "interventions")


def _unsaid(page: Page) -> Unsaid:
    return page.release.computed.keep("unsaid", lambda: Unsaid(_view(page)))


def _answer(page: Page, view: View, asked: Asked) -> Answer:
    found = fits(view, asked.company, _unsaid(page))
    shown = {
        verdict: _first(view, found, verdict, MOST if verdict == asked.more else PEEK)
        for verdict in VERDICTS
    }
    every = tuple(chain(*shown.values()))
    lacks = {lack for fit in every for way in fit.ways[: WAYS + 1] for lack in way.first}
    likenesses = alike.alike(page, asked.features)
    return Answer(
        found,
        shown,
        makers={lack: found.makers(lack) for lack in lacks},
        scopes=alike.scopes(page, asked.choice("region")),
        seen={fit.intervention: alike.seen(view, fit, likenesses) for fit in every},
        studies={
            fit.intervention: alike.studies(page, way.configuration)[:STUDIES]
            for fit in every
            for way in fit.ways[:1]
        },
    )


def _first(view: View, found: Fits, verdict: Verdict, most: int) -> tuple[Fit, ...]:
    """Return the first of a verdict: those that have come to an end stand last."""

    def ended(fit: Fit) -> bool:
        return view.world.interventions[fit.intervention].last is not None

    running = filterfalse(ended, found.best(verdict))
    return tuple(islice(chain(running, filter(ended, found.best(verdict))), most))


def _of_fits(view: View, found: Iterable[Fit]) -> Iterator[str]:
    for fit in found:
        yield fit.intervention
        for way in (*fit.ways, *fit.against):
            yield from _of_way(view, way)


def _of_way(view: View, way: Way) -> Iterator[str]:
    yield way.configuration
    yield from view.world.configurations[way.configuration].outcomes
    yield from (*way.met, *way.missing, *way.unknown, *way.hindering, *way.doubtful)


def _told(page: Page, view: View, asked: Asked, found: Fits) -> list[dict[str, object]]:
    likenesses = alike.alike(page, asked.features)
    scopes = alike.scopes(page, asked.choice("region"))
    return [
        {
            **asdict(fit),
            "meantFor": scopes[fit.intervention].note if fit.intervention in scopes else None,
            "seen": {
                item.feature: {"worked": _number(item.worked), "failed": _number(item.failed)}
                for item in alike.seen(view, fit, likenesses)
            },
        }
        for fit in found.fits
    ]


def _number(tried: Tried) -> int | str:
    return f"<{FEW}" if tried.few else tried.count
