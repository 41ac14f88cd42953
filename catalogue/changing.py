"""What this release changed: a page, data, and a feed that readers can follow the site by."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import formats
from catalogue.page import OnPage, Page, Templates
from catalogue.rows import Shown
from catalogue.selection import cleaned
from catalogue.views import Showing
from s4s_graph import changes
from s4s_graph import release as releases
from s4s_graph.changes import Changes

MOST = 200  # things of one sort on the page and in the feed; the data have them all

router = APIRouter(prefix="/{lang}/changes")


@dataclass(frozen=True)
class Sort:
    """Things that were added, changed or removed: the first of them, and how many there are."""

    id: str
    things: tuple[tuple[str, Shown], ...]  # each by its IRI
    total: int


@router.get("")
def shown(page: OnPage) -> Response:
    """The things that are new, different or gone since the previous release."""
    found = _changes(page)
    data = (f"/{page.lang}/changes", "json", "atom")
    sorts = _sorts(page, found)
    return page.html("changes.html", data=data, previous=found.previous, sorts=sorts)


@router.get(".{suffix}")
def data(page: OnPage, suffix: str) -> Response:
    """The same as JSON, all of it, or as a feed (RFC 4287) of what is new and different."""
    found = _changes(page)
    if suffix == "json":
        content = formats.write_json({"release": page.release.id, **asdict(found)})
    elif suffix == "atom":
        content = _feed(page, found)
    else:
        raise HTTPException(404)
    return Response(content, media_type=formats.content_type(formats.LISTS[suffix]))


def _changes(page: Page) -> Changes:
    return page.release.computed.keep("changes", lambda: changes.read(page.release.path))


def _sorts(page: Page, found: Changes) -> list[Sort]:
    sorts = {"added": found.added, "changed": found.changed, "removed": found.removed}
    first = {name: iris[:MOST] for name, iris in sorts.items()}
    showing = Showing(page, {iri for iris in first.values() for iri in iris})

    def thing(name: str, iri: str) -> Shown:
        # What is gone has no page and no name any more.
        return Shown(iri) if name == "removed" else showing.thing(iri)

    return [
        Sort(name, tuple((iri, thing(name, iri)) for iri in iris), len(sorts[name]))
        for name, iris in first.items()
    ]


def _feed(page: Page, found: Changes) -> bytes:
    templates: Templates = page.request.app.state.templates
    made = (page.release.path / releases.MANIFEST).stat().st_mtime
    text = templates.render(
        "changes.xml",
        page.lang,
        page=page,
        sorts=[sort for sort in _sorts(page, found) if sort.id != "removed"],
        updated=datetime.fromtimestamp(int(made), UTC),
        site=str(page.request.base_url).rstrip("/"),
        cleaned=cleaned,
    )
    return text.encode()
