"""Checking only what a change can affect: the same results as a check of all."""

from random import Random

import pyoxigraph as ox
import pytest

from s4s_graph import graphs, shacl
from s4s_graph.namespaces import BASE
from s4s_graph.shacl import Engine
from s4s_graph.shacl.partial import Change, Partial, partial
from s4s_graph.shacl.paths import UnsupportedError
from s4s_graph.shacl.rules import Rules
from s4s_graph.shacl.terms import Lexicon
from s4s_graph.shacl.view import triple
from tests.faults import ROOT, SUBCLASS, Faults, examples

SHAPES = ROOT / "shapes"
SEEDS = 15
PREFIXES = f"""
    @prefix def: <{BASE}def#> . @prefix id: <{BASE}id/> . @prefix shape: <{BASE}shape#> .
    @prefix sh: <http://www.w3.org/ns/shacl#> .
"""


def turtle(text: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE))


def whole(quads: list[ox.Quad]) -> set[shacl.Result]:
    return set(shacl.validate(quads, SHAPES, BASE, Engine.SPARQL).results)


def part(before: list[ox.Quad], after: list[ox.Quad], rules: Rules, is_after: bool) -> Partial:
    lexicon, store = Lexicon(), ox.Store()
    old = {triple(quad) for quad in lexicon.quads(before)}
    new = {triple(quad) for quad in lexicon.quads(after)}
    store.extend(lexicon.quads(after if is_after else before))
    return partial(Change(store, new - old, old - new, is_after), rules, lexicon)


@pytest.fixture(scope="module")
def faults() -> Faults:
    return Faults(examples())


@pytest.mark.parametrize("is_after", [True, False])
def test_what_changed_and_what_did_not_are_together_the_whole(
    faults: Faults, is_after: bool
) -> None:
    before = examples()
    known, differing = whole(before), 0
    for seed in range(SEEDS):
        after = faults.changed(seed * 2 + is_after)
        found = part(before, after, Rules.of(graphs.shapes(SHAPES, BASE)), is_after)
        wanted = whole(after)

        def is_affected(result: shacl.Result, of: Partial = found) -> bool:
            return result.focus in of.affected.get(result.shape, ())

        results = set(found.report.results)
        assert results == {result for result in wanted if is_affected(result)}, f"seed {seed}"
        kept = {result for result in known if not is_affected(result)}
        assert kept | results == wanted, f"seed {seed}"
        differing += wanted != known

    # Else nothing was there to be missed.
    assert differing > SEEDS / 2


def test_little_is_looked_at_when_little_changed() -> None:
    before = examples()
    thing = ox.NamedNode(f"{BASE}id/company/alone")
    name = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    after = [*before, ox.Quad(thing, name, ox.Literal("Alleen", language="nl"))]

    found = part(before, after, Rules.of(graphs.shapes(SHAPES, BASE)), False)

    assert set().union(*found.affected.values()) == {thing.value}


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("[ sh:inversePath def:p ]", "id:z def:p id:a ."),
        ("( def:p def:q )", "id:b def:q id:z ."),
        ("( [ sh:oneOrMorePath def:p ] def:q )", "id:c def:q id:z ."),
        ("[ sh:zeroOrMorePath [ sh:inversePath def:q ] ]", "id:z def:q id:a ."),
        ("[ sh:alternativePath ( def:q def:r ) ]", "id:a def:r id:z ."),
        ("[ sh:zeroOrOnePath def:p ]", "id:a def:p id:z ."),
    ],
)
def test_a_change_at_the_end_of_a_path_reaches_its_start(path: str, change: str) -> None:
    before = turtle("id:a a def:Thing ; def:p id:b . id:b def:p id:c .")
    after = [*before, *turtle(change)]
    shapes = f"shape:A sh:targetClass def:Thing ; sh:path {path} ; sh:in ( id:a id:b id:c ) ."

    found = part(before, after, Rules.of(graphs.merged(turtle(shapes))), False)

    full = shacl.validated(after, graphs.merged(turtle(shapes)), Engine.PYSHACL).results
    assert full
    assert found.report.results == full


@pytest.mark.parametrize(
    "shapes",
    [
        "shape:A sh:targetClass def:Thing ; sh:path def:p ; sh:property [ sh:path def:q ] .",
        "shape:A sh:targetClass def:Thing ; sh:path def:p ; def:unknown 1 ; sh:js 2 .",
        """shape:A sh:targetClass def:Thing ; sh:sparql [
            sh:select "SELECT $this WHERE { $this a ?kind . ?any ?way 3 }" ] .""",
    ],
)
def test_what_cannot_be_told_is_refused(shapes: str) -> None:
    before = turtle("id:a a def:Thing .")

    with pytest.raises(UnsupportedError):
        part(
            before,
            [*before, *turtle("id:b def:p 3 .")],
            Rules.of(graphs.merged(turtle(shapes))),
            False,
        )


def test_another_place_among_classes_is_refused() -> None:
    after = [ox.Quad(ox.NamedNode(f"{BASE}def#A"), SUBCLASS, ox.NamedNode(f"{BASE}def#B"))]

    with pytest.raises(UnsupportedError, match="among classes"):
        part([], after, Rules.of(graphs.shapes(SHAPES, BASE)), False)


def test_the_changes_are_the_same_for_the_same_seed(faults: Faults) -> None:
    assert faults.changed(3) == faults.changed(3) != faults.changed(Random(3).randrange(4, 99))
