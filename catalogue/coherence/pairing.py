"""How do we know? Two interventions, or kinds, step by step down to the findings."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import records
from catalogue.coherence import seen
from catalogue.coherence.pair_rows import hows
from catalogue.coherence.seen import Seen
from catalogue.coherence.sheets import (
    LEAST,
    Backed,
    Companies,
    Row,
    Sheet,
    Standing,
    Things,
    Words,
    listed,
)
from catalogue.coherence.where import OnWhere, Where
from catalogue.live import SLUG
from catalogue.page import OnPage, Page
from catalogue.rows import Shown
from catalogue.views import Showing
from s4s_graph.coherence.backing import Sides, backing, behind
from s4s_graph.coherence.conflicts import Clash, clashes
from s4s_graph.coherence.links import Instance, instances
from s4s_graph.coherence.model import Operator, Relation
from s4s_graph.coherence.overlaps import Overlap, overlap

WAYS = 20  # ways on one page; the downloads have all

router = APIRouter(prefix="/{lang}/coherence")


@dataclass(frozen=True)
class Known:
    """All that is computed and said of one pair, in this direction."""

    looked: Seen
    origin: str
    target: str
    ways: tuple[Instance, ...]
    clashes: tuple[Clash, ...]
    backing: Sides
    overlap: Overlap | None
    relations: tuple[Relation, ...]

    @property
    def shown(self) -> tuple[Instance | Clash, ...]:
        """The ways and clashes that a page has room for."""
        return (*self.ways[:WAYS], *self.clashes[:WAYS])

    @property
    def operators(self) -> Iterator[Operator]:
        """Every operator of those."""
        for found in self.shown:
            yield from (found.giver, found.taker)

    def iris(self) -> set[str]:
        """Return every thing that a page about the pair names."""
        found = {self.origin, self.target, *self.backing.giver.all, *self.backing.taker.all}
        for operator in self.operators:
            configuration = operator.configuration
            evidence = self.looked.view.evidence(configuration.id)
            found |= {configuration.id, configuration.subject, operator.subject}
            found |= {*evidence.supports, *evidence.contradicts}
        for item in self.shown:
            found |= {item.made, item.needed}
        for way in self.ways[:WAYS]:
            found.update(way.companies)
        for relation in self.relations:
            found |= {relation.id, relation.origin, relation.target, self.kind_of(relation)}
            found |= relation.findings
        if self.overlap:
            found |= {*self.overlap.actors, *self.overlap.steps, *self.overlap.outcomes}
        return found

    def kind_of(self, relation: Relation) -> str:
        """Return the concept that says what a relation is."""
        return self.looked.page.release.iri("relation-type", relation.kind)


@router.get("/pair")
def pair(page: OnPage, where: OnWhere) -> Response:
    """One pair: every way in which it is linked, breaks, conflicts, overlaps, or is said to."""
    known, more = _known(page, where)
    looked = known.looked
    showing = Showing(page, known.iris())
    return page.html(
        "coherence_pair.html",
        where=looked.where,
        known=known,
        showing=showing,
        origin=showing.thing(known.origin),
        target=showing.thing(known.target),
        standing=looked.links.standing(known.origin, known.target),
        breaks=(known.origin, known.target) in looked.links.breaks,
        back=looked.links.standing(known.target, known.origin),
        statements=_statements(page, showing, known),
        reasons=_reasons(page),
        hows=hows(looked),
        evidence=looked.view.evidence,
        least=LEAST,
        most=WAYS,
        more=more,
        query=seen.query(looked.where, more),
    )


@router.get("/pair.{suffix}")
def document(page: OnPage, where: OnWhere, suffix: str) -> Response:
    """Every way in which a pair is linked or breaks, as CSV or JSON."""
    known, more = _known(page, where)
    return seen.written(known.looked, suffix, _ways(known), {"pair": more})


def _known(page: Page, where: Where) -> tuple[Known, dict[str, str]]:
    more = {name: page.request.query_params.get(name, "") for name in ("from", "to")}
    moved, origin = seen.placed(page, where, more["from"])
    looked = Seen(page, moved)
    target = seen.thing(page, more["to"])
    if target not in looked.view.place or origin == target:
        raise HTTPException(404)
    one, other = sorted((origin, target))
    overlaps = (one, other) in looked.overlaps.pairs
    world = looked.view.world
    ways = instances(looked.view, origin, target)
    known = Known(
        looked,
        origin,
        target,
        ways=ways,
        backing=behind(looked.view, ways),
        clashes=clashes(looked.view, origin, target),
        overlap=overlap(looked.view, looked.links, one, other) if overlaps else None,
        relations=tuple(
            relation
            for _, relation in sorted(world.relations.items())
            if {relation.origin, relation.target} == {origin, target}
        ),
    )
    return known, more


def _statements(page: Page, showing: Showing, known: Known) -> dict[str, Shown]:
    """Return what each configuration states, in the language of the page if it does so in that."""
    form = page.release.forms.by_table("configurations")
    found: dict[str, Shown] = {}
    for name in {operator.configuration.id for operator in known.operators}:
        slug = name.rpartition("/")[2]
        record = records.read(page.release, form, slug) if form and SLUG.fullmatch(slug) else None
        stated = showing.terms(record.values.get("statement", ())) if record else ()
        if stated:
            found[name] = stated[0]
    return found


def _reasons(page: Page) -> dict[str, str]:
    """Return why a way has its standing, in a sentence."""
    gettext = page.words.gettext
    return {
        "observed": gettext(
            "At a company the first was used before or together with the second, and a finding "
            "there supports the second."
        ),
        "both-supported": gettext("On both sides more findings are for it than against it."),
        "one-supported": gettext("On one side more findings are for it than against it."),
        "hypothesis": gettext("Theory says so; neither side has a finding of its own."),
        "from-kind": gettext("At least one side is only known of interventions of that kind."),
        "contradicted": gettext("On one side at least as many findings are against it as for it."),
    }


def _ways(known: Known) -> Sheet:
    gettext = known.looked.page.words.gettext
    columns = {
        "giver": gettext("The first, by"),
        "made": gettext("brings about"),
        "needed": gettext("which is what is needed:"),
        "taker": gettext("for the second to work by"),
        "standing": gettext("How sure"),
        "breaks": gettext("Breaks"),
        "backing": gettext("Separate studies and cases"),
        "supports": gettext("Findings for"),
        "contradicts": gettext("Findings against"),
        "companies": gettext("Seen at companies"),
    }
    view, invented = known.looked.view, known.looked.page.release.illustrative

    def row(way: Instance) -> Row:
        sides = [side.configuration.id for side in (way.giver, way.taker)]
        found = [view.evidence(name) for name in sides]
        return Row(
            (
                Things((sides[0],)),
                Things((way.made,)),
                Things((way.needed,)),
                Things((sides[1],)),
                Standing(way.standing),
                Words((("break", gettext("breaks")),) if way.breaks else ()),
                Backed(Sides(*(backing(view, [name]) for name in sides))),
                Things(tuple(name for item in found for name in item.supports)),
                Things(tuple(name for item in found for name in item.contradicts)),
                Companies(len(way.companies), not invented.isdisjoint(way.companies)),
            )
        )

    return listed(columns, known.ways, row)
