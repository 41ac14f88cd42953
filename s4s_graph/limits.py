"""The limits of the endpoint in one list, for the page, the description and the tests."""

from dataclasses import dataclass

from s4s_graph.forms import Text
from s4s_graph.settings import Settings


@dataclass(frozen=True)
class Limit:
    """One limit: the setting it comes from, what it limits, its value and the unit of that."""

    setting: str
    name: Text
    value: float
    unit: Text


_SECONDS = Text(nl="seconden", en="seconds")
_BYTES = Text(nl="bytes", en="bytes")
_QUERIES = Text(nl="vragen", en="queries")
_LIMITS = {
    "query_seconds": (Text(nl="tijd van een vraag", en="time of a query"), _SECONDS),
    "query_rows": (
        Text(nl="rijen van een tabel", en="rows of a table"),
        Text(nl="rijen", en="rows"),
    ),
    "query_bytes": (Text(nl="omvang van een antwoord", en="size of an answer"), _BYTES),
    "query_memory": (Text(nl="geheugen van een vraag", en="memory of a query"), _BYTES),
    "query_length": (
        Text(nl="lengte van een vraag", en="length of a query"),
        Text(nl="tekens", en="characters"),
    ),
    "query_nesting": (
        Text(nl="haakjes of operatoren in elkaar", en="brackets or operators inside each other"),
        Text(nl="niveaus", en="levels"),
    ),
    "query_graphs": (
        Text(nl="grafen die een vraag mag noemen", en="graphs that a query may name"),
        Text(nl="grafen", en="graphs"),
    ),
    "request_bytes": (Text(nl="omvang van een verzoek", en="size of a request"), _BYTES),
    "workers": (Text(nl="vragen tegelijk, van iedereen", en="queries at a time, of all"), _QUERIES),
    "queue_length": (Text(nl="vragen in de wachtrij", en="queries in the queue"), _QUERIES),
    "queue_seconds": (Text(nl="tijd in de wachtrij", en="time in the queue"), _SECONDS),
}


def limits(settings: Settings) -> list[Limit]:
    """Return what holds for a query of the public."""
    return [
        Limit(setting, name, getattr(settings, setting), unit)
        for setting, (name, unit) in _LIMITS.items()
    ]
