"""What the workbook says to who fills it in: the comment of a heading, the sheet that explains."""

from collections.abc import Mapping, Sequence
from typing import Any

from s4s_graph import headings
from s4s_graph.forms import Field, Form, Text

WORDS = {
    "check": Text(nl="Kijk dit na", en="Check this"),
    "id": Text(
        nl="Een id bestaat uit kleine letters, cijfers en enkele streepjes, is uniek op dit blad "
        "en verandert nooit meer.",
        en="An id has lower-case letters, digits and single hyphens, is unique on this sheet and "
        "never changes.",
    ),
}
_REQUIRED = Text(nl="Verplicht.", en="Required.")
_SEVERAL = Text(nl="Meer waarden: scheid ze met ';'.", en="Several values: separate them by ';'.")
_SECRET = Text(nl="Vertrouwelijk: komt nooit in de openbare uitgave.",
               en="Restricted: never in the public release.")  # fmt: skip
_FIELD = Text(nl="veld", en="field")
_SHEETS = Text(nl="De bladen, in de volgorde waarin zij worden ingevuld",
               en="The sheets, in the order in which they are filled in")  # fmt: skip
_LISTS = Text(nl="De lijsten: wat elke keuze betekent", en="The lists: what each choice means")
_HOW = (
    Text(nl="Hoe deze werkmap werkt", en="How this workbook works"),
    Text(
        nl="Elk blad is een tabel, elke rij een ding, elke kolom een veld. Bij elke kop staat een "
        "toelichting; koppen met * en een gele achtergrond zijn verplicht.",
        en="Each sheet is a table, each row a thing, each column a field. Each heading has a "
        "comment; headings with * and a yellow background are required.",
    ),
    Text(
        nl="Geef elke rij een id en verander het nooit: andere bladen verwijzen ernaar. "
        "Waar een id gevraagd wordt, mag ook de naam staan, als maar één ding zo heet.",
        en="Give each row an id and never change it: other sheets point at it. Where an id is "
        "asked, its name will do too, if one thing only is called so.",
    ),
    Text(
        nl="Waar meer waarden mogen staan, scheidt ';' ze. De keuzelijst geeft er dan een om mee "
        "te beginnen.",
        en="Where several values may stand, ';' separates them. The drop-down then gives one to "
        "start with.",
    ),
    Text(
        nl="Laat leeg wat onbekend is. Kolommen mogen van plaats wisselen; bladen die niet nodig "
        "zijn, blijven leeg.",
        en="Leave empty what is unknown. Columns may change places; sheets that are not needed "
        "stay empty.",
    ),
    Text(
        nl="De namen van bladen en koppen zijn beveiligd, zonder wachtwoord.",
        en="The names of sheets and headings are protected, without a password.",
    ),
    Text(
        nl="Klaar? `s4s import BESTAND --into MAP` toont wat er verandert en wat er niet klopt, "
        "voordat er iets wordt geschreven.",
        en="Done? `s4s import FILE --into FOLDER` shows what changes and what is wrong, before "
        "anything is written.",
    ),
)

Concepts = Mapping[str, Sequence[tuple[str, Text]]]


def comment(form: Form, field: Field | None, lang: str) -> str:
    """Return what a heading says when someone points at it; of the id if there is no field."""
    if field is None:
        return f"{WORDS['id'].of(lang)} {_REQUIRED.of(lang)} {form.help.of(lang)}"
    parts = [field.help.of(lang)]
    if field.minimum > 0:
        parts.append(_REQUIRED.of(lang))
    if field.maximum != 1 and not field.unique_language:
        parts.append(_SEVERAL.of(lang))
    if field.disclosure == "restricted":
        parts.append(_SECRET.of(lang))
    parts.append(f"({_FIELD.of(lang)}: {field.id})")
    return "\n".join(parts)


def explanation(
    sheet: Any, forms: Sequence[Form], concepts: Concepts, bold: Any, wrapped: Any, lang: str
) -> None:
    """Write the sheet that explains the others."""
    sheet.set_column(0, 1, 30, wrapped)
    sheet.set_column(2, 2, 90, wrapped)
    title, *told = _HOW
    lines: list[tuple[str, str, str]] = [(title.of(lang), "", "")]
    lines += [("", "", line.of(lang)) for line in told]
    lines += [("", "", ""), (_SHEETS.of(lang), "", "")]
    lines += [("", headings.sheet_name(form, lang), form.help.of(lang)) for form in forms]
    lines += [("", "", ""), (_LISTS.of(lang), "", "")]
    for segment in concepts:
        lines += [(segment, slug, name.of(lang)) for slug, name in concepts[segment]]
    for number, line in enumerate(lines):
        for index, text in enumerate(line):
            if text:
                sheet.write_string(number, index, text, bold if not any(line[1:]) else wrapped)
    sheet.protect()
