"""The mapping sets of a build held beside each other: which candidates are still open."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

import pyoxigraph as ox

from s4s_graph.forms import Text
from s4s_graph.mappings.quads import status_of
from s4s_graph.mappings.sets import ACCEPTED, CANDIDATE, REJECTED, SUFFIX, Pair, name_of
from s4s_graph.mappings.slots import OF_MAPPING
from s4s_graph.problems import Cell, Problem
from s4s_graph.sources import Source

_SOURCE = ox.NamedNode(OF_MAPPING["subject_id"].path)
_TARGET = ox.NamedNode(OF_MAPPING["object_id"].path)


def settled(read: Sequence[Source], base: str) -> list[Source]:
    """Return the sources without the candidates on whose pair some set decides.

    A mapping of something invented is invented itself. Two files with sets of one name are a
    problem of the second: they would share a graph.
    """
    status = (ox.NamedNode(f"{base}def#dataStatus"), illustrative(base))
    invented = {
        quad.subject.value
        for source in read
        for quad in source.quads
        if (quad.predicate, quad.object) == status and isinstance(quad.subject, ox.NamedNode)
    }
    known = {pair for source in read for _, pair in _pairs(source, base, (ACCEPTED, REJECTED))}
    files: dict[str, str] = {}
    kept = []
    for source in read:
        closed = {node for node, pair in _pairs(source, base, (CANDIDATE,)) if pair in known}
        if closed:
            quads = [quad for quad in source.quads if quad.subject not in closed]
            cells = {t: cell for t, cell in source.cells.items() if t.subject not in closed}
            source = replace(source, quads=quads, cells=cells)
        if source.name.endswith(SUFFIX):
            first = files.setdefault(name_of(source.name), source.name)
            if first != source.name:
                source.problems.append(Problem.at(Cell(source.name), _taken(first)))
            made_up = {q.subject: q.graph_name for q in source.quads if _is_of(q, invented)}
            marks = (ox.Quad(node, *status, graph) for node, graph in made_up.items())
            source = replace(source, quads=[*source.quads, *marks])
        kept.append(source)
    return kept


def _pairs(source: Source, base: str, statuses: Iterable[str]) -> Iterator[tuple[object, Pair]]:
    """Yield the nodes of a mapping set that have one of the statuses, each with its pair."""
    if not source.name.endswith(SUFFIX):
        return
    wanted = {status_of(status, base) for status in statuses}
    ends: defaultdict[object, dict[object, str]] = defaultdict(dict)
    chosen = []
    for quad in source.quads:
        if quad.predicate in (_SOURCE, _TARGET) and isinstance(quad.object, ox.NamedNode):
            ends[quad.subject][quad.predicate] = quad.object.value
        elif quad.object in wanted:
            chosen.append(quad.subject)
    for node in chosen:
        yield node, (ends[node][_SOURCE], ends[node][_TARGET])


def illustrative(base: str) -> ox.NamedNode:
    """Return the data status of what was invented."""
    return ox.NamedNode(f"{base}id/data-status/illustrative")


def _is_of(quad: ox.Quad, things: Set[str]) -> bool:
    return (
        quad.predicate in (_SOURCE, _TARGET)
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in things
    )


def _taken(file: str) -> Text:
    return Text(
        nl=f"{file} heeft dezelfde naam; geef elke set een eigen naam",
        en=f"{file} has the same name; give each set a name of its own",
    )
