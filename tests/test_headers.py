"""What every answer says to browsers, of both sites and whatever it is that they answer."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from catalogue import app
from catalogue.operating import headers
from s4s_graph.settings import Settings
from tests.confidential import Confidential
from tests.researchers import FAR, PROXY, bearer, own, token, visits

PATHS = (
    "/",
    "/nl/",
    "/en/interventions",
    "/nl/nothing",
    "/static/site.css",
    "/static/nothing",
    "/theme.css",
    "/dump/skills4skills.nq",
    "/sparql?query=ASK%7B%7D",
    "/sparql?query=nonsense",
    "/api/v1/questions",
    "/api/v1/nothing",
    "/en/reconcile",
    "/-/health",
    "/-/ready",
    "/-/metrics",
    "/-/nothing",
)
SECURE = {"X-Forwarded-For": FAR, "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def settings(tiny_release: Path) -> Settings:
    return replace(Settings(), releases=tiny_release.parent, trusted_proxies=PROXY)


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    site = app.create(settings)

    @site.get("/fails")
    def fails() -> None:
        raise RuntimeError("this route is broken")

    # Before the patterns, which would take the address for one of a thing.
    site.router.routes.insert(0, site.router.routes.pop())
    opened = TestClient(
        site, client=(PROXY, 1), follow_redirects=False, raise_server_exceptions=False
    )
    with opened as client:
        yield client


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", [*PATHS, "/fails"])
def test_every_answer_has_every_header_once(client: TestClient, path: str, method: str) -> None:
    answer = client.request(method, path, headers=SECURE)
    for name in (*headers.PUBLIC, "Cross-Origin-Resource-Policy", "Strict-Transport-Security"):
        assert len(answer.headers.get_list(name)) == 1, name
    assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Server" not in answer.headers


def test_a_failure_of_ours_has_them_too(client: TestClient) -> None:
    answer = client.get("/fails")
    assert answer.status_code == 500
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "broken" not in answer.text


@pytest.mark.parametrize("path", ["/nl/", "/sparql?query=ASK%7B%7D", "/api/v1/questions"])
def test_what_did_not_change_has_them_too(client: TestClient, path: str) -> None:
    known = client.get(path).headers["ETag"]
    answer = client.get(path, headers={"If-None-Match": known})
    assert answer.status_code == 304
    assert headers.PUBLIC.keys() <= {name.title() for name in answer.headers}


def test_a_site_without_a_release_has_them_too(tmp_path: Path) -> None:
    with TestClient(app.create(replace(Settings(), releases=tmp_path))) as client:
        for path in ("/nl/", "/api/v1/questions", "/sparql", "/-/ready"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert answer.headers["Permissions-Policy"] == headers.PUBLIC["Permissions-Policy"]


def test_only_over_tls_a_browser_is_told_to_stay_there(client: TestClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/nl/").headers
    plain = {**SECURE, "X-Forwarded-Proto": "http"}
    assert "Strict-Transport-Security" not in client.get("/nl/", headers=plain).headers
    answer = client.get("/nl/", headers=SECURE)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_only_of_a_trusted_proxy_it_is_believed_that_there_is_tls(settings: Settings) -> None:
    with TestClient(app.create(settings), client=(FAR, 1)) as client:
        answer = client.get("/nl/", headers=SECURE)
    assert "Strict-Transport-Security" not in answer.headers


def test_data_may_be_shown_elsewhere_and_pages_may_not(client: TestClient) -> None:
    name = "Cross-Origin-Resource-Policy"
    for path in ("/nl/", "/en/interventions", "/nl/nothing"):
        assert client.get(path).headers[name] == "same-origin"
    for path in ("/dump/skills4skills.nq", "/sparql?query=ASK%7B%7D", "/api/v1/questions"):
        assert client.get(path).headers[name] == "cross-origin"


def test_a_page_asks_a_browser_for_nothing() -> None:
    features = headers.PUBLIC["Permissions-Policy"].split(", ")
    assert len(features) > 20
    assert all(feature.endswith("=()") for feature in features)


def test_the_restricted_site_is_closed_to_other_sites(sealed: Confidential, tmp_path: Path) -> None:
    settings = own(sealed.settings, tmp_path)
    given = bearer(token(settings))
    with visits(settings) as visit:
        client = visit()
        for path, sent in product(PATHS, ({}, given)):
            answer = client.get(path, headers=sent)
            for name, value in headers.CLOSED.items():
                assert answer.headers.get_list(name) == [value], (path, name)
            assert "Access-Control-Allow-Origin" not in answer.headers
