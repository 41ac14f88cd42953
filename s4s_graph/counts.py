"""How much a graph holds, for the manifest, the report, the record and whoever builds it."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from s4s_graph.dumps import subject
from s4s_graph.forms import Forms
from s4s_graph.tables import RDF_TYPE

_TYPE = str(RDF_TYPE).encode()


@dataclass(frozen=True)
class Counts:
    """Quads, things by the segment of their class, things by the id of their data status."""

    quads: int
    things: Mapping[str, int]
    data_statuses: Mapping[str, int]


@dataclass(frozen=True)
class Statistics:
    """What VoID says of a dataset; a statement that stands in two graphs is one triple.

    entities: the things with a name of ours of which something is stated. classes: the things of
    each class, by its IRI. properties: the triples with each property. graphs: the triples in each
    named graph.
    """

    quads: int
    triples: int
    subjects: int
    entities: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    graphs: Mapping[str, int]

    def things(self, forms: Forms) -> dict[str, int]:
        """Return the number of things of each form, by its segment, of those that there are."""
        found = {form.segment: self.classes.get(form.class_iri or "", 0) for form in forms}
        return {segment: number for segment, number in sorted(found.items()) if number}

    def to_json(self) -> str:
        """Return the statistics as JSON, the same text for the same graph."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Statistics":
        """Read what `to_json` wrote. Raises ValueError or TypeError for any other text."""
        return cls(**json.loads(text))


def data_statuses(graph: ox.Store, base: str) -> dict[str, int]:
    """Count the things in a graph by the id of their data status."""
    status = ox.NamedNode(f"{base}def#dataStatus")
    quads = graph.quads_for_pattern(None, status, None, None)
    # Two tables may say the same of a thing.
    found = {(quad.subject, quad.object) for quad in quads if isinstance(quad.object, ox.NamedNode)}
    ids = (value.value.removeprefix(f"{base}id/data-status/") for _, value in found)
    return dict(sorted(Counter(ids).items()))


def statistics(dump: Path, base: str) -> Statistics:
    """Count what is in a dump of sorted N-Quads, line by line."""
    own, numbers = f"<{base}id/".encode(), Counter[str]()
    classes, properties, graphs = Counter[bytes](), Counter[bytes](), Counter[bytes]()
    with dump.open("rb") as lines:
        for thing, group in groupby(lines, key=subject):
            stated = set()
            for line in group:
                statement, _, graph = line.rstrip(b" .\n").rpartition(b" ")
                stated.add(statement)
                graphs[graph] += 1
            pairs = [tuple(statement.split(b" ", 2)[1:]) for statement in stated]
            properties.update(predicate for predicate, _ in pairs)
            classes.update(value for predicate, value in pairs if predicate == _TYPE)
            numbers.update(triples=len(stated), subjects=1, entities=thing.startswith(own))
    return Statistics(
        quads=graphs.total(),
        triples=numbers["triples"],
        subjects=numbers["subjects"],
        entities=numbers["entities"],
        classes=_named(classes),
        properties=_named(properties),
        graphs=_named(graphs),
    )


def _named(counter: Counter[bytes]) -> dict[str, int]:
    """Return the numbers by IRI; a class without a name cannot be asked for, so it is left out."""
    named = ((name.decode()[1:-1], n) for name, n in counter.items() if name.startswith(b"<"))
    return dict(sorted(named))
