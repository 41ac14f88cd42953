"""Coherence in words and aligned tables, for a person at a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import click

from s4s_graph import answers, steering
from s4s_graph.coherence.improvements import Improvement, Kind
from s4s_graph.coherence.links import STANDINGS
from s4s_graph.coherence.method import notion
from s4s_graph.coherence.read import Reader, slug
from s4s_graph.coherence.routes import Blocker, Route, Routes
from s4s_graph.coherence.summary import Report
from s4s_graph.forms import Text
from s4s_graph.store import Store


@dataclass(frozen=True)
class Row:
    """The cells of one line of a table; it gets a star if it rests on something invented."""

    cells: tuple[str, ...]
    starred: bool


@dataclass(frozen=True)
class Speaker:
    """Says things about one release in one language."""

    store: Store
    base: str
    lang: str

    @cached_property
    def reader(self) -> Reader:
        """What reads the world from the release."""
        return Reader(self.store)

    @cached_property
    def invented(self) -> frozenset[str]:
        """The things that are illustrative."""
        return self.reader.invented()

    def names(self, things: Iterable[str]) -> dict[str, str]:
        """Return what each thing is called, its slug where it has no name."""
        every = list(dict.fromkeys(things))
        found = self.store.labels(every, self.lang)
        return {iri: found[iri].text if iri in found else slug(iri) for iri in every}

    def listed(self, things: Iterable[str]) -> str:
        """Return names in a row."""
        return "; ".join(self.names(things).values())

    def ground(self, name: str | None) -> str:
        """Return what a standing is called, of a link or of one configuration."""
        if name in STANDINGS:
            return self.listed([f"{self.base}id/standing/{name}"])
        return _SUPPORTED.of(self.lang) if name else ""

    def say(self, text: Text) -> None:
        """Print a sentence."""
        click.echo(steering.line(text.of(self.lang)))

    def table(self, headings: Sequence[Text], rows: Sequence[Row]) -> None:
        """Print aligned columns."""
        named = [text.of(self.lang) for text in headings]
        starred = [row.starred for row in rows]
        click.echo(answers.aligned(named, (row.cells for row in rows), starred), nl=False)
        if any(starred):
            self.say(_STAR)

    def document(self, content: Mapping[str, object], things: Iterable[str]) -> None:
        """Print JSON, with what the things in it are called."""
        names = self.names(sorted(set(things)))
        document = {**content, "labels": names} if names else content
        click.echo(steering.as_json(document))


def say_report(report: Report, speaker: Speaker) -> None:
    """Print the indicators of a report and what was counted for it."""
    indicators = {name: f"{speaker.base}id/indicator/{name}" for name in report.indicators}
    names = speaker.names(indicators.values())
    rows = [
        Row(
            (
                names[indicators[name]],
                "–" if share.value is None else f"{share.value:.0%}",
                str(share.n),
                str(share.d),
            ),
            name in report.invented,
        )
        for name, share in report.indicators.items()
    ]
    speaker.table((_INDICATOR, _SHARE, _OF, _ALL), rows)
    click.echo()
    counts = [
        Row(
            (notion(name).name.of(speaker.lang), str(report.counts[counted])),
            # The order in practice is that at companies, which may be invented by themselves.
            report.illustrative or (name == "order" and bool(report.invented)),
        )
        for name, counted in _COUNTED.items()
    ]
    speaker.table((_NOTION, _NUMBER), counts)


def say_improvements(found: Sequence[Improvement], speaker: Speaker) -> None:
    """Print improvements in their order."""
    rows = [
        Row(
            (
                str(rank),
                _KINDS[item.kind].of(speaker.lang),
                speaker.listed([item.condition] if item.condition else item.givers),
                speaker.listed(item.takers),
                str(len(item.opens)),
                str(len(item.protects)),
                str(len(item.companies)),
                speaker.ground(item.standing),
            ),
            not speaker.invented.isdisjoint(
                (*item.configurations, *item.companies, *item.opens.companies)
            ),
        )
        for rank, item in enumerate(found, 1)
    ]
    speaker.table((_RANK, _WHAT, _ABOUT, _FOR, _OPENS, _PROTECTS, _COMPANIES, _GROUND), rows)


def say_routes(company: str, found: Routes, speaker: Speaker) -> None:
    """Print the routes of a company to a goal, or what stands in the way of one."""
    if found.held:
        held = speaker.listed(found.held)
        speaker.say(Text(f"dit geldt al: {held}", f"this holds already: {held}"))
        return
    for number, route in enumerate(found.routes, 1):
        _say_route(number, route, company, speaker)
    if not found.routes:
        _say_blockers(found.blockers, company, speaker)
    if not found.complete:
        speaker.say(_INCOMPLETE)


def _say_route(number: int, route: Route, company: str, speaker: Speaker) -> None:
    cost, reached = route.cost, speaker.listed(route.reaches)
    hours = f"{cost.hours:g}"
    unknown, nl, en = cost.unknown_hours, "", ""
    if unknown:
        nl = f", bij {unknown} van de stappen onbekend en gesteld op het meeste"
        en = f", unknown for {unknown} of the steps and taken as the most known"
    speaker.say(
        Text(
            f"route {number} naar: {reached}; stappen: {cost.steps}, jaren: {cost.years}, "
            f"uren per deelnemer: {hours}{nl}",
            f"route {number} to: {reached}; steps: {cost.steps}, years: {cost.years}, "
            f"hours per participant: {hours}{en}",
        )
    )
    if route.assumed:
        assumed = speaker.listed(route.assumed)
        speaker.say(
            Text(
                f"onbekend, en aangenomen dat het geldt: {assumed}",
                f"unknown, and assumed to hold: {assumed}",
            )
        )
    rows = [
        Row(
            (
                str(step.year),
                speaker.listed([step.intervention]),
                speaker.listed(step.creates),
                speaker.listed((*step.undoes, *step.adverse)),
                speaker.ground(step.ground),
                speaker.listed(step.absent),
            ),
            not speaker.invented.isdisjoint((company, *step.configurations)),
        )
        for step in route.steps
    ]
    speaker.table((_YEAR, _STEP, _CREATES, _UNDOES, _GROUND, _ABSENT), rows)
    if doubts := speaker.listed(doubt for step in route.steps for doubt in step.doubts):
        speaker.say(
            Text(
                f"maar dit zegt dat het hier uitblijft: {doubts}",
                f"but this says that it stays away here: {doubts}",
            )
        )


def _say_blockers(found: Sequence[Blocker], company: str, speaker: Speaker) -> None:
    speaker.say(_NO_ROUTE if found else _NO_WAY)
    rows = [
        Row(
            (
                str(number),
                speaker.listed([lack.condition]),
                (_MUST if lack.present else _MUST_NOT).of(speaker.lang),
                speaker.listed(maker.intervention for maker in makers),
            ),
            not speaker.invented.isdisjoint((company, *(maker.configuration for maker in makers))),
        )
        for number, blocker in enumerate(found, 1)
        for lack, makers in zip(blocker.lacks, blocker.makers, strict=True)
    ]
    if rows:
        speaker.table((_CHOICE, _CONDITION, _CHANGE, _WHO), rows)


# Which count of a report belongs to which notion.
_COUNTED = {
    "link": "links",
    "break": "breaks",
    "gap": "gaps",
    "fragile": "fragile",
    "dead-end": "dead-ends",
    "conflict": "conflicts",
    "overlap": "overlaps",
    "order": "out-of-order",
    "agreement": "agreements",
}
_KINDS: dict[Kind, Text] = {
    "gap": Text("breng dit tot stand", "bring this about"),
    "fragile": Text("zorg voor een tweede maker", "find a second maker"),
    "agreement": Text("maak een afspraak", "come to an agreement"),
    "order": Text("draai de volgorde om", "change the order"),
    "conflict": Text("los het conflict op", "resolve the conflict"),
}
_STAR = Text("* rust op iets dat verzonnen is", "* rests on something invented")
_SUPPORTED = Text("gesteund", "supported")
_INDICATOR = Text("Indicator", "Indicator")
_SHARE = Text("Deel", "Share")
_OF = Text("Teller", "Numerator")
_ALL = Text("Noemer", "Denominator")
_NOTION = Text("Begrip", "Notion")
_NUMBER = Text("Aantal", "Number")
_RANK = Text("Nr", "No")
_WHAT = Text("Wat te doen", "What to do")
_ABOUT = Text("Waarover", "About")
_FOR = Text("Ten behoeve van", "For the sake of")
_OPENS = Text("Opent", "Opens")
_PROTECTS = Text("Beschermt", "Protects")
_COMPANIES = Text("Bedrijven", "Companies")
_GROUND = Text("Rust op", "Rests on")
_YEAR = Text("Jaar", "Year")
_STEP = Text("Interventie", "Intervention")
_CREATES = Text("Brengt tot stand", "Brings about")
_UNDOES = Text("Neemt weg of schaadt", "Undoes or harms")
_ABSENT = Text("Aangenomen dat niet geldt", "Assumed not to hold")
_CHOICE = Text("Mogelijkheid", "Way")
_CONDITION = Text("Omstandigheid", "Condition")
_CHANGE = Text("Nodig", "Needed")
_WHO = Text("Wie dit kan", "Who can do this")
_MUST = Text("moet gelden", "has to hold")
_MUST_NOT = Text("mag niet gelden", "must not hold")
_NO_ROUTE = Text(
    "er is geen route; elk van deze veranderingen zou er een openen",
    "there is no route; each of these changes would open one",
)
_NO_WAY = Text(
    "er is geen route, en geen kleine verandering die er een opent",
    "there is no route, and no small change that opens one",
)
_INCOMPLETE = Text(
    "de zoektocht is bij de grens gestopt: er kunnen betere antwoorden zijn",
    "the search stopped at its limit: there may be better answers",
)
