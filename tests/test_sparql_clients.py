"""The endpoint against the suites of W3C: the protocol and the service description."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from endpoints import SETTINGS, Served, app_of
from fastapi.testclient import TestClient

from s4s_graph.endpoint import Pool

SUITE = Path(__file__).resolve().parents[2] / "shared/suites/sparql11"
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


def protocol_tests() -> list[dict[str, Any]]:
    path = SUITE / "protocol-requests.json"
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
        store.load(path=SUITE / f"protocol/{name}.nt", to_graph=graph)
    store.flush()
    del store
    with (
        closing(Pool(path, SETTINGS)) as pool,
        TestClient(app_of(Served(pool)), follow_redirects=False) as client,
    ):
        yield client


@pytest.mark.skipif(not SUITE.exists(), reason="the W3C SPARQL 1.1 suite is not beside the project")
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


@pytest.mark.skipif(not SUITE.exists(), reason="the W3C SPARQL 1.1 suite is not beside the project")
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
