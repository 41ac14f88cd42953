"""A file merged into a data folder: shown first, checked as a whole, written all or none."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from spreadsheets import Book, Value, write

from s4s_graph import content, forms, merging, sources, workbook
from s4s_graph.cli import main
from s4s_graph.content import Content
from s4s_graph.namespaces import BASE

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "tests/small"
Run = Callable[..., Result]

LATHE: list[list[Value]] = [
    ["id", "naam (nl)", "jaar", "vraagt"],
    ["lathe", "Draaibank", 2020.0, "measuring; turning"],
    ["saw", "Zaag", 2022.0, "turning"],
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "small")
    return tmp_path / "small/data"


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Run:
    small = data.parent
    variables = {"S4S_ONTOLOGY": str(small / "ontology"), "S4S_SHAPES": str(small / "shapes"),
                 "S4S_DATA": str(data), "S4S_RELEASES": str(tmp_path / "releases"),
                 "LANG": "C", "LC_ALL": ""}  # fmt: skip

    def invoke(*arguments: str | Path, answer: str = "") -> Result:
        return CliRunner().invoke(main, list(map(str, arguments)), env=variables, input=answer)

    return invoke


@pytest.fixture
def intake(tmp_path: Path) -> Callable[..., Path]:
    def made(*rows: list[Value], name: str = "intake.xlsx", sheet: str = "Machines") -> Path:
        return write(tmp_path / name, {sheet: rows})

    return made


def machines(data: Path) -> list[str]:
    return (data / "plant/machines.csv").read_text(encoding="utf-8").splitlines()


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


SAW: list[Value] = ["saw", "Zaag", "Saw", 2022.0, "Draaien", "reported"]
HEAD: list[Value] = ["id", "naam (nl)", "naam (en)", "jaar", "vraagt", "soort gegeven"]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_workbook_of_all_our_data_changes_nothing(tmp_path: Path, lang: str) -> None:
    known = forms.read(ROOT / "shapes", BASE)
    data = tmp_path / "data"
    shutil.copytree(ROOT / "s4s_graph/data", data)
    before = files(data)
    rows = content.stored(data, known)
    workbook.write(tmp_path / "all.xlsx", Content(known, rows, {}, True), lang)
    arguments = ["import", str(tmp_path / "all.xlsx"), "--into", str(data), "--yes", "--lang", lang]
    done = CliRunner().invoke(main, [*arguments, "--json"], env={"S4S_DATA": str(data)})
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["changes"] == []
    assert document["unchanged"] == sum(map(len, rows.values())) > 1600
    assert files(data) == before


def test_a_diff_is_shown_and_nothing_is_written_without_consent(
    run: Run, data: Path, intake: Callable[..., Path]
) -> None:
    before = files(data)
    rows: list[Value] = ["lathe", "Draaibank", "Lathe", 2020.0, "measuring; turning", "reported"]
    done = run("import", intake(HEAD, rows, SAW), "--into", data, answer="n\n")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "~ machines/lathe",
        "    year: 2019 → 2020",
        "+ machines/saw",
        "    prefLabel_nl: Zaag",
        "    prefLabel_en: Saw",
        "    year: 2022",
        "    needs: turning",
        "    dataStatus: reported",
        "- machines/mill",
        "- machines/robot",
        "new: 1, changed: 1, unchanged: 0, vanished: 2",
        "what is gone from the file stays; --allow-removals removes it",
        "Write this? [y/N]: n",
    ]
    assert files(data) == before


@pytest.mark.parametrize("consent", [{"answer": "y\n"}, {}])
def test_what_was_agreed_is_written_and_what_was_there_is_kept(
    run: Run, data: Path, intake: Callable[..., Path], consent: dict[str, str]
) -> None:
    before = machines(data)
    lathe: list[Value] = ["lathe", "Draaibank", "Lathe", 2020.0, "turning", "reported"]
    yes = () if consent else ("--yes",)
    done = run("import", intake(HEAD, lathe, SAW), "--into", data, *yes, **consent)
    assert done.exit_code == 0, done.output
    after = machines(data)
    assert after[0] == before[0]
    assert after[1] == before[1].replace(",2019,", ",2020,").replace("turning;measuring", "turning")
    assert after[2:4] == before[2:4]
    assert after[4] == "saw,Zaag,Saw,,2022,,,,turning,,reported"
    (kept,) = (data / ".before-import").rglob("machines.csv")
    assert kept.read_text(encoding="utf-8").splitlines() == before
    assert "the old tables are in" in done.stdout
    assert run("check").exit_code == 0


def test_columns_that_the_file_lacks_and_values_that_it_leaves_empty_stay(
    run: Run, data: Path, intake: Callable[..., Path]
) -> None:
    rows: tuple[list[Value], ...] = (["id", "price", "owner"], ["lathe", 1.5, ""])
    done = run("import", intake(*rows), "--into", data, "--yes")
    assert "    owner: empty in the file, stays as it is" in done.stdout
    assert machines(data)[1] == (
        "lathe,Draaibank,Lathe,draaimachine;bank,2019,1.5,007,https://example.org/lathe,"
        "turning;measuring,Geheim Metaal BV,reported"
    )


def test_removals_have_to_be_allowed(run: Run, data: Path, intake: Callable[..., Path]) -> None:
    file = intake(["id", "owner"], ["lathe", ""], ["mill", ""])
    done = run("import", file, "--into", data, "--allow-removals", "--yes")
    assert done.exit_code == 0, done.output
    assert "- machines/robot" in done.stdout
    assert [line.split(",")[0] for line in machines(data)] == ["id", "lathe", "mill"]
    assert machines(data)[1].split(",")[9] == ""


def test_a_sheet_without_rows_removes_nothing(
    run: Run, data: Path, intake: Callable[..., Path]
) -> None:
    before = files(data)
    done = run("import", intake(["id", "owner"]), "--into", data, "--allow-removals", "--yes")
    assert done.stdout == "new: 0, changed: 0, unchanged: 0, vanished: 0\n"
    assert files(data) == before


def test_nothing_is_written_while_something_is_wrong_and_its_cell_is_told(
    run: Run, data: Path, tmp_path: Path, intake: Callable[..., Path]
) -> None:
    before = files(data)
    wrong: list[Value] = ["drill", "Boor", "", 20.0, "turnin", "reported"]
    file = intake(HEAD, SAW, wrong)
    marked = tmp_path / "marked.xlsx"
    done = run("import", file, "--into", data, "--yes", "--annotate", marked)
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "error: intake.xlsx, sheet Machines, cell C3, column prefLabel_en: "
        "Give a Dutch and an English name.",
        "error: intake.xlsx, sheet Machines, cell D3, column year: '20': "
        "write a year, such as 2024",
        "error: intake.xlsx, sheet Machines, cell E3, column needs: 'turnin': "
        "Name skills of the table skills. Use one of measuring, programming, turning.",
        "rows without an error: 1 of 2; nothing is published until all is right",
    ]
    assert files(data) == before
    assert sorted(Book.of(marked).comments("Machines")) == ["C3", "D3", "E3"]


def test_a_removal_that_leaves_something_hanging_is_refused(
    run: Run, data: Path, intake: Callable[..., Path]
) -> None:
    before = files(data)
    file = intake(["id"], ["turning"], sheet="Skills")
    done = run("import", file, "--into", data, "--allow-removals", "--yes")
    assert done.exit_code == 1
    assert "plant/machines.csv, row 2, column needs: 'measuring'" in done.stdout
    assert files(data) == before


def test_csv_and_ods_are_merged_as_well(
    run: Run, data: Path, tmp_path: Path, intake: Callable[..., Path]
) -> None:
    file = tmp_path / "machines.csv"
    file.write_text("jaar,id\n2020,lathe\n", encoding="utf-8")
    assert run("import", file, "--into", data, "--yes").exit_code == 0
    assert ",2020," in machines(data)[1]
    ods = intake(["id", "jaar"], ["lathe", 2018.0], name="intake.ods")
    assert run("import", ods, "--into", data, "--yes").exit_code == 0
    assert ",2018," in machines(data)[1]


def test_a_new_row_needs_one_table_to_go_to(
    run: Run, data: Path, intake: Callable[..., Path]
) -> None:
    (data / "other").mkdir()
    (data / "other/machines.csv").write_text("id\n")
    done = run("import", intake(HEAD, SAW), "--into", data, "--yes")
    assert done.exit_code == 1
    assert "this table stands in other/machines.csv and in plant/machines.csv" in done.stdout
    done = run("import", intake(HEAD, SAW), "--into", data / "other", "--yes")
    assert done.exit_code == 0, done.output
    assert (data / "other/machines.csv").read_text().splitlines()[1].startswith("saw,")


def test_a_table_that_is_not_there_yet_is_made(
    run: Run, data: Path, intake: Callable[..., Path]
) -> None:
    (data / "plant/machines.csv").unlink()
    (data / "new").mkdir()
    done = run("import", intake(HEAD, SAW), "--into", data / "new", "--yes")
    assert done.exit_code == 0, done.output
    lines = (data / "new/machines.csv").read_text().splitlines()
    assert lines[0].startswith("id,prefLabel_nl,prefLabel_en,")
    assert len(lines) == 2


def test_json_asks_nothing_and_writes_only_with_yes(
    run: Run, data: Path, intake: Callable[..., Path]
) -> None:
    before = files(data)
    file = intake(HEAD, SAW)
    document = json.loads(run("import", file, "--into", data, "--json").stdout)
    assert not document["written"]
    first = document["changes"][0]
    assert (first["kind"], first["id"]) == ("new", "saw")
    assert files(data) == before
    assert json.loads(run("import", file, "--into", data, "--json", "--yes").stdout)["written"]


def test_a_file_in_the_data_folder_is_not_imported_into_it(run: Run, data: Path) -> None:
    done = run("import", data / "plant/machines.csv", "--into", data)
    assert done.exit_code == 2
    assert "import one from outside it" in done.stderr


def table(folder: Path, name: str, before: bytes | None, after: bytes) -> merging.Merged:
    if before is not None:
        (folder / name).write_bytes(before)
    return merging.Merged(folder / name, before, after, {})


def test_when_one_table_cannot_be_written_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = [table(tmp_path, "a.csv", None, b"1"), table(tmp_path, "b.csv", b"old", b"2"),
              table(tmp_path, "c.csv", b"old", b"3")]  # fmt: skip
    replaced = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name == "c.csv":
            raise OSError("disk full")
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="disk full"):
        merging.write(tables, tmp_path)
    left = {name: text for name, text in files(tmp_path).items() if ".before" not in name}
    assert left == {"b.csv": b"old", "c.csv": b"old"}


def test_a_table_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    merged = table(tmp_path, "a.csv", b"old", b"new")
    (tmp_path / "a.csv").write_bytes(b"other")
    with pytest.raises(merging.ImportRefusedError, match="was changed by someone else"):
        merging.write([merged], tmp_path)
    assert files(tmp_path) == {"a.csv": b"other"}


def test_what_is_kept_is_no_data(tmp_path: Path) -> None:
    merging.write([table(tmp_path, "machines.csv", b"id\n", b"id\nlathe\n")], tmp_path)
    assert [file.name for file in sources.data_files(tmp_path)] == ["machines.csv"]


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_keeps_its_mark_and_line_ends(
    run: Run, data: Path, intake: Callable[..., Path], start: str, end: str
) -> None:
    path = data / "plant/machines.csv"
    text = start + path.read_text(encoding="utf-8").replace("\n", end)
    path.write_bytes(text.encode())
    assert (
        run("import", intake(["id", "jaar"], ["mill", 1999.0]), "--into", data, "--yes").exit_code
        == 0
    )
    assert path.read_bytes().decode() == text.replace(",2021,", ",1999,")


def test_warnings_about_rows_that_stay_are_left_to_the_check(
    run: Run, data: Path, intake: Callable[..., Path]
) -> None:
    path = data / "plant/machines.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",2021,", ",,"), encoding="utf-8")
    assert "Give the year it was built." in run("check").stderr
    done = run("import", intake(HEAD, SAW), "--into", data, answer="n\n")
    assert "Give the year it was built." not in done.output
