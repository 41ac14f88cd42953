"""What the features of a match are worth, as logistic regressions found it.

Fitted with `python -m tests.bench.matching SHARED_DATA --fit --sample 1500`, on one half of what
ESCO publishes as the same: alternative labels of skills (v1.1.1, en) and occupations (v1.2.0, nl)
that the index did not have, labels of v1.0.x in v1.2.0, and concepts whose names were halved. A
quarter of what was asked had no right answer. `tests/bench/matching.py` measures the other half.
"""

from collections.abc import Sequence
from math import exp

# How a text is like one name: whether they have the same stems; how much of the weight of the
# stems of both, of the text and of the name they share; how many pieces of three letters; and
# whether it is the preferred name.
NAME_FEATURES = ("bias", "same", "shared", "of_asked", "of_name", "letters", "preferred")
NAME = (-9.734, -0.674, 9.644, 0.456, 0.115, 1.929, 0.842)
# How a text is like a concept: by the name most like it; by the logarithm of the number of like
# names; whether it is a name or the preferred name; how much of the weight of its stems is in any
# name; and how much of the rest in the definition.
TEXT_FEATURES = ("bias", "name", "names", "exact", "exact_preferred", "pooled", "defined")
TEXT = (-3.452, 0.797, 0.185, -0.989, 2.389, 3.79, 7.025)
# The chance, given the best other concept.
RIVAL_FEATURES = ("bias", "own", "rival", "exact")
RIVAL = (-1.015, 1.109, -0.744, 0.472)
# How two concepts are alike: as the likest name of the subject finds the object, and the likest
# preferred one; the logarithm of how many names find it, and their share; how alike the
# definitions are, or that one has none; and whether what is above the two matches.
PAIR_FEATURES = (
    "bias",
    "best",
    "preferred",
    "names",
    "of_names",
    "definitions",
    "undefined",
    "parents",
)
PAIR = (-3.25, 0.756, 0.114, -0.457, 3.447, 2.872, 0.106, 1.036)
# The chance, given the best other object of the subject, and other subject of the object.
RIVALS_FEATURES = ("bias", "own", "of_subject", "of_object")
RIVALS = (-1.568, 1.084, -0.594, -0.304)
NONE = -5.0  # the logit of a rival where there is none, or one that is no rival


def rival(own: float, best: Sequence[float]) -> float:
    """Return the best logit but this one, which is itself the first of the best or below them."""
    rest = best[1:] if best and best[0] == own else best[:1]
    return max(rest[0], NONE) if rest else NONE


def of_text(own: float, rival: float, *, exact: bool) -> float:
    """Return the chance that a text stands for a concept.

    own: the logit of the concept; rival: of the best other one; exact: whether the text is a name.
    """
    return chance(dot(RIVAL, (1.0, own, rival, float(exact))))


def dot(weights: Sequence[float], features: Sequence[float]) -> float:
    """Return the weighed sum of features."""
    return sum(weight * value for weight, value in zip(weights, features, strict=True))


def chance(logit: float) -> float:
    """Return the probability that a logit stands for, without an overflow."""
    return 1 / (1 + exp(-min(max(logit, -40.0), 40.0)))
