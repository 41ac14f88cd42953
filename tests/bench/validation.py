"""Measure validation: `python -m tests.bench.validation`; each row in a process of its own.

pySHACL takes a minute for 100,000 triples. CPU seconds include reading the shapes and loading the
graph from a file; memory is that of the whole process at the most.
"""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pyoxigraph as ox
import pyshacl
from rdflib import Graph

from s4s_graph import dumps, graphs, rdf, shacl, sources
from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings
from s4s_graph.shacl import Engine
from s4s_graph.shacl.partial import Change, partial
from s4s_graph.shacl.rules import Rules
from s4s_graph.shacl.terms import Lexicon
from s4s_graph.shacl.view import triple
from tests.bench import generate

# Interventions, for a hundred thousand and a million quads, and what checks them.
SIZES = {1_000: tuple(Engine), 10_300: (Engine.SPARQL,)}
CHANGES = 20  # rows that are changed, one after the other
CONFIGURATION = f"{BASE}id/configuration/synthetic-"
ABSENT = ox.NamedNode(f"{BASE}id/condition/absent")
OUTCOME = ox.NamedNode(f"{BASE}def#hasOutcome")


@dataclass(frozen=True)
class Cost:
    """What one engine took: CPU seconds, megabytes at the most, and the results it found."""

    seconds: float
    megabytes: float
    results: tuple[shacl.Result, ...] = ()


def main() -> None:
    """Print a table of engines by size, and what one changed row takes."""
    with tempfile.TemporaryDirectory() as name:
        for interventions, engines in SIZES.items():
            file = Path(name) / f"{interventions}.nq"
            ox.serialize(graph(interventions), str(file), format=ox.RdfFormat.N_QUADS)
            quads = sum(1 for _ in dumps.read([file]))
            costs = {engine: _alone(whole, file, engine) for engine in engines}
            for engine, cost in costs.items():
                _print(f"{quads:,} quads, {engine}", cost)
            if Engine.PYSHACL in costs:
                found, mine = costs[Engine.PYSHACL], costs[Engine.SPARQL]
                assert found.results == mine.results
                plain = _alone(as_published, file)
                _print("  pySHACL as it is published", plain)
                print(  # noqa: T201
                    f"  SPARQL gives the same results {found.seconds / mine.seconds:.1f} times as "
                    f"fast as pySHACL here, {plain.seconds / mine.seconds:.0f} times as it is"
                )
        _print("one changed row, in memory", _alone(one_row, file, False))
        _print("one changed row, from disk", _alone(one_row, file, True))


def graph(interventions: int) -> Iterator[ox.Quad]:
    """Yield the ontology and synthetic data, a few of which are wrong."""
    settings = Settings()
    for file in sources.rdf_files(settings.ontology, "ontology/"):
        yield from rdf.statements(file.path, file.graph(BASE), BASE)
    for number, quad in enumerate(generate.quads(interventions)):
        is_outcome = quad.predicate == OUTCOME
        # One in five hundred is a condition that is not there.
        value = ABSENT if is_outcome and number % 500 == 0 else quad.object
        yield ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)


def whole(file: Path, engine: Engine) -> Cost:
    """Check a file."""
    start = time.process_time()
    report = shacl.validate(dumps.read([file]), Settings().shapes, BASE, engine)
    return Cost(time.process_time() - start, _megabytes(), report.results)


def as_published(file: Path) -> Cost:
    """Check a file by pySHACL without what `shacl` does to make it faster."""
    start = time.process_time()
    data = _plain(graphs.merged(dumps.read([file])))
    rules = _plain(graphs.shapes(Settings().shapes, BASE))
    pyshacl.validate(data, shacl_graph=rules, advanced=True)
    return Cost(time.process_time() - start, _megabytes())


def _plain(graph: Graph) -> Graph:
    """Return a graph that parses each query anew, as those of rdflib do."""
    plain = Graph()
    for triple_ in graph:
        plain.add(triple_)
    return plain


def one_row(file: Path, on_disk: bool) -> Cost:
    """Check again after a change of one configuration's outcome, the store being there.

    What is measured is reading the shapes, finding what the change can affect, and checking it.
    """
    with tempfile.TemporaryDirectory() as name:
        lexicon, store = Lexicon(), ox.Store(name) if on_disk else ox.Store()
        # A release keeps its graphs; so does this store.
        store.bulk_extend(dumps.read([file]))
        store.flush()
        seconds = []
        for number in range(CHANGES):
            node = ox.NamedNode(f"{CONFIGURATION}{number * 100}")
            gone = next(store.quads_for_pattern(node, OUTCOME, None, None))
            new = ox.Quad(node, OUTCOME, ABSENT)
            start = time.process_time()
            prepared = Rules.of(graphs.shapes(Settings().shapes, BASE))
            change = Change(store, {triple(new)}, {triple(gone)}, is_after=False)
            found = partial(change, prepared, lexicon).report.results
            seconds.append(time.process_time() - start)
            assert any(result.focus == node.value for result in found)
        return Cost(median(seconds), _megabytes())


def _alone(measure: Callable[..., Cost], *arguments: object) -> Cost:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, arguments)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _print(name: str, cost: Cost) -> None:
    found = f", {len(cost.results):,} results" if cost.results else ""
    print(  # noqa: T201
        f"{name:36} {cost.seconds:7.2f} CPU s  {cost.megabytes:6,.0f} MB{found}", flush=True
    )


if __name__ == "__main__":
    main()
