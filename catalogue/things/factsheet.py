"""Two pages about an intervention, to print and to pass on: the most telling of what is known.

The numbers below say how much of everything fits two pages; `weighing` says what goes first.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from textwrap import shorten
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import citing, records, views
from catalogue.live import SLUG
from catalogue.page import OnPage, Page, Templates
from catalogue.rows import Property, Record, Shown
from catalogue.things import known as knowing
from catalogue.things import neighbours, printing, understood, weighing
from catalogue.things.neighbours import Neighbours
from catalogue.things.printing import Printer
from catalogue.things.understanding import Scope, values
from catalogue.things.understood import Understanding
from catalogue.things.weighing import Side, Weighed
from catalogue.views import Showing

TABLE = "interventions"
CONDITIONS, BESIDE, SOURCES = 5, 5, 6
NAMED = 2  # studies and cases that say the same of a configuration
LETTERS = {
    "lead": 420,
    "name": 90,
    "sentence": 260,
    "note": 220,
    "source": 110,
    "short": 55,  # studies, conditions, the facts
}
FACTS = ("ofKind", "targetsActor", "skillsStep", "holder", "targetSector", "firstYear", "lastYear")
VALUES = 4  # of one of these

router = APIRouter(prefix="/{lang}/interventions/{slug}/factsheet")


@dataclass(frozen=True)
class Claim:
    """A configuration as one sentence, with what speaks for and against it."""

    name: Shown
    sentence: Shown
    scope: Scope
    invented: bool
    valence: str | None
    sides: tuple[tuple[Side, tuple[Shown, ...]], ...]  # with the names of the first origins


@dataclass(frozen=True)
class Reference:
    """A source: its title, who published it and when."""

    title: Shown
    publisher: str
    year: str


@dataclass(frozen=True)
class Conditions:
    """What the configurations name most as a condition, and how many of them do."""

    needs: tuple[tuple[Shown, int], ...]
    hinders: tuple[tuple[Shown, int], ...]
    of: int
    invented: bool


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on the two pages."""

    record: Record
    name: Shown
    lead: Shown | None
    known: Understanding
    facts: tuple[Property, ...]
    claims: tuple[Claim, ...]
    others: int  # configurations that are not among the claims
    conditions: Conditions | None
    stated: tuple[tuple[str, Shown], ...]
    beside: tuple[Neighbours, ...]
    sources: tuple[Reference, ...]
    more_sources: int
    recognition: Shown | None
    status: str | None
    confidence: str | None

    @property
    def has_example(self) -> bool:
        """Whether something on the pages was invented."""
        counted = any(figures.invented for cell in self.known.cells for figures in cell.figures)
        beside = any(near.name.illustrative for beside in self.beside for near in beside.values)
        return counted or beside or any(claim.invented for claim in self.claims)


@router.get("")
def factsheet(page: OnPage, slug: str) -> Response:
    """The two pages, to read on a screen or to print from there."""
    return page.html("factsheet.html", **_context(page, _record(page, slug)))


@router.get(".pdf")
async def pdf(page: OnPage, slug: str) -> Response:
    """The same as a tagged PDF."""
    record = _record(page, slug)
    key = (page.release.id, page.lang, slug)
    return await printing.answer(page, key, partial(_html, page, record), slug)


def _html(page: Page, record: Record) -> str:
    templates: Templates = page.request.app.state.templates
    return templates.render("factsheet.html", page.lang, page=page, **_context(page, record))


def _context(page: Page, record: Record) -> dict[str, Any]:
    found = sheet(page, record)
    printer: Printer = page.request.app.state.printer
    return {
        "sheet": found,
        "cite": citing.citation(page, record.iri, found.name.text),
        "address": f"{str(page.request.base_url).rstrip('/')}/{page.lang}/{TABLE}/{record.slug}",
        "printer": printer,
    }


def _record(page: Page, slug: str) -> Record:
    form = page.form(TABLE)
    record = records.read(page.release, form, slug) if SLUG.fullmatch(slug) else None
    if not record:
        raise HTTPException(404)
    return record


def sheet(page: Page, record: Record) -> Sheet:
    """Return what stands on the two pages about an intervention."""
    release = page.release
    known = knowing.read(release, record, page.lang)
    weighed = list(weighing.weighed(known))
    near = neighbours.read(release, record)
    sources = list(_sources(page, record))
    claims = weighing.chosen(weighed)
    named = {record.iri, *records.iris([record]), *(s.iri for s in sources)}
    named |= {*(one.record.iri for one in claims), *records.iris(one.record for one in claims)}
    named |= {i for one in claims for f in one.findings for i in (f.case, f.study) if i}
    named |= {condition for one in weighed for condition in one.statement.conditions}
    showing = Showing(page, {*named, *understood.iris(known), *neighbours.iris(near)})
    told = understood.shown(showing, record, known)
    assert told is not None  # noqa: S101 - it is an intervention
    lead = views.lead(showing, record)
    own, of_kind = neighbours.shown(release, showing, page.lang, record, near)
    return Sheet(
        record=record,
        name=_cut(replace(showing.thing(record.iri), href=None), "name"),
        lead=_cut(lead.values[0], "lead") if lead else None,
        known=told,
        facts=tuple(
            _short(showing.field(field, record.values[field.id], VALUES))
            for field in views.fields(record, FACTS)
        ),
        claims=tuple(_claim(showing, one) for one in claims),
        others=len(weighed) - len(claims),
        conditions=_conditions(showing, weighed),
        stated=tuple((field, _cut(v, "note")) for field, said in told.stated for v in said),
        beside=tuple((*own, *of_kind)[:BESIDE]),
        sources=tuple(_reference(showing, source) for source in sources[:SOURCES]),
        more_sources=max(0, len(values(record, "source")) - SOURCES),
        recognition=next(iter(showing.terms(record.values.get("recognitionLevel", ()))), None),
        status=records.choice(record, "dataStatus"),
        confidence=records.choice(record, "confidence"),
    )


def _claim(showing: Showing, one: Weighed) -> Claim:
    said = showing.terms(one.record.values.get("statement", ()))
    name = showing.thing(one.record.iri)
    return Claim(
        name=_cut(name, "name"),
        sentence=_cut(said[0] if said else name, "sentence"),
        scope=one.statement.scope,
        invented=one.invented,
        valence=one.statement.valence,
        sides=tuple(
            (side, tuple(_cut(showing.thing(iri), "short") for iri in side.origins[:NAMED]))
            for side in weighing.sides(one.findings)
        ),
    )


def _conditions(showing: Showing, weighed: Sequence[Weighed]) -> Conditions | None:
    """Return the conditions that most configurations name: of those found, else of examples."""
    found = [one for one in weighed if not one.invented]
    counted = found or weighed
    if not counted:
        return None

    def most(sets: Iterable[frozenset[str]]) -> tuple[tuple[Shown, int], ...]:
        count = Counter(condition for conditions in sets for condition in conditions)
        ordered = sorted(count.items(), key=lambda item: (-item[1], item[0]))
        return tuple(
            (_cut(showing.thing(c), "short"), number) for c, number in ordered[:CONDITIONS]
        )

    return Conditions(
        needs=most(one.statement.needs for one in counted),
        hinders=most(one.statement.hinders for one in counted),
        of=len(counted),
        invented=not found,
    )


def _sources(page: Page, record: Record) -> Iterator[Record]:
    form = page.release.forms.by_table("sources")
    for iri in sorted(values(record, "source"))[:SOURCES]:
        place = page.release.place(iri)
        source = records.read(page.release, form, place[1]) if form and place else None
        if source:
            yield source


def _reference(showing: Showing, source: Record) -> Reference:
    def first(field: str) -> str:
        return next((shown.text for shown in showing.terms(source.values.get(field, ()))), "")

    title = _cut(showing.thing(source.iri), "source")
    return Reference(title, shorten(first("publisher"), 60, placeholder="…"), first("issued"))


def _cut(value: Shown, what: str) -> Shown:
    """Return a text that fits its place."""
    return replace(value, text=shorten(value.text, LETTERS[what], placeholder=" …"))


def _short(field: Property) -> Property:
    return replace(field, values=tuple(_cut(value, "short") for value in field.values))
