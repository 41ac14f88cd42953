"""Every kind of page, for everyone: what axe finds, narrow screens, and no page left out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from browsing import browser

from browser.conftest import go
from browser.pages import LANGUAGES, PAGES
from catalogue import statements
from catalogue.page import Templates

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# In light all rules of the levels; in dark those that look at colours, for nothing else differs.
RULES: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {"type": "tag", "values": LEVELS},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
# Returns each rule that is broken, with the elements that break it.
RUN = """options => axe.run({ ...options, resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))"""
# What is folded away is part of the page too.
UNFOLD = """document.querySelectorAll("details").forEach(each => { each.open = true })"""
# Of what repeats itself, six tell as much as all; and nothing sticks to the edge of the window
# over what would be elsewhere if one scrolled.
SHORTEN = """() => {
  for (const parent of document.querySelectorAll("main, main *")) {
    if (getComputedStyle(parent).position === "sticky") parent.style.position = "static";
    [...parent.children].slice(6).forEach((each, index, rest) => {
      const above = index ? rest[index - 1] : parent.children[5];
      const alike = each.tagName === above.tagName && each.className === above.className;
      if (alike) each.dataset.spare = "";
    });
  }
  document.querySelectorAll("[data-spare]").forEach(each => each.remove());
}"""
EXTENDS = '{% extends "base.html" %}'
# The elements that stick out of the page, for the message of a test that fails.
STICKING_OUT = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [
  `${document.documentElement.scrollWidth} px`,
  ...[...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest(".scroll"))
    .map(e => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`)]"""


@pytest.fixture(scope="module")
def window(chromium: "Browser", site: str) -> "Page":
    """One window for all pages: to open a window takes longer than to look at most of them."""
    return chromium.new_context(base_url=site).new_page()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_light_or_dark(window: "Page", name: str, lang: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    window.set_viewport_size({"width": 1280, "height": 900})
    go(window, f"/{lang}{PAGES[name]}")
    window.evaluate(UNFOLD)
    window.evaluate(SHORTEN)
    window.evaluate(Axe().axe_script)
    found = {}
    for scheme, rules in RULES.items():
        window.emulate_media(color_scheme=scheme)
        for rule, elements in window.evaluate(RUN, {"runOnly": rules, "preload": False}):
            found[f"{scheme}: {rule}"] = elements[:5]
    assert found == {}
    assert window.evaluate("axe.version") == statements.AXE


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_of_a_narrow_page(window: "Page", name: str) -> None:
    window.set_viewport_size({"width": 320, "height": 640})
    go(window, f"/nl{PAGES[name]}")  # in Dutch, whose words are longer
    window.evaluate(UNFOLD)
    assert window.evaluate(STICKING_OUT) == []


def test_each_template_is_on_one_of_the_pages(
    root: Path, shipped_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = set()
    render = Templates.render

    def recorded(templates: Templates, template: str, lang: str, **context: Any) -> str:
        shown.add(template)
        page: str = render(templates, template, lang, **context)
        return page

    monkeypatch.setattr(Templates, "render", recorded)
    with browser(shipped_release) as client:
        for path in PAGES.values():
            client.get(f"/nl{path}")
    templates = (root / "catalogue/templates").glob("*.html")
    ours = {path.name for path in templates if EXTENDS in path.read_text("utf-8")}
    assert "item.html" in ours
    assert ours - shown == set()
