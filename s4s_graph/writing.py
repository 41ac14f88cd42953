"""Writing a release: its files, its manifest and its store."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import __version__, dumps, quality, release, report, shacl
from s4s_graph.anonymity import telling
from s4s_graph.beside import Beside
from s4s_graph.checking import Checked
from s4s_graph.progress import DUMP, STORE, Progress
from s4s_graph.release import File, Manifest
from s4s_graph.search.write import index
from s4s_graph.settings import Settings

_NICENESS = 10  # nobody waits for these until the end


@dataclass(frozen=True)
class Begun:
    """What is made of files of quads and nothing else, so that it is made while others go on."""

    staged: Path
    documents: Beside[None]
    store: Beside[None]

    def go_on(self, checked: Checked) -> None:
        """Add to the store what was not recorded, and write the other dumps."""
        staged = self.staged
        self.store.start(checked.added, staged / release.STORE, True)
        dump, documents = staged / release.N_QUADS, (release.TURTLE, release.JSON_LD)
        self.documents.start(dump, *(staged / name for name in documents), checked.store.prefixes)


@contextmanager
def begun(staged: Path, stated: Sequence[Path], *, here: bool) -> Iterator[Begun]:
    """Begin to store what was recorded; what is not asked for in the end is broken off.

    here: not in processes of their own, for little work.
    """
    with (
        Beside(dumps.documents, here=here, niceness=_NICENESS) as documents,
        Beside(dumps.stored, here=here, niceness=_NICENESS) as store,
    ):
        store.start(stated, staged / release.STORE, False)
        yield Begun(staged, documents, store)


def written(
    checked: Checked,
    begun: Begun,
    settings: Settings,
    illustrative: bool,
    progress: Progress,
) -> None:
    """Write all that a release has beside the dump; the store only where it is not there yet."""
    staged, writers = begun.staged, _writers(checked, settings)
    for number, (name, write) in enumerate(writers.items()):
        progress(DUMP, number, len(writers))
        path = staged / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(write())
    begun.documents.result()
    progress(DUMP, len(writers), len(writers))
    names = (release.N_QUADS, release.TURTLE, release.JSON_LD, *writers)
    described = {name: release.describe(staged / name) for name in names}
    manifest = _manifest(checked, settings, illustrative, described)
    if not release.is_whole(settings.releases / manifest.id):
        progress(STORE, 0, 1)
        begun.store.result()
        progress(STORE, 1, 1)
    (staged / release.MANIFEST).write_text(manifest.to_json(), encoding="utf-8")


def _writers(checked: Checked, settings: Settings) -> dict[str, Callable[[], bytes]]:
    told = checked.told()
    shown = (told.problems, checked.counts, checked.forms)
    writers: dict[str, Callable[[], bytes]] = {
        release.FORMS: lambda: checked.forms.to_json().encode(),
        release.COHERENCE: lambda: checked.coherence.to_json().encode(),
        release.STATISTICS: lambda: checked.statistics.to_json().encode(),
        release.SEARCH: lambda: index(checked.store, checked.forms, settings.base),
        release.REPORT: lambda: shacl.Report(tuple(told.results)).turtle(),
        release.REPORT_PAGE: lambda: report.page(*shown).encode(),
        release.QUALITY: lambda: quality.written(told.problems).encode(),
        release.DISCLOSURE: lambda: telling.summary(checked.outcome).encode(),
        release.DISCLOSURE_PAGE: lambda: telling.page(checked.outcome, checked.forms).encode(),
    }
    if checked.everything:
        writers[release.DISCLOSURE_FULL] = lambda: telling.full(checked.outcome).encode()
    return writers


def _manifest(
    checked: Checked, settings: Settings, illustrative: bool, files: Mapping[str, File]
) -> Manifest:
    return Manifest(
        software={
            "skills4skills": __version__,
            "pyoxigraph": ox.__version__,
            "sqlite": sqlite3.sqlite_version,
        },
        base=settings.base,
        illustrative=illustrative,
        quads=checked.counts.quads,
        things=checked.counts.things,
        data_statuses=checked.counts.data_statuses,
        inputs=checked.inputs,
        files=files,
    )
