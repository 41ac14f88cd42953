"""Crisp-set qualitative comparative analysis (QCA), of any table of cases; no graph here.

Ragin (1987), The Comparative Method; consistency and coverage: Ragin (2008), Redesigning Social
Inquiry, chapter 3. A truth table has a row for each combination of conditions. Rows of which every
case has the outcome are minimised (Quine-McCluskey) to the paths that lead to it.

Nothing is stated that rests on fewer than `least` cases: such a share has no part, such a row no
output, such a path is counted but not shown. How many cases there are is always stated.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal as OneOf

from s4s_graph.coherence.minimise import Implicant, Values, ambiguous, covered, minimise

LEAST = 3

Output = OneOf["1", "0", "C", "?"]  # every case, no case, some cases; not stated


@dataclass(frozen=True)
class Case:
    """A case of which all conditions are known, and whether the outcome appeared."""

    id: str
    values: Values
    outcome: bool


@dataclass(frozen=True)
class Table:
    """The cases; `values` of each are in the order of `conditions`."""

    conditions: tuple[str, ...]
    outcome: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Share:
    """How many of `n` cases; `part` is None, and the share suppressed, if `n` is too small."""

    n: int
    part: int | None

    @property
    def suppressed(self) -> bool:
        """Say whether it rests on too few cases to be stated."""
        return self.part is None

    @property
    def value(self) -> float | None:
        """The share, from 0 to 1; None where suppressed."""
        return None if self.part is None else self.part / self.n


@dataclass(frozen=True)
class Fit:
    """How far cases agree with a claim, and how much of what it is about it accounts for."""

    consistency: Share
    coverage: Share


@dataclass(frozen=True)
class Row:
    """A combination that occurs. `number` counts all combinations from 1, all absent first."""

    number: int
    values: Values
    out: Output
    inclusion: Share
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Literal:
    """A condition, or its absence."""

    condition: str
    present: bool


@dataclass(frozen=True)
class Term:
    """One path: its literals together suffice. Without literals it always does.

    `unique` is the share of the outcome that no other path of the solution covers.
    """

    literals: tuple[Literal, ...]
    fit: Fit
    unique: Share
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Solution:
    """The paths that together cover every case of a row with output 1, and no other row.

    With `remainders`, combinations without any case may be used to shorten it (parsimonious, else
    conservative); `assumptions` is how many it uses. `withheld` paths rest on too few cases to be
    shown. `ambiguous` if another choice of as few paths does as well.
    """

    remainders: bool
    terms: tuple[Term, ...]
    withheld: int
    fit: Fit
    assumptions: int
    ambiguous: bool


def negated(table: Table) -> Table:
    """Return the table that asks when the outcome stays away."""
    return replace(
        table, cases=tuple(replace(case, outcome=not case.outcome) for case in table.cases)
    )


def rows(table: Table, least: int = LEAST) -> tuple[Row, ...]:
    """Return the rows of the truth table that have cases, in the order of their numbers.

    The output is C where cases of one row differ in outcome (a contradictory row), and not stated
    (?) where there are fewer than `least`.
    """
    return tuple(
        _row(values, cases, least) for values, cases in sorted(_combinations(table).items())
    )


def remainders(table: Table) -> frozenset[Values]:
    """Return the logical remainders: combinations that no case shows."""
    seen = {case.values for case in table.cases}
    every = product((False, True), repeat=len(table.conditions))
    return frozenset(values for values in every if values not in seen)


def necessity(table: Table, literal: Literal, least: int = LEAST) -> Fit:
    """Return how far the outcome appears only where the literal holds (Ragin 2008, chapter 3).

    Consistency: the share of cases with the outcome that have the literal. Coverage: the share of
    cases with the literal that have the outcome; low where the condition is trivially common.
    """
    fit = sufficiency(table, literal, least)
    return Fit(consistency=fit.coverage, coverage=fit.consistency)


def sufficiency(table: Table, literal: Literal, least: int = LEAST) -> Fit:
    """Return how far the outcome appears wherever the literal holds (Ragin 2008, chapter 3).

    Consistency: the share of cases with the literal that have the outcome. Coverage: the share of
    cases with the outcome that have the literal.
    """
    implicant = tuple(
        literal.present if condition == literal.condition else None
        for condition in table.conditions
    )
    return _fit(table, [implicant], least)


def solution(table: Table, *, remainders: bool, least: int = LEAST) -> Solution:
    """Return the shortest paths to the outcome: conservative, or parsimonious with remainders.

    Contradictory rows are neither explained nor used, and a combination of one case counts as
    observed: a path never covers a row in which some case lacks the outcome.
    """
    positive, free = _positive(table), _remainders(table, remainders)
    implicants = minimise(positive, free)
    terms = [_term(table, implicant, implicants, least) for implicant in implicants]
    shown = tuple(term for term in terms if not term.fit.consistency.suppressed)
    return Solution(
        remainders=remainders,
        terms=shown,
        withheld=len(terms) - len(shown),
        fit=_fit(table, implicants, least),
        assumptions=sum(covered(values, implicants) for values in free),
        ambiguous=ambiguous(implicants, positive, free),
    )


def _combinations(table: Table) -> Mapping[Values, list[Case]]:
    found: defaultdict[Values, list[Case]] = defaultdict(list)
    for case in table.cases:
        found[case.values].append(case)
    return found


def _positive(table: Table) -> frozenset[Values]:
    return frozenset(
        values
        for values, cases in _combinations(table).items()
        if all(case.outcome for case in cases)
    )


def _remainders(table: Table, used: bool) -> frozenset[Values]:
    return remainders(table) if used else frozenset()


def _row(values: Values, cases: Sequence[Case], least: int) -> Row:
    present = sum(case.outcome for case in cases)
    inclusion = _share(present, len(cases), least)
    out: Output = "1" if present == len(cases) else "C" if present else "0"
    return Row(
        number=1 + sum(2**place for place, value in enumerate(reversed(values)) if value),
        values=values,
        out="?" if inclusion.suppressed else out,
        inclusion=inclusion,
        cases=() if inclusion.suppressed else tuple(sorted(case.id for case in cases)),
    )


def _term(table: Table, implicant: Implicant, implicants: Sequence[Implicant], least: int) -> Term:
    others = [other for other in implicants if other != implicant]
    outcome = [case for case in table.cases if case.outcome]
    alone = [case for case in outcome if not covered(case.values, others)]
    return Term(
        literals=tuple(
            Literal(condition, value)
            for condition, value in zip(table.conditions, implicant, strict=True)
            if value is not None
        ),
        fit=_fit(table, [implicant], least),
        unique=_share(len(alone), len(outcome), least),
        cases=tuple(sorted(case.id for case in table.cases if covered(case.values, [implicant]))),
    )


def _fit(table: Table, implicants: Sequence[Implicant], least: int) -> Fit:
    """The fit of the claim that these implicants suffice."""
    claimed = [case for case in table.cases if covered(case.values, implicants)]
    both = sum(case.outcome for case in claimed)
    outcome = sum(case.outcome for case in table.cases)
    return Fit(_share(both, len(claimed), least), _share(both, outcome, least))


def _share(part: int, n: int, least: int) -> Share:
    return Share(n, part if n >= max(least, 1) else None)
