"""Critical success factors and demi-regularities: on paper, on made-up worlds, on thin input."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coherence_qca import CONDITIONS, LIPSET

from s4s_graph import release
from s4s_graph.coherence import cases, qca_csv, read, success_method
from s4s_graph.coherence.cases import Records, Verdict
from s4s_graph.coherence.model import (
    Company,
    Condition,
    Configuration,
    Direction,
    Finding,
    Valence,
    World,
    valid,
)
from s4s_graph.coherence.qca import Share
from s4s_graph.coherence.read import slug
from s4s_graph.coherence.regularities import regularities
from s4s_graph.coherence.success import Success, named, success, success_of
from s4s_graph.coherence.view import View
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.questions import load
from s4s_graph.store import Store


@pytest.fixture(scope="module")
def store(tiny_release: Path) -> Store:
    return Store.open(tiny_release, memory_quads=1_000_000)


@pytest.fixture(scope="module")
def tiny(store: Store) -> View:
    return View(valid(read.world(store), None), "interventions")


@pytest.fixture(scope="module")
def records(store: Store) -> Records:
    return cases.records(store)


def condition(name: str) -> str:
    """The IRI of a condition of the tiny graph."""
    return f"{BASE}id/condition/{name}"


# The tiny graph, worked out in tests/tiny/README.md


def test_tiny_cases_speak_of_three_outcomes(tiny: View, records: Records) -> None:
    found = {
        slug(outcome): [(slug(item.case), item.present) for item in said.decided]
        for outcome, said in cases.verdicts(tiny, records, illustrative=True).items()
    }
    assert found == {
        "concrete-leerwens": [("casus-a-2025", True)],
        "leiding-steunt": [("casus-b-2024", False)],
        "vakmanschap": [("casus-a-2025", True), ("casus-c-2025", False)],
    }
    assert cases.verdicts(tiny, records, illustrative=False) == {}


def test_tiny_factors_are_counted_and_suppressed(tiny: View, records: Records) -> None:
    found = success(tiny, records, illustrative=True)
    assert [slug(item.outcome) for item in found] == [
        "vakmanschap",
        "concrete-leerwens",
        "leiding-steunt",
    ]
    factors = {(slug(item.condition), item.present): item for item in found[0].factors}
    assert {name: (item.cases, item.unknown) for (name, _), item in factors.items()} == {
        "werkdruk": (2, 0),
        "leerwens": (1, 1),
        "leiding-steunt": (1, 1),
    }
    # Only at A was the workload low, and only there the outcome appeared.
    low = factors["werkdruk", False]
    assert low.sufficiency.consistency == Share(1, None)
    assert low.necessity.coverage.suppressed
    assert found[0].table.conditions == ()


def test_tiny_table_of_a_chosen_condition(tiny: View, records: Records) -> None:
    chosen = (condition("werkdruk"),)
    found = success_of(tiny, records, condition("vakmanschap"), True, chosen)
    assert qca_csv.case_table(found.table) == (
        "case,WERKDRUK,VAKMANSCHAP\ncasus-a-2025,0,1\ncasus-c-2025,1,0\n"
    )
    assert [(row.out, row.inclusion.n) for row in found.rows] == [("?", 1), ("?", 1)]
    assert [(item.terms, item.withheld) for item in found.present] == [((), 1), ((), 1)]


def test_tiny_regularities_agree_with_the_question(
    tiny: View, records: Records, store: Store, tiny_release: Path, root: Path
) -> None:
    forms = Forms.from_json((tiny_release / release.FORMS).read_text(encoding="utf-8"))
    question = load(root / "ontology/questions", forms)["demi-regularities"]
    answer = store.answer(question.text, **question.bind({"at_least": "1"}, "nl", BASE))
    asked = {
        tuple(slug(cell.value).rpartition("#")[2] for cell in row[:4] if cell): int(row[4].value)
        for row in answer.rows
        if row[4]
    }
    # The question counts both sides together, here they are apart.
    counted: dict[tuple[str, ...], int] = {}
    for illustrative in (True, False):
        for item in regularities(tiny, records, illustrative, at_least=1):
            role = f"has{item.role.capitalize()}"
            key = (slug(item.context), role, slug(item.consequence), item.valence)
            counted[key] = counted.get(key, 0) + len(item.configurations)
    assert counted == asked
    assert counted["leerwens", "hasOutcome", "vakmanschap", "beoogd"] == 2


def test_tiny_regularities_never_mix_the_sides(tiny: View, records: Records) -> None:
    for illustrative in (True, False):
        found = regularities(tiny, records, illustrative, at_least=1)
        assert found
        for item in found:
            statuses = {status for status, _ in item.statuses}
            assert statuses == ({"illustrative"} if illustrative else {"reported"})
            assert sum(n for _, n in item.subjects) == len(item.configurations)
    # c04 is made up, c09 reported: neither side has two.
    assert regularities(tiny, records, True, at_least=2) == ()


def test_shipped_reported_patterns_come_out(shipped_release: Path) -> None:
    shipped = Store.open(shipped_release, memory_quads=1_000_000)
    view = View(valid(read.world(shipped), None), "kinds")
    known = cases.records(shipped)
    found = regularities(view, known, illustrative=False)
    assert found
    assert all(len(item.configurations) >= 3 for item in found)
    for item in success(view, known, illustrative=True):
        assert item == success_of(view, known, item.outcome, True)
        assert len(item.table.conditions) * 3 <= max(len(item.table.cases), 3)


# Small worlds


def world(
    configurations: Mapping[str, tuple[Valence, tuple[str, ...]]],
    companies: Mapping[str, Mapping[str, bool]],
    said: Mapping[str, tuple[str, str, Direction]],
    *,
    conditions: tuple[Condition, ...] = (),
) -> World:
    """A world about the outcome `o`; `said`: by finding the case, configuration and direction."""
    needs = {name for _, names in configurations.values() for name in names}
    found = {name: Condition(name) for name in [*sorted(needs), "o"]}
    found.update({item.id: item for item in conditions})
    no = frozenset[str]()
    return World(
        conditions=found,
        configurations={
            name: Configuration(name, "i", frozenset(needed), no, frozenset({"o"}), no, valence)
            for name, (valence, needed) in configurations.items()
        },
        interventions={},
        kinds={},
        companies={
            name: Company(
                name,
                holds=frozenset(key for key, value in values.items() if value),
                lacks=frozenset(key for key, value in values.items() if not value),
            )
            for name, values in companies.items()
        },
        deployments=frozenset(),
        findings={
            name: Finding(name, configuration, direction, case.removeprefix("case-"), 2025, True)
            for name, (case, configuration, direction) in said.items()
        },
        relations={},
        actors=(),
        steps=(),
        sizes=(),
        goals=(),
    )


def known(said: World, **statuses: str) -> Records:
    """The records that go with a small world: one case a company, everything made up."""
    return Records(
        cases={name: f"case-{item.company}" for name, item in said.findings.items()},
        statuses=dict.fromkeys(said.configurations, "illustrative") | statuses,
        responses={},
    )


def analysed(said: World, **statuses: str) -> Success:
    """What the cases of a small world say of its outcome."""
    return success_of(View(said, "interventions"), known(said, **statuses), "o", illustrative=True)


def test_the_published_example_comes_out_of_a_graph() -> None:
    companies = {
        country: {name: value == "1" for name, value in zip(CONDITIONS, values, strict=True)}
        for values, (countries, _) in LIPSET.items()
        for country in countries.split()
    }
    survived = {
        country for countries, yes in LIPSET.values() if yes for country in countries.split()
    }
    found = analysed(
        world(
            {"k": ("beoogd", CONDITIONS)},
            companies,
            {
                f"f-{country}": (
                    f"case-{country}",
                    "k",
                    "supports" if country in survived else "contradicts",
                )
                for country in companies
            },
        )
    )
    assert found.cases == 18
    assert found.table.conditions == tuple(sorted(CONDITIONS))
    conservative, parsimonious = found.present
    assert qca_csv.expression(conservative) == "DEV*IND*LIT*STB + DEV*LIT*STB*~URB"
    assert qca_csv.expression(parsimonious) == "DEV*STB"
    # Nobody survived without it: 8 of 8, and 10 were developed.
    best = next(item for item in found.factors if item.condition == "DEV" and item.present)
    assert best.necessity.consistency == Share(8, 8)
    assert best.sufficiency.consistency == Share(10, 8)


@pytest.mark.parametrize(
    ("valence", "direction", "expected"),
    [
        ("beoogd", "supports", [True]),
        ("beoogd", "contradicts", [False]),
        ("onbedoeld-gunstig", "supports", [True]),
        ("uitblijvend", "supports", [False]),
        ("uitblijvend", "contradicts", [True]),
        ("averechts", "supports", []),
        ("beoogd", "refines", []),
    ],
)
def test_what_a_finding_says_of_the_outcome(
    valence: Valence, direction: Direction, expected: list[bool]
) -> None:
    said = world({"k": (valence, ())}, {"a": {}}, {"f": ("case-a", "k", direction)})
    found = cases.verdicts(View(said, "interventions"), known(said), illustrative=True)
    assert [item.present for each in found.values() for item in each.decided] == expected


def test_a_case_that_says_both_is_left_out_and_counted() -> None:
    said = world(
        {"k": ("beoogd", ()), "l": ("uitblijvend", ())},
        {"a": {}, "b": {}},
        {
            "f": ("case-a", "k", "supports"),
            "g": ("case-a", "l", "supports"),
            "h": ("case-b", "k", "supports"),
        },
    )
    found = analysed(said)
    assert (found.cases, found.conflicting) == (1, 1)
    assert cases.verdicts(View(said, "kinds"), known(said), True)["o"].decided == (
        Verdict("case-b", "b", True),
    )


def test_unknown_is_never_read_as_absent() -> None:
    companies = {"a": {"c": True}, "b": {"c": True}, "d": {"c": False}, "e": {}, "f": {}}
    found = analysed(
        world(
            {"k": ("beoogd", ("c",))},
            companies,
            {f"f-{name}": (f"case-{name}", "k", "supports") for name in companies},
        )
    )
    assert (found.cases, found.unknown, len(found.table.cases)) == (5, 2, 3)
    assert {(item.cases, item.unknown) for item in found.factors} == {(3, 2)}


def test_a_company_that_contradicts_itself_is_unknown() -> None:
    said = world(
        {"k": ("beoogd", ("c",))},
        {"a": {"c": True, "d": True}},
        {"f": ("case-a", "k", "supports")},
        conditions=(Condition("d", opposes=frozenset({"c"})),),
    )
    assert {(item.cases, item.unknown) for item in analysed(said).factors} == {(0, 1)}


def test_what_is_narrower_than_the_outcome_does_not_explain_it() -> None:
    said = world(
        {"k": ("beoogd", ("c", "o", "narrow"))},
        {},
        {},
        conditions=(Condition("narrow", broader=frozenset({"o"})),),
    )
    view = View(said, "interventions")
    assert named(view, known(said), "o", illustrative=True) == {"c"}
    # A configuration of the other side names nothing.
    assert named(view, known(said, k="reported"), "o", illustrative=True) == frozenset()


def test_a_condition_that_never_varies_is_counted_but_not_in_the_table() -> None:
    companies = {
        name: {"always": True, "sometimes": name < "c"} for name in ("a", "b", "c", "d", "e", "f")
    }
    found = analysed(
        world(
            {"k": ("beoogd", ("always", "sometimes"))},
            companies,
            {f"f-{name}": (f"case-{name}", "k", "supports") for name in companies},
        )
    )
    assert found.table.conditions == ("sometimes",)
    assert {item.condition for item in found.factors} == {"always", "sometimes"}


def test_there_are_three_cases_for_each_condition_of_the_table() -> None:
    companies = {name: {"c": name < "c", "d": name > "a"} for name in ("a", "b", "c", "d", "e")}
    found = analysed(
        world(
            {"k": ("beoogd", ("c", "d"))},
            companies,
            {f"f-{name}": (f"case-{name}", "k", "supports") for name in companies},
        )
    )
    assert found.table.conditions == ("c",)


def test_more_than_six_conditions_are_refused() -> None:
    said = world({}, {}, {})
    with pytest.raises(ValueError, match="at most 6"):
        success_of(View(said, "kinds"), known(said), "o", True, tuple("abcdefg"))


@pytest.mark.parametrize("circle", [(), (Condition("c", broader=frozenset({"c", "o"})),)])
def test_nothing_known_is_an_answer(circle: tuple[Condition, ...]) -> None:
    said = world({"k": ("beoogd", ("c",))}, {}, {}, conditions=circle)
    found = analysed(said)
    assert (found.cases, found.rows, found.table.cases) == (0, (), ())
    assert [item.terms for item in (*found.present, *found.absent)] == [()] * 4
    assert success(View(said, "interventions"), known(said), illustrative=True) == ()


worlds = st.builds(
    world,
    st.just({"k": ("beoogd", ("p", "q")), "l": ("uitblijvend", ("r",))}),
    st.fixed_dictionaries(
        {
            name: st.dictionaries(st.sampled_from("pqr"), st.booleans(), max_size=3)
            for name in "abcdefgh"
        }
    ),
    st.dictionaries(
        st.sampled_from([f"f{i}" for i in range(16)]),
        st.tuples(
            st.sampled_from([f"case-{name}" for name in "abcdefgh"]),
            st.sampled_from("kl"),
            st.sampled_from(["supports", "contradicts", "refines"]),
        ),
    ),
)


@given(worlds)
@settings(deadline=None, max_examples=100)
def test_factors_equal_a_count_by_hand(said: World) -> None:
    outcomes: dict[str, set[bool]] = {}
    for finding in said.findings.values():
        if finding.direction != "refines" and finding.company:
            yes = (finding.configuration == "k") == (finding.direction == "supports")
            outcomes.setdefault(finding.company, set()).add(yes)
    decided = {name: True in values for name, values in outcomes.items() if len(values) == 1}
    found = analysed(said)
    assert (found.cases, found.conflicting) == (len(decided), len(outcomes) - len(decided))
    for factor in found.factors:
        having = [
            decided[name]
            for name in decided
            if factor.condition
            in (said.companies[name].holds if factor.present else said.companies[name].lacks)
        ]
        share = factor.sufficiency.consistency
        assert share.n == len(having)
        assert share.part == (sum(having) if len(having) >= 3 else None)


@given(worlds, st.permutations("abcdefgh"))
@settings(deadline=None, max_examples=60)
def test_new_names_of_companies_and_findings_change_nothing(said: World, names: list[str]) -> None:
    new = dict(zip("abcdefgh", names, strict=True))
    renamed = world(
        {"k": ("beoogd", ("p", "q")), "l": ("uitblijvend", ("r",))},
        {
            new[name]: dict.fromkeys(item.holds, True) | dict.fromkeys(item.lacks, False)
            for name, item in said.companies.items()
        },
        {
            f"new-{name}": (f"case-{new[item.company]}", item.configuration, item.direction)
            for name, item in said.findings.items()
            if item.company
        },
    )
    one, other = analysed(said), analysed(renamed)
    assert one.factors == other.factors
    assert one.table.conditions == other.table.conditions
    assert [row.inclusion for row in one.rows] == [row.inclusion for row in other.rows]
    assert [item.fit for item in one.present] == [item.fit for item in other.present]
    assert list(map(qca_csv.expression, one.absent)) == list(map(qca_csv.expression, other.absent))


def test_every_notion_has_a_text_in_both_languages() -> None:
    ids = [note.id for note in success_method.METHOD]
    assert len(set(ids)) == len(ids)
    assert {
        "consistency",
        "coverage",
        "necessity",
        "sufficiency",
        "contradictory-row",
        "suppression",
    } <= set(ids)
    for note in success_method.METHOD:
        assert note.text.nl != note.text.en
