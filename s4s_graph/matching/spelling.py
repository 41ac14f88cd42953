"""Stems that are spelt nearly alike: what a slip of the keys was meant to be."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable

from s4s_graph.search.words import SLIP_LENGTH

_LEAST = 0.5  # of their trigrams that two stems share: one slip in five letters leaves that much
_MOST = 4  # stems that one stem may be meant for


def grams(text: str) -> set[str]:
    """Return the pieces of three letters of a text, with a blank before and behind it."""
    padded = f" {text} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def letters(text: str) -> set[str]:
    """Return the pieces of three letters of each word of a text, in whatever order those are."""
    return {piece for word in text.split(" ") for piece in grams(word)}


def alike(one: set[str], other: set[str]) -> float:
    """Return how much two sets have in common, 0 to 1 (Dice's coefficient)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


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
