"""The page of a case study: what it examined, where others found the opposite, what it led to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalogue import records
from catalogue.live import Release, query
from catalogue.page import Page
from catalogue.rows import Record, Shown
from catalogue.things import evidence, telling, tested
from catalogue.things.contrasting import Contrast
from catalogue.things.evidence import Said
from catalogue.things.telling import Beside
from catalogue.things.understanding import Finding
from catalogue.views import Showing
from s4s_graph.store import Iri

MOST = 10  # configurations of one case that are held against other cases
OPPOSITE = {"supports": "contradicts", "contradicts": "supports"}


@dataclass(frozen=True)
class Examined:
    """A row of the query: a version that the company applied."""

    deployment: str
    year: str
    version: str
    intervention: str


@dataclass(frozen=True)
class Prompted:
    """A row of the query: a version that followed from a finding."""

    version: str
    year: str
    note: str | None


@dataclass(frozen=True)
class Discussed:
    """A row of the query: a mirror session on a finding, with an answer of the holder."""

    session: str
    intervention: str
    response: str | None
    decision: str | None
    said: str | None


@dataclass(frozen=True)
class Opposite:
    """A configuration on which other cases found the opposite, with those findings."""

    configuration: Shown
    says: str  # this case
    others: tuple[tuple[Shown, Shown | None], ...]  # a finding, and its company
    beside: Beside | None
    slug: str


@dataclass(frozen=True)
class Case:
    """What the page of a case shows beside its fields."""

    examined: tuple[tuple[Shown, Shown, str], ...]  # intervention, version, year
    opposites: tuple[Opposite, ...]
    prompted: tuple[tuple[Shown, str | None], ...]
    discussed: tuple[tuple[Shown, Shown, tuple[tuple[Shown, Shown, str | None], ...]], ...]


@dataclass(frozen=True)
class Casework:
    """What is read for the page of a case, before it has names."""

    rows: tuple[Said, ...]
    examined: tuple[Examined, ...]
    against: tuple[tuple[Said, tuple[Finding, ...], tuple[Contrast, ...]], ...]
    prompted: tuple[Prompted, ...]
    discussed: tuple[Discussed, ...]

    fields = frozenset({"investigates"})
    pointing = frozenset[tuple[str, str]]()

    def iris(self) -> Iterator[str]:
        """Yield everything that needs a name."""
        for one in self.examined:
            yield from (one.version, one.intervention)
        for row, others, contrasts in self.against:
            yield row.configuration
            for f in others:
                yield from filter(None, (f.finding, f.company))
            yield from tested.compared(contrasts)
        yield from (one.version for one in self.prompted)
        for said in self.discussed:
            yield from (said.session, said.intervention)
            yield from filter(None, (said.response, said.decision))

    def shown(self, showing: Showing) -> Case:
        """Return it with names."""
        thing = showing.thing
        return Case(
            tuple((thing(e.intervention), thing(e.version), e.year) for e in self.examined),
            tuple(_opposite(showing, *one) for one in self.against),
            tuple((thing(p.version), p.note) for p in self.prompted),
            tuple(_discussed(showing, self.discussed)),
        )


def read(page: Page, record: Record, found: Iterable[evidence.Found]) -> Casework:
    """Return what the page of a case shows beside its fields."""
    rows = [row for one in found for row in one.rows]
    release, lang = page.release, page.lang
    select, case = release.store.select, Iri(record.iri)
    return Casework(
        tuple(rows),
        tuple(select(query("case_examined"), Examined, case=case)),
        tuple(_against(release, record, rows)),
        tuple(select(query("case_prompted"), Prompted, case=case, lang=lang)),
        tuple(select(query("case_discussed"), Discussed, case=case, lang=lang)),
    )


def _against(
    release: Release, record: Record, rows: Iterable[Said]
) -> Iterator[tuple[Said, tuple[Finding, ...], tuple[Contrast, ...]]]:
    clear = {row.configuration: row for row in rows if row.says in OPPOSITE}
    for row in list(clear.values())[:MOST]:
        findings = tested.on(release, row.configuration)
        others = tuple(
            f for f in findings if f.case and f.case != record.iri and f.says == OPPOSITE[row.says]
        )
        place = release.place(row.configuration)
        if others and place and (configuration := records.read(release, *place)):
            yield row, others, tuple(tested.contrasted(release, configuration, findings))


def _opposite(
    showing: Showing, row: Said, others: Iterable[Finding], contrasts: Iterable[Contrast]
) -> Opposite:
    found = next(iter(contrasts), None)
    return Opposite(
        showing.thing(row.configuration),
        row.says,
        tuple(
            (showing.thing(f.finding), showing.thing(f.company) if f.company else None)
            for f in others
        ),
        telling.beside(showing, found) if found else None,
        row.configuration.rpartition("/")[2],
    )


def _discussed(
    showing: Showing, rows: Iterable[Discussed]
) -> Iterator[tuple[Shown, Shown, tuple[tuple[Shown, Shown, str | None], ...]]]:
    rows = list(rows)
    for session, intervention in dict.fromkeys((row.session, row.intervention) for row in rows):
        answers = tuple(
            (showing.thing(row.response), showing.thing(row.decision), row.said)
            for row in rows
            if row.session == session and row.response and row.decision
        )
        yield showing.thing(session), showing.thing(intervention), answers
