"""Finds things by words: as written, as the start of a word, by stem, as a part, mistyped.

Each way widens the words that were asked for to words that the index holds, and only what the
ways before did not find comes below what they found. So a reader can be told on which words
something was found, and ask for the words as written only.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from s4s_graph.search import words
from s4s_graph.search.read import Index

LETTERS = 200  # of a search; nobody types more, and nothing is gained by it
WORDS = 12
PREFIX, PART = 2, 4  # letters that a start and a part of a word have at least
SIMILAR = 60  # words that one word is widened to, each way
SAID = 8  # words that a page says something was also found on
RANKED = 2000  # things; a word that more have does not tell them apart
# How much a hit weighs in a name, a synonym and a text, if it is in the language of the reader.
WEIGHTS = {"name": 10.0, "synonym": 6.0, "text": 1.0}
OTHER_LANGUAGE = 0.7
ROLES = tuple(WEIGHTS)


@dataclass(frozen=True)
class Found:
    """What was found, best first, and on which words.

    numbers: the things, those that were found as written first.
    asked: the words that were sought, folded.
    words: every word that things were found on.
    also: words other than those asked for, that some were found on.
    mistyped: whether nothing was found until a typing error was assumed.
    partly: whether nothing was found until one of the words was left out.
    """

    numbers: tuple[int, ...]
    asked: tuple[str, ...]
    words: frozenset[str]
    also: tuple[str, ...]
    mistyped: bool
    partly: bool = False


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
    hits = search.hits(wide)
    for way in () if literal else (search.starts, search.forms, search.parts):
        wider = search.widened(wide, asked, way)
        if wider != wide:
            hits += search.hits(wider, wide)
            wide = wider
    mistyped = partly = False
    if not hits and not literal:
        mistaken = search.widened(wide, asked, search.near)
        hits = search.hits(mistaken) if mistaken != wide else []
        mistyped = bool(hits)
        wide = mistaken if mistyped else wide
    if not hits and not literal and len(asked) > 1:
        hits = search.hits(wide, spare=True)
        partly = bool(hits)
    used = {word for by_lang in wide for group in by_lang.values() for word in group}
    also = search.also(frozenset(hits), used - set(asked)) if hits else ()
    if named := search.named(" ".join(words.split(text[:LETTERS]))):
        hits.sort(key=lambda number: number not in named)
    return Found(tuple(hits), asked, frozenset(used), also, mistyped, partly)


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

    def hits(self, wide: Wide, found: Wide | None = None, *, spare: bool = False) -> list[int]:
        """Return what is found now and was not `found` before, best first.

        `spare`: what has all of the words but one is found as well.
        """
        expression = _expression(wide, found, spare=spare)
        every = self._matching(expression)
        if len(every) <= RANKED:
            return self._ranked(expression) if len(every) > 1 else every
        in_names = _expression(wide, found, ("name", "synonym"), spare=spare)
        called = self._matching(in_names)
        if 1 < len(called) <= RANKED:
            called = self._ranked(in_names)
        return list(dict.fromkeys((*called, *every)))

    def _matching(self, expression: str) -> list[int]:
        query = "SELECT rowid FROM entry WHERE entry MATCH ? AND rowid BETWEEN ? AND ?"
        return [number for (number,) in self._database.execute(query, (expression, *self._ids))]

    def _ranked(self, expression: str) -> list[int]:
        # The weights are numbers of ours, and SQLite takes no parameters there.
        rank = f"bm25(entry, {', '.join(map(str, self._weights))})"
        rows = self._database.execute(
            f"SELECT rowid FROM entry WHERE entry MATCH ? AND rowid BETWEEN ? AND ? "  # noqa: S608
            f"ORDER BY {rank}, rowid",
            (expression, *self._ids),
        )
        return [number for (number,) in rows]

    def named(self, name: str) -> frozenset[int]:
        """Return the things that are called just so."""
        rows = self._database.execute("SELECT thing FROM name WHERE name = ?", (name,))
        return frozenset(number for (number,) in rows)

    def also(self, hits: frozenset[int], candidates: Iterable[str]) -> tuple[str, ...]:
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
        """Return the words that are one edit away of one that is in no text."""
        known = "SELECT word FROM word WHERE word = ?"
        if len(word) < words.SLIP_LENGTH or self._column(known, word):
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


def _expression(
    wide: Wide,
    found: Wide | None = None,
    roles: Sequence[str] = ROLES,
    *,
    spare: bool = False,
) -> str:
    """Return what FTS5 is asked: each of the words, in one of the ways that it is widened to.

    What these `roles` of text hold is looked at, and what was `found` before is left out. One of
    the words may be to `spare`. Every word is letters and digits and stands in quotes, so none is
    an operator.
    """
    groups = [
        "("
        + " OR ".join(
            f"{{{' '.join(f'{role}_{lang}' for role in roles)}}} : ("
            + " OR ".join(f'"{word}"' for word in group)
            + ")"
            for lang, group in by_lang.items()
        )
        + ")"
        for by_lang in wide
    ]
    asked = " AND ".join(groups)
    if spare:
        rest = (groups[:place] + groups[place + 1 :] for place in range(len(groups)))
        asked = " OR ".join(f"({' AND '.join(some)})" for some in rest)
    return f"({asked}) NOT ({_expression(found)})" if found else asked
