"""The picture that a question asks for in its header, made of its answer."""

import re
from collections.abc import Iterator

from catalogue.page import Page
from catalogue.picturing import ranked
from catalogue.picturing.ranked import Bar
from catalogue.rows import Shown
from catalogue.sparql import crossing, linking
from catalogue.sparql.charted import Chart
from catalogue.sparql.results import Answered, Row, number, written
from s4s_graph.store import Iri

BARS = 30  # that can still be read
ASKED = re.compile(r"^#\+[ \t]*view:[ \t]*(table|bar|matrix|network)[ \t]*\r?$", re.MULTILINE)


def view(query: str) -> str:
    """Return the view that a query asks for in its header, written as in a stored question."""
    found = ASKED.search(query)
    return found[1] if found else "table"


def chart(
    page: Page, wanted: str, found: Answered, title: str, *, literal: bool = False
) -> Chart | None:
    """Return the picture of an answer; None for a table, or where the columns do not fit.

    With `literal` it is a file of its own.
    """
    makers = {"bar": _bars, "matrix": crossing.matrix, "network": linking.network}
    if wanted not in makers or not found.rows:
        return None
    return makers[wanted](page, found, title, literal=literal)


def _bars(page: Page, found: Answered, title: str, *, literal: bool) -> Chart | None:
    """Return a bar for the first number of each row, under the name of the first other value."""
    measure = found.measure
    if measure is None or not found.others:
        return None
    pairs = zip(found.rows, found.illustrative, strict=True)
    rows = [(row, invented) for row, invented in pairs if number(row[measure]) is not None]
    bars = [_bar(page, found, row, invented, literal) for row, invented in rows[:BARS]]
    gettext = page.words.gettext
    description = gettext("A bar for each row of the table below.")
    example = gettext("an invented example")
    svg = ranked.drawn(title, description, example, bars, literal=literal)
    return Chart(found.headings[measure], svg, len(bars), len(rows))


def _bar(page: Page, found: Answered, row: Row, invented: bool, literal: bool) -> Bar:
    measure, name = found.measure or 0, found.others[0]
    value = number(row[measure]) or 0.0
    first = row[name]
    shown = found.value(first) if first else Shown("")
    return Bar(
        shown.text,
        ", ".join(_details(found, row)),
        value,
        written(value, page.lang),
        "; ".join(_said(found, row)),
        found.address(first, literal=literal),
        shown.lang,
        invented,
    )


def _details(found: Answered, row: Row) -> Iterator[str]:
    """Yield the names of what else a row is about."""
    for place in found.others[1:]:
        if isinstance(term := row[place], Iri):
            yield found.value(term).text


def _said(found: Answered, row: Row) -> Iterator[str]:
    for heading, term in zip(found.headings, row, strict=True):
        if term:
            yield f"{heading}: {found.value(term).text}"
