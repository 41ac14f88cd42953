"""The look of the site: a theme by setting, a reader's choice by cookie, and the statement."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import browser, soup
from fastapi.testclient import TestClient

from catalogue.app import create
from s4s_graph.settings import Settings

CHOOSE = "/nl/theme?choice=dark&back="


@pytest.fixture(scope="module")
def client(tiny_release: Path) -> Iterator[TestClient]:
    with browser(tiny_release) as client:
        yield client


def test_a_choice_is_kept_and_leads_back(client: TestClient) -> None:
    response = client.post(f"{CHOOSE}/nl/interventions%3Fpage=1")
    assert (response.status_code, response.headers["location"]) == (303, "/nl/interventions?page=1")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("theme=dark; ")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    client.cookies.clear()


@pytest.mark.parametrize(
    "back",
    ["https://example.org/", "//example.org/", "/\\example.org", "/nl/%0d%0ax", "", "/sparql"],
)
def test_a_choice_leads_to_this_site_only(client: TestClient, back: str) -> None:
    assert client.post(CHOOSE + back).headers["location"] == "/nl/"
    client.cookies.clear()


@pytest.mark.parametrize("choice", ["", "red", '"><script>'])
def test_any_other_choice_forgets_the_cookie(client: TestClient, choice: str) -> None:
    response = client.post("/nl/theme", params={"choice": choice, "back": "/nl/"})
    assert response.status_code == 303
    assert "Max-Age=0" in response.headers["set-cookie"]


def test_a_page_in_another_look_is_another_page(client: TestClient) -> None:
    plain = client.get("/nl/about")
    dark = client.get("/nl/about", headers={"Cookie": "theme=dark"})
    odd = client.get("/nl/about", headers={"Cookie": "theme=<script>"})
    assert 'data-theme="dark"' in dark.text
    assert odd.text == plain.text
    assert odd.headers["etag"] == plain.headers["etag"] != dark.headers["etag"]
    assert "Cookie" in dark.headers["vary"]
    assert "set-cookie" not in plain.headers


def test_a_theme_comes_after_the_stylesheet_of_the_site(tiny_release: Path, tmp_path: Path) -> None:
    css = tmp_path / "house.css"
    css.write_text(".house { --basis-color-default-bg-document: #fffbe6 }", encoding="utf-8")
    settings = replace(
        Settings(), releases=tiny_release.parent, theme_css=css, theme_class="house bright"
    )
    with TestClient(create(settings)) as client:
        page = soup(client, "/nl/")
        sheets = [str(link["href"]).partition("?")[0] for link in page.select("[rel=stylesheet]")]
        assert sheets[-2:] == ["/static/site.css", "/theme.css"]
        assert page.html["class"] == ["house", "bright"]
        assert not page.select_one("form.look")
        assert client.get("/theme.css").text == css.read_text(encoding="utf-8")
        assert client.get("/theme.css").headers["content-type"] == "text/css; charset=utf-8"


def test_without_a_theme_no_page_asks_for_its_stylesheet(client: TestClient) -> None:
    assert "theme.css" not in client.get("/nl/").text
    assert client.get("/theme.css").text == ""


def test_the_statement_names_who_runs_the_site_and_where_to_report(tiny_release: Path) -> None:
    settings = replace(
        Settings(),
        releases=tiny_release.parent,
        organisation="Voorbeeld & Co",
        contact="help@example.org",
    )
    with TestClient(create(settings)) as client:
        page = soup(client, "/en/accessibility")
        assert "This site is run by Voorbeeld & Co." in page.main.text
        assert page.select_one('a[href="mailto:help@example.org"]')


def test_the_statement_says_what_was_not_filled_in(client: TestClient) -> None:
    text = soup(client, "/en/accessibility").main.text
    assert "has not given its name" in text
    assert "has not said here where you can report it" in text
