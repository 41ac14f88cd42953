"""What someone outside can know of a company: the values and the events that a graph reveals.

Which these are is said by the shapes. A field of a company that is a quasi-identifier is a trait.
Where a field of something else that refers to a company is one, whatever that is took place at
the company, and all that is said of it but its words can be known: what was deployed, in which
year; in which round the company was studied, and what of.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from s4s_graph.anonymity.ladders import Value
from s4s_graph.cascade import RDF_TYPE
from s4s_graph.forms import Field, Form, Forms

_WORDS = ("text", "string")
_OURS = ("Provenance", "Restricted")  # groups of fields about a row, not about what happened

Node = ox.NamedNode | ox.BlankNode
Statements = Mapping[Node, list[ox.Quad]]
Signature = tuple[tuple[Value, ...], frozenset[str]]  # all that can be known of a company


@dataclass(frozen=True, eq=False)
class Profile:
    """What can be known of one company.

    traits: a value for each of `Kinds.traits`, or None. facts: for each thing that took place
    there what makes it knowable, and for each further value of a field with several; what can be
    taken away to hide it. statements: what is said of the company, as its worth.
    """

    company: Node
    traits: tuple[Value, ...]
    facts: Mapping[str, Node | ox.Quad]
    statements: int

    @property
    def signature(self) -> Signature:
        """All of it, to hold against that of others."""
        return self.traits, frozenset(self.facts)


@dataclass(frozen=True)
class Kinds:
    """Which fields count: traits of a company, others of it, and what refers to it.

    telling: the forms of all that tells of a company: itself, what took place there, and what
    refers to that.
    """

    company: Form
    traits: tuple[Field, ...]
    several: tuple[Field, ...]
    events: Mapping[str, tuple[Form, Field]]
    telling: tuple[Form, ...]

    @classmethod
    def of(cls, forms: Forms, base: str) -> "Kinds | None":
        """Read them from the forms; None when these know no companies."""
        company = forms.by_class(f"{base}def#Company")
        if company is None:
            return None
        known = [field for field in company.fields if field.quasi_identifier and not field.inverse]
        events = {
            form.class_iri: (form, field)
            for form, field in forms.pointing_at(company.segment)
            if form.class_iri and field.quasi_identifier and not field.inverse
        }
        telling = {company.segment: company}
        for event, _ in events.values():
            telling[event.segment] = event
            telling |= {form.segment: form for form, _ in forms.pointing_at(event.segment)}
        return cls(
            company,
            tuple(field for field in known if field.maximum == 1),
            tuple(field for field in known if field.maximum != 1),
            events,
            tuple(telling.values()),
        )


def profiles(quads: Iterable[ox.Quad], kinds: Kinds) -> list[Profile]:
    """Return the profiles of all companies in a graph, by address."""
    said, companies, events = _gathered(list(quads), kinds)
    at: dict[Node, list[Node]] = defaultdict(list)
    for event, (_, field) in sorted(events.items(), key=lambda item: str(item[0])):
        for quad in said[event]:
            if quad.predicate.value == field.path and quad.object in companies:
                at[node(quad.object)].append(event)
    return [
        _profile(company, said, at[company], events, kinds)
        for company in sorted(companies, key=str)
    ]


def _gathered(
    quads: list[ox.Quad], kinds: Kinds
) -> tuple[Statements, set[Node], Mapping[Node, tuple[Form, Field]]]:
    companies: set[Node] = set()
    events: dict[Node, tuple[Form, Field]] = {}
    for quad in quads:
        if quad.predicate == RDF_TYPE and isinstance(quad.object, ox.NamedNode):
            if quad.object.value == kinds.company.class_iri:
                companies.add(node(quad.subject))
            elif quad.object.value in kinds.events:
                events[node(quad.subject)] = kinds.events[quad.object.value]
    said: dict[Node, list[ox.Quad]] = defaultdict(list)
    wanted = companies | events.keys()
    for quad in quads:
        if (subject := quad.subject) in wanted:
            said[node(subject)].append(quad)
    return said, companies, events


def _profile(
    company: Node,
    said: Statements,
    events: list[Node],
    kinds_of: Mapping[Node, tuple[Form, Field]],
    kinds: Kinds,
) -> Profile:
    traits = tuple(
        min((str(q.object) for q in said[company] if q.predicate.value == field.path), default=None)
        for field in kinds.traits
    )
    facts: dict[str, Node | ox.Quad] = {}
    for field in kinds.several:
        for quad in said[company]:
            if quad.predicate.value == field.path:
                facts[f"{field.path} {quad.object}"] = quad
    seen: Counter[str] = Counter()
    for event in events:
        fact = _fact(event, company, said, kinds_of)
        # Two deployments of one version in one year are two facts.
        seen[fact] += 1
        facts[f"{fact} {seen[fact]}"] = event
    return Profile(company, traits, facts, len(said[company]))


def _fact(
    event: Node,
    company: Node,
    said: Statements,
    kinds_of: Mapping[Node, tuple[Form, Field]],
    is_named: bool = False,
) -> str:
    """Return what can be known of an event, in words that are equal for equal events.

    Another event that it names counts by what can be known of that one, since its own name has
    the company in it.
    """
    form, _ = kinds_of[event]
    knowable = {f.path for f in form.fields if f.kind not in _WORDS and f.group not in _OURS}
    parts = set()
    for quad in said[event]:
        if quad.predicate.value not in knowable or quad.object == company:
            continue
        value = str(quad.object)
        if quad.object in kinds_of:
            # What a named event names in turn may lead back here.
            value = "" if is_named else _fact(node(quad.object), company, said, kinds_of, True)
        parts.add(f"{quad.predicate.value} {value}")
    return f"{form.segment}({'; '.join(sorted(parts))})"


def worth(quads: Iterable[ox.Quad], events: Iterable[Node]) -> Mapping[Node, int]:
    """Return how many statements go when an event goes: its own, and those about its findings."""
    quads, counted = list(quads), set(events)
    about: dict[Node, set[Node]] = defaultdict(set)
    for quad in quads:
        if (value := quad.object) in counted and (subject := quad.subject) not in counted:
            about[node(value)].add(node(subject))
    related = counted.union(*about.values())
    sizes = Counter(subject for quad in quads if (subject := quad.subject) in related)
    return {event: sizes[event] + sum(sizes[other] for other in about[event]) for event in counted}


def node(term: object) -> Node:
    """Return a term that is a thing; statements about statements are refused when read."""
    if not isinstance(term, ox.NamedNode | ox.BlankNode):
        raise TypeError(f"{term} is no thing")
    return term
