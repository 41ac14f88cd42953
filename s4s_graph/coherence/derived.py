"""What coherence gives, as RDF beside the data it was computed from, so that SPARQL sees it too."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from s4s_graph.coherence.conflicts import conflicts
from s4s_graph.coherence.links import Links, Standing, instances, links
from s4s_graph.coherence.model import Level, World
from s4s_graph.coherence.overlaps import overlaps
from s4s_graph.coherence.read import slug
from s4s_graph.coherence.summary import LEVELS, Report
from s4s_graph.coherence.view import View
from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD
from s4s_graph.store import Store

# Beyond this there is one triple for each pair and no more: what a pair rests on takes ten times
# as many, and can be computed when someone asks.
MOST_LINKS = 20_000

ALL_YEARS = Text("alle jaren", "all years")

Pair = tuple[str, str]


def quads(
    world: World, reports: Iterable[Report], invented: Collection[str], store: Store, base: str
) -> list[ox.Quad]:
    """Return what goes to the graph of what is derived.

    world: as it is now, so `valid(world, None)`. invented: the things that are illustrative. store:
    for the names of things. Without configurations there is nothing to compute, so no quads.
    """
    if not world.configurations:
        return []
    names = _Names(store, base)
    views = [_view(world, level) for level in LEVELS]
    found = [(view, links(view)) for view in views]
    triples = [triple for view, linked in found for triple in _pairs(view, linked, names)]
    if sum(len(linked.pairs) for _, linked in found) <= MOST_LINKS:
        for view, linked in found:
            triples += _details(view, linked, invented, names)
    for report in reports:
        triples += _report(report, names)
    graph = ox.NamedNode(f"{base}graph/derived")
    return [ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]


@dataclass(frozen=True)
class _Names:
    """Makes the addresses of terms and things, and knows what things are called."""

    store: Store
    base: str

    def term(self, name: str) -> ox.NamedNode:
        return ox.NamedNode(f"{self.base}def#{name}")

    def thing(self, segment: str, name: str) -> ox.NamedNode:
        return ox.NamedNode(f"{self.base}id/{segment}/{name}")

    def called(self, iris: Collection[str]) -> dict[str, Text]:
        """Return the name of each thing, its slug where it has none."""
        nl, en = (self.store.labels(iris, lang) for lang in ("nl", "en"))
        return {
            iri: Text(nl[iri].text, en[iri].text) if iri in nl else Text(slug(iri), slug(iri))
            for iri in iris
        }

    def of(self, node: ox.NamedNode) -> Text:
        return self.called([node.value])[node.value]

    def described(
        self, thing: ox.NamedNode, kind: str, name: Text, *, illustrative: bool
    ) -> Iterator[ox.Triple]:
        status = self.thing("data-status", "illustrative" if illustrative else "computed")
        yield ox.Triple(thing, _TYPE, self.term(kind))
        yield ox.Triple(thing, _LABEL, ox.Literal(name.nl, language="nl"))
        yield ox.Triple(thing, _LABEL, ox.Literal(name.en, language="en"))
        yield ox.Triple(thing, self.term("dataStatus"), status)


def _view(world: World, level: Level) -> View:
    # What is known of a kind is not copied to its interventions: one statement would become many.
    own = {
        name: item
        for name, item in world.configurations.items()
        if level == "kinds" or item.subject in world.interventions
    }
    return View(replace(world, configurations=own), level)


def _pairs(view: View, linked: Links, names: _Names) -> Iterator[ox.Triple]:
    shared = overlaps(view, linked).pairs
    nodes = {subject: ox.NamedNode(subject) for subject in view.subjects}
    for name, pairs in (
        ("feedsInto", linked.pairs),
        ("breaksAt", linked.breaks),
        ("conflictsWith", conflicts(view).pairs),
        ("overlapsWith", shared | shared.turned),
    ):
        predicate = names.term(name)
        for origin, target in pairs:
            yield ox.Triple(nodes[origin], predicate, nodes[target])


def _details(
    view: View, linked: Links, invented: Collection[str], names: _Names
) -> Iterator[ox.Triple]:
    called = names.called(view.subjects)
    ids = {pair: _id(view.level, pair) for pair in linked.pairs}
    used = Counter(ids.values())
    for standing, pairs in linked.by_standing.items():
        for pair in pairs:
            # Slugs that have two hyphens themselves may give two pairs one id: then neither has it.
            if used[ids[pair]] == 1:
                origin, target = (called[subject] for subject in pair)
                name = Text(f"{origin.nl} → {target.nl}", f"{origin.en} → {target.en}")
                thing = names.thing("derived-link", ids[pair])
                yield from _link(view, pair, standing, invented, names, thing, name)


def _link(
    view: View,
    pair: Pair,
    standing: Standing,
    invented: Collection[str],
    names: _Names,
    thing: ox.NamedNode,
    name: Text,
) -> Iterator[ox.Triple]:
    proper = [item for item in instances(view, *pair) if not item.breaks]
    sources = {side.configuration.id for item in proper for side in (item.giver, item.taker)}
    illustrative = not sources.isdisjoint(invented)
    yield from names.described(thing, "DerivedLink", name, illustrative=illustrative)
    yield ox.Triple(thing, names.term("linkFrom"), ox.NamedNode(pair[0]))
    yield ox.Triple(thing, names.term("linkTo"), ox.NamedNode(pair[1]))
    yield ox.Triple(thing, names.term("standing"), names.thing("standing", standing))
    for made in {item.made for item in proper}:
        yield ox.Triple(thing, names.term("via"), ox.NamedNode(made))
    for source in sources:
        yield ox.Triple(thing, _DERIVED_FROM, ox.NamedNode(source))


def _id(level: Level, pair: Pair) -> str:
    names = "--".join(map(slug, pair))
    return names if level == "interventions" else f"{level}--{names}"


def _report(report: Report, names: _Names) -> Iterator[ox.Triple]:
    when = Text(str(report.year), str(report.year)) if report.year else ALL_YEARS
    name = f"{report.year or 'all'}--{report.level}"
    thing = names.thing("coherence-report", name)
    level = names.thing("coherence-level", report.level)
    title = _joined(names.of(level), when)
    yield from names.described(thing, "CoherenceReport", title, illustrative=report.illustrative)
    yield ox.Triple(thing, names.term("coherenceLevel"), level)
    if report.year is not None:
        yield ox.Triple(thing, names.term("year"), _literal(str(report.year), "gYear"))
    for indicator, share in report.indicators.items():
        kind = names.thing("indicator", indicator)
        value = names.thing("indicator-value", f"{name}--{indicator}")
        called = _joined(names.of(kind), title)
        made_up = indicator in report.invented
        yield from names.described(value, "IndicatorValue", called, illustrative=made_up)
        yield ox.Triple(value, names.term("inReport"), thing)
        yield ox.Triple(value, names.term("indicator"), kind)
        yield ox.Triple(value, names.term("numerator"), _literal(str(share.n), "integer"))
        yield ox.Triple(value, names.term("denominator"), _literal(str(share.d), "integer"))
        if share.value is not None:
            yield ox.Triple(value, names.term("value"), _literal(f"{share.value:.4f}", "decimal"))


def _joined(one: Text, other: Text) -> Text:
    return Text(f"{one.nl}, {other.nl}", f"{one.en}, {other.en}")


def _literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(STANDARD["xsd"] + datatype))


_TYPE = ox.NamedNode(STANDARD["rdf"] + "type")
_LABEL = ox.NamedNode(STANDARD["skos"] + "prefLabel")
_DERIVED_FROM = ox.NamedNode(STANDARD["prov"] + "wasDerivedFrom")
