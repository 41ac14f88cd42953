"""What can be asked of a thing: the fields of its form, or what SKOS says of a concept."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal as Choice

from catalogue.live import Release, query
from catalogue.reconciling.entities import Directory, Kind
from catalogue.rows import Thing
from s4s_graph.forms import Field, Text
from s4s_graph.namespaces import STANDARD
from s4s_graph.store import Iri, Literal, StoreError, Term

MOST_VALUES = 200  # of one property of one thing; the queries know it too
_SKOS = STANDARD["skos"]
_ESCO = "http://data.europa.eu/esco/"
_STRING = f"{STANDARD['xsd']}string"
_SAME = (f"{_SKOS}exactMatch", f"{_SKOS}closeMatch")
_EITHER = frozenset((*_SAME, f"{_SKOS}relatedMatch", f"{_SKOS}related"))


@dataclass(frozen=True)
class Property:
    """A property by the name of its IRI with a prefix, and `@` with a language if it has one.

    way: which statements give its values: those of the thing, those that end in the thing, both
    (a symmetric property), or as `values` says. kind: the id of the kind of its values, if that
    is known.
    """

    id: str
    name: Text
    help: Text | None = None
    path: str = ""
    language: str | None = None
    way: Choice["from", "to", "both", "developers", "esco", "iri"] = "from"
    kind: str | None = None


IRI = Property("iri", Text("adres (IRI)", "address (IRI)"), way="iri")
ESCO = Property(
    "esco",
    Text("adres in ESCO", "address in ESCO"),
    Text("Van hetzelfde of bijna hetzelfde in ESCO.", "Of the same, or nearly the same, in ESCO."),
    way="esco",
)
DEVELOPERS = Property(
    "developedBy",
    Text("interventies die dit ontwikkelen", "interventions that develop it"),
    Text(
        "Ook die een skill van ons ontwikkelen die hetzelfde is.",
        "Also those that develop a skill of ours that is the same.",
    ),
    way="developers",
)
_OF_CONCEPTS = (
    ("prefLabel", "nl", Text("naam (nl)", "name (nl)")),
    ("prefLabel", "en", Text("naam (en)", "name (en)")),
    ("altLabel", "nl", Text("andere naam (nl)", "other name (nl)")),
    ("altLabel", "en", Text("andere naam (en)", "other name (en)")),
    ("definition", "nl", Text("definitie (nl)", "definition (nl)")),
    ("definition", "en", Text("definitie (en)", "definition (en)")),
    ("notation", None, Text("code", "code")),
    ("broader", None, Text("ruimer", "broader")),
    ("related", None, Text("verwant", "related")),
    ("exactMatch", None, Text("hetzelfde als", "same as")),
    ("closeMatch", None, Text("bijna hetzelfde als", "nearly the same as")),
    ("broadMatch", None, Text("ruimer, elders", "broader, elsewhere")),
    ("narrowMatch", None, Text("enger, elders", "narrower, elsewhere")),
    ("relatedMatch", None, Text("verwant, elders", "related, elsewhere")),
)
NARROWER = Property("skos:narrower", Text("enger", "narrower"), path=f"{_SKOS}broader", way="to")


def properties(release: Release, directory: Directory) -> dict[str, Property]:
    """Return every property that something can have, by id."""

    def read() -> dict[str, Property]:
        found: dict[str, Property] = {}
        for kind in directory.kinds.values():
            for one in of_kind(release, kind):
                found.setdefault(one.id, replace(one, kind=None) if kind.form else one)
        return found

    return release.computed.keep("reconcile properties", read)


def of_kind(release: Release, kind: Kind) -> Iterator[Property]:
    """Yield the properties that things of a kind can have."""
    skills = kind.form is None or kind.form.segment == "skill"
    if skills:
        yield from (DEVELOPERS, ESCO)
    if kind.form is None:
        for name, language, words in _OF_CONCEPTS:
            yield _property(release, f"{_SKOS}{name}", words, None, language)
    else:
        for field in kind.form.fields:
            if field.disclosure == "public" and field.constant is None:
                yield from _of_field(release, field)
    if kind.form is None or kind.form.scheme:
        yield NARROWER
    yield IRI


def values(release: Release, iri: str, asked: Property) -> list[Term]:
    """Return the values of a property of a thing, in one order, at most MOST_VALUES."""
    match asked.way:
        case "iri":
            found: list[Term] = [Iri(iri)]
        case "developers":
            rows = release.store.select(query("reconcile_developers"), Thing, skill=Iri(iri))
            found = [Iri(row.thing) for row in rows]
        case "esco":
            same = (one for path in _SAME for one in _both(release, iri, path))
            found = [one for one in (Iri(iri), *same) if one.value.startswith(_ESCO)]
        case "to":
            found = [Iri(thing) for thing in holding(release, asked.path, Iri(iri))]
        case "both":
            found = _both(release, iri, asked.path)
        case "from":
            stated = release.store.values(iri, (asked.path,))[asked.path]
            found = [one for one in stated if asked.language in (None, _language(one))]
    return sorted(set(found), key=lambda term: (isinstance(term, Iri), term.value))[:MOST_VALUES]


def holders(release: Release, asked: Property, value: str) -> list[str]:
    """Return the things of which a property has a value: an IRI or a text, letter for letter.

    Only for properties that statements give; of those that are computed, none.
    """
    if asked.way not in ("from", "to", "both"):
        return [value] if asked.way == "iri" else []
    found: list[str] = []
    if _is_iri(release, value):
        if asked.way != "from":
            stated = release.store.values(value, (asked.path,))[asked.path]
            found += [one.value for one in stated if isinstance(one, Iri)]
        if asked.way != "to":
            found += holding(release, asked.path, Iri(value))
    elif asked.way != "to":
        languages = (asked.language,) if asked.language else ("nl", "en")
        texts = [Literal(value, lang, "") for lang in languages]
        texts.append(Literal(value, None, _STRING))
        found += [thing for one in texts for thing in holding(release, asked.path, one)]
    return found


def holding(release: Release, path: str, value: Term) -> list[str]:
    """Return the things of which this very value is stated."""
    params = {"path": Iri(path), "value": value}
    rows = release.store.select(query("reconcile_holding"), Thing, **params)
    return [row.thing for row in rows]


def _both(release: Release, iri: str, path: str) -> list[Term]:
    found = [Iri(thing) for thing in holding(release, path, Iri(iri))]
    return [*release.store.values(iri, (path,))[path], *found]


def _is_iri(release: Release, text: str) -> bool:
    if not text.startswith(("http://", "https://")):
        return False
    try:
        release.store.values(text, ())
    except StoreError:
        return False
    return True


def _language(term: Term) -> str | None:
    return term.lang if isinstance(term, Literal) else None


def _of_field(release: Release, field: Field) -> Iterator[Property]:
    if field.kind == "text":
        for language in field.languages:
            name = Text(f"{field.name.nl} ({language})", f"{field.name.en} ({language})")
            yield _property(release, field.path, name, field.help, language)
        return
    found = _property(release, field.path, field.name, field.help, None, inverse=field.inverse)
    form = release.forms.by_segment(field.values[0]) if len(field.values) == 1 else None
    yield replace(found, kind=(form.class_iri or form.scheme) if form else None)


def _property(
    release: Release,
    path: str,
    name: Text,
    explanation: Text | None,
    language: str | None,
    *,
    inverse: bool = False,
) -> Property:
    short = release.name(path).text
    behind = f"@{language}" if language else ""
    way: Choice["from", "to", "both"] = "to" if inverse else "both" if path in _EITHER else "from"
    return Property(f"{'^' * inverse}{short}{behind}", name, explanation, path, language, way)
