"""Which statements of our own name a concept that a newer version of its vocabulary takes away."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from s4s_graph import forms, sources
from s4s_graph.forms import Text
from s4s_graph.problems import WARNING, Cell, Problem
from s4s_graph.settings import Settings
from s4s_graph.sources import Source
from s4s_graph.vocabularies.renewal import Renewal


@dataclass(frozen=True)
class Broken:
    """A link that breaks: where it stands, the concept it names and what could replace that."""

    cell: Cell
    iri: str
    replacements: tuple[str, ...]

    def problem(self, renewal: Renewal) -> Problem:
        """Return what to do about it."""
        found = Problem.at(self.cell, _message(self, renewal), self.iri)
        return replace(found, severity=WARNING)


def broken(renewal: Renewal, settings: Settings) -> list[Broken]:
    """Return the links of the tables, RDF and mapping sets of the data folder that break.

    Raises FormsError and OSError.
    """
    if not renewal.gone:
        return []
    known = forms.read(settings.shapes, settings.base)
    files = [*sources.data_files(settings.data), *sources.mapping_files(settings.data)]
    found = [
        link for file in files for link in _of(sources.read(file, known, settings.base), renewal)
    ]
    return list(dict.fromkeys(found))


def _of(source: Source, renewal: Renewal) -> Iterator[Broken]:
    for quad in source.quads:
        for term in (quad.subject, quad.object):
            if isinstance(term, ox.NamedNode) and term.value in renewal.gone:
                cell = source.cells.get(quad.triple, Cell(source.name))
                yield Broken(cell, term.value, tuple(renewal.replacements(term.value)))


def _message(link: Broken, renewal: Renewal) -> Text:
    name = renewal.names.get(link.iri, link.iri)
    if not link.replacements:
        return Text(
            nl=f"'{name}' vervalt in deze versie en niets vervangt het; kies een ander begrip "
            "of haal de koppeling weg",
            en=f"'{name}' is gone in this version and nothing replaces it; choose another concept "
            "or remove the link",
        )
    named = [f"{iri} ({renewal.names.get(iri, iri)})" for iri in link.replacements]
    return Text(
        nl=f"'{name}' vervalt in deze versie; gebruik {' of '.join(named)}",
        en=f"'{name}' is gone in this version; use {' or '.join(named)}",
    )
