"""What can be wrong with a file of a build as a file, as sentences that say what would be right."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from difflib import get_close_matches

from s4s_graph import headings
from s4s_graph.forms import Form, Text
from s4s_graph.problems import Cell

REMOTE_CONTEXT = Text(
    nl="de @context staat op een ander adres en een build haalt niets op; "
    "zet de inhoud ervan in het bestand",
    en="the @context is at another address and a build fetches nothing; "
    "put its content in the file",
)
TRIPLE_TERM = Text(
    nl="een triple als waarde wordt niet gelezen; beschrijf de uitspraak als een ding",
    en="a triple as a value is not read; describe the statement as a thing",
)
DERIVED_TAKEN = Text(
    nl="de graaf 'derived' is voor wat de build afleidt; kies een andere naam",
    en="the graph 'derived' is for what the build derives; choose another name",
)
SET_TAKEN = Text(
    nl="de set 'derived' is voor wat de build afleidt; geef het bestand een andere naam",
    en="the set 'derived' is for what the build derives; give the file another name",
)
COMPUTED = Text(
    nl="dit berekent de build zelf; haal het weg en leg vast waar het uit volgt",
    en="the build computes this itself; remove it and record what it follows from",
)

CHANGED = Text(
    nl="dit bestand werd gewijzigd terwijl het gelezen werd; voer het commando opnieuw uit",
    en="this file was changed while it was read; run the command again",
)
DIED = Text(
    nl="dit is niet te lezen: de inhoud zit te diep in elkaar of wordt bij het lezen te groot",
    en="this cannot be read: its content nests too deeply or grows too large when it is read",
)
_MACROS = Text(
    nl="dit is een werkmap met macro's en die worden geweigerd; bewaar haar als .xlsx of .ods",
    en="this is a workbook with macros, which are refused; save it as .xlsx or .ods",
)
_WITH_MACROS = (".xlsm", ".xltm", ".xlsb", ".xlam")


def not_read(what: str, place: tuple[int, int, str] | None) -> Text:
    """Say that a file is no RDF, with the line and column if these are known, and why."""
    if place is None:
        return Text(nl=f"dit is niet te lezen: {what}", en=f"this cannot be read: {what}")
    line, column, why = place
    return Text(
        nl=f"regel {line}, kolom {column}: dit is niet te lezen: {why}",
        en=f"line {line}, column {column}: this cannot be read: {why}",
    )


def unknown_kind(suffix: str, kinds: Collection[str]) -> Text:
    """Say which kinds of file are read."""
    if suffix.lower() in _WITH_MACROS:
        return _MACROS
    known = ", ".join(kinds)
    return Text(
        nl=f"dit soort bestand wordt niet gelezen; gebruik {known}",
        en=f"this kind of file is not read; use {known}",
    )


def unknown_table(name: str, known: Sequence[Form], *, is_sheet: bool) -> Text:
    """Say that there is no table of a name: that of a file, or of a sheet of a workbook."""
    tables_ = sorted(form.table for form in known)
    if not is_sheet:
        near = get_close_matches(name, tables_, n=1) or tables_
        return Text(
            nl=f"er is geen tabel {name}; noem het bestand naar zijn tabel: {', '.join(near)}",
            en=f"there is no table {name}; name the file after its table: {', '.join(near)}",
        )
    names = [(headings.sheet_name(form, "nl"), headings.sheet_name(form, "en")) for form in known]
    nl, en = (get_close_matches(name, of, n=1) or sorted(of) for of in zip(*names, strict=True))
    return Text(
        nl=f"er is geen tabel {name}; noem het blad naar zijn tabel of haal het weg: "
        f"{', '.join(nl)}",
        en=f"there is no table {name}; name the sheet after its table or remove it: "
        f"{', '.join(en)}",
    )


def taken(cell: Cell) -> Text:
    """Say that an id stands in another row already."""
    cell = replace(cell, column=None)
    return Text(
        nl=f"dit id staat al in {cell.place('nl')}; elk ding heeft een eigen rij",
        en=f"this id stands in {cell.place('en')} already; each thing has one row",
    )
