"""What a build costs, beside what the engine and the validator cost by themselves.

Each is measured in a process of its own; CPU seconds are those of all its threads and children,
and megabytes those of itself and the largest of its children.
"""

import multiprocessing
import os
import resource
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pyoxigraph as ox

from s4s_graph import dumps, release, shacl
from s4s_graph.build import build
from s4s_graph.progress import DERIVE, READ
from s4s_graph.settings import Settings
from tests.bench import tables

Found = TypeVar("Found")


@dataclass(frozen=True)
class Cost:
    """What something took: CPU seconds, seconds on the clock, megabytes at the most."""

    cpu: float
    clock: float
    megabytes: float


@dataclass(frozen=True)
class Built:
    """A release and what it took. steps: seconds on the clock. bytes: on disk, of each part."""

    interventions: int
    quads: int
    build: Cost
    steps: Mapping[str, float]
    loading: Cost
    validating: Cost
    bytes: Mapping[str, int]


def settings(folder: Path) -> Settings:
    """Return the settings of the data and the releases below a folder."""
    return replace(Settings(), data=folder / "data", releases=folder / "releases")


def built(folder: Path, interventions: int) -> Built:
    """Make a data folder and a release of it below a folder; raw loading and checking as well.

    Data that are there are taken as they are; a release that is there is made anew.
    """
    if not (folder / "data").exists():
        _alone(tables.write, folder / "data", interventions)
    shutil.rmtree(folder / "releases", ignore_errors=True)
    whole, steps = _alone(_build, folder)
    current = release.current(folder / "releases")
    assert current
    return Built(
        interventions,
        release.read_manifest(current / release.MANIFEST).quads,
        whole,
        steps,
        _alone(_loaded, current / release.N_QUADS, folder),
        _alone(_validated, current / release.N_QUADS),
        {name: _size(current / name) for name in (".", release.STORE, "dump", "search")},
    )


def _build(folder: Path) -> tuple[Cost, dict[str, float]]:
    """Do what `s4s build` does; what is between two stages is counted apart."""
    steps: Counter[str] = Counter()
    # After these the build parts what it read, and waits for what the shapes say.
    after = {READ: "part", DERIVE: "validate"}
    step, start = "start", time.perf_counter()

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal step, start
        steps[step] += time.perf_counter() - start
        step = after.get(stage, "rest") if done == total else stage
        start = time.perf_counter()

    clock = time.perf_counter()
    result = build(settings(folder), progress=progress)
    if not result.release:
        raise RuntimeError("\n".join(problem.text("en") for problem in result.problems[:10]))
    return _cost(clock), dict(steps)


def _loaded(dump: Path, folder: Path) -> Cost:
    """Load a dump as the engine by itself does it, and no more."""
    clock = time.perf_counter()
    with TemporaryDirectory(dir=folder) as name:
        store = ox.Store(name)
        store.bulk_load(path=dump, format=ox.RdfFormat.N_QUADS)
        store.optimize()
        store.flush()
        return _cost(clock)


def _validated(dump: Path) -> Cost:
    """Check what people recorded, which is what a build checks."""
    clock = time.perf_counter()
    derived = ox.NamedNode(f"{Settings().base}graph/derived")
    quads = (quad for quad in dumps.read([dump]) if quad.graph_name != derived)
    shacl.validate(quads, Settings().shapes, Settings().base)
    return _cost(clock)


def _alone(measure: Callable[..., Found], *arguments: object) -> Found:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, arguments)


def _cost(clock: float) -> Cost:
    seconds = time.perf_counter() - clock
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Cost(_cpu(), seconds, peak(os.getpid()) + largest)


def _cpu() -> float:
    return sum(os.times()[:4])


def peak(process: int) -> float:
    """Return the most megabytes that a process had in memory."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
