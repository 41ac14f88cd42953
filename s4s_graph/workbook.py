"""The workbook that researchers fill in: a sheet for each table, made from the forms.

What a form says of a field (name, help, list, number of values) is here a heading, a comment and a
drop-down. What is read back is what was written, to the last triple.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from s4s_graph import cells, headings
from s4s_graph.content import Content, WorkbookError
from s4s_graph.dropdowns import SPARE_ROWS, Names, rule, write_lists
from s4s_graph.forms import Field, Form, Forms, Text
from s4s_graph.headings import EXPLANATION, REQUIRED
from s4s_graph.reading import letters
from s4s_graph.workbook_words import comment, explanation

CELL_CHARACTERS = 32_767
_NUMBERS = ("integer", "decimal", "year")
_WIDTHS = {"text": 40, "string": 28, "thing": 28, "iri": 32}


class Workbook(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook in which texts stay texts; `guarded`: nobody adds, renames or moves its sheets."""

    def __init__(self, path: Path, *, guarded: bool) -> None:
        super().__init__(
            str(path),
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._guarded = guarded
        # Same content, same bytes: the file says that it was made when Excel's calendar starts.
        created = datetime(1900, 1, 1, tzinfo=UTC).replace(tzinfo=None)
        self.set_properties({"created": created})

    def _write_book_views(self) -> None:
        # The library has no method for this element, which stands just before the views.
        if self._guarded:
            self._xml_empty_tag("workbookProtection", [("lockStructure", 1)])
        super()._write_book_views()


def write(path: Path, content: Content, lang: str) -> None:
    """Write the workbook. Raises WorkbookError for a text that no cell can hold, and OSError."""
    forms = [form for form in ordered(content.forms) if content.has(form)]
    with Workbook(path, guarded=True) as book:
        formats = _Formats.of(book)
        about = book.add_worksheet(EXPLANATION.of(lang))
        sheets = [(form, book.add_worksheet(headings.sheet_name(form, lang))) for form in forms]
        names = write_lists(book, content, forms, lang)
        for form, sheet in sheets:
            _sheet(sheet, form, content, names, formats, lang)
        explanation(about, forms, content.concepts, formats.bold, formats.wrapped, lang)


def ordered(forms: Forms) -> list[Form]:
    """Return the tables that people fill in, each after those that it points at."""
    own = {form.segment: form for form in forms if form.class_iri and not form.computed}
    done: dict[str, Form] = {}

    def visit(form: Form, above: tuple[str, ...]) -> None:
        for field in form.fields:
            for segment in () if field.inverse else field.values:
                if segment in own and segment not in above and segment not in done:
                    visit(own[segment], (*above, segment))
        done.setdefault(form.segment, form)

    for segment, form in own.items():
        visit(form, (segment,))
    return list(done.values())


@dataclass(frozen=True)
class _Formats:
    bold: Any
    wrapped: Any
    heading: Any
    required: Any
    text: Any
    number: Any
    day: Any

    @classmethod
    def of(cls, book: Workbook) -> "_Formats":
        heading = {"bold": True, "text_wrap": True, "valign": "top", "border": 1}
        free = {"locked": False, "valign": "top"}
        return cls(
            bold=book.add_format({"bold": True, "valign": "top"}),
            wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
            heading=book.add_format(heading | {"bg_color": "#E8ECF0"}),
            required=book.add_format(heading | {"bg_color": "#FFE9B8"}),
            # As text: else a spreadsheet makes a date of 1-9, and a number of 01234567.
            text=book.add_format(free | {"num_format": "@", "text_wrap": True}),
            number=book.add_format(free),
            day=book.add_format(free | {"num_format": "yyyy-mm-dd"}),
        )

    def of_field(self, field: Field | None) -> Any:
        if field is None or field.kind not in (*_NUMBERS, "date"):
            return self.text
        return self.day if field.kind == "date" else self.number


def _sheet(
    sheet: Any,
    form: Form,
    content: Content,
    names: Names,
    formats: _Formats,
    lang: str,
) -> None:
    rows = content.written(form)
    columns = headings.columns(form)
    last = len(rows) + SPARE_ROWS
    for index, column in enumerate(form.columns()):
        field = columns[column][0] if column in columns else None
        is_required = field is None or field.minimum > 0
        mark = REQUIRED if is_required else ""
        kind = field.kind if field else "string"
        sheet.set_column(index, index, _WIDTHS.get(kind, 14), formats.of_field(field))
        style = formats.required if is_required else formats.heading
        sheet.write_string(0, index, headings.heading(form, column, lang) + mark, style)
        said = comment(form, field, lang)
        sheet.write_comment(0, index, said, {"x_scale": 2.5, "y_scale": 1 + len(said) / 180})
        checked = rule(field, index, names, lang)
        if checked:
            sheet.data_validation(1, index, last, index, checked)
        for number, row in enumerate(rows, start=1):
            _write(sheet, number, index, row.get(column, ""), field, formats)
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 45)
    sheet.autofilter(0, 0, last, len(form.columns()) - 1)
    allowed = ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows")
    sheet.protect("", dict.fromkeys((*allowed, "sort", "autofilter"), True))


def _write(
    sheet: Any, row: int, column: int, text: str, field: Field | None, formats: _Formats
) -> None:
    if not text:
        return
    if len(text) > CELL_CHARACTERS:
        raise WorkbookError(_too_long(f"{sheet.get_name()}!{letters(column)}{row + 1}"))
    style = formats.of_field(field)
    number = _number(text, field)
    if number is not None:
        sheet.write_number(row, column, number, style)
    else:
        sheet.write_string(row, column, text, style)


def _number(text: str, field: Field | None) -> float | None:
    """Return a text as a number, if that is read back as the same text: `007` is not."""
    if field is None or field.kind not in _NUMBERS:
        return None
    try:
        number = float(text)
        return number if cells.text(number, field) == text else None
    except (ValueError, OverflowError):
        return None


def _too_long(place: str) -> Text:
    return Text(
        nl=f"{place}: de tekst heeft meer dan {CELL_CHARACTERS} tekens en past in geen cel",
        en=f"{place}: the text has more than {CELL_CHARACTERS} characters and fits no cell",
    )
