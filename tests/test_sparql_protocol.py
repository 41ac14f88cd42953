"""The endpoint over HTTP: the protocol, its formats and its errors."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx2
import pyoxigraph as ox
import pytest
from endpoints import COUNT, EX, SETTINGS, SLOW, Served, app_of, numbers
from fastapi.testclient import TestClient

from catalogue.sparql import endpoint, offers, tabular
from s4s_graph.endpoint import EndpointError, Pool
from s4s_graph.store import Iri, Literal
from s4s_graph.worker import Problem

ROWS = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?o ?s LIMIT 2"
JSON = "application/sparql-results+json"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = numbers(tmp_path_factory.mktemp("release") / "store")
    settings = replace(SETTINGS, query_length=5000, request_bytes=100_000)
    with closing(Pool(folder, settings)) as pool:
        yield Served(pool)


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[TestClient]:
    with TestClient(app_of(served), follow_redirects=False) as client:
        yield client


def ways(client: TestClient, query: str, **headers: str) -> list[httpx2.Response]:
    """Ask in each of the three ways of the protocol."""
    direct = {**headers, "Content-Type": "application/sparql-query; charset=UTF-8"}
    return [
        client.get("/sparql", params={"query": query}, headers=headers),
        client.post("/sparql", data={"query": query}, headers=headers),
        client.post("/sparql", content=query.encode(), headers=direct),
    ]


def test_the_three_ways_to_ask_have_one_answer(client: TestClient) -> None:
    answers = ways(client, ROWS)
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["Content-Type"] for answer in answers} == {JSON}
    assert len({answer.content for answer in answers}) == 1
    values = [row["s"]["value"] for row in answers[0].json()["results"]["bindings"]]
    assert values == [f"{EX}one/0", f"{EX}three/0"]


@pytest.mark.parametrize("text", ["100%25", "%", "a%2Bb+c", "é€😀", "a&b=c#d", "%C3%A9"])
def test_percent_signs_and_plus_signs_arrive_as_sent(client: TestClient, text: str) -> None:
    for answer in ways(client, f"SELECT ('{text}' AS ?x) {{}}"):
        assert answer.json()["results"]["bindings"][0]["x"]["value"] == text


@pytest.mark.parametrize(
    ("accept", "rows", "triples"),
    [
        (None, JSON, "text/turtle"),
        ("*/*", JSON, "text/turtle"),
        ("text/csv", "text/csv", None),
        ("text/tab-separated-values", "text/tab-separated-values", None),
        ("application/json", "application/json", None),
        ("application/sparql-results+xml", "application/sparql-results+xml", None),
        ("application/n-triples", None, "application/n-triples"),
        ("application/ld+json;q=0.9, application/rdf+xml", None, "application/rdf+xml"),
        (
            "text/csv;q=0.2, application/*;q=0.1, text/turtle;q=0",
            "text/csv",
            "application/n-triples",
        ),
        ("application/sparql-results+xml;q=0, */*", JSON, "text/turtle"),
        ("image/png", None, None),
    ],
)
def test_the_format_is_the_one_wanted_most(
    client: TestClient, accept: str | None, rows: str | None, triples: str | None
) -> None:
    client.headers.pop("accept", None)
    headers = {"Accept": accept} if accept else {}
    for query, expected in ((ROWS, rows), ("CONSTRUCT WHERE { ?s ?p 1 }", triples)):
        answer = client.get("/sparql", params={"query": query}, headers=headers)
        assert answer.headers["Vary"].startswith("Accept")
        if expected:
            assert answer.status_code == 200
            assert answer.headers["Content-Type"].partition(";")[0] == expected
        else:
            assert answer.status_code == 406
            assert "text/turtle" in answer.text


def test_an_ask_is_a_boolean_in_every_format(client: TestClient) -> None:
    for accept, expected in ((JSON, '"boolean":true'), ("text/csv", "true")):
        answer = client.get(
            "/sparql", params={"query": "ASK { ?s ?p 1 }"}, headers={"Accept": accept}
        )
        assert expected in answer.text


def test_graphs_are_named_in_the_address_or_the_form(client: TestClient) -> None:
    def count(answer: httpx2.Response) -> str:
        return str(answer.json()["results"]["bindings"][0]["n"]["value"])

    one, two = f"{EX}one", f"{EX}two"
    asked = {"query": COUNT, "default-graph-uri": one}
    address = f"/sparql?default-graph-uri={quote(one)}"
    direct = {"Content-Type": "application/sparql-query"}
    assert count(client.get("/sparql", params={"query": COUNT})) == "1500"
    assert count(client.get("/sparql", params=asked)) == "500"
    assert count(client.post("/sparql", data=asked)) == "500"
    assert count(client.post(address, content=COUNT, headers=direct)) == "500"
    assert count(client.post(address, data={**asked, "default-graph-uri": two})) == "1000"


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("SELECT ?s {\n ?s ?p", 400, "line 2, column 7: the query is not SPARQL"),
        ("ASK { SERVICE <http://x/> { ?s ?p ?o } }", 403, "line 1, column 7: SERVICE"),
        ("INSERT DATA { <a:a> <a:b> 1 }", 403, "updates are not allowed"),
        ("ASK { FILTER(" + "(" * 1000 + "1" + ")" * 1000 + ") }", 400, "nested more than 100"),
        ("ASK { }" + " " * 5000, 413, "longer than 5,000 characters"),
        ("SELECT (<a:f>(1) AS ?x) {}", 400, "<a:f> is not supported"),
        (SLOW, 504, "more than 1 seconds"),
    ],
)
def test_a_problem_is_a_sentence_with_a_status(
    client: TestClient, query: str, status: int, sentence: str
) -> None:
    answer = client.post("/sparql", data={"query": query})
    assert answer.status_code == status
    assert sentence in answer.text
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize(
    ("method", "options", "status"),
    [
        ("GET", {"params": "query=ASK{}&query=ASK{}"}, 400),
        ("GET", {"params": "query=ASK{}&format=csv&format=xml"}, 400),
        ("GET", {"params": "query=ASK{}&format=pdf"}, 406),
        ("GET", {"headers": {"Accept": "application/pdf"}}, 406),
        ("GET", {"params": "format=csv"}, 406),
        ("POST", {"data": {"format": "csv"}}, 400),
        ("GET", {"url": "/sparql?query=%FF"}, 400),
        ("GET", {"params": "&".join(["a=b"] * 300)}, 400),
        ("GET", {"params": "update=CLEAR+ALL"}, 403),
        ("POST", {"data": {"update": "CLEAR ALL"}}, 403),
        ("POST", {"data": {}}, 415),
        ("POST", {"content": b"ASK {}"}, 415),
        ("POST", {"content": b"ASK {}", "headers": {"Content-Type": "text/plain"}}, 415),
        (
            "POST",
            {"content": b"CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}},
            403,
        ),
        (
            "POST",
            {"content": b"\xff", "headers": {"Content-Type": "application/sparql-query"}},
            400,
        ),
        (
            "POST",
            {
                "content": "ASK {}".encode("utf-16"),
                "headers": {"Content-Type": 'application/sparql-query; charset="UTF-16"'},
            },
            415,
        ),
        (
            "POST",
            {"content": b" " * 200_000, "headers": {"Content-Type": "application/sparql-query"}},
            413,
        ),
        ("PUT", {"params": "query=ASK{}"}, 405),
        ("DELETE", {}, 405),
    ],
)
def test_what_the_protocol_does_not_know_is_refused(
    client: TestClient, method: str, options: dict[str, Any], status: int
) -> None:
    answer = client.request(method, **{"url": "/sparql", **options})
    assert answer.status_code == status
    assert answer.text.endswith(".\n")
    assert (status == 405) == ("Allow" in answer.headers)


def test_who_comes_with_a_browser_and_no_query_gets_the_form(client: TestClient) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for language, place in (("en-GB, nl;q=0.5", "/en/sparql"), ("nl", "/nl/sparql")):
        headers = {"Accept": browser, "Accept-Language": language}
        answer = client.get("/sparql", headers=headers)
        assert answer.status_code == 303
        assert answer.headers["Location"] == place
        assert answer.headers["Vary"] == "Accept, Accept-Language"
    asked = client.get("/sparql", params={"query": ROWS}, headers={"Accept": browser})
    assert asked.headers["Content-Type"] == "text/html; charset=utf-8"


def test_other_sites_may_ask(client: TestClient) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    answer = client.options("/sparql", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


def test_an_answer_is_kept_as_long_as_the_release_stays(client: TestClient, served: Served) -> None:
    def ask(query: str = ROWS, accept: str = JSON, tag: str = "") -> httpx2.Response:
        headers = {"Accept": accept, "If-None-Match": tag}
        return client.get("/sparql", params={"query": query}, headers=headers)

    tag = ask().headers["ETag"]
    again = ask(tag=f'"other", {tag}')
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == tag
    assert ask(tag=tag, accept="text/csv").status_code == 200
    assert ask(tag=tag, query=f"{ROWS} OFFSET 1").status_code == 200
    served.id = "b"
    assert ask(tag=tag).status_code == 200


@pytest.mark.parametrize("call", ["NOW()", "RAND ()", "STRUUID()", "uuid()"])
def test_what_changes_by_itself_is_not_kept(client: TestClient, call: str) -> None:
    answer = client.get("/sparql", params={"query": f"SELECT ({call} AS ?x) {{}}"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_a_format_in_the_address_wins_over_accept(client: TestClient) -> None:
    def kind(query: str, name: str) -> tuple[int, str]:
        asked = {"query": query, "format": name}
        answer = client.get("/sparql/", params=asked, headers={"Accept": "text/csv, text/turtle"})
        return answer.status_code, answer.headers["Content-Type"].partition(";")[0]

    construct = "CONSTRUCT WHERE { ?s ?p 1 }"
    for name, media_type in offers.ROWS.items():
        assert kind(ROWS, name) == (200, media_type)
        assert kind("ASK {}", name) == (200, media_type)
    for name, media_type in offers.TRIPLES.items():
        assert kind(construct, name) == (200, media_type)
        assert kind(ROWS, name) == (406, "text/plain")
    assert kind(construct, "json") == (200, "application/ld+json")
    assert kind(construct, "turtle") == (200, "text/turtle")
    assert kind(ROWS, JSON) == (200, JSON)
    assert kind(ROWS, "") == (200, "text/csv")


@pytest.mark.parametrize("name", ["nq", "trig"])
def test_triples_come_as_a_dataset_too(client: TestClient, name: str) -> None:
    asked = {"query": "CONSTRUCT WHERE { ?s ?p 1 }", "format": name}
    answer = client.get("/sparql", params=asked)
    syntax = ox.RdfFormat.from_media_type(offers.TRIPLES[name])
    assert len(list(ox.parse(answer.content, syntax))) == 3


def test_a_workbook_has_numbers_as_numbers_and_no_formula(client: TestClient) -> None:
    query = "SELECT ?n ?t { VALUES (?n ?t) { (1.5 '=1+1') (12345678901234567890 <http://a/>) } }"
    answer = client.get("/sparql", params={"query": query, "format": "xlsx"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="answer.xlsx"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"<v>([^<]*)</v>", sheet) == ["1.5"]
    assert re.findall(r"<t>([^<]*)</t>", sheet) == [
        "n", "t", "=1+1", "12345678901234567890", "http://a/",
    ]  # fmt: skip
    assert "<f>" not in sheet


@pytest.mark.parametrize("name", offers.ROWS)
def test_a_table_that_was_cut_says_so(served: Served, name: str) -> None:
    with closing(Pool(served.pool.store, replace(SETTINGS, query_rows=2))) as pool:
        client = TestClient(app_of(Served(pool)))

        def ask(number: int) -> httpx2.Response:
            query = f"SELECT ?s {{ ?s ?p ?o }} ORDER BY ?o ?s LIMIT {number}"
            return client.get("/sparql", params={"query": query, "format": name})

        whole, cut = ask(2), ask(3)
    assert endpoint.ROW_LIMIT not in whole.headers
    assert cut.headers[endpoint.ROW_LIMIT] == "2; reached=yes"
    assert endpoint.ROW_LIMIT in cut.headers["Access-Control-Expose-Headers"]
    page = "http://testserver/en/sparql#truncated"
    if name == "json":
        assert cut.json()["head"]["link"] == [page]
        assert cut.json()["results"] == whole.json()["results"]
    elif name == "xml":
        assert f'<link href="{page}"/></head>'.encode() in cut.content
    elif name == "html":
        assert "there are more" in cut.text
    elif name != "xlsx":
        assert cut.content == whole.content


def test_the_description_says_what_there_is(client: TestClient, served: Served) -> None:
    for name in ("ttl", "nt", "jsonld", "rdf"):
        answer = client.get("/sparql", headers={"Accept": offers.TRIPLES[name]})
        syntax = ox.RdfFormat.from_media_type(offers.TRIPLES[name])
        quads = list(ox.parse(answer.content, syntax))
        sd = "http://www.w3.org/ns/sparql-service-description#"
        said: dict[str, set[str]] = {}
        for quad in quads:
            said.setdefault(quad.predicate.value.removeprefix(sd), set()).add(str(quad.object))
        assert said["name"] == {f"<{EX}{graph}>" for graph in ("one", "two", "three")}
        assert said["feature"] == {f"<{sd}UnionDefaultGraph>"}
        assert len(said["resultFormat"]) == len(offers.ROWS) + len(offers.TRIPLES)
        text = " ".join(said["http://purl.org/dc/terms/description"])
        assert "union of all public graphs" in text
        assert "time of a query 1 seconds" in text


def test_an_identical_query_is_answered_from_what_is_kept(served: Served) -> None:
    with closing(Pool(served.pool.store, replace(SETTINGS, workers=1))) as pool:
        client = TestClient(app_of(Served(pool)))
        first = client.get("/sparql", params={"query": ROWS})
        pool.close()
        assert client.get("/sparql", params={"query": ROWS}).content == first.content
        other = {"query": f"{ROWS} # another"}
        assert client.get("/sparql", params=other).status_code == 503


def test_what_is_kept_is_bounded(served: Served) -> None:
    with closing(Pool(served.pool.store, replace(SETTINGS, cache_bytes=100_000))) as pool:
        queries = [f"SELECT ?s ?o {{ ?s ?p ?o }} LIMIT 10 OFFSET {i}" for i in range(100)]
        for query in queries:
            pool.run(query)
        pool.run("SELECT ?s ?o { ?s ?p ?o }")  # larger than its share
        pool.close()
        assert pool.run(queries[-1]).read()
        with pytest.raises(EndpointError):
            pool.run(queries[0])
        with pytest.raises(EndpointError):
            pool.run("SELECT ?s ?o { ?s ?p ?o }")


def test_head_has_the_headers_of_get(client: TestClient) -> None:
    get = client.get("/sparql", params={"query": ROWS})
    head = client.head("/sparql", params={"query": ROWS})
    assert head.status_code == 200
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(get.content))


def test_a_large_answer_is_sent_whole(client: TestClient) -> None:
    query = "SELECT ?s ?t { ?s ?p ?o . ?t ?q ?u . FILTER(?u < 10) }"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert len(answer.content) > endpoint.SMALL_BYTES
    assert len(answer.content.splitlines()) == 1 + 1500 * 30


def test_a_page_gets_a_table_or_a_boolean_or_turtle(served: Served) -> None:
    query = f"SELECT ?s ?l ?n ?b {{ BIND(<{EX}1> AS ?s) BIND('x'@nl AS ?l) BIND(BNODE() AS ?b) }}"
    table = tabular.table(served.pool, query)
    assert isinstance(table, tabular.Table)
    assert table.columns == ("s", "l", "n", "b")
    thing, word, nothing, blank = table.rows[0]
    assert (thing, nothing) == (Iri(f"{EX}1"), None)
    assert isinstance(word, Literal)
    assert (word.value, word.lang) == ("x", "nl")
    assert isinstance(blank, Literal)
    assert blank.value.startswith("_:")
    assert tabular.table(served.pool, "ASK { ?s ?p 1 }") is True
    turtle = f"<{EX}one/1> <{EX}number> 1 .\n"
    assert tabular.table(served.pool, f"DESCRIBE <{EX}one/1>") == turtle
    cut = tabular.table(served.pool, "SELECT ?s ?t { ?s ?p ?o . ?t ?q ?u }")
    assert isinstance(cut, tabular.Table)
    assert (len(cut.rows), cut.cut) == (tabular.ROWS, True)
    many = "CONSTRUCT { ?s ?p ?u } WHERE { ?s ?p ?o . ?t ?q ?u FILTER(?u < 100) }"
    with pytest.raises(EndpointError, match="add a LIMIT") as error:
        tabular.table(served.pool, many)
    assert error.value.problem is Problem.TOO_LARGE
