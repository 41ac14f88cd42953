"""Building again whenever a file is saved: looks at the files, waits until it is quiet, builds."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Literal

from s4s_graph import folders
from s4s_graph.settings import Settings

# Seconds between two looks. Looking works on every disk, shared and synchronised folders included,
# where the system reports no changes; a thousand files take some milliseconds.
INTERVAL = 0.4
QUESTION = ".rq"

Stage = Literal["building", "ready", "refused"]
Seen = Mapping[Path, folders.State | None]


@dataclass
class Watched:
    """How far what was saved last is; the watching thread writes it, the site reads it."""

    stage: Stage = "building"


@dataclass(frozen=True)
class Hooks:
    """What is to happen: `saved` hears the files, `reopen` is for questions, which no build reads.

    command: builds a release, and ends with 0 when there is one.
    """

    command: Sequence[str]
    saved: Callable[[Sequence[Path]], object]
    reopen: Callable[[], object]


def look(settings: Settings) -> Seen:
    """Return the files in the folders that a build reads, each with its state.

    A folder that cannot be read, or holds too much, stands for its files: a build says so.
    """
    found: dict[Path, folders.State | None] = {}
    for folder in (settings.data, settings.ontology, settings.shapes):
        try:
            paths = [file.path for file in folders.files(folder) if _is_saved(file.path.name)]
            found |= {path: folders.state(path) for path in paths}
        except OSError:
            found[folder] = None
    return found


def watch(settings: Settings, hooks: Hooks, watched: Watched, stop: Event) -> None:
    """Build now, and again after each change, until `stop` is set.

    A change is acted on once two looks see the same. One that comes while a build runs ends that
    build, which leaves no trace, and starts another.
    """
    built: Seen = {}
    before: Seen | None = None
    build: subprocess.Popen[bytes] | None = None
    while not stop.is_set():
        now = look(settings)
        quiet, before = now == before, now
        if quiet and now != built:
            changed = sorted(p for p in now.keys() | built.keys() if now.get(p) != built.get(p))
            if built:
                hooks.saved(changed)
            if any(path.suffix == QUESTION for path in changed):
                hooks.reopen()
            if any(path.suffix != QUESTION for path in changed):
                _end(build)
                watched.stage = "building"
                build = subprocess.Popen(hooks.command)  # noqa: S603 - our own
            built = now
        elif build and build.poll() is not None:
            watched.stage = "refused" if build.returncode else "ready"
            build = None
        stop.wait(INTERVAL)
    _end(build)


def _is_saved(name: str) -> bool:
    # What spreadsheets and editors leave beside an open file is not a save.
    return not name.startswith("~") and name[-1] != "~"


def _end(build: subprocess.Popen[bytes] | None) -> None:
    if build:
        build.terminate()
        build.wait()
