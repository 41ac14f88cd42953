"""From a table of others to rows of ours, each remembered with the cell that it came from."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product, starmap

from s4s_graph.forms import Field, Forms, Text
from s4s_graph.headings import ID, fold
from s4s_graph.layouts import words
from s4s_graph.layouts.layout import (
    CONFIGURATIONS,
    FINDINGS,
    MECHANISMS,
    STANDS,
    SUPPORTS,
    Column,
    Layout,
    Step,
)
from s4s_graph.layouts.texts import Texts, digest, named, shortened, slug
from s4s_graph.problems import WARNING, Cell, Problem
from s4s_graph.reading import Sheet, Value

# Which table of concepts the texts in a field name.
_CONCEPTS = {
    "hasContext": "conditions", "hinderedBy": "conditions", "hasOutcome": "conditions",
    "undermines": "conditions", "hasResource": "resources", "hasResponse": "responses",
}  # fmt: skip
_CONTEXT, _OUTCOME, _UNLESS = "hasContext", "hasOutcome", "hinderedBy"
_RESOURCE, _RESPONSE, _MECHANISM = "hasResource", "hasResponse", "hasMechanism"
_NAME, _DEFINITION, _STATEMENT = "prefLabel", "definition", "statement"

# A text of a cell, and where it stands.
Said = tuple[str, Cell]
Origins = dict[tuple[str, int, str | None], Cell]


@dataclass(frozen=True)
class Known:
    """The things that there are: the ids of each table, and those by folded name."""

    ids: Mapping[str, frozenset[str]]
    names: Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Given:
    """A row of theirs: what tells it apart, where it is, and its cells by heading."""

    key: Said
    cell: Cell
    cells: Mapping[str, Said]


@dataclass(frozen=True)
class _Named:
    """A concept that a cell names."""

    id: str
    text: str
    cell: Cell


class Maker:
    """Makes our rows of theirs. What is wrong with cells of theirs is in `problems`.

    origins: where a row or cell of ours is from, by its table, its number in the sheet of that
    table, and its column. places: where each text is first.
    """

    def __init__(
        self, prefix: str, layout: Layout, forms: Forms, known: Known, texts: Texts
    ) -> None:
        self._prefix = prefix
        self._layout = layout
        self._forms = {form.table: form for form in forms}
        self._known = known
        self._texts = texts
        self._rows: dict[str, list[Mapping[str, str]]] = defaultdict(list)
        self._made: dict[str, dict[str, str]] = defaultdict(dict)
        self.origins: Origins = {}
        self.problems: list[Problem] = []
        self.places: dict[str, Cell] = {}

    def sheets(self) -> list[Sheet]:
        """Return the tables that came of it."""
        found = []
        for table, rows in self._rows.items():
            columns = list(dict.fromkeys(column for row in rows for column in row))
            lines: list[list[Value]] = [[row.get(column, "") for column in columns] for row in rows]
            found.append(Sheet(table, [columns, *lines]))
        return found

    def add(self, given: Given) -> None:
        """Make what a row of theirs says: its configurations in series."""
        before: list[Said] = []
        made = False
        for number, step in enumerate(self._layout.steps, 1):
            said = {name: self._said(given, column) for name, column in step.fields.items()}
            if not any(said.values()):
                before = []
                continue
            made = True
            if _CONTEXT not in step.fields:
                said[_CONTEXT] = before
            name = f"{self._prefix}-{slug(given.key[0])}"
            name = f"{name}-{number}" if len(self._layout.steps) > 1 else name
            label = self._configuration(name, given, said)
            self._finding(name, label, given, step)
            before = said.get(_OUTCOME, [])
        if not made:
            nothing = Problem.at(given.cell, words.SAYS_NOTHING)
            self.problems.append(replace(nothing, severity=WARNING))

    def _configuration(self, name: str, given: Given, said: Mapping[str, list[Said]]) -> Text:
        values = {field: found for field, found in said.items() if field not in _CONCEPTS}
        concepts = {
            field: [_Named(self._concept(_CONCEPTS[field], *text), *text) for text in found]
            for field, found in said.items()
            if field in _CONCEPTS
        }
        parts = {
            field: [self._texts.both(text) for text, _ in said.get(field, [])]
            for field in _CONCEPTS
        }
        halves = [_or_none(concepts.pop(field, [])) for field in (_RESOURCE, _RESPONSE)]
        links = {field: [(one.id, one.cell) for one in found] for field, found in concepts.items()}
        if mechanisms := list(filter(None, starmap(self._mechanism, product(*halves)))):
            links[_MECHANISM] = mechanisms
        label = words.label(parts[_CONTEXT] or parts[_UNLESS], parts[_OUTCOME])
        if own := values.get(_NAME):
            label = self._texts.both(own[0][0])
        label = words.each(label, shortened)
        made = {_NAME: label}
        if not values.get(_STATEMENT):
            means = parts[_RESOURCE] + parts[_RESPONSE]
            made[_STATEMENT] = words.statement(
                parts[_CONTEXT], parts[_UNLESS], means, parts[_OUTCOME]
            )
        self._put(CONFIGURATIONS, name, given, made, {**values, **links})
        return label

    def _finding(self, name: str, label: Text, given: Given, step: Step) -> None:
        said = {field: self._said(given, column) for field, column in step.finding.items()}
        stands = said.pop(STANDS, [])
        if any(said.values()):
            about = stands[0][0] if stands else SUPPORTS
            said[about] = [(name, given.cell)]
            self._put(FINDINGS, f"finding-{name}", given, {_NAME: words.finding(label)}, said)

    def _mechanism(self, resource: _Named | None, response: _Named | None) -> Said | None:
        halves = [half for half in (resource, response) if half]
        if not halves:
            return None
        name, cell = "--".join(half.id for half in halves), halves[0].cell
        if name not in self._made[MECHANISMS] and name not in self._known.ids[MECHANISMS]:
            self._made[MECHANISMS][name] = name
            made = words.mechanism([self._texts.both(half.text) for half in halves])
            links = {
                field: [(half.id, half.cell)]
                for field, half in ((_RESOURCE, resource), (_RESPONSE, response))
                if half
            }
            texts = {_NAME: words.each(made, shortened), _DEFINITION: made}
            self._put(MECHANISMS, name, Given((name, cell), cell, {}), texts, links)
        return name, cell

    def _concept(self, table: str, text: str, cell: Cell) -> str:
        """Return the id of what a text names: one that is there, or else a new one."""
        key = named(text)
        if text in self._known.ids[table]:
            return text
        if found := self._known.names[table].get(key, ()):
            if len(found) > 1:
                self.problems.append(Problem.at(cell, words.several(found), text))
            return found[0]
        made = self._made[table]
        if key not in made:
            name = slug(text)
            if name in self._known.ids[table] or name in made.values():
                name = f"{name}-{digest(text)}"
            made[key] = name
            both = self._texts.both(text)
            texts = {_NAME: words.each(both, shortened), _DEFINITION: both}
            self._put(table, name, Given((text, cell), cell, {}), texts, {})
        return made[key]

    def _put(
        self,
        table: str,
        name: str,
        given: Given,
        made: Mapping[str, Text],
        said: Mapping[str, Sequence[Said]],
    ) -> None:
        """Add a row: texts that were made, what cells say, and what is always so."""
        form, number = self._forms[table], len(self._rows[table]) + 2
        row = {ID: name}
        self.origins[table, number, None] = given.cell
        self.origins[table, number, ID] = given.key[1]
        for field in form.fields:
            if field.constant is not None:
                continue
            found = said.get(field.id)
            always = self._layout.given(table, field.id)
            if field.id in made:
                row |= {f"{field.id}_{lang}": made[field.id].of(lang) for lang in field.languages}
            elif found:
                row |= self._written(field, ";".join(text for text, _ in found))
                for column in field.columns():
                    self.origins[table, number, column] = found[0][1]
            elif always is not None:
                row |= self._written(field, always)
        self._rows[table].append(row)

    def _written(self, field: Field, text: str) -> dict[str, str]:
        if field.kind != "text":
            return {field.id: text}
        if field.minimum < len(field.languages):
            return {f"{field.id}_{self._layout.language}": text}
        both = self._texts.both(text)
        return {f"{field.id}_{lang}": both.of(lang) for lang in field.languages}

    def _said(self, given: Given, column: Column) -> list[Said]:
        text, cell = given.cells[fold(column.heading)]
        parts = text.split(column.split) if column.split else [text]
        found = []
        for part in map(str.strip, parts):
            if part and (meant := self._meant(column, part, cell)):
                self.places.setdefault(meant, cell)
                found.append((meant, cell))
        return found

    def _meant(self, column: Column, text: str, cell: Cell) -> str | None:
        if not column.values or text in column.values.values():
            return text
        meant = {fold(theirs): ours for theirs, ours in column.values.items()}
        if fold(text) not in meant:
            self.problems.append(Problem.at(cell, words.no_such_value(column.values), text))
        return meant.get(fold(text))


def _or_none(said: Sequence[_Named]) -> Sequence[_Named | None]:
    return said or [None]


def known(rows: Mapping[str, Iterable[Mapping[str, str]]], language: str) -> Known:
    """Return what the rows of a data folder are called in one language, and their other names."""
    ids: dict[str, set[str]] = defaultdict(set)
    names: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for table, some in rows.items():
        for row in some:
            ids[table].add(row.get(ID, ""))
            others = row.get(f"altLabel_{language}", "").split(";")
            # A long text became a short name, and is whole in the definition.
            texts = (row.get(f"{name}_{language}", "") for name in (_NAME, _DEFINITION))
            for name in (*texts, *others):
                if name.strip():
                    names[table][named(name)].add(row.get(ID, ""))
    return Known(
        defaultdict(frozenset, {table: frozenset(found) for table, found in ids.items()}),
        defaultdict(dict, {
            table: {name: sorted(found) for name, found in some.items()}
            for table, some in names.items()
        }),
    )  # fmt: skip
