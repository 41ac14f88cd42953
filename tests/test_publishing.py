"""A release at an engine elsewhere: whole or not the current one, whatever breaks on the way."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from s4s_graph import dumps, publishing, release
from s4s_graph.cli import main
from s4s_graph.engines import naming, writer
from s4s_graph.engines.naming import Names
from s4s_graph.engines.writer import Addresses, Writer, WritingError
from s4s_graph.namespaces import BASE
from tests.confidential import Confidential
from tests.writable_engine import PASSWORD, USER, Engine, served

EX = "http://example.org/"


@pytest.fixture
def engine() -> Iterator[Engine]:
    with served() as running:
        yield running


def writing(engine: Engine, *, by_update: bool = False, user: str = "") -> Writer:
    graph_store = None if by_update else f"{engine.url}/store"
    addresses = Addresses(f"{engine.url}/query", f"{engine.url}/update", graph_store)
    return Writer(addresses, user, PASSWORD if user else "", pauses=(0, 0))


def copied(folder: Path, into: Path, *lines: str) -> Path:
    """Copy a release, with more quads in it: another one, for all that an engine can tell."""
    manifest = release.read_manifest(folder / release.MANIFEST)
    made = into / "-".join(("made", *map(str, map(len, lines))))
    shutil.copytree(folder, made)
    with (made / release.N_QUADS).open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    shutil.rmtree(made / release.STORE)
    store = ox.Store(str(made / release.STORE))
    store.bulk_extend(dumps.read([made / release.N_QUADS]))  # as a build does
    store.flush()
    changed = replace(manifest, inputs={**manifest.inputs, "made": made.name})
    (made / release.MANIFEST).write_text(changed.to_json(), encoding="utf-8")
    return made


def names(folder: Path) -> Names:
    return Names(BASE, release.read_manifest(folder / release.MANIFEST).id)


def current(engine: Engine) -> list[str]:
    found = engine.graph.quads_for_pattern(
        None, ox.NamedNode(naming.CURRENT_VERSION), None, ox.NamedNode(f"{BASE}release/current")
    )
    return [quad.object.value for quad in found if isinstance(quad.object, ox.NamedNode)]


def complete(engine: Engine) -> set[str]:
    found = engine.graph.quads_for_pattern(None, ox.NamedNode(naming.VERSION), None, None)
    return {quad.object.value for quad in found if isinstance(quad.object, ox.NamedNode)}


@pytest.mark.parametrize("by_update", [False, True])
def test_each_graph_is_there_and_one_with_all(
    engine: Engine, tiny_release: Path, by_update: bool
) -> None:
    done = publishing.publish(tiny_release, writing(engine, by_update=by_update), keep=3)
    there, source = names(tiny_release), ox.Store.read_only(str(tiny_release / release.STORE))
    for graph in source.named_graphs():
        name = ox.NamedNode(there.there(graph.value))
        assert len(list(engine.graph.quads_for_pattern(None, None, None, name))) == len(
            list(source.quads_for_pattern(None, None, None, graph))
        )
    union = {quad.triple for quad in source}
    everything = engine.graph.quads_for_pattern(None, None, None, ox.NamedNode(there.all))
    assert len(list(everything)) == len(union)
    assert (done.id, done.sent, done.removed) == (there.id, done.graphs, ())
    assert current(engine) == [there.set]


def test_a_thing_without_a_name_is_one_thing_in_all_pieces(
    engine: Engine, tiny_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = f"<{BASE}graph/shapes/company>"
    odd = [f"_:one <{EX}p{number}> _:two {graph} ." for number in range(5)]
    folder = copied(tiny_release, tmp_path, *odd)
    monkeypatch.setattr(writer, "PIECE_BYTES", 200)
    publishing.publish(folder, writing(engine), keep=3)
    there = names(folder)
    for place in (there.all, there.there(f"{BASE}graph/shapes/company")):
        found = [
            (quad.subject, quad.object)
            for number in range(5)
            for quad in engine.graph.quads_for_pattern(
                None, ox.NamedNode(f"{EX}p{number}"), None, ox.NamedNode(place)
            )
        ]
        assert len(found) == 5
        assert len(set(found)) == 1
    assert not any(isinstance(quad.subject, ox.BlankNode) for quad in engine.graph)


def test_no_piece_is_larger_than_it_may_be(
    engine: Engine, tiny_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PIECE_BYTES", 5_000)
    publishing.publish(tiny_release, writing(engine), keep=3)
    sizes = [size for method, target, size in engine.came if target.startswith("/store")]
    assert 4_000 < max(sizes) <= 5_000


def test_a_graph_called_by_others_keeps_its_name_for_readers(
    engine: Engine, tiny_release: Path, tmp_path: Path
) -> None:
    graph = f"{EX}é?graph=a&b#c"
    folder = copied(tiny_release, tmp_path, f"<{graph}> <{EX}says> <{graph}> <{graph}> .")
    publishing.publish(folder, writing(engine), keep=3)
    there = Names(BASE, names(folder).id, frozenset({graph}))
    name = ox.NamedNode(there.there(graph))
    (quad,) = engine.graph.quads_for_pattern(None, None, None, name)
    assert quad.subject == quad.object == name
    assert there.here(name.value) == graph


def test_a_second_time_sends_nothing(engine: Engine, tiny_release: Path) -> None:
    publishing.publish(tiny_release, writing(engine), keep=3)
    before = set(engine.graph)
    engine.came.clear()
    assert publishing.publish(tiny_release, writing(engine), keep=3).sent == 0
    assert not [target for _, target, _ in engine.came if target.startswith("/store")]
    changed = {quad.predicate.value.rpartition("/")[2] for quad in before ^ set(engine.graph)}
    assert changed <= {"issued"}


@pytest.mark.parametrize("at", [5, 90, 150])
def test_after_a_break_it_goes_on_and_readers_see_nothing_of_it(
    engine: Engine, tiny_release: Path, tmp_path: Path, at: int
) -> None:
    publishing.publish(tiny_release, writing(engine), keep=3)
    folder = copied(tiny_release, tmp_path, f"<{EX}s> <{EX}p> <{EX}o> <{BASE}graph/derived> .")
    start = len(engine.given)
    engine.broken = lambda number: 0 if number >= start + at else None
    with pytest.raises(WritingError, match="goes on where it was"):
        publishing.publish(folder, writing(engine), keep=3)
    assert current(engine) == [names(tiny_release).set]
    assert complete(engine) == {names(tiny_release).set}
    engine.broken = lambda number: None
    done = publishing.publish(folder, writing(engine), keep=3)
    assert current(engine) == [names(folder).set]
    # One request says what is to come, one counts each graph; what then was sent, is there.
    assert done.sent <= done.graphs - max(0, at - 1 - done.graphs - 1)


def test_a_graph_that_is_there_by_half_is_replaced(engine: Engine, tiny_release: Path) -> None:
    there = names(tiny_release)
    half = ox.NamedNode(there.there(f"{BASE}graph/derived"))
    wrong = ox.Quad(ox.NamedNode(f"{EX}s"), ox.NamedNode(f"{EX}p"), ox.Literal(1), half)
    engine.graph.add(wrong)
    publishing.publish(tiny_release, writing(engine), keep=3)
    assert wrong not in engine.graph


def test_what_fails_in_passing_is_tried_again(engine: Engine, tiny_release: Path) -> None:
    engine.broken = lambda number: (503, 0, 502, None, None)[number % 5]
    with pytest.raises(WritingError):
        publishing.publish(tiny_release, writing(engine), keep=3)
    engine.broken = lambda number: (503, 0, None)[number % 3]
    publishing.publish(tiny_release, writing(engine), keep=3)
    assert current(engine) == [names(tiny_release).set]


def test_wrong_counts_leave_the_release_before_it(
    engine: Engine, tiny_release: Path, tmp_path: Path
) -> None:
    publishing.publish(tiny_release, writing(engine), keep=3)
    folder = copied(tiny_release, tmp_path, f"<{EX}s> <{EX}p> <{EX}o> <{BASE}graph/derived> .")
    engine.lost = True
    with pytest.raises(WritingError, match="0 statements at the engine instead of"):
        publishing.publish(folder, writing(engine), keep=3)
    assert current(engine) == [names(tiny_release).set]


def test_old_sets_go_and_the_current_one_never(
    engine: Engine, tiny_release: Path, tmp_path: Path
) -> None:
    folders = [tiny_release] + [
        copied(tiny_release, tmp_path, f"<{EX}{'s' * n}> <{EX}p> <{EX}o> <{BASE}graph/derived> .")
        for n in range(1, 4)
    ]
    sets = [names(folder).set for folder in folders]
    for folder in folders:
        publishing.publish(folder, writing(engine), keep=2)
    assert complete(engine) == {sets[2], sets[3]}
    done = publishing.publish(folders[2], writing(engine), keep=1)
    assert (current(engine), complete(engine)) == ([sets[2]], {sets[2]})
    assert done.removed == (sets[3].rpartition("/")[2],)
    assert all(
        name.startswith(sets[2]) or name == f"{BASE}release/current" for name in engine.graphs()
    )


def test_what_a_break_left_behind_goes_with_the_next(
    engine: Engine, tiny_release: Path, tmp_path: Path
) -> None:
    left = copied(tiny_release, tmp_path, f"<{EX}s> <{EX}p> <{EX}o> <{BASE}graph/derived> .")
    engine.broken = lambda number: 0 if number > 120 else None
    with pytest.raises(WritingError):
        publishing.publish(left, writing(engine), keep=3)
    assert any(name.startswith(names(left).set) for name in engine.graphs())
    engine.broken = lambda number: None
    done = publishing.publish(tiny_release, writing(engine), keep=3)
    assert done.removed == (names(left).id,)
    assert not any(name.startswith(names(left).set) for name in engine.graphs())


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_who_writes_is_told_as_the_engine_asks(
    engine: Engine, tiny_release: Path, scheme: str
) -> None:
    engine.scheme = scheme
    publishing.publish(tiny_release, writing(engine, user=USER), keep=3)
    assert current(engine) == [names(tiny_release).set]
    sent = [target for _, target, _ in engine.came if target.startswith("/store")]
    # Once asked, it is given along: no statements go over the line twice.
    assert len(engine.given) - len(engine.came) == 1
    assert sent
    assert {given.partition(" ")[0] for given in engine.given} == {"", scheme}


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "wants to know who writes"),
        (403, "wants to know who writes"),
        (404, "--graph-store"),
        (405, "--by-update"),
        (413, "has no room"),
        (507, "has no room"),
        (400, "refuses: 400 no"),
        (500, "refuses: 500 no"),
        (301, "no redirect is followed"),
    ],
)
def test_what_an_engine_refuses_is_a_sentence(
    engine: Engine, tiny_release: Path, status: int, said: str
) -> None:
    engine.broken = lambda number: status if number > 10 else None
    with pytest.raises(WritingError, match=said) as error:
        publishing.publish(tiny_release, writing(engine), keep=3)
    assert error.value.message.nl != error.value.message.en


def test_a_dump_that_says_less_than_the_store_is_told(
    engine: Engine, tiny_release: Path, tmp_path: Path
) -> None:
    folder = copied(tiny_release, tmp_path)
    lines = (folder / release.N_QUADS).read_bytes().splitlines(keepends=True)
    (folder / release.N_QUADS).write_bytes(b"".join(lines[: len(lines) // 2]))
    with pytest.raises(release.ReleaseError, match="do not say the same"):
        publishing.publish(folder, writing(engine), keep=3)


def test_what_is_not_public_is_not_published(engine: Engine, sealed: Confidential) -> None:
    with pytest.raises(publishing.RestrictedError, match="not public"):
        publishing.publish(sealed.restricted, writing(engine), keep=3)
    assert engine.given == []


def test_the_command_publishes_and_tells(engine: Engine, tiny_release: Path) -> None:
    settings = {"S4S_RELEASES": str(tiny_release.parent)}
    run = CliRunner(env=settings)
    first = run.invoke(main, ["publish", "--to", f"{engine.url}/query", "--lang", "nl"])
    assert (first.exit_code, first.stderr) == (0, "")
    assert f"release {names(tiny_release).id} is de huidige bij de engine" in first.stdout
    again = run.invoke(main, ["publish", "--to", f"{engine.url}/query", "--json"])
    assert json.loads(again.stdout)["sent"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "S4S_SPARQL_URL"),
        (["--to", "ftp://engine/sparql"], "no web address"),
        (["--to", "http://[engine/sparql"], "no web address"),
        (["--to", "http://ada:secret@engine/sparql"], "S4S_SPARQL_PASSWORD"),
        (["--to", "http://engine/"], "--graph-store or --by-update"),
        (["--to", "http://engine/sparql", "--by-update", "--graph-store", "http://e/"], "without"),
    ],
)
def test_a_wrong_call_says_what_would_do(tiny_release: Path, words: list[str], said: str) -> None:
    run = CliRunner(env={"S4S_RELEASES": str(tiny_release.parent)})
    done = run.invoke(main, ["publish", *words, "--lang", "en"])
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert "secret" not in done.output


def test_a_release_that_is_not_there_is_told(tiny_release: Path) -> None:
    run = CliRunner(env={"S4S_RELEASES": str(tiny_release.parent)})
    words = ["publish", "--to", "http://engine/sparql", "--release", "../x", "--lang", "en"]
    done = run.invoke(main, words)
    assert (done.exit_code, "there is no release ../x" in done.stderr) == (1, True)
