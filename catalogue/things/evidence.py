"""The findings that a page shows: whichever field of a form says that they belong there.

A case and a study have findings that are from them, a configuration those that are on it, a source
those that rest on it; a mirror session discusses findings, and a version was prompted by some.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalogue.live import Release, query
from catalogue.rows import Record, Shown
from catalogue.things import telling
from catalogue.things.telling import Graded
from catalogue.things.understanding import Finding, side, slug
from catalogue.views import Showing
from s4s_graph.forms import Field, Form
from s4s_graph.store import Iri

PEEK = 30  # findings of one sort on a page
FINDINGS = "findings"
SAYS = ("supports", "contradicts", "refines")
# The page of an intervention shows findings with its configurations, those of a condition and of
# a mechanism with what names it.
ELSEWHERE = {"interventions", "conditions", "mechanisms"}


@dataclass(frozen=True)
class Said(Finding):
    """A row of the query: a finding with its text, and what the configuration it is on says."""

    said: str | None = None
    statement: str | None = None
    valence: str | None = None


@dataclass(frozen=True)
class Found:
    """The findings that belong to a thing by some fields, before they have names.

    `field` is the thing's own; None where the findings are what points at it.
    """

    field: Field | None
    rows: tuple[Said, ...]


@dataclass(frozen=True)
class Entry:
    """One finding on a page: its name, what it found, and on which configuration."""

    graded: Graded
    said: str | None
    configuration: Shown
    statement: str | None
    company: Shown | None


@dataclass(frozen=True)
class Evidence:
    """Findings by what they say of their configuration; `name` is that of the thing's own field."""

    name: str | None
    groups: tuple[tuple[str, tuple[Entry, ...]], ...]  # supports, contradicts, refines
    more: bool

    @property
    def total(self) -> int:
        """How many findings are shown."""
        return sum(len(entries) for _, entries in self.groups)


def pointing(release: Release, record: Record) -> list[tuple[Form, Field]]:
    """Return the fields by which findings belong to a thing of this kind."""
    form = record.form
    if not form.class_iri or form.table in ELSEWHERE:
        return []
    found = release.forms.pointing_at(form.segment)
    return [(one, field) for one, field in found if one.table == FINDINGS]


def read(release: Release, record: Record, lang: str) -> list[Found]:
    """Return the findings that belong to a thing, by its own fields and by theirs."""
    found = []
    if fields := [field for _, field in pointing(release, record)]:
        every = (asked(release, "findings_pointing", record.iri, f, lang) for f in fields)
        found.append(Found(None, tuple(row for rows in every for row in rows)))
    if record.form.table not in ELSEWHERE:
        own = [field for field in record.form.fields if field.values == ("finding",)]
        named = [field for field in own if record.values[field.id]]
        found += [
            Found(f, tuple(asked(release, "findings_pointed", record.iri, f, lang))) for f in named
        ]
    return [item for item in found if item.rows or item.field is None]


def asked(release: Release, name: str, iri: str, field: Field, lang: str) -> list[Said]:
    """Return the findings that a query has for a thing and a field, in the order of their ids."""
    params = {"thing": Iri(iri), "how": Iri(field.path)}
    found = release.store.select(query(name), Said, **params, lang=lang)
    return sorted(found, key=lambda row: (row.finding, row.configuration, row.case or ""))


def iris(rows: Iterable[Said]) -> Iterator[str]:
    """Yield everything that needs a name."""
    for row in rows:
        yield from (row.finding, row.configuration)
        yield from filter(None, (row.case, row.study, row.company, row.activation))


def shown(showing: Showing, found: Iterable[Found], lang: str) -> tuple[Evidence, ...]:
    """Return the findings with names."""
    return tuple(
        Evidence(
            item.field.name.of(lang) if item.field else None,
            tuple(groups(showing, item.rows[:PEEK])),
            len(item.rows) > PEEK,
        )
        for item in found
    )


def groups(showing: Showing, rows: Iterable[Said]) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """Yield what findings say, and those that say so, sorted by their names."""
    entries = [entry(showing, row) for row in rows]
    entries.sort(key=lambda one: one.graded.name.text.casefold())
    for says in SAYS:
        if of := tuple(one for one in entries if one.graded.says == says):
            yield says, of


def entry(showing: Showing, row: Said) -> Entry:
    """Return one finding with names."""
    return Entry(
        telling.graded(showing, row, side(slug(row.valence), row.says)),
        row.said,
        showing.thing(row.configuration),
        row.statement,
        showing.thing(row.company) if row.company else None,
    )
