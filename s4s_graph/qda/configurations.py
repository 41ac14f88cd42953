"""Patterns of codes as rows: a configuration each, and a mechanism for each pair in them."""

from collections.abc import Callable, Mapping, Sequence

from s4s_graph.forms import Text
from s4s_graph.qda.coding import LANGUAGES, Coding
from s4s_graph.qda.concepts import MEMO, Concept
from s4s_graph.qda.patterns import Pair, Pattern
from s4s_graph.qda.rows import IDENTIFIER, Known, Row

CONFIGURATIONS, MECHANISMS = "configurations", "mechanisms"
_AND = Text(nl=" en ", en=" and ")


class Configurations:
    """Makes rows of patterns; `ids` has the id of each by the guid of the pattern."""

    def __init__(self, coding: Coding, known: Known, notes: Mapping[str, str]) -> None:
        self._coding = coding
        self._known = known
        self._notes = notes
        # A mechanism has no guid: it is known by its halves.
        self._mechanisms = {
            (row.get("hasResource", ""), row.get("hasResponse", "")): row["id"]
            for row in known.rows(MECHANISMS)
        }
        self.rows: dict[tuple[str, str], Row] = {}
        self.ids: dict[str, str] = {}

    def add(self, pattern: Pattern) -> None:
        """Make the rows of a pattern."""
        said, made = self._said(pattern), _made(pattern)
        column = f"prefLabel_{self._coding.language}"
        name = said.get(column, made.get(column, ""))
        # One of the same name may be about another intervention.
        slug = self._known.found(CONFIGURATIONS, [pattern.guid])
        stored = self._known.row(CONFIGURATIONS, slug) if slug else {}
        slug = slug or self._known.new(CONFIGURATIONS, name)
        # What people wrote since goes before what is made of the names of codes.
        made = {column: text for column, text in made.items() if not stored.get(column)}
        values = {
            **made,
            **said,
            "hasContext": _ids(pattern.contexts),
            "hinderedBy": _ids(pattern.hindrances),
            "hasMechanism": ";".join(self._mechanism(pair, pattern.told) for pair in pattern.pairs),
            "hasOutcome": _ids(pattern.outcomes),
            "undermines": _ids(pattern.undermined),
            # These name what there is already: a table or list tells which thing is called so.
            "hasActor": ";".join(concept.name for concept in pattern.actors),
            "aboutIntervention": ";".join(concept.name for concept in pattern.interventions),
            IDENTIFIER: pattern.guid,
            f"{MEMO}_{self._coding.language}": self._notes.get(pattern.guid, ""),
        }
        filled = {column: value for column, value in values.items() if value}
        self.rows[CONFIGURATIONS, slug] = Row(CONFIGURATIONS, slug, filled, pattern.told)
        self.ids[pattern.guid] = slug

    def _said(self, pattern: Pattern) -> dict[str, str]:
        """Return the name and statement that a set has in the project."""
        name = self._coding.texts("prefLabel", pattern.name)
        return name | self._coding.texts("statement", pattern.statement)

    def _mechanism(self, pair: Pair, told: Text) -> str:
        resource, response = (half.id or "" if half else "" for half in pair)
        stored = self._mechanisms.get((resource, response))
        if stored is not None:
            return stored
        halves = [half for half in pair if half]
        slug = self._known.new(MECHANISMS, "--".join(filter(None, (resource, response))))
        values = {
            **_in_each("prefLabel", lambda lang: _joined(halves, lang, " – ")),
            **_in_each("definition", lambda lang: _definition(pair, lang)),
            "hasResource": resource,
            "hasResponse": response,
        }
        filled = {column: value for column, value in values.items() if value}
        self._mechanisms[resource, response] = slug
        self.rows[MECHANISMS, slug] = Row(MECHANISMS, slug, filled, told)
        return slug


def _made(pattern: Pattern) -> dict[str, str]:
    """Return a statement made of the names of the codes, and a name where there is no set."""
    name = {} if pattern.name else _in_each("prefLabel", lambda lang: _title(pattern, lang))
    return name | _in_each("statement", lambda lang: _sentence(pattern, lang))


def _in_each(column: str, text: Callable[[str], str | None]) -> dict[str, str]:
    """Return a text by column in each language in which all names are known."""
    return {f"{column}_{lang}": said for lang in LANGUAGES if (said := text(lang))}


def _joined(concepts: Sequence[Concept], lang: str, between: str) -> str | None:
    names = [concept.names.get(lang) for concept in concepts]
    return between.join(name for name in names if name) if all(names) else None


def _title(pattern: Pattern, lang: str) -> str | None:
    halves = [half for pair in pattern.pairs for half in pair if half]
    before = _joined(halves or [*pattern.contexts, *pattern.hindrances], lang, " – ")
    after = _joined([*pattern.outcomes, *pattern.undermined], lang, _AND.of(lang))
    return f"{before} → {after}" if before and after else None


def _sentence(pattern: Pattern, lang: str) -> str | None:
    """Return a configuration in one sentence: if the context, then the mechanism, so the outcome.

    None where a name is not known in that language. Source of the form: the if-then statements of
    the D-PACT coding frame (doi 10.1177/16094069251370659).
    """
    halves = [half for pair in pattern.pairs for half in pair if half]
    groups = (pattern.contexts, pattern.hindrances, halves, pattern.outcomes, pattern.undermined)
    names = [_joined(group, lang, _AND.of(lang)) for group in groups]
    if None in names:
        return None
    context, hindrance, mechanism, outcome, undermined = names
    words = _NL if lang == "nl" else _EN
    said = [
        words["context"].format(context) if context else "",
        words["hindrance"].format(hindrance) if hindrance else "",
        words["mechanism"].format(mechanism) if mechanism else "",
        words["outcome"].format(outcome) if outcome else "",
        words["undermined"].format(undermined) if undermined else "",
    ]
    sentence = ", ".join(filter(None, said))
    return f"{sentence[0].upper()}{sentence[1:]}."


def _definition(pair: Pair, lang: str) -> str | None:
    names = [half.names.get(lang, "") if half else None for half in pair]
    if "" in names:
        return None
    resource, response = names
    words = _NL if lang == "nl" else _EN
    key = "pair" if resource and response else "resource" if resource else "response"
    return words[key].format(*filter(None, (resource, response)))


def _ids(concepts: Sequence[Concept]) -> str:
    return ";".join(concept.id for concept in concepts if concept.id)


_NL = {
    "context": "als geldt: {}",
    "hindrance": "tenzij geldt: {}",
    "mechanism": "dan werkt: {}",
    "outcome": "waardoor: {}",
    "undermined": "en verdwijnt: {}",
    "pair": "Het middel '{}', dat de reactie '{}' oproept.",
    "resource": "Het middel '{}', waarvan de reactie niet is gecodeerd.",
    "response": "De reactie '{}', waarvan het middel niet is gecodeerd.",
}
_EN = {
    "context": "if this holds: {}",
    "hindrance": "unless this holds: {}",
    "mechanism": "then this works: {}",
    "outcome": "so that: {}",
    "undermined": "and this disappears: {}",
    "pair": "The resource '{}', which calls up the response '{}'.",
    "resource": "The resource '{}', of which no response was coded.",
    "response": "The response '{}', of which no resource was coded.",
}
