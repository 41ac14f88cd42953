"""A coding project: what of REFI-QDA means something to us.

Guids are in lower case and without braces, however a program writes them. Of texts only memos,
descriptions and names are here, and quotations if someone asked for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Code:
    """A code; `path` are the names of the codes above it, `parent` the guid of the nearest."""

    guid: str
    name: str
    description: str
    is_codable: bool
    parent: str | None
    path: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A case; `values` are its variables by name, `codes` what is coded on it as a whole."""

    guid: str
    name: str
    values: Mapping[str, str]
    codes: tuple[str, ...]
    sources: tuple[str, ...]
    selections: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """An interview, a document, a recording; its name is left out, it may be that of a person."""

    guid: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Passage:
    """A coded part of a source, or a source coded as a whole.

    address: the guid of the source as a URN, and the part of it as a fragment.
    """

    source: str
    selection: str | None
    address: str
    codes: tuple[str, ...]
    notes: tuple[str, ...]
    quotation: str | None


@dataclass(frozen=True)
class Note:
    """A memo; `text` is empty if it was not asked for, or is not in the project."""

    guid: str
    text: str


@dataclass(frozen=True)
class Set:
    """A set of codes, sources and notes, as a program calls a group."""

    guid: str
    name: str
    description: str
    codes: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """A link between two things; `is_directed` if it goes from the origin to the target only."""

    guid: str
    name: str
    is_directed: bool
    origin: str
    target: str


@dataclass(frozen=True)
class Project:
    """A project, or a codebook, which has nothing but codes and sets.

    others: how many elements there were of each kind that means nothing to us. wrong: guids that
    are none, each with the kind and name of the element that has it.
    """

    codes: tuple[Code, ...]
    cases: tuple[Case, ...]
    sources: tuple[Source, ...]
    passages: tuple[Passage, ...]
    notes: tuple[Note, ...]
    sets: tuple[Set, ...]
    links: tuple[Link, ...]
    others: Mapping[str, int]
    wrong: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Self:
        """Return the project that `dataclasses.asdict` made plain, and that went through JSON."""
        kinds = {
            "codes": Code,
            "cases": Case,
            "sources": Source,
            "passages": Passage,
            "notes": Note,
            "sets": Set,
            "links": Link,
        }
        parts: dict[str, Any] = {
            name: tuple(kind(**{k: _tuples(v) for k, v in item.items()}) for item in found[name])
            for name, kind in kinds.items()
        }
        return cls(**parts, others=found["others"], wrong=_tuples(found["wrong"]))


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
