"""The block of metadata above an SSSOM table: YAML behind #, of which the simple parts are used."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml

from s4s_graph.forms import Text
from s4s_graph.mappings import told
from s4s_graph.mappings.sets import Extension
from s4s_graph.mappings.slots import BUILT_IN, OF_SET, Slot
from s4s_graph.mappings.values import Values, is_address
from s4s_graph.problems import Cell, Problem

_PREFIX = re.compile(r"[A-Za-z_][\w.-]*")
_NEEDED = ("mapping_set_id", "license")
_MAP, _EXTENSIONS = "curie_map", "extension_definitions"


@dataclass(frozen=True)
class Header:
    """What a block of metadata says; references as full addresses."""

    metadata: Mapping[str, tuple[str, ...]]
    prefixes: Mapping[str, str]
    extensions: tuple[Extension, ...]
    problems: tuple[Problem, ...]


def read(block: Sequence[str], file: str) -> Header:
    """Read the lines of a block, each of which begins with #."""
    return _Block(block, file).read()


class _Block:
    def __init__(self, block: Sequence[str], file: str) -> None:
        self.lines = [line[1:] for line in block]
        self.file = file
        self.problems: list[Problem] = []

    def read(self) -> Header:
        said = self._said()
        prefixes = self._prefixes(said.pop(_MAP, {}))
        values = Values(prefixes)
        extensions = self._extensions(said.pop(_EXTENSIONS, ()), values)
        known = {**OF_SET, **{e.name: Slot(e.name, iri=e.property, many=True) for e in extensions}}
        metadata = {}
        for key, value in said.items():
            if key not in known:
                self._add(key, told.unknown_slot(get_close_matches(key, known, n=1)))
            elif found := self._values(key, value, known[key], values):
                metadata[key] = found
        for key in _NEEDED:
            if not said.get(key):
                self._add(key, told.MISSING_METADATA[key])
        return Header(metadata, prefixes, extensions, tuple(self.problems))

    def _said(self) -> dict[str, Any]:
        text = "".join(self.lines)
        try:
            # An alias can make a small text large; SSSOM forbids it.
            if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
                self._add(None, told.ALIAS)
                return {}
            # This loader makes texts, lists and maps, and nothing else.
            said = yaml.BaseLoader(text).get_single_data()
        except (yaml.YAMLError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            self._add(None, told.no_yaml(error), line=mark.line + 1 if mark else None)
            return {}
        if not isinstance(said, dict):
            if said is not None:
                self._add(None, told.NO_MAP)
            return {}
        return {str(key): value for key, value in said.items()}

    def _prefixes(self, said: object) -> dict[str, str]:
        if not isinstance(said, dict):
            self._add(_MAP, told.NO_MAP)
            return {}
        prefixes: dict[str, str] = {}
        for prefix, address in said.items():
            if not _PREFIX.fullmatch(str(prefix)) or not is_address(str(address)):
                self._add(_MAP, told.NO_PREFIX_LINE, f"{prefix}: {address}", key=str(prefix))
            elif BUILT_IN.get(prefix, address) != address:
                self._add(_MAP, told.built_in(BUILT_IN[prefix]), prefix, key=str(prefix))
            else:
                prefixes[prefix] = address
        return prefixes

    def _extensions(self, said: object, values: Values) -> tuple[Extension, ...]:
        found = []
        for each in said if isinstance(said, list) else ():
            given = each if isinstance(each, dict) else {}
            name, path = given.get("slot_name"), given.get("property", "")
            hint = given.get("type_hint")
            expanded = values.value(path, _REFERENCE)
            typed = values.value(hint, _REFERENCE) if hint else None
            if not name or name in OF_SET or isinstance(expanded, Text) or isinstance(typed, Text):
                self._add(_EXTENSIONS, told.NO_EXTENSION, name)
            else:
                found.append(Extension(name, expanded, typed))
        return tuple(found)

    def _values(self, key: str, said: object, slot: Slot, values: Values) -> tuple[str, ...]:
        given = said if isinstance(said, list) else [said]
        if not slot.many and len(given) > 1:
            self._add(key, told.ONE_VALUE)
            return ()
        found = []
        for each in given:
            if not isinstance(each, str):
                self._add(key, told.NO_TEXT)
            elif text := each.strip():
                value = values.value(text, slot)
                if isinstance(value, Text):
                    self._add(key, value, text)
                else:
                    found.append(value)
        return tuple(found)

    def _add(
        self,
        column: str | None,
        text: Text,
        value: str | None = None,
        *,
        key: str | None = None,
        line: int | None = None,
    ) -> None:
        line = line or self._line(key or column)
        cell = Cell(self.file, line, column)
        self.problems.append(Problem.at(cell, text, value and told.cut(value)))

    def _line(self, key: str | None) -> int | None:
        start = f"{key}:"
        lines = enumerate(self.lines, start=1)
        return next((n for n, line in lines if line.strip().startswith(start)), None)


_REFERENCE = Slot("property", "reference")
