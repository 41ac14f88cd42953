"""A network of an answer: a line for each row, from the first thing in it to the second."""

from collections.abc import Mapping

from catalogue.page import Page
from catalogue.picturing import diagram
from catalogue.picturing.diagram import Edge, Node, Style
from catalogue.sparql.charted import Chart
from catalogue.sparql.results import Answered
from s4s_graph.store import Iri, Term

BOXES, LINES = 60, 120  # that can still be read
# The look of a line says what it stands for; these two look the same on every page.
NAMED: Mapping[str, Style] = {"breaksAt": "break", "conflictsWith": "conflict"}
OTHERS: tuple[Style, ...] = ("supported", "hypothesis", "kind")

Link = tuple[str, str, Style]


def network(page: Page, found: Answered, title: str, *, literal: bool) -> Chart | None:
    """Return the network; None where no row names two things."""
    ends, kind = _columns(page, found)
    if len(ends) < 2:
        return None
    styles = _styles(found, kind)
    links = _links(found, ends, kind, styles)
    kept: dict[Link, Term | None] = {}
    boxes: set[str] = set()
    for link, term in links.items():
        if len(kept) < LINES and len(boxes | {*link[:2]}) <= BOXES:
            boxes |= {*link[:2]}
            kept[link] = term
    if not kept:
        return None
    gettext = page.words.gettext
    words = diagram.Words(
        title,
        gettext("Boxes with arrows between them. The table below has the same."),
        _legend(page, found, kind, styles),
        gettext("an invented example"),
    )
    nodes = [_node(found, iri, literal) for iri in boxes]
    edges = [Edge(*link, _said(found, link, term)) for link, term in kept.items()]
    svg = diagram.layered(nodes, edges, words, name="chart", literal=literal)
    return Chart(title, svg, len(kept), len(links))


def _columns(page: Page, found: Answered) -> tuple[tuple[int, ...], int | None]:
    """Return the columns of things, and the first of terms that say what a line stands for."""
    terms = f"{page.release.base}def#"
    things: list[int] = []
    kinds: list[int] = []
    for place in range(len(found.columns)):
        values = [row[place] for row in found.rows if row[place] is not None]
        iris = [value.value for value in values if isinstance(value, Iri)]
        if values and len(iris) == len(values):
            (kinds if all(iri.startswith(terms) for iri in iris) else things).append(place)
    if len(things) < 2:
        return tuple(sorted((*things, *kinds)))[:2], None
    return tuple(things[:2]), kinds[0] if kinds else None


def _styles(found: Answered, kind: int | None) -> Mapping[Term | None, Style]:
    """Return how a line looks, by what it stands for; all alike where there are too many looks."""
    if kind is None:
        return {None: OTHERS[0]}
    terms = list(dict.fromkeys(row[kind] for row in found.rows))
    named = {term: NAMED.get(term.value.rpartition("#")[2]) for term in terms if term}
    others = [term for term in terms if not (term and named[term])]
    alike = len(others) > len(OTHERS)
    looks = {term: OTHERS[0 if alike else place] for place, term in enumerate(others)}
    return {**looks, **{term: style for term, style in named.items() if style}}


def _links(
    found: Answered, ends: tuple[int, ...], kind: int | None, styles: Mapping[Term | None, Style]
) -> dict[Link, Term | None]:
    links: dict[Link, Term | None] = {}
    for row in found.rows:
        one, other = (row[place] for place in ends)
        term = row[kind] if kind is not None else None
        if one and other and one != other:
            links.setdefault((one.value, other.value, styles[term]), term)
    return links


def _legend(
    page: Page, found: Answered, kind: int | None, styles: Mapping[Term | None, Style]
) -> dict[Style, str]:
    names: dict[Style, list[str]] = {}
    for term, style in styles.items():
        name = found.value(term).text if term else page.words.gettext("leads to")
        names.setdefault(style, []).append(name)
    heading = "" if kind is None else f"{found.headings[kind]}: "
    return {style: heading + ", ".join(some) for style, some in names.items()}


def _said(found: Answered, link: Link, term: Term | None) -> str:
    one, other = (found.showing.thing(iri).text for iri in link[:2])
    return f"{one} → {other}" + (f": {found.value(term).text}" if term else "")


def _node(found: Answered, iri: str, literal: bool) -> Node:
    shown = found.showing.thing(iri)
    nowhere = "" if literal else "#content"  # the part of the page that the picture is in
    href = found.address(Iri(iri), literal=literal) or nowhere
    return Node(iri, shown.text, href, shown.lang, shown.illustrative)
