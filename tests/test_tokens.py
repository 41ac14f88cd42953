"""The lexer: what it refuses, checked against two parsers that read the whole grammar."""

import time

import pyoxigraph as ox
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from pyparsing import ParseException
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from s4s_graph.tokens import Kind, Refusal, changes, check, dataset_clauses

# Nothing listens at port 1 and the engine refuses to call it: that it wanted to is all we need.
PROLOGUE = "PREFIX ex: <http://127.0.0.1:1/> PREFIX : <http://127.0.0.1:1/> "


def refused(query: str) -> Refusal | None:
    return check(query, length=100_000, nesting=100)


def kind(query: str) -> Kind | None:
    refusal = refused(query)
    return refusal.kind if refusal else None


SERVICE = [
    "SELECT ?s { SERVICE ex:a { ?s ?p ?o } }",
    "SELECT ?s { service ex:a { ?s ?p ?o } }",
    "SELECT ?s { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT ?s { SERVICE SILENT ex:a { ?s ?p ?o } }",
    "SELECT ?s { BIND(ex:a AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "SELECT ?s { { SELECT ?s { OPTIONAL { SERVICE ex:a { ?s ?p ?o } } } } }",
    "SELECT ?s { SERVICE # a comment\n ex:a # another\n { ?s ?p ?o } }",
    "SELECT ?s { ?s ?p ?o FILTER EXISTS { SERVICE ex:a { ?s ?p ?o } } }",
    "ASK { ?s ?p 'it\\'s' SERVICE ex:a { ?s ?p ?o } }",
    "ASK { ?s ?p '''a 'quoted' '''. SERVICE ex:a { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE ex:a { ?s ?p ?o } }",
    "SELECT ?s { \\u0053ERVICE ex:a { ?s ?p ?o } }",
    "SELECT ?s { \\U00000053ERVICE ex:a { ?s ?p ?o } }",
]
ALLOWED = [
    "SELECT ?service { ?service ?p ?o }",
    "SELECT ?s { ?s ?p 'SERVICE ex:a { }' }",
    'SELECT ?s { ?s ?p """SERVICE ex:a { } " SERVICE ex:a { }""" }',
    "SELECT ?s { ?s ?p 'it\\'s SERVICE ex:a { }' }",
    "SELECT ?s { # SERVICE ex:a { }\n ?s ?p ?o }",
    "SELECT ?s { ?s <http://example.org/SERVICE> ?o }",
    "SELECT ?s { ?s ?p <http://example.org/#SERVICE> . { ?s ?p ?o } }",
    "SELECT ?s { ?s ex:SERVICE ?o . ?s ?p ex:SERVICE }",
    "PREFIX SERVICE: <http://example.org/> SELECT ?s { ?s SERVICE:a ?o }",
    "PREFIX services: <http://example.org/> SELECT ?s { GRAPH services:a { ?s ?p ?o } }",
    "PREFIX services: <http://example.org/> SELECT ?s FROM services:a { ?s ?p ?o }",
    "PREFIX services: <http://example.org/> ASK FROM NAMED services:a { ?s ?p ?o }",
    "SELECT ?s { GRAPH ex:my-service { ?s ?p ?o } }",
    "SELECT ?s { ?s ?p _:service . OPTIONAL { ?s ?p ?o } }",
    "SELECT ?s { ?s ?p 'x'@service . OPTIONAL { ?s ?p ?o } }",
    "SELECT ?insert ?delete { ?insert ex:load ?delete . ?s ?p 'DROP' }",
    "SELECT ?s { ?s ?p ?o FILTER(?o < 3 && ?o > 1) }",
]
# The engine asks another server here, although a reader of words or of the likeliest tokens sees
# no keyword.
HIDDEN = [
    "SELECT ?s { SERVICEex:a { ?s ?p ?o } }",
    "SELECT ?s { SERVICE:a { ?s ?p ?o } }",
    "SELECT ?s { SERVICE#>\nex:a { ?s ?p ?o } }",
    "SELECT ?s { BIND(2 AS ?b) FILTER(1<?b)SERVICE#>\nex:a{?s ?p ?o} }",
    "SELECT ?s { BIND('>' AS ?b) FILTER('='<'>')SERVICE ex:a{?s ?p 'x'} }",
    "SELECT ?s { BIND(1 AS ?a) # comment\rSERVICE ex:a { ?s ?p ?o } }",
]


def calls(query: str) -> bool:
    """Tell whether the engine would ask another server."""
    try:
        result = ox.Store().query(query)
        if not isinstance(result, ox.QueryBoolean):
            list(result)
    except SyntaxError:
        return False
    except (OSError, RuntimeError) as error:
        return "port 1 is not allowed" in str(error) or "service name" in str(error)
    return False


def has_service(value: object) -> bool:
    """Tell whether rdflib's parse of a query has a SERVICE clause in it."""
    if isinstance(value, CompValue):
        return value.name == "ServiceGraphPattern" or any(map(has_service, value.values()))
    if isinstance(value, str):
        return False
    try:
        return any(has_service(part) for part in value)  # type: ignore[attr-defined]
    except TypeError:
        return False


@pytest.mark.parametrize("query", SERVICE)
def test_service_is_refused_as_rdflib_reads_it(query: str) -> None:
    assert has_service(parseQuery(PROLOGUE + query))
    assert kind(PROLOGUE + query) is Kind.SERVICE


@pytest.mark.parametrize("query", ALLOWED)
def test_the_word_elsewhere_is_not_refused(query: str) -> None:
    assert not has_service(parseQuery(PROLOGUE + query))
    assert kind(PROLOGUE + query) is None


@pytest.mark.parametrize("query", HIDDEN)
def test_service_is_refused_where_only_the_engine_sees_it(query: str) -> None:
    assert calls(PROLOGUE + query)
    assert kind(PROLOGUE + query) is Kind.SERVICE


PIECES = st.sampled_from(
    [
        "SERVICE",
        "SILENT",
        " ",
        "\n",
        "\r",
        "#",
        "#>\n",
        "<",
        ">",
        "<'>",
        "'",
        '"',
        "'''",
        "?a",
        "?s",
        "ex:a",
        "SERVICEex:",
        "SERVICE:a",
        "{",
        "}",
        "(",
        ")",
        ".",
        ";",
        ",",
        "1",
        "1.5",
        "true",
        "a",
        "FILTER(",
        "BIND(1 AS ?z)",
        "?a<",
        "?a<?b",
        ")SERVICE",
        "!",
        "=",
        "GRAPH ",
        "OPTIONAL",
        "{?s ?p ?o}",
        "?s ?p ?o",
        "@en",
        "^^",
        "_:b",
        "\\",
        "\\'",
        "\\u0027",
        "%",
        "-",
        "+",
        "*",
        "/",
        "^",
        "<<",
        ">>",
        "VALUES ?v {",
        "EXISTS{",
        "'>'",
        "=>",
        "..",
        "ex:a.",
    ]
)
FEW = st.lists(PIECES, max_size=4).map("".join)
FRAMES = st.sampled_from(
    [
        "SELECT ?s {{ {} SERVICE ex:a {{ ?s ?p ?o }} {} }}",
        "SELECT ?s {{ VALUES ?s {{ 1 }} {}SERVICE{}{{?s ?p ?o}} }}",
        "SELECT ?s {{ FILTER(1<{})SERVICE{} ex:a{{?s ?p ?o}} }}",
        "SELECT ?s {{ {} {} }}",
    ]
)


@settings(max_examples=1000, deadline=None)
@given(frame=FRAMES, first=FEW, second=FEW)
def test_whatever_makes_the_engine_call_is_refused(frame: str, first: str, second: str) -> None:
    query = PROLOGUE + frame.format(first, second)
    assert not calls(query) or kind(query) is Kind.SERVICE


PLAIN = st.sampled_from(
    [
        "?s ?p 'SERVICE ex:a { }' .",
        "?s ?p 'it\\'s SERVICE ex:a { }'@en-service .",
        '?s ?p """a " SERVICE ex:a { }""" .',
        "?s <http://example.org/#SERVICE> ex:SERVICE .",
        "?service service:a _:service .",
        "# SERVICE ex:a { }\n",
        "FILTER(?s<?o && ?p>?o)",
        "?s ex:service/ex:a ?o FILTER(?o != -1) ",
        "VALUES ?service { 'SERVICE ex:a {' <SERVICE> service: }",
    ]
)
CALLS = st.sampled_from(
    [
        "SERVICE ex:a { ?s ?p ?o }",
        "service # why\n silent <http://127.0.0.1:1/> { }",
        "Service ?s { }",
        "\\u0053ERVICE ex:a { }",
    ]
)
AROUND = ["{}", "OPTIONAL {{ {} }}", "{{ SELECT ?s {{ {} }} }}", "FILTER NOT EXISTS {{ {} }}"]
AROUND += [
    "GRAPH <http://example.org/service> {{ {} }}",
    "{{ {} }} UNION {{ ?s ?p ?o }}",
    "MINUS {{ {} }}",
]
PARTS = st.lists(st.one_of(PLAIN, PLAIN, CALLS), max_size=2).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(around=st.sampled_from(AROUND), inside=PARTS, beside=PARTS)
def test_what_is_refused_is_what_rdflib_reads_as_service(
    around: str, inside: str, beside: str
) -> None:
    prefix = "PREFIX service: <http://example.org/>"
    query = f"{prefix} {PROLOGUE} SELECT ?s {{ {around.format(inside)} {beside} }}"
    try:
        parsed = parseQuery(query)
    except ParseException:  # it cannot read everything that is SPARQL
        reject()
    assert (kind(query) is Kind.SERVICE) == has_service(parsed)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> 1 }",
        "PREFIX ex: <http://example.org/>\n# why\nDELETE WHERE { ?s ?p ?o }",
        "BASE <http://example.org/> LOAD <x>",
        "clear all",
        "DROP ALL",
        "CREATE GRAPH <a:a>",
        "ADD DEFAULT TO <a:a>",
        "MOVE DEFAULT TO <a:a>",
        "COPY DEFAULT TO <a:a>",
        "WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused(update: str) -> None:
    assert kind(update) is Kind.UPDATE


def test_a_refusal_says_where() -> None:
    assert refused("ASK {\n  SERVICE <a:a> {}\n}") == Refusal(Kind.SERVICE, 2, 3)
    assert refused("PREFIX a: <a:a>\nDROP ALL") == Refusal(Kind.UPDATE, 2, 1)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(" + "(" * 3000 + "1" + ")" * 3000 + ") }",
        "ASK " + "{" * 3000 + "}" * 3000,
        "ASK { FILTER(" + "!" * 10_000 + "1) }",
        "ASK { FILTER(" + "! # why\n" * 200 + "1) }",
        "ASK { ?a ?b " + "[ ?c " * 200 + "1" + "]" * 200 + " }",
        "ASK { ?a ?b " + "<<( ?c ?d " * 200 + "1" + ")>>" * 200 + " }",
        "ASK { ?a " + "(" * 200 + "<a:b>" + ")*" * 200 + " ?b }",
        "ASK { FILTER(1<'>' && " + "(" * 200 + "'a'" + ")" * 200 + ") }",
    ],
)
def test_deep_nesting_is_refused_at_once(query: str) -> None:
    start = time.monotonic()
    assert kind(query) is Kind.NESTING
    assert time.monotonic() - start < 1


def test_nesting_is_not_length() -> None:
    flat = "SELECT ?s {" + "{ ?s ?p (1 (2) [ ?p 3 ]) } UNION " * 500 + "{ ?s ?p '(((' } }"
    assert kind(flat) is None
    brackets_in_strings = "SELECT ?s { ?s ?p '" + "(" * 200 + "', <http://x/" + "(" * 50 + "> }"
    assert kind(brackets_in_strings) is None


def test_length_is_counted_in_characters() -> None:
    query = "ASK { ?s ?p 'é' }"
    assert check(query, length=len(query), nesting=9) is None
    assert check(query, length=len(query) - 1, nesting=9) == Refusal(Kind.LENGTH, 1, len(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?s { ?s ?p ?o }", 0),
        ("SELECT ?s FROM <a:a> { ?s ?p ?o }", 1),
        ("SELECT ?s\nfrom named <a:a> FROM <a:b>FROM<a:c> { ?s ?p ?o }", 3),
        ("SELECT ?from { ?from <http://example.org/from> 'FROM <a:a>' } # FROM <a:a>", 0),
    ],
)
def test_a_dataset_in_the_query_is_seen(query: str, expected: int) -> None:
    assert dataset_clauses(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (NOW() AS ?x) {}", True),
        ("SELECT (struuid # why\n () AS ?x) {}", True),
        ("SELECT (RAND() AS ?x) {}", True),
        ("SELECT ?now { ?now ?p ?random }", False),
    ],
)
def test_what_the_clock_or_chance_decides_is_seen(query: str, expected: bool) -> None:
    assert changes(query) is expected
