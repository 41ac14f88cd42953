"""Six shares that say how coherent the interventions are. There is no single score.

Each is shown with the two numbers it is made of, and is nothing where there is nothing to divide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from s4s_graph.coherence.gaps import Need, needs
from s4s_graph.coherence.links import Links, Standing
from s4s_graph.coherence.model import World
from s4s_graph.coherence.tallies import Tally, tally
from s4s_graph.coherence.view import View
from s4s_graph.forms import Text


@dataclass(frozen=True)
class Share:
    """So many (`n`) of so many (`d`)."""

    n: int
    d: int

    @property
    def value(self) -> float | None:
        """The share between 0 and 1; None of nothing."""
        return self.n / self.d if self.d else None


@dataclass(frozen=True)
class Indicator:
    """What an indicator is called, how it is computed, and how to read it."""

    id: str
    name: Text
    formula: Text
    meaning: Text


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        id="connected",
        name=Text("Verbonden", "Connected"),
        formula=Text(
            "interventies met minstens één aansluiting, heen of terug ÷ interventies waarvan "
            "minstens één configuratie bekend is",
            "interventions with at least one link, in or out ÷ interventions of which at least one "
            "configuration is known",
        ),
        meaning=Text(
            "Hoeveel interventies niet alleen staan. Een aansluiting is een verwachting uit de "
            "theorie, geen afspraak.",
            "How many interventions do not stand alone. A link is an expectation from theory, not "
            "an agreement.",
        ),
    ),
    Indicator(
        id="needs-met",
        name=Text("Behoeften vervuld", "Needs met"),
        formula=Text(
            "behoeften die minstens één interventie tot stand brengt ÷ alle behoeften; een "
            "behoefte is een beïnvloedbare omstandigheid die een interventie nodig heeft",
            "needs that at least one intervention brings about ÷ all needs; a need is a malleable "
            "condition that an intervention needs",
        ),
        meaning=Text(
            "Hoeveel van wat interventies nodig hebben, door een interventie kan worden gemaakt. "
            "De rest zijn gaten, en daarbij tellen ook aanleidingen: gebreken die niemand hoeft te "
            "maken.",
            "How much of what interventions need can be made by an intervention. The rest are "
            "gaps, and reasons to act count among these: lacks that nobody has to make.",
        ),
    ),
    Indicator(
        id="fragile",
        name=Text("Kwetsbaar", "Fragile"),
        formula=Text(
            "vervulde behoeften die op precies één andere interventie rusten ÷ vervulde behoeften",
            "met needs that rest on exactly one other intervention ÷ met needs",
        ),
        meaning=Text(
            "Hoe vaak er geen tweede is als de enige maker wegvalt. Lager is steviger.",
            "How often there is no second one if the only maker falls away. Lower is sturdier.",
        ),
    ),
    Indicator(
        id="supported-links",
        name=Text("Onderbouwde aansluitingen", "Supported links"),
        formula=Text(
            "aansluitingen die zijn waargenomen of aan één of beide kanten door bevindingen worden "
            "gesteund ÷ alle aansluitingen",
            "links that were observed, or are supported by findings on one or both sides ÷ all "
            "links",
        ),
        meaning=Text(
            "Hoeveel van de samenhang meer is dan een vermoeden.",
            "How much of the coherence is more than a conjecture.",
        ),
    ),
    Indicator(
        id="said-and-computed",
        name=Text("Gezegd en berekend", "Said and computed"),
        formula=Text(
            "aansluitingen waarvan betrokkenen ook zeggen dat de een voorafgaat aan de ander, deze "
            "versterkt of eraan overdraagt ÷ alle aansluitingen",
            "links of which those involved also say that one precedes, reinforces or hands over to "
            "the other ÷ all links",
        ),
        meaning=Text(
            "Hoeveel van de samenhang uit de theorie in de praktijk is benoemd. Het wordt van "
            "interventies gezegd, niet van hun soorten.",
            "How much of the coherence in theory has been named in practice. It is said of "
            "interventions, not of their kinds.",
        ),
    ),
    Indicator(
        id="reach",
        name=Text("Bereikbaar", "Within reach"),
        formula=Text(
            "paren van een bedrijf en een door beleid gevraagde omstandigheid die daar geldt of "
            "tot stand kan komen ÷ alle zulke paren",
            "pairs of a company and a condition that policy asks for, which holds there or can be "
            "brought about ÷ all such pairs",
        ),
        meaning=Text(
            "Hoe ver bedrijven met deze interventies kunnen komen, vanuit wat er nu geldt.",
            "How far companies can get with these interventions, from what holds there now.",
        ),
    ),
)


def indicators(view: View, links: Links | Tally, reached: Share | None) -> Mapping[str, Share]:
    """Return the indicators by their ids, in order; without `reach` if it is not given."""
    found = links if isinstance(links, Tally) else tally(view, links.rows())
    # A need is a condition together with an intervention that needs it.
    needed = [need for need in needs(view) if need.malleable]
    met = [need for need in needed if need.makers]
    single = [need for need in met if len(need.makers) == 1]
    alone = sum(len(need.takers) - len({*need.takers} & {*need.makers}) for need in single)
    supported: tuple[Standing, ...] = ("observed", "both-supported", "one-supported")
    shares = {
        "connected": Share(found.connected, len(view.described)),
        "needs-met": Share(_takers(met), _takers(needed)),
        "fragile": Share(alone, _takers(met)),
        "supported-links": Share(sum(found.by_standing[name] for name in supported), found.links),
        # Nobody says it of kinds: a share of nought would look like a finding.
        "said-and-computed": Share(found.said, found.links if view.level == "interventions" else 0),
    }
    return shares if reached is None else {**shares, "reach": reached}


def years(world: World) -> tuple[int, ...]:
    """Return the years from the first deployment or case to the last: the course of a line."""
    found = {item.year for item in world.deployments}
    found |= {item.year for item in world.findings.values() if item.company and item.year}
    return tuple(range(min(found), max(found) + 1)) if found else ()


def _takers(found: Iterable[Need]) -> int:
    return sum(len(need.takers) for need in found)
