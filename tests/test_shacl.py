"""Validation: what comes back, that it is the same each time, and that speed changes nothing."""

from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import SH

from s4s_graph import graphs, shacl
from s4s_graph.forms import Text
from s4s_graph.namespaces import BASE

ROOT = Path(__file__).parent.parent
SHAPES = ROOT / "shapes"
EXAMPLES = Path(__file__).parent / "shapes"
PREFIXES = f"""
    @prefix def: <{BASE}def#> . @prefix id: <{BASE}id/> . @prefix shape: <{BASE}shape#> .
    @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def quads(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


@pytest.fixture(scope="module")
def wrong() -> list[ox.Quad]:
    """Return the ontology and every example, valid and invalid."""
    files = [*ROOT.glob("ontology/*.ttl"), *ROOT.glob("ontology/schemes/*.ttl")]
    files += EXAMPLES.glob("*/*.ttl")
    assert files
    return [
        quad
        for file in sorted(files)
        for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


@pytest.fixture
def one_shape(tmp_path: Path) -> Path:
    (tmp_path / "one.ttl").write_text(
        PREFIXES
        + """
        shape:Smith-age a sh:PropertyShape ; sh:targetClass def:Smith ; sh:path def:age ;
            sh:datatype xsd:integer ; sh:maxCount 1 ; sh:severity sh:Warning ;
            sh:message "Geef één getal."@nl , "Give one number."@en .
        """,
        encoding="utf-8",
    )
    return tmp_path


def test_a_result_says_where_what_and_how_serious(one_shape: Path) -> None:
    report = shacl.validate(
        quads('<http://x.example/a> a def:Smith ; def:age "oud"@nl .'), one_shape, BASE
    )

    assert report.results == (
        shacl.Result(
            focus="http://x.example/a",
            path=f"{BASE}def#age",
            value=ox.Literal("oud", language="nl"),
            severity="warning",
            shape=f"{BASE}shape#Smith-age",
            message=Text("Geef één getal.", "Give one number."),
            component=str(SH.DatatypeConstraintComponent),
        ),
    )
    assert report.conforms


@pytest.mark.parametrize(
    "value", ['"7"', '"7"@en', '"07.0"^^xsd:decimal', '"x"^^xsd:integer', "id:seven", "_:seven"]
)
def test_a_value_comes_back_as_it_was_written(one_shape: Path, value: str) -> None:
    written = quads(f"<http://x.example/a> a def:Smith ; def:age {value} .")

    (result,) = shacl.validate(written, one_shape, BASE).results

    assert result.value == written[-1].object


def test_a_blank_node_can_be_in_focus(one_shape: Path) -> None:
    report = shacl.validate(quads("_:a a def:Smith ; def:age true ."), one_shape, BASE)

    assert report.results[0].focus.startswith("_:")
    assert b"sh:focusNode _:" in report.turtle()


def test_a_shape_without_words_is_named_in_their_place(one_shape: Path) -> None:
    shape = one_shape / "one.ttl"
    shape.write_text(shape.read_text("utf-8").replace("sh:message", "def:note"), encoding="utf-8")

    report = shacl.validate(quads("id:a a def:Smith ; def:age true ."), one_shape, BASE)

    assert report.results[0].message == Text("shape:Smith-age", "shape:Smith-age")


def test_the_base_address_of_the_shapes_is_replaced(one_shape: Path) -> None:
    data = (
        '<https://x.example/a> a <https://x.example/def#Smith> ; <https://x.example/def#age> "x" .'
    )

    (result,) = shacl.validate(quads(data), one_shape, "https://x.example/").results

    assert result.shape == "https://x.example/shape#Smith-age"


def test_a_folder_without_shapes_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no shapes"):
        shacl.validate([], tmp_path, BASE)


def test_bad_turtle_is_an_error_that_names_the_file(one_shape: Path) -> None:
    (one_shape / "two.ttl").write_text("shape:A a", encoding="utf-8")

    with pytest.raises(SyntaxError, match=r"two\.ttl: "):
        shacl.validate([], one_shape, BASE)


def test_the_report_is_the_same_bytes_whatever_the_order_of_the_data(wrong: list[ox.Quad]) -> None:
    first = shacl.validate(wrong, SHAPES, BASE)
    second = shacl.validate(reversed(wrong), SHAPES, BASE)

    assert first.results
    assert first.results == second.results
    assert first.turtle() == second.turtle()


def test_the_report_is_shacl_with_one_result_for_each(wrong: list[ox.Quad]) -> None:
    report = shacl.validate(wrong, SHAPES, BASE)
    found = graphs.merged(ox.parse(report.turtle(), format=ox.RdfFormat.TURTLE))

    assert not report.conforms
    assert len(set(found.objects(None, SH.result))) == len(report.results)
    for predicate in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
        assert len(list(found.subjects(predicate))) == len(report.results)


def test_shapes_made_quick_give_the_results_of_the_shapes_as_written(wrong: list[ox.Quad]) -> None:
    _, plain, _ = pyshacl.validate(
        graphs.merged(wrong), shacl_graph=graphs.shapes(SHAPES, BASE), advanced=True, inplace=True
    )
    written = {
        tuple(str(plain.value(node, part)) for part in (SH.focusNode, SH.sourceShape, SH.value))
        for node in plain.objects(None, SH.result)
    }

    quick = {
        (result.focus, result.shape, "None" if result.value is None else _text(result.value))
        for result in shacl.validate(wrong, SHAPES, BASE).results
    }

    assert quick == written


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
    return term.value
