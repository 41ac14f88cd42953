"""What follows from the asserted statements, in a graph of its own."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from s4s_graph import derive

GRAPH = "https://example.org/graph/derived"
PREFIXES = {"": "https://example.org/"}


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://example.org/{name}")


ASSERTED = [
    ox.Quad(iri("a"), iri("next"), iri("b"), iri("graph/one")),
    ox.Quad(iri("b"), iri("next"), iri("c"), iri("graph/two")),
]


def test_a_derivation_sees_the_union_of_the_graphs(tmp_path: Path) -> None:
    (tmp_path / "later.rq").write_text(
        "CONSTRUCT { ?a :later ?c } WHERE { ?a :next ?b . ?b :next ?c }"
    )
    found = derive.derived(ASSERTED, tmp_path, PREFIXES, GRAPH)
    assert found == [ox.Quad(iri("a"), iri("later"), iri("c"), ox.NamedNode(GRAPH))]


def test_derivations_do_not_see_each_other_and_say_a_thing_once(tmp_path: Path) -> None:
    for name in ("one.rq", "two.rq"):
        (tmp_path / name).write_text("CONSTRUCT { ?a :next :d } WHERE { ?a :next ?b }")
    found = derive.derived(ASSERTED, tmp_path, PREFIXES, GRAPH)
    assert sorted(quad.subject.value for quad in found) == [iri("a").value, iri("b").value]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("CONSTRUCT { ?a :p ?b } WHERE { ?a :next", "wrong.rq cannot be read"),
        ("SELECT ?a WHERE { ?a :next ?b }", "wrong.rq must be a CONSTRUCT query"),
    ],
)
def test_a_file_that_is_no_derivation_is_named(tmp_path: Path, query: str, message: str) -> None:
    (tmp_path / "wrong.rq").write_text(query)
    with pytest.raises(derive.DerivationError, match=message):
        derive.derived(ASSERTED, tmp_path, PREFIXES, GRAPH)
