"""Public SPARQL over an engine elsewhere: the same answers, and nothing else that it holds."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest

from s4s_graph import publishing, release
from s4s_graph.endpoint import EndpointError, Pool
from s4s_graph.engines import opening
from s4s_graph.engines.authorization import Credentials
from s4s_graph.engines.client import Client
from s4s_graph.engines.writer import Addresses, Writer
from s4s_graph.settings import Settings
from s4s_graph.worker import Problem
from tests import engines
from tests.remote_engine import served

BASE = Settings().base
SITE = "http://localhost/sparql"  # what relative addresses are relative to


# What others keep at the same engine, and in no release.
OTHERS = ("x:other", f"{BASE}graph/other", f"{BASE}release/{'f' * 16}/all")
SECRET = "<x:secret> <x:p> <x:o>"


@dataclass(frozen=True)
class Pools:
    """The endpoint over one release here and elsewhere; `asked` grows where that can be seen."""

    here: Pool
    there: Pool
    asked: Sequence[object]


@pytest.fixture(scope="module", params=["loopback", "virtuoso"])
def pools(
    request: pytest.FixtureRequest, tiny_release: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pools]:
    if request.param == "loopback":
        with served() as engine:
            engine.publish(tiny_release)
            for graph in OTHERS:
                engine.graph.update(f"INSERT DATA {{ {SECRET} GRAPH <{graph}> {{ {SECRET} }} }}")
            with opened(tiny_release, engine.url, engine.asked) as found:
                yield found
    elif missing := engines.missing(*engines.VIRTUOSO):
        pytest.skip(missing)
    else:
        with engines.virtuoso(tmp_path_factory.mktemp("virtuoso")) as running:
            publish(tiny_release, running)
            with opened(tiny_release, running.query, ()) as found:
                yield found


def publish(folder: Path, engine: engines.Engine) -> None:
    addresses = Addresses(engine.query, engine.update, engine.graph_store)
    writer = Writer(addresses, engine.user, engine.password)
    publishing.publish(folder, writer, keep=2)
    writer.close()
    known = Credentials(engine.user, engine.password)
    client = Client(engine.update, seconds=60, most_bytes=10**6, challenge=known.challenge)
    for graph in OTHERS:
        update = f"INSERT DATA {{ GRAPH <{graph}> {{ {SECRET} }} }}"
        reply = client.request(
            "POST", body=update.encode(), headers={"Content-Type": "application/sparql-update"}
        )
        assert reply.status == 200
    client.close()


@contextmanager
def opened(folder: Path, url: str, asked: Sequence[object]) -> Iterator[Pools]:
    settings = replace(Settings(), sparql_url=url, workers=1, query_seconds=60)
    elsewhere = opening.elsewhere(folder, settings)
    assert elsewhere
    store = folder / release.STORE
    with (
        closing(Pool(store, settings)) as here,
        closing(Pool(store, settings, elsewhere)) as there,
    ):
        yield Pools(here, there, asked)


PREFIX = f"PREFIX s4s: <{BASE}def#> PREFIX g: <{BASE}graph/ontology/schemes/> "


@pytest.mark.parametrize(
    "query",
    [
        "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o FILTER(isIRI(?s) && !isBlank(?o)) } ORDER BY ?s ?p ?o",
        PREFIX
        + "SELECT DISTINCT ?c { ?i a s4s:Intervention ; ?p ?c FILTER(isIRI(?c)) } ORDER BY ?c",
        "SELECT DISTINCT ?g (STR(?g) AS ?t) { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g",
        f"SELECT ?s {{ GRAPH <{BASE}graph/ontology/schemes/themes> {{ ?s a ?c }} }} ORDER BY ?s",
        PREFIX + "SELECT ?s { GRAPH g:themes { ?s a ?c } } ORDER BY ?s",
        PREFIX + "SELECT DISTINCT ?s FROM g:themes WHERE { ?s ?p ?o } ORDER BY ?s",
        PREFIX + "SELECT ?s FROM NAMED g:themes { GRAPH ?g { ?s a ?c } } ORDER BY ?s",
        PREFIX + "SELECT ?s FROM NAMED g:themes { ?s a ?c }",
        "SELECT ?s FROM <x:other> { ?s ?p ?o }",
        f"BASE <{BASE}x/> PREFIX g: <../graph/ontology/schemes/> ASK {{ GRAPH g:themes {{}} }}",
        f"BASE <{BASE}graph/ontology/> SELECT ?s {{ GRAPH <schemes/themes> {{ ?s a ?c }} }}",
        "ASK { ?s ?p ?o }",
        "ASK { <x:secret> ?p ?o }",
        "ASK { GRAPH <x:other> { ?s ?p ?o } }",
        "ASK { GRAPH ?g { <x:secret> ?p ?o } }",
        "SELECT ?o { GRAPH ?g { <x:secret> ?p ?o } FILTER(?g = <x:other>) }",
        "SELECT ?o { VALUES ?g { <x:other> } GRAPH ?g { <x:secret> ?p ?o } }",
        "SELECT ?o { <x:secret> <x:p>+ ?o }",
        "SELECT ?s { ?s a ?c FILTER EXISTS { GRAPH <x:other> { ?x ?p ?o } } }",
        "SELECT (COUNT(*) AS ?n) { { SELECT ?o { GRAPH <x:other> { ?s ?p ?o } } } }",
        f"ASK {{ GRAPH <{BASE}release/current> {{ ?s ?p ?o }} }}",
        f"ASK {{ GRAPH <{BASE}release/{'f' * 16}/all> {{ ?s ?p ?o }} }}",
        f"SELECT ?s FROM <{BASE}release/{'f' * 16}/all> {{ ?s ?p ?o }}",
        f"ASK {{ GRAPH <{BASE}graph/other> {{ ?s ?p ?o }} }}",
    ],
)
def test_the_public_gets_the_same_and_no_more(pools: Pools, query: str) -> None:
    assert _content(pools.there, query) == _content(pools.here, query)


def test_the_public_gets_triples(pools: Pools) -> None:
    query = (
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BASE}graph/shapes/evidence> {{ ?s ?p ?o }} }}"
    )
    assert _graph(pools.there, query) == _graph(pools.here, query)
    # How much an engine describes is its own affair.
    theme = ox.NamedNode(f"{BASE}id/theme/digitalisering")
    described = _graph(pools.there, f"DESCRIBE {theme}")
    assert any(quad.subject == theme for quad in described)


def _content(pool: Pool, query: str) -> list[bytes]:
    # The order of the names of graphs among others is that of their names elsewhere.
    with closing(pool.run(query, base=SITE, rows="text/tab-separated-values")) as answer:
        return sorted(answer.read().splitlines())


def _graph(pool: Pool, query: str) -> ox.Dataset:
    with closing(pool.run(query, base=SITE, triples="application/n-triples")) as answer:
        content = answer.read()
    found = ox.Dataset(ox.parse(BytesIO(content), ox.RdfFormat.N_TRIPLES))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert len(found)
    return found


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("SELECT ?x { SERVICE <http://127.0.0.1/> { ?x ?p ?o } }", Problem.SERVICE),
        ("INSERT DATA { <x:a> <x:b> <x:c> }", Problem.UPDATE),
        ("SELECT ?x { BIND(<bif:user>() AS ?x) }", Problem.EVALUATION),
        ("PREFIX b: <sql:> SELECT ?x { BIND(b:user() AS ?x) }", Problem.EVALUATION),
        (r"SELECT ?x { BIND(<\u0062if:user>() AS ?x) }", Problem.EVALUATION),
        ("DEFINE input:same-as 'yes' SELECT ?x { ?x ?p ?o }", Problem.SYNTAX),
        ("SELECT ?x { ?x ?p }", Problem.SYNTAX),
        ("SELECT ?a { ?a ?b ?c FILTER(?a<?b&&?c>?b) }", Problem.EVALUATION),  # in two ways
    ],
)
def test_the_engine_is_only_asked_what_the_public_may_ask(
    pools: Pools, query: str, problem: Problem
) -> None:
    asked = len(pools.asked)
    with pytest.raises(EndpointError) as raised:
        pools.there.run(query)
    assert raised.value.problem is problem
    assert len(pools.asked) == asked


def test_limits_and_bindings_hold(pools: Pools) -> None:
    with pytest.raises(EndpointError) as raised:
        pools.there.run("SELECT ?s ?p ?o { ?s ?p ?o }", max_bytes=1000)
    assert raised.value.problem is Problem.TOO_LARGE
    theme = (f"{BASE}graph/ontology/schemes/themes", None)
    query = "SELECT ?g (COUNT(?s) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ?none"
    with closing(pools.there.run(query, bindings=(("g", *theme),), rows="text/csv")) as answer:
        assert answer.read().startswith(b"g,n\r\n" + theme[0].encode() + b",")
