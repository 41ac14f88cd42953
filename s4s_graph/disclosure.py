"""What may be published: the public part of the quads, and the part that stays behind."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from pyoxigraph import NamedNode, Quad, Triple

from s4s_graph.forms import Forms, Text
from s4s_graph.problems import Problem
from s4s_graph.shacl import Result

RESTRICTED = "restricted"

Told = TypeVar("Told", Problem, Result)


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


def secrets(quads: Iterable[Quad], forms: Forms) -> frozenset[str]:
    """Return the values of restricted properties as text."""
    objects = (quad.object for quad in restricted(quads, forms))
    return frozenset(value.value for value in objects if not isinstance(value, Triple))


def redacted(told: Iterable[Told], secrets: frozenset[str]) -> list[Told]:
    """Return results or problems as a report may show them: without repeating a secret."""

    def is_secret(item: Told) -> bool:
        value = item.value if isinstance(item.value, str | None) else item.value.value
        texts = (value or "", item.message.nl, item.message.en)
        return any(secret in text for secret in secrets for text in texts)

    return [
        replace(item, value=None, message=_WITHHELD) if is_secret(item) else item for item in told
    ]


_WITHHELD = Text(
    nl="Een waarde die niet openbaar is, voldoet niet; de uitvoer van de build zegt waarom.",
    en="A value that is not public does not conform; the output of the build says why.",
)
