"""What an intervention, or a kind of intervention, has to do with others: a part of its page.

From the triples that the build computed: an item page must not wait until coherence is computed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalogue.coherence.where import address, place
from catalogue.live import Release, query
from catalogue.rows import Beside, Record, Shown, Sure, Thing
from catalogue.views import Showing
from s4s_graph.coherence.links import STANDINGS
from s4s_graph.coherence.model import Level
from s4s_graph.store import Iri

LINKS = "feedsInto"  # of the computed properties the one that has standings
PEEK = 10  # neighbours of one sort on a page
SEEN = 200  # that are looked at, for the surest of them
LEVELS: dict[str, Level] = {"interventions": "interventions", "intervention-kinds": "kinds"}


@dataclass(frozen=True)
class Sort:
    """One way to be beside another: the computed property, its direction, the page with all."""

    id: str
    property: str
    forward: bool
    notion: str


SORTS = (
    Sort("builds-on", LINKS, False, "links"),
    Sort("opens-the-way-for", LINKS, True, "links"),
    Sort("breaks-at", "breaksAt", True, "breaks"),
    Sort("breaks-after", "breaksAt", False, "breaks"),
    Sort("overlaps-with", "overlapsWith", True, "overlaps"),
    Sort("works-against", "conflictsWith", True, "conflicts"),
    Sort("suffers-from", "conflictsWith", False, "conflicts"),
)
# What is known of a kind is a first guess for its interventions; what goes wrong there is not.
OF_KIND = SORTS[:2]
PROPERTIES = frozenset(sort.property for sort in SORTS)


@dataclass(frozen=True)
class Found:
    """The neighbours of one sort, before they have names; `of` is the intervention or its kind."""

    sort: Sort
    of: str
    rows: tuple[Beside, ...]


@dataclass(frozen=True)
class Neighbour:
    """Another intervention or kind; `address` is the page about the two."""

    name: Shown
    address: str
    standing: str | None  # its slug
    word: Shown | None  # what that is called


@dataclass(frozen=True)
class Neighbours:
    """The surest neighbours of one sort; `all_at` has the others, if there are more."""

    id: str
    of: Shown
    values: tuple[Neighbour, ...]
    all_at: str | None


def has(record: Record) -> bool:
    """Tell whether a thing is of a sort that coherence is computed for."""
    return record.form.table in LEVELS


def read(release: Release, record: Record) -> list[Found]:
    """Return what is beside a thing, and for an intervention what is beside its kinds."""
    if not has(record):
        return []
    kinds = [kind.value for kind in record.values.get("ofKind", ())]
    found = [_found(release, sort, record.iri) for sort in SORTS]
    found += [_found_of_kind(release, sort, kind) for kind in kinds for sort in OF_KIND]
    return [item for item in found if item.rows]


def iris(found: Iterable[Found]) -> Iterator[str]:
    """Yield everything that needs a name."""
    for item in found:
        yield item.of
        for row in item.rows:
            yield from (row.other, *([row.standing] if row.standing else ()))


def shown(
    release: Release, showing: Showing, lang: str, record: Record, found: Iterable[Found]
) -> tuple[list[Neighbours], list[Neighbours]]:
    """Return the neighbours of a thing itself, and those of its kinds."""
    own: list[Neighbours] = []
    of_kind: list[Neighbours] = []
    for item in found:
        is_own = item.of == record.iri
        (own if is_own else of_kind).append(_shown(release, showing, lang, item, is_own))
    return own, of_kind


def all_links(lang: str, record: Record) -> str:
    """Return the address of the page with every link of a thing; empty where it has none."""
    level = LEVELS.get(record.form.table)
    more = {"intervention": place(record.iri)}
    return address(lang, "links", level, None, more) if level else ""


def _found_of_kind(release: Release, sort: Sort, kind: str) -> Found:
    # Kept, since many interventions are of one kind and there are few kinds.
    return release.computed.keep(("beside", kind, sort.id), lambda: _found(release, sort, kind))


def _found(release: Release, sort: Sort, thing: str) -> Found:
    select, side = release.store.select, "from" if sort.forward else "to"
    link = {
        "property": f"{release.base}def#{sort.property}",
        "graph": f"{release.base}graph/derived",
    }
    params = {name: Iri(iri) for name, iri in {"beside": thing, **link}.items()}
    others = select(query(f"neighbours_{side}"), Thing, **params)
    # Asked apart: joined to the pairs, the engine goes through all links again for each of them.
    known = sort.property == LINKS and bool(others)
    sure = select(query(f"standings_{side}"), Sure, beside=Iri(thing)) if known else []
    standings = {row.other: row.standing for row in sure}
    rows = [Beside(row.thing, standings.get(row.thing)) for row in others]
    return Found(sort, thing, tuple(sorted(rows, key=_rank)))


def _rank(row: Beside) -> tuple[int, str]:
    slug = _slug(row.standing)
    return next((place for place, name in enumerate(STANDINGS) if name == slug), 0), row.other


def _shown(release: Release, showing: Showing, lang: str, found: Found, is_own: bool) -> Neighbours:
    is_kind = found.of.startswith(release.iri("intervention-kind", ""))
    level: Level = "kinds" if is_kind else "interventions"

    def neighbour(row: Beside) -> Neighbour:
        ends = (found.of, row.other) if found.sort.forward else (row.other, found.of)
        at = address(lang, "pair", level, None, {"from": place(ends[0]), "to": place(ends[1])})
        standing = row.standing if found.sort.property == LINKS else None
        word = showing.thing(standing) if standing else None
        return Neighbour(showing.thing(row.other), at, _slug(standing), word)

    more = {"intervention": place(found.of)}
    return Neighbours(
        id=found.sort.id,
        of=showing.thing(found.of),
        values=tuple(map(neighbour, found.rows[:PEEK])),
        all_at=address(lang, found.sort.notion, level, None, more)
        if len(found.rows) > PEEK
        else None,
    )


def _slug(iri: str | None) -> str | None:
    return iri.rpartition("/")[2] if iri else None
