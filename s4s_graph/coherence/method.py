"""What each notion of coherence means, how it is computed and whose idea it is, for the reader.

The one place for these words: every number on a page leads here.
"""

from dataclasses import dataclass

from s4s_graph.forms import Text


@dataclass(frozen=True)
class Notion:
    """A notion in plain words; `rule` says how it is computed, `source` where it comes from."""

    id: str
    name: Text
    definition: Text
    rule: Text
    source: Text


_REALIST = (
    "Pawson & Tilley (1997), Realistic Evaluation; Jagosh et al. (2015), "
    "doi 10.1186/s12889-015-1949-1"
)
_STRIPS = "Fikes & Nilsson (1971), doi 10.1016/0004-3702(71)90010-5"
_MIX = "Howlett & Rayner (2007), doi 10.1016/S1449-4035(07)70118-2"
_DALKIN = "Dalkin et al. (2015), doi 10.1186/s13012-015-0237-x"
_PROGRAMME = "Hogeschool Rotterdam, Skills4Skills (2023)"
_QCA = "Ragin (1987), The Comparative Method"


def _both(text: str) -> Text:
    return Text(text, text)


NOTIONS: tuple[Notion, ...] = (
    Notion(
        id="link",
        name=Text("Aansluiting", "Link"),
        definition=Text(
            "De ene interventie brengt iets tot stand dat een andere nodig heeft.",
            "One intervention brings about something that another needs.",
        ),
        rule=Text(
            "Een configuratie van de eerste brengt een omstandigheid tot stand die een "
            "configuratie van de tweede nodig heeft, of een engere. Beide uitkomsten zijn gunstig, "
            "en beide configuraties gelden in het jaar. Wat van een soort interventie bekend is, "
            "telt voor interventies van die soort die zelf geen configuratie met dezelfde "
            "uitkomst hebben.",
            "A configuration of the first brings about a condition that a configuration of the "
            "second needs, or a narrower one. Both outcomes are favourable, and both "
            "configurations are valid in the year. What is known of a kind of intervention counts "
            "for interventions of that kind without a configuration of their own with the same "
            "outcome.",
        ),
        source=_both(f"{_REALIST}; {_STRIPS}"),
    ),
    Notion(
        id="standing",
        name=Text("Status van een aansluiting", "Standing of a link"),
        definition=Text(
            "Hoe zeker een aansluiting is, van waargenomen tot weersproken.",
            "How sure a link is, from observed to contradicted.",
        ),
        rule=Text(
            "Weersproken: aan een kant zijn er minstens zoveel bevindingen tegen als voor. Uit de "
            "soort: een kant is alleen van de soort interventie bekend. Waargenomen: een bedrijf "
            "gebruikte de eerste vóór of in hetzelfde jaar als de tweede, en een bevinding uit een "
            "casus bij dat bedrijf steunt de tweede in dat jaar of later. Beide, één of geen kant "
            "(hypothese) gesteund: meer bevindingen voor dan tegen. De eerste die past geldt. Een "
            "paar krijgt de beste status van zijn aansluitingen; die uit de soort en weersproken "
            "staan daarbij achteraan.",
            "Contradicted: on one side at least as many findings are against as for. From the "
            "kind: one side is known of the kind of intervention only. Observed: a company used "
            "the first before or in the same year as the second, and a finding from a case at that "
            "company supports the second in that year or later. Both, one or no side (hypothesis) "
            "supported: more findings for than against. The first that fits counts. A pair gets "
            "the best standing of its links; from the kind and contradicted come last in that.",
        ),
        source=_both(f"{_REALIST}; {_DALKIN}"),
    ),
    Notion(
        id="break",
        name=Text("Breuk", "Break"),
        definition=Text(
            "De overdracht wordt gemaakt, maar wat moest volgen blijft uit of keert zich om.",
            "The hand-off is made, but what should follow stays away or turns out badly.",
        ),
        rule=Text(
            "Als een aansluiting, maar de uitkomst van de tweede configuratie bleef uit of is "
            "averechts. Een paar dat alleen zo bekend is, is geen aansluiting: de keten breekt "
            "daar.",
            "Like a link, but the outcome of the second configuration stayed away or is adverse. A "
            "pair known only in this way is no link: the chain is known to break there.",
        ),
        source=_both(_REALIST),
    ),
    Notion(
        id="gap",
        name=Text("Gat", "Gap"),
        definition=Text(
            "Iets wat interventies nodig hebben en wat geen interventie tot stand brengt.",
            "Something that interventions need and that no intervention brings about.",
        ),
        rule=Text(
            "Een beïnvloedbare omstandigheid die een gunstige configuratie nodig heeft, terwijl "
            "geen gunstige configuratie haar of een engere tot stand brengt. Gewicht: hoeveel "
            "interventies en configuraties erop wachten, en hoeveel bedrijven zo'n interventie "
            "gebruiken terwijl niet bekend is dat de omstandigheid er geldt. Noemt de "
            "omstandigheid een gebrek of probleem, dan is zij een aanleiding: zij telt mee, maar "
            "staat apart, want niemand hoeft haar tot stand te brengen. Wat een aanleiding is, is "
            "onze indeling.",
            "A malleable condition that a favourable configuration needs, while no favourable "
            "configuration brings it or a narrower one about. Weight: how many interventions and "
            "configurations wait for it, and how many companies use such an intervention while the "
            "condition is not known to hold there. A condition that names a lack or a problem is "
            "a reason to act: it counts, but stands apart, since nobody has to bring it about. "
            "What is a reason to act is our own classification.",
        ),
        source=_both(_MIX),
    ),
    Notion(
        id="fragile",
        name=Text("Kwetsbaar", "Fragile"),
        definition=Text(
            "Iets wat nodig is en waarvoor alles op één interventie rust.",
            "Something that is needed and for which all rests on one intervention.",
        ),
        rule=Text(
            "Een omstandigheid die een gunstige configuratie nodig heeft, met precies één maker, "
            "en met minstens één andere interventie die haar nodig heeft.",
            "A condition that a favourable configuration needs, with exactly one maker, and with "
            "at least one other intervention that needs it.",
        ),
        source=_both(_MIX),
    ),
    Notion(
        id="dead-end",
        name=Text("Doodlopend", "Dead end"),
        definition=Text(
            "Iets wat tot stand komt en waar niets of niemand op voortbouwt.",
            "Something that is brought about and that nothing builds on.",
        ),
        rule=Text(
            "Een gunstige uitkomst die geen gunstige configuratie nodig heeft en geen beleidsdoel "
            "vraagt; ook niet iets ruimers.",
            "A favourable outcome that no favourable configuration needs and no policy goal asks "
            "for; nor anything broader.",
        ),
        source=_both(_MIX),
    ),
    Notion(
        id="conflict",
        name=Text("Conflict", "Conflict"),
        definition=Text(
            "De ene interventie werkt tegen wat een andere nodig heeft.",
            "One intervention works against what another needs.",
        ),
        rule=Text(
            "Een configuratie van de eerste brengt iets tot stand dat een gunstige configuratie "
            "van de tweede hindert, neemt iets weg dat die nodig heeft, of brengt het tegendeel "
            "daarvan tot stand. Engere omstandigheden tellen mee. Neemt de eerste alleen een "
            "gebrek of probleem weg waarvoor de tweede er is, een aanleiding, dan is dat geen "
            "conflict: het staat apart.",
            "A configuration of the first brings about something that hinders a favourable "
            "configuration of the second, takes away something that it needs, or brings about the "
            "opposite of that. Narrower conditions count. Where the first only takes away a lack "
            "or a problem that the second is there for, a reason to act, that is no conflict: it "
            "stands apart.",
        ),
        source=_both(f"{_MIX}; {_STRIPS}"),
    ),
    Notion(
        id="overlap",
        name=Text("Overlap", "Overlap"),
        definition=Text(
            "Twee interventies voor dezelfde mensen, bij dezelfde stap, met dezelfde uitkomst.",
            "Two interventions for the same people, at the same step, with the same outcome.",
        ),
        rule=Text(
            "Een groep betrokkenen, een stap in de skillsketen en een gunstige uitkomst gemeen. Is "
            "er een aansluiting, dan vullen zij elkaar aan; anders doen zij mogelijk hetzelfde.",
            "An actor group, a step in the skills chain and a favourable outcome in common. With a "
            "link they complement each other; without one they possibly do the same.",
        ),
        source=_both(_MIX),
    ),
    Notion(
        id="order",
        name=Text("Volgorde", "Order"),
        definition=Text(
            "Een bedrijf gebruikte een interventie zonder, of vóór, wat ervoor hoort te komen.",
            "A company used an intervention without, or before, what should come first.",
        ),
        rule=Text(
            "De interventie heeft iets beïnvloedbaars nodig dat niet bekend is als geldend bij het "
            "bedrijf, en elke interventie die het maakt kwam daar later of nooit. Of: betrokkenen "
            "zeggen dat de ene aan de andere voorafgaat, en het ging andersom of half. Hetzelfde "
            "jaar is op tijd. Maakt niets het, dan is het een gat.",
            "The intervention needs something malleable that is not known to hold at the company, "
            "and every intervention that makes it came later or never. Or: those involved say that "
            "one precedes the other, and it went the other way round or by half. The same year is "
            "in time. If nothing makes it, it is a gap.",
        ),
        source=_both(f"{_REALIST}; {_STRIPS}"),
    ),
    Notion(
        id="loop",
        name=Text("Kringloop", "Loop"),
        definition=Text(
            "Interventies die elkaar in een kring versterken, of juist verzwakken.",
            "Interventions that strengthen, or weaken, one another in a circle.",
        ),
        rule=Text(
            "Zelfversterkend: een kring van aansluitingen. Vicieus: een kring die door een "
            "averechtse uitkomst gaat. Zo'n uitkomst wordt in gang gezet door wat een ander tot "
            "stand brengt, en werkt door als zij een ander tegenwerkt of een volgende averechtse "
            "uitkomst in gang zet. Kringen tot zes interventies, ten hoogste tweehonderd, de "
            "kortste eerst; wie elkaar langs langere wegen bereiken, staat als groep vermeld.",
            "Self-reinforcing: a circle of links. Vicious: a circle that goes through an adverse "
            "outcome. Such an outcome is set off by what another brings about, and works on when "
            "it works against another or sets off a next adverse outcome. Circles of up to six "
            "interventions, at most two hundred, the shortest first; those that reach one another "
            "over longer ways are listed as a group.",
        ),
        source=_both(f"{_REALIST}; {_PROGRAMME}"),
    ),
    Notion(
        id="coverage",
        name=Text("Dekking", "Coverage"),
        definition=Text(
            "Voor welke betrokkenen er bij welke stap in de skillsketen iets is, en waar niets.",
            "For which actors there is something at which step of the skills chain, and where "
            "there is nothing.",
        ),
        rule=Text(
            "Het aantal interventies per groep betrokkenen en stap, ook de lege cellen; per "
            "grootteklasse tellen interventies die een bedrijf van die grootte gebruikte.",
            "The number of interventions for each actor group and step, empty cells too; by size "
            "class, interventions that a company of that size used.",
        ),
        source=_both(f"{_PROGRAMME}; SEO/ROA, Inzicht in skills"),
    ),
    Notion(
        id="said-computed",
        name=Text("Gezegd en berekend", "Said and computed"),
        definition=Text(
            "Wat betrokkenen over samenhang zeggen, naast wat uit de theorie volgt.",
            "What those involved say about coherence, beside what follows from theory.",
        ),
        rule=Text(
            "Gezegd: een vastgelegde relatie 'gaat vooraf aan', 'versterkt' of 'draagt over aan'. "
            "Berekend: een aansluiting. Elk paar is beide, alleen gezegd, alleen berekend, of geen "
            "van beide.",
            "Said: an asserted relation 'precedes', 'reinforces' or 'hands over to'. Computed: a "
            "link. Each pair is both, said only, computed only, or neither.",
        ),
        source=_both(_REALIST),
    ),
    Notion(
        id="agreement",
        name=Text("Afspraak nodig", "Agreement needed"),
        definition=Text(
            "Interventies die op elkaar aansluiten en van verschillende houders zijn.",
            "Interventions that are linked and have different holders.",
        ),
        rule=Text(
            "Van beide kanten van een aansluiting is de houder bekend, en geen houder heeft beide.",
            "The holder is known on both sides of a link, and no holder has both.",
        ),
        source=_both(_MIX),
    ),
    Notion(
        id="reach",
        name=Text("Bereik", "Reach"),
        definition=Text(
            "Wat een bedrijf met deze interventies kan bereiken, vanuit wat er nu geldt.",
            "What a company can reach with these interventions, from what holds there now.",
        ),
        rule=Text(
            "Begin met wat bij het bedrijf geldt. Voeg toe wat een gunstige configuratie tot stand "
            "brengt waarvan alles wat nodig is er is en niets hindert wat niet weg te nemen is. "
            "Herhaal tot er niets bij komt. Zeker: wat onbekend is, geldt niet. Mogelijk: wat "
            "onbekend is, geldt.",
            "Start with what holds at the company. Add what a favourable configuration brings "
            "about of which all that is needed is there, and nothing hinders that cannot be "
            "removed. Repeat until nothing is added. Sure: what is unknown does not hold. "
            "Possible: what is unknown holds.",
        ),
        source=_both(_STRIPS),
    ),
    Notion(
        id="route",
        name=Text("Route", "Route"),
        definition=Text(
            "Een volgorde van interventies waarmee een bedrijf een doel bereikt.",
            "A sequence of interventions by which a company reaches a goal.",
        ),
        rule=Text(
            "De goedkoopste volgorde, naar aantal, uren, jaren of bewijs, waarin elke stap heeft "
            "wat hij nodig heeft. Wat een stap wegneemt, is daarna weg. Is er geen route, dan de "
            "kleinste verzamelingen omstandigheden die ontbreken, tot drie tegelijk. Zijn er van "
            "één grootte meer dan 50.000, dan alleen die dicht bij het doel; dat staat er dan bij.",
            "The cheapest sequence, by number, hours, years or evidence, in which each step has "
            "what it needs. What a step takes away is gone after it. If there is no route, the "
            "smallest sets of conditions that are missing, up to three together. Where there are "
            "more than 50,000 of one size, only those closest to the goal, and it is said so.",
        ),
        source=_both(f"{_STRIPS}; Hart, Nilsson & Raphael (1968), doi 10.1109/TSSC.1968.300136"),
    ),
    Notion(
        id="improvement",
        name=Text("Verbetering", "Improvement"),
        definition=Text(
            "Een verandering die de samenhang vergroot, gerangschikt naar wat zij opent.",
            "A change that makes the interventions cohere better, ranked by what it opens.",
        ),
        rule=Text(
            "Een maker voor een gat, een afspraak bij een aansluiting die niemand noemt, een "
            "andere volgorde, een opgelost conflict of een tweede maker. De rang volgt uit de "
            "paren van bedrijf en doel die erbij komen of behouden blijven, herberekend met de "
            "verandering erin.",
            "A maker for a gap, an agreement on a link that nobody names, another order, a "
            "resolved conflict, or a second maker. The rank follows from the pairs of company and "
            "goal that are gained or kept, computed anew with the change made.",
        ),
        source=_both(_MIX),
    ),
    Notion(
        id="success-factor",
        name=Text("Kritische succesfactor", "Critical success factor"),
        definition=Text(
            "Een omstandigheid, of combinatie, waarmee een uitkomst wel of niet tot stand komt.",
            "A condition, or a combination, with which an outcome comes about or does not.",
        ),
        rule=Text(
            "Per uitkomst, over de casussen: hoe vaak de uitkomst er is als de omstandigheid er is "
            "(consistentie), en welk deel van de uitkomsten zij verklaart (dekking). Het aantal "
            "casussen staat er altijd bij; minder dan drie wordt niet getoond.",
            "For each outcome, over the cases: how often the outcome is there when the condition "
            "is (consistency), and what share of the outcomes it accounts for (coverage). The "
            "number of cases is always given; fewer than three is not shown.",
        ),
        source=_both(_QCA),
    ),
)


def notion(name: str) -> Notion:
    """Return a notion by its id. Raises KeyError if there is none of that name."""
    return {item.id: item for item in NOTIONS}[name]
