"""Mappings in a browser: the pages for everyone, the review, and the keys of both."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from reviews import OPEN, data, decided, review

from browser.conftest import WIDE, serving
from browser.pages import LANGUAGES
from browser.test_everyone import faults
from browser.test_ways import need_scripts
from catalogue.app import create
from catalogue.mapping import review as reviewing
from s4s_graph.mappings import known, wording
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TOKEN = "a-token-of-one-review"


@pytest.fixture(scope="module")
def public(chromium: "Browser", tiny_release: Path) -> Iterator[str]:
    """The address of the site over the tiny graph, which has mappings."""
    with serving(create(replace(Settings(), releases=tiny_release.parent))) as address:
        yield f"{address}/nl/skills/mappings"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data(tmp_path / "data")


@pytest.fixture
def desk(chromium: "Browser", folder: Path) -> Iterator[str]:
    """The address of a review."""
    settings = replace(Settings(), data=folder)
    app = reviewing.create(review(folder), known.read(settings), TOKEN, settings)
    with serving(app) as address:
        yield f"{address}/{TOKEN}/nl/"


@pytest.fixture
def window(chromium: "Browser") -> Iterator["Page"]:
    context = chromium.new_context(viewport=WIDE, color_scheme="light")
    yield context.new_page()
    context.close()


def heading(page: "Page") -> str:
    return " ".join(page.locator("h1").inner_text().split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_wrong_with_the_pages_for_everyone(
    window: "Page", public: str, lang: str
) -> None:
    window.goto(public.replace("/nl/", f"/{lang}/"))
    pair = window.locator("[data-pair]").first.get_attribute("href")
    assert faults(window) == {}
    window.goto(public.partition("/nl/")[0] + str(pair))
    assert faults(window) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_wrong_with_the_page_of_a_review(window: "Page", desk: str, lang: str) -> None:
    window.goto(desk.replace("/nl/", f"/{lang}/"))
    assert faults(window) == {}


def test_keys_lead_through_the_pages_for_everyone(window: "Page", public: str) -> None:
    need_scripts()
    window.goto(public)
    for _ in range(2):
        window.keyboard.press("j")
    window.keyboard.press("k")
    first = window.locator("[data-pair]").first
    assert first.evaluate("link => link === document.activeElement")
    window.keyboard.press("Enter")
    window.wait_for_url("**mapping=*")
    before = heading(window)
    with window.expect_navigation():
        window.keyboard.press("j")
    assert heading(window) != before
    window.keyboard.press("a")
    window.keyboard.press("r")
    with window.expect_navigation():
        window.keyboard.press("k")
    assert heading(window) == before


def test_keys_can_be_switched_off_and_stay_off(window: "Page", public: str) -> None:
    need_scripts()
    window.goto(public)
    window.get_by_role("button", name="Deze toetsen uitzetten").click()
    window.reload()
    window.keyboard.press("j")
    assert window.evaluate("document.activeElement.tagName") == "BODY"
    window.get_by_role("button", name="Toetsen aanzetten").click()
    window.keyboard.press("j")
    assert window.evaluate("document.activeElement.matches('[data-pair]')")


def test_keys_decide_in_a_review_and_it_is_said(window: "Page", desk: str, folder: Path) -> None:
    need_scripts()
    window.goto(desk)
    status = window.locator("body > [role=status]")
    window.keyboard.press("2")
    window.keyboard.press("c")
    window.keyboard.type("ja, raar")  # letters in a field are no keys
    window.keyboard.press("Escape")
    window.keyboard.press("a")
    status.get_by_text("bijna hetzelfde als lassen nameten").wait_for(state="attached")
    assert decided(folder) == {OPEN[0]: (wording.CLOSE, True, "ja, raar")}
    assert "robotlassen" in heading(window)
    assert window.evaluate("document.activeElement.tagName") == "H1"
    window.keyboard.press("r")
    status.get_by_text("robotlassen valt niet onder weld").wait_for(state="attached")
    window.keyboard.press("u")
    status.get_by_text("weer open").wait_for(state="attached")
    assert list(decided(folder)) == [OPEN[0]]
    with window.expect_navigation():
        window.keyboard.press("j")
    assert "meten" in heading(window)


def test_a_review_works_without_scripts(chromium: "Browser", desk: str, folder: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    window = context.new_page()
    window.goto(desk)
    window.get_by_label("omvat").check()
    window.get_by_role("button", name="Afwijzen").click()
    assert "Vastgelegd" in window.locator("[data-said]").inner_text()
    assert decided(folder) == {OPEN[0]: (wording.NARROW, False, None)}
    window.get_by_role("button", name="ongedaan maken").click()
    assert decided(folder) == {}
    context.close()
