"""The ways people go: by keyboard only, and without JavaScript."""

from typing import TYPE_CHECKING

import pytest

from browser.pages import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from browser.conftest import Visit

TABS = 40
MOST = 100
# What has the focus: whether it is marked, within the window, and not under something else.
FOCUS = """() => {
  const at = document.activeElement, box = at.getClientRects()[0], style = getComputedStyle(at);
  const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;
  const over = document.elementFromPoint(
    middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
  return {
    what: `${at.tagName} ${at.textContent.trim().slice(0, 30)}`,
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.bottom > 0 && box.top < innerHeight,
    uncovered: at === over || at.contains(over) || !!over?.contains(at),
  };
}"""


def tab_to(page: "Page", selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not among the first {MOST} places that Tab comes to")


def test_the_keyboard_leads_from_the_menu_to_a_list_and_a_thing_on_it(visit: "Visit") -> None:
    page = visit("/nl/")
    tab_to(page, '.kinds a[href="/nl/interventions"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/nl/interventions")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    tab_to(page, ".lines h2 a")
    name = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nl/interventions/*")
    assert page.locator("h1").inner_text() == name


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("home", "dark"),
        ("filtered", "light"),
        ("intervention", "light"),
        ("question-with-choice", "light"),
        ("sparql", "dark"),
    ],
)
def test_what_has_the_focus_is_marked_and_in_sight(visit: "Visit", name: str, scheme: str) -> None:
    page = visit(f"/en{PAGES[name]}", color_scheme=scheme)
    found = []
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        found.append(page.evaluate(FOCUS))
    assert len(found) > 10
    assert [f for f in found if not (f["marked"] and f["inside"] and f["uncovered"])] == []


def test_the_mark_of_the_focus_stays_in_forced_colours(visit: "Visit") -> None:
    page = visit("/en/", forced_colors="active")
    tab_to(page, ".kinds a")
    assert page.evaluate(FOCUS)["marked"]


def test_a_question_is_asked_without_javascript(visit: "Visit") -> None:
    page = visit("/nl/questions/fits-company", java_script_enabled=False)
    page.get_by_role("combobox").select_option("bedrijf-01")
    page.get_by_role("button", name="Vraag").click()
    page.wait_for_url("**company=bedrijf-01")
    assert page.locator("tbody tr").count() > 0


def test_a_query_is_run_without_javascript(visit: "Visit") -> None:
    page = visit("/en/sparql?question=gaps", java_script_enabled=False)
    page.locator("textarea").fill("SELECT ?s WHERE { ?s ?p ?o } LIMIT 2")
    page.get_by_role("button", name="Run").click()
    page.locator("tbody").wait_for()
    assert page.locator("tbody tr").count() == 2


def test_no_cookie_is_set_but_for_a_choice_of_colours(visit: "Visit") -> None:
    page = visit("/nl/questions/fits-company?company=bedrijf-01", java_script_enabled=False)
    page.get_by_role("link", name="Data", exact=True).click()
    assert page.context.cookies() == []
    page.go_back()

    page.get_by_role("button", name="Donker").click()
    page.locator('html[data-theme="dark"]').wait_for()
    assert page.url.endswith("/nl/questions/fits-company?company=bedrijf-01")
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["value"], cookie["httpOnly"]) == ("theme", "dark", True)
    assert page.get_by_role("button", name="Donker").get_attribute("aria-pressed") == "true"

    page.get_by_role("button", name="Automatisch").click()
    page.locator("html:not([data-theme])").wait_for()
    assert page.context.cookies() == []
