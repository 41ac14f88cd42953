"""Mappings that follow from others: SSSOM's rules for chains.

https://mapping-commons.github.io/sssom/chaining-rules/: exact, broad and narrow matches are
transitive (T1); an exact match before or behind any match gives that match (RCE1, RCE2); a broad
match backwards is a narrow one (RI1, RI2). A close match follows on a close one never, and nothing
follows from what does not hold. A chain has at most three steps and ends in another vocabulary
than it begins in; its confidence is the product of those of its steps.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import islice

import pyoxigraph as ox

from s4s_graph.mappings import quads
from s4s_graph.mappings.sets import (
    ACCEPTED,
    CHAINING,
    DERIVED_SET,
    NOTHING,
    REJECTED,
    MappingSet,
    Pair,
    mapping,
)
from s4s_graph.mappings.slots import OF_MAPPING, SSSOM
from s4s_graph.mappings.wording import BROAD, CLOSE, EXACT, NARROW, PREDICATES, RELATED
from s4s_graph.namespaces import STANDARD

MOST_STEPS = 3
MOST = 100_000  # derived mappings, of which the surest stay
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_BACKWARDS = {EXACT: EXACT, CLOSE: CLOSE, RELATED: RELATED, BROAD: NARROW, NARROW: BROAD}
_TRANSITIVE = frozenset((EXACT, BROAD, NARROW))
# CompetentNL's own links to ESCO say the same as those of SKOS.
_OF_VOCABULARIES = {predicate: predicate for predicate in PREDICATES} | {
    f"{STANDARD['cnlo']}{kind}MatchESCO": predicate
    for kind, predicate in (
        ("exact", EXACT),
        ("close", CLOSE),
        ("broad", BROAD),
        ("narrow", NARROW),
    )
}
_NAMESPACE = re.compile(r".*[/#]", re.DOTALL)
_DERIVED_FROM = ox.NamedNode(f"{STANDARD['prov']}wasDerivedFrom")
_AXIOM, _TYPE = ox.NamedNode(f"{STANDARD['owl']}Axiom"), ox.NamedNode(f"{STANDARD['rdf']}type")
_PART = ox.NamedNode(f"{STANDARD['dcterms']}isPartOf")
_ENDS = tuple(OF_MAPPING[name].path for name in ("subject_id", "predicate_id", "object_id"))


@dataclass(frozen=True, slots=True)
class Assertion:
    """A match that someone states; `node` is the mapping that holds it, `graph` where it stands.

    What stands in a table or a vocabulary has no such node.
    """

    subject: str
    predicate: str
    object: str
    graph: str
    node: str | None = None
    confidence: float | None = None


@dataclass
class Asserted:
    """The matches that hold, and the pairs of which someone says anything, either way round."""

    matches: list[Assertion] = field(default_factory=list)
    known: set[Pair] = field(default_factory=set)

    def add(self, match: Assertion, *, holds: bool = True) -> None:
        """Note a match, or with `holds` false that it does not hold."""
        self.known |= {(match.subject, match.object), (match.object, match.subject)}
        if holds and NOTHING.isdisjoint((match.subject, match.object)):
            self.matches.append(match)


@dataclass(frozen=True)
class Chain:
    """A derived match with the statements it rests on, from subject to object."""

    subject: str
    predicate: str
    object: str
    steps: tuple[Assertion, ...]

    @property
    def confidence(self) -> float | None:
        """Return the product of what is stated; None where no step says how sure it is."""
        stated = [step.confidence for step in self.steps if step.confidence is not None]
        product = 1.0
        for one in stated:
            product *= one
        return product if stated else None


def asserted(recorded: ox.Store, base: str) -> Asserted:
    """Return the matches in what people recorded: in mapping sets, and of things of ours."""
    found = Asserted()
    sets, own, ontology = f"{base}graph/mappings/", f"{base}id/", f"{base}graph/ontology/"
    for predicate in PREDICATES:
        for subject, value, graph in _quads(recorded, None, predicate):
            if subject.startswith(own) and not graph.startswith((sets, ontology)):
                found.add(Assertion(subject, predicate, value, graph))
    statuses = {f"{base}id/mapping-status/{status}": status for status in (ACCEPTED, REJECTED)}
    for node, status, graph in list(_quads(recorded, None, f"{base}def#mappingStatus")):
        if status in statuses:
            subject, predicate, value = (_one(recorded, node, end) for end in _ENDS)
            sure = _one(recorded, node, f"{SSSOM}confidence")
            stated = float(sure) if sure else None
            match = Assertion(subject, predicate, value, graph, node, stated)
            found.add(match, holds=statuses[status] == ACCEPTED)
    return found


def of_vocabulary(statements: Iterable[ox.Triple], graph: str) -> Iterator[Assertion]:
    """Yield the matches that a vocabulary states itself."""
    for said in statements:
        predicate = _OF_VOCABULARIES.get(said.predicate.value)
        subject, value = said.subject, said.object
        if predicate and isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode):
            yield Assertion(subject.value, predicate, value.value, graph)


def derive(asserted: Asserted, base: str) -> list[Chain]:
    """Return what follows and nobody says yet: of each pair the surest, in the order of pairs.

    A pair is told once, from our own thing if one of the two is ours.
    """
    steps: defaultdict[str, list[tuple[str, str, Assertion]]] = defaultdict(list)
    for match in sorted(set(asserted.matches), key=repr):
        steps[match.subject].append((match.predicate, match.object, match))
        steps[match.object].append((_BACKWARDS[match.predicate], match.subject, match))
    best: dict[Pair, Chain] = {}
    for start in steps:
        for chain in _from(start, steps):
            pair = (chain.subject, chain.object)
            if pair in asserted.known or not _is_told(pair, base):
                continue
            if pair not in best or _rank(chain) < _rank(best[pair]):
                best[pair] = chain
    surest = sorted(best.values(), key=_rank)
    return sorted(islice(surest, MOST), key=lambda chain: (chain.subject, chain.object))


def as_set(chains: Iterable[Chain], base: str) -> MappingSet:
    """Return chains as a mapping set, without what each rests on."""
    return MappingSet(
        DERIVED_SET,
        {
            "mapping_set_id": (f"{base}graph/mappings/{DERIVED_SET}",),
            "license": (LICENSE,),
            "mapping_set_title": ("Mappings that follow from others",),
        },
        mappings=tuple(
            mapping(
                subject_id=chain.subject,
                predicate_id=chain.predicate,
                object_id=chain.object,
                mapping_justification=CHAINING,
                confidence=chain.confidence,
            )
            for chain in chains
        ),
    )


def derived_quads(chains: list[Chain], invented: Set[str], base: str) -> Iterator[ox.Quad]:
    """Yield the set of derived mappings, each with the mappings that it was derived from.

    What rests on something invented is marked as invented.

    A statement of a table or vocabulary has no node of its own: it gets one that says what is
    stated and in which graph, an owl:Axiom that is no sssom:Mapping.
    """
    if not chains:
        return
    made, own = as_set(chains, base), quads.graph(DERIVED_SET, base)
    for triple, _, _ in quads.triples(made, base):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, own)
    for chain, derived in zip(chains, made.mappings, strict=True):
        node = quads.node(derived, DERIVED_SET, base)
        if not invented.isdisjoint(end for s in chain.steps for end in (s.subject, s.object)):
            illustrative = ox.NamedNode(f"{base}id/data-status/illustrative")
            yield ox.Quad(node, ox.NamedNode(f"{base}def#dataStatus"), illustrative, own)
        for step in chain.steps:
            source = ox.NamedNode(step.node) if step.node else _axiom(step, base)
            yield ox.Quad(node, _DERIVED_FROM, source, own)
            if step.node is None:
                for path, value in _said(step):
                    yield ox.Quad(source, path, value, own)


def _quads(
    recorded: ox.Store, subject: str | None, predicate: str
) -> Iterator[tuple[str, str, str]]:
    """Yield subject, value and graph of each statement between named things or with a literal."""
    node = ox.NamedNode(subject) if subject else None
    for quad in recorded.quads_for_pattern(node, ox.NamedNode(predicate), None, None):
        parts = (quad.subject, quad.object, quad.graph_name)
        if not any(isinstance(part, ox.BlankNode | ox.Triple | ox.DefaultGraph) for part in parts):
            yield tuple(part.value for part in parts)  # type: ignore[misc, union-attr]


def _one(recorded: ox.Store, subject: str, predicate: str) -> str:
    return next((value for _, value, _ in _quads(recorded, subject, predicate)), "")


def _from(start: str, steps: dict[str, list[tuple[str, str, Assertion]]]) -> Iterator[Chain]:
    """Yield the chains of two and more steps from a concept to another vocabulary."""
    home = vocabulary(start)
    reached: list[tuple[str, str, tuple[Assertion, ...]]] = [(EXACT, start, ())]
    for length in range(1, MOST_STEPS + 1):
        further = []
        for so_far, place, walked in reached:
            for predicate, target, step in steps.get(place, ()):
                follows = composed(so_far, predicate)
                if follows is None or step in walked or target == start:
                    continue
                further.append((follows, target, (*walked, step)))
        if length > 1:
            for predicate, target, walked in further:
                if vocabulary(target) != home:
                    yield Chain(start, predicate, target, walked)
        reached = further


def composed(first: str, second: str) -> str | None:
    """Return what two matches in a row come to, None if nothing follows."""
    if first == EXACT:
        return second
    if second == EXACT or (first == second and first in _TRANSITIVE):
        return first
    return None


def vocabulary(iri: str) -> str:
    """Return what tells the vocabulary of a concept: its address up to its own name."""
    found = _NAMESPACE.match(iri)
    return found[0] if found else iri


def _is_told(pair: Pair, base: str) -> bool:
    ours = tuple(iri.startswith(f"{base}id/") for iri in pair)
    return ours[0] if ours[0] != ours[1] else pair[0] < pair[1]


def _rank(chain: Chain) -> tuple[float, int, int, str]:
    """Return what puts the surest first, then the shortest, then the strongest."""
    sure = 1.0 if chain.confidence is None else chain.confidence
    return -sure, len(chain.steps), PREDICATES.index(chain.predicate), repr(chain)


def _axiom(step: Assertion, base: str) -> ox.NamedNode:
    said = mapping(subject_id=step.subject, predicate_id=step.predicate, object_id=step.object)
    return quads.node(said, step.graph, base)


def _said(step: Assertion) -> Iterator[tuple[ox.NamedNode, ox.NamedNode]]:
    yield _TYPE, _AXIOM
    yield _PART, ox.NamedNode(step.graph)
    for path, value in zip(_ENDS, (step.subject, step.predicate, step.object), strict=True):
        yield ox.NamedNode(path), ox.NamedNode(value)
