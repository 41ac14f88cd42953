"""What the build derives: the same every time, right by its shapes, honest of what it rests on."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef

from s4s_graph import build, disclosure, forms, namespaces, release, shacl, sources
from s4s_graph.coherence import derived
from s4s_graph.coherence.indicators import INDICATORS
from s4s_graph.coherence.links import STANDINGS
from s4s_graph.coherence.summary import LEVELS, Summary
from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings
from s4s_graph.store import Store
from tests.conftest import tiny_data

ROOT = Path(__file__).resolve().parents[1]
TINY = replace(Settings(), data=ROOT / "tests/tiny/data")
S4S = f"{BASE}def#"
GRAPH = ox.NamedNode(f"{BASE}graph/derived")
PAIRS = {f"{S4S}{name}" for name in ("feedsInto", "breaksAt", "conflictsWith", "overlapsWith")}
STATUS = f"{S4S}dataStatus"
FROM = "http://www.w3.org/ns/prov#wasDerivedFrom"

Statement = tuple[str, str, str]


def dump(folder: Path) -> list[ox.Quad]:
    return list(ox.parse(path=folder / release.N_QUADS, format=ox.RdfFormat.N_QUADS))


def statements(quads: list[ox.Quad]) -> set[Statement]:
    """Return what stands in the graph of what is derived."""
    return {
        (str(quad.subject.value), quad.predicate.value, quad.object.value)
        for quad in quads
        if quad.graph_name == GRAPH
        and not isinstance(quad.subject, ox.Triple)
        and not isinstance(quad.object, ox.Triple)
    }


def tiny_store(*added: ox.Quad, invented: bool = True) -> Store:
    """Return the tiny graph before anything was derived, with some quads added."""
    known = forms.read(TINY.shapes, BASE)
    files = sources.files(TINY.ontology, TINY.shapes, TINY.data)
    read = [quad for file in files for quad in sources.read(file, known, BASE).quads]
    if not invented:
        read = disclosure.without_illustrative(read, BASE)
    prefixes = namespaces.prefixes(BASE, (form.segment for form in known))
    return Store.of((*read, *added), prefixes)


@pytest.fixture(params=["tiny_release", "shipped_release"])
def quads(request: pytest.FixtureRequest) -> list[ox.Quad]:
    folder: Path = request.getfixturevalue(request.param)
    return dump(folder)


def test_what_is_derived_conforms_to_its_shapes(quads: list[ox.Quad]) -> None:
    computed = {subject for subject, path, _ in statements(quads) if path == STATUS}
    assert computed
    results = shacl.validate(quads, TINY.shapes, BASE).results
    assert [result for result in results if result.focus in computed] == []


def test_only_the_derived_graph_holds_pairs_and_what_is_computed(quads: list[ox.Quad]) -> None:
    computed = ox.NamedNode(f"{BASE}id/data-status/computed")
    elsewhere = [quad for quad in quads if quad.graph_name != GRAPH]
    assert [quad for quad in elsewhere if quad.predicate.value in PAIRS] == []
    assert [
        quad for quad in elsewhere if (quad.predicate.value, quad.object) == (STATUS, computed)
    ] == []


def test_a_link_is_illustrative_exactly_when_a_configuration_of_it_is(
    quads: list[ox.Quad],
) -> None:
    found = statements(quads)
    invented = {
        quad.subject.value
        for quad in quads
        if quad.predicate.value == STATUS
        and quad.object == ox.NamedNode(f"{BASE}id/data-status/illustrative")
        and isinstance(quad.subject, ox.NamedNode)
    }
    links = {subject for subject, path, _ in found if path == FROM}
    assert links
    resting = {subject for subject, path, value in found if path == FROM and value in invented}
    assert links & invented == resting


def test_every_link_is_a_pair_and_every_pair_a_link(quads: list[ox.Quad]) -> None:
    found = statements(quads)
    ends = {
        name: {subject: value for subject, path, value in found if path == f"{S4S}{name}"}
        for name in ("linkFrom", "linkTo")
    }
    links = {(start, ends["linkTo"][link]) for link, start in ends["linkFrom"].items()}
    assert links == {(one, other) for one, path, other in found if path == f"{S4S}feedsInto"}


def test_a_report_without_a_year_and_one_for_each_year(tiny_release: Path) -> None:
    found = statements(dump(tiny_release))
    kind = f"{S4S}CoherenceReport"
    reports = {subject.rpartition("/")[2] for subject, _, value in found if value == kind}
    assert reports == {
        f"{year}--{level}"
        for year in ("all", "2024", "2025")
        for level in ("interventions", "kinds")
    }


def test_without_what_is_invented_all_is_computed_and_of_no_year() -> None:
    counts = build.check(TINY, without_illustrative=True).counts
    assert counts.things["coherence-report"] == 2
    assert counts.things["indicator-value"] == 12
    assert counts.things["derived-link"] == 1
    assert counts.data_statuses["computed"] == 15
    assert "illustrative" not in counts.data_statuses


def test_an_indicator_without_a_denominator_has_no_value() -> None:
    # Without what is invented there is no company to reach anything.
    found = statements(derived.derive(tiny_store(invented=False), BASE).quads)
    value = f"{BASE}id/indicator-value/all--kinds--reach"
    said = {path.removeprefix(S4S): text for subject, path, text in found if subject == value}
    assert (said["numerator"], said["denominator"]) == ("0", "0")
    assert "value" not in said


def test_a_repeated_build_derives_the_same(tiny_release: Path, tmp_path: Path) -> None:
    # In another process, because sets and hashes of one process keep their order.
    script = (
        "import sys; from dataclasses import replace; from pathlib import Path\n"
        "from s4s_graph import build; from s4s_graph.settings import Settings\n"
        "data, releases = map(Path, sys.argv[1:])\n"
        "settings = replace(Settings(), data=data, releases=releases, disclosure_floor=1)\n"
        "print(build.build(settings).release.name)\n"
    )
    data, releases = tiny_data(tmp_path / "data"), tmp_path / "releases"
    command = [sys.executable, "-c", script, str(data), str(releases)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    again = releases / done.stdout.strip()
    for name in (release.N_QUADS, release.COHERENCE):
        assert (again / name).read_bytes() == (tiny_release / name).read_bytes()


def test_beyond_a_bound_there_are_pairs_but_no_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived, "MOST_LINKS", 4)
    found = statements(derived.derive(tiny_store(), BASE).quads)
    assert len([path for _, path, _ in found if path == f"{S4S}feedsInto"]) == 5
    assert [value for _, _, value in found if value == f"{S4S}DerivedLink"] == []


def test_where_there_are_too_many_pairs_the_surest_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(derived, "MOST_PAIRS", 1)
    found = statements(derived.derive(tiny_store(), BASE).quads)
    pairs = {(one, other) for one, path, other in found if path == f"{S4S}feedsInto"}
    names = {tuple(iri.rpartition("/")[2] for iri in pair) for pair in pairs}
    assert names == {("leerbudget", "leercoach"), ("training-subsidy", "workplace-learning")}


def test_two_links_never_share_a_node() -> None:
    # With two hyphens in its id, x--y → z would be called as x → y--z is.
    found = statements(derived.derive(tiny_store(*twins()), BASE).quads)
    pairs = {(one, other) for one, path, other in found if path == f"{S4S}feedsInto"}
    thing = f"{BASE}id/intervention/"
    assert {(f"{thing}x--y", f"{thing}z"), (f"{thing}x", f"{thing}y--z")} <= pairs
    assert [one for one, _, _ in found if one == f"{BASE}id/derived-link/x--y--z"] == []


def twins() -> list[ox.Quad]:
    turtle = "\n".join(
        f"""<{BASE}id/intervention/{origin}> a <{S4S}Intervention> .
        <{BASE}id/intervention/{target}> a <{S4S}Intervention> .
        {configuration(origin, "hasOutcome", name)} {configuration(target, "hasContext", name)}"""
        for name, origin, target in (("left", "x--y", "z"), ("right", "x", "y--z"))
    )
    graph = ox.NamedNode("https://example.org/twins")
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in ox.parse(turtle, ox.RdfFormat.TURTLE)
    ]


def configuration(about: str, role: str, condition: str) -> str:
    return f"""<{BASE}id/configuration/{about}-{condition}>
        <{S4S}aboutIntervention> <{BASE}id/intervention/{about}> ;
        <{S4S}{role}> <{BASE}id/condition/{condition}> ;
        <{S4S}valence> <{BASE}id/valence/beoogd> ;
        <{S4S}status> <{BASE}id/theory-status/initieel> .
        <{BASE}id/condition/{condition}> a <{S4S}Condition> ."""


def test_the_summary_is_read_as_it_was_written(tiny_release: Path, shipped_release: Path) -> None:
    for folder in (tiny_release, shipped_release):
        text = (folder / release.COHERENCE).read_text(encoding="utf-8")
        summary = Summary.from_json(text)
        assert summary.to_json() == text
        assert all(summary.improvements[level] for level in LEVELS)
    # The last one read is that of the shipped data, where something can be gained.
    assert any(len(item.opens) for item in summary.improvements["kinds"])


def test_the_summary_of_a_store_is_that_of_the_release(tiny_release: Path) -> None:
    text = (tiny_release / release.COHERENCE).read_text(encoding="utf-8")
    assert derived.derive(tiny_store(), BASE).summary == Summary.from_json(text)


def test_the_lists_say_what_the_code_computes() -> None:
    lists = Graph()
    for name in ("indicators", "standings", "coherence-levels"):
        lists.parse(ROOT / f"ontology/schemes/{name}.ttl")
    things = Namespace(f"{BASE}id/")
    order = {
        segment: sorted(
            (str(lists.value(item, SKOS.notation)), str(item).rpartition("/")[2])
            for item in lists.subjects(RDF.type, SKOS.Concept)
            if str(item).startswith(things[f"{segment}/"])
        )
        for segment in ("indicator", "standing", "coherence-level")
    }
    assert [name for _, name in order["standing"]] == list(STANDINGS)
    assert [name for _, name in order["coherence-level"]] == list(LEVELS)
    assert [name for _, name in order["indicator"]] == [item.id for item in INDICATORS]
    for item in INDICATORS:
        concept = things[f"indicator/{item.id}"]
        for lang in ("nl", "en"):
            name, formula = item.name.of(lang), item.formula.of(lang)
            assert words(lists, concept, SKOS.prefLabel, lang) == name.lower()
            assert (
                words(lists, concept, SKOS.definition, lang)
                == f"{formula[0].upper()}{formula[1:]}."
            )
            assert words(lists, concept, SKOS.scopeNote, lang) == item.meaning.of(lang)


def words(graph: Graph, subject: URIRef, path: URIRef, lang: str) -> str:
    (found,) = (
        str(value)
        for value in graph.objects(subject, path)
        if isinstance(value, Literal) and value.language == lang
    )
    return found
