"""The page of an organisation: its roles, what it covers, its partners, with whom to agree."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalogue.coherence.where import address, place
from catalogue.live import Release, query
from catalogue.page import Page
from catalogue.rows import Record, Shown, Thing
from catalogue.things import evidence
from catalogue.things.telling import things
from catalogue.views import Showing
from s4s_graph.coherence.practice import HolderPair, holder_pairs
from s4s_graph.store import Iri, Literal

PARTNERS = 12
SHARED = 4  # things in common with one partner that are named
AGREEMENTS = 8  # organisations to come to an agreement with, on either side


@dataclass(frozen=True)
class Role:
    """A row of the query: a role in something; a row of its own (`attribution`) has a source."""

    thing: str
    role: str
    attribution: str | None
    said: str | None


@dataclass(frozen=True)
class Shared:
    """A row of the query: another organisation in the same thing."""

    other: str
    thing: str


@dataclass(frozen=True)
class Cover:
    """A row of the query: a kind or a step of a thing that the organisation is in."""

    thing: str
    field: str
    concept: str


@dataclass(frozen=True)
class Part:
    """What an organisation does for one thing, with the row that says so."""

    thing: Shown
    said: str | None
    row: Shown


@dataclass(frozen=True)
class Agreement:
    """Links with what another organisation holds, and the page with all of them."""

    other: Shown
    links: int
    own: int  # known of more than the kind
    address: str


@dataclass(frozen=True)
class Party:
    """What the page of an organisation shows beside its fields."""

    roles: tuple[tuple[Shown, tuple[Part, ...]], ...]
    kinds: tuple[tuple[Shown, int], ...]
    steps: tuple[tuple[Shown, int], ...]
    partners: tuple[tuple[Shown, tuple[Shown, ...], int], ...]
    partners_left: int
    gives: tuple[Agreement, ...]
    takes: tuple[Agreement, ...]
    agreements: str  # the page with those of every holder
    invented: bool  # invented examples count in those links
    published: tuple[Shown, ...]


@dataclass(frozen=True)
class Partnering:
    """What is read for the page of an organisation, before it has names."""

    lang: str
    record: Record
    roles: tuple[Role, ...]
    shared: tuple[Shared, ...]
    covers: tuple[Cover, ...]
    pairs: tuple[HolderPair, ...]
    invented: bool
    published: tuple[str, ...]

    fields = frozenset[str]()
    pointing = frozenset(
        {
            ("roles", "agent"),
            *(("interventions", name) for name in ("holder", "deliverer", "funder")),
            *(("programmes", name) for name in ("funder", "evaluator")),
        }
    )

    def iris(self) -> Iterator[str]:
        """Yield everything that needs a name."""
        for role in self.roles:
            yield from filter(None, (role.thing, role.role, role.attribution))
        for one in self.shared:
            yield from (one.other, one.thing)
        yield from (cover.concept for cover in self.covers)
        for pair in self.pairs:
            yield from (pair.giver, pair.receiver)
        yield from self.published

    def shown(self, showing: Showing) -> Party:
        """Return it with names."""
        partners = tuple(self._partners(showing))
        return Party(
            tuple(self._roles(showing)),
            self._covered(showing, "#ofKind"),
            self._covered(showing, "#skillsStep"),
            partners[:PARTNERS],
            max(0, len(partners) - PARTNERS),
            tuple(self._agreements(showing, gives=True)),
            tuple(self._agreements(showing, gives=False)),
            address(self.lang, "agreements", "interventions", None, {}),
            self.invented and any(pair.own for pair in self.pairs),
            things(showing, self.published),
        )

    def _roles(self, showing: Showing) -> Iterator[tuple[Shown, tuple[Part, ...]]]:
        # A row of its own says more than the short cut for the same.
        best: dict[tuple[str, str], Role] = {}
        for row in self.roles:
            if row.attribution or (row.role, row.thing) not in best:
                best[row.role, row.thing] = row
        by_role: defaultdict[str, list[Part]] = defaultdict(list)
        for row in best.values():
            thing, said = showing.thing(row.thing), row.said
            by_role[row.role].append(Part(thing, said, showing.thing(row.attribution or row.thing)))
        for role, parts in sorted(by_role.items(), key=lambda item: (-len(item[1]), item[0])):
            parts.sort(key=lambda part: part.thing.text.casefold())
            yield showing.thing(role), tuple(parts)

    def _covered(self, showing: Showing, end: str) -> tuple[tuple[Shown, int], ...]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for cover in self.covers:
            if cover.field.endswith(end):
                found[cover.concept].add(cover.thing)
        counted = ((showing.thing(name), len(of)) for name, of in found.items())
        return tuple(sorted(counted, key=lambda item: (-item[1], item[0].text)))

    def _partners(self, showing: Showing) -> Iterator[tuple[Shown, tuple[Shown, ...], int]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for one in self.shared:
            found[one.other].add(one.thing)
        for other, of in sorted(
            found.items(), key=lambda item: (-len(item[1]), showing.thing(item[0]).text.casefold())
        ):
            named = things(showing, of)
            yield showing.thing(other), named[:SHARED], max(0, len(named) - SHARED)

    def _agreements(self, showing: Showing, *, gives: bool) -> Iterator[Agreement]:
        mine = (p for p in self.pairs if (p.giver if gives else p.receiver) == self.record.iri)
        for pair in sorted(mine, key=lambda p: (-p.own, -p.links))[:AGREEMENTS]:
            ends = {"giver": place(pair.giver), "receiver": place(pair.receiver)}
            yield Agreement(
                showing.thing(pair.receiver if gives else pair.giver),
                pair.links,
                pair.own,
                address(self.lang, "agreements", "interventions", None, ends),
            )


def read(page: Page, record: Record, found: Iterable[evidence.Found]) -> Partnering:
    """Return what the page of an organisation shows beside its fields."""
    release, select = page.release, page.release.store.select
    asked = {"organisation": Iri(record.iri)}
    report = release.computed.summary.report(None, "interventions")
    names = [term for term in record.values["prefLabel"] if isinstance(term, Literal)]
    return Partnering(
        page.lang,
        record,
        tuple(select(query("organisation_roles"), Role, **asked, lang=page.lang)),
        tuple(select(query("organisation_partners"), Shared, **asked)),
        tuple(select(query("organisation_covers"), Cover, **asked)),
        tuple(pair for pair in _pairs(release) if record.iri in (pair.giver, pair.receiver)),
        report is not None and report.illustrative,
        tuple(
            row.thing
            for name in names
            for row in select(query("organisation_sources"), Thing, name=name)
        ),
    )


def _pairs(release: Release) -> tuple[HolderPair, ...]:
    computed = release.computed

    def pairs() -> tuple[HolderPair, ...]:
        return holder_pairs(
            computed.view(None, "interventions"), computed.links(None, "interventions")
        )

    # The key is that of the page about agreements, which needs the same.
    return computed.keep(("holders", None, "interventions"), pairs)
