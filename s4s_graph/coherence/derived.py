"""What coherence gives, as RDF beside the data it was computed from, so that SPARQL sees it too."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

import pyoxigraph as ox

from s4s_graph.coherence import conflicts, links, overlaps
from s4s_graph.coherence.links import STANDINGS, Standing
from s4s_graph.coherence.loops import groups
from s4s_graph.coherence.model import Level, World, valid
from s4s_graph.coherence.pairs import Pairs, members
from s4s_graph.coherence.read import Reader, slug
from s4s_graph.coherence.summary import LEVELS, Report, Summary, summarise
from s4s_graph.coherence.view import View
from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD
from s4s_graph.store import Store

# Beyond this there is one triple for each pair and no more: what a pair rests on takes ten times
# as many, and can be computed when someone asks.
MOST_LINKS = 20_000
# Of each property. Ten thousand interventions can make millions of pairs, which would be many times
# the data; the links of the best standing come first.
MOST_PAIRS = 500_000

ALL_YEARS = Text("alle jaren", "all years")

Pair = tuple[str, str]
Triple = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]


@dataclass(frozen=True)
class Derived:
    """What a build adds to what people recorded; the quads are made while they are read."""

    quads: Iterator[ox.Quad]
    summary: Summary


def derive(store: Store, base: str) -> Derived:
    """Compute everything from a graph that holds what people recorded."""
    reader = Reader(store)
    world, invented = reader.world(), reader.invented()
    summary = summarise(world, invented)
    now = valid(world, None)
    return Derived(quads(now, summary.reports, invented, store, base), summary)


def quads(
    world: World, reports: Iterable[Report], invented: Collection[str], store: Store, base: str
) -> Iterator[ox.Quad]:
    """Yield what goes to the graph of what is derived.

    world: as it is now, so `valid(world, None)`. invented: the things that are illustrative. store:
    for the names of things. Without configurations there is nothing to compute, so no quads.
    """
    if not world.configurations:
        return
    names = _Names(store, base)
    views = [_view(world, level) for level in LEVELS]
    sizes = [_sizes(view) for view in views]
    few = sum(size.total() for size in sizes) <= MOST_LINKS
    triples = chain(
        *(_pairs(view, size, names) for view, size in zip(views, sizes, strict=True)),
        *(_circles(view, names) for view in views),
        *(_details(view, invented, names) for view in views if few),
        *(_report(report, names) for report in reports),
    )
    graph = ox.NamedNode(f"{base}graph/derived")
    for triple in triples:
        yield ox.Quad(*triple, graph)


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
    ) -> Iterator[Triple]:
        status = self.thing("data-status", "illustrative" if illustrative else "computed")
        yield thing, _TYPE, self.term(kind)
        yield thing, _LABEL, ox.Literal(name.nl, language="nl")
        yield thing, _LABEL, ox.Literal(name.en, language="en")
        yield thing, self.term("dataStatus"), status


def _view(world: World, level: Level) -> View:
    # What is known of a kind is not copied to its interventions: one statement would become many.
    own = {
        name: item
        for name, item in world.configurations.items()
        if level == "kinds" or item.subject in world.interventions
    }
    return View(replace(world, configurations=own), level)


def _sizes(view: View) -> Counter[Standing]:
    """Return how many links there are of each standing."""
    found: Counter[Standing] = Counter()
    for row in links.rows(view):
        for standing, bits in row.by_standing.items():
            found[standing] += bits.bit_count()
    return found


def _pairs(view: View, sizes: Counter[Standing], names: _Names) -> Iterator[Triple]:
    nodes = tuple(map(ox.NamedNode, view.subjects))
    against = conflicts.rows(view, conflicts.harmed(view))
    # One by one, since all together may be too many.
    for name, rows in (
        ("feedsInto", _by_standing(view, sizes)),
        ("breaksAt", enumerate(row.broken & ~row.links for row in links.rows(view))),
        ("conflictsWith", enumerate(map(conflicts.anyhow, against))),
        ("overlapsWith", enumerate(row for row, _ in overlaps.rows(view))),
    ):
        predicate = names.term(name)
        pairs = ((origin, target) for origin, row in rows for target in members(row))
        for origin, target in islice(pairs, MOST_PAIRS):
            yield nodes[origin], predicate, nodes[target]


def _by_standing(view: View, sizes: Counter[Standing]) -> Iterator[tuple[int, int]]:
    """Yield the place of each subject with the bits of its links, once for each standing."""
    for standing in (name for name in STANDINGS if sizes[name]):
        for place, row in enumerate(links.rows(view)):
            yield place, row.by_standing[standing]


def _circles(view: View, names: _Names) -> Iterator[Triple]:
    pairs = Pairs(view.subjects, tuple(row.links for row in links.rows(view)))
    for group in groups(pairs):
        for subject in group:
            yield ox.NamedNode(subject), names.term("inCircleOf"), ox.NamedNode(group[0])


def _details(view: View, invented: Collection[str], names: _Names) -> Iterator[Triple]:
    linked = links.links(view)
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
) -> Iterator[Triple]:
    proper = [item for item in links.instances(view, *pair) if not item.breaks]
    sources = {side.configuration.id for item in proper for side in (item.giver, item.taker)}
    illustrative = not sources.isdisjoint(invented)
    yield from names.described(thing, "DerivedLink", name, illustrative=illustrative)
    yield thing, names.term("linkFrom"), ox.NamedNode(pair[0])
    yield thing, names.term("linkTo"), ox.NamedNode(pair[1])
    yield thing, names.term("standing"), names.thing("standing", standing)
    for made in {item.made for item in proper}:
        yield thing, names.term("via"), ox.NamedNode(made)
    for source in sources:
        yield thing, _DERIVED_FROM, ox.NamedNode(source)


def _id(level: Level, pair: Pair) -> str:
    names = "--".join(map(slug, pair))
    return names if level == "interventions" else f"{level}--{names}"


def _report(report: Report, names: _Names) -> Iterator[Triple]:
    when = Text(str(report.year), str(report.year)) if report.year else ALL_YEARS
    name = f"{report.year or 'all'}--{report.level}"
    thing = names.thing("coherence-report", name)
    level = names.thing("coherence-level", report.level)
    title = _joined(names.of(level), when)
    yield from names.described(thing, "CoherenceReport", title, illustrative=report.illustrative)
    yield thing, names.term("coherenceLevel"), level
    if report.year is not None:
        yield thing, names.term("year"), _literal(str(report.year), "gYear")
    for indicator, share in report.indicators.items():
        kind = names.thing("indicator", indicator)
        value = names.thing("indicator-value", f"{name}--{indicator}")
        called = _joined(names.of(kind), title)
        made_up = indicator in report.invented
        yield from names.described(value, "IndicatorValue", called, illustrative=made_up)
        yield value, names.term("inReport"), thing
        yield value, names.term("indicator"), kind
        yield value, names.term("numerator"), _literal(str(share.n), "integer")
        yield value, names.term("denominator"), _literal(str(share.d), "integer")
        if share.value is not None:
            yield value, names.term("value"), _literal(f"{share.value:.4f}", "decimal")


def _joined(one: Text, other: Text) -> Text:
    return Text(f"{one.nl}, {other.nl}", f"{one.en}, {other.en}")


def _literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(STANDARD["xsd"] + datatype))


_TYPE = ox.NamedNode(STANDARD["rdf"] + "type")
_LABEL = ox.NamedNode(STANDARD["skos"] + "prefLabel")
_DERIVED_FROM = ox.NamedNode(STANDARD["prov"] + "wasDerivedFrom")
