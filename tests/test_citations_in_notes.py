"""The ids of sources in the notes of a row lead to those sources; other brackets stay text."""

from pathlib import Path

import pytest
from browsing import browser, soup
from fastapi import Request

from catalogue.lending import Live
from catalogue.page import Page
from catalogue.preparing import prepare
from s4s_graph.settings import Settings

SOURCE = "/{lang}/sources/industrie-magazine-skills4skills"


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_source_named_in_a_note_is_a_link(shipped_release: Path, lang: str) -> None:
    with browser(shipped_release) as client:
        page = soup(client, f"/{lang}/interventions/loopbaancoaches")
        links = page.select(f'dd a[href="{SOURCE.format(lang=lang)}"]')
        named = [link for link in links if link.text == "industrie-magazine-skills4skills"]
        assert named
        assert all(link.previous_sibling.endswith("[") for link in named)
        assert client.get(named[0]["href"]).status_code == 200


def test_a_note_cannot_bring_markup_along(shipped_release: Path) -> None:
    live = Live(Settings(releases=shipped_release.parent), prepare)
    live.refresh()
    try:
        with live.lend() as release:
            assert release
            page = Page(Request({"type": "http"}), release, "nl")
            text = "<b>5</b> [no-such-source;oom-ontwikkelbudget] [Geen id]"
            assert page.cited(text) == (
                "&lt;b&gt;5&lt;/b&gt; [no-such-source; "
                '<a href="/nl/sources/oom-ontwikkelbudget">oom-ontwikkelbudget</a>] [Geen id]'
            )
    finally:
        live.close()
