"""A release asked at an engine elsewhere: the same answers, the same pages, and nothing more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from catalogue.app import create
from s4s_graph import questions, release
from s4s_graph.documents import FORMATS
from s4s_graph.engines import opening, remote
from s4s_graph.engines.breaker import UnpublishedError
from s4s_graph.engines.elsewhere import Elsewhere
from s4s_graph.forms import Forms
from s4s_graph.settings import Settings
from s4s_graph.store import Answer, Iri, Literal, Store, StoreError
from tests.remote_engine import Engine, served

BASE = Settings().base
CHANGING = re.compile(rb'nonce="[^"]*"| in [0-9.,]+ sec\w+')
PAGES = 30  # that the walk over the site looks at


@dataclass(frozen=True)
class Both:
    """One release, asked here and elsewhere."""

    engine: Engine
    folder: Path
    here: Store
    settings: Settings
    elsewhere: Elsewhere

    @property
    def there(self) -> Store:
        return opening.store(self.folder, self.settings, self.elsewhere)


@pytest.fixture(scope="module", params=["tiny", "shipped"])
def both(request: pytest.FixtureRequest) -> Iterator[Both]:
    folder: Path = request.getfixturevalue(f"{request.param}_release")
    with served() as engine:
        engine.publish(folder)
        settings = replace(
            Settings(),
            releases=folder.parent,
            sparql_url=engine.url,
            sparql_seconds=600,
            query_seconds=60,
        )
        elsewhere = opening.elsewhere(folder, settings)
        assert elsewhere
        here = Store.open(folder, memory_quads=10**9)
        yield Both(engine, folder, here, settings, elsewhere)


def test_every_stored_question_has_the_same_answer(both: Both) -> None:
    forms = Forms.from_json((both.folder / release.FORMS).read_text(encoding="utf-8"))
    known = questions.load(both.settings.ontology / "questions", forms)
    assert known
    for question in known.values():
        bound = question.bind({}, "nl", BASE)
        here, there = (store.answer(question.text, **bound) for store in (both.here, both.there))
        assert there.columns == here.columns, question.name
        assert _rows(there) == _rows(here), question.name


def _rows(answer: Answer) -> list[list[str]]:
    # Rows that are equal in what they are sorted by have no order, nor have concatenated words.
    return sorted([" ".join(sorted(str(term).split())) for term in row] for row in answer.rows)


def test_pages_are_the_same(both: Both) -> None:
    inside = create(replace(both.settings, sparql_url=""))
    with TestClient(inside) as here, TestClient(create(both.settings)) as there:
        asked = len(both.engine.asked)
        for path, shown in _walk(here):
            also = there.get(path)
            assert shown.status_code == also.status_code, path
            assert CHANGING.sub(b"", shown.content) == CHANGING.sub(b"", also.content), path
        assert len(both.engine.asked) > asked + PAGES


def _walk(client: TestClient) -> Iterator[tuple[str, Response]]:
    """Yield pages of as many kinds as there are, found from the first one on."""
    waiting, seen, kinds = ["/nl/", "/en/"], set[str](), dict[str, int]()
    while waiting and len(seen) < PAGES:
        path = waiting.pop(0)
        seen.add(path)
        yield path, (shown := client.get(path))
        for found in re.findall(r'href="(/[^"#]*)', shown.text):
            address = found.replace("&amp;", "&")
            start, _, _ = address.partition("?")
            kind = start.rpartition("/")[0] if start.count("/") > 2 else start
            known = address in seen or start.startswith("/static") or start.endswith(".pdf")
            if not known and kinds.get(kind, 0) < 2:
                kinds[kind] = kinds.get(kind, 0) + 1
                waiting.append(address)


def test_documents_are_the_same_byte_for_byte(both: Both) -> None:
    shape = f"{BASE}shape#Finding-oneDirection"  # with lists and other things without a name
    theme = f"{BASE}id/theme/digitalisering"
    for iri in (shape, theme, f"{BASE}nothing"):
        for media_type in FORMATS:
            there = both.there.describe(iri, media_type)
            assert there == both.here.describe(iri, media_type)
    wanted = [shape, theme]
    assert both.there.statements(wanted, "text/turtle") == both.here.statements(
        wanted, "text/turtle"
    )
    assert b"_:" in both.there.describe(shape, "application/n-triples")


def test_lookups_are_the_same(both: Both) -> None:
    things = {
        row[0].value
        for row in both.here.answer("SELECT ?s { ?s a ?c FILTER(isIRI(?s)) }").rows
        if row[0]
    }
    assert len(things) > remote.THINGS  # more than go into one query
    for lang in ("nl", "en"):
        assert both.there.labels(things, lang) == both.here.labels(things, lang)
    theme = f"{BASE}id/theme/digitalisering"
    properties = ["http://www.w3.org/2004/02/skos/core#prefLabel", f"{BASE}nothing"]
    for iri in (theme, f"{BASE}nothing"):
        values, also = both.there.values(iri, properties), both.here.values(iri, properties)
        assert {k: set(v) for k, v in values.items()} == {k: set(v) for k, v in also.items()}
        assert both.there.exists(iri) == both.here.exists(iri)
        assert both.there.graphs(iri) == both.here.graphs(iri)
    assert both.there.graphs(theme) >= {f"{BASE}graph/ontology/schemes/themes"}
    assert both.there.graphs("no iri") == frozenset()
    assert not both.there.exists("no iri")


def test_no_page_learns_what_graphs_are_called_elsewhere(both: Both) -> None:
    asked = "SELECT DISTINCT ?graph ?name WHERE { GRAPH ?graph { ?s ?p ?o } BIND(?graph AS ?name) }"
    answer = both.there.answer(asked)
    assert sorted(map(repr, answer.rows)) == sorted(map(repr, both.here.answer(asked).rows))
    graph = Iri(f"{BASE}graph/ontology/schemes/themes")
    counted = (
        "SELECT ?graph (COUNT(?s) AS ?n) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ?p"
    )
    there = both.there.answer(counted, graph=graph)
    assert sorted(map(repr, there.rows)) == sorted(
        map(repr, both.here.answer(counted, graph=graph).rows)
    )


def test_a_query_that_does_not_fit_is_the_same_error(both: Both) -> None:
    for store in (both.here, both.there):
        with pytest.raises(StoreError, match="nothing"):
            store.answer("SELECT ?s { ?s ?p ?o }", nothing="x")
        with pytest.raises(SyntaxError):
            store.answer("SELECT ?s { ?s nowhere:p ?o }")


def test_each_release_is_asked_by_itself(both: Both) -> None:
    with served() as engine:
        engine.publish(both.folder)
        thing, graph = ox.NamedNode(f"{BASE}id/theme/other"), ox.NamedNode(f"{BASE}graph/x")
        engine.put([ox.Quad(thing, ox.NamedNode(f"{BASE}def#of"), thing, graph)], BASE, "f" * 16)
        store = opening.store(
            both.folder, replace(both.settings, sparql_url=engine.url), both.elsewhere
        )
        assert not store.exists(thing.value)
        assert store.graphs(thing.value) == frozenset()


def test_a_release_that_is_not_all_there_is_not_opened(tiny_release: Path) -> None:
    with served() as engine:
        names = engine.publish(tiny_release)
        said = ox.NamedNode("http://www.w3.org/ns/dcat#hasVersion")
        for quad in list(engine.graph.quads_for_pattern(None, said, None, None)):
            engine.graph.remove(quad)
        settings = replace(Settings(), sparql_url=engine.url)
        with pytest.raises(UnpublishedError, match=rf"release {names.id} .* `s4s publish`"):
            opening.elsewhere(tiny_release, settings)


def test_a_literal_is_given_with_its_type(both: Both) -> None:
    year = Literal("2024", None, "http://www.w3.org/2001/XMLSchema#gYear")
    query = "SELECT ?year ?s WHERE { ?s ?p ?year } ORDER BY ?s"
    assert both.there.answer(query, year=year) == both.here.answer(query, year=year)
