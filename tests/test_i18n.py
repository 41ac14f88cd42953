"""The words of the interface: all of them in Dutch, and numbers as each language writes them."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from catalogue import i18n

Message = str | tuple[str, ...]


def used(catalogue: Path) -> set[Message]:
    """Every text that templates and Python files ask a translation of."""
    return {
        message
        for _, _, message, _, _ in extract_from_dir(
            catalogue,
            method_map=[("**.py", "python"), ("templates/**.html", "jinja2")],
            options_map={"templates/**.html": {"silent": "false"}},
            keywords={"_": None, "gettext": None, "ngettext": (1, 2)},
        )
    }


@pytest.fixture(scope="module")
def translated(root: Path) -> dict[Message, Message]:
    with (root / "catalogue/locale/nl.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def test_every_text_is_translated(root: Path, translated: dict[Message, Message]) -> None:
    missing = used(root / "catalogue") - {
        source for source, target in translated.items() if all(target)
    }
    assert missing == set()


def test_no_translation_is_left_over(root: Path, translated: dict[Message, Message]) -> None:
    assert translated.keys() - used(root / "catalogue") == set()


def test_a_translation_has_the_same_places_to_fill_in(translated: dict[Message, Message]) -> None:
    def places(text: Message) -> set[str]:
        return {part.partition(")")[0] for part in str(text).split("%(")[1:]}

    assert {
        source for source in translated if places(source) != places(translated[source])
    } == set()


@pytest.mark.parametrize(
    ("text", "datatype", "nl", "en"),
    [
        ("1234567", "integer", "1.234.567", "1,234,567"),
        ("1250.5", "decimal", "1.250,5", "1,250.5"),
        ("2024", "gYear", "2024", "2024"),
        ("2026-01-31", "date", "31 januari 2026", "January 31, 2026"),
        ("true", "boolean", "ja", "yes"),
        ("many", "integer", "many", "many"),
        ("2026-13-01", "date", "2026-13-01", "2026-13-01"),
        ("true", "string", "true", "true"),
    ],
)
def test_values_are_written_as_readers_do(text: str, datatype: str, nl: str, en: str) -> None:
    words = {"nl": {"true": "ja"}, "en": {"true": "yes"}}
    written = {lang: i18n.literal(text, i18n.XSD + datatype, lang, words[lang]) for lang in words}
    assert written == {"nl": nl, "en": en}


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.0, "0%"), (0.001, "<1%"), (0.41, "41%"), (0.999, ">99%"), (1.0, "100%")],
)
def test_little_is_not_nothing_and_nearly_all_is_not_all(share: float, written: str) -> None:
    assert [i18n.percent(share, lang) for lang in i18n.LANGUAGES] == [written, written]
