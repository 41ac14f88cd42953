"""Cases as companies, and what is coded in them as findings.

A case with a variable that says something of a company is one, under a pseudonym made of its guid,
and a case study at it. A finding is what a case says of a configuration of which each part (its
context, its mechanism, its outcome) is coded somewhere in the case, by a code of that part or by
a narrower one. Whether it supports the configuration is a matter of the coding, not of codes.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from s4s_graph.forms import Text
from s4s_graph.headings import fold
from s4s_graph.qda import words
from s4s_graph.qda.coding import Coding
from s4s_graph.qda.concepts import MEMO, Concepts
from s4s_graph.qda.model import Case, Passage, Project
from s4s_graph.qda.patterns import Pattern
from s4s_graph.qda.rows import IDENTIFIER, Known, Row
from s4s_graph.qda.words import Told

COMPANIES, CASES, FINDINGS = "companies", "cases", "findings"
# An id of a list that is a range of numbers: 10-49, 250-plus.
_RANGE = re.compile(r"(\d+)-(\d+|plus)")
_PSEUDONYM = 8  # characters of a guid

# The ids of a list, by the column of a company that takes them.
Lists = Mapping[str, Sequence[str]]


@dataclass
class Cases:
    """The rows that cases become; `ids` are those of the case studies, by the guid of the case."""

    ids: dict[str, str] = field(default_factory=dict)
    pseudonyms: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def cases(
    project: Project, coding: Coding, known: Known, lists: Lists, *, restricted: bool
) -> Cases:
    """Return the companies and case studies of a project; names only where they are restricted."""
    made = Cases()
    of_sources = {source.guid: source.values for source in project.sources}
    unknown: dict[str, None] = {}
    for case in project.cases:
        # Some programs keep the variables of a case with its documents.
        inherited = [of_sources.get(source, {}) for source in case.sources]
        given = {k: v for values in (*inherited, case.values) for k, v in values.items()}
        values = _values(given, coding, lists)
        unknown |= dict.fromkeys(name for name in given if fold(name) not in coding.variables)
        if not values:
            made.told.append(words.left_out(words.case(case), words.NO_COMPANY))
        else:
            _add(made, case, values, known, restricted=restricted)
    made.told += [words.left_out(None, words.VARIABLE, name) for name in unknown]
    return made


def findings(
    project: Project,
    patterns: Iterable[Pattern],
    configurations: Mapping[str, str],
    made: Cases,
    concepts: Concepts,
    coding: Coding,
    known: Known,
    notes: Mapping[str, str],
) -> Iterator[Row | Told]:
    """Yield a row for each configuration that a case says something of.

    `configurations`: their ids by the guid of the pattern.
    """
    coded = _coded(project, concepts)
    for pattern in patterns:
        partly = 0
        parts = [{concept.code.guid for concept in part} for part in pattern.parts()]
        for case in project.cases:
            seen = coded[case.guid]
            hits = [part & seen.keys() for part in parts]
            if case.guid in made.ids and all(hits):
                passages = [p for hit in hits for code in sorted(hit) for p in seen[code]]
                told = _told(pattern, case)
                slug = f"{configurations[pattern.guid]}--{made.ids[case.guid]}"
                values = _evidence(passages, coding, notes)
                # What researchers wrote of a finding since stays: the project does not know it.
                if not known.row(FINDINGS, slug):
                    short = made.pseudonyms[case.guid]
                    values |= _both("prefLabel", _FINDING, short) | _counted(passages)
                    values |= {"fromCase": made.ids[case.guid]}
                    values |= {coding.direction: configurations[pattern.guid]}
                yield Row(FINDINGS, slug, values, told)
            elif any(hits):
                partly += 1
        if partly:
            yield words.left_out(pattern.told, words.partly(partly))


def _values(given: Mapping[str, str], coding: Coding, lists: Lists) -> dict[str, str]:
    values = {}
    for name, value in given.items():
        column = coding.variables.get(fold(name))
        if column is not None:
            meant = coding.values.get(column, {}).get(fold(value))
            values[column] = meant or _range(value, lists.get(column, ())) or value
    return values


def _range(value: str, ids: Iterable[str]) -> str | None:
    """Return the range of a list that a number is in."""
    if not value.isdecimal():
        return None
    for slug in ids:
        if found := _RANGE.fullmatch(slug):
            most = float("inf") if found[2] == "plus" else int(found[2])
            if int(found[1]) <= int(value) <= most:
                return slug
    return None


def _add(
    made: Cases, case: Case, values: Mapping[str, str], known: Known, *, restricted: bool
) -> None:
    # Nothing of the name of a case may be in an id: ids are public, and stay for ever.
    short = case.guid[:_PSEUDONYM]
    told = words.case(case)
    company = known.found(COMPANIES, [case.guid])
    study = known.found(CASES, [case.guid])
    of_company = {**values, IDENTIFIER: case.guid}
    of_study = {IDENTIFIER: case.guid}
    if restricted and case.name:
        of_company["legalName"] = case.name
    if company is None:
        company = known.new(COMPANIES, f"bedrijf-{short}", f"bedrijf-{case.guid}")
        of_company |= _both("prefLabel", _COMPANY, short)
    if study is None:
        study = known.new(CASES, f"casus-{short}", f"casus-{case.guid}")
        of_study |= _both("prefLabel", _CASE, short) | {"atCompany": company}
    made.ids[case.guid] = study
    made.pseudonyms[case.guid] = short
    made.rows += [Row(COMPANIES, company, of_company, told), Row(CASES, study, of_study, told)]


def _coded(project: Project, concepts: Concepts) -> dict[str, dict[str, list[Passage]]]:
    """Return what is coded in each case: the passages by code, those of narrower codes as well."""
    by_selection: dict[str, list[str]] = defaultdict(list)
    by_source: dict[str, list[str]] = defaultdict(list)
    coded: dict[str, dict[str, list[Passage]]] = defaultdict(lambda: defaultdict(list))
    for case in project.cases:
        for selection in case.selections:
            by_selection[selection].append(case.guid)
        for source in case.sources:
            by_source[source].append(case.guid)
        for code in case.codes:
            for above in concepts.above(code):
                coded[case.guid].setdefault(above, [])
    for passage in project.passages:
        # Where a selection is given to a case, that goes before the source it is in.
        own = by_selection.get(passage.selection or "") or by_source.get(passage.source, [])
        wide = {above for code in passage.codes for above in concepts.above(code)}
        for case_guid in own:
            for code in wide:
                coded[case_guid][code].append(passage)
    return coded


def _told(pattern: Pattern, case: Case) -> Text:
    of_case = words.case(case)
    return Text(nl=f"{pattern.told.nl}, {of_case.nl}", en=f"{pattern.told.en}, {of_case.en}")


def _evidence(
    passages: Sequence[Passage], coding: Coding, notes: Mapping[str, str]
) -> dict[str, str]:
    memos = dict.fromkeys(note for p in passages for note in p.notes if note in notes)
    quoted = dict.fromkeys(p.quotation for p in passages if p.quotation)
    values = {
        "passage": ";".join(sorted({passage.address for passage in passages})),
        f"quotation_{coding.language}": "\n\n".join(quoted),
        f"{MEMO}_{coding.language}": "\n\n".join(notes[memo] for memo in memos),
    }
    return {column: value for column, value in values.items() if value}


def _both(column: str, text: Text, value: str) -> dict[str, str]:
    return {f"{column}_nl": text.nl.format(value), f"{column}_en": text.en.format(value)}


def _counted(passages: Sequence[Passage]) -> dict[str, str]:
    """Say what was coded without a word of it: researchers say what it means."""
    sources = len({passage.source for passage in passages})
    text = Text(
        nl="In deze casus is elk deel van de configuratie gecodeerd; "
        f"passages: {len(set(passages))}, bronnen: {sources}.",
        en="In this case every part of the configuration is coded; "
        f"passages: {len(set(passages))}, sources: {sources}.",
    )
    return _both("description", text, "")


_COMPANY = Text(nl="Bedrijf {}", en="Company {}")
_CASE = Text(nl="Casus bij bedrijf {}", en="Case at company {}")
_FINDING = Text(nl="Bij bedrijf {}", en="At company {}")
