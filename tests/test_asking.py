"""The pages for queries of one's own and for stored questions: what they show of an answer."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from browsing import browser, soup
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from catalogue import assets
from catalogue.app import create
from catalogue.sparql import filling
from s4s_graph import namespaces
from s4s_graph.endpoint import Pool
from s4s_graph.forms import Forms
from s4s_graph.questions import load
from s4s_graph.release import FORMS, STORE
from s4s_graph.settings import Settings
from s4s_graph.store import Store

ALL = "SELECT ?s WHERE { ?s ?p ?o }"
BARS = "#+ view: bar\nSELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"
LONG = f"{ALL} # {'x' * 5_000}"


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


def asked(client: TestClient, query: str, lang: str = "en", status: int = 200) -> BeautifulSoup:
    return soup(client, f"/{lang}/sparql?{urlencode({'query': query})}", status)


def text(page: BeautifulSoup, selector: str) -> str:
    return " ".join(page.select_one(selector).get_text().split())


def test_a_short_query_gets_an_address_and_a_long_one_an_answer(client: TestClient) -> None:
    sent = client.post("/nl/sparql?show=iris", data={"query": f"{ALL}\r\nLIMIT 1\r\n"})
    assert sent.status_code == 303
    address = urlsplit(sent.headers["location"])
    assert (address.path, address.fragment) == ("/nl/sparql", "answer")
    assert parse_qs(address.query) == {"query": [f"{ALL}\nLIMIT 1"], "show": ["iris"]}
    long = client.post("/en/sparql", data={"query": LONG})
    assert long.status_code == 200
    page = BeautifulSoup(long.text, "html.parser")
    assert page.select_one("#query").get_text() == LONG
    assert "too long for an address" in page.select_one("main").get_text()
    form = page.select_one('form[action="/sparql"]')
    assert form.select_one("[name=query]")["value"] == LONG
    assert {button["value"] for button in form.select("button")} == {
        "json", "xml", "csv", "tsv", "xlsx", "html"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "formats"),
    [
        (ALL, {"json", "xml", "csv", "tsv", "xlsx", "html"}),
        ("ASK {}", {"json", "xml", "csv", "tsv"}),
        (
            "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3",
            {"ttl", "nt", "nq", "trig", "jsonld", "rdf"},
        ),
    ],
)
def test_every_format_that_is_offered_is_given(
    client: TestClient, query: str, formats: set[str]
) -> None:
    links = [str(a["href"]) for a in asked(client, query).select('.formats a[href^="/sparql?"]')]
    assert {parse_qs(urlsplit(link).query)["format"][0] for link in links} == formats
    assert {client.get(link).status_code for link in links} == {200}


def test_things_are_shown_by_name_with_a_link_or_by_address(client: TestClient) -> None:
    iri = f"{namespaces.BASE}id/intervention/leercoach"
    query = f"SELECT ?x {{ VALUES ?x {{ <{iri}> }} }}"
    page = asked(client, query)
    link = page.select_one("td a")
    assert (link.get_text(), link["href"]) == ("Learning coach", "/en/interventions/leercoach")
    other = page.select_one('nav[aria-label="Things by"] a:not([aria-current])')["href"]
    link = soup(client, str(other)).select_one("td a")
    assert link.get_text() == iri
    assert link["href"] == "/en/interventions/leercoach"


def test_the_page_says_how_many_rows_there_are_and_whether_these_are_all(
    client: TestClient,
) -> None:
    assert re.match(
        r"3 rows in 0\.\d\d seconds\. No limit was reached",
        text(asked(client, f"{ALL} LIMIT 3"), ".total"),
    )
    cut = asked(client, ALL)
    assert text(cut, ".total").startswith("More than 1,000 rows")
    assert "a download has at most 100,000" in text(cut, ".total")
    assert len(cut.select("tbody tr")) == 1000


def test_a_query_that_asks_for_a_picture_gets_one_with_its_table(client: TestClient) -> None:
    page = asked(client, BARS)
    assert page.select_one(".drawing svg title").get_text() == "Answer"
    file = client.get(str(page.select_one('.formats a[href*="sparql.svg"]')["href"]))
    assert file.headers["content-type"] == "image/svg+xml"
    assert not asked(client, BARS.replace("#+ view: bar\n", "")).select(".drawing")
    cannot = asked(client, f"#+ view: matrix\n{ALL} LIMIT 3")
    assert "cannot be drawn so" in text(cannot, ".told")


@pytest.mark.parametrize(
    ("lang", "said"), [("nl", "regel 2, kolom 14"), ("en", "line 2, column 14")]
)
def test_what_is_wrong_is_marked_in_its_line_and_the_query_kept(
    client: TestClient, lang: str, said: str
) -> None:
    query = "SELECT ?s WHERE {\n  ?s ?p ?o }}"
    page = asked(client, query, lang, 400)
    assert said in text(page, "[role=alert]")
    assert page.select_one("[role=alert] mark").get_text() == "}"
    box = page.select_one("#query")
    assert box.get_text() == query
    assert (box["data-line"], box["aria-invalid"]) == ("2", "true")
    assert "error" in box["aria-describedby"]


def test_what_the_engine_says_in_english_is_marked_as_english(client: TestClient) -> None:
    page = asked(client, "SELECT ?s WHERE { ?s ?p }", "nl", 400)
    said = page.select_one("[role=alert] span[lang=en]").get_text()
    assert said.startswith("expected")
    assert f"de vraag is geen SPARQL: {said}" in text(page, "[role=alert]")


def test_a_query_that_takes_too_long_is_kept_and_a_sentence_says_so(tiny_release: Path) -> None:
    settings = replace(Settings(), releases=tiny_release.parent, query_seconds=0.2)
    joined = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(6))
    query = f"SELECT (COUNT(*) AS ?n) {{ {joined} }}"
    with TestClient(create(settings)) as client:
        page = asked(client, query, "nl", 504)
    assert "de vraag duurde langer dan" in text(page, "[role=alert]")
    assert page.select_one("#query").get_text() == query


@pytest.mark.skipif("editor.js" not in assets.addresses(), reason="installed without scripts")
def test_styles_of_the_editor_need_the_word_of_this_response(client: TestClient) -> None:
    answers = [client.get("/nl/sparql") for _ in range(2)]
    policies = [answer.headers["content-security-policy"] for answer in answers]
    words = [
        BeautifulSoup(answer.text, "html.parser").select_one("script[nonce]")["nonce"]
        for answer in answers
    ]
    assert words[0] != words[1]
    assert [
        f"style-src 'self' 'nonce-{word}'" in said
        for word, said in zip(words, policies, strict=True)
    ] == [True, True]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert "nonce" not in client.get("/nl/questions/gaps").headers["content-security-policy"]


def test_every_question_opened_in_the_form_answers_the_same(tiny_release: Path) -> None:
    settings = replace(Settings(), releases=tiny_release.parent)
    forms = Forms.from_json((tiny_release / FORMS).read_text(encoding="utf-8"))
    questions = load(settings.ontology / "questions", forms)
    store = Store.open(tiny_release, memory_quads=settings.memory_quads)
    some = {"intervention": "leercoach", "company": "bedrijf-a", "organisation": "fonds"}
    asked = 0
    with closing(Pool(tiny_release / STORE, settings)) as pool:
        for question in questions.values():
            names = {param.name for param in question.params}
            for given in ({}, {name: some[name] for name in names & some.keys()}):
                bound = question.bind(given, "nl", settings.base)
                query = namespaces.header(store.prefixes) + filling.filled(
                    question.text, bound, store.prefixes
                )
                lines = (
                    pool.run(query, rows="text/tab-separated-values").read().decode().splitlines()
                )
                expected = store.answer(question.text, **bound)
                assert set(question.columns) <= {name[1:] for name in lines[0].split("\t")}
                assert len(lines) - 1 == len(expected.rows), question.name
                assert not names & {name[1:] for name in lines[0].split("\t")}
                asked += len(expected.rows)
    assert asked > 100


def test_a_question_opens_in_the_form_with_what_was_asked_about(client: TestClient) -> None:
    page = soup(client, "/en/questions/neighbours?intervention=leercoach")
    link = str(page.select_one('a[href^="/en/sparql?question="]')["href"])
    query = soup(client, link).select_one("#query").get_text()
    assert query.startswith(
        "# What does an intervention connect with, and how?\n#+ view: network\n"
    )
    assert "intervention:leercoach" in query
    assert "?intervention" not in query


def test_examples_are_grouped_and_each_opens(client: TestClient) -> None:
    groups = soup(client, "/en/sparql").select("#examples details")
    assert [text(group, "summary").partition(" (")[0] for group in groups[:3]] == [
        "One intervention", "Across interventions", "The whole"
    ]  # fmt: skip
    links = {str(a["href"]) for group in groups for a in group.select("a")}
    assert len(links) > 50
    assert {client.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize("name", ["gaps", "coverage-actor-step", "hand-offs"])
def test_a_question_has_its_picture_beside_its_table(client: TestClient, name: str) -> None:
    page = soup(client, f"/nl/questions/{name}")
    assert len(page.select(".drawing svg, .drawing table.matrix")) == 1
    file = client.get(f"/nl/questions/{name}.svg")
    assert (file.status_code, file.headers["content-type"]) == (200, "image/svg+xml")
    assert client.get("/nl/questions/costs.svg").status_code == 404


def test_a_number_is_typed_as_a_number_and_a_thing_is_chosen(client: TestClient) -> None:
    assert soup(client, "/nl/questions/companies").select_one("input[type=number]")
    assert soup(client, "/nl/questions/fits-company").select_one("select option[value=bedrijf-a]")


def test_the_limits_are_on_the_page(client: TestClient) -> None:
    said = soup(client, "/nl/sparql").select_one("main").get_text()
    for words in ("10 seconden", "100.000; wat er meer is", "50 MB", "20, hoogstens 5 seconden"):
        assert words in said
