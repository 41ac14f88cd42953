"""What a site tells of itself to who runs it, and to whom it tells nothing."""

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from catalogue import app
from catalogue.operating.measuring import NO_ROUTE, OTHER
from catalogue.operating.standing import Served, Standing
from s4s_graph.endpoint import Counts
from s4s_graph.settings import Settings
from tests.confidential import Confidential
from tests.endpoints import SLOW
from tests.researchers import FAR, NEAR, PROXY, bearer, own, token, visits

MONITOR = "198.51.100.4"
PATIENCE = 20.0  # that guards against a worker that never comes back
Visit = Callable[..., TestClient]


@pytest.fixture
def visit(tiny_release: Path) -> Iterator[Visit]:
    with ExitStack() as stack:

        def opened(address: str = MONITOR, **changed: Any) -> TestClient:
            settings = replace(
                Settings(), releases=tiny_release.parent, monitors=MONITOR, workers=1
            )
            site = app.create(replace(settings, **changed))
            client = TestClient(
                site, client=(address, 1), follow_redirects=False, raise_server_exceptions=False
            )
            return stack.enter_context(client)

        yield opened


def samples(client: TestClient) -> dict[str, float]:
    """Return each measurement by its name and labels; the text has to be in the format."""
    answer = client.get("/-/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert lines
    found = {}
    for line in lines:
        if not line.startswith(("# HELP ", "# TYPE ")):
            name, value = re.fullmatch(r"([a-z0-9_]+(?:\{.*\})?) (\S+)", line).groups()  # type: ignore[union-attr]
            assert name not in found, "a measurement stands there twice"
            found[name] = float(value)
    return found


def test_a_site_is_alive_and_ready_and_names_its_release(visit: Visit, tiny_release: Path) -> None:
    client = visit(FAR)
    expected = {"status": "ok", "release": tiny_release.name, "problem": None}
    answer = client.get("/-/health")
    assert (answer.status_code, answer.json()) == (200, expected)
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.head("/-/health").content == b""
    assert client.get("/-/ready").json() == {"ready": True}


def test_without_a_release_a_site_is_alive_and_not_ready(visit: Visit, tmp_path: Path) -> None:
    client = visit(releases=tmp_path)
    health, ready = client.get("/-/health"), client.get("/-/ready")
    assert (health.status_code, health.json()["release"]) == (200, None)
    assert (ready.status_code, ready.json()["reason"]) == (503, "No release is open.")
    assert int(ready.headers["Retry-After"]) > 0
    assert client.get("/-/version").json()["release"] is None
    assert samples(client)["s4s_ready"] == 0


def test_a_site_gets_ready_without_any_reader(
    visit: Visit, tmp_path: Path, tiny_release: Path
) -> None:
    client = visit(releases=tmp_path)
    assert client.get("/-/ready").status_code == 503
    shutil.copytree(tiny_release, tmp_path / tiny_release.name)
    (tmp_path / "current").symlink_to(tiny_release.name)
    assert client.get("/-/ready").status_code == 200


def test_a_newer_release_that_cannot_be_opened_is_told(
    visit: Visit, tmp_path: Path, tiny_release: Path
) -> None:
    shutil.copytree(tiny_release, tmp_path / tiny_release.name)
    (tmp_path / "current").symlink_to(tiny_release.name)
    client = visit(releases=tmp_path)
    (tmp_path / "broken").mkdir()
    (tmp_path / "next").symlink_to("broken")
    (tmp_path / "next").replace(tmp_path / "current")
    health = client.get("/-/health").json()
    assert (health["status"], health["release"]) == ("degraded", tiny_release.name)
    assert "broken" in health["problem"]
    assert client.get("/-/ready").status_code == 200
    assert samples(client)["s4s_problem"] == 1


def test_a_site_whose_workers_are_gone_is_not_ready() -> None:
    counts = Counts(workers=0, busy=0, waiting=0, killed=2, replaced=0, hits=0, misses=0)
    assert not Standing(Served("a"), None, (counts,)).is_ready
    assert Standing(Served("a"), None, (replace(counts, workers=1),)).is_ready


def test_versions_are_for_who_watches_over_the_site(visit: Visit, tiny_release: Path) -> None:
    told = visit().get("/-/version").json()
    assert {"skills4skills", "python", "pyoxigraph", "uvicorn"} <= told["software"].keys()
    assert told["release"]["id"] == tiny_release.name
    assert told["release"]["built_with"]["pyoxigraph"] == told["software"]["pyoxigraph"]


def test_others_see_neither_versions_nor_counts(visit: Visit) -> None:
    proxied, elsewhere = {"X-Forwarded-For": MONITOR}, {"X-Forwarded-For": FAR}
    direct, proxy = visit(), visit(PROXY, trusted_proxies=PROXY)
    far, unnamed = visit(FAR), visit(NEAR, monitors="")
    for path in ("/-/version", "/-/metrics"):
        assert direct.get(path).status_code == 200
        assert proxy.get(path, headers=proxied).status_code == 200
        refused = [
            far.get(path),
            far.get(path, headers=proxied),
            direct.get(path, headers=proxied),  # a proxy that is not trusted
            proxy.get(path, headers=elsewhere),
            unnamed.get(path),
        ]
        assert [answer.status_code for answer in refused] == [403] * 5
        told = "This is for who watches over the site: see S4S_MONITORS.\n"
        assert {answer.text for answer in refused} == {told}


def test_what_is_told_can_only_be_read(visit: Visit) -> None:
    answer = visit().post("/-/health")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_requests_are_counted_by_route_and_not_by_address(visit: Visit) -> None:
    client = visit()
    client.get("/en/interventions/secret-thing?q=secret-word")
    client.head("/en/interventions")
    client.get("/api/v1/questions/gaps")
    client.get("/sparql?query=ASK%7B%7D")
    client.request("BREW", "/en/interventions")
    tag = client.get("/nl/").headers["ETag"]
    client.get("/nl/", headers={"If-None-Match": tag})
    found = samples(client)

    def count(route: str, method: str, status: str) -> float:
        return found[f's4s_requests_total{{method="{method}",route="{route}",status="{status}"}}']

    assert count("/{lang}/{table}/{slug}", "GET", "4xx") == 1
    assert count("/{lang}/{table}", "HEAD", "2xx") == 1
    assert count("/api/v1/questions/{name}", "GET", "2xx") == 1
    assert count("/sparql", "GET", "2xx") == 1
    assert count("/{lang}/{table}", OTHER, "4xx") == 1
    assert count("unchanged", "GET", "3xx") == 1
    assert found['s4s_request_seconds_count{route="/sparql"}'] == 1
    assert 0 < found['s4s_request_seconds_sum{route="/sparql"}'] < 60
    assert not any("secret" in name or "BREW" in name for name in found)


def test_no_request_makes_a_new_series(visit: Visit) -> None:
    client = visit()
    for number in range(30):
        for start in ("/nl/a/b/", "/en/a/", "/-/", "/static/", "/"):
            client.request(f"M{number}", f"{start}{number}")
            client.get(f"{start}{number}")
    routes = set(re.findall(r'route="([^"]*)"', "".join(samples(client))))
    assert routes == {NO_ROUTE, "/{lang}/{table}", "/{lang}/{table}/{slug}", "/static/"}


def test_the_workers_are_counted(visit: Visit) -> None:
    client = visit(query_seconds=0.3, workers=2)
    client.get("/sparql?query=ASK%7B%7D")
    client.get("/sparql?query=ASK%7B%7D")
    assert client.get("/sparql", params={"query": SLOW}).status_code == 504
    deadline = time.monotonic() + PATIENCE
    while (found := samples(client))["s4s_sparql_workers_replaced_total"] < 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert found["s4s_sparql_workers"] == 2
    assert found["s4s_sparql_workers_busy"] == found["s4s_sparql_queue_length"] == 0
    assert found["s4s_sparql_killed_total"] == 1
    assert found["s4s_sparql_cache_hits_total"] == 1
    assert found["s4s_sparql_cache_misses_total"] == 2
    assert found["process_resident_memory_bytes"] > 10_000_000
    assert found["process_open_fds"] > 3


def test_the_restricted_site_tells_strangers_only_that_it_is_there(
    sealed: Confidential, tmp_path: Path
) -> None:
    settings = replace(own(sealed.settings, tmp_path), monitors=NEAR)
    given = bearer(token(settings))
    with visits(settings) as visit:
        client = visit()
        assert client.get("/-/health").json() == {"status": "ok"}
        assert client.get("/-/ready").json() == {"ready": True}
        for path in ("/-/version", "/-/metrics"):
            assert client.get(path).status_code == 401
        client.get("/nl/", headers=given)
        told = client.get("/-/version", headers=given).json()
        assert len(told["release"]["id"]) == 16
        text = client.get("/-/metrics", headers=given).text
    assert 's4s_requests_total{method="GET",route="/{lang}/",status="2xx"} 1.0' in text
    assert "s4s_sparql_workers 2.0" in text
    logged = settings.audit_log.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["path"] for line in logged] == ["/nl/", "/-/version", "/-/metrics"]


def test_the_restricted_site_without_a_release_is_not_ready(
    sealed: Confidential, tmp_path: Path
) -> None:
    settings = replace(own(sealed.settings, tmp_path), restricted_releases=tmp_path)
    with visits(settings) as visit:
        assert visit().get("/-/ready").status_code == 503
