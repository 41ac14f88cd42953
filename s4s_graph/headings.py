"""What the sheets and columns of a table are called: by id, or by their name in Dutch or English.

People read the names, files keep the ids; both are understood wherever a table is read.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from s4s_graph.forms import Field, Form, Forms, Text

ID = "id"
REQUIRED = " *"
EXPLANATION = Text(nl="Uitleg", en="Explanation")
PROBLEMS = Text(nl="Problemen", en="Problems")
LISTS = Text(nl="Lijsten", en="Lists")
SHEET_CHARACTERS = 31
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def columns(form: Form) -> dict[str, tuple[Field, str | None]]:
    """Return the columns of a form's table, each with its field and its language if it has one."""
    found: dict[str, tuple[Field, str | None]] = {}
    for field in form.fields:
        if field.constant is None:
            languages = field.languages if field.kind == "text" else (None,)
            found |= {
                column: (field, lang)
                for column, lang in zip(field.columns(), languages, strict=True)
            }
    return found


def known(form: Form) -> dict[str, str]:
    """Return the column that each heading means, folded; a name of two columns means neither."""
    meant: dict[str, set[str]] = defaultdict(set)
    for column, (field, language) in columns(form).items():
        for lang in ("nl", "en"):
            meant[fold(_name(field, language, lang))].add(column)
    names = {name: found.pop() for name, found in meant.items() if len(found) == 1}
    return names | {fold(column): column for column in form.columns()}


def heading(form: Form, column: str, lang: str) -> str:
    """Return what people read above a column: its name, or its id where the name is not enough."""
    if column == ID:
        return ID
    field, language = columns(form)[column]
    name = _name(field, language, lang)
    return name if known(form).get(fold(name)) == column else column


def sheet_name(form: Form, lang: str) -> str:
    """Return the name of the sheet of a table, within what spreadsheets allow."""
    return tidy(form.name.of(lang))


def tidy(name: str) -> str:
    """Return a name as a sheet may have it."""
    return _NOT_IN_A_SHEET_NAME.sub(" ", name)[:SHEET_CHARACTERS].strip(" '")


def table_of(sheet: str, forms: Forms) -> Form | None:
    """Return the form of a sheet, which is called by the id or by a name of its table."""
    wanted = fold(sheet)
    for form in forms:
        names = (form.table, sheet_name(form, "nl"), sheet_name(form, "en"))
        if form.class_iri and wanted in map(fold, names):
            return form
    return None


def is_ours(sheet: str) -> bool:
    """Tell whether a sheet is one that explains or lists, and so holds no rows."""
    return fold(sheet) in {
        fold(name) for text in (EXPLANATION, LISTS, PROBLEMS) for name in _both(text)
    }


def fold(name: str) -> str:
    """Return a name as it is compared: without case, double spaces and the mark of a duty."""
    return " ".join(name.split()).rstrip(REQUIRED).casefold()


def _name(field: Field, language: str | None, lang: str) -> str:
    return f"{field.name.of(lang)} ({language})" if language else field.name.of(lang)


def _both(text: Text) -> Iterator[str]:
    yield text.nl
    yield text.en
