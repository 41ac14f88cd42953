"""Print what a build and a page cost: `python -m tests.bench`, with `--interventions N`."""

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import release
from s4s_graph.settings import Settings
from tests.bench import pages, releases


def main() -> None:
    """Measure the shipped data and a synthetic graph, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interventions", type=int, default=5_200, help="size of the graph")
    interventions = parser.parse_args().interventions
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = time.perf_counter()
        shipped = releases.shipped(folder / "shipped")
        seconds = time.perf_counter() - start
        line("build of the shipped data", f"{seconds:.2f} s, {quads(shipped):,} quads")
        line("  the engine loads its dump", f"{load(shipped):.2f} s")
        measured = compare("shipped", shipped)
        start = time.perf_counter()
        synthetic, memory = releases.measured(folder / "synthetic", interventions)
        seconds = time.perf_counter() - start
        line("build of the synthetic graph", f"{seconds:.1f} s, {quads(synthetic):,} quads")
        line("  its memory at the most", f"{memory:,.0f} MB")
        line("  the engine loads its dump", f"{load(synthetic):.1f} s")
        larger = compare("synthetic", synthetic)
        line("interventions, synthetic to shipped", f"{larger / measured:.2f} x (p50)")


def compare(name: str, settings: Settings) -> float:
    """Print the times of item pages and of the engine; return the median of interventions in ms."""
    things = pages.things(settings)
    interventions = [iri for iri in things if "/intervention/" in iri]
    line(f"item pages, {name}", str(pages.pages(settings, things)))
    line(f"  of interventions, {name}", str(measured := pages.pages(settings, interventions)))
    on_disk = replace(settings, memory_quads=0)
    line(f"item pages, {name}, read from disk", str(pages.pages(on_disk, things)))
    line("  the engine reads their triples", str(pages.engine(settings, things)))
    return measured.p50


def quads(settings: Settings) -> int:
    """Return the size of the current release."""
    folder = release.current(settings.releases)
    assert folder
    return release.read_manifest(folder / release.MANIFEST).quads


def load(settings: Settings) -> float:
    """Return the seconds that the engine needs to load the dump into memory."""
    folder = release.current(settings.releases)
    assert folder
    start = time.perf_counter()
    ox.Store().load(path=folder / release.N_QUADS, format=ox.RdfFormat.N_QUADS)
    return time.perf_counter() - start


def line(name: str, figure: str) -> None:
    """Print one row of the table."""
    print(f"{name:<40} {figure}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
