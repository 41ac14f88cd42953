"""Files into named graphs: every syntax, every refusal, the same twice."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from s4s_graph import forms, sources
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.sources import File, Source

SMALL = Path(__file__).parent / "small"
GRAPH = ox.NamedNode(f"{BASE}graph/more")
OTHER = ox.NamedNode("https://example.org/graph")
STATEMENT = ox.Triple(
    ox.NamedNode(f"{BASE}id/machine/lathe"),
    ox.NamedNode(f"{BASE}def#price"),
    ox.Literal("1250.50", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
)


@pytest.fixture(scope="module")
def form_set() -> Forms:
    return forms.read(SMALL / "shapes", BASE)


def read(
    folder: Path, name: str, content: bytes | str, form_set: Forms, base: str = BASE
) -> Source:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return sources.read(File(path, name), form_set, base)


def told(source: Source) -> list[str]:
    return [problem.text("en") for problem in source.problems]


@pytest.mark.parametrize("suffix", sources.FORMATS)
def test_each_syntax_is_read_into_the_graph_of_its_file(
    tmp_path: Path, form_set: Forms, suffix: str
) -> None:
    content = ox.serialize([STATEMENT], format=sources.FORMATS[suffix])
    assert content
    source = read(tmp_path, f"more{suffix}", content, form_set)
    assert told(source) == []
    assert source.quads == [ox.Quad(*STATEMENT, GRAPH)]


@pytest.mark.parametrize("suffix", [".trig", ".nq", ".jsonld"])
def test_named_graphs_keep_their_names(tmp_path: Path, form_set: Forms, suffix: str) -> None:
    quads = [ox.Quad(*STATEMENT, OTHER), ox.Quad(*STATEMENT)]
    content = ox.serialize(quads, format=sources.FORMATS[suffix])
    assert content
    source = read(tmp_path, f"more{suffix}", content, form_set)
    assert {quad.graph_name for quad in source.quads} == {OTHER, GRAPH}


def test_a_graph_is_named_after_the_path_of_its_file(tmp_path: Path, form_set: Forms) -> None:
    source = read(tmp_path, "round 1/new.v2.ttl", "<> a <#Note> .", form_set)
    (quad,) = source.quads
    assert quad.graph_name == ox.NamedNode(f"{BASE}graph/round%201/new.v2")
    assert quad.subject == quad.graph_name


def test_a_remote_context_is_refused_and_not_fetched(tmp_path: Path, form_set: Forms) -> None:
    content = '{"@context": "https://schema.org/", "@id": "https://example.org/a", "name": "A"}'
    (problem,) = told(read(tmp_path, "more.jsonld", content, form_set))
    assert problem.startswith("error: more.jsonld: the @context is at another address")


def test_a_context_in_the_file_is_read(tmp_path: Path, form_set: Forms) -> None:
    content = '{"@context": {"price": "https://w3id.org/skills4skills/def#price"}, "price": "1"}'
    source = read(tmp_path, "more.jsonld", content, form_set)
    assert [quad.predicate.value for quad in source.quads] == [f"{BASE}def#price"]


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path, form_set: Forms) -> None:
    source = read(tmp_path, "more.ttl", "\n<https://example.org/a> a <b c> .", form_set)
    (problem,) = told(source)
    assert problem.startswith("error: more.ttl: line 2, column 27: this cannot be read: ")
    assert source.is_unread


def test_an_unknown_table_is_told_what_tables_there_are(tmp_path: Path, form_set: Forms) -> None:
    (near,) = told(read(tmp_path, "machine.csv", "id\n", form_set))
    (far,) = told(read(tmp_path, "xyz.csv", "id\n", form_set))
    assert near == (
        "error: machine.csv: there is no table machine; name the file after its table: machines"
    )
    assert far.endswith("name the file after its table: machines, skills")


def test_a_list_of_the_ontology_is_not_a_table(tmp_path: Path, form_set: Forms) -> None:
    (problem,) = told(read(tmp_path, "data-statuses.csv", "id\n", form_set))
    assert "there is no table data-statuses" in problem


@pytest.mark.parametrize("name", ["derived-links.csv", "links.ttl"])
def test_what_the_build_computes_is_not_filled_in(tmp_path: Path, name: str) -> None:
    computing = forms.read(SMALL.parents[1] / "shapes", BASE)
    content = f"<{BASE}id/derived-link/a--b> a <{BASE}def#DerivedLink> ."
    (problem,) = told(read(tmp_path, name, content, computing))
    assert problem.endswith(
        "the build computes this itself; remove it and record what it follows from"
    )


def test_other_kinds_of_file_are_told_what_is_read(tmp_path: Path, form_set: Forms) -> None:
    (problem,) = told(read(tmp_path, "machines.docx", b"PK", form_set))
    assert problem == (
        "error: machines.docx: this kind of file is not read; "
        "use .csv, .xlsx, .ods, .ttl, .trig, .nt, .nq, .jsonld, .rdf"
    )


def test_the_graph_of_derived_statements_is_not_for_sources(
    tmp_path: Path, form_set: Forms
) -> None:
    (problem,) = told(read(tmp_path, "derived.ttl", f"<{BASE}id/a/b> a <#C> .", form_set))
    assert "the graph 'derived' is for what the build derives" in problem


def test_a_triple_as_a_value_is_refused(tmp_path: Path, form_set: Forms) -> None:
    content = "@prefix : <#> . :a :says <<( :b :c :d )>> ."
    (problem,) = told(read(tmp_path, "more.ttl", content, form_set))
    assert problem.endswith("a triple as a value is not read; describe the statement as a thing")


def test_blank_nodes_are_the_same_twice_and_never_shared(tmp_path: Path, form_set: Forms) -> None:
    content = "@prefix : <#> . _:x :p ( 1 [] ) ; :q _:x ."
    one = read(tmp_path, "one.ttl", content, form_set).quads
    assert read(tmp_path, "one.ttl", content, form_set).quads == one
    two = read(tmp_path, "two.ttl", content, form_set).quads
    assert not {quad.subject for quad in one} & {quad.subject for quad in two}
    assert len({quad.subject for quad in one}) == 3


def test_another_base_replaces_ours_everywhere_in_a_file(tmp_path: Path, form_set: Forms) -> None:
    content = f'<{BASE}id/a/b> <{BASE}def#query> "ASK {{ ?s a <{BASE}def#C> }}" .'
    (quad,) = read(tmp_path, "more.ttl", content, form_set, "https://example.org/").quads
    assert BASE not in str(quad)
    assert quad.subject == ox.NamedNode("https://example.org/id/a/b")


def test_files_come_in_order_without_readmes_and_hidden_ones() -> None:
    found = sources.files(SMALL / "ontology", SMALL / "shapes", SMALL / "data")
    assert [file.name for file in found] == [
        "ontology/schemes/data-statuses.ttl",
        "shapes/small.ttl",
        "plant/machines.csv",
        "plant/skills.csv",
    ]


def test_hidden_files_and_readmes_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "sub" / ".cache").mkdir(parents=True)
    for name in ("README.md", ".hidden.csv", "sub/README.md", "sub/.cache/a.csv", "sub/b.csv"):
        (tmp_path / name).touch()
    found = sources.files(SMALL / "ontology", SMALL / "shapes", tmp_path)
    assert [file.name for file in found][2:] == ["sub/b.csv"]


def test_an_id_in_two_tables_of_the_same_kind_is_told(tmp_path: Path, form_set: Forms) -> None:
    read_both = [
        read(tmp_path, f"{folder}/skills.csv", f"id\n{ids}\n", form_set)
        for folder, ids in (("new", "drilling\nturning"), ("old", "turning"))
    ]
    (problem,) = sources.duplicates(read_both)
    assert problem.text("en") == (
        "error: old/skills.csv, row 2, column id: 'turning': "
        "this id stands in new/skills.csv, row 3 already; each thing has one row"
    )
