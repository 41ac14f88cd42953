"""The formats of the SPARQL endpoint: by the name in an address, or by what a client accepts."""

from dataclasses import dataclass
from functools import lru_cache

from catalogue.formats import negotiate

JSON = "application/sparql-results+json"
ROWS = {
    "json": JSON,
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
}
TRIPLES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
# Between equals the first is given; what follows the named ones is another name for one of them.
ROW_TYPES = (*ROWS.values(), "application/json")
TRIPLE_TYPES = tuple(TRIPLES.values())
# A program that wants JSON wants it of triples as well. The other names are those that clients
# send of their own accord.
_BOTH = {"json": ("json", "jsonld"), "xml": ("xml", "rdf")}
_ALIASES = {
    "turtle": "ttl", "n3": "ttl", "ntriples": "nt", "n-triples": "nt", "nquads": "nq",
    "n-quads": "nq", "json-ld": "jsonld", "rdf+xml": "rdf", "rdfxml": "rdf",
    "sparql-results+json": "json", "sparql-results+xml": "xml",
}  # fmt: skip


@dataclass(frozen=True)
class Formats:
    """The media types for the two kinds of answers; None where the client takes no such type."""

    rows: str | None
    triples: str | None


NONE = Formats(None, None)


@lru_cache(maxsize=256)
def accepted(header: str) -> Formats:
    """Return the formats that an Accept header wants most."""
    return Formats(negotiate(header, ROW_TYPES), negotiate(header, TRIPLE_TYPES))


def named(name: str) -> Formats:
    """Return the formats of a name or a media type, which may be none at all."""
    name = name.strip().lower()
    if "/" in name:
        return Formats(name if name in ROW_TYPES else None, name if name in TRIPLE_TYPES else None)
    name = _ALIASES.get(name, name)
    rows, triples = _BOTH.get(name, (name, name))
    return Formats(ROWS.get(rows), TRIPLES.get(triples))


def listed() -> str:
    """Say what is served, for who asked for something else."""
    rows = ", ".join(f"{name} ({media_type})" for name, media_type in ROWS.items())
    triples = ", ".join(f"{name} ({media_type})" for name, media_type in TRIPLES.items())
    return f"SELECT, ASK: {rows}.\nCONSTRUCT, DESCRIBE: {triples}."
