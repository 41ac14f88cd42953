"""Why a query has no answer, as sentences in both languages."""

from s4s_graph.engines.breaker import AWAY
from s4s_graph.forms import Text
from s4s_graph.settings import Settings
from s4s_graph.worker import Problem

_PLACE = Text(nl="regel {line}, kolom {column}: ", en="line {line}, column {column}: ")
_LESS = Text(
    nl="; vraag minder tegelijk, bijvoorbeeld met een type of een FILTER, en laat DISTINCT, "
    "GROUP BY en ORDER BY weg waar het kan",
    en="; ask for less at a time, for example by a type or a FILTER, and leave out DISTINCT, "
    "GROUP BY and ORDER BY where you can",
)
_SENTENCES = {
    Problem.LENGTH: Text(
        nl="de vraag is langer dan {query_length:,} tekens",
        en="the query is longer than {query_length:,} characters",
    ),
    Problem.NESTING: Text(
        nl="haakjes of operatoren zijn meer dan {query_nesting} niveaus diep genest",
        en="brackets or operators are nested more than {query_nesting} deep",
    ),
    Problem.SERVICE: Text(
        nl="SERVICE is niet toegestaan: dit endpoint vraagt niets aan andere endpoints",
        en="SERVICE is not allowed: this endpoint asks no other endpoints",
    ),
    Problem.UPDATE: Text(
        nl="wijzigen kan hier niet: dit endpoint beantwoordt alleen vragen. De gegevens "
        "veranderen alleen met de tabellen of bestanden waaruit de beheerders ze inlezen",
        en="updates are not allowed: this endpoint only answers queries. The data only "
        "change with the tables or files that its editors load",
    ),
    Problem.GRAPHS: Text(
        nl="de vraag noemt meer dan {query_graphs} grafen; zonder FROM gaat zij over alle grafen",
        en="the query names more than {query_graphs} graphs; without FROM it is about all graphs",
    ),
    Problem.SYNTAX: Text(nl="de vraag is geen SPARQL", en="the query is not SPARQL"),
    Problem.EVALUATION: Text(nl="de vraag is niet uit te voeren", en="the query cannot be run"),
    Problem.NO_ROWS_FORMAT: Text(
        nl="het antwoord is een tabel of ja/nee, en in geen van de gevraagde formaten te geven",
        en="the answer is a table or a boolean, in none of the formats accepted",
    ),
    Problem.NO_TRIPLES_FORMAT: Text(
        nl="het antwoord bestaat uit triples, en is in geen van de gevraagde formaten te geven",
        en="the answer consists of triples, in none of the formats accepted",
    ),
    Problem.TOO_LARGE: Text(
        nl="het antwoord is groter dan {max_bytes:,} bytes; voeg een LIMIT toe",
        en="the answer has more than {max_bytes:,} bytes; add a LIMIT",
    ),
    Problem.MEMORY: Text(
        nl="de vraag heeft meer dan {query_memory:,} bytes geheugen nodig" + _LESS.nl,
        en="the query needs more than {query_memory:,} bytes of memory" + _LESS.en,
    ),
    Problem.DIED: Text(
        nl="de vraag heeft het proces beëindigd dat haar uitvoerde: waarschijnlijk is meer dan "
        "{query_memory:,} bytes geheugen nodig" + _LESS.nl,
        en="the query ended the process that ran it: most likely it needs more than "
        "{query_memory:,} bytes of memory" + _LESS.en,
    ),
    Problem.TIME: Text(
        nl="de vraag duurde langer dan {query_seconds:g} seconden en is gestopt",
        en="the query took more than {query_seconds:g} seconds and was stopped",
    ),
    Problem.BUSY: Text(
        nl="er lopen andere vragen; probeer het zo nog eens",
        en="other queries are running; try again in a moment",
    ),
    Problem.KILLED: Text(
        nl="het proces dat de vraag uitvoerde is gestopt, niet door de vraag; probeer het nog eens",
        en="the process that ran the query was stopped, not by the query; try again",
    ),
    Problem.DAMAGED: Text(
        nl="wat deze site op schijf heeft is beschadigd; probeer het zo nog eens",
        en="what this site has on disk is damaged; try again in a moment",
    ),
    Problem.AWAY: AWAY,
    Problem.GONE: Text(
        nl="er wacht niemand meer op het antwoord", en="nobody waits for the answer any more"
    ),
}


class EndpointError(Exception):
    """There is no answer: which problem, where in the query if that is known, and a sentence.

    `said` is what the engine says of it, always in English; `own` is the sentence without that.
    """

    def __init__(
        self,
        problem: Problem,
        own: Text,
        said: str = "",
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        end = f": {said}" if said else ""
        self.sentence = Text(nl=own.nl + end, en=own.en + end)
        super().__init__(self.sentence.en)
        self.problem = problem
        self.own = own
        self.said = said
        self.line = line
        self.column = column


def error(
    problem: Problem,
    settings: Settings,
    *,
    message: str | None = None,
    line: int | None = None,
    column: int | None = None,
    max_bytes: int | None = None,
) -> EndpointError:
    """Return the error for a problem; `message` is what the engine says of it, in English."""
    limits = {**vars(settings), "max_bytes": max_bytes or settings.query_bytes}
    # It may quote the query: no character of it may act on a terminal or a log.
    said = "".join(c if c.isprintable() else " " for c in message or "")

    def in_language(lang: str) -> str:
        place = _PLACE.of(lang).format(line=line, column=column) if line else ""
        sentence = _SENTENCES[problem].of(lang).format(**limits)
        # The only marks in our numbers are those between thousands.
        return place + (sentence.replace(",", ".") if lang == "nl" else sentence)

    own = Text(nl=in_language("nl"), en=in_language("en"))
    return EndpointError(problem, own, said, line, column)
