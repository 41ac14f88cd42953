"""Print what coherence costs from 100 to 10,000 interventions: `python -m tests.bench.coherence`.

For each notion the processor seconds at each size, the exponent of its growth (the slope of the
logarithms between the two largest sizes: 1 is linear, 2 quadratic) and the most memory that the
process had needed until then, at the largest size. Each size has a process of its own.
"""

import argparse
import math
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from random import Random
from statistics import median
from typing import Any, TypeVar

from s4s_graph import forms, namespaces, sources
from s4s_graph.coherence import read
from s4s_graph.coherence.conflicts import conflicts
from s4s_graph.coherence.coverage import coverage
from s4s_graph.coherence.derived import derive
from s4s_graph.coherence.gaps import dead_ends, fragile, gaps
from s4s_graph.coherence.improvements import improvements
from s4s_graph.coherence.links import instances, links
from s4s_graph.coherence.loops import loops
from s4s_graph.coherence.model import Company, valid
from s4s_graph.coherence.overlaps import overlaps
from s4s_graph.coherence.practice import agreements, out_of_order, said_and_computed
from s4s_graph.coherence.reach import reach
from s4s_graph.coherence.routes import prepare, routes
from s4s_graph.coherence.view import View
from s4s_graph.settings import Settings
from s4s_graph.store import Store
from tests.bench import generate

SIZES = (100, 1_000, 10_000)
ROUTES = 60  # goals, each from a company as it is known and from one of which all is known

Found = TypeVar("Found")
Cost = tuple[float, float]  # seconds, and megabytes at the most until then


def main() -> None:
    """Measure each size in a fresh process and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    sizes = parser.parse_args().sizes
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        measured = pool.map(measure, sizes, chunksize=1)
    line("interventions", *(f"{size:,}" for size in sizes), "exponent", "peak MB")
    for name in measured[0]:
        seconds = [costs[name][0] for costs in measured]
        line(name, *(f"{value:.3f} s" for value in seconds), slope(sizes, seconds),
             f"{measured[-1][name][1]:,.0f}")  # fmt: skip


class Stopwatch:
    """Keeps what each action cost, by its name."""

    def __init__(self) -> None:
        self.costs: dict[str, Cost] = {}

    def timed(self, name: str, action: Callable[[], Found]) -> Found:
        """Do something and return what came of it."""
        start = time.process_time()
        found = action()
        self.costs[name] = time.process_time() - start, peak()
        return found


def measure(interventions: int) -> dict[str, Cost]:
    """Return what each notion costs in a graph with so many interventions."""
    settings, watch = Settings(), Stopwatch()
    store = synthetic(settings, interventions)
    world = watch.timed("read the world", lambda: read.world(store))
    view = View(valid(world, None), "interventions")
    notions(view, watch.timed)
    searches(view, watch)
    watch.timed("all that a build derives", lambda: derive(store, settings.base))
    return watch.costs


def notions(view: View, timed: Callable[[str, Callable[[], Any]], Any]) -> None:
    """Compute every notion on its own, all years together."""
    timed("operators", lambda: view.operators)
    linked = timed("links", lambda: links(view))
    timed("gaps", lambda: gaps(view))
    timed("fragile", lambda: fragile(view))
    timed("dead ends", lambda: dead_ends(view))
    timed("conflicts", lambda: conflicts(view))
    timed("overlaps", lambda: overlaps(view, linked))
    timed("order", lambda: out_of_order(view))
    timed("loops", lambda: loops(view, linked))
    timed("coverage", lambda: coverage(view.world))
    timed("said and computed", lambda: said_and_computed(view, linked))
    timed("agreements", lambda: agreements(view, linked))
    timed("reach", lambda: reach(view))
    timed("improvements", lambda: improvements(view, linked))
    pairs = list(islice(linked.pairs, 100))
    timed("details of 100 links", lambda: [instances(view, *pair) for pair in pairs])


def searches(view: View, watch: Stopwatch) -> None:
    """Search routes one by one: the first, those that exist, and what blocks the others."""
    pairs = asked(view)
    watch.timed("prepare for routes", lambda: prepare(view))
    watch.timed("first route after that", lambda: routes(view, *next(pairs)))
    found, blocked = list[float](), list[float]()
    for company, goal in pairs:
        start = time.process_time()
        answer = routes(view, company, goal)
        spent = time.process_time() - start
        if answer.routes:
            found.append(spent)
        elif not answer.held:
            blocked.append(spent)
    for name, seconds in (("route found", found), ("no route, blockers", blocked)):
        watch.costs[f"{name}, median"] = median(seconds), peak()
        watch.costs[f"{name}, most"] = max(seconds), peak()


def synthetic(settings: Settings, interventions: int) -> Store:
    """Return a synthetic graph in memory, with the ontology for its lists."""
    known = forms.read(settings.shapes, settings.base)
    prefixes = namespaces.prefixes(settings.base, (form.segment for form in known))
    files = sources.files(settings.ontology, settings.shapes, settings.data)
    lists = (file for file in files if file.name.startswith("ontology/"))
    read_in = (quad for file in lists for quad in sources.read(file, known, settings.base).quads)
    return Store.of((*read_in, *generate.quads(interventions)), prefixes)


def asked(view: View) -> Iterator[tuple[Company, str]]:
    """Yield companies and goals, drawn evenly from the policy goals and all that is brought about.

    Each company twice: as it is, and with all that is not known to hold known to be absent.
    """
    random, world = Random(1), view.world
    outcomes = {name for operator in view.operators for name in operator.configuration.brings}
    goals = [*(goal for goal in world.goals if world.goal_conditions[goal]), *sorted(outcomes)]
    for _ in range(ROUTES):
        company, goal = random.choice(list(world.companies.values())), random.choice(goals)
        yield company, goal
        lacks = world.conditions.keys() - view.known_of(company).holds
        yield replace(company, lacks=frozenset(lacks)), goal


def slope(sizes: list[int], seconds: list[float]) -> str:
    """Return the exponent of growth between the two largest sizes."""
    if len(sizes) < 2 or not min(seconds[-2:]):
        return "–"
    return f"{math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2]):.2f}"


def peak() -> float:
    """Return the most memory that this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def line(name: str, *figures: str) -> None:
    """Print one row of the table."""
    print(f"{name:<26}" + "".join(f"{figure:>12}" for figure in figures), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
