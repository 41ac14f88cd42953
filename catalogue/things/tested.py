"""The page of a configuration: its history, its rivals, the cases that contradict each other.

And of a finding: the configuration that it is on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from catalogue import records, views
from catalogue.live import Release, query
from catalogue.page import Page
from catalogue.rows import Card, Record, Thing
from catalogue.things import contrasting, evidence, telling
from catalogue.things import understanding as counting
from catalogue.things.contrasting import Contrast, Held
from catalogue.things.telling import Told
from catalogue.things.understanding import Finding, values
from catalogue.views import Showing
from s4s_graph.store import Iri

CHAIN = 10  # revisions of one configuration that are followed


@dataclass(frozen=True)
class Trial:
    """A configuration with its findings and history, and each rival beside it."""

    told: Told
    rivals: tuple[tuple[Told, Told], ...]


@dataclass(frozen=True)
class Tested:
    """What is read for the page of a configuration, before it has names."""

    record: Record
    kin: Mapping[str, Record]  # what it revised, what revised it, its rivals
    findings: tuple[Finding, ...]
    contrasts: tuple[Contrast, ...]

    fields = frozenset({"wasRevisionOf", "alternativeTo"})
    pointing = frozenset({("configurations", name) for name in ("wasRevisionOf", "alternativeTo")})

    def iris(self) -> Iterator[str]:
        """Yield everything that needs a name."""
        yield from self.kin
        yield from records.iris(self.kin.values())
        for f in self.findings:
            yield from filter(None, (f.finding, f.case, f.study, f.activation))
        yield from compared(self.contrasts)

    def shown(self, showing: Showing) -> Trial:
        """Return it with names."""
        every = {**self.kin, self.record.iri: self.record}
        told = {
            iri: telling.told(showing, one, every, self.findings, self.contrasts)
            for iri, one in every.items()
        }
        pairs = telling.rivals(every.values(), told)
        mine = tuple(pair for pair in pairs if told[self.record.iri] in pair)
        return Trial(told[self.record.iri], mine)


def read(page: Page, record: Record, found: Iterable[evidence.Found]) -> Tested:
    """Return what the page of a configuration shows beside its fields."""
    release = page.release
    kin = {one.iri: one for one in _kin(release, record)}
    findings: list[Finding] = [row for one in found for row in one.rows]
    contrasts = contrasted(release, record, findings)
    for iri in kin:
        findings += on(release, iri)
    return Tested(record, kin, tuple(findings), tuple(contrasts))


@dataclass(frozen=True)
class Aimed:
    """The configuration that a finding is on, before it has names."""

    says: str
    configuration: Record

    fields = frozenset({"supports", "contradicts", "refines"})
    pointing = frozenset[tuple[str, str]]()

    def iris(self) -> Iterator[str]:
        """Yield everything that needs a name."""
        yield self.configuration.iri
        yield from records.iris([self.configuration])

    def shown(self, showing: Showing) -> tuple[str, Card]:
        """Return what the finding says, and the configuration that it says that of."""
        return self.says, views.card(showing, self.configuration)


def read_finding(page: Page, record: Record, found: Iterable[evidence.Found]) -> Aimed | None:
    """Return the configuration that a finding is on, None where the data has none."""
    for says in evidence.SAYS:
        for iri in values(record, says):
            if configuration := _read(page.release, iri):
                return Aimed(says, configuration)
    return None


def on(release: Release, configuration: str) -> list[Finding]:
    """Return the findings on a configuration, in the order of their ids."""
    asked = {"configuration": Iri(configuration)}
    found = release.store.select(query("findings_on"), Finding, **asked)
    return sorted(found, key=lambda one: one.finding)


def contrasted(release: Release, record: Record, findings: Iterable[Finding]) -> Iterator[Contrast]:
    """Yield how the companies of the cases for and against a configuration differ, if both are."""
    statement, findings = counting.statement(record, "own"), list(findings)
    if contrasting.contested(statement, findings):
        asked = {"configuration": Iri(record.iri)}
        held = release.store.select(query("contrast_companies"), Held, **asked)
        yield contrasting.contrast(statement, findings, held)


def compared(found: Iterable[Contrast]) -> Iterator[str]:
    """Yield what needs a name of cases that contradict each other."""
    for one in found:
        yield from (row.condition for row in one.rows)
        yield from (f.company for f in (*one.supports, *one.contradicts) if f.company)


def _kin(release: Release, record: Record) -> Iterator[Record]:
    seen, before = {record.iri}, record
    while (earlier := next(iter(values(before, "wasRevisionOf") - seen), None)) and (
        found := _read(release, earlier)
    ):
        if len(seen) > CHAIN:
            break
        seen.add(earlier)
        before = found
        yield found
    rows = release.store.select(query("configuration_kin"), Thing, configuration=Iri(record.iri))
    for row in rows:
        if row.thing not in seen and (other := _read(release, row.thing)):
            yield other


def _read(release: Release, iri: str) -> Record | None:
    place = release.place(iri)
    return records.read(release, *place) if place else None
