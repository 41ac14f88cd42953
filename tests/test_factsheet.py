"""The factsheet: what it chooses, what it says of that, and the PDF of it."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from socket import create_server
from textwrap import shorten

import pytest
from browsing import browser, soup, unsound
from fastapi.testclient import TestClient

from catalogue.rows import Record, Shown
from catalogue.things import factsheet, printing, weighing
from catalogue.things.printing import Printer
from catalogue.things.understanding import Finding, Statement
from catalogue.things.weighing import Weighed
from s4s_graph.forms import Form
from s4s_graph.store import Iri

SHEET = "/nl/interventions/werkplekleren/factsheet"
FULL = 4  # of the fullest factsheets in each language, as PDF; a browser prints more of them


@pytest.fixture(scope="module")
def tiny(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


@pytest.fixture(scope="module")
def shipped(shipped_release: Path) -> Iterator[TestClient]:
    with browser(shipped_release) as client:
        yield client


def engine() -> None:
    if not Printer("").works:
        pytest.skip("WeasyPrint or the library Pango is not installed")


def inside(pdf: bytes) -> bytes:
    """Return what a PDF says, with its streams unpacked where they can be."""
    said = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            said.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(said)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", inside(pdf)))


def weighed(
    name: str, *says: str, status: str = "reported", scope: str = "kind", valence: str = "beoogd"
) -> Weighed:
    """Return a configuration with a finding of a study for each of `says`."""
    none: frozenset[str] = frozenset()
    statement = Statement(name, scope, valence, none, none, none, none)  # type: ignore[arg-type]
    values = {"dataStatus": (Iri(f"x/{status}"),)}
    record = Record(Form, name, name, values)  # type: ignore[arg-type]
    findings = tuple(
        Finding(f"{name}-{number}", name, f"x#{each}", f"x/{status}", study="s")
        for number, each in enumerate(says)
    )
    return Weighed(record, statement, findings)


def names(chosen: list[Weighed]) -> list[str]:
    return [one.record.iri for one in chosen]


def test_what_was_found_and_what_is_its_own_comes_first() -> None:
    given = [
        weighed("example", "supports", "supports", status="illustrative", scope="own"),
        weighed("kind-once", "supports"),
        weighed("kind-twice", "supports", "supports"),
        weighed("own-none", scope="own"),
    ]
    assert names(weighing.chosen(given)) == ["own-none", "kind-twice", "kind-once", "example"]


def test_one_that_findings_speak_against_is_never_left_out() -> None:
    many = [weighed(f"a{number}", "supports", "supports") for number in range(weighing.FOUND + 3)]
    assert "z" not in names(weighing.chosen([*many, weighed("z", "supports")]))
    for contrary in (weighed("z", "contradicts"), weighed("z", "supports", valence="averechts")):
        assert names(weighing.chosen([*many, contrary]))[-1] == "z"


def test_examples_take_the_places_where_nothing_was_found() -> None:
    invented = [weighed(f"e{n}", "supports", status="illustrative") for n in range(9)]
    assert len(weighing.chosen(invented)) == weighing.FOUND
    assert len(weighing.chosen([weighed("a"), *invented])) == 1 + weighing.EXAMPLES


def test_the_sheet_says_what_it_rests_on_and_what_was_invented(tiny: TestClient) -> None:
    page = soup(tiny, SHEET)
    assert list(unsound(page)) == []
    rows = {row.th.text: row.get_text(" ", strip=True) for row in page.select("tr")}
    assert "1 voor" in rows["Effect"]
    claims = {claim.p.get_text(" ", strip=True): claim for claim in page.select(".claim")}
    found = next(claim for text, claim in claims.items() if text.startswith("Als er tijd is"))
    assert "voor 1 studie" in found.text
    assert not found.select(".invented")
    own = next(claim for text, claim in claims.items() if "leiding steunt, dan" in text)
    assert own.select_one(".invented").text == "Illustratief"
    assert "voor 1 casus" in own.text
    assert "tegen 1 casus" in own.text
    assert not [text for text in claims if "ruimte is om te oefenen, dan durft" in text]  # revised


def test_the_sheet_gives_its_versioned_address_and_leads_to_the_rest(tiny: TestClient) -> None:
    cite = soup(tiny, SHEET).select_one(".cite")
    assert re.search(r"/id/intervention/werkplekleren\?release=[0-9a-f]{16}", cite.text)
    assert str(cite.a["href"]).endswith("/nl/interventions/werkplekleren")


@pytest.mark.parametrize("path", ["/nl/interventions/niets/factsheet", "/nl/skills/x/factsheet"])
def test_there_is_no_sheet_of_what_is_no_intervention(tiny: TestClient, path: str) -> None:
    assert tiny.get(path).status_code == 404


def test_the_pdf_is_tagged_in_its_language_and_kept(tiny: TestClient) -> None:
    engine()
    answer = tiny.get(f"{SHEET}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    said = inside(answer.content)
    for sign in (
        rb'pdfuaid:part="1"',
        rb"/Marked true",
        rb"/Lang \(nl\)",
        rb"/StructTreeRoot",
        rb"<dc:title>",
    ):
        assert re.search(sign, said), sign
    assert tiny.get(f"{SHEET}.pdf").content == answer.content
    known = {"If-None-Match": answer.headers["etag"]}
    assert tiny.get(f"{SHEET}.pdf", headers=known).status_code == 304
    assert tiny.get("/nl/interventions/niets/factsheet.pdf").status_code == 404


def test_the_fullest_sheets_fit_two_pages(shipped: TestClient) -> None:
    engine()
    slugs = [thing["id"] for thing in shipped.get("/nl/interventions.json").json()["items"]]
    for lang in ("nl", "en"):
        paths = [f"/{lang}/interventions/{slug}/factsheet" for slug in slugs]
        paths.sort(key=lambda path: len(soup(shipped, path).text), reverse=True)
        counts = {path: pages(shipped.get(f"{path}.pdf").content) for path in paths[:FULL]}
        assert set(counts.values()) == {2}, counts


def test_texts_as_long_as_they_may_be_still_fit(
    shipped_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine()

    def longest(value: Shown, what: str) -> Shown:
        long = value.text + " en meer van zulke woorden" * 20
        return replace(value, text=shorten(long, factsheet.LETTERS[what], placeholder=" …"))

    monkeypatch.setattr(factsheet, "_cut", longest)
    with browser(shipped_release) as client:
        for slug in ("werkplekleren", "leercultuur"):
            made = client.get(f"/nl/interventions/{slug}/factsheet.pdf")
            assert pages(made.content) == 2


def test_nothing_is_fetched_for_a_pdf() -> None:
    engine()
    with create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        there = f"http://127.0.0.1:{listening.getsockname()[1]}"
        html = f'<html lang=en><title>x</title><img alt="" src="{there}/x.svg">'
        pdf = Printer("")._make(f"{there}/", lambda: html)
        assert pages(pdf) == 1
        with pytest.raises(BlockingIOError):
            listening.accept()


@pytest.mark.parametrize("path", ["/static/../page.py", "/etc/passwd", "/static/dist", "/", ""])
def test_only_files_of_the_site_are_read_for_a_pdf(path: str) -> None:
    with pytest.raises(ValueError, match="is not a file of this site"):
        Printer("")._file(path)
    assert Printer("a {}")._file("/theme.css") == (b"a {}", "text/css")


def test_without_weasyprint_there_is_no_button_and_a_sentence(
    tiny_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "_engine", lambda: None)
    with browser(tiny_release) as client:
        for path in (SHEET, "/nl/interventions/werkplekleren"):
            assert not soup(client, path).select('[href$=".pdf"]')
        answer = soup(client, f"{SHEET}.pdf", 501)
        assert "WeasyPrint is hier niet geïnstalleerd" in answer.main.text


def test_who_comes_when_many_wait_is_told_to_come_again(
    tiny_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine()
    monkeypatch.setattr(printing, "WAITING", 0)
    with browser(tiny_release) as client:
        answer = client.get(f"{SHEET}.pdf")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


def test_only_so_many_documents_are_kept(
    tiny_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine()
    monkeypatch.setattr(printing, "KEPT", 1)
    with browser(tiny_release) as client:
        for lang in ("nl", "en"):
            assert client.get(f"/{lang}/interventions/leercoach/factsheet.pdf").status_code == 200
        assert len(client.app.state.printer._made) == 1  # type: ignore[attr-defined]
