"""The page about the quality of the data says what the check found, and what is missing."""

import csv
import io
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import browser, soup, unsound
from bs4 import BeautifulSoup, Tag
from conftest import released, tiny_data
from fastapi.testclient import TestClient
from rdflib import RDF, Graph, Namespace

from s4s_graph import quality, release
from s4s_graph.forms import Text
from s4s_graph.namespaces import BASE
from s4s_graph.problems import WARNING, Problem
from s4s_graph.release import ReleaseError
from s4s_graph.settings import Settings

S4S = Namespace(f"{BASE}def#")
SH = Namespace("http://www.w3.org/ns/shacl#")
PATH = "/en/data/quality"
SECRETS = ("Verzonnen Metaal BV", "Nergenshuizen", "niemand@example.org", "Dit mag niemand lezen")


@pytest.fixture(scope="module")
def shipped(shipped_release: Path) -> Iterator[TestClient]:
    with browser(shipped_release) as client:
        yield client


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two releases of the tiny graph: in the second, a mechanism lost its response."""
    folder = tmp_path_factory.mktemp("quality")
    settings = replace(Settings(), data=tiny_data(folder / "data"))
    before = released(settings, folder / "releases")
    path = settings.data / "mechanisms.csv"
    mechanisms = parsed(path)
    next(row for row in mechanisms if row["hasResponse"])["hasResponse"] = ""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, mechanisms[0])
        writer.writeheader()
        writer.writerows(mechanisms)
    return before, released(settings, folder / "releases")


def parsed(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def cells(table: Tag) -> list[list[str]]:
    return [[cell.get_text(" ", strip=True) for cell in row] for row in body(table)]


def body(table: Tag) -> Iterator[list[Tag]]:
    yield from (row.select("th, td") for row in table.select("tbody tr"))


def table(page: BeautifulSoup, section: str) -> Tag:
    found = page.select_one(f"#{section} table")
    assert found
    return found


def rows(client: TestClient) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"{PATH}.csv").text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_is_sound(shipped: TestClient, lang: str) -> None:
    assert list(unsound(soup(shipped, f"/{lang}/data/quality"))) == []


def test_it_counts_what_the_report_in_rdf_counts(
    shipped: TestClient, shipped_release: Path
) -> None:
    report = Graph().parse(shipped_release / release.REPORT)
    kinds = Counter(
        str(focus).removeprefix(f"{BASE}id/").split("/")[0]
        for result in report.subjects(SH.resultSeverity, SH.Warning)
        for focus in report.objects(result, SH.focusNode)
    )
    assert kinds
    told = Counter(row["table"] for row in rows(shipped) if row["severity"] == WARNING)
    assert sorted(told.values()) == sorted(kinds.values())
    shown = cells(table(soup(shipped, PATH), "found"))
    assert sorted(int(warnings) for _, warnings, _, _ in shown) == sorted(kinds.values())


def test_a_warning_is_told_with_its_thing_its_place_and_what_is_right(
    shipped: TestClient,
) -> None:
    first = next(row for row in rows(shipped) if row["severity"] == WARNING)
    page = soup(shipped, PATH)
    told = page.select_one(f"#in-{first['table']}")
    assert told
    assert first["advice"] in told.get_text()
    href = first["thing"].removeprefix(f"{BASE}id/").split("/")[1]
    line = told.select_one(f'tbody tr:has(a[href$="/{first["table"]}/{href}"])')
    assert line
    assert f"{first['file']}, row {first['row']}" in line.get_text()


def test_the_table_has_all_that_the_page_counts(shipped: TestClient) -> None:
    found = Counter(row["check"] for row in rows(shipped) if not row["severity"])
    page = soup(shipped, PATH)
    counted = [int(number) for _, number in cells(table(page, "missing"))]
    assert sorted(number for number in counted if number) == sorted(found.values())
    for check, number in found.items():
        count = page.select_one(f"#{check} .count")
        assert count
        assert int(count.get_text()) == number


def test_what_has_no_evidence_is_what_no_finding_is_about(steps: tuple[Path, Path]) -> None:
    graph = Graph().parse(steps[0] / release.TURTLE)
    about = [S4S.supports, S4S.contradicts, S4S.refines]
    told = {told for path in about for told in graph.objects(None, path)}
    lacking = {str(one) for one in graph.subjects(RDF.type, S4S.Configuration) if one not in told}
    with browser(steps[0]) as client:
        found = {row["thing"] for row in rows(client) if row["check"] == "unevidenced"}
    assert lacking
    assert found == lacking


def test_the_trend_has_each_release_that_is_kept(steps: tuple[Path, Path]) -> None:
    before, after = steps
    with browser(after) as client:
        shown = cells(table(soup(client, PATH), "trend"))
    assert [line[0] for line in shown] == [after.name, before.name]
    assert int(shown[0][2]) == int(shown[1][2]) + 1


def test_of_older_software_it_says_that_nothing_was_kept(
    steps: tuple[Path, Path], tmp_path: Path
) -> None:
    shutil.copytree(steps[1].parent, tmp_path / "releases", symlinks=True)
    older = tmp_path / "releases" / steps[1].name
    (older / release.QUALITY).unlink()
    manifest = release.read_manifest(older / release.MANIFEST)
    files = {name: file for name, file in manifest.files.items() if name != release.QUALITY}
    written = replace(manifest, files=files).to_json()
    (older / release.MANIFEST).write_text(written, encoding="utf-8")
    with browser(older) as client:
        page = soup(client, PATH)
    assert "made by older software" in page.select_one("#found").get_text()
    assert cells(table(page, "trend"))[0][2:4] == ["not kept", "not kept"]


def test_nothing_restricted_is_in_it(steps: tuple[Path, Path]) -> None:
    kept = (steps[1] / release.QUALITY).read_text(encoding="utf-8")
    with browser(steps[1]) as client:
        texts = [kept, client.get(PATH).text, client.get(f"{PATH}.csv").text]
    assert [secret for secret in SECRETS for text in texts if secret in text] == []


def test_what_is_written_is_read_and_says_the_same_twice(tmp_path: Path) -> None:
    told = [
        Problem(WARNING, Text("Niet goed.", "Not right."), "b.csv", 3, "power", "zeven"),
        Problem(WARNING, Text("Niet goed.", "Not right."), "a.csv", 20, "power", "acht"),
    ]
    assert quality.written(told) == quality.written(reversed(told))
    assert quality.read(tmp_path) is None
    (tmp_path / release.QUALITY).write_text(quality.written(told), encoding="utf-8")
    assert quality.read(tmp_path) == (told[1], told[0])


@pytest.mark.parametrize("content", ["", "[]", '{"problems": [{"severity": "warning"}]}'])
def test_a_broken_file_is_an_error_that_says_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / release.QUALITY).write_text(content, encoding="utf-8")
    with pytest.raises(ReleaseError, match="run `s4s build` again"):
        quality.read(tmp_path)
