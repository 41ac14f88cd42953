"""Queries for an engine elsewhere: values stand in the text, and whatever they are, are values."""

import re
from contextlib import suppress

import pyoxigraph as ox
import pytest
import w3c
from hypothesis import example, given, settings
from hypothesis import strategies as st

from s4s_graph.engines.naming import Names
from s4s_graph.engines.wording import Wording
from s4s_graph.settings import Settings

NAMES = Names(Settings().base, "0123456789abcdef")


def _evaluated(text: str) -> list[list[ox.Literal]]:
    result = ox.Store().query(text)
    assert isinstance(result, ox.QuerySolutions)
    return [list(row) for row in result]  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.text(), st.sampled_from(["", "nl", "en-gb"]))
@example('" } # " \\', "")
@example("'''\"\"\"\r\n\\u0022 ?x", "nl")
def test_no_value_is_read_as_sparql(text: str, lang: str) -> None:
    try:
        value = ox.Literal(text, language=lang or None)
    except ValueError:
        return
    query = """SELECT ?x ?same ("?x" AS ?text) WHERE { # ?x
        BIND(?x AS ?same) OPTIONAL { FILTER(?x = ?x) } { SELECT ?x { FILTER(?x = ?x) } } }
        ORDER BY ?x"""
    worded = Wording(NAMES, {}).query(query, {"x": str(value)})
    [[first, same, said]] = _evaluated(worded.text)
    assert (first, same, said) == (value, value, ox.Literal("?x"))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("SELECT ?a ?x { ?a ?x ?b }", "SELECT ?a (1 AS ?x) { ?a 1 ?b }"),
        ("SELECT DISTINCT ?x { ?a ?x ?b }", "SELECT DISTINCT (1 AS ?x) { ?a 1 ?b }"),
        (
            "SELECT ?a ?x { { SELECT ?a { ?a ?x ?b } } FILTER(?a = ?x) }",
            "SELECT ?a (1 AS ?x) { { SELECT ?a { ?a ?x ?b } } FILTER(?a = 1) }",
        ),
        (
            "SELECT ?x { { SELECT DISTINCT ?x { ?a ?x ?b } } }",
            "SELECT (1 AS ?x) { { SELECT DISTINCT (1 AS ?once) { ?a 1 ?b } } }",
        ),
        (
            "SELECT ?a ?x (MAX(?x) AS ?m) { ?a ?b ?c } GROUP BY ?a ?x ORDER BY ?x DESC(?x) LIMIT 1",
            "SELECT ?a (1 AS ?x) (MAX(1) AS ?m) { ?a ?b ?c } GROUP BY ?a ORDER BY DESC(1) LIMIT 1",
        ),
        ("SELECT ?a ?x { ?a ?b ?x } ORDER BY ?x", "SELECT ?a (1 AS ?x) { ?a ?b 1 }"),
        ("CONSTRUCT { ?a ?b ?x } { ?a ?b ?x }", "CONSTRUCT { ?a ?b 1 } { ?a ?b 1 }"),
        (
            'SELECT ?x { ?a ?b "?x" . ?a <a:?x> ?b }',
            'SELECT (1 AS ?x) { ?a ?b "?x" . ?a <a:?x> ?b }',
        ),
    ],
)
def test_a_value_stands_where_its_variable_would(query: str, text: str) -> None:
    assert Wording(NAMES, {}).query(query, {"x": "1"}).text == text


SCOPES = """
SELECT ?x ?s { ?s ?p ?o FILTER(?x = 1) }
SELECT ?x ?s { ?s ?p ?o { SELECT ?s { ?s ?p ?z FILTER(?x = 1) } } }
SELECT ?x ?s { ?s ?p ?o { SELECT ?s ?x { ?s ?p ?z FILTER(?x = 1) } } }
SELECT ?x ?s ?z { ?s ?p ?o OPTIONAL { ?s ?q ?z FILTER(?x = 1) } }
SELECT ?x ?s ?z { ?s ?p ?o OPTIONAL { { ?s ?q ?z FILTER(?x = 2) } } }
SELECT ?x ?s { ?s ?p ?o FILTER EXISTS { ?s ?q ?x } }
SELECT ?x ?s { ?s ?p ?o FILTER NOT EXISTS { ?s ?q ?z FILTER(?z = ?x) } }
SELECT ?x ?s { ?s ?p ?o MINUS { ?s ?q ?x } }
SELECT ?x ?s { { ?s ?p ?x } UNION { ?s ?p ?o FILTER(?o > ?x) } }
SELECT ?x ?p (COUNT(?s) AS ?n) { ?s ?p ?o FILTER(?o >= ?x) } GROUP BY ?p ?x ORDER BY ?x ?n
SELECT ?x ?o { { SELECT ?o (COUNT(?x) AS ?n) { ?s ?p ?o } GROUP BY ?o } FILTER(?n > 0) }
SELECT DISTINCT ?x ?y { ?s ?p ?o BIND(?x + ?o AS ?y) } ORDER BY ?x DESC(?y)
"""


@pytest.mark.parametrize("query", SCOPES.strip().splitlines())
def test_a_value_reaches_as_far_as_in_the_engine_inside(query: str) -> None:
    graph, x = ox.Store(), ox.Variable("x")
    for number, letter in ((1, "a"), (2, "b"), (1, "b")):
        name = ox.NamedNode(f"x:{letter}")
        graph.add(ox.Quad(name, name, ox.Literal(number)))
    inside = graph.query(query, substitutions={x: ox.Literal(1)})
    elsewhere = graph.query(Wording(NAMES, {}).query(query, {"x": str(ox.Literal(1))}).text)
    assert isinstance(inside, ox.QuerySolutions)
    assert isinstance(elsewhere, ox.QuerySolutions)
    assert [v.value for v in inside.variables] == [v.value for v in elsewhere.variables]
    assert sorted(str(tuple(row)) for row in inside) == sorted(str(tuple(r)) for r in elsewhere)


def test_a_thing_without_a_name_is_none_with_a_name() -> None:
    blank = f'STRSTARTS(STR(?a), "{NAMES.blank}")'
    worded = Wording(NAMES, {}).query("ASK { FILTER(isBlank(?a) || isIRI( ?a )) }", {})
    assert worded.text == f"ASK {{ FILTER({blank} || (isIRI(?a) && !{blank})) }}"


def test_a_graph_of_others_is_none_of_ours() -> None:
    start = f"{NAMES.base}graph/"
    ours = NAMES.there(f"{start}a")
    query = "ASK { GRAPH g:a {} GRAPH <x:b> {} GRAPH ?c { ?d ?e <x:b> } }"
    worded = Wording(NAMES, {"g": start}, {ours}).query(query, {})
    parts = f"GRAPH <{ours}> {{}} GRAPH <{NAMES.none}> {{}} GRAPH ?c {{ ?d ?e <x:b> }}"
    assert worded.text == f"ASK {{ {parts} }}"


HERE = "http://example.org/here/"
BY_CHANCE = re.compile(r"rand|uuid|now|bnode|sample|group_concat", re.IGNORECASE)


@pytest.mark.skipif(not w3c.SUITE.exists(), reason="the W3C suite is not beside the project")
def test_queries_of_w3c_mean_the_same_in_other_words() -> None:
    compared = 0
    for folder in sorted(path for path in w3c.SUITE.iterdir() if path.is_dir()):
        graph = ox.Store()
        for turtle in sorted(folder.glob("*.ttl")):
            with suppress(SyntaxError):  # some are not to be read
                graph.load(path=turtle, format=ox.RdfFormat.TURTLE, base_iri=HERE)
        for query in sorted(folder.glob("*.rq")):
            text = query.read_text(encoding="utf-8")
            try:
                found = _rows(graph.query(text, base_iri=HERE))
            except (SyntaxError, RuntimeError):
                continue
            worded = Wording(NAMES, {}).query(text, {}, HERE)
            if BY_CHANCE.search(text) or worded.default_graphs or worded.named_graphs:
                continue
            assert _rows(graph.query(worded.text)) == found, query
            compared += 1
    assert compared > 150


def _rows(result: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> bool | list[list[str]]:
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    blank = ox.BlankNode
    return sorted(["_" if isinstance(term, blank) else str(term) for term in row] for row in result)
