"""What people recorded: read, parted into public and restricted, and held against the shapes."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import disclosure, dumps, forms, labels, questions, release, shacl, sources
from s4s_graph.anonymity import history, telling
from s4s_graph.anonymity.profiles import Kinds
from s4s_graph.anonymity.protecting import Outcome, Protected, protected
from s4s_graph.beside import LARGE, Beside
from s4s_graph.cascade import Thing
from s4s_graph.disclosure import Split
from s4s_graph.forms import Forms
from s4s_graph.mappings.settling import settled
from s4s_graph.places import Places, located, without_echoes
from s4s_graph.problems import Problem
from s4s_graph.progress import READ, VALIDATE, Progress
from s4s_graph.settings import Settings
from s4s_graph.shacl import Engine
from s4s_graph.sources import File, Source

Results = tuple[shacl.Result, ...]


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
    """What checking found, for the world or for researchers.

    problems: of the data. results: of the shapes.
    """

    problems: Sequence[Problem] = ()
    results: Sequence[shacl.Result] = ()


@dataclass(frozen=True)
class Parted:
    """What was read, once it is in files: in memory the quads of all sources would take most room.

    common: sorted files of what is public as it was recorded. generalised: of what the public
    release says instead of something more exact. restricted: what is in the restricted release
    only; it stays in memory, since no file of a public release may ever hold it.
    reading: what is wrong with the files. is_whole: whether all of them could be read. secrets:
    what the world may not be told, as text. silent: the things of which no account of a public
    release may speak. apart: the names of the files that are restricted. inputs: the checksums of
    all files. open_inputs: those that may be public. outcome: what the disclosure check did.
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


@dataclass(frozen=True)
class Recorded:
    """What people recorded. It is held against the shapes while others go on with it.

    So what is said about it is best asked for late.
    """

    forms: Forms
    parted: Parted
    checking: Beside[Results]
    is_strict: bool
    is_little: bool  # so that it is not worth a process

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """As the editors of the data may see them. Raises what `shacl.validate` raises."""
        parted = self.parted
        strict = telling.problems(parted.outcome, self.forms, parted.places)
        echoless = without_echoes(self._found, parted.reading)
        return (*parted.reading, *echoless, *(strict if self.is_strict else ()))

    def stated(self, work: Path, *, everything: bool) -> list[Path]:
        """Return files of what a release says that people recorded; some are new in `work`."""
        parted = self.parted
        if not everything:
            return [*parted.common, *parted.generalised]
        return [*parted.common, *dumps.runs(parted.restricted, work / "restricted")]

    def told(self, *, everything: bool) -> Told:
        """Return what researchers may be told, or the world: nothing of what is not public."""
        if everything:
            return Told(self._found, self._results)
        parted = self.parted
        elsewhere = (problem for problem in self._found if problem.file not in parted.apart)
        return Told(
            disclosure.redacted(elsewhere, parted.secrets, parted.silent),
            disclosure.redacted(self._results, parted.secrets, parted.silent),
        )

    @cached_property
    def _results(self) -> Results:
        # Everything that refers to a file which cannot be read would look wrong.
        return self.checking.result() if self.parted.is_whole else ()

    @cached_property
    def _found(self) -> list[Problem]:
        return [located(result, self.parted.places) for result in self._results]


@contextmanager
def recorded(
    settings: Settings, work: Path, options: Options, progress: Progress
) -> Iterator[Recorded]:
    """Read all that there is, begin to check it, and lend it; what is not asked for then ends.

    Files of quads go to the folder `work`. Raises OSError, and what is wrong with the ontology or
    the shapes as `forms.read` does, with the questions as `questions.load` does.
    """
    form_set = forms.read(settings.shapes, settings.base)
    # Not part of a release, but no site opens one where a question is wrong.
    questions.load(settings.ontology / "questions", form_set)
    files = sources.files(settings.ontology, settings.shapes, settings.data)
    is_little = sum(file.path.stat().st_size for file in files if not file.refused) < LARGE
    with Beside(validated, here=is_little) as checking:
        parted = _parted(files, settings, form_set, work, options, progress)
        progress(VALIDATE, 0, 1)
        if parted.is_whole:
            restricted = ox.serialize(parted.restricted, format=ox.RdfFormat.N_QUADS) or b""
            where = settings.shapes, settings.base
            checking.start(parted.common, restricted, *where, options.engine)
        yield Recorded(form_set, parted, checking, options.strict, is_little)


def validated(
    files: Iterable[Path], more: bytes, shapes: Path, base: str, engine: Engine | None
) -> Results:
    """Check files of N-Quads, and more of them. Raises what `shacl.validate` raises."""
    quads = chain(dumps.read(files), ox.parse(more, format=ox.RdfFormat.N_QUADS))
    return shacl.validate(quads, shapes, base, engine).results


def _parted(
    files: Sequence[File],
    settings: Settings,
    form_set: Forms,
    work: Path,
    options: Options,
    progress: Progress,
) -> Parted:
    read = _read(files, settings, form_set, progress)
    asserted = [quad for source in read for quad in source.quads]
    if options.without_illustrative:
        asserted = disclosure.without_illustrative(asserted, settings.base)
    split = disclosure.split(read, asserted, form_set, settings.base)
    safe = _safe(split, settings, form_set)
    behind = [*split.restricted, *disclosure.missing(split.public, safe.quads)]
    hidden = Split(safe.quads, behind, split.gone | safe.gone)
    changed = (ox.NamedNode(change.company.strip("<>")) for change in safe.outcome.changes)
    apart = frozenset(source.name for source in read if disclosure.is_restricted(source))
    return Parted(
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


def _read(
    files: Sequence[File], settings: Settings, form_set: Forms, progress: Progress
) -> list[Source]:
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
