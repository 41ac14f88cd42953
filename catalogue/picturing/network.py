"""A network: interventions and what they have in common, all of it or a neighbourhood."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

from catalogue.coherence.sheets import Row, Sheet, Things, Words, listed
from catalogue.picturing import ego, nodes
from catalogue.picturing.asked import Asked, Picture, values
from catalogue.picturing.facts import Facts
from catalogue.picturing.nodes import Node, Tie
from catalogue.views import Showing
from s4s_graph.search.read import Facet, Value

MOST, LINES = 80, 110  # nodes and lines in a picture that can still be read
AROUND = 32  # interventions around one thing in a neighbourhood


@dataclass(frozen=True)
class Net:
    """Interventions by their numbers, values of a facet, and which has which.

    links: the place of an intervention, the place of a value, whether more than an example says so.
    total: how many nodes there would be without a limit.
    most: the value that most of the interventions have, and how many.
    centre: the place of that value if this is its neighbourhood, and not the whole.
    alone: how many interventions have no value at all.
    """

    things: tuple[int, ...]
    values: tuple[Value, ...]
    links: tuple[tuple[int, int, bool], ...]
    total: int
    most: tuple[Value, int] | None
    centre: int | None
    alone: int


def net(facet: Facet, things: Sequence[int], bits: int) -> Net:
    """Return the network of some interventions (as numbers in order, and as bits) and a facet.

    What has more than MOST nodes or LINES links is cut down to the neighbourhood of the value that
    most interventions have: the first of those, and as many as fit of what they share most.
    """
    held = values(facet, bits)
    linked = 0
    for _, some in held:
        linked |= some
    total = linked.bit_count() + len(held)
    alone = len(things) - linked.bit_count()
    if not held:
        return Net((), (), (), 0, None, None, alone)
    centre = max(range(len(held)), key=lambda place: (held[place][1].bit_count(), -place))
    most, around = held[centre][0], held[centre][1]
    if total <= MOST and sum(some.bit_count() for _, some in held) <= LINES:
        chosen = [thing for thing in things if linked >> thing & 1]
        links = _links(chosen, held)
        all_of_them = tuple(value for value, _ in held)
        return Net(
            tuple(chosen), all_of_them, links, total, (most, around.bit_count()), None, alone
        )
    chosen = [thing for thing in things if around >> thing & 1][:AROUND]
    flags = sum(1 << thing for thing in chosen)
    shared = {place: (some & flags).bit_count() for place, (_, some) in enumerate(held)}
    ranked = sorted(shared, key=lambda place: (place != centre, -shared[place], place))
    lines = list(accumulate(shared[place] for place in ranked))
    room = min(MOST - len(chosen), max(1, bisect_right(lines, LINES)))
    kept = sorted(place for place in ranked[:room] if shared[place])
    near = [held[place] for place in kept]
    return Net(
        tuple(chosen),
        tuple(value for value, _ in near),
        _links(chosen, near),
        total,
        (most, around.bit_count()),
        kept.index(centre),
        alone,
    )


def _links(
    things: Sequence[int], held: Sequence[tuple[Value, int]]
) -> tuple[tuple[int, int, bool], ...]:
    return tuple(
        (row, column, bool(value.real >> thing & 1))
        for row, thing in enumerate(things)
        for column, (value, some) in enumerate(held)
        if some >> thing & 1
    )


def network(asked: Asked, *, literal: bool = False) -> Picture:
    """Return the network of what was asked for; around one intervention if it is of one."""
    if asked.one:
        return ego.around(asked, literal=literal)
    facet = asked.facet
    if not facet:
        nothing = asked.page.words.gettext("These interventions have nothing to be linked by.")
        return Picture(nothing, Sheet({}, 0, lambda start, end: ()))
    key = ("network", facet.name, asked.things)
    found = asked.facts.remember(key, lambda: net(facet, asked.things, asked.bits))
    showing = Showing(asked.page, {_iri(asked, thing) for thing in found.things})
    caption = _caption(asked, facet, found)
    drawn = _drawn(asked, facet, found, showing, caption, literal) if found.links else None
    return Picture(caption, _sheet(asked, facet, found), drawn, _notes(asked, found))


def _iri(asked: Asked, thing: int) -> str:
    return asked.page.release.iri("intervention", asked.listing.slugs[thing])


def _drawn(
    asked: Asked, facet: Facet, found: Net, showing: Showing, caption: str, literal: bool
) -> Markup:
    gettext, lang = asked.page.words.gettext, asked.page.lang
    boxes = []
    for thing in found.things:
        iri = _iri(asked, thing)
        shown = showing.thing(iri)
        href = iri if literal else shown.href or iri
        boxes.append(Node(shown.text, href, "square", shown.lang, shown.illustrative))
    for place, value in enumerate(found.values):
        iri = value.term[1:-1]
        href = iri if literal else f"/{lang}/{facet.chosen_from}/{value.key}"
        chosen = place == found.centre
        invented = iri in asked.page.release.illustrative
        boxes.append(Node(value.name.of(lang), href, "circle", None, invented, chosen))
    first = len(found.things)
    ties = [Tie(row, first + column, real) for row, column, real in found.links]
    description = gettext(
        "Squares are interventions, circles are what they are linked to. Each leads to its page. "
        "A table with the same links follows."
    )
    words = nodes.Words(
        caption,
        description,
        gettext("intervention"),
        facet.title.of(lang),
        gettext("dashed: rests on an invented example only"),
        gettext("links: %(count)s"),
    )
    return nodes.drawn(words, boxes, ties, literal=literal)


def _sheet(asked: Asked, facet: Facet, found: Net) -> Sheet:
    gettext, lang = asked.page.words.gettext, asked.page.lang
    columns = {
        "intervention": gettext("Intervention"),
        facet.name: facet.title.of(lang),
        "rests": gettext("Rests on"),
    }
    said = {
        True: ("sources", gettext("what sources say")),
        False: ("illustrative", gettext("an invented example only")),
    }

    def row(link: tuple[int, int, bool]) -> Row:
        thing, column, real = link
        value = Things((found.values[column].term[1:-1],))
        iri = _iri(asked, found.things[thing])
        # What an example says rests on the examples about that intervention.
        examples = frozenset() if real else _examples(asked.facts, iri)
        cells = Things((iri,)), value, Words((said[real],), warn=not real)
        return Row(cells, rests=examples)

    return listed(columns, found.links, row)


def _examples(facts: Facts, iri: str) -> frozenset[str]:
    return facts.invented & {one.id for one in facts.own([iri])}


def _caption(asked: Asked, facet: Facet, found: Net) -> str:
    gettext, lang = asked.page.words.gettext, asked.page.lang
    if not found.most:
        return gettext("These interventions have nothing to be linked by.")
    value, count = found.most
    said = gettext("Most have in common: “%(value)s” (%(facet)s), %(count)s of %(total)s.")
    name, total = value.name.of(lang), len(asked.things)
    return said % {
        "value": name,
        "facet": facet.title.of(lang),
        "count": count,
        "total": total,
    }


def _notes(asked: Asked, found: Net) -> tuple[str, ...]:
    gettext, ngettext, notes = asked.page.words.gettext, asked.page.words.ngettext, []
    if found.centre is not None:
        said = gettext(
            "The whole, with %(total)s nodes, is too much to read. Drawn is what is around "
            "“%(centre)s”: %(things)s interventions and what they share most. Narrow the list to "
            "see another part."
        )
        centre = found.values[found.centre].name.of(asked.page.lang)
        numbers = {"total": found.total, "things": len(found.things)}
        notes.append(said % {"centre": centre, **numbers})
    if found.alone:
        said = ngettext(
            "%(num)s intervention has none of these and is left out.",
            "%(num)s interventions have none of these and are left out.",
            found.alone,
        )
        notes.append(said % {"num": found.alone})
    return tuple(notes)
