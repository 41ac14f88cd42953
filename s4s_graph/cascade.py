"""Taking things out of a graph, with everything that cannot stand without them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from s4s_graph.forms import Field, Form, Forms

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

Thing = ox.NamedNode | ox.BlankNode
Said = tuple[Thing, str, bool]  # a thing, a property, and whether the thing is its object


@dataclass(frozen=True)
class Left:
    """What is left of a graph, and every thing that went."""

    quads: list[ox.Quad]
    gone: frozenset[Thing]


def without(quads: Iterable[ox.Quad], things: Iterable[Thing], forms: Forms, base: str) -> Left:
    """Return a graph without some things, what is said of them, and what depends on them.

    A thing depends on another when a field that has one value at most refers to it, or a field
    that must have a value has no other: a finding on its case, a case on its company. Of a field
    with several values only that value goes. Something else than what a form describes goes as
    soon as it refers to what went, since nothing says what it can do without; terms and shapes
    stay.
    """
    kept, fresh = list(quads), set(things)
    gone = set(fresh)
    if not fresh:
        return Left(kept, frozenset())
    rules = _Rules.of(kept, forms, base)
    while fresh:
        lost = [quad for quad in kept if _names(quad, fresh)]
        kept = [quad for quad in kept if not _names(quad, fresh)]
        fresh = rules.depending(lost, kept, gone)
        gone |= fresh
    return Left(kept, frozenset(gone))


def _names(quad: ox.Quad, things: set[Thing]) -> bool:
    return quad.subject in things or quad.object in things or quad.graph_name in things


@dataclass(frozen=True)
class _Rules:
    """What is known of things before any went: the form of each, and which are terms."""

    forms: dict[Thing, list[Form]]
    terms: set[Thing]

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], forms: Forms, base: str) -> "_Rules":
        known: dict[Thing, list[Form]] = defaultdict(list)
        terms: set[Thing] = set()
        model = (f"{base}graph/ontology/", f"{base}graph/shapes/")
        for quad in quads:
            graph = quad.graph_name
            if isinstance(graph, ox.NamedNode) and graph.value.startswith(model):
                terms.add(_thing(quad.subject))
            if quad.predicate == RDF_TYPE and isinstance(quad.object, ox.NamedNode):
                form = forms.by_class(quad.object.value)
                if form is not None:
                    known[_thing(quad.subject)].append(form)
        return cls(known, terms)

    def depending(
        self, lost: Iterable[ox.Quad], kept: Iterable[ox.Quad], gone: set[Thing]
    ) -> set[Thing]:
        """Return the things that cannot stand without the statements that were lost."""
        found: set[Thing] = set()
        open_: set[Said] = set()
        for said in _holders(lost):
            if said[0] in gone or said[0] in self.terms:
                continue
            fields = list(self.fields(said))
            if any(field.maximum == 1 for field in fields) or self.is_unknown(said):
                found.add(said[0])
            elif any(field.minimum for field in fields) or isinstance(said[0], ox.BlankNode):
                open_.add(said)
        if open_:
            found |= {said[0] for said in open_.difference(_stated(kept, open_))}
        return found

    def fields(self, said: Said) -> Iterator[Field]:
        thing, path, inverse = said
        for form in self.forms.get(thing, ()):
            yield from (f for f in form.fields if f.path == path and f.inverse == inverse)

    def is_unknown(self, said: Said) -> bool:
        return not said[2] and said[0] not in self.forms


def _holders(lost: Iterable[ox.Quad]) -> Iterator[Said]:
    for quad in lost:
        yield _thing(quad.subject), quad.predicate.value, False
        if isinstance(quad.object, ox.NamedNode | ox.BlankNode):
            yield quad.object, quad.predicate.value, True


def _stated(kept: Iterable[ox.Quad], wanted: set[Said]) -> set[Said]:
    """Return which of the wanted there still is a statement for."""
    return {said for quad in kept for said in _holders((quad,)) if said in wanted}


def _thing(node: object) -> Thing:
    if not isinstance(node, ox.NamedNode | ox.BlankNode):
        raise TypeError(f"{node} is no thing: statements about statements are refused when read")
    return node
