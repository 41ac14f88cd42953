"""A page for each notion of coherence: what it means, its rows, and the same as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue.coherence import pair_rows, seen, thing_rows
from catalogue.coherence.seen import Seen
from catalogue.coherence.sheets import MOST, Sheet
from catalogue.coherence.where import OnWhere, Where
from catalogue.page import OnPage, Page
from catalogue.pages import PER_PAGE, paged
from catalogue.views import Showing
from s4s_graph.coherence.coverage import Cell
from s4s_graph.coherence.method import notion

PEEK = 25  # things of a group, or in a cell of coverage, on a page

router = APIRouter(prefix="/{lang}/coherence")


@dataclass(frozen=True)
class Spec:
    """How one notion is shown: its id in the method, its rows, the question that asks the same.

    `of_pairs`: its rows can be limited to those of one intervention. `practical`: it says nothing
    of kinds, which have no holders, actor groups or steps, and no relations.
    """

    notion: str
    rows: Callable[[Seen], Sheet]
    questions: tuple[str, ...] = ()
    of_pairs: bool = False
    practical: bool = False


SPECS: Mapping[str, Spec] = {
    "links": Spec("link", pair_rows.links, ("hand-offs",), of_pairs=True),
    "breaks": Spec("break", pair_rows.breaks, of_pairs=True),
    "gaps": Spec("gap", thing_rows.missing, ("gaps",)),
    "fragile": Spec("fragile", thing_rows.single, ("single-makers",)),
    "dead-ends": Spec("dead-end", thing_rows.unused),
    "conflicts": Spec("conflict", pair_rows.conflicts, ("conflicts",), of_pairs=True),
    "overlaps": Spec("overlap", pair_rows.overlaps, ("overlaps",), of_pairs=True, practical=True),
    "order": Spec("order", thing_rows.order, ("order-in-practice",)),
    "loops": Spec("loop", thing_rows.circles, ("feedback-loops",)),
    "coverage": Spec(
        "coverage",
        thing_rows.covered,
        ("coverage-actor-step", "coverage-size-class"),
        practical=True,
    ),
    "said-computed": Spec(
        "said-computed",
        pair_rows.said_computed,
        ("relations-said-and-computed",),
        of_pairs=True,
        practical=True,
    ),
    "agreements": Spec("agreement", pair_rows.holders, ("agreements-needed",), practical=True),
}


@router.get("/coverage")
def coverage(page: OnPage, where: OnWhere) -> Response:
    """Actor group by step, for all companies and for those of each size; white spots too."""
    looked = Seen(page, where)
    cells, by_size = thing_rows.cells(looked), thing_rows.cells_by_size(looked)
    concepts = {iri for cell in (*cells, *by_size) for iri in (cell.actor, cell.step, cell.size)}
    things = {iri for cell in cells for iri in cell.interventions[:PEEK]}
    showing = Showing(page, {iri for iri in concepts | things if iri})
    return page.html(
        "coherence_coverage.html",
        where=where,
        spec=SPECS["coverage"],
        notion=notion("coverage"),
        showing=showing,
        grid=_grid(cells),
        peek=PEEK,
        sizes=[(size, _grid(by_size, size)) for size in looked.view.world.sizes],
        more={},
        query=seen.query(where, {}),
    )


@router.get("/{name}.{suffix}")
def document(page: OnPage, where: OnWhere, name: str, suffix: str) -> Response:
    """The rows of one notion as CSV or JSON."""
    spec = _spec(name)
    looked, more = _looked(page, where, spec)
    meant = notion(spec.notion)
    about: dict[str, object] = {
        "notion": meant.id,
        "definition": meant.definition.of(page.lang),
        **more,
    }
    if name == "loops":
        about["groups"] = thing_rows.found_loops(looked).groups
    return seen.written(looked, suffix, _sheet(looked, spec, more), about)


@router.get("/{name}")
def rows(page: OnPage, where: OnWhere, name: str) -> Response:
    """The rows of one notion."""
    spec = _spec(name)
    looked, more = _looked(page, where, spec)
    sheet = _sheet(looked, spec, more)
    pages = paged(page, sheet.total)
    part = list(sheet.part((pages.page - 1) * PER_PAGE, pages.page * PER_PAGE))
    asked = [seen.thing(page, text) for text in more.values()]
    loops = thing_rows.found_loops(looked) if name == "loops" else None
    groups = [group[:PEEK] for group in loops.groups] if loops else []
    showing = Showing(page, set(asked).union(*groups, *(row.things for row in part)))
    return page.html(
        "coherence_notion.html",
        where=looked.where,
        spec=spec,
        notion=notion(spec.notion),
        name=name,
        sheet=sheet,
        rows=part,
        pages=pages,
        showing=showing,
        asked=[showing.thing(iri) for iri in asked],
        loops=loops,
        most=MOST,
        peek=PEEK,
        more=more,
        query=seen.query(looked.where, more),
    )


def _spec(name: str) -> Spec:
    if spec := SPECS.get(name):
        return spec
    raise HTTPException(404)


def _looked(page: Page, where: Where, spec: Spec) -> tuple[Seen, dict[str, str]]:
    """Return what is looked at, and what the address says beside level and year."""
    given = page.request.query_params
    if spec.notion == "agreement" and {"giver", "receiver"} <= given.keys():
        return Seen(page, where), {name: given[name] for name in ("giver", "receiver")}
    return seen.asked(page, where) if spec.of_pairs else (Seen(page, where), {})


def _sheet(looked: Seen, spec: Spec, more: Mapping[str, str]) -> Sheet:
    if "giver" in more:
        holders = (seen.thing(looked.page, more[name]) for name in ("giver", "receiver"))
        return pair_rows.between(looked, *holders)
    return spec.rows(looked)


def _grid(cells: tuple[Cell, ...], size: str | None = None) -> dict[str, dict[str, Cell]]:
    """Return the cells of a size by actor group, then by step, in the order of the lists."""
    grid: dict[str, dict[str, Cell]] = {}
    for cell in cells:
        if cell.size == size:
            grid.setdefault(cell.actor, {})[cell.step] = cell
    return grid
