"""The site while the engine that it asks is away: it says so, and goes on when that is back."""

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from starlette.testclient import TestClient

from catalogue import lending
from catalogue.app import create
from s4s_graph import release
from s4s_graph.cli import main
from s4s_graph.engines import breaker, naming, opening
from s4s_graph.settings import Settings
from tests.confidential import Confidential
from tests.remote_engine import Engine, served

GENEROUS = 60.0
ANY = "SELECT ?s { ?s ?p ?o } LIMIT 1"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait as long as in earnest."""
    monkeypatch.setattr(breaker, "REST_SECONDS", 0.05)
    monkeypatch.setattr(lending, "REST_SECONDS", 0.05)
    opening.client.cache_clear()


@pytest.fixture
def engine() -> Iterator[Engine]:
    with served() as engine:
        yield engine


@pytest.fixture
def settings(engine: Engine, tiny_release: Path) -> Settings:
    return replace(
        Settings(), releases=tiny_release.parent, sparql_url=engine.url, workers=1, query_seconds=60
    )


def _until(client: TestClient, path: str, status: int) -> None:
    end = time.monotonic() + GENEROUS
    while (found := client.get(path).status_code) != status:
        assert time.monotonic() < end, found
        time.sleep(0.05)


def test_while_it_is_away_every_answer_says_so_in_its_own_way(
    engine: Engine, settings: Settings, tiny_release: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine.publish(tiny_release)
    with TestClient(create(settings)) as client:
        assert client.get("/nl/interventions").status_code == 200
        _until(client, "/nl/data/quality", 200)  # what is prepared is there
        engine.away = True
        with caplog.at_level(logging.ERROR):
            for lang, said in (("nl", "niet te bereiken"), ("en", "cannot be reached")):
                page = client.get(f"/{lang}/conditions")
                assert page.status_code == 503
                assert int(page.headers["Retry-After"]) >= 1
                assert page.headers["Content-Security-Policy"]
                soup = BeautifulSoup(page.text, "html.parser")
                assert soup.html
                assert soup.html["lang"] == lang
                assert said in soup.main.get_text()  # type: ignore[union-attr]
                assert engine.url not in page.text
        assert "http://127.0.0.1" in caplog.text

        problem = client.get("/api/v1/terms?q=conditie")
        assert problem.status_code == 503
        assert problem.headers["Content-Type"].startswith("application/problem+json")
        assert "cannot be reached" in problem.json()["detail"]
        assert int(problem.headers["Retry-After"]) >= 1

        told = client.get("/sparql", params={"query": ANY})
        assert told.status_code == 503
        assert told.headers["Content-Type"].startswith("text/plain")
        assert "cannot be reached" in told.text

        for path in ("/nl/questions/gaps", "/api/v1/questions/gaps", "/nl/themes", "/sparql"):
            assert client.get(path).status_code in {200, 503}, path

        engine.away = False
        _until(client, "/nl/conditions", 200)
        assert client.get("/sparql", params={"query": ANY}).status_code == 200


def test_a_site_that_starts_without_it_waits_for_it(
    engine: Engine, settings: Settings, tiny_release: Path
) -> None:
    engine.away = True
    with TestClient(create(settings)) as client:
        page, problem = client.get("/en/"), client.get("/api/v1/terms")
        assert page.status_code == problem.status_code == 503
        assert "cannot be reached" in page.text
        assert "cannot be reached" in problem.json()["detail"]
        assert client.get("/-/ready").status_code == 503
        (stylesheet, *_) = re.findall(r'href="(/static/site.css[^"]*)"', page.text)
        assert client.get(stylesheet).status_code == 200
        engine.publish(tiny_release)
        engine.away = False
        _until(client, "/nl/", 200)


def test_a_release_that_is_still_loaded_there_waits_and_the_one_before_is_served(
    engine: Engine, settings: Settings, tiny_release: Path, shipped_release: Path, tmp_path: Path
) -> None:
    for folder in (tiny_release, shipped_release):
        (tmp_path / folder.resolve().name).symlink_to(folder.resolve())
    current = tmp_path / release.CURRENT
    current.symlink_to(tiny_release.resolve().name)
    engine.publish(tiny_release)
    with TestClient(create(replace(settings, releases=tmp_path))) as client:
        assert client.get("/nl/").status_code == 200
        live = client.app.state.live  # type: ignore[attr-defined]
        assert live.problem is None
        new = tmp_path / ".next"
        new.symlink_to(shipped_release.resolve().name)
        new.replace(current)

        assert client.get("/nl/").status_code == 200
        assert shipped_release.resolve().name in live.problem
        with live.lend() as served_now:
            assert served_now.id == tiny_release.resolve().name

        engine.publish(shipped_release)
        end = time.monotonic() + GENEROUS
        while live.problem and time.monotonic() < end:
            assert client.get("/nl/").status_code == 200
        with live.lend() as served_now:
            assert served_now.id == shipped_release.resolve().name


def test_a_command_asks_it_too_and_says_when_it_is_away(engine: Engine, tiny_release: Path) -> None:
    environment = {"S4S_RELEASES": str(tiny_release.parent), "S4S_SPARQL_URL": engine.url}

    def ask(lang: str) -> Result:
        return CliRunner().invoke(main, ["ask", "gaps", "--lang", lang], env=environment)

    unpublished = ask("en")
    assert unpublished.exit_code == 1
    assert "nothing can be asked of the release" in unpublished.output
    assert "run `s4s publish`" in unpublished.output
    engine.publish(tiny_release)
    answered = ask("nl")
    assert answered.exit_code == 0
    assert len(engine.asked) > 2
    engine.away = True
    away = ask("nl")
    assert away.exit_code == 1
    assert "van de release is niets te vragen" in away.output


def test_what_is_confidential_is_asked_of_no_engine_elsewhere(
    engine: Engine, settings: Settings, sealed: Confidential
) -> None:
    folder = sealed.settings.restricted_releases
    live = lending.Live(replace(settings, releases=folder), lambda release: None, restricted=True)
    live.refresh()
    with live.lend() as release:
        assert release
        assert release.names("themes", "nl")
    live.close()
    assert engine.asked == []


def test_the_pointer_is_what_makes_a_release_whole(engine: Engine, tiny_release: Path) -> None:
    names = engine.publish(tiny_release)
    pointer = ox.NamedNode(names.pointer)
    whole = ox.Quad(pointer, ox.NamedNode(naming.VERSION), ox.NamedNode(names.set), pointer)
    client = opening.client(Settings(sparql_url=engine.url))
    assert opening.graphs(client, names.base, names.id)
    engine.graph.remove(whole)
    assert opening.graphs(client, names.base, names.id) == ()
