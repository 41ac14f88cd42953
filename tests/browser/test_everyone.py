"""Every kind of page, for everyone: what axe finds, narrow screens, and no page left out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browsing import browser

from browser.conftest import WIDE, go
from browser.pages import LANGUAGES, PAGES
from catalogue import statements
from catalogue.page import Templates

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# In light all rules of the levels; in dark those that look at colours, for nothing else differs.
RULES = {
    "light": {"type": "tag", "values": LEVELS},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
# What is folded away is part of the page too.
UNFOLD = """document.querySelectorAll("details").forEach(each => { each.open = true })"""
# Of what repeats itself, a dozen tells as much as all; and nothing sticks to the edge of the window
# over what would be elsewhere if one scrolled.
SHORTEN = """() => {
  for (const parent of document.querySelectorAll("main, main *")) {
    if (getComputedStyle(parent).position === "sticky") parent.style.position = "static";
    [...parent.children].slice(12).forEach((each, index, rest) => {
      const above = index ? rest[index - 1] : parent.children[11];
      const alike = each.tagName === above.tagName && each.className === above.className;
      if (alike) each.dataset.spare = "";
    });
  }
  document.querySelectorAll("[data-spare]").forEach(each => each.remove());
}"""
EXTENDS = '{% extends "base.html" %}'
NARROW = {"width": 320, "height": 640}
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

    window.set_viewport_size(WIDE)
    go(window, f"/{lang}{PAGES[name]}")
    window.evaluate(UNFOLD)
    window.evaluate(SHORTEN)
    found: dict[str, Any] = {}
    for scheme, rules in RULES.items():
        window.emulate_media(color_scheme=scheme)
        options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
        for fault in Axe().run(window, options=options).response["violations"]:
            found[f"{scheme}: {fault['id']}"] = [node["html"] for node in fault["nodes"]][:5]
    assert found == {}
    assert window.evaluate("axe.version") == statements.AXE


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_of_a_narrow_page(window: "Page", name: str) -> None:
    window.set_viewport_size(NARROW)
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
        return render(templates, template, lang, **context)

    monkeypatch.setattr(Templates, "render", recorded)
    with browser(shipped_release) as client:
        for path in PAGES.values():
            client.get(f"/nl{path}")
    templates = (root / "catalogue/templates").glob("*.html")
    ours = {path.name for path in templates if EXTENDS in path.read_text("utf-8")}
    assert "item.html" in ours
    assert ours - shown == set()
