"""Rows are counted where the engine writes them, whatever stands in them."""

import json
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s4s_graph.cutting import CSV, JSON, TSV, XML, Rows, noted

# What could be taken for the end of a row.
PIECES = [
    "},{",
    '"',
    '"},{"',
    "]}}",
    "\\",
    "\n",
    "\r\n",
    "\t",
    ",",
    "</result><result>",
    "<",
    "a",
    "é",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)


def written(texts: list[str], media_type: str) -> bytes:
    values = " ".join(f"({ox.Literal(text)} {number})" for number, text in enumerate(texts))
    solutions = ox.Store().query(
        f"SELECT ?text ?number ?none {{ VALUES (?text ?number) {{ {values} }} }}"
    )
    assert isinstance(solutions, ox.QuerySolutions)
    content = solutions.serialize(format=ox.QueryResultsFormat.from_media_type(media_type))
    assert content is not None
    return content


def cut(content: bytes, media_type: str, most: int, size: int) -> tuple[bytes, bool]:
    rows, passed = Rows(media_type, most), b""
    for start in range(0, len(content), size):
        passed += rows.passed(content[start : start + size])
        if rows.reached:
            return passed, True
    return passed + rows.rest(), False


@settings(max_examples=300, deadline=None)
@given(
    texts=st.lists(TEXTS, min_size=1, max_size=6),
    media_type=st.sampled_from([JSON[0], XML, CSV, TSV]),
    most=st.integers(1, 7),
    size=st.integers(1, 60),
)
def test_a_table_of_so_many_rows_is_what_the_engine_writes_of_them(
    texts: list[str], media_type: str, most: int, size: int
) -> None:
    passed, reached = cut(written(texts, media_type), media_type, most, size)
    assert passed == written(texts[:most], media_type)
    assert reached == (len(texts) > most)


@pytest.mark.parametrize("media_type", [JSON[0], XML, CSV, TSV])
def test_rows_without_a_value_are_passed(media_type: str) -> None:
    content = written([], media_type)
    assert cut(content, media_type, 1, 5) == (content, False)


def test_the_head_of_json_and_xml_says_where_it_is_told() -> None:
    iri = 'http://example.org/?a="&b#truncated'
    head = json.loads(noted(written(["a"], JSON[0]), JSON[0], iri))["head"]
    assert head == {"link": [iri], "vars": ["text", "number", "none"]}
    root = ElementTree.fromstring(noted(written(["a"], XML), XML, iri))
    assert [link.get("href") for link in root.findall(".//{*}link")] == [iri]
    plain = written(["a"], CSV)
    assert noted(plain, CSV, iri) == plain
