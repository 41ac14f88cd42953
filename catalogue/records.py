"""Things as their forms describe them: read from the store, and written as JSON and CSV."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby

from catalogue.live import IN_SCHEME, RDF_TYPE, Release, member, query
from catalogue.rows import Fact, Record, Source, ThingFact
from s4s_graph.answers import json_value
from s4s_graph.forms import Field, Form
from s4s_graph.store import Iri, Label, Literal, Term


def read(release: Release, form: Form, slug: str) -> Record | None:
    """Return a thing, or None when the release has no such thing of this kind."""
    iri = release.iri(form.segment, slug)
    facts = release.store.select(query("item_outgoing"), Fact, thing=Iri(iri))
    constants = member(form)
    if Fact(constants["member"].value, constants["kind"]) not in facts:
        return None
    return _record(release, form, iri, facts)


def read_some(release: Release, form: Form, slug: str, ids: Collection[str]) -> Record:
    """Return a thing that there is, with the values of these fields only: a list needs no more."""
    iri = release.iri(form.segment, slug)
    wanted = [field for field in form.fields if field.id in ids and field.constant is None]
    paths = {field.path for field in wanted if not field.inverse}
    facts = [
        Fact(path, value)
        for path, values in release.store.values(iri, paths).items()
        for value in values
    ]
    values: dict[str, tuple[Term, ...]] = {field.id: () for field in form.fields}
    values |= {field.id: _values(release, field, iri, facts) for field in wanted}
    return Record(form, iri, slug, values, ())


def read_all(release: Release, form: Form) -> Iterator[Record]:
    """Yield every thing of a kind, sorted by name, from one query."""
    facts = release.store.select(query("list"), ThingFact, **member(form))
    facts.sort(key=lambda fact: fact.thing)
    for iri, group in groupby(facts, lambda fact: fact.thing):
        if release.place(iri):
            yield _record(release, form, iri, [Fact(fact.property, fact.value) for fact in group])


def read_about(release: Release, text: str, **params: Term | str) -> Iterator[Record]:
    """Yield the things that a query of (thing, property, value) answers, of whatever kind."""
    facts = release.store.select(text, ThingFact, **params)
    facts.sort(key=lambda fact: fact.thing)
    for iri, group in groupby(facts, lambda fact: fact.thing):
        if place := release.place(iri):
            values = [Fact(fact.property, fact.value) for fact in group]
            yield _record(release, place[0], iri, values)


def _record(release: Release, form: Form, iri: str, facts: list[Fact]) -> Record:
    values = {field.id: _values(release, field, iri, facts) for field in form.fields}
    covered = {field.path for field in form.fields if not field.inverse} | {RDF_TYPE, IN_SCHEME}
    rest = tuple(fact for fact in facts if fact.property not in covered)
    return Record(form, iri, iri.rpartition("/")[2], values, rest)


def _values(release: Release, field: Field, iri: str, facts: list[Fact]) -> tuple[Term, ...]:
    if field.constant is not None:
        return ()
    if field.inverse:
        params = {"thing": Iri(iri), "property": Iri(field.path)}
        rows = release.store.select(query("item_incoming"), Source, **params)
        return tuple(Iri(row.source) for row in rows)
    values = (fact.value for fact in facts if fact.property == field.path)
    return tuple(sorted(values, key=_order))


def _order(term: Term) -> tuple[str, str]:
    return (term.value, term.lang or "") if isinstance(term, Literal) else (term.value, "")


def choice(record: Record, field: str) -> str | None:
    """Return the slug of the one concept that a field names, such as a data status."""
    values = record.values.get(field, ())
    return values[0].value.rpartition("/")[2] if values else None


def iris(records: Iterable[Record]) -> set[str]:
    """Return every thing that records mention as a value, for one query of their labels."""
    values = (term for record in records for terms in record.values.values() for term in terms)
    return {term.value for term in values if isinstance(term, Iri)}


def as_json(record: Record, labels: Mapping[str, Label]) -> dict[str, object]:
    """Return a thing as JSON: its id, uri, label and type, and its fields by their ids.

    A text is an object with a key for each language, a thing an object with its uri and label. A
    field is one value if it can have no more than one, else a list; it is absent if it has none.
    """
    label = labels.get(record.iri)
    fields = {
        field.id: _json_field(field, record.values[field.id], labels)
        for field in record.form.fields
        if record.values[field.id]
    }
    return {
        "id": record.slug,
        "uri": record.iri,
        "label": label.text if label else record.slug,
        "type": record.form.segment,
        "fields": fields,
    }


def _json_field(field: Field, terms: tuple[Term, ...], labels: Mapping[str, Label]) -> object:
    if field.kind == "text":
        by_lang: dict[str, list[str]] = {}
        for term in terms:
            by_lang.setdefault(_language(term) or "", []).append(term.value)
        return {k: v[0] for k, v in by_lang.items()} if field.unique_language else by_lang
    values = [json_value(term, labels) for term in terms]
    return values[0] if field.maximum == 1 and len(values) == 1 else values


def csv_rows(record: Record, labels: Mapping[str, Label]) -> Iterator[tuple[str, str, str]]:
    """Yield (column of the table, value, label of the value) for each value of a thing."""
    yield "uri", record.iri, labels[record.iri].text if record.iri in labels else ""
    for field in record.form.fields:
        for term in record.values[field.id]:
            lang = _language(term)
            column = f"{field.id}_{lang}" if lang else field.id
            label = labels.get(term.value) if isinstance(term, Iri) else None
            yield column, term.value, label.text if label else ""


def csv_row(release: Release, record: Record) -> tuple[str, ...]:
    """Return a thing as a row of its table, in the columns and the notation that a build reads."""
    cells = [record.slug]
    for field in record.form.fields:
        terms = record.values[field.id]
        for column in field.columns():
            lang = column.rpartition("_")[2] if field.kind == "text" else None
            chosen = [term for term in terms if lang is None or _language(term) == lang]
            cells.append(";".join(_cell(release, field, term) for term in chosen))
    return tuple(cells)


def _cell(release: Release, field: Field, term: Term) -> str:
    place = release.place(term.value) if isinstance(term, Iri) else None
    if not place:
        return term.value
    form, slug = place
    return slug if field.values == (form.segment,) else f"{form.segment}/{slug}"


def _language(term: Term) -> str | None:
    return term.lang if isinstance(term, Literal) else None
