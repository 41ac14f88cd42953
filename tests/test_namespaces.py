"""Prefixes: those of the standards, our own, and one for each kind of thing."""

import pyoxigraph as ox
import pytest

from s4s_graph.namespaces import BASE, STANDARD, header, prefixes


def test_each_segment_is_a_prefix() -> None:
    names = prefixes(BASE, ["case", "data-status"])

    assert names["case"] == f"{BASE}id/case/"
    assert names["data-status"] == f"{BASE}id/data-status/"
    assert names["s4s"] == f"{BASE}def#"
    assert STANDARD.items() <= names.items()
    assert list(names) == sorted(names)


@pytest.mark.parametrize("segment", ["schema", "s4s", "shape"])
def test_a_segment_cannot_take_the_place_of_another_prefix(segment: str) -> None:
    with pytest.raises(ValueError, match=f"no segment may be called {segment}"):
        prefixes(BASE, [segment])


def test_the_header_is_what_a_query_can_start_with() -> None:
    store = ox.Store()
    store.add(
        ox.Quad(ox.NamedNode(f"{BASE}id/size-class/1-9"), ox.NamedNode("x:p"), ox.Literal("x"))
    )

    found = store.query(header(prefixes(BASE, ["size-class"])) + "ASK { size-class:1-9 ?p ?o }")

    assert bool(found)
