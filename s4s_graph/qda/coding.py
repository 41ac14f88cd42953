"""How a coding project is read: `coding.yaml`, and a file of the same form that replaces parts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from s4s_graph.forms import Forms, Text
from s4s_graph.headings import fold

CONTEXT, RESOURCE, RESPONSE, OUTCOME, ACTOR, INTERVENTION = ROLES = (
    "context",
    "resource",
    "response",
    "outcome",
    "actor",
    "intervention",
)
# The tables of the codes that become things of their own; the others are names of things.
TABLES = {
    CONTEXT: "conditions",
    OUTCOME: "conditions",
    RESOURCE: "resources",
    RESPONSE: "responses",
}
FILLED = ("mechanisms", "configurations", "companies", "cases", "findings", *TABLES.values())
DIRECTIONS = ("supports", "contradicts", "refines")
LANGUAGES = ("nl", "en")
_OWN = Path(__file__).with_name("coding.yaml")
_LINKS = ("hinders", "ignored")


class CodingError(Exception):
    """A file that does not say how to read a project; `message` says what is wrong with it."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Coding:
    """The content of `coding.yaml`, whose comments say what each part is; names are folded."""

    language: str
    translation: str
    roots: Mapping[str, str]
    variables: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    hinders: frozenset[str]
    ignored: frozenset[str]
    direction: str
    fixed: Mapping[str, Mapping[str, str]]

    @property
    def other_language(self) -> str:
        """Return the language that the project is not in."""
        return next(language for language in LANGUAGES if language != self.language)

    def texts(self, column: str, text: str) -> dict[str, str]:
        """Return a text by column: of both languages, if it holds them both."""
        if not self.translation:
            parts = [text]
        else:
            parts = [part.strip() for part in text.split(self.translation, 1)]
        names = (f"{column}_{self.language}", f"{column}_{self.other_language}")
        return {name: part for name, part in zip(names, parts, strict=False) if part}


def read(path: Path | None, forms: Forms) -> Coding:
    """Return how to read a project: as shipped, but for what a file says. Raises CodingError."""
    own = _loaded(_OWN)
    given = _loaded(path) if path else {}
    _known(given, own, path or _OWN)
    fixed = own["fixed"] | {
        table: own["fixed"].get(table, {}) | values
        for table, values in given.get("fixed", {}).items()
    }
    found = own | given | {"fixed": fixed}
    for part in ("roots", "variables", "links"):
        found[part] = own[part] | given.get(part, {})
    _check(found, forms, path or _OWN)
    return Coding(
        language=found["language"],
        translation=str(found["translation"] or ""),
        roots=_by_name(found["roots"]),
        variables=_by_name(found["variables"]),
        values={
            field: {fold(str(value)): str(meant) for value, meant in values.items()}
            for field, values in found["values"].items()
        },
        hinders=frozenset(fold(str(name)) for name in found["links"]["hinders"]),
        ignored=frozenset(fold(str(name)) for name in found["links"]["ignored"]),
        direction=found["direction"],
        fixed={
            table: {column: _written(value) for column, value in values.items()}
            for table, values in found["fixed"].items()
        },
    )


def _loaded(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        # Aliases of aliases unfold without end, and nobody needs them here.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise CodingError(_about(path, _ALIAS))
        found = yaml.safe_load(text)
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise CodingError(_about(path, Text(nl=reason, en=reason))) from error
    if not isinstance(found, dict):
        raise CodingError(_about(path, _NO_KEYS))
    return found


def _by_name(names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {fold(str(name)): meant for meant, all_ in names.items() for name in all_}


def _written(value: object) -> str:
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)


def _known(given: Mapping[str, Any], own: Mapping[str, Any], path: Path) -> None:
    for key, value in given.items():
        if key not in own:
            raise CodingError(_unknown(path, str(key), own))
        if isinstance(own[key], dict) and not isinstance(value, dict):
            raise CodingError(_about(path, _must_have_keys(key)))
    for part in ("values", "fixed"):
        for key, values in given.get(part, {}).items():
            if not isinstance(values, dict):
                raise CodingError(_about(path, _must_have_keys(f"{part}: {key}")))


def _check(found: Mapping[str, Any], forms: Forms, path: Path) -> None:
    """Raise CodingError for a value that means nothing."""
    for value, allowed in (
        (found["language"], LANGUAGES),
        (found["direction"], DIRECTIONS),
        *((role, ROLES) for role in found["roots"]),
        *((kind, _LINKS) for kind in found["links"]),
        *((table, FILLED) for table in found["fixed"]),
        *_columns(found, forms),
    ):
        if value not in allowed:
            raise CodingError(_unknown(path, str(value), allowed))
    for part in ("roots", "variables", "links"):
        for key, names in found[part].items():
            if not isinstance(names, list):
                raise CodingError(_about(path, _must_be_a_list(f"{part}: {key}")))


def _columns(found: Mapping[str, Any], forms: Forms) -> Iterator[tuple[str, Sequence[str]]]:
    columns = {form.table: form.columns()[1:] for form in forms}
    for field in (*found["variables"], *found["values"]):
        yield field, columns["companies"]
    for table, values in found["fixed"].items():
        for column in values:
            yield column, columns.get(table, ())


def _about(path: Path, message: Text) -> Text:
    return Text(nl=f"{path}: {message.nl}", en=f"{path}: {message.en}")


def _unknown(path: Path, value: str, allowed: Sequence[str] | Mapping[str, Any]) -> Text:
    near = get_close_matches(value, allowed, n=1)
    options = near or list(allowed)
    return _about(
        path,
        Text(
            nl=f"'{value}' heeft hier geen betekenis; gebruik {', '.join(options)}",
            en=f"'{value}' means nothing here; use {', '.join(options)}",
        ),
    )


def _must_have_keys(key: str) -> Text:
    return Text(
        nl=f"schrijf onder {key} steeds een naam, een dubbele punt en een waarde",
        en=f"write below {key} each time a name, a colon and a value",
    )


def _must_be_a_list(key: str) -> Text:
    return Text(
        nl=f"schrijf bij {key} een lijst van namen: [een, twee]",
        en=f"write at {key} a list of names: [one, two]",
    )


_ALIAS = Text(
    nl="verwijzingen (& en *) worden hier niet gelezen; schrijf het twee keer",
    en="references (& and *) are not read here; write it twice",
)
_NO_KEYS = Text(
    nl="dit bestand noemt niets; schrijf bijvoorbeeld 'language: nl'",
    en="this file names nothing; write for example 'language: nl'",
)
