"""Forms: what the shapes say about each kind of thing, for readers of tables and makers of pages.

One property shape is one field. Nothing about a field is written in Python, so that a new
property is a new property shape and no more.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self


class FormsError(ValueError):
    """The shapes do not make complete forms; the message names the shape and what it lacks."""


@dataclass(frozen=True)
class Text:
    """The same words in Dutch and in English."""

    nl: str
    en: str

    def of(self, lang: str) -> str:
        """Return the words in one language; English is for every language but Dutch."""
        return self.nl if lang == "nl" else self.en


@dataclass(frozen=True)
class Group:
    """A section of a form or a page."""

    id: str
    name: Text
    help: Text
    order: float


@dataclass(frozen=True)
class Field:
    """One property of a kind of thing, as its property shape describes it.

    kind: text (with a language), string, integer, decimal, year, date, boolean, iri (any address)
        or thing (its `values` are the segments that it may point into).
    constant: the one value that every row has; such a field has no column.
    inverse: the triple runs from the value to the thing of the form.
    """

    id: str
    shape: str
    path: str
    inverse: bool
    name: Text
    help: Text
    message: Text
    kind: str
    languages: tuple[str, ...]
    values: tuple[str, ...]
    minimum: int
    maximum: int | None
    unique_language: bool
    datatype: str | None
    constant: str | None
    group: str
    order: float
    severity: str
    disclosure: str
    quasi_identifier: bool
    pattern: str | None

    def columns(self) -> tuple[str, ...]:
        """Return the headings of its columns in a table."""
        if self.constant is not None:
            return ()
        if self.kind == "text":
            return tuple(f"{self.id}_{language}" for language in self.languages)
        return (self.id,)


@dataclass(frozen=True)
class Form:
    """One kind of thing: a class with a table (`class_iri`), or the concepts of a `scheme`.

    computed: the build makes these things, so nobody fills in their table.
    """

    shape: str
    segment: str
    table: str
    class_iri: str | None
    scheme: str | None
    name: Text
    help: Text
    computed: bool
    fields: tuple[Field, ...]

    def columns(self) -> tuple[str, ...]:
        """Return the headings of its table, in order."""
        return ("id", *(column for field in self.fields for column in field.columns()))


@dataclass(frozen=True)
class Forms:
    """Every form, sorted by segment, and the groups that their fields stand in, by id."""

    forms: tuple[Form, ...]
    groups: dict[str, Group]

    def __iter__(self) -> Iterator[Form]:
        return iter(self.forms)

    def by_segment(self, segment: str) -> Form | None:
        """Return the form of the things at `id/{segment}/`."""
        return self._by_segment.get(segment)

    @cached_property
    def _by_segment(self) -> dict[str, Form]:
        # A page asks this for each of its links.
        return {form.segment: form for form in self.forms}

    def by_table(self, table: str) -> Form | None:
        """Return the form of the rows of a table."""
        return next((form for form in self.forms if form.table == table), None)

    def by_class(self, iri: str) -> Form | None:
        """Return the form of the instances of a class."""
        return next((form for form in self.forms if form.class_iri == iri), None)

    def pointing_at(self, segment: str) -> list[tuple[Form, Field]]:
        """Return the fields whose values may be things at `id/{segment}/`."""
        return [
            (form, field) for form in self.forms for field in form.fields if segment in field.values
        ]

    def to_json(self) -> str:
        """Return the forms as JSON, the same text for the same forms."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the forms that `to_json` wrote.

        Raises FormsError for forms that another version of the software wrote.
        """
        found = json.loads(text)
        try:
            groups = {name: _group(group) for name, group in found["groups"].items()}
            return cls(tuple(_form(form) for form in found["forms"]), groups)
        except (KeyError, TypeError) as error:
            raise FormsError(
                "the release was made by another version of the software; run `s4s build`"
            ) from error


def read(shapes: Path, base: str) -> Forms:
    """Read the forms from the Turtle files of a folder, with their base address replaced.

    Raises FormsError when a shape is not complete.
    """
    # The site reads forms.json of a release, and is to start without rdflib.
    from s4s_graph import form_reader

    return form_reader.read(shapes, base)


def _texts(found: dict[str, Any]) -> dict[str, Any]:
    texts = {"name", "help", "message"}
    return {key: Text(**value) if key in texts else value for key, value in found.items()}


def _group(found: dict[str, Any]) -> Group:
    return Group(**_texts(found))


def _field(found: dict[str, Any]) -> Field:
    lists = {key: tuple(found[key]) for key in ("languages", "values")}
    return Field(**(_texts(found) | lists))


def _form(found: dict[str, Any]) -> Form:
    return Form(**(_texts(found) | {"fields": tuple(map(_field, found["fields"]))}))
