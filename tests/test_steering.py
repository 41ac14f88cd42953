"""Characters that are obeyed instead of seen: replaced or escaped, and nothing else changed."""

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s4s_graph import steering

LETTERS = ["\x00", "\x08", "\x0b", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u202e", "\u2066",
           "\ud800", "\ufffe"]  # fmt: skip


@pytest.mark.parametrize("letter", LETTERS)
def test_each_of_them_is_replaced_on_a_page_and_escaped_on_a_terminal(letter: str) -> None:
    assert steering.replaced(f"a{letter}b") == "a\ufffdb"
    assert steering.escaped(f"a{letter}b").isprintable()
    assert json.loads(steering.as_json([f"a{letter}b"])) == [f"a{letter}b"]
    assert not steering.STEERING.search(steering.as_json([letter]))


def test_what_is_seen_stays_as_it_is() -> None:
    text = "Één naam — ‘leren’ مرحبا 👩‍🏭\u200f a\u00adb \\n"
    assert steering.replaced(text) == steering.escaped(text) == steering.line(text) == text


def test_a_line_is_one_line() -> None:
    assert steering.line("a\r\n\tb\x1b[31m") == r"a\r\n\tb\x1b[31m"


@given(st.text())
def test_xml_is_well_formed_whatever_the_text_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    written = f"<a>{escaped}</a>".encode("utf-8", "replace")
    ET.fromstring(steering.well_formed(written))


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["C"])))
def test_xml_that_was_well_formed_stays_as_it_is(text: str) -> None:
    assert steering.well_formed(text.encode()) == text.encode()
