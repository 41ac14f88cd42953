"""What the features of a match are worth, as logistic regressions found it.

Fitted with `python -m tests.bench.matching SHARED_DATA --fit --sample 1000` (pairs: 600), on one
half of what ESCO publishes as the same: labels as they are, of skills (v1.1.1, en), of occupations
and groups of the ISCO (v1.0.x in v1.2.0, nl); alternative labels of skills and occupations that the
index did not have; labels of v1.0.x that v1.2.0 no longer has; and concepts whose names were
halved. A quarter of what was asked had no right answer. No feature that says how alike two are has
a weight below 0. `tests/bench/matching.py` measures the other half.
"""

from collections.abc import Sequence
from math import exp
from operator import mul

Weights = tuple[float, ...]

# How a text is like one name: whether they have the same stems; how much of the weight of the
# stems of both, of the text and of the name they share; how many pieces of three letters; and
# whether it is the preferred name.
NAME_FEATURES = ("bias", "same", "shared", "of_asked", "of_name", "letters", "preferred")
NAME: Weights = (-10.031, 0.063, 8.82, 0.791, 0.691, 1.865, 0.554)
# How a text is like a concept that it is no name of: by the name most like it; by the logarithm of
# the number of like names; how much of the weight of its stems is in any name; and how much of the
# rest in the definition.
TEXT_FEATURES = ("bias", "name", "names", "pooled", "defined")
TEXT: Weights = (-3.369, 0.802, 0.146, 3.636, 7.18)
# That chance, given the best other concept, and whether there is one that the text is a name of.
RIVAL_FEATURES = ("bias", "own", "rival", "beaten")
RIVAL: Weights = (-0.948, 1.103, -0.721, -3.288)
# What a text is a name of is judged apart, as no likeness outweighs that: whether the name is the
# preferred one; whether it is as much the name of other concepts; and whether it is an alternative
# one here, but the preferred one of another concept.
EXACT_FEATURES = ("bias", "preferred", "equal", "outranked")
EXACT: Weights = (3.404, 0.763, -3.922, -9.198)
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
PAIR: Weights = (-3.535, 0.658, 0.126, -0.328, 3.537, 3.275, 0.341, 1.251)
# The chance, given the best other object of the subject, and other subject of the object.
RIVALS_FEATURES = ("bias", "own", "of_subject", "of_object")
RIVALS: Weights = (-1.72, 1.046, -0.575, -0.265)
NONE = -5.0  # the logit of a rival where there is none, or one that is no rival


def rival(own: float, best: Sequence[float]) -> float:
    """Return the best logit but this one, which is itself the first of the best or below them."""
    rest = best[1:] if best and best[0] == own else best[:1]
    return max(rest[0], NONE) if rest else NONE


def of_text(own: float, rival: float, *, beaten: bool) -> float:
    """Return the chance that a text stands for a concept that it is no name of.

    own: the logit of the concept; rival: of the best other one; beaten: whether the text is a name
    of another one.
    """
    return chance(dot(RIVAL, (1.0, own, rival, float(beaten))))


def dot(weights: Sequence[float], features: Sequence[float]) -> float:
    """Return the weighed sum of features."""
    total: float = sum(map(mul, weights, features))
    return total


def chance(logit: float) -> float:
    """Return the probability that a logit stands for, without an overflow."""
    return 1 / (1 + exp(-min(max(logit, -40.0), 40.0)))
