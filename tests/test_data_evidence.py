"""Editorial rules of the reported evidence, and the check that nothing of the input got lost.

The shapes check each value and `test_data_reported.py` each table; these rules are about how
configurations, mechanisms, studies and findings hang together and read as texts.
A rule that fails prints the rows to repair.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest

REPORTED = Path(__file__).parents[1] / "s4s_graph" / "data" / "reported"
INPUT = Path(__file__).parents[2] / "shared" / "domain" / "reported"

Row = dict[str, str]

STATEMENT = {
    "nl": re.compile(r"Als .+, dan .+, waardoor .+\."),
    "en": re.compile(r"If .+, then .+, so that .+\."),
}
LONGEST_TITLE = 80
ESCO = re.compile(r"http://data\.europa\.eu/esco/(skill/[0-9a-f-]{36}|isced-f/\d+)")
CONCEPTS = ["conditions", "resources", "responses", "mechanisms", "skills"]
# "1.000" and "1,000" are one number, and so are "0,51" and "0.51".
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

each_language = pytest.mark.parametrize("language", ["nl", "en"])


def rows(folder: Path, name: str) -> list[Row]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reported(name: str) -> list[Row]:
    return rows(REPORTED, name)


def by_id(name: str) -> dict[str, Row]:
    return {row["id"]: row for row in reported(name)}


def values(cell: str) -> set[str]:
    return set(filter(None, cell.split(";")))


def numbers(text: str) -> list[str]:
    return sorted(re.sub("[.,]", "", number) for number in NUMBER.findall(text))


def show(offenders: Iterable[object]) -> None:
    """Fail with one offender a line."""
    lines = [str(offender) for offender in offenders]
    assert not lines, "\n".join(["Repair these:", *lines])


@each_language
def test_a_configuration_has_a_short_title_without_a_full_stop(language: str) -> None:
    titles = [row[f"prefLabel_{language}"] for row in reported("configurations")]
    show(title for title in titles if len(title) > LONGEST_TITLE or title.endswith("."))


@each_language
@pytest.mark.parametrize("name", [*CONCEPTS, "configurations", "studies", "findings"])
def test_no_two_rows_have_the_same_name(name: str, language: str) -> None:
    names = [row[f"prefLabel_{language}"].casefold() for row in reported(name)]
    show(label for label in names if names.count(label) > 1)


@each_language
def test_a_statement_says_if_then_so_that(language: str) -> None:
    show(
        row["id"]
        for row in reported("configurations")
        if not STATEMENT[language].fullmatch(row[f"statement_{language}"])
    )


@each_language
@pytest.mark.parametrize("name", CONCEPTS)
def test_a_definition_is_a_sentence_that_says_more_than_the_name(name: str, language: str) -> None:
    show(
        row["id"]
        for row in reported(name)
        if not row[f"definition_{language}"].endswith(".")
        or row[f"definition_{language}"].rstrip(".").casefold()
        == row[f"prefLabel_{language}"].casefold()
    )


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("configurations", "prefLabel"),
        ("configurations", "statement"),
        ("studies", "prefLabel"),
        ("findings", "description"),
        ("findings", "figures"),
        ("findings", "locator"),
    ],
)
def test_a_text_has_the_same_figures_in_both_languages(name: str, field: str) -> None:
    show(
        (row["id"], row[f"{field}_nl"], row[f"{field}_en"])
        for row in reported(name)
        if numbers(row[f"{field}_nl"]) != numbers(row[f"{field}_en"])
    )


@pytest.mark.parametrize(
    ("name", "field"), [("conditions", "opposes"), ("configurations", "alternativeTo")]
)
def test_a_link_that_holds_both_ways_is_written_on_both_rows(name: str, field: str) -> None:
    table = by_id(name)
    show(
        (row["id"], other)
        for row in table.values()
        for other in values(row[field])
        if row["id"] == other or row["id"] not in values(table[other][field])
    )


def test_no_condition_is_narrower_than_one_that_excludes_it() -> None:
    conditions = by_id("conditions")
    show(
        row["id"] for row in conditions.values() if values(row["broader"]) & values(row["opposes"])
    )


def test_no_condition_is_both_context_and_outcome_of_a_configuration() -> None:
    show(
        row["id"]
        for row in reported("configurations")
        if values(row["hasOutcome"]) & (values(row["hasContext"]) | values(row["hinderedBy"]))
    )


def test_every_condition_is_used_by_a_configuration() -> None:
    used: set[str] = set()
    for row in reported("configurations"):
        used |= values(row["hasContext"]) | values(row["hinderedBy"]) | values(row["hasOutcome"])
    show(by_id("conditions").keys() - used)


def test_every_mechanism_is_used_by_a_configuration() -> None:
    used = {row["hasMechanism"] for row in reported("configurations")}
    show(by_id("mechanisms").keys() - used)


def test_every_resource_and_response_is_part_of_a_mechanism() -> None:
    mechanisms = reported("mechanisms")
    show(by_id("resources").keys() - {row["hasResource"] for row in mechanisms})
    show(by_id("responses").keys() - {row["hasResponse"] for row in mechanisms})


def test_every_finding_comes_from_a_study_with_a_source() -> None:
    studies = by_id("studies")
    show(row["id"] for row in reported("findings") if not studies[row["fromStudy"]]["source"])


def test_a_finding_cites_the_source_of_its_study() -> None:
    studies = by_id("studies")
    show(
        row["id"]
        for row in reported("findings")
        if not values(studies[row["fromStudy"]]["source"]) <= values(row["source"])
    )


def test_every_study_has_a_finding() -> None:
    show(by_id("studies").keys() - {row["fromStudy"] for row in reported("findings")})


def test_every_configuration_restates_the_one_finding_that_supports_it() -> None:
    supported = sorted(row["supports"] for row in reported("findings"))
    assert supported == sorted(by_id("configurations"))


def test_a_claim_of_the_holder_leaves_a_configuration_untested() -> None:
    designs = {row["id"]: row["studyDesign"] for row in reported("studies")}
    claims = {
        row["supports"]
        for row in reported("findings")
        if designs[row["fromStudy"]] == "claim-of-the-holder"
    }
    show(
        row["id"]
        for row in reported("configurations")
        if (row["status"] == "initieel") != (row["id"] in claims)
    )


def test_a_configuration_belongs_to_the_theory_of_its_kind() -> None:
    theories = by_id("theories")
    show(
        row["id"]
        for row in reported("configurations")
        if theories[row["partOfTheory"]]["aboutKind"] != row["aboutKind"]
    )


def test_every_skill_leads_to_a_concept_of_esco() -> None:
    show(
        row["id"]
        for row in reported("skills")
        if not any(
            ESCO.fullmatch(iri) for iri in values(row["exactMatch"]) | values(row["closeMatch"])
        )
    )


def test_no_two_skills_are_the_same_concept_of_esco() -> None:
    matches = [row["exactMatch"] for row in reported("skills") if row["exactMatch"]]
    show(iri for iri in matches if matches.count(iri) > 1)


# Nothing lost: the shipped tables against the restated public sources that they were made from.

needs_input = pytest.mark.skipif(
    not INPUT.is_dir(), reason="the restated sources are not beside the project"
)


def plain(cell: str) -> str:
    """The cell without the accents that were restored and with its list in order."""
    decomposed = unicodedata.normalize("NFD", cell)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return ";".join(sorted(letters.split(";")))


def differences(old: Iterable[Row], new: Iterable[Row], given: str, kept: str) -> list[object]:
    """Return the cells of the columns `given` of `old` that the columns `kept` of `new` lost."""
    columns = list(zip(given.split(), kept.split(), strict=True))
    there = {row["id"]: row for row in new}
    return [
        (row["id"], before, row[before])
        for row in old
        for before, after in columns
        if row["id"] not in there or plain(row[before]) != plain(there[row["id"]][after])
    ]


@needs_input
def test_all_109_statements_are_kept_as_given() -> None:
    given = rows(INPUT, "evidence")
    mechanisms = by_id("mechanisms")
    kept = [mechanisms[row["hasMechanism"]] | row for row in reported("configurations")]
    old = "intervention_kind actor_groups conditions_needed conditions_hindering resource_id"
    new = "aboutKind hasActor hasContext hinderedBy hasResource"
    assert len(given) == len(kept) == 109
    show(differences(given, kept, old, new))
    show(differences(given, kept, "response_id outcomes", "hasResponse hasOutcome"))
    same = "statement_nl statement_en valence confidence"
    show(differences(given, kept, same, same))


@needs_input
def test_all_109_findings_keep_their_study_figures_and_appraisal() -> None:
    studies = by_id("studies")
    given = [
        row
        | {"study_design": re.sub("[ /]", "-", row["study_design"].lower())}
        | {"figures": " ".join(numbers(row["figures"]))}
        for row in rows(INPUT, "evidence")
    ]
    kept = [
        studies[row["fromStudy"]]
        | row
        | {"id": row["supports"], "figures": " ".join(numbers(row["figures_nl"]))}
        for row in reported("findings")
    ]
    same = "figures relevance richness rigour confidence"
    assert len(given) == len(kept) == 109
    show(differences(given, kept, "study_design finding_direction", "studyDesign towardsTheory"))
    show(differences(given, kept, same, same))


@needs_input
def test_every_finding_keeps_its_source() -> None:
    pages = {row["id"]: row["page"].replace("www.", "") for row in reported("sources")}
    urls = {row["source_id"]: row["url"] for row in rows(INPUT, "evidence-sources")}
    cited = {
        row["supports"]: {pages[source] for source in values(row["source"])}
        for row in reported("findings")
    }
    show(
        row["id"]
        for row in rows(INPUT, "evidence")
        if urls[row["source_id"]].replace("www.", "") not in cited[row["id"]]
    )


@needs_input
def test_all_87_conditions_are_kept_as_given() -> None:
    given = rows(INPUT, "conditions")
    old = "label_nl label_en definition_nl definition_en level actor_group malleability opposite_of"
    new = "prefLabel_nl prefLabel_en definition_nl definition_en level actorGroup malleability"
    assert len(given) == 87
    show(differences(given, reported("conditions"), old, f"{new} opposes"))


@needs_input
def test_all_88_mechanisms_are_kept_as_given() -> None:
    given = rows(INPUT, "mechanisms")
    old, new = "resource_id response_id bcio_match", "hasResource hasResponse closeMatch"
    assert len(given) == 88
    show(differences(given, reported("mechanisms"), old, new))
    for part in ("resource", "response"):
        parts = [row | {"id": row[f"{part}_id"]} for row in given if row[f"{part}_id"]]
        show(differences(parts, reported(f"{part}s"), f"{part}_label_nl", "prefLabel_nl"))
