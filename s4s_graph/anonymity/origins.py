"""Where a company is told of: the name of a graph is that of a file, which may be of one alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from s4s_graph.anonymity.grouping import Group
from s4s_graph.anonymity.profiles import Node, Profile, node

GRAPH = "graph/pseudonymous"  # of what is told of companies without saying where it stood


@dataclass(frozen=True)
class Moved:
    """A graph in which no file tells a company from those that look like it, and what changed.

    new: the statements that are in another graph now. companies: those that they are about.
    """

    quads: list[ox.Quad]
    new: frozenset[ox.Quad]
    companies: tuple[Node, ...]


def moved(quads: list[ox.Quad], groups: Iterable[Group], floor: int, base: str) -> Moved:
    """Move what is told of companies to one graph where too few of a group share their graphs.

    It is what is said of the companies, of what took place there and of what refers to that.
    """
    groups = list(groups)
    owners: dict[object, Node] = {
        thing: m.company for group in groups for m in group.members for thing in _things(m)
    }
    telling: dict[Node, set[Node]] = defaultdict(set)  # what tells of each company
    graphs: dict[Node, set[object]] = defaultdict(set)
    for quad in quads:
        owner = owners.get(quad.subject) or owners.get(quad.object)
        if owner is not None:
            telling[owner].add(node(quad.subject))
            graphs[owner].add(quad.graph_name)
    companies = tuple(sorted(_apart(groups, graphs, floor), key=str))
    if not companies:
        return Moved(quads, frozenset(), ())
    things = set().union(*(telling[company] for company in companies))
    hidden = ox.NamedNode(f"{base}{GRAPH}")
    new = {
        ox.Quad(quad.subject, quad.predicate, quad.object, hidden)
        for quad in quads
        if quad.subject in things
    }
    kept = [quad for quad in quads if quad.subject not in things]
    return Moved([*kept, *sorted(new, key=str)], frozenset(new), companies)


def _things(member: Profile) -> Iterator[Node]:
    """Yield a company and what took place there."""
    yield member.company
    yield from (fact for fact in member.facts.values() if not isinstance(fact, ox.Quad))


def _apart(
    groups: Iterable[Group], graphs: Mapping[Node, set[object]], floor: int
) -> Iterator[Node]:
    """Yield the companies of the groups in which some graphs are those of too few."""
    for group in groups:
        companies = [member.company for member in group.members]
        alike = Counter(frozenset(graphs[company]) for company in companies)
        if min(alike.values()) < floor:
            yield from companies
