"""What could be improved: the candidates of five kinds, before it is known what they are worth."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Literal

from s4s_graph.coherence.conflicts import Clash, clashes, conflicts
from s4s_graph.coherence.gaps import Fragile, fragile, gaps, needs
from s4s_graph.coherence.links import STANDINGS, Links, Standing
from s4s_graph.coherence.model import Operator
from s4s_graph.coherence.pairs import Pairs, members
from s4s_graph.coherence.practice import computed_only, out_of_order
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
class Candidates:
    """Finds the candidates of a view.

    Links and conflicts can be millions. Those between interventions that some company uses both of,
    and links on which something hangs, are all in; of the others, `most` of each kind.
    """

    view: View
    links: Links
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
        unsaid = computed_only(self.view, self.links)
        chosen = self._chosen(unsaid, self._hanging)
        for (giver, taker), companies in chosen.items():
            if not self.view.things[giver].holders & self.view.things[taker].holders:
                fails = self._hanging.get((giver, taker), ())
                yield Candidate(
                    kind="agreement",
                    condition=None,
                    givers=(giver,),
                    takers=(taker,),
                    companies=companies,
                    configurations=_ids(item.operator for item in fails),
                    standing=self.links.standing(giver, taker),
                    fails=fails,
                    everywhere=True,
                )

    def orders(self) -> Iterator[Candidate]:
        """Yield an earlier giver for each intervention that came without what should precede it."""
        found: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        for item in out_of_order(self.view):
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
        chosen = self._chosen(conflicts(self.view).pairs, ())
        for (giver, taker), companies in chosen.items():
            found = [clash for clash in clashes(self.view, giver, taker) if not clash.relieves]
            suffering = {clash.taker.configuration.id: clash.taker for clash in found}
            yield Candidate(
                kind="conflict",
                condition=None,
                givers=(giver,),
                takers=(taker,),
                companies=companies,
                configurations=_ids(side for clash in found for side in (clash.giver, clash.taker)),
                standing=min((_weakest(self.view, clash) for clash in found), key=GROUNDS.index),
                fails=tuple(map(Fails, suffering.values())),
            )

    def _chosen(
        self, pairs: Pairs, first: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[str, ...]]:
        """Return the pairs to look at, each with the companies that use both."""
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for pair in first:
            if pair in pairs:
                found[pair] = []
        for company, used in self.view.uses.items():
            both = self.view.mask(used)
            for giver in used:
                row = pairs.rows[self.view.place[giver]] & both
                for place in members(row):
                    found[giver, self.view.subjects[place]].append(company)
        for pair in islice(self._by_standing(pairs), self.most):
            found.setdefault(pair, [])
        return {pair: tuple(dict.fromkeys(companies)) for pair, companies in found.items()}

    def _by_standing(self, pairs: Pairs) -> Iterator[tuple[str, str]]:
        for standing in STANDINGS:
            yield from pairs & self.links.by_standing[standing]
        yield from pairs - self.links.pairs

    def _needing(self, subjects: Iterable[str], condition: str) -> list[Operator]:
        return [
            operator
            for subject in subjects
            for operator in filter(favourable, self.view.of.get(subject, ()))
            if condition in operator.configuration.needs
        ]

    def _users(self, subjects: Iterable[str]) -> tuple[str, ...]:
        wanted = frozenset(subjects)
        return tuple(
            company for company, used in self.view.uses.items() if not wanted.isdisjoint(used)
        )

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


def _ids(operators: Iterable[Operator]) -> tuple[str, ...]:
    return tuple(sorted({operator.configuration.id for operator in operators}))


def _best(view: View, operators: Iterable[Operator]) -> Ground | None:
    grounds = (ground(view, operator) for operator in operators)
    return min(grounds, key=GROUNDS.index, default=None)


def _weakest(view: View, clash: Clash) -> Ground:
    sides = (ground(view, clash.giver), ground(view, clash.taker))
    return max(sides, key=GROUNDS.index)
