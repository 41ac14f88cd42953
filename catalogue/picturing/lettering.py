"""Text in pictures: how wide it is, where a line ends, and what cannot be written at all."""

import re

SIZE = 13  # of letters, in units of the picture

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW, _BROAD = frozenset("fijlrtI.,:;'!|()[] "), frozenset("mwMWÆŒ@%—…")


def wrapped(text: str, width: float, most: int) -> list[str]:
    """Return a text as lines of at most a width in units of the picture, cut short after `most`.

    A word that is wider than a line is broken with a hyphen. The widths of letters are rough, and
    rather too wide than too narrow: which font there is, only the reader's machine knows.
    """
    lines = [""]
    for word in clean(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if measure(longer) <= width:
            lines[-1] = longer
            continue
        pieces = _broken(word, width)
        lines[-1:] = [*filter(None, lines[-1:]), *pieces]
    if len(lines) > most:
        last = lines[most - 1].removesuffix("-")
        while measure(f"{last}…") > width:
            last = last[:-1]
        lines[most - 1 :] = [f"{last.rstrip()}…"]
    return lines


def measure(text: str) -> float:
    """Return how wide a text is at the most, in units of the picture."""
    return SIZE * sum(_letter(letter) for letter in text)


def clean(text: str) -> str:
    """Return a text without the control characters that XML does not allow."""
    return _NOT_XML.sub("", text)


def _letter(letter: str) -> float:
    if letter in _NARROW:
        return 0.38
    if letter in _BROAD or ord(letter) > 0x2E7F:
        return 1.0
    return 0.72 if letter.isupper() else 0.58


def _broken(word: str, width: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if measure(f"{pieces[-1]}{letter}-") > width:
            pieces[-1] += "-"
            pieces.append("")
        pieces[-1] += letter
    return pieces
