"""BENCHMARKS.md: what was measured, where, with what, and which goals it meets."""

import os
import platform
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from shutil import disk_usage

from tests.bench.building import Built
from tests.bench.serving import Served, Times

PACKAGES = ("skills4skills", "pyoxigraph", "fastapi", "uvicorn", "pyshacl", "rdflib")
PAGES_GOAL, BUILD_GOAL, START_GOAL = 1.5, 1.6, 2.0
LARGER = {"1M": ("10M", 10), "10M": ("50M", 5)}  # what comes next, and how many times as large
STEPS = {
    "start": "start, forms",
    "read": "read tables and files",
    "part": "part public and restricted, disclosure check, sort",
    "derive": "derive links, gaps and indicators, sort; the shapes are checked beside it",
    "validate": "wait for what the shapes say",
    "dump": "write search index and reports; Turtle, JSON-LD and the store beside it",
    "store": "wait for the store",
    "publish": "compare and publish",
    "rest": "between steps",
}


@dataclass(frozen=True)
class Measured:
    """One size: its name, what its build took and what the site over it did."""

    size: str
    built: Built
    served: Served

    @property
    def ratio(self) -> float:
        """Seconds of the build to those of loading and then validating by themselves."""
        built = self.built
        return built.build.clock / (built.loading.clock + built.validating.clock)

    @property
    def cpu_ratio(self) -> float:
        """The same in CPU seconds, of which a build spends some at once."""
        built = self.built
        return built.build.cpu / (built.loading.cpu + built.validating.cpu)


Row = tuple[str, Callable[[Measured], str]]


def written(measured: Sequence[Measured], compared: str) -> str:
    """Return the page; `compared` is what the comparison with the engine's own server said."""
    parts = [
        "# Benchmarks",
        f'Written by `make bench SIZES="{" ".join(one.size for one in measured)}"` on '
        f"{datetime.now(UTC).date().isoformat()}. Of the clock, compare ratios: what else runs on "
        "a machine slows all of it. A synthetic graph of each size goes the whole way: tables and "
        "RDF in a data folder, `s4s build` with every check, `s4s serve` over HTTP.",
        _machine(),
        "## Goals",
        "\n".join(("| goal | measured | |", "|---|---|---|", *_goals(measured))),
        "## Build",
        _table(measured, list(_build_rows(measured))),
        "Seconds are on the clock, of a build that has the machine to itself; it lets two or three "
        "processes work beside each other, so its CPU seconds, those of all of them, are told as "
        "well. Loading by the engine is `bulk_load` and `optimize` of the same quads; validating "
        "is the same validator on the same statements, without what is derived; the time of both "
        "is the sum of the two. Each is measured in a process of its own. Memory is that of the "
        "build and the largest process beside it.",
        "## Serve",
        _table(measured, _SERVE),
        "Milliseconds are p50 / p95 on the clock, of one client that asks one request after "
        "another, and in brackets the CPU of the site for each. Pages are those of 25 synthetic "
        "things of each kind. A start is from the command to the first page, files in the cache of "
        "the system; then the site prepares what pages about coherence need, while it serves. "
        "Memory is of the site with its workers; what processes share, such as the files of the "
        "store, is counted in part. The engine by itself reads and answers inside one process, "
        "without HTTP.",
        *_unanswered(measured),
        *_larger(measured[-1]),
        *(("## SPARQL beside the engine's own server", f"```\n{compared}\n```") * bool(compared)),
    ]
    return "\n\n".join(parts) + "\n"


def _machine() -> str:
    load, *_ = os.getloadavg()
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Machine: {os.cpu_count()} cores ({platform.machine()}), {_memory():.0f} GB of memory, "
        f"{platform.system()} {platform.release()}; load at the end {load:.1f}. Python "
        f"{platform.python_version()}, {versions}, SQLite {sqlite3.sqlite_version}."
    )


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _goals(measured: Sequence[Measured]) -> Iterator[str]:
    first, last = measured[0], measured[-1]
    if first is not last:
        ratio = last.served.pages.p50 / first.served.pages.p50
        yield _goal(
            f"pages, p50: {last.size} at most {PAGES_GOAL} × {first.size}", [ratio], PAGES_GOAL, "×"
        )
    ratios = [one.ratio for one in measured]
    yield _goal(
        f"build: at most {BUILD_GOAL} × the time of loading and validating", ratios, BUILD_GOAL, "×"
    )
    starts = [one.served.start for one in measured]
    yield _goal(f"start: first page within {START_GOAL:.0f} s", starts, START_GOAL, "s")
    second = ", ".join(f"{one.served.second:.0f} MB" for one in measured)
    yield f"| two sites share one store | the second takes {second} | met |"


def _goal(name: str, found: Sequence[float], most: float, unit: str) -> str:
    said = ", ".join(f"{value:.2f} {unit}" for value in found)
    met = sum(value <= most for value in found)
    verdict = "met" if met == len(found) else f"met by {met} of {len(found)}" if met else "not met"
    return f"| {name} | {said} | {verdict} |"


def _table(measured: Sequence[Measured], rows: Sequence[Row]) -> str:
    lines = [f"| | {' | '.join(one.size for one in measured)} |", "|---" + "|--:" * len(measured)]
    lines[1] += "|"
    lines += (f"| {name} | {' | '.join(map(of, measured))} |" for name, of in rows)
    return "\n".join(lines)


def _build_rows(measured: Sequence[Measured]) -> Iterator[Row]:
    yield "interventions", lambda one: f"{one.built.interventions:,}"
    yield "quads", lambda one: f"{one.built.quads:,}"
    yield "build, s", lambda one: f"{one.built.build.clock:,.1f}"
    for step, name in STEPS.items():
        yield f"– {name}", _step(step)
    yield "loading by the engine, s", lambda one: f"{one.built.loading.clock:,.1f}"
    yield "validating by itself, s", lambda one: f"{one.built.validating.clock:,.1f}"
    yield "build to loading and validating", lambda one: f"{one.ratio:.2f} ×"
    yield "build, CPU s", lambda one: f"{one.built.build.cpu:,.1f}"
    yield "– loading by the engine, CPU s", lambda one: f"{one.built.loading.cpu:,.1f}"
    yield "– validating by itself, CPU s", lambda one: f"{one.built.validating.cpu:,.1f}"
    yield "– build to loading and validating", lambda one: f"{one.cpu_ratio:.2f} ×"
    yield "memory at the most, MB", lambda one: f"{one.built.build.megabytes:,.0f}"
    yield "– of loading by the engine, MB", lambda one: f"{one.built.loading.megabytes:,.0f}"
    yield "– of validating by itself, MB", lambda one: f"{one.built.validating.megabytes:,.0f}"
    for part, name in ((".", "disk, MB"), ("store", "– store"), ("dump", "– dumps")):
        yield name, _bytes(part)
    yield "– search index", _bytes("search")


def _step(name: str) -> Callable[[Measured], str]:
    return lambda one: f"{one.built.steps.get(name, 0):,.1f}"


def _bytes(part: str) -> Callable[[Measured], str]:
    return lambda one: f"{one.built.bytes[part] / 1e6:,.0f}"


def _times(name: str) -> Callable[[Measured], str]:
    def said(one: Measured) -> str:
        found: Times = getattr(one.served, name)
        return f"{found.p50:.1f} / {found.p95:.1f} ({found.cpu:.1f})"

    return said


_SERVE: list[Row] = [
    ("start to first page, s", lambda one: f"{one.served.start:.2f}"),
    ("CPU until all is prepared, s", lambda one: f"{one.served.prepared:,.1f}"),
    ("pages, for the first visitor, ms", _times("first_pages")),
    ("pages, ms", _times("pages")),
    ("– the engine reads their triples, ms", lambda one: f"{one.served.raw_pages:.3f}"),
    ("lists, ms", _times("lists")),
    ("search, ms", _times("search")),
    ("questions with an answer", lambda one: f"{one.served.answered} of {one.served.asked}"),
    ("– p50, ms", lambda one: f"{one.served.questions:.0f}"),
    ("SPARQL, one thing, ms", _times("point")),
    ("– the engine by itself, ms", lambda one: f"{one.served.raw_point:.2f}"),
    ("SPARQL, counting a class, ms", _times("count")),
    ("– the engine by itself, ms", lambda one: f"{one.served.raw_count:.2f}"),
    ("memory, MB", lambda one: f"{one.served.megabytes:,.0f}"),
    ("– at the most, of the site without workers", lambda one: f"{one.served.peak:,.0f}"),
    ("– of a second site beside it", lambda one: f"{one.served.second:,.0f}"),
]


def _unanswered(measured: Sequence[Measured]) -> Iterator[str]:
    for one in measured:
        if one.served.unanswered:
            names = ", ".join(one.served.unanswered)
            yield f"Questions without an answer within the limits at {one.size}: {names}."


def _larger(one: Measured) -> Iterator[str]:
    """Say what the next size would take: in proportion, which is the least it can be."""
    if one.size in LARGER:
        size, times = LARGER[one.size]
        memory, disk = one.built.build.megabytes / 1000, one.built.bytes["."] / 1e9
        yield (
            f"{size} was not run. In proportion to {one.size} its build takes "
            f"{times * memory:.0f} GB of memory, {times * one.built.build.clock / 60:.0f} minutes "
            f"and, with what a build keeps while it sorts, {2 * times * disk:.0f} GB of disk; this "
            f"machine has {_memory():.0f} GB of memory and {disk_usage('.').free / 1e9:.0f} GB of "
            "free disk. What takes the memory is reading: all that people recorded is held at once "
            "while it is parted into public and restricted."
        )
