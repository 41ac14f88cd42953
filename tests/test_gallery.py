"""The gallery of questions: grouped, searched, with the ways to each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browser, soup, unsound
from fastapi.testclient import TestClient

LEVELS = ["micro", "meso", "macro"]


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_question_stands_once_under_its_level(client: TestClient, lang: str) -> None:
    questions = client.get("/api/v1/questions").json()["questions"]
    page = soup(client, f"/{lang}/questions")
    assert list(unsound(page)) == []
    assert [section["id"] for section in page.select("main section")][:3] == LEVELS
    assert len(page.select("main h3 a")) == len(questions)
    for question in questions:
        link = page.select_one(f'main h3 a[href="/{lang}/questions/{question["name"]}"]')
        item = link.find_parent("li").get_text(" ", strip=True)
        assert link.get_text(strip=True) == question["title"][lang]
        assert question["why"][lang] in item
        level = link.find_parent("section")["id"]
        assert level in question["tags"] or (
            level == "other" and not set(LEVELS) & set(question["tags"])
        )


def test_the_ways_to_a_question_lead_to_it(client: TestClient) -> None:
    page = soup(client, "/nl/questions?q=keten")
    ways = [str(link["href"]) for link in page.select("main li .formats a")]
    assert ways
    for way in ways:
        path, _, place = way.partition("#")
        assert not place or soup(client, path).select(f'[id="{place}"]')
        assert soup(client, path)


@pytest.mark.parametrize(
    ("lang", "words", "name"),
    [
        ("nl", "Waar breekt", "gaps"),
        ("nl", "KÉTEN breekt", "gaps"),
        ("en", "chain break", "gaps"),
        ("en", "gaps", "gaps"),
    ],
)
def test_questions_are_found_by_their_words(
    client: TestClient, lang: str, words: str, name: str
) -> None:
    page = soup(client, f"/{lang}/questions?q={words}")
    found = [str(link["href"]) for link in page.select("main h3 a")]
    assert f"/{lang}/questions/{name}" in found
    assert len(found) < 20
    assert page.select_one("#q")["value"] == words
    assert str(len(found)) in page.select_one('[role="status"]').get_text()


def test_words_that_no_question_has_are_said_to_be_so(client: TestClient) -> None:
    page = soup(client, "/en/questions?q=<b>nothing</b>")
    assert not page.select("main h3")
    assert "No question" in page.select_one("main").get_text()
    assert "<b>nothing</b>" in page.select_one('[role="status"]').get_text()


def test_a_wrong_value_is_told_in_the_language_of_the_page(client: TestClient) -> None:
    said = {
        lang: soup(client, f"/{lang}/questions/fits-company?company=bedrijf-aa", 400)
        .select_one('main [role="alert"]')
        .get_text()
        for lang in ("nl", "en")
    }
    assert "geef een id die in deze uitgave bij Bedrijven staat, zoals bedrijf-a" in said["nl"]
    assert "give an id that this release has among Companies, such as bedrijf-a" in said["en"]


def test_the_page_of_a_question_names_its_address_for_programs(client: TestClient) -> None:
    page = soup(client, "/nl/questions/fits-company?company=bedrijf-a")
    address = page.select_one('main a[href^="/api/v1/questions/fits-company"]')["href"]
    answer = client.get(address, headers={"Accept": "application/json"}).json()
    assert answer["parameters"] == {"company": "bedrijf-a"}
    assert answer["lang"] == "nl"
    download = page.select_one('main a[href*="fits-company.xlsx"]')["href"]
    assert client.get(str(download)).content.startswith(b"PK")
