"""Mapping sets in a build: graphs, statuses, what is derived, conflicts at their line."""

import gzip
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from s4s_graph import release
from s4s_graph.build import Result, build
from s4s_graph.mappings import sets, wording, write
from s4s_graph.mappings.sets import Mapping, MappingSet, mapping
from s4s_graph.mappings.wording import BROAD, CLOSE, EXACT, NARROW
from s4s_graph.namespaces import BASE
from s4s_graph.problems import Problem
from s4s_graph.settings import Settings

TINY = Path(__file__).parent / "tiny/data"
ESCO = "http://data.europa.eu/esco/skill/"
STATUS = ox.NamedNode(f"{BASE}def#mappingStatus")
LASSEN = f"{ESCO}2fcd95a4-1f9a-41cf-95a9-4701bde476b4"  # what the table says lassen is
OTHER = "https://example.org/other/"
CLOSE_MATCH = ox.NamedNode(CLOSE)


def skill(name: str) -> str:
    return f"{BASE}id/skill/{name}"


def match(subject: str, predicate: str, value: str, **slots: str | float) -> Mapping:
    return mapping(
        subject_id=subject,
        predicate_id=predicate,
        object_id=value,
        mapping_justification=sets.MANUAL,
        **slots,
    )


@dataclass(frozen=True)
class Workshop:
    """A copy of the tiny graph without its mappings, and the builds of it."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def put(self, name: str, *mappings: Mapping, place: str = "mappings") -> None:
        metadata = {
            "mapping_set_id": (f"https://example.org/sets/{name}",),
            "license": ("https://creativecommons.org/publicdomain/zero/1.0/",),
        }
        made = MappingSet(name, metadata, mappings=mappings)
        write.write(made, self.data / place / f"{name}.sssom.tsv")

    def build(self, **options: bool) -> Result:
        settings = replace(Settings(), data=self.data, releases=self.folder / "releases")
        return build(settings, **options)

    def quads(self, **options: bool) -> set[ox.Quad]:
        made = self.build(**options).release
        assert made
        return set(ox.parse(path=made / release.N_QUADS))


def emptied(folder: Path) -> Workshop:
    shutil.copytree(TINY, folder / "data")
    shutil.rmtree(folder / "data/mappings")
    return Workshop(folder)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return emptied(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> set[ox.Quad]:
    """One build of sets that have nothing to do with each other."""
    workshop = emptied(tmp_path_factory.mktemp("built"))
    deep = match(skill("meten"), CLOSE, f"{ESCO}deep")
    workshop.put("deep", deep, place="deep/down/mappings")
    workshop.put("twice", deep, deep.with_slots(mapping_justification=sets.CHAINING))
    workshop.put(
        "candidates-esco",
        match(skill("meten"), CLOSE, f"{ESCO}decided"),
        match(skill("meten"), CLOSE, f"{ESCO}open"),
    )
    denied = match(skill("meten"), EXACT, f"{ESCO}decided", predicate_modifier="Not")
    workshop.put("decided", denied)
    workshop.put("first", match(skill("robotlassen"), EXACT, f"{OTHER}1", confidence=0.9))
    workshop.put("second", match(f"{OTHER}1", CLOSE, f"{ESCO}derived", confidence=0.5))
    workshop.put("on-a-table", match(LASSEN, BROAD, f"{OTHER}2"))
    return workshop.quads()


def in_set(quads: set[ox.Quad], name: str) -> set[ox.Quad]:
    graph = ox.NamedNode(f"{BASE}graph/mappings/{name}")
    return {quad for quad in quads if quad.graph_name == graph}


def statuses(quads: set[ox.Quad], name: str) -> list[str]:
    """Return the status of each mapping in a set."""
    found = (quad.object for quad in in_set(quads, name) if quad.predicate == STATUS)
    return sorted(status.value.rpartition("/")[2] for status in found)  # type: ignore[union-attr]


def plain(quads: set[ox.Quad], name: str) -> set[str]:
    """Return what a set says is a close match of something."""
    found = (quad.object for quad in in_set(quads, name) if quad.predicate == CLOSE_MATCH)
    return {value.value for value in found}  # type: ignore[union-attr]


def warned(result: Result) -> list[str]:
    problems = [p for p in result.problems if (p.file or "").startswith("mappings/")]
    return [problem.text("en") for problem in sorted(problems, key=Problem.order)]


def test_a_set_at_any_depth_is_a_graph_and_what_is_accepted_a_plain_match(
    built: set[ox.Quad],
) -> None:
    assert statuses(built, "deep") == ["accepted"]
    assert plain(built, "deep") == {f"{ESCO}deep"}


def test_candidates_and_what_was_rejected_give_no_plain_match(built: set[ox.Quad]) -> None:
    assert statuses(built, "decided") == ["rejected"]
    assert plain(built, "candidates-esco") == plain(built, "decided") == set()


def test_a_candidate_that_is_decided_on_is_left_out(built: set[ox.Quad]) -> None:
    assert statuses(built, "candidates-esco") == ["candidate"]


def test_the_same_on_two_grounds_is_two_nodes(built: set[ox.Quad]) -> None:
    assert statuses(built, "twice") == ["accepted", "accepted"]


def test_what_follows_stands_apart_with_what_it_rests_on(built: set[ox.Quad]) -> None:
    mine = in_set(built, "derived")
    (node,) = {q.subject for q in mine if q.object == ox.NamedNode(f"{ESCO}derived")}

    said = {(q.predicate.value, q.object.value) for q in mine if q.subject == node}  # type: ignore[union-attr]
    assert ("https://w3id.org/sssom/confidence", "0.45") in said
    sources = {value for path, value in said if path.endswith("wasDerivedFrom")}
    stated = {q.subject.value for q in built - mine if q.predicate == STATUS}  # type: ignore[union-attr]
    assert len(sources) == 2
    assert sources <= stated
    assert set(statuses(built, "derived")) == {"derived"}
    assert plain(built, "derived") == set()


def test_what_rests_on_a_table_says_which_statement_that_is(built: set[ox.Quad]) -> None:
    parts = {q.object for q in in_set(built, "derived") if q.predicate.value.endswith("isPartOf")}

    assert ox.NamedNode(f"{BASE}graph/skills") in parts


def test_the_node_of_a_mapping_stays_when_someone_else_says_it(workshop: Workshop) -> None:
    def node() -> set[object]:
        return {
            q.subject for q in workshop.quads() if q.predicate == STATUS and q.graph_name == own
        }

    own = ox.NamedNode(f"{BASE}graph/mappings/extra")
    workshop.put("extra", match(skill("meten"), CLOSE, f"{ESCO}x"))
    before = node()
    workshop.put("extra", match(skill("meten"), CLOSE, f"{ESCO}x", confidence=0.5, comment="now"))

    assert len(before) == 1
    assert node() == before


def test_matches_that_a_vocabulary_states_take_part(workshop: Workshop) -> None:
    place = workshop.data / "vocabularies/cnl"
    place.mkdir(parents=True)
    capability = "https://linkeddata.competentnl.nl/id/human-capability/verzonnen"
    predicate = "https://linkeddata.competentnl.nl/def/competentnl#exactMatchESCO"
    with gzip.open(place / "concepts.nt.gz", "wb") as file:
        file.write(f"<{capability}> <{predicate}> <{ESCO}y> .\n".encode())
    from s4s_graph.mappings.following import stated

    (place / "vocabulary.ttl").write_text("")
    (found,) = stated(workshop.data, BASE)

    assert (found.subject, found.predicate, found.object) == (capability, EXACT, f"{ESCO}y")
    assert found.graph == f"{BASE}graph/vocabularies/cnl"


def test_mappings_of_what_was_invented_go_with_it(workshop: Workshop) -> None:
    workshop.put("first", match(skill("meten"), EXACT, f"{OTHER}1"))
    workshop.put("second", match(f"{OTHER}1", CLOSE, f"{ESCO}x"))
    quads = workshop.quads(without_illustrative=True)

    assert in_set(quads, "derived") == set()
    assert statuses(quads, "first") == []
    assert statuses(quads, "second") == ["accepted"]


def test_what_rests_on_what_was_invented_is_marked(built: set[ox.Quad]) -> None:
    status = ox.NamedNode(f"{BASE}def#dataStatus")
    for name in ("deep", "derived"):
        mine = in_set(built, name)
        marked = {quad.subject for quad in mine if quad.predicate == status}
        assert marked == {quad.subject for quad in mine if quad.predicate == STATUS}
    assert not any(quad.predicate == status for quad in in_set(built, "second"))


@pytest.fixture(scope="module")
def conflicted(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """One build of sets each of which has one conflict in it."""
    workshop = emptied(tmp_path_factory.mktemp("conflicted"))
    a, b, c = (f"https://example.org/{name}/" for name in "abc")
    workshop.put("two-exact", match(f"{a}1", EXACT, f"{b}1"), match(f"{a}1", EXACT, f"{b}2"))
    workshop.put("beside", match(f"{a}3", BROAD, f"{b}3"), match(f"{a}3", EXACT, f"{b}3"))
    workshop.put("backwards", match(f"{a}4", EXACT, f"{b}4"), match(f"{b}4", CLOSE, f"{a}4"))
    workshop.put("circle", match(f"{a}5", BROAD, f"{c}5"), match(f"{a}5", NARROW, f"{c}5"))
    workshop.put(
        "around",
        match(skill("lassen"), BROAD, f"{c}6"),
        match(skill("robotlassen"), NARROW, f"{c}6"),
    )
    workshop.put("others", match(f"{a}7", EXACT, f"{b}7"))
    workshop.put("decided", match(f"{a}7", EXACT, f"{b}7", predicate_modifier="Not"))
    return workshop.build()


@pytest.mark.parametrize(
    ("name", "problem", "rows"),
    [
        ("two-exact", "the same as two concepts of one vocabulary", 2),
        ("beside", "a close, broad, narrow or related match is stated as well", 1),
        ("backwards", "a close, broad, narrow or related match is stated as well", 1),
        ("circle", "a concept falls under itself", 2),
        ("around", "a concept falls under itself", 2),
        ("decided", "was rejected and stands elsewhere as right", 1),
        ("others", "", 0),
    ],
)
def test_a_conflict_is_a_warning_at_its_line(
    conflicted: Result, name: str, problem: str, rows: int
) -> None:
    about = [text for text in warned(conflicted) if f"mappings/{name}.sssom.tsv" in text]

    assert len(about) == rows
    for text in about:
        assert text.startswith(f"warning: mappings/{name}.sssom.tsv, row ")
        assert problem in text
    assert conflicted.release


def test_a_conflict_names_the_row_it_stands_in(conflicted: Result) -> None:
    rows = [p.row for p in conflicted.problems if p.file == "mappings/beside.sssom.tsv"]

    assert rows == [8]  # below five lines of metadata, the heading and the broader match


def test_the_ontology_calls_a_match_what_the_pages_call_it(built: set[ox.Quad]) -> None:
    name = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    for predicate in wording.PREDICATES:
        said = wording.predicate(predicate)
        node = ox.NamedNode(predicate)
        called = {q.object for q in built if q.subject == node and q.predicate == name}
        assert called == {ox.Literal(said.nl, language="nl"), ox.Literal(said.en, language="en")}


def test_a_file_with_a_problem_stops_a_build(workshop: Workshop) -> None:
    workshop.put("extra", match(skill("meten"), EXACT, f"{ESCO}x"))
    file = workshop.data / "mappings/extra.sssom.tsv"
    file.write_text(file.read_text().replace("exactMatch", "sameAs"))
    result = workshop.build()

    assert result.release is None
    assert "use one of skos:exactMatch" in warned(result)[0]


def test_a_set_cannot_be_called_derived_nor_twice_the_same(workshop: Workshop) -> None:
    workshop.put("derived", match(skill("meten"), EXACT, f"{ESCO}x"))
    workshop.put("extra", match(skill("meten"), EXACT, f"{ESCO}x"))
    workshop.put("extra", match(skill("meten"), EXACT, f"{ESCO}x"), place="deep/mappings")
    result = workshop.build()

    texts = [problem.text("en") for problem in result.problems]
    assert result.release is None
    assert any("the set 'derived' is for what the build derives" in text for text in texts)
    assert any("has the same name" in text for text in texts)
