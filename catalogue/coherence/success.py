"""Critical success factors and demi-regularities: what went with an outcome, and in which cases.

Invented cases and real ones are never in one table, and each table says which it is about.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import formats
from catalogue.coherence import seen
from catalogue.coherence.seen import Seen
from catalogue.coherence.sheets import PEEK, Count, Row, Sheet, Things, Words, listed
from catalogue.coherence.where import OnWhere
from catalogue.live import SLUG
from catalogue.page import OnPage, Page
from catalogue.pages import PER_PAGE, paged, part
from catalogue.views import Showing
from s4s_graph.coherence import cases, qca_csv
from s4s_graph.coherence.cases import Records, Verdicts
from s4s_graph.coherence.qca import LEAST, Share, Solution
from s4s_graph.coherence.regularities import Regularity, regularities
from s4s_graph.coherence.success import Success, success_of
from s4s_graph.coherence.success_method import METHOD

router = APIRouter(prefix="/{lang}/coherence")

# Real cases first: there are none yet, and that has to be said before what was invented is shown.
SIDES = (False, True)


@dataclass(frozen=True)
class Path:
    """One path of a solution, with the names of its conditions; `~` before one means its absence.

    Without conditions the outcome always appears.
    """

    conditions: tuple[tuple[str, bool], ...]
    consistency: Share
    coverage: Share
    unique: Share
    cases: int


@dataclass(frozen=True)
class Formula:
    """A solution: in words by its paths, and in the notation of R."""

    found: Solution
    paths: tuple[Path, ...]
    text: str


@router.get("/success")
def outcomes(page: OnPage, where: OnWhere) -> Response:
    """Every outcome that cases speak of, with how many decide it."""
    looked = Seen(page, where)
    found = [_verdicts(looked, made_up) for made_up in SIDES]
    pages = paged(page, max(map(len, found)))
    sides = [(made_up, part(said, pages)) for made_up, said in zip(SIDES, found, strict=True)]
    showing = Showing(page, {said.outcome for _, some in sides for said in some})
    return page.html(
        "coherence_success.html", where=where, sides=sides, showing=showing, slug=_slug, pages=pages
    )


@router.get("/success/{name}.{suffix}")
def table(page: OnPage, where: OnWhere, name: str, suffix: str) -> Response:
    """The cases of one outcome, or its truth table, as the QCA package of R reads them."""
    base, _, kind = name.rpartition("-")
    if suffix != "csv" or kind not in {"cases", "table"}:
        raise HTTPException(404)
    looked = Seen(page, where)
    made_up = page.request.query_params.get("cases", "") == "illustrative"
    found = _found(looked, _outcome(looked, base), made_up)
    text = qca_csv.case_table(found.table) if kind == "cases" else qca_csv.truth_table(found.table)
    return Response(text, media_type=formats.content_type(formats.CSV))


@router.get("/success/{name}")
def outcome(page: OnPage, where: OnWhere, name: str) -> Response:
    """One outcome: its factors, its truth table and what that comes down to."""
    looked = Seen(page, where)
    iri = _outcome(looked, name)
    found = [_found(looked, iri, made_up) for made_up in SIDES]
    pages = paged(page, max(len(side.factors) for side in found))
    factors = [part(side.factors, pages) for side in found]
    named = (factor.condition for some in factors for factor in some)
    showing = Showing(page, {iri, *named}.union(*map(_iris, found)))
    return page.html(
        "coherence_outcome.html",
        where=where,
        slug=name,
        outcome=showing.thing(iri),
        sides=[
            (item, some, _formulas(item))
            for item, some in zip(found, factors, strict=True)
            if item.cases or item.conflicting
        ],
        pages=pages,
        showing=showing,
        r=qca_csv.name,
        notes={note.id: note for note in METHOD},
        least=LEAST,
        peek=PEEK,
    )


@router.get("/regularities")
def recurring(page: OnPage, where: OnWhere) -> Response:
    """The pairs of a condition and what it goes with, that recur."""
    sheet = _regularities(Seen(page, where))
    pages = paged(page, sheet.total)
    rows = list(sheet.part((pages.page - 1) * PER_PAGE, pages.page * PER_PAGE))
    return page.html(
        "coherence_regularities.html",
        where=where,
        sheet=sheet,
        rows=rows,
        pages=pages,
        showing=Showing(page, set().union(*(row.things for row in rows))),
        note=next(note for note in METHOD if note.id == "demi-regularity"),
        query=seen.query(where, {}),
        least=LEAST,
    )


@router.get("/regularities.{suffix}")
def recurring_document(page: OnPage, where: OnWhere, suffix: str) -> Response:
    """The same as CSV or JSON."""
    looked = Seen(page, where)
    return seen.written(looked, suffix, _regularities(looked), {"notion": "demi-regularity"})


def _records(page: Page) -> Records:
    return page.release.computed.keep("records", lambda: cases.records(page.release.store))


def _verdicts(looked: Seen, made_up: bool) -> list[Verdicts]:
    """Return what cases say of each outcome, the most decided first."""

    def make() -> list[Verdicts]:
        found = cases.verdicts(looked.view, _records(looked.page), made_up)
        return sorted(found.values(), key=lambda said: (-len(said.decided), said.outcome))

    return looked.kept(f"verdicts/{made_up}", make)


def _outcome(looked: Seen, name: str) -> str:
    """Return the condition with a slug. Raises a 404 when there is none."""
    iri = looked.page.release.iri("condition", name)
    if not SLUG.fullmatch(name) or iri not in looked.view.world.conditions:
        raise HTTPException(404)
    return iri


def _found(looked: Seen, iri: str, made_up: bool) -> Success:
    make = partial(success_of, looked.view, _records(looked.page), iri, made_up)
    # Kept where there is something to minimise: readers can ask for any condition.
    spoken = iri in looked.kept(
        f"spoken/{made_up}", lambda: {said.outcome for said in _verdicts(looked, made_up)}
    )
    return looked.kept(f"success/{made_up}/{iri}", make) if spoken else make()


def _iris(found: Success) -> Iterator[str]:
    yield from found.table.conditions
    yield from (name for row in found.rows for name in row.cases[:PEEK])


def _formulas(found: Success) -> list[tuple[bool, list[Formula]]]:
    """Return the solutions of the outcome, then those of its absence."""
    return [
        (present, [_formula(item) for item in solutions])
        for present, solutions in ((True, found.present), (False, found.absent))
    ]


def _formula(found: Solution) -> Formula:
    paths = tuple(
        Path(
            conditions=tuple((item.condition, item.present) for item in term.literals),
            consistency=term.fit.consistency,
            coverage=term.fit.coverage,
            unique=term.unique,
            cases=len(term.cases),
        )
        for term in found.terms
    )
    return Formula(found, paths, qca_csv.expression(found))


def _regularities(looked: Seen) -> Sheet:
    gettext = looked.page.words.gettext
    columns = {
        "context": gettext("Where this holds"),
        "consequence": gettext("this follows"),
        "role": gettext("which is"),
        "times": gettext("Configurations"),
        "subjects": gettext("About"),
        "configurations": gettext("Which"),
    }
    roles = {"outcome": gettext("an outcome"), "response": gettext("a response of people")}
    valences = looked.page.release.names("valences", looked.page.lang)

    def row(item: Regularity) -> Row:
        words = (
            (item.role, roles[item.role]),
            (item.valence, valences.get(item.valence, item.valence)),
        )
        return Row(
            (
                Things((item.context,)),
                Things((item.consequence,)),
                Words(words),
                Count(len(item.configurations)),
                Things(tuple(name for name, _ in item.subjects)),
                Things(item.configurations, LEAST),
            )
        )

    return listed(columns, list(_recurring(looked)), row)


def _recurring(looked: Seen) -> Iterable[Regularity]:
    records = _records(looked.page)
    for made_up in SIDES:
        make = partial(regularities, looked.view, records, made_up)
        yield from looked.kept(f"regularities/{made_up}", make)


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]
