"""The reporting items for realist evaluations (RAMESES II), in our own words.

Wong and others 2016, doi 10.1186/s12916-016-0643-1. The numbers are theirs, no text is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from s4s_graph.forms import Text

Holds = Literal["whole", "part", "none"]

SECTIONS: Mapping[str, Text] = {
    "title": Text(nl="Titel", en="Title"),
    "summary": Text(nl="Samenvatting", en="Summary"),
    "introduction": Text(nl="Inleiding", en="Introduction"),
    "methods": Text(nl="Werkwijze", en="Methods"),
    "results": Text(nl="Resultaten", en="Results"),
    "discussion": Text(nl="Bespreking", en="Discussion"),
}


@dataclass(frozen=True)
class Item:
    """One item: how much of it the graph holds, where, and why not more."""

    number: int
    section: str
    asks: Text
    holds: Holds
    shows: tuple[str, ...]  # segments of kinds of thing, or names of counts
    note: Text


ITEMS = (
    Item(
        1,
        "title",
        Text(
            "Zegt de titel dat het om een realistische evaluatie gaat?",
            "Does the title say that this is a realist evaluation?",
        ),
        "part",
        ("programme",),
        Text(
            "Het programma en zijn werkwijze staan in de graaf; de titel hoort bij een rapport.",
            "The programme and its method are in the graph; a title belongs to a report.",
        ),
    ),
    Item(
        2,
        "summary",
        Text(
            "Is er een samenvatting met vraag, aanpak, bevindingen en betekenis?",
            "Is there a summary of question, approach, findings and what they mean?",
        ),
        "part",
        ("intervention",),
        Text(
            "Per interventie is er een factsheet van twee bladzijden; een samenvatting van het "
            "geheel schrijven mensen.",
            "Each intervention has a factsheet of two pages; a summary of the whole is written "
            "by people.",
        ),
    ),
    Item(
        3,
        "introduction",
        Text("Waarom was de evaluatie nodig?", "Why was the evaluation needed?"),
        "part",
        ("source",),
        Text(
            "Bronnen zeggen wat er speelt; het argument zelf is een tekst en geen gegeven.",
            "Sources tell what is going on; the argument itself is a text, not data.",
        ),
    ),
    Item(
        4,
        "introduction",
        Text(
            "Welke theorie over het programma was er bij het begin?",
            "Which theory of the programme was there at the start?",
        ),
        "whole",
        ("theory", "configuration"),
        Text(
            "Elke theorie bestaat uit configuraties, met hun eerste vorm en wat eruit ontstond.",
            "Each theory is made of configurations, with their first form and what it became.",
        ),
    ),
    Item(
        5,
        "introduction",
        Text(
            "Wat waren de vragen en waarop lag de nadruk?",
            "What were the questions, and what was the focus?",
        ),
        "part",
        ("questions",),
        Text(
            "Waarop de graaf antwoord geeft, staat als vraag vast; de onderzoeksvragen van een "
            "ronde staan er niet in.",
            "What the graph answers is there as stored questions; the research questions of a "
            "round are not.",
        ),
    ),
    Item(
        6,
        "introduction",
        Text("Is er ethisch getoetst?", "Was there an ethical review?"),
        "none",
        (),
        Text(
            "De graaf kent geen toestemmingen en toetsingen; die horen niet openbaar te zijn.",
            "The graph has no consents and reviews; those should not be public.",
        ),
    ),
    Item(
        7,
        "methods",
        Text("Waarom is het realistisch geëvalueerd?", "Why a realist evaluation?"),
        "none",
        (),
        Text(
            "Een keuze van de onderzoekers; de bladzijde Over zegt wat de werkwijze inhoudt.",
            "A choice of the researchers; the page About says what the method is.",
        ),
    ),
    Item(
        8,
        "methods",
        Text(
            "In welke omgeving vond de evaluatie plaats?",
            "In which environment did the evaluation take place?",
        ),
        "whole",
        ("company", "condition"),
        Text(
            "Bedrijven zijn er zonder naam: grootte, branche, regio en wat er geldt.",
            "Companies are there without a name: size, sector, region and what holds there.",
        ),
    ),
    Item(
        9,
        "methods",
        Text(
            "Wat is er geëvalueerd, en hoe veranderde het?",
            "What was evaluated, and how did it change?",
        ),
        "whole",
        ("intervention", "version", "deployment"),
        Text(
            "Met per jaar een versie, wat er veranderde en waardoor.",
            "With a version a year, what changed, and because of what.",
        ),
    ),
    Item(
        10,
        "methods",
        Text("Hoe was de opzet, en waarom zo?", "How was it designed, and why so?"),
        "part",
        ("round", "case"),
        Text(
            "Rondes en casussen staan er; de verantwoording van de opzet niet.",
            "Rounds and cases are there; the argument for the design is not.",
        ),
    ),
    Item(
        11,
        "methods",
        Text("Hoe zijn gegevens verzameld?", "How were data collected?"),
        "part",
        ("study",),
        Text(
            "Van openbare studies staat de opzet er. Interviews en observaties van casussen "
            "blijven bij de onderzoekers.",
            "Of public studies the design is there. Interviews and observations of cases stay "
            "with the researchers.",
        ),
    ),
    Item(
        12,
        "methods",
        Text("Hoe zijn deelnemers en casussen gekozen?", "How were participants and cases chosen?"),
        "none",
        (),
        Text(
            "Wie is gevraagd en wie weigerde, staat niet in de graaf.",
            "Who was asked and who refused is not in the graph.",
        ),
    ),
    Item(
        13,
        "methods",
        Text(
            "Hoe is geanalyseerd: van gegevens naar configuraties?",
            "How was it analysed: from data to configurations?",
        ),
        "part",
        ("appraised",),
        Text(
            "Bevindingen zeggen wat ze steunen, weerspreken of verfijnen, en hoe relevant, rijk "
            "en degelijk ze zijn. Het coderen zelf staat er niet.",
            "Findings say what they support, contradict or refine, and how relevant, rich and "
            "rigorous they are. The coding itself is not there.",
        ),
    ),
    Item(
        14,
        "results",
        Text("Over wie en hoeveel gaat het?", "Who and how many is it about?"),
        "part",
        ("case", "company", "study"),
        Text(
            "Bedrijven en casussen zijn te tellen, vanaf drie; personen niet.",
            "Companies and cases can be counted, from three up; people cannot.",
        ),
    ),
    Item(
        15,
        "results",
        Text(
            "Wat is er gevonden: in welke context, door welk mechanisme, met welke uitkomst?",
            "What was found: in which context, by which mechanism, with which outcome?",
        ),
        "whole",
        ("tested", "finding"),
        Text(
            "Elke configuratie met bevindingen voor en tegen, tot aan casus of studie.",
            "Each configuration with findings for and against, down to case or study.",
        ),
    ),
    Item(
        16,
        "discussion",
        Text("Wat komt er samengevat uit?", "What does it come to?"),
        "part",
        ("mirrored",),
        Text(
            "De spiegel vat per interventie en jaar samen wat er is gevonden.",
            "The mirror sums up what was found, by intervention and year.",
        ),
    ),
    Item(
        17,
        "discussion",
        Text(
            "Wat is sterk, wat is beperkt en wat moet nog?",
            "What is strong, what is limited, and what is next?",
        ),
        "part",
        ("contrary",),
        Text(
            "Tegenspraak, half bekende mechanismen en wat nooit is getoetst zijn te zien; het "
            "oordeel daarover niet.",
            "Contradictions, mechanisms half known and what was never tested can be seen; a "
            "judgement on them cannot.",
        ),
    ),
    Item(
        18,
        "discussion",
        Text("Hoe verhoudt dit zich tot ander werk?", "How does it relate to other work?"),
        "whole",
        ("study", "source"),
        Text(
            "Uitspraken uit openbare studies over dezelfde soort interventies staan ernaast.",
            "Statements from public studies of the same kinds of interventions stand beside it.",
        ),
    ),
    Item(
        19,
        "discussion",
        Text("Wat volgt eruit voor beleid en praktijk?", "What follows for policy and practice?"),
        "part",
        ("holder-response", "relation"),
        Text(
            "Wat houders besloten en wat de samenhang het meest zou verbeteren; aanbevelingen "
            "schrijven mensen.",
            "What holders decided and what would improve coherence most; recommendations are "
            "written by people.",
        ),
    ),
    Item(
        20,
        "discussion",
        Text("Wie betaalde, en wie had welk belang?", "Who paid, and who had which interest?"),
        "part",
        ("role", "organisation"),
        Text(
            "Wie betaalt, houdt, levert en evalueert staat er; verklaringen over belangen niet.",
            "Who funds, holds, delivers and evaluates is there; statements of interest are not.",
        ),
    ),
)
