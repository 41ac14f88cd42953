"""The pictures of one intervention, on its own page."""

from catalogue.page import Page
from catalogue.picturing import ego, evidence, flow, timeline
from catalogue.picturing.asked import Asked, Picture, of_one
from catalogue.rows import Record

# Up to this size of a release they are drawn once and kept; in a larger one a page has the links.
QUADS = 60_000

Pictured = tuple[tuple[Asked, Picture | None], ...]


def pictured(page: Page, record: Record) -> Pictured:
    """Return the pictures of an intervention that show something, or only where they are."""
    if record.form.table != "interventions":
        return ()
    if page.release.manifest.quads > QUADS:
        names = ("flow", "evidence", "timeline", "network")
        return tuple((of_one(page, name, record.slug), None) for name in names)
    key = ("pictured", record.slug, page.lang)
    return page.release.computed.keep(key, lambda: _drawn(page, record.slug))


def _drawn(page: Page, slug: str) -> Pictured:
    asked = {name: of_one(page, name, slug) for name in ("flow", "evidence", "timeline", "network")}
    made = {
        "flow": flow.flow(asked["flow"]),
        "evidence": evidence.evidence(asked["evidence"]),
        "timeline": timeline.timeline(asked["timeline"], today=False),
        "network": ego.around(asked["network"]),
    }
    # One row, such as that it has run since a year, the page says already.
    return tuple((asked[n], one) for n, one in made.items() if one.svg and one.sheet.total > 1)
