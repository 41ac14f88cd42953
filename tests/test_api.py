"""The API: what it answers, in which form, and what it says of a wrong request."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import browser
from fastapi.testclient import TestClient

from catalogue.app import create
from s4s_graph.settings import Settings

ROOT = "/api/v1"
PROBLEM = "application/problem+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


def test_the_list_says_of_each_question_how_to_ask_it(client: TestClient) -> None:
    questions = client.get(f"{ROOT}/questions").json()["questions"]
    assert len(questions) >= 25
    by_name = {question["name"]: question for question in questions}
    question = by_name["thin-evidence"]
    assert question["title"].keys() == {"nl", "en"}
    assert question["parameters"] == [
        {"name": "atMost", "type": "integer", "required": False, "default": "1"}
    ]
    assert "configuration" in question["columns"]
    for link in (question["links"]["answer"], *question["links"]["page"].values()):
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_question_is_found_by_words_of_either_language(client: TestClient, lang: str) -> None:
    questions = client.get(f"{ROOT}/questions").json()["questions"]
    title = next(item["title"][lang] for item in questions if item["name"] == "gaps")
    found = client.get(f"{ROOT}/questions", params={"q": title.upper(), "level": "macro"})
    assert [item["name"] for item in found.json()["questions"]] == ["gaps"]
    assert client.get(f"{ROOT}/questions?q=gaps&level=micro").json() == {"questions": []}


def test_an_answer_says_what_was_asked_and_has_the_rows_of_the_page(client: TestClient) -> None:
    answer = client.get(f"{ROOT}/questions/missing-conditions?company=bedrijf-a&lang=en").json()
    assert answer["question"] == "missing-conditions"
    assert answer["parameters"] == {"company": "bedrijf-a", "intervention": "werkplekleren"}
    assert answer["count"] == len(answer["rows"]) > 0
    assert answer["limited"] is False
    assert {row["firm"]["uri"].rpartition("/")[2] for row in answer["rows"]} == {"bedrijf-a"}
    same = client.get("/en/questions/missing-conditions.json?company=bedrijf-a").json()
    assert same == answer


def test_a_number_is_asked_by_a_key_in_camel_case(client: TestClient) -> None:
    few = client.get(f"{ROOT}/questions/thin-evidence?atMost=0").json()
    assert few["parameters"] == {"atMost": "0"}
    assert few["count"] < client.get(f"{ROOT}/questions/thin-evidence?atMost=9").json()["count"]


def test_headings_and_names_are_in_the_language_asked_for(client: TestClient) -> None:
    columns = {
        lang: client.get(f"{ROOT}/questions/gaps?lang={lang}").json()["columns"]["condition"]
        for lang in ("nl", "en")
    }
    assert columns == {"nl": "Omstandigheid", "en": "Condition"}


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("", "*/*", "application/json"),
        ("", "text/csv;q=0.9, application/json;q=0.1", "text/csv; charset=utf-8"),
        ("", XLSX, XLSX),
        ("?format=csv", "application/json", "text/csv; charset=utf-8"),
        ("?format=xlsx", "*/*", XLSX),
    ],
)
def test_the_format_is_by_name_or_by_accept(
    client: TestClient, query: str, accept: str, media_type: str
) -> None:
    response = client.get(f"{ROOT}/questions/gaps{query}", headers={"Accept": accept})
    assert response.headers["content-type"] == media_type
    assert "Accept" in response.headers["vary"]


def test_csv_has_the_rows_of_json(client: TestClient) -> None:
    rows = client.get(f"{ROOT}/questions/gaps?format=json").json()["rows"]
    lines = client.get(f"{ROOT}/questions/gaps?format=csv").text.splitlines()
    assert len(lines) == len(rows) + 1
    assert lines[0].startswith("condition,condition_label,")


def test_a_workbook_has_the_rows_and_says_what_they_are(client: TestClient) -> None:
    response = client.get(f"{ROOT}/questions/gaps?format=xlsx&lang=nl")
    book = zipfile.ZipFile(io.BytesIO(response.content))
    names = book.read("xl/workbook.xml").decode()
    assert 'name="Antwoord"' in names
    assert 'name="Over"' in names
    rows = client.get(f"{ROOT}/questions/gaps?lang=nl").json()["rows"]
    assert book.read("xl/worksheets/sheet1.xml").decode().count("<row ") == len(rows) + 1
    words = book.read("xl/sharedStrings.xml").decode()
    assert rows[0]["condition"]["label"] in words
    assert rows[0]["condition"]["uri"] in words
    assert response.content == client.get(f"{ROOT}/questions/gaps?format=xlsx&lang=nl").content


@pytest.mark.parametrize(
    ("path", "parameter", "nearest", "said"),
    [
        ("fits-company?company=bedrijf-aa", "company", "bedrijf-a", "such as bedrijf-a"),
        ("fits-company?company=A B", "company", None, "small letters, digits"),
        ("fits-company?company=zzzzzzzz", "company", None, "among Companies"),
        ("thin-evidence?atMost=two", "atMost", None, "a whole number"),
        ("thin-evidence?atMost=99999999999", "atMost", None, "at most 9 digits"),
        ("thin-evidence?atmost=2", "atmost", None, "it has atMost"),
        ("gaps?lang=fr", "lang", None, "give nl or en"),
        ("gaps?format=pdf", "format", None, "give one of json, csv, xlsx"),
        ("gaps?format=", "format", None, "give one of json, csv, xlsx"),
        ("gaps?lang=nl&lang=en", "lang", None, "more than once"),
        ("gaps?company=%00", "company", None, "it has none"),
    ],
)
def test_a_wrong_value_is_a_problem_with_a_sentence(
    client: TestClient, path: str, parameter: str, nearest: str | None, said: str
) -> None:
    response = client.get(f"{ROOT}/questions/{path}")
    assert response.status_code == 400
    assert response.headers["content-type"] == PROBLEM
    problem = response.json()
    assert problem["status"] == 400
    assert problem["parameter"] == parameter
    assert problem.get("nearest") == nearest
    assert said in problem["detail"]


@pytest.mark.parametrize("level", ["", "whole"])
def test_a_level_that_there_is_not_is_refused(client: TestClient, level: str) -> None:
    response = client.get(f"{ROOT}/questions?level={level}")
    assert response.status_code == 400
    assert "give one of micro, meso, macro" in response.json()["detail"]


def test_a_problem_is_in_the_language_of_who_asks(client: TestClient) -> None:
    path = f"{ROOT}/questions/thin-evidence?atMost=x"
    assert "give" in client.get(path).json()["detail"]
    assert "geef" in client.get(path, headers={"Accept-Language": "nl"}).json()["detail"]
    assert "geef" in client.get(f"{path}&lang=nl").json()["detail"]


def test_a_format_that_is_not_served_is_406(client: TestClient) -> None:
    response = client.get(f"{ROOT}/questions/gaps", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/csv" in response.json()["detail"]


def test_who_has_an_answer_is_told_so_for_each_form_of_it(client: TestClient) -> None:
    path = f"{ROOT}/questions/gaps"
    tags = {
        (accept, encoding): client.get(
            path, headers={"Accept": accept, "Accept-Encoding": encoding}
        ).headers["etag"]
        for accept in ("application/json", "text/csv")
        for encoding in ("gzip", "br", "identity")
    }
    assert len(set(tags.values())) == len(tags)
    for (accept, encoding), tag in tags.items():
        known = {"If-None-Match": tag, "Accept": accept, "Accept-Encoding": encoding}
        response = client.get(path, headers=known)
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["api-version"]
    other = {"If-None-Match": tags["application/json", "gzip"], "Accept": "text/csv"}
    assert client.get(path, headers=other).status_code == 200


def test_another_release_has_another_tag(tiny_release: Path, shipped_release: Path) -> None:
    tags = set()
    for release in (tiny_release, shipped_release):
        with browser(release) as client:
            tags.add(client.get(f"{ROOT}/terms").headers["etag"])
    assert len(tags) == 2


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity"])
def test_large_answers_are_encoded_as_asked(client: TestClient, encoding: str) -> None:
    response = client.get(f"{ROOT}/terms", headers={"Accept-Encoding": encoding})
    said = response.headers.get("content-encoding", "identity")
    assert said == encoding
    sent = int(response.headers["content-length"])
    assert (sent < len(response.content) / 3) is (encoding != "identity")


def test_head_has_the_headers_of_get(client: TestClient) -> None:
    head, get = (
        client.request(method, f"{ROOT}/questions/gaps", headers={"Accept-Encoding": "identity"})
        for method in ("HEAD", "GET")
    )
    assert head.content == b""
    assert head.headers == get.headers


def test_a_question_that_takes_too_long_is_stopped(shipped_release: Path) -> None:
    settings = replace(Settings(), releases=shipped_release.parent, query_seconds=0.001)
    with TestClient(create(settings)) as client:
        response = client.get(f"{ROOT}/questions/fits-company?lang=nl")
        page = client.get("/nl/questions/fits-company")
    assert response.status_code == 504
    assert response.headers["content-type"] == PROBLEM
    assert "gestopt" in response.json()["detail"]
    assert page.status_code == 504
    assert "gestopt" in page.text


def test_without_a_release_the_api_says_so(tmp_path: Path) -> None:
    with TestClient(create(replace(Settings(), releases=tmp_path))) as client:
        response = client.get(f"{ROOT}/questions")
    assert response.status_code == 503
    assert response.headers["content-type"] == PROBLEM
    assert response.headers["retry-after"]


@pytest.mark.parametrize("path", [f"{ROOT}/openapi.json", f"{ROOT}/questions", "/en/api"])
def test_a_host_that_is_none_is_refused(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"Host": "%zz"})
    assert response.status_code == 400
    assert "Host" in response.text


def test_terms_are_named_as_a_query_names_them(client: TestClient) -> None:
    content = client.get(f"{ROOT}/terms").json()
    terms = {term["name"]: term for term in content["terms"]}
    assert len(terms) == len(content["terms"])
    assert terms["s4s:Intervention"] == {
        "name": "s4s:Intervention",
        "iri": f"{content['prefixes']['s4s']}Intervention",
        "nl": "interventie",
        "en": "intervention",
        "kind": "class",
    }
    assert terms["s4s:hasOutcome"]["kind"] == "property"
    assert terms["skos:prefLabel"]["nl"]
    assert terms["intervention:werkplekleren"]["kind"] == "concept"
    assert terms["theory-status:verworpen"]["kind"] == "concept"
    for name, term in terms.items():
        prefix, _, rest = name.partition(":")
        assert content["prefixes"][prefix] + rest == term["iri"]


def test_terms_are_searched_without_case_and_accents(client: TestClient) -> None:
    def names(query: str) -> set[str]:
        found = client.get(f"{ROOT}/terms?{query}").json()["terms"]
        return {term["name"] for term in found}

    assert "s4s:Condition" in names("q=OMSTÁNDIGHEID&lang=nl")
    assert "s4s:Condition" not in names("q=omstandigheid&lang=en")
    assert "s4s:Condition" in names("q=omstandigheid")
    assert names("q=nothing-has-this-name") == set()


def test_terms_at_the_other_address_are_the_same(client: TestClient) -> None:
    assert client.get(f"{ROOT}/terms.json").json() == client.get(f"{ROOT}/terms").json()


def test_what_is_invented_is_marked_in_each_row(client: TestClient) -> None:
    rows = client.get(f"{ROOT}/questions/fits-company").json()["rows"]
    assert rows
    assert all(row["illustrative"] for row in rows)
    assert json.dumps(rows)
