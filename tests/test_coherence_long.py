"""What is long is cut into parts, and nothing gets lost by that."""

import csv
import io
from pathlib import Path

import pytest
from browsing import browser, soup
from hypothesis import given
from hypothesis import strategies as st

from catalogue.coherence import drawing, seen, sheets
from catalogue.coherence.notions import PEEK
from s4s_graph.coherence.pairs import Pairs

NAMES = tuple("abcdef")
rows = st.lists(st.integers(0, 2 ** len(NAMES) - 1), min_size=len(NAMES), max_size=len(NAMES))
LINKS = "/nl/coherence/links.{}?level=interventions&page={}"


@given(rows, st.integers(0, 40), st.integers(0, 40))
def test_a_part_of_the_pairs_is_a_slice_of_all_and_degrees_count_both_sides(
    bits: list[int], start: int, end: int
) -> None:
    pairs = Pairs(NAMES, tuple(bits))
    assert list(pairs.part(start, end)) == list(pairs)[start:end]
    ends = [end for pair in pairs for end in pair]
    assert pairs.degrees == {name: ends.count(name) for name in NAMES}


def test_the_pages_of_a_long_download_are_the_whole(
    shipped_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with browser(shipped_release) as client:
        whole = read(client.get(LINKS.format("csv", 1)).text)
        assert len(whole) > 1000
        size = len(whole) // 3 + 1
        for module in (seen, sheets):
            monkeypatch.setattr(module, "MOST", size)
        parts = [read(client.get(LINKS.format("csv", page)).text) for page in (1, 2, 3)]
        second = client.get(LINKS.format("json", 2)).json()
        assert [client.get(LINKS.format("csv", page)).status_code for page in (0, 4)] == [404, 404]
    assert [len(part) for part in parts[:2]] == [size, size]
    assert [row for part in parts for row in part] == whole
    assert (second["page"], second["pages"], second["total"]) == (2, 3, len(whole))
    assert [row["from"][0]["uri"] for row in second["rows"]] == [row["from"] for row in parts[1]]


def test_a_full_cell_of_coverage_leads_to_the_list_of_all(shipped_release: Path) -> None:
    with browser(shipped_release) as client:
        page = soup(client, "/en/coherence/coverage?level=interventions")
        cells = [cell for cell in page.select("details.filled") if int(cell.summary.text) > PEEK]
        assert cells
        for cell in cells:
            *shown, more = cell.select("li")
            assert len(shown) == PEEK
            found = client.get(str(more.a["href"]).replace("?", ".csv?")).text
            assert len(read(found)) == int(cell.summary.text)


def test_a_picture_around_one_has_room_for_so_many_and_says_how_many_there_are(
    shipped_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 10
    monkeypatch.setattr(drawing, "AROUND", most)
    with browser(shipped_release) as client:
        address = "intervention=intervention/avond-mts-plus&level=interventions"
        page = soup(client, f"/en/coherence/picture?{address}")
        drawn = client.get(f"/en/coherence/picture.json?{address}").json()["total"]
    assert 0 < len(page.select("svg .box")) <= most
    assert f"there is room for the {drawn} surest" in page.select_one("main").text


def read(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(text)))
