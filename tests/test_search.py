"""The search: which words find which things, and in which order."""

import csv
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s4s_graph import release
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.search import words
from s4s_graph.search.find import LETTERS, Found, find
from s4s_graph.search.read import Index
from s4s_graph.search.write import index
from s4s_graph.store import Store

QUALITY = Path(__file__).parent / "search_quality.csv"
CASES = list(csv.DictReader(QUALITY.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def shipped(shipped_release: Path) -> Iterator[Index]:
    opened = Index(shipped_release / release.SEARCH)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def tiny(tiny_release: Path) -> Iterator[Index]:
    opened = Index(tiny_release / release.SEARCH)
    yield opened
    opened.close()


def slugs(index: Index, found: Found, table: str) -> list[str]:
    """Return what was found by the ids of its rows."""
    listing = index.listing(table)
    return [listing.slugs[number - listing.first] for number in found.numbers]


def test_there_are_forty_searches_in_both_languages() -> None:
    assert len(CASES) >= 40
    assert {case["lang"] for case in CASES} == {"nl", "en"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['lang']} {case['query']}")
def test_what_is_sought_is_among_the_first_three(shipped: Index, case: dict[str, str]) -> None:
    found = find(shipped, case["query"], case["lang"], case["kind"], literal=False)
    assert case["expected"] in slugs(shipped, found, case["kind"])[:3], case["why"]


def test_what_is_found_as_written_comes_before_forms_and_parts(shipped: Index) -> None:
    for query in ("begeleiden", "leren", "scholing", "training"):
        exact = find(shipped, query, "nl", literal=True).numbers
        found = find(shipped, query, "nl", literal=False).numbers
        assert len(found) > len(exact), query
        assert found[: len(exact)] == exact, query


def test_a_literal_search_finds_words_as_written_only(tiny: Index) -> None:
    def found(query: str, *, literal: bool) -> list[str]:
        hits = find(tiny, query, "nl", "interventions", literal=literal)
        return slugs(tiny, hits, "interventions")

    assert found("LEERBUDGET", literal=True) == ["leerbudget"]
    assert found("leerb", literal=False) == found("eerbudge", literal=False) == ["leerbudget"]
    assert found("leerb", literal=True) == found("eerbudge", literal=True) == []
    assert found("leerbudgt", literal=True) == []


def test_a_typing_error_is_forgiven_only_when_nothing_is_found(tiny: Index) -> None:
    found = find(tiny, "leerbudgte", "nl", "interventions", literal=False)
    assert found.mistyped
    assert found.also == ("leerbudget",)
    assert slugs(tiny, found, "interventions") == ["leerbudget"]
    assert not find(tiny, "leerbudget", "nl", "interventions", literal=False).mistyped
    assert not find(tiny, "xqzwvy", "nl", literal=False).mistyped


def test_words_that_say_nothing_do_not_hide_a_thing(shipped: Index) -> None:
    found = find(shipped, "de loopbaancoaches van het", "nl", "interventions", literal=False)
    assert "loopbaancoaches" in slugs(shipped, found, "interventions")


def test_the_ids_of_sources_in_a_note_are_no_words(shipped: Index) -> None:
    found = find(shipped, "leren", "nl", "interventions", literal=False)
    assert found.also
    assert not [word for word in found.also if any(letter.isdigit() for letter in word)]


def test_it_says_only_words_that_are_in_what_was_found(shipped: Index) -> None:
    for query in ("leren", "begeleiding", "coach"):
        found = find(shipped, query, "nl", "interventions", literal=False)
        for word in found.also:
            one = find(shipped, f"{word} {query}", "nl", "interventions", literal=False)
            assert {*one.numbers} & {*found.numbers}, f"{query}: {word}"


@given(st.text(max_size=60))
@example('"')
@example('NEAR("leren" budget)')
@example("leren* -budget ^plek {name_nl}: OR AND NOT")
@example("'; DROP TABLE entry; --")
@example("\x00\x1f\u202e\ud7ff")
@example("مرحبا بالعالم")
@example("leren " * 2000)
def test_no_text_is_an_error(tiny: Index, text: str) -> None:
    found = find(tiny, text, "nl", literal=False)
    assert len({*found.numbers}) == len(found.numbers)
    assert set(found.asked) <= set(words.split(text[:LETTERS]))


def test_every_operator_of_the_index_is_only_a_word(tiny: Index) -> None:
    found = find(tiny, "leerbudget NOT leerbudget", "nl", literal=True)
    assert found.asked == ("leerbudget", "not")
    assert found.numbers == ()


@given(st.text("abc", min_size=4, max_size=7), st.text("abc", min_size=4, max_size=7))
def test_near_is_one_edit(one: str, other: str) -> None:
    """Held against the plain definition: the set of all words that one edit makes."""
    letters = "abc"
    edits = {
        *(one[:i] + one[i + 1 :] for i in range(len(one))),
        *(one[:i] + x + one[i + 1 :] for i in range(len(one)) for x in letters),
        *(one[:i] + x + one[i:] for i in range(len(one) + 1) for x in letters),
        *(one[:i] + one[i + 1] + one[i] + one[i + 2 :] for i in range(len(one) - 1)),
    } - {one}
    assert (words.near(one, [other]) == [other]) == (other in edits)
    if other in edits:
        assert words.slips(one) & words.slips(other)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Één coöperatie", ["een", "cooperatie"]), ("zij-instromers", ["zij", "instromers"])],
)
def test_accents_and_case_do_not_count(text: str, folded: list[str]) -> None:
    assert words.split(text) == folded


def test_beleid_is_not_begeleiding() -> None:
    stem = words.stemmer("nl")
    assert stem("begeleiding") == stem("begeleiden") != stem("beleid")


@given(st.text(max_size=40), st.frozensets(st.text("abc", min_size=1, max_size=2)))
def test_marking_loses_no_letter(text: str, hits: frozenset[str]) -> None:
    pieces = "".join(piece for piece, _ in words.marked(text, hits))
    assert words.fold(pieces) == words.fold(text)


def test_the_same_graph_gives_the_same_bytes(tiny_release: Path) -> None:
    store = Store.open(tiny_release, memory_quads=1_000_000)
    forms = Forms.from_json((tiny_release / release.FORMS).read_text(encoding="utf-8"))
    once, again = index(store, forms, BASE), index(store, forms, BASE)
    assert once == again == (tiny_release / release.SEARCH).read_bytes()


def test_nothing_restricted_is_in_the_index(tiny_release: Path, tiny: Index) -> None:
    known = {word for (word,) in tiny.database.execute("SELECT word FROM word")}
    assert "leerbudget" in known
    assert known.isdisjoint({"00000001", "nergenshuizen"})
    content = (tiny_release / release.SEARCH).read_bytes().lower()
    assert b"nergenshuizen" not in content


def test_many_threads_read_and_none_can_write(tiny: Index) -> None:
    def names(_: int) -> list[str]:
        found = find(tiny, "leerbudget", "nl", "interventions", literal=False)
        return slugs(tiny, found, "interventions")

    with ThreadPoolExecutor(8) as pool:
        assert len({tuple(found) for found in pool.map(names, range(40))}) == 1
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        tiny.database.execute("DELETE FROM word")


def test_a_closed_index_answers_no_more(tiny_release: Path) -> None:
    opened = Index(tiny_release / release.SEARCH)
    opened.close()
    with pytest.raises(sqlite3.ProgrammingError):
        find(opened, "leerbudget", "nl", literal=False)


def test_a_thread_that_ended_leaves_no_connection_open(tiny_release: Path) -> None:
    path = tiny_release / release.SEARCH
    before = opened_descriptors(path)
    searched = Index(path)
    for _ in range(10):
        with ThreadPoolExecutor(2) as threads:
            assert all(threads.map(lambda _: searched.database.execute("SELECT 1"), range(4)))
    assert opened_descriptors(path) == before + 1
    searched.close()
    assert opened_descriptors(path) == before


def opened_descriptors(path: Path) -> int:
    """Return how often this process has a file open."""
    found = 0
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found += descriptor.readlink() == path
    return found
