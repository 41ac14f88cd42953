"""The restricted site: what people see there, and what is written down."""

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from catalogue import app as public
from s4s_graph import release
from s4s_graph.settings import Settings
from tests.confidential import BOND, BUREAU, Confidential
from tests.researchers import PAGE, Visit, bearer, own, token, visits


@pytest.fixture
def settings(sealed: Confidential, tmp_path: Path) -> Settings:
    return own(sealed.settings, tmp_path)


@pytest.fixture
def visit(settings: Settings) -> Iterator[Visit]:
    with visits(settings) as opened:
        yield opened


def log(settings: Settings) -> list[dict[str, Any]]:
    return [json.loads(line) for line in settings.audit_log.read_text().splitlines()]


def test_a_researcher_sees_everything_and_a_holder_its_own(
    visit: Visit, settings: Settings, sealed: Confidential
) -> None:
    client = visit()
    query = "SELECT ?o { ?s ?p ?o FILTER(isLiteral(?o)) }"
    seen = {}
    for name, scope in (("ada", "all"), ("bo", "holder:bond"), ("bu", "holder:bureau")):
        headers = {**bearer(token(settings, name, scope)), "Accept": "text/csv"}
        answer = client.get("/sparql", params={"query": query}, headers=headers)
        assert answer.status_code == 200
        seen[name] = {value for value in sealed.owners if value in answer.text}
    assert sealed.of(BOND) >= seen["bo"] > set()
    assert sealed.of(BUREAU) >= seen["bu"] > set()
    assert seen["ada"] > seen["bo"] | seen["bu"]


def test_each_page_says_that_it_is_confidential_and_to_whom_it_was_shown(
    visit: Visit, settings: Settings
) -> None:
    client, headers = visit(), bearer(token(settings))
    for path in ("/en/", PAGE, "/en/sparql", "/en/interventions/leercoach/factsheet", "/en/none"):
        text = client.get(path, headers=headers).text
        assert 'class="confidential"' in text, path
        assert "Shown to ada." in text, path
    assert "Vertrouwelijk" in client.get("/nl/", headers=headers).text


def test_no_answer_is_kept_indexed_or_read_by_another_site(
    visit: Visit, settings: Settings
) -> None:
    client, headers = visit(), bearer(token(settings))
    for path in (PAGE, "/dump/skills4skills.nq", "/sparql?query=ASK%7B%7D", "/api/v1/terms", "/x"):
        answer = client.get(path, headers={**headers, "Origin": "https://example.org"})
        assert answer.headers["cache-control"] == "no-store", path
        assert "noindex" in answer.headers["x-robots-tag"], path
        assert answer.headers["cross-origin-resource-policy"] == "same-origin", path
        kept = {"etag", "last-modified", "access-control-allow-origin"} & answer.headers.keys()
        assert kept == set(), path


@pytest.mark.parametrize("method", ["HEAD", "POST", "DELETE", "OPTIONS"])
def test_the_stylesheet_is_there_for_everyone_to_get_and_no_more(visit: Visit, method: str) -> None:
    client = visit()
    assert client.get("/theme.css").status_code == 200
    assert client.request(method, "/theme.css").status_code == 401


def test_every_access_is_written_down_without_what_was_asked(
    visit: Visit, settings: Settings
) -> None:
    client, headers = visit(), bearer(token(settings))
    client.get("/en/search?q=verborgen", headers=headers)
    client.post("/sparql", data={"query": "ASK { ?verborgen ?p ?o }"}, headers=headers)
    client.get("/en/none%0A%22x", headers=headers)
    client.get(PAGE, headers=bearer("s4s_verborgen"))
    entries = log(settings)
    told = [(e["person"], e["method"], e["path"], e["status"]) for e in entries]
    assert told == [
        ("ada", "GET", "/en/search", 200),
        ("ada", "POST", "/sparql", 200),
        ("ada", "GET", '/en/none\n"x', 404),
        (None, "GET", PAGE, 401),
    ]
    assert all(entry["time"].endswith("+00:00") for entry in entries)
    assert "verborgen" not in settings.audit_log.read_text()
    assert stat.S_IMODE(settings.audit_log.stat().st_mode) == 0o600


def test_what_cannot_be_written_down_is_not_given(visit: Visit, settings: Settings) -> None:
    client, headers = visit(), bearer(token(settings))
    settings.audit_log.unlink()
    settings.audit_log.parent.rmdir()
    answer = client.get(PAGE, headers=headers)
    assert answer.status_code == 503
    assert "Bedrijf" not in answer.text


def test_without_a_restricted_release_a_holder_is_told_to_wait(
    visit: Visit, settings: Settings, tmp_path: Path
) -> None:
    client = visit(restricted_releases=tmp_path)
    answer = client.get("/en/", headers=bearer(token(settings, "bo", "holder:bond")))
    assert answer.status_code == 503
    assert "not there yet" in answer.text


def test_a_new_restricted_release_is_what_a_holder_sees_next(
    visit: Visit, settings: Settings, sealed: Confidential, tmp_path: Path
) -> None:
    top = tmp_path / "restricted"
    top.mkdir()
    (top / sealed.restricted.name).symlink_to(sealed.restricted)
    (top / release.CURRENT).symlink_to(sealed.restricted.name)
    client = visit(restricted_releases=top)
    headers = bearer(token(settings, "bo", "holder:bond"))
    assert client.get(PAGE, headers=headers).status_code == 200
    (top / "next").symlink_to("gone")
    (top / "next").replace(top / release.CURRENT)
    assert client.get(PAGE, headers=headers).status_code == 503


def test_the_stylesheet_is_for_everyone_and_nothing_else(visit: Visit) -> None:
    client = visit()
    style = client.get("/static/site.css")
    assert (style.status_code, style.headers["cache-control"]) == (200, "no-cache")
    assert client.get("/static/none").status_code == 404
    for path in ("/theme.css.x", "/static", "/static%2F..%2Fen", "//static/site.css"):
        assert client.get(path).status_code in {401, 404}, path


def test_the_public_site_serves_no_restricted_release_and_this_one_no_public_one(
    visit: Visit, settings: Settings, sealed: Confidential, caplog: pytest.LogCaptureFixture
) -> None:
    mistaken = replace(settings, releases=settings.restricted_releases)
    with TestClient(public.create(mistaken)) as client:
        assert client.get("/en/").status_code == 503
    assert "is for `s4s serve --restricted`" in caplog.text
    client = visit(restricted_releases=settings.releases)
    assert client.get("/en/", headers=bearer(token(settings))).status_code == 503
