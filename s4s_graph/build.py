"""From a data folder to a release: read, check, split, derive, write; complete or absent."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pyshacl.errors import ReportableRuntimeError

from s4s_graph import changes, forms, release, writing
from s4s_graph.checking import checked
from s4s_graph.counts import Counts
from s4s_graph.forms import Text
from s4s_graph.problems import Problem, blocking
from s4s_graph.progress import PUBLISH, Progress, quiet
from s4s_graph.settings import Settings
from s4s_graph.shacl import Engine
from s4s_graph.vocabularies.closure import Closure

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
    """What came of a build or a check; `release` is None when nothing was published.

    rows: how many rows the tables have.
    """

    problems: tuple[Problem, ...]
    counts: Counts
    rows: int
    release: Path | None = None


def check(
    settings: Settings,
    *,
    without_illustrative: bool = False,
    closure: Closure = "used",
    engine: Engine | None = None,
    progress: Progress = quiet,
) -> Result:
    """Do everything of a build but write. Raises BuildError.

    `engine` says what holds the graph against the shapes; without one its size decides.
    """
    with _explained(), TemporaryDirectory() as folder:
        found = checked(settings, Path(folder), without_illustrative, progress, closure, engine)
        return Result(found.problems, found.counts, found.rows)


def build(
    settings: Settings,
    *,
    without_illustrative: bool = False,
    closure: Closure = "used",
    progress: Progress = quiet,
) -> Result:
    """Build a release and make it the current one, unless the data hold a violation.

    `closure` says how much of the vocabularies of others goes into it.
    `progress` is called with a stage, the steps of it that are done, and their number; the stages
    are those of `progress.STAGES`.
    Whatever happens on the way, the previous release stays as it is until the new one is
    complete on disk. Raises BuildError.
    """
    with _explained(), _locked(settings.releases):
        release.remove_staged(settings.releases)
        with _staging(settings.releases) as staged:
            found = checked(settings, staged, without_illustrative, progress, closure)
            result = Result(found.problems, found.counts, found.rows)
            if blocking(result.problems):
                return result
            manifest = writing.files(staged, found, settings, not without_illustrative, progress)
            # The store on disk needs the room that the graph in memory takes.
            del found
            writing.store(staged, manifest, settings, progress)
            progress(PUBLISH, 0, 1)
            changed = changes.since(release.current(settings.releases), staged)
            (staged / release.CHANGES).write_text(changed.to_json(), encoding="utf-8")
            target = release.publish(staged, settings.releases, settings.keep_releases)
            progress(PUBLISH, 1, 1)
        return replace(result, release=target)


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
