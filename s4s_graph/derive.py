"""What follows from the asserted statements, kept apart from them in a graph of its own."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

SUFFIX = ".rq"


class DerivationError(ValueError):
    """A derivation that is not a CONSTRUCT query; the text names its file."""


def files(folder: Path) -> list[Path]:
    """Return the CONSTRUCT queries of a folder, in the order of their names."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def derived(
    quads: Iterable[ox.Quad], folder: Path, prefixes: Mapping[str, str], graph: str
) -> list[ox.Quad]:
    """Run every CONSTRUCT query of a folder on the asserted quads; the results go to `graph`.

    One derivation does not see what another one found, so their order does not matter.
    Raises DerivationError.
    """
    store = ox.Store()
    store.extend(quads)
    name = ox.NamedNode(graph)
    found = {triple for file in files(folder) for triple in _construct(store, file, prefixes)}
    return [ox.Quad(triple.subject, triple.predicate, triple.object, name) for triple in found]


def _construct(store: ox.Store, file: Path, prefixes: Mapping[str, str]) -> list[ox.Triple]:
    query = file.read_text(encoding="utf-8")
    try:
        result = store.query(query, prefixes=dict(prefixes), use_default_graph_as_union=True)
    except SyntaxError as error:
        raise DerivationError(f"{file.name} cannot be read: {error}") from error
    if not isinstance(result, ox.QueryTriples):
        raise DerivationError(f"{file.name} must be a CONSTRUCT query")
    return list(result)
