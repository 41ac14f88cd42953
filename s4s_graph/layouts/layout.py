"""A layout: which of our fields each column of a table of others fills.

language: en                      # of the texts in the table: en or nl
sheet: CMO                        # of a workbook; else its first one
header: 1                         # the row with the headings
id: CMO ID                        # what ids are made from; else the number of the row
ignored: [Remarks]                # columns that are left out without a word
always:                           # what no column says, for each row that has such a field
  dataStatus: reported
  conditions.level: organisatie   # or for the rows of one table
configurations:                   # of a row, in series: without a context of its own, a
  - hasContext: Context           # configuration has the outcomes of the one before it
    hasResponse: Mechanism
    hasOutcome: {column: Outcome, split: ";"}
    finding:
      description: Evidence
      confidence: {column: Confidence, values: {Strong: high, Weak: low}}
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from s4s_graph.forms import Form, Forms, Text

SHIPPED = Path(__file__).parent
CONFIGURATIONS, MECHANISMS, FINDINGS = "configurations", "mechanisms", "findings"
CONCEPTS = ("conditions", "resources", "responses")  # whose names a cell may give
# What tells how a finding stands to its configuration; else it supports it.
STANDS, SUPPORTS = "stands", "supports"
_MADE_FROM = ("hasResource", "hasResponse")  # fields of the mechanism of a configuration
_KEYS = {"language", "sheet", "header", "id", "ignored", "always", CONFIGURATIONS}
_COLUMN_KEYS = {"column", "split", "values"}
_MOST_BYTES = 1 << 20


class LayoutError(ValueError):
    """A layout that cannot be used; `message` says what is wrong with it."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Column:
    """A column of theirs: its heading, what parts its values, and what its words mean to us."""

    heading: str
    split: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One configuration of a row, and what a finding about it says, if there is any."""

    fields: Mapping[str, Column]
    finding: Mapping[str, Column]

    def columns(self) -> Iterator[Column]:
        """Yield every column it reads."""
        yield from self.fields.values()
        yield from self.finding.values()


@dataclass(frozen=True)
class Layout:
    """How a table is laid out; `always` holds values by field, or by table and field."""

    language: str
    sheet: str | None
    header: int
    id: str | None
    ignored: tuple[str, ...]
    always: Mapping[str, str]
    steps: tuple[Step, ...]

    @property
    def other(self) -> str:
        """Return the language that the texts are not in."""
        return "en" if self.language == "nl" else "nl"

    def given(self, table: str, name: str) -> str | None:
        """Return what every row of a table has in a field, if anything."""
        return self.always.get(f"{table}.{name}", self.always.get(name))


def shipped() -> list[str]:
    """Return the names of the layouts that come along."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def read(given: str, always: Mapping[str, str], forms: Forms) -> Layout:
    """Return a shipped layout by its name, or that of a file, with more that is always so.

    Raises LayoutError and OSError.
    """
    path = SHIPPED / f"{given}.yaml" if given in shipped() else Path(given)
    if not path.is_file():
        raise LayoutError(_not_there(given))
    if path.stat().st_size > _MOST_BYTES:
        raise LayoutError(_wrong(given, *_NO_LAYOUT))
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise LayoutError(_wrong(given, str(error), str(error))) from error
    layout = _layout(content, given)
    layout = replace(layout, always={**layout.always, **always})
    _must_be_fields(layout, forms, given)
    return layout


def _layout(content: Any, given: str) -> Layout:
    match content:
        case {"language": "nl" | "en" as language, "configurations": [_, *_] as steps}:
            pass
        case _:
            raise LayoutError(_wrong(given, *_NO_LAYOUT))
    if unknown := set(content) - _KEYS:
        raise LayoutError(_unknown(given, unknown, _KEYS))
    header, ignored = content.get("header", 1), content.get("ignored", [])
    sheet, identifier = content.get("sheet"), content.get("id")
    texts = (sheet, identifier, *(ignored if isinstance(ignored, list) else [ignored]))
    if not all(text is None or isinstance(text, str) for text in texts):
        raise LayoutError(_wrong(given, *_NO_LAYOUT))
    if not isinstance(header, int) or header < 1:
        raise LayoutError(_wrong(given, *_NO_LAYOUT))
    return Layout(
        language=language,
        sheet=sheet,
        header=header,
        id=identifier,
        ignored=tuple(ignored),
        always=_scalars(content.get("always", {}), given),
        steps=tuple(_step(step, given) for step in steps),
    )


def _scalars(content: Any, given: str) -> dict[str, str]:
    if not isinstance(content, dict) or not all(
        isinstance(value, str | int | float) for pair in content.items() for value in pair
    ):
        raise LayoutError(_wrong(given, *_NO_LAYOUT))
    return {str(name): str(value) for name, value in content.items()}


def _step(content: Any, given: str) -> Step:
    if not isinstance(content, dict):
        raise LayoutError(_wrong(given, *_NO_LAYOUT))
    finding = content.get("finding", {})
    if not isinstance(finding, dict):
        raise LayoutError(_wrong(given, *_NO_LAYOUT))
    fields = {name: cell for name, cell in content.items() if name != "finding"}
    return Step(_columns(fields, given), _columns(finding, given))


def _columns(content: Mapping[Any, Any], given: str) -> dict[str, Column]:
    found = {}
    for name, cell in content.items():
        match cell:
            case str():
                found[str(name)] = Column(cell)
            case {"column": str(heading), **rest} if set(cell) <= _COLUMN_KEYS:
                split, values = rest.get("split"), _scalars(rest.get("values", {}), given)
                if not isinstance(split, str | None):
                    raise LayoutError(_wrong(given, f"{name}: {_HOW.nl}", f"{name}: {_HOW.en}"))
                found[str(name)] = Column(heading, split or None, values)
            case _:
                raise LayoutError(_wrong(given, f"{name}: {_HOW.nl}", f"{name}: {_HOW.en}"))
    return found


def _must_be_fields(layout: Layout, forms: Forms, given: str) -> None:
    tables = {table: forms.by_table(table) for table in (*_TABLES, *CONCEPTS)}
    known = {table: _names(form) for table, form in tables.items() if form}
    for step in layout.steps:
        if unknown := set(step.fields) - known[CONFIGURATIONS] - set(_MADE_FROM):
            raise LayoutError(_unknown(given, unknown, known[CONFIGURATIONS] | set(_MADE_FROM)))
        if unknown := set(step.finding) - known[FINDINGS] - {STANDS}:
            raise LayoutError(_unknown(given, unknown, known[FINDINGS] | {STANDS}))
    allowed = {name for names in known.values() for name in names}
    allowed |= {f"{table}.{name}" for table, names in known.items() for name in names}
    if unknown := set(layout.always) - allowed:
        raise LayoutError(_unknown(given, unknown, allowed))


def _names(form: Form) -> set[str]:
    return {found.id for found in form.fields if found.constant is None}


_TABLES = (CONFIGURATIONS, MECHANISMS, FINDINGS)


def _not_there(given: str) -> Text:
    names = ", ".join(shipped())
    return Text(
        nl=f"er is geen bestand {given}, en er is geen indeling die zo heet: {names}",
        en=f"there is no file {given}, and no layout is called so: {names}",
    )


def _unknown(given: str, unknown: set[str], known: set[str]) -> Text:
    names, others = ", ".join(sorted(map(str, unknown))), ", ".join(sorted(known))
    return _wrong(
        given,
        f"{names} is hier niet bekend; gebruik {others}",
        f"{names} is not known here; use {others}",
    )


def _wrong(given: str, nl: str, en: str) -> Text:
    return Text(nl=f"indeling {given}: {nl}", en=f"layout {given}: {en}")


_NO_LAYOUT = (
    "een indeling noemt de taal (language: nl of en) en een lijst configurations; "
    "zie het voorbeeld in de README",
    "a layout tells the language (language: nl or en) and a list of configurations; "
    "see the example in the README",
)
_HOW = Text(
    nl="schrijf de naam van een kolom, of {column: …, split: …, values: …}",
    en="write the name of a column, or {column: …, split: …, values: …}",
)
