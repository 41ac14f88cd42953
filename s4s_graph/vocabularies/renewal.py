"""What a newer version of a vocabulary adds, changes and takes away, compared with what is stored.

Both are sorted, so they are read side by side; only what is told is kept.
"""

import gzip
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from s4s_graph.namespaces import STANDARD
from s4s_graph.vocabularies.checks import Said, statements
from s4s_graph.vocabularies.concepts import Concept, concepts
from s4s_graph.vocabularies.terms import (
    DCTERMS,
    NAMED_CLASSES,
    OWL,
    PREFERRED,
    REPLACED_BY,
    SKOS,
    THES,
    TYPE,
    XL,
)

ADDED, CHANGED, REMOVED = "added", "changed", "removed"
LISTED = 1000  # of each kind; more is only counted

_IS_CONCEPT = {f"<{iri}>" for iri in NAMED_CLASSES}
_NAMING = {str(PREFERRED), f"<{XL}prefLabel>"}
_TOLD = {
    **{
        f"<{SKOS}{name}>": name
        for name in (
            *("prefLabel", "altLabel", "hiddenLabel", "definition", "scopeNote", "notation"),
            *("broader", "narrower"),
        )
    },
    f"<{DCTERMS}description>": "description",
}
_WITHDRAWN = {
    (f"<{OWL}deprecated>", f'"true"^^<{STANDARD["xsd"]}boolean>'),
    *((f"<{THES}status>", f'"{word}"') for word in ("obsolete", "deprecated", "withdrawn")),
}
_REPLACED_BY = {f"<{iri}>" for iri in REPLACED_BY}


@dataclass(frozen=True)
class Change:
    """What becomes of one concept.

    before, after: the texts that differ, by what they are and their language: `prefLabel@nl`.
    """

    kind: str
    iri: str
    name: str
    before: Mapping[str, list[str]] = field(default_factory=dict)
    after: Mapping[str, list[str]] = field(default_factory=dict)
    replaced_by: tuple[str, ...] = ()


@dataclass
class Renewal:
    """All that a new version changes.

    gone: concepts that are removed, or there but withdrawn, each with what replaces it. passed:
    likewise for concepts that came and went between the two versions. names: what those and their
    replacements are called.
    """

    counts: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    changes: list[Change] = field(default_factory=list)
    gone: dict[str, tuple[str, ...]] = field(default_factory=dict)
    passed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def replacements(self, iri: str) -> list[str]:
        """Return what takes the place of a concept that is gone, over several steps if need be."""
        steps = self.passed | self.gone
        found: list[str] = []
        waiting, seen = [*self.gone.get(iri, ())], {iri}
        while waiting:
            other = waiting.pop(0)
            if other not in seen:
                seen.add(other)
                waiting.extend(steps.get(other, ()))
                if other not in steps:
                    found.append(other)
        return found

    @property
    def replaced(self) -> int:
        """Return how many of the concepts that are gone say what replaces them."""
        return sum(bool(others) for others in self.gone.values())


def compare(old: Path, new: Path, lang: str) -> Renewal:
    """Compare packed with new statements, both sorted; names are told in `lang` where they are.

    Raises OSError.
    """
    renewal = Renewal()
    for before, after in _side_by_side(old, new):
        was, is_ = _is_concept(before), _is_concept(after)
        subject = _subject((before or after)[0])
        if was and not is_:
            # What is left may say no more than what replaces it.
            renewal.gone[subject] = (*_replacements(before), *_replacements(after))
            renewal.names[subject] = _name(before, lang)
            _count(renewal, Change(REMOVED, subject, renewal.names[subject]))
        elif is_ and not was:
            _count(renewal, Change(ADDED, subject, _name(after, lang)))
            if _is_withdrawn(after):
                renewal.passed[subject] = _replacements(after)
        elif is_ and before == after:
            renewal.unchanged += 1
        elif is_:
            _count(renewal, _change(subject, before, after, lang))
            if _is_withdrawn(after) and not _is_withdrawn(before):
                renewal.gone[subject] = _replacements(after)
                renewal.names[subject] = _name(after, lang)
    _name_replacements(renewal, new, lang)
    return renewal


def _side_by_side(old: Path, new: Path) -> Iterator[tuple[list[Said], list[Said]]]:
    """Yield what the two say of each thing, nothing where one of them says nothing."""
    with (
        gzip.open(old, "rt", encoding="utf-8", newline="\n") as before,
        new.open(encoding="utf-8", newline="\n") as after,
    ):
        both = merge(
            ((_order(subject), 0, group) for subject, group in statements(before)),
            ((_order(subject), 1, group) for subject, group in statements(after)),
            key=itemgetter(0, 1),
        )
        for _, same in groupby(both, key=itemgetter(0)):
            sides: dict[int, list[Said]] = {side: group for _, side, group in same}
            yield sides.get(0, []), sides.get(1, [])


def _order(subject: str) -> bytes:
    # The lines were sorted as bytes, and a space follows the name.
    return f"{subject} ".encode()


def _count(renewal: Renewal, change: Change) -> None:
    renewal.counts[change.kind] += 1
    if renewal.counts[change.kind] <= LISTED:
        renewal.changes.append(change)


def _change(subject: str, before: list[Said], after: list[Said], lang: str) -> Change:
    lines = {line for *_, line in after} ^ {line for *_, line in before}
    old, new = (
        _texts([said for said in side if said[2] in lines and said[0] in _TOLD])
        for side in (before, after)
    )
    return Change(CHANGED, subject, _name(after, lang), old, new, _replacements(after))


def _texts(group: list[Said]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, _, line in group:
        value = _quad(line).object
        if isinstance(value, ox.Literal):
            tag = f"@{value.language}" if value.language else ""
            found.setdefault(f"{_TOLD[path]}{tag}", []).append(value.value)
        elif isinstance(value, ox.NamedNode):
            found.setdefault(_TOLD[path], []).append(value.value)
    return found


def _is_concept(group: list[Said]) -> bool:
    return any(
        path in _NAMING or (path == str(TYPE) and value in _IS_CONCEPT) for path, value, _ in group
    )


def _is_withdrawn(group: list[Said]) -> bool:
    return any(path in _REPLACED_BY or (path, value) in _WITHDRAWN for path, value, _ in group)


def _replacements(group: list[Said]) -> tuple[str, ...]:
    return tuple(value[1:-1] for path, value, _ in group if path in _REPLACED_BY)


def _name_replacements(renewal: Renewal, new: Path, lang: str) -> None:
    """Look up what the replacements are called, and those that only the new version tells of.

    A concept that is gone may be described no more but by what replaces it.
    """
    others = chain(renewal.gone.values(), renewal.passed.values())
    wanted = {f"<{iri}>": iri for iri in chain.from_iterable(others)}
    removed = {f"<{iri}>": iri for iri, by in renewal.gone.items() if not by}
    if not wanted and not removed:
        return
    replaces = f"<{DCTERMS}replaces>"
    with new.open(encoding="utf-8", newline="\n") as file:
        for subject, group in statements(file):
            for path, value, _ in group:
                if path == replaces and value in removed:
                    iri = removed[value]
                    renewal.gone[iri] = (*renewal.gone[iri], subject[1:-1])
                    wanted[subject] = subject[1:-1]
            if subject in wanted:
                renewal.names[wanted[subject]] = _name(group, lang)


def _name(group: list[Said], lang: str) -> str:
    naming = [_quad(line) for path, _, line in group if path == str(PREFERRED)]
    subject = _subject(group[0])
    return concepts(naming).get(subject, Concept(subject)).name(lang)


def _subject(said: Said) -> str:
    return said[2].split(" ", 1)[0][1:-1]


def _quad(line: str) -> ox.Quad:
    (quad,) = ox.parse(line, ox.RdfFormat.N_QUADS)
    return cast("ox.Quad", quad)
