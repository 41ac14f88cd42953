"""What of a vocabulary a release publishes: all of it, or what our own graph makes use of.

Used are the concepts that our graph names, what is above these (broader, groups, schemes), and the
occupations that need them. The rest would tell a reader of our skills nothing, and weighs more
than everything of ours.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import pyoxigraph as ox

from s4s_graph.namespaces import STANDARD

Closure = Literal["used", "all"]
CLOSURES: tuple[Closure, ...] = ("used", "all")
OCCUPATIONS = 200  # of one vocabulary, those that need most of the concepts that are named

_RDF_TYPE = f"{STANDARD['rdf']}type"
_SKOS, _ESCO, _CNLO = STANDARD["skos"], STANDARD["esco"], STANDARD["cnlo"]
_THES = "http://purl.org/iso25964/skos-thes#"
_PREF_LABELS = {f"{_SKOS}prefLabel", "http://www.w3.org/2008/05/skos-xl#prefLabel"}
# From a concept to what is above it, or takes its place; and the other way round.
_UP = {
    *(f"{_SKOS}{name}" for name in ("broader", "broaderTransitive", "inScheme", "topConceptOf")),
    *(f"{_THES}broader{kind}" for kind in ("Generic", "Partitive", "Instantial")),
    "http://purl.org/dc/terms/isReplacedBy",
    f"{_ESCO}isReplacedBy",
    f"{_ESCO}replacedBy",
}
_DOWN = {f"{_SKOS}{name}" for name in ("narrower", "narrowerTransitive", "member")}
_OCCUPATIONS = {f"{_ESCO}Occupation", f"{_CNLO}Occupation"}
ESSENTIAL = (f"{_ESCO}relatedEssentialSkill", f"{_CNLO}requiresHATEssential")
OPTIONAL = (
    f"{_ESCO}relatedOptionalSkill",
    f"{_CNLO}requiresHATImportant",
    f"{_CNLO}requiresHATSomewhat",
)
_NEEDS = {*ESSENTIAL, *OPTIONAL}
_NEEDED_FOR = {f"{_ESCO}isEssentialSkillFor", f"{_ESCO}isOptionalSkillFor"}
# A subject that is none of these and has no name is a part of what names it: a label, a note.
_THINGS = {
    *(f"{_SKOS}{name}" for name in ("Concept", "ConceptScheme", "Collection", "OrderedCollection")),
    *_OCCUPATIONS,
}

Triples = Callable[[], Iterable[ox.Triple]]


@dataclass(frozen=True)
class Kept:
    """What is published of a vocabulary: whole things, and occupations by name and need alone.

    known: everything that the vocabulary says something of.
    """

    things: frozenset[str]
    occupations: frozenset[str]
    known: frozenset[str]

    def holds(self, triple: ox.Triple) -> bool:
        """Tell whether a statement is published: nothing published points at what is not."""
        subject, value = _name(triple.subject), _name(triple.object)
        if subject not in self.things and subject not in self.occupations:
            return False
        if value in self.known and value not in self.things and value not in self.occupations:
            return False
        if subject in self.things:
            return True
        path = triple.predicate.value
        return path in _PREF_LABELS or path == _RDF_TYPE or (path in _NEEDS)


def used(triples: Triples, named: Collection[str]) -> Iterator[ox.Triple]:
    """Yield of a vocabulary what is used where these names are; they may be of anything.

    `triples` is asked twice, and must give the same each time.
    """
    kept = _Links.of(triples()).kept(named)
    if kept.things:
        yield from filter(kept.holds, triples())


@dataclass
class _Links:
    """How the things of a vocabulary hang together, by name; a blank node has one too."""

    known: set[str] = field(default_factory=set)
    things: set[str] = field(default_factory=set)
    occupations: set[str] = field(default_factory=set)
    above: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    needed_by: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, triples: Iterable[ox.Triple]) -> "_Links":
        links = cls()
        for triple in triples:
            links._add(_name(triple.subject), triple.predicate.value, triple.object)
        return links

    def _add(self, subject: str, path: str, value: object) -> None:
        self.known.add(subject)
        if path in _PREF_LABELS:
            self.things.add(subject)
        if isinstance(value, ox.Literal) or not (name := _name(value)):
            return
        if path == _RDF_TYPE:
            if name in _THINGS:
                self.things.add(subject)
            if name in _OCCUPATIONS:
                self.occupations.add(subject)
        elif path in _UP:
            self.above[subject].append(name)
        elif path in _DOWN:
            self.above[name].append(subject)
        elif path in _NEEDS:
            self.needed_by[name].append(subject)
        elif path in _NEEDED_FOR:
            self.needed_by[subject].append(name)
        else:
            self.parts[subject].append(name)

    def kept(self, named: Collection[str]) -> Kept:
        linked = sorted(self.known & set(named))
        things, waiting = set(linked), linked
        while waiting:
            one = waiting.pop()
            parts = [part for part in self.parts[one] if part not in self.things]
            found = [name for name in (*self.above[one], *parts) if name in self.known]
            waiting += [name for name in found if name not in things]
            things.update(found)
        return Kept(
            frozenset(things), frozenset(self._needing(things, named)), frozenset(self.known)
        )

    def _needing(self, things: Collection[str], named: Collection[str]) -> list[str]:
        """Return the occupations that need most of the concepts that are named."""
        needs = Counter(
            occupation
            for name in sorted(self.known & set(named))
            for occupation in set(self.needed_by[name])
            if occupation in self.occupations and occupation not in things
        )
        return sorted(needs, key=lambda one: (-needs[one], one))[:OCCUPATIONS]


def _name(term: object) -> str:
    return str(term.value) if isinstance(term, ox.NamedNode | ox.BlankNode) else ""
