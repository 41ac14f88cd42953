"""An index of the names of concepts, which finds those that a text may be a name of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from math import log

from s4s_graph.matching import model
from s4s_graph.matching.lexicon import Lexicon, Likeness, Spoken
from s4s_graph.vocabularies.concepts import Concept

LETTERS = 300  # of a text that is sought; the names of skills and occupations are shorter
WEIGHED = 12  # concepts of like names, that are held against a text as a whole

LEXICAL = "semapv:LexicalMatching"
SIMILAR = "semapv:LexicalSimilarityThresholdMatching"


@dataclass(frozen=True, slots=True)
class Match:
    """A concept that a text may stand for.

    score: the chance that it does, 0 to 1, as the held-out names of `tests/bench/matching.py`
    have it. label: the name of the concept that is most like the text. justification: how it
    was matched, a CURIE of the Semantic Mapping Vocabulary (semapv).
    """

    concept: Concept
    score: float
    label: str
    justification: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept and its name that is most like a text.

    features: those of `model.EXACT_FEATURES` if the text is that name, else of `TEXT_FEATURES`.
    """

    concept: Concept
    best: Likeness
    features: tuple[float, ...]
    logit: float


class Index:
    """Concepts to find by their names; made once, then only read, by any thread.

    What is looked up and how much at the most: see `Lexicon`. Memory: some 870 bytes a name, with
    the definitions (measured by `tests/bench/matching.py`), and the concepts themselves.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts: Sequence[Concept] = list(concepts)
        self._names = Lexicon(self.concepts)
        self._places = {concept.iri: place for place, concept in enumerate(self.concepts)}
        self._defined = [self.stems(concept.definitions) for concept in self.concepts]

    @property
    def languages(self) -> Collection[str]:
        """The languages of the names; "" if some have none."""
        return self._names.languages

    def find(
        self,
        text: str,
        *,
        language: str | None = None,
        types: Collection[str] | None = None,
        limit: int = 5,
    ) -> list[Match]:
        """Return the concepts that a text most likely stands for, the likeliest first.

        language: of the text; names in it and names without a language are then held against the
        text, and names in other languages only letter for letter. Without it, names in any.
        types: IRIs; only concepts of one of these types. Nothing in the text has a meaning of
        its own, such as that of a pattern; of a text longer than `LETTERS` the rest is not read.
        """
        ranked = self.candidates(text, language, types)
        best = [candidate.logit for candidate in ranked[:2]]
        beaten = any(candidate.best.is_exact for candidate in ranked)
        found = []
        for candidate in ranked:
            own, how = candidate.logit, LEXICAL if candidate.best.is_same else SIMILAR
            if candidate.best.is_exact:
                score = model.chance(own)
            else:
                score = model.of_text(own, model.rival(own, best), beaten=beaten)
            found.append(Match(candidate.concept, score, self.label(candidate), how))
        return sorted(found, key=lambda match: -match.score)[:limit]

    def candidates(
        self, text: str, language: str | None = None, types: Collection[str] | None = None
    ) -> list[Candidate]:
        """Return the concepts that share words with a text, the most like first; see `find`."""
        text = " ".join(text[:LETTERS].split())
        allowed = None if types is None else frozenset(types)
        owners, concepts = self._names.owners, self.concepts

        def keep(name: int) -> bool:
            return allowed is None or not allowed.isdisjoint(concepts[owners[name]].types)

        spoken = self._names.spoken(text, language)
        likely: defaultdict[int, list[Likeness]] = defaultdict(list)
        for like in self._names.like(text, spoken, keep):
            likely[owners[like.name]].append(like)
        best = {owner: max(likes, key=_order) for owner, likes in likely.items()}
        first = nlargest(WEIGHED, best.items(), key=lambda item: _order(item[1]))
        exact = [like for like in best.values() if like.is_exact]
        found = [
            self._named(owner, like, exact)
            if like.is_exact
            else self._like(owner, like, len(likely[owner]), spoken)
            for owner, like in first
        ]
        return sorted(found, key=lambda candidate: (-candidate.logit, candidate.best.name))

    def known(self, text: str, language: str) -> frozenset[str]:
        """Return the words of a text that names in a language have."""
        return self._names.known(text[:LETTERS], language)

    def label(self, candidate: Candidate) -> str:
        """Return the name of a candidate that is most like the text."""
        return self._names.labels[candidate.best.name]

    def stems(self, texts: Mapping[str, Sequence[str]]) -> frozenset[int]:
        """Return the stems of texts by their language, as far as names of the index have them."""
        return self._names.stems(texts)

    def defined_alike(self, stems: frozenset[int], iri: str) -> tuple[float, float]:
        """Return how alike a definition of these stems is to a concept's, and 1 if either lacks.

        How alike: the cosine of their stems, each weighing what it weighs in names.
        """
        other = self._defined[self._places[iri]]
        if not stems or not other:
            return 0.0, 1.0
        weights = self._names.weights
        shared, one, two = (
            sum(weights[stem] ** 2 for stem in each) for each in (stems & other, stems, other)
        )
        return shared / (one * two) ** 0.5, 0.0

    def _named(self, owner: int, best: Likeness, exact: Sequence[Likeness]) -> Candidate:
        others = [like.is_preferred for like in exact if like is not best]
        equal = best.is_preferred in others
        outranked = any(others) and not best.is_preferred
        features = (1.0, float(best.is_preferred), float(equal), float(outranked))
        return Candidate(self.concepts[owner], best, features, model.dot(model.EXACT, features))

    def _like(self, owner: int, best: Likeness, names: int, spoken: Spoken) -> Candidate:
        pooled = defined = 0.0
        stems, of_definition = self._names.pooled(owner), self._defined[owner]
        for _, asked in spoken:
            total = sum(word.weight for word in asked) or 1.0
            said = met = 0.0
            for word in asked:
                like = next((like for number, like in word.stems if number in stems), 0.0)
                said += word.weight * like
                if not like and any(number in of_definition for number, _ in word.stems[:1]):
                    met += word.weight
            pooled, defined = max(pooled, said / total), max(defined, met / total)
        features = (1.0, best.logit, log(names), pooled, defined)
        return Candidate(self.concepts[owner], best, features, model.dot(model.TEXT, features))


def _order(like: Likeness) -> tuple[bool, float, int]:
    return like.is_exact, like.logit, -like.name
