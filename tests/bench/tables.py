"""The synthetic graph as a data folder: the shipped tables, and beside them tables of any size.

What companies told comes as RDF, as from a system of others; everything else as tables.
"""

import csv
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from s4s_graph.forms import Form, Forms, read
from s4s_graph.headings import ID
from s4s_graph.settings import Settings
from s4s_graph.tables import RDF_TYPE
from tests.bench import generate

EVIDENCE = NamedNode(f"{generate.GRAPHS}evidence")


def write(folder: Path, interventions: int) -> None:
    """Make a data folder with so many synthetic interventions and all that belongs to them."""
    settings = Settings()
    shutil.copytree(settings.data, folder)
    synthetic = folder / "synthetic"
    synthetic.mkdir()
    serialize(
        (quad for quad in _quads(interventions) if quad.graph_name == EVIDENCE),
        str(synthetic / "evidence.nq"),
        format=RdfFormat.N_QUADS,
    )
    rest = (quad for quad in _quads(interventions) if quad.graph_name != EVIDENCE)
    with ExitStack() as stack:
        tables: dict[str, csv.DictWriter[str]] = {}
        for form, row in _rows(rest, read(settings.shapes, settings.base)):
            if form.table not in tables:
                path = synthetic / f"{form.table}.csv"
                file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
                tables[form.table] = csv.DictWriter(file, form.columns())
                tables[form.table].writeheader()
            tables[form.table].writerow(row)


def _quads(interventions: int) -> Iterator[Quad]:
    return generate.quads(interventions, unstudied=0)


def _rows(quads: Iterable[Quad], forms: Forms) -> Iterator[tuple[Form, dict[str, str]]]:
    for subject, group in groupby(quads, key=attrgetter("subject")):
        stated = list(group)
        (form,) = {form for quad in stated if (form := _form(quad, forms))}
        paths = {f.path: f for f in form.fields if f.constant is None and not f.inverse}
        cells: dict[str, list[str]] = defaultdict(list)
        for quad in stated:
            if field := paths.get(quad.predicate.value):
                language = quad.object.language if isinstance(quad.object, Literal) else None
                cells[f"{field.id}_{language}" if language else field.id].append(_slug(quad.object))
        yield form, {ID: _slug(subject)} | {name: ";".join(cell) for name, cell in cells.items()}


def _form(quad: Quad, forms: Forms) -> Form | None:
    if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode):
        return forms.by_class(quad.object.value)
    return None


def _slug(term: object) -> str:
    if isinstance(term, NamedNode):
        return term.value.rpartition("/")[2]
    assert isinstance(term, Literal)
    return term.value
