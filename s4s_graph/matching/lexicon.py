"""The names of concepts by their stems and letters, and how like a text each of them is."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import groupby, islice
from math import log1p

from s4s_graph.matching import model
from s4s_graph.matching.reading import Reading, plain, subtag
from s4s_graph.matching.spelling import Letters, Spelling
from s4s_graph.matching.substitutes import substitutes
from s4s_graph.search import words
from s4s_graph.vocabularies.concepts import Concept

WORDS = 24  # of a text that is sought
READINGS = 3  # languages that a text of unknown language is read in
OPENED = 1_500  # names that a text is held against before the best of them are looked at closely
LOOKED_AT = 40
RARE = 2  # names
DEFINED = 2_000  # letters of a definition that are read
_SPELT = 0.5  # C++ and C# have the same words, but not half of their letters
_NEARLY = 1e-9  # what sums in another order may differ

Spoken = list[tuple[str, list["Asked"]]]  # the words that a text may be, by language


@dataclass(frozen=True, slots=True)
class Asked:
    """A word of a text: its weight, and the stems of the index that it may be, with how like."""

    weight: float
    stems: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a text is like one name of the index: the features of `model.NAME_FEATURES`."""

    name: int
    features: tuple[float, ...]
    logit: float
    is_exact: bool = False  # but for case, accents and punctuation

    @property
    def is_same(self) -> bool:
        """Tell whether the text and the name have the same words, or words of the same stems."""
        return bool(self.features[1])

    @property
    def is_preferred(self) -> bool:
        """Tell whether it is the preferred name of its concept."""
        return bool(self.features[-1])


class Lexicon:
    """The names of concepts; made once, then only read.

    A name has a number. For each language there are the stems of its names with the names that
    they stand in, for each name its stems, and the names by their letters as such. A text is
    looked at word for word, the rarest first, until `OPENED` names were met, so that a text costs
    no more than that, whatever it says.
    """

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.labels: list[str] = []
        self.owners = array("I")  # the place of the concept of each name
        self._starts = array("I")  # the first name of each concept
        self._preferred = bytearray()
        by_language: defaultdict[str, list[int]] = defaultdict(list)
        for place, concept in enumerate(concepts):
            self._starts.append(len(self.labels))
            for language, label, preferred in names(concept):
                by_language[language].append(len(self.labels))
                self.labels.append(label)
                self.owners.append(place)
                self._preferred.append(preferred)
        self._starts.append(len(self.labels))
        folded = [_folded(label) for label in self.labels]
        self._letters = Letters(folded)
        self._literal = _grouped(folded)
        self._plain = _grouped(map(plain, self.labels))
        self._stems: list[tuple[int, ...]] = [()] * len(self.labels)
        self._postings: list[array[int]] = []
        self._readings: dict[str, Reading] = {}
        self._numbers: dict[str, dict[str, int]] = {}
        self._spelling: dict[str, Spelling] = {}
        for language, members in sorted(by_language.items()):
            self._read(language, members)
        total = max(len(self.labels), 1)
        self.weights = [log1p(total / len(has)) for has in self._postings]
        self._rarest = log1p(total)
        self._instead = substitutes(self._by_concept())
        self._sums = [sum(self.weights[stem] for stem in stems) for stems in self._stems]
        for place, has in enumerate(self._postings):
            shortest = sorted(has, key=lambda name: (self._sums[name], -name))
            self._postings[place] = array("I", shortest)

    @property
    def languages(self) -> Collection[str]:
        """The languages of the names; "" if some have none."""
        return self._readings.keys()

    def known(self, text: str, language: str) -> frozenset[str]:
        """Return the words of a text that names in a language have."""
        reading = self._readings.get(subtag(language))
        return frozenset(filter(reading.knows, words.split(text)[:WORDS]) if reading else ())

    def stems(self, texts: Mapping[str, Sequence[str]]) -> frozenset[int]:
        """Return the stems of texts by their language, as far as names have them."""
        found: set[int] = set()
        for tag, said in texts.items():
            if (reading := self._readings.get(subtag(tag))) is not None:
                numbers = self._numbers[reading.language]
                for text in said:
                    stems = reading.stems(words.split(text[:DEFINED]))
                    found.update(numbers[stem] for stem in stems if stem in numbers)
        return frozenset(found)

    def spoken(self, text: str, language: str | None) -> Spoken:
        """Return the words of a text as each language that it may be in has them."""
        found = words.split(text)[:WORDS]
        chosen = self._chosen(found, subtag(language) if language else None)
        return [(reading.language, self._asked(reading, found)) for reading in chosen]

    def like(self, text: str, spoken: Spoken, keep: Callable[[int], bool]) -> Iterator[Likeness]:
        """Yield the names most like a text, each once, of those to keep."""
        key, folded = plain(text), _folded(text)
        spelt = self._letters.alike(folded)
        same = dict.fromkeys(self._literal.get(folded, ()))
        same |= dict.fromkeys(self._plain.get(key, ()) if key else ())
        for name in filter(keep, same):
            yield self._same(name, spelt(name))
        for _, asked in spoken:
            total = sum(word.weight for word in asked)
            for name in self._near(asked, total, keep):
                if name not in same:
                    yield self._like(name, spelt(name), asked, total)

    def pooled(self, owner: int) -> set[int]:
        """Return the stems of all names of a concept."""
        return set().union(*self._stems[self._starts[owner] : self._starts[owner + 1]])

    def _chosen(self, found: Sequence[str], language: str | None) -> list[Reading]:
        """Return how to read words: in one language and in none, or in those that know most."""
        if language is not None:
            return [self._readings[tag] for tag in (language, "") if tag in self._readings]
        known = sorted(self._readings.values(), key=lambda r: -sum(map(r.knows, found)))
        return known[:READINGS]

    def _asked(self, reading: Reading, found: Sequence[str]) -> list[Asked]:
        """Return what stems of the index each word that is sought may be, the rarest first."""
        numbers, spelling = self._numbers[reading.language], self._spelling[reading.language]
        asked = []
        for stem in reading.stems(found):
            if (number := numbers.get(stem)) is not None:
                instead = list(self._instead.get(number, ()))
                if len(self._postings[number]) <= RARE:  # what is rare may itself be a slip
                    instead += [near for near in spelling.near(stem) if near[0] != number]
                asked.append(Asked(self.weights[number], ((number, 1.0), *instead)))
            else:
                near = tuple(spelling.near(stem))
                asked.append(Asked(self.weights[near[0][0]] if near else self._rarest, near))
        return sorted(asked, key=lambda word: -word.weight)

    def _near(self, asked: Sequence[Asked], total: float, keep: Callable[[int], bool]) -> list[int]:
        """Return the names that share most of the weight of their words with what is asked."""
        shared, told = self._shared(asked, keep)
        sums = self._sums
        parts = ((shared[n] / (total + sums[n] - shared[n]), n) for n in filter(keep, told))
        return [name for _, name in nlargest(LOOKED_AT, parts)]

    def _shared(
        self, asked: Sequence[Asked], keep: Callable[[int], bool]
    ) -> tuple[dict[int, float], set[int]]:
        """Return what the words weigh that names share with those asked, and the names to weigh.

        Of the names that share one word only, the shortest are enough: longer ones share less.
        """
        shared: dict[int, float] = {}
        told: set[int] = set()
        common = []
        opened = 0
        for word in asked:
            for number, like in word.stems:
                has = self._postings[number]
                if opened + len(has) <= OPENED or not shared:
                    opened += len(has)
                    more = dict.fromkeys(has[:OPENED], self.weights[number] * like)
                    both = shared.keys() & more.keys()
                    for name in both:
                        more[name] += shared[name]
                    shared |= more
                    told.update(both, islice(filter(keep, has[:OPENED]), LOOKED_AT))
                elif like == 1.0:
                    common.append(number)
        stems = self._stems
        for number in common:  # too common to find names by, but it tells those found apart
            worth = self.weights[number]
            for name in shared:
                if number in stems[name]:
                    shared[name] += worth
                    told.add(name)
        return shared, told

    def _same(self, name: int, spelt: float) -> Likeness:
        features = (1.0, 1.0, 1.0, 1.0, 1.0, spelt, float(self._preferred[name]))
        return Likeness(name, features, model.dot(model.NAME, features), spelt > _SPELT)

    def _like(self, name: int, spelt: float, asked: Sequence[Asked], total: float) -> Likeness:
        stems = self._stems[name]
        shared = met = 0.0
        for word in asked:
            for number, like in word.stems:
                if number in stems:
                    shared += word.weight * like
                    met += self.weights[number]
                    break
        whole = self._sums[name]
        features = (
            1.0,
            float(_part(shared, total) == 1 == _part(met, whole)),
            _part(shared, total + whole - met),
            _part(shared, total),
            _part(met, whole),
            spelt,
            float(self._preferred[name]),
        )
        return Likeness(name, features, model.dot(model.NAME, features))

    def _by_concept(self) -> Iterator[list[tuple[int, ...]]]:
        for _, members in groupby(range(len(self.labels)), self.owners.__getitem__):
            yield [self._stems[name] for name in members]

    def _read(self, language: str, members: Sequence[int]) -> None:
        reading = Reading(language, (self.labels[name] for name in members))
        numbers: dict[str, int] = {}
        for name in members:
            stems = []
            for stem in reading.stems(words.split(self.labels[name])):
                number = numbers.get(stem)
                if number is None:
                    number = numbers[stem] = len(self._postings)
                    self._postings.append(array("I"))
                self._postings[number].append(name)
                stems.append(number)
            self._stems[name] = tuple(stems)
        self._readings[language], self._numbers[language] = reading, numbers
        self._spelling[language] = Spelling(numbers.items())


def names(concept: Concept) -> Iterator[tuple[str, str, bool]]:
    """Yield the language, the text and whether it is preferred, of each name, each once."""
    seen = set()
    for texts, preferred in ((concept.preferred, True), (concept.alternative, False)):
        for tag, labels in texts.items():
            for label in labels:
                if (subtag(tag), label) not in seen:
                    seen.add((subtag(tag), label))
                    yield subtag(tag), label, preferred


def _part(some: float, whole: float) -> float:
    """Return what part of a whole some is: 1 also where only the order of adding up differs."""
    part = some / whole if whole > 0 else 0.0
    return 1.0 if part > 1 - _NEARLY else part


def _folded(text: str) -> str:
    return words.fold(" ".join(text.split()))


def _grouped(keys: Iterable[str]) -> dict[str, tuple[int, ...]]:
    groups: dict[str, tuple[int, ...]] = {}
    for place, key in enumerate(keys):
        groups[key] = (*groups.get(key, ()), place)
    return groups
