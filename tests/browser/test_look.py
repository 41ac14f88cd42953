"""How the site looks: light, dark, on a phone, on paper, in a house style, before its font."""

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browser.conftest import serving
from browser.pages import LANGUAGES, MAIN, PAGES
from catalogue import assets
from catalogue.app import create
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from browser.conftest import Visit

SHOTS = Path(__file__).parent / "shots"
WHITE, DARK = "rgb(255, 255, 255)", "rgb(18, 24, 29)"
# Width, height, and what the page is told of the medium. Paper is A4 within its margins.
LOOKS: dict[str, tuple[int, int, dict[str, Any]]] = {
    "light": (1280, 1800, {"color_scheme": "light"}),
    "dark": (1280, 1800, {"color_scheme": "dark"}),
    "phone": (390, 1800, {"color_scheme": "light"}),
    "print": (672, 985, {"media": "print", "color_scheme": "dark"}),
}
SEEN = """() => ({
  ground: getComputedStyle(document.documentElement).backgroundColor,
  menu: document.querySelector("header nav").checkVisibility(),
  within: document.documentElement.scrollWidth <= innerWidth,
})"""
# The width of a heading in a font.
WIDTH = """font => {
  const heading = document.querySelector("h1");
  heading.style.setProperty("font-family", font);
  heading.style.setProperty("display", "inline-block");
  return heading.getBoundingClientRect().width;
}"""
FULL = 8  # factsheets that are printed, those with most text
# The addresses of those.
FULLEST = """async ([lang, most]) => {
  const { items } = await (await fetch(`/${lang}/interventions.json`)).json();
  const sheets = await Promise.all(items.map(async ({ id }) => {
    const path = `/${lang}/interventions/${id}/factsheet`;
    const text = await (await fetch(path)).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    return [page.body.textContent.length, path];
  }));
  return sheets.sort(([one], [other]) => other - one).slice(0, most).map(([, path]) => path);
}"""
# How far things moved while the page was loading: 0 is not at all.
SHIFT = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => { sum += each.value }))
    .observe({ type: "layout-shift", buffered: true });
  document.fonts.ready.then(() => setTimeout(() => done(sum), 300));
})"""


@pytest.mark.parametrize("name", MAIN)
def test_a_main_page_in_each_look(visit: "Visit", name: str) -> None:
    page = visit(f"/nl{PAGES[name]}")
    SHOTS.mkdir(exist_ok=True)
    for look, (width, height, medium) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**medium)
        page.screenshot(path=SHOTS / f"{name}-{look}.png")
        ground = DARK if look == "dark" else WHITE
        assert page.evaluate(SEEN) == {"ground": ground, "menu": look != "print", "within": True}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_fullest_factsheets_are_two_pages_of_paper(visit: "Visit", lang: str) -> None:
    page = visit(f"/{lang}/about")
    counts = {}
    for path in page.evaluate(FULLEST, [lang, FULL]):
        page.goto(path)
        printed = page.pdf(prefer_css_page_size=True)
        counts[path] = len(re.findall(rb"/Type /Page\b(?!s)", printed))
    assert len(counts) == FULL
    assert set(counts.values()) == {2}, counts


def test_on_paper_advice_says_what_it_was_asked(visit: "Visit") -> None:
    page = visit(f"/en{PAGES['advice']}")
    labels = page.locator("form.advice .ticks label:visible")
    assert labels.count() > 3
    page.emulate_media(media="print")
    said = [text.partition(":")[0].strip() for text in labels.all_text_contents()]
    assert sorted(said) == ["does not hold", "holds", "holds"]


def test_on_paper_the_pictures_of_an_intervention_are_unfolded(visit: "Visit") -> None:
    page = visit(f"/en{PAGES['intervention']}")
    pictures = page.locator("#pictures svg:visible")
    assert pictures.count() == 0
    page.emulate_media(media="print")
    assert pictures.count() == 4


@pytest.mark.parametrize(
    ("chosen", "computer", "ground"), [("dark", "light", DARK), ("light", "dark", WHITE)]
)
def test_the_choice_of_the_reader_goes_before_that_of_the_computer(
    visit: "Visit", chosen: str, computer: str, ground: str
) -> None:
    page = visit("/en/about", color_scheme=computer)
    page.get_by_role("button", name=chosen.capitalize()).click()
    page.locator(f'html[data-theme="{chosen}"]').wait_for()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == ground


@pytest.mark.parametrize("name", ["home", "interventions", "intervention"])
def test_nothing_moves_when_the_font_comes_late(visit: "Visit", name: str) -> None:
    if not assets.addresses():
        pytest.skip("the site was installed without its font")
    page = visit("/nl/about")

    def late(route: Any) -> None:
        time.sleep(0.4)
        route.continue_()

    page.route("**/*.woff2", late)
    page.goto(f"/nl{PAGES[name]}")
    assert page.evaluate(SHIFT) < 0.01


def test_a_theme_of_nl_design_system_restyles_the_site(
    visit: "Visit", shipped_release: Path, tmp_path: Path
) -> None:
    css = tmp_path / "theme.css"
    css.write_text(
        ".house { --basis-color-default-bg-document: #fffbe6;"
        " --basis-color-default-color-document: #111;"
        " --basis-color-action-1-inverse-bg-default: #5b2b00;"
        ' --basis-text-font-family-default: "Liberation Serif", serif }',
        encoding="utf-8",
    )
    settings = replace(
        Settings(), releases=shipped_release.parent, theme_css=css, theme_class="house"
    )
    with serving(create(settings)) as address:
        page = visit(f"{address}/en/sparql", color_scheme="dark")
        style = page.evaluate(
            """() => {
              const of = (selector, property) =>
                getComputedStyle(document.querySelector(selector))[property];
              return [of("html", "backgroundColor"), of("html", "color"), of("html", "fontFamily"),
                      of("form button", "backgroundColor"), of("html", "colorScheme")];
            }"""
        )
    assert style == [
        "rgb(255, 251, 230)",
        "rgb(17, 17, 17)",
        '"Liberation Serif", serif',
        "rgb(91, 43, 0)",
        "light",
    ]


def test_the_font_of_the_site_is_used(visit: "Visit") -> None:
    if not assets.addresses():
        pytest.skip("the site was installed without its font")
    page = visit("/nl/about")
    page.reload()
    assert page.evaluate("""document.fonts.ready.then(() =>
        [...document.fonts].filter(each => each.status === "loaded").map(each => each.family))""")
    wide = page.evaluate(WIDTH, '"Source Sans 3", monospace')
    assert wide != page.evaluate(WIDTH, "monospace")
