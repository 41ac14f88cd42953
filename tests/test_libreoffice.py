"""The workbook in a real spreadsheet: LibreOffice opens it, saves it, and nothing is lost."""

import shutil
import subprocess
from pathlib import Path

import pytest
import xlsxwriter
from pyoxigraph import Triple

from s4s_graph import content, forms, labels, reading, sources, workbook
from s4s_graph.content import Content
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.reading import Fault
from s4s_graph.sources import File

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "s4s_graph/data"
OFFICE = shutil.which("soffice")

pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def known() -> Forms:
    return forms.read(ROOT / "shapes", BASE)


@pytest.fixture(scope="module")
def made(known: Forms, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with all shipped data, as the command makes it."""
    path = tmp_path_factory.mktemp("made") / "all.xlsx"
    rows = content.stored(DATA, known)
    concepts = content.concepts(ROOT / "ontology", known, BASE)
    workbook.write(path, Content(known, rows, concepts, True), "nl")
    return path


def saved(path: Path, suffix: str, folder: Path) -> Path:
    """Open a workbook in LibreOffice and save it again."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [str(OFFICE), profile, "--headless", "--convert-to", suffix, "--outdir", folder, path],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder / f"{path.stem}.{suffix}"


def triples(paths: list[File], known: Forms) -> set[Triple]:
    read = labels.resolved([sources.read(file, known, BASE) for file in paths], BASE)
    assert [problem.text("en") for source in read for problem in source.problems] == []
    return {quad.triple for source in read for quad in source.quads}


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_what_libreoffice_saves_is_read_back_to_the_last_triple(
    made: Path, known: Forms, tmp_path: Path, suffix: str
) -> None:
    again = saved(made, suffix, tmp_path)
    tables = [file for file in sources.data_files(DATA) if file.path.suffix == reading.CSV]
    expected = triples(tables, known)
    assert triples([File(again, again.name)], known) == expected
    assert len(expected) > 10_000


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_failed_formulas_and_merged_cells_are_known_in_what_it_saves(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / "failing.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Machines")
        sheet.write_row(0, 0, ["id", "x", "y"])
        sheet.write_column(1, 0, ["lathe", "mill", "saw"])
        sheet.merge_range(1, 1, 2, 1, "both")
        kept = {"=1/0": "#DIV/0!", "=NA()": "#N/A", "=2*3": 6}
        for row, (formula, value) in enumerate(kept.items(), start=1):
            sheet.write_formula(row, 2, formula, None, value)
    (found,) = reading.sheets(saved(path, suffix, tmp_path / "saved"))
    assert found.rows == [
        ["id", "x", "y"],
        ["lathe", "both", Fault("#DIV/0!")],
        ["mill", "both", Fault("#N/A")],
        ["saw", "", 6.0],
    ]
