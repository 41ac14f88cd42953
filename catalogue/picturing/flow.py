"""Context → mechanism → outcome: how often configurations lead from the one to the other."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from markupsafe import Markup

from catalogue.coherence.sheets import Count, Row, Sheet, Things, Words, listed
from catalogue.picturing import alluvial
from catalogue.picturing.alluvial import Band, Station
from catalogue.picturing.asked import TOPS, Asked, Picture
from catalogue.picturing.facts import Facts
from catalogue.views import Showing
from s4s_graph.coherence.model import Configuration, Valence

# What an outcome is to a configuration, by its valence.
HOWS: Mapping[Valence, str] = {
    "beoogd": "brings",
    "onbedoeld-gunstig": "brings",
    "averechts": "adverse",
    "uitblijvend": "away",
}
NONE, OTHER = "none", "other"  # stations without a name: nothing is stated, or the rest

Place = tuple[str, str]  # an IRI, NONE or OTHER, and for an outcome what becomes of it
Pair = tuple[Place, Place]
Names = Sequence[Mapping[Place, Station]]
Ends = tuple[Collection[Place], ...]  # contexts, mechanisms, outcomes


@dataclass(frozen=True)
class Flow:
    """How many configurations there are, at each station, on each band; which were invented."""

    total: int
    invented: int
    stations: tuple[Mapping[Place, int], ...]
    bands: tuple[Mapping[Pair, int], ...]
    made_up: tuple[Mapping[Pair, frozenset[str]], ...]
    others: tuple[Mapping[Place, int], ...]  # how many stations each OTHER stands for


def counted(facts: Facts, interventions: Sequence[str], top: int) -> Flow:
    """Count the configurations about some interventions and about their kinds.

    Those that were rejected do not count. In each column the `top` most used keep their names. A
    configuration with several contexts counts at each of them, and once on each band.
    """
    every = [*facts.own(interventions), *facts.of_kind(interventions)]
    chosen = [one for one in every if not one.rejected]
    ends = [_ends(facts, one) for one in chosen]
    kept = [_most(ends, column, top) for column in range(3)]
    merged = [tuple(map(_merged, of_one, kept)) for of_one in ends]
    examples: tuple[defaultdict[Pair, set[str]], ...] = defaultdict(set), defaultdict(set)
    for one, places in zip(chosen, merged, strict=True):
        if one.id in facts.invented:
            for column, of in enumerate(examples):
                for pair in product(places[column], places[column + 1]):
                    of[pair].add(one.id)
    rest = (
        {place for of_one in ends for place in of_one[column]} - kept[column] for column in range(3)
    )
    return Flow(
        len(chosen),
        sum(one.id in facts.invented for one in chosen),
        tuple(Counter(p for places in merged for p in places[column]) for column in range(3)),
        tuple(
            Counter(
                pair for places in merged for pair in product(places[column], places[column + 1])
            )
            for column in range(2)
        ),
        tuple({pair: frozenset(ids) for pair, ids in of.items()} for of in examples),
        tuple(Counter((OTHER, how) for _, how in places) for places in rest),
    )


def _merged(places: Collection[Place], kept: Collection[Place]) -> set[Place]:
    return {place if place in kept else (OTHER, place[1]) for place in places}


def _ends(facts: Facts, one: Configuration) -> Ends:
    how = HOWS[one.valence]
    mechanisms = facts.mechanisms.get(one.id, ())
    return (
        [(iri, "brings") for iri in one.needs] or [(NONE, "brings")],
        [(iri, "brings") for iri in mechanisms] or [(NONE, "brings")],
        [(iri, how) for iri in one.outcomes] or [(NONE, how)],
    )


def _most(ends: Sequence[Ends], column: int, top: int) -> set[Place]:
    used = Counter(place for of_one in ends for place in of_one[column])
    ranked = sorted(used, key=lambda place: (-used[place], place))
    # One that is left alone keeps its name: "other (1)" would take as much room.
    return set(ranked[: top if len(ranked) > top + 1 else top + 1])


def flow(asked: Asked, *, literal: bool = False) -> Picture:
    """Return the flow of what was asked for."""
    facts = asked.facts
    key = ("flow", asked.things, asked.top)
    found = facts.remember(key, lambda: counted(facts, asked.iris, asked.top))
    showing = Showing(asked.page, {iri for iri, _ in _places(found) if iri not in {NONE, OTHER}})
    names = [
        {place: _station(asked, found, showing, column, place, literal) for place in stations}
        for column, stations in enumerate(found.stations)
    ]
    bands = [
        Band(column, *pair, count, len(_examples(found, column, pair)), _said(names, column, pair))
        for column, pairs in enumerate(found.bands)
        for pair, count in sorted(pairs.items())
    ]
    caption = _caption(asked, found, names)
    return Picture(
        caption,
        _sheet(asked, found, names, bands),
        _drawn(asked, caption, names, bands, literal) if found.total else None,
        _notes(asked, found),
    )


def _drawn(
    asked: Asked, caption: str, names: Names, bands: Sequence[Band], literal: bool
) -> Markup:
    gettext = asked.page.words.gettext
    description = gettext(
        "Three columns with bands between them. The wider a band, the more configurations lead "
        "from the one to the other. A table with the same numbers follows."
    )
    words = alluvial.Words(
        caption,
        description,
        (gettext("Context"), gettext("Mechanism"), gettext("Outcome")),
        gettext("leads to an outcome"),
        gettext("to an adverse outcome, or to one that stays away"),
        gettext("only invented examples"),
    )
    return alluvial.drawn(words, names, bands, literal=literal)


def _sheet(asked: Asked, found: Flow, names: Names, bands: Sequence[Band]) -> Sheet:
    gettext = asked.page.words.gettext
    columns = {
        "from": gettext("From"),
        "to": gettext("To"),
        "configurations": gettext("Configurations"),
        "invented": gettext("of which illustrative"),
    }

    def row(band: Band) -> Row:
        ends = (band.start, names[band.column]), (band.end, names[band.column + 1])
        cells = (_cell(place, of[place]) for place, of in ends)
        rests = _examples(found, band.column, (band.start, band.end))
        return Row((*cells, Count(band.count), Count(band.invented)), rests=rests)

    ordered = sorted(bands, key=lambda band: (band.column, -band.count, band.start, band.end))
    return listed(columns, ordered, row)


def _places(found: Flow) -> Iterator[Place]:
    return (place for stations in found.stations for place in stations)


def _cell(place: Place, station: Station) -> Things | Words:
    iri, how = place
    # An outcome that stays away is not the outcome: its words say so.
    named = iri not in {NONE, OTHER} and how == "brings"
    return Things((iri,)) if named else Words(((iri, station.text),))


def _station(
    asked: Asked, found: Flow, showing: Showing, column: int, place: Place, literal: bool
) -> Station:
    gettext, (iri, how) = asked.page.words.gettext, place
    count = found.stations[column][place]
    shown = None if iri in {NONE, OTHER} else showing.thing(iri)
    if shown:
        text = shown.text
    elif iri == NONE:
        text = gettext("none stated")
    else:
        text = gettext("%(count)s other") % {"count": found.others[column][place]}
    if how == "adverse":
        text = gettext("adverse: %(outcome)s") % {"outcome": text}
    elif how == "away":
        text = gettext("stays away: %(outcome)s") % {"outcome": text}
    if shown:
        return Station(text, count, iri if literal else shown.href, shown.lang)
    return Station(text, count, _more(asked) if iri == OTHER and not literal else None)


def _more(asked: Asked) -> str:
    """Return where what stands together is told apart: a larger picture, or else the file."""
    more = next((top for top in TOPS if top > asked.top), None)
    return asked.to(top=more) if more else asked.to(suffix="csv")


def _examples(found: Flow, column: int, pair: Pair) -> frozenset[str]:
    return found.made_up[column].get(pair, frozenset())


def _said(names: Names, column: int, pair: Pair) -> str:
    return f"{names[column][pair[0]].text} → {names[column + 1][pair[1]].text}"


def _caption(asked: Asked, found: Flow, names: Names) -> str:
    gettext = asked.page.words.gettext
    pairs = [
        (count, column, pair)
        for column, bands in enumerate(found.bands)
        for pair, count in bands.items()
        if not {NONE, OTHER} & {iri for iri, _ in pair}
    ]
    if not pairs:
        return gettext("No configuration leads from a context by a mechanism to an outcome.")
    count, column, (start, end) = max(pairs, key=lambda pair: (pair[0], -pair[1], pair[2]))
    return gettext("Most often: from “%(start)s” to “%(end)s”, in %(count)s of %(total)s "
                   "configurations.") % {
        "start": names[column][start].text,
        "end": names[column + 1][end].text,
        "count": count,
        "total": found.total,
    }  # fmt: skip


def _notes(asked: Asked, found: Flow) -> tuple[str, ...]:
    gettext, ngettext = asked.page.words.gettext, asked.page.words.ngettext
    notes = [gettext(
        "Counted are the configurations about these interventions and about their kinds, but not "
        "those that were rejected. One with several contexts or outcomes counts at each of them."
    )]  # fmt: skip
    if found.invented:
        said = ngettext(
            "%(num)s of the %(total)s configurations is an invented example.",
            "%(num)s of the %(total)s configurations are invented examples.",
            found.invented,
        )
        notes.append(said % {"num": found.invented, "total": found.total})
    if any(found.others):
        left = gettext("In each column the %(top)s most used have a name; the rest is “other”.")
        notes.append(left % {"top": asked.top})
    return tuple(notes)
