"""Critical success factors: which conditions go with an outcome, and in which combinations?

Per outcome a crisp-set QCA (see `qca`) over the cases that speak of it (see `cases`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from s4s_graph.coherence.cases import Records, Verdicts, verdicts
from s4s_graph.coherence.model import EMPTY
from s4s_graph.coherence.qca import (
    Case,
    Fit,
    Literal,
    Row,
    Solution,
    Table,
    necessity,
    negated,
    remainders,
    rows,
    solution,
    sufficiency,
)
from s4s_graph.coherence.view import View

MOST_CONDITIONS = 6
CASES_EACH = 3


@dataclass(frozen=True)
class Factor:
    """A condition, or its absence, on the `cases` of which it is known."""

    condition: str
    present: bool
    necessity: Fit
    sufficiency: Fit
    cases: int
    unknown: int


@dataclass(frozen=True)
class Success:
    """What cases say of one outcome.

    `cases` are decided, `conflicting` ones say both and are left out; `unknown` decided cases are
    left out of the table, because not all of its conditions are known there. `remainders` is the
    number of combinations without a case. `present` and `absent` hold the conservative and the
    parsimonious solution of the outcome and of its absence.
    """

    outcome: str
    illustrative: bool
    cases: int
    conflicting: int
    factors: tuple[Factor, ...]
    table: Table
    unknown: int
    rows: tuple[Row, ...]
    remainders: int
    present: tuple[Solution, Solution]
    absent: tuple[Solution, Solution]


def success(view: View, records: Records, illustrative: bool) -> tuple[Success, ...]:
    """Return every outcome that cases speak of, most cases first."""
    said = verdicts(view, records, illustrative).values()
    found = [_success(view, records, item, illustrative, None) for item in said]
    return tuple(sorted(found, key=lambda item: (-item.cases, item.outcome)))


def success_of(
    view: View,
    records: Records,
    outcome: str,
    illustrative: bool,
    conditions: tuple[str, ...] | None = None,
) -> Success:
    """Return what cases say of one outcome, even if that is nothing.

    `conditions` are those of the table, if someone has reasons for others than the rule chooses.
    Raises ValueError for more than six: a truth table doubles with each.
    """
    if conditions is not None and len(conditions) > MOST_CONDITIONS:
        raise ValueError(f"choose at most {MOST_CONDITIONS} conditions, not {len(conditions)}")
    said = verdicts(view, records, illustrative).get(outcome, Verdicts(outcome, (), ()))
    return _success(view, records, said, illustrative, conditions)


def named(view: View, records: Records, outcome: str, illustrative: bool) -> frozenset[str]:
    """Return the conditions that configurations with this outcome need or are hindered by.

    Of configurations on the same side (made-up or real) in which the outcome is wanted or stays
    away; without the outcome itself and what is narrower, which would explain it by itself.
    """
    conditions = EMPTY.union(
        *(
            item.needs | item.hindered
            for item in view.world.configurations.values()
            if outcome in item.outcomes
            and item.valence != "averechts"
            and records.made_up(item.id) is illustrative
        )
    )
    return conditions - view.narrower({outcome})


def _success(
    view: View,
    records: Records,
    said: Verdicts,
    illustrative: bool,
    conditions: tuple[str, ...] | None,
) -> Success:
    # One table a condition: the cases in which it is known.
    single = {
        condition: _table(view, said, (condition,))
        for condition in sorted(named(view, records, said.outcome, illustrative))
    }
    chosen = _chosen(view, said, single) if conditions is None else conditions
    table = _table(view, said, chosen)
    return Success(
        outcome=said.outcome,
        illustrative=illustrative,
        cases=len(said.decided),
        conflicting=len(said.conflicting),
        factors=_factors(single, len(said.decided)),
        table=table,
        unknown=len(said.decided) - len(table.cases),
        rows=rows(table),
        remainders=len(remainders(table)),
        present=_solutions(table),
        absent=_solutions(negated(table)),
    )


def _table(view: View, said: Verdicts, conditions: tuple[str, ...]) -> Table:
    """The cases in which every condition is known; unknown is never read as absent."""
    cases = []
    for item in said.decided:
        known = view.knows(item.company)
        if known.holds.union(known.absent).issuperset(conditions):
            values = tuple(condition in known.holds for condition in conditions)
            cases.append(Case(item.case, values, item.present))
    return Table(conditions, said.outcome, tuple(cases))


def _chosen(view: View, said: Verdicts, single: Mapping[str, Table]) -> tuple[str, ...]:
    """The conditions of the table: those known in most cases, at most six.

    Only conditions that hold in some cases and not in others; a condition that never varies
    explains nothing (Rihoux & De Meur 2009). A further one is taken only if there are three cases
    for each condition: with fewer, chance alone makes patterns (Marx & Duşa 2011, doi
    10.4256/mio.2010.0037; disputed by Thiem & Mkrtchyan, doi 10.1177/1525822X231159458).
    """
    varying = [name for name, table in single.items() if len({c.values for c in table.cases}) > 1]
    chosen: tuple[str, ...] = ()
    for condition in sorted(varying, key=lambda name: (-len(single[name].cases), name)):
        wider = (*chosen, condition)
        if len(wider) > MOST_CONDITIONS:
            break
        if len(_table(view, said, wider).cases) >= CASES_EACH * len(wider):
            chosen = wider
    return chosen


def _factors(single: Mapping[str, Table], decided: int) -> tuple[Factor, ...]:
    found = [
        Factor(
            condition=condition,
            present=present,
            necessity=necessity(table, Literal(condition, present)),
            sufficiency=sufficiency(table, Literal(condition, present)),
            cases=len(table.cases),
            unknown=decided - len(table.cases),
        )
        for condition, table in single.items()
        for present in (True, False)
    ]
    return tuple(sorted(found, key=_rank))


def _rank(factor: Factor) -> tuple[float, float, int, str, bool]:
    """Most consistent first, then most covering; what is not stated comes last."""
    fit = factor.sufficiency
    consistency, coverage = fit.consistency.value, fit.coverage.value
    return (
        1.0 if consistency is None else -consistency,
        1.0 if coverage is None else -coverage,
        -factor.cases,
        factor.condition,
        not factor.present,
    )


def _solutions(table: Table) -> tuple[Solution, Solution]:
    return solution(table, remainders=False), solution(table, remainders=True)
