"""Writing SSSOM: the canonical form, so that one decision is one line that changes.

https://mapping-commons.github.io/sssom/spec-formats-tsv/ with one difference: what all mappings
share stays with each of them ("condensed", a new row could change all lines of the file).
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Values
from itertools import count
from pathlib import Path

import curies
import yaml

from s4s_graph.mappings.sets import Extension, Mapping, MappingSet, number
from s4s_graph.mappings.slots import BUILT_IN, OF_MAPPING, OF_SET, Slot
from s4s_graph.namespaces import BASE

# Names for the namespaces that our mappings meet; a set's own come first. Without hyphens:
# sssom-py does not take a name with one for a prefix.
USUAL = {
    "cnlo_capability": "https://linkeddata.competentnl.nl/id/human-capability/",
    "cnlo_uwv": "https://linkeddata.competentnl.nl/uwv/id/",
    "esco_isco": "http://data.europa.eu/esco/isco/",
    "esco_occupation": "http://data.europa.eu/esco/occupation/",
    "esco_skill": "http://data.europa.eu/esco/skill/",
    "orcid": "https://orcid.org/",
    "skill": f"{BASE}id/skill/",
}
_NAMESPACE = re.compile(r".*[/#:=_]", re.DOTALL)


def text(mapping_set: MappingSet, base: str = BASE) -> str:
    """Return a set as its file: the same set gives the same text, and so does the set read back.

    Our own address is written for `base`.
    """
    names = _Names(mapping_set, base)
    extensions = sorted(_used(mapping_set), key=lambda extension: extension.property)
    columns = [
        *(slot for name, slot in OF_MAPPING.items() if _fills(mapping_set, name)),
        *(Slot(extension.name) for extension in extensions if _fills(mapping_set, extension.name)),
    ]
    rows = sorted(_row(mapping, columns, names) for mapping in mapping_set.mappings)
    head = list(_metadata(mapping_set, extensions, names))
    lines = [
        *(f"#{line}" for line in (*names.lines(), *head)),
        "\t".join(slot.name for slot in columns),
        *("\t".join(map(_cell, row)) for row in rows),
    ]
    return "\n".join(lines) + "\n"


def write(mapping_set: MappingSet, path: Path, base: str = BASE) -> None:
    """Write a set to its file, whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        staged.unlink(missing_ok=True)
        # Created here, or refused: it cannot be a link that someone put there.
        with staged.open("x", encoding="utf-8", newline="") as file:
            file.write(text(mapping_set, base))
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


def document(mapping_set: MappingSet, base: str = BASE) -> str:
    """Return a set as SSSOM/JSON, which has the prefixes in its @context."""
    names = _Names(mapping_set, base)

    def said(values: Values[str, tuple[str, ...]], slots: Values[str, Slot]) -> dict[str, object]:
        return {
            name: _in_json([_value(value, slot, names) for value in values[name]], slot)
            for name, slot in slots.items()
            if name in values
        }

    ordered = sorted(mapping_set.mappings, key=lambda mapping: mapping.order)
    content = {
        "@type": "MappingSet",
        **said(mapping_set.metadata, OF_SET),
        "mappings": [said(mapping.slots, OF_MAPPING) for mapping in ordered],
        "@context": dict(BUILT_IN) | dict(sorted(names.used.items())),
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


class _Names:
    """Shortens addresses, and remembers the prefixes that this took."""

    def __init__(self, mapping_set: MappingSet, base: str) -> None:
        self.base = base
        self.used: dict[str, str] = {}
        self._known = dict(BUILT_IN)
        taken = set(BUILT_IN.values())
        for prefix, address in (*mapping_set.prefixes.items(), *USUAL.items()):
            own = address.replace(base, BASE)
            if prefix not in self._known and own not in taken:
                self._known[prefix] = own
                taken.add(own)
        self._new = (f"ns{number}" for number in count(1))
        self._converter = self._made()
        self._short: dict[str, str] = {}

    def of(self, address: str) -> str:
        short = self._short.get(address)
        if short is None:
            short = self._short[address] = self._shortened(address.replace(self.base, BASE))
        return short

    def own(self, address: str) -> str:
        return address.replace(self.base, BASE)

    def lines(self) -> Iterator[str]:
        if self.used:
            yield "curie_map:"
        for prefix, address in sorted(self.used.items()):
            yield f"  {prefix}: {_scalar(address)}"

    def _shortened(self, address: str) -> str:
        short = self._converter.compress(address)
        if short is None:
            namespace = _NAMESPACE.match(address)
            prefix = next(name for name in self._new if name not in self._known)
            self._known[prefix] = namespace[0] if namespace else address
            self._converter = self._made()
            short = f"{prefix}:{address.removeprefix(self._known[prefix])}"
        prefix = short.partition(":")[0]
        if prefix not in BUILT_IN:
            self.used[prefix] = self._known[prefix]
        return short

    def _made(self) -> curies.Converter:
        return curies.Converter.from_prefix_map(self._known)


def _fills(mapping_set: MappingSet, slot: str) -> bool:
    if slot in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
        return True
    return any(slot in mapping.slots for mapping in mapping_set.mappings)


def _used(mapping_set: MappingSet) -> Iterable[Extension]:
    for extension in mapping_set.extensions:
        if extension.name in mapping_set.metadata or _fills(mapping_set, extension.name):
            yield extension


def _row(mapping: Mapping, columns: Iterable[Slot], names: _Names) -> list[str]:
    return [_joined(mapping.slots.get(slot.name, ()), slot, names) for slot in columns]


def _joined(values: tuple[str, ...], slot: Slot, names: _Names) -> str:
    written = [_value(value, slot, names) for value in values]
    if not slot.many:
        return written[0] if written else ""
    return "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in written)


def _value(value: str, slot: Slot, names: _Names) -> str:
    if slot.kind == "reference":
        return names.of(value)
    if slot.kind == "number":
        return number(float(value))
    return names.own(value) if slot.kind == "uri" else value


def _in_json(values: list[str], slot: Slot) -> object:
    if slot.many:
        return values
    return float(values[0]) if slot.kind == "number" else values[0]


def _cell(value: str) -> str:
    if any(mark in value for mark in '\t\n\r"'):
        return '"' + value.replace('"', '""') + '"'
    return value


def _metadata(mapping_set: MappingSet, extensions: list[Extension], names: _Names) -> Iterator[str]:
    lines: list[str] = []
    for name, slot in OF_SET.items():
        if values := mapping_set.metadata.get(name):
            lines.extend(_said(name, [_value(value, slot, names) for value in values], slot))
    if extensions:
        lines.append("extension_definitions:")
    for extension in extensions:
        lines.append(f"  - slot_name: {_scalar(extension.name)}")
        lines.append(f"    property: {_scalar(names.of(extension.property))}")
        if extension.type_hint:
            lines.append(f"    type_hint: {_scalar(names.of(extension.type_hint))}")
    for extension in extensions:
        if values := mapping_set.metadata.get(extension.name):
            lines.extend(_said(extension.name, values, Slot(extension.name)))
    return iter(lines)


def _said(name: str, values: Iterable[str], slot: Slot) -> Iterator[str]:
    if slot.many:
        yield f"{name}:"
        yield from (f"  - {_scalar(value)}" for value in values)
    else:
        yield from (f"{name}: {_scalar(v, plain=slot.kind == 'number')}" for v in values)


def _scalar(value: str, *, plain: bool = False) -> str:
    """Write a value as YAML: plain where that reads as the same text, else in double quotes."""
    if not plain:
        try:
            plain = yaml.safe_load(f"x: {value}") == {"x": value}
        except yaml.YAMLError:
            plain = False
    if plain:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)
