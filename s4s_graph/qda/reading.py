"""A coding project read in a process of its own, and turned into rows of our tables."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path

from s4s_graph import apart, content, sources
from s4s_graph.disclosure import RESTRICTED
from s4s_graph.forms import Forms, Text
from s4s_graph.headings import ID
from s4s_graph.problems import Problem
from s4s_graph.qda import cases, parsing, patterns, words
from s4s_graph.qda.coding import Coding
from s4s_graph.qda.concepts import concepts
from s4s_graph.qda.configurations import Configurations
from s4s_graph.qda.elements import MalformedError
from s4s_graph.qda.model import Project
from s4s_graph.qda.rows import Known, Row, completed, sheets
from s4s_graph.qda.words import Told
from s4s_graph.settings import Settings
from s4s_graph.sources import File, Source

_PARSING = "s4s_graph.qda.parsing"


@dataclass(frozen=True)
class Converted:
    """A project as rows, what people know each row by, and what could not be mapped.

    file: what problems call the project. known: the rows of the data folder.
    """

    file: str
    rows: tuple[Row, ...]
    told: tuple[Told, ...]
    known: Known

    def source(self, path: Path, forms: Forms, base: str) -> Source:
        """Return the rows as a file of tables is read."""
        tables = [sheet for sheet, _, _ in sheets(self.rows, forms)]
        sha256 = hashlib.sha256(repr(self.rows).encode()).hexdigest()
        return sources.of_sheets(File(path, self.file), sha256, tables, forms, base)

    def filled(self, forms: Forms) -> dict[str, list[dict[str, str]]]:
        """Return the rows by table, as a workbook takes them, with what is known of them.

        Nothing restricted is in it but what was asked of the project.
        """
        secret = {
            column
            for form in forms
            for field in form.fields
            if field.disclosure == RESTRICTED
            for column in field.columns()
        }
        found: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in self.rows:
            stored = self.known.row(row.table, row.id)
            public = {column: text for column, text in stored.items() if column not in secret}
            found[row.table].append({**public, ID: row.id, **row.values})
        return found

    def places(self, forms: Forms, lang: str) -> Callable[[Problem], Problem]:
        """Return what puts a problem of a row where it stands in the project."""
        told = {
            (sheet.name, number): row.told
            for sheet, _, rows in sheets(self.rows, forms)
            for number, row in enumerate(rows, start=2)
        }

        def placed(problem: Problem) -> Problem:
            where = told.get((problem.sheet, problem.row or 0))
            if problem.file != self.file or where is None:
                return problem
            file = words.placed(self.file, where, lang)
            return replace(problem, file=file, sheet=None, row=None, address=None)

        return placed


def read(path: Path, *, restricted: bool) -> Project:
    """Read a project or codebook; quotations and memos only if `restricted`.

    Raises MalformedError for what is no project, or is too much to read.
    """
    kind = parsing.RESTRICTED if restricted else parsing.PUBLIC
    answer = apart.answer(_PARSING, str(path), kind)
    if answer is None:
        raise MalformedError(_DIED)
    if "nl" in answer:
        raise MalformedError(Text(nl=answer["nl"], en=answer["en"]))
    return Project.of(answer)


def converted(
    project: Project,
    file: str,
    coding: Coding,
    settings: Settings,
    forms: Forms,
    *,
    restricted: bool,
) -> Converted:
    """Turn a project into rows. Raises WorkbookError for a table that cannot be read, OSError."""
    known = Known(content.stored(settings.data, forms))
    lists = _lists(settings, forms)
    memos = {note.guid: note.text for note in project.notes if note.text}
    of_memos = _memos_of(project)
    attached = {
        guid: text
        for guid, notes in of_memos.items()
        if (text := "\n\n".join(memos[note] for note in notes if note in memos))
    }
    of_codes = concepts(project, coding, known, attached)
    found, told = patterns.patterns(project, of_codes, coding)
    made = Configurations(coding, known, attached)
    for pattern in found:
        made.add(pattern)
    companies = cases.cases(project, coding, known, lists, restricted=restricted)
    evidence = list(
        cases.findings(project, found, made.ids, companies, of_codes, coding, known, memos)
    )
    kept = {*of_codes.by_guid, *made.ids}
    rows = [*of_codes.rows, *made.rows.values(), *companies.rows]
    rows += [item for item in evidence if isinstance(item, Row)]
    return Converted(
        file,
        tuple(completed(row, known, coding) for row in rows),
        (
            *_wrong(project),
            *of_codes.told,
            *told,
            *companies.told,
            *(item for item in evidence if isinstance(item, Told)),
            *_left_out(project, of_memos, kept, restricted=restricted),
        ),
        known,
    )


def _lists(settings: Settings, forms: Forms) -> dict[str, list[str]]:
    """Return the ids that the columns of a company may take, of those that take a list."""
    found = content.concepts(settings.ontology, forms, settings.base)
    form = forms.by_table(cases.COMPANIES)
    return {
        field.id: [slug for segment in field.values for slug, _ in found.get(segment, ())]
        for field in (form.fields if form else ())
    }


def _memos_of(project: Project) -> dict[str, tuple[str, ...]]:
    """Return the guids of the memos about each code, set and whatever else a link joins them to."""
    about: dict[str, dict[str, None]] = defaultdict(dict)
    for code in project.codes:
        about[code.guid] |= dict.fromkeys(code.notes)
    for set_ in project.sets:
        about[set_.guid] |= dict.fromkeys(set_.notes)
    memos = {note.guid for note in project.notes}
    for link in project.links:
        for note, thing in ((link.origin, link.target), (link.target, link.origin)):
            if note in memos:
                about[thing][note] = None
    return {guid: tuple(notes) for guid, notes in about.items()}


def _wrong(project: Project) -> Iterator[Told]:
    for kind, name, guid in project.wrong:
        yield words.wrong(words.element(kind, name), words.NO_GUID, guid or None)


def _left_out(
    project: Project, of_memos: Mapping[str, Iterable[str]], kept: Set[str], *, restricted: bool
) -> Iterator[Told]:
    """Yield what is said of the rest; `kept` are the guids of the codes and sets taken over."""
    codes = {code.guid for code in project.codes}
    documents = {source.guid for source in project.sources}
    to_codes = [guid for passage in project.passages for guid in passage.codes]
    to_codes += [guid for set_ in project.sets for guid in set_.codes]
    to_codes += [guid for case in project.cases for guid in case.codes]
    to_documents = [guid for case in project.cases for guid in case.sources]
    lost = [guid for guid in to_codes if guid not in codes]
    lost += [guid for guid in to_documents if guid not in documents]
    for guid, count in Counter(lost).items():
        yield words.left_out(None, words.dangling(count), guid)
    if count := sum(project.others.values()):
        yield words.left_out(None, words.diagrams(count))
    if not restricted:
        if project.notes:
            yield words.left_out(None, words.memos(len(project.notes)))
        return
    used = {note for guid in kept for note in of_memos.get(guid, ())}
    used |= {note for passage in project.passages for note in passage.notes}
    if count := sum(note.guid not in used for note in project.notes):
        yield words.left_out(None, words.loose_memos(count))
    if count := sum(passage.quotation is None for passage in project.passages):
        yield words.left_out(None, words.unquoted(count))


_DIED = Text(
    nl="dit is niet te lezen: het bestand wordt bij het lezen te groot of het duurt te lang; "
    "exporteer het project in delen",
    en="this cannot be read: the file grows too large when it is read or takes too long; export "
    "the project in parts",
)
