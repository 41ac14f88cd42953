"""The two languages of the interface: which one a reader wants, its words, its numbers."""

import gettext
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import Translations

from catalogue.formats import accepted
from s4s_graph.answers import BOOLEAN, NUMBERS, XSD

LANGUAGES = {"nl": "Nederlands", "en": "English"}
FOLDER = Path(__file__).parent / "locale"


def translations() -> dict[str, gettext.NullTranslations]:
    """Read the words of each language; a language without a catalogue speaks the source's."""
    return {lang: _translations(FOLDER / f"{lang}.po") for lang in LANGUAGES}


def _translations(path: Path) -> gettext.NullTranslations:
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalog = read_po(file)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def preferred(accept_language: str | None) -> str:
    """Return the language for a reader who sends this Accept-Language header.

    Dutch, unless the reader ranks English higher or knows neither: then English.
    """
    if not accept_language:
        return "nl"
    weights = dict.fromkeys(LANGUAGES, 0.0)
    for tag, weight in accepted(accept_language):
        for lang in LANGUAGES:
            if tag.split("-")[0] == lang or tag == "*":
                weights[lang] = max(weights[lang], weight)
    return "nl" if weights["nl"] >= weights["en"] and weights["nl"] > 0 else "en"


def of(path: str, accept_language: str | None) -> str:
    """Return the language of a page: the one that its path begins with, or that of its reader."""
    first = path[1:].partition("/")[0]
    return first if first in LANGUAGES else preferred(accept_language)


def other(lang: str) -> str:
    """Return the language to switch to."""
    return next(code for code in LANGUAGES if code != lang)


@lru_cache(maxsize=10_000)
def number(value: int | str, lang: str) -> str:
    """Write a number as readers of the language do: 1.250,5 or 1,250.5."""
    return str(format_decimal(value, locale=lang))


def percent(value: float, lang: str) -> str:
    """Write a share as readers of the language do, without decimals.

    Little is not nothing, and nearly all is not all: <1% and >99%.
    """
    if 0 < value < 0.01:
        return f"<{format_percent(0.01, locale=lang)}"
    if 0.99 < value < 1:
        return f">{format_percent(0.99, locale=lang)}"
    return str(format_percent(value, locale=lang))


def day(value: date, lang: str) -> str:
    """Write a day as readers of the language do: 31 januari 2026."""
    return str(format_date(value, format="long", locale=lang))


def literal(text: str, datatype: str, lang: str, words: Mapping[str, str]) -> str:
    """Write a value as readers of the language do; what does not parse stays as it is.

    `words` holds what "true" and "false" are called.
    """
    try:
        if datatype in NUMBERS:
            return number(str(Decimal(text)), lang)
        if datatype == XSD + "date":
            return day(date.fromisoformat(text), lang)
    except (InvalidOperation, ValueError):
        return text
    return words.get(text, text) if datatype == BOOLEAN else text
