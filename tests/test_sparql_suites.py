"""The endpoint against the suites of W3C: queries, results, protocol, service description."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pyoxigraph as ox
import pytest
import rdflib
import w3c
from endpoints import SETTINGS, Served, app_of
from fastapi.testclient import TestClient
from rdflib.compare import isomorphic

from s4s_graph.endpoint import Pool

pytestmark = pytest.mark.skipif(
    not w3c.SUITE.exists(), reason="the W3C SPARQL 1.1 suite is not beside the project"
)
SD = "http://www.w3.org/ns/sparql-service-description#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
# The domains and ranges that the vocabulary of service descriptions states.
DOMAINS = {
    f"{SD}{name}": f"{SD}{domain}"
    for domain, names in {
        "Service": ("endpoint", "feature", "resultFormat", "supportedLanguage", "defaultDataset"),
        "Dataset": ("defaultGraph", "namedGraph"),
        "NamedGraph": ("name",),
    }.items()
    for name in names
}
RANGES = {
    f"{SD}defaultDataset": f"{SD}Dataset",
    f"{SD}defaultGraph": f"{SD}Graph",
    f"{SD}namedGraph": f"{SD}NamedGraph",
}
KINDS = {
    "boolean": "application/sparql-results+json",
    "tabular": "application/sparql-results+json",
    "RDF": "text/turtle",
}


# The engine itself fails these, also without an endpoint around it.
LANGUAGE = "GROUP_CONCAT keeps the language that all its texts have"
ZERO = "a path of length zero does not find a term that is in no graph"
EXCEPTIONS = {
    "aggregates/agg-empty-group-count-graph": "GRAPH ?g does not reach into a subquery",
    "aggregates/agg-groupconcat-04": LANGUAGE,
    "aggregates/agg-groupconcat-06": LANGUAGE,
    "bindings/graph": "GRAPH ?g does not reach into VALUES",
    "csv-tsv-res/tsv03": "the store keeps a negativeInteger as an integer",
    "functions/bnode01": "BNODE(text) is the same node in each solution",
    "negation/graph-minus": "what is in GRAPH ?g shares ?g with what is in its MINUS",
    "property-path/zero_or_more_set_end": ZERO,
    "property-path/zero_or_more_set_start": ZERO,
    "property-path/zero_or_one_set_end": ZERO,
    "property-path/zero_or_one_set_start": ZERO,
}
ACCEPT = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".tsv": "text/tab-separated-values",
    ".csv": "text/csv",
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve every data file of the suite, each as a graph called after itself."""
    files = sorted({str(path) for test in w3c.tests() for path in (*test.data, *test.graphs)})
    assert files
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = "from s4s_graph.cli import main; main()"
    arguments = ["serve", "--named", "--port", str(port), "--file", *files]
    log = tmp_path_factory.mktemp("served") / "log"
    with (
        log.open("w") as output,
        subprocess.Popen([sys.executable, "-c", script, *arguments], stderr=output) as process,
    ):
        address = f"http://127.0.0.1:{port}/sparql"
        try:
            _await(address, process, log)
            yield address
        finally:
            process.terminate()


def _await(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            httpx2.get(address)
        except httpx2.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())


def _marked(test: w3c.Test) -> Any:
    if reason := EXCEPTIONS.get(test.name):
        return pytest.param(test, id=test.name, marks=pytest.mark.xfail(reason=reason, strict=True))
    return pytest.param(test, id=test.name)


@pytest.mark.parametrize("test", [_marked(test) for test in w3c.tests()])
def test_a_query_of_w3c_has_the_answer_of_w3c(endpoint: str, test: w3c.Test) -> None:
    answer = _ask(endpoint, test)
    if test.answer is None:
        assert answer.status_code == 400, answer.text
        return
    assert answer.status_code == 200, answer.text
    wanted, base = test.answer.read_bytes(), test.answer.as_uri()
    if test.has_graph:
        found = rdflib.Graph().parse(data=answer.content, format="nt")
        graph = rdflib.Graph().parse(data=wanted, format="turtle", publicID=base)
        assert isomorphic(found, graph), answer.text
        return
    kind = test.answer.suffix
    table = w3c.read(answer.content, kind if kind in ACCEPT else ".srj")
    ordered = re.search(r"ORDER\s+BY", test.query.read_text(), re.IGNORECASE) is not None
    assert w3c.same(table, w3c.read(wanted, kind, base), ordered=ordered), answer.text


def _ask(endpoint: str, test: w3c.Test) -> httpx2.Response:
    # A query is relative to the file that it stands in, which the endpoint cannot know.
    query = f"BASE <{test.query.as_uri()}>\n{test.query.read_text()}"
    graphs: dict[str, list[str]] = {}
    if not re.search(r"^\s*FROM\b", query, re.IGNORECASE | re.MULTILINE):
        # Without data the default graph is empty, and not all that is served.
        graphs["default-graph-uri"] = [path.as_uri() for path in test.data or (w3c.SUITE / "none",)]
        graphs["named-graph-uri"] = [path.as_uri() for path in test.graphs]
    kind = test.answer.suffix if test.answer else ".srj"
    accept = "application/n-triples" if test.has_graph else ACCEPT.get(kind, ACCEPT[".srj"])
    return httpx2.post(endpoint, data={"query": query, **graphs}, headers={"Accept": accept})


def test_no_exception_is_ours_alone() -> None:
    failures = (w3c.SUITE / "known_failures_pyoxigraph_inprocess.txt").read_text()
    known = {line.removeprefix("sparql11/").replace("#", "/") for line in failures.split()}
    assert EXCEPTIONS.keys() <= known & {test.name for test in w3c.tests()}


def test_an_answer_that_is_another_is_told_apart() -> None:
    head = '{"head": {"vars": ["a"]}, "results": {"bindings": '

    def table(*values: tuple[str, str]) -> w3c.Table | bool:
        rows = [{"a": {"type": kind, "value": text}} for kind, text in values]
        return w3c.read(f"{head}{json.dumps(rows)}}}}}".encode(), ".srj")

    x, y, b, c = ("uri", "x"), ("uri", "y"), ("bnode", "b"), ("bnode", "c")
    assert w3c.same(table(x, y), table(y, x), ordered=False)
    assert not w3c.same(table(x, y), table(y, x), ordered=True)
    assert not w3c.same(table(x, x, y), table(x, y, y), ordered=False)
    assert w3c.same(table(b, c), table(c, b), ordered=True)
    assert not w3c.same(table(b, b), table(b, c), ordered=False)
    assert not w3c.same(table(x), True, ordered=False)


def protocol_tests() -> list[dict[str, Any]]:
    path = w3c.SUITE / "protocol-requests.json"
    if not path.exists():
        return []
    tests: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    # The update half of the protocol is refused on purpose.
    return [test for test in tests if not test["id"].startswith("update_")]


@pytest.fixture(scope="module")
def suite_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    path = tmp_path_factory.mktemp("suite") / "store"
    store = ox.Store(str(path))
    for name in ("data1", "data2", "data3"):
        graph = ox.NamedNode(f"http://kasei.us/2009/09/sparql/data/{name}.rdf")
        store.load(path=w3c.SUITE / f"protocol/{name}.nt", to_graph=graph)
    store.flush()
    del store
    with (
        closing(Pool(path, SETTINGS)) as pool,
        TestClient(app_of(Served(pool)), follow_redirects=False) as client,
    ):
        yield client


@pytest.mark.parametrize("test", protocol_tests(), ids=lambda test: test["id"])
def test_the_protocol_suite_of_w3c_passes(suite_client: TestClient, test: dict[str, Any]) -> None:
    for sent in test["requests"]:
        body = bytes.fromhex(sent["body_hex"]) if sent["body_hex"] else (sent["body"] or "")
        answer = suite_client.request(
            sent["method"],
            f"/sparql?{sent['query_string']}",
            content=body,
            headers=dict(sent["headers"]),
        )
        assert f"StatusCode{answer.status_code // 100}xx" in sent["expect_status"], answer.text
        if sent["expect_boolean"] is not None:
            assert answer.json()["boolean"] is sent["expect_boolean"]
        if sent["expect_format"]:
            kind = answer.headers["Content-Type"].partition(";")[0]
            assert kind == KINDS[sent["expect_format"]]


def test_the_service_description_suite_of_w3c_passes(suite_client: TestClient) -> None:
    """Its three tests: GET returns RDF; it has a matching sd:endpoint; it follows the schema."""
    answer = suite_client.get("/sparql")
    kind = answer.headers["Content-Type"].partition(";")[0]
    triples = {quad.triple for quad in ox.parse(answer.content, ox.RdfFormat.from_media_type(kind))}
    endpoints = {o for _, p, o in triples if p == ox.NamedNode(f"{SD}endpoint")}
    assert endpoints == {ox.NamedNode("http://testserver/sparql")}
    for subject, predicate, thing in triples:
        if predicate.value in DOMAINS:
            assert ox.Triple(subject, TYPE, ox.NamedNode(DOMAINS[predicate.value])) in triples
        if predicate.value in RANGES:
            assert isinstance(thing, ox.NamedNode)
            assert ox.Triple(thing, TYPE, ox.NamedNode(RANGES[predicate.value])) in triples
