"""The ways people go: by keyboard only, with what scripts add, and without JavaScript."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from browser.pages import PAGES
from catalogue import assets

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


def need_scripts() -> None:
    """Skip a test where the site was installed without its bundles."""
    if "site.js" not in assets.addresses():
        pytest.skip("the site was installed without its scripts")


def tab_to(page: "Page", selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not among the first {MOST} places that Tab comes to")


def test_the_keyboard_leads_past_the_menu_to_the_content_and_the_results(visit: "Visit") -> None:
    page = visit("/nl/")
    tab_to(page, '.kinds a[href="/nl/interventions"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/nl/interventions")
    for place in ("content", "results"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        if place == "results":
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == place
    tab_to(page, ".lines h2 a")
    assert page.evaluate(FOCUS)["uncovered"]


@pytest.mark.parametrize("scripts", [True, False])
def test_the_keyboard_leads_from_a_search_by_a_filter_and_a_thing_to_a_comparison(
    visit: "Visit", scripts: bool
) -> None:
    page = visit("/nl/interventions", java_script_enabled=scripts)
    page.locator("#q").focus()
    page.keyboard.type("leren")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nl/interventions?q=leren")
    page.locator(".facet [type=checkbox]").first.focus()
    if scripts:
        page.locator("html.live").wait_for()
    page.keyboard.press("Space")
    if not scripts:
        page.locator(".apply button").focus()
        page.keyboard.press("Enter")
    page.wait_for_url("**/nl/interventions?*&q=leren*")
    page.locator(".chips a").first.wait_for()
    link = page.locator(".lines h2 a").first
    name = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    page.locator("#cite").wait_for()
    assert page.locator("h1").inner_text() == name
    compare = page.locator('main a[href^="/nl/compare"]')
    compare.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/nl/compare?i=*")


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


def test_what_one_types_is_suggested_by_keyboard_and_said(visit: "Visit") -> None:
    need_scripts()
    page = visit("/nl/")
    page.locator("#q").focus()
    page.keyboard.type("werkpl")
    first = page.locator(".suggestions a").first
    first.wait_for()
    assert page.locator(".find [role=status]").inner_text().endswith(" suggesties")
    name = first.inner_text()
    assert f'- link "{name}"' in page.locator(".suggestions").aria_snapshot()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == name
    assert page.evaluate(FOCUS)["uncovered"]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert page.locator(".suggestions").count() == 0
    assert page.locator("#q").input_value() == "werkpl"
    page.keyboard.type("e")
    first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nl/interventions/*")


def test_a_filter_applies_itself_and_the_reader_stays_where_they_were(visit: "Visit") -> None:
    need_scripts()
    page = visit("/nl/interventions")
    page.locator("html.live").wait_for()
    box = page.locator(".facet [type=checkbox]:visible").nth(9)
    chosen = box.get_attribute("id")
    box.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**/nl/interventions?*")
    page.locator(".chips a").first.wait_for()
    assert page.evaluate("document.activeElement.id") == chosen
    assert page.evaluate("scrollY") == before
    assert not page.locator(".apply").is_visible()
    said = page.locator("body > [role=status]").inner_text()
    assert said == page.locator(".total").inner_text()
    page.go_back()
    page.wait_for_url("**/nl/interventions")
    page.locator(".chips").wait_for(state="detached")


def test_filters_fold_into_one_line_on_a_phone_and_stay_open_while_used(visit: "Visit") -> None:
    page = visit("/nl/interventions?ofKind=advies", viewport={"width": 390, "height": 800})
    summary = page.locator(".filters > summary")
    assert summary.inner_text() == "Filters (1)"
    box = page.locator(".facet [type=checkbox]").first
    assert not box.is_visible()
    summary.click()
    assert box.is_visible()
    if assets.addresses():
        box.check()
        page.wait_for_url("**/nl/interventions?*&*")
        assert page.locator(".filters > summary").inner_text() == "Filters (2)"
        assert box.is_visible()


def test_the_browser_itself_knows_whether_there_is_news(visit: "Visit") -> None:
    need_scripts()
    page = visit("/nl/about")
    page.wait_for_function("localStorage.release")
    page.goto("/nl/changes")
    assert page.locator("[data-since=same]").is_visible()
    page.evaluate("localStorage.release = 'earlier'")
    page.goto("/nl/about")
    page.get_by_text("Nieuw sinds uw laatste bezoek").wait_for()
    page.goto("/nl/changes")
    assert page.locator("[data-since=more]").is_visible()
    assert page.context.cookies() == []


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


def test_a_heading_sorts_the_table_of_an_answer_and_says_how(visit: "Visit") -> None:
    need_scripts()
    query = 'SELECT ?n { VALUES ?n { 1200 "" 30 4.5 } }'
    page = visit(f"/nl/sparql?{urlencode({'query': query})}")
    assert page.locator(".sortable th").get_attribute("aria-sort") is None
    for order, cells in (
        ("ascending", ["4,5", "30", "1.200", ""]),
        ("descending", ["1.200", "30", "4,5", ""]),
    ):
        page.get_by_role("button", name="n", exact=True).press("Enter")
        assert page.locator(".sortable th").get_attribute("aria-sort") == order
        assert page.locator(".sortable td").all_inner_texts() == cells
