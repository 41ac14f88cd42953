"""What a release lacks though no rule forbids it: found once, for all readers of the release."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from catalogue.live import Release, query
from s4s_graph.store import Iri, Term

# In this order on the page. Each is a query of that name.
CHECKS = (
    "untranslated",
    "undefined",
    "unevidenced",
    "unexplained",
    "unnamed",
    "unused",
)


@dataclass(frozen=True)
class Missing:
    """A thing that lacks something.

    field: the property that lacks it, or that `value` is one of. value: the language there is, or
    what the thing points at.
    """

    thing: str
    field: str | None
    value: Term | None


def missing(release: Release) -> Mapping[str, tuple[Missing, ...]]:
    """Return what is missing, by check; of 10,000 interventions it takes seconds to find."""
    return release.computed.keep(
        "missing", lambda: {check: tuple(_found(release, check)) for check in CHECKS}
    )


def _found(release: Release, check: str) -> Iterator[Missing]:
    text, store = query(f"quality_{check}"), release.store
    # One property at a time: the store then reads an index instead of all there is.
    fields = _translated(release) if check == "untranslated" else [None]
    for field in fields:
        given = {"field": Iri(field)} if field else {}
        rows = store.select(text, Missing, **given)
        # What others lack in their vocabularies is not ours to repair.
        ours = (row for row in rows if row.thing.startswith(release.base))
        yield from sorted(ours, key=lambda row: (row.thing, row.field or "", repr(row.value)))


def _translated(release: Release) -> list[str]:
    """Return the properties that have one text in each of our languages."""
    fields = (field for form in release.forms for field in form.fields)
    both = {f.path for f in fields if len(f.languages) > 1 and f.unique_language}
    return sorted(both)
