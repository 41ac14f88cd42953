"""The stored questions: answers on the tiny graph, rows on the shipped data, and their style."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from s4s_graph import release
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.questions import Question, load
from s4s_graph.store import Answer, Iri, Store, Term

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "ontology/questions"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.rq"))}
# A second answer to the same question, with other parameters, is called {name}--{what it shows}.
EXPECTED = sorted((ROOT / "tests/questions").glob("*.csv"))
COMPETENCY = {
    "interventions-of-holder",
    "what-works-for-whom",
    "where-it-fails",
    "fits-company",
    "missing-conditions",
    "evidence-for-configuration",
    "theory-history",
    "version-changes",
    "skills-developed",
    "costs",
    "demi-regularities",
    "shared-responses",
    "contradicting-cases",
    "thin-evidence",
    "coverage-size-class",
    "hand-offs",
    "chains",
    "gaps",
    "overlaps",
    "coverage-actor-step",
    "conflicts",
    "order-in-practice",
    "unmet-skill-demand",
    "policy-goals",
    "agreements-needed",
}


@pytest.fixture(scope="module")
def questions(tiny_release: Path) -> dict[str, Question]:
    forms = Forms.from_json((tiny_release / release.FORMS).read_text(encoding="utf-8"))
    return load(FOLDER, forms)


@pytest.fixture(scope="module")
def tiny(tiny_release: Path) -> Store:
    return Store.open(tiny_release, memory_quads=1_000_000)


@pytest.fixture(scope="module")
def shipped(shipped_release: Path) -> Store:
    return Store.open(shipped_release, memory_quads=1_000_000)


def ask(store: Store, question: Question, values: dict[str, str] | None = None) -> Answer:
    given = dict(values or {})
    lang = given.pop("lang", "nl")
    return store.answer(question.text, **question.bind(given, lang, BASE))


def written(term: Term | None, prefixes: dict[str, str]) -> str:
    """Return a term as the expected answers write it: segment/slug, prefix:name, or its text."""
    if not isinstance(term, Iri):
        return term.value if term else ""
    if term.value.startswith(f"{BASE}id/"):
        return term.value.removeprefix(f"{BASE}id/")
    for name, namespace in prefixes.items():
        if term.value.startswith(namespace):
            return f"{name}:{term.value.removeprefix(namespace)}"
    return term.value


def worked_out(path: Path) -> tuple[dict[str, str], list[list[str]]]:
    """Return the parameters and the rows, the header first, of an expected answer."""
    lines = path.read_text(encoding="utf-8").splitlines()
    values = {}
    if lines[0].startswith("# params: "):
        pairs = lines.pop(0).removeprefix("# params: ").split()
        values = dict(pair.split("=", 1) for pair in pairs)
    return values, list(csv.reader(lines))


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_a_question_gives_the_answer_that_was_worked_out_by_hand(
    path: Path, questions: dict[str, Question], tiny: Store
) -> None:
    question = questions[path.stem.partition("--")[0]]
    values, expected = worked_out(path)
    answer = ask(tiny, question, values)
    shown = [answer.columns.index(name) for name in question.columns]
    rows = [[written(row[i], tiny.prefixes) for i in shown] for row in answer.rows]
    assert [list(question.columns), *rows] == expected


def test_every_question_has_an_expected_answer_and_every_answer_a_question() -> None:
    assert {path.stem.partition("--")[0] for path in EXPECTED} == TEXTS.keys()


def test_the_competency_questions_are_all_there() -> None:
    assert len(COMPETENCY) == 25
    assert TEXTS.keys() >= COMPETENCY
    assert [name for name in COMPETENCY if re.search(r"tags: .*\bcheck\b", TEXTS[name])] == []


@pytest.mark.parametrize("name", TEXTS)
def test_a_question_has_rows_on_the_shipped_data_unless_it_is_a_check(
    name: str, questions: dict[str, Question], shipped: Store
) -> None:
    is_check = "check" in questions[name].tags
    assert bool(ask(shipped, questions[name]).rows) is not is_check


@pytest.mark.parametrize("name", TEXTS)
def test_no_two_rows_tie_so_that_the_order_is_the_same_every_time(
    name: str, questions: dict[str, Question], shipped: Store
) -> None:
    question = questions[name]
    keys = re.findall(r"\?(\w+)", question.text.rpartition("ORDER BY")[2])
    answer = ask(shipped, question)
    places = [answer.columns.index(key) for key in keys]
    counts = Counter(tuple(row[i] for i in places) for row in answer.rows)
    assert [key for key, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        (r"(?i)\bPREFIX\b", "leave prefixes to s4s_graph/namespaces.py"),
        (r"(?i)\bSELECT\s+(DISTINCT\s+)?\*", "name the variables that are wanted"),
        (r"!=", "use !sameTerm(…), which is quicker"),
        (r"(?i)(?<!\?)\b(FROM|GRAPH|SERVICE)\b", "ask the union of all graphs"),
        (r"<[a-z]+:", "write a prefixed name"),
    ],
)
@pytest.mark.parametrize("name", TEXTS)
def test_a_question_keeps_to_the_style(name: str, pattern: str, instead: str) -> None:
    assert not re.search(pattern, query(name)), instead


@pytest.mark.parametrize("name", TEXTS)
def test_a_question_ends_with_an_order_and_a_limit(name: str) -> None:
    assert re.search(r"\nORDER BY [^{}]+\nLIMIT 1000\n$", TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_a_parameter_is_used_where_the_store_can_fill_it_in(
    name: str, questions: dict[str, Question]
) -> None:
    # A sub-select sees the value only of what it selects, and BOUND never holds for it.
    unbound = re.findall(r"BOUND\(.*?\)", query(name))
    for param in questions[name].params:
        variable = re.compile(rf"\?{param.name}\b")
        blind = [text for text in sub_selects(query(name)) if not variable.search(selected(text))]
        assert [text for text in (*blind, *unbound) if variable.search(text)] == []


def selected(text: str) -> str:
    """Return what stands between the first SELECT of a text and its WHERE."""
    return text.partition("SELECT")[2].partition("WHERE")[0]


def query(name: str) -> str:
    """Return a question without its header and comments."""
    return "\n".join(line for line in TEXTS[name].splitlines() if not line.lstrip().startswith("#"))


def sub_selects(text: str) -> list[str]:
    """Return each group of a query that starts with SELECT, up to its closing brace."""
    found = []
    for start in re.finditer(r"\{\s*SELECT\b", text):
        depth = 0
        for end in range(start.start(), len(text)):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            if depth == 0:
                found.append(text[start.start() : end])
                break
    return found


def test_a_sub_select_is_found_to_its_closing_brace() -> None:
    text = "SELECT ?a { { SELECT ?b { ?b ?c ?d } } ?a ?e ?f }"
    assert sub_selects(text) == ["{ SELECT ?b { ?b ?c ?d } "]
