"""From what people recorded to what a release holds: derive, and write the dump."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import counts, dataset, dumps, forms, namespaces, release, shacl
from s4s_graph.anonymity.protecting import Outcome
from s4s_graph.coherence.derived import derive
from s4s_graph.coherence.summary import Summary
from s4s_graph.counts import Counts, Statistics
from s4s_graph.forms import Forms
from s4s_graph.mappings.following import following
from s4s_graph.problems import Problem
from s4s_graph.progress import DERIVE, Progress
from s4s_graph.recording import Recorded
from s4s_graph.settings import Settings
from s4s_graph.store import Store
from s4s_graph.vocabularies.closure import Closure
from s4s_graph.vocabularies.publishing import published


@dataclass(frozen=True)
class Checked:
    """What a release is written from, beside the dump.

    problems: as the editors of the data may see them. told, results, inputs: as the readers of
    the release may. store: all that the dump holds. rows: how many rows the tables have.
    everything: whether the release is a restricted one.
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
    outcome: Outcome
    everything: bool


def checked(
    recorded: Recorded,
    settings: Settings,
    folder: Path,
    work: Path,
    progress: Progress,
    *,
    closure: Closure = "used",
    everything: bool = False,
) -> Checked:
    """Write what was recorded with what follows from it to a dump at its place in the folder.

    everything: what is restricted as well; else the public part only. Other files go to a new
    folder `work`. Raises OSError, and FormsError when two kinds of things share a prefix.
    """
    progress(DERIVE, 0, 1)
    work.mkdir()
    graph = ox.Store()
    store = Store.over(graph, _prefixes(settings, recorded.forms))
    stated = _stated(recorded, work, everything)
    _load(graph, stated)
    derived = derive(store, settings.base)
    chained = dumps.runs(following(graph, settings.data, settings.base), work / "chained")
    added = (*dumps.runs(derived.quads, work / "derived"), *chained)
    _load(graph, added)
    ours = dumps.read((*stated, *chained))
    theirs = published(settings.data, ours, closure, work / "vocabularies", settings.base)
    graph.extend(theirs.names)
    statuses = counts.data_statuses(graph, settings.base)
    about = (
        *dataset.quads(statuses, settings.base, restricted=everything),
        *dataset.tops(graph, settings.base),
    )
    described = dumps.runs(about, work / "described")
    _load(graph, described)
    statistics = _dumped((*stated, *added, *described, *theirs.runs), folder, settings.base)
    progress(DERIVE, 1, 1)
    told = recorded.everything if everything else recorded.public
    return Checked(
        problems=(*recorded.problems, *theirs.problems),
        told=told.problems,
        results=told.results,
        inputs={**told.inputs, **theirs.inputs},
        forms=recorded.forms,
        store=store,
        coherence=derived.summary,
        statistics=statistics,
        counts=Counts(statistics.quads, statistics.things(recorded.forms), statuses),
        rows=recorded.rows,
        outcome=recorded.outcome,
        everything=everything,
    )


def _stated(recorded: Recorded, work: Path, everything: bool) -> list[Path]:
    """Return files of what a release says that people recorded."""
    if not everything:
        return [*recorded.common, *recorded.generalised]
    return [*recorded.common, *dumps.runs(recorded.restricted, work / "restricted")]


def _prefixes(settings: Settings, form_set: Forms) -> dict[str, str]:
    try:
        return namespaces.prefixes(settings.base, (form.segment for form in form_set))
    except ValueError as error:
        raise forms.FormsError(str(error)) from error


def _load(graph: ox.Store, runs: Iterable[Path]) -> None:
    for run in runs:
        graph.extend(dumps.read([run]))


def _dumped(runs: Iterable[Path], folder: Path, base: str) -> Statistics:
    dump = folder / release.N_QUADS
    dump.parent.mkdir()
    dumps.n_quads(runs, dump)
    return counts.statistics(dump, base)
