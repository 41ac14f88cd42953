"""The picture of what feeds what: which boxes and lines it has, and where it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from catalogue import pictures, seen
from catalogue.page import OnPage, Page
from catalogue.pictures import Edge, Node, Style
from catalogue.seen import Seen
from catalogue.sheets import Row, Sheet, Things, Words, listed
from catalogue.views import Showing
from catalogue.where import OnWhere, Where
from s4s_graph.coherence.conflicts import Conflicts, conflicts
from s4s_graph.coherence.links import STANDINGS, Links, Standing, links
from s4s_graph.coherence.model import EMPTY
from s4s_graph.coherence.view import View

BOXES, LINES = 80, 160  # in a picture that can still be read
STYLES: dict[Standing, Style] = {
    "observed": "supported",
    "both-supported": "supported",
    "one-supported": "supported",
    "hypothesis": "hypothesis",
    "from-kind": "kind",
    "contradicted": "contradicted",
}

router = APIRouter(prefix="/{lang}/coherence")


@dataclass(frozen=True)
class Line:
    """One line of the picture, before it has a text in some language."""

    origin: str
    target: str
    style: Style


@dataclass(frozen=True)
class Drawing:
    """The lines there is room for; `own`: without what is known of kinds only, `cut`: not all.

    Without lines although there are some (`too_many`) a reader has to choose one subject.
    """

    lines: tuple[Line, ...]
    own: bool = False
    cut: bool = False
    too_many: bool = False


@router.get("/picture")
def picture(page: OnPage, where: OnWhere) -> Response:
    """What feeds what, layer by layer, and the same numbers as a table."""
    looked, more = seen.asked(page, where)
    found = _drawing(looked)
    sheet = _sheet(looked, found.lines)
    rows = list(sheet.part(0, sheet.total))
    showing = Showing(page, looked.about.union(*(row.things for row in rows)))
    return page.html(
        "coherence_picture.html",
        where=looked.where,
        drawing=found,
        picture=_drawn(looked, found.lines, showing),
        columns=sheet.columns,
        rows=rows,
        showing=showing,
        asked=showing.thing(looked.subject) if looked.subject else None,
        options=seen.options(looked),
        more=more,
        query=seen.query(looked.where, more),
    )


@router.get("/picture.{suffix}")
def document(page: OnPage, where: OnWhere, suffix: str) -> Response:
    """The picture as a file of its own, or its lines as CSV or JSON."""
    looked, more = seen.asked(page, where)
    lines = _drawing(looked).lines
    if suffix != "svg":
        return seen.written(looked, suffix, _sheet(looked, lines), more)
    drawn = _draw(looked, lines, Showing(page, _ends(lines)), literal=True)
    return Response(drawn, media_type="image/svg+xml")


def overview(page: Page, where: Where) -> Markup | None:
    """Return the picture for another page to show; None where there is nothing, or too much."""
    looked = Seen(page, where)
    lines = _drawing(looked).lines
    return _drawn(looked, lines, Showing(page, _ends(lines))) if lines else None


def _drawing(looked: Seen) -> Drawing:
    """Return all lines if there is room for them, else those known of more than the kind."""
    every = _lines(looked, looked.links, looked.conflicts)
    if _fits(every):
        return Drawing(every)
    bare = looked.kept("bare-view", lambda: _without_kinds(looked.view))
    own = _lines(
        looked,
        looked.kept("bare-links", lambda: links(bare)),
        looked.kept("bare-conflicts", lambda: conflicts(bare)),
    )
    if _fits(own):
        return Drawing(own, own=True)
    if looked.subject is None:
        return Drawing((), too_many=True)
    return Drawing(_nearest((*own, *every)), cut=True)


def _lines(looked: Seen, known: Links, against: Conflicts) -> tuple[Line, ...]:
    """Return the lines, of one subject if a reader chose it: the surest first, one too many at
    most.
    """
    parts = [(known.by_standing[name], STYLES[name]) for name in STANDINGS]
    parts += [(known.breaks, "break"), (against.pairs, "conflict")]
    found = (
        Line(*pair, style) for pairs, style in parts for pair in seen.Run((pairs,), looked.subject)
    )
    return tuple(islice(found, LINES + 1))


def _fits(lines: Sequence[Line]) -> bool:
    return len(lines) <= LINES and len(_ends(lines)) <= BOXES


def _nearest(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the first lines that there is room for."""
    found: dict[tuple[str, str, bool], Line] = {}
    for line in lines:
        found.setdefault((line.origin, line.target, line.style == "conflict"), line)
        if not _fits(tuple(found.values())):
            found.popitem()
            break
    return tuple(found.values())


def _ends(lines: Iterable[Line]) -> set[str]:
    return {end for line in lines for end in (line.origin, line.target)}


def _without_kinds(view: View) -> View:
    """Return the same without what counts for an intervention through its kind only."""
    things = view.world.interventions.items()
    bare = {name: replace(thing, kinds=EMPTY) for name, thing in things}
    return replace(view, world=replace(view.world, interventions=bare))


def _meanings(page: Page) -> dict[Style, str]:
    gettext = page.words.gettext
    return {
        "supported": gettext("opens the way for it, supported by findings"),
        "hypothesis": gettext("opens the way for it, a hypothesis"),
        "kind": gettext("opens the way for it, known of the kind only"),
        "contradicted": gettext("opens the way for it, contradicted by findings"),
        "break": gettext("hands on, but what should follow stays away or turns out badly"),
        "conflict": gettext("works against it"),
    }


def _sheet(looked: Seen, lines: Sequence[Line]) -> Sheet:
    gettext, meanings = looked.page.words.gettext, _meanings(looked.page)
    columns = {"from": gettext("From"), "to": gettext("To"), "known": gettext("What is known")}

    def row(line: Line) -> Row:
        ends = line.origin, line.target
        warn = line.style in {"break", "conflict"}
        word = Words(((line.style, meanings[line.style]),), warn)
        return Row(
            (Things((line.origin,)), Things((line.target,)), word),
            href=looked.where.pair(*ends),
            about=ends,
        )

    return listed(columns, lines, row)


def _drawn(looked: Seen, lines: Sequence[Line], showing: Showing) -> Markup:
    """Return the picture for a page, kept unless it is of one subject."""
    if looked.subject:
        return _draw(looked, lines, showing)
    return looked.kept(f"picture/{looked.page.lang}", lambda: _draw(looked, lines, showing))


def _draw(
    looked: Seen, lines: Sequence[Line], showing: Showing, *, literal: bool = False
) -> Markup:
    """Draw the lines; in a file of its own links lead to the names of things."""
    page, meanings = looked.page, _meanings(looked.page)
    gettext = page.words.gettext
    names = {end: showing.thing(end) for end in _ends(lines)}
    nodes = [
        Node(
            end,
            shown.text,
            end if literal else shown.href or end,
            shown.lang,
            shown.illustrative,
            end == looked.subject,
        )
        for end, shown in names.items()
    ]
    edges = [
        Edge(
            line.origin,
            line.target,
            line.style,
            f"{names[line.origin].text} → {names[line.target].text}: {meanings[line.style]}",
            None if literal else looked.where.pair(line.origin, line.target),
        )
        for line in lines
    ]
    description = gettext(
        "Boxes in layers: what opens the way for another stands before it. A table with the same "
        "follows."
    )
    words = pictures.Words(
        gettext("What feeds what"), description, meanings, gettext("an invented example")
    )
    return pictures.layered(nodes, edges, words, literal=literal)
