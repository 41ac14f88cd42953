"""The answers to queries, suggestions and extensions, in the shapes of either version."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from math import isfinite
from typing import Any, TypeVar

from catalogue.reconciling.asked import MOST, Extension, Query, wrong
from catalogue.reconciling.entities import Kind
from catalogue.reconciling.matching import Candidate, Matcher
from catalogue.reconciling.properties import Property, of_kind, values
from catalogue.reconciling.service import Json, Service
from s4s_graph.answers import NUMBERS, XSD
from s4s_graph.forms import Text
from s4s_graph.questions import quoted
from s4s_graph.search.words import fold
from s4s_graph.store import Iri, Term
from s4s_graph.vocabularies.concepts import Concept

Choice = TypeVar("Choice", Kind, Property)

SUGGESTED = 10
ALSO = 50  # suggestions by likeness, behind those that begin with what is typed
FRACTIONS = {f"{XSD}{name}" for name in ("decimal", "double", "float")}
FEATURES = {
    "same_name": Text("Heet precies zo", "Is called just so"),
    "conditions": Text("Deel van de voorwaarden dat klopt", "Share of the conditions that hold"),
}


def matched(service: Service, queries: Iterable[Query]) -> Iterator[list[Json]]:
    """Yield the candidates of each query."""
    matcher = Matcher(service.release, service.directory, service.lang)
    for query in queries:
        yield [_candidate(service, one) for one in matcher.candidates(query)]


def _candidate(service: Service, candidate: Candidate) -> Json:
    found: dict[str, Any] = {"same_name": candidate.same}
    if candidate.met is not None:
        found["conditions"] = candidate.met
    return {
        "id": candidate.concept.iri,
        **service.name(candidate.concept),
        "description": service.described(candidate.concept),
        "type": service.kinds(candidate.concept),
        "score": round(candidate.score, 1),
        "match": candidate.match,
        "features": [
            {"id": id_, "name": service.say(FEATURES[id_]), "value": value}
            for id_, value in found.items()
        ],
    }


def suggest_entities(service: Service, prefix: str, skip: int, kind: str | None) -> Json:
    """Return things whose name begins so, or that are called nearly so; or the one of an IRI."""
    fit = (one for one in _entities(service, prefix) if kind is None or kind in one.types)
    return {
        "result": [
            {
                "id": one.iri,
                **service.name(one),
                "description": service.described(one),
                "notable": service.kinds(one),
            }
            for one in islice(fit, skip, skip + SUGGESTED)
        ]
    }


def _entities(service: Service, prefix: str) -> Iterator[Concept]:
    directory, text = service.directory, prefix.strip()
    seen = set()
    if known := directory.concepts.get(text):
        yield known
    elif text:
        for concept in directory.starting(text):
            seen.add(concept.iri)
            yield concept
        for found in directory.find(text, service.lang, None, ALSO):
            if found.concept.iri not in seen:
                yield found.concept


def suggest_kinds(service: Service, prefix: str, skip: int) -> Json:
    """Return the kinds with a name or an id that has these letters; all of them without any."""
    kinds = service.directory.kinds.values()
    return {"result": _suggested(prefix, skip, kinds, service.kind)}


def suggest_properties(service: Service, prefix: str, skip: int) -> Json:
    """Return the properties with a name or an id that has these letters; all without any."""
    found = service.properties.values()
    return {"result": _suggested(prefix, skip, found, service.property)}


def _suggested(
    prefix: str, skip: int, found: Iterable[Choice], written: Callable[[Choice], Json]
) -> list[Json]:
    text = fold(prefix.strip())
    fit = [one for one in found if any(text in fold(name) for name in _called(one))]
    # What begins so comes first; the sort keeps the order of the rest.
    fit.sort(key=lambda one: not any(fold(name).startswith(text) for name in _called(one)))
    return [written(one) for one in islice(fit, skip, skip + MOST)]


def _called(one: Kind | Property) -> tuple[str, str, str]:
    return one.name.nl, one.name.en, one.id


def propose(service: Service, kind: str, limit: int | None) -> Json:
    """Return the properties that things of a kind have; of a kind that there is not, all."""
    known = service.directory.kinds.get(kind)
    found = of_kind(service.release, known) if known else service.properties.values()
    proposed = [service.property(one) for one in islice(found, limit)]
    asked = {"limit": limit} if limit is not None else {}
    return {"properties": proposed, "type": kind, **asked}


def extend(service: Service, asked: Extension) -> Json:
    """Return the values of properties of things. Raises RequestError for an unknown property."""
    columns = []
    for id_, settings in asked.properties:
        if not (known := service.properties.get(id_)):
            nl = f"er is geen eigenschap {quoted(id_)}; /suggest/property noemt ze"
            en = f"there is no property {quoted(id_)}; /suggest/property lists them"
            raise wrong("properties", nl, en)
        columns.append((known, _most(settings.get("limit")), settings.get("content") == "id"))
    rows = {
        iri: {one.id: _cells(service, iri, one, most, ids) for one, most, ids in columns}
        for iri in asked.ids
    }
    meta = [_meta(service, one) for one, _, _ in columns]
    if not service.draft:
        return {"meta": meta, "rows": rows}
    listed = [
        {"id": iri, "properties": [{"id": id_, "values": cells} for id_, cells in row.items()]}
        for iri, row in rows.items()
    ]
    return {"meta": meta, "rows": listed}


def _most(given: object) -> int | None:
    """Return how many values are wanted, at the most; clients send it as text too, 0 for all."""
    with suppress(ValueError):
        number = int(given) if isinstance(given, str | int) else 0
        return number if number > 0 else None
    return None


def _meta(service: Service, one: Property) -> Json:
    kind = service.directory.kinds.get(one.kind or "")
    found = {"type": {"id": kind.id, "name": service.say(kind.name)}} if kind else {}
    return {"id": one.id, "name": service.say(one.name), **found}


def _cells(
    service: Service,
    iri: str,
    one: Property,
    most: int | None,
    ids: bool,
) -> list[Json]:
    if iri not in service.directory.concepts:
        return []
    found = values(service.release, iri, one)[:most]
    return [_cell(service, term, ids or one.way in ("iri", "esco")) for term in found]


def _cell(service: Service, term: Term, ids: bool) -> Json:
    """Return a value: a thing that can be matched, a number or a text."""
    if isinstance(term, Iri):
        known = service.directory.concepts.get(term.value)
        return (
            {"id": term.value, **service.name(known)} if known and not ids else {"str": term.value}
        )
    if term.datatype in NUMBERS:
        with suppress(ValueError):
            number = float(term.value)
            if number.is_integer() and term.datatype not in FRACTIONS:
                return {"int": int(term.value)}
            if isfinite(number):  # JSON has no other
                return {"float": number}
    spoken = {"lang": term.lang} if service.draft and term.lang else {}
    return {"str": term.value, **spoken}
