"""A graph as files, the same bytes for the same graph whatever the order of its quads.

They are written from the quads as they were parsed, not from the store: the store keeps numbers
and dates by value, and would write "1.50" as "1.5". A graph need not fit in memory: its quads are
sorted in runs on disk, and N-Quads that are sorted hold all that is said of a thing in one place.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import pyoxigraph as ox

RUN = 200_000  # quads that are sorted or stored at a time, in some hundred megabytes

BLOCK = 1 << 20  # bytes of a run that are held while runs are merged

_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


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
        last = b""
        for lines in _merged(opened):
            once = dict.fromkeys(lines)
            once.pop(last, None)
            file.writelines(once)
            last = lines[-1]


def _merged(runs: Sequence[IO[bytes]]) -> Iterator[list[bytes]]:
    """Yield the lines of sorted files, some at a time, in one order.

    Lists that are sorted already are sorted together at a glance, which line by line takes long.
    """
    held = {run: run.readlines(BLOCK) for run in runs}
    while held := {run: lines for run, lines in held.items() if lines}:
        # Nothing that is still to be read comes before the least of the last ones.
        bound = min(lines[-1] for lines in held.values())
        some: list[bytes] = []
        for run, lines in held.items():
            place = bisect_right(lines, bound)
            some += lines[:place]
            held[run] = lines[place:] or run.readlines(BLOCK)
        some.sort()
        yield some


def read(files: Iterable[Path]) -> Iterator[ox.Quad]:
    """Yield the quads of files of N-Quads, their literals as they were written."""
    for file in files:
        yield from ox.parse(path=file, format=ox.RdfFormat.N_QUADS)


def stored(files: Iterable[Path], folder: Path, is_last: bool) -> None:
    """Load files of N-Quads to a store in a folder; after the last ones, put it in order."""
    graph = ox.Store(folder)
    # All at once takes four times the memory; and to load files of N-Quads one by one would part
    # a blank node that stands in two of them.
    for some in batches(read(files)):
        graph.bulk_extend(some)
    if is_last:
        graph.optimize()
        for diary in folder.glob("LOG.old.*"):
            diary.unlink()  # of when it was open before
    graph.flush()


def documents(dump: Path, turtle: Path, json_ld: Path, prefixes: Mapping[str, str]) -> None:
    """Write the union of the graphs of a dump: by subject, each with its type first.

    The JSON-LD is expanded.
    """
    with TemporaryFile(dir=dump.parent) as union:
        with dump.open("rb") as lines:
            for _, stated in groupby(lines, key=subject):
                union.writelines(_statements(stated))
        for path, kind, named in (
            (turtle, ox.RdfFormat.TURTLE, dict(prefixes)),
            (json_ld, ox.RdfFormat.JSON_LD, None),
        ):
            union.seek(0)
            triples = ox.parse(union, format=ox.RdfFormat.N_TRIPLES)
            ox.serialize(triples, str(path), format=kind, prefixes=named)


def subject(line: bytes) -> bytes:
    """Return what a line of N-Quads is about."""
    return line[: line.index(b" ")]


def _statements(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what lines of N-Quads about one thing state, each once, as lines of N-Triples."""
    found = {tuple(line[:-3].rpartition(b" ")[0].split(b" ", 2)) for line in lines}
    for statement in sorted(found, key=_reading_order):
        yield b"%b %b %b .\n" % statement


def _reading_order(statement: tuple[bytes, ...]) -> tuple[bool, bytes, bytes]:
    _, predicate, value = statement
    return predicate != _TYPE, predicate, value
