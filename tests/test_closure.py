"""Vocabularies on their way into a release: what is published, checked, counted and told."""

import gzip
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from s4s_graph import build, dumps, release
from s4s_graph.build import Result
from s4s_graph.cli import main
from s4s_graph.namespaces import BASE, STANDARD
from s4s_graph.search.find import find
from s4s_graph.search.read import Index
from s4s_graph.settings import Settings
from s4s_graph.vocabularies import closure
from s4s_graph.vocabularies.closure import OCCUPATIONS, used
from tests.conftest import tiny_data

ESCO = "http://data.europa.eu/esco/"
WELD = f"{ESCO}skill/2fcd95a4-1f9a-41cf-95a9-4701bde476b4"
GRAPH = f"{BASE}graph/vocabularies/esco"
SKOS, MODEL = STANDARD["skos"], STANDARD["esco"]


def triples(turtle: str) -> Callable[[], list[ox.Triple]]:
    prefixes = (
        "@prefix : <https://example.org/> . @prefix x: <http://www.w3.org/2008/05/skos-xl#> ."
        f"@prefix skos: <{SKOS}> . @prefix esco: <{MODEL}> ."
    )
    parsed = ox.parse(prefixes + turtle, ox.RdfFormat.TURTLE)
    found = [quad.triple for quad in parsed]
    return lambda: found


def subjects(found: Iterable[ox.Triple]) -> set[str]:
    return {
        triple.subject.value.rpartition("/")[2]
        for triple in found
        if isinstance(triple.subject, ox.NamedNode)
    }


def named(*names: str) -> set[str]:
    return {f"https://example.org/{name}" for name in names}


@pytest.fixture(scope="module")
def dump(tiny_release: Path) -> dict[str, list[ox.Quad]]:
    """The statements of the release of the tiny graph, by the graph that they are in."""
    found: dict[str, list[ox.Quad]] = {}
    for quad in dumps.read([tiny_release / release.N_QUADS]):
        assert isinstance(quad.graph_name, ox.NamedNode)
        found.setdefault(quad.graph_name.value, []).append(quad)
    return found


def built(data: Path, releases: Path, closure: closure.Closure = "used") -> Result:
    return build.build(replace(Settings(), data=data, releases=releases), closure=closure)


def test_what_is_above_a_concept_comes_along_and_what_is_below_does_not() -> None:
    graph = triples(
        ":top a skos:Concept . :mid a skos:Concept ; skos:broader :top . "
        ":one a skos:Concept ; skos:broader :mid ; skos:inScheme :scheme . "
        ":low a skos:Concept ; skos:broader :one . :scheme a skos:ConceptScheme . "
        ":set a skos:Collection ; skos:member :one . :far a skos:Concept ; skos:broader :top ."
    )
    assert subjects(used(graph, named("one"))) == {"one", "mid", "top", "scheme", "set"}


def test_narrower_says_the_same_as_broader_and_a_circle_ends() -> None:
    graph = triples(
        ":a a skos:Concept ; skos:narrower :b , :c . :b a skos:Concept ; skos:narrower :a . "
        ":c a skos:Concept ."
    )
    assert subjects(used(graph, named("b"))) == {"a", "b"}


def test_nothing_that_is_published_points_at_a_concept_that_is_not() -> None:
    graph = triples(
        ":one a skos:Concept ; skos:related :far ; skos:narrower :far ; skos:seeAlso :elsewhere . "
        ":far a skos:Concept ."
    )
    values = {str(triple.object) for triple in used(graph, named("one"))}
    assert "<https://example.org/far>" not in values
    assert "<https://example.org/elsewhere>" in values


def test_labels_that_are_things_come_along_with_their_concept() -> None:
    graph = triples(
        ":one a skos:Concept ; x:prefLabel :label . :label x:literalForm 'one' . "
        ":far a skos:Concept ; x:prefLabel :other . :other x:literalForm 'far' ."
    )
    assert subjects(used(graph, named("one"))) == {"one", "label"}


def test_what_takes_the_place_of_a_concept_comes_along() -> None:
    graph = triples(
        ":old a skos:Concept ; <http://purl.org/dc/terms/isReplacedBy> :new . :new a skos:Concept ."
    )
    assert subjects(used(graph, named("old"))) == {"old", "new"}


def test_of_an_occupation_its_name_and_its_needs_come_along_and_nothing_else() -> None:
    graph = triples(
        ":one a skos:Concept , esco:Skill . :far a skos:Concept , esco:Skill . "
        ":job a skos:Concept , esco:Occupation ; skos:prefLabel 'job' ; skos:altLabel 'work' ; "
        "skos:broader :jobs ; esco:relatedEssentialSkill :one , :far . :jobs a skos:Concept ."
    )
    said = {
        (t.predicate.value.rpartition("#")[2], str(t.object).rpartition("/")[2].strip('>"'))
        for t in used(graph, named("one"))
        if subjects([t]) == {"job"}
    }
    assert said == {
        ("type", "core#Concept"),
        ("type", "model#Occupation"),
        ("prefLabel", "job"),
        ("relatedEssentialSkill", "one"),
    }


def test_occupations_are_bounded_and_those_that_need_most_come_first() -> None:
    jobs = " ".join(
        f":job{number:03} a skos:Concept , esco:Occupation ; esco:relatedOptionalSkill :one ."
        for number in range(OCCUPATIONS + 50)
    )
    last = f":job{OCCUPATIONS + 49:03}"
    both = ":one a skos:Concept . :two a skos:Concept ."
    graph = triples(f"{both} {jobs} {last} esco:relatedOptionalSkill :two .")
    found = subjects(used(graph, named("one", "two"))) - {"one", "two"}
    assert len(found) == OCCUPATIONS
    assert last.removeprefix(":") in found


def test_where_nothing_is_named_nothing_is_published() -> None:
    assert list(used(triples(":one a skos:Concept ."), named("other"))) == []


def test_a_release_has_what_our_skills_are_linked_to_and_what_these_are_mapped_to(
    dump: dict[str, list[ox.Quad]],
) -> None:
    esco = subjects(quad.triple for quad in dump[GRAPH])
    assert {
        WELD.rpartition("/")[2],
        "verzonnen-meten",  # by way of CompetentNL
        "verzonnen-wegen",  # since the rejected mapping names it
        "verzonnen-metaal",
        "verzonnen-lasser",
    } <= esco
    assert not esco & {"verzonnen-puntlassen", "verzonnen-jongleren", "verzonnen-jongleur"}


def test_all_of_a_vocabulary_is_published_where_that_is_asked(tmp_path: Path) -> None:
    result = built(tiny_data(tmp_path / "data"), tmp_path / "releases", "all")
    assert result.release
    text = (result.release / release.N_QUADS).read_text(encoding="utf-8")
    assert f"<{ESCO}occupation/verzonnen-jongleur> <{SKOS}prefLabel>" in text
    assert "/complete>" not in text  # nothing is missing


def test_the_graph_says_what_the_vocabulary_is_and_how_much_of_it_is_there(
    dump: dict[str, list[ox.Quad]],
) -> None:
    said = {
        (q.subject.value, q.predicate.value): str(q.object.value)
        for q in dump[GRAPH]
        if isinstance(q.subject, ox.NamedNode) and not isinstance(q.object, ox.Triple)
    }
    assert said[GRAPH, f"{STANDARD['owl']}versionInfo"] == "1.0"
    assert said[GRAPH, f"{STANDARD['dcterms']}license"] == "https://example.org/licence"
    classes = {
        (dataset, said[f"{GRAPH}{dataset}#class-{number}", f"{STANDARD['void']}class"]): said[
            f"{GRAPH}{dataset}#class-{number}", f"{STANDARD['void']}entities"
        ]
        for dataset in ("", "/complete")
        for number in (1, 2)
    }
    assert classes["", f"{MODEL}Occupation"] == "1"
    assert classes["/complete", f"{MODEL}Occupation"] == "2"


def test_the_links_to_a_vocabulary_are_counted(dump: dict[str, list[ox.Quad]]) -> None:
    def linkset(vocabulary: str, link: str) -> set[tuple[str, str]]:
        graph = f"{BASE}graph/vocabularies/{vocabulary}"
        return {
            (q.predicate.value.rpartition("#")[2], q.object.value.rpartition("/")[2])
            for q in dump[graph]
            if q.subject == ox.NamedNode(f"{graph}#linkset-{link}")
            and not isinstance(q.object, ox.Triple)
        }

    exact = linkset("esco", "exactMatch")
    assert ("objectsTarget", "esco") in exact
    assert ("triples", "1") in exact
    assert linkset("esco", "closeMatch") == set()  # that one is derived, and not plain
    assert len(linkset("competentnl", "closeMatch")) == len(exact)


def test_vocabularies_are_inputs_of_a_release(tiny_release: Path) -> None:
    inputs = release.read_manifest(tiny_release / release.MANIFEST).inputs
    for name in ("concepts.nt.gz", "vocabulary.ttl"):
        assert inputs[f"vocabularies/esco/{name}"]


def test_the_same_vocabularies_give_the_same_release(tmp_path: Path) -> None:
    data = tiny_data(tmp_path / "data")
    first, second = (built(data, tmp_path / name).release for name in ("first", "second"))
    assert first
    assert second
    assert first.name == second.name


def test_a_vocabulary_that_was_changed_by_hand_stops_the_build(tmp_path: Path) -> None:
    data = tiny_data(tmp_path / "data")
    concepts = data / "vocabularies/esco/concepts.nt.gz"
    concepts.write_bytes(gzip.compress(gzip.decompress(concepts.read_bytes()) + b"# more\n"))
    result = built(data, tmp_path / "releases")
    assert result.release is None
    assert [p.text("en") for p in build.blocking(result.problems)] == [
        "error: vocabularies/esco/concepts.nt.gz: this file was changed since its import: the "
        "SHA-256 in vocabulary.ttl is another; import the vocabulary again"
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vocabulary.ttl", b"<this is no Turtle"),
        ("vocabulary.ttl", b""),
        ("concepts.nt.gz", b"no gzip"),
        ("concepts.nt.gz", gzip.compress(b"<a> <b> <c> .\n" * 9)[:-9]),
    ],
)
def test_a_vocabulary_that_cannot_be_read_is_told(
    name: str, content: bytes, tmp_path: Path
) -> None:
    data = tiny_data(tmp_path / "data")
    (data / "vocabularies/esco" / name).write_bytes(content)
    result = built(data, tmp_path / "releases")
    (problem,) = build.blocking(result.problems)
    assert problem.file == "vocabularies/esco/vocabulary.ttl"
    assert "import it again" in problem.message.en


def test_two_vocabularies_with_one_name_are_told(tmp_path: Path) -> None:
    data = tiny_data(tmp_path / "data")
    shutil.copytree(data / "vocabularies/esco", data / "more/vocabularies/esco")
    (problem,) = build.blocking(built(data, tmp_path / "releases").problems)
    assert "with this name already" in problem.message.en


def test_a_skill_is_found_by_what_it_is_called_elsewhere(tiny_release: Path) -> None:
    index = Index(tiny_release / release.SEARCH)
    try:
        own, *_ = find(index, "lassen", "nl", "skills", literal=True).numbers
        assert find(index, "fuse metal", "en", "skills", literal=True).numbers == (own,)
    finally:
        index.close()


def test_the_command_builds_with_the_closure_that_is_asked(tmp_path: Path) -> None:
    data = tiny_data(tmp_path / "data")
    env = {"S4S_DATA": str(data), "S4S_RELEASES": str(tmp_path / "releases")}
    told = CliRunner().invoke(main, ["build", "--closure", "all", "--json"], env=env).stdout
    folder = tmp_path / "releases" / json.loads(told)["release"]
    text = (folder / release.N_QUADS).read_text(encoding="utf-8")
    assert f"<{ESCO}occupation/verzonnen-jongleur>" in text
