"""The sentences that are made of the texts of a table, and those about what is wrong with it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import get_close_matches

from s4s_graph.forms import Text


def each(text: Text, change: Callable[[str], str]) -> Text:
    """Return a text changed in both languages."""
    return Text(change(text.nl), change(text.en))


def label(contexts: Sequence[Text], outcomes: Sequence[Text]) -> Text:
    """Return what a configuration is called, unless a column says so."""
    return Text(
        nl=" → ".join(filter(None, (_all(contexts, "nl"), _all(outcomes, "nl")))),
        en=" → ".join(filter(None, (_all(contexts, "en"), _all(outcomes, "en")))),
    )


def statement(
    contexts: Sequence[Text], unless: Sequence[Text], means: Sequence[Text],
    outcomes: Sequence[Text],
) -> Text:  # fmt: skip
    """Return a configuration in one sentence, in the words of the cells."""
    return Text(
        nl=_sentence("nl", contexts, unless, means, outcomes),
        en=_sentence("en", contexts, unless, means, outcomes),
    )


def mechanism(halves: Sequence[Text]) -> Text:
    """Return what a mechanism is called: its resource and its response, or the one of them."""
    return Text(
        nl=" → ".join(_part(half.nl) for half in halves),
        en=" → ".join(_part(half.en) for half in halves),
    )


def finding(label: Text) -> Text:
    """Return what a finding is called, by the configuration that it is about."""
    return Text(nl=f"Bevinding: {label.nl}", en=f"Finding: {label.en}")


def several(ids: Sequence[str]) -> Text:
    """Say that a name is that of several things."""
    return Text(
        nl=f"zo heten er meer; schrijf een van de ids {', '.join(ids)}",
        en=f"several are called so; write one of the ids {', '.join(ids)}",
    )


def no_such_value(values: Mapping[str, str]) -> Text:
    """Say which values a column may have by the layout."""
    names = ", ".join(values)
    return Text(
        nl=f"de indeling kent deze waarde niet; gebruik {names}, of vul de indeling aan",
        en=f"the layout does not know this value; use {names}, or add it to the layout",
    )


def no_sheet(name: str, there: Sequence[str]) -> Text:
    """Say that a workbook lacks the sheet that the layout reads."""
    names = ", ".join(there)
    return Text(
        nl=f"er is geen blad {name}, dat de indeling leest; de bladen zijn {names}",
        en=f"there is no sheet {name}, which the layout reads; the sheets are {names}",
    )


def no_column(heading: str, there: Collection[str]) -> Text:
    """Say that a column of the layout is not in the file."""
    near = get_close_matches(heading, there, n=1)
    names = ", ".join(near or there)
    return Text(
        nl=f"de kolom {heading} van de indeling is er niet; hier staat: {names}",
        en=f"there is no column {heading}, which the layout reads; there is: {names}",
    )


def untranslated(other: str) -> Text:
    """Say that a text has no translation yet, and how to give one."""
    language = {"nl": Text("Nederlandse", "Dutch"), "en": Text("Engelse", "English")}[other]
    return Text(
        nl=f"deze tekst heeft geen {language.nl} vertaling; --translations teksten.csv zet haar "
        "in dat bestand om in te vullen",
        en=f"this text has no {language.en} translation; --translations texts.csv puts it in that "
        "file to be filled in",
    )


NOT_READ = Text(
    nl="deze kolom wordt niet gelezen; noem haar in de indeling, zo nodig onder ignored",
    en="this column is not read; name it in the layout, under ignored if need be",
)
SAYS_NOTHING = Text(
    nl="in deze rij is geen kolom van een configuratie gevuld; zij wordt overgeslagen",
    en="no column of a configuration is filled in this row; it is passed over",
)
NOTHING = Text(
    nl="onder de kop staan geen rijen; kijk of header in de indeling de rij met de koppen is",
    en="there are no rows below the heading; see whether header in the layout is its row",
)


def _sentence(
    lang: str, contexts: Sequence[Text], unless: Sequence[Text], means: Sequence[Text],
    outcomes: Sequence[Text],
) -> str:  # fmt: skip
    words = {"nl": ("Als", "tenzij", "dan", "waardoor"), "en": ("If", "unless", "then", "so that")}
    starts = words[lang]
    if not means:
        starts = (*starts[:2], "", starts[2])
    parts = (contexts, unless, means, outcomes)
    said = (
        f"{start} {_all(texts, lang)}" for start, texts in zip(starts, parts, strict=True) if texts
    )
    sentence = ", ".join(said)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def _all(texts: Sequence[Text], lang: str) -> str:
    return (" en " if lang == "nl" else " and ").join(_part(text.of(lang)) for text in texts)


def _part(text: str) -> str:
    return " ".join(text.split()).rstrip(".;")
