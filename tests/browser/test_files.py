"""The site over RDF files of anyone: accessible, and in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from browser.conftest import serving
from browser.pages import LANGUAGES
from browser.test_everyone import faults
from catalogue.sparql import files
from s4s_graph.files import load
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TRIG = """
@prefix ex: <http://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:a a ex:Thing ; skos:prefLabel "ding"@nl , "thing"@en .
ex:one { ex:a ex:part [ ex:deep [ ex:text "een tekst" ] ] . ex:b ex:to ex:a . }
"""
THING = quote("http://example.org/a", safe="")
QUERY = quote("SELECT ?s ?p ?o { ?s ?p ?o }")
PAGES = {  # each with the status that it has
    "/": 200,
    f"/resource?iri={THING}": 200,
    f"/resource?iri={THING}2": 404,
    "/sparql": 200,
    f"/sparql?query={QUERY}": 200,
    "/sparql?query=SELECT": 400,
    "/nowhere": 404,
}


@pytest.fixture(scope="module")
def window(chromium: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator["Page"]:
    folder: Path = tmp_path_factory.mktemp("files")
    (folder / "some.trig").write_text(TRIG, encoding="utf-8")
    loaded = load([folder / "some.trig"], folder / "store", named=False)
    with serving(files.create(loaded, replace(Settings(), workers=1))) as address:
        context = chromium.new_context(base_url=address)
        yield context.new_page()
        context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wrong_with_a_page_of_files(window: "Page", path: str, lang: str) -> None:
    answer = window.goto(f"/{lang}{path}")
    assert answer
    assert answer.status == PAGES[path]
    assert faults(window) == {}
