"""The API and its description keep the rules of the Dutch government for REST APIs."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browsing import browser, soup, unsound
from fastapi.testclient import TestClient

from catalogue.app import create
from s4s_graph.settings import Settings

ROOT = "/api/v1"
PROBLEM = "application/problem+json"
SEMANTIC_VERSION = re.compile(r"\d+\.\d+\.\d+")
KEBAB = re.compile(r"(/[a-z0-9]+(-[a-z0-9]+)*(\.json)?)+")
LOWER_CAMEL = re.compile(r"[a-z][a-zA-Z0-9]*")
UPPER_CAMEL = re.compile(r"[A-Z][a-zA-Z0-9]*")
# An answer of each kind: well asked, badly asked, not there, not allowed.
ANSWERS = [
    ("GET", "/questions", 200),
    ("GET", "/questions/gaps", 200),
    ("GET", "/terms", 200),
    ("GET", "/openapi.json", 200),
    ("HEAD", "/questions", 200),
    ("OPTIONS", "/questions/gaps", 204),
    ("GET", "/questions/gaps?x=1", 400),
    ("GET", "/questions/none-such", 404),
    ("GET", "/questions/", 404),
    ("GET", "/questions/gaps/", 404),
    ("GET", "/none-such", 404),
    ("GET", "", 404),
    ("POST", "/questions", 405),
    ("DELETE", "/questions/gaps", 405),
    ("PUT", "/terms", 405),
    ("PATCH", "/openapi.json", 405),
]


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


@pytest.fixture(scope="module", params=["nl", "en"])
def document(request: pytest.FixtureRequest, client: TestClient) -> Any:
    return client.get(f"{ROOT}/openapi.json?lang={request.param}").json()


def operations(document: Any) -> Iterator[tuple[str, Any]]:
    for path, methods in document["paths"].items():
        assert methods.keys() == {"get"}
        yield path, methods["get"]


def resolved(document: Any, part: Any) -> Any:
    """Return a part of the document, or what it refers to."""
    if "$ref" not in part:
        return part
    found = document
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_the_description_is_valid_openapi_3_1(document: Any) -> None:
    validator = pytest.importorskip("openapi_spec_validator", reason="it is not installed")
    validator.OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1.")


def test_every_question_is_described_with_its_parameters_and_columns(
    document: Any, client: TestClient
) -> None:
    questions = client.get(f"{ROOT}/questions").json()["questions"]
    for question in questions:
        operation = document["paths"][f"/questions/{question['name']}"]["get"]
        names = [resolved(document, part)["name"] for part in operation["parameters"]]
        own = [part["name"] for part in question["parameters"] if part["type"] != "lang"]
        assert names == [*own, "lang", "format"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        rows = resolved(document, schema)["properties"]["rows"]["items"]
        columns = resolved(document, rows)["required"]
        assert columns == [*question["columns"], "illustrative"]


def test_parameters_have_the_type_of_the_header(document: Any) -> None:
    def schema(question: str, name: str) -> Any:
        parts = document["paths"][f"/questions/{question}"]["get"]["parameters"]
        found = (resolved(document, part) for part in parts)
        return next(part["schema"] for part in found if part["name"] == name)

    number = schema("thin-evidence", "atMost")
    assert (number["type"], number["default"]) == ("integer", 1)
    anything, company = schema("fits-company", "company")["anyOf"]
    assert anything == {"const": "any"}
    assert "bedrijf-a" in resolved(document, company)["enum"]


def test_each_address_answers_as_described(document: Any, client: TestClient) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="it is not installed")
    asked = 0
    for path, operation in operations(document):
        examples: dict[str, str] = {}
        for part in operation["parameters"]:
            parameter = resolved(document, part)
            for kind in parameter["schema"].get("anyOf", [parameter["schema"]]):
                for value in resolved(document, kind).get("enum", [])[:1]:
                    examples[parameter["name"]] = value
        response = client.get(
            ROOT + path, params=examples | {"format": "json"} if "format" in examples else examples
        )
        assert response.status_code == 200, (path, examples, response.text)
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(response.json(), {**document, **schema})
        asked += 1
    assert asked > 25


def test_examples_really_answer(document: Any, client: TestClient) -> None:
    found = 0
    for path, operation in operations(document):
        for part in operation["parameters"]:
            parameter = resolved(document, part)
            if "example" in parameter:
                params = {parameter["name"]: parameter["example"]}
                assert client.get(ROOT + path, params=params).status_code == 200
                found += 1
    assert found > 50


def test_it_says_whom_to_ask(tiny_release: Path) -> None:
    for contact, email in {
        "data@example.org": "data@example.org",
        "https://example.org/x": None,
    }.items():
        settings = replace(
            Settings(), releases=tiny_release.parent, organisation="Example", contact=contact
        )
        with TestClient(create(settings)) as client:
            info = client.get(f"{ROOT}/openapi.json").json()["info"]
        assert info["contact"].keys() == {"name", "email", "url"}
        assert info["contact"]["name"] == "Example"
        assert (info["contact"]["email"] == contact) is bool(email)
        assert (info["contact"]["url"] == contact) is not bool(email)


def test_an_address_that_nobody_set_is_said_to_be_none(document: Any) -> None:
    assert document["info"]["contact"]["email"].endswith(".invalid")
    assert re.search("geen e-mailadres|no e-mail address", document["info"]["description"])


def test_the_server_is_over_tls_with_the_major_version_in_its_path(
    document: Any, tiny_release: Path
) -> None:
    version = document["info"]["version"]
    assert SEMANTIC_VERSION.fullmatch(version)
    (server,) = document["servers"]
    assert server["url"] == f"https://testserver/api/v{version.split('.')[0]}"
    settings = replace(Settings(), releases=tiny_release.parent)
    with TestClient(create(settings), base_url="https://example.org") as secure:
        said = secure.get(f"{ROOT}/openapi.json").json()["servers"]
    assert said[0]["url"] == f"https://example.org{ROOT}"


def test_names_are_written_as_the_rules_say(document: Any) -> None:
    for path, operation in operations(document):
        assert KEBAB.fullmatch(path)
        assert LOWER_CAMEL.fullmatch(operation["operationId"])
        for part in operation["parameters"]:
            assert LOWER_CAMEL.fullmatch(resolved(document, part)["name"])
    for kind in document["components"].values():
        assert [name for name in kind if not UPPER_CAMEL.fullmatch(name)] == []


def test_every_described_answer_has_the_version_and_every_error_is_a_problem(
    document: Any,
) -> None:
    for _, operation in operations(document):
        assert len(operation["responses"]) > 1
        for status, part in operation["responses"].items():
            response = resolved(document, part)
            assert "API-Version" in response["headers"]
            if status != "200":
                assert response["content"].keys() == {PROBLEM}


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_has_the_version_and_every_error_is_a_problem(
    client: TestClient, method: str, path: str, status: int
) -> None:
    response = client.request(method, ROOT + path)
    assert response.status_code == status
    assert response.headers["api-version"] == "1.0.0"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"
    if status >= 400:
        assert response.headers["content-type"] == PROBLEM
        problem = response.json()
        assert problem["status"] == status
        assert problem["detail"]
        assert problem["instance"] == (ROOT + path).partition("?")[0]
    if status in {204, 405}:
        assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_what_goes_wrong_in_the_api_is_a_problem_too(
    tiny_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("catalogue.api.terms.content", broken)
    settings = replace(Settings(), releases=tiny_release.parent)
    with TestClient(create(settings), raise_server_exceptions=False) as client:
        response = client.get(f"{ROOT}/terms")
    assert response.status_code == 500
    assert response.headers["content-type"] == PROBLEM
    assert response.headers["api-version"]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_description_is_a_page_too(client: TestClient, lang: str) -> None:
    page = soup(client, f"/{lang}/api")
    assert list(unsound(page)) == []
    document = client.get(f"{ROOT}/openapi.json?lang={lang}").json()
    for path, operation in operations(document):
        part = page.select_one(f'details[id="{path.rpartition("/")[2]}"]')
        assert part.select_one("summary").get_text(strip=True) == operation["summary"]
        assert part.select_one(f'a[href="{ROOT}{path}"]')
    assert page.select_one(f'a[href="{ROOT}/openapi.json?lang={lang}"]')
    assert not page.select("main script")


def test_who_asks_for_the_api_gets_to_the_page(client: TestClient) -> None:
    response = client.get("/api", headers={"Accept-Language": "en"})
    assert (response.status_code, response.headers["location"]) == (303, "/en/api")
