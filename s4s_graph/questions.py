"""The stored questions: one query file each, with a header that says what it asks and how."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from s4s_graph import namespaces
from s4s_graph.forms import Forms, Text
from s4s_graph.store import Iri, Literal, Term

ANY = "any"
VIEWS = ("table", "bar", "matrix", "network")
REQUIRED = ("summary", "title", "why", "tags", "columns", "view")
SLUG = re.compile(r"[a-z0-9]+(?:-{1,2}[a-z0-9]+)*")
XSD = "http://www.w3.org/2001/XMLSchema#"
_NOUNS: dict[type, str] = {dict: "a mapping", list: "a list", str: "a text"}
_QUOTED = 60  # characters of a wrong value in a sentence about it


class QuestionError(ValueError):
    """A question file that is wrong, or (ValueRefusedError) a value to ask with."""


class ValueRefusedError(QuestionError):
    """A question cannot be asked so: with which parameter, and a sentence for who asked.

    `nearest` is the value most like the one given with which it can, if there is one like it.
    """

    def __init__(self, param: str, sentence: Text, nearest: str | None = None) -> None:
        super().__init__(sentence.en)
        self.param = param
        self.sentence = sentence
        self.nearest = nearest


@dataclass(frozen=True)
class PlainType:
    """A type that is not a kind of thing: what a value looks like, its datatype, and in words."""

    pattern: re.Pattern[str]
    datatype: str
    expected: Text


PLAIN_TYPES = {
    "lang": PlainType(re.compile("nl|en"), f"{XSD}string", Text("nl of en", "nl or en")),
    "integer": PlainType(
        re.compile("-?[0-9]{1,9}"),
        f"{XSD}integer",
        Text("een geheel getal van hoogstens 9 cijfers", "a whole number of at most 9 digits"),
    ),
    "year": PlainType(
        re.compile("[0-9]{4}"),
        f"{XSD}gYear",
        Text("een jaar van vier cijfers", "a year of four digits"),
    ),
}


@dataclass(frozen=True)
class Param:
    """What a question can be asked about: a language, a number, a year, or a kind of thing.

    Without a default it must be given; with the default "any" it may stay open.
    """

    name: str
    type: str
    default: str | None

    @property
    def key(self) -> str:
        """Its name for who asks, in an address: the variable in lowerCamelCase, atLeast."""
        first, *others = self.name.split("_")
        return first + "".join(map(str.capitalize, others))

    def term(self, value: str, base: str) -> Term:
        """Return the term that a value stands for. Raises ValueRefusedError for any other text."""
        if plain := PLAIN_TYPES.get(self.type):
            if not plain.pattern.fullmatch(value):
                raise self.refused(value, plain.expected)
            return Literal(value, None, plain.datatype)
        if value == ANY == self.default:
            return Iri(f"{base}def#any")
        if not SLUG.fullmatch(value):
            raise self.refused(
                value,
                Text(
                    f"een id van de soort {self.type}: kleine letters, cijfers en enkele "
                    "streepjes, zoals aan het eind van een adres",
                    f"the id of a {self.type}: small letters, digits and single hyphens, "
                    "as at the end of its address",
                ),
            )
        return Iri(f"{base}id/{self.type}/{value}")

    def named(self, values: Mapping[str, str]) -> str | None:
        """Return its value among those given, by either name."""
        return values.get(self.key, values.get(self.name))

    def refused(self, value: str, instead: Text, nearest: str | None = None) -> ValueRefusedError:
        """Return the error for a value that will not do; `instead` is what would."""
        shown = quoted(value)
        return ValueRefusedError(
            self.key,
            Text(
                f"{self.key} is {shown}; geef {instead.nl}",
                f"{self.key} is {shown}; give {instead.en}",
            ),
            nearest,
        )


@dataclass(frozen=True)
class Question:
    """One question: the words of its header, and the query without PREFIX lines."""

    name: str
    summary: str
    title: Text
    why: Text
    tags: tuple[str, ...]
    params: tuple[Param, ...]
    columns: dict[str, Text]
    view: str
    text: str

    def bind(self, values: Mapping[str, str], lang: str, base: str) -> dict[str, Term]:
        """Return the term of each parameter, from the values given and the defaults.

        Raises ValueRefusedError when a value is unknown, missing or not of its type. A parameter
        of type lang takes the language asked in.
        """
        settable = {param.key: param for param in self.params if param.type != "lang"}
        for name in values:
            if name not in settable and name not in {param.name for param in settable.values()}:
                raise self._unknown(name, settable)
        bound = {}
        for param in self.params:
            named = param.named(values)
            value = lang if param.type == "lang" else param.default if named is None else named
            if value is None:
                nl = f"{self.name} vraagt naar één {param.type}: geef {param.key}"
                en = f"{self.name} asks about one {param.type}: give {param.key}"
                raise ValueRefusedError(param.key, Text(nl, en))
            bound[param.name] = param.term(value, base)
        return bound

    def _unknown(self, name: str, known: Iterable[str]) -> ValueRefusedError:
        names = ", ".join(known)
        nl = f"{self.name} heeft geen parameter {quoted(name)}; wel {names or 'geen enkele'}"
        en = f"{self.name} has no parameter {quoted(name)}; it has {names or 'none'}"
        return ValueRefusedError(name, Text(nl, en))


def quoted(value: str) -> str:
    """Return what somebody gave as a sentence can quote it: not too long, and all of it visible.

    It may end up on a terminal or in a log, where no character of it may act.
    """
    shown = value if len(value) <= _QUOTED else f"{value[:_QUOTED]}…"
    return "'" + "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown) + "'"


def load(folder: Path, forms: Forms) -> dict[str, Question]:
    """Read every question file of a folder, by name.

    Raises QuestionError, with the file and the reason, for the first one that is not in order.
    """
    prefixes = namespaces.prefixes(namespaces.BASE, [form.segment for form in forms.forms])
    questions = {}
    for path in sorted(folder.glob("*.rq")):
        try:
            questions[path.stem] = _read(path, forms, prefixes)
        except (QuestionError, yaml.YAMLError, SyntaxError, RuntimeError) as error:
            raise QuestionError(f"{path.name}: {error}") from error
    return questions


def _read(path: Path, forms: Forms, prefixes: dict[str, str]) -> Question:
    header, text = split(path.read_text(encoding="utf-8"))
    if not SLUG.fullmatch(path.stem):
        raise QuestionError("the file name must be small letters, digits and hyphens")
    _require(header, dict, "the header", f"with {', '.join(REQUIRED)}")
    if unknown := sorted(map(str, header.keys() - {*REQUIRED, "params"})):
        raise QuestionError(f"the header has unknown keys: {', '.join(unknown)}")
    if missing := [key for key in REQUIRED if key not in header]:
        raise QuestionError(f"the header lacks {', '.join(missing)}")
    if header["view"] not in VIEWS:
        raise QuestionError(f"view is {header['view']!r}; use one of {', '.join(VIEWS)}")
    columns = _require(header["columns"], dict, "columns", "of variables and their headings")
    tags = _require(header["tags"], list, "tags", "of words")
    params = _require(header.get("params", {}), dict, "params", "of variables and their types")
    question = Question(
        name=path.stem,
        summary=_require(header["summary"], str, "summary", "of one sentence"),
        title=_words(header["title"], "title"),
        why=_words(header["why"], "why"),
        tags=tuple(_require(tag, str, "a tag", "of one word") for tag in tags),
        params=tuple(_param(name, given, forms) for name, given in params.items()),
        columns={str(name): _words(heading, f"column {name}") for name, heading in columns.items()},
        view=header["view"],
        text=text.lstrip("\n"),
    )
    _try(question, text, prefixes)
    return question


def split(content: str) -> tuple[Any, str]:
    """Return the header, and the query with an empty line for each line of the header."""
    lines = content.splitlines()
    count = next((i for i, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    header = "\n".join(line[3:] for line in lines[:count])
    return yaml.safe_load(header), "\n" * count + "\n".join(lines[count:]) + "\n"


def _require(value: Any, kind: type, what: str, content: str) -> Any:
    if not isinstance(value, kind) or (not value and what != "params"):
        raise QuestionError(f"{what} must be {_NOUNS[kind]} {content}")
    return value


def _words(value: Any, what: str) -> Text:
    if not isinstance(value, dict) or value.keys() != {"nl", "en"}:
        raise QuestionError(f"{what} must have nl and en, and nothing else")
    nl, en = (_require(value[lang], str, f"{what}, {lang},", "of words") for lang in ("nl", "en"))
    return Text(nl, en)


def _param(name: Any, given: Any, forms: Forms) -> Param:
    if not isinstance(given, dict) or not {"type"} <= given.keys() <= {"type", "default"}:
        raise QuestionError(f"parameter {name} must have a type, perhaps a default, and no more")
    kind = given["type"]
    if kind not in PLAIN_TYPES and forms.by_segment(kind) is None:
        known = ", ".join((*PLAIN_TYPES, "or a kind of thing as in its address"))
        raise QuestionError(f"parameter {name} has the type {kind!r}; use one of {known}")
    default = None if given.get("default") is None else str(given["default"])
    param = Param(str(name), str(kind), default)
    if default is not None:
        param.term(default, namespaces.BASE)
    return param


def _try(question: Question, text: str, prefixes: dict[str, str]) -> None:
    """Ask an empty store: what is not SPARQL, or lacks a variable, must not wait for a reader."""
    result = ox.Store().query(text, prefixes=prefixes)
    if not isinstance(result, ox.QuerySolutions):
        raise QuestionError("only SELECT queries have rows")
    selected = {variable.value for variable in result.variables}
    params = {param.name for param in question.params}
    for what, names in (("parameters", params), ("columns", question.columns.keys())):
        if missing := sorted(names - selected):
            raise QuestionError(f"{what} that are not selected: {', '.join(missing)}")
