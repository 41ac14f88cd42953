"""The matrix: every pair in one view, with how surely it is linked, and the white spots."""

from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import chain

from fastapi import APIRouter
from fastapi.responses import Response

from catalogue.coherence import seen
from catalogue.coherence.seen import Seen
from catalogue.coherence.sheets import Row, Things, Words, listed
from catalogue.coherence.where import OnWhere, Where
from catalogue.live import sort_key
from catalogue.page import OnPage, Page
from catalogue.views import Showing
from s4s_graph.coherence.links import Standing

SMALL = 20  # subjects of which the overview shows the whole matrix
SIDE, AROUND = 40, 30  # rows; around one subject they are made for each reader
SYMBOLS: dict[Standing, str] = {
    "observed": "●",
    "both-supported": "◕",
    "one-supported": "◑",
    "hypothesis": "○",
    "from-kind": "◌",
    "contradicted": "?",
}

router = APIRouter(prefix="/{lang}/coherence")


@dataclass(frozen=True)
class Square:
    """One cell of the matrix: what is known of a pair in this direction."""

    standing: Standing | None
    breaks: bool
    conflict: bool
    href: str = ""

    @property
    def empty(self) -> bool:
        """Say whether nothing is known."""
        return not (self.standing or self.breaks or self.conflict)


@dataclass(frozen=True)
class Matrix:
    """Some subjects against themselves; None where a subject meets itself.

    `given` and `received` count the links of each row and column.
    """

    subjects: tuple[str, ...]
    rows: tuple[tuple[Square | None, ...], ...]
    left_out: int

    @property
    def given(self) -> tuple[int, ...]:
        """How many links start from each row."""
        return tuple(sum(bool(cell and cell.standing) for cell in row) for row in self.rows)

    @property
    def received(self) -> tuple[int, ...]:
        """How many links end at each column."""
        columns = zip(*self.rows, strict=True)
        return tuple(sum(bool(cell and cell.standing) for cell in column) for column in columns)


@router.get("/matrix")
def matrix(page: OnPage, where: OnWhere) -> Response:
    """What opens the way for what, every pair in one view, white spots too."""
    looked, more = seen.asked(page, where)
    found = _matrix(looked)
    showing = Showing(page, found.subjects)
    return page.html(
        "coherence_matrix.html",
        matrix=found,
        showing=showing,
        symbols=SYMBOLS,
        **seen.chosen(looked, more, showing),
    )


@router.get("/matrix.{suffix}")
def document(page: OnPage, where: OnWhere, suffix: str) -> Response:
    """The pairs of the matrix of which something is known, as CSV or JSON."""
    looked, more = seen.asked(page, where)
    gettext = page.words.gettext
    columns = {"from": gettext("From"), "to": gettext("To"), "known": gettext("What is known")}
    found = _matrix(looked)
    rows = [
        Row((Things((origin,)), Things((target,)), _known(looked, cell)))
        for origin, row in zip(found.subjects, found.rows, strict=True)
        for target, cell in zip(found.subjects, row, strict=True)
        if cell and not cell.empty
    ]
    return seen.written(looked, suffix, listed(columns, rows, lambda row: row), more)


def overview(page: Page, where: Where) -> Matrix | None:
    """Return the matrix of a level if a page about more has room for it."""
    looked = Seen(page, where)
    found = _matrix(looked) if len(looked.view.described) <= SMALL else None
    return found if found and found.subjects else None


def _matrix(looked: Seen) -> Matrix:
    if looked.subject:
        return _made(looked)
    return looked.kept(f"matrix/{looked.page.lang}", lambda: _made(looked))


def _made(looked: Seen) -> Matrix:
    view, subject = looked.view, looked.subject
    names = set(view.described)
    if subject:
        known = looked.links.pairs, looked.links.broken, looked.conflicts.pairs
        beside = ((*pairs.after(subject), *pairs.before(subject)) for pairs in known)
        names = {subject, *names.intersection(chain.from_iterable(beside))}
    chosen = _best(looked, names)
    labels = looked.page.release.store.labels(chosen, looked.page.lang)
    ordered = sorted(
        chosen,
        key=lambda iri: (iri != subject, sort_key(labels[iri].text) if iri in labels else iri),
    )
    rows = tuple(tuple(_square(looked, origin, target) for target in ordered) for origin in ordered)
    return Matrix(tuple(ordered), rows, len(names) - len(ordered))


def _best(looked: Seen, names: set[str]) -> list[str]:
    """Return as many as there is room for: those with the most links, surest links first."""
    side = AROUND if looked.subject else SIDE
    if len(names) <= side:
        return sorted(names)
    links = looked.links
    sure, every = looked.kept(
        "degrees",
        lambda: [(links.pairs - links.by_standing["from-kind"]).degrees, links.pairs.degrees],
    )
    return nsmallest(
        side, names, key=lambda name: (name != looked.subject, -sure[name], -every[name], name)
    )


def _square(looked: Seen, origin: str, target: str) -> Square | None:
    if origin == target:
        return None
    pair = origin, target
    found = Square(
        looked.links.standing(*pair),
        pair in looked.links.broken,
        pair in looked.conflicts.pairs,
    )
    return found if found.empty else replace(found, href=looked.where.pair(*pair))


def _known(looked: Seen, square: Square) -> Words:
    """Return what is known of a pair, in words."""
    gettext, page = looked.page.words.gettext, looked.page
    found: list[tuple[str, str]] = []
    if square.standing:
        names = page.release.names("standings", page.lang)
        found.append((square.standing, names.get(square.standing, square.standing)))
    if square.breaks:
        found.append(("break", gettext("↛ breaks")))
    if square.conflict:
        found.append(("conflict", gettext("↯ works against it")))
    return Words(tuple(found))
