"""Formats a reader can ask for: choosing one by Accept, and writing JSON and CSV."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache

from s4s_graph import answers

JSON = "application/json"
CSV = "text/csv"
HTML = "text/html"
RDF = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
ENCODINGS = ("br", "gzip")
SUFFIXES = {**RDF, "json": JSON, "csv": CSV}
LISTS = {
    **SUFFIXES,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "atom": "application/atom+xml",
    "rq": "application/sparql-query",
}
# Turtle and CSV are text: their charset must be said. The others are UTF-8 by definition.
CHARSET = {
    "text/turtle", "text/csv", "text/tab-separated-values", "text/html", "text/plain", LISTS["rq"],
}  # fmt: skip


def content_type(media_type: str) -> str:
    """Return the Content-Type header for a media type."""
    return f"{media_type}; charset=utf-8" if media_type in CHARSET else media_type


def accepted(header: str) -> list[tuple[str, float]]:
    """Read an Accept or Accept-Language header as (range, quality), in the order written.

    A quality that is not a number counts as 0: the reader does not get what nobody can read.
    """
    ranges = []
    for part in header.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        if name:
            ranges.append((name, _quality(quality)))
    return ranges


def _quality(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0


def negotiate(header: str | None, offered: Sequence[str]) -> str | None:
    """Return the offered media type that an Accept header wants most, or None if it wants none.

    The most specific range decides the quality of a type (RFC 9110, section 12.5.1); between
    equals the order of `offered` decides.
    """
    if not header or not header.strip():
        return offered[0]
    ranges = dict(reversed(accepted(header)))
    weights = {media_type: _weight(media_type, ranges) for media_type in offered}
    best = max(offered, key=lambda media_type: weights[media_type])
    return best if weights[best] > 0 else None


@lru_cache(maxsize=256)
def encoding(header: str) -> str | None:
    """Return the encoding that an Accept-Encoding header wants most: br, gzip, or None for none.

    Of those that it wants as much as the content unchanged, the smaller one.
    """
    weights = dict(accepted(header))
    others = weights.get("*", 0.0)
    best = max(ENCODINGS, key=lambda name: weights.get(name, others))
    wanted = weights.get(best, others)
    return best if wanted > 0 and wanted >= weights.get("identity", 0.0) else None


def _weight(media_type: str, ranges: dict[str, float]) -> float:
    for pattern in (media_type, media_type.split("/")[0] + "/*", "*/*"):
        if pattern in ranges:
            return ranges[pattern]
    return 0.0


def write_json(content: object) -> bytes:
    """Write JSON in UTF-8, indented: people read it too."""
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write CSV in UTF-8, safe to open in a spreadsheet."""
    return answers.write_csv(header, rows).encode()
