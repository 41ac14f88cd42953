"""From a data folder to a release: read, check, split, derive, write; complete or absent."""

import gc
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pyshacl.errors import ReportableRuntimeError

from s4s_graph import changes, disk, forms, release, scopes, writing
from s4s_graph.anonymity.profiles import Kinds
from s4s_graph.anonymity.protecting import Outcome
from s4s_graph.changes import Changes
from s4s_graph.checking import Checked, checked
from s4s_graph.counts import Counts
from s4s_graph.forms import Text
from s4s_graph.problems import Problem, blocking
from s4s_graph.progress import PUBLISH, Progress, quiet
from s4s_graph.questions import QuestionError
from s4s_graph.recording import Options, Recorded, recorded
from s4s_graph.settings import Settings
from s4s_graph.shacl import Engine
from s4s_graph.vocabularies.closure import Closure

_OURS = 0o700  # the mode of a folder that nobody else on the system can open
# What the editors of the ontology and the shapes may get wrong, rather than those of the data.
_MODEL_ERRORS = (
    forms.FormsError,
    QuestionError,
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
    """What came of a build or a check; `release` is None when nothing was published.

    rows: how many rows the tables have. outcome: what was done so that no company stands out.
    restricted: the release with everything, when one was asked for.
    """

    problems: tuple[Problem, ...]
    counts: Counts
    rows: int
    outcome: Outcome
    release: Path | None = None
    restricted: Path | None = None


def check(
    settings: Settings,
    *,
    without_illustrative: bool = False,
    closure: Closure = "used",
    strict: bool = False,
    engine: Engine | None = None,
    progress: Progress = quiet,
) -> Result:
    """Do everything of a build but write. Raises BuildError.

    `engine` says what holds the graph against the shapes; without one its size decides.
    """
    options = Options(without_illustrative, strict, engine)
    with _explained(), _uncollected(), TemporaryDirectory() as name:
        folder = Path(name)
        with recorded(settings, folder, options, progress) as found:
            stated = found.stated(folder, everything=False)
            made = checked(found, stated, settings, folder, folder, progress, closure=closure)
            return _result(found, made)


def build(
    settings: Settings,
    *,
    without_illustrative: bool = False,
    closure: Closure = "used",
    strict: bool = False,
    restricted: bool = False,
    progress: Progress = quiet,
) -> Result:
    """Build a release and make it the current one, unless the data hold a violation.

    `closure` says how much of the vocabularies of others goes into it, `strict` that a company
    which stands out is a violation, and `restricted` that a release with everything is made of the
    same reading of the data, in a folder of its own that nobody else on the system can open.
    `progress` is called with a stage, the steps of it that are done, and their number; the stages
    are those of `progress.STAGES`.
    Whatever happens on the way, the previous release stays as it is until the new one is
    complete on disk. Raises BuildError.
    """
    options = Options(without_illustrative, strict)
    with (
        _explained(),
        _uncollected(),
        _locked(settings.releases),
        _work(settings.releases) as work,
        recorded(settings, work, options, progress) as found,
    ):
        result = _released(found, settings, work, options, closure, progress)
        if result.release and restricted:
            apart = replace(settings, releases=settings.restricted_releases)
            with _locked(apart.releases, _OURS), _work(apart.releases) as kept:
                full = _released(found, apart, kept, options, closure, progress, everything=True)
            scopes.forget(settings)
            result = replace(result, restricted=full.release)
        return result


def _released(
    found: Recorded,
    settings: Settings,
    work: Path,
    options: Options,
    closure: Closure,
    progress: Progress,
    *,
    everything: bool = False,
) -> Result:
    stated = found.stated(work, everything=everything)
    with _staging(settings.releases) as staged:
        with writing.begun(staged, stated, here=found.is_little) as begun:
            made = checked(
                found,
                stated,
                settings,
                staged,
                work,
                progress,
                closure=closure,
                everything=everything,
            )
            begun.go_on(made)
            result = _result(found, made)
            if blocking(result.problems):
                return result
            illustrative = not options.without_illustrative
            writing.written(made, begun, settings, illustrative, progress)
        del made
        progress(PUBLISH, 0, 1)
        changed = changes.since(release.before(settings.releases), staged)
        if not everything:
            changed = changed.without(_unspoken(found, changed, settings))
        (staged / release.CHANGES).write_text(changed.to_json(), encoding="utf-8")
        if everything:
            disk.close(staged)
        target = release.publish(staged, settings.releases, settings.keep_releases)
        progress(PUBLISH, 1, 1)
    return replace(result, release=target)


def _result(found: Recorded, made: Checked) -> Result:
    problems = (*found.problems, *made.problems)
    return Result(problems, made.counts, found.parted.rows, found.parted.outcome)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Do not look for rings of objects in memory: there are millions of objects and no rings."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _unspoken(found: Recorded, changed: Changes, settings: Settings) -> set[str]:
    """Return the things of which the account of a public release says nothing.

    A company that leaves takes others along (`anonymity.history`), which must not differ from it.
    """
    silent = {thing.value for thing in found.parted.silent}
    kinds = Kinds.of(found.forms, settings.base)
    if kinds is None or settings.disclosure_floor == 1:
        return silent
    starts = [f"{settings.base}id/{form.segment}/" for form in kinds.telling]
    return silent | changed.departed(starts)


@contextmanager
def _work(releases: Path) -> Iterator[Path]:
    """Give a folder for what a build makes on its way, on the disk where the release goes."""
    release.remove_staged(releases)
    with TemporaryDirectory(prefix=release.STAGING, dir=releases) as name:
        yield Path(name)


@contextmanager
def _staging(releases: Path) -> Iterator[Path]:
    staged = releases / f"{release.STAGING}{os.getpid()}"
    staged.mkdir()
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


@contextmanager
def _locked(releases: Path, mode: int = 0o777) -> Iterator[None]:
    releases.mkdir(mode, parents=True, exist_ok=True)
    if mode == _OURS:
        releases.chmod(mode)  # it may have been there with another
    try:
        with release.writing(releases):
            yield
    except release.BusyError as error:
        raise BuildError(
            Text(
                nl=f"een andere build schrijft al in {releases}; wacht tot die klaar is",
                en=f"another build is writing in {releases}; wait until it is done",
            )
        ) from error


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
