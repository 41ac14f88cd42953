"""How good answers are, how well their chances are kept, and what they are held against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from s4s_graph.matching.lexicon import names
from s4s_graph.matching.reading import plain
from s4s_graph.vocabularies.concepts import Concept
from tests.bench.__main__ import line

BINS = 10
OURS = "ours"
PLAIN = "the same label"  # the name of a baseline
Way = Callable[[str], tuple[float, str | None]]  # the score and the concept that a text gets


@dataclass(frozen=True)
class Answer:
    """The first answer: how sure it is, whether it is right, and whether any could have been."""

    score: float
    right: bool
    findable: bool


@dataclass(frozen=True)
class Quality:
    """Precision, recall and F1 of answers from a threshold on."""

    precision: float
    recall: float
    f1: float


class Baselines:
    """What matching is held against: each way gives a score and the concept that has it."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        # Of concepts with the same name, the one that it is preferred for comes first.
        named = sorted(
            ((not preferred, plain(label), concept.iri) for concept in concepts
             for _, label, preferred in names(concept)),
        )  # fmt: skip
        self._owners: dict[str, str] = {}
        self._sorted: dict[str, str] = {}
        for _, key, iri in named:
            self._owners.setdefault(key, iri)
            self._sorted.setdefault(" ".join(sorted(key.split())), iri)

    def ways(self) -> dict[str, Way]:
        """Return the ways by name."""
        # The words of all names are sorted once: what token_sort_ratio would do each time.
        ratio = lambda text: self._best(  # noqa: E731
            " ".join(sorted(plain(text).split())), self._sorted, fuzz.ratio
        )
        return {
            PLAIN: self._same,
            "token_sort_ratio": ratio,
            "WRatio": lambda text: self._best(plain(text), self._owners, fuzz.WRatio),
        }

    def _same(self, text: str) -> tuple[float, str | None]:
        iri = self._owners.get(plain(text))
        return float(iri is not None), iri

    def _best(
        self, text: str, known: dict[str, str], scorer: Callable[..., float]
    ) -> tuple[float, str | None]:
        found = process.extractOne(text, known.keys(), scorer=scorer)
        return (found[1] / 100, known[found[0]]) if found else (0.0, None)


def compare(name: str, known: Sequence[Answer], answers: Sequence[Answer]) -> None:
    """Print the quality at the threshold that was best on the other half, and at others."""
    best = threshold(known)
    found = quality(answers, best)
    told = f"F1 {found.f1:.3f}  precision {found.precision:.3f}  recall {found.recall:.3f}"
    line(name, f"{told}  from {best:.2f}")
    if name.strip() == OURS:
        for step in (0.3, 0.5, 0.7, 0.9):
            at = quality(answers, step)
            line(f"    from {step}", f"F1 {at.f1:.3f}  {at.precision:.3f}  {at.recall:.3f}")


def threshold(known: Sequence[Answer]) -> float:
    """Return the score from which answers are best taken: that with the highest F1."""
    steps = [step / 100 for step in range(1, 100)]
    return max(steps, key=lambda step: (quality(known, step).f1, -step))


def quality(answers: Sequence[Answer], least: float) -> Quality:
    """Return the quality of the answers that are at least so sure."""
    given = [answer for answer in answers if answer.score >= least]
    right, findable = (sum(a.right for a in given), sum(a.findable for a in answers))
    precision, recall = right / (len(given) or 1), right / (findable or 1)
    return Quality(precision, recall, 2 * right / ((len(given) + findable) or 1))


def calibration(what: str, answers: Sequence[Answer]) -> None:
    """Print how often answers are right, by how sure they are said to be."""
    given = [answer for answer in answers if answer.score]
    error = 0.0
    line(f"the chance of {what}", "said, right, how many; | is what was said")
    for place in range(BINS):
        members = [a for a in given if min(int(a.score * BINS), BINS - 1) == place]
        if members:
            said = sum(a.score for a in members) / len(members)
            right = sum(a.right for a in members) / len(members)
            error += abs(said - right) * len(members) / len(given)
            drawn = list("#" * round(right * 40) + "." * (40 - round(right * 40)))
            drawn[min(round(said * 40), 39)] = "|"
            line("", f"{said:.2f} {right:.2f} {len(members):>5} {''.join(drawn)}")
    line("  expected calibration error", f"{error:.3f}")
