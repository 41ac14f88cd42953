"""The shapes against small graphs: what is right passes, and each shape is seen to fail."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, SH, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from s4s_graph import forms, graphs, shacl
from s4s_graph.namespaces import BASE, prefixes

ROOT = Path(__file__).parent.parent
SHAPES = ROOT / "shapes"
EXAMPLES = Path(__file__).parent / "shapes"
VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.ttl"))
MODULES = {path.stem for path in SHAPES.glob("*.ttl")}
TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)

Expectation = tuple[str, str]  # a shape and the node that it fails on


def parsed(files: Iterable[Path]) -> list[ox.Quad]:
    return [
        quad
        for file in files
        for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


def expected(file: Path) -> set[Expectation]:
    """Read the `# expect: shape:… node` lines of an invalid file."""
    names = prefixes(BASE, (form.segment for form in forms.read(SHAPES, BASE)))

    def iri(name: str) -> str:
        prefix, _, local = name.partition(":")
        return names[prefix] + local

    lines = re.findall(r"^# expect: (\S+) (\S+)$", file.read_text("utf-8"), re.MULTILINE)
    return {(iri(shape), iri(node)) for shape, node in lines}


@pytest.fixture(scope="module")
def ontology() -> list[ox.Quad]:
    files = sorted((ROOT / "ontology").glob("*.ttl")) + sorted(ROOT.glob("ontology/schemes/*.ttl"))
    assert files
    return parsed(files)


@pytest.fixture(scope="module")
def valid(ontology: list[ox.Quad]) -> list[ox.Quad]:
    assert VALID
    return ontology + parsed(VALID)


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return graphs.shapes(SHAPES, BASE)


@pytest.fixture(scope="module")
def expectations() -> set[Expectation]:
    assert INVALID
    return {expectation for file in INVALID for expectation in expected(file)}


def test_every_module_has_a_valid_and_an_invalid_example() -> None:
    assert {file.stem for file in VALID} == MODULES
    assert {file.stem for file in INVALID} == MODULES


def test_valid_examples_raise_no_result(valid: list[ox.Quad]) -> None:
    assert shacl.validate(valid, SHAPES, BASE).results == ()


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_invalid_example_fails_where_it_says(file: Path, valid: list[ox.Quad]) -> None:
    report = shacl.validate(valid + parsed([file]), SHAPES, BASE)

    assert {(result.shape, result.focus) for result in report.results} == expected(file)


def test_every_shape_is_seen_to_fail(shapes: Graph, expectations: set[Expectation]) -> None:
    # The shapes of the lists have no target: they fail by way of the fields that refer to them.
    lists = set(shapes.subjects(RDF.type, SH.NodeShape)) - {
        node for target in TARGETS for node in shapes.subjects(target)
    }
    assert lists
    of_lists = {shape for node in lists for shape in shapes.objects(node, SH.property)}
    able_to_fail = {str(shape) for shape in set(shapes.subjects(SH.severity)) - of_lists}

    assert able_to_fail == {shape for shape, _ in expectations}


def test_every_field_is_seen_to_fail_on_its_own_class(expectations: set[Expectation]) -> None:
    failing = {
        (shape, node.removeprefix(f"{BASE}id/").split("/")[0]) for shape, node in expectations
    }
    fields = {
        (field.shape, form.segment)
        for form in forms.read(SHAPES, BASE)
        if form.class_iri
        for field in form.fields
    }

    assert fields - failing == set()


def test_every_target_is_found_in_the_valid_examples(shapes: Graph, valid: list[ox.Quad]) -> None:
    # A misspelt target has no nodes, and a shape without nodes passes silently.
    graph = graphs.merged(valid)
    classes = set(shapes.objects(None, SH.targetClass))
    predicates = set(shapes.objects(None, SH.targetSubjectsOf))
    assert classes
    assert predicates

    assert {found for found in classes if (None, RDF.type, found) not in graph} == set()
    assert {found for found in predicates if (None, found, None) not in graph} == set()


def test_shapes_speak_of_terms_and_concepts_that_exist(
    shapes: Graph, ontology: list[ox.Quad]
) -> None:
    known = graphs.merged(ontology)
    used = {term for triple in shapes for term in triple if isinstance(term, URIRef)}
    terms = {term for term in used if term.startswith(f"{BASE}def#")}
    concepts = {term for term in used if term.startswith(f"{BASE}id/")}
    assert terms
    assert concepts

    assert {term for term in terms if (term, RDFS.isDefinedBy, None) not in known} == set()
    assert {item for item in concepts if (item, SKOS.prefLabel, None) not in known} == set()


def test_every_shape_with_a_severity_says_what_is_wrong_in_both_languages(shapes: Graph) -> None:
    silent = {
        shape
        for shape in shapes.subjects(SH.severity)
        if languages(shapes.objects(shape, SH.message)) != ["en", "nl"]
    }

    assert silent == set()


def test_dutch_and_english_are_not_the_same_sentence(shapes: Graph) -> None:
    for predicate in (SH.message, SH.description, RDFS.comment):
        for shape in set(shapes.subjects(predicate)):
            sentences = [str(words) for words in shapes.objects(shape, predicate)]
            assert len(set(sentences)) == 2, f"{shape} says the same twice: {sentences}"
            assert all(words.rstrip("'").endswith(".") for words in sentences), sentences


def test_examples_in_the_help_are_ids_that_exist(ontology: list[ox.Quad]) -> None:
    tables = sorted((ROOT / "s4s_graph" / "data").glob("*/*.csv"))
    assert tables
    subjects = {quad.subject for quad in ontology if isinstance(quad.subject, ox.NamedNode)}
    known = {subject.value.rpartition("/")[2] for subject in subjects}
    for table in tables:
        with table.open(encoding="utf-8", newline="") as file:
            known |= {row["id"] for row in csv.DictReader(file)}
    shown = {
        (field.shape, example.rpartition("/")[2])
        for form in forms.read(SHAPES, BASE)
        for field in form.fields
        if field.kind == "thing"
        for quoted in re.findall(r"'([a-z0-9][a-z0-9;/-]+)'", field.help.nl + field.help.en)
        for example in quoted.split(";")
    }
    assert shown

    assert {(shape, example) for shape, example in shown if example not in known} == set()


def languages(words: Iterable[Node]) -> list[str]:
    return sorted(word.language or "" for word in words if isinstance(word, Literal))
