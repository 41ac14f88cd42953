"""A small logistic regression and how well its chances are kept, in plain Python."""

from collections.abc import Collection, Sequence

from s4s_graph.matching.model import chance, dot

RIDGE = 1e-2  # keeps the weight of a feature finite that parts the examples wholly
Example = tuple[Sequence[float], bool]


def rising(examples: Sequence[Example], free: Collection[int]) -> tuple[float, ...]:
    """Return weights that make the examples likeliest, none below 0 but those of free features.

    What would be furthest below 0 is left out and the rest fitted again, until none is: that more
    likeness makes a match less likely is chance, or another feature said twice.
    """
    size = len(examples[0][0])
    kept = list(range(size))
    while True:
        found = logistic([([features[i] for i in kept], right) for features, right in examples])
        weights = dict(zip(kept, found, strict=True))
        below = [i for i, weight in weights.items() if weight < 0 and i not in free]
        if not below:
            return tuple(weights.get(i, 0.0) for i in range(size))
        kept.remove(min(below, key=weights.__getitem__))


def logistic(examples: Sequence[Example], rounds: int = 12) -> tuple[float, ...]:
    """Return the weights that make the examples likeliest (Newton's method, with a ridge)."""
    size = len(examples[0][0])
    weights = [0.0] * size
    for _ in range(rounds):
        slope = [-RIDGE * weight for weight in weights]
        bend = [[RIDGE * (i == j) for j in range(size)] for i in range(size)]
        for features, right in examples:
            said = chance(dot(weights, features))
            spread = max(said * (1 - said), 1e-9)
            for i, one in enumerate(features):
                if one:
                    slope[i] += (right - said) * one
                    row, worth = bend[i], spread * one
                    for j in range(i, size):
                        row[j] += worth * features[j]
        for i in range(size):
            for j in range(i):
                bend[i][j] = bend[j][i]
        step = _solved(bend, slope)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-4:
            break
    return tuple(weights)


def _solved(matrix: list[list[float]], values: list[float]) -> list[float]:
    """Return x of matrix x = values, by Gaussian elimination with pivots."""
    rows = [[*row, value] for row, value in zip(matrix, values, strict=True)]
    for i in range(len(rows)):
        pivot = max(range(i, len(rows)), key=lambda place: abs(rows[place][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for below in rows[i + 1 :]:
            factor = below[i] / rows[i][i]
            for j in range(i, len(below)):
                below[j] -= factor * rows[i][j]
    found = [0.0] * len(rows)
    for i in reversed(range(len(rows))):
        rest = sum(rows[i][j] * found[j] for j in range(i + 1, len(rows)))
        found[i] = (rows[i][-1] - rest) / rows[i][i]
    return found
