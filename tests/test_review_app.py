"""The review in a browser: who may see it, who may decide, and what comes of it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from browsing import unsound
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from reviews import AUTHOR, OPEN, data, decided, review

from catalogue.mapping import review as site
from s4s_graph.mappings import known, wording
from s4s_graph.settings import Settings

TOKEN, PORT = "a-token-of-one-review", 8765
HERE = f"http://127.0.0.1:{PORT}"
AT = f"/{TOKEN}/nl/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data(tmp_path / "data")


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    settings = replace(Settings(), data=folder)
    app = site.create(review(folder), known.read(settings), TOKEN, settings)
    near = ("127.0.0.1", 50_000)
    with TestClient(app, base_url=HERE, client=near, headers={"Origin": HERE}) as opened:
        yield opened


def page(client: TestClient, query: str = "") -> BeautifulSoup:
    answer = client.get(AT + query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def fields(client: TestClient, **changed: str) -> dict[str, str]:
    """Return the form as the page gives it, with what someone changed."""
    form = page(client).select_one("form.decide")
    return {
        "pair": str(form.select_one("[name=pair]")["value"]),
        "predicate": str(form.select_one("[name=predicate][checked]")["value"]),
        "reason": "",
        **changed,
    }


def decide(client: TestClient, **changed: str) -> BeautifulSoup:
    """Decide without scripts; return the page that this leads to."""
    answer = client.post(f"{AT}decide", data=fields(client, **changed))
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def test_decisions_land_in_the_file_and_lead_to_the_next_pair(
    client: TestClient, folder: Path
) -> None:
    after = decide(client, decision="accept", predicate=wording.CLOSE, reason="zelfde werk")
    assert decided(folder) == {OPEN[0]: (wording.CLOSE, True, "zelfde werk")}
    said = after.select_one("[data-said][role=status]").get_text()
    assert said == "Vastgelegd: meten is bijna hetzelfde als lassen nameten."
    assert "robotlassen" in after.h1.get_text()
    decide(client, decision="reject")
    assert decided(folder)[OPEN[1]] == (wording.BROAD, False, None)
    assert not page(client).select("[data-said]")


def test_a_decision_is_taken_back(client: TestClient, folder: Path) -> None:
    decide(client, decision="reject")
    client.post(f"{AT}undo")
    assert decided(folder) == {}
    assert "meten" in page(client).h1.get_text()
    assert "nog niets beslist" in client.post(f"{AT}undo").text


def test_pairs_are_gone_through_without_deciding(client: TestClient, folder: Path) -> None:
    following = str(page(client).select_one('[data-key="j"]')["href"])
    answer = BeautifulSoup(client.get(following).text, "html.parser")
    assert "robotlassen" in answer.h1.get_text()
    assert answer.select_one('[data-key="k"]')
    assert decided(folder) == {}


def test_what_someone_else_decided_meanwhile_stays(client: TestClient, folder: Path) -> None:
    mine = fields(client, decision="accept")
    review(folder).decide(accepted=False, predicate=wording.EXACT)
    answer = client.post(f"{AT}decide", data=mine)
    assert "Iemand anders besliste" in answer.text
    assert decided(folder) == {OPEN[0]: (wording.EXACT, False, None)}


def test_a_form_that_is_sent_twice_decides_once(client: TestClient, folder: Path) -> None:
    mine = fields(client, decision="accept")
    client.post(f"{AT}decide", data=mine)
    client.post(f"{AT}decide", data=mine)
    assert list(decided(folder)) == [OPEN[0]]


def test_after_the_last_pair_the_page_says_so(client: TestClient, folder: Path) -> None:
    for _ in OPEN:
        decide(client, decision="reject")
    assert page(client).h1.get_text() == "Over alle kandidaten is beslist"
    assert set(decided(folder)) == set(OPEN)


@pytest.mark.parametrize(
    "path", ["/", "/nl/", "/another-token/nl/", f"/{TOKEN[:-1]}/nl/", "/%C3%A9/nl/"]
)
def test_without_the_token_there_is_nothing(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "whole address" in answer.text
    assert client.post(path.replace("/nl/", "/nl/undo")).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", ""])
def test_another_name_for_this_computer_is_refused(client: TestClient, host: str) -> None:
    assert client.get(AT, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", f"https://127.0.0.1:{PORT}", None]
)
def test_a_decision_from_elsewhere_is_refused(
    client: TestClient, folder: Path, origin: str | None
) -> None:
    mine = fields(client, decision="accept")
    del client.headers["Origin"]
    headers = {"Origin": origin} if origin else {}
    assert client.post(f"{AT}decide", data=mine, headers=headers).status_code == 403
    assert decided(folder) == {}


@pytest.mark.parametrize("other", ["192.168.1.7", "10.0.0.1", "testclient", "2001:db8::1"])
def test_another_computer_is_refused(client: TestClient, other: str) -> None:
    far = TestClient(client.app, base_url=HERE, client=(other, 50_000))
    assert far.get(AT).status_code == 403
    assert far.get("/static/site.css").status_code == 403


def test_every_answer_is_closed_to_others(client: TestClient) -> None:
    for path in (AT, "/nothing/", "/static/site.css", f"{AT}nothing"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "form-action 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Set-Cookie" not in headers


@pytest.mark.parametrize(
    "changed",
    [
        {"decision": "maybe"},
        {},
        {"decision": "accept", "predicate": "http://evil.example/"},
    ],
)
def test_what_is_no_decision_is_refused(
    client: TestClient, folder: Path, changed: dict[str, str]
) -> None:
    answer = client.post(f"{AT}decide", data=fields(client, **changed))
    assert answer.status_code == 400
    assert decided(folder) == {}


@pytest.mark.parametrize("content", [b"pair=%zz", b"reason=" + b"a" * 30_000, b"\xff"])
def test_what_is_no_form_is_refused(client: TestClient, folder: Path, content: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post(f"{AT}decide", content=content, headers=headers)
    assert answer.status_code in {400, 413}
    assert decided(folder) == {}


def test_a_broken_file_is_told_and_kept(client: TestClient, folder: Path) -> None:
    path = folder / "mappings/decided.sssom.tsv"
    broken = path.read_text("utf-8").replace("skos:exactMatch", "skos:samesame", 1)
    path.write_text(broken, encoding="utf-8")
    said = decide(client, decision="accept").select_one("[data-said]").get_text()
    assert "decided.sssom.tsv" in said
    assert path.read_text("utf-8") == broken


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_is_sound(client: TestClient, lang: str) -> None:
    answer = client.get(f"/{TOKEN}/{lang}/")
    assert answer.headers["Content-Language"] == lang
    assert list(unsound(BeautifulSoup(answer.text, "html.parser"))) == []
    assert client.get(f"/{TOKEN}/de/").status_code == 404


def test_the_command_listens_on_this_computer_only(folder: Path) -> None:
    code = "from s4s_graph.cli import main; main()"
    asked = ["mappings", "review", "--browser", "--data", str(folder), "--author", AUTHOR]
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code, *asked], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        found = None
        while not found and (line := process.stdout.readline()):
            found = re.search(r"http://127\.0\.0\.1:(\d+)/([\w-]{43})/\w\w/", line)
        assert found
        with urlopen(found[0]) as answer:
            assert answer.status == 200
        with pytest.raises(HTTPError, match="404"):
            urlopen(found[0].replace(found[2], "a" * 43))
    finally:
        process.terminate()
        process.communicate()
