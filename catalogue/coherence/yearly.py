"""The coherence report of one year, to print: where it stood, and what changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue.coherence import improving
from catalogue.coherence.where import OnWhere, Where
from catalogue.page import OnPage
from catalogue.rows import Shown
from catalogue.views import Showing
from s4s_graph.coherence.conflicts import Conflicts, conflicts
from s4s_graph.coherence.gaps import Gap, gaps
from s4s_graph.coherence.indicators import INDICATORS
from s4s_graph.coherence.links import Links, Standing
from s4s_graph.coherence.pairs import Pairs

MOST = 10  # rows of each table: it has to be read on paper
PROPOSALS = 5

router = APIRouter(prefix="/{lang}/coherence/report")


@dataclass(frozen=True)
class Pair:
    """Two interventions, or kinds, and how the one bears on the other."""

    origin: Shown
    target: Shown
    how: str
    address: str


@dataclass(frozen=True)
class Pairing:
    """So many pairs, and the first of them."""

    number: int
    pairs: tuple[Pair, ...]


@router.get("/{year}")
def report(page: OnPage, where: OnWhere, year: str) -> Response:
    """The indicators, gaps, conflicts and improvements of a year, beside those of the year before.

    Raises a 404 for a year that nothing is known of.
    """
    computed = page.release.computed
    number = next((known for known in where.years if str(known) == year), None)
    found = computed.summary.report(number, where.level) if number else None
    if number is None or found is None:
        raise HTTPException(404)
    now = Where(page.lang, found, where.years)
    before = computed.summary.report(number - 1, where.level)
    view, level = computed.view(number, where.level), where.level
    lacking = computed.keep(("gaps", number, level), lambda: gaps(view))
    clashing = computed.keep(("conflicts", number, level), lambda: conflicts(view))
    linked = computed.links(number, level)
    earlier = computed.links(number - 1, level) if before else linked
    gained, lost = linked.pairs - earlier.pairs, earlier.pairs - linked.pairs
    showing = Showing(page, _iris(lacking[:MOST], (clashing.pairs, gained, lost)))
    return page.html(
        "coherence_report.html",
        where=now,
        before=before,
        indicators=INDICATORS,
        gaps=[(showing.thing(gap.condition), gap) for gap in lacking[:MOST]],
        conflicts=_clashes(showing, now, clashing),
        gained=_links(showing, now, gained, linked),
        lost=_links(showing, now, lost, earlier),
        proposals=improving.proposals(page, now)[:PROPOSALS],
    )


def _iris(lacking: Iterable[Gap], listed: Iterable[Pairs]) -> set[str]:
    named = {gap.condition for gap in lacking}
    return named | {iri for pairs in listed for pair in islice(pairs, MOST) for iri in pair}


def _links(showing: Showing, where: Where, pairs: Pairs, links: Links) -> Pairing:
    found = ((pair, _word(links.standing(*pair))) for pair in islice(pairs, MOST))
    return _pairing(showing, where, len(pairs), found)


def _clashes(showing: Showing, where: Where, found: Conflicts) -> Pairing:
    def how(pair: tuple[str, str]) -> str:
        return next((name for name, pairs in found.by_how.items() if pair in pairs), "")

    pairs = ((pair, how(pair)) for pair in islice(found.pairs, MOST))
    return _pairing(showing, where, len(found.pairs), pairs)


def _pairing(
    showing: Showing, where: Where, number: int, found: Iterable[tuple[tuple[str, str], str]]
) -> Pairing:
    pairs = (
        Pair(showing.thing(a), showing.thing(b), how, where.pair(a, b)) for (a, b), how in found
    )
    return Pairing(number, tuple(pairs))


def _word(standing: Standing | None) -> str:
    return standing or ""
