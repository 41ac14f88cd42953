"""The description of the dataset: what of it was invented is said in the data themselves."""

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import dataset, release
from s4s_graph.build import build
from s4s_graph.namespaces import BASE, STANDARD
from s4s_graph.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DESCRIPTION = ox.NamedNode(STANDARD["dcterms"] + "description")


def texts(folder: Path) -> dict[str | None, str]:
    """Return the descriptions of the dataset in a release, by their language."""
    store = ox.Store()
    store.load(path=folder / release.N_QUADS, format=ox.RdfFormat.N_QUADS)
    found = store.quads_for_pattern(ox.NamedNode(f"{BASE}dataset"), DESCRIPTION, None, None)
    return {
        quad.object.language: quad.object.value
        for quad in found
        if isinstance(quad.object, ox.Literal)
    }


def test_the_graph_says_what_of_it_was_invented(shipped_release: Path) -> None:
    statuses = release.read_manifest(shipped_release / release.MANIFEST).data_statuses
    found = texts(shipped_release)
    assert f"{statuses['illustrative']} illustratief: verzonnen" in found["nl"]
    assert f"{statuses['illustrative']} illustrative: invented" in found["en"]
    assert "not findings" in found["en"]


def test_a_graph_without_invented_things_says_so(tmp_path: Path) -> None:
    settings = replace(Settings(), data=ROOT / "tests/tiny/data", releases=tmp_path / "releases")
    folder = build(settings, without_illustrative=True).release
    assert folder
    assert "holds nothing that was invented" in texts(folder)["en"]
    assert "illustrative" not in texts(folder)["en"]


def test_an_empty_dataset_has_a_description() -> None:
    assert dataset.description({}).en.startswith("Things by origin: 0. ")
