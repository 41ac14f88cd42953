"""Suggests things while a reader is still typing: those whose name begins so, or has the words."""

from s4s_graph.search import words
from s4s_graph.search.find import LETTERS, PREFIX, WORDS
from s4s_graph.search.read import Index

RANKED = 1000  # things or names; where more begin so, this does not tell them apart yet
LAST = "\U0010ffff"  # comes after every letter


def suggest(index: Index, text: str, table: str, most: int) -> list[str]:
    """Return the slugs of things of one table with these words in a name or synonym, best first.

    The last word may go on; there are none while it has a single letter.
    """
    asked = words.split(text[:LETTERS])[:WORDS]
    ids = index.ranges.get(table, range(0))
    if not asked or len(asked[-1]) < PREFIX or not ids:
        return []
    called = _called(index, " ".join(asked), ids)
    found = dict.fromkeys((*called, *_naming(index, asked, ids, most)))
    slug = "SELECT slug FROM thing WHERE id = ?"
    return [index.database.execute(slug, (number,)).fetchone()[0] for number in [*found][:most]]


def _called(index: Index, start: str, ids: range) -> list[int]:
    """Return the things whose name begins so, the shortest name first; none if very many do."""
    query = "SELECT thing, name FROM name WHERE name BETWEEN ? AND ? LIMIT ?"
    rows = index.database.execute(query, (start, start + LAST, RANKED)).fetchall()
    if len(rows) == RANKED:
        return []
    named = sorted((len(name), thing) for thing, name in rows if thing in ids)
    return [thing for _, thing in named]


def _naming(index: Index, asked: list[str], ids: range, most: int) -> list[int]:
    """Return the things that have all words in a name or synonym, where they weigh most first."""
    # Every word is letters and digits and stands in quotes, so none is an operator.
    whole = " AND ".join([*(f'"{word}"' for word in asked[:-1]), f'"{asked[-1]}" *'])
    parameters = (
        f"{{name_nl name_en synonym_nl synonym_en}} : ({whole})",
        ids.start,
        ids.stop - 1,
    )
    matching = "SELECT rowid FROM entry WHERE entry MATCH ? AND rowid BETWEEN ? AND ?"
    rows = index.database.execute(f"{matching} LIMIT {RANKED}", parameters).fetchall()
    if most < len(rows) < RANKED:
        ordered = f"{matching} ORDER BY rank, rowid LIMIT {most}"
        rows = index.database.execute(ordered, parameters).fetchall()
    return [number for (number,) in rows]
