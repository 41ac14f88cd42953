"""Print what finding costs among many interventions: `python -m tests.bench.finding`.

The graph is that of `generate.py`. What coherence derives from so much takes minutes, and nothing
here looks for it, so these releases are without.
"""

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import counts, dumps, forms, release
from s4s_graph.coherence.summary import Summary
from s4s_graph.namespaces import prefixes
from s4s_graph.release import Manifest
from s4s_graph.search.write import index
from s4s_graph.settings import Settings
from s4s_graph.sources import files, read
from s4s_graph.store import Store
from tests.bench import generate, pages
from tests.bench.__main__ import line

SIZES = (12, 1_000, 10_000)
PATHS = {
    "the list": "",
    "one filter": "?targetsActor=hr",
    "three filters": "?evidence=none&ofKind=training-course&targetsActor=hr",
    "the last page": "?page={last}",
    "by date": "?sort=date",
    "one thing by its name": "?q=interventie+17",
    "a word that all have": "?q=kunstmatige",
    "mistyped": "?q=kunstmatgie",
}


def main() -> None:
    """Measure each size and print a table of the median and the 95th percentile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    for interventions in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as name:
            settings, seconds = released(Path(name), interventions)
            line(f"{interventions:,} interventions", f"index in {seconds:.1f} s")
            last = -(-interventions // 25)
            for what, query in PATHS.items():
                address = query.format(last=last) if last > 1 else query.partition("?page")[0]
                line(f"  {what}", str(pages.page(settings, f"/nl/interventions{address}")))
            line("  the search over all", str(pages.page(settings, "/nl/search?q=interventie+17")))


def released(folder: Path, interventions: int) -> tuple[Settings, float]:
    """Write a release of so many; return the settings that serve it, and the seconds of the index.

    The release is named `current` right away: it is the only one there will be.
    """
    settings = replace(Settings(), releases=folder, memory_quads=10_000_000)
    known = forms.read(settings.shapes, settings.base)
    ontology = (f for f in files(settings.ontology, settings.shapes, settings.data)
                if f.name.startswith(("ontology/", "shapes/")))  # fmt: skip
    quads = [quad for file in ontology for quad in read(file, known, settings.base).quads]
    quads += generate.quads(interventions)
    graph = ox.Store()
    graph.extend(quads)
    store = Store.over(graph, prefixes(settings.base, [form.segment for form in known]))
    start = time.perf_counter()
    content = index(store, known, settings.base)
    seconds = time.perf_counter() - start
    path = folder / "release"
    dump = path / release.N_QUADS
    dump.parent.mkdir(parents=True)
    dumps.n_quads(dumps.runs(quads, path / "runs"), dump)
    counted = counts.statistics(dump, settings.base)
    for name, written in (
        (release.FORMS, known.to_json().encode()),
        (release.COHERENCE, Summary((), {}).to_json().encode()),
        (release.STATISTICS, counted.to_json().encode()),
        (release.SEARCH, content),
    ):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(written)
    ox.Store(path / release.STORE).flush()
    statuses = counts.data_statuses(graph, settings.base)
    things = counted.things(known)
    manifest = Manifest({}, settings.base, True, counted.quads, things, statuses, {}, {})
    (path / release.MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    (folder / release.CURRENT).symlink_to(path.name)
    return settings, seconds


if __name__ == "__main__":
    main()
