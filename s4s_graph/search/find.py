"""Finds things by words: as written, as the start of a word, by stem, as a part, mistyped.

Each way widens the words that were asked for to words that the index holds, and only what the
ways before did not find comes below what they found. So a reader can be told on which words
something was found, and ask for the words as written only.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from s4s_graph.search import words
from s4s_graph.search.read import Index

LETTERS = 200  # of a search; nobody types more, and nothing is gained by it
WORDS = 12
PREFIX, PART = 2, 4  # letters that a start and a part of a word have at least
SIMILAR = 60  # words that one word is widened to, each way
SAID = 8  # words that a page says something was also found on
# How much a hit weighs in a name, a synonym and a text, if it is in the language of the reader.
WEIGHTS = {"name": 10.0, "synonym": 6.0, "text": 1.0}
OTHER_LANGUAGE = 0.7


@dataclass(frozen=True)
class Hit:
    """A thing by its number, and the way it was found: 0 is as written."""

    number: int
    way: int


@dataclass(frozen=True)
class Found:
    """What was found, best first, and on which words.

    asked: the words that were sought, folded.
    words: every word that things were found on.
    also: words other than those asked for, that some were found on.
    mistyped: whether nothing was found until a typing error was assumed.
    """

    hits: tuple[Hit, ...]
    asked: tuple[str, ...]
    words: frozenset[str]
    also: tuple[str, ...]
    mistyped: bool


Wide = list[dict[str, tuple[str, ...]]]  # for each word sought, words to find it by, by language


def find(index: Index, text: str, lang: str, table: str | None = None, *, literal: bool) -> Found:
    """Return the things with all of these words, of one table or of all.

    `literal`: the words as written only, but for case and accents.
    """
    asked = tuple(sought(text))
    ids = range(1, _end(index)) if table is None else index.ranges.get(table, range(0))
    if not asked or not ids:
        return Found((), asked, frozenset(asked), (), False)
    search = _Search(index.database, ids, lang)
    wide: Wide = [dict.fromkeys(words.LANGUAGES, (word,)) for word in asked]
    ways = [] if literal else [search.starts, search.forms, search.parts]
    hits = search.hits(wide, {}, 0)
    for number, way in enumerate(ways, start=1):
        wider = search.widened(wide, asked, way)
        if wider != wide:
            wide, hits = wider, search.hits(wider, hits, number)
    mistyped = not hits and not literal
    if mistyped:
        wide = search.widened(wide, asked, search.near)
        hits = search.hits(wide, hits, len(ways) + 1)
    used = {word for by_lang in wide for group in by_lang.values() for word in group}
    also = search.also(hits, used - set(asked)) if hits else ()
    named = search.named(" ".join(words.split(text[:LETTERS])))
    ordered = sorted(hits.values(), key=lambda hit: hit.number not in named)
    return Found(tuple(ordered), asked, frozenset(used), also, mistyped and bool(hits))


def sought(text: str) -> list[str]:
    """Return the words to look for: without repeats, and without words that say nothing."""
    found = list(dict.fromkeys(words.split(text[:LETTERS])))
    telling = [word for word in found if word not in words.FUNCTION_WORDS]
    return (telling or found)[:WORDS]


def _end(index: Index) -> int:
    return max((ids.stop for ids in index.ranges.values()), default=1)


class _Search:
    """One search, in one range of things, for a reader of one language."""

    def __init__(self, database: sqlite3.Connection, ids: range, lang: str) -> None:
        self._database = database
        self._ids = (ids.start, ids.stop - 1)
        self._weights = [
            weight * (1.0 if code == lang else OTHER_LANGUAGE)
            for weight in WEIGHTS.values()
            for code in words.LANGUAGES
        ]

    def hits(self, wide: Wide, before: dict[int, Hit], way: int) -> dict[int, Hit]:
        """Return what was found before, and below it what is found now."""
        # The weights are numbers of ours, and SQLite takes no parameters there.
        rank = f"bm25(entry, {', '.join(map(str, self._weights))})"
        rows = self._database.execute(
            f"SELECT rowid FROM entry WHERE entry MATCH ? AND rowid BETWEEN ? AND ? "  # noqa: S608
            f"ORDER BY {rank}, rowid",
            (_expression(wide), *self._ids),
        )
        new = {number: Hit(number, way) for (number,) in rows if number not in before}
        return before | new

    def named(self, name: str) -> frozenset[int]:
        """Return the things that are called just so."""
        rows = self._database.execute("SELECT thing FROM name WHERE name = ?", (name,))
        return frozenset(number for (number,) in rows)

    def also(self, hits: Mapping[int, Hit], candidates: Iterable[str]) -> tuple[str, ...]:
        """Return the first of these words that are in what was found."""
        query = "SELECT rowid FROM entry WHERE entry MATCH ? AND rowid BETWEEN ? AND ?"
        said = (
            word
            for word in sorted(candidates)
            if any(n in hits for (n,) in self._database.execute(query, (f'"{word}"', *self._ids)))
        )
        return tuple(islice(said, SAID))

    def widened(self, wide: Wide, asked: Sequence[str], way: "_Way") -> Wide:
        """Return the same with the words that a way adds to each word that was asked for."""
        return [
            {
                lang: tuple(dict.fromkeys((*found, *more)))
                for lang, found in by_lang.items()
                for more in [way(word, lang)]
            }
            for word, by_lang in zip(asked, wide, strict=True)
        ]

    def starts(self, word: str, lang: str) -> list[str]:
        """Return the words that start with this one."""
        if len(word) < PREFIX:
            return []
        query = "SELECT word FROM word WHERE word > ? AND word < ? AND lang = ? ORDER BY word"
        return self._column(query, word, f"{word}\U0010ffff", lang)

    def forms(self, word: str, lang: str) -> list[str]:
        """Return the words with the same stem."""
        query = "SELECT word FROM word WHERE stem = ? AND lang = ? ORDER BY word"
        return self._column(query, words.stemmer(lang)(word), lang)

    def parts(self, word: str, lang: str) -> list[str]:
        """Return the words that this word or its stem is a part of."""
        pieces = {word, words.stemmer(lang)(word)}
        expression = " OR ".join(f'"{piece}"' for piece in sorted(pieces) if len(piece) >= PART)
        if not expression:
            return []
        query = (
            "SELECT part.word FROM part JOIN word ON word.word = part.word "
            "WHERE part MATCH ? AND lang = ? ORDER BY length(part.word), part.word"
        )
        return self._column(query, expression, lang)

    def near(self, word: str, lang: str) -> list[str]:
        """Return the words that are one edit away."""
        if len(word) < words.SLIP_LENGTH:
            return []
        query = (
            "SELECT DISTINCT word FROM slip JOIN word USING (word) WHERE shorter = ? AND lang = ?"
        )
        shorter = sorted(words.slips(word))
        candidates = {found for slip in shorter for found in self._column(query, slip, lang)}
        return words.near(word, candidates)

    def _column(self, query: str, *parameters: str) -> list[str]:
        rows = self._database.execute(f"{query} LIMIT {SIMILAR}", parameters)
        return [word for (word,) in rows]


_Way = Callable[[str, str], list[str]]


def _expression(wide: Wide) -> str:
    """Return what FTS5 is asked: each of the words, in one of the ways that it is widened to.

    Every word is letters and digits and stands in quotes, so none is an operator.
    """
    return " AND ".join(
        "("
        + " OR ".join(
            f"{{name_{lang} synonym_{lang} text_{lang}}} : ("
            + " OR ".join(f'"{word}"' for word in group)
            + ")"
            for lang, group in by_lang.items()
        )
        + ")"
        for by_lang in wide
    )
