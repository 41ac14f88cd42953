"""A selection of mappings taken along: as SSSOM, as a table, as JSON."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from catalogue import formats
from catalogue.live import Release, query
from catalogue.mapping.mappings import Mapped
from catalogue.page import Page
from catalogue.rows import ThingFact
from s4s_graph import dataset
from s4s_graph.mappings import sets, write
from s4s_graph.mappings.sets import Extension, MappingSet
from s4s_graph.mappings.slots import OF_MAPPING, Slot

STATUS = "mapping_status"  # SSSOM has no word for whether a person accepted it
COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    STATUS,
    "confidence",
    "mapping_justification",
    "author_id",
    "mapping_date",
    "comment",
    "mapping_source",
)
_SLOTS = {slot.path: slot for slot in OF_MAPPING.values()}
_LICENCE = "http://purl.org/dc/terms/license"

Slots = dict[str, tuple[str, ...]]


def sssom(page: Page, found: Sequence[Mapped]) -> bytes:
    """Write them as SSSOM/TSV; the column mapping_status tells candidates from mappings."""
    base = page.release.base
    address = f"{base}graph/mappings" + (f"?{page.request.url.query}" if found else "")
    chosen = MappingSet(
        name="selection",
        metadata={
            "mapping_set_id": (address.removesuffix("?"),),
            "mapping_set_title": (dataset.TITLE.of(page.lang),),
            "license": (dataset.LICENCE,),
        },
        mappings=tuple(sets.mapping(**slots) for slots in _slots(page, found)),
        extensions=(Extension(STATUS, f"{base}def#mappingStatus"),),
    )
    return write.text(chosen, base).encode()


def csv(page: Page, found: Sequence[Mapped]) -> bytes:
    """Write them with full addresses, several values parted by ;."""
    rows = _slots(page, found)
    return formats.write_csv(
        COLUMNS, ([";".join(row.get(name, ())) for name in COLUMNS] for row in rows)
    )


def json(page: Page, found: Sequence[Mapped]) -> bytes:
    """Write them with full addresses, by the names of SSSOM; a slot of several values is a list."""
    return formats.write_json(
        {"count": len(found), "mappings": [_object(row) for row in _slots(page, found)]}
    )


FILES: Mapping[str, tuple[str, Callable[[Page, Sequence[Mapped]], bytes]]] = {
    "sssom.tsv": ("text/tab-separated-values", sssom),
    "csv": (formats.CSV, csv),
    "json": (formats.JSON, json),
}


def _object(slots: Slots) -> dict[str, object]:
    return {name: _json(values, OF_MAPPING.get(name)) for name, values in slots.items()}


def _json(values: tuple[str, ...], slot: Slot | None) -> object:
    if slot and slot.many:
        return list(values)
    return float(values[0]) if slot and slot.kind == "number" else values[0]


def _slots(page: Page, found: Sequence[Mapped]) -> list[Slots]:
    release = page.release
    told = release.computed.keep("mapping slots", lambda: _told(release))
    return [_complete(told[one.row.mapping], one) for one in found]


def _complete(told: Slots, one: Mapped) -> Slots:
    """Return the slots of a mapping with names, and the status, which is of this release."""
    labels = {
        "subject_label": (one.subject.label.text,),
        "object_label": (one.object.label.text,),
    }
    return labels | told | {STATUS: (one.status,)}


def _told(release: Release) -> dict[str, Slots]:
    """Return what is said of each mapping, slot by slot, with the licence of its set."""
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    sources: dict[str, str] = {}
    for fact in release.store.select(query("mapping_facts"), ThingFact):
        if slot := _SLOTS.get(fact.property):
            found[fact.thing][slot.name].append(_text(fact.value.value, slot))
        elif fact.property == "http://purl.org/dc/terms/isPartOf":
            sources[fact.thing] = fact.value.value
    licences = {
        source: release.store.values(source, [_LICENCE])[_LICENCE]
        for source in set(sources.values())
    }
    for thing, source in sources.items():
        found[thing].setdefault("mapping_source", [source])
        if licence := licences[source]:
            found[thing].setdefault("license", [licence[0].value])
    return {
        thing: {name: tuple(sorted(values)) for name, values in slots.items()}
        for thing, slots in found.items()
    }


def _text(value: str, slot: Slot) -> str:
    """Return a value as SSSOM writes it, which is a word where RDF has an address."""
    words = {meaning: word for word, meaning in slot.choices.items() if meaning}
    return words.get(value, value)
