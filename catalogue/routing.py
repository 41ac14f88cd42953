"""Routes: which interventions, in which order, bring a company, or one like it, to a goal."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import get_args

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import formats
from catalogue.live import query, sort_key
from catalogue.page import OnPage, Page
from catalogue.rows import Grouped, Shown
from catalogue.views import Showing
from catalogue.where import OnWhere, Where, place
from s4s_graph.coherence.model import EMPTY, Company, World
from s4s_graph.coherence.routes import Blocker, By, Route, Routes, routes
from s4s_graph.coherence.view import View, favourable

OPTIONS = 300  # companies that a reader can still choose from in a list
WAYS: tuple[By, ...] = get_args(By)

router = APIRouter(prefix="/{lang}/coherence")


@dataclass(frozen=True)
class Asked:
    """What a reader asks: from where (None: nothing chosen yet), to where, and what to spare."""

    company: str | None
    holds: frozenset[str]
    lacks: frozenset[str]
    goal: str | None
    by: By

    def profile(self, world: World) -> Company:
        """Return the company, with what the reader says of it before what is recorded."""
        known = world.companies.get(self.company or "", Company("profile"))
        return replace(
            known,
            holds=known.holds - self.lacks | self.holds,
            lacks=known.lacks - self.holds | self.lacks,
        )


@dataclass(frozen=True)
class Tick:
    """A condition that a reader can say something of."""

    slug: str
    name: Shown
    holds: bool
    lacks: bool
    recorded: bool | None  # what is known of the company that was chosen

    @property
    def said(self) -> bool:
        """Whether the reader said something of it."""
        return self.holds or self.lacks


@dataclass(frozen=True)
class Option:
    """One choice in a list."""

    value: str
    name: str
    chosen: bool


@router.get("/routes")
def form(page: OnPage, where: OnWhere) -> Response:
    """The form, and the routes once a goal was chosen."""
    asked, view = _asked(page), page.release.computed.view(where.year, where.level)
    found = _found(view, asked)
    showing = Showing(page, _iris(view, asked, found))
    return page.html(
        "coherence_routes.html",
        where=where,
        asked=asked,
        given={name: value for name, value in _given(page) if name not in {"level", "year"}},
        company=showing.thing(asked.company) if asked.company else None,
        companies=_companies(page, asked),
        groups=_groups(page, showing, view, asked),
        goals=_goals(showing, view.world, asked),
        ways=WAYS,
        found=found,
        name=showing.thing,
        query=page.request.url.query,
    )


@router.get("/routes.json")
def data(page: OnPage, where: OnWhere) -> Response:
    """The routes as data. Raises a 400 without a goal."""
    asked, view = _asked(page), page.release.computed.view(where.year, where.level)
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
        holds=frozenset(named("holds", "condition", world.conditions)),
        lacks=frozenset(named("lacks", "condition", world.conditions)),
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
    return routes(view, asked.profile(view.world), asked.goal, asked.by)


def _relevant(view: View) -> frozenset[str]:
    """Return the conditions that decide whether something works: the others cannot matter."""
    items = [operator.configuration for operator in view.operators if favourable(operator)]
    return EMPTY.union(*(item.needs | item.hindered for item in items))


def _iris(view: View, asked: Asked, found: Routes | None) -> set[str]:
    named = {*_relevant(view), *view.world.goals, *asked.holds, *asked.lacks}
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


def _groups(page: Page, showing: Showing, view: View, asked: Asked) -> list[tuple[str, list[Tick]]]:
    """Return the conditions to tick, by level and actor group."""
    relevant = _relevant(view) | asked.holds | asked.lacks
    if len(relevant) > OPTIONS:
        relevant = asked.holds | asked.lacks
    known = view.known_of(view.world.companies.get(asked.company or "", Company("profile")))
    rows = page.release.store.select(query("condition_groups"), Grouped)
    by_condition = {row.condition: row for row in rows}
    levels = page.release.names("condition-levels", page.lang)
    actors = page.release.names("actor-groups", page.lang)
    found: dict[str, list[Tick]] = {}
    for iri in relevant:
        row = by_condition.get(iri)
        names = [levels.get(_slug(row.level), "")] if row else []
        names += [actors.get(_slug(row.actor), "")] if row and row.actor else []
        tick = Tick(
            _slug(iri),
            showing.thing(iri),
            iri in asked.holds,
            iri in asked.lacks,
            True if iri in known.holds else False if iri in known.absent else None,
        )
        found.setdefault(": ".join(names), []).append(tick)
    for ticks in found.values():
        ticks.sort(key=lambda tick: sort_key(tick.name.text))
    return sorted(found.items(), key=lambda group: sort_key(group[0]))


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]


def _json(where: Where, asked: Asked, found: Routes, showing: Showing) -> dict[str, object]:
    named = {iri for route in found.routes for iri in _of_route(route)}
    named |= {iri for blocker in found.blockers for iri in _of_blocker(blocker)}
    named |= {found.goal, *found.conditions}
    return {
        "level": where.level,
        "year": where.year,
        "company": asked.company,
        "holds": sorted(asked.holds),
        "lacks": sorted(asked.lacks),
        "by": asked.by,
        **asdict(found),
        "labels": {iri: showing.thing(iri).text for iri in sorted(named)},
    }
