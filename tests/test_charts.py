"""Pictures of answers, made of rows that were thought up: what is drawn, what the table has."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browser, soup
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from catalogue.picturing import ranked
from catalogue.picturing.ranked import Bar
from catalogue.sparql import charts
from catalogue.sparql.charted import Cell
from s4s_graph.namespaces import BASE

ID, DEF = f"{BASE}id/", f"{BASE}def#"
PREFIXES = f"PREFIX s4s: <{DEF}>\nPREFIX intervention: <{ID}intervention/>\n"


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


def drawn(client: TestClient, view: str, names: str, *rows: str) -> BeautifulSoup:
    """Return the page with the answer of these rows."""
    values = " ".join(f"({row})" for row in rows)
    query = f"#+ view: {view}\n{PREFIXES}SELECT {names} {{ VALUES ({names}) {{ {values} }} }}"
    response = client.post("/en/sparql", data={"query": query}, follow_redirects=True)
    assert response.status_code == 200, response.text
    return BeautifulSoup(response.text, "html.parser")


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ("#+ view: bar\nASK {}", "bar"),
        ("# a title\r\n#+ view: matrix\r\nASK {}", "matrix"),
        ("ASK {} #+ view: bar", "table"),
        ("#+ view: sunburst\nASK {}", "table"),
    ],
)
def test_a_view_is_a_line_of_the_header(query: str, view: str) -> None:
    assert charts.view(query) == view


def test_a_bar_is_as_long_as_its_number_and_says_its_whole_row(client: TestClient) -> None:
    page = drawn(client, "bar", "?what ?n", '"one" 10', '"two" 5', '"nothing" 0')
    bars = page.select(".drawing svg .area")
    lengths = [float(bar["width"]) for bar in bars]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.2)
    assert lengths[2] == 1
    assert [title.get_text() for title in page.select(".drawing g > title")] == [
        "what: one; n: 10", "what: two; n: 5", "what: nothing; n: 0"
    ]  # fmt: skip


def test_more_bars_than_can_be_read_are_told_not_drawn(client: TestClient) -> None:
    rows = [f'"row {n}" {n}' for n in range(charts.BARS + 3)]
    page = drawn(client, "bar", "?what ?n", *rows)
    assert len(page.select(".drawing svg .area")) == charts.BARS
    assert "the first 30 of 33; the table has all" in page.select_one("figcaption").get_text()
    assert len(page.select("main table tbody tr")) == charts.BARS + 3


def test_what_was_invented_is_hatched_and_in_brackets() -> None:
    bar = Bar("one", "", 3, "3", "one: 3", invented=True)
    page = BeautifulSoup(str(ranked.drawn("t", "d", "an example", [bar])), "html.parser")
    assert page.select('rect[fill="url(#chart-hatch)"]')
    texts = [text.get_text() for text in page.select("text")]
    assert texts == ["one", "(3)", "an example"]
    assert Cell(3, "3", 1, invented=True).shade == "example"


def test_a_matrix_has_a_number_a_white_spot_or_nothing_in_each_cell(client: TestClient) -> None:
    page = drawn(
        client, "matrix", "?a ?b ?n", '"x" "10 to 49" 9', '"x" "1 to 9" 2', '"y" "1 to 9" 0'
    )
    table = page.select_one("table.matrix")
    assert [th.get_text() for th in table.select("thead th")] == ["a", "1 to 9", "10 to 49"]
    cells = [(td.get_text(), td.get("class")) for td in table.select("td")]
    assert cells == [
        ("2", ["one-supported"]), ("9", ["observed"]), ("0", ["white"]), ("", None)
    ]  # fmt: skip


def test_rows_for_the_same_cell_are_added_and_without_numbers_counted(client: TestClient) -> None:
    page = drawn(client, "matrix", "?a ?b ?n", '"x" "y" 4', '"x" "y" 3')
    assert page.select_one("table.matrix td").get_text() == "7"
    page = drawn(client, "matrix", "?a ?b ?n", '"x" "y" 1234567', '"x" "z" 0.5')
    assert [td.get_text() for td in page.select("table.matrix td")] == ["1,234,567", "0.5"]
    page = drawn(client, "matrix", "?a ?b ?c", '"x" "y" "p"', '"x" "y" "q"')
    assert page.select_one("table.matrix td").get_text() == "2"


def test_what_was_invented_is_not_added_to_what_was_not(client: TestClient) -> None:
    invented = f"<{ID}company/bedrijf-a>"
    rows = ['"x" "y" 4 "z"', f'"x" "y" 30 {invented}', f'"x" "w" 2 {invented}']
    table = drawn(client, "matrix", "?a ?b ?n ?c", *rows).select_one("table.matrix")
    assert [th.get_text() for th in table.select("thead th")] == ["a", "w", "y"]
    cells = [(td.get_text(" ", strip=True), td["class"]) for td in table.select("td")]
    assert cells == [("(2) an invented example", ["example"]), ("4", ["observed"])]


def test_a_network_links_things_and_its_legend_says_how(client: TestClient) -> None:
    one, other = "intervention:leercoach", "intervention:leerbudget"
    page = drawn(
        client,
        "network",
        "?from ?how ?to",
        f"{one} s4s:feedsInto {other}",
        f"{other} s4s:breaksAt {one}",
        f"{one} s4s:feedsInto {one}",
    )
    svg = page.select_one(".drawing svg")
    boxes = {str(a["href"]) for a in svg.select("a")}
    assert boxes == {"/en/interventions/leercoach", "/en/interventions/leerbudget"}
    assert len(svg.select("g > title")) == 2  # a thing that leads to itself is in the table only
    assert len(svg.select("path.line.break")) == 2  # the line and its sample in the legend


@pytest.mark.parametrize(
    ("view", "names", "row"),
    [
        ("bar", "?a ?n", "<javascript:alert(1)> 1"),
        ("matrix", "?a ?b ?n", "<javascript:alert(1)> <javascript:alert(2)> 1"),
        ("network", "?a ?b", "<javascript:alert(1)> <javascript:alert(2)>"),
    ],
)
def test_no_picture_has_a_link_that_runs_something(
    client: TestClient, view: str, names: str, row: str
) -> None:
    page = drawn(client, view, names, row)
    file = client.get(str(page.select_one('.formats a[href*="sparql.svg"]')["href"])).text
    assert "javascript:alert(1)" in page.select_one(".drawing").get_text()
    for picture in (page, BeautifulSoup(file, "html.parser")):
        assert not picture.select('[href^="javascript"]')


def test_answers_without_the_columns_for_it_are_not_drawn(client: TestClient) -> None:
    for view, names, row in (
        ("bar", "?a ?b", '"x" "y"'),
        ("matrix", "?a ?n", '"x" 1'),
        ("network", "?a ?b", '"x" "y"'),
    ):
        page = drawn(client, view, names, row)
        assert not page.select(".drawing")
        assert "cannot be drawn so" in page.select_one(".told").get_text()


@pytest.mark.parametrize("view", ["bar", "matrix", "network"])
def test_every_question_with_a_view_is_drawn(client: TestClient, view: str) -> None:
    listed = soup(client, "/en/sparql").select("#examples a")
    names = [str(a["href"]).partition("question=")[2] for a in listed]
    seen = 0
    for name in names:
        query = client.get(f"/en/questions/{name}.rq").text
        if charts.view(query) == view:
            page = soup(client, f"/en/questions/{name}")
            assert bool(page.select(".drawing")) == bool(page.select("main tbody tr")), name
            seen += 1
    assert seen >= 2
