"""Names where ids are meant: whoever fills in a table may write what a thing is called.

An id goes before a name. A name of one thing is that thing; of several, its editor has to choose.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from s4s_graph import headings, tables
from s4s_graph.cells import slug_advice
from s4s_graph.forms import Text
from s4s_graph.headings import fold
from s4s_graph.nearest import Nearest
from s4s_graph.problems import Cell, Problem
from s4s_graph.sources import Source

_NAME = "http://www.w3.org/2004/02/skos/core#prefLabel"


@dataclass(frozen=True)
class _Names:
    """The things that have a name: by kind and folded name, their ids."""

    slugs: Mapping[str, Mapping[str, set[str]]]
    base: str
    nearest: Nearest = field(default_factory=Nearest)
    _written: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)

    def meant(self, reference: tables.Reference) -> ox.NamedNode | Problem | None:
        """Return the one thing with this name, a problem if there are several, None if none."""
        text, field = reference.text, reference.field
        found = sorted(
            f"{segment}/{slug}"
            for segment in field.values
            for slug in self.slugs.get(segment, {}).get(fold(text), ())
        )
        if len(found) == 1:
            return ox.NamedNode(f"{self.base}id/{found[0]}")
        if not found:
            return None
        ids = found if len(field.values) > 1 else [path.rpartition("/")[2] for path in found]
        return Problem.at(reference.cell, _several(ids), text)

    def advised(self, reference: tables.Reference) -> Problem:
        """Return the problem of a reference with the ids that it may have meant, if any."""
        known = self._known(reference.field.values)
        near = self.nearest.to(fold(reference.text), known)
        ids = list(dict.fromkeys(known[name] for name in near))
        if not ids:
            return reference.problem
        return Problem.at(reference.cell, _nearest(ids), reference.text)

    def _known(self, segments: tuple[str, ...]) -> dict[str, str]:
        """Return what may be written where things of these kinds are meant, and what is meant."""
        if segments not in self._written:
            known = self._written.setdefault(segments, {})
            for segment in segments:
                for name, slugs in self.slugs.get(segment, {}).items():
                    for slug in sorted(slugs):
                        path = slug if len(segments) == 1 else f"{segment}/{slug}"
                        known |= {name: path, slug: path}
        return self._written[segments]


def resolved(sources: Sequence[Source], base: str) -> list[Source]:
    """Return the sources with each name that stands for an id replaced by the thing it names."""
    known = {
        quad.subject
        for source in sources
        for quad in source.quads
        if quad.predicate == tables.RDF_TYPE
    }
    loose = [dict(_loose(source, known, base)) for source in sources]
    if not any(loose) and not any(source.references for source in sources):
        return list(sources)
    names = _Names(_named(sources, base), base)
    return [
        _resolved(source, dangling, names) for source, dangling in zip(sources, loose, strict=True)
    ]


def _named(sources: Iterable[Source], base: str) -> dict[str, dict[str, set[str]]]:
    things = f"{base}id/"
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for source in sources:
        for quad in source.quads:
            thing = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
            if quad.predicate.value == _NAME and thing.startswith(things):
                segment, _, slug = thing.removeprefix(things).rpartition("/")
                if isinstance(quad.object, ox.Literal):
                    found[segment][fold(quad.object.value)].add(slug)
    return found


def _loose(
    source: Source, known: Set[object], base: str
) -> Iterator[tuple[ox.Triple, tables.Reference]]:
    """Yield each triple with a thing of ours that does not exist: its id may be a name."""
    fields = {sheet: headings.columns(layout.form) for sheet, layout in source.layouts.items()}
    things = f"{base}id/"
    for triple, cell in source.cells.items():
        if cell.sheet not in fields or cell.column is None or cell.column == headings.ID:
            continue
        field, _ = fields[cell.sheet][cell.column]
        ends = (triple.subject, triple.object)
        subject, thing = reversed(ends) if field.inverse else ends
        if field.kind != "thing" or thing in known or not isinstance(subject, ox.NamedNode):
            continue
        if isinstance(thing, ox.NamedNode) and thing.value.startswith(things):
            text = thing.value.rpartition("/")[2]
            problem = Problem.at(cell, slug_advice(text), text)
            yield triple, tables.Reference(subject, field, text, cell, problem)


def _resolved(source: Source, loose: Mapping[ox.Triple, tables.Reference], names: _Names) -> Source:
    instead: dict[Problem, Problem | None] = {}
    added: dict[ox.Triple, Cell] = {}
    for reference in source.references:
        meant = names.meant(reference)
        if isinstance(meant, ox.NamedNode):
            added.setdefault(reference.triple(meant), reference.cell)
            instead[reference.problem] = None
        else:
            instead[reference.problem] = meant or names.advised(reference)
    ambiguous, removed = [], set()
    for triple, reference in loose.items():
        meant = names.meant(reference)
        if isinstance(meant, ox.NamedNode):
            added.setdefault(reference.triple(meant), reference.cell)
        elif meant is not None:
            ambiguous.append(meant)
        # What is neither an id nor a name stays: the check of the whole graph tells it.
        removed |= {triple} if meant else set()
    kept = {triple: cell for triple, cell in source.cells.items() if triple not in removed}
    # A cell may hold both the id and the name of a thing.
    new = {triple: cell for triple, cell in added.items() if triple not in kept}
    return replace(
        source,
        quads=[
            *(quad for quad in source.quads if quad.triple not in removed),
            *(_quad(triple, source.layouts[cell.sheet].graph) for triple, cell in new.items()),
        ],
        cells=kept | new,
        problems=[
            *(found for problem in source.problems if (found := instead.get(problem, problem))),
            *ambiguous,
        ],
        references=[],
    )


def _quad(triple: ox.Triple, graph: str) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(graph))


def _several(ids: Sequence[str]) -> Text:
    return Text(
        nl=f"zo heten er meer; schrijf een van de ids {', '.join(ids)}",
        en=f"several are called so; write one of the ids {', '.join(ids)}",
    )


def _nearest(ids: Sequence[str]) -> Text:
    return Text(
        nl=f"dit is geen id en geen naam van wat hier kan staan; bedoelt u {' of '.join(ids)}?",
        en=f"this is neither the id nor the name of what may stand here; "
        f"did you mean {' or '.join(ids)}?",
    )
