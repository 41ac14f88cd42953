"""What a spreadsheet offers and checks while someone types: drop-downs, numbers, years."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from s4s_graph import headings
from s4s_graph.content import Content
from s4s_graph.forms import Field, Form
from s4s_graph.headings import ID, LISTS
from s4s_graph.reading import letters
from s4s_graph.workbook_words import WORDS

# So many rows below what is filled in have drop-downs and checks.
SPARE_ROWS = 1_000
_LARGEST = 999_999_999
_MESSAGE = 255  # the most that Excel shows in a message about a cell

# The name of the range of ids, by the kinds of thing that a field may point at.
Names = Mapping[tuple[str, ...], str]


def rule(field: Field | None, index: int, names: Names, lang: str) -> dict[str, Any] | None:
    """Return what a spreadsheet checks in a column, if anything; reading checks everything."""
    message = (field.message.of(lang) if field else WORDS["id"].of(lang))[:_MESSAGE]
    told = {"error_title": WORDS["check"].of(lang), "error_message": message}
    if field is None:
        letter = letters(index)
        return told | {"validate": "custom", "value": f"=COUNTIF(${letter}:${letter},{letter}2)=1"}
    if field.kind == "thing":
        is_open = field.values not in names or not names[field.values].startswith("list_")
        several = field.maximum != 1
        # Of several values only the first is in the list, and a new id may stand on another sheet.
        strictness = {"show_error": not several, "error_type": "warning" if is_open else "stop"}
        return told | strictness | {"validate": "list", "source": f"={names[field.values]}"}
    if field.kind == "boolean":
        return told | {"validate": "list", "source": ["true", "false"]}
    between: dict[str, Any] = {"criteria": "between", "minimum": -_LARGEST, "maximum": _LARGEST}
    if field.kind == "year":
        return told | between | {"validate": "integer", "minimum": 1000, "maximum": 9999}
    if field.kind == "date":
        days = {"minimum": date(1900, 1, 1), "maximum": date(9999, 12, 31)}
        return told | between | {"validate": "date"} | days
    if field.kind in ("integer", "decimal"):
        return told | between | {"validate": field.kind}
    return None


def write_lists(
    book: Any, content: Content, forms: Sequence[Form], lang: str
) -> dict[tuple[str, ...], str]:
    """Write the hidden sheet of lists; return the name of the range of each set of kinds."""
    by_segment = {form.segment: form for form in content.forms}
    sheet = book.add_worksheet(LISTS.of(lang))
    wanted = sorted({field.values for form in forms for field in form.fields if field.values})
    names = {}
    for index, segments in enumerate(wanted):
        own = by_segment[segments[0]]
        is_list = len(segments) == 1 and own.class_iri is None
        name = f"{'list' if is_list else 'ids'}_{'_'.join(segments)}".replace("-", "_")
        ids = list(_ids(segments, by_segment, content))
        sheet.write_string(0, index, name)
        sheet.write_column(1, index, ids)
        where = (LISTS.of(lang), letters(index), max(1, len(ids)) + 1)
        written = content.written(own)
        is_sheet = len(segments) == 1 and own.class_iri and content.has(own)
        if is_sheet and (written or not ids):
            # What is filled in on that sheet is offered as soon as it stands there.
            where = (headings.sheet_name(own, lang), "A", len(written) + SPARE_ROWS + 1)
        book.define_name(name, _range(*where))
        names[segments] = name
    sheet.protect()
    sheet.hide()
    return names


def _range(sheet: str, letter: str, last: int) -> str:
    quoted = sheet.replace("'", "''")
    return f"='{quoted}'!${letter}$2:${letter}${last}"


def _ids(
    segments: Sequence[str], by_segment: Mapping[str, Form], content: Content
) -> Iterator[str]:
    prefixed = len(segments) > 1
    for segment in segments:
        form = by_segment[segment]
        listed = [slug for slug, _ in content.concepts.get(segment, ())]
        rows = [row[ID] for row in content.rows.get(form.table, ()) if row.get(ID)]
        for slug in rows if form.class_iri else listed:
            yield f"{segment}/{slug}" if prefixed else slug
