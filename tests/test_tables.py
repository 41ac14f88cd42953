"""What a table may say, cell by cell, and what its editor is told when it does not."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from s4s_graph import forms, headings, reading, tables
from s4s_graph.forms import Form
from s4s_graph.namespaces import BASE
from s4s_graph.problems import Cell

SMALL = Path(__file__).parent / "small"
GRAPH = f"{BASE}graph/plant/machines"
XSD = "http://www.w3.org/2001/XMLSchema#"
HEADER = "id,prefLabel_nl,altLabel_nl,year,price,power,manual,needs,owner,dataStatus"
EMPTY_ROW = dict.fromkeys(HEADER.split(","), "")


@pytest.fixture(scope="module")
def form() -> Form:
    found = forms.read(SMALL / "shapes", BASE).by_table("machines")
    assert found
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "machines.csv"


def read_file(path: Path, form: Form, graph: str, base: str) -> tables.Table:
    (sheet,) = reading.sheets(path)
    return tables.read(sheet, f"plant/{path.name}", form, graph, base)


def read(path: Path, form: Form, text: str | bytes) -> tables.Table:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_file(path, form, GRAPH, BASE)


def objects(table: tables.Table, path: str) -> list[object]:
    return [quad.object for quad in table.quads if quad.predicate.value == path]


def told(table: tables.Table) -> list[str]:
    return [problem.text("en") for problem in table.problems]


def one_cell(column: str, text: str) -> str:
    row = EMPTY_ROW | {"id": "lathe", column: f'"{text}"'}
    return f"{HEADER}\n{','.join(row.values())}\n"


def thing(path: str) -> NamedNode:
    return NamedNode(f"{BASE}id/{path}")


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("prefLabel_nl", "Draaibank; groot", [Literal("Draaibank; groot", language="nl")]),
        (
            "altLabel_nl",
            "bank; draaier;",
            [Literal("bank", language="nl"), Literal("draaier", language="nl")],
        ),
        ("year", "2019", [Literal("2019", datatype=NamedNode(f"{XSD}gYear"))]),
        ("price", "-12.50", [Literal("-12.50", datatype=NamedNode(f"{XSD}decimal"))]),
        ("power", "007", [Literal("007", datatype=NamedNode(f"{XSD}integer"))]),
        ("owner", "Van Dam; zonen", [Literal("Van Dam; zonen")]),
        ("manual", "mailto:lathe@example.org", [NamedNode("mailto:lathe@example.org")]),
        ("needs", "turning", [thing("skill/turning")]),
        ("needs", "skill/turning; measuring", [thing("skill/turning"), thing("skill/measuring")]),
        ("needs", f"{BASE}id/skill/turning", [thing("skill/turning")]),
        ("needs", "http://example.org/skill", [NamedNode("http://example.org/skill")]),
        ("dataStatus", "reported", [thing("data-status/reported")]),
    ],
)
def test_a_cell_becomes_terms_by_its_field(
    path: Path, form: Form, column: str, text: str, expected: list[object]
) -> None:
    table = read(path, form, one_cell(column, text))
    (field, _) = headings.columns(form)[column]
    assert told(table) == []
    assert objects(table, field.path) == expected


@pytest.mark.parametrize(
    ("column", "text", "advice"),
    [
        ("year", "19", "write a year, such as 2024"),
        ("price", "1.250,50", "write a number with a point and no thousands separator"),
        ("power", "7.5", "write a whole number"),
        ("manual", "www.example.org/lathe", "write a full address"),
        ("manual", "https://example.org/the lathe", "write a full address without spaces"),
        ("needs", "Draaien & frezen", "an id has lower-case letters, digits and single hyphens"),
        ("needs", "machine/lathe", "write skill/lathe"),
        ("prefLabel_nl", "draai\x07bank", "invisible control character"),
    ],
)
def test_a_cell_that_does_not_fit_its_field_says_what_would(
    path: Path, form: Form, column: str, text: str, advice: str
) -> None:
    table = read(path, form, one_cell(column, text))
    (problem,) = told(table)
    assert problem.startswith(f"error: plant/machines.csv, row 2, column {column}: '")
    assert advice in problem
    assert objects(table, headings.columns(form)[column][0].path) == []


def test_one_wrong_value_of_several_leaves_the_others(path: Path, form: Form) -> None:
    table = read(path, form, one_cell("needs", "turning;Meten;measuring"))
    assert [problem.value for problem in table.problems] == ["Meten"]
    assert objects(table, f"{BASE}def#needs") == [
        thing("skill/turning"),
        thing("skill/measuring"),
    ]


def test_every_triple_remembers_its_cell(path: Path, form: Form) -> None:
    table = read(path, form, f"{HEADER}\n\nlathe,Draaibank,,2019,,,,turning;measuring,,reported\n")
    assert set(table.cells.values()) == {
        Cell("plant/machines.csv", 3, column, None, letter)
        for letter, column in (
            ("A", "id"),
            ("B", "prefLabel_nl"),
            ("D", "year"),
            ("H", "needs"),
            ("J", "dataStatus"),
        )
    }
    assert {quad.triple for quad in table.quads} == set(table.cells)
    assert {quad.graph_name for quad in table.quads} == {NamedNode(GRAPH)}


def test_an_inverse_field_writes_the_triple_the_other_way(tmp_path: Path) -> None:
    form = forms.read(SMALL / "shapes", BASE).by_table("skills")
    assert form
    path = tmp_path / "skills.csv"
    path.write_text("id,usedBy\nturning,machine/lathe\n")
    table = read_file(path, form, GRAPH, BASE)
    needs = [quad.triple for quad in table.quads if quad.predicate.value == f"{BASE}def#needs"]
    assert [(t.subject, t.object) for t in needs] == [
        (thing("machine/lathe"), thing("skill/turning"))
    ]


def test_a_field_of_several_kinds_asks_which_kind(tmp_path: Path) -> None:
    form = forms.read(SMALL / "shapes", BASE).by_table("skills")
    assert form
    path = tmp_path / "skills.csv"
    path.write_text("id,usedBy\nturning,lathe\n")
    (problem,) = told(read_file(path, form, GRAPH, BASE))
    assert problem.endswith("'lathe': write machine/lathe or skill/lathe")


def test_a_constant_of_the_shape_is_said_of_each_row(tmp_path: Path) -> None:
    form = forms.read(SMALL / "shapes", BASE).by_table("skills")
    assert form
    path = tmp_path / "skills.csv"
    path.write_text("id\nturning\n")
    table = read_file(path, form, GRAPH, BASE)
    in_scheme = "http://www.w3.org/2004/02/skos/core#inScheme"
    assert objects(table, in_scheme) == [thing("scheme/skills")]
    assert objects(table, tables.RDF_TYPE.value) == [NamedNode(f"{BASE}def#Skill")]


def test_another_base_replaces_the_one_that_files_are_written_with(tmp_path: Path) -> None:
    base = "https://example.org/mine/"
    form = forms.read(SMALL / "shapes", base).by_table("machines")
    assert form
    path = tmp_path / "machines.csv"
    path.write_text(f"id,needs\nlathe,{BASE}id/skill/turning\n")
    table = read_file(path, form, f"{base}graph/plant/machines", base)
    assert objects(table, f"{base}def#needs") == [NamedNode(f"{base}id/skill/turning")]


def test_a_byte_order_mark_and_windows_line_ends_are_read(path: Path, form: Form) -> None:
    table = read(path, form, b'\xef\xbb\xbfid,prefLabel_nl\r\nlathe,"Draai\r\nbank"\r\n')
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    assert told(table) == []
    assert objects(table, label) == [Literal("Draai\nbank", language="nl")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "plant/machines.csv: the file is empty"),
        ("id;year\nlathe;2019\n", "row 1: the columns are separated by ';'"),
        ("year,owner\n2019,Dam\n", "row 1: there is no column id"),
        ("id,,year\nlathe,x,2019\n", "there is no name above this column"),
        ("id,prefLabel_n\nlathe,x\n", "column prefLabel_n: 'prefLabel_n': there is no such column"),
        ("id,prefLabel_n\nlathe,x\n", "did you mean prefLabel_nl?"),
        ("id,qqq\nlathe,x\n", "the columns are id, prefLabel_nl, prefLabel_en,"),
        ("id,year,year\nlathe,2019,2019\n", "column year: 'year': this column occurs twice"),
        ("id,year\n,2019\n", "row 2, column id: the row has no id"),
        ("id\nDraai Bank\n", "column id: 'Draai Bank': an id has lower-case"),
        ("id\nDraai Bank\n", "between them: draai-bank"),
        ("id\nlathe\nmill\nlathe\n", "row 4, column id: 'lathe': this id stands in row 2"),
        ("id,year\nlathe,2019,x\n", "row 2: the row has 3 cells and the header 2"),
    ],
)
def test_a_file_that_cannot_be_right_is_told_where(
    path: Path, form: Form, text: str | bytes, expected: str
) -> None:
    (problem,) = told(read(path, form, text))
    assert expected in problem


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        (b"id\nDra\xe4ibank\n", 2, "the file is not UTF-8"),
        (b'id,year\nlathe,"2019\n', None, "this is not valid CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    path: Path, form: Form, text: bytes, row: int | None, expected: str
) -> None:
    with pytest.raises(reading.UnreadableError, match=expected) as refused:
        read(path, form, text)
    assert refused.value.row == row


def test_columns_stand_in_any_order_and_have_names_or_ids(path: Path, form: Form) -> None:
    table = read(path, form, "Jaar ,ID,Name (nl)\n2019,lathe,Draaibank\n")
    assert told(table) == []
    assert objects(table, "http://www.w3.org/2004/02/skos/core#prefLabel") == [
        Literal("Draaibank", language="nl")
    ]


def test_all_problems_come_in_one_reading(path: Path, form: Form) -> None:
    text = "id,yaer,year\nlathe,,x\nLathe,,2019\nmill,,2019,,y\nmill,,2020\n"
    rows = [(problem.row, problem.column) for problem in read(path, form, text).problems]
    assert rows == [(1, "yaer"), (2, "year"), (3, "id"), (4, None), (5, "id")]


def test_problems_are_told_in_dutch_too(path: Path, form: Form) -> None:
    (problem,) = read(path, form, one_cell("power", "veel")).problems
    assert problem.text("nl") == (
        "fout: plant/machines.csv, rij 2, kolom power: 'veel': schrijf een geheel getal, zoals 12"
    )
