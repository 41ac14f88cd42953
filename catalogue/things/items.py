"""The page of one thing: what is stated of it, what points at it, what follows from it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from markupsafe import Markup

from catalogue import records, views
from catalogue.live import IN_SCHEME, RDF_TYPE, Release, member, query
from catalogue.page import Page
from catalogue.rows import (
    Card,
    Fact,
    Links,
    Property,
    Record,
    Section,
    Shown,
    Source,
)
from catalogue.things import evidence, hypotheses, leads, neighbours, parts, understood, using
from catalogue.things import known as knowing
from catalogue.things.evidence import Evidence, Found
from catalogue.things.known import Known
from catalogue.things.neighbours import Neighbours
from catalogue.things.parts import Part
from catalogue.things.understood import Understanding
from catalogue.things.using import Users
from catalogue.views import Showing
from s4s_graph.forms import Field, Form
from s4s_graph.store import Iri, Term

PEEK = 10  # links of one kind on the page of a thing
SEEN = 1000  # links of one property that are looked at for that
MOST = 10_000  # links of one kind that are paged through
SKOS = "http://www.w3.org/2004/02/skos/core#"
# Statements that a page says in another way: by its place, its address or its links.
HIDDEN = {
    RDF_TYPE,
    IN_SCHEME,
    SKOS + "topConceptOf",
    SKOS + "prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#isDefinedBy",
}
# The page of a skill tells these by vocabulary.
MATCHES = {f"{SKOS}{kind}Match" for kind in ("broad", "narrow", "related")}


@dataclass(frozen=True)
class Item:
    """Everything that the page of one thing shows."""

    record: Record
    name: Shown
    lead: Property | None
    said: tuple[tuple[Shown, Shown], ...]  # the lead: its first sentence, and what follows
    sections: list[Section]
    card: Card | None
    part: object | None  # what only this kind of thing has: its template is part_{table}.html
    evidence: tuple[Evidence, ...]  # the findings that its page tells
    known: Understanding | None  # of an intervention
    users: tuple[Users, ...]  # of a condition or a mechanism
    own_all: str | None
    of_kind: tuple[Markup, ...]  # what is known of the kinds of an intervention, as cards
    of_kind_more: tuple[Shown, ...]  # the kinds whose pages have the others
    incoming: list[Links]
    beside: list[Neighbours]
    beside_kind: list[Neighbours]  # what is beside the kinds of an intervention
    all_links: str
    rest: list[Property]
    recognition: Shown | None
    status: str | None
    confidence: str | None
    invented: str | None


@dataclass(frozen=True)
class _Pointing:
    """The things of one kind that point at a thing by one field, before they have names."""

    form: Form
    field: Field
    sources: tuple[str, ...]
    more: bool


def item(page: Page, record: Record) -> Item:
    """Return what the page of a thing shows, with one query for all labels."""
    release = page.release
    findings = evidence.read(release, record, page.lang)
    part = parts.read(page, record, findings)
    known = knowing.read(release, record, page.lang)
    told = _elsewhere(release, record, part, known)
    incoming = [p for p in _incoming(release, record, told) if p.sources or p.more]
    near = neighbours.read(release, record)
    uses = using.read(release, record)
    rest = _rest(release, record)
    shown = (
        {record.iri, *records.iris([record])},
        part.iris() if part else (),
        (iri for found in findings for iri in evidence.iris(found.rows)),
        understood.iris(known),
        using.iris(uses),
        (source for pointing in incoming for source in pointing.sources),
        neighbours.iris(near),
        (iri for fact in rest for iri in _iris(fact)),
    )
    showing = Showing(page, set(chain.from_iterable(shown)))
    lead = _lead(page, showing, record, rest)
    said = _told(record, lead, part, findings)
    beside, beside_kind = neighbours.shown(release, showing, page.lang, record, near)
    found = Item(
        record=record,
        name=replace(showing.thing(record.iri), href=None),
        lead=lead,
        said=tuple(map(_said, lead.values if lead else ())),
        sections=views.sections(page, showing, record, said),
        card=views.card(showing, record) if _is_configuration(record) else None,
        part=part.shown(showing) if part else None,
        evidence=evidence.shown(showing, findings, page.lang),
        known=understood.shown(showing, record, known),
        users=using.shown(showing, uses),
        own_all=_own_all(page, record, known),
        of_kind=hypotheses.cards(page, known),
        of_kind_more=_kinds(showing, record) if len(known.of_kind) > hypotheses.MOST else (),
        incoming=[_links(page, showing, record, pointing) for pointing in incoming],
        beside=beside,
        beside_kind=beside_kind,
        all_links=neighbours.all_links(page.lang, record),
        rest=_properties(page, showing, rest, lead),
        recognition=_recognition(showing, record),
        status=records.choice(record, "dataStatus"),
        confidence=records.choice(record, "confidence"),
        invented=None,
    )
    return replace(found, invented=_invented(found, release, part, findings, known))


def _told(
    record: Record, lead: Property | None, part: Part | None, findings: list[Found]
) -> set[str]:
    """Return the fields that the page tells elsewhere than in its sections."""
    card = views.CARD_FIELDS if _is_configuration(record) else ()
    told = {*views.NAMES, *card, *(part.fields if part else ())}
    return told | {f.field.id for f in findings if f.field} | ({lead.id} if lead else set())


def _is_configuration(record: Record) -> bool:
    return record.form.table == "configurations"


def _own_all(page: Page, record: Record, known: Known) -> str | None:
    more = len(known.own) > knowing.OWN
    return _all(page, record, "configurations", "aboutIntervention", more)


def pointing(page: Page, record: Record, form: Form, field: Field) -> tuple[list[str], bool]:
    """Return all things of a kind that point at one, sorted by name; and whether it is cut off."""
    name = "item_inverse_all" if field.inverse else "item_incoming_all"
    link = {"thing": Iri(record.iri), "property": Iri(field.path), **member(form)}
    rows = page.release.store.select(query(name), Source, **link)
    found = {row.source for row in rows[:MOST]}
    ordered = [entry.iri for entry in page.release.index(form, page.lang) if entry.iri in found]
    return ordered, len(rows) > MOST


def _lead(page: Page, showing: Showing, record: Record, rest: list[Fact]) -> Property | None:
    if found := views.lead(showing, record) or _first(showing, rest, "definition"):
        return found
    made = leads.lead(page, showing, record)
    return Property("lead", made, "", (made,)) if made else None


def _elsewhere(
    release: Release, record: Record, part: Part | None, known: Known
) -> set[tuple[str, str]]:
    """Return what points here and need not be looked for: the page tells it in another way."""
    told = {(form.table, field.id) for form, field in evidence.pointing(release, record)}
    told |= part.pointing if part else frozenset()
    told |= {("configurations", way) for way in using.WAYS.get(record.form.table, ())}
    shown = {
        ("configurations", "aboutIntervention"): known.own,
        ("versions", "versionOf"): known.versions,
        ("mirror-sessions", "aboutIntervention"): known.sessions,
    }
    return told | {link for link, found in shown.items() if found}


def _incoming(release: Release, record: Record, told: set[tuple[str, str]]) -> Iterator[_Pointing]:
    # One query a property and not one a kind: most kinds have none of the many links that a
    # thing such as a data status has, and finding none means going through all of them.
    found: dict[tuple[str, bool], list[str]] = {}
    for form, field in release.forms.pointing_at(record.form.segment):
        if form.computed and neighbours.has(record):
            continue  # The links are shown as neighbours.
        if (form.table, field.id) in told:
            continue
        way = (field.path, field.inverse)
        if way not in found:
            name = "item_inverse" if field.inverse else "item_incoming"
            link = {"thing": Iri(record.iri), "property": Iri(field.path)}
            found[way] = [row.source for row in release.store.select(query(name), Source, **link)]
        start = release.iri(form.segment, "")
        sources = sorted(source for source in found[way] if source.startswith(start))
        unseen = len(found[way]) > SEEN and release.manifest.things.get(form.segment, 0) > 0
        yield _Pointing(form, field, tuple(sources[:PEEK]), unseen or len(sources) > PEEK)


def _kinds(showing: Showing, record: Record) -> tuple[Shown, ...]:
    return showing.terms(record.values.get("ofKind", ()))


def _said(value: Shown) -> tuple[Shown, Shown]:
    first = views.first_sentence(value.text)
    rest = value.text.removeprefix(first).strip()
    return replace(value, text=first), replace(value, text=rest)


def _recognition(showing: Showing, record: Record) -> Shown | None:
    return next(iter(showing.terms(record.values.get("recognitionLevel", ()))), None)


def _rest(release: Release, record: Record) -> list[Fact]:
    inverse = {f.path for _, f in release.forms.pointing_at(record.form.segment) if f.inverse}
    beside = {f"{release.base}def#{name}" for name in neighbours.PROPERTIES}
    told = HIDDEN | MATCHES if record.form.table == "skills" else HIDDEN
    return [fact for fact in record.rest if fact.property not in told | inverse | beside]


def _iris(fact: Fact) -> Iterator[str]:
    yield fact.property
    if isinstance(fact.value, Iri):
        yield fact.value.value


def _properties(
    page: Page, showing: Showing, rest: list[Fact], lead: Property | None
) -> list[Property]:
    """Return the statements that no field covers, each property by the name a form gives it."""
    names = {field.path: field.name for form in page.release.forms for field in form.fields}
    values: dict[str, list[Term]] = {}
    for fact in rest:
        values.setdefault(fact.property, []).append(fact.value)
    found = []
    for path, terms in values.items():
        name = Shown(names[path].of(page.lang)) if path in names else showing.thing(path)
        shown = showing.terms(terms)
        if not lead or path != lead.id:
            more = max(0, len(shown) - views.SHOWN)
            found.append(Property(path, name, "", shown[: views.SHOWN], more))
    return found


def _first(showing: Showing, rest: list[Fact], name: str) -> Property | None:
    terms = [fact.value for fact in rest if fact.property == SKOS + name]
    return Property(SKOS + name, Shown(name), "", showing.terms(terms)) if terms else None


def _links(page: Page, showing: Showing, record: Record, pointing: _Pointing) -> Links:
    values = sorted(map(showing.thing, pointing.sources), key=lambda shown: shown.text.casefold())
    form, field = pointing.form, pointing.field
    all_at = _all(page, record, form.table, field.id, pointing.more)
    return Links(form.name.of(page.lang), field.name.of(page.lang), tuple(values), all_at=all_at)


def _all(page: Page, record: Record, table: str, field: str, more: bool) -> str | None:
    path = f"/{page.lang}/{record.form.table}/{record.slug}/incoming/{table}/{field}"
    return path if more else None


def _invented(
    item: Item,
    release: Release,
    part: Part | None,
    findings: list[evidence.Found],
    known: Known,
) -> str | None:
    """Say whether the thing was invented ("all"), or something that its page shows ("some")."""
    if item.status == "illustrative":
        return "all"
    named = {*(part.iris() if part else ()), *(r.finding for f in findings for r in f.rows)}
    if not named.isdisjoint(release.illustrative):
        return "some"
    shown = [value for links in item.incoming for value in links.values]
    shown += [near.name for beside in (*item.beside, *item.beside_kind) for near in beside.values]
    shown += [v for users in item.users for u in users.users for v in (u.subject, u.configuration)]
    shown += [v for section in item.sections for p in section.properties for v in p.values]
    told = item.known.own if item.known else ()
    counted = (
        hypotheses.invented(known)
        or any(one.card.status == "illustrative" for one in told)
        or any(
            figures.invented
            for cell in (item.known.cells if item.known else ())
            for figures in cell.figures
        )
    )
    return "some" if counted or any(value.illustrative for value in shown) else None
