"""Dumps that do not fit in memory, and what is counted of them, are those of one that does."""

from itertools import permutations
from pathlib import Path

import pyoxigraph as ox
import pytest

from s4s_graph import counts, dumps, forms, release
from s4s_graph.counts import Statistics
from s4s_graph.namespaces import BASE

TEXT = f"""
<{BASE}id/skill/meten> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{BASE}def#Skill> <g:1> .
<{BASE}id/skill/meten> <{BASE}def#dataStatus> <{BASE}id/data-status/reported> <g:1> .
<{BASE}id/skill/meten> <{BASE}def#dataStatus> <{BASE}id/data-status/reported> <g:2> .
<{BASE}id/skill/meten> <{BASE}def#note> "een\\nregel . <x> ."@nl <g:2> .
<{BASE}id/skill/meten-b> <{BASE}def#power> "007"^^<http://www.w3.org/2001/XMLSchema#integer> <g:1> .
<{BASE}id/skill/meten-b> <{BASE}def#part> _:a <g:1> .
_:a <{BASE}def#power> "1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <g:1> .
"""
SMALL = Path(__file__).parent / "small"


def quads() -> list[ox.Quad]:
    return list(ox.parse(TEXT, format=ox.RdfFormat.N_QUADS))


def dumped(some: list[ox.Quad], folder: Path) -> Path:
    path = folder / "dump.nq"
    dumps.n_quads(dumps.runs(some, folder / "runs"), path)
    return path


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    return dumped(quads(), tmp_path)


@pytest.mark.parametrize("block", [1, 1 << 20])
@pytest.mark.parametrize("run", [1, 2, 3, 100])
def test_a_dump_is_the_same_however_often_it_was_parted(
    dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: int, block: int
) -> None:
    monkeypatch.setattr(dumps, "RUN", run)
    monkeypatch.setattr(dumps, "BLOCK", block)
    (tmp_path / "other").mkdir()
    twice = [*reversed(quads()), *quads()]
    assert dumped(twice, tmp_path / "other").read_bytes() == dump.read_bytes()


def test_a_dump_holds_each_quad_once_as_it_was_written(dump: Path) -> None:
    lines = dump.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(TEXT.strip().splitlines()))


def test_reading_a_dump_in_batches_does_not_part_a_blank_node(
    dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumps, "RUN", 1)
    store = ox.Store()
    for some in dumps.batches(dumps.read([dump])):
        store.bulk_extend(some)
    (part,) = (quad.object for quad in store if quad.predicate.value == f"{BASE}def#part")
    assert len(list(store.quads_for_pattern(part, None, None))) == 1


def test_the_other_dumps_go_by_the_thing_and_begin_with_its_type(
    dump: Path, tmp_path: Path
) -> None:
    written = tmp_path / "dump.ttl", tmp_path / "dump.jsonld"
    dumps.documents(dump, *written, {"s4s": f"{BASE}def#"})
    assert (tmp_path / "dump.ttl").read_text(encoding="utf-8") == (
        f"@prefix s4s: <{BASE}def#> .\n"
        f"<{BASE}id/skill/meten-b> s4s:part _:a ;\n"
        "\ts4s:power 007 .\n"
        f"<{BASE}id/skill/meten> a s4s:Skill ;\n"
        f"\ts4s:dataStatus <{BASE}id/data-status/reported> ;\n"
        '\ts4s:note "een\\nregel . <x> ."@nl .\n'
        "_:a s4s:power 1.50 .\n"
    )
    found = ox.parse(path=tmp_path / "dump.jsonld", format=ox.RdfFormat.JSON_LD)
    assert len(list(found)) == 6


def test_an_empty_dump_can_be_written_and_counted(tmp_path: Path) -> None:
    empty = dumped([], tmp_path)
    assert empty.read_bytes() == b""
    assert counts.statistics(empty, BASE) == Statistics(0, 0, 0, 0, {}, {}, {})


def test_what_two_graphs_state_is_one_triple(dump: Path) -> None:
    assert counts.statistics(dump, BASE) == Statistics(
        quads=7,
        triples=6,
        subjects=3,
        entities=2,
        classes={f"{BASE}def#Skill": 1},
        properties={
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": 1,
            f"{BASE}def#dataStatus": 1,
            f"{BASE}def#note": 1,
            f"{BASE}def#part": 1,
            f"{BASE}def#power": 2,
        },
        graphs={"g:1": 5, "g:2": 2},
    )


def test_statistics_read_back_as_they_were_written(dump: Path) -> None:
    found = counts.statistics(dump, BASE)
    assert Statistics.from_json(found.to_json()) == found
    assert found.things(forms.read(SMALL / "shapes", BASE)) == {"skill": 1}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_data_statuses_count_a_thing_once(order: tuple[int, ...]) -> None:
    store, first = ox.Store(), quads()[:3]
    store.extend(first[place] for place in order)
    assert counts.data_statuses(store, BASE) == {"reported": 1}


def test_the_statistics_of_a_release_are_those_of_the_engine(shipped_release: Path) -> None:
    text = (shipped_release / release.STATISTICS).read_text(encoding="utf-8")
    found = Statistics.from_json(text)
    store = ox.Store.read_only(str(shipped_release / release.STORE))
    union = {quad.triple for quad in store}
    assert (found.quads, found.triples) == (len(store), len(union))
    assert found.subjects == len({triple.subject for triple in union})
    assert sum(found.properties.values()) == found.triples
    assert sum(found.graphs.values()) == found.quads
    manifest = release.read_manifest(shipped_release / release.MANIFEST)
    assert manifest.things["intervention"] == found.classes[f"{BASE}def#Intervention"]
