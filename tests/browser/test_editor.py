"""The editor for queries: what the script adds to the box, by keyboard, in light and dark."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe

from catalogue import assets

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from browser.conftest import Visit

WRONG = "SELECT ?thing WHERE {\n  ?thing ?property ?value ORDER ?thing }"

pytestmark = pytest.mark.skipif(
    "editor.js" not in assets.addresses(), reason="the site was installed without its scripts"
)


def empty(page: "Page") -> None:
    """Put the cursor in the editor and take out what is there."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")


def options(page: "Page") -> list[str]:
    """Return the names that are offered, once they are."""
    page.locator(".cm-tooltip-autocomplete li").first.wait_for()
    return page.locator(".cm-tooltip-autocomplete .cm-completionLabel").all_inner_texts()


def written(page: "Page") -> str:
    """Return what the form would send."""
    return str(page.locator("#query").input_value())


def test_a_query_is_typed_and_run_by_control_and_enter(visit: "Visit") -> None:
    page = visit("/en/sparql")
    empty(page)
    page.keyboard.type("SELECT ?thing WHERE { ?thing ?property ?value")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/en/sparql?query=*#answer")
    assert page.locator("#answer").is_visible()
    assert page.locator("main table tbody tr").count() == 1000
    # The editor put the bracket that was left out.
    assert written(page) == "SELECT ?thing WHERE { ?thing ?property ?value}"


@pytest.mark.parametrize(("lang", "word"), [("nl", "bevind"), ("en", "findi")])
def test_a_word_of_either_language_becomes_a_name_with_its_prefix(
    visit: "Visit", lang: str, word: str
) -> None:
    page = visit(f"/{lang}/sparql")
    empty(page)
    page.keyboard.type("ASK { ?thing a ")
    page.keyboard.type(word, delay=40)
    found = options(page)
    assert "s4s:Finding" in found
    for _ in range(found.index("s4s:Finding")):
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(150)  # a list that has just opened does not take Enter yet
    page.keyboard.press("Enter")
    assert re.fullmatch(r"PREFIX s4s: <\S+/def#>\nASK \{ \?thing a s4s:Finding\}", written(page))


def test_variables_of_the_query_are_offered(visit: "Visit") -> None:
    page = visit("/nl/sparql")
    empty(page)
    page.keyboard.type("SELECT ?organisation WHERE { ?or", delay=30)
    assert options(page) == ["?organisation"]
    page.keyboard.press("Escape")
    page.locator(".cm-tooltip-autocomplete").wait_for(state="detached")


def test_tab_leaves_the_editor_and_shift_tab_comes_back(visit: "Visit") -> None:
    page = visit("/nl/sparql")
    page.locator(".cm-content").focus()
    before = written(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Uitvoeren"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.className").startswith("cm-content")
    assert written(page) == before


def test_what_the_server_could_not_read_is_underlined_until_it_changes(visit: "Visit") -> None:
    page = visit("/en/sparql")
    page.goto(f"/en/sparql?{urlencode({'query': WRONG})}")
    mark = page.locator(".cm-lintRange-error")
    assert mark.inner_text() == "?thing"
    mark.hover()
    assert "line 2, column" in page.locator(".cm-diagnostic").inner_text()
    page.locator(".cm-content").focus()
    page.keyboard.type("B")
    assert mark.count() == 0


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_editor_says_what_it_is_and_how_it_works(visit: "Visit", lang: str) -> None:
    page = visit(f"/{lang}/sparql")
    editor = page.get_by_role("textbox", name={"nl": "Zoekvraag", "en": "Query"}[lang])
    assert editor.get_attribute("aria-multiline") == "true"
    described = str(editor.get_attribute("aria-describedby"))
    assert "Ctrl+Enter" in page.locator(f"#{described}").inner_text()


def test_without_scripts_the_box_is_a_box(visit: "Visit") -> None:
    page = visit("/nl/sparql", java_script_enabled=False)
    assert "Ctrl+Enter" not in page.locator("#query-help").inner_text()
    page.locator("#query").fill("ASK {}")
    page.get_by_role("button", name="Uitvoeren").click()
    page.wait_for_url("**/nl/sparql?query=ASK*")
    assert "ja" in page.locator(".total").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["typing", "searching", "wrong", "answered"])
def test_axe_finds_nothing(visit: "Visit", scheme: str, state: str) -> None:
    page = visit("/nl/sparql?question=hand-offs", color_scheme=scheme)
    if state == "wrong":
        page.goto(f"/nl/sparql?{urlencode({'query': WRONG})}")
    page.locator(".cm-content").click()
    if state == "typing":
        empty(page)
        page.keyboard.type("ASK { ?x a interv", delay=30)
        options(page)
    elif state == "searching":
        page.keyboard.press("Control+f")
    elif state == "answered":
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**query=**")
        page.locator("#use-from summary").first.click()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert [
        (v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found.response["violations"]
    ] == []


def test_a_program_is_copied(visit: "Visit") -> None:
    page = visit("/en/questions/gaps", permissions=["clipboard-write"])
    page.locator("#use-from summary").first.click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied").wait_for()
    # A page of the site may write there but not read: who copied pastes.
    page.goto("data:text/html,<textarea></textarea>")
    page.locator("textarea").focus()
    page.keyboard.press("Control+V")
    assert page.locator("textarea").input_value().startswith("curl ")


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_wider_than_a_phone(visit: "Visit", width: int) -> None:
    page = visit("/nl/questions/hand-offs", viewport={"width": width, "height": 700})
    for path in ("/nl/questions/gaps", "/nl/sparql?question=overlaps"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
