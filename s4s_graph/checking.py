"""From what people recorded to what a release holds: derive, and write the dump."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import counts, dataset, dumps, forms, namespaces, release
from s4s_graph.anonymity.protecting import Outcome
from s4s_graph.coherence.derived import derive
from s4s_graph.coherence.summary import Summary
from s4s_graph.counts import Counts, Statistics
from s4s_graph.forms import Forms
from s4s_graph.mappings.following import following
from s4s_graph.problems import Problem
from s4s_graph.progress import DERIVE, Progress
from s4s_graph.recording import Recorded, Told
from s4s_graph.settings import Settings
from s4s_graph.store import Store
from s4s_graph.vocabularies.closure import Closure
from s4s_graph.vocabularies.publishing import published


@dataclass(frozen=True)
class Checked:
    """What a release is written from, beside the dump.

    problems: what is wrong with the vocabularies of others. told: returns what the readers of the
    release may know of the check, when that is done. inputs: the checksums that they may know.
    added: files of what is in the dump beside what was recorded. store: all that the dump holds,
    but the links that were derived between things: there may be more of these than of all else,
    and nothing that is still to be written looks at them. everything: whether the release is a
    restricted one.
    """

    problems: Sequence[Problem]
    told: Callable[[], Told]
    inputs: Mapping[str, str | None]
    added: Sequence[Path]
    forms: Forms
    store: Store
    coherence: Summary
    statistics: Statistics
    counts: Counts
    outcome: Outcome
    everything: bool


def checked(
    recorded: Recorded,
    stated: Sequence[Path],
    settings: Settings,
    folder: Path,
    work: Path,
    progress: Progress,
    *,
    closure: Closure = "used",
    everything: bool = False,
) -> Checked:
    """Write what was recorded with what follows from it to a dump at its place in the folder.

    stated: the files of what was recorded. everything: whether that is what is restricted as well.
    Other files go to the folder `work`. Raises OSError, and FormsError when two kinds of things
    share a prefix.
    """
    progress(DERIVE, 0, 1)
    graph = ox.Store()
    store = Store.over(graph, _prefixes(settings, recorded.forms))
    _load(graph, stated)
    derived = derive(store, settings.base)
    chained = dumps.runs(following(graph, settings.data, settings.base), work / "chained")
    deduced = dumps.runs(derived.quads, work / "derived")
    _load(graph, chained)
    graph.extend(_things(deduced, recorded.forms, settings.base))
    ours = dumps.read((*stated, *chained))
    theirs = published(settings.data, ours, closure, work / "vocabularies", settings.base)
    graph.extend(theirs.names)
    statuses = counts.data_statuses(graph, settings.base)
    described = _described(graph, statuses, work / "described", settings.base, everything)
    added = (*chained, *deduced, *described, *theirs.runs)
    statistics = _dumped((*stated, *added), folder, settings.base)
    progress(DERIVE, 1, 1)
    parted = recorded.parted
    return Checked(
        problems=theirs.problems,
        told=partial(recorded.told, everything=everything),
        inputs={**(parted.inputs if everything else parted.open_inputs), **theirs.inputs},
        added=added,
        forms=recorded.forms,
        store=store,
        coherence=derived.summary,
        statistics=statistics,
        counts=Counts(statistics.quads, statistics.things(recorded.forms), statuses),
        outcome=parted.outcome,
        everything=everything,
    )


def _prefixes(settings: Settings, form_set: Forms) -> dict[str, str]:
    try:
        return namespaces.prefixes(settings.base, (form.segment for form in form_set))
    except ValueError as error:
        raise forms.FormsError(str(error)) from error


def _load(graph: ox.Store, runs: Iterable[Path]) -> None:
    for run in runs:
        graph.extend(dumps.read([run]))


def _described(
    graph: ox.Store, statuses: Mapping[str, int], work: Path, base: str, everything: bool
) -> list[Path]:
    """Add to the graph what the release is as a dataset; return files of that."""
    about = (
        *dataset.quads(statuses, base, restricted=everything),
        *dataset.tops(graph, base),
    )
    runs = dumps.runs(about, work)
    _load(graph, runs)
    return runs


def _things(runs: Iterable[Path], form_set: Forms, base: str) -> Iterator[ox.Quad]:
    """Yield what is said of the things that a build makes: reports, not links between others."""
    starts = tuple(f"<{base}id/{form.segment}/".encode() for form in form_set if form.computed)
    for run in runs:
        with run.open("rb") as lines:
            found = b"".join(line for line in lines if line.startswith(starts))
        yield from ox.parse(found, format=ox.RdfFormat.N_QUADS)


def _dumped(runs: Iterable[Path], folder: Path, base: str) -> Statistics:
    dump = folder / release.N_QUADS
    dump.parent.mkdir()
    dumps.n_quads(runs, dump)
    return counts.statistics(dump, base)
