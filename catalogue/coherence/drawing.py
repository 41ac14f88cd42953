"""The picture of what feeds what: which boxes and lines it has, and where it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from catalogue.coherence import seen
from catalogue.coherence.seen import Seen
from catalogue.coherence.sheets import Row, Sheet, Things, Words, listed
from catalogue.coherence.where import OnWhere, Where
from catalogue.page import OnPage, Page
from catalogue.picturing import diagram
from catalogue.picturing.diagram import Edge, Node, Style
from catalogue.views import Showing
from s4s_graph.coherence.conflicts import Conflicts, conflicts
from s4s_graph.coherence.links import STANDINGS, Links, Standing, links

BOXES, LINES = 80, 160  # in a picture that can still be read
AROUND = 40  # boxes around one subject: they share few layers, which get wide
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
    """The lines there is room for, of so many; `own`: without what is known of kinds only."""

    lines: tuple[Line, ...]
    total: int
    own: bool = False

    @property
    def cut(self) -> bool:
        """Whether there are more than these."""
        return len(self.lines) < self.total


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
        drawing=found,
        picture=_drawn(looked, found.lines, showing),
        columns=sheet.columns,
        rows=rows,
        showing=showing,
        **seen.chosen(looked, more, showing),
    )


@router.get("/picture.{suffix}")
def document(page: OnPage, where: OnWhere, suffix: str) -> Response:
    """The picture as a file of its own, or its lines as CSV or JSON."""
    looked, more = seen.asked(page, where)
    lines = _drawing(looked).lines
    if suffix != "svg":
        return seen.written(looked, suffix, _sheet(looked, lines), more)
    drawn = _drawn(looked, lines, Showing(page, _ends(lines)), literal=True)
    return Response(drawn, media_type="image/svg+xml")


def overview(page: Page, where: Where) -> Markup | None:
    """Return the picture for another page to show; None where there is nothing, or too much."""
    looked = Seen(page, where)
    found = _drawing(looked)
    if found.cut or not found.lines:
        return None
    return _drawn(looked, found.lines, Showing(page, _ends(found.lines)))


def _drawing(looked: Seen) -> Drawing:
    """Return all lines if there is room for them, else those known of more than the kind.

    Where there is no room for these either: the surest of them.
    """
    if looked.subject:
        return _chosen(looked)
    return looked.kept("drawing", lambda: _chosen(looked))


def _chosen(looked: Seen) -> Drawing:
    every, total = _lines(looked, looked.links, looked.conflicts)
    most = AROUND if looked.subject else BOXES
    bare = looked.view.bare
    if bare is looked.view or _fits(every, most):
        return Drawing(_nearest(every, most), total)
    own, known = _lines(
        looked,
        looked.kept("bare-links", lambda: links(bare)),
        looked.kept("bare-conflicts", lambda: conflicts(bare)),
    )
    if own:
        return Drawing(_nearest(own, most), known, own=True)
    return Drawing(_nearest(every, most), total)


def _lines(looked: Seen, known: Links, against: Conflicts) -> tuple[tuple[Line, ...], int]:
    """Return the lines, the surest first, one too many at most, and how many there are.

    Of one subject if a reader chose it.
    """
    parts = [(known.by_standing[name], STYLES[name]) for name in STANDINGS]
    parts += [(known.breaks, "break"), (against.pairs, "conflict")]
    runs = [(seen.Run((pairs,), looked.subject), style) for pairs, style in parts]
    found = (Line(*pair, style) for run, style in runs for pair in run)
    return tuple(islice(found, LINES + 1)), sum(len(run) for run, _ in runs)


def _fits(lines: Sequence[Line], boxes: int) -> bool:
    return len(lines) <= LINES and len(_ends(lines)) <= boxes


def _nearest(lines: Sequence[Line], boxes: int) -> tuple[Line, ...]:
    """Return the first lines that there is room for, all if they fit."""
    number = next((n for n in range(len(lines), 0, -1) if _fits(lines[:n], boxes)), 0)
    return tuple(lines[:number])


def _ends(lines: Iterable[Line]) -> set[str]:
    return {end for line in lines for end in (line.origin, line.target)}


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


def _drawn(
    looked: Seen, lines: Sequence[Line], showing: Showing, *, literal: bool = False
) -> Markup:
    """Return the picture for a page, or as a file; kept unless it is of one subject."""

    def make() -> Markup:
        return _draw(looked, lines, showing, literal=literal)

    return make() if looked.subject else looked.kept(f"picture/{looked.page.lang}/{literal}", make)


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
    words = diagram.Words(
        gettext("What feeds what"), description, meanings, gettext("an invented example")
    )
    return diagram.layered(nodes, edges, words, literal=literal)
