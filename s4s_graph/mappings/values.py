"""The value of one cell or one line of metadata: right, or what is wrong with it."""

import re
from collections.abc import Mapping
from datetime import date

import pyoxigraph as ox

from s4s_graph.forms import Text
from s4s_graph.mappings import told
from s4s_graph.mappings.slots import BUILT_IN, SEMAPV, Slot
from s4s_graph.mappings.wording import JUSTIFICATIONS, PREDICATES

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_PARTS = re.compile(r"((?:[^|\\]|\\.|\\$)*)(?:\||$)", re.DOTALL)
_ESCAPED = re.compile(r"\\([|\\])")


class Values:
    """Reads values with the prefixes of a set and those that are built in."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # Commands that read no mappings start sooner without it.
        import curies

        self.prefixes = {**prefixes, **BUILT_IN}
        self._converter = curies.Converter.from_prefix_map(self.prefixes, strict=False)
        self._known: dict[str, str | Text] = {}

    def parts(self, text: str, slot: Slot) -> list[str]:
        """Return the values in a cell; several are parted by |, unless \\ precedes it."""
        if not slot.many:
            return [text]
        if "\\" not in text:
            return [part.strip() for part in text.split("|") if part.strip()]
        found = (_ESCAPED.sub(r"\1", match[1]).strip() for match in _PARTS.finditer(text))
        return [part for part in found if part]

    def value(self, text: str, slot: Slot) -> str | Text:
        """Return a value as a set holds it, or what is wrong with it."""
        if slot.kind == "reference":
            return self._reference(text, slot)
        if slot.kind == "uri":
            return text if is_address(text) else told.NO_ADDRESS
        if slot.kind == "number":
            return _number(text, slot)
        if slot.kind == "date":
            return text if _is_date(text) else told.NO_DATE
        if slot.kind == "choice" and text not in slot.choices:
            return told.no_choice(text, list(slot.choices))
        return text

    def _reference(self, text: str, slot: Slot) -> str | Text:
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._expanded(text)
        if isinstance(known, Text):
            return known
        if slot.name == "predicate_id" and known not in PREDICATES:
            return told.NO_PREDICATE
        if slot.name == "mapping_justification" and known not in _JUSTIFICATIONS:
            return told.no_justification(text)
        return known

    def _expanded(self, text: str) -> str | Text:
        prefix, colon, local = text.partition(":")
        if not colon or not prefix:
            return told.no_curie(self.prefixes)
        if local.startswith("//") or prefix not in self.prefixes:
            return told.no_prefix(prefix, self.prefixes, is_address(text))
        found = self._converter.expand(text)
        return found if found is not None and is_address(found) else told.NO_ADDRESS


_JUSTIFICATIONS = frozenset(f"{SEMAPV}{name}" for name in JUSTIFICATIONS)


def is_address(text: str) -> bool:
    """Tell whether a text is a full address (IRI)."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _number(text: str, slot: Slot) -> str | Text:
    if not _NUMBER.fullmatch(text) or not slot.smallest <= float(text) <= 1:
        return told.no_number(slot.smallest)
    return text


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
