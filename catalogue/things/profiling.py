"""The page of a company: what is known of it, what it used, what was found there, what fits it.

Nothing here is more than the public release holds. What fits is computed as on the page of advice.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from catalogue.coherence import ticking
from catalogue.coherence.where import address
from catalogue.live import query
from catalogue.page import Page
from catalogue.rows import Record, Shown
from catalogue.things import evidence, fitting
from catalogue.things.evidence import Entry, Said
from catalogue.things.fitting import Verdicts
from catalogue.things.telling import things
from catalogue.things.understanding import slug, values
from catalogue.views import Showing
from s4s_graph.coherence.fit import Fits
from s4s_graph.coherence.model import Company
from s4s_graph.coherence.practice import OutOfOrder, out_of_order
from s4s_graph.coherence.view import View, favourable
from s4s_graph.store import Iri

UNKNOWN = 12  # conditions that would be good to know
ASKING = 3  # interventions that ask for one of those
CASES = 10  # cases that are told with their findings


@dataclass(frozen=True)
class Used:
    """A row of the query: a version that the company applied in a year."""

    deployment: str
    year: str
    version: str
    intervention: str


@dataclass(frozen=True)
class Case:
    """A row of the query: a case at the company."""

    case: str
    round: str
    year: str | None


@dataclass(frozen=True)
class Demand:
    """A row of the query: a skill that it asks for, and who develops that or something broader."""

    skill: str
    intervention: str | None
    developed: str | None


@dataclass(frozen=True)
class Unknown:
    """A condition of which nothing is known here, and who asks for it."""

    condition: str
    used: tuple[str, ...]  # interventions that the company used
    every: int  # interventions, used here or not


@dataclass(frozen=True)
class Profile:
    """What the page of a company shows beside its fields."""

    holds: tuple[Shown, ...]
    lacks: tuple[Shown, ...]
    unknown: tuple[tuple[Shown, tuple[Shown, ...], int], ...]
    skills: tuple[tuple[Shown, tuple[tuple[Shown, Shown | None], ...]], ...]
    years: tuple[tuple[str, tuple[tuple[Shown, Shown], ...]], ...]
    order: tuple[tuple[Shown, Shown, tuple[tuple[Shown, int], ...]], ...]
    cases: tuple[tuple[Shown, Shown, tuple[tuple[str, tuple[Entry, ...]], ...]], ...]
    cases_left: int
    fits: tuple[Verdicts, ...]  # empty where it was not computed
    advice: str
    route: str


@dataclass(frozen=True)
class Profiled:
    """What is read for the page of a company, before it has names."""

    lang: str
    record: Record
    used: tuple[Used, ...]
    cases: tuple[tuple[Case, tuple[Said, ...]], ...]
    skills: tuple[Demand, ...]
    unknown: tuple[Unknown, ...]
    order: tuple[OutOfOrder, ...]
    fits: Fits | None
    cases_left: int

    fields = frozenset({"hasCondition", "lacksCondition", "skillDemand"})
    pointing = frozenset({("cases", "atCompany"), ("deployments", "atCompany")})

    def iris(self) -> Iterator[str]:
        """Yield everything that needs a name."""
        for used in self.used:
            yield from (used.version, used.intervention)
        for case, rows in self.cases:
            yield from (case.case, case.round)
            yield from evidence.iris(rows)
        for one in self.skills:
            yield from filter(None, (one.skill, one.intervention, one.developed))
        for asked in self.unknown:
            yield from (asked.condition, *asked.used[:ASKING])
        for late in self.order:
            yield from filter(None, (late.intervention, late.condition, late.relation))
            yield from (name for name, _ in late.later)
        yield from fitting.iris(self.fits)

    def shown(self, showing: Showing) -> Profile:
        """Return it with names."""
        thing = showing.thing
        return Profile(
            things(showing, values(self.record, "hasCondition")),
            things(showing, values(self.record, "lacksCondition")),
            tuple(
                (thing(one.condition), things(showing, one.used[:ASKING]), one.every)
                for one in self.unknown
            ),
            tuple(_skills(showing, self.skills)),
            tuple(_years(showing, self.used)),
            tuple(
                (
                    thing(one.intervention),
                    thing(one.condition or one.relation or ""),
                    tuple((thing(name), year) for name, year in one.later),
                )
                for one in self.order
            ),
            tuple(
                (thing(case.case), thing(case.round), tuple(evidence.groups(showing, rows)))
                for case, rows in self.cases
            ),
            self.cases_left,
            tuple(fitting.shown(showing, self.fits, self.lang, self.record.slug)),
            self._address("advice", [("size", slug(self._size) or "")] if self._size else []),
            address(self.lang, "routes", "interventions", None, {"company": self.record.slug}),
        )

    @property
    def _size(self) -> str | None:
        return next(iter(values(self.record, "sizeClass")), None)

    def _address(self, path: str, given: list[tuple[str, str]]) -> str:
        for name, field in (("holds", "hasCondition"), ("lacks", "lacksCondition")):
            given += [(name, slug(iri) or "") for iri in sorted(values(self.record, field))]
        return f"/{self.lang}/{path}?{urlencode(given, quote_via=quote)}"


def read(page: Page, record: Record, found: Iterable[evidence.Found]) -> Profiled:
    """Return what the page of a company shows beside its fields."""
    release, select = page.release, page.release.store.select
    asked = {"company": Iri(record.iri)}
    view = release.computed.view(None, "interventions")
    used = select(query("company_deployments"), Used, **asked)
    cases = select(query("company_cases"), Case, **asked)
    said = select(query("company_findings"), Said, **asked, lang=page.lang)
    company = view.world.companies.get(record.iri, Company(record.iri))
    return Profiled(
        page.lang,
        record,
        tuple(used),
        tuple((case, tuple(f for f in said if f.case == case.case)) for case in cases[:CASES]),
        tuple(select(query("company_skills"), Demand, **asked)),
        tuple(_unknown(page, view, company, {one.intervention for one in used})),
        tuple(_order(page, view).get(record.iri, ())),
        fitting.read(release, view, company),
        max(0, len(cases) - CASES),
    )


def _unknown(page: Page, view: View, company: Company, used: set[str]) -> Iterator[Unknown]:
    """Yield what is not known: what the interventions used here ask for, then what most ask for."""
    known = view.known_of(company)
    every = page.release.computed.keep("weights", lambda: ticking.weights(view))
    asking = {name: _asks(view, name) for name in sorted(used)}
    here = {c: tuple(i for i, asks in asking.items() if c in asks) for c in _all(asking)}
    ranked = sorted(here, key=lambda name: (-len(here[name]), -every[name], name))
    ranked += [name for name in _foremost(page, every) if name not in here]
    unsure = (name for name in ranked if name not in known.holds and name not in known.absent)
    for name, _ in zip(unsure, range(UNKNOWN), strict=False):
        yield Unknown(name, here.get(name, ()), every[name])


def _foremost(page: Page, every: Mapping[str, int]) -> tuple[str, ...]:
    def rank() -> tuple[str, ...]:
        return tuple(sorted(every, key=lambda name: (-every[name], name)))

    return page.release.computed.keep("foremost", rank)


def _asks(view: View, intervention: str) -> frozenset[str]:
    of = (o.configuration for o in view.of.get(intervention, ()) if favourable(o))
    return frozenset[str]().union(*(item.needs | item.hindered for item in of))


def _all(asking: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*asking.values())


def _order(page: Page, view: View) -> Mapping[str, list[OutOfOrder]]:
    def grouped() -> Mapping[str, list[OutOfOrder]]:
        found: dict[str, list[OutOfOrder]] = {}
        for item in out_of_order(view):
            found.setdefault(item.company, []).append(item)
        return found

    return page.release.computed.keep("order by company", grouped)


def _skills(
    showing: Showing, rows: Iterable[Demand]
) -> Iterator[tuple[Shown, tuple[tuple[Shown, Shown | None], ...]]]:
    by_skill: dict[str, dict[str, str]] = {}
    for row in rows:
        developers = by_skill.setdefault(row.skill, {})
        if row.intervention and row.developed and developers.get(row.intervention) != row.skill:
            developers[row.intervention] = row.developed
    for skill in things(showing, by_skill):
        iri = next(name for name in by_skill if showing.thing(name) == skill)
        yield (
            skill,
            tuple(
                (showing.thing(one), showing.thing(what) if what != iri else None)
                for one, what in sorted(by_skill[iri].items())
            ),
        )


def _years(
    showing: Showing, rows: Iterable[Used]
) -> Iterator[tuple[str, tuple[tuple[Shown, Shown], ...]]]:
    by_year: dict[str, list[tuple[Shown, Shown]]] = {}
    for row in rows:
        by_year.setdefault(row.year, []).append(
            (showing.thing(row.intervention), showing.thing(row.version))
        )
    for year, found in sorted(by_year.items()):
        yield year, tuple(found)
