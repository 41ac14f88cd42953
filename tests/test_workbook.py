"""The workbook to fill in: what it offers, what it guards, and that it gives back what went in."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import Literal
from spreadsheets import MAIN, Book

from s4s_graph import content, forms, sources, workbook
from s4s_graph.content import Content, WorkbookError
from s4s_graph.forms import Forms, Text
from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings
from s4s_graph.sources import File

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "tests/small"


@pytest.fixture(scope="module")
def small() -> Forms:
    return forms.read(SMALL / "shapes", BASE)


def made(path: Path, known: Forms, lang: str, *, filled: bool, data: Path = SMALL / "data") -> Book:
    rows = content.stored(data, known)
    ontology = SMALL / "ontology" if known.by_table("machines") else ROOT / "ontology"
    lists = content.concepts(ontology, known, BASE)
    workbook.write(path, Content(known, rows, lists, filled), lang)
    return Book.of(path)


@pytest.mark.parametrize("data", [Settings().data, ROOT / "tests/tiny/data"], ids=["ours", "tiny"])
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_what_is_written_is_read_back_to_the_last_triple(
    tmp_path: Path, data: Path, lang: str
) -> None:
    known = forms.read(ROOT / "shapes", BASE)
    made(tmp_path / "all.xlsx", known, lang, filled=True, data=data)
    tables = [sources.read(file, known, BASE) for file in sources.data_files(data)]
    before = {quad.triple for source in tables for quad in source.quads}
    after = sources.read(File(tmp_path / "all.xlsx", "all.xlsx"), known, BASE)
    assert after.problems == []
    assert len(before) > 900
    assert {quad.triple for quad in after.quads} == before
    assert after.rows == sum(source.rows for source in tables)


def test_a_number_or_a_text_is_read_back_as_it_was_spelt(tmp_path: Path, small: Forms) -> None:
    made(tmp_path / "all.xlsx", small, "en", filled=True)
    source = sources.read(File(tmp_path / "all.xlsx", "all.xlsx"), small, BASE)
    values = {quad.object.value for quad in source.quads if isinstance(quad.object, Literal)}
    assert {"007", "1250.50", "45", "2019"} <= values


def test_sheets_stand_in_the_order_in_which_they_are_filled(tmp_path: Path) -> None:
    known = forms.read(ROOT / "shapes", BASE)
    names = made(tmp_path / "a.xlsx", known, "nl", filled=False).names()
    assert names[0] == "Uitleg"
    assert names[-1] == "Lijsten"
    wanted = ["Bronnen", "Organisaties", "Omstandigheden", "Interventies", "Mechanismen",
              "Configuraties", "Bevindingen"]  # fmt: skip
    assert [name for name in names if name in wanted] == wanted
    own = [form for form in known if form.class_iri and not form.computed]
    assert len(names) == len(own) + 2


def test_headings_have_the_name_and_mark_what_is_required(tmp_path: Path, small: Forms) -> None:
    for lang, labels in (("nl", ("naam (nl) *", "jaar *")), ("en", ("name (nl) *", "year *"))):
        texts = made(tmp_path / f"{lang}.xlsx", small, lang, filled=False).texts("Machines")
        headings = [text for cell, text in texts.items() if cell.endswith("1")]
        assert headings[:2] == ["id *", labels[0]]
        assert labels[1] in headings
        assert not headings[headings.index(labels[1]) + 1].endswith("*")


def test_each_heading_has_a_comment_that_helps(tmp_path: Path, small: Forms) -> None:
    book = made(tmp_path / "a.xlsx", small, "nl", filled=False)
    comments = book.comments("Machines")
    headings = [cell for cell in book.texts("Machines") if cell.endswith("1") and len(cell) == 2]
    assert sorted(comments) == sorted(headings)
    assert comments["F1"] == "Bouwjaar.\nVerplicht.\n(veld: year)"
    assert "scheid ze met ';'" in comments["J1"]
    assert "nooit in de openbare uitgave" in comments["K1"]


def test_a_list_offers_its_concepts_and_a_table_its_ids(tmp_path: Path, small: Forms) -> None:
    book = made(tmp_path / "a.xlsx", small, "en", filled=False)
    rules = book.rules("Machines")
    status, needs = rules["L"], rules["J"]
    assert (status.attrib["type"], status.findtext(f"{MAIN}formula1")) == (
        "list",
        "list_data_status",
    )
    assert status.get("errorStyle", "stop") == "stop"
    assert needs.findtext(f"{MAIN}formula1") == "ids_skill"
    # Several may stand there, of which the list holds the first.
    assert needs.get("showErrorMessage") is None
    lists = book.texts("Lists")
    for name, expected in (
        ("list_data_status", {"reported", "illustrative"}),
        ("ids_skill", {"turning", "measuring", "programming"}),
    ):
        sheet, letter, first, last = re.findall(
            r"(.+)!\$(\w)\$(\d+):\$\w\$(\d+)", book.range(name)
        )[0]
        assert sheet == "'Lists'"
        offered = {lists[f"{letter}{row}"] for row in range(int(first), int(last) + 1)}
        assert offered == expected


def test_a_filled_workbook_offers_the_ids_of_its_own_sheets(tmp_path: Path, small: Forms) -> None:
    book = made(tmp_path / "a.xlsx", small, "en", filled=True)
    assert book.range("ids_skill") == "'Skills'!$A$2:$A$1004"


def test_numbers_years_and_ids_are_checked_while_typing(tmp_path: Path, small: Forms) -> None:
    rules = made(tmp_path / "a.xlsx", small, "en", filled=False).rules("Machines")
    assert rules["A"].findtext(f"{MAIN}formula1") == "COUNTIF($A:$A,A2)=1"
    assert rules["F"].attrib["type"] == "whole"
    assert rules["F"].findtext(f"{MAIN}formula2") == "9999"
    assert rules["G"].attrib["type"] == "decimal"
    assert rules["F"].attrib["error"] == "Give the year it was built."


def test_headings_stay_in_sight_and_the_structure_is_guarded(tmp_path: Path, small: Forms) -> None:
    book = made(tmp_path / "a.xlsx", small, "en", filled=False)
    root = ElementTree.fromstring(book.parts["xl/workbook.xml"])
    protection = root.find(f"{MAIN}workbookProtection")
    assert protection is not None
    assert protection.attrib == {"lockStructure": "1"}
    assert [s.get("state") for s in root.iter(f"{MAIN}sheet")][-1] == "hidden"
    sheet = book.sheet("Machines")
    pane = sheet.find(f".//{MAIN}pane")
    assert pane is not None
    assert (pane.attrib["state"], pane.attrib["topLeftCell"]) == ("frozen", "B2")
    guard = sheet.find(f"{MAIN}sheetProtection")
    assert guard is not None
    assert (guard.attrib["sheet"], guard.attrib["insertRows"]) == ("1", "0")
    styles = ElementTree.fromstring(book.parts["xl/styles.xml"])
    cell_styles = list(styles.find(f"{MAIN}cellXfs") or ())
    for column in sheet.iter(f"{MAIN}col"):
        style = cell_styles[int(column.attrib["style"])]
        locked = style.find(f"{MAIN}protection")
        assert locked is not None
        assert locked.attrib["locked"] == "0"


def test_nothing_becomes_a_formula(tmp_path: Path, small: Forms) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "machines.csv").write_text('id,owner\nlathe,"=HYPERLINK(""x"")"\nmill,+31\n')
    book = made(tmp_path / "a.xlsx", small, "en", filled=True, data=data)
    assert book.texts("Machines")["K2"] == '=HYPERLINK("x")'
    assert not list(book.sheet("Machines").iter(f"{MAIN}f"))


def test_the_explanation_tells_sheets_and_choices(tmp_path: Path, small: Forms) -> None:
    texts = made(tmp_path / "a.xlsx", small, "nl", filled=False).texts("Uitleg").values()
    assert "Een machine." in texts
    assert "reported" in texts


def test_a_text_that_fits_no_cell_is_refused_with_its_place(tmp_path: Path, small: Forms) -> None:
    rows = {"machines": [{"id": "lathe", "owner": "x" * 32_768}]}
    with pytest.raises(WorkbookError, match=r"^Machines!K2: the text has more than"):
        workbook.write(tmp_path / "a.xlsx", Content(small, rows, {}, True), "en")


def test_the_same_content_gives_the_same_bytes(tmp_path: Path, small: Forms) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        workbook.write(
            tmp_path / name, Content(small, {}, {"x": [("y", Text("z", "z"))]}, True), "nl"
        )
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
