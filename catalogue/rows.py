"""What page queries return, and what templates are given: frozen dataclasses, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass

from s4s_graph.forms import Form
from s4s_graph.store import Term

# Rows of page queries: one field a variable.


@dataclass(frozen=True)
class Fact:
    """One statement about the thing that was asked for."""

    property: str
    value: Term


@dataclass(frozen=True)
class ThingFact:
    """One statement about one of many things."""

    thing: str
    property: str
    value: Term


@dataclass(frozen=True)
class Thing:
    """One thing of a kind."""

    thing: str


@dataclass(frozen=True)
class Source:
    """A thing that points at the one that was asked for."""

    source: str


@dataclass(frozen=True)
class Sure:
    """How sure the link is with another thing."""

    other: str
    standing: str


@dataclass(frozen=True)
class Beside:
    """An intervention or kind that has to do with another, and how surely."""

    other: str
    standing: str | None


@dataclass(frozen=True)
class Grouped:
    """The level and the actor group of a condition."""

    condition: str
    level: str
    actor: str | None


@dataclass(frozen=True)
class TermFact:
    """One statement about a term of the ontology."""

    term: str
    type: str
    module: str
    property: str
    value: Term


# A thing as its form describes it.


@dataclass(frozen=True)
class Record:
    """One thing: the values of each field of its form, and the statements no field covers."""

    form: Form
    iri: str
    slug: str
    values: Mapping[str, tuple[Term, ...]]
    rest: tuple[Fact, ...] = ()


# What templates show.


@dataclass(frozen=True)
class Shown:
    """One value on a page; `lang` is set only where it is not the language of the page."""

    text: str
    lang: str | None = None
    href: str | None = None
    external: bool = False
    illustrative: bool = False


@dataclass(frozen=True)
class Property:
    """One field with the values to show, and how many more there are."""

    id: str
    name: Shown
    help: str
    values: tuple[Shown, ...]
    more: int = 0


@dataclass(frozen=True)
class Section:
    """The fields of one group."""

    id: str
    name: str
    help: str
    properties: tuple[Property, ...]


@dataclass(frozen=True)
class Links:
    """Things of one kind that point at the thing of the page by one field."""

    kind: str
    name: str
    values: tuple[Shown, ...]
    more: int = 0
    all_at: str | None = None  # the path of the page with all of them


@dataclass(frozen=True)
class Card:
    """A configuration in one picture: in this context, by this mechanism, to this outcome."""

    name: Shown
    statement: Shown | None
    actors: Property | None
    parts: Mapping[str, tuple[Property, ...]]
    notes: tuple[Property, ...]
    status: str | None
    valence: str | None  # the slug: it decides how the outcome is to be read


@dataclass(frozen=True)
class Line:
    """One thing in a list."""

    name: Shown
    summary: Shown | None
    tags: tuple[Property, ...]
    status: str | None
    confidence: str | None


@dataclass(frozen=True)
class Pages:
    """Which part of a long list a page shows, counted from 1; a part has `size` things."""

    page: int
    last: int
    total: int
    size: int
