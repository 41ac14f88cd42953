"""What a client asks, by version 0.2 of the API or the draft of 1.0; what it may not ask."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from catalogue.sparql.protocol import RequestError
from s4s_graph.forms import Text
from s4s_graph.questions import quoted

BATCH = 200  # queries in a batch, or things to extend
MOST = 50  # candidates of a query
USUAL = 10  # candidates of a query that does not say how many
CONDITIONS = 10  # of a query
VALUES = 20  # of a condition
PROPERTIES = 50  # to extend with
LETTERS = 1000  # of a name or a value; nothing is called anything as long
QUANTIFIERS = ("any", "all", "none")
NAME, IDENTIFIER = "name", "iri"  # conditions on these are no properties

Value = TypeVar("Value")


@dataclass(frozen=True)
class Condition:
    """A property and the values that it should have: any of them, all of them, or none."""

    property: str
    values: tuple[str, ...]
    quantifier: str = "any"
    required: bool = False


@dataclass(frozen=True)
class Query:
    """One thing that is sought: by its names, by conditions, or by both.

    every: it has to be of all `types` instead of one of them. language: of the names.
    """

    names: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    types: tuple[str, ...] = ()
    every: bool = False
    limit: int = USUAL
    language: str | None = None


@dataclass(frozen=True)
class Extension:
    """Things, and the properties to give of each with the settings of each."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, Mapping[str, Any]], ...]


def single(text: str) -> Query:
    """Return the query that is sent without a batch: a name, or an object. Raises RequestError."""
    if text.lstrip().startswith("{"):
        return _old("query", _json("query", text))
    return Query((clean(text),))


def batch(text: str) -> dict[str, Query]:
    """Return the queries of a batch by version 0.2, by their keys. Raises RequestError."""
    queries = _object("queries", _json("queries", text))
    _count("queries", len(queries), BATCH)
    return {key: _old(f"queries.{key}", query) for key, query in queries.items()}


def matches(content: bytes) -> list[Query]:
    """Return the queries of a batch by the draft of 1.0. Raises RequestError."""
    given = _object("", _json("", content))
    queries = _list("queries", given.get("queries"))
    _count("queries", len(queries), BATCH)
    return [_new(f"queries[{number}]", query) for number, query in enumerate(queries)]


def extension(text: str | bytes) -> Extension:
    """Return what is asked of things that were matched. Raises RequestError."""
    given = _object("extend", _json("extend", text))
    ids, asked = _list("ids", given.get("ids")), _list("properties", given.get("properties"))
    _count("ids", len(ids), BATCH)
    _count("properties", len(asked), PROPERTIES)
    properties = []
    for number, one in enumerate(asked):
        place = f"properties[{number}]"
        settings = _object(f"{place}.settings", _object(place, one).get("settings") or {})
        properties.append((_text(f"{place}.id", one.get("id")), settings))
    return Extension(tuple(_text("ids", one) for one in ids), tuple(properties))


def clean(text: str) -> str:
    """Return a text without what no text can hold: halves of characters."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def wrong(place: str, nl: str, en: str, status: int = 400) -> RequestError:
    """Return the error for what stands at a place in what was sent."""
    start = f"{place}: " if place else ""
    return RequestError(status, Text(f"{start}{nl}.", f"{start}{en}."))


def _old(place: str, given: object) -> Query:
    query = _known(place, given, "query", "type", "limit", "properties", "type_strict")
    text = query.get("query")
    types = query.get("type")
    kinds = [types] if isinstance(types, str) else _list(f"{place}.type", types or [])
    conditions = _many(f"{place}.properties", query.get("properties"), _old_condition)
    if not conditions and text is None:
        raise wrong(place, "geef query of properties", "give query or properties")
    return Query(
        names=() if text is None else (_text(f"{place}.query", text),),
        conditions=tuple(conditions),
        types=tuple(_text(f"{place}.type", kind) for kind in kinds),
        every=query.get("type_strict") == "all",
        limit=_limit(place, query.get("limit")),
    )


def _old_condition(place: str, given: Mapping[str, Any]) -> Condition:
    return Condition(_text(f"{place}.pid", given.get("pid")), _values(f"{place}.v", given.get("v")))


def _new(place: str, given: object) -> Query:
    query = _known(place, given, "conditions", "type", "limit", "lang", "dir")
    conditions = _many(f"{place}.conditions", query.get("conditions"), _new_condition)
    if not conditions:
        raise wrong(f"{place}.conditions", "geef er minstens één", "give at least one")
    names = [one for one in conditions if one.property == NAME and one.quantifier == "any"]
    kind, language = query.get("type"), query.get("lang")
    return Query(
        names=tuple(value for one in names for value in one.values),
        conditions=tuple(one for one in conditions if one not in names),
        types=() if kind is None else (_text(f"{place}.type", kind),),
        limit=_limit(place, query.get("limit")),
        language=None if language is None else _text(f"{place}.lang", language),
    )


def _new_condition(place: str, given: Mapping[str, Any]) -> Condition:
    by = given.get("matchType")
    names = {"name": NAME, "id": IDENTIFIER, "property": given.get("propertyId")}
    if not isinstance(by, str) or by not in names:
        raise _choice(f"{place}.matchType", by, names)
    quantifier = given.get("matchQuantifier", "any")
    if quantifier not in QUANTIFIERS:
        raise _choice(f"{place}.matchQuantifier", quantifier, QUANTIFIERS)
    return Condition(
        _text(f"{place}.propertyId", names[by]),
        _values(f"{place}.propertyValue", given.get("propertyValue")),
        quantifier,
        given.get("required") is True,
    )


def _many(
    place: str, given: object, read: Callable[[str, Mapping[str, Any]], Value]
) -> list[Value]:
    found = _list(place, [] if given is None else given)
    _count(place, len(found), CONDITIONS)
    return [
        read(f"{place}[{number}]", _object(f"{place}[{number}]", one))
        for number, one in enumerate(found)
    ]


def _values(place: str, given: object) -> tuple[str, ...]:
    several = given if isinstance(given, list) else [given]
    _count(place, len(several), VALUES)
    return tuple(_value(place, one) for one in several)


def _value(place: str, given: object) -> str:
    """Return a value as text; a thing that was matched before by its id."""
    if isinstance(given, dict):
        return _text(f"{place}.id", given.get("id"))
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return str(given) if isinstance(given, int | float) else _text(place, given)


def _limit(place: str, given: object) -> int:
    if given is None:
        return USUAL
    # Written so that NaN, which JSON lets through here, is refused as well.
    if isinstance(given, bool) or not isinstance(given, int | float) or not given >= 1:
        nl, en = "geef een heel getal vanaf 1", "give a whole number of 1 or more"
        raise wrong(f"{place}.limit", nl, en)
    return int(min(given, MOST))


def _json(place: str, text: str | bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        at = f" ({error})" if isinstance(error, json.JSONDecodeError) else ""
        raise wrong(place, f"dit is geen JSON{at}", f"this is not JSON{at}") from None


def _object(place: str, given: object) -> dict[str, Any]:
    if isinstance(given, dict):
        return given
    raise wrong(place, "geef een object, tussen { en }", "give an object, between { and }")


def _known(place: str, given: object, *fields: str) -> dict[str, Any]:
    """Return an object of these fields: of one that is ignored, its sender would hear nothing."""
    found = _object(place, given)
    for field in found:
        if field not in fields:
            raise _choice(place, field, fields)
    return found


def _list(place: str, given: object) -> list[Any]:
    if isinstance(given, list):
        return given
    raise wrong(place, "geef een lijst, tussen [ en ]", "give a list, between [ and ]")


def _text(place: str, given: object) -> str:
    if isinstance(given, str):
        return clean(given)
    raise wrong(place, "geef een tekst, tussen aanhalingstekens", "give a text, between quotes")


def _choice(
    place: str, given: object, choices: Mapping[str, object] | tuple[str, ...]
) -> RequestError:
    shown, offered = quoted(str(given)), ", ".join(choices)
    return wrong(
        place, f"{shown} kan niet; geef een van {offered}", f"{shown}; give one of {offered}"
    )


def _count(place: str, count: int, most: int) -> None:
    if count > most:
        nl, en = f"{count} is te veel; hoogstens {most}", f"{count} are too many; at most {most}"
        raise wrong(place, nl, en, 413)
