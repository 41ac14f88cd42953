"""Checking only what a change can affect, with the results that a check of all would give."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH

from s4s_graph.shacl import compiled, inference
from s4s_graph.shacl.compiled import Engine
from s4s_graph.shacl.paths import Path, Step, UnsupportedError
from s4s_graph.shacl.reach import Reach, seen
from s4s_graph.shacl.results import OxTerm, Report, order
from s4s_graph.shacl.rules import Rules
from s4s_graph.shacl.shapes import Shape
from s4s_graph.shacl.terms import Lexicon, name
from s4s_graph.shacl.view import Triple, View

_TYPE = Step(str(RDF.type))


@dataclass(frozen=True)
class Change:
    """A graph before and after: one of the two in a store, and how the other differs.

    The terms are those of a lexicon. is_after: whether the store holds what is there now.
    counts: tells of a named graph of the store whether it is part of what is checked.
    """

    store: ox.Store
    came: Set[Triple]
    went: Set[Triple]
    is_after: bool
    counts: Callable[[str], bool] = field(default=lambda graph: True)

    def before(self, plus: Iterable[Triple] = ()) -> View:
        """Return the graph as it was, with some triples more."""
        if self.is_after:
            return View(self.store, self.came, {*self.went, *plus}, self.counts)
        return View(self.store, (), set(plus), self.counts)

    def after(self, plus: Iterable[Triple] = ()) -> View:
        """Return the graph as it is, with some triples more."""
        if self.is_after:
            return View(self.store, (), set(plus), self.counts)
        return View(self.store, self.went, {*self.came, *plus}, self.counts)

    def both(self, plus: Iterable[Triple] = ()) -> View:
        """Return all that was and is there, with some triples more."""
        other = self.went if self.is_after else self.came
        return View(self.store, (), {*other, *plus}, self.counts)


@dataclass(frozen=True)
class Partial:
    """The results for the nodes of which a shape may say something else than before.

    affected: these nodes, by the name of the shape.
    """

    report: Report
    affected: Mapping[str, Set[str]]


def partial(change: Change, prepared: Rules, lexicon: Lexicon) -> Partial:
    """Check what a change can affect.

    Raises UnsupportedError when it cannot be told of some shape: then all has to be checked.
    """
    earlier = _inferred(change.before(), prepared, lexicon)
    later = _inferred(change.after(), prepared, lexicon)
    changed = {*change.came, *change.went, *(earlier ^ later)}
    reach, now = Reach(changed, change.both(earlier | later)), change.after(later)
    affected: dict[Shape, set[OxTerm]] = {}
    fragment: set[Triple] = set()
    for root in compiled.roots(prepared):
        _must_tell_of_its_own(root)
        nodes = reach.affected(root) if root.is_active else set[OxTerm]()
        if nodes:
            affected[root] = nodes
            fragment |= seen(root, nodes, now)
    engine = _engine(fragment, now, prepared, lexicon)
    names = {root: {name(node) for node in nodes} for root, nodes in affected.items()}
    found = {
        result
        for root in affected
        for result in engine.results(root)
        if result.focus in names[root]
    }
    report = Report(tuple(sorted(found, key=order)), "sparql")
    return Partial(report, {root.name: nodes for root, nodes in names.items()})


def _must_tell_of_its_own(root: Shape) -> None:
    """Refuse a shape whose results are about other nodes than its own."""
    for shape in root.below():
        if shape.path is not None and shape.values(SH.property):
            raise UnsupportedError("a property of a value")


def _inferred(view: View, prepared: Rules, lexicon: Lexicon) -> set[Triple]:
    """Return what rules add to a graph, from what the nodes that they are about can see."""
    found: set[Triple] = set()
    for shape, rule in inference.rules(prepared.graph):
        classes = shape.values(SH.targetClass)
        if not classes or len(classes) < len(list(shape.targets())):
            raise UnsupportedError("a rule that is not about the things of a class")
        nodes = {
            one[0]
            for above in classes
            for kind in _with_subclasses(str(above), view)
            for one in view.where(_TYPE, ox.NamedNode(kind))
        }
        fragment = seen(shape, nodes, view)
        for path in inference.ends(shape.graph, rule):
            view.walk(path, nodes, fragment)
        for condition in shape.graph.objects(rule, SH.condition):
            fragment |= seen(Shape(condition, shape.graph), nodes, view)
        engine = _engine(fragment, view, prepared, lexicon)
        for _, triple in inference.inferred(engine, shape, rule):
            if isinstance(triple.object, ox.Triple) or isinstance(triple.subject, ox.Triple):
                continue
            found.add((triple.subject, triple.predicate, triple.object))
    return found


def _engine(fragment: set[Triple], view: View, prepared: Rules, lexicon: Lexicon) -> Engine:
    store = ox.Store()
    subclasses = view.where(Step(str(RDFS.subClassOf)))
    for subject, predicate, value in {*fragment, *subclasses}:
        if not isinstance(subject, ox.Literal):
            store.add(ox.Quad(subject, predicate, value))
    return Engine(store, lexicon, prepared)


def _with_subclasses(above: str, view: View) -> set[str]:
    path: Path = Step(str(RDFS.subClassOf), inverse=True)
    found, new = {above}, {above}
    while new:
        nodes = view.walk(path, {ox.NamedNode(one) for one in new})
        new = {node.value for node in nodes} - found
        found |= new
    return found
