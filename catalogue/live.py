"""The release that is served: opened when it appears, swapped when it changes, closed when free."""

import logging
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import urlencode

from catalogue.computed import Computed
from catalogue.rows import Thing
from s4s_graph import release as releases
from s4s_graph.endpoint import EndpointError, Pool
from s4s_graph.forms import Form, Forms
from s4s_graph.kinds import IN_SCHEME as IN_SCHEME
from s4s_graph.kinds import RDF_TYPE as RDF_TYPE
from s4s_graph.kinds import member as member
from s4s_graph.questions import QuestionError, load
from s4s_graph.release import ReleaseError
from s4s_graph.search.read import Index
from s4s_graph.search.words import sort_key as sort_key
from s4s_graph.settings import Settings
from s4s_graph.store import Label, Store

QUERIES = Path(__file__).parent / "queries"
VOCABULARIES = "vocabularies"  # of others, in the names of their graphs
SLUG = re.compile(r"[a-z0-9]+(?:-{1,2}[a-z0-9]+)*")

log = logging.getLogger(__name__)


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
        self.store = Store.open(path, memory_quads=settings.memory_quads)
        self.computed = Computed(path, self.store)
        self.search = _index(path / releases.SEARCH)
        self.pool = Pool(path / releases.STORE, settings)
        self.vocabularies = frozenset(_vocabularies(self.store, self.base))
        self.users = 0
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
                rows = self.store.select(query("illustrative"), Thing)
                self._illustrative = frozenset(row.thing for row in rows)
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


class Live:
    """Hands out the current release, and a new one as soon as it is the current one."""

    def __init__(
        self, settings: Settings, prepare: Callable[[Release], None], *, restricted: bool = False
    ) -> None:
        """Serve the releases of a folder; `prepare` each once readers are served from it.

        Only restricted releases are served, or none that is.
        """
        self._settings = settings
        self._restricted = restricted
        self._prepare = prepare
        self._link = settings.releases / releases.CURRENT
        self._release: Release | None = None
        self._name: str | None = None  # of the release that was opened, or that could not be
        self._count = Lock()
        self._opening = Lock()

    def changed(self) -> bool:
        """Tell whether another release became the current one."""
        return self._target() != self._name

    def reopen(self) -> None:
        """Have the current release opened again: the questions, which are not in it, changed."""
        self._name = None

    def refresh(self) -> None:
        """Open the release that is current now; this may take seconds.

        While one thread opens it, the others go on with the previous release, if there is one.
        """
        if not self._opening.acquire(blocking=self._release is None):
            return
        try:
            name = self._target()
            if name == self._name:
                return
            opened = self._open(name) if name else None
            with self._count:
                old = self._release
                self._release, self._name = opened or old, name
                idle = old is not self._release and old is not None and not old.users
            if opened:
                # Readers are served meanwhile; who asks for just this waits until it is there.
                Thread(target=self._prepare, args=[opened], name=f"prepare {opened.id}").start()
            if old and idle:
                _retire(old)
        finally:
            self._opening.release()

    @contextmanager
    def lend(self) -> Iterator[Release | None]:
        """Lend the release for one request; None when there is none to serve."""
        with self._count:
            release = self._release
            if release:
                release.users += 1
        try:
            yield release
        finally:
            if release:
                self._give_back(release)

    def close(self) -> None:
        """Close the release, for when the site stops."""
        with self._count:
            release, self._release, self._name = self._release, None, None
        if release:
            release.close()

    def _target(self) -> str | None:
        try:
            return os.readlink(self._link)
        except FileNotFoundError:
            return None

    def _open(self, name: str) -> Release | None:
        folder = self._link.parent / name
        try:
            manifest = releases.read_manifest(folder / releases.MANIFEST)
            # Put in the wrong folder, the one must never be taken for the other.
            if manifest.is_restricted != self._restricted:
                raise ReleaseError("a restricted release is for `s4s serve --restricted`, only")
            return Release(folder, self._settings)
        except (ReleaseError, QuestionError, EndpointError, OSError) as error:
            # The site goes on with what it has; whoever published this reads the log.
            log.error("Release %s cannot be opened, the previous one stays: %s", name, error)
            return None

    def _give_back(self, release: Release) -> None:
        with self._count:
            release.users -= 1
            retired = release is not self._release and not release.users
        if retired:
            _retire(release)


def _retire(release: Release) -> None:
    # Its workers may still be busy with queries of the public: nobody is to wait for that.
    Thread(target=release.close, name=f"close {release.id}").start()
