"""Which things a query may mean: found by name, weighed by the other conditions, in order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalogue import i18n
from catalogue.live import Release
from catalogue.reconciling.asked import IDENTIFIER, LETTERS, NAME, Condition, Query
from catalogue.reconciling.entities import Directory, names
from catalogue.reconciling.properties import IRI, Property, holders, properties, values
from s4s_graph.matching import Match
from s4s_graph.search.words import fold
from s4s_graph.store import Iri
from s4s_graph.vocabularies.concepts import Concept

LETTER_FOR_LETTER = "zxx"  # of no language (BCP 47): then the index reads no words
POOL = 25  # things by name that conditions choose between
LEAST = 1.0  # of a hundred: what is less likely is not worth a look
SURE = 90.0  # the score, and
AHEAD = 20.0  # how far before the next, from where a thing is said to be the one
UNMET = 0.5  # of its score is what a thing loses of which no condition holds
EVIDENCE = 20  # times greater are the odds of a thing of which all of them hold


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant.

    score: 0 to 100, the chance by its name (see `Match.score`), more for each condition that
    holds and less for each that does not. same: it is called just so. met: the share of the
    conditions that hold.
    """

    concept: Concept
    score: float
    same: bool
    met: float | None
    match: bool = False


class Matcher:
    """Answers queries about one release."""

    def __init__(self, release: Release, directory: Directory, lang: str) -> None:
        self._release = release
        self._languages = (lang, i18n.other(lang))
        self._directory = directory
        self._properties = properties(release, directory)

    def candidates(self, query: Query) -> list[Candidate]:
        """Return what a query may mean, the likeliest first, at most as many as it wants.

        Types that there are not, and properties that there are not, are of nothing.
        """
        types = frozenset(query.types) & self._directory.kinds.keys() if query.types else None
        if types is not None and len(types) < (len(set(query.types)) if query.every else 1):
            return []
        chances = self._named(query, types) if query.names else self._found(query.conditions)
        found = []
        for iri, chance in chances.items():
            concept = self._directory.concepts[iri]
            if types and not (
                types <= set(concept.types) if query.every else types & set(concept.types)
            ):
                continue
            candidate = self._weighed(concept, chance, query)
            if candidate and candidate.score >= LEAST:
                found.append(candidate)
        found.sort(key=lambda one: -one.score)
        return _decided(found)[: query.limit]

    def _named(self, query: Query, types: frozenset[str] | None) -> dict[str, float]:
        # One more than is wanted, to see how far the best is ahead.
        limit = POOL if query.conditions or query.every else query.limit + 1
        chances: dict[str, float] = {}
        for name in query.names:
            if name in self._directory.concepts:
                chances[name] = 1.0
            elif len(name) <= LETTERS:
                for match in self._alike(name, query.language, types, limit):
                    iri = match.concept.iri
                    chances[iri] = max(chances.get(iri, 0.0), match.score)
        return chances

    def _alike(
        self, name: str, language: str | None, types: frozenset[str] | None, limit: int
    ) -> list[Match]:
        """Return what a name may stand for, read in a language or else in that of its words.

        What is called just so, letter for letter, is told without looking for what is like it.
        A name whose words both languages know is read in both, unless it is sure in the language
        of the address.
        """
        found = self._directory.find(name, LETTER_FOR_LETTER, types, limit)
        spoken = [language] if language else self._directory.languages(name, self._languages)
        for one in spoken:
            if any(match.score >= SURE / 100 for match in found):
                break
            found += self._directory.find(name, one, types, limit)
        return found

    def _found(self, conditions: Iterable[Condition]) -> dict[str, float]:
        """Return what any condition holds of, for who gives no name."""
        positive = [one for one in conditions if one.quantifier != "none"]
        found = (iri for one in positive for value in one.values for iri in self._held(one, value))
        return {iri: 1.0 for iri in found if iri in self._directory.concepts}

    def _held(self, condition: Condition, value: str) -> list[str]:
        called = [one.iri for one in self._directory.called(value)]
        if condition.property == NAME:
            return called
        asked = self._property(condition)
        if not asked:
            return []
        return [iri for one in (value, *called) for iri in holders(self._release, asked, one)]

    def _property(self, condition: Condition) -> Property | None:
        if condition.property == IDENTIFIER:
            return IRI
        return self._properties.get(condition.property)

    def _weighed(self, concept: Concept, chance: float, query: Query) -> Candidate | None:
        same = any(self._is_called(concept, name) for name in query.names)
        score = 100 * chance
        if not query.conditions:
            return Candidate(concept, score, same, None)
        held = 0
        for condition in query.conditions:
            if self._holds(concept, condition):
                held += 1
            elif condition.required:
                return None
        met = held / len(query.conditions)
        score = 100 * (_raised(chance, met) * (1 - UNMET * (1 - met)) if query.names else met)
        return Candidate(concept, score, same, met)

    def _holds(self, concept: Concept, condition: Condition) -> bool:
        if condition.property == NAME:
            agree = [self._is_called(concept, value) for value in condition.values]
        else:
            said = self._said(concept.iri, self._property(condition))
            agree = [value in said or fold(value) in said for value in condition.values]
        if condition.quantifier == "none":
            return not any(agree)
        return all(agree) if condition.quantifier == "all" else any(agree)

    def _said(self, iri: str, asked: Property | None) -> set[str]:
        """Return each way to write a value of a thing: as it is, folded, by id or by name."""
        said: set[str] = set()
        for term in values(self._release, iri, asked) if asked else ():
            said |= {term.value, fold(term.value)}
            if isinstance(term, Iri):
                said.add(term.value.rpartition("/")[2])
                if known := self._directory.concepts.get(term.value):
                    said |= {fold(name) for name in names(known)}
        return said

    def _is_called(self, concept: Concept, name: str) -> bool:
        return any(one is concept for one in self._directory.called(name))


def _raised(chance: float, met: float) -> float:
    """Return a chance that is greater by the share of the conditions that hold."""
    if chance >= 1:
        return 1.0
    odds = chance / (1 - chance) * (1 + (EVIDENCE - 1) * met)
    return odds / (1 + odds)


def _decided(found: list[Candidate]) -> list[Candidate]:
    """Say of the first whether it is clearly the one."""
    if not found:
        return found
    first, *others = found
    clear = not others or first.score - others[0].score >= AHEAD
    return [replace(first, match=clear and first.score >= SURE), *others]
