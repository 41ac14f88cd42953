"""Every problem at its cell: on the terminal, as JSON, as a page, and as a marked copy."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import python_calamine
from click.testing import CliRunner, Result
from spreadsheets import Book, Value, write

from s4s_graph.cli import main

SMALL = Path(__file__).parent / "small"
Run = Callable[..., Result]

MACHINES: list[list[Value]] = [
    ["id", "naam (nl)", "naam (en)", "year", "power", "needs", "dataStatus", "owner"],
    ["lathe", "Draaibank", "Lathe", 2019.0, "zeven", "Draaien", "reported", "Van Dam"],
    ["mill", "Freesbank", "", 2021.0, 45.0, "measurin", "reported", "Van Dam"],
    ["robot", "Robot", "Robot", "", 950.0, "programming", "illustrative", "Van Dam"],
    ["saw", "Zaag", "Saw", 2020.0, 3.0, "turning", "reported", "Van Dam"],
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "small")
    folder = tmp_path / "small/data"
    (folder / "plant/machines.csv").unlink()
    write(folder / "intake.xlsx", {"Machines": MACHINES, "Kladblok": [["notes"]]})
    return folder


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Run:
    small = data.parent
    variables = {"S4S_ONTOLOGY": str(small / "ontology"), "S4S_SHAPES": str(small / "shapes"),
                 "S4S_DATA": str(data), "S4S_RELEASES": str(tmp_path / "releases"),
                 "LANG": "C", "LC_ALL": ""}  # fmt: skip

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments, env=variables)

    return invoke


def test_all_problems_of_a_workbook_are_told_at_their_cell_in_one_run(run: Run) -> None:
    done = run("check", "--lang", "en")
    assert done.exit_code == 1
    told = [line for line in done.stderr.splitlines() if line.startswith(("error", "warning"))]
    assert told == [
        "error: intake.xlsx, sheet Kladblok: there is no table Kladblok; "
        "name the sheet after its table or remove it: Machines, Skills",
        "error: intake.xlsx, sheet Machines, cell E2, column power: 'zeven': "
        "write a whole number, such as 12",
        "error: intake.xlsx, sheet Machines, cell C3, column prefLabel_en: "
        "Give a Dutch and an English name.",
        "error: intake.xlsx, sheet Machines, cell F3, column needs: 'measurin': "
        "Name skills of the table skills. Use one of measuring, programming, turning.",
        "warning: intake.xlsx, sheet Machines, cell D4, column year: Give the year it was built.",
        "error: intake.xlsx, sheet Machines, cell E4, column power: '950': Give 900 kW at most.",
    ]
    assert "rows without an error: 4 of 7; nothing is published" in done.stdout


def test_json_has_the_address_and_how_many_rows_stand(run: Run) -> None:
    document = json.loads(run("check", "--json").stdout)
    assert document["rows"] == {"read": 7, "right": 4}
    places = {(p["sheet"], p["address"], p["value"]) for p in document["problems"]}
    assert ("Machines", "E4", "950") in places
    assert ("Kladblok", None, None) in places


def test_a_page_tells_it_in_both_languages(run: Run, tmp_path: Path) -> None:
    run("check", "--report", str(tmp_path / "wrong.html"))
    page = (tmp_path / "wrong.html").read_text(encoding="utf-8")
    assert "intake.xlsx, blad Machines, cel E4, kolom power" in page
    assert "intake.xlsx, sheet Machines, cell E4, column power" in page
    assert "Rows without an error: 4 of 7" in page


def test_a_copy_has_the_cells_marked_and_commented(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "marked.xlsx"
    run("check", "--lang", "nl", "--annotate", str(path))
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        assert book.sheet_names == ["Problemen", "Machines", "Kladblok"]
        assert book.get_sheet_by_name("Machines").to_python() == MACHINES
        listed = book.get_sheet_by_name("Problemen").to_python()
    assert len(listed) == 7
    assert listed[2] == [
        "fout",
        "intake.xlsx, blad Machines, cel E2, kolom power",
        "zeven",
        "schrijf een geheel getal, zoals 12",
    ]
    marked = Book.of(path)
    assert sorted(marked.comments("Machines")) == ["C3", "D4", "E2", "E4", "F3"]
    assert marked.comments("Machines")["E2"] == "fout: schrijf een geheel getal, zoals 12"
    plain, wrong, doubtful = (marked.style("Machines", cell) for cell in ("E5", "E2", "D4"))
    assert len({plain, wrong, doubtful}) == 3
    assert marked.style("Machines", "F3") == wrong


def test_a_marked_copy_can_be_repaired_and_handed_in(run: Run, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "marked.xlsx"
    run("check", "--annotate", str(path))
    before = run("check").stderr
    shutil.copy(path, data / "intake.xlsx")
    assert run("check").stderr == before


def test_tables_in_csv_are_marked_as_well(run: Run, data: Path, tmp_path: Path) -> None:
    (data / "intake.xlsx").unlink()
    for folder in ("a", "b"):
        (data / folder).mkdir()
        (data / folder / "machines.csv").write_text("id,power\nlathe,x\n")
    run("check", "--annotate", str(tmp_path / "marked.xlsx"), "--lang", "en")
    marked = Book.of(tmp_path / "marked.xlsx")
    assert marked.names() == ["Problems", "machines", "machines (2)"]
    assert "B2" in marked.comments("machines")


def test_a_release_without_errors_says_nothing_of_rows(run: Run, data: Path) -> None:
    write(data / "intake.xlsx", {"Machines": [MACHINES[0], MACHINES[4]]})
    done = run("check")
    assert done.exit_code == 0, done.stderr
    assert "rows" not in done.stdout


@pytest.mark.parametrize("name", ["marked.csv", "marked"])
def test_a_copy_has_to_be_a_workbook(run: Run, tmp_path: Path, name: str) -> None:
    done = run("check", "--annotate", str(tmp_path / name))
    assert done.exit_code == 2
    assert "ends in .xlsx" in done.stderr
