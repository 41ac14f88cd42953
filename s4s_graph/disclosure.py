"""What may be published: the public part of the quads, and the part that stays behind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from s4s_graph import cascade
from s4s_graph.anonymity.unlisted import unlisted
from s4s_graph.cascade import RDF_TYPE, Thing
from s4s_graph.forms import Forms, Text
from s4s_graph.problems import Problem
from s4s_graph.shacl import Result
from s4s_graph.sources import Source

RESTRICTED = "restricted"
_RIGHTS = NamedNode("http://purl.org/dc/terms/accessRights")

Told = TypeVar("Told", Problem, Result)


@dataclass(frozen=True)
class Split:
    """What may be published, what may not, and the things that the public part knows nothing of."""

    public: list[Quad]
    restricted: list[Quad]
    gone: frozenset[Thing]


def is_restricted(source: Source) -> bool:
    """Tell whether all of a file is restricted: it lies below a folder of that name."""
    return RESTRICTED in PurePosixPath(source.name).parts[:-1]


def split(read: Sequence[Source], recorded: Iterable[Quad], forms: Forms, base: str) -> Split:
    """Part what people recorded.

    Restricted are the values of restricted properties, the things and the named graphs that say
    so themselves, what a restricted file says, what no form lists of a company, and everything
    that cannot stand without these.
    """
    recorded = list(recorded)
    marked = marked_things(recorded, base)
    confidential = {quad for source in read if is_restricted(source) for quad in source.quads}
    if confidential:
        confidential -= {quad for s in read if not is_restricted(s) for quad in s.quads}
    confidential |= set(in_graphs(recorded, marked, base))
    free = [quad for source in read if not source.layouts for quad in source.quads]
    stray = set(unlisted(free, recorded, forms, base))
    marked |= {quad.object for quad in stray if isinstance(quad.object, BlankNode)}
    confidential |= stray
    open_ = [quad for quad in recorded if quad not in confidential] if confidential else recorded
    left = cascade.without(open_, marked | only_there(confidential, open_), forms, base)
    kept = public(left.quads, forms)
    return Split(kept, missing(recorded, kept), left.gone)


def missing(quads: Iterable[Quad], kept: Iterable[Quad]) -> list[Quad]:
    """Return which of the quads were not kept; those that were are the same objects, in order."""
    rest = iter(kept)
    expected, found = next(rest, None), []
    for quad in quads:
        if quad is expected:
            expected = next(rest, None)
        else:
            found.append(quad)
    return found


def marked_things(quads: Iterable[Quad], base: str) -> set[Thing]:
    """Return the things and the graphs that say of themselves that they are restricted."""
    value = NamedNode(f"{base}id/disclosure/{RESTRICTED}")
    return {
        quad.subject
        for quad in quads
        if quad.predicate == _RIGHTS
        and quad.object == value
        and isinstance(quad.subject, NamedNode | BlankNode)
    }


def in_graphs(quads: Iterable[Quad], marked: set[Thing], base: str) -> Iterable[Quad]:
    """Yield what stands in a marked graph, or in that of a sheet of a marked workbook."""
    graphs = tuple(
        thing.value
        for thing in marked
        if isinstance(thing, NamedNode) and thing.value.startswith(f"{base}graph/")
    )
    for quad in quads if graphs else ():
        name = f"{getattr(quad.graph_name, 'value', '')}/"
        if name.startswith(tuple(f"{graph}/" for graph in graphs)):
            yield quad


def only_there(confidential: Iterable[Quad], public: Iterable[Quad]) -> set[Thing]:
    """Return the things that restricted statements describe and no public one does."""

    def described(quads: Iterable[Quad]) -> tuple[set[Thing], set[Thing]]:
        stated: set[Thing] = set()
        typed: set[Thing] = set()
        for quad in quads:
            if isinstance(quad.subject, NamedNode | BlankNode):
                stated.add(quad.subject)
                if quad.predicate == RDF_TYPE:
                    typed.add(quad.subject)
        return stated, typed

    stated, typed = described(confidential)
    if not stated:
        return set()
    also_stated, also_typed = described(public)
    return (stated - also_stated) | (typed - also_typed)


def restricted_paths(forms: Forms) -> frozenset[str]:
    """Return the properties that some form restricts.

    A property that is restricted for one kind of thing is restricted for all: what a thing is
    can be left out or mistaken in the data, and then its values must not get out.
    """
    return frozenset(
        field.path for form in forms for field in form.fields if field.disclosure == RESTRICTED
    )


def public(quads: Iterable[Quad], forms: Forms) -> list[Quad]:
    """Return the quads without the values of restricted properties."""
    paths = restricted_paths(forms)
    return [quad for quad in quads if quad.predicate.value not in paths]


def restricted(quads: Iterable[Quad], forms: Forms) -> list[Quad]:
    """Return the quads that `public` leaves out."""
    paths = restricted_paths(forms)
    return [quad for quad in quads if quad.predicate.value in paths]


def without_illustrative(quads: Iterable[Quad], base: str) -> list[Quad]:
    """Return the quads without the invented things and without what is said of them."""
    kept = list(quads)
    status, illustrative = f"{base}def#dataStatus", f"{base}id/data-status/illustrative"
    invented = {
        quad.subject
        for quad in kept
        if quad.predicate.value == status
        and isinstance(quad.object, NamedNode)
        and quad.object.value == illustrative
    }
    return [quad for quad in kept if invented.isdisjoint((quad.subject, quad.object))]


def secrets(found: Split, forms: Forms) -> frozenset[str]:
    """Return what no report may repeat, as text.

    That is the values of restricted properties; of the things that are gone, also their ids and
    whatever else is said of them and nowhere in public.
    """
    paths = restricted_paths(forms)
    values = {
        quad.object.value
        for quad in found.restricted
        if quad.predicate.value in paths and not isinstance(quad.object, Triple)
    }
    hidden = {
        quad.object.value
        for quad in found.restricted
        if isinstance(quad.object, Literal) and quad.predicate.value not in paths
    }
    if hidden:
        hidden -= {q.object.value for q in found.public if isinstance(q.object, Literal)}
    ids = {thing.value.rpartition("/")[2] for thing in found.gone if isinstance(thing, NamedNode)}
    return frozenset(values | hidden | ids)


def redacted(
    told: Iterable[Told], secrets: frozenset[str], gone: frozenset[Thing] = frozenset()
) -> list[Told]:
    """Return results or problems as a report may show them: without repeating a secret.

    What is about a thing that is gone is left out altogether.
    """
    hidden = {thing.value if isinstance(thing, NamedNode) else str(thing) for thing in gone}

    def is_secret(item: Told) -> bool:
        value = item.value if isinstance(item.value, str | None) else item.value.value
        texts = (value or "", item.message.nl, item.message.en)
        return any(secret in text for secret in secrets for text in texts)

    return [
        replace(item, value=None, message=_WITHHELD) if is_secret(item) else item
        for item in told
        if item.focus not in hidden
    ]


_WITHHELD = Text(
    nl="Een waarde die niet openbaar is, voldoet niet; de uitvoer van de build zegt waarom.",
    en="A value that is not public does not conform; the output of the build says why.",
)
