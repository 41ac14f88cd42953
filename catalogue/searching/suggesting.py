"""What a reader may be looking for while still typing: a few things, as JSON for the search box."""

from fastapi import APIRouter
from fastapi.responses import Response

from catalogue import formats
from catalogue.page import MENU, OnPage, Page
from catalogue.views import Showing
from s4s_graph.search.suggest import suggest

MOST = 8
OF_EACH = 3  # of one kind, in the search over all

router = APIRouter()


@router.get("/{lang}/suggest.json")
def suggestions(page: OnPage, q: str = "", table: str = "") -> Response:
    """Things of one table, or of those in the menu, whose names begin so.

    `said` is what a screen reader is told; `things` have a name, the language of it where that is
    not the page's, the kind, the address, and a badge if they were invented.
    """
    found = _found(page, q, table)
    showing = Showing(page, [iri for _, iri in found])
    badge = page.words.gettext("Illustrative")
    things = [
        {
            "name": shown.text,
            "lang": shown.lang,
            "kind": kind,
            "href": shown.href,
            "badge": badge if shown.illustrative else None,
        }
        for kind, iri in found
        for shown in [showing.thing(iri)]
    ]
    said = page.words.ngettext("%(num)s suggestion", "%(num)s suggestions", len(things))
    content = formats.write_json({"said": said % {"num": len(things)}, "things": things})
    return Response(content, media_type=formats.JSON)


def _found(page: Page, text: str, table: str) -> list[tuple[str, str]]:
    """Return the kind and the IRI of each."""
    found: list[tuple[str, str]] = []
    for name in (table,) if table else MENU:
        form = page.release.forms.by_table(name)
        room = MOST - len(found)
        if form and room:
            slugs = suggest(page.release.search, text, name, room if table else min(room, OF_EACH))
            kind = form.name.of(page.lang)
            found += [(kind, page.release.iri(form.segment, slug)) for slug in slugs]
    return found
