"""Who needs, hinders, brings about or undermines a condition; who uses a mechanism, and where.

From the configurations that name it and the findings on those: a part of its page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from catalogue.live import Release, query
from catalogue.rows import Record, Shown
from catalogue.things.understanding import Finding, slug
from catalogue.views import Showing
from s4s_graph.store import Iri

MOST = 100  # configurations that name a thing in one way
PEEK = 12  # of those that are on its page

Past = Literal["rejected", "revised"]
# In which ways a configuration can name a thing, in the order of the page.
WAYS = {
    "conditions": ("hasContext", "hinderedBy", "hasOutcome", "undermines"),
    "mechanisms": ("hasMechanism",),
}


@dataclass(frozen=True)
class Use:
    """A row of the query: a configuration, and what it is about."""

    configuration: str
    intervention: str | None
    kind: str | None
    valence: str | None
    status: str | None
    later: str | None  # the configuration that revised it

    @property
    def past(self) -> Past | None:
        """Whether it is no longer claimed: rejected, or revised."""
        if slug(self.status) == "verworpen":
            return "rejected"
        return "revised" if self.later else None

    @property
    def subject(self) -> str:
        """The intervention, or the kind, that it is about; itself where that is not stated."""
        return self.intervention or self.kind or self.configuration


@dataclass(frozen=True)
class Uses:
    """The configurations that name a thing in one way, with the findings on them."""

    way: str  # hasOutcome is "stays-away" where the outcome does not appear
    rows: tuple[Use, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Place:
    """A finding's place: where a mechanism was at work, or was not."""

    finding: Shown
    activation: Shown | None


@dataclass(frozen=True)
class User:
    """What uses a thing, by which configuration, with real and invented findings apart."""

    subject: Shown
    is_kind: bool
    configuration: Shown
    past: Past | None
    counts: tuple[tuple[bool, int, int, int], ...]  # invented; supports, contradicts, refines
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Users:
    """All that use a thing in one way, and how many more there are."""

    way: str
    users: tuple[User, ...]
    more: bool


def read(release: Release, record: Record) -> list[Uses]:
    """Return how configurations name a condition or a mechanism; nothing for other things."""
    return [
        found
        for way in WAYS.get(record.form.table, ())
        for found in _uses(release, record, way)
        if found.rows
    ]


def _uses(release: Release, record: Record, way: str) -> Iterator[Uses]:
    how = Iri(f"{release.base}def#{way}")
    select = release.store.select
    rows = select(query("understand_uses"), Use, thing=Iri(record.iri), how=how)
    rows = [row for row in rows if row.intervention or row.kind]
    findings = tuple(
        select(query("understand_findings"), Finding, subject=Iri(record.iri), about=how)
        if rows
        else ()
    )
    away = [row for row in rows if way == "hasOutcome" and slug(row.valence) == "uitblijvend"]
    yield Uses(way, tuple(row for row in rows if row not in away), findings)
    yield Uses("stays-away", tuple(away), findings)


def iris(found: Iterable[Uses]) -> Iterator[str]:
    """Yield everything that needs a name."""
    for uses in found:
        for row in uses.rows:
            yield from (row.configuration, row.subject)
        if uses.way == "hasMechanism":
            for finding in uses.findings:
                yield finding.finding
                yield from filter(None, (finding.activation,))


def shown(showing: Showing, found: Iterable[Uses]) -> tuple[Users, ...]:
    """Return who uses a thing with names: what holds now first, interventions before kinds."""
    return tuple(_shown(showing, uses) for uses in found)


def _shown(showing: Showing, uses: Uses) -> Users:
    users = [_user(showing, uses, row) for row in uses.rows]
    users.sort(
        key=lambda u: (
            u.past is not None,
            u.is_kind,
            u.subject.text.casefold(),
            u.configuration.text,
        )
    )
    return Users(uses.way, tuple(users[:PEEK]), len(users) > PEEK)


def _user(showing: Showing, uses: Uses, row: Use) -> User:
    of = [f for f in uses.findings if f.configuration == row.configuration]
    places = of if uses.way == "hasMechanism" else []
    return User(
        subject=showing.thing(row.subject),
        is_kind=row.intervention is None,
        configuration=showing.thing(row.configuration),
        past=row.past,
        counts=tuple(_counts(of)),
        places=tuple(
            Place(showing.thing(f.finding), showing.thing(f.activation) if f.activation else None)
            for f in sorted(places, key=lambda f: f.finding)
        ),
    )


def _counts(findings: list[Finding]) -> Iterator[tuple[bool, int, int, int]]:
    for invented in (False, True):
        says = [f.says for f in findings if f.invented is invented]
        if says:
            supports, contradicts = says.count("supports"), says.count("contradicts")
            yield invented, supports, contradicts, len(says) - supports - contradicts
