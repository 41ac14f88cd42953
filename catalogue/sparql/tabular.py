"""The answer to a reader's own query, as a page shows it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.sparql import offers
from s4s_graph.endpoint import Pool
from s4s_graph.store import Iri, Literal, Term

ROWS = 1000  # of a table on a page; the endpoint has the others
PAGE_BYTES = 2_000_000
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT query; `cut` if there are more rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    cut: bool = False


def table(pool: Pool, query: str, client: str = "") -> Table | bool | str:
    """Return a table, yes or no, or triples as Turtle, for a visitor from the address `client`.

    Raises EndpointError; an answer over PAGE_BYTES is too large.
    """
    turtle = offers.TRIPLES["ttl"]
    answer = pool.run(
        query, client=client, rows=offers.JSON, triples=turtle, max_rows=ROWS, max_bytes=PAGE_BYTES
    )
    body = answer.read()
    if answer.media_type == turtle:
        return body.decode()
    content = json.loads(body)
    if "boolean" in content:
        return bool(content["boolean"])
    return rows(content, cut=bool(answer.truncated))


def rows(content: Any, *, cut: bool) -> Table:
    """Return the table that the results of a SELECT query in JSON hold."""
    columns = tuple(content["head"]["vars"])
    found = tuple(
        tuple(_term(row[name]) if name in row else None for name in columns)
        for row in content["results"]["bindings"]
    )
    return Table(columns, found, cut)


def _term(value: Mapping[str, Any]) -> Term:
    match value["type"]:
        case "uri":
            return Iri(value["value"])
        case "literal":
            return Literal(value["value"], value.get("xml:lang"), value.get("datatype", XSD_STRING))
        case "bnode":
            return Literal(f"_:{value['value']}", None, XSD_STRING)
        case _:
            parts = (_term(part).value for part in value["value"].values())
            return Literal(f"<<( {' '.join(parts)} )>>", None, XSD_STRING)
