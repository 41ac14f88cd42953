"""A release that is open: its store, its forms, its search index, and what pages need of them."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from urllib.parse import urlencode

from catalogue.computed import Computed
from catalogue.rows import Thing
from s4s_graph import release as releases
from s4s_graph.endpoint import Pool
from s4s_graph.engines import opening
from s4s_graph.forms import Form, Forms
from s4s_graph.kinds import IN_SCHEME as IN_SCHEME
from s4s_graph.kinds import RDF_TYPE as RDF_TYPE
from s4s_graph.kinds import member as member
from s4s_graph.questions import load
from s4s_graph.release import ReleaseError
from s4s_graph.search.read import Index
from s4s_graph.search.words import sort_key as sort_key
from s4s_graph.settings import Settings
from s4s_graph.store import Label, Store

QUERIES = Path(__file__).parent / "queries"
VOCABULARIES = "vocabularies"  # of others, in the names of their graphs
SLUG = re.compile(r"[a-z0-9]+(?:-{1,2}[a-z0-9]+)*")


@cache
def query(name: str) -> str:
    """Return the text of a page query."""
    return (QUERIES / f"{name}.rq").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Entry:
    """One thing in the index of its kind."""

    iri: str
    label: Label


class Release:
    """One opened release, with the indexes that pages need of it."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path = path
        self.manifest = releases.read_manifest(path / releases.MANIFEST)
        self.id = self.manifest.id
        self.base = self.manifest.base
        self.forms = _forms(path / releases.FORMS)
        self.questions = load(settings.ontology / "questions", self.forms)
        elsewhere = opening.elsewhere(path, settings)
        self.store = opening.store(path, settings, elsewhere)
        self.computed = Computed(path, self.store)
        self.vocabularies = frozenset(_vocabularies(self.store, self.base))
        self.search = _index(path / releases.SEARCH)
        self.pool = Pool(path / releases.STORE, settings, elsewhere)
        self.users = 0
        self._inode = path.stat().st_ino
        self._indexes: dict[tuple[str, str], tuple[Entry, ...]] = {}
        self._illustrative: frozenset[str] | None = None
        self._lock = Lock()

    def iri(self, segment: str, slug: str) -> str:
        """Return the name of a thing."""
        return f"{self.base}id/{segment}/{slug}"

    def place(self, iri: str) -> tuple[Form, str] | None:
        """Return the form and the slug of a thing that has a page of its own."""
        segment, _, slug = iri.removeprefix(f"{self.base}id/").partition("/")
        form = self.forms.by_segment(segment) if iri.startswith(f"{self.base}id/") else None
        return (form, slug) if form and SLUG.fullmatch(slug) else None

    def page(self, iri: str, lang: str) -> str | None:
        """Return the path of the page about a thing, a scheme, a term, a field or a concept."""
        if place := self.place(iri):
            form, slug = place
            return f"/{lang}/{form.table}/{slug}"
        for start in ("def", "shape"):
            if iri == self.base + start or iri.startswith(f"{self.base}{start}#"):
                return f"/{lang}/ontology{iri.removeprefix(self.base + start)}"
        scheme = iri.removeprefix(f"{self.base}id/scheme/")
        if self.forms.by_table(scheme):
            return f"/{lang}/schemes/{scheme}"
        if vocabulary := self.vocabulary(iri):
            return f"/{lang}/vocabularies/{vocabulary}/concept?{urlencode({'iri': iri})}"
        return None

    def vocabulary(self, iri: str) -> str | None:
        """Return the name of the vocabulary of others that says something of a thing."""
        if not self.vocabularies or iri.startswith(self.base):
            return None
        start = f"{self.base}graph/{VOCABULARIES}/"
        names = {graph.removeprefix(start) for graph in self.store.graphs(iri)}
        return min(names & self.vocabularies, default=None)

    @property
    def illustrative(self) -> frozenset[str]:
        """Every thing that was invented as an example."""
        with self._lock:
            if self._illustrative is None:
                self._illustrative = self.store.things(query("illustrative"))
            return self._illustrative

    def index(self, form: Form, lang: str) -> tuple[Entry, ...]:
        """Return every thing of a kind, sorted by its label in the language.

        Made once a release: sorting in the store takes seconds when the store is on disk.
        """
        key = (form.table, lang)
        if key not in self._indexes:
            rows = self.store.select(query("things"), Thing, **member(form))
            labels = self.store.labels([row.thing for row in rows], lang)
            entries = [
                Entry(row.thing, labels.get(row.thing) or self.name(row.thing)) for row in rows
            ]
            entries.sort(key=lambda entry: (sort_key(entry.label.text), entry.iri))
            self._indexes[key] = tuple(entries)
        return self._indexes[key]

    def names(self, table: str, lang: str) -> dict[str, str]:
        """Return what the concepts of a list are called, by their slugs. Empty without the list."""
        form = self.forms.by_table(table)
        entries = self.index(form, lang) if form else ()
        return {entry.iri.rpartition("/")[2]: entry.label.text for entry in entries}

    def name(self, iri: str) -> Label:
        """Return the name of a thing that has no label: as short as the prefixes make it."""
        for prefix, start in self.store.prefixes.items():
            if iri.startswith(start) and iri != start:
                return Label(f"{prefix}:{iri.removeprefix(start)}", None)
        return Label(iri.removeprefix("https://").removeprefix("http://").removesuffix("/"), None)

    def is_at(self, folder: Path) -> bool:
        """Tell whether this was opened from that very folder, not from one it took the place of."""
        try:
            return folder == self.path and folder.stat().st_ino == self._inode
        except OSError:
            return False

    def close(self) -> None:
        """Stop the workers, close the index; the store goes with its last reader."""
        self.pool.close()
        self.search.close()


def _vocabularies(store: Store, base: str) -> Iterator[str]:
    start = f"{base}graph/{VOCABULARIES}/"
    for row in store.select(query("vocabularies"), Thing):
        if row.thing.startswith(start):
            yield row.thing.removeprefix(start)


def _index(path: Path) -> Index:
    try:
        return Index(path)
    except sqlite3.Error as error:
        raise ReleaseError(f"{path} is of other software; run `s4s build` again") from error


def _forms(path: Path) -> Forms:
    try:
        return Forms.from_json(path.read_text(encoding="utf-8"))
    except (KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{path} is of other software; run `s4s build` again") from error
