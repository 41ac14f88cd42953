"""The texts of a table of others: what they are in the other language, and ids made of them."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from s4s_graph import reading
from s4s_graph.answers import FORMULA, write_csv
from s4s_graph.forms import Text
from s4s_graph.headings import fold
from s4s_graph.layouts.layout import Layout, LayoutError
from s4s_graph.reading import UnreadableError
from s4s_graph.slugs import slug_of

NAME_CHARACTERS = 100


class Texts:
    """Texts with their translations; remembers those that have none."""

    def __init__(self, layout: Layout, translations: Mapping[str, str]) -> None:
        self._layout = layout
        self._translations = translations
        self.missing: dict[str, None] = {}

    def both(self, text: str) -> Text:
        """Return a text in both languages; what is not translated stands there as it is."""
        other = self._translations.get(_key(text), "")
        if not other and text:
            self.missing.setdefault(text)
        return self._of(text, other or text)

    def _of(self, text: str, other: str) -> Text:
        return Text(text, other) if self._layout.language == "nl" else Text(other, text)


def translations(path: Path, layout: Layout) -> dict[str, str]:
    """Return what a file of translations says: a column for each language, `en` and `nl`.

    Raises LayoutError and OSError.
    """
    if not path.exists():
        return {}
    try:
        (sheet, *_) = reading.sheets(path)
    except UnreadableError as error:
        told = error.message
        raise LayoutError(Text(f"{path}: {told.nl}", f"{path}: {told.en}")) from error
    head = [fold(str(cell)) for cell in sheet.rows[0]] if sheet.rows else []
    if not {layout.language, layout.other} <= set(head):
        raise LayoutError(_no_languages(path))
    ours, other = head.index(layout.language), head.index(layout.other)
    width = max(ours, other)
    return {
        _key(str(row[ours])): _unmarked(str(row[other]))
        for row in sheet.rows[1:]
        if len(row) > width and row[other] != ""
    }


def stored(rows: Iterable[Mapping[str, str]], layout: Layout) -> dict[str, str]:
    """Return what rows say in both languages."""
    end, other = f"_{layout.language}", f"_{layout.other}"
    return {
        _key(text): translated
        for row in rows
        for column, text in row.items()
        if text and column.endswith(end)
        and (translated := row.get(column.removesuffix(end) + other))
    }  # fmt: skip


def add_missing(path: Path, layout: Layout, missing: Iterable[str]) -> None:
    """Add texts without a translation to the file of translations. Raises OSError."""
    rows: list[list[str]] = []
    if path.exists():
        rows = [[str(cell) for cell in row] for row in reading.sheets(path)[0].rows]
    head, *filled = rows or [[layout.language, layout.other]]
    column = [fold(name) for name in head].index(layout.language)
    known = {_key(row[column]) for row in filled if len(row) > column}
    for text in missing:
        if _key(text) not in known:
            filled.append([text if place == column else "" for place in range(len(head))])
    # It holds what people translated: it is replaced as a whole or not at all.
    written = path.with_name(f".{path.name}.new")
    written.write_text(write_csv(head, filled), encoding="utf-8-sig", newline="")
    written.replace(path)


def shortened(text: str) -> str:
    """Return a text as a name: cut between words where it is too long for one."""
    line = " ".join(text.split())
    if len(line) <= NAME_CHARACTERS:
        return line.rstrip(".")
    return line[: NAME_CHARACTERS - 1].rpartition(" ")[0].rstrip(",;:") + "…"


def slug(text: str) -> str:
    """Return a text as an id: its first words, in small letters without accents."""
    return slug_of(text) or f"t{digest(text)}"


def digest(text: str) -> str:
    """Return what tells texts apart whose ids would be the same."""
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def named(text: str) -> str:
    """Return a text as names are compared: a full stop at its end says nothing."""
    return fold(text).rstrip(".")


def _key(text: str) -> str:
    return named(_unmarked(text))


def _unmarked(text: str) -> str:
    """Return a text without the mark that it has in CSV so that it starts no formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _no_languages(path: Path) -> Text:
    return Text(
        nl=f"{path}: een bestand met vertalingen heeft de kolommen nl en en",
        en=f"{path}: a file of translations has the columns nl and en",
    )
