"""Pictures as a screen reader hears them, and by keyboard."""

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from browser.conftest import Visit

# What is heard of each picture: its name, what it shows, and links in it.
HEARD = {
    "network": """
      - group /Most have in common/:
        - link /5xbeter, links/
        - link /OOM, links/
    """,
    "network?intervention=leercultuur": """
      - group /“Learning culture” needs/:
        - link "There is a learning culture"
        - link "Learning culture"
    """,
    "flow": """
      - group /Most often/:
        - link /The firm is an SME/
        - link /other/
    """,
    "timeline": """
      - group /Of \\d+ interventions something is known by year/:
        - link "5xbeter"
    """,
    "evidence": """
      - group /findings for/:
        - 'link /2023, for: \\d+ invented example/'
    """,
}


@pytest.mark.parametrize("path", HEARD)
def test_a_picture_is_heard_as_links_with_names(visit: "Visit", path: str) -> None:
    from playwright.sync_api import expect

    picture = visit(f"/en/pictures/{path}").locator("figure svg")
    expect(picture).to_match_aria_snapshot(HEARD[path])


def test_a_cell_of_the_matrix_is_heard_in_words(visit: "Visit") -> None:
    from playwright.sync_api import expect

    said = re.compile("^configurations of its own, with findings, .*: training subsidy, employee$")
    cell = visit("/en/pictures/matrix").get_by_role("link", name=said)
    expect(cell).to_have_count(1)


@pytest.mark.parametrize("path", HEARD)
def test_a_picture_is_walked_by_keyboard(visit: "Visit", path: str) -> None:
    page = visit(f"/en/pictures/{path}", java_script_enabled=False)
    page.locator("figure .scroll").focus()
    page.keyboard.press("Tab")
    focused = page.locator("figure svg a:focus")
    assert focused.count() == 1
    href = focused.get_attribute("href")
    assert href
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{href}")
