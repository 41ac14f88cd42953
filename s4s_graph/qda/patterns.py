"""Sets and links of codes as configurations.

A set with an outcome and a context or mechanism is one configuration. Links outside such sets make
one for each mechanism that they join to an outcome, and one for each context that they join to an
outcome at once. A link goes by the roles of its ends, but where it runs from or to a mechanism its
direction tells what comes before and what after: an outcome that leads to a mechanism is a context.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from s4s_graph.forms import Text
from s4s_graph.headings import fold
from s4s_graph.qda import words
from s4s_graph.qda.coding import (
    ACTOR,
    CONTEXT,
    INTERVENTION,
    OUTCOME,
    RESOURCE,
    RESPONSE,
    Coding,
)
from s4s_graph.qda.concepts import Concept, Concepts
from s4s_graph.qda.model import Link, Project, Set
from s4s_graph.qda.words import Told

_CONDITIONS = (CONTEXT, OUTCOME)
_HALVES = (RESOURCE, RESPONSE)
# A resource, a response, or both.
Pair = tuple[Concept | None, Concept | None]


@dataclass
class Pattern:
    """What becomes a configuration; `name` and `statement` are empty where links made it."""

    guid: str
    told: Text
    name: str = ""
    statement: str = ""
    pairs: list[Pair] = field(default_factory=list)
    contexts: list[Concept] = field(default_factory=list)
    hindrances: list[Concept] = field(default_factory=list)
    outcomes: list[Concept] = field(default_factory=list)
    undermined: list[Concept] = field(default_factory=list)
    actors: list[Concept] = field(default_factory=list)
    interventions: list[Concept] = field(default_factory=list)

    def parts(self) -> list[list[Concept]]:
        """Return the codes of each part that must be seen in a case: what it has of C, M and O."""
        halves = [concept for pair in self.pairs for concept in pair if concept]
        return [part for part in (self.contexts, halves, self.outcomes) if part]


def patterns(
    project: Project, concepts: Concepts, coding: Coding
) -> tuple[list[Pattern], list[Told]]:
    """Return the patterns of a project, and what could not be made one."""
    told: list[Told] = []
    found: list[Pattern] = []
    links = [link for link in project.links if fold(link.name) not in coding.ignored]
    inside: set[str] = set()
    for set_ in project.sets:
        if set_.guid not in concepts.root_sets:
            own = _within(set_, links)
            pattern = _of_set(set_, own, concepts, coding, told)
            if pattern:
                found.append(pattern)
                inside |= {link.guid for link in own}
    chains = _Chains(concepts, coding)
    for link in links:
        # Which resource calls up which response holds beyond the set that it stands in.
        if link.guid not in inside or chains.is_pair(link):
            chains.add(link)
    found += chains.patterns()
    used = inside | chains.used
    ends = concepts.by_guid
    told += [
        words.left_out(words.link(link), words.NO_CHAIN)
        for link in project.links
        if link.guid not in used and link.origin in ends and link.target in ends
    ]
    return found, told


def _within(set_: Set, links: Iterable[Link]) -> list[Link]:
    members = set(set_.codes)
    return [link for link in links if {link.origin, link.target} <= members]


def _of_set(
    set_: Set, links: Sequence[Link], concepts: Concepts, coding: Coding, told: list[Told]
) -> Pattern | None:
    of = concepts.of
    contexts, outcomes = of(set_.codes, CONTEXT), of(set_.codes, OUTCOME)
    resources, responses = of(set_.codes, RESOURCE), of(set_.codes, RESPONSE)
    if not outcomes or not (contexts or resources or responses):
        told.append(words.left_out(words.set_(set_), words.NO_PATTERN))
        return None
    hindering = {link.origin for link in links if fold(link.name) in coding.hinders} & {
        concept.code.guid for concept in contexts
    }
    pairs = _pairs(resources, responses, links)
    if pairs is None:
        message = words.no_sure_pairs(len(resources), len(responses))
        told.append(words.left_out(words.set_(set_), message))
    return Pattern(
        guid=set_.guid,
        told=words.set_(set_),
        name=set_.name,
        statement=set_.description,
        pairs=pairs or [],
        contexts=[c for c in contexts if c.code.guid not in hindering],
        hindrances=[c for c in contexts if c.code.guid in hindering],
        outcomes=outcomes,
        actors=of(set_.codes, ACTOR),
        interventions=of(set_.codes, INTERVENTION),
    )


def _pairs(
    resources: Sequence[Concept], responses: Sequence[Concept], links: Sequence[Link]
) -> list[Pair] | None:
    """Return which resource goes with which response; None if that is not sure."""
    if not resources or not responses:
        return [*((one, None) for one in resources), *((None, one) for one in responses)]
    if min(len(resources), len(responses)) == 1:
        return [(resource, response) for resource in resources for response in responses]
    joined = {frozenset((link.origin, link.target)) for link in links}
    pairs: list[Pair] = [
        (resource, response)
        for resource in resources
        for response in responses
        if frozenset((resource.code.guid, response.code.guid)) in joined
    ]
    covered = {concept for pair in pairs for concept in pair}
    return pairs if covered >= {*resources, *responses} else None


class _Chains:
    """Configurations from links, as they are added; `used` are the links that say something."""

    def __init__(self, concepts: Concepts, coding: Coding) -> None:
        self._concepts = concepts
        self._coding = coding
        self._pairs: dict[tuple[str, str], Link] = {}
        self._direct: list[tuple[Link, Concept, Concept]] = []
        # By the guid of a resource or response: its link with what stands at the other end.
        self._around: dict[str, dict[str, list[tuple[Link, Concept]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.used: set[str] = set()

    def add(self, link: Link) -> None:
        """Take a link into account, if both ends have a role."""
        ends = [self._concepts.by_guid.get(end) for end in (link.origin, link.target)]
        origin, target = ends
        if origin is None or target is None:
            return
        if not link.is_directed and _order(origin) > _order(target):
            origin, target = target, origin
        hinders = fold(link.name) in self._coding.hinders
        halves = [end for end in (origin, target) if end.role in _HALVES]
        if self.is_pair(link):
            self._pair(link, origin, target)
        elif len(halves) == 1:
            half, other = halves[0], target if halves[0] is origin else origin
            self._around[half.code.guid][_part(half, origin, other, hinders)].append((link, other))
        elif (origin.role, target.role) == (CONTEXT, OUTCOME) and origin.id != target.id:
            self._direct.append((link, origin, target))

    def is_pair(self, link: Link) -> bool:
        """Tell whether a link joins a resource and a response."""
        ends = (self._concepts.by_guid.get(end) for end in (link.origin, link.target))
        return {end.role for end in ends if end} == set(_HALVES)

    def _pair(self, link: Link, origin: Concept, target: Concept) -> None:
        resource, response = sorted((origin, target), key=_order)
        self._pairs.setdefault((resource.code.guid, response.code.guid), link)

    def patterns(self) -> Iterator[Pattern]:
        """Yield a pattern for each mechanism and each direct link that leads to an outcome."""
        by_guid = self._concepts.by_guid
        paired = {guid for pair in self._pairs for guid in pair}
        mechanisms: list[tuple[str, Text, Pair]] = [
            (link.guid, words.link(link), (by_guid[resource], by_guid[response]))
            for (resource, response), link in self._pairs.items()
        ]
        for guid in list(self._around):
            if guid not in paired:
                half = by_guid[guid]
                pair: Pair = (half, None) if half.role == RESOURCE else (None, half)
                mechanisms.append((guid, words.code(half.code), pair))
        for guid, told, pair in mechanisms:
            if pattern := self._mechanism(guid, told, pair):
                yield pattern
        for link, context, outcome in self._direct:
            hinders = fold(link.name) in self._coding.hinders
            self.used.add(link.guid)
            yield Pattern(
                guid=link.guid,
                told=words.link(link),
                contexts=[] if hinders else [context],
                hindrances=[context] if hinders else [],
                outcomes=[outcome],
            )

    def _mechanism(self, guid: str, told: Text, pair: Pair) -> Pattern | None:
        halves = [half.code.guid for half in pair if half]
        around: dict[str, list[tuple[Link, Concept]]] = defaultdict(list)
        for half in halves:
            for part, found in self._around.get(half, {}).items():
                around[part] += found
        if not around["outcomes"] and not around["undermined"]:
            return None
        self.used |= {link.guid for found in around.values() for link, _ in found}
        if joined := self._pairs.get((halves[0], halves[-1])):
            self.used.add(joined.guid)
        pattern = Pattern(guid, told, pairs=[pair])
        for part, found in around.items():
            setattr(pattern, part, list(dict.fromkeys(concept for _, concept in found)))
        return pattern


def _order(concept: Concept) -> int:
    """Return the place of a role in a chain."""
    return (ACTOR, INTERVENTION, CONTEXT, RESOURCE, RESPONSE, OUTCOME).index(concept.role)


def _part(half: Concept, origin: Concept, other: Concept, hinders: bool) -> str:
    """Return which part of a pattern the other end of a link of a resource or response is."""
    if other.role in (ACTOR, INTERVENTION):
        return "actors" if other.role == ACTOR else "interventions"
    if origin is half:
        return "undermined" if hinders else "outcomes"
    return "hindrances" if hinders else "contexts"
