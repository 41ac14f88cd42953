"""How critical success factors are computed, for method pages: one text a notion."""

from dataclasses import dataclass

from s4s_graph.forms import Text

RAGIN_1987 = "Ragin (1987), The Comparative Method"
RAGIN_2008 = "Ragin (2008), Redesigning Social Inquiry, ch. 3"
RIHOUX = "Rihoux & De Meur (2009), in Rihoux & Ragin, Configurational Comparative Methods, ch. 3"


@dataclass(frozen=True)
class Note:
    """One notion: what it is, and where the definition is from (empty where it is ours)."""

    id: str
    name: Text
    text: Text
    source: str


METHOD = (
    Note(
        "case",
        Text("casus", "case"),
        Text(
            "Eén casus is één casestudie. De uitkomst trad op als een bevinding een configuratie "
            "met die gunstige uitkomst steunt, of er een weerspreekt waarin zij uitblijft; zij "
            "bleef uit in het omgekeerde geval. Wie beide zegt, telt niet mee en wordt geteld. "
            "Verzonnen en echte casussen staan nooit in één tabel.",
            "One case is one case study. The outcome appeared if a finding supports a "
            "configuration with that favourable outcome, or contradicts one in which it stays "
            "away; it stayed away in the reverse situation. A case that says both is left out, "
            "and counted. Made-up and real cases are never in one table.",
        ),
        "",
    ),
    Note(
        "conditions",
        Text("gekozen omstandigheden", "conditions chosen"),
        Text(
            "Omstandigheden die configuraties met deze uitkomst nodig hebben of die haar hinderen, "
            "als zij per casus verschillen: de meest bekende eerst, hoogstens zes, en nooit meer "
            "dan één per drie casussen. Een casus waarin een van deze onbekend is, valt weg en "
            "wordt geteld; onbekend is nooit gelezen als afwezig.",
            "Conditions that configurations with this outcome need or are hindered by, if they "
            "differ between cases: those known in most cases first, at most six, and never more "
            "than one for every three cases. A case in which one of these is unknown is left out, "
            "and counted; unknown is never read as absent.",
        ),
        "Marx & Duşa (2011), doi 10.4256/mio.2010.0037; the limits are ours",
    ),
    Note(
        "necessity",
        Text("noodzakelijkheid", "necessity"),
        Text(
            "Zonder deze omstandigheid trad de uitkomst niet op. Consistentie: casussen met "
            "omstandigheid en uitkomst, gedeeld door casussen met uitkomst. Dekking: dezelfde, "
            "gedeeld door casussen met de omstandigheid.",
            "Without this condition the outcome did not appear. Consistency: cases with condition "
            "and outcome, divided by cases with the outcome. Coverage: the same, divided by cases "
            "with the condition.",
        ),
        RAGIN_2008,
    ),
    Note(
        "sufficiency",
        Text("toereikendheid", "sufficiency"),
        Text(
            "Waar deze omstandigheid gold, trad de uitkomst op. Consistentie: casussen met "
            "omstandigheid en uitkomst, gedeeld door casussen met de omstandigheid. Dekking: "
            "dezelfde, gedeeld door casussen met uitkomst.",
            "Where this condition held, the outcome appeared. Consistency: cases with condition "
            "and outcome, divided by cases with the condition. Coverage: the same, divided by "
            "cases with the outcome.",
        ),
        RAGIN_2008,
    ),
    Note(
        "consistency",
        Text("consistentie", "consistency"),
        Text(
            "Welk deel van de casussen waarover een bewering gaat, haar niet tegenspreekt. "
            "1 betekent: geen tegenvoorbeeld.",
            "The share of the cases that a claim is about that do not contradict it. "
            "1 means: no counter-example.",
        ),
        RAGIN_2008,
    ),
    Note(
        "coverage",
        Text("dekking", "coverage"),
        Text(
            "Hoeveel van de uitkomst een weg verklaart; bij noodzakelijkheid: hoe weinig "
            "alledaags de omstandigheid is. Unieke dekking: wat alleen deze weg verklaart.",
            "How much of the outcome a path accounts for; for necessity: how far from trivial the "
            "condition is. Unique coverage: what only this path accounts for.",
        ),
        RAGIN_2008,
    ),
    Note(
        "truth-table",
        Text("waarheidstabel", "truth table"),
        Text(
            "Een rij voor elke combinatie van omstandigheden die voorkomt, met het aantal casussen "
            "en het deel met de uitkomst.",
            "A row for each combination of conditions that occurs, with its number of cases and "
            "the share that has the outcome.",
        ),
        RAGIN_1987,
    ),
    Note(
        "contradictory-row",
        Text("tegenstrijdige rij", "contradictory row"),
        Text(
            "Dezelfde omstandigheden, maar de uitkomst trad in de ene casus op en in de andere "
            "niet (C). Er ontbreekt dan een omstandigheid die het verschil maakt. Zo'n rij wordt "
            "niet verklaard en niet gebruikt.",
            "The same conditions, but the outcome appeared in one case and not in another (C). A "
            "condition that makes the difference is then missing. Such a row is neither explained "
            "nor used.",
        ),
        RIHOUX,
    ),
    Note(
        "solution",
        Text("kortste formule", "minimised expression"),
        Text(
            "De kortste set wegen die samen elke rij met de uitkomst dekken en geen andere rij met "
            "een casus. Behoudend: alleen uit wat is gezien. Zuinig: ook met combinaties die "
            "niemand zag (logische resten), wat een aanname is. Soms passen verscheidene formules "
            "even goed; dat staat er dan bij.",
            "The shortest set of paths that together cover every row with the outcome and no other "
            "row that has a case. Conservative: only from what was seen. Parsimonious: also with "
            "combinations that nobody saw (logical remainders), which is an assumption. Sometimes "
            "several expressions fit equally well; that is then said.",
        ),
        f"{RAGIN_1987}; ambiguity: Baumgartner & Thiem (2017), doi 10.1177/0049124115610351",
    ),
    Note(
        "suppression",
        Text("te weinig casussen", "too few cases"),
        Text(
            "Wat op minder dan drie casussen rust, wordt niet beweerd: het aantal staat er, het "
            "aandeel, de uitkomst van de rij en de weg niet.",
            "What rests on fewer than three cases is not claimed: the number is shown, the share, "
            "the output of the row and the path are not.",
        ),
        "",
    ),
    Note(
        "demi-regularity",
        Text("demi-regulariteit", "demi-regularity"),
        Text(
            "Een paar van omstandigheid en uitkomst, of omstandigheid en reactie, dat in ten "
            "minste drie geldende configuraties terugkomt. Verzonnen en echte configuraties worden "
            "apart geteld.",
            "A pair of condition and outcome, or condition and response, that recurs in at least "
            "three current configurations. Made-up and real configurations are counted apart.",
        ),
        "Lawson (1997), Economics and Reality; doi 10.1186/s12877-021-02705-w, table 1",
    ),
)
