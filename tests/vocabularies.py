"""Vocabularies for tests, put in a data folder as an import puts them there."""

import hashlib
from collections import Counter
from pathlib import Path

import pyoxigraph as ox

from s4s_graph.tables import RDF_TYPE
from s4s_graph.vocabularies import writing
from s4s_graph.vocabularies.about import About

ASKED = {"nl": "Dit is verzonnen.", "en": "This is made up."}


def put(turtle: Path, data: Path, name: str = "") -> Path:
    """Put a file of Turtle in a data folder as a vocabulary; return its folder there."""
    name = name or turtle.stem
    quads = list(ox.parse(path=turtle))
    statements = data / f"{name}.nt"
    lines = sorted(
        ox.serialize([q.triple for q in quads], format=ox.RdfFormat.N_TRIPLES).splitlines(True)
    )
    statements.write_bytes(b"".join(lines))
    about = About(
        title={"nl": f"{name} (verzonnen)", "en": f"{name} (made up)"},
        version="1.0",
        licence="https://example.org/licence",
        source="https://example.org/source",
        acknowledgement={lang: f"{name}: {text}" for lang, text in ASKED.items()},
        languages=("en", "nl"),
        counts=Counter(q.object.value for q in quads if q.predicate == RDF_TYPE),
        files={turtle.name: hashlib.sha256(turtle.read_bytes()).hexdigest()},
        concepts=hashlib.sha256(statements.read_bytes()).hexdigest(),
    )
    try:
        writing.write(name, data, statements, about, None)
    finally:
        statements.unlink()
    return data / "vocabularies" / name
