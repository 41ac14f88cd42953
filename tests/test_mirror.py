"""The mirror: what is held up to holders, what they answer, and what came of it."""

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import browser, soup, unsound
from click.testing import CliRunner, Result
from conftest import released, tiny_data
from fastapi.testclient import TestClient
from spreadsheets import Book

from catalogue.mirroring import courses
from catalogue.mirroring.courses import APART, AWAITED, Answered, Found, Prompted, Put, Rows
from catalogue.things.printing import Printer
from s4s_graph import answering
from s4s_graph.build import build
from s4s_graph.cli import main
from s4s_graph.settings import Settings

MIRROR = "/nl/mirror/werkplekleren/2025"


@pytest.fixture(scope="module")
def tiny(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


@pytest.fixture(scope="module")
def shipped(shipped_release: Path) -> Iterator[TestClient]:
    with browser(shipped_release) as client:
        yield client


def found(finding: str, company: str = "c", year: int = 2024) -> Found:
    return Found(finding, "x#supports", "k", "i", year, company, None)


def test_a_course_tells_the_last_decision_and_what_followed() -> None:
    rows = Rows(
        [found("a"), found("b"), found("c"), found("d"), found("e", year=2025)],
        [Put("s", "i", 2024, "a"), Put("t", "i", 2024, "b"), Put("t", "i", 2024, "c")],
        [
            Answered("r1", "s", "i", "d/postpones", "2025-01-01", None),
            Answered("r2", "s", "i", "d/adapts", "2025-02-01", "v1"),
        ],
        [Prompted("v2", "i", "c"), Prompted("v3", "other", "d")],
    )
    course = courses.courses(rows)["i", 2024]
    assert course.decisions == {"a": "adapts", "b": AWAITED, "c": AWAITED, "d": APART}
    assert (course.made, course.mirrored, course.answered) == (4, 3, 1)
    assert course.led == {"a", "c"}
    assert course.versions == {"v1", "v2"}
    assert courses.courses(rows)["i", 2025].made == 1


def test_that_no_answer_came_yet_may_be_said_in_a_row() -> None:
    row = Answered("r", "s", "i", "d/awaited", None, None)
    rows = Rows([found("a")], [Put("s", "i", 2024, "a")], [row], [])
    assert courses.courses(rows)["i", 2024].answered == 0


def test_the_mirror_counts_what_was_found_and_what_it_misses(tiny: TestClient) -> None:
    page = soup(tiny, MIRROR)
    assert list(unsound(page)) == []
    claim = page.select_one(".claim").get_text(" ", strip=True)
    assert claim.startswith("Als men wil leren en de leiding steunt")
    assert "voor 1 bevinding(en), (jaar ervoor 0)" in claim
    assert "tegen 1" in claim
    rows = {row.a.text: row.td.get_text(" ", strip=True) for row in page.select("tbody tr")}
    assert rows["Leidinggevenden steunen leren"].startswith("geen")  # nobody brings it about
    assert rows["Medewerkers willen leren"].startswith("Leercoach")
    assert rows["Medewerkers beheersen hun vak"].startswith(
        "Vakcertificaat Illustratief . Niemand anders"
    )
    text = page.main.get_text(" ", strip=True)
    assert "Eerst een gesprek met de leidinggevende." in text
    assert "2 bevindingen van dit jaar zijn niet aan de houder voorgelegd" in text
    assert "Metaalbond" in text


def test_the_answer_of_the_holder_leads_to_a_version(tiny: TestClient) -> None:
    page = soup(tiny, "/en/mirror/werkplekleren/2024")
    answer = page.find("h2", string="The answer of the holder").find_next(class_="claim").text
    for said in ("adapts", "January 31, 2025", "The manager takes part", "Workplace learning 2025"):
        assert said in answer
    page = soup(tiny, "/en/interventions/werkplekleren").select_one("#practice")
    assert "promised in Answer on workplace learning" in page.get_text(" ", strip=True)
    assert "It led to" in page.text


def test_companies_are_neither_named_nor_told_apart_below_three(shipped: TestClient) -> None:
    counts = []
    for slug, year in (("werkplekleren", 2026), ("leercultuur", 2024), ("loopbaancoaches", 2025)):
        path = f"/en/mirror/{slug}/{year}"
        page = soup(shipped, path).main.get_text(" ", strip=True)
        assert "Company " not in page
        document = shipped.get(f"{path}.json").json()
        for statement in document["statements"]:
            counts += [statement["companies"], *statement["sizes"].values()]
    assert None in counts
    assert not {count for count in counts if count is not None and 0 < count < 3}


def test_what_was_invented_says_so(shipped: TestClient) -> None:
    page = soup(shipped, "/nl/mirror/werkplekleren/2026")
    assert page.select_one(".banner")
    assert all(claim.select_one(".invented") for claim in page.select(".claim"))
    assert shipped.get("/nl/mirror/werkplekleren/2026.json").json()["illustrative"] is True


@pytest.mark.parametrize(
    "path", ["werkplekleren/1999", "niets/2025", "werkplekleren/x", "niets", "a%20b/2025"]
)
def test_there_is_no_mirror_of_what_nothing_is_known_of(tiny: TestClient, path: str) -> None:
    assert tiny.get(f"/nl/mirror/{path}").status_code == 404


def test_without_a_year_the_last_one_is_shown(tiny: TestClient) -> None:
    assert tiny.get("/nl/mirror/werkplekleren").headers["location"] == MIRROR


def test_the_pdf_of_a_mirror_is_made(tiny: TestClient) -> None:
    if not Printer("").works:
        pytest.skip("WeasyPrint or the library Pango is not installed")
    answer = tiny.get(f"{MIRROR}.pdf")
    assert answer.content.startswith(b"%PDF")
    assert tiny.get("/nl/mirror/werkplekleren/1999.pdf").status_code == 404


def test_the_overview_says_per_year_what_findings_led_to(tiny: TestClient) -> None:
    page = soup(tiny, "/en/mirror")
    assert list(unsound(page)) == []
    first = page.select_one("table")
    rows = [[cell.text for cell in row.find_all(["th", "td"])] for row in first.select("tbody tr")]
    assert rows == [["2024", "2", "1", "1", "1"], ["2025", "5", "1", "0", "0"]]
    drawn = page.select_one("figure svg").text
    assert "2024" in drawn
    assert "led to a version" in drawn
    assert page.select_one('#year a[href="/en/mirror/werkplekleren/2025"]')
    assert list(unsound(soup(tiny, "/nl/mirror?year=2024"))) == []
    assert tiny.get("/nl/mirror?year=1").status_code == 404


def test_the_overview_is_there_as_files(tiny: TestClient) -> None:
    table = list(csv.DictReader(tiny.get("/en/mirror.csv?year=2024").text.splitlines()))
    by_name = {row["intervention_label"]: row for row in table}
    assert by_name["Workplace learning"]["decisions"] == "adapts"
    assert tiny.get("/en/mirror.json?year=2024").json()["year"] == 2024
    assert tiny.get("/en/mirror.svg").text.startswith("<svg")
    assert tiny.get("/en/mirror.xlsx").status_code == 404


def test_without_invented_content_the_pages_say_what_is_missing(tmp_path: Path) -> None:
    data = tiny_data(tmp_path / "data")
    settings = replace(Settings(), data=data, releases=tmp_path / "releases")
    made = build(settings, without_illustrative=True)
    assert made.release
    with browser(made.release) as client:
        assert "nog niets voor te houden" in soup(client, "/nl/mirror").main.text
        assert client.get("/nl/mirror.svg").status_code == 404
        assert "nothing in this release yet" in soup(client, "/en/rameses").text


def test_the_checklist_counts_in_this_release(tiny: TestClient, shipped: TestClient) -> None:
    page = soup(tiny, "/en/rameses")
    assert list(unsound(page)) == []
    items = page.select("tr[id^=item-]")
    assert [item.th.text for item in items] == [str(number) for number in range(1, 21)]
    companies = page.select_one("#item-14").get_text(" ", strip=True)
    assert "Companies : 0 + 3 Illustrative" in companies
    assert "Studies : 2" in companies
    assert "not in the graph" in page.select_one("#item-6").text
    assert (
        "only invented examples so far" in soup(shipped, "/en/rameses").select_one("#item-10").text
    )


# The command, and the sheet on which a holder answers.


def run(settings: Settings, *words: str) -> Result:
    known = {"S4S_DATA": str(settings.data), "S4S_RELEASES": str(settings.releases)}
    return CliRunner().invoke(main, [*words, "--lang", "en"], env=known)


@pytest.fixture
def settings(tiny_release: Path, tmp_path: Path) -> Settings:
    data = tmp_path / "data"
    shutil.copytree(Path(__file__).parent / "tiny/data", data)
    return replace(Settings(), data=data, releases=tiny_release.parent)


def rows_of(data: Path, table: str) -> list[dict[str, str]]:
    with (data / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(data: Path, table: str, rows: list[dict[str, str]]) -> None:
    path = data / f"{table}.csv"
    heading = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, heading)
        writer.writeheader()
        writer.writerows(rows)


def test_the_command_tells_every_mirror_of_a_holder(settings: Settings, tmp_path: Path) -> None:
    told = run(settings, "mirror", "--holder", "bond", "--year", "2025")
    assert told.exit_code == 0, told.output
    assert "Workplace learning, 2025" in told.stdout
    assert "Learning coach, 2025" in told.stdout
    document = json.loads(
        run(settings, "mirror", "--holder", "bond", "--year", "2025", "--format", "json").stdout
    )
    assert [one["label"] for one in document] == ["Learning coach", "Workplace learning"]
    page = tmp_path / "m.html"
    words = ("--format", "html", "--output", str(page))
    assert (
        run(settings, "mirror", "--intervention", "leercoach", "--year", "2025", *words).exit_code
        == 0
    )
    assert "<style>" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--year", "2025"], "name a holder with --holder"),
        (["--holder", "bond", "--year", "1999"], "choose one of 2024, 2025"),
        (["--holder", "niemand", "--year", "2025"], "--intervention ID"),
        (["--holder", "bond", "--year", "2025", "--format", "pdf"], "--output"),
    ],
)
def test_the_command_says_what_to_ask_instead(
    settings: Settings, words: list[str], said: str
) -> None:
    told = run(settings, "mirror", *words)
    assert told.exit_code in {1, 2}
    assert said in told.output


def test_the_sheet_goes_out_and_the_answer_comes_back(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "answer.xlsx"
    made = run(settings, "template", str(path), "--mirror", "--holder", "bond", "--year", "2025")
    assert made.exit_code == 0, made.output
    book = Book.of(path)
    assert "Holder responses" in book.names()
    assert "Findings" not in book.names()
    taken = run(settings, "import", str(path), "--into", str(settings.data), "--yes")
    assert taken.exit_code == 0, taken.output
    row = next(r for r in rows_of(settings.data, "holder-responses") if "leercoach" in r["id"])
    assert (row["respondsTo"], row["decision"]) == ("spiegel-leercoach-2025", "awaited")

    answered = {"decision": "adopts", "change_en": "Two talks.", "answeredOn": "2026-02-01"}
    version = {
        "id": "leercoach-2026",
        "prefLabel_nl": "Leercoach 2026",
        "prefLabel_en": "Learning coach 2026",
        "versionOf": "leercoach",
        "year": "2026",
        "wasRevisionOf": "leercoach-2024",
        "wasInfluencedBy": "bevinding-4",
        "dataStatus": "illustrative",
    }
    reply = tmp_path / "reply"
    reply.mkdir()
    for table, line in (
        ("versions", version),
        ("holder-responses", {**row, **answered, "ledTo": "leercoach-2026"}),
    ):
        shutil.copy(settings.data / f"{table}.csv", reply)
        write(reply, table, [line])
        taken = run(
            settings, "import", str(reply / f"{table}.csv"), "--into", str(settings.data), "--yes"
        )
        assert taken.exit_code == 0, taken.output
    assert len(rows_of(settings.data, "holder-responses")) == 2
    release = released(replace(settings, disclosure_floor=1), tmp_path / "releases")
    with browser(release) as client:
        page = soup(client, "/en/mirror/leercoach/2025").main.get_text(" ", strip=True)
        assert "adopts , February 1, 2026. Two talks. It led to Learning coach 2026" in page
        assert "Learning coach 2026" in soup(client, "/en/interventions/leercoach").text


def test_an_answer_that_was_given_stands_on_the_sheet() -> None:
    rows = {
        "rounds": [{"id": "r", "year": "2025"}],
        "interventions": [{"id": "i", "holder": "x;organisation/h"}, {"id": "j", "holder": ""}],
        "mirror-sessions": [
            {"id": "s", "inRound": "r", "aboutIntervention": "i", "dataStatus": "observed"},
            {"id": "t", "inRound": "r", "aboutIntervention": "i", "dataStatus": "observed"},
            {"id": "u", "inRound": "r", "aboutIntervention": "j", "dataStatus": "observed"},
        ],
        "holder-responses": [{"id": "a", "respondsTo": "mirror-session/s", "decision": "adopts"}],
    }
    sheet = answering.sheet(rows, ("holder", "h"), 2025)["holder-responses"]
    assert [(row["id"], row["decision"]) for row in sheet] == [
        ("a", "adopts"),
        ("antwoord-t", "awaited"),
    ]
    assert answering.sheet(rows, ("holder", "h"), 2024)["holder-responses"] == []
    assert len(answering.sheet(rows, ("intervention", "j"), 2025)["holder-responses"]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--mirror", "--holder", "bond"], "--mirror asks for --year"),
        (["--year", "2025"], "go with --mirror"),
        (["--mirror", "--holder", "bond", "--year", "1999"], "no mirror session of 'bond' in 1999"),
        (["--mirror", "--year", "2025"], "name a holder"),
    ],
)
def test_the_sheet_says_what_to_ask_instead(
    settings: Settings, tmp_path: Path, words: list[str], said: str
) -> None:
    told = run(settings, "template", str(tmp_path / "a.xlsx"), *words)
    assert told.exit_code in {1, 2}
    assert said in told.output
    assert not (tmp_path / "a.xlsx").exists()
