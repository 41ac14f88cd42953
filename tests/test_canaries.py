"""Whatever stands in the data, every answer of the site is what it says, and does nothing else.

Each text of the data is a canary (canaries.py). Every answer is read by a parser of its format.
"""

import csv
import logging
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from fastapi.testclient import TestClient
from test_pages import EXAMPLES, LANGUAGES, routes
from wandering import answers

from catalogue import app as public
from catalogue.restricted import site
from s4s_graph import access, forms, headings, release
from s4s_graph.build import build, check
from s4s_graph.cli import main
from s4s_graph.namespaces import BASE
from s4s_graph.problems import blocking
from s4s_graph.settings import Settings
from tests import canaries, examining
from tests.conftest import ROOT

PAGES = 60  # beside those that are named
EVERYTHING = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"
TRIPLES = "CONSTRUCT WHERE { ?s ?p ?o }"
FORMATS = {
    EVERYTHING: ("json", "xml", "csv", "tsv", "xlsx", "html"),
    TRIPLES: ("ttl", "nt", "nq", "trig", "jsonld", "rdf"),
}
LEVELS = {"error", "warning", "note", "reading files", "checking", "deriving", "written"}
SOUGHT = ("cmd", "script", "javascript", "مرحبا", "DROP", "forgery")


@dataclass(frozen=True)
class Cage:
    """A release of canaries, and what each of them says."""

    settings: Settings
    texts: dict[str, str]

    @property
    def public(self) -> Path:
        """The folder of the public release."""
        found = release.current(self.settings.releases)
        assert found
        return found


@pytest.fixture(scope="module")
def cage(tmp_path_factory: pytest.TempPathFactory) -> Cage:
    folder = tmp_path_factory.mktemp("canaries")
    made = canaries.fill(folder / "data")
    settings = replace(
        Settings(),
        data=folder / "data",
        releases=folder / "public",
        restricted_releases=folder / "restricted",
        tokens=folder / "tokens.json",
        audit_log=folder / "audit.jsonl",
        disclosure_floor=1,
        rate_pages=0,
        rate_programs=0,
        organisation=made.text(),
    )
    result = build(settings, restricted=True)
    assert result.release, [problem.text("en") for problem in result.problems]
    return Cage(settings, made.texts)


def starts(cage: Cage, languages: tuple[str, ...]) -> Iterator[str]:
    """Yield an address for each route, and those at which all of the data is."""
    known = routes(TestClient(public.create(cage.settings)))
    for example in chain.from_iterable(EXAMPLES[path] for path in known):
        yield from (example.replace("{lang}", lang) for lang in languages)
    questions = sorted(path.stem for path in Path(cage.settings.ontology).glob("questions/*.rq"))
    assert questions
    for name in questions:
        yield from (f"/{lang}/questions/{name}" for lang in languages)
        yield from (f"/en/questions/{name}.{suffix}" for suffix in ("csv", "xlsx"))
        yield f"/api/v1/questions/{name}"
    for form in forms.read(cage.settings.shapes, BASE):
        for path in sorted((cage.settings.data).glob(f"{form.table}.csv")):
            yield f"/en/{form.table}.xlsx"
            with path.open(encoding="utf-8", newline="") as file:
                slugs = [row["id"] for row in csv.DictReader(file)]
            for slug in slugs[:2]:
                yield from (f"/{lang}/{form.table}/{slug}" for lang in languages)
                yield from (f"/id/{form.segment}/{slug}.{ext}" for ext in ("rdf", "ttl", "jsonld"))
    for word in SOUGHT:
        yield from (f"/{lang}/search?q={quote(word)}" for lang in languages)
        yield f"/nl/suggest.json?q={quote(word)}"
        yield f"/en/reconcile/suggest/entity?prefix={quote(word)}"
    for query, formats in FORMATS.items():
        yield from (f"/sparql?query={quote(query)}&format={form}" for form in formats)
    yield f"/en/sparql?query={quote(EVERYTHING)}"


def walked(cage: Cage, client: TestClient, addresses: Iterable[str], more: int) -> set[str]:
    """Walk a site, find no fault in any answer, and return the canaries that were met."""
    faults: dict[str, list[str]] = {}
    met: set[str] = set()
    kinds: set[str] = set()
    for path, answer in answers(client, addresses, more):
        kinds.add(answer.headers.get("content-type", "").partition(";")[0])
        met |= {*canaries.WORD.findall(answer.text)}
        if found := sorted({*examining.faults(path, answer, cage.texts)}):
            faults[path] = found[:3]
    assert faults == {}
    assert kinds >= {"text/html", "text/csv", "application/json", examining.SHEET, *examining.RDF}
    assert kinds >= {"image/svg+xml", "application/atom+xml", "application/sparql-results+xml"}
    return met


def named(releases: Path) -> set[str]:
    """Return the canaries in the current release of a folder."""
    current = release.current(releases)
    assert current
    return {*canaries.WORD.findall((current / release.N_QUADS).read_text(encoding="utf-8"))}


def test_each_text_that_a_table_can_hold_is_a_canary(cage: Cage) -> None:
    empty = []
    known = forms.read(cage.settings.shapes, BASE)
    for path in sorted(cage.settings.data.glob("*.csv")):
        form = known.by_table(path.stem)
        assert form
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows
        for column, (field, _) in headings.columns(form).items():
            if field.kind in ("text", "string") and not field.pattern:
                empty += [column for row in rows if not canaries.WORD.search(row[column])]
    assert empty == []


def test_nothing_in_the_data_does_anything_on_the_public_site(
    cage: Cage, caplog: pytest.LogCaptureFixture
) -> None:
    with TestClient(public.create(cage.settings), follow_redirects=True) as client:
        met = walked(cage, client, starts(cage, LANGUAGES), PAGES)
    published = named(cage.settings.releases)
    assert met >= published
    assert published < named(cage.settings.restricted_releases)
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


def test_nothing_in_the_data_does_anything_on_the_restricted_site(
    cage: Cage, caplog: pytest.LogCaptureFixture
) -> None:
    token = access.add(cage.settings.tokens, "ada", "all", 1)
    app = site.create(cage.settings, "127.0.0.1")
    with TestClient(app, client=("127.0.0.1", 1), follow_redirects=True) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        met = walked(cage, client, starts(cage, ("en",)), 0)
    tables = sorted(cage.settings.data.glob("*.csv"))
    written = "".join(path.read_text(encoding="utf-8") for path in tables)
    assert met >= {*canaries.WORD.findall(written)}
    assert met >= named(cage.settings.restricted_releases)
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


def test_every_file_of_a_release_gives_the_texts_as_they_were_written(cage: Cage) -> None:
    read = {
        release.N_QUADS: ox.RdfFormat.N_QUADS,
        release.TURTLE: ox.RdfFormat.TURTLE,
        release.JSON_LD: ox.RdfFormat.JSON_LD,
    }
    for name, form in read.items():
        literals = (q.object for q in ox.parse(path=cage.public / name, format=form))
        said = {o.value for o in literals if isinstance(o, ox.Literal)}
        said = {text for text in said if canaries.WORD.search(text)}
        wrong = [f for text in said for f in examining.altered(text, cage.texts, squeeze=False)]
        assert wrong == [], name
        assert len(said) > 300


@pytest.fixture
def run(cage: Cage) -> Callable[..., Result]:
    changed = {
        f"S4S_{name.upper()}": str(value)
        for name, value in vars(cage.settings).items()
        if value != getattr(Settings(), name)
    }

    def invoke(*arguments: str | Path, **more: str) -> Result:
        given = [*map(str, arguments), "--lang", "en"]
        return CliRunner().invoke(main, given, env={**changed, **more})

    return invoke


@pytest.mark.parametrize(
    "command",
    [
        "check",
        "check --json",
        "ask mappings",
        "ask mappings --format json",
        "ask skills-developed",
        "ask gaps",
        "coherence",
        "improve",
        "route --company bedrijf-a --goal vakmanschap",
        "mirror --intervention leercoach --year 2025",
        "vocabulary list",
    ],
)
def test_no_command_says_what_steers_a_terminal(run: Callable[..., Result], command: str) -> None:
    done = run(*command.split())
    assert done.exit_code == 0, done.output
    assert not examining.STEERING.search(done.output)
    # A name on several lines would look like another line of the command's own.
    assert not re.search(rf"^\s*ERROR {canaries.NAME}", done.output, re.MULTILINE)


def test_a_value_that_is_refused_is_told_on_one_line(
    run: Callable[..., Result], cage: Cage, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(cage.settings.data, data)
    text = "a\nERROR forged\r\n\x1b[31m\x9b<script>kanarie()</script>\u202e"
    with (data / "companies.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [["id", text, "sizeClass"], ["bedrijf-a", "", text], [text, "", ""]]
        csv.writer(file).writerows(rows)
    page = tmp_path / "report.html"
    done = run("check", "--report", page, S4S_DATA=str(data))
    assert done.exit_code == 1
    assert not examining.STEERING.search(done.output)
    assert {line.partition(":")[0] for line in done.stderr.splitlines()} <= LEVELS
    assert "a\\nERROR forged" in done.stderr
    assert list(examining.html(page.read_text(encoding="utf-8"), {})) == []


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\x7f", "\x85", "\x9b", "\u202e", "\ufffe"])
def test_a_text_with_what_steers_is_refused_with_a_sentence(letter: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "tests/tiny/data", data)
    path = data / "organisations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Metaal", f"Me{letter}taal"), "utf-8")
    settings = replace(Settings(), data=data, disclosure_floor=1)
    (problem,) = blocking(check(settings).problems)
    assert problem.column == "prefLabel"
    assert problem.message.en.startswith("the text holds an invisible control character")


def test_the_reports_show_the_texts_and_do_nothing(cage: Cage) -> None:
    reports = sorted(cage.public.glob("*.html"))
    assert {path.name for path in reports} >= {"report.html", "disclosure.html"}
    for path in reports:
        assert list(examining.html(path.read_text(encoding="utf-8"), cage.texts)) == []
