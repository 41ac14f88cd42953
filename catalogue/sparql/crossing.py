"""A matrix of an answer: its first two columns that are no numbers, against each other."""

import re
from collections.abc import Iterable

from markupsafe import Markup

from catalogue.page import Page
from catalogue.picturing import grid
from catalogue.sparql.charted import Cell, Chart, Crossed
from catalogue.sparql.results import Answered, number, written
from s4s_graph.store import Term

ROWS, COLUMNS = 60, 24  # that can still be read
Pair = tuple[Term, Term]


def matrix(page: Page, found: Answered, title: str, *, literal: bool) -> Chart | None:
    """Return the matrix: a table for a page, with `literal` drawn for a file of its own.

    A cell has the first number of its row, or the sum where there are several rows for it; without
    a number it counts the rows. None where there are no two columns to cross.
    """
    measure = found.measure
    if len(found.others) < 2:
        return None
    down, across = found.others[:2]
    # What was invented is never added to what was not, and counts only where it is all.
    real, made_up = _sums(found, measure, down, across)
    sums = {**made_up, **real}
    lines = _ordered(found, {one for one, _ in sums})
    columns = _ordered(found, {other for _, other in sums})
    most = max(sums.values(), default=0) or 1

    def cell(pair: Pair) -> Cell:
        value = sums.get(pair)
        said = "" if value is None else written(value, page.lang)
        return Cell(value, said, (value or 0) / most, pair not in real)

    crossed = Crossed(
        found.headings[down],
        tuple(map(found.value, columns[:COLUMNS])),
        tuple(
            (found.value(one), tuple(cell((one, other)) for other in columns[:COLUMNS]))
            for one in lines[:ROWS]
        ),
    )
    heading = found.headings[across] if measure is None else found.headings[measure]
    svg = _drawn(page, found, crossed, title, heading, lines) if literal else None
    shown = len(crossed.lines) * len(crossed.across)
    return Chart(heading, svg, shown, len(lines) * len(columns), crossed)


def _sums(
    found: Answered, measure: int | None, down: int, across: int
) -> tuple[dict[Pair, float], dict[Pair, float]]:
    """Return the number of each pair, of what was not invented and of what was."""
    sums: tuple[dict[Pair, float], dict[Pair, float]] = ({}, {})
    for row, invented in zip(found.rows, found.illustrative, strict=True):
        one, other = row[down], row[across]
        value = 1.0 if measure is None else number(row[measure])
        if one is not None and other is not None and value is not None:
            of = sums[invented]
            of[one, other] = of.get((one, other), 0) + value
    return sums


def _ordered(found: Answered, terms: Iterable[Term]) -> list[Term]:
    """Return terms in the order of their names; what starts with a number, by that number."""

    def place(term: Term) -> tuple[float, str]:
        name = found.value(term).text.casefold()
        first = re.match(r"\D{0,2}(\d+)", name)
        return (int(first[1]) if first else float("inf"), name)

    return sorted(terms, key=lambda term: (*place(term), term.value))


def _drawn(
    page: Page, found: Answered, crossed: Crossed, title: str, heading: str, lines: list[Term]
) -> Markup:
    addresses = [found.address(term, literal=True) or "" for term in lines]
    rows = [
        (name.text, address, [_square(cell) for cell in cells])
        for (name, cells), address in zip(crossed.lines, addresses, strict=False)
    ]
    gettext = page.words.gettext
    legend = [("", "one-supported", heading)]
    if crossed.invented:
        legend.append(("( )", "example", gettext("an invented example")))
    return grid.drawn(title, heading, [name.text for name in crossed.across], rows, legend)


def _square(cell: Cell) -> tuple[str, str]:
    shade = {"white": "none", "both-supported": "one-supported"}.get(cell.shade, cell.shade)
    return (f"({cell.written})" if shade == "example" else cell.written), shade
