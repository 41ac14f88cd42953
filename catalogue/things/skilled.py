"""The page of a skill: where it stands among others, who develops it, who asks for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalogue.coherence.reaching import Tried
from catalogue.live import query
from catalogue.page import Page
from catalogue.rows import Record, Shown, Thing
from catalogue.things import evidence
from catalogue.things.telling import things
from catalogue.things.understanding import FEW, values
from catalogue.views import Showing
from catalogue.vocabularies import linked
from catalogue.vocabularies.concept import Match
from catalogue.vocabularies.known import Vocabulary, vocabularies
from catalogue.vocabularies.linked import Above, Needed
from catalogue.vocabularies.links import order, place
from s4s_graph.mappings import wording
from s4s_graph.store import Iri

NEAR = 10  # mechanisms, and outcomes
COMPANIES = 30
LINKED = 20  # concepts of others
SAME = (wording.EXACT, wording.CLOSE)  # what an occupation needs if it needs what is linked so


@dataclass(frozen=True)
class Developer:
    """A row of the query: an intervention that develops the skill, or one above or below it."""

    intervention: str
    developed: str
    how: str  # narrower (or the skill itself), broader


@dataclass(frozen=True)
class Demand:
    """A row of the query: a company that asks for the skill, or for a narrower one."""

    company: str
    asked: str


@dataclass(frozen=True)
class Near:
    """A row of the query: a mechanism or an outcome of an intervention that develops the skill."""

    thing: str
    how: str


@dataclass(frozen=True)
class Elsewhere:
    """A concept of others that the skill is linked to.

    says: what the link says. group: what a reader can go by where the concept has no name in
    their language. paths: the ways down to it, each from a top of its vocabulary.
    """

    says: str
    concept: Shown
    group: Shown | None
    paths: tuple[tuple[Shown, ...], ...]


@dataclass(frozen=True)
class Skill:
    """What the page of a skill shows beside its fields."""

    broader: tuple[Shown, ...]
    narrower: tuple[Shown, ...]
    # What it is linked to in each vocabulary; None for one that the release has nothing of.
    elsewhere: tuple[tuple[str, Vocabulary | None, tuple[Elsewhere, ...]], ...]
    essential: Needed  # occupations that need it
    optional: Needed
    developers: tuple[tuple[Shown, Shown | None], ...]  # and the narrower skill, if it is that
    above: tuple[tuple[Shown, Shown], ...]  # by way of a broader skill
    demand: Tried  # how many companies
    companies: tuple[Shown, ...]  # named only where they are not few
    mechanisms: tuple[Shown, ...]
    outcomes: tuple[Shown, ...]

    @property
    def unmet(self) -> bool:
        """Whether companies ask for it and nothing develops it, nor anything broader."""
        return bool((self.demand.count or self.demand.few) and not self.developers + self.above)


@dataclass(frozen=True)
class Skilled:
    """What is read for the page of a skill, before it has names."""

    record: Record
    narrower: tuple[str, ...]
    developers: tuple[Developer, ...]
    demand: tuple[Demand, ...]
    near: tuple[Near, ...]
    links: tuple[tuple[Match, str, Above], ...]  # and the vocabulary that the concept is of
    occupations: Mapping[str, list[str]]
    known: Mapping[str, Vocabulary]
    lang: str

    fields = frozenset({"broader", "exactMatch", "closeMatch"})
    pointing = frozenset(
        {("skills", "broader"), ("companies", "skillDemand"), ("interventions", "develops")}
    )

    def iris(self) -> Iterator[str]:
        """Yield everything that needs a name."""
        yield from self.narrower
        for one in self.developers:
            yield from (one.intervention, one.developed)
        yield from self._companies
        yield from (one.thing for one in self.near)
        for link, _, above in self.links:
            yield from (link.thing, *above.iris())
        for occupations in self.occupations.values():
            yield from occupations

    @property
    def _companies(self) -> list[str]:
        found = sorted({one.company for one in self.demand})
        return found[:COMPANIES] if len(found) >= FEW else []

    def shown(self, showing: Showing) -> Skill:
        """Return it with names."""
        return Skill(
            things(showing, values(self.record, "broader")),
            things(showing, self.narrower),
            self._elsewhere(showing),
            linked.needed(showing, self.occupations["essential"]),
            linked.needed(showing, self.occupations["optional"]),
            tuple(self._developers(showing)),
            tuple(
                (showing.thing(one.intervention), showing.thing(one.developed))
                for one in self.developers
                if one.how == "broader"
            ),
            Tried.of(one.company for one in self.demand),
            things(showing, self._companies),
            self._near(showing, "#hasMechanism"),
            self._near(showing, "#hasOutcome"),
        )

    def _elsewhere(
        self, showing: Showing
    ) -> tuple[tuple[str, Vocabulary | None, tuple[Elsewhere, ...]], ...]:
        found: defaultdict[str, list[Elsewhere]] = defaultdict(list)
        for link, vocabulary, above in self.links:
            says = wording.predicate(link.property).of(self.lang)
            group, paths = above.group(showing), above.shown(showing)
            found[vocabulary].append(Elsewhere(says, showing.thing(link.thing), group, paths))
        return tuple(
            (name, self.known.get(name), tuple(links)) for name, links in sorted(found.items())
        )

    def _developers(self, showing: Showing) -> Iterator[tuple[Shown, Shown | None]]:
        # What develops the skill itself need not be said to develop a part of it.
        rows = [one for one in self.developers if one.how == "narrower"]
        own = {one.intervention for one in rows if one.developed == self.record.iri}
        yield from ((one, None) for one in things(showing, own))
        for row in rows:
            if row.intervention not in own:
                yield showing.thing(row.intervention), showing.thing(row.developed)

    def _near(self, showing: Showing, end: str) -> tuple[Shown, ...]:
        found = {one.thing for one in self.near if one.how.endswith(end)}
        return things(showing, found)[:NEAR]


def read(page: Page, record: Record, found: Iterable[evidence.Found]) -> Skilled:
    """Return what the page of a skill shows beside its fields."""
    select, asked = page.release.store.select, {"skill": Iri(record.iri)}
    narrower = select(query("skill_narrower"), Thing, **asked)
    matches = [
        match
        for match in select(query("concept_matches"), Match, concept=Iri(record.iri))
        if not match.thing.startswith(page.release.base)
    ]
    matches.sort(key=lambda match: (order(match.property), match.thing))
    same = [match.thing for match in matches if match.property in SAME]
    return Skilled(
        record,
        tuple(row.thing for row in narrower),
        tuple(select(query("skill_developers"), Developer, **asked)),
        tuple(select(query("skill_demand"), Demand, **asked)),
        tuple(select(query("skill_near"), Near, **asked)),
        tuple(
            (match, place(page.release, match.thing), linked.above(page, match.thing))
            for match in matches[:LINKED]
        ),
        linked.needs(page, same[:LINKED]),
        vocabularies(page.release, page.lang),
        page.lang,
    )
