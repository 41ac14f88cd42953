"""Workbooks as people fill them in: names in either language, dates, numbers, merged cells."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from pyoxigraph import Literal, NamedNode
from spreadsheets import Value, write

from s4s_graph import forms, labels, reading, sources
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.sources import File, Source

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "tests/small"
XSD = "http://www.w3.org/2001/XMLSchema#"
BOTH = pytest.mark.parametrize("suffix", reading.WORKBOOKS)


@pytest.fixture(scope="module")
def small() -> Forms:
    return forms.read(SMALL / "shapes", BASE)


def read(path: Path, known: Forms) -> Source:
    return sources.read(File(path, path.name), known, BASE)


def told(source: Source) -> list[str]:
    return [problem.text("en") for problem in source.problems]


def values(source: Source, name: str) -> list[object]:
    return [q.object for q in source.quads if q.predicate.value == f"{BASE}def#{name}"]


def thing(path: str) -> NamedNode:
    return NamedNode(f"{BASE}id/{path}")


@BOTH
@pytest.mark.parametrize("name", ["machines", "Machines", " MACHINES "])
def test_a_sheet_is_its_table_by_id_or_name(
    tmp_path: Path, small: Forms, suffix: str, name: str
) -> None:
    path = write(tmp_path / f"intake{suffix}", {name: [["id", "jaar"], ["lathe", "2019"]]})
    source = read(path, small)
    assert told(source) == []
    assert values(source, "year") == [Literal("2019", datatype=NamedNode(f"{XSD}gYear"))]
    assert {q.graph_name for q in source.quads} == {NamedNode(f"{BASE}graph/intake/machines")}


@BOTH
@pytest.mark.parametrize(
    ("heading", "value", "name", "expected"),
    [
        ("year", 2019.0, "year", Literal("2019", datatype=NamedNode(f"{XSD}gYear"))),
        ("Year *", "2019 ", "year", Literal("2019", datatype=NamedNode(f"{XSD}gYear"))),
        ("jaar", date(2019, 3, 1), "year", Literal("2019", datatype=NamedNode(f"{XSD}gYear"))),
        ("prijs", 1250.5, "price", Literal("1250.5", datatype=NamedNode(f"{XSD}decimal"))),
        ("power", 45, "power", Literal("45", datatype=NamedNode(f"{XSD}integer"))),
        ("eigenaar", 12345678.0, "owner", Literal("12345678")),
        ("owner", date(2019, 3, 1), "owner", Literal("2019-03-01")),
        ("owner", "\u00a0Van Dam \u200b", "owner", Literal("Van Dam")),
        ("needs", " turning ;", "needs", thing("skill/turning")),
    ],
)
def test_what_a_spreadsheet_makes_of_a_value_is_understood(
    tmp_path: Path,
    small: Forms,
    suffix: str,
    heading: str,
    value: Value,
    name: str,
    expected: object,
) -> None:
    path = write(tmp_path / f"a{suffix}", {"Machines": [["id", heading], ["lathe", value]]})
    source = read(path, small)
    assert told(source) == []
    assert values(source, name) == [expected]


@BOTH
def test_a_date_that_nobody_meant_is_told(tmp_path: Path, small: Forms, suffix: str) -> None:
    rows: list[list[Value]] = [["needs", "id"], [date(2026, 9, 1), "lathe"]]
    (problem,) = told(read(write(tmp_path / f"a{suffix}", {"Machines": rows}), small))
    assert problem.startswith(
        f"error: a{suffix}, sheet Machines, cell A2, column needs: '2026-09-01': "
        "the spreadsheet made a date or a time of this"
    )


def test_cells_merged_downwards_say_the_same_of_each_row(tmp_path: Path, small: Forms) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Machines")
        sheet.write_row(0, 0, ["id", "needs", "owner"])
        sheet.write_column(1, 0, ["lathe", "mill", "robot"])
        sheet.merge_range(1, 1, 2, 2, "turning")
    source = read(path, small)
    assert told(source) == []
    needs = [q.subject for q in source.quads if q.object == thing("skill/turning")]
    assert needs == [thing("machine/lathe"), thing("machine/mill")]
    assert values(source, "owner") == []


@BOTH
def test_what_is_not_known_is_told_and_the_rest_is_read(
    tmp_path: Path, small: Forms, suffix: str
) -> None:
    sheets = {
        "Uitleg": [["free text"]],
        "Empty": [],
        "Machine": [["id"], ["lathe"]],
        "Skills": [["id", "naam", "naam (nl)", "", "name (nl)"], ["turning", "a", "b", "c", "d"]],
    }
    source = read(write(tmp_path / f"a{suffix}", sheets), small)
    assert told(source) == [
        f"error: a{suffix}, sheet Machine: there is no table Machine; "
        "name the sheet after its table or remove it: Machines",
        f"error: a{suffix}, sheet Skills, cell B1, column naam: 'naam': "
        "there is no such column; did you mean naam (nl)?",
        f"error: a{suffix}, sheet Skills, cell D1: there is no name above this column; "
        "give it one or empty it",
        f"error: a{suffix}, sheet Skills, cell E1, column name (nl): 'name (nl)': "
        "this column occurs twice; keep one",
    ]
    assert Literal("b", language="nl") in {quad.object for quad in source.quads}
    assert source.rows == 1


def test_a_formula_gives_the_value_that_was_kept(tmp_path: Path, small: Forms) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Machines")
        sheet.write_row(0, 0, ["id", "power"])
        sheet.write_string(1, 0, "lathe")
        sheet.write_formula(1, 1, "=6*7", None, 41)
    assert [value.value for value in values(read(path, small), "power")] == ["41"]  # type: ignore[attr-defined]


NAMES = [
    ["id", "name (nl)", "name (en)"],
    ["turning", "Draaien", "Turning"],
    ["turning-by-hand", "Met de hand draaien", "By hand"],
    ["by-hand", "Handwerk", "By hand"],
    ["measuring", "turning", "Measuring"],
]


def labelled(tmp_path: Path, small: Forms, needs: str) -> Source:
    sheets = {"Machines": [["id", "needs"], ["lathe", needs]], "Skills": NAMES}
    (source,) = labels.resolved([read(write(tmp_path / "a.xlsx", sheets), small)], BASE)
    return source


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Draaien", ["turning"]),
        ("met de  HAND draaien; Measuring", ["turning-by-hand", "measuring"]),
        ("handwerk", ["by-hand"]),
        ("turning; Draaien; draaien", ["turning"]),
        # An id goes before a name.
        ("turning", ["turning"]),
    ],
)
def test_a_name_may_stand_where_an_id_is_meant(
    tmp_path: Path, small: Forms, written: str, meant: list[str]
) -> None:
    source = labelled(tmp_path, small, written)
    assert told(source) == []
    assert values(source, "needs") == [thing(f"skill/{slug}") for slug in meant]
    triples = {quad.triple for quad in source.quads}
    assert triples == set(source.cells)


def test_a_name_of_several_things_is_told_with_their_ids(tmp_path: Path, small: Forms) -> None:
    source = labelled(tmp_path, small, "Draaien;By hand")
    assert told(source) == [
        "error: a.xlsx, sheet Machines, cell B2, column needs: 'By hand': "
        "several are called so; write one of the ids by-hand, turning-by-hand"
    ]
    assert values(source, "needs") == [thing("skill/turning")]


def test_a_name_that_nothing_has_is_told_with_the_nearest(tmp_path: Path, small: Forms) -> None:
    (problem,) = told(labelled(tmp_path, small, "Draajen"))
    assert problem.endswith(
        "'Draajen': this is neither the id nor the name of what may stand here; "
        "did you mean turning?"
    )
    (problem,) = told(labelled(tmp_path, small, "Q!"))
    assert "an id has lower-case letters" in problem


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"no zip", "this is not a workbook, or a password locks it"),
        (b"", "this is not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is not a workbook, or a password locks it"),
    ],
)
@BOTH
def test_what_is_no_workbook_is_told(
    tmp_path: Path, small: Forms, suffix: str, content: bytes, expected: str
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    source = read(path, small)
    (problem,) = told(source)
    assert problem.startswith(f"error: a{suffix}: {expected}")
    assert source.is_unread


@BOTH
def test_macros_and_broken_parts_are_refused(tmp_path: Path, small: Forms, suffix: str) -> None:
    for member, expected in (
        ("xl/vbaProject.bin", "the workbook holds macros, which are refused"),
        ("xl/other.xml", "this workbook cannot be read"),
    ):
        path = tmp_path / f"a{suffix}"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, "x")
        (problem,) = told(read(path, small))
        assert expected in problem


def test_a_workbook_that_unpacks_too_large_is_refused(
    tmp_path: Path, small: Forms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "UNPACKED_BYTES", 1000)
    path = write(tmp_path / "a.xlsx", {"Machines": [["id"], ["lathe"]]})
    assert "the workbook unpacks to more than 1 GB" in told(read(path, small))[0]


def test_a_lock_of_an_open_workbook_is_no_data(tmp_path: Path) -> None:
    (tmp_path / "~$intake.xlsx").write_bytes(b"x")
    (tmp_path / "intake.xlsx").write_bytes(b"x")
    assert [file.name for file in sources.data_files(tmp_path)] == ["intake.xlsx"]


@pytest.mark.parametrize(
    ("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_are_called_as_a_spreadsheet_does(index: int, letter: str) -> None:
    assert reading.letters(index) == letter
