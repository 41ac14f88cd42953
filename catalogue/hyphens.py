"""Soft hyphens in long Dutch words, for narrow places: browsers may have no dictionary of Dutch."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from markupsafe import Markup, escape
from pyphen import Pyphen

LONG = 13  # letters; what is shorter fits in every column
EDGE = 4  # letters that stay together at either end of a word
SOFT = "\N{SOFT HYPHEN}"
# A tag, a character reference, or a long word.
PIECES = re.compile(rf"<[^>]*>|&[^;\s]+;|[^\W\d_]{{{LONG},}}")


def softener(lang: str) -> Callable[[str], Markup]:
    """Return what puts soft hyphens in a text or in HTML that is safe; only Dutch gets any.

    Dutch writes compounds as one word. What is marked as another language is left alone.
    """

    @lru_cache(maxsize=5000)
    def soft(text: str) -> Markup:
        html = escape(text)
        if lang != "nl" or " lang=" in html:
            return html
        return Markup(PIECES.sub(lambda found: _hyphenated(found[0]), html))  # noqa: S704 - escaped

    return soft


def _hyphenated(piece: str) -> str:
    return piece if piece[0] in "<&" else str(_dictionary().inserted(piece, SOFT))


@cache
def _dictionary() -> Pyphen:
    return Pyphen(lang="nl_NL", left=EDGE, right=EDGE)
