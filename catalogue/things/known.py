"""What the graph holds of an intervention, read with queries that stay short."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from catalogue import records
from catalogue.live import Release, query
from catalogue.recent import Recent
from catalogue.rows import Record, Thing
from catalogue.things import contrasting
from catalogue.things import understanding as counting
from catalogue.things.contrasting import Contrast, Held
from catalogue.things.understanding import Deployed, Finding, Statement, slug, values
from s4s_graph.store import Iri

MOST = 100  # configurations of one intervention or kind that are counted
RECENT = 64  # interventions of which it is kept what is known
OWN = 10  # configurations of an intervention that its page shows
ABOUT = ("configurations", "mirror-sessions")  # what can be about an intervention


About = tuple[list[Record], list[Finding], frozenset[str]]


@dataclass(frozen=True)
class Match:
    """A row of the query: a skill that is developed, and the same or a close one elsewhere."""

    skill: str
    match: str | None
    how: str | None


@dataclass(frozen=True)
class Meaning:
    """A row of the query: what a term of the ontology means."""

    term: str
    name: str
    meaning: str

    @property
    def id(self) -> str:
        """The last part of its name."""
        return self.term.rpartition("#")[2]


@dataclass(frozen=True)
class Known:
    """What there is to know of an intervention, before it has names."""

    own: tuple[Record, ...] = ()
    of_kind: tuple[Record, ...] = ()
    partly: bool = False  # there are more configurations than were read
    findings: tuple[Finding, ...] = ()
    whole: frozenset[str] = frozenset()
    versions: tuple[Record, ...] = ()
    sessions: tuple[Record, ...] = ()
    responses: tuple[Record, ...] = ()
    deployed: tuple[Deployed, ...] = ()
    skills: tuple[Match, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    contrasts: tuple[Contrast, ...] = ()
    sizes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def statements(self) -> list[Statement]:
        """The configurations as counting needs them."""
        own = [counting.statement(record, "own") for record in self.own]
        return own + [counting.statement(record, "kind") for record in self.of_kind]


def read(release: Release, record: Record, lang: str) -> Known:
    """Return what there is to know of an intervention; nothing for other things.

    A dozen queries, so it is kept for the interventions that were asked for last.
    """
    if record.form.table != "interventions":
        return Known()
    recent = release.computed.keep("known", lambda: Recent[Known](RECENT))
    return recent.keep((record.iri, lang), lambda: _read(release, record.iri, lang))


def _read(release: Release, iri: str, lang: str) -> Known:
    select, thing = release.store.select, Iri(iri)
    own, findings, whole = _about(release, "aboutIntervention", iri)
    of_kind: list[Record] = []
    for kind in select(query("understand_kinds"), Thing, intervention=thing):
        more = _about_kind(release, kind.thing)
        of_kind, findings, whole = of_kind + more[0], findings + more[1], whole | more[2]
    tables = {name: [r for r in own if r.form.table == name] for name in ABOUT}
    kept = {r.iri: r for r in of_kind if r.form.table == "configurations"}
    known = Known(
        own=tuple(_newest_first(tables["configurations"])),
        of_kind=tuple(kept[iri] for iri in sorted(kept)),
        partly=len(own) > MOST or len(of_kind) > MOST,
        findings=tuple(sorted(set(findings), key=lambda f: f.finding)),
        whole=whole,
        versions=tuple(_by_year(_records(release, "understand_versions", thing))),
        sessions=tuple(tables["mirror-sessions"]),
        responses=tuple(_records(release, "understand_responses", thing)),
        deployed=tuple(select(query("understand_deployments"), Deployed, intervention=thing)),
        skills=tuple(select(query("understand_skills"), Match, intervention=thing)),
        meanings=_meanings(release, lang),
        sizes=tuple(sorted(_concepts(release, "size-classes", lang), key=_smallest)),
        groups=tuple(_concepts(release, "actor-groups", lang)),
    )
    return replace(known, contrasts=tuple(_contrasts(release, thing, known)))


def _about_kind(release: Release, kind: str) -> About:
    # Kept, since many interventions are of one kind and there are few kinds.
    return release.computed.keep(("kind", kind), lambda: _about(release, "aboutKind", kind))


def _meanings(release: Release, lang: str) -> tuple[Meaning, ...]:
    def read() -> tuple[Meaning, ...]:
        return tuple(release.store.select(query("understand_terms"), Meaning, lang=lang))

    return release.computed.keep(("meanings", lang), read)


def _about(release: Release, name: str, subject: str) -> About:
    """Return the things about a subject, the findings on them, the whole mechanisms they name."""
    params = {"subject": Iri(subject), "about": Iri(f"{release.base}def#{name}")}
    things = list(records.read_about(release, query("understand_about"), **params))
    if not any(thing.form.table == "configurations" for thing in things):
        return things, [], frozenset()
    findings = release.store.select(query("understand_findings"), Finding, **params)
    whole = release.store.select(query("understand_mechanisms"), Thing, **params)
    return things, findings, frozenset(row.thing for row in whole)


def _records(release: Release, name: str, intervention: Iri) -> Iterator[Record]:
    return records.read_about(release, query(name), intervention=intervention)


def _newest_first(found: list[Record]) -> list[Record]:
    """Put what was revised behind what is current."""
    revised = {iri for record in found for iri in values(record, "wasRevisionOf")}
    return sorted(found, key=lambda record: (record.iri in revised, record.iri))


def _by_year(found: Iterable[Record]) -> list[Record]:
    return sorted(found, key=lambda r: ([t.value for t in r.values["year"]], r.iri), reverse=True)


def _concepts(release: Release, table: str, lang: str) -> list[str]:
    form = release.forms.by_table(table)
    return [entry.iri for entry in release.index(form, lang)] if form else []


def _smallest(size: str) -> tuple[int, str]:
    """Return the least number of people in a size class: its name starts with it."""
    first = (slug(size) or "").partition("-")[0]
    return (int(first) if first.isdigit() else 0), size


def _contrasts(release: Release, intervention: Iri, known: Known) -> Iterator[Contrast]:
    own = [counting.statement(one, "own") for one in known.own[:OWN]]
    contested = [one for one in own if contrasting.contested(one, known.findings)]
    if contested:
        held = release.store.select(query("understand_companies"), Held, intervention=intervention)
        yield from (contrasting.contrast(one, known.findings, held) for one in contested)
