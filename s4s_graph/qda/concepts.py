"""Codes as concepts: what each is by the root it stands below, and the row it becomes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from s4s_graph.headings import fold
from s4s_graph.qda import words
from s4s_graph.qda.coding import LANGUAGES, TABLES, Coding
from s4s_graph.qda.model import Code, Project
from s4s_graph.qda.rows import IDENTIFIER, Known, Row
from s4s_graph.qda.words import Told

MEMO = "memo"
# "Context: geen HR", ATLAS.ti's "Context::geen HR", and "Context - geen HR"
_PREFIXED = re.compile(r"(.+?)(?:\s*::?\s*|\s+[-–]\s+)(.+)")


@dataclass(frozen=True, eq=False)
class Concept:
    """A code with a role; `names` by language, `id` of its row unless it only names a thing."""

    code: Code
    role: str
    name: str
    names: Mapping[str, str]
    id: str | None


@dataclass
class Concepts:
    """The concepts of a project by the guid of their code, their rows, and what was left out."""

    by_guid: dict[str, Concept] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    root_sets: set[str] = field(default_factory=set)

    def of(self, guids: Iterable[str], *roles: str) -> list[Concept]:
        """Return the concepts of these codes that have one of these roles, in order, each once."""
        found = (self.by_guid[guid] for guid in dict.fromkeys(guids) if guid in self.by_guid)
        return [concept for concept in found if concept.role in roles]

    def above(self, guid: str) -> Iterator[str]:
        """Yield a code and those above it: what holds of a code holds of a wider one."""
        current: str | None = guid
        while current is not None:
            yield current
            current = self.parents.get(current)


def concepts(project: Project, coding: Coding, known: Known, notes: Mapping[str, str]) -> Concepts:
    """Return the concepts of a project. `notes`: the memos by the guid of what they are about."""
    made = Concepts()
    unique = list(_unique(project.codes, made.told))
    made.parents = {code.guid: code.parent for code in unique}
    roles = _roles(unique, coding)
    for set_ in project.sets:
        if role := coding.roots.get(fold(set_.name)):
            made.root_sets.add(set_.guid)
            for guid in set_.codes:
                roles.setdefault(guid, (role, None))
    placed = list(_placed(unique, roles, made))
    groups: dict[tuple[str, str], list[tuple[Code, str, str]]] = defaultdict(list)
    for code, role, name in placed:
        groups[TABLES.get(role, role), fold(name)].append((code, role, name))
    for (table, _), alike in groups.items():
        things = list(_things(alike))
        for same in things:
            _add(made, table, same, coding, known, is_sure=len(things) == 1)
    _rows(made, coding, known, notes)
    return made


def _unique(codes: Sequence[Code], told: list[Told]) -> Iterator[Code]:
    first: dict[str, Code] = {}
    for code in codes:
        before = first.setdefault(code.guid, code)
        if before is not code:
            told.append(words.wrong(words.code(code), words.guid_twice(words.code(before)),
                                    code.guid))  # fmt: skip
        elif not code.name:
            told.append(words.wrong(words.code(code), words.NO_NAME, code.guid))
        else:
            yield code


def _roles(codes: Iterable[Code], coding: Coding) -> dict[str, tuple[str, str | None]]:
    """Return the role of each code that has one; a root has no name, since it is no concept."""
    found: dict[str, tuple[str, str | None]] = {}
    for code in codes:
        prefixed = _PREFIXED.fullmatch(code.name)
        if role := coding.roots.get(fold(code.name)):
            found[code.guid] = (role, "")
        elif prefixed and (role := coding.roots.get(fold(prefixed[1]))):
            found[code.guid] = (role, prefixed[2])
        elif code.parent in found:
            found[code.guid] = (found[code.parent][0], None)
    return found


def _placed(
    codes: Iterable[Code], roles: Mapping[str, tuple[str, str | None]], made: Concepts
) -> Iterator[tuple[Code, str, str]]:
    holding = {above for guid in roles for above in made.above(guid)}
    for code in codes:
        role, name = roles.get(code.guid, ("", None))
        if not role:
            # What only holds roots or concepts further down, such as a theory, is no loss.
            if code.guid not in holding:
                made.told.append(words.left_out(words.code(code), words.NO_ROOT))
        elif name != "":
            if code.is_codable:
                yield code, role, name or code.name
            else:
                made.told.append(words.left_out(words.code(code), words.FOLDER))


def _things(alike: list[tuple[Code, str, str]]) -> Iterator[list[tuple[Code, str, str]]]:
    """Yield what is one thing: of the same name in different roles, not twice in one role."""
    roles = [role for _, role, _ in alike]
    if len(set(roles)) == len(roles):
        yield alike
    else:
        yield from ([one] for one in alike)


def _add(
    made: Concepts,
    table: str,
    same: list[tuple[Code, str, str]],
    coding: Coding,
    known: Known,
    *,
    is_sure: bool,
) -> None:
    """Add one thing; `is_sure` if its name tells it from all others."""
    code, role, text = same[0]
    names = {column[-2:]: name for column, name in coding.texts("prefLabel", text).items()}
    name = names.get(coding.language, text)
    slug = None
    if role in TABLES:
        guids = [found.guid for found, _, _ in same]
        above = code.path[-1] if code.path else ""
        slug = known.found(table, guids, name if is_sure else None)
        slug = slug or known.new(table, name, f"{above} {name}")
        stored = known.row(table, slug)
        of_before = {lang: stored.get(f"prefLabel_{lang}", "") for lang in LANGUAGES}
        names = {lang: name for lang, name in of_before.items() if name} | names
    if len(same) > 1:
        other = same[1][0]
        place = " › ".join((*other.path, other.name))
        made.told.append(words.left_out(words.code(code), words.SEVERAL, place))
    for found, own_role, _ in same:
        made.by_guid[found.guid] = Concept(found, own_role, name, names, slug)


def _rows(made: Concepts, coding: Coding, known: Known, notes: Mapping[str, str]) -> None:
    by_row: dict[tuple[str, str], list[Concept]] = defaultdict(list)
    for concept in made.by_guid.values():
        if concept.id is not None:
            by_row[TABLES[concept.role], concept.id].append(concept)
    for (table, slug), same in by_row.items():
        stored, values = known.row(table, slug), dict[str, str]()
        for lang, name in same[0].names.items():
            if not known.is_called(table, slug, name):
                values[f"prefLabel_{lang}"] = name
        description = next((c.code.description for c in same if c.code.description), "")
        if description:
            values |= coding.texts("definition", description)
        broader = {b for c in same if (b := _broader(made, c)) and b != slug}
        before = _split(stored.get("broader", ""))
        if broader - before:
            values["broader"] = ";".join(sorted(broader | before))
        guids = {c.code.guid for c in same} | _split(stored.get(IDENTIFIER, ""))
        values[IDENTIFIER] = ";".join(sorted(guids))
        if note := "\n\n".join(notes[c.code.guid] for c in same if c.code.guid in notes):
            values[f"{MEMO}_{coding.language}"] = note
        made.rows.append(Row(table, slug, values, words.code(same[0].code)))


def _broader(made: Concepts, concept: Concept) -> str | None:
    """Return the row of the nearest code above that is a concept of the same table."""
    for guid in made.above(concept.code.guid):
        above = made.by_guid.get(guid)
        if above is None or above is concept:
            continue
        is_same = above.id is not None and TABLES[above.role] == TABLES[concept.role]
        return above.id if is_same else None
    return None


def _split(cell: str) -> set[str]:
    return {value for part in cell.split(";") if (value := part.strip())}
