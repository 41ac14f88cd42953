"""What one cell of a table may say: its text, by the rules of its field, as RDF terms."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from s4s_graph.forms import Field, Text
from s4s_graph.reading import Fault, Value

SLUG = re.compile(r"[a-z0-9]+(--?[a-z0-9]+)*")
_XSD = "http://www.w3.org/2001/XMLSchema#"

_BOOLEANS = {"ja": "true", "yes": "true", "waar": "true", "true": "true"} | {
    "nee": "false", "no": "false", "onwaar": "false", "false": "false"
}  # fmt: skip
_MADE_A_DATE = Text(
    nl="het rekenblad maakte hier een datum of tijd van; "
    "geef de cel de opmaak Tekst en typ de waarde opnieuw",
    en="the spreadsheet made a date or a time of this; "
    "format the cell as Text and type the value again",
)
FAULT = Text(
    nl="deze formule gaf een fout; verbeter haar of maak de cel leeg",
    en="this formula gave an error; correct it or empty the cell",
)

Term = NamedNode | Literal


class CellError(ValueError):
    """A text that the field does not accept; `message` says what it does accept."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class _Lexical:
    """How the values of a datatype are written."""

    datatype: str
    pattern: re.Pattern[str]
    advice: Text


_LEXICAL = {
    "integer": _Lexical(
        f"{_XSD}integer",
        re.compile(r"[+-]?[0-9]+"),
        Text(nl="schrijf een geheel getal, zoals 12", en="write a whole number, such as 12"),
    ),
    "decimal": _Lexical(
        f"{_XSD}decimal",
        re.compile(r"[+-]?[0-9]+(\.[0-9]+)?"),
        Text(
            nl="schrijf een getal met een punt en zonder scheidingsteken voor duizendtallen, "
            "zoals 1234.50",
            en="write a number with a point and no thousands separator, such as 1234.50",
        ),
    ),
    "year": _Lexical(
        f"{_XSD}gYear",
        re.compile(r"[0-9]{4}"),
        Text(nl="schrijf een jaar van vier cijfers, zoals 2024", en="write a year, such as 2024"),
    ),
    "date": _Lexical(
        f"{_XSD}date",
        re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
        Text(
            nl="schrijf een datum als jaar-maand-dag, zoals 2024-05-31",
            en="write a date as year-month-day, such as 2024-05-31",
        ),
    ),
    "boolean": _Lexical(
        f"{_XSD}boolean",
        re.compile(r"true|false"),
        Text(nl="schrijf true of false", en="write true or false"),
    ),
}


def text(value: Value, field: Field) -> str:
    """Return what a cell of a spreadsheet says as the text that the field reads.

    Raises CellError for a date or a time where none is meant: spreadsheets make dates of texts.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Fault):
        raise CellError(FAULT)
    if isinstance(value, time | timedelta) or field.kind not in ("year", "date", "string", "text"):
        raise CellError(_MADE_A_DATE)
    return f"{value.year:04}" if field.kind == "year" else _day(value).isoformat()


def split(cell: str, field: Field) -> list[str]:
    """Return the values in a cell, which `;` separates where a field may have several."""
    if field.maximum == 1 or field.unique_language:
        return [cell]
    return [value for part in cell.split(";") if (value := part.strip())]


def term(value: str, field: Field, lang: str | None, base: str) -> Term:
    """Return one value of a field as a term. Raises CellError with what would be right."""
    if field.kind == "text":
        return Literal(value, language=lang)
    if field.kind == "string":
        return Literal(value)
    if field.kind == "iri":
        return _iri(value)
    if field.kind == "thing":
        return reference(value, field.values, base)
    if field.kind == "boolean":
        value = _BOOLEANS.get(value.casefold(), value)
    lexical = _LEXICAL[field.kind]
    if not lexical.pattern.fullmatch(value):
        raise CellError(lexical.advice)
    return Literal(value, datatype=NamedNode(field.datatype or lexical.datatype))


def written(value: Term, field: Field, base: str) -> str:
    """Return a term as it is written in a cell: a thing by its id, with its kind if needed."""
    path = value.value.removeprefix(f"{base}id/")
    if field.kind != "thing" or path == value.value:
        return value.value
    segment, _, slug = path.rpartition("/")
    return slug if field.values == (segment,) else path


def reference(value: str, segments: tuple[str, ...], base: str) -> NamedNode:
    """Return the thing that a cell points at by `slug`, `segment/slug` or a full IRI.

    `segments` are the kinds of thing allowed; one that stands alone may be left out of the cell.
    """
    things = f"{base}id/"
    if ":" in value and not value.startswith(things):
        return _iri(value)
    segment, _, slug = value.removeprefix(things).rpartition("/")
    segment = segment or (segments[0] if len(segments) == 1 else "")
    if segment not in segments:
        forms = [f"{allowed}/{slug}" for allowed in segments]
        raise CellError(
            Text(nl=f"schrijf {' of '.join(forms)}", en=f"write {' or '.join(forms)}"),
        )
    if not SLUG.fullmatch(slug):
        raise CellError(slug_advice(slug))
    return NamedNode(f"{things}{segment}/{slug}")


def slug_advice(slug: str) -> Text:
    """Say what an id looks like, with the nearest one to what was written."""
    nearest = re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-") or "loopbaancoach"
    return Text(
        nl="een id bestaat uit kleine letters, cijfers en enkele streepjes ertussen, "
        f"zoals {nearest}",
        en=f"an id has lower-case letters, digits and single hyphens between them: {nearest}",
    )


def _number(value: float) -> str:
    # The shortest text that is this number, never with an exponent.
    plain = format(Decimal(repr(value)), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _iri(value: str) -> NamedNode:
    try:
        return NamedNode(value)
    except ValueError as error:
        raise CellError(
            Text(
                nl="schrijf een volledig adres zonder spaties, zoals https://example.org/pagina",
                en="write a full address without spaces, such as https://example.org/page",
            )
        ) from error
