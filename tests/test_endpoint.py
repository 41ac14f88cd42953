"""The pool of workers: its answers, and the limits of what a query may do."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from endpoints import COUNT, EX, SETTINGS, SLOW, await_end, body, number, numbers, problem, workers

from s4s_graph.endpoint import Pool
from s4s_graph.worker import Problem

DOUBLED = " ".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(34))
BOMB = f'SELECT (STRLEN(?v34) AS ?n) {{ BIND("aaaaaaaaaa" AS ?v0) {DOUBLED} }}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return numbers(tmp_path_factory.mktemp("release") / "store")


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[Pool]:
    with closing(Pool(folder, SETTINGS)) as pool:
        yield pool


def test_the_default_graph_is_the_union_unless_graphs_are_named(pool: Pool) -> None:
    one, two = EX + "one", EX + "two"
    assert number(pool, COUNT) == 1500
    assert number(pool, f"SELECT (COUNT(*) AS ?n) FROM <{one}> {{ ?s ?p ?o }}") == 500
    assert number(pool, f"SELECT (COUNT(*) AS ?n) FROM NAMED <{one}> {{ ?s ?p ?o }}") == 0
    assert number(pool, COUNT, default_graphs=(one, two)) == 1000
    assert number(pool, COUNT, named_graphs=(one,)) == 0
    in_graphs = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert number(pool, in_graphs) == 1500
    assert number(pool, in_graphs, named_graphs=(one, two)) == 1000
    assert number(pool, in_graphs, default_graphs=(one,)) == 0


def test_values_stand_in_the_place_of_variables(pool: Pool) -> None:
    query = f"SELECT (COUNT(?s) AS ?n) ?s ?o {{ ?s <{EX}number> ?o }} GROUP BY ?s ?o"
    three = ("o", "3", "http://www.w3.org/2001/XMLSchema#integer")
    thing = ("s", f"{EX}one/3", None)
    rows = [
        json.loads(body(pool, query, bindings=bindings))["results"]["bindings"]
        for bindings in ((three,), (thing,), (three, thing), ())
    ]
    assert [len(found) for found in rows] == [3, 1, 1, 1500]
    # What is put in is a value, whatever its text.
    odd = ("o", '3 } UNION { ?s ?p ?o } #"', three[2].replace("integer", "string"))
    assert json.loads(body(pool, query, bindings=(odd,)))["results"]["bindings"] == []


@pytest.mark.parametrize(
    ("media_type", "start"),
    [
        ("application/sparql-results+json", b'{"head"'),
        ("application/sparql-results+xml", b"<?xml"),
        ("text/csv", b"s\r\n"),
        ("text/tab-separated-values", b"?s\n"),
        ("application/json", b'{"head"'),
    ],
)
def test_rows_come_in_the_format_asked_for(pool: Pool, media_type: str, start: bytes) -> None:
    answer = pool.run("SELECT ?s { ?s ?p ?o } LIMIT 3", rows=media_type)
    content = answer.content()
    assert answer.media_type == media_type
    assert answer.length == len(content)
    assert content.startswith(start)


@pytest.mark.parametrize(
    "media_type",
    ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"],
)
def test_triples_come_in_the_format_asked_for(pool: Pool, media_type: str) -> None:
    content = body(pool, f"DESCRIBE <{EX}one/1>", triples=media_type)
    parsed = list(ox.parse(content, format=ox.RdfFormat.from_media_type(media_type)))
    assert [quad.object.value for quad in parsed] == ["1"]


def test_a_large_answer_is_whole(pool: Pool) -> None:
    rows = body(pool, "SELECT ?s ?o { ?s ?p ?o . ?t ?q ?o }", rows="text/csv").splitlines()
    assert len(rows) == 1 + 3 * 3 * 500
    join = "SELECT ?s ?t { ?s ?p 1 . ?t ?q ?o . ?u ?q ?o . ?v ?q ?o }"
    assert len(body(pool, join, rows="text/csv")) > 2_000_000


def test_an_answer_that_nobody_reads_leaves_nothing_open(pool: Pool) -> None:
    pool.run("SELECT ?s ?t { ?s ?p ?o . ?t ?q ?o . FILTER(?o < 400) }").close()
    assert number(pool, COUNT) == 1500


@pytest.mark.parametrize(
    ("query", "options", "expected", "sentence"),
    [
        ("SELECT ?s {\n  ?s ?p", {}, Problem.SYNTAX, "line 2, column 8: the query is not SPARQL"),
        ("ASK { ?s nothing:x 1 }", {}, Problem.SYNTAX, "line 1, column"),
        ("", {}, Problem.SYNTAX, "line 1, column 1"),
        ("ASK { SERVICE <http://x/> {} }", {}, Problem.SERVICE, "line 1, column 7: SERVICE"),
        ("DROP ALL", {}, Problem.UPDATE, "line 1, column 1: updates are not allowed"),
        ("SELECT (<a:f>(1) AS ?x) {}", {}, Problem.EVALUATION, "function <a:f> is not supported"),
        (COUNT, {"default_graphs": ("no iri",)}, Problem.EVALUATION, "cannot be run"),
        (COUNT, {"rows": None}, Problem.NO_ROWS_FORMAT, "a table or a boolean"),
        ("DESCRIBE <a:a>", {"triples": None}, Problem.NO_TRIPLES_FORMAT, "triples"),
        ("ASK {}" + " " * 100_000, {}, Problem.LENGTH, "longer than 100,000 characters"),
        (COUNT, {"max_bytes": 10}, Problem.TOO_LARGE, "more than 10 bytes"),
        ("SELECT * { ?s ?p ?o . ?t ?q ?u }", {}, Problem.TOO_LARGE, "more than 5,000,000 bytes"),
    ],
)
def test_a_problem_is_said_and_the_worker_goes_on(
    pool: Pool, query: str, options: dict[str, Any], expected: Problem, sentence: str
) -> None:
    before = workers()
    error = problem(pool, query, **options)
    assert error.problem is expected
    assert sentence in str(error)
    assert workers() == before
    assert number(pool, COUNT) == 1500


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(" + "(" * 3000 + "1" + ")" * 3000 + ") }",
        "ASK " + "{" * 3000 + "}" * 3000,
        "ASK { FILTER(" + "!" * 10_000 + "1) }",
    ],
    ids=["parentheses", "groups", "nots"],
)
def test_deep_nesting_is_refused_before_it_is_parsed(pool: Pool, query: str) -> None:
    start, before = time.monotonic(), workers()
    assert problem(pool, query).problem is Problem.NESTING
    assert time.monotonic() - start < 1
    assert workers() == before


@pytest.mark.parametrize(
    "query",
    [
        "ASK { {} " + "UNION {} " * 3000 + "}",
        "ASK {" + " OPTIONAL {}" * 5000 + "}",
        "ASK { FILTER(" + "1 = 1 || " * 3000 + "false) }",
        "ASK { ?s <a:p>" + "|<a:p>" * 3000 + " ?o }",
    ],
    ids=["unions", "optionals", "ors", "paths"],
)
def test_a_long_flat_query_does_not_end_its_worker(folder: Path, query: str) -> None:
    with closing(Pool(folder, replace(SETTINGS, query_seconds=20, workers=1))) as pool:
        before = workers()
        assert "boolean" in json.loads(body(pool, query))
        assert workers() == before


def test_a_slow_query_is_stopped_at_the_limit_and_the_next_is_answered(folder: Path) -> None:
    others = workers()
    with closing(Pool(folder, replace(SETTINGS, workers=1))) as pool:
        start, (worker,) = time.monotonic(), workers() - others
        error = problem(pool, SLOW)
        assert error.problem is Problem.TIME
        assert "more than 1 seconds" in str(error)
        assert 1 <= time.monotonic() - start < 2
        await_end(worker)
        assert number(pool, COUNT) == 1500


def test_a_query_cannot_take_more_memory_than_allowed(folder: Path) -> None:
    with closing(Pool(folder, replace(SETTINGS, query_seconds=20))) as pool:
        error = problem(pool, BOMB)
        assert error.problem is Problem.DIED
        assert "268,435,456 bytes of memory; ask for less at a time" in error.sentence.en
        assert "268.435.456 bytes geheugen nodig; vraag minder tegelijk" in error.sentence.nl
        assert number(pool, COUNT) == 1500
