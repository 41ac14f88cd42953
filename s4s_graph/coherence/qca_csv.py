"""Tables of cases and truth tables for the QCA package of R (Duşa 2019, QCA with R).

`data <- read.csv("cases.csv", row.names = 1)` gives what `truthTable(data, outcome = "…")` and
`minimize` read. A truth table is laid out as R prints it with `incl.cut = c(1, 0.01)`, so that a
contradictory row has output C. R makes no truth table of a single condition.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence

from s4s_graph.coherence.qca import LEAST, Row, Share, Solution, Table, Term, rows
from s4s_graph.coherence.read import slug


def name(iri: str) -> str:
    """Return a name that R accepts: capitals, digits and underscores, a letter first."""
    plain = re.sub(r"[^A-Z0-9]", "_", slug(iri).upper())
    return plain if plain[:1].isalpha() else f"X{plain}"


def case_table(table: Table) -> str:
    """Return the table of 0 and 1, one row a case, the outcome last, as CSV."""
    return _csv(
        ["case", *map(name, table.conditions), name(table.outcome)],
        ([slug(case.id), *map(int, case.values), int(case.outcome)] for case in table.cases),
    )


def truth_table(table: Table, least: int = LEAST) -> str:
    """Return the rows that have cases as CSV.

    A row of fewer than `least` cases has output ? and no inclusion, as with `n.cut = least`. The
    proportional reduction in inconsistency (PRI) is the inclusion itself where sets are crisp.
    """
    return _csv(
        ["row", *map(name, table.conditions), "OUT", "n", "incl", "PRI", "cases"],
        map(_cells, rows(table, least)),
    )


def expression(solution: Solution, named: Callable[[str], str] = name) -> str:
    """Return the paths that are shown in the notation of R: `A*~B + C`; nothing if none is."""
    return " + ".join(_product(term, named) for term in solution.terms)


def _product(term: Term, named: Callable[[str], str]) -> str:
    literals = [("" if item.present else "~") + named(item.condition) for item in term.literals]
    return "*".join(literals) or "1"


def _cells(row: Row) -> list[str | int]:
    inclusion = _inclusion(row.inclusion)
    cases = ",".join(map(slug, row.cases))
    return [
        row.number,
        *map(int, row.values),
        row.out,
        row.inclusion.n,
        inclusion,
        inclusion,
        cases,
    ]


def _inclusion(share: Share) -> str:
    return "-" if share.value is None else f"{share.value:.3f}"


def _csv(header: Sequence[str], lines: Iterable[Sequence[str | int]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return text.getvalue()
