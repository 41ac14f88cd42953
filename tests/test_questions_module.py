"""Reading question files: what is wrong in one is said before anybody asks it."""

import re
from pathlib import Path

import pytest
import yaml

from s4s_graph.forms import Forms, read
from s4s_graph.namespaces import BASE
from s4s_graph.questions import Param, Question, QuestionError, ValueRefusedError, load
from s4s_graph.settings import Settings
from s4s_graph.store import Iri, Literal

XSD = "http://www.w3.org/2001/XMLSchema#"
HEADER = """\
#+ summary: Interventions of a year
#+ title:
#+   nl: Welke interventies?
#+   en: Which interventions?
#+ why:
#+   nl: Om te weten.
#+   en: To know.
#+ tags: [micro]
#+ params:
#+   company: {type: company, default: any}
#+   at_least: {type: integer, default: 2}
#+   year: {type: year}
#+   lang: {type: lang}
#+ columns:
#+   count: {nl: Aantal, en: Number}
#+   intervention: {nl: Interventie, en: Intervention}
#+ view: table
"""
QUERY = """\
SELECT ?intervention ?count ?company ?at_least ?year ?lang
WHERE { ?intervention a s4s:Intervention . BIND(1 AS ?count) }
"""


@pytest.fixture(scope="module")
def forms() -> Forms:
    return read(Settings().shapes, BASE)


def loaded(folder: Path, forms: Forms, content: str, name: str = "which-ones") -> Question:
    (folder / f"{name}.rq").write_text(content, encoding="utf-8")
    return load(folder, forms)[name]


@pytest.fixture
def question(tmp_path: Path, forms: Forms) -> Question:
    return loaded(tmp_path, forms, HEADER + QUERY)


def test_a_question_has_the_words_of_its_header(question: Question) -> None:
    assert question.name == "which-ones"
    assert question.title.of("en") == "Which interventions?"
    assert question.params[:2] == (
        Param("company", "company", "any"), Param("at_least", "integer", "2"),
    )  # fmt: skip
    # In the order of the header, which is the order to show them in.
    assert list(question.columns) == ["count", "intervention"]
    assert question.text == QUERY


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("summary: Interv", "sumary: Interv", "unknown keys: sumary"),
        ("#+ view: table\n", "", "lacks view"),
        ("view: table", "view: pie", "view is 'pie'; use one of table, bar"),
        ("#+   en: Which interventions?\n", "", "title must have nl and en"),
        ("nl: Om te weten.", "nl: [1]", "why, nl, must be a text"),
        ("tags: [micro]", "tags: micro", "tags must be a list"),
        ("?count ?company", "?company", "columns that are not selected: count"),
        ("?company ?at", "?at", "parameters that are not selected: company"),
        ("{type: company, default: any}", "{type: firm}", "type 'firm'; use one of lang, integer"),
        ("{type: company, default: any}", "company", "parameter company must have a type"),
        ("{type: integer, default: 2}", "{type: integer, default: two}", "give a whole number"),
        ("default: any", "default: Any One", "give the id of a company"),
        ("SELECT", "SELEKT", "which-ones.rq: error at 18:1"),
        ("WHERE {", "WHERE { ?s nothing:like ?this .", "error at 19:"),
        ("SELECT ?intervention ?count ?company ?at_least ?year ?lang", "ASK", "only SELECT"),
        ("#+ title:", "#+ title: [", "which-ones.rq: while parsing"),
        (HEADER, "", "the header must be a mapping"),
    ],
)
def test_a_wrong_file_is_refused(
    tmp_path: Path, forms: Forms, old: str, new: str, said: str
) -> None:
    assert old in HEADER + QUERY
    with pytest.raises(QuestionError, match=r"^which-ones\.rq: ") as error:
        loaded(tmp_path, forms, (HEADER + QUERY).replace(old, new))
    assert said in str(error.value)


def test_a_file_name_is_an_address(tmp_path: Path, forms: Forms) -> None:
    with pytest.raises(QuestionError, match="file name"):
        loaded(tmp_path, forms, HEADER + QUERY, name="Which_ones")


def test_values_become_terms(question: Question) -> None:
    given = {"company": "bedrijf-a", "year": "2024", "at_least": "3"}
    assert question.bind(given, "nl", "https://example.org/") == {
        "company": Iri("https://example.org/id/company/bedrijf-a"),
        "at_least": Literal("3", None, XSD + "integer"),
        "year": Literal("2024", None, XSD + "gYear"),
        "lang": Literal("nl", None, XSD + "string"),
    }


def test_what_is_not_given_has_its_default(question: Question) -> None:
    bound = question.bind({"year": "2024"}, "en", BASE)
    assert bound["company"] == Iri(f"{BASE}def#any")
    assert bound["at_least"] == Literal("2", None, XSD + "integer")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "give year"),
        ({"year": "24"}, "year is '24'; give a year of four digits"),
        ({"year": "2024", "at_least": "2.5"}, "give a whole number"),
        ({"year": "2024", "company": "a> . ?s ?p <b"}, "give the id of a company"),
        ({"year": "2024", "compny": "x"}, "has no parameter 'compny'; it has company, atLeast"),
        ({"year": "2024", "lang": "nl"}, "has no parameter 'lang'"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(
    question: Question, given: dict[str, str], said: str
) -> None:
    with pytest.raises(QuestionError, match=r"year|whole|id|has no") as error:
        question.bind(given, "nl", BASE)
    assert said in str(error.value)


def test_any_is_refused_where_one_thing_is_asked_for() -> None:
    with pytest.raises(QuestionError, match="give the id"):
        Param("company", "company", None).term("Any", BASE)
    # Without the default, "any" is an id like others.
    assert Param("company", "company", None).term("any", BASE) == Iri(f"{BASE}id/company/any")


def test_the_questions_of_the_project_are_in_order(forms: Forms) -> None:
    assert len(load(Settings().ontology / "questions", forms)) >= 25


@pytest.mark.parametrize(
    "path", sorted((Settings().ontology / "questions").glob("*.rq")), ids=lambda path: path.stem
)
def test_grlc_can_read_the_header(path: Path) -> None:
    """grlc takes the lines that begin so, whatever the rest of the header is, as one YAML text."""
    lines = path.read_text(encoding="utf-8").split("\n")
    header = yaml.safe_load("\n".join(line.lstrip("#+") for line in lines if line[:2] == "#+"))
    assert isinstance(header["summary"], str)
    assert all(isinstance(tag, str) for tag in header["tags"])
    # What else grlc acts on is not there: it would ask elsewhere, page by page, or not at all.
    acted_on = {
        "defaults", "description", "endpoint", "endpoint_in_url", "enumerate", "method", "mime",
        "pagination", "proto", "query", "transform",
    }  # fmt: skip
    assert acted_on & header.keys() == set()
    # A variable that begins so would be one of its parameters.
    assert not re.search(r"\?_", path.read_text(encoding="utf-8"))


def test_a_value_is_quoted_short_and_visibly(question: Question) -> None:
    given = {"year": "2024", "company": "a\x1b[31m" + "b" * 100_000}
    with pytest.raises(ValueRefusedError) as error:
        question.bind(given, "nl", BASE)
    for sentence in (error.value.sentence.nl, error.value.sentence.en):
        assert len(sentence) < 300
        assert sentence.isprintable()


def test_a_refusal_names_the_parameter_in_both_languages(question: Question) -> None:
    with pytest.raises(ValueRefusedError) as error:
        question.bind({"year": "2024", "atLeast": "x"}, "nl", BASE)
    assert error.value.param == "atLeast"
    assert error.value.sentence.nl.startswith("atLeast is 'x'; geef een geheel getal")
    assert error.value.sentence.en.startswith("atLeast is 'x'; give a whole number")
