"""Which interventions fit a company that is in the data: the best of each verdict, with why."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.coherence.where import address, place
from catalogue.live import Release
from catalogue.recent import Recent
from catalogue.rows import Shown
from catalogue.views import Showing
from s4s_graph.coherence.blockers import Lack
from s4s_graph.coherence.fit import VERDICTS, Fit, Fits, Maker, Verdict, fits
from s4s_graph.coherence.model import Company
from s4s_graph.coherence.view import View

PEEK = 6  # interventions of one verdict; the page of advice has them all
MAKERS = 3
RECENT = 64  # companies of which it is kept what fits
MOST = 300  # interventions: with more it takes too long for a page, and advice has to be asked


@dataclass(frozen=True)
class First:
    """One thing to see to, after which an intervention fits, and who could see to it."""

    condition: Shown
    present: bool  # it has to be created; else to be taken away
    makers: tuple[Shown, ...]
    route: str | None


@dataclass(frozen=True)
class Fitting:
    """An intervention with a verdict: by which configuration, and what to see to first."""

    intervention: Shown
    ground: str | None
    configuration: Shown | None
    first: tuple[First, ...]


@dataclass(frozen=True)
class Verdicts:
    """The interventions of one verdict: the first of them, and how many there are."""

    id: Verdict
    total: int
    found: tuple[Fitting, ...]


def read(release: Release, view: View, company: Company) -> Fits | None:
    """Return what fits a company; None where there are too many interventions to weigh.

    Weighing is most of the work of a page, so it is kept for the companies asked for last.
    """
    if len(view.things) > MOST:
        return None
    recent = release.computed.keep("fitting", lambda: Recent[Fits](RECENT))
    return recent.keep(company, lambda: fits(view, company))


def iris(found: Fits | None) -> Iterator[str]:
    """Yield everything that needs a name."""
    for fit in (fit for verdict in VERDICTS for fit in _first(found, verdict)):
        yield fit.intervention
        for way in fit.ways[:1]:
            yield from (way.configuration, *(lack.condition for lack in way.first))
            for lack in way.first:
                yield from (maker.intervention for maker in _makers(found, lack))


def shown(showing: Showing, found: Fits | None, lang: str, company: str) -> Iterator[Verdicts]:
    """Yield what fits by verdict, the best first; `company` is the slug of the company."""
    for verdict in VERDICTS if found else ():
        items = tuple(
            _fitting(showing, found, fit, lang, company) for fit in _first(found, verdict)
        )
        yield Verdicts(verdict, len(found.of(verdict)) if found else 0, items)


def _first(found: Fits | None, verdict: Verdict) -> tuple[Fit, ...]:
    return found.of(verdict)[:PEEK] if found else ()


def _makers(found: Fits | None, lack: Lack) -> tuple[Maker, ...]:
    creations = found.creations if found else ()
    return next((item.makers for item in creations if item.lack == lack), ())[:MAKERS]


def _fitting(showing: Showing, found: Fits | None, fit: Fit, lang: str, company: str) -> Fitting:
    way = next(iter(fit.ways), None)

    def first(lack: Lack) -> First:
        more = {"company": company, "goal": place(lack.condition)}
        makers = tuple(showing.thing(maker.intervention) for maker in _makers(found, lack))
        route = address(lang, "routes", "interventions", None, more)
        known = route if lack.present and makers else None
        return First(showing.thing(lack.condition), lack.present, makers, known)

    return Fitting(
        showing.thing(fit.intervention),
        way.ground if way else None,
        showing.thing(way.configuration) if way else None,
        tuple(first(lack) for lack in way.first) if way and way.verdict == "first" else (),
    )
