"""Nothing that people take along from the site or a command runs as a formula when they open it."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browsing import browser
from bs4 import BeautifulSoup
from click.testing import CliRunner
from conftest import released, tiny_data
from fastapi.testclient import TestClient

from s4s_graph.answers import write_csv
from s4s_graph.cli import main
from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings

STARTS = ("=", "+", "-", "@", "\t", "\r")
# Each column of text with another start; the rest of a text stays, so that names differ.
EVIL = {"prefLabel": "=1+", "description": "@SUM(1)", "definition": "+1+", "statement": "-2+",
        "title": "=cmd|x"}  # fmt: skip
PAGES = 200  # that are visited to find what can be taken along


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny graph, with texts that spreadsheets would run."""
    folder = tiny_data(tmp_path_factory.mktemp("evil") / "data")
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        starts = [EVIL.get(name.partition("_")[0], "") for name in head]
        changed = [
            [f"{start}{cell}" if cell else "" for start, cell in zip(starts, row, strict=True)]
            for row in rows
        ]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *changed])
    return folder


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[TestClient]:
    release = released(replace(Settings(), data=data, disclosure_floor=1), data.parent / "releases")
    with browser(release) as visitor:
        yield visitor


def offered(client: TestClient) -> Iterator[str]:
    """Yield the tables that pages of the site offer, one of each kind of address."""
    known, waiting = {"/en/"}, ["/en/"]
    kinds: set[str] = set()
    visited = 0
    while waiting and visited < PAGES:
        path = waiting.pop(0)
        response = client.get(path)
        visited += 1
        if "text/html" not in response.headers.get("content-type", ""):
            continue
        for link in BeautifulSoup(response.text, "html.parser").select("a[href]"):
            address = urlsplit(str(link["href"]))
            kind = address.path.replace("/nl/", "/en/")
            if address.netloc or not kind.startswith(("/en", "/api")) or kind in known | kinds:
                continue
            if kind.endswith((".csv", ".xlsx")) or "format=csv" in address.query:
                kinds.add(kind)
                yield address.path + (f"?{address.query}" if address.query else "")
            elif "." not in kind.rpartition("/")[2]:
                known.add(kind)
                waiting.append(kind + (f"?{address.query}" if address.query else ""))


def runs(content: bytes, path: str) -> list[str]:
    """Return the cells of a table that a spreadsheet would run."""
    if ".xlsx" in path:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
            assert sheets, path
            return [name for name in sheets if b"<f>" in archive.read(name)]
    cells = (cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row)
    return [cell for cell in cells if cell.startswith(STARTS) and not number(cell)]


def number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_no_table_that_a_page_offers_has_a_formula(client: TestClient) -> None:
    tables = {}
    for path in offered(client):
        response = client.get(path)
        if response.status_code == 200:
            tables[path] = runs(response.content, path)
    assert {path: found for path, found in tables.items() if found} == {}
    csvs = [path for path in tables if ".csv" in path]
    assert len(csvs) > 30, sorted(tables)
    assert [path for path in tables if ".xlsx" in path]


def test_a_comparison_has_no_formula(client: TestClient) -> None:
    response = client.get("/en/compare.csv?i=leerbudget&i=leercoach")
    assert "'=1+" in response.text
    assert runs(response.content, "compare.csv") == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_answer_of_the_api_has_a_formula(client: TestClient, form: str) -> None:
    response = client.get(f"/api/v1/questions/conditions-in-use?format={form}")
    assert response.status_code == 200
    if form == "csv":
        assert "'=1+" in response.text
    assert runs(response.content, f"a.{form}") == []


def test_the_endpoint_gives_csv_by_the_standard_and_texts_in_workbooks(client: TestClient) -> None:
    query = (
        f"PREFIX s: <{BASE}def#> PREFIX k: <http://www.w3.org/2004/02/skos/core#> "
        "SELECT ?name WHERE { ?thing a s:Condition ; k:prefLabel ?name } LIMIT 1"
    )
    asked = {"query": query, "format": "csv"}
    response = client.get("/sparql", params=asked, headers={"Accept": "text/csv"})
    # Programs read it, and a changed value would be a wrong answer.
    assert response.text.splitlines()[1].startswith("=1+")
    workbook = client.get("/sparql", params={"query": query, "format": "xlsx"})
    assert runs(workbook.content, "a.xlsx") == []


def test_no_command_writes_a_formula(data: Path, tmp_path: Path) -> None:
    variables = {"S4S_DATA": str(data), "S4S_DISCLOSURE_FLOOR": "1"}
    template, marked = tmp_path / "template.xlsx", tmp_path / "marked.xlsx"
    runner = CliRunner()
    for command in (["template", str(template), "--with-data"],
                    ["check", "--annotate", str(marked)]):  # fmt: skip
        done = runner.invoke(main, [*command, "--lang", "en"], env=variables)
        assert done.exit_code == 0, done.output
    for path in (template, marked):
        assert runs(path.read_bytes(), path.name) == []


@pytest.mark.parametrize("start", STARTS)
def test_each_start_of_a_formula_gets_an_apostrophe(start: str) -> None:
    written = write_csv([f"{start}a"], [[f"{start}1+1", "-1.5", "a=b"]])
    head, row = csv.reader(io.StringIO(written, newline=""))
    assert head == [f"'{start}a"]
    assert row == [f"'{start}1+1", "-1.5", "a=b"]
