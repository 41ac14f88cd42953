"""The pages about vocabularies of others in a browser; none of these is in the shipped data."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser.conftest import WIDE, serving
from browser.pages import LANGUAGES
from browser.test_everyone import faults
from catalogue.app import create
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ESCO = "/vocabularies/esco"
PAGES = (
    "/vocabularies",
    ESCO,
    f"{ESCO}/occupations",
    f"{ESCO}/concept?iri=http://data.europa.eu/esco/skill/2fcd95a4-1f9a-41cf-95a9-4701bde476b4",
    f"{ESCO}/concept?iri=http://data.europa.eu/esco/occupation/verzonnen-lasser",
    "/skills/lassen",
)


@pytest.fixture(scope="module")
def site(chromium: "Browser", tiny_release: Path) -> Iterator[str]:
    with serving(create(replace(Settings(), releases=tiny_release.parent))) as address:
        yield address


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wrong_with_a_page(
    chromium: "Browser", site: str, path: str, scheme: str, lang: str
) -> None:
    context = chromium.new_context(viewport=WIDE, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site}/{lang}{path}")
    assert faults(page) == {}
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
