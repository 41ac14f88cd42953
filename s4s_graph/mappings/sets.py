"""Mapping sets as SSSOM has them: immutable, with full addresses where a file has CURIEs."""

from collections.abc import Iterable
from collections.abc import Mapping as Values
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from s4s_graph.mappings.slots import OF_MAPPING, SEMAPV, SSSOM

SUFFIX = ".sssom.tsv"
FOLDER = "mappings"
MANUAL = f"{SEMAPV}ManualMappingCuration"
CHAINING = f"{SEMAPV}MappingChaining"
# What the ids of no concept say: that there is no match, now and as older files write it.
NOTHING = frozenset((f"{SSSOM}NoTermFound", f"{SSSOM}NoMapping"))
NOT = "Not"

CANDIDATE, ACCEPTED, REJECTED, DERIVED = "candidate", "accepted", "rejected", "derived"
DECIDED_SET, CANDIDATE_SET, DERIVED_SET = "decided", "candidates", "derived"

Pair = tuple[str, str]
Given = str | float | Iterable[str] | None


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row: the values of each slot that has any, references as full addresses.

    line: where it stands in its file; 0 if it stands in none.
    """

    slots: Values[str, tuple[str, ...]]
    line: int = field(default=0, compare=False)

    def one(self, slot: str) -> str | None:
        """Return the (first) value of a slot."""
        values = self.slots.get(slot)
        return values[0] if values else None

    @property
    def subject(self) -> str:
        """Return the address of the subject."""
        return self.slots["subject_id"][0]

    @property
    def predicate(self) -> str:
        """Return the address of the predicate."""
        return self.slots["predicate_id"][0]

    @property
    def object(self) -> str:
        """Return the address of the object."""
        return self.slots["object_id"][0]

    @property
    def pair(self) -> Pair:
        """Return the addresses of subject and object."""
        return self.subject, self.object

    @property
    def justification(self) -> str:
        """Return the address of how it was found, in semapv."""
        return self.slots["mapping_justification"][0]

    @property
    def negated(self) -> bool:
        """Tell whether it says that the match does not hold."""
        return self.one("predicate_modifier") == NOT

    @property
    def confidence(self) -> float | None:
        """Return how sure it is, from 0 to 1, if that is said."""
        said = self.one("confidence")
        return None if said is None else float(said)

    @property
    def order(self) -> tuple[tuple[str, ...], ...]:
        """Return what the canonical form sorts by: every slot, in SSSOM's order."""
        return tuple(self.slots.get(slot, ()) for slot in OF_MAPPING)

    def with_slots(self, **slots: Given) -> "Mapping":
        """Return a copy with other values; None or nothing takes a slot away."""
        return replace(self, slots=_filled({**self.slots, **slots}))


def mapping(**slots: Given) -> Mapping:
    """Return a mapping of the values of slots, references as full addresses.

    mapping(subject_id="https://…", predicate_id=EXACT, object_id="http://…",
            mapping_justification=MANUAL, confidence=0.83)
    """
    return Mapping(_filled(slots))


@dataclass(frozen=True, slots=True)
class Extension:
    """A slot that a set defines itself: its name, its property and the type of its values."""

    name: str
    property: str
    type_hint: str | None = None


@dataclass(frozen=True)
class MappingSet:
    """A set: its name in the data folder, what is said of it, its prefixes and its mappings.

    metadata: the values of each slot that has any, references as full addresses.
    """

    name: str
    metadata: Values[str, tuple[str, ...]] = field(default_factory=dict)
    prefixes: Values[str, str] = field(default_factory=dict)
    mappings: tuple[Mapping, ...] = ()
    extensions: tuple[Extension, ...] = ()

    def status(self, mapping: Mapping) -> str:
        """Return candidate, accepted, rejected or derived: what one of its mappings is."""
        if mapping.negated:
            return REJECTED
        if self.name == DERIVED_SET:
            return DERIVED
        return CANDIDATE if holds_candidates(self.name) else ACCEPTED


def holds_candidates(name: str) -> bool:
    """Tell whether the set of a name holds candidates: `candidates` or `candidates-…`."""
    return name == CANDIDATE_SET or name.startswith(f"{CANDIDATE_SET}-")


def name_of(file: str) -> str:
    """Return the name of the set in a file: `decided` for `mappings/decided.sssom.tsv`."""
    return file.rpartition("/")[2].removesuffix(SUFFIX)


def _filled(slots: Values[str, Given]) -> Values[str, tuple[str, ...]]:
    filled: dict[str, tuple[str, ...]] = {}
    for name, value in slots.items():
        if isinstance(value, float | int):
            filled[name] = (number(value),)
        elif value:
            filled[name] = (value,) if isinstance(value, str) else tuple(value)
    return MappingProxyType(filled)


def number(value: float) -> str:
    """Write a number as SSSOM's canonical form does: with three digits at most."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"
