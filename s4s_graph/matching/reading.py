"""How the names of one language are read: words to stems, compounds to their parts."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from s4s_graph.search import words

_PART = 4  # letters that each part of a compound has at least
_LINKS = ("", "s", "e", "en")  # what Dutch puts between the parts of a compound
_COMMON = 2  # names that a word is in before a compound may be taken apart by it


def plain(text: str) -> str:
    """Return a text as its folded words, without punctuation, one blank between."""
    return " ".join(words.split(text))


def subtag(language: str | None) -> str:
    """Return the language of a tag without its region: nl-BE is nl."""
    return (language or "").partition("-")[0].lower()


class Reading:
    """The words of one language as its names use them; read only once it is made.

    A compound is read as its parts where those are words of their own in the names, and are met
    more often than the compound (Koehn & Knight, 2003: the geometric mean of their frequencies
    is the larger), so that draadtrekmachine and machine om draad te trekken have much in common.
    """

    def __init__(self, language: str, texts: Iterable[str]) -> None:
        self.language = language
        self._counts = Counter(word for text in texts for word in words.split(text))
        stem = self._stemmer()
        self._stems: dict[str, tuple[str, ...]] = {}
        for word in self._counts:
            self._stems[word] = tuple(stem(part) for part in self._parts(word))

    def knows(self, word: str) -> bool:
        """Tell whether a folded word stands in one of the names."""
        return word in self._stems

    def stems(self, found: Sequence[str]) -> list[str]:
        """Return the stems of folded words, those of the function words only if nothing is left."""
        telling = [word for word in found if word not in words.FUNCTION_WORDS] or found
        stem: Callable[[str], str] | None = None
        stems: dict[str, None] = {}
        for word in telling:
            parts = self._stems.get(word)
            if parts is None:
                # A stemmer is for one thread: what many ask at the same time makes its own.
                stem = stem or self._stemmer()
                parts = tuple(stem(part) for part in self._parts(word))
            stems.update(dict.fromkeys(parts))
        return list(stems)

    def _stemmer(self) -> Callable[[str], str]:
        return words.stemmer(self.language) if self.language in words.LANGUAGES else str

    def _parts(self, word: str) -> tuple[str, ...]:
        counts = self._counts
        best: tuple[str, ...] = (word,)
        most = counts[word] ** 2
        for end in range(_PART, len(word) - _PART + 1):
            head = word[end:]
            if counts[head] < _COMMON:
                continue
            for link in _LINKS:
                first = word[: end - len(link)]
                if len(first) < _PART or not word[:end].endswith(link):
                    continue
                if counts[first] >= _COMMON and counts[first] * counts[head] > most:
                    best, most = (first, head), counts[first] * counts[head]
        if best == (word,):
            return best
        return tuple(part for half in best for part in self._parts(half))
