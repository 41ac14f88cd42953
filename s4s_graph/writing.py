"""Writing a release: its files, its manifest and its store."""

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import __version__, dumps, quality, release, report, shacl
from s4s_graph.anonymity import telling
from s4s_graph.checking import Checked
from s4s_graph.progress import DUMP, STORE, Progress
from s4s_graph.release import File, Manifest
from s4s_graph.search.write import index
from s4s_graph.settings import Settings


def files(
    staged: Path, checked: Checked, settings: Settings, illustrative: bool, progress: Progress
) -> Manifest:
    """Write what stands beside the dump; return the manifest of it all, which is not written."""
    dump, prefixes = staged / release.N_QUADS, checked.store.prefixes
    shown = (checked.told, checked.counts, checked.forms)
    writers: dict[str, Callable[[Path], object]] = {
        release.TURTLE: lambda path: dumps.turtle(dump, path, prefixes),
        release.JSON_LD: lambda path: dumps.json_ld(dump, path),
        release.FORMS: lambda path: path.write_bytes(checked.forms.to_json().encode()),
        release.COHERENCE: lambda path: path.write_bytes(checked.coherence.to_json().encode()),
        release.STATISTICS: lambda path: path.write_bytes(checked.statistics.to_json().encode()),
        release.SEARCH: lambda path: path.write_bytes(
            index(checked.store, checked.forms, settings.base)
        ),
        release.REPORT: lambda path: path.write_bytes(
            shacl.Report(tuple(checked.results)).turtle()
        ),
        release.REPORT_PAGE: lambda path: path.write_bytes(report.page(*shown).encode()),
        release.QUALITY: lambda path: path.write_bytes(quality.written(checked.told).encode()),
        release.DISCLOSURE: lambda path: path.write_bytes(
            telling.summary(checked.outcome).encode()
        ),
        release.DISCLOSURE_PAGE: lambda path: path.write_bytes(
            telling.page(checked.outcome, checked.forms).encode()
        ),
    }
    if checked.everything:
        writers[release.DISCLOSURE_FULL] = lambda path: path.write_bytes(
            telling.full(checked.outcome).encode()
        )
    for number, (name, write) in enumerate(writers.items()):
        progress(DUMP, number, len(writers))
        path = staged / name
        path.parent.mkdir(exist_ok=True)
        write(path)
    progress(DUMP, len(writers), len(writers))
    described = {name: release.describe(staged / name) for name in (release.N_QUADS, *writers)}
    return _manifest(checked, settings, illustrative, described)


def store(staged: Path, manifest: Manifest, settings: Settings, progress: Progress) -> None:
    """Load the dump to the store of a release, unless that release is there; write the manifest."""
    if not release.is_whole(settings.releases / manifest.id):
        progress(STORE, 0, 1)
        graph = ox.Store(staged / release.STORE)
        # All at once takes four times the memory; and to load files of N-Quads one by one would
        # part a blank node that stands in two of them.
        for some in dumps.batches(dumps.read([staged / release.N_QUADS])):
            graph.bulk_extend(some)
        graph.optimize()
        graph.flush()
        progress(STORE, 1, 1)
    (staged / release.MANIFEST).write_text(manifest.to_json(), encoding="utf-8")


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
