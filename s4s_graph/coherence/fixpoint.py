"""Reachability for many companies at once: bit n of every integer is about the nth column.

A column is a company, or a company in an imagined case (an operator that fails). The method is the
delete relaxation of STRIPS (Bonet & Geffner 2001, doi 10.1016/S0004-3702(01)00108-4): what is
brought about stays, and what is taken away only counts where it opens a way. So what is found to
be out of reach is out of reach; what is found within reach may still be undone on the way there.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from s4s_graph.coherence import effects
from s4s_graph.coherence.view import Applied, View, favourable

Name = TypeVar("Name", str, str | None)


@dataclass(frozen=True)
class Rule:
    """A favourable configuration, ready for use: broader and narrower conditions are spelt out.

    One that is known of a kind is the same rule for each of its subjects.
    """

    applied: Applied
    needs: tuple[str, ...]
    hindering: tuple[str, ...]
    brings: tuple[str, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """Where it starts: per condition the columns in which it holds.

    `held` are conditions as they were named, which may hinder; `satisfied` all that may be counted
    on at the start, with everything broader.
    """

    width: int
    held: Mapping[str, int]
    satisfied: Mapping[str, int]


@dataclass(frozen=True)
class Rules:
    """What is favourable in a view, since what is adverse never helps; see `rules_of`."""

    view: View

    @cached_property
    def all(self) -> tuple[Rule, ...]:
        """Every rule, by the ids of the configurations."""
        return tuple(self._rule(item) for item in self.view.applied if favourable(item))

    @cached_property
    def needing(self) -> Mapping[str, tuple[int, ...]]:
        """For each condition the rules that need it."""
        return _index(rule.needs for rule in self.all)

    @cached_property
    def hindered(self) -> Mapping[str, tuple[int, ...]]:
        """For each condition, as it may be named at a company, the rules that it hinders."""
        return _index(rule.hindering for rule in self.all)

    @cached_property
    def led(self) -> Mapping[str | None, tuple[int, ...]]:
        """For each condition rules that need it; under None those that need nothing.

        Each is listed once, by the need that the fewest have: where that is not met anywhere, it
        need not be tried.
        """
        common = {condition: len(numbers) for condition, numbers in self.needing.items()}
        return _index([min(rule.needs, key=common.__getitem__, default=None)] for rule in self.all)

    def _rule(self, applied: Applied) -> Rule:
        configuration = applied.configuration
        return Rule(
            applied,
            needs=tuple(sorted(configuration.needs)),
            hindering=tuple(sorted(self.view.narrower(configuration.hindered))),
            brings=tuple(sorted(self.view.broader(configuration.brings))),
            ends=tuple(sorted(effects.ends(self.view, configuration))),
        )


@lru_cache(maxsize=8)
def rules_of(view: View) -> Rules:
    """Return the rules of a view: the same for each company, so they are remembered."""
    rules = Rules(view)
    _ = rules.led, rules.hindered
    return rules


class Fixpoint:
    """The least fixed point of the rules over some columns; it can be carried on from.

    `barred` says for a rule in which columns it fails. With satisfied conditions only growing and
    hindering ones only shrinking, the order in which rules are tried makes no difference.
    """

    def __init__(
        self, rules: Rules, columns: Columns, barred: Mapping[int, int] | None = None
    ) -> None:
        self._rules = rules
        self._barred = barred or {}
        self._full = (1 << columns.width) - 1
        self.hindering = dict(columns.held)
        self.satisfied = dict(columns.satisfied)
        able = list(rules.led.get(None, ()))
        for condition in self.satisfied:
            able.extend(rules.led.get(condition, ()))
        self._settle(sorted(able))

    def fires(self, number: int) -> int:
        """Return the columns in which a rule can work."""
        rule, bits = self._rules.all[number], self._full
        for condition in rule.needs:
            bits &= self.satisfied.get(condition, 0)
            if not bits:
                return 0
        for condition in rule.hindering:
            bits &= ~self.hindering.get(condition, 0)
        return bits & ~self._barred.get(number, 0)

    def given(self, condition: str) -> "Fixpoint":
        """Return what there is to reach if a condition could be brought about in every column."""
        more = Fixpoint.__new__(Fixpoint)
        more._rules, more._barred, more._full = self._rules, self._barred, self._full
        more.hindering, more.satisfied = dict(self.hindering), dict(self.satisfied)
        view = self._rules.view
        more._settle(more._bring(view.broader([condition]), view.excluded([condition]), self._full))
        return more

    def _settle(self, numbers: Iterable[int]) -> None:
        queue = deque(numbers)
        queued = set(queue)
        while queue:
            number = queue.popleft()
            queued.discard(number)
            if bits := self.fires(number):
                rule = self._rules.all[number]
                woken = self._bring(rule.brings, rule.ends, bits) - queued
                queue.extend(sorted(woken))
                queued |= woken

    def _bring(self, brings: Iterable[str], ends: Iterable[str], bits: int) -> set[int]:
        woken: set[int] = set()
        for condition in brings:
            before = self.satisfied.get(condition, 0)
            if bits & ~before:
                self.satisfied[condition] = before | bits
                woken.update(self._rules.needing.get(condition, ()))
        for condition in ends:
            before = self.hindering.get(condition, 0)
            if bits & before:
                self.hindering[condition] = before & ~bits
                woken.update(self._rules.hindered.get(condition, ()))
        return woken


def _index(names: Iterable[Iterable[Name]]) -> dict[Name, tuple[int, ...]]:
    found: dict[Name, list[int]] = {}
    for number, conditions in enumerate(names):
        for condition in conditions:
            found.setdefault(condition, []).append(number)
    return {condition: tuple(numbers) for condition, numbers in found.items()}
