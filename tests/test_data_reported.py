"""Editorial rules of the shipped reported tables, and the check that nothing of the input got lost.

The shapes check each value; these rules are about the tables as texts that people edit and read.
A rule that fails prints the rows to repair.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "s4s_graph" / "data"
TABLES = sorted((DATA / "reported").glob("*.csv"))
INPUT = Path(__file__).parents[2] / "shared" / "domain" / "reported"

Row = dict[str, str]

SLUG = re.compile(r"[a-z0-9]+(--?[a-z0-9]+)*")
MARKER = re.compile(r"\[([^\]]+)\]")
# "2.700", "2,700" and "0,625" are one number each; the separators differ between the languages.
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NOTES = {"costNote": "cost_note", "hoursNote": "hours_note", "reachNote": "reach_note"}

# The columns whose cells name rows of a table.
# Columns whose values come from a concept scheme are left to the shapes.
COLUMNS = {
    "cases": "fromCase",
    "conditions": "hasContext hasOutcome hinderedBy opposes undermines",
    "configurations": "alternativeTo contradicts refines supports",
    "findings": "supportedBy",
    "interventions": "aboutIntervention relationFrom relationTo thing",
    "mechanisms": "hasMechanism",
    "organisations": "agent deliverer evaluator funder holder thing",
    "programmes": "inProgramme theoryOf thing",
    "resources": "hasResource",
    "responses": "hasResponse",
    "skills": "develops",
    "sources": "source",
    "studies": "fromStudy",
    "theories": "partOfTheory",
}
REFERENCES = {column for columns in COLUMNS.values() for column in columns.split()}
# The texts that must be there in both languages, where a table has them;
# any other text may be absent, but not half.
OBLIGATORY = {"prefLabel", "definition", "statement"}
DESCRIBED = {"findings", "interventions", "programmes", "theories"}


def rows(table: Path) -> list[Row]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reported(name: str) -> list[Row]:
    return rows(DATA / "reported" / f"{name}.csv")


def values(cell: str) -> list[str]:
    return [value for value in cell.split(";") if value]


def cited(row: Row) -> Iterator[str]:
    for column, cell in row.items():
        if column.removesuffix("_nl").removesuffix("_en") in NOTES:
            for marker in MARKER.findall(cell):
                yield from values(marker)


def numbers(text: str) -> list[str]:
    return sorted(re.sub("[.,]", "", n) for n in NUMBER.findall(MARKER.sub("", text)))


def show(offenders: Iterable[object]) -> None:
    """Fail with one offender a line."""
    lines = [str(offender) for offender in offenders]
    assert not lines, "\n".join(["Repair these:", *lines])


def languages(row: Row) -> set[str]:
    """The fields of a row that have a column in each language."""
    return {column[:-3] for column in row if column.endswith("_nl")}


assert TABLES, f"no tables in {DATA / 'reported'}"
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)


@each_table
def test_a_table_is_utf_8_with_plain_line_ends(table: Path) -> None:
    content = table.read_bytes()
    assert b"\r" not in content, "write line ends as \\n"
    assert not content.startswith(b"\xef\xbb\xbf"), "leave out the byte order mark"
    assert content.endswith(b"\n")


@each_table
def test_every_row_has_as_many_cells_as_the_header(table: Path) -> None:
    with table.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    assert header[0] == "id"
    assert len(set(header)) == len(header)
    show(line[0] for line in lines if len(line) != len(header))


@each_table
def test_ids_are_slugs_that_occur_once_and_in_order(table: Path) -> None:
    ids = [row["id"] for row in rows(table)]
    show(i for i in ids if not SLUG.fullmatch(i))
    assert ids == sorted(set(ids))


@each_table
def test_no_cell_has_stray_white_space(table: Path) -> None:
    show(
        (row["id"], column, cell)
        for row in rows(table)
        for column, cell in row.items()
        if cell != " ".join(cell.split())
    )


@each_table
def test_no_list_has_an_empty_or_a_double_value(table: Path) -> None:
    show(
        (row["id"], column, row[column])
        for row in rows(table)
        for column in row.keys() & REFERENCES
        if row[column] and len(set(values(row[column]))) != row[column].count(";") + 1
    )


@each_table
def test_every_row_says_that_it_is_reported(table: Path) -> None:
    show(row["id"] for row in rows(table) if row["dataStatus"] != "reported")


@pytest.mark.parametrize(
    "table", [t for t in TABLES if t.stem != "sources"], ids=lambda table: table.stem
)
def test_every_row_but_a_source_has_a_source(table: Path) -> None:
    show(row["id"] for row in rows(table) if not row["source"])


@each_table
def test_every_reference_leads_to_a_row(table: Path) -> None:
    known: dict[str, set[str]] = {column: set() for column in REFERENCES}
    for name, columns in COLUMNS.items():
        ids = {row["id"] for path in DATA.glob(f"*/{name}.csv") for row in rows(path)}
        for column in columns.split():
            known[column] |= ids
    show(
        (row["id"], column, value)
        for row in rows(table)
        for column in row.keys() & REFERENCES
        for value in values(row[column])
        if value.split("/")[-1] not in known[column]
    )


@each_table
def test_every_text_has_both_languages_or_none(table: Path) -> None:
    show(
        (row["id"], field)
        for row in rows(table)
        for field in languages(row) - {"altLabel"}  # a synonym need not exist in both
        if bool(row[f"{field}_nl"]) != bool(row[f"{field}_en"])
    )


@each_table
def test_obligatory_texts_are_there(table: Path) -> None:
    wanted = OBLIGATORY | ({"description"} if table.stem in DESCRIBED else set())
    show(
        (row["id"], field)
        for row in rows(table)
        for field in languages(row) & wanted
        if not row[f"{field}_nl"] or not row[f"{field}_en"]
    )


def test_every_page_is_one_source() -> None:
    pages = [re.sub(r"^https?://(www\.)?", "", s["page"]).rstrip("/") for s in reported("sources")]
    show(page for page in pages if pages.count(page) > 1)


def test_every_source_is_cited() -> None:
    used = {s for t in TABLES for row in rows(t) for s in values(row.get("source", ""))}
    show(s["id"] for s in reported("sources") if s["id"] not in used)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_two_interventions_have_the_same_name(language: str) -> None:
    names = [row[f"prefLabel_{language}"].casefold() for row in reported("interventions")]
    show(name for name in names if names.count(name) > 1)


@pytest.mark.parametrize("name", ["interventions", "programmes"])
def test_a_source_named_in_a_note_is_a_source_of_the_row(name: str) -> None:
    show(
        (row["id"], source)
        for row in reported(name)
        for source in cited(row)
        if source not in values(row["source"])
    )


@pytest.mark.parametrize("name", ["interventions", "programmes"])
def test_a_note_has_the_same_figures_and_sources_in_both_languages(name: str) -> None:
    show(
        (row["id"], note)
        for row in reported(name)
        for note in languages(row) & NOTES.keys()
        if numbers(row[f"{note}_nl"]) != numbers(row[f"{note}_en"])
        or MARKER.findall(row[f"{note}_nl"]) != MARKER.findall(row[f"{note}_en"])
    )


def test_an_amount_per_participant_stands_in_the_note() -> None:
    show(
        row["id"]
        for row in reported("interventions")
        if row["costPerParticipant"] not in ["", *numbers(row["costNote_nl"])]
    )


def test_a_resemblance_is_never_more_than_a_guess() -> None:
    relations = reported("relations")
    assert {row["relationType"] for row in relations} == {"resembles"}
    show(row["id"] for row in relations if row["confidence"] != "low")


# Nothing lost: the shipped tables against the restated public sources that they were made from.

needs_input = pytest.mark.skipif(
    not INPUT.is_dir(), reason="the restated sources are not beside the project"
)


def given(name: str) -> list[Row]:
    return rows(INPUT / f"{name}.csv")


@needs_input
def test_all_84_interventions_are_there_with_their_names() -> None:
    expected = {(r["id"], r["name_nl"], r["name_en"]) for r in given("interventions")}
    found = {(r["id"], r["prefLabel_nl"], r["prefLabel_en"]) for r in reported("interventions")}
    assert len(expected) == 84
    assert found == expected


@needs_input
def test_all_79_organisations_are_there_with_their_names() -> None:
    expected = {(row["id"], row["name"]) for row in given("organisations")}
    assert len(expected) == 79
    assert {(row["id"], row["prefLabel"]) for row in reported("organisations")} == expected


@needs_input
def test_every_organisation_has_a_role_for_each_statement_with_a_source() -> None:
    for organisation in given("organisations"):
        roles = [row for row in reported("roles") if row["agent"] == organisation["id"]]
        assert len(roles) >= len(MARKER.findall(organisation["roles"])), organisation["id"]


@needs_input
def test_all_109_statements_are_configurations_with_one_finding_each() -> None:
    expected = sorted(row["id"] for row in given("evidence"))
    found = [r["supports"] or r["contradicts"] or r["refines"] for r in reported("findings")]
    assert len(expected) == 109
    assert [row["id"] for row in reported("configurations")] == expected
    assert sorted(found) == expected


@needs_input
@pytest.mark.parametrize("name", ["conditions", "mechanisms"])
def test_all_conditions_and_mechanisms_are_there(name: str) -> None:
    assert {row["id"] for row in reported(name)} == {row["id"] for row in given(name)}


@needs_input
def test_every_page_of_the_input_is_a_source() -> None:
    pages = {row["url"] for row in given("intervention-sources") + given("evidence-sources")}
    show(pages - {row["page"] for row in reported("sources")})


@needs_input
def test_every_figure_of_the_notes_is_kept() -> None:
    shipped = {row["id"]: row for row in reported("interventions")}
    show(
        (row["id"], old, number)
        for row in given("interventions")
        for new, old in NOTES.items()
        for number in Counter(numbers(row[old])) - Counter(numbers(shipped[row["id"]][f"{new}_nl"]))
    )


@needs_input
def test_all_resemblances_are_there() -> None:
    expected = {(row["programme_id"], row["related_id"]) for row in given("related")}
    assert {(r["relationFrom"], r["relationTo"]) for r in reported("relations")} == expected
