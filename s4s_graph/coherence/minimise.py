"""Minimises a truth table: the fewest implicants that cover what must be covered.

Quine-McCluskey as sympy has it (SOPform); no graph and no cases here.
"""

from collections.abc import Collection, Sequence
from itertools import product
from typing import Any

Values = tuple[bool, ...]  # of one row: does each condition hold?
Implicant = tuple[bool | None, ...]  # of one path: must it hold, be absent, or either (None)?


def minimise(positive: Collection[Values], free: Collection[Values]) -> tuple[Implicant, ...]:
    """Return the fewest implicants that cover all `positive`, perhaps some `free`, no other row.

    By SOPform of sympy (Quine-McCluskey): its implicants are prime; among them it chooses by
    dominance, else the one that covers most. That choice is the shortest for up to three
    conditions (tested against every choice) and with more nearly always; it can leave a path that
    the others make superfluous, which is taken out here.
    """
    if not positive:
        return ()
    # Here, because it takes half a second to import and few commands need it.
    from sympy import SOPform, symbols

    variables = symbols(f"x:{len(next(iter(positive)))}")
    found = _implicants(SOPform(variables, _minterms(positive), _minterms(free)), variables)
    for implicant in sorted(found, key=_key, reverse=True):
        rest = [other for other in found if other != implicant]
        if all(covered(values, rest) for values in positive):
            found = rest
    return tuple(sorted(found, key=_key))


def covered(values: Values, implicants: Collection[Implicant]) -> bool:
    """Say whether a row is in the reach of at least one of the implicants."""
    return any(
        all(wanted in (None, value) for wanted, value in zip(implicant, values, strict=True))
        for implicant in implicants
    )


def ambiguous(
    implicants: Sequence[Implicant], positive: Collection[Values], free: Collection[Values]
) -> bool:
    """Say whether another choice of as few implicants does as well: without some one of these.

    A narrower form of one of these is no other choice. Such data support several solutions
    equally; see Baumgartner & Thiem (2017), Model Ambiguities in Configurational Comparative
    Research, doi 10.1177/0049124115610351.
    """
    allowed, wanted = frozenset([*positive, *free]), frozenset(positive)
    width = len(implicants[0]) if implicants else 0
    possible = [
        reach
        for candidate in product((False, True, None), repeat=width)
        if (reach := _reach(candidate)) <= allowed
    ]
    return any(
        _coverable(wanted, _widest(wanted, possible, _reach(implicant)), len(implicants))
        for implicant in implicants
    )


def _widest(
    wanted: frozenset[Values], possible: Sequence[frozenset[Values]], without: frozenset[Values]
) -> list[frozenset[Values]]:
    """What the implicants cover of the wanted rows, if they are not within one; widest only."""
    covers = {reach & wanted for reach in possible if not reach <= without}
    return [cover for cover in covers if not any(cover < other for other in covers)]


def _coverable(wanted: frozenset[Values], covers: Sequence[frozenset[Values]], budget: int) -> bool:
    """Say whether so few of these cover all wanted rows: tried from the row with least choice."""
    if not wanted:
        return True
    if budget * max((len(cover & wanted) for cover in covers), default=0) < len(wanted):
        return False
    row = min(wanted, key=lambda values: sum(values in cover for cover in covers))
    return any(_coverable(wanted - cover, covers, budget - 1) for cover in covers if row in cover)


def _minterms(combinations: Collection[Values]) -> list[list[int]]:
    return [[int(value) for value in values] for values in sorted(combinations)]


def _implicants(expression: Any, variables: Sequence[Any]) -> list[Implicant]:
    """Return the terms of a sum of products as implicants; sympy has no types."""
    from sympy import And, Not, Or

    found = []
    for term in Or.make_args(expression):
        # The constant true has no symbols: an implicant that leaves everything open.
        literals = [part for part in And.make_args(term) if part.free_symbols]
        signs = {next(iter(part.free_symbols)): not isinstance(part, Not) for part in literals}
        found.append(tuple(signs.get(variable) for variable in variables))
    return found


def _key(implicant: Implicant) -> tuple[int, ...]:
    return tuple(2 if value is None else 1 - value for value in implicant)


def _reach(implicant: Implicant) -> frozenset[Values]:
    options = [(False, True) if value is None else (value,) for value in implicant]
    return frozenset(product(*options))
