"""What is written nearly the same as something: a guess to help, and only while it is cheap."""

from collections.abc import Collection
from difflib import get_close_matches

# Of one run, over all that is looked for: some five seconds. Beyond, problems come without a guess.
COMPARISONS = 300_000


class Nearest:
    """Looks for the nearest texts, until so many comparisons were made."""

    def __init__(self, comparisons: int = COMPARISONS) -> None:
        self._left = comparisons

    def to(self, text: str, known: Collection[str]) -> list[str]:
        """Return the up to three texts that are most like this one; none once it takes too long."""
        if len(known) > self._left:
            return []
        self._left -= len(known)
        return get_close_matches(text, known, n=3)
