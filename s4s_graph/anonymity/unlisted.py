"""What no form lists of companies: nobody thought about whether it may be known.

A table has the columns of its form. A file of RDF can say anything, such as how many people a
company employs or that it is the same as one with a name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from s4s_graph.anonymity.profiles import Kinds
from s4s_graph.cascade import RDF_TYPE
from s4s_graph.forms import Form, Forms


@dataclass(frozen=True)
class _Listed:
    """What may be said of a kind of thing: by which properties, and by which others point at it."""

    kind: str
    said: Collection[str]
    pointing: Collection[str]

    @classmethod
    def of(cls, form: Form, forms: Forms) -> "_Listed":
        own = {field.path for field in form.fields if field.inverse}
        return cls(
            form.class_iri or "",
            {field.path for field in form.fields if not field.inverse},
            own | {field.path for _, field in forms.pointing_at(form.segment) if not field.inverse},
        )


def unlisted(
    quads: Iterable[ox.Quad], everything: Iterable[ox.Quad], forms: Forms, base: str
) -> Iterator[ox.Quad]:
    """Yield which quads say of a company, or what tells of one, what its form does not list.

    `everything` says which things these are.
    """
    kinds = Kinds.of(forms, base)
    if kinds is None:
        return
    known = _known(everything, [_Listed.of(form, forms) for form in kinds.telling])
    for quad in quads:
        for listed in known.get(quad.subject, ()):
            is_kind = quad.predicate == RDF_TYPE and quad.object == ox.NamedNode(listed.kind)
            if not (is_kind or quad.predicate.value in listed.said):
                yield quad
        for listed in known.get(quad.object, ()):
            if quad.predicate.value not in listed.pointing:
                yield quad


def _known(quads: Iterable[ox.Quad], closed: Iterable[_Listed]) -> dict[object, list[_Listed]]:
    kinds = {listed.kind: listed for listed in closed}
    known: dict[object, list[_Listed]] = defaultdict(list)
    for quad in quads:
        if quad.predicate != RDF_TYPE or not isinstance(quad.object, ox.NamedNode):
            continue
        if listed := kinds.get(quad.object.value):
            known[quad.subject].append(listed)
    return known
