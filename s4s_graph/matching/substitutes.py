"""Stems that names use for one another: what a vocabulary itself treats as interchangeable."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

_LONGEST = 8  # stems of a name; longer ones seldom differ in a single word
_CONCEPTS = 2  # that use two stems for one another, before that is more than chance
_DOUBT = 2.0  # concepts added to the number that two stems are measured by, as few prove little
_MOST = 4  # stems that stand in for one stem


def substitutes(named: Iterable[Sequence[Sequence[int]]]) -> dict[int, list[tuple[int, float]]]:
    """Return the stems that stand in for each stem, and how much so, 0 to 1, the most first.

    named: for each concept, the stems of each of its names. Two names of a concept that differ
    in one stem, as in `oversee prison procedures` and `supervise prison procedures`, say that
    those stems mean the same there. How much is the cosine of how often they do.
    """
    together: Counter[tuple[int, int]] = Counter()
    alone: Counter[int] = Counter()
    for names in named:
        frames: defaultdict[frozenset[int], set[int]] = defaultdict(set)
        for stems in {frozenset(stems) for stems in names if 1 < len(stems) <= _LONGEST}:
            for stem in stems:
                frames[stems - {stem}].add(stem)
        pairs = {
            pair
            for stems in frames.values()
            if len(stems) > 1
            for pair in combinations(sorted(stems), 2)
        }
        together.update(pairs)
        alone.update({stem for pair in pairs for stem in pair})
    found: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for (one, other), count in together.items():
        if count >= _CONCEPTS:
            worth = count / ((alone[one] + _DOUBT) * (alone[other] + _DOUBT)) ** 0.5
            found[one].append((other, worth))
            found[other].append((one, worth))
    return {
        stem: sorted(others, key=lambda item: (-item[1], item[0]))[:_MOST]
        for stem, others in found.items()
    }
