"""What a holder may see of everything: its own field work, and nothing confidential of others.

Only what is known to be the holder's stays. What cannot be told, such as a case that says of no
intervention what it investigates, is nobody's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from s4s_graph import cascade, disclosure
from s4s_graph.cascade import RDF_TYPE, Thing
from s4s_graph.forms import Forms
from s4s_graph.namespaces import STANDARD

_WORK = ("Deployment", "CaseStudy", "MirrorSession", "HolderResponse")
_COMPANY = "Company"


def owned(quads: Iterable[ox.Quad], holder: str, forms: Forms, base: str) -> list[ox.Quad]:
    """Return what the holder with this IRI may see of what people recorded.

    Its own are its interventions, their versions, and the field work on these alone: work that is
    also on interventions of others is left to who may see everything. Of a company where others
    work as well it sees what was observed there, and no restricted value, for that may have come
    from a conversation about their interventions. Field work of others is gone with its companies;
    of anything else the restricted statements are.
    """
    quads = list(quads)
    facts = _Facts.of(quads, holder, base)
    mine = facts.mine()
    marked = disclosure.marked_things(quads, base)
    apart = {*disclosure.in_graphs(quads, marked, base), *_in_restricted_files(quads, base)}
    hidden = {quad for quad in apart if quad.subject not in mine}
    paths = disclosure.restricted_paths(forms)
    open_ = [
        quad
        for quad in quads
        if quad not in hidden and (quad.subject in mine or quad.predicate.value not in paths)
    ]
    # A graph that is marked is no thing: what of it is the holder's stays.
    things = {thing for thing in marked if not thing.value.startswith(f"{base}graph/")}
    gone = facts.others() | (things - mine) | (disclosure.only_there(hidden, open_) - mine)
    return cascade.without(open_, gone, forms, base).quads


def _in_restricted_files(quads: Iterable[ox.Quad], base: str) -> Iterator[ox.Quad]:
    for quad in quads:
        graph = getattr(quad.graph_name, "value", "")
        if disclosure.RESTRICTED in graph.removeprefix(f"{base}graph/").split("/")[:-1]:
            yield quad


@dataclass(frozen=True)
class _Facts:
    """What a graph says about who holds what, and where it took place.

    held: the interventions of the holder. parents: what a thing is a part of or about. work: the
    things of the field work. companies: what took place at each. pointed: what a thing refers to.
    """

    holder: Thing
    held: set[Thing]
    parents: Mapping[Thing, set[Thing]]
    work: set[Thing]
    companies: dict[Thing, set[Thing]]
    pointed: Mapping[Thing, set[Thing]]

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], holder: str, base: str) -> "_Facts":
        def term(name: str) -> ox.NamedNode:
            return ox.NamedNode(f"{base}def#{name}")

        field = {term(name) for name in ("deploys", "investigates", "fromCase", "respondsTo")}
        about = {ox.NamedNode(f"{STANDARD['dcat']}isVersionOf"), term("aboutIntervention")}
        at, held_by, company = term("atCompany"), term("holder"), term(_COMPANY)
        kinds = {term(name) for name in _WORK}
        facts = cls(ox.NamedNode(holder), set(), defaultdict(set), set(), {}, defaultdict(set))
        for quad in quads:
            subject, value = quad.subject, quad.object
            if not isinstance(subject, Thing) or not isinstance(value, Thing):
                continue
            if quad.predicate in field or quad.predicate in about:
                facts.parents[subject].add(value)
            if quad.predicate in field or quad.predicate == at:
                facts.work.add(subject)
            if quad.predicate == at:
                facts.companies.setdefault(value, set()).add(subject)
            if quad.predicate == RDF_TYPE and value in kinds:
                facts.work.add(subject)
            elif quad.predicate == RDF_TYPE and value == company:
                facts.companies.setdefault(subject, set())
            elif quad.predicate == held_by and value == facts.holder:
                facts.held.add(subject)
            facts.pointed[subject].add(value)
        return facts

    def mine(self) -> set[Thing]:
        """Return the things of which the holder may see restricted values and statements."""
        work = {thing for thing in self.work if self.is_mine(thing)}
        known = {thing for thing in self.parents if self.is_mine(thing)} | self.held
        others = {*self.work, *self.companies, *self.parents}
        used = {thing for one in work for thing in self.pointed[one]} - others
        alone = {company for company in self.companies if self.holders_work(company) == {True}}
        return work | known | used | alone | {self.holder}

    def others(self) -> set[Thing]:
        """Return the field work, and the companies, that are not the holder's."""
        return {thing for thing in self.work if not self.is_mine(thing)} | {
            company for company in self.companies if True not in self.holders_work(company)
        }

    def is_mine(self, thing: Thing) -> bool:
        """Tell whether all that a thing is in the end about is held by the holder."""
        roots = set(self.roots(thing))
        return bool(roots) and roots <= self.held

    def holders_work(self, company: Thing) -> set[bool]:
        """Return whether the work at a company is the holder's; both if it is of several."""
        return {self.is_mine(thing) for thing in self.companies[company]}

    def roots(self, thing: Thing) -> Iterator[Thing]:
        """Yield what a thing is in the end about."""
        seen, open_ = {thing}, [thing]
        while open_:
            one = open_.pop()
            above = self.parents.get(one, set())
            if not above:
                yield one
            open_ += above - seen
            seen |= above
