"""Pages about coherence: where interventions connect, where not, and what would improve it most."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import formats, ontology
from catalogue.coherence import drawing, improving, matrix
from catalogue.coherence.where import OnWhere, Where
from catalogue.page import OnPage, Page
from catalogue.rows import Shown
from catalogue.views import Showing
from s4s_graph.coherence import reach
from s4s_graph.coherence.indicators import INDICATORS, Indicator, Share
from s4s_graph.coherence.links import STANDINGS
from s4s_graph.coherence.method import NOTIONS, Notion, notion
from s4s_graph.coherence.reach import GoalReach
from s4s_graph.coherence.success_method import METHOD

BEST = 3  # improvements on the overview
# The page with the rows behind each indicator.
ROWS = {
    "connected": "links",
    "needs-met": "gaps",
    "fragile": "fragile",
    "supported-links": "links",
    "said-and-computed": "said-computed",
    "reach": "reach",
}
# The page of each notion, and what counts its rows in a report.
PAGES = {
    "links": ("link", "links"),
    "breaks": ("break", "breaks"),
    "gaps": ("gap", "gaps"),
    "fragile": ("fragile", "fragile"),
    "dead-ends": ("dead-end", "dead-ends"),
    "conflicts": ("conflict", "conflicts"),
    "overlaps": ("overlap", "overlaps"),
    "order": ("order", "out-of-order"),
    "loops": ("loop", ""),
    "coverage": ("coverage", ""),
    "said-computed": ("said-computed", ""),
    "agreements": ("agreement", "agreements"),
    "reach": ("reach", ""),
    "success": ("success-factor", ""),
}
# What only interventions have: kinds have no holders, actor groups or steps.
ONLY_INTERVENTIONS = {"overlaps", "coverage", "said-computed", "agreements"}
WIDTH, HEIGHT, MARGIN = 96, 24, 3  # of a course, in pixels

router = APIRouter(prefix="/{lang}/coherence")


@dataclass(frozen=True)
class Line:
    """One indicator: now, over the years, and where its rows are."""

    indicator: Indicator
    share: Share | None
    course: tuple[tuple[int, Share | None], ...]
    points: str  # of the course as a polyline
    rows: str
    invented: bool


@dataclass(frozen=True)
class Tile:
    """The way to the page of one notion, with the number of its rows where that is known."""

    notion: Notion
    path: str
    count: int | None
    reasons: int = 0  # those of the count that are reasons to act


@router.get("")
def overview(page: OnPage, where: OnWhere) -> Response:
    """What a policy maker reads in two minutes."""
    drawn = ("overview", where.year, where.level, page.lang)
    squares = matrix.overview(page, where)
    return page.html(
        "coherence.html",
        where=where,
        lines=_lines(page, where),
        best=improving.proposals(page, where)[:BEST],
        tiles=_tiles(where),
        squares=squares,
        showing=Showing(page, squares.subjects if squares else ()),
        symbols=matrix.SYMBOLS,
        picture=page.release.computed.keep(drawn, lambda: drawing.overview(page, where)),
    )


@router.get("/improvements")
def improvements(page: OnPage, where: OnWhere) -> Response:
    """Every proposal, ranked; it can be read without the rest."""
    found = improving.proposals(page, where)
    return page.html("coherence_improvements.html", where=where, proposals=found)


@router.get("/improvements.{suffix}")
def improvements_data(page: OnPage, where: OnWhere, suffix: str) -> Response:
    """The proposals as CSV or JSON."""
    found = improving.proposals(page, where)
    if suffix == "csv":
        content = formats.write_csv(improving.HEADER, improving.as_rows(found))
    elif suffix == "json":
        # Of thousands of companies it is megabytes, and always the same while a release lasts.
        content = page.release.computed.keep(
            ("improvements.json", where.level, page.lang),
            lambda: formats.write_json(
                {"level": where.level, "improvements": improving.as_json(page, found)}
            ),
        )
    else:
        raise HTTPException(404)
    return Response(content, media_type=formats.content_type(formats.SUFFIXES[suffix]))


@router.get("/reach")
def within_reach(page: OnPage, where: OnWhere) -> Response:
    """How many companies have, can get, or perhaps can get what policy asks for."""
    computed = page.release.computed
    view = computed.view(where.year, where.level)
    found = computed.keep(("reach", where.year, where.level), lambda: reach.goals(view))
    asking = view.world.goal_conditions
    silent = [goal for goal in view.world.goals if not asking[goal]]
    named = {iri for row in found for iri in (row.goal, row.condition)}
    showing = Showing(page, named.union(silent))
    return page.html(
        "coherence_reach.html",
        where=where,
        goals=_by_goal(showing, found),
        silent=[showing.thing(goal) for goal in silent],
        total=len(view.world.companies),
    )


@router.get("/method")
def method(page: OnPage) -> Response:
    """Every notion, indicator and measure: what it means, how it is computed, whose idea it is."""
    steps = {_slug(step): step for step in ontology.tree(page, page.form("standings"))}
    return page.html(
        "coherence_method.html",
        notions=NOTIONS,
        indicators=INDICATORS,
        measures=METHOD,
        ladder=[(name, steps[name]) for name in STANDINGS if name in steps],
    )


def _lines(page: Page, where: Where) -> list[Line]:
    summary = page.release.computed.summary
    reports = [summary.report(year, where.level) for year in where.years]
    found = []
    for indicator in INDICATORS:
        shares = [report.indicators.get(indicator.id) if report else None for report in reports]
        line = Line(
            indicator=indicator,
            share=where.report.indicators.get(indicator.id),
            course=tuple(zip(where.years, shares, strict=True)),
            points=_points([share.value if share else None for share in shares]),
            rows=ROWS[indicator.id],
            invented=indicator.id in where.report.invented,
        )
        found.append(line)
    return found


def _points(values: Sequence[float | None]) -> str:
    """Return the course of a share as the points of a line; years without one are passed over."""
    step = (WIDTH - 2 * MARGIN) / max(1, len(values) - 1)
    height = HEIGHT - 2 * MARGIN
    return " ".join(
        f"{MARGIN + place * step:.1f},{MARGIN + (1 - value) * height:.1f}"
        for place, value in enumerate(values)
        if value is not None
    )


def _tiles(where: Where) -> list[Tile]:
    return [
        Tile(
            notion(name),
            path,
            where.report.counts.get(counted),
            where.report.counts.get("reasons-to-act", 0) if counted == "gaps" else 0,
        )
        for path, (name, counted) in PAGES.items()
        if where.level == "interventions" or path not in ONLY_INTERVENTIONS
    ]


def _by_goal(
    showing: Showing, found: Iterable[GoalReach]
) -> list[tuple[Shown, list[tuple[Shown, GoalReach]]]]:
    grouped = groupby(found, key=lambda row: row.goal)
    return [
        (showing.thing(goal), [(showing.thing(row.condition), row) for row in rows])
        for goal, rows in grouped
    ]


def _slug(concept: ontology.Concept) -> str:
    return (concept.name.href or "").rpartition("/")[2]
