"""A graph as files, the same bytes for the same graph whatever the order of its quads.

They are written from the quads as they were parsed, not from the store: the store keeps numbers
and dates by value, and would write "1.50" as "1.5". A graph need not fit in memory: its quads are
sorted in runs on disk, and N-Quads that are sorted hold all that is said of a thing in one place.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from heapq import merge
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path

import pyoxigraph as ox

RUN = 200_000  # quads that are sorted or stored at a time, in some hundred megabytes

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def batches(quads: Iterable[ox.Quad]) -> Iterator[list[ox.Quad]]:
    """Yield quads by as many at a time as take little room."""
    rest = iter(quads)
    while some := list(islice(rest, RUN)):
        yield some


def runs(quads: Iterable[ox.Quad], folder: Path) -> list[Path]:
    """Write quads as files of sorted N-Quads in a new folder; return the files."""
    folder.mkdir()
    written: list[Path] = []
    for some in batches(quads):
        lines = (ox.serialize(some, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
        written.append(folder / f"{len(written)}.nq")
        with written[-1].open("wb") as file:
            file.writelines(sorted(lines))
    return written


def n_quads(sorted_runs: Iterable[Path], path: Path) -> None:
    """Write the quads of sorted files as one, each of them once: every graph by its name."""
    with ExitStack() as stack:
        opened = [stack.enter_context(run.open("rb")) for run in sorted_runs]
        file = stack.enter_context(path.open("wb"))
        file.writelines(line for line, _ in groupby(merge(*opened)))


def read(files: Iterable[Path]) -> Iterator[ox.Quad]:
    """Yield the quads of files of N-Quads, their literals as they were written."""
    for file in files:
        yield from ox.parse(path=file, format=ox.RdfFormat.N_QUADS)


def turtle(dump: Path, path: Path, prefixes: Mapping[str, str]) -> None:
    """Write Turtle: the union of the graphs of a dump, by subject, each with its type first."""
    ox.serialize(_union(dump), str(path), format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes))


def json_ld(dump: Path, path: Path) -> None:
    """Write expanded JSON-LD: the union of the graphs of a dump, by subject."""
    ox.serialize(_union(dump), str(path), format=ox.RdfFormat.JSON_LD)


def _union(dump: Path) -> Iterator[ox.Triple]:
    for _, stated in groupby(read([dump]), key=attrgetter("subject")):
        yield from sorted({quad.triple for quad in stated}, key=_reading_order)


def _reading_order(triple: ox.Triple) -> tuple[bool, str, str]:
    predicate = str(triple.predicate)
    return predicate != _TYPE, predicate, str(triple.object)
