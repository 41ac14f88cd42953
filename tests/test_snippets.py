"""The programs that pages offer, run as they stand against the site that offers them."""

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from browser.conftest import serving
from bs4 import BeautifulSoup

from catalogue.app import create
from catalogue.sparql import snippets
from catalogue.sparql.snippets import Kind, Snippet
from s4s_graph.settings import Settings

# Everything that has a meaning of its own in one of the languages that a query is put in.
HARD = """\
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
# It's "quoted", a \\ and $HOME, `id`, 100% & more, #(lf) and )-" too
SELECT (COUNT(*) AS ?labels) ("h\u00e9 \\"\\"\\" '\\\\ +" AS ?text)
WHERE { ?thing skos:prefLabel ?label FILTER(!REGEX(?label, "^\\\\d+\\"$")) }"""
QUERIES: dict[Kind, str] = {
    "rows": HARD,
    "boolean": 'ASK { ?thing ?property "it\'s" }',
    "triples": "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c } LIMIT 2",
}
RUN = {
    ".sh": (["sh"], ("curl",), ()),
    ".py": ([sys.executable, "-W", "error"], (), ("SPARQLWrapper", "pandas")),
    ".R": (["Rscript", "--vanilla"], ("Rscript",), ()),
}
SECONDS = 60


@pytest.fixture(scope="module")
def site(tiny_release: Path) -> Iterator[str]:
    with serving(create(replace(Settings(), releases=tiny_release.parent))) as address:
        yield f"{address}/"


def run(snippet: Snippet, folder: Path) -> str:
    """Return what a program says; skip the test where the machine does not have what runs it."""
    command, programs, modules = RUN[Path(snippet.file).suffix]
    for name in programs:
        if not shutil.which(name):
            pytest.skip(f"{name} is not installed")
    for name in modules:
        if name in snippet.text and not importlib.util.find_spec(name):
            pytest.skip(f"the Python package {name} is not installed")
    path = folder / snippet.file
    path.write_text(snippet.text, encoding="utf-8")
    done = subprocess.run(
        [*command, str(path)], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked_by_excel(formula: str) -> str:
    """Return the address that a formula of Power Query asks for, by the rules of its language."""

    def value(literal: str) -> str:
        return literal[1:-1].replace('""', '"').replace("#(#)(", "#(")

    text = r'"(?:[^"]|"")*"'
    site, path = re.search(rf"Web\.Contents\(({text}), \[RelativePath = ({text})", formula).groups()  # type: ignore[union-attr]
    fields = re.findall(rf"(\w+) = ({text})", formula.partition("Query = [")[2].partition("]])")[0])
    return f"{value(site)}{value(path)}?{urlencode({k: value(v) for k, v in fields})}"


@pytest.mark.parametrize("name", ["curl", "Python, SPARQLWrapper", "Python, pandas", "R"])
@pytest.mark.parametrize("kind", QUERIES)
def test_a_program_for_a_query_runs_as_it_stands(
    site: str, tmp_path: Path, kind: Kind, name: str
) -> None:
    found = {one.name: one for one in snippets.of_query(site, QUERIES[kind], kind)}
    if name not in found:
        assert kind != "rows"
        return
    said = run(found[name], tmp_path)
    if kind == "rows":
        assert re.search(r"\b[1-9]\d{2,}\b", said)
        assert "h\u00e9" in said or "h<U+00E9>" in said
    else:
        assert ("false" in said.lower()) if kind == "boolean" else said.count("<http") >= 3


@pytest.mark.parametrize("name", ["curl", "Python, pandas", "R"])
def test_a_program_for_a_question_runs_as_it_stands(site: str, tmp_path: Path, name: str) -> None:
    path, given = "nl/questions/fits-company.csv", {"company": "bedrijf-a"}
    found = {one.name: one for one in snippets.of_answer(site, path, given)}
    assert "/id/company" in run(found[name], tmp_path)


def test_excel_asks_for_what_answers(site: str) -> None:
    formulas = [
        list(snippets.of_query(site, HARD, "rows"))[-1],
        list(snippets.of_answer(site, "nl/questions/fits-company.csv", {"company": "bedrijf-a"}))[
            -1
        ],
        list(snippets.of_answer(site, "nl/questions/gaps.csv", {}))[-1],
    ]
    for formula in formulas:
        with urlopen(asked_by_excel(formula.text)) as answer:
            assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
            assert len(answer.read().splitlines()) >= 2


def test_a_page_offers_programs_for_the_answer_that_it_shows(site: str) -> None:
    query = "SELECT ?thing WHERE { ?thing ?property ?value } LIMIT 7"
    for path in (f"en/sparql?{urlencode({'query': query})}", "en/questions/gaps"):
        with urlopen(site + path) as answer:
            page = BeautifulSoup(answer.read(), "html.parser")
        offered = [code.get_text() for code in page.select("#use-from [data-copy] code")]
        assert len(offered) == len(page.select("#use-from summary")) >= 4
        assert all(site in text for text in offered)
