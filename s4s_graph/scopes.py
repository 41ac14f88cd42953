"""The restricted release as one holder may see it: a release of its own, with no filter to forget.

It is made of the dump of the restricted release by taking out what is others', and what follows
is computed again from what is left: a link that rests on a case of others would tell of that case.
"""

import fcntl
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from s4s_graph import changes, counts, dataset, disk, dumps, namespaces, release, writing
from s4s_graph.access import ALL, HOLDER
from s4s_graph.anonymity.protecting import Change, Outcome
from s4s_graph.checking import Checked
from s4s_graph.coherence.derived import derive
from s4s_graph.counts import Counts, Statistics
from s4s_graph.forms import Forms
from s4s_graph.owned import owned
from s4s_graph.progress import quiet
from s4s_graph.recording import Told
from s4s_graph.release import ReleaseError
from s4s_graph.settings import Settings
from s4s_graph.sources import DERIVED
from s4s_graph.store import Store

FOLDER = "scopes"  # of the restricted releases
_VOCABULARIES = "vocabularies"  # of others, which hold nothing of any company
_NOT_RECORDED = (_VOCABULARIES, DERIVED, dataset.GRAPH)
_NAMES = frozenset(
    f"{namespaces.STANDARD['skos']}{name}" for name in ("prefLabel", "altLabel", "hiddenLabel")
)


def releases(settings: Settings, scope: str) -> Path:
    """Return the folder with the releases of a scope: that of everything, or one holder's."""
    everything = settings.restricted_releases
    return everything / FOLDER / scope.removeprefix(HOLDER) if scope != ALL else everything


def is_current(settings: Settings, scope: str) -> bool:
    """Tell whether a scope has a release, and it is made of the restricted release of now."""
    everything = release.current(settings.restricted_releases)
    if everything is None or scope == ALL:
        return everything is not None
    folder = release.current(releases(settings, scope))
    if folder is None or not release.is_whole(folder):
        return False
    inputs = release.read_manifest(folder / release.MANIFEST).inputs
    return _origin(everything.name) in inputs


def make(settings: Settings, scope: str) -> None:
    """Make the release of a holder's scope, unless it is there; this takes as long as a build.

    Raises OSError, and ReleaseError when there is no restricted release to make it of.
    """
    if scope == ALL:
        return
    folder = releases(settings, scope)
    with _locked(folder):
        if is_current(settings, scope):
            return
        source = _source(settings)
        release.remove_staged(folder)
        with TemporaryDirectory(prefix=release.STAGING, dir=folder) as name:
            staged, work = Path(name, "release"), Path(name)
            staged.mkdir()
            manifest = release.read_manifest(source / release.MANIFEST)
            apart = replace(settings, releases=folder, base=manifest.base)
            checked = _checked(source, scope.removeprefix(HOLDER), staged, work, apart)
            with writing.begun(staged, (), here=True) as begun:
                begun.go_on(checked)
                writing.written(checked, begun, apart, manifest.illustrative, quiet)
            # What the holder could see before, and now cannot, is not to be told.
            fresh = changes.since(None, staged)
            (staged / release.CHANGES).write_text(fresh.to_json(), encoding="utf-8")
            disk.close(staged)
            release.publish(staged, folder, 1)


def forget(settings: Settings) -> None:
    """Remove the releases of all holders, since they were made of an earlier restricted release.

    Someone may have asked that what they said be taken out; a site that runs makes them anew.
    """
    shutil.rmtree(settings.restricted_releases / FOLDER, ignore_errors=True)


def _source(settings: Settings) -> Path:
    folder = release.current(settings.restricted_releases)
    if folder is None or not release.read_manifest(folder / release.MANIFEST).is_restricted:
        raise ReleaseError(
            f"there is no restricted release in {settings.restricted_releases}; "
            "run `s4s build --restricted`"
        )
    release.verify(folder)
    return folder


def _origin(name: str) -> str:
    return f"restricted release {name}"


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one at a time make the releases of a scope, the others wait."""
    for one in (folder.parent, folder):
        one.mkdir(mode=0o700, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _checked(source: Path, holder: str, staged: Path, work: Path, settings: Settings) -> Checked:
    """Write the dump of a scope; return what the rest of its release is written from."""
    base, dump = settings.base, source / release.N_QUADS
    forms = Forms.from_json((source / release.FORMS).read_text(encoding="utf-8"))
    recorded = [quad for quad in dumps.read([dump]) if not _is_in(quad, _NOT_RECORDED, base)]
    quads = owned(recorded, f"{base}id/organisation/{holder}", forms, base)
    del recorded
    theirs = [quad for quad in dumps.read([dump]) if _is_in(quad, (_VOCABULARIES,), base)]
    graph = ox.Store()
    store = Store.over(graph, namespaces.prefixes(base, (form.segment for form in forms)))
    graph.extend(quads)
    derived = derive(store, base)
    added = list(derived.quads)
    graph.extend(added)
    graph.extend(quad for quad in theirs if quad.predicate.value in _NAMES)
    statuses = counts.data_statuses(graph, base)
    about = [*dataset.quads(statuses, base, restricted=True), *dataset.tops(graph, base)]
    graph.extend(about)
    statistics = _dumped((quads, added, theirs, about), staged, work, base)
    return Checked(
        (),
        # The data were checked as a whole. What is wrong with the part that is left says nothing of
        # the data; and what is said of the whole may name what is others'.
        Told,
        {_origin(source.name): None},
        [staged / release.N_QUADS],
        forms,
        store,
        derived.summary,
        statistics,
        Counts(statistics.quads, statistics.things(forms), statuses),
        outcome=_outcome(source, quads),
        everything=True,
    )


def _dumped(parts: Iterable[Iterable[ox.Quad]], staged: Path, work: Path, base: str) -> Statistics:
    dump = staged / release.N_QUADS
    dump.parent.mkdir()
    runs = [run for n, quads in enumerate(parts) for run in dumps.runs(quads, work / str(n))]
    dumps.n_quads(runs, dump)
    return counts.statistics(dump, base)


def _is_in(quad: ox.Quad, graphs: tuple[str, ...], base: str) -> bool:
    name = f"{getattr(quad.graph_name, 'value', '')}/"
    return name.startswith(tuple(f"{base}graph/{graph}/" for graph in graphs))


def _outcome(source: Path, quads: Iterable[ox.Quad]) -> Outcome:
    """Return what the disclosure check did about the companies that are left."""
    found = json.loads((source / release.DISCLOSURE_FULL).read_text(encoding="utf-8"))
    left = {str(quad.subject) for quad in quads}
    told = (Change(**change) for change in found["changes"] if change["company"] in left)
    return Outcome(found["floor"], changes=tuple(told))
