"""The neighbourhood of one intervention: who and what it needs before it, what follows after it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from catalogue import records
from catalogue.coherence.sheets import Count, Row, Sheet, Things, Words, listed
from catalogue.picturing import diagram
from catalogue.picturing.asked import TABLE, Asked, Picture
from catalogue.picturing.diagram import Edge, Node, Style
from catalogue.picturing.facts import Facts
from catalogue.things.understanding import values
from catalogue.views import Showing
from s4s_graph.coherence.model import Configuration

SIDE, STATED = 12, 6  # conditions, and what is stated, on each side

Side = Literal["needs", "brings"]

SIDES: tuple[Side, ...] = ("needs", "brings")
# Fields whose values stand around it as well: organisations before it, skills after it.
FIELDS: Mapping[Side, tuple[str, ...]] = {
    "needs": ("holder", "deliverer", "funder"),
    "brings": ("develops",),
}


@dataclass(frozen=True)
class Neighbour:
    """A thing before or after an intervention.

    count: of a condition that it needs or brings about, how many configurations say so.
    style: known of itself with or without findings that were not invented, or of its kind only;
        or stated of it, not by a configuration.
    examples: those of the configurations that were invented.
    """

    iri: str
    side: Side
    count: int
    style: Style
    examples: frozenset[str]


def neighbours(facts: Facts, intervention: str) -> list[Neighbour]:
    """Return all conditions around an intervention, on each side the most named first.

    Counted are the configurations about itself where there are any, else those about its kinds.
    What was rejected does not count, nor does an outcome that stays away.
    """
    own = [one for one in facts.own([intervention]) if not one.rejected]
    kind = [one for one in facts.of_kind([intervention]) if not one.rejected]
    found = []
    for side in SIDES:
        mine, theirs = _count(own, side), _count(kind, side)
        for iri in mine | theirs:
            named = [one for one in own if iri in getattr(one, side)]
            style: Style = "kind"
            if named:
                style = "supported" if any(map(facts.real, named)) else "hypothesis"
            examples = facts.invented.intersection(one.id for one in named)
            found.append(Neighbour(iri, side, mine[iri] or theirs[iri], style, examples))
    return sorted(found, key=lambda n: (n.side == "brings", n.style == "kind", -n.count, n.iri))


def stated(asked: Asked) -> Iterator[Neighbour]:
    """Yield the organisations behind the one intervention that was asked for, and its skills."""
    page = asked.page
    record = records.read(page.release, page.form(TABLE), asked.one or "")
    for side, fields in FIELDS.items():
        named = [sorted(values(record, field)) for field in fields] if record else []
        for iri in dict.fromkeys(chain.from_iterable(named)):
            yield Neighbour(iri, side, 0, "stated", frozenset())


def _count(configurations: Sequence[Configuration], side: Side) -> Counter[str]:
    return Counter(iri for one in configurations for iri in getattr(one, side))


def around(asked: Asked, *, literal: bool = False) -> Picture:
    """Return the neighbourhood of the one intervention that was asked for."""
    gettext, (iri,) = asked.page.words.gettext, asked.iris
    conditions, others = neighbours(asked.facts, iri), list(stated(asked))
    shown = [*_first(conditions, SIDE), *_first(others, STATED)]
    showing = Showing(asked.page, {iri, *(neighbour.iri for neighbour in shown)})
    meanings: dict[Style, str] = {
        "supported": gettext("known of itself, with findings"),
        "hypothesis": gettext("known of itself, without findings or with invented ones only"),
        "kind": gettext("known of its kind only"),
        "stated": gettext("stated of it: an organisation behind it, or a skill that it develops"),
    }
    counts: dict[str, int] = {side: sum(n.side == side for n in conditions) for side in SIDES}
    said = gettext("“%(name)s” needs %(needs)s conditions and brings about %(brings)s.")
    caption = said % {"name": showing.thing(iri).text, **counts}
    words = diagram.Words(
        caption,
        gettext(
            "Before the intervention stand what it needs and the organisations behind it, after "
            "it what it brings about and the skills that it develops. A table with the same "
            "follows."
        ),
        meanings,
        gettext("an invented example"),
    )
    boxes = [
        _node(showing, name, name == iri, literal) for name in dict.fromkeys(_names(iri, shown))
    ]
    edges = [_edge(showing, iri, neighbour, meanings) for neighbour in shown]
    drawn = diagram.layered(boxes, edges, words, name="network", literal=literal)
    left = len(conditions) + len(others) - len(shown)
    notes = [gettext(
        "Counted are the configurations about the intervention itself, or else those about its "
        "kind, which are a hypothesis for it."
    )]  # fmt: skip
    if left:
        ngettext = asked.page.words.ngettext
        more = ngettext(
            "%(num)s neighbour, named least often, is left out.",
            "%(num)s neighbours, those named least often, are left out.",
            left,
        )
        notes.append(more % {"num": left})
    return Picture(
        caption, _sheet(asked, iri, shown, meanings), drawn if shown else None, tuple(notes)
    )


def _first(found: Sequence[Neighbour], most: int) -> Iterator[Neighbour]:
    for side in SIDES:
        yield from [one for one in found if one.side == side][:most]


def _names(iri: str, shown: Sequence[Neighbour]) -> Iterator[str]:
    yield iri
    yield from (neighbour.iri for neighbour in shown)


def _node(showing: Showing, name: str, chosen: bool, literal: bool) -> Node:
    shown = showing.thing(name)
    href = name if literal else shown.href or name
    return Node(name, shown.text, href, shown.lang, shown.illustrative, chosen)


def _edge(showing: Showing, iri: str, neighbour: Neighbour, meanings: Mapping[Style, str]) -> Edge:
    ends = (neighbour.iri, iri) if neighbour.side == "needs" else (iri, neighbour.iri)
    names = " → ".join(showing.thing(end).text for end in ends)
    return Edge(*ends, neighbour.style, f"{names}: {meanings[neighbour.style]}")


def _sheet(
    asked: Asked, iri: str, shown: Sequence[Neighbour], meanings: Mapping[Style, str]
) -> Sheet:
    gettext = asked.page.words.gettext
    columns = {
        "from": gettext("From"),
        "to": gettext("To"),
        "known": gettext("What is known"),
        "configurations": gettext("Configurations"),
    }

    def row(neighbour: Neighbour) -> Row:
        ends = (neighbour.iri, iri) if neighbour.side == "needs" else (iri, neighbour.iri)
        known = Words(((neighbour.style, meanings[neighbour.style]),))
        things = (Things((end,)) for end in ends)
        return Row((*things, known, Count(neighbour.count)), rests=neighbour.examples)

    return listed(columns, shown, row)
