"""A release at real engines: published whole, switched in one step, gone on with after a break."""

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from test_publishing import EX, copied, names

from s4s_graph import publishing
from s4s_graph.cli import main
from s4s_graph.engines.client import Client, Reply
from s4s_graph.engines.writer import Addresses, Writer, WritingError
from s4s_graph.namespaces import BASE
from tests import engines

POINTER = f"{BASE}release/current"
MORE = f"<{EX}s> <{EX}p> <{EX}o> <{BASE}graph/derived> ."


@pytest.fixture(params=engines.REAL)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if reason := engines.missing(*engines.REAL[name][1]):
        pytest.skip(reason)
    return name


def running(kind: str, folder: Path) -> AbstractContextManager[engines.Engine]:
    """Run an engine in a folder, with what it left there when it ran before."""
    folder.mkdir(exist_ok=True)
    return engines.REAL[kind][0](folder)


def writing(engine: engines.Engine) -> Writer:
    addresses = Addresses(engine.query, engine.update, engine.graph_store)
    return Writer(addresses, engine.user, engine.password, pauses=())


def command(engine: engines.Engine, releases: Path, *words: str) -> dict[str, object]:
    """Give `s4s publish`, and return what it says."""
    settings = {"S4S_RELEASES": str(releases), "S4S_KEEP_RELEASES": "1"}
    if engine.user:
        settings |= {"S4S_SPARQL_USER": engine.user, "S4S_SPARQL_PASSWORD": engine.password}
    done = CliRunner(env=settings).invoke(main, ["publish", "--to", engine.query, "--json", *words])
    assert done.exit_code == 0, done.output
    told: dict[str, object] = json.loads(done.stdout)
    return told


def current(writer: Writer) -> list[tuple[str, ...]]:
    return writer.rows("current", pointer=POINTER)


@pytest.mark.parametrize("by", [(), ("--by-update",)], ids=["graph-store", "update"])
def test_the_command_publishes_switches_and_removes(
    kind: str, tiny_release: Path, tmp_path: Path, by: tuple[str, ...]
) -> None:
    other = copied(tiny_release, tmp_path / "releases", MORE)
    before, after = names(tiny_release), names(other)
    with running(kind, tmp_path / "engine") as engine:
        writer = writing(engine)
        first = command(engine, tiny_release.parent, *by)
        assert (first["sent"], first["removed"]) == (first["graphs"], [])
        assert command(engine, tiny_release.parent, *by)["sent"] == 0
        assert current(writer) == [(before.set,)]
        second = command(engine, other.parent, "--release", other.name, *by)
        assert second["removed"] == [before.id]
        assert current(writer) == [(after.set,)]
        assert writer.rows("sets", pointer=POINTER) == [(after.set,)]
        assert writer.count(before.all) == 0
        assert writer.count(after.all) == publishing.Release(other).size(after.all)


@pytest.mark.parametrize("at", [20, 120])
def test_a_publication_goes_on_after_its_engine_was_killed(
    kind: str, tiny_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    other = copied(tiny_release, tmp_path / "releases", MORE)
    with running(kind, tmp_path / "engine") as engine:
        publishing.publish(tiny_release, writing(engine), keep=1)
        with monkeypatch.context() as patch:
            patch.setattr(Client, "request", _killing(engine, at))
            with pytest.raises(WritingError, match="goes on where it was"):
                publishing.publish(other, writing(engine), keep=1)
    with running(kind, tmp_path / "engine") as engine:
        writer = writing(engine)
        assert current(writer) == [(names(tiny_release).set,)]
        done = publishing.publish(other, writer, keep=1)
        assert current(writer) == [(names(other).set,)]
        assert done.removed == (names(tiny_release).id,)
        assert (done.sent < done.graphs) is (at > done.graphs + 1)


def _killing(engine: engines.Engine, at: int) -> object:
    """Return a way to send requests that kills the engine before one of them."""
    sent, request = 0, Client.request

    def killing(client: Client, *args: Any, **named: Any) -> Reply:
        nonlocal sent
        sent += 1
        if sent == at:
            engine.kill()
        return request(client, *args, **named)

    return killing
