"""The disclosure check itself: what stands out is generalised, else suppressed, and told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from s4s_graph import cascade
from s4s_graph.anonymity import history
from s4s_graph.anonymity.grouping import Group, Grouped, equal, grouped
from s4s_graph.anonymity.history import Published
from s4s_graph.anonymity.ladders import Ladders, Value
from s4s_graph.anonymity.origins import Moved, moved
from s4s_graph.anonymity.profiles import Kinds, Node, Profile, node, profiles, worth
from s4s_graph.cascade import RDF_TYPE, Left, Thing
from s4s_graph.forms import Forms

GENERALISED = "generalised"  # a value became a wider one
SUPPRESSED = "suppressed"  # a value became none
WITHHELD = "withheld"  # something that took place there was left out
DROPPED = "dropped"  # the company was left out
MOVED = "moved"  # what is told of the company does not say in which file it stood
HELD_BACK = "held-back"  # the company was left out, since it would come or go alone


@dataclass(frozen=True)
class Change:
    """What was done for one company, and to which property or thing of it."""

    company: str
    what: str
    of: str = ""
    before: Value = None
    after: Value = None


@dataclass(frozen=True)
class Outcome:
    """What the check did.

    floor: how many companies have to look alike. companies: how many stayed. groups: how many
    kinds of look-alikes these make. alike: in how many of these all share a condition, so that
    whoever knows that a company is among them knows that of it. along: how many things went with
    what was left out, by segment.
    """

    floor: int
    companies: int = 0
    groups: int = 0
    alike: int = 0
    changes: tuple[Change, ...] = ()
    along: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Protected:
    """A graph in which nobody stands out; which statements are new in it, and what is gone."""

    quads: list[ox.Quad]
    new: frozenset[ox.Quad]
    gone: frozenset[Thing]
    outcome: Outcome


@dataclass(frozen=True)
class _Plan:
    """What to do: new values by company and property, and what goes."""

    values: Mapping[tuple[Node, str], Value]
    statements: frozenset[ox.Quad]
    things: frozenset[Node]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class _Safe:
    """A plan, what it leaves of a graph, the statements that are new in that, and its groups."""

    plan: _Plan
    left: Left
    new: frozenset[ox.Quad]
    groups: list[Group]


def protected(
    quads: Iterable[ox.Quad],
    forms: Forms,
    base: str,
    floor: int,
    before: Published,
) -> Protected:
    """Return a graph in which at least `floor` companies share all that can be known of them.

    before: what the current public release says of them. Equal graphs have equal results, and a
    release that nothing before it bound is made again of the same graph after itself.
    """
    quads = list(quads)
    kinds = Kinds.of(forms, base)
    if kinds is None or not (everyone := profiles(quads, kinds)):
        return Protected(quads, frozenset(), frozenset(), Outcome(floor))
    graph = _Graph(quads, everyone, kinds, forms, base, floor)
    safe = graph.safe({})
    if before and history.told(safe.groups) != before:
        safe = graph.safe(before)
    shown = moved(safe.left.quads, safe.groups, floor, base)
    along = _counted(quads, safe.left.gone - safe.plan.things, forms)
    fresh = safe.new | shown.new
    told = frozenset(quad for quad in shown.quads if quad in fresh)
    outcome = _outcome(shown, safe.groups, safe.plan.changes, along, floor, base)
    return Protected(shown.quads, told, safe.left.gone, outcome)


@dataclass(frozen=True)
class _Graph:
    """A graph and who is in it."""

    quads: list[ox.Quad]
    everyone: list[Profile]
    kinds: Kinds
    forms: Forms
    base: str
    floor: int

    def safe(self, before: Published) -> _Safe:
        """Return what can be told where that was told before."""
        ladders = Ladders.of(self.quads)
        events = {e for p in self.everyone for e in p.facts.values() if not isinstance(e, ox.Quad)}
        costs = worth(self.quads, events)
        out: dict[Profile, str] = {}
        while True:
            some = [profile for profile in self.everyone if profile not in out]
            found = grouped(some, ladders, costs, self.floor, before)
            if lone := list(history.alone(found.groups, before, self.floor)):
                out |= dict.fromkeys(lone, HELD_BACK)
                continue
            plan = _plan(found, out, self.kinds)
            result, new = _replaced(self.quads, plan)
            left = cascade.without(result, plan.things, self.forms, self.base)
            rest = equal(profiles(left.quads, self.kinds) if plan.changes else self.everyone)
            small = {m.company for some in rest if len(some) < self.floor for m in some.members}
            if not small:
                return _Safe(plan, left, new, rest)
            # What went along took something else away that could be known of a company.
            out |= {p: DROPPED for p in self.everyone if p.company in small}


def _outcome(
    shown: Moved,
    groups: list[Group],
    changes: Iterable[Change],
    along: Mapping[str, int],
    floor: int,
    base: str,
) -> Outcome:
    companies = [[member.company for member in group.members] for group in groups]
    return Outcome(
        floor,
        sum(map(len, companies)),
        len(companies),
        _alike(shown.quads, companies, base),
        (*changes, *(Change(str(company), MOVED) for company in shown.companies)),
        along,
    )


def _plan(found: Grouped, out: Mapping[Profile, str], kinds: Kinds) -> _Plan:
    values: dict[tuple[Node, str], Value] = {}
    hidden: list[Node | ox.Quad] = []
    changes: list[Change] = []
    for group in found.groups:
        for member in group.members:
            company = str(member.company)
            for trait, old, new in zip(kinds.traits, member.traits, group.traits, strict=True):
                if old != new:
                    values[member.company, trait.path] = new
                    what = SUPPRESSED if new is None else GENERALISED
                    changes.append(Change(company, what, trait.path, old, new))
            for fact in sorted(member.facts.keys() - group.facts):
                hidden.append(member.facts[fact])
                changes.append(Change(company, WITHHELD, _of(member.facts[fact])))
    left_out = {**dict.fromkeys(found.dropped, DROPPED), **out}
    changes += (Change(str(profile.company), what) for profile, what in left_out.items())
    things = {one for one in hidden if not isinstance(one, ox.Quad)}
    return _Plan(
        values,
        frozenset(one for one in hidden if isinstance(one, ox.Quad)),
        frozenset(things | {profile.company for profile in left_out}),
        tuple(sorted(changes, key=lambda change: (change.company, change.what, change.of))),
    )


def _of(hidden: Node | ox.Quad) -> str:
    return hidden.predicate.value if isinstance(hidden, ox.Quad) else str(hidden)


def _replaced(quads: Iterable[ox.Quad], plan: _Plan) -> tuple[list[ox.Quad], frozenset[ox.Quad]]:
    """Return the graph with other values, and the statements that came."""
    if not plan.values and not plan.statements:
        return list(quads), frozenset()
    kept: list[ox.Quad] = []
    new: set[ox.Quad] = set()
    companies = {company for company, _ in plan.values}
    for quad in quads:
        if quad in plan.statements:
            continue
        if quad.subject not in companies:
            kept.append(quad)
            continue
        key = (node(quad.subject), quad.predicate.value)
        if key not in plan.values:
            kept.append(quad)
        elif value := plan.values[key]:
            wider = ox.NamedNode(value.strip("<>"))
            new.add(ox.Quad(quad.subject, quad.predicate, wider, quad.graph_name))
    return [*kept, *sorted(new, key=str)], frozenset(new)


def _counted(quads: Iterable[ox.Quad], gone: Iterable[Thing], forms: Forms) -> Mapping[str, int]:
    gone = frozenset(gone)
    found: Counter[str] = Counter()
    if gone:
        kinds = {
            (quad.subject, form.segment)
            for quad in quads
            if quad.predicate == RDF_TYPE
            and quad.subject in gone
            and isinstance(quad.object, ox.NamedNode)
            and (form := forms.by_class(quad.object.value))
        }
        found.update(segment for _, segment in kinds)
    return dict(sorted(found.items()))


def _alike(quads: Iterable[ox.Quad], groups: list[list[Node]], base: str) -> int:
    """Count the groups of which all companies have, or lack, the same condition."""
    says = {ox.NamedNode(f"{base}def#{name}") for name in ("hasCondition", "lacksCondition")}
    known: dict[Node, set[tuple[str, str]]] = {
        company: set() for some in groups for company in some
    }
    for quad in quads:
        if quad.predicate in says and quad.subject in known:
            known[node(quad.subject)].add((quad.predicate.value, str(quad.object)))
    return sum(bool(set.intersection(*(known[one] for one in some))) for some in groups)


def by_kind(outcome: Outcome) -> Iterator[tuple[str, str, int]]:
    """Yield what was done, to which property, and how often: nothing about any one company."""
    counts = Counter(
        (change.what, change.of if change.what in (GENERALISED, SUPPRESSED) else "")
        for change in outcome.changes
    )
    yield from ((what, of, number) for (what, of), number in sorted(counts.items()))
