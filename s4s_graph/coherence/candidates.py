"""What could be improved: the candidates of five kinds, before it is known what they are worth."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Literal

from s4s_graph.coherence.conflicts import Clash, anyhow, clashes, harmed
from s4s_graph.coherence.conflicts import rows as harm_rows
from s4s_graph.coherence.gaps import Fragile, fragile, gaps, needs
from s4s_graph.coherence.links import STANDINGS, Links, Passing, Row, Standing
from s4s_graph.coherence.model import Operator
from s4s_graph.coherence.pairs import members
from s4s_graph.coherence.practice import deviations, said
from s4s_graph.coherence.problem import GROUNDS, Ground, ground
from s4s_graph.coherence.view import View, favourable

Kind = Literal["gap", "fragile", "agreement", "order", "conflict"]


@dataclass(frozen=True)
class Fails:
    """An operator that fails, but not where the condition `unless` holds from the start."""

    operator: Operator
    unless: str | None = None


@dataclass(frozen=True)
class Candidate:
    """An improvement that can be thought of.

    `fails`: the operators that could not be counted on without it, at the `companies` concerned or
    (`everywhere`) at all. `creates`: it would make the condition possible everywhere.
    """

    kind: Kind
    condition: str | None
    givers: tuple[str, ...]
    takers: tuple[str, ...]
    companies: tuple[str, ...]
    configurations: tuple[str, ...]
    standing: Standing | Ground | None
    fails: tuple[Fails, ...] = ()
    everywhere: bool = False
    creates: bool = False


@dataclass(frozen=True)
class Chosen:
    """A pair to look at, the companies that use both, and the standing of its link if it is one."""

    giver: str
    taker: str
    companies: tuple[str, ...]
    standing: Standing | None


@dataclass(frozen=True)
class Candidates:
    """Finds the candidates of a view.

    Links and conflicts can be millions. Those between interventions that some company uses both of,
    and links on which something hangs, are all in; of the others, `most` of each kind.
    """

    view: View
    links: Links | Passing
    most: int

    def all(self) -> Iterator[Candidate]:
        """Yield every candidate."""
        yield from self.gaps()
        yield from self.fragile()
        yield from self.agreements()
        yield from self.orders()
        yield from self.conflicts()

    def gaps(self) -> Iterator[Candidate]:
        """Yield a maker for each gap that is a state to reach."""
        for gap in (gap for gap in gaps(self.view) if not gap.reason):
            waiting = self._needing(gap.interventions, gap.condition)
            yield Candidate(
                kind="gap",
                condition=gap.condition,
                givers=(),
                takers=gap.interventions,
                companies=gap.companies,
                configurations=gap.configurations,
                standing=_best(self.view, waiting),
                creates=True,
            )

    def fragile(self) -> Iterator[Candidate]:
        """Yield a second maker for each condition that has one."""
        for item in self._fragile:
            made = [
                operator
                for operator in filter(favourable, self.view.of[item.maker])
                if operator.configuration.id in item.configurations
            ]
            yield Candidate(
                kind="fragile",
                condition=item.condition,
                givers=(item.maker,),
                takers=item.interventions,
                companies=self._users(item.interventions),
                configurations=item.configurations,
                standing=_best(self.view, made),
                fails=tuple(map(Fails, made)),
                everywhere=True,
                creates=True,
            )

    def agreements(self) -> Iterator[Candidate]:
        """Yield an agreement for each link that nobody speaks of, unless one holder has both.

        Without it the taker is not sure of what the giver alone makes.
        """
        if self.view.level == "kinds":
            return  # a kind of intervention has no holder to agree with
        told = said(self.view).rows
        unsaid = (
            (row, row.links & ~bits) for row, bits in zip(self.links.rows(), told, strict=True)
        )
        for pair in self._chosen(unsaid, self._hanging):
            giver, taker = (self.view.things[subject] for subject in (pair.giver, pair.taker))
            if not giver.holders & taker.holders:
                fails = self._hanging.get((giver.id, taker.id), ())
                yield Candidate(
                    kind="agreement",
                    condition=None,
                    givers=(giver.id,),
                    takers=(taker.id,),
                    companies=pair.companies,
                    configurations=_ids(item.operator for item in fails),
                    standing=pair.standing,
                    fails=fails,
                    everywhere=True,
                )

    def orders(self) -> Iterator[Candidate]:
        """Yield an earlier giver for each intervention that came without what should precede it."""
        found: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        for item in deviations(self.view):
            key = (item.intervention, item.condition or "", item.relation or "")
            found[key].append(item.company)
        makers = {need.condition: need.makers for need in needs(self.view)}
        for (taker, condition, relation), companies in found.items():
            asking = self._needing((taker,), condition)
            known = self.view.world.relations.get(relation)
            yield Candidate(
                kind="order",
                condition=condition or None,
                givers=(known.origin,) if known else makers[condition],
                takers=(taker,),
                companies=tuple(sorted(companies)),
                configurations=_ids(asking),
                standing=_best(self.view, asking),
                fails=tuple(map(Fails, asking)),
            )

    def conflicts(self) -> Iterator[Candidate]:
        """Yield the end of each conflict: what suffers from it may fail where both are used."""
        against = map(anyhow, harm_rows(self.view, harmed(self.view)))
        for pair in self._chosen(zip(self.links.rows(), against, strict=True), ()):
            ways = clashes(self.view, pair.giver, pair.taker)
            found = [clash for clash in ways if not clash.relieves]
            suffering = {clash.taker.configuration.id: clash.taker for clash in found}
            yield Candidate(
                kind="conflict",
                condition=None,
                givers=(pair.giver,),
                takers=(pair.taker,),
                companies=pair.companies,
                configurations=_ids(side for clash in found for side in (clash.giver, clash.taker)),
                standing=min((_weakest(self.view, clash) for clash in found), key=GROUNDS.index),
                fails=tuple(map(Fails, suffering.values())),
            )

    def _chosen(
        self, found: Iterable[tuple[Row, int]], first: Iterable[tuple[str, str]]
    ) -> Iterator[Chosen]:
        """Yield the pairs to look at.

        found: for each subject its links, and the bits of all that it is in a pair with. first:
        pairs that are wanted anyhow.
        """
        wanted: defaultdict[str, set[str]] = defaultdict(set)
        for giver, taker in first:
            wanted[giver].add(taker)
        by_standing: dict[Standing | None, list[tuple[bool, Chosen]]] = {
            name: [] for name in (*STANDINGS, None)
        }
        for giver, (row, bits) in zip(self.view.subjects, found, strict=True):
            used = self._used_with(giver)
            near = bits & self.view.mask(wanted[giver] | used.keys())
            for place in members(near):
                taker = self.view.subjects[place]
                yield Chosen(giver, taker, tuple(used.get(taker, ())), _standing(row, place))
            for standing, others in by_standing.items():
                same = bits & (row.by_standing[standing] if standing else ~row.links)
                for place in islice(members(same), self.most - len(others)):
                    is_near = bool(near >> place & 1)
                    others.append((is_near, Chosen(giver, self.view.subjects[place], (), standing)))
        best = chain.from_iterable(by_standing.values())
        yield from (chosen for is_near, chosen in islice(best, self.most) if not is_near)

    def _used_with(self, subject: str) -> dict[str, list[str]]:
        """Return the others that some company uses beside a subject, with these companies."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for company in self._users_of.get(subject, ()):
            for other in self.view.uses[company]:
                found[other].append(company)
        return found

    @cached_property
    def _users_of(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for company, used in self.view.uses.items():
            for subject in used:
                found[subject].append(company)
        return found

    def _needing(self, subjects: Iterable[str], condition: str) -> list[Operator]:
        return [
            operator
            for subject in subjects
            for operator in filter(favourable, self.view.of.get(subject, ()))
            if condition in operator.configuration.needs
        ]

    def _users(self, subjects: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({c for subject in subjects for c in self._users_of.get(subject, ())}))

    @cached_property
    def _fragile(self) -> tuple[Fragile, ...]:
        return fragile(self.view)

    @cached_property
    def _hanging(self) -> dict[tuple[str, str], tuple[Fails, ...]]:
        """What hangs on a pair because the giver is the only maker."""
        found: defaultdict[tuple[str, str], list[Fails]] = defaultdict(list)
        for item in self._fragile:
            for taker in item.interventions:
                for operator in self._needing((taker,), item.condition):
                    found[item.maker, taker].append(Fails(operator, unless=item.condition))
        return {pair: tuple(fails) for pair, fails in found.items()}


def _standing(row: Row, place: int) -> Standing | None:
    return next((name for name in STANDINGS if row.by_standing[name] >> place & 1), None)


def _ids(operators: Iterable[Operator]) -> tuple[str, ...]:
    return tuple(sorted({operator.configuration.id for operator in operators}))


def _best(view: View, operators: Iterable[Operator]) -> Ground | None:
    grounds = (ground(view, operator) for operator in operators)
    return min(grounds, key=GROUNDS.index, default=None)


def _weakest(view: View, clash: Clash) -> Ground:
    sides = (ground(view, clash.giver), ground(view, clash.taker))
    return max(sides, key=GROUNDS.index)
