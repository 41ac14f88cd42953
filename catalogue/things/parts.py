"""What the page of some kinds of thing shows beside its fields: a module for each such kind."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from catalogue.page import Page
from catalogue.rows import Record
from catalogue.things import casework, evidence, partnering, profiling, skilled, tested
from catalogue.views import Showing


class Part(Protocol):
    """A part of a page, read from the store but still without names."""

    @property
    def fields(self) -> frozenset[str]:
        """The fields of the thing that the part shows."""

    @property
    def pointing(self) -> frozenset[tuple[str, str]]:
        """What points at the thing and is shown by the part: a table, and its field."""

    def iris(self) -> Iterator[str]:
        """Yield everything that needs a name."""

    def shown(self, showing: Showing) -> object:
        """Return what the template of the kind shows."""


Reader = Callable[[Page, Record, Iterable[evidence.Found]], Part | None]
READERS: Mapping[str, Reader] = {
    "cases": casework.read,
    "companies": profiling.read,
    "configurations": tested.read,
    "findings": tested.read_finding,
    "organisations": partnering.read,
    "skills": skilled.read,
}


def read(page: Page, record: Record, found: Iterable[evidence.Found]) -> Part | None:
    """Return what the page of a thing shows beside its fields; None for most kinds."""
    reader = READERS.get(record.form.table)
    return reader(page, record, found) if reader else None
