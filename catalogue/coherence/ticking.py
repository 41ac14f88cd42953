"""What a reader ticks: the conditions that hold at a company, and those that do not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from fastapi import HTTPException

from catalogue.live import query, sort_key
from catalogue.page import Page
from catalogue.rows import Grouped, Shown
from catalogue.views import Showing
from s4s_graph.coherence.model import Company, World
from s4s_graph.coherence.view import Known, View, favourable


@dataclass(frozen=True)
class Said:
    """The conditions that a reader ticked."""

    holds: frozenset[str]
    lacks: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every condition of which something was said."""
        return self.holds | self.lacks

    def of(self, company: Company) -> Company:
        """Return a company, with what the reader says of it before what is recorded."""
        return replace(
            company,
            holds=company.holds - self.lacks | self.holds,
            lacks=company.lacks - self.holds | self.lacks,
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


def said(page: Page, world: World) -> Said:
    """Read what was ticked from the address. Raises a 404 for what is not in this release."""
    given = page.request.query_params

    def named(name: str) -> frozenset[str]:
        slugs = filter(None, given.getlist(name))
        found = frozenset(page.release.iri("condition", slug) for slug in slugs)
        if not found <= world.conditions.keys():
            raise HTTPException(404)
        return found

    return Said(named("holds"), named("lacks"))


def weights(view: View) -> Counter[str]:
    """Return how many interventions depend on each condition: the others cannot matter."""
    return Counter(
        condition
        for operators in view.of.values()
        for condition in {
            name
            for operator in operators
            if favourable(operator)
            for name in operator.configuration.needs | operator.configuration.hindered
        }
    )


def groups(
    page: Page, showing: Showing, conditions: Iterable[str], said: Said, known: Known
) -> list[tuple[str, list[Tick]]]:
    """Return conditions to tick, by level and actor group."""
    by_condition = page.release.computed.keep("condition groups", lambda: _grouped(page))
    levels = page.release.names("condition-levels", page.lang)
    actors = page.release.names("actor-groups", page.lang)
    found: dict[str, list[Tick]] = {}
    for iri in conditions:
        row = by_condition.get(iri)
        names = [levels.get(_slug(row.level), "")] if row else []
        names += [actors.get(_slug(row.actor), "")] if row and row.actor else []
        tick = Tick(
            _slug(iri),
            showing.thing(iri),
            iri in said.holds,
            iri in said.lacks,
            True if iri in known.holds else False if iri in known.absent else None,
        )
        found.setdefault(": ".join(names), []).append(tick)
    for ticks in found.values():
        ticks.sort(key=lambda tick: sort_key(tick.name.text))
    return sorted(found.items(), key=lambda group: sort_key(group[0]))


def _grouped(page: Page) -> dict[str, Grouped]:
    rows = page.release.store.select(query("condition_groups"), Grouped)
    return {row.condition: row for row in rows}


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]
