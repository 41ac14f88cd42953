"""From a data folder to what a release may hold: read, check, split, derive."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from s4s_graph import (
    counts,
    dataset,
    disclosure,
    dumps,
    forms,
    labels,
    namespaces,
    release,
    shacl,
    sources,
)
from s4s_graph.coherence.derived import derive
from s4s_graph.coherence.summary import Summary
from s4s_graph.counts import Counts, Statistics
from s4s_graph.forms import Forms
from s4s_graph.mappings.following import following
from s4s_graph.mappings.settling import settled
from s4s_graph.places import Places, located, without_echoes
from s4s_graph.problems import Problem
from s4s_graph.progress import DERIVE, READ, VALIDATE, Progress
from s4s_graph.settings import Settings
from s4s_graph.shacl import Engine
from s4s_graph.sources import Source
from s4s_graph.store import Store
from s4s_graph.vocabularies.closure import Closure
from s4s_graph.vocabularies.publishing import published


@dataclass(frozen=True)
class Checked:
    """What a release is written from, beside the dump; `told` and `results` hold no secrets.

    problems: as the editors of the data may see them. told: as the world may. store: all that
    the dump holds. rows: how many rows the tables have.
    """

    problems: tuple[Problem, ...]
    told: list[Problem]
    results: list[shacl.Result]
    inputs: Mapping[str, str | None]
    forms: Forms
    store: Store
    coherence: Summary
    statistics: Statistics
    counts: Counts
    rows: int


@dataclass(frozen=True)
class _Recorded:
    """What people recorded, its public part as sorted files: in memory it would take most room.

    reading: what is wrong with the files. is_whole: whether all of them could be read.
    """

    public: list[Path]
    restricted: list[ox.Quad]
    reading: list[Problem]
    is_whole: bool
    places: Places
    inputs: Mapping[str, str | None]
    rows: int

    def quads(self) -> Iterator[ox.Quad]:
        return chain(dumps.read(self.public), self.restricted)


def checked(
    settings: Settings,
    folder: Path,
    without_illustrative: bool,
    progress: Progress,
    closure: Closure = "used",
    engine: Engine | None = None,
) -> Checked:
    """Check all that there is, and write the public part with what follows from it to a dump.

    The dump goes to its place in the folder. Raises OSError, and what is wrong with the ontology
    or the shapes as `forms.read` and `shacl.validate` do.
    """
    form_set = forms.read(settings.shapes, settings.base)
    graph = ox.Store()
    store = Store(graph, _prefixes(settings, form_set))
    with TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        recorded = _recorded(settings, form_set, work, without_illustrative, progress)
        # Everything that refers to a file which cannot be read would look wrong.
        whole = recorded.is_whole
        results = _validated(recorded.quads(), settings, progress, engine) if whole else ()
        progress(DERIVE, 0, 1)
        _load(graph, recorded.public)
        derived = derive(store, settings.base)
        chained = dumps.runs(following(graph, settings.data, settings.base), work / "chained")
        added = (*dumps.runs(derived.quads, work / "derived"), *chained)
        _load(graph, added)
        public = dumps.read((*recorded.public, *chained))
        theirs = published(settings.data, public, closure, work / "vocabularies", settings.base)
        graph.extend(theirs.names)
        statuses = counts.data_statuses(graph, settings.base)
        told = (*dataset.quads(statuses, settings.base), *dataset.tops(graph, settings.base))
        described = dumps.runs(told, work / "described")
        _load(graph, described)
        statistics = _dumped(
            (*recorded.public, *added, *described, *theirs.runs), folder, settings.base
        )
        progress(DERIVE, 1, 1)
    found = [located(result, recorded.places) for result in results]
    secrets = disclosure.secrets(recorded.restricted, form_set)
    return Checked(
        problems=(
            *recorded.reading,
            *theirs.problems,
            *without_echoes(found, recorded.reading),
        ),
        told=disclosure.redacted(found, secrets),
        results=disclosure.redacted(results, secrets),
        inputs={**recorded.inputs, **theirs.inputs},
        forms=form_set,
        store=store,
        coherence=derived.summary,
        statistics=statistics,
        counts=Counts(statistics.quads, statistics.things(form_set), statuses),
        rows=recorded.rows,
    )


def _prefixes(settings: Settings, form_set: Forms) -> dict[str, str]:
    try:
        return namespaces.prefixes(settings.base, (form.segment for form in form_set))
    except ValueError as error:
        raise forms.FormsError(str(error)) from error


def _recorded(
    settings: Settings,
    form_set: Forms,
    work: Path,
    without_illustrative: bool,
    progress: Progress,
) -> _Recorded:
    read = _read(settings, form_set, progress)
    asserted = [quad for source in read for quad in source.quads]
    if without_illustrative:
        asserted = disclosure.without_illustrative(asserted, settings.base)
    return _Recorded(
        public=dumps.runs(disclosure.public(asserted, form_set), work / "recorded"),
        restricted=disclosure.restricted(asserted, form_set),
        reading=[*(p for source in read for p in source.problems), *sources.duplicates(read)],
        is_whole=not any(source.is_unread for source in read),
        places=Places.of(read, form_set, settings.base),
        inputs=_inputs(read, form_set),
        rows=sum(source.rows for source in read),
    )


def _read(settings: Settings, form_set: Forms, progress: Progress) -> list[Source]:
    files = sources.files(settings.ontology, settings.shapes, settings.data)
    read = []
    for number, file in enumerate(files):
        progress(READ, number, len(files))
        read.append(sources.read(file, form_set, settings.base))
    progress(READ, len(files), len(files))
    return settled(labels.resolved(read, settings.base), settings.base)


def _validated(
    quads: Iterable[ox.Quad], settings: Settings, progress: Progress, engine: Engine | None
) -> tuple[shacl.Result, ...]:
    progress(VALIDATE, 0, 1)
    results = shacl.validate(quads, settings.shapes, settings.base, engine).results
    progress(VALIDATE, 1, 1)
    return results


def _inputs(read: Iterable[Source], form_set: Forms) -> dict[str, str | None]:
    return {
        source.name: None if disclosure.restricted(source.quads, form_set) else source.sha256
        for source in read
    }


def _load(graph: ox.Store, runs: Iterable[Path]) -> None:
    for run in runs:
        graph.extend(dumps.read([run]))


def _dumped(runs: Iterable[Path], folder: Path, base: str) -> Statistics:
    dump = folder / release.N_QUADS
    dump.parent.mkdir()
    dumps.n_quads(runs, dump)
    return counts.statistics(dump, base)
