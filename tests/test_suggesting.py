"""Suggestions while one types, and soft hyphens in long words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browser
from fastapi.testclient import TestClient
from markupsafe import Markup

from catalogue.hyphens import SOFT, softener


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


def suggested(client: TestClient, words: str, table: str = "", lang: str = "nl") -> list[str]:
    answer = client.get(f"/{lang}/suggest.json", params={"q": words, "table": table})
    assert answer.status_code == 200
    return [thing["name"] for thing in answer.json()["things"]]


def test_what_begins_so_comes_before_what_has_a_word_that_does(client: TestClient) -> None:
    assert suggested(client, "leer", "interventions") == ["Leercoach", "Leerbudget"]
    assert suggested(client, "LÉÉRc", "interventions") == ["Leercoach"]
    assert suggested(client, "bouwt co", "configurations") == ["Coach bouwt voort op bewijs"]
    assert suggested(client, "coach bouwt voort", "interventions") == []


def test_the_search_over_all_suggests_a_few_of_each_kind_and_marks_examples(
    client: TestClient,
) -> None:
    answer = client.get("/en/suggest.json?q=coa").json()
    kinds = [thing["kind"] for thing in answer["things"]]
    assert {"Configurations"} <= set(kinds)
    assert max(map(kinds.count, kinds)) <= 3
    assert answer["said"] == f"{len(kinds)} suggestions"
    assert {thing["badge"] for thing in answer["things"]} == {"Illustrative"}
    assert all(thing["href"].startswith("/en/") for thing in answer["things"])


@pytest.mark.parametrize("words", ["", "l", "\x00", '"*(', "a" * 10_000, "<script>", "‮leer:x"])
def test_what_says_nothing_suggests_nothing(client: TestClient, words: str) -> None:
    assert suggested(client, words) == []
    assert suggested(client, words, "<no such table>") == []


def test_long_dutch_words_may_be_broken_and_tags_may_not() -> None:
    soft = softener("nl")
    said = soft(Markup('<a href="/nl/inzetbaarheidsmanagement">Inzetbaarheidsmanagement</a>'))
    assert said.replace(SOFT, "-") == (
        '<a href="/nl/inzetbaarheidsmanagement">Inzet-baar-heids-ma-na-ge-ment</a>'
    )
    assert soft("Leercultuur & <zorg>") == "Leercultuur &amp; &lt;zorg&gt;"
    assert SOFT not in soft(Markup('<span lang="en">responsibilities</span>'))
    assert SOFT not in softener("en")("Inzetbaarheidsmanagement")
