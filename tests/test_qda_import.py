"""Coding projects merged into a data folder: what codes, sets, cases and memos become."""

import csv
import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import python_calamine
import qda_project
from click.testing import CliRunner, Result
from qda import ATLAS, MAXQDA, NVIVO, Xml, guid, packed
from qda_project import (
    COACH,
    COMPANY,
    FIRM,
    LEARN,
    LOOSE,
    MEMO,
    NO_HR,
    PERSON,
    QUOTED,
    SEASON,
    SEEN,
    SHOP,
    TEXT,
    WAKES,
    cases,
    codes,
    project,
)  # fmt: skip

from s4s_graph.cli import main

ROOT = Path(__file__).resolve().parents[1]
ROOTS = """
values: {sector: {metaalproducten: nace-25}}
fixed:
  conditions: {level: organisatie, malleability: malleable}
  configurations:
    {aboutIntervention: werkplekleren, hasActor: medewerker, dataStatus: illustrative}
  cases: {inRound: ronde-2025, dataStatus: illustrative}
  companies: {dataStatus: illustrative}
  findings: {dataStatus: illustrative}
"""
Run = Callable[..., Result]
Rows = dict[str, dict[str, str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "tests/tiny/data", tmp_path / "data"))


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Path]:
    return partial(qda_project.written, tmp_path)


def runner(data: Path) -> Run:
    roots = data.parent / "roots.yaml"
    roots.write_text(ROOTS, encoding="utf-8")

    def invoke(file: Path, *arguments: str | Path, lang: str = "en") -> Result:
        said = ["import-qda", file, "--into", data, "--roots", roots, "--lang", lang, *arguments]
        return CliRunner().invoke(main, list(map(str, said)), env={"S4S_DATA": str(data)})

    return invoke


@pytest.fixture
def run(data: Path) -> Run:
    return runner(data)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder after the whole project came in; for those who change nothing."""
    folder = tmp_path_factory.mktemp("imported")
    data = Path(shutil.copytree(ROOT / "tests/tiny/data", folder / "data"))
    text = {f"{guid(80)}__txt": TEXT}
    done = runner(data)(packed(folder / "study.qdpx", project(NVIVO), **text), "--yes", "--json")
    assert json.loads(done.stdout)["written"], done.output
    return data


def rows(data: Path, table: str) -> Rows:
    with (data / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def made(data: Path, table: str, before: Path = ROOT / "tests/tiny/data") -> Rows:
    old = rows(before, table)
    return {slug: row for slug, row in rows(data, table).items() if slug not in old}


def written(result: Result) -> None:
    assert result.exit_code == 0, result.output
    assert "written; the old tables are in" in result.output


def test_a_code_keeps_its_names_its_description_its_guid_and_its_place(imported: Path) -> None:
    season = made(imported, "conditions")["seizoensdrukte"]
    assert (season["prefLabel_nl"], season["prefLabel_en"]) == (
        "Seizoensdrukte", "Rush of the season",
    )  # fmt: skip
    assert season["definition_nl"] == "Seizoensdrukte x."
    assert season["broader"] == "drukte-op-het-werk"
    assert season["identifier"] == guid(SEASON)
    assert season["dataStatus"] == "observed"
    assert made(imported, "resources")["coach-op-bezoek"]["identifier"] == guid(COACH)
    assert made(imported, "responses")["ziet-zich-gezien"]["identifier"] == guid(SEEN)


def test_a_set_becomes_a_configuration_with_a_mechanism_of_both_halves(imported: Path) -> None:
    found = made(imported, "configurations")["coach-wekt-leerlust"]
    mechanism = "coach-op-bezoek--ziet-zich-gezien"
    assert (found["hasContext"], found["hasMechanism"], found["hasOutcome"]) == (
        "geen-hr-afdeling", mechanism, "wil-leren",
    )  # fmt: skip
    assert found["statement_en"] == "If A, then B, so that C."
    assert found["aboutIntervention"] == "werkplekleren"
    halves = made(imported, "mechanisms")[mechanism]
    assert (halves["hasResource"], halves["hasResponse"]) == ("coach-op-bezoek", "ziet-zich-gezien")
    assert halves["prefLabel_en"] == "Visit of a coach – Is seen"


def test_a_company_has_a_pseudonym_and_its_name_is_nowhere(imported: Path) -> None:
    found = made(imported, "companies")
    assert found.keys() == {f"bedrijf-{guid(FIRM)[:8]}", f"bedrijf-{guid(SHOP)[:8]}"}
    firm = found[f"bedrijf-{guid(FIRM)[:8]}"]
    assert (firm["sizeClass"], firm["sector"]) == ("10-49", "nace-25")
    assert firm["prefLabel_nl"] == f"Bedrijf {guid(FIRM)[:8]}"
    tables = "".join(path.read_text(encoding="utf-8") for path in imported.glob("*.csv"))
    assert "geen-hr-afdeling" in tables
    for secret in (COMPANY, PERSON, "Pieters", *QUOTED, MEMO, "Mooi gezegd", LOOSE, "stukje"):
        assert secret not in tables


def test_what_is_coded_in_a_case_is_a_finding_with_places_and_no_words(imported: Path) -> None:
    (found,) = made(imported, "findings").values()
    assert found["supports"] == "coach-wekt-leerlust"
    assert found["fromCase"] == f"casus-{guid(FIRM)[:8]}"
    source = f"urn:uuid:{guid(80)}#char="
    assert found["passage"] == f"{source}0,14;{source}15,56;{source}57,73"
    assert "passages: 3, sources: 1" in found["description_en"]
    assert found.get("quotation_nl", "") == found.get("memo_nl", "") == ""


@pytest.mark.parametrize("inside", [True, False])
def test_words_come_along_as_restricted_values_only(
    run: Run, data: Path, given: Callable[..., Path], inside: bool
) -> None:
    done = run(given(project(NVIVO, inside=inside)), "--yes", "--restricted")
    written(done)
    (finding,) = made(data, "findings").values()
    assert finding["quotation_nl"].split("\n\n") == list(QUOTED)
    assert finding["memo_nl"] == "Mooi gezegd."
    assert made(data, "responses")["ziet-zich-gezien"]["memo_nl"] == MEMO
    assert made(data, "companies")[f"bedrijf-{guid(FIRM)[:8]}"]["legalName"] == COMPANY
    assert "warning: study.qdpx: memos: 1; they belong to nothing that is taken over" in done.output
    built = CliRunner().invoke(
        main, ["build"], env={"S4S_DATA": str(data), "S4S_RELEASES": str(data.parent / "releases")}
    )
    assert built.exit_code == 0, built.output
    files = [path for path in (data.parent / "releases").rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert guid(LEARN).encode() in content
    for secret in (COMPANY, *QUOTED, MEMO, "Mooi gezegd"):
        assert secret.encode() not in content


def test_a_second_import_changes_nothing_and_a_third_what_changed(
    run: Run, data: Path, given: Callable[..., Path]
) -> None:
    written(run(given(project(NVIVO)), "--yes"))
    again = run(given(project(ATLAS), ATLAS), "--yes")
    assert again.exit_code == 0, again.output
    assert "new: 0, changed: 0, unchanged: 12, vanished: 0" in again.output
    renamed = project(MAXQDA, Codes=codes(Xml(MAXQDA), learn="Wil graag leren"))
    changed = run(given(renamed, MAXQDA), "--yes")
    written(changed)
    assert "    prefLabel_nl: Wil leren → Wil graag leren" in changed.output
    assert rows(data, "conditions")["wil-leren"]["prefLabel_nl"] == "Wil graag leren"


def test_what_researchers_wrote_of_a_finding_stays(
    run: Run, data: Path, given: Callable[..., Path]
) -> None:
    written(run(given(project(NVIVO)), "--yes"))
    table = data / "findings.csv"
    text = table.read_text(encoding="utf-8")
    assert "In deze casus is elk deel" in text
    head, *lines = csv.reader(text.splitlines())
    for line in lines:
        if line[0].startswith("coach-wekt"):
            line[head.index("description_nl")] = "Men leerde."
            line[head.index("contradicts")] = line[head.index("supports")]
            line[head.index("supports")] = ""
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *lines])
    again = run(given(project(NVIVO)), "--yes")
    assert "new: 0, changed: 0, unchanged: 12, vanished: 0" in again.output, again.output
    (found,) = made(data, "findings").values()
    assert found["description_nl"] == "Men leerde."


def test_a_code_of_a_known_name_is_the_condition_that_is_there(
    run: Run, data: Path, given: Callable[..., Path]
) -> None:
    x = Xml(NVIVO)
    more = x.code(42, "er is geen hr-functie")
    written(run(given(project(NVIVO, Codes=codes(x, more=more))), "--yes"))
    before = rows(ROOT / "tests/tiny/data", "conditions")["geen-hr"]
    assert rows(data, "conditions")["geen-hr"] == before | {"identifier": guid(42)}


def test_what_lacks_is_told_at_the_code_the_set_and_the_case(
    run: Run, data: Path, given: Callable[..., Path]
) -> None:
    x = Xml(NVIVO)
    more = x.code(42, "Alleen Nederlands")
    parts = {"Codes": codes(x, more=more), "Cases": cases(x, "heel groot"),
             "Sets": x.set(WAKES, "Coach", [NO_HR, SEEN, LEARN])}  # fmt: skip
    before = {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()}
    done = run(given(project(NVIVO, **parts)), "--yes")
    assert done.exit_code == 1, done.output
    for line in (
        "code 'Theorie › Uitkomst › Alleen Nederlands', column prefLabel_en: Give one Dutch",
        f"case '{COMPANY}', column sizeClass: 'heel groot': ",
        "set 'Coach', column prefLabel_en: Give one Dutch",
        "case 'Mevrouw X': this case has no value for size class",
        "nothing is published until all is right",
    ):
        assert line in done.output
    assert {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()} == before


def test_a_workbook_to_complete_can_be_imported(
    run: Run, data: Path, given: Callable[..., Path], tmp_path: Path
) -> None:
    book = tmp_path / "complete.xlsx"
    done = run(given(project(NVIVO)), "--workbook", book, lang="nl")
    assert done.exit_code == 0, done.output
    assert "werkmap klaar" in done.output
    assert made(data, "conditions") == {}
    arguments = ["import", str(book), "--into", str(data), "--yes", "--lang", "en"]
    imported = CliRunner().invoke(main, arguments, env={"S4S_DATA": str(data)})
    written(imported)
    again = run(given(project(NVIVO)), "--yes")
    assert "new: 0, changed: 0, unchanged: 12, vanished: 0" in again.output, again.output


def test_a_workbook_has_nothing_restricted_unless_it_is_asked(
    run: Run, data: Path, given: Callable[..., Path], tmp_path: Path
) -> None:
    written(run(given(project(NVIVO)), "--yes", "--restricted"))
    book = tmp_path / "public.xlsx"
    assert run(given(project(NVIVO)), "--workbook", book).exit_code == 0
    opened = python_calamine.CalamineWorkbook.from_path(book)
    cells = {str(cell) for name in opened.sheet_names
             for row in opened.get_sheet_by_name(name).to_python() for cell in row}  # fmt: skip
    assert "Wil leren" in cells
    assert not cells & {COMPANY, MEMO, "\n\n".join(QUOTED)}


def test_the_report_is_a_page_of_what_was_left_out(
    run: Run, data: Path, given: Callable[..., Path], tmp_path: Path
) -> None:
    x = Xml(NVIVO)
    page = tmp_path / "left-out.html"
    graph = x.element("Graph", guid=x.id(120), name="Schets")
    written(run(given(project(NVIVO, Graphs=graph)), "--yes", "--report", page))
    text = page.read_text(encoding="utf-8")
    assert "diagrammen: 1" in text
    assert "diagrams: 1" in text
    assert "memos: 3" in text
