"""Interventions beside each other: the same rows, and what differs says so."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from browsing import browser, soup, unsound
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from s4s_graph.forms import Forms
from s4s_graph.release import FORMS

LANGUAGES = ("nl", "en")
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TWO = "i=leerbudget&i=werkplekleren"


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


def rows(page: BeautifulSoup) -> dict[str, list[str]]:
    """Return the cells of each row by the name of the field."""
    return {
        (row.th.summary or row.th).get_text(" ", strip=True).partition(" ≠")[0]: [
            cell.get_text(" ", strip=True) for cell in row.select("td")
        ]
        for row in page.select(".compared tbody tr")
    }


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("query", ["", "i=leerbudget", TWO, f"{TWO}&i=leercoach&i=roosterscan"])
def test_the_page_is_sound(client: TestClient, lang: str, query: str) -> None:
    assert list(unsound(soup(client, f"/{lang}/compare?{query}"))) == []


def test_the_rows_are_the_fields_in_the_order_of_the_form(
    client: TestClient, tiny_release: Path
) -> None:
    page = soup(client, f"/en/compare?{TWO}")
    assert [th.text for th in page.select(".compared thead th")][1:] == [
        "Learning budget",
        "Workplace learning Illustrative",
    ]
    found = rows(page)
    forms = Forms.from_json((tiny_release / FORMS).read_text(encoding="utf-8"))
    order = [field.name.en for field in forms.by_table("interventions").fields]
    fields = [name for name in found if name in order]
    assert len(fields) > 5
    assert fields == sorted(fields, key=order.index)
    assert found["description"] == ["Money for a training course.", "Learning while working."]
    assert found["holder"] == ["Leerfonds", "Metaalbond Illustrative"]
    assert found["programme"] == ["not stated", "Learning trial Illustrative"]


def test_configurations_and_findings_are_counted(client: TestClient) -> None:
    page = soup(client, f"/en/compare?{TWO}")
    found = rows(page)
    # leerbudget: c01 and c07; werkplekleren: c03 and c04; each has one of its kind.
    assert found["Own configurations"] == ["2", "2"]
    assert found["Configurations of its kind"] == ["1", "1"]
    # As their own pages say, what is real and what is invented apart.
    assert found["Effect"] == [
        "1 for, 0 against of its kind 0 for, 1 against Illustrative",
        "1 for, 0 against of its kind 1 for, 1 against Illustrative",
    ]
    for link in page.select('.compared td a[href*="#"]'):
        address, _, part = str(link["href"]).partition("#")
        assert soup(client, address).select_one(f"#{part}")


def test_a_difference_is_marked_with_a_symbol_and_a_word(client: TestClient) -> None:
    page = soup(client, f"/en/compare?{TWO}")
    for row in page.select(".compared tbody tr"):
        cells = [cell.get_text(" ", strip=True) for cell in row.select("td")]
        mark = row.th.select_one(".unequal")
        assert bool(mark) == (len(set(cells)) > 1), cells
        if mark:
            assert mark.get_text() == "≠differs"


def test_only_the_differences(client: TestClient) -> None:
    every, some = (rows(soup(client, f"/en/compare?{TWO}{q}")) for q in ("", "&only=differences"))
    assert some == {name: cells for name, cells in every.items() if len(set(cells)) > 1}
    assert len(some) < len(every)


def test_an_intervention_beside_itself_counts_once(client: TestClient) -> None:
    page = soup(client, "/nl/compare?i=leerbudget&i=leerbudget&i=")
    assert not page.select(".compared")
    assert [option["value"] for option in page.select("option[selected]")] == ["leerbudget"]


@pytest.mark.parametrize("only", ["", "&only=differences"])
def test_the_data_say_the_same(client: TestClient, only: str) -> None:
    found = rows(soup(client, f"/en/compare?{TWO}{only}"))
    table = list(csv.DictReader(io.StringIO(client.get(f"/en/compare.csv?{TWO}{only}").text)))
    assert [row["name"] for row in table] == list(found)
    assert {row["differs"] for row in table} == ({"≠"} if only else {"≠", ""})
    workbook = client.get(f"/en/compare.xlsx?{TWO}{only}")
    assert workbook.headers["content-type"].endswith(".sheet")
    with zipfile.ZipFile(io.BytesIO(workbook.content)) as parts:
        texts = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    written = {"".join(item.itertext()) for item in texts.iter(f"{SHEET}si")}
    assert written - {""} == {*table[0], *(cell for row in table for cell in row.values() if cell)}
    content = client.get(f"/en/compare.json?{TWO}{only}").json()
    assert [item["id"] for item in content["interventions"]] == ["leerbudget", "werkplekleren"]
    assert [row["name"] for row in content["rows"]] == list(found)
    values = {row["name"]: ["; ".join(cell) for cell in row["values"]] for row in content["rows"]}
    assert values == {row["name"]: [row["leerbudget"], row["werkplekleren"]] for row in table}


@pytest.mark.parametrize(
    "query", ["i=nothing&i=leerbudget", "i=%3Cscript%3E", "i=bedrijf-a", f"{TWO}&only=nothing"]
)
@pytest.mark.parametrize("path", ["compare", "compare.csv", "compare.json"])
def test_what_is_unknown_is_a_404(client: TestClient, path: str, query: str) -> None:
    assert client.get(f"/nl/{path}?{query}").status_code == 404


def test_too_many_or_too_few_is_said(client: TestClient) -> None:
    five = "&".join(
        f"i={name}"
        for name in ("leerbudget", "leercoach", "roosterscan", "vakcertificaat", "werkplekleren")
    )
    assert "two to four" in soup(client, f"/en/compare?{five}", 400).main.text
    assert client.get("/en/compare.csv?i=leerbudget").status_code == 400


def test_an_intervention_leads_to_the_comparison(client: TestClient) -> None:
    page = soup(client, "/nl/interventions/leerbudget")
    assert page.select_one('a[href="/nl/compare?i=leerbudget"]')
    assert not soup(client, "/nl/companies/bedrijf-a").select('a[href^="/nl/compare"]')
