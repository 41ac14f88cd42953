"""The mappings of a release as a set of SSSOM, those that stand in tables included."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from s4s_graph.mappings.sets import ACCEPTED, DERIVED, MANUAL, Mapping, MappingSet, mapping
from s4s_graph.mappings.slots import OF_MAPPING, Slot
from s4s_graph.namespaces import STANDARD
from s4s_graph.store import Iri, Store, Term

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
TITLES = {ACCEPTED: "Accepted mappings", DERIVED: "Mappings that follow from others"}
_QUERIES = Path(__file__).parent / "queries"
_SLOTS = {slot.path: slot for slot in OF_MAPPING.values()}
_DERIVED_FROM = f"{STANDARD['prov']}wasDerivedFrom"
_NEEDED = ("subject_id", "predicate_id", "object_id", "mapping_justification")


@dataclass(frozen=True)
class _Fact:
    mapping: Iri
    property: Iri
    value: Term


@dataclass(frozen=True)
class _ShortCut:
    subject: Iri
    predicate: Iri
    object: Iri
    status: Iri


@dataclass(frozen=True)
class Derived:
    """A derived mapping, and the statements it rests on as their subject, predicate, object."""

    mapping: Mapping
    steps: tuple[tuple[str, str, str], ...]


def accepted(store: Store, base: str, lang: str, vocabulary: str = "") -> MappingSet:
    """Return what holds: what people or publishers say, and the matches in our tables.

    vocabulary: only mappings with a concept whose address has this in it. What was invented says
    so in the slot `other`.
    """
    marked = f"{base}id/data-status/illustrative"
    found = [one for one, _ in _nodes(store, base, ACCEPTED)]
    for row in store.select(_query("short_cuts"), _ShortCut):
        if row.subject.value.startswith(f"{base}id/"):
            found.append(
                mapping(
                    subject_id=row.subject.value,
                    predicate_id=row.predicate.value,
                    object_id=row.object.value,
                    mapping_justification=MANUAL,
                    other="dataStatus=illustrative" if row.status.value == marked else None,
                )
            )
    return _set(ACCEPTED, found, store, base, lang, vocabulary)


def derived(store: Store, base: str, lang: str, vocabulary: str = "") -> MappingSet:
    """Return what follows from other mappings; the arguments are those of `accepted`."""
    found = [one for one, _ in _nodes(store, base, DERIVED)]
    return _set(DERIVED, found, store, base, lang, vocabulary)


def derivations(store: Store, base: str) -> list[Derived]:
    """Return the derived mappings with what each rests on, in the order of their concepts."""
    ends = [OF_MAPPING[slot].path for slot in _NEEDED[:3]]
    found = []
    for one, sources in _nodes(store, base, DERIVED):
        steps = []
        for source in sources:
            said = store.values(source, ends)
            subject, predicate, value = (said[end][0].value for end in ends)
            steps.append((subject, predicate, value))
        found.append(Derived(one, tuple(sorted(steps))))
    return sorted(found, key=lambda each: each.mapping.pair)


def _nodes(store: Store, base: str, status: str) -> Iterator[tuple[Mapping, list[str]]]:
    """Yield the mappings of a status with the nodes they were derived from."""
    said: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fact in store.select(_query("slots"), _Fact):
        said[fact.mapping.value][fact.property.value].append(fact.value.value)
    wanted, marked = f"{base}id/mapping-status/{status}", f"{base}id/data-status/illustrative"
    for facts in said.values():
        if wanted not in facts[f"{base}def#mappingStatus"]:
            continue
        slots = {_SLOTS[p].name: _texts(v, _SLOTS[p]) for p, v in facts.items() if p in _SLOTS}
        if all(slots.get(slot) for slot in _NEEDED):
            one = mapping(**slots)
            if marked in facts[f"{base}def#dataStatus"]:
                one = one.with_slots(other="dataStatus=illustrative")
            yield one, facts[_DERIVED_FROM]


def _set(
    name: str, found: list[Mapping], store: Store, base: str, lang: str, vocabulary: str
) -> MappingSet:
    kept = [one for one in found if any(vocabulary.lower() in end.lower() for end in one.pair)]
    # Our prefixes have hyphens, which sssom-py does not take for part of a prefix.
    prefixes = {name.replace("-", "_"): iri for name, iri in store.prefixes.items()}
    labels = store.labels({end for one in kept for end in one.pair}, lang)
    return MappingSet(
        name,
        {
            "mapping_set_id": (f"{base}graph/mappings/{name}",),
            "mapping_set_title": (TITLES[name],),
            "license": (LICENSE,),
        },
        prefixes,
        tuple(_labelled(one, {k: v.text for k, v in labels.items()}) for one in kept),
    )


def _labelled(one: Mapping, labels: dict[str, str]) -> Mapping:
    """Give a mapping the names of its concepts where it has none."""
    for end, slot in ((one.subject, "subject_label"), (one.object, "object_label")):
        if slot not in one.slots and end in labels:
            one = one.with_slots(**{slot: labels[end]})
    return replace(one, line=0)


def _texts(values: list[str], slot: Slot) -> tuple[str, ...]:
    """Return values as SSSOM has them, which are words where RDF has an address."""
    words = {meaning: word for word, meaning in slot.choices.items() if meaning}
    return tuple(sorted(words.get(value, value) for value in values))


@cache
def _query(name: str) -> str:
    return (_QUERIES / f"{name}.rq").read_text(encoding="utf-8")
