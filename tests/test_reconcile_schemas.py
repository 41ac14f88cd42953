"""Every answer of the reconciliation service against the JSON schemas of its specification."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import reconciling
from browsing import browser
from fastapi.testclient import TestClient
from reconciling import JOINING, SKILL, SUITE

pytestmark = pytest.mark.skipif(
    not SUITE.exists(), reason="the schemas of the reconciliation API are not beside the project"
)
WELDING = "https://w3id.org/skills4skills/id/skill/lassen"
BUDGET = "https://w3id.org/skills4skills/id/intervention/leerbudget"
DRAFT = "1.0-draft"
SUGGESTED = {"entity": "entities", "type": "types", "property": "properties"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with browser(reconciling.released(tmp_path_factory.mktemp("reconcile"))) as client:
        yield client


def valid(version: str, schema: str, answer: Any) -> None:
    assert answer.status_code == 200, answer.text
    errors = list(reconciling.validator(version, schema).iter_errors(answer.json()))
    assert errors == []


def examples(version: str, of: str) -> list[Path]:
    files = sorted((SUITE / version / "examples/reconciliation-query-batch" / of).glob("*.json"))
    assert files or not SUITE.exists()
    return files


def named(paths: list[Path]) -> Any:
    return pytest.mark.parametrize("path", paths, ids=[path.stem for path in paths])


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize(("version", "path"), [("0.2", ""), (DRAFT, "/1.0")])
def test_manifests(client: TestClient, lang: str, version: str, path: str) -> None:
    valid(version, "manifest", client.get(f"/{lang}/reconcile{path}"))


@pytest.mark.parametrize(("version", "path"), [("0.2", ""), (DRAFT, "/1.0")])
@pytest.mark.parametrize("what", SUGGESTED)
@pytest.mark.parametrize("prefix", ["", "w", "joining", WELDING])
def test_suggestions(client: TestClient, version: str, path: str, what: str, prefix: str) -> None:
    answer = client.get(f"/en/reconcile{path}/suggest/{what}", params={"prefix": prefix})
    valid(version, f"suggest-{SUGGESTED[what]}-response", answer)


@pytest.mark.parametrize(
    ("version", "path"), [("0.2", "/properties"), (DRAFT, "/1.0/extend/propose")]
)
@pytest.mark.parametrize("kind", [SKILL, "http://example.org/unknown"])
def test_proposals(client: TestClient, version: str, path: str, kind: str) -> None:
    answer = client.get(f"/nl/reconcile{path}", params={"type": kind, "limit": 5})
    valid(version, "data-extension-property-proposal", answer)


def test_extensions_with_every_property(client: TestClient) -> None:
    suggested = client.get("/en/reconcile/suggest/property?prefix=").json()["result"]
    assert len(suggested) == 50
    asked = {
        "ids": [WELDING, JOINING, BUDGET, "http://example.org/unknown"],
        "properties": [{"id": one["id"]} for one in suggested],
    }
    old = client.post("/en/reconcile", data={"extend": json.dumps(asked)})
    valid("0.2", "data-extension-response", old)
    new = client.post("/en/reconcile/1.0/extend", json=asked)
    valid(DRAFT, "data-extension-response", new)
    assert [row["id"] for row in new.json()["rows"]] == asked["ids"]


def test_candidates(client: TestClient) -> None:
    properties = [{"pid": "skos:broader", "v": "lassen"}]
    batch = {
        "a": {"query": "welding"},
        "b": {"query": "pipe", "properties": properties},
        "c": {"query": "zzz"},
    }
    old = client.post("/nl/reconcile", data={"queries": json.dumps(batch)})
    valid("0.2", "reconciliation-result-batch", old)
    queries = [
        {"conditions": [{"matchType": "name", "propertyValue": text}]}
        for text in ("welding", "zzz")
    ]
    new = client.post("/nl/reconcile/1.0/match", json={"queries": queries})
    valid(DRAFT, "reconciliation-result-batch", new)
    assert old.json()["a"]["result"]
    assert new.json()["results"][0]["candidates"]


@named(examples("0.2", "valid"))
def test_examples_of_batches_are_answered(client: TestClient, path: Path) -> None:
    answer = client.post("/en/reconcile", data={"queries": path.read_text("utf-8")})
    valid("0.2", "reconciliation-result-batch", answer)
    assert list(answer.json()) == list(json.loads(path.read_text("utf-8")))


@named(examples("0.2", "invalid"))
def test_wrong_examples_of_batches_are_refused(client: TestClient, path: Path) -> None:
    answer = client.post("/en/reconcile", data={"queries": path.read_text("utf-8")})
    assert answer.status_code == 400


@named(examples(DRAFT, "valid"))
def test_examples_of_the_draft_are_answered(client: TestClient, path: Path) -> None:
    batch = json.loads(path.read_text("utf-8"))
    answer = client.post("/en/reconcile/1.0/match", json=batch)
    valid(DRAFT, "reconciliation-result-batch", answer)
    assert len(answer.json()["results"]) == len(batch["queries"])


@named(examples(DRAFT, "invalid"))
def test_wrong_examples_of_the_draft_are_refused(client: TestClient, path: Path) -> None:
    answer = client.post("/en/reconcile/1.0/match", json=json.loads(path.read_text("utf-8")))
    assert answer.status_code == 400
