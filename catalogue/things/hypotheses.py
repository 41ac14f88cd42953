"""What is known of a kind of intervention, as cards on the page of each intervention of that kind.

A card is the same on each of those pages, so it is written once a release and language.
"""

from collections.abc import Sequence

from markupsafe import Markup

from catalogue import records
from catalogue.page import Page
from catalogue.rows import Record
from catalogue.things import telling
from catalogue.things.known import Known
from catalogue.things.understanding import Finding
from catalogue.views import Showing

MOST = 6  # cards on a page; the page of the kind has the others


def cards(page: Page, known: Known) -> tuple[Markup, ...]:
    """Return the first configurations of the kinds of an intervention, with their findings."""
    return tuple(_kept(page, one, known.findings) for one in known.of_kind[:MOST])


def invented(known: Known) -> bool:
    """Tell whether one of those is an invented example."""
    statuses = (records.choice(one, "dataStatus") for one in known.of_kind[:MOST])
    return "illustrative" in statuses


def _kept(page: Page, record: Record, findings: Sequence[Finding]) -> Markup:
    key = ("card", record.iri, page.lang)
    return page.release.computed.keep(key, lambda: _card(page, record, findings))


def _card(page: Page, record: Record, findings: Sequence[Finding]) -> Markup:
    of = [f for f in findings if f.configuration == record.iri]
    named = {i for f in of for i in (f.finding, f.case, f.study, f.activation) if i}
    showing = Showing(page, {record.iri, *records.iris([record]), *named})
    return page.fragment("told.html", one=telling.told(showing, record, {}, of, ()))
