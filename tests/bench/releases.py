"""Releases to measure: the shipped data, and a synthetic graph of a given size."""

import multiprocessing
import resource
import shutil
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from s4s_graph.build import build
from s4s_graph.forms import read
from s4s_graph.settings import Settings
from tests.bench import generate


def shipped(folder: Path) -> Settings:
    """Build the shipped data below a folder; return the settings that serve it."""
    settings = replace(Settings(), releases=folder / "releases")
    build(settings)
    return settings


def measured(folder: Path, interventions: int) -> tuple[Settings, float]:
    """Build a synthetic graph in a process of its own; return the megabytes it took at the most."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (folder, interventions))


def _measured(folder: Path, interventions: int) -> tuple[Settings, float]:
    settings = synthetic(folder, interventions)
    return settings, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def synthetic(folder: Path, interventions: int) -> Settings:
    """Build a synthetic graph below a folder; return the settings that serve it.

    The shapes are switched off: what is measured is not how long a validator takes for a million
    triples that are right by construction.
    """
    data, shapes = folder / "data", folder / "shapes"
    data.mkdir(parents=True)
    shutil.copytree(Settings().shapes, shapes)
    _switch_off(shapes)
    with (data / "synthetic.nq").open("wb") as file:
        ox.serialize(generate.quads(interventions), file, ox.RdfFormat.N_QUADS)
    # No two of its companies are alike: with the check for that hardly one would be left.
    settings = replace(
        Settings(), data=data, shapes=shapes, releases=folder / "releases", disclosure_floor=1
    )
    result = build(settings)
    if not result.release:
        raise RuntimeError("\n".join(problem.text("en") for problem in result.problems[:10]))
    return settings


def _switch_off(shapes: Path) -> None:
    deactivated = [
        f"<{form.shape}> <http://www.w3.org/ns/shacl#deactivated> true ."
        for form in read(shapes, Settings().base)
        if form.class_iri
    ]
    (shapes / "off.ttl").write_text("\n".join(deactivated), encoding="utf-8")
