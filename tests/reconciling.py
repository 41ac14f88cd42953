"""The tiny graph with a small vocabulary of others beside it, and the schemas of the API."""

import gzip
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from conftest import ROOT
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from s4s_graph.build import build
from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings
from s4s_graph.vocabularies.about import About
from s4s_graph.vocabularies.folder import ABOUT, CONCEPTS, graph

SUITE = ROOT.parent / "shared/suites/reconciliation"
VOCABULARY = graph("example", BASE)
ESCO = "http://data.europa.eu/esco/"
SKILL, OCCUPATION = f"{ESCO}model#Skill", f"{ESCO}model#Occupation"
JOINING = f"{ESCO}skill/2fcd95a4-1f9a-41cf-95a9-4701bde476b4"  # what the skill lassen is linked to
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# Invented: names that no publisher gave, for addresses of which one is linked to.
_CONCEPTS = (
    (JOINING, SKILL, ("joining plates@en", "platen verbinden@nl"), "gluing plates@en"),
    (f"{ESCO}skill/example-2", SKILL, ("bending pipes@en",), "pipe bending@en"),
    (f"{ESCO}skill/example-3", SKILL, ("welding@en",), "fusing@en"),
    (f"{ESCO}occupation/example-4", OCCUPATION, ("pipe bender@en", "pijpenbuiger@nl"), ""),
)  # fmt: skip


def released(folder: Path) -> Path:
    """Build a release of the tiny graph with the vocabulary; return its folder."""
    data = folder / "data"
    shutil.copytree(ROOT / "tests/tiny/data", data)
    _write(data / "vocabularies/example")
    settings = replace(Settings(), data=data, releases=folder / "releases", disclosure_floor=1)
    result = build(settings, closure="all")
    assert result.release, [problem.text("en") for problem in result.problems]
    return result.release


def _write(folder: Path) -> None:
    folder.mkdir(parents=True)
    about = About({"en": "Example"}, "1", "http://example.org/licence", "http://example.org/")
    (folder / ABOUT).write_bytes(about.turtle(VOCABULARY))
    lines = [f"<{ESCO}skill/example-3> <{_SKOS}broader> <{JOINING}> ."]
    for iri, kind, names, other in _CONCEPTS:
        lines += [f"<{iri}> <{_TYPE}> <{kind}> .", f"<{iri}> <{_TYPE}> <{_SKOS}Concept> ."]
        lines += [f"<{iri}> <{_SKOS}prefLabel> {_literal(name)} ." for name in names]
        lines += [f"<{iri}> <{_SKOS}altLabel> {_literal(other)} ."] if other else []
    content = "".join(f"{line}\n" for line in sorted(lines)).encode()
    (folder / CONCEPTS).write_bytes(gzip.compress(content, mtime=0))


def _literal(text: str) -> str:
    name, _, language = text.rpartition("@")
    return f'"{name}"@{language}'


def validator(version: str, name: str) -> Draft7Validator:
    """Return what checks an answer against a schema of the specification.

    The schemas refer to each other by names that are relative to their own, and to the schema of
    Swagger by its address; all are beside each other.
    """
    files = sorted((SUITE / version / "schemas").glob("*.json"))
    assert files
    schemas: dict[str, Any] = {file.name: json.loads(file.read_text("utf-8")) for file in files}
    registry: Registry[Any] = Registry()
    for schema in schemas.values():
        resource = Resource.from_contents(schema, default_specification=DRAFT7)
        registry = registry.with_resource(schema["$id"], resource)
    return Draft7Validator(schemas[f"{name}.json"], registry=registry)
