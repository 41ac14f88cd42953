"""Stems that are spelt nearly alike: what a slip of the keys was meant to be."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from s4s_graph.search.words import SLIP_LENGTH

_LEAST = 0.5  # of their trigrams that two stems share: one slip in five letters leaves that much
_MOST = 4  # stems that one stem may be meant for


def grams(text: str) -> set[str]:
    """Return the pieces of three letters of a text, with a blank before and behind it."""
    padded = f" {text} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


class Letters:
    """How much alike names and a text are by their letters, in whatever order the words are.

    That is Dice's coefficient of the pieces of three letters of their words. Those of each word
    are kept, once for all names that have it: some 1 kB a word, of which 14,000 skills with
    99,000 names have 13,600.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(names)
        self._pieces = {
            word: frozenset(grams(word))
            for word in {word for name in self._names for word in name.split(" ")}
        }
        self._sizes = array("I", (len(self._of(name)) for name in self._names))

    def alike(self, text: str) -> Callable[[int], float]:
        """Return what tells of the number of a name how like a text it is, 0 to 1."""
        asked = {piece for word in text.split(" ") for piece in grams(word)}
        names, pieces, sizes, size = self._names, self._pieces, self._sizes, len(asked)
        met: dict[str, frozenset[str]] = {}  # names that one text finds share most of their words

        def like(name: int) -> float:
            shared: frozenset[str] = frozenset()
            for word in names[name].split(" "):
                some = met.get(word)
                if some is None:
                    some = met[word] = pieces[word] & asked
                shared = shared | some if shared else some
            return 2 * len(shared) / (size + sizes[name])

        return like

    def _of(self, name: str) -> frozenset[str]:
        return frozenset().union(*(self._pieces[word] for word in name.split(" ")))


class Spelling:
    """Finds, among stems, those that share most pieces of three letters with another."""

    def __init__(self, stems: Iterable[tuple[str, int]]) -> None:
        postings: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._sizes: dict[int, int] = {}
        for stem, number in stems:
            if len(stem) >= SLIP_LENGTH and not stem.isdigit():
                pieces = grams(stem)
                self._sizes[number] = len(pieces)
                for piece in pieces:
                    postings[piece].append(number)
        self._postings = dict(postings)

    def near(self, stem: str) -> list[tuple[int, float]]:
        """Return the numbers of the stems most like this one, and how like, 0 to 1."""
        if len(stem) < SLIP_LENGTH or stem.isdigit():
            return []
        pieces = grams(stem)
        shared: Counter[int] = Counter()
        for piece in pieces:
            shared.update(self._postings.get(piece, ()))
        least = len(pieces) * _LEAST / (2 - _LEAST)  # fewer shared pieces can not be enough
        found = [
            (number, 2 * count / (len(pieces) + self._sizes[number]))
            for number, count in shared.items()
            if count >= least
        ]
        found = [(number, like) for number, like in found if like >= _LEAST]
        found.sort(key=lambda item: (-item[1], item[0]))
        return found[:_MOST]
