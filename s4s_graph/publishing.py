"""A release put at an engine for many readers, beside the releases that are there.

Each graph is sent, counted there, and sent again as a whole if the count is not right: so a
publication that broke off goes on where it was, and one that was done does nothing. Readers see
nothing of it until one statement says that the release is complete and the current one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import dumps, release
from s4s_graph.engines.naming import Names
from s4s_graph.engines.writer import Writer, WritingError
from s4s_graph.forms import Text
from s4s_graph.progress import COUNT, SEND, SWITCH, Progress, quiet


class RestrictedError(Exception):
    """A release with what is not public; `message` says so."""

    def __init__(self, folder: Path) -> None:
        self.message = Text(
            nl=f"{folder} bevat wat niet openbaar is en wordt niet gepubliceerd",
            en=f"{folder} holds what is not public, and is not published",
        )
        super().__init__(self.message.en)


@dataclass(frozen=True)
class Published:
    """What was done: the id of the release, its graphs, those sent now, and the sets removed."""

    id: str
    graphs: int
    sent: int
    statements: int
    removed: tuple[str, ...]


class Release:
    """The graphs of a release on disk, as they are to be at an engine."""

    def __init__(self, folder: Path) -> None:
        """Open a release. Raises ReleaseError, and RestrictedError for one that is not public."""
        manifest = release.read_manifest(folder / release.MANIFEST)
        if manifest.is_restricted:
            raise RestrictedError(folder)
        self._dump = folder / release.N_QUADS
        self._store = ox.Store.read_only(str(folder / release.STORE))
        own = f"{manifest.base}graph/"
        graphs = {_name(graph): graph for graph in self._store.named_graphs()}
        foreign = frozenset(name for name in graphs if not name.startswith(own))
        self.names = Names(manifest.base, manifest.id, foreign)
        self._graphs = {self.names.there(name): graphs[name] for name in sorted(graphs)}

    def graphs(self) -> list[str]:
        """Return the names of all graphs there, the one with everything last."""
        return [*self._graphs, self.names.all]

    def size(self, graph: str) -> int:
        """Count the statements of a graph."""
        return sum(1 for _ in self._quads(graph))

    def lines(self, graph: str) -> Iterator[str]:
        """Yield the statements of a graph as N-Triples, each once."""
        change = self.names.published
        for quad in self._quads(graph):
            yield f"{change(quad.subject)} {change(quad.predicate)} {change(quad.object)} .\n"

    def _quads(self, graph: str) -> Iterator[ox.Quad]:
        if graph != self.names.all:
            yield from self._store.quads_for_pattern(None, None, None, self._graphs[graph])
            return
        # The dump has all that is said of a thing in one place, also where several graphs do.
        found = 0
        for subject, _ in groupby(dumps.read([self._dump]), key=attrgetter("subject")):
            stated = list(self._store.quads_for_pattern(subject, None, None, None))
            found += len(stated)
            yield from {quad.triple: quad for quad in stated}.values()
        if found != len(self._store):
            raise release.ReleaseError(
                f"the dump and the store of {self._dump.parent.parent} do not say the same; "
                "run `s4s build` again"
            )


def publish(folder: Path, writer: Writer, *, keep: int, progress: Progress = quiet) -> Published:
    """Put a release at an engine, make it the current one, and remove all but `keep` sets.

    Raises ReleaseError or RestrictedError for a release that cannot be published, and
    WritingError when the engine does not do it; the release that was current there then still is.
    """
    source = Release(folder)
    names, graphs = source.names, source.graphs()
    parts = ", ".join(f"<{graph}>" for graph in graphs)
    writer.update("announce", pointer=names.pointer, set=names.set, parts=parts)
    sizes = {}
    for number, graph in enumerate(graphs):
        progress(COUNT, number, len(graphs))
        sizes[graph] = source.size(graph)
    waiting = [graph for graph in graphs if writer.count(graph) != sizes[graph]]
    _send(source, writer, waiting, sizes, progress)
    progress(SWITCH, 0, 1)
    if wrong := {g: n for g in graphs if (n := writer.count(g)) != sizes[g]}:
        graph, count = next(iter(wrong.items()))
        raise WritingError(_wrong(graph, count, sizes[graph]))
    _switch(writer, names)
    removed = tuple(_prune(writer, names, keep))
    progress(SWITCH, 1, 1)
    return Published(names.id, len(graphs), len(waiting), sum(sizes.values()), removed)


def _send(
    source: Release,
    writer: Writer,
    graphs: list[str],
    sizes: dict[str, int],
    progress: Progress,
) -> None:
    done, total = 0, sum(sizes[graph] for graph in graphs)
    for graph in graphs:
        for number in writer.replace(graph, source.lines(graph)):
            done += number
            progress(SEND, done, max(total, 1))


def _switch(writer: Writer, names: Names) -> None:
    moment = datetime.now(UTC).isoformat(timespec="milliseconds")
    writer.update("switch", pointer=names.pointer, set=names.set, all=names.all, moment=moment)
    if writer.rows("current", pointer=names.pointer) != [(names.set,)]:
        raise WritingError(_not_switched(names.set))


def _prune(writer: Writer, names: Names, keep: int) -> Iterator[str]:
    """Remove the sets that broke off and the oldest ones; yield their ids."""
    complete = writer.rows("complete", pointer=names.pointer)
    newest_first = sorted(complete, key=lambda row: datetime.fromisoformat(row[1]), reverse=True)
    kept = {names.set, *[name for name, _ in newest_first if name != names.set][: keep - 1]}
    for (name,) in sorted(writer.rows("sets", pointer=names.pointer)):
        if name not in kept:
            _remove(writer, names.pointer, name)
            yield name.rpartition("/")[2]


def _remove(writer: Writer, pointer: str, name: str) -> None:
    writer.update("withdraw", pointer=pointer, set=name)
    for (graph,) in writer.rows("parts", pointer=pointer, set=name):
        writer.update("drop", graph=graph)
    writer.update("forget", pointer=pointer, set=name)


def _name(graph: ox.NamedNode | ox.BlankNode) -> str:
    return graph.value if isinstance(graph, ox.NamedNode) else str(graph)


def _wrong(graph: str, there: int, sent: int) -> Text:
    return Text(
        nl=f"{graph} heeft bij de engine {there:,} uitspraken in plaats van {sent:,}; de vorige "
        "release blijft de huidige. Geef hetzelfde commando nog eens",
        en=f"{graph} has {there:,} statements at the engine instead of {sent:,}; the release "
        "before it stays the current one. Give the same command again",
    )


def _not_switched(name: str) -> Text:
    return Text(
        nl=f"{name} is er, maar de engine heeft hem niet de huidige gemaakt; de vorige blijft de "
        "huidige",
        en=f"{name} is there, but the engine did not make it the current one; the one before "
        "stays the current one",
    )
