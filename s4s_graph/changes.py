"""What a release adds, changes and removes, held against the release that it replaces.

This is told beside the manifest and not in it: the same data are the same release, whatever was
there before. What the releases before changed is carried along, so that a reader who was away
finds it even when their folders are gone.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from s4s_graph import release
from s4s_graph.release import ReleaseError
from s4s_graph.store import LABELS, Iri, Literal, Term

STEPS, THINGS = 10, 20_000  # releases that are told of, and things in those before the last
DETAILED = 500  # things of a release of which is told what is different
_BITS = 128


@dataclass(frozen=True)
class Difference:
    """What is no longer stated of a thing by one property, and what is stated now."""

    property: str
    lost: tuple[Term, ...]
    gained: tuple[Term, ...]


@dataclass(frozen=True)
class Changes:
    """The things of which something is stated only after, differently, or only before, sorted.

    previous: the id of the release before, None for a first one: then nothing is compared.
    made: when the release was made (ISO 8601, UTC), in what is carried along.
    differences: what is different, of the first DETAILED of what was changed.
    names: what is gone was called, by language.
    earlier: what the releases before changed, the last first: `previous` is the id of the first of
        these, its own `previous` that of the second, and so on.
    """

    previous: str | None
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    made: str | None = None
    differences: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    earlier: tuple["Changes", ...] = ()

    @property
    def size(self) -> int:
        """The number of things that are told of."""
        return len(self.added) + len(self.changed) + len(self.removed)

    def steps(self, last: str) -> Iterator[tuple[str, "Changes"]]:
        """Yield each release that something is known of with what it changed, the last first."""
        name: str | None = last
        for step in (self, *self.earlier):
            if name:
                yield name, step
            name = step.previous

    def without(self, hidden: Collection[str]) -> "Changes":
        """Return the same without a word about some things, also in what is carried along.

        What was public and no longer may be must not live on in the account of that.
        """
        if not hidden:
            return self

        def kept(iris: Iterable[str]) -> tuple[str, ...]:
            return tuple(iri for iri in iris if iri not in hidden)

        def open_(terms: Iterable[Term]) -> tuple[Term, ...]:
            return tuple(term for term in terms if term.value not in hidden)

        return replace(
            self,
            added=kept(self.added),
            changed=kept(self.changed),
            removed=kept(self.removed),
            differences={
                iri: tuple(replace(d, lost=open_(d.lost), gained=open_(d.gained)) for d in found)
                for iri, found in self.differences.items()
                if iri not in hidden
            },
            names={iri: names for iri, names in self.names.items() if iri not in hidden},
            earlier=tuple(step.without(hidden) for step in self.earlier),
        )

    def departed(self, starts: Collection[str]) -> set[str]:
        """Return what went, also in what is carried along, whose addresses begin in some ways."""
        steps = (self, *self.earlier)
        return {iri for s in steps for iri in s.removed if iri.startswith(tuple(starts))}

    def to_json(self) -> str:
        """Return the changes as JSON, the same text for the same changes."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read(folder: Path) -> Changes:
    """Read what a release changed; of a release that does not tell it is as if it were the first.

    Raises ReleaseError when the file is broken.
    """
    path = folder / release.CHANGES
    if not path.is_file():
        return Changes(None)
    try:
        return _changes(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(f"{path} does not tell changes: {error!r}") from error


def since(previous: Path | None, folder: Path) -> Changes:
    """Compare a release folder with the previous one, by what their dumps state of each thing.

    What is derived does not count, nor does the table that a statement stands in. Releases with
    another base IRI have nothing in common, so they are not compared.
    """
    now = release.read_manifest(folder / release.MANIFEST)
    if not previous or not release.is_complete(previous):
        return Changes(None)
    before = release.read_manifest(previous / release.MANIFEST)
    if before.base != now.base:
        return Changes(None)
    earlier, later = previous / release.N_QUADS, folder / release.N_QUADS
    old, new = _stated(earlier, now.base), _stated(later, now.base)
    changed = sorted(iri for iri in new.keys() & old.keys() if new[iri] != old[iri])
    removed = sorted(old.keys() - new.keys())
    return Changes(
        before.id,
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(changed),
        removed=tuple(removed),
        differences=_differences(earlier, later, changed[:DETAILED], now.base),
        names=_names(earlier, removed, now.base),
        earlier=carry(previous),
    )


def _changes(content: dict[str, Any]) -> Changes:
    """Return what JSON says. Raises KeyError, TypeError or AttributeError for anything else."""
    lists = {name: tuple(content[name]) for name in ("added", "changed", "removed")}
    differences = {
        iri: tuple(
            Difference(item["property"], _terms(item["lost"]), _terms(item["gained"]))
            for item in items
        )
        for iri, items in content.get("differences", {}).items()
    }
    return Changes(
        content["previous"],
        **lists,
        made=content.get("made"),
        differences=differences,
        names=content.get("names", {}),
        earlier=tuple(map(_changes, content.get("earlier", ()))),
    )


def _terms(values: Iterable[dict[str, Any]]) -> tuple[Term, ...]:
    return tuple(Literal(**value) if "datatype" in value else Iri(**value) for value in values)


def carry(previous: Path) -> tuple[Changes, ...]:
    """Return what the release before tells, with its own step first, within bounds."""
    try:
        told = read(previous)
    except ReleaseError:  # of other software: it is told from here on
        told = Changes(None)
    seconds = int((previous / release.MANIFEST).stat().st_mtime)
    made = datetime.fromtimestamp(seconds, UTC).isoformat()
    steps: list[Changes] = []
    room = THINGS
    for step in (replace(told, made=made, earlier=()), *told.earlier):
        room -= step.size
        if room < 0 or len(steps) == STEPS - 1:
            break
        steps.append(step)
    return tuple(steps)


def _differences(
    before: Path, after: Path, things: Sequence[str], base: str
) -> dict[str, tuple[Difference, ...]]:
    old, new = (_statements(dump, things, base) for dump in (before, after))
    found = {}
    for iri in things:
        lost, gained = old[iri] - new[iri], new[iri] - old[iri]
        found[iri] = tuple(
            Difference(path, _of(lost, path), _of(gained, path))
            for path in sorted({path for path, _ in lost | gained})
        )
    return found


def _of(statements: Iterable[tuple[str, Term]], path: str) -> tuple[Term, ...]:
    return tuple(sorted((term for found, term in statements if found == path), key=str))


def _names(dump: Path, things: Sequence[str], base: str) -> dict[str, dict[str, str]]:
    labels = {predicate.value for predicate in LABELS}
    return {
        iri: {
            term.lang or "": term.value
            for path, term in sorted(found, key=str)
            if path in labels and isinstance(term, Literal)
        }
        for iri, found in _statements(dump, things, base).items()
    }


def _statements(
    dump: Path, things: Sequence[str], base: str
) -> defaultdict[str, set[tuple[str, Term]]]:
    """Return what is stated of some things, by property, without what has no name."""
    found: defaultdict[str, set[tuple[str, Term]]] = defaultdict(set)
    wanted = {iri.encode() for iri in things}
    lines = b"\n".join(line for name, line in _lines(dump, base) if name in wanted)
    for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES):
        if isinstance(quad.object, ox.NamedNode):
            found[quad.subject.value].add((quad.predicate.value, Iri(quad.object.value)))
        elif isinstance(quad.object, ox.Literal):
            said = quad.object
            term = Literal(said.value, said.language, said.datatype.value)
            found[quad.subject.value].add((quad.predicate.value, term))
    return found


def _stated(dump: Path, base: str) -> dict[str, int]:
    """Return a number for each thing that depends on all that is stated of it, in any order."""
    found: defaultdict[bytes, int] = defaultdict(int)
    for name, statement in _lines(dump, base):
        digest = hashlib.sha256(statement).digest()[: _BITS // 8]
        found[name] = (found[name] + int.from_bytes(digest, "big")) % (1 << _BITS)
    return {name.decode(): number for name, number in found.items()}


def _lines(dump: Path, base: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield the name of a thing and a statement about it, as a triple, for all that is stated."""
    start, derived = f"<{base}id/".encode(), f"<{base}graph/derived>".encode()
    with dump.open("rb") as lines:
        for line in lines:
            if line.startswith(start):
                statement, _, graph = line.rstrip(b" .\n").rpartition(b" ")
                if graph != derived:
                    yield statement[1 : statement.index(b">")], statement + b" ."
