"""What this release and those before it changed: a page, data, and a feed to follow the site by."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from catalogue import formats
from catalogue.page import OnPage, Page, Templates
from catalogue.rows import Shown
from catalogue.searching.selection import cleaned
from catalogue.views import Showing
from s4s_graph import changes
from s4s_graph import release as releases
from s4s_graph.changes import Changes, Difference
from s4s_graph.store import Iri

MOST = 200  # things of one sort on the page and in the feed; the data have them all
VALUES = 10  # of one property, lost or gained

router = APIRouter(prefix="/{lang}/changes")


@dataclass(frozen=True)
class Told:
    """What is different about one field of a thing: what no longer stands there, and what does."""

    name: str
    lost: tuple[Shown, ...]
    gained: tuple[Shown, ...]


@dataclass(frozen=True)
class Changed:
    """A thing that was added, changed or removed; `told` is what is different, where it is kept."""

    iri: str
    name: Shown
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Sort:
    """Things that were added, changed or removed: the first of them, and how many there are."""

    id: str
    things: tuple[Changed, ...]
    total: int


@dataclass(frozen=True)
class Step:
    """What one release changed of the one before; `previous` is None for a first one."""

    release: str
    previous: str | None
    made: datetime
    sorts: tuple[Sort, ...]


@router.get("")
def shown(page: OnPage) -> Response:
    """The things that are new, different or gone, release by release."""
    data = (f"/{page.lang}/changes", "json", "atom")
    steps = _steps(page, _changes(page))
    return page.html("changes.html", data=data, previous=steps[0].previous, steps=steps)


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


def _steps(page: Page, found: Changes) -> list[Step]:
    now = (page.release.path / releases.MANIFEST).stat().st_mtime
    steps = list(found.steps(page.release.id))
    showing = Showing(page, {iri for _, step in steps for iri in _named(step)})
    return [
        Step(
            name,
            step.previous,
            datetime.fromisoformat(step.made)
            if step.made
            else datetime.fromtimestamp(int(now), UTC),
            tuple(_sorts(page, showing, step)),
        )
        for name, step in steps
    ]


def _by_sort(step: Changes) -> dict[str, tuple[str, ...]]:
    return {"added": step.added, "changed": step.changed, "removed": step.removed}


def _named(step: Changes) -> Iterator[str]:
    for iris in _by_sort(step).values():
        yield from iris[:MOST]
    for iri in step.changed[:MOST]:
        for difference in step.differences.get(iri, ()):
            for term in (*difference.lost[:VALUES], *difference.gained[:VALUES]):
                if isinstance(term, Iri):
                    yield term.value


def _sorts(page: Page, showing: Showing, step: Changes) -> Iterator[Sort]:
    for sort, iris in _by_sort(step).items():
        things = (
            Changed(iri, _name(page, showing, step.names, iri), _told(page, showing, step, iri))
            for iri in iris[:MOST]
        )
        yield Sort(sort, tuple(things), len(iris))


def _name(page: Page, showing: Showing, names: Mapping[str, Mapping[str, str]], iri: str) -> Shown:
    """Return a thing as a link, unless it is gone: then what it was called."""
    if page.release.store.exists(iri):
        return showing.thing(iri)
    called = names.get(iri, {})
    lang = next((code for code in (page.lang, page.other, "") if code in called), None)
    if lang is None:
        return Shown(iri)
    return Shown(called[lang], lang if lang not in {page.lang, ""} else None)


def _told(page: Page, showing: Showing, step: Changes, iri: str) -> tuple[Told, ...]:
    place = page.release.place(iri)
    fields = place[0].fields if place else ()
    names = {field.path: field.name.of(page.lang) for field in fields if not field.inverse}

    def told(difference: Difference) -> Told:
        path = difference.property
        return Told(
            names.get(path) or page.release.name(path).text,
            tuple(map(showing.term, difference.lost[:VALUES])),
            tuple(map(showing.term, difference.gained[:VALUES])),
        )

    return tuple(map(told, step.differences.get(iri, ())))


def _feed(page: Page, found: Changes) -> bytes:
    templates: Templates = page.request.app.state.templates
    text = templates.render(
        "changes.xml",
        page.lang,
        page=page,
        steps=_steps(page, found),
        site=str(page.request.base_url).rstrip("/"),
        cleaned=cleaned,
    )
    return text.encode()
