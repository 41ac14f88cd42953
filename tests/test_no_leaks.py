"""Nothing that is not public is in any answer of the public site, whatever is asked.

The restricted site goes through the same walk: there a holder meets its own values only, and who
may see everything meets all of them, so that the walk is known to come past each.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from fastapi.testclient import TestClient
from test_pages import EXAMPLES, LANGUAGES, routes
from wandering import answers

from catalogue import app as public
from catalogue.restricted import site
from s4s_graph import access, forms
from s4s_graph.namespaces import BASE
from tests.confidential import BOND, BUREAU, SEAL, Confidential

SCOPES = {"all": None, "holder:bond": BOND, "holder:bureau": BUREAU}
SUFFIXES = ("", ".ttl", ".json", ".csv", ".jsonld", ".nt", ".rdf", ".bib")
EVERYTHING = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }"
PAGES = 600  # beside those that are named: each links to some hundred others


def starts(sealed: Confidential) -> Iterator[str]:
    """Yield an address for each route, and those at which secrets would be looked for."""
    known = routes(TestClient(public.create(sealed.settings)))
    examples = chain.from_iterable(EXAMPLES.get(path, [path]) for path in known)
    for example in examples:
        yield from (example.replace("{lang}", lang) for lang in LANGUAGES)
    questions = sorted(path.stem for path in Path(sealed.settings.ontology).glob("questions/*.rq"))
    assert questions
    yield from (f"/nl/questions/{name}.csv" for name in questions)
    yield from (f"/api/v1/questions/{name}" for name in questions)
    tables = [form.table for form in forms.read(sealed.settings.shapes, BASE)]
    yield from (f"/en/{table}.{suffix}" for table in tables for suffix in ("csv", "ttl", "xlsx"))
    for value in sorted(sealed.owners):
        for suffix in SUFFIXES:
            yield from (f"/en/{table}/{value}{suffix}" for table in ("cases", "findings"))
            yield f"/id/source/{value}{suffix}"
    for word in (SEAL, "97", "kern"):
        yield from (f"/{lang}/{path}{word}" for lang in LANGUAGES for path in _searching())
        asked = json.dumps({"q0": {"query": word}})
        yield f"/en/reconcile?queries={quote(asked)}"
        yield f"/en/reconcile/suggest/entity?prefix={word}"
    for kind in ("csv", "json", "html", "xlsx"):
        yield f"/sparql?query={quote(EVERYTHING)}&format={kind}"
    yield f"/sparql?query={quote('CONSTRUCT WHERE { ?s ?p ?o }')}&format=ttl"
    yield f"/sparql?query={quote('SELECT * { ' + SEAL)}"
    yield f"/en/sparql?query={quote(EVERYTHING)}"


def _searching() -> tuple[str, ...]:
    lists = ("companies", "cases", "findings", "sources", "interventions")
    return ("search?q=", "suggest.json?q=", *(f"{table}?q=" for table in lists))


def walk(sealed: Confidential, client: TestClient, headers: dict[str, str]) -> dict[str, set[str]]:
    """Return the secrets in each answer, but for what stood in its address, by address."""
    seen: dict[str, set[str]] = {}
    for path, answer in answers(client, [*starts(sealed), "/nl/", "/en/"], PAGES, headers):
        assert answer.status_code < 500, f"{path}: {answer.status_code}"
        text = f"{answer.headers}\n{content(answer)}"
        seen[path] = {value for value in sealed.owners if value in text and value not in path}
    assert len(seen) > 500
    return seen


def content(answer: httpx2.Response) -> str:
    """Return all that is in an answer as text, also what a workbook packs."""
    if "spreadsheetml" not in answer.headers.get("content-type", ""):
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return "\n".join(packed.read(name).decode() for name in packed.namelist())


def test_no_answer_of_the_public_site_has_a_value_that_is_not_public(
    sealed: Confidential, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    # All of the graph as a workbook takes a moment, and more of it where others are at work.
    patient = replace(sealed.settings, query_seconds=120.0)
    with TestClient(public.create(patient), follow_redirects=True) as client:
        seen = walk(sealed, client, {})
    assert {path: found for path, found in seen.items() if found} == {}
    said = caplog.text + "".join(capfd.readouterr())
    assert [value for value in sealed.owners if value in said] == []


@pytest.mark.parametrize("scope", SCOPES)
def test_on_the_restricted_site_a_holder_meets_its_own_values_only(
    sealed: Confidential, tmp_path: Path, scope: str
) -> None:
    settings = replace(
        sealed.settings, tokens=tmp_path / "tokens.json", audit_log=tmp_path / "audit.jsonl"
    )
    token = access.add(settings.tokens, "ada", scope, 1)
    restricted = site.create(settings, "127.0.0.1")
    with TestClient(restricted, client=("127.0.0.1", 1), follow_redirects=True) as client:
        seen = walk(sealed, client, {"Authorization": f"Bearer {token}"})
    met = set[str]().union(*seen.values())
    owner = SCOPES[scope]
    assert met == (sealed.of(owner) if owner else set(sealed.owners))
    # Of what was asked for, only that path is written down: a reader's own words stay theirs.
    assert "?" not in settings.audit_log.read_text(encoding="utf-8")
