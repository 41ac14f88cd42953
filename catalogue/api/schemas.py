"""The parts that the description of the API is made of: its schemas and its parameters."""

from typing import Any

from catalogue.live import Release
from catalogue.sparql import answer_files
from catalogue.sparql.gallery import LEVELS
from s4s_graph.forms import Text
from s4s_graph.questions import ANY, PLAIN_TYPES, SLUG, VIEWS, Param, Question

Json = dict[str, Any]

CHOICES = 300  # ids of one kind that a description can still list
TEXT: Json = {"type": "string"}
WORDS: Json = {
    "type": "object",
    "properties": {"nl": TEXT, "en": TEXT},
    "required": ["nl", "en"],
}
LANG = Text("Taal van koppen, namen en uitleg", "Language of headings, names and explanation")
FORMAT = Text(
    "Formaat; zonder deze parameter beslist de header Accept",
    "Format; without this parameter the header Accept decides",
)
LEVEL = Text("Alleen vragen van dit niveau", "Only questions of this level")
SEARCH = Text("Alleen wat al deze woorden bevat", "Only what holds all of these words")
THING = Text("De id, het laatste deel van het adres", "The id, the last part of the address")
OPEN = Text("Met any, of weggelaten: over alle", "With any, or left out: about all")
LIMITED = Text(
    "Of de vraag bij dit aantal rijen ophield; dan kunnen er meer zijn",
    "Whether the question stopped at this number of rows; then there may be more",
)
INVENTED = Text(
    "Of iets in deze rij een verzonnen voorbeeld is", "Whether something in this row was invented"
)
RELEASE = Text("De uitgave van de gegevens", "The release of the data")
VERSION = Text("De volledige versie van de API", "The full version of the API")
ETAG = Text("Verandert als het antwoord verandert", "Changes when the answer does")


def reference(part: str, name: str) -> Json:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{part}/{name}"}


def upper(name: str) -> str:
    """Return a name in UpperCamelCase: what-is-real is WhatIsReal."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("-"))


def parameters(lang: str) -> Json:
    """Return the parameters that several addresses have."""
    langs: Json = {"type": "string", "enum": ["nl", "en"], "default": "nl"}
    formats: Json = {"type": "string", "enum": list(answer_files.SUFFIXES)}
    levels: Json = {"type": "string", "enum": list(LEVELS)}
    return {
        "Lang": _query("lang", langs, LANG.of(lang), "en"),
        "Format": _query("format", formats, FORMAT.of(lang), "csv"),
        "Level": _query("level", levels, LEVEL.of(lang), "macro"),
        "Q": _query("q", TEXT, SEARCH.of(lang), "skill"),
    }


def parameter(param: Param, lang: str) -> Json:
    """Return a parameter of one question."""
    if plain := PLAIN_TYPES.get(param.type):
        schema = _plain(param)
        return _query(param.key, schema, plain.expected.of(lang), required=param.default is None)
    schema = reference("schemas", f"{upper(param.type)}Id")
    said = THING.of(lang)
    if param.default == ANY:
        schema = {"anyOf": [{"const": ANY}, schema], "default": ANY}
        said = f"{said}. {OPEN.of(lang)}"
    elif param.default:
        schema["default"] = param.default
    return _query(param.key, schema, said, required=param.default is None)


def headers(lang: str) -> Json:
    """Return the headers that answers have."""
    return {
        "ApiVersion": {"description": VERSION.of(lang), "required": True, "schema": TEXT},
        "Etag": {"description": ETAG.of(lang), "schema": TEXT},
    }


def schemas(release: Release, lang: str) -> Json:
    """Return every schema; of each question its answer, and the rows of that."""
    questions = release.questions.values()
    found: Json = {
        "Problem": _problem(),
        "Thing": _object({"uri": {**TEXT, "format": "uri"}, "label": TEXT}, "uri"),
        "Value": {
            "anyOf": [
                reference("schemas", "Thing"),
                {"type": ["string", "number", "boolean", "null"]},
            ]
        },
        "Question": _question(),
        "QuestionList": _list("questions", "Question"),
        "Term": _term(),
        "TermList": _list(
            "terms", "Term", prefixes={"type": "object", "additionalProperties": TEXT}
        ),
        "Description": {"type": "object", "required": ["openapi", "info", "paths"]},
    }
    kinds = {param.type for question in questions for param in question.params}
    for kind in sorted(kinds - PLAIN_TYPES.keys()):
        found[f"{upper(kind)}Id"] = _id(release, kind)
    for question in questions:
        name = upper(question.name)
        found[f"{name}Row"] = _row(question, lang)
        found[f"{name}Answer"] = _answer(question, lang)
    return found


def _query(name: str, schema: Json, said: str, example: str | None = None, **more: bool) -> Json:
    parameter = {"name": name, "in": "query", "description": said, "schema": schema, **more}
    return parameter | ({"example": example} if example else {})


def _plain(param: Param) -> Json:
    number = param.type == "integer"
    limits: Json = {"minimum": -(10**9) + 1, "maximum": 10**9 - 1}
    pattern: Json = {"pattern": f"^{PLAIN_TYPES[param.type].pattern.pattern}$"}
    schema: Json = {"type": "integer", **limits} if number else {"type": "string", **pattern}
    if param.default is not None:
        schema["default"] = int(param.default) if number else param.default
    return schema


def _id(release: Release, kind: str) -> Json:
    form = release.forms.by_segment(kind)
    number = len(release.search.ranges.get(form.table, ())) if form else 0
    if not form or not 0 < number <= CHOICES:
        return {**TEXT, "pattern": f"^{SLUG.pattern}$"}
    entries = release.index(form, "nl")
    return {**TEXT, "enum": [entry.iri.rpartition("/")[2] for entry in entries]}


def _row(question: Question, lang: str) -> Json:
    value = reference("schemas", "Value")
    columns = {name: {**value, "title": text.of(lang)} for name, text in question.columns.items()}
    invented = {"type": "boolean", "description": INVENTED.of(lang)}
    return _object({**columns, "illustrative": invented}, *columns, "illustrative")


def _answer(question: Question, lang: str) -> Json:
    words: Json = {"type": "object", "additionalProperties": TEXT}
    parts: Json = {
        "question": {"const": question.name},
        "title": TEXT,
        "lang": {**TEXT, "enum": ["nl", "en"]},
        "release": {**TEXT, "description": RELEASE.of(lang)},
        "parameters": words,
        "count": {"type": "integer", "minimum": 0},
        "limited": {"type": "boolean", "description": LIMITED.of(lang)},
        "columns": words,
        "rows": {"type": "array", "items": reference("schemas", f"{upper(question.name)}Row")},
    }
    return _object(parts, *parts)


def _question() -> Json:
    parameter = _object(
        {
            "name": TEXT,
            "type": TEXT,
            "required": {"type": "boolean"},
            "default": {"type": ["string", "null"]},
        },
        "name", "type", "required", "default",
    )  # fmt: skip
    parts: Json = {
        "name": TEXT,
        "title": WORDS,
        "why": WORDS,
        "summary": TEXT,
        "tags": {"type": "array", "items": TEXT},
        "view": {**TEXT, "enum": list(VIEWS)},
        "parameters": {"type": "array", "items": parameter},
        "columns": {"type": "object", "additionalProperties": WORDS},
        "links": _object(
            {"answer": TEXT, "page": WORDS, "sparql": TEXT}, "answer", "page", "sparql"
        ),
    }
    return _object(parts, *parts)


def _term() -> Json:
    kinds: Json = {**TEXT, "enum": ["class", "property", "concept"]}
    parts: Json = {"name": TEXT, "iri": TEXT, "nl": TEXT, "en": TEXT, "kind": kinds}
    return _object(parts, *parts)


def _problem() -> Json:
    parts: Json = {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "instance": TEXT,
        "parameter": TEXT,
        "nearest": TEXT,
    }
    return _object(parts, "type", "title", "status", "detail")


def _list(name: str, item: str, **more: Json) -> Json:
    items: Json = {"type": "array", "items": reference("schemas", item)}
    return _object({name: items, **more}, name, *more)


def _object(properties: Json, *required: str) -> Json:
    return {"type": "object", "properties": properties, "required": list(required)}
