"""What people recorded: read, held against the shapes, and parted into public and restricted."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import disclosure, dumps, forms, labels, release, shacl, sources
from s4s_graph.anonymity import history, telling
from s4s_graph.anonymity.profiles import Kinds
from s4s_graph.anonymity.protecting import Outcome, Protected, protected
from s4s_graph.cascade import Thing
from s4s_graph.disclosure import Split
from s4s_graph.forms import Forms
from s4s_graph.mappings.settling import settled
from s4s_graph.places import Places, located, without_echoes
from s4s_graph.problems import Problem
from s4s_graph.progress import READ, VALIDATE, Progress
from s4s_graph.settings import Settings
from s4s_graph.shacl import Engine
from s4s_graph.sources import Source


@dataclass(frozen=True)
class Options:
    """What a build takes along and how it checks.

    strict: whether a company that stands out stops the build, instead of being made less exact.
    engine: what holds the graph against the shapes; without one its size decides.
    """

    without_illustrative: bool = False
    strict: bool = False
    engine: Engine | None = None


@dataclass(frozen=True)
class Told:
    """What is said about the data beside the data themselves; for the world, or for researchers."""

    problems: list[Problem]
    results: list[shacl.Result]
    inputs: Mapping[str, str | None]


@dataclass(frozen=True)
class Recorded:
    """What people recorded; most of it as sorted files, since in memory it would take most room.

    common: files of what is public as it was recorded. generalised: of what the public release
    says instead of something more exact. restricted: what is in the restricted release only; it
    stays in memory, since no file of a public release may ever hold it. problems: as the editors
    of the data may see them. silent: the things of which no account of a public release may
    speak. outcome: what the disclosure check did.
    """

    forms: Forms
    common: list[Path]
    generalised: list[Path]
    restricted: list[ox.Quad]
    problems: tuple[Problem, ...]
    public: Told
    everything: Told
    silent: frozenset[str]
    outcome: Outcome
    rows: int


@dataclass(frozen=True)
class _Parted:
    """What was read, once it is in files: in memory the quads of all sources would take most room.

    reading: what is wrong with the files. is_whole: whether all of them could be read. secrets:
    what the world may not be told, as text. apart: the names of the files that are restricted.
    inputs: the checksums of all files. open_inputs: those that may be public.
    """

    common: list[Path]
    generalised: list[Path]
    restricted: list[ox.Quad]
    reading: list[Problem]
    is_whole: bool
    places: Places
    secrets: frozenset[str]
    silent: frozenset[Thing]
    apart: frozenset[str]
    inputs: Mapping[str, str | None]
    open_inputs: Mapping[str, str | None]
    outcome: Outcome
    rows: int

    def public(self, found: Iterable[Problem], results: Iterable[shacl.Result]) -> Told:
        """Return what the world may be told: nothing of what is not in the public release."""
        elsewhere = (problem for problem in found if problem.file not in self.apart)
        return Told(
            disclosure.redacted(elsewhere, self.secrets, self.silent),
            disclosure.redacted(results, self.secrets, self.silent),
            self.open_inputs,
        )


def recorded(settings: Settings, work: Path, options: Options, progress: Progress) -> Recorded:
    """Read and check all that there is.

    Files of quads go to the folder `work`. Raises OSError, and what is wrong with the ontology or
    the shapes as `forms.read` and `shacl.validate` do.
    """
    form_set = forms.read(settings.shapes, settings.base)
    parted = _parted(settings, form_set, work, options, progress)
    whole = chain(dumps.read(parted.common), parted.restricted)
    # Everything that refers to a file which cannot be read would look wrong.
    results = _validated(whole, settings, progress, options.engine) if parted.is_whole else ()
    found = [located(result, parted.places) for result in results]
    outcome = parted.outcome
    standing_out = telling.problems(outcome, form_set, parted.places) if options.strict else ()
    return Recorded(
        forms=form_set,
        common=parted.common,
        generalised=parted.generalised,
        restricted=parted.restricted,
        problems=(*parted.reading, *without_echoes(found, parted.reading), *standing_out),
        public=parted.public(found, results),
        everything=Told(found, list(results), parted.inputs),
        silent=frozenset(thing.value for thing in parted.silent),
        outcome=outcome,
        rows=parted.rows,
    )


def _parted(
    settings: Settings, form_set: Forms, work: Path, options: Options, progress: Progress
) -> _Parted:
    read = _read(settings, form_set, progress)
    asserted = [quad for source in read for quad in source.quads]
    if options.without_illustrative:
        asserted = disclosure.without_illustrative(asserted, settings.base)
    split = disclosure.split(read, asserted, form_set, settings.base)
    safe = _safe(split, settings, form_set)
    behind = [*split.restricted, *disclosure.missing(split.public, safe.quads)]
    hidden = Split(safe.quads, behind, split.gone | safe.gone)
    changed = (ox.NamedNode(change.company.strip("<>")) for change in safe.outcome.changes)
    apart = frozenset(source.name for source in read if disclosure.is_restricted(source))
    return _Parted(
        common=dumps.runs((q for q in safe.quads if q not in safe.new), work / "common"),
        generalised=dumps.runs(safe.new, work / "generalised"),
        restricted=behind,
        reading=[*(p for source in read for p in source.problems), *sources.duplicates(read)],
        is_whole=not any(source.is_unread for source in read),
        places=Places.of(read, form_set, settings.base),
        secrets=disclosure.secrets(hidden, form_set),
        silent=hidden.gone | frozenset(changed),
        apart=apart,
        inputs={source.name: source.sha256 for source in read},
        open_inputs=_open(read, apart, behind),
        outcome=safe.outcome,
        rows=sum(source.rows for source in read),
    )


def _open(
    read: Iterable[Source], apart: Collection[str], behind: Iterable[ox.Quad]
) -> Mapping[str, str | None]:
    """Return the checksums of files that may be public.

    One of a file with something in it that is not public could be used to test guesses.
    """
    hidden = set(behind)
    return {
        source.name: source.sha256 if hidden.isdisjoint(source.quads) else None
        for source in read
        if source.name not in apart
    }


def _read(settings: Settings, form_set: Forms, progress: Progress) -> list[Source]:
    files = sources.files(settings.ontology, settings.shapes, settings.data)
    read = []
    for number, file in enumerate(files):
        progress(READ, number, len(files))
        read.append(sources.read(file, form_set, settings.base))
    progress(READ, len(files), len(files))
    return settled(labels.resolved(read, settings.base), settings.base)


def _safe(split: Split, settings: Settings, form_set: Forms) -> Protected:
    kinds = Kinds.of(form_set, settings.base)
    # Not with the current one: after going back, readers have still seen the last one made.
    before = history.published(release.last(settings.releases), kinds) if kinds else {}
    return protected(split.public, form_set, settings.base, settings.disclosure_floor, before)


def _validated(
    quads: Iterable[ox.Quad], settings: Settings, progress: Progress, engine: Engine | None
) -> tuple[shacl.Result, ...]:
    progress(VALIDATE, 0, 1)
    results = shacl.validate(quads, settings.shapes, settings.base, engine).results
    progress(VALIDATE, 1, 1)
    return results
