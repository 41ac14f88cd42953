"""Every kind of page, for everyone: what axe finds, narrow screens, and no page left out."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from browsing import browser
from conftest import ROOT, released

from browser.conftest import go
from browser.pages import LANGUAGES, PAGES, WITHOUT
from catalogue import statements
from catalogue.page import Templates
from s4s_graph.build import build
from s4s_graph.settings import Settings

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
# Of what repeats itself, three tell as much as all; and nothing sticks to the edge of the window
# over what would be elsewhere if one scrolled.
SHORTEN = """() => {
  for (const parent of document.querySelectorAll("main, main *")) {
    if (getComputedStyle(parent).position === "sticky") parent.style.position = "static";
    [...parent.children].slice(3).forEach((each, index, rest) => {
      const above = index ? rest[index - 1] : parent.children[2];
      const alike = each.tagName === above.tagName && each.className === above.className;
      if (alike) each.dataset.spare = "";
    });
  }
  document.querySelectorAll("[data-spare]").forEach(each => each.remove());
}"""
WHOLE = ('{% extends "base.html" %}', "<!doctype html>")  # how a template of a whole page begins
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


@pytest.fixture(scope="module")
def templates() -> Templates:
    """What makes the pages that say that there is no site."""
    return Templates(Settings())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(window: "Page", name: str, lang: str) -> None:
    go(window, f"/{lang}{PAGES[name]}")
    assert faults(window) == {}


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", WITHOUT)
def test_nothing_is_wrong_with_a_page_without_a_site(
    window: "Page", templates: Templates, name: str, lang: str, refused: bool
) -> None:
    path = f"/{lang}/{name}/{refused}"
    page: str = templates.render(f"{name}.html", lang, said="Why not.", refused=refused)
    window.route(f"**{path}", lambda route: route.fulfill(body=page))
    window.goto(path)
    assert faults(window) == {}


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release after one in which a thing had another name, and another thing was not there."""
    data = tmp_path_factory.mktemp("renewed") / "data"
    shutil.copytree(ROOT / "tests/tiny/data", data)
    folder = tmp_path_factory.mktemp("releases")
    settings = Settings(data=data, releases=folder, disclosure_floor=1)
    build(settings)
    resources = data / "resources.csv"
    text = resources.read_text(encoding="utf-8")
    _head, first, *_ = text.splitlines()
    id_, name, rest = first.split(",", 2)
    changed = text.replace(first, f"{id_},Nieuw {name},{rest}")
    resources.write_text(f"{changed}a-new-one,{name},{rest}\n", encoding="utf-8")
    return released(settings, settings.releases)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_wrong_with_changes_after_a_release_before(
    window: "Page", renewed: Path, lang: str
) -> None:
    path = f"/{lang}/changes"
    with browser(renewed) as client:
        page = client.get(path).text
    window.route(f"**{path}", lambda route: route.fulfill(body=page))
    window.goto(path)
    assert window.locator("main ins").count()
    assert faults(window) == {}
    window.unroute(f"**{path}")


@pytest.mark.parametrize("name", ["picture", *(n for n in PAGES if n.startswith("picture-"))])
def test_a_picture_is_a_group_with_a_name_and_its_links_are_in_it(
    window: "Page", name: str
) -> None:
    go(window, f"/en{PAGES[name]}")
    drawings = window.locator("main svg:has(a)").all()
    assert drawings or window.locator("main table.matrix a").count()
    for drawing in drawings:
        said = drawing.aria_snapshot()
        assert re.match(r"- '?group \"[^\"]", said), said[:80]
        assert len(re.findall(r"- '?link \"[^\"]", said)) == drawing.locator("a").count()


def faults(page: "Page") -> dict[str, list[str]]:
    """Return what sticks out of a narrow window, and which rules are broken in a wide one."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(UNFOLD)
    page.set_viewport_size({"width": 320, "height": 640})
    narrow = page.evaluate(STICKING_OUT)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate(SHORTEN)
    page.evaluate(Axe().axe_script)
    assert page.evaluate("axe.version") == statements.AXE
    found = {"narrow": narrow} if narrow else {}
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme)
        for rule, elements in page.evaluate(RUN, {"runOnly": rules, "preload": False}):
            found[f"{scheme}: {rule}"] = elements[:5]
    return found


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
    texts = {path.name: path.read_text("utf-8") for path in templates}
    ours = {name for name, text in texts.items() if any(start in text for start in WHOLE)}
    assert "item.html" in ours
    assert (
        ours
        - shown
        - {"base.html", "files_base.html", "mapping.html", "review.html"}
        # No vocabulary of others is shipped.
        - {"vocabulary.html", "vocabulary_occupations.html", "concept.html"}
        # A site that is asked too often, or whose engine is away, says so in a sentence.
        - {"too_often.html", "away.html"}
        - {f"{name}.html" for name in WITHOUT}
        == set()
    )
