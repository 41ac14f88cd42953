"""Routes: which interventions, in which order, bring a company, or one like it, to a goal."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import get_args

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import formats
from catalogue.coherence import ticking
from catalogue.coherence.ticking import Said
from catalogue.coherence.where import OnWhere, Where, place
from catalogue.live import sort_key
from catalogue.page import OnPage, Page
from catalogue.views import Showing
from s4s_graph.coherence.model import Company, World
from s4s_graph.coherence.routes import Blocker, By, Route, Routes, routes
from s4s_graph.coherence.view import View

OPTIONS = 300  # companies that a reader can still choose from in a list
WAYS: tuple[By, ...] = get_args(By)

router = APIRouter(prefix="/{lang}/coherence")


@dataclass(frozen=True)
class Asked:
    """What a reader asks: from where (None: nothing chosen yet), to where, and what to spare."""

    company: str | None
    said: Said
    goal: str | None
    by: By


@dataclass(frozen=True)
class Option:
    """One choice in a list."""

    value: str
    name: str
    chosen: bool


@router.get("/routes")
def form(page: OnPage, where: OnWhere) -> Response:
    """The form, and the routes once a goal was chosen."""
    asked, view = _asked(page), page.release.computed.prepared(where.year, where.level)
    found, ticks = _found(view, asked), _ticks(page, where, asked)
    showing = Showing(page, _iris(view, asked, found) | ticks)
    return page.html(
        "coherence_routes.html",
        where=where,
        asked=asked,
        given={name: value for name, value in _given(page) if name not in {"level", "year"}},
        company=showing.thing(asked.company) if asked.company else None,
        companies=_companies(page, asked),
        groups=_groups(page, showing, view, asked, ticks),
        goals=_goals(showing, view.world, asked),
        ways=WAYS,
        found=found,
        name=showing.thing,
        query=page.request.url.query,
    )


@router.get("/routes.json")
def data(page: OnPage, where: OnWhere) -> Response:
    """The routes as data. Raises a 400 without a goal."""
    asked, view = _asked(page), page.release.computed.prepared(where.year, where.level)
    found = _found(view, asked)
    if found is None:
        raise HTTPException(400, page.words.gettext("Choose a goal."))
    showing = Showing(page, _iris(view, asked, found))
    content = formats.write_json(_json(where, asked, found, showing))
    return Response(content, media_type=formats.content_type(formats.SUFFIXES["json"]))


def _given(page: Page) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in page.request.query_params.multi_items() if value)


def _asked(page: Page) -> Asked:
    """Read the form. Raises a 404 for what is not in this release."""
    release, world = page.release, page.release.computed.world
    given: dict[str, list[str]] = {}
    for name, value in _given(page):
        given.setdefault(name, []).append(value)

    def named(name: str, segment: str, known: Iterable[str]) -> list[str]:
        iris = [release.iri(segment, value) for value in given.get(name, ())]
        return _known(iris, known)

    goals = [f"{release.base}id/{value}" for value in given.get("goal", ())]
    by = next((way for way in WAYS if way == given.get("by", [WAYS[0]])[0]), None)
    if by is None:
        raise HTTPException(404)
    return Asked(
        company=next(iter(named("company", "company", world.companies)), None),
        said=ticking.said(page, world),
        goal=next(iter(_known(goals, {*world.goal_conditions, *world.conditions})), None),
        by=by,
    )


def _known(iris: list[str], known: Iterable[str]) -> list[str]:
    if not set(iris) <= set(known):
        raise HTTPException(404)
    return iris


def _found(view: View, asked: Asked) -> Routes | None:
    if asked.goal is None:
        return None
    return routes(view, asked.said.of(_company(view.world, asked)), asked.goal, asked.by)


def _company(world: World, asked: Asked) -> Company:
    return world.companies.get(asked.company or "", Company("profile"))


def _iris(view: View, asked: Asked, found: Routes | None) -> set[str]:
    named = {*view.world.goals, *asked.said.all}
    named |= {c for conditions in view.world.goal_conditions.values() for c in conditions}
    named |= {iri for iri in (asked.company, asked.goal) if iri}
    if found:
        named |= {*found.conditions, *found.held}
        named |= {iri for route in found.routes for iri in _of_route(route)}
        named |= {iri for blocker in found.blockers for iri in _of_blocker(blocker)}
    return named


def _of_route(route: Route) -> Iterator[str]:
    yield from (*route.reaches, *route.assumed)
    for step in route.steps:
        yield step.intervention
        yield from (*step.alternatives, *step.configurations, *step.doubts)
        yield from (*step.creates, *step.undoes, *step.adverse, *step.absent)


def _of_blocker(blocker: Blocker) -> Iterator[str]:
    yield from (lack.condition for lack in blocker.lacks)
    for maker in (maker for makers in blocker.makers for maker in makers):
        yield from (maker.intervention, maker.configuration)


def _companies(page: Page, asked: Asked) -> list[Option]:
    """Return the companies to choose from; none where there are too many for a list."""
    form = page.release.forms.by_table("companies")
    entries = page.release.index(form, page.lang) if form else ()
    return [
        Option(entry.iri.rpartition("/")[2], entry.label.text, entry.iri == asked.company)
        for entry in entries
        if len(entries) <= OPTIONS
    ]


def _goals(showing: Showing, world: World, asked: Asked) -> list[tuple[str, list[Option]]]:
    """Return the policy goals, and the conditions that they ask for."""
    wanted = sorted({c for conditions in world.goal_conditions.values() for c in conditions})
    if asked.goal and asked.goal not in {*wanted, *world.goal_conditions}:
        wanted.append(asked.goal)

    def options(iris: Iterable[str]) -> list[Option]:
        found = [Option(place(iri), showing.thing(iri).text, iri == asked.goal) for iri in iris]
        return sorted(found, key=lambda option: sort_key(option.name))

    asking = (goal for goal in world.goals if world.goal_conditions[goal])
    return [("goals", options(asking)), ("conditions", options(wanted))]


def _ticks(page: Page, where: Where, asked: Asked) -> frozenset[str]:
    """Return the conditions that can be ticked: all that matter, if a reader can still choose."""
    computed = page.release.computed
    view = computed.view(where.year, where.level)
    key = "ticks", where.year, where.level
    relevant = computed.keep(key, lambda: frozenset(ticking.weights(view))) | asked.said.all
    return relevant if len(relevant) <= OPTIONS else asked.said.all


def _groups(
    page: Page, showing: Showing, view: View, asked: Asked, ticks: frozenset[str]
) -> list[tuple[str, list[ticking.Tick]]]:
    known = view.known_of(_company(view.world, asked))
    return ticking.groups(page, showing, ticks, asked.said, known)


def _json(where: Where, asked: Asked, found: Routes, showing: Showing) -> dict[str, object]:
    named = {iri for route in found.routes for iri in _of_route(route)}
    named |= {iri for blocker in found.blockers for iri in _of_blocker(blocker)}
    named |= {found.goal, *found.conditions}
    return {
        "level": where.level,
        "year": where.year,
        "company": asked.company,
        "holds": sorted(asked.said.holds),
        "lacks": sorted(asked.said.lacks),
        "by": asked.by,
        **asdict(found),
        "labels": {iri: showing.thing(iri).text for iri in sorted(named)},
    }
