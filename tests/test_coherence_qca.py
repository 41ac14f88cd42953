"""Crisp-set QCA against a published example, against brute force, and against thin tables.

The example is Lipset's on democracy in Europe between the wars: table and conservative formula of
Rihoux & De Meur, "Crisp-Set Qualitative Comparative Analysis (csQCA)", in Rihoux & Ragin (eds.,
2009), Configurational Comparative Methods, Sage, ISBN 978-1-4129-4235-5, pp. 33-68 (the formula:
p. 57). The figures of fit, the parsimonious formulas and the assumptions are those that the QCA
package of R prints for the same table, its data set LC (Duşa 2019, QCA with R, doi
10.1007/978-3-319-75668-4).
"""

import csv
import io
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4s_graph.coherence import qca
from s4s_graph.coherence.minimise import Implicant, Values, ambiguous, covered, minimise
from s4s_graph.coherence.qca import Case, Literal, Share, Table, negated, rows, solution
from s4s_graph.coherence.qca_csv import case_table, expression, name, truth_table

CONDITIONS = ("DEV", "URB", "LIT", "IND", "STB")
# Per combination of conditions: the countries, and whether democracy survived.
LIPSET = {
    "00000": ("GR PT ES", False),
    "00001": ("IT RO", False),
    "00100": ("HU PL", False),
    "00101": ("EE", False),
    "10101": ("FI IE", True),
    "10110": ("AU", False),
    "10111": ("FR SE", True),
    "11110": ("DE", False),
    "11111": ("BE CZ NL UK", True),
}


def lipset(conditions: int = 5) -> Table:
    """The published table, with all or with the first so many conditions."""
    return Table(
        CONDITIONS[:conditions],
        "SURV",
        tuple(
            Case(country, tuple(value == "1" for value in values[:conditions]), survived)
            for values, (countries, survived) in LIPSET.items()
            for country in countries.split()
        ),
    )


def fits(table: Table, *, remainders: bool, least: int = 1) -> dict[str, tuple[float | None, ...]]:
    """By path: consistency, coverage and unique coverage."""
    found = solution(table, remainders=remainders, least=least)
    return {
        expression(qca.replace(found, terms=(term,))): (
            term.fit.consistency.value,
            term.fit.coverage.value,
            term.unique.value,
        )
        for term in found.terms
    }


def test_the_conservative_solution_is_the_published_one() -> None:
    assert fits(lipset(), remainders=False) == {
        "DEV*LIT*IND*STB": (1.0, 0.75, 0.5),
        "DEV*~URB*LIT*STB": (1.0, 0.5, 0.25),
    }


def test_the_parsimonious_solution_is_the_published_one() -> None:
    found = solution(lipset(), remainders=True, least=1)
    assert expression(found) == "DEV*STB"
    assert found.fit.consistency == Share(8, 8)
    assert found.fit.coverage == Share(8, 8)
    # Rows 18, 20, 26, 28 and 30: the simplifying assumptions.
    assert found.assumptions == 5
    assert not found.ambiguous


def test_the_solutions_of_the_absence_are_the_published_ones() -> None:
    assert set(fits(negated(lipset()), remainders=False)) == {
        "~DEV*~URB*~IND",
        "DEV*LIT*IND*~STB",
    }
    assert fits(negated(lipset()), remainders=True) == {
        "~DEV": (1.0, 0.8, pytest.approx(0.3)),
        "~STB": (1.0, 0.7, pytest.approx(0.2)),
    }


def test_the_truth_table_has_the_published_rows() -> None:
    printed = [
        (row.number, row.out, row.inclusion.n, row.inclusion.value, row.cases)
        for row in rows(lipset(), least=1)
    ]
    assert printed == [
        (1, "0", 3, 0.0, ("ES", "GR", "PT")),
        (2, "0", 2, 0.0, ("IT", "RO")),
        (5, "0", 2, 0.0, ("HU", "PL")),
        (6, "0", 1, 0.0, ("EE",)),
        (22, "1", 2, 1.0, ("FI", "IE")),
        (23, "0", 1, 0.0, ("AU",)),
        (24, "1", 2, 1.0, ("FR", "SE")),
        (31, "0", 1, 0.0, ("DE",)),
        (32, "1", 4, 1.0, ("BE", "CZ", "NL", "UK")),
    ]
    assert len(qca.remainders(lipset())) == 32 - 9


def test_without_stability_two_rows_are_contradictory() -> None:
    found = {row.number: (row.out, row.inclusion) for row in rows(lipset(4))}
    # Austria failed where France and Sweden survived, Germany where four others did.
    assert found[12] == ("C", Share(3, 2))
    assert found[16] == ("C", Share(5, 4))
    assert [row.out for row in rows(lipset(4))].count("C") == 2
    # Only Finland and Ireland are left to explain: too few to say how.
    kept = solution(lipset(4), remainders=False)
    assert (kept.terms, kept.withheld) == ((), 1)
    assert expression(solution(lipset(4), remainders=False, least=1)) == "DEV*~URB*LIT*~IND"


def test_necessity_is_counted_by_hand() -> None:
    # Literate: 8 survivors, and AU, DE, HU, PL, EE, which failed.
    literate = qca.necessity(lipset(), Literal("LIT", True))
    assert (literate.consistency, literate.coverage) == (Share(8, 8), Share(13, 8))
    # Rural: FI, IE, FR and SE survived; the rest of the 13 failed.
    rural = qca.necessity(lipset(), Literal("URB", False))
    assert (rural.consistency, rural.coverage) == (Share(8, 4), Share(13, 4))


def test_sufficiency_is_counted_by_hand() -> None:
    stable = qca.sufficiency(lipset(), Literal("STB", True))
    assert (stable.consistency, stable.coverage) == (Share(11, 8), Share(8, 8))


def test_fewer_than_three_cases_are_counted_and_not_stated() -> None:
    found = {row.number: row for row in rows(lipset())}
    assert (found[22].out, found[22].inclusion, found[22].cases) == ("?", Share(2, None), ())
    assert found[22].inclusion.suppressed
    assert found[22].inclusion.value is None
    assert found[1].out == "0"
    absent = solution(negated(lipset()), remainders=False)
    # DEV*LIT*IND*~STB rests on Austria and Germany only.
    assert (expression(absent), absent.withheld) == ("~DEV*~URB*~IND", 1)


def test_the_case_table_reads_as_r_expects() -> None:
    lines = list(csv.reader(io.StringIO(case_table(lipset()))))
    assert lines[0] == ["case", *CONDITIONS, "SURV"]
    assert lines[1] == ["GR", "0", "0", "0", "0", "0", "0"]
    assert len(lines) == 1 + 18


def test_the_truth_table_is_laid_out_as_r_prints_it() -> None:
    lines = list(csv.reader(io.StringIO(truth_table(lipset(4), least=1))))
    assert lines[0] == ["row", *CONDITIONS[:4], "OUT", "n", "incl", "PRI", "cases"]
    assert lines[4] == ["12", "1", "0", "1", "1", "C", "3", "0.667", "0.667", "AU,FR,SE"]
    suppressed = list(csv.reader(io.StringIO(truth_table(lipset()))))
    assert suppressed[2] == ["2", "0", "0", "0", "0", "1", "?", "2", "-", "-", ""]


def test_names_are_names_in_r() -> None:
    assert name("https://example.org/id/condition/no-hr-function") == "NO_HR_FUNCTION"
    assert name("https://example.org/id/condition/2-jobs") == "X2_JOBS"


@pytest.mark.parametrize("outcomes", [[], [True], [False], [True, False]])
def test_a_table_without_conditions_is_no_failure(outcomes: list[bool]) -> None:
    table = Table((), "O", tuple(Case(str(i), (), value) for i, value in enumerate(outcomes)))
    found = solution(table, remainders=True, least=1)
    assert len(found.terms) == (outcomes == [True])
    assert len(rows(table)) == bool(outcomes)


def test_exchangeable_paths_are_called_ambiguous() -> None:
    # Present where exactly one or two of three hold: a circle of implicants, two shortest covers.
    table = Table(
        ("A", "B", "C"),
        "O",
        tuple(
            Case(str(values), values, 0 < sum(values) < 3)
            for values in product((False, True), repeat=3)
        ),
    )
    found = solution(table, remainders=False, least=1)
    assert len(found.terms) == 3
    assert found.ambiguous


@st.composite
def tables(draw: st.DrawFn, most: int = 5) -> Table:
    """Any table of up to `most` conditions."""
    width = draw(st.integers(1, most))
    values = st.tuples(*[st.booleans()] * width)
    cases = draw(st.lists(st.tuples(values, st.booleans()), max_size=24))
    return Table(
        tuple(f"C{i}" for i in range(width)),
        "O",
        tuple(Case(f"case{i}", *case) for i, case in enumerate(cases)),
    )


def split(table: Table) -> tuple[set[Values], set[Values]]:
    """Rows all of whose cases have the outcome, and all other rows that have a case."""
    lacking = {case.values for case in table.cases if not case.outcome}
    return {case.values for case in table.cases} - lacking, lacking


def implicants(found: qca.Solution, table: Table) -> list[Implicant]:
    """The paths of a solution as implicants."""
    signs = [{item.condition: item.present for item in term.literals} for term in found.terms]
    return [tuple(sign.get(condition) for condition in table.conditions) for sign in signs]


@given(tables())
@settings(deadline=None, max_examples=100)
def test_the_conservative_solution_covers_exactly_the_positive_rows(table: Table) -> None:
    positive, _ = split(table)
    paths = implicants(solution(table, remainders=False, least=1), table)
    every = product((False, True), repeat=len(table.conditions))
    assert {values for values in every if covered(values, paths)} == positive


@given(tables())
@settings(deadline=None, max_examples=100)
def test_the_parsimonious_solution_never_covers_a_negative_row(table: Table) -> None:
    positive, lacking = split(table)
    found = solution(table, remainders=True, least=1)
    paths = implicants(found, table)
    assert all(covered(values, paths) for values in positive)
    assert not any(covered(values, paths) for values in lacking)
    assert len(paths) <= len(solution(table, remainders=False, least=1).terms)
    every = set(product((False, True), repeat=len(table.conditions)))
    assert found.assumptions == sum(covered(values, paths) for values in every - positive - lacking)


@given(tables(), st.integers(1, 4))
@settings(deadline=None, max_examples=100)
def test_shares_lie_between_nought_and_one_or_are_suppressed(table: Table, least: int) -> None:
    found = solution(table, remainders=True, least=least)
    shares = [found.fit.consistency, found.fit.coverage]
    for row in rows(table, least):
        shares.append(row.inclusion)
        assert (row.out == "?") == row.inclusion.suppressed
    for condition in table.conditions:
        fit = qca.necessity(table, Literal(condition, False), least)
        shares += [fit.consistency, fit.coverage]
    for term in found.terms:
        shares += [term.fit.consistency, term.fit.coverage, term.unique]
        assert term.fit.consistency.value == 1.0
        assert len(term.cases) >= least
    for share in shares:
        assert share.suppressed == (share.n < least)
        assert share.value is None or 0 <= share.value <= 1


@given(tables())
@settings(deadline=None, max_examples=60)
def test_new_names_and_another_order_of_cases_change_nothing(table: Table) -> None:
    renamed = Table(
        tuple(f"new-{condition}" for condition in table.conditions),
        "other",
        tuple(Case(f"new-{case.id}", case.values, case.outcome) for case in table.cases[::-1]),
    )
    assert [row.inclusion for row in rows(table)] == [row.inclusion for row in rows(renamed)]
    for remainders in (False, True):
        before = solution(table, remainders=remainders)
        after = solution(renamed, remainders=remainders)
        assert implicants(before, table) == implicants(after, renamed)
        assert before.fit == after.fit


@given(st.integers(1, 3).flatmap(lambda k: st.tuples(*[st.sampled_from("10?")] * 2**k)))
@settings(deadline=None, max_examples=100)
def test_up_to_three_conditions_no_shorter_choice_exists(outputs: tuple[str, ...]) -> None:
    width = len(outputs).bit_length() - 1
    of = dict(zip(product((False, True), repeat=width), outputs, strict=True))
    positive = [values for values, out in of.items() if out == "1"]
    free = [values for values, out in of.items() if out == "?"]
    found = minimise(positive, free)
    best = shortest(of, width)
    assert len(found) == len(best[0])
    assert literals(found) == min(map(literals, best))
    # Of which several count as different only if neither is a narrower form of the other.
    widest = [cover for cover in best if all(prime(item, of, width) for item in cover)]
    assert ambiguous(found, positive, free) == (len(widest) > 1)


def literals(chosen: tuple[Implicant, ...]) -> int:
    """How many literals they have together."""
    return sum(value is not None for implicant in chosen for value in implicant)


def allowed(implicant: Implicant, of: dict[Values, str]) -> bool:
    """Whether it covers no row with output 0."""
    return all(out != "0" for values, out in of.items() if covered(values, [implicant]))


def prime(implicant: Implicant, of: dict[Values, str], width: int) -> bool:
    """Whether no literal can be dropped from it."""
    wider = [(*implicant[:i], None, *implicant[i + 1 :]) for i in range(width)]
    return not any(allowed(item, of) for item in wider if item != implicant)


def shortest(of: dict[Values, str], width: int) -> list[tuple[Implicant, ...]]:
    """Every cover of the fewest implicants, by trying every set of them."""
    possible = [
        implicant
        for implicant in product((False, True, None), repeat=width)
        if allowed(implicant, of)
    ]
    positive = [values for values, out in of.items() if out == "1"]
    for size in range(len(positive) + 1):
        covers = [
            chosen
            for chosen in combinations(possible, size)
            if all(covered(values, chosen) for values in positive)
        ]
        if covers:
            return covers
    raise AssertionError("a row covers itself")


def test_no_path_is_superfluous() -> None:
    # With these outputs of the 32 rows SOPform gives a path that the four others make superfluous.
    outputs = "????1?10?01?01??10??11101?11?110"
    of = dict(zip(product((False, True), repeat=5), outputs, strict=True))
    positive = [values for values, out in of.items() if out == "1"]
    found = minimise(positive, [values for values, out in of.items() if out == "?"])
    assert len(found) == 4
    assert all(covered(values, found) for values in positive)
