"""Writes the index of a release: what is said of each thing in words, and how lists narrow.

One SQLite file, made in memory and handed back as bytes: same graph, same SQLite, same bytes.
Only the public graph comes in, so nothing restricted can.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from s4s_graph.cells import SLUG
from s4s_graph.forms import Form, Forms, Text
from s4s_graph.kinds import member
from s4s_graph.search import words
from s4s_graph.search.facets import Facet, facets, valued
from s4s_graph.search.read import EVIDENCE
from s4s_graph.search.values import Lists, Value
from s4s_graph.store import Iri, Literal, Store

FOLDER = Path(__file__).parent
SKOS = "http://www.w3.org/2004/02/skos/core#"
EXACT = f"{SKOS}exactMatch"
# What a field or a property is for the search, by its id; every other text is just text.
ROLES = {"prefLabel": "name", "title": "name", "altLabel": "synonym"}
CONCEPTS = {f"{SKOS}prefLabel": "name", f"{SKOS}altLabel": "synonym", f"{SKOS}definition": "text"}
COLUMNS = tuple(
    f"{role}_{lang}" for role in ("name", "synonym", "text") for lang in words.LANGUAGES
)


def index(store: Store, forms: Forms, base: str) -> bytes:
    """Return the index of a graph as the bytes of an SQLite database."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    try:
        database.executescript((FOLDER / "tables.sql").read_text(encoding="utf-8"))
        database.execute("BEGIN")
        _Writer(database, store, forms, base).write()
        database.execute("COMMIT")
        database.execute("INSERT INTO entry (entry) VALUES ('optimize')")
        return database.serialize()
    finally:
        database.close()


class _Writer:
    """Goes through the forms, and numbers the things so that each kind is one range."""

    def __init__(self, database: sqlite3.Connection, store: Store, forms: Forms, base: str) -> None:
        self._database = database
        self._store = store
        self._forms = forms
        self._base = base
        self._lists = Lists(store, forms)
        self._count = 0
        self._words: dict[str, set[str]] = {lang: set() for lang in words.LANGUAGES}

    def write(self) -> None:
        for form in self._forms:
            numbers = self._things(form)
            for number, texts in self._texts(form, numbers).items():
                self._entry(number, texts)
            if form.class_iri:
                self._facets(form, numbers)
        self._vocabulary()

    def _things(self, form: Form) -> dict[str, int]:
        start = f"{self._base}id/{form.segment}/"
        iris = sorted(self._store.things(_query("things"), **member(form)))
        own = [i for i in iris if i.startswith(start) and SLUG.fullmatch(i.removeprefix(start))]
        first = self._count + 1
        numbers = {iri: number for number, iri in enumerate(own, start=first)}
        names = self._store.names(own)
        orders = [_by_name(own, names, lang) for lang in words.LANGUAGES]
        self._database.executemany(
            "INSERT INTO thing VALUES (?, ?, ?, ?, NULL, NULL)",
            ((numbers[i], i.removeprefix(start), *(order[i] for order in orders)) for i in own),
        )
        self._database.execute(
            "INSERT INTO list VALUES (?, ?, ?)", (form.table, first, len(numbers))
        )
        self._count += len(numbers)
        return numbers

    def _texts(
        self, form: Form, numbers: Mapping[str, int]
    ) -> dict[int, defaultdict[str, list[str]]]:
        roles = CONCEPTS if form.scheme else {}
        roles = roles | {
            field.path: ROLES.get(field.id, "text")
            for field in form.fields
            if field.kind in {"text", "string"} and field.disclosure == "public"
        }
        found: dict[int, defaultdict[str, list[str]]]
        found = {number: defaultdict(list) for number in numbers.values()}
        wanted = {ox.NamedNode(path): role for path, role in roles.items()}
        _, rows = self._store.solutions(_query("texts"), **member(form))
        for thing, path, text, *_ in rows:
            role = wanted.get(path) if isinstance(path, ox.NamedNode) else None
            if not (role and isinstance(thing, ox.NamedNode) and isinstance(text, ox.Literal)):
                continue
            if number := numbers.get(thing.value):
                language = text.language
                for lang in (language,) if language else words.LANGUAGES:
                    found[number][f"{role}_{lang}"].append(text.value)
        if any(field.path == EXACT for field in form.fields):
            self._matched(form, numbers, found)
        return found

    def _matched(
        self,
        form: Form,
        numbers: Mapping[str, int],
        found: Mapping[int, defaultdict[str, list[str]]],
    ) -> None:
        """Add the names of the same things in vocabularies of others."""
        for thing, text, *_ in self._store.answer(_query("matched"), **member(form)).rows:
            if not (isinstance(thing, Iri) and isinstance(text, Literal)):
                continue
            if thing.value in numbers and text.lang in words.LANGUAGES:
                found[numbers[thing.value]][f"synonym_{text.lang}"].append(text.value)

    def _entry(self, number: int, texts: Mapping[str, Iterable[str]]) -> None:
        cells = []
        names = (n for lang in words.LANGUAGES for n in texts.get(f"name_{lang}", ()))
        self._database.executemany(
            "INSERT OR IGNORE INTO name VALUES (?, ?)",
            ((" ".join(words.split(name)), number) for name in names),
        )
        for column in COLUMNS:
            found = [
                word
                for text in map(words.uncited, sorted(texts.get(column, ())))
                for word in words.indexed(text)
            ]
            self._words[column.rpartition("_")[2]].update(found)
            cells.append(" ".join(found))
        self._database.execute(
            "INSERT INTO entry (rowid, name_nl, name_en, synonym_nl, synonym_en, text_nl, text_en) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, *cells),
        )

    def _vocabulary(self) -> None:
        parts: defaultdict[str, set[str]] = defaultdict(set)
        for lang, found in self._words.items():
            stem = words.stemmer(lang)
            stems = [(word, lang, stem(word)) for word in sorted(found)]
            self._database.executemany("INSERT INTO word VALUES (?, ?, ?)", stems)
            for word, _, stemmed in stems:
                parts[word].add(stemmed)
        self._database.executemany(
            "INSERT INTO part (word, stem) VALUES (?, ?)",
            ((word, " ".join(sorted(stems))) for word, stems in sorted(parts.items())),
        )
        for word in sorted(parts):
            if len(word) >= words.SLIP_LENGTH and word.isalpha():
                slips = ((shorter, word) for shorter in sorted(words.slips(word)))
                self._database.executemany("INSERT INTO slip VALUES (?, ?)", slips)

    def _facets(self, form: Form, numbers: Mapping[str, int]) -> None:
        years: dict[int, int] = {}
        for facet in facets(form, self._forms):
            held = valued(self._store, facet, form, member(form))
            found = self._lists.values(facet, held, numbers)
            if not any(value.things for value in found):
                continue
            self._facet(form, facet, found)
            if facet.id == EVIDENCE:
                self._database.executemany(
                    "UPDATE thing SET evidence = ? WHERE id = ?",
                    ((place, thing) for place, v in enumerate(found) for thing in sorted(v.things)),
                )
            for value in found if facet.is_year else ():
                for thing in value.things:
                    years[thing] = max(int(value.key), years.get(thing, 0))
        self._database.executemany(
            "UPDATE thing SET year = ? WHERE id = ?",
            # In one order, since a row that grows may go elsewhere.
            ((year, thing) for thing, year in sorted(years.items())),
        )

    def _facet(self, form: Form, facet: Facet, values: Iterable[Value]) -> None:
        words_of = (facet.title.nl, facet.title.en, facet.help.nl, facet.help.en)
        row = (form.table, facet.id, *words_of, facet.list, facet.path, facet.query)
        added = self._database.execute("INSERT INTO facet VALUES (NULL, ?,?,?,?,?,?,?,?,?)", row)
        for value in values:
            cells = (added.lastrowid, value.key, value.name.nl, value.name.en)
            cursor = self._database.execute(
                "INSERT INTO value VALUES (NULL, ?, ?, ?, ?, ?, ?)",
                (*cells, value.term, value.depth),
            )
            self._database.executemany(
                "INSERT INTO valued VALUES (?, ?, ?)",
                ((cursor.lastrowid, *held) for held in sorted(value.things.items())),
            )


def _by_name(iris: Iterable[str], names: Mapping[str, Text], lang: str) -> dict[str, int]:
    """Return the place of each thing by its name."""
    keys = {iri: words.sort_key(names[iri].of(lang)) if iri in names else iri for iri in iris}
    return {iri: p for p, iri in enumerate(sorted(keys, key=lambda iri: (keys[iri], iri)))}


def _query(name: str) -> str:
    return (FOLDER / f"queries/{name}.rq").read_text(encoding="utf-8")
