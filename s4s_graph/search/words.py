"""Words as the search sees them: folded, brought back to a stem, and one slip of the keys away."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from snowballstemmer.dutch_porter_stemmer import DutchPorterStemmer
from snowballstemmer.english_stemmer import EnglishStemmer

LANGUAGES = ("nl", "en")
SLIP_LENGTH = 4  # below this length nearly every word is one edit away from another
# Words that say nothing of what is sought; a search for nothing else is taken at its word.
# fmt: off
FUNCTION_WORDS = frozenset((
    "aan", "als", "bij", "de", "dat", "der", "die", "door", "een", "en", "het", "hoe", "hun", "ik",
    "in", "is", "met", "naar", "of", "om", "op", "over", "te", "tot", "uit", "van", "voor", "wat",
    "welke", "wie", "zijn",
    "a", "about", "an", "and", "are", "as", "at", "by", "for", "from", "how", "on", "or", "that",
    "the", "their", "to", "what", "which", "who", "with",
))
# fmt: on

# How a note names the sources of a figure: the ids of their rows, between square brackets.
CITATION = re.compile(r"(\[[a-z0-9]+(?:-{1,2}[a-z0-9]+)*(?:;[a-z0-9-]+)*\])")
# Snowball's newer stemmer of Dutch takes begeleiding and beleid for one word; this one does not.
_STEMMERS = {"nl": DutchPorterStemmer, "en": EnglishStemmer}
_WORD = re.compile(r"[^\W_]+")
_JOINED = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
_DIGITS = re.compile(r"\d+")


def fold(text: str) -> str:
    """Return a text without case and accents: Één is een."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def sort_key(text: str) -> str:
    """Return what to sort a label by: without accents and case, and 9 before 10."""
    return _DIGITS.sub(lambda digits: digits[0].zfill(12), fold(text))


def uncited(text: str) -> str:
    """Return a text without the ids of its sources: nobody seeks those."""
    return CITATION.sub(" ", text) if "[" in text else text


def split(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return _WORD.findall(fold(text))


def indexed(text: str) -> list[str]:
    """Return the folded words of a text, and those with a hyphen also without: zijinstromers."""
    folded = fold(text)
    found = _WORD.findall(folded)
    if "-" in folded:
        found += (joined.replace("-", "") for joined in _JOINED.findall(folded))
    return found


def marked(text: str, words: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text, and whether each is one of these folded words."""
    end = 0
    for found in _WORD.finditer(unicodedata.normalize("NFC", text)):
        if fold(found[0]) in words:
            yield text[end : found.start()], False
            yield found[0], True
            end = found.end()
    yield text[end:], False


def stemmer(lang: str) -> Callable[[str], str]:
    """Return what brings folded words of a language back to their stem; for one thread."""
    stem: Callable[[str], str] = _STEMMERS[lang]().stemWord
    return stem


def slips(word: str) -> set[str]:
    """Return a word with each one of its letters left out, and the word itself.

    Two words with a slip in common are at most two edits apart, and words that are one edit
    apart have one in common (the symmetric deletes of SymSpell): a table of slips finds them.
    """
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def near(word: str, others: Iterable[str]) -> list[str]:
    """Return the other words that are one edit away: a letter more, less, other, or a swap."""
    return sorted(other for other in others if other != word and _is_one_edit(word, other))


def _is_one_edit(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    start = next((i for i, letter in enumerate(one) if letter != other[i]), len(one))
    rest, longer = one[start:], other[start:]
    if len(one) < len(other):
        return rest == longer[1:]
    swapped = len(rest) > 1 and rest[1::-1] + rest[2:] == longer
    return len(one) == len(other) and (rest[1:] == longer[1:] or swapped)
