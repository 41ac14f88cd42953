"""From a data folder to a release: read, check, split, derive, write; complete or absent."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
from pyshacl.errors import ReportableRuntimeError

from s4s_graph import (
    __version__,
    changes,
    dataset,
    disclosure,
    dumps,
    forms,
    namespaces,
    release,
    report,
    shacl,
    sources,
)
from s4s_graph.coherence.derived import Derived, derive
from s4s_graph.coherence.summary import Summary
from s4s_graph.counts import Counts, count
from s4s_graph.forms import Forms, Text
from s4s_graph.places import Places, located, without_echoes
from s4s_graph.problems import Problem, blocking
from s4s_graph.release import File, Manifest
from s4s_graph.search.write import index
from s4s_graph.settings import Settings
from s4s_graph.sources import Source
from s4s_graph.store import Store

Progress = Callable[[str, int, int], None]

READ, VALIDATE, DERIVE, DUMP, STORE, PUBLISH = STAGES = (
    "read",
    "validate",
    "derive",
    "dump",
    "store",
    "publish",
)
_LOCK = ".lock"
# What the editors of the ontology and the shapes may get wrong, rather than those of the data.
_MODEL_ERRORS = (
    forms.FormsError,
    ReportableRuntimeError,
    SyntaxError,
    UnicodeDecodeError,
)


class BuildError(Exception):
    """A build that could not be done for another reason than the data; `message` says which."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Result:
    """What came of a build or a check; `release` is None when nothing was published."""

    problems: tuple[Problem, ...]
    counts: Counts
    release: Path | None = None


@dataclass(frozen=True)
class _Checked:
    """Everything that a release is written from; `problems` and `results` hold no secrets."""

    result: Result
    forms: Forms
    prefixes: Mapping[str, str]
    quads: list[ox.Quad]
    coherence: Summary
    inputs: Mapping[str, str | None]
    problems: list[Problem]
    results: list[shacl.Result]


def quiet(stage: str, done: int, total: int) -> None:
    """Say nothing about the progress."""


def check(
    settings: Settings, *, without_illustrative: bool = False, progress: Progress = quiet
) -> Result:
    """Do everything of a build but write. Raises BuildError."""
    with _explained():
        return _checked(settings, without_illustrative, progress).result


def build(
    settings: Settings, *, without_illustrative: bool = False, progress: Progress = quiet
) -> Result:
    """Build a release and make it the current one, unless the data hold a violation.

    `progress` is called with a stage of STAGES, the steps of it that are done, and their number.
    Whatever happens on the way, the previous release stays as it is until the new one is
    complete on disk. Raises BuildError.
    """
    with _explained(), _locked(settings.releases):
        release.remove_staged(settings.releases)
        checked = _checked(settings, without_illustrative, progress)
        if blocking(checked.result.problems):
            return checked.result
        with _staging(settings.releases) as staged:
            _write(staged, checked, settings, not without_illustrative, progress)
            progress(PUBLISH, 0, 1)
            changed = changes.since(release.current(settings.releases), staged)
            (staged / release.CHANGES).write_text(changed.to_json(), encoding="utf-8")
            target = release.publish(staged, settings.releases, settings.keep_releases)
            progress(PUBLISH, 1, 1)
        return replace(checked.result, release=target)


def _checked(settings: Settings, without_illustrative: bool, progress: Progress) -> _Checked:
    form_set = forms.read(settings.shapes, settings.base)
    prefixes = _prefixes(settings, form_set)
    read = _read(settings, form_set, progress)
    asserted = [quad for source in read for quad in source.quads]
    if without_illustrative:
        asserted = disclosure.without_illustrative(asserted, settings.base)
    reading = [*(p for source in read for p in source.problems), *sources.duplicates(read)]
    # Everything that refers to a file which cannot be read would look wrong.
    is_unread = any(source.is_unread for source in read)
    results = () if is_unread else _validated(asserted, settings, progress)
    places = Places.of(read, form_set, settings.base)
    found = [located(result, places) for result in results]
    public = disclosure.public(asserted, form_set)
    derived = _derived(public, prefixes, settings.base, progress)
    things = public + derived.quads
    statuses = count(things, form_set, settings.base).data_statuses
    quads = things + dataset.quads(statuses, settings.base)
    secrets = disclosure.secrets(asserted, form_set)
    return _Checked(
        result=Result(
            (*reading, *without_echoes(found, reading)), count(quads, form_set, settings.base)
        ),
        forms=form_set,
        prefixes=prefixes,
        quads=quads,
        coherence=derived.summary,
        inputs=_inputs(read, form_set),
        problems=disclosure.redacted(found, secrets),
        results=disclosure.redacted(results, secrets),
    )


def _prefixes(settings: Settings, form_set: Forms) -> dict[str, str]:
    try:
        return namespaces.prefixes(settings.base, (form.segment for form in form_set))
    except ValueError as error:
        raise forms.FormsError(str(error)) from error


def _read(settings: Settings, form_set: Forms, progress: Progress) -> list[Source]:
    files = sources.files(settings.ontology, settings.shapes, settings.data)
    read = []
    for number, file in enumerate(files):
        progress(READ, number, len(files))
        read.append(sources.read(file, form_set, settings.base))
    progress(READ, len(files), len(files))
    return read


def _validated(
    quads: list[ox.Quad], settings: Settings, progress: Progress
) -> tuple[shacl.Result, ...]:
    progress(VALIDATE, 0, 1)
    results = shacl.validate(quads, settings.shapes, settings.base).results
    progress(VALIDATE, 1, 1)
    return results


def _derived(
    quads: list[ox.Quad], prefixes: dict[str, str], base: str, progress: Progress
) -> Derived:
    progress(DERIVE, 0, 1)
    found = derive(Store.of(quads, prefixes), base)
    progress(DERIVE, 1, 1)
    return found


def _inputs(read: Iterable[Source], form_set: Forms) -> dict[str, str | None]:
    return {
        source.name: None if disclosure.restricted(source.quads, form_set) else source.sha256
        for source in read
    }


def _write(
    staged: Path, checked: _Checked, settings: Settings, illustrative: bool, progress: Progress
) -> None:
    files: dict[str, Callable[[], bytes]] = {
        release.N_QUADS: lambda: dumps.n_quads(checked.quads),
        release.TURTLE: lambda: dumps.turtle(checked.quads, checked.prefixes),
        release.JSON_LD: lambda: dumps.json_ld(checked.quads),
        release.FORMS: lambda: checked.forms.to_json().encode(),
        release.COHERENCE: lambda: checked.coherence.to_json().encode(),
        release.SEARCH: lambda: index(
            Store.of(checked.quads, dict(checked.prefixes)), checked.forms, settings.base
        ),
        release.REPORT: lambda: shacl.Report(tuple(checked.results)).turtle(),
        release.REPORT_PAGE: lambda: report.page(
            checked.problems, checked.result.counts, checked.forms
        ).encode(),
    }
    for number, (name, content) in enumerate(files.items()):
        progress(DUMP, number, len(files))
        path = staged / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content())
    progress(DUMP, len(files), len(files))
    described = {name: release.describe(staged / name) for name in files}
    manifest = _manifest(checked, settings, illustrative, described)
    if not release.is_complete(settings.releases / manifest.id):
        progress(STORE, 0, 1)
        _write_store(staged)
        progress(STORE, 1, 1)
    (staged / release.MANIFEST).write_text(manifest.to_json(), encoding="utf-8")


def _manifest(
    checked: _Checked, settings: Settings, illustrative: bool, files: Mapping[str, File]
) -> Manifest:
    return Manifest(
        software={
            "skills4skills": __version__,
            "pyoxigraph": ox.__version__,
            "sqlite": sqlite3.sqlite_version,
        },
        base=settings.base,
        illustrative=illustrative,
        quads=checked.result.counts.quads,
        things=checked.result.counts.things,
        data_statuses=checked.result.counts.data_statuses,
        inputs=checked.inputs,
        files=files,
    )


def _write_store(staged: Path) -> None:
    store = ox.Store(staged / release.STORE)
    store.bulk_load(path=staged / release.N_QUADS, format=ox.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()


@contextmanager
def _staging(releases: Path) -> Iterator[Path]:
    staged = releases / f"{release.STAGING}{os.getpid()}"
    staged.mkdir()
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


@contextmanager
def _locked(releases: Path) -> Iterator[None]:
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(
                Text(
                    nl=f"een andere build schrijft al in {releases}; wacht tot die klaar is",
                    en=f"another build is writing in {releases}; wait until it is done",
                )
            ) from error
        yield


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BuildError(
            Text(
                nl=f"lezen of schrijven ging mis ({error}); de vorige release staat er nog",
                en=f"reading or writing failed ({error}); the previous release is still there",
            )
        ) from error
    except _MODEL_ERRORS as error:
        raise BuildError(Text(nl=str(error), en=str(error))) from error
