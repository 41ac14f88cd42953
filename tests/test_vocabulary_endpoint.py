"""A vocabulary fetched from a SPARQL endpoint: one of our own, as strict as that of CompetentNL."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from esco_files import Run, runner

from s4s_graph.vocabularies import fetching, folder
from s4s_graph.vocabularies.collecting import RefusedError
from s4s_graph.vocabularies.fetching import Endpoint

KEY = "a-key-of-the-test"
CONTENT = """@prefix cnlo: <https://linkeddata.competentnl.nl/def/competentnl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix hat: <https://linkeddata.competentnl.nl/id/human-capability/> .
hat:L1 a cnlo:HumanCapability ; skos:prefLabel "Vervaardigen"@nl ; skos:notation "1.0" .
hat:L2 a cnlo:HumanCapability ; skos:prefLabel "Verspanen"@nl ; skos:broader hat:L1 ;
  cnlo:exactMatchESCO <http://data.europa.eu/esco/skill/mill> .
"""
LICENCE = ("--version", "2.1.0", "--licence", "https://example.org/licence")


@dataclass
class Server:
    """A SPARQL endpoint on loopback, and what it was asked."""

    url: str = ""
    cap: int = 1_000_000  # rows, of any answer
    failures: list[int] = field(default_factory=list)  # statuses of the next answers
    location: str = ""
    asked: list[str] = field(default_factory=list)
    store: ox.Store = field(default_factory=ox.Store)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(fetching, "PAGE", 3)
    monkeypatch.setattr(fetching.time, "sleep", lambda seconds: None)
    state = Server()
    state.store.load(CONTENT.encode(), ox.RdfFormat.TURTLE)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            query = parse_qs(body)["query"][0]
            state.asked.append(query)
            status, content = self.answer(query)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", state.location)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def answer(self, query: str) -> tuple[int, bytes]:
            if state.failures:
                return state.failures.pop(0), b""
            if self.headers.get("apikey") != KEY:
                return 401, b""
            if "FROM" in query.upper():
                return 400, b"FROM is not allowed"
            found = state.store.query(query)
            assert isinstance(found, ox.QuerySolutions)
            document = json.loads(found.serialize(format=ox.QueryResultsFormat.JSON) or b"")
            document["results"]["bindings"] = document["results"]["bindings"][: state.cap]
            return 200, json.dumps(document).encode()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        state.url = f"http://127.0.0.1:{listening.server_port}/sparql"
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield state
        listening.shutdown()
        thread.join()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def run(data: Path) -> Run:
    return runner(data, S4S_COMPETENTNL_KEY=KEY)


def quads(url: str, key: str | None = KEY) -> set[ox.Triple]:
    return {quad.triple for page in Endpoint(url, key).statements() for quad in page}


def test_all_pages_are_fetched(server: Server, run: Run, data: Path) -> None:
    arguments = ("--endpoint", server.url, "--into", data, "--yes", *LICENCE)
    result = run("add", "competentnl", *arguments)
    assert result.exit_code == 0, result.output
    (stored,) = folder.found(data)
    assert set(stored.triples()) == {quad.triple for quad in server.store}
    assert len(server.asked) == 2 + 3  # two counts, three pages
    assert KEY not in result.output


def test_an_endpoint_that_cuts_pages_short_is_still_read_whole(server: Server) -> None:
    server.cap = 2
    assert len(quads(server.url)) == len(server.store)


def test_an_endpoint_that_is_busy_is_asked_again(server: Server) -> None:
    server.failures = [503, 429, 500]
    assert len(quads(server.url)) == len(server.store)


def test_an_endpoint_that_stays_busy_is_given_up(server: Server) -> None:
    server.failures = [503] * 10
    with pytest.raises(RefusedError, match="no answer after 4 tries: 503"):
        quads(server.url)
    assert len(server.asked) == 4


def test_a_key_that_is_refused(server: Server, data: Path) -> None:
    run = runner(data, S4S_COMPETENTNL_KEY="another")
    arguments = ("--endpoint", server.url, "--into", data, "--yes", *LICENCE)
    result = run("add", "competentnl", *arguments)
    assert result.exit_code == 1
    assert "S4S_COMPETENTNL_KEY" in result.output
    assert list(data.iterdir()) == []


def test_a_key_does_not_go_where_an_answer_points(server: Server) -> None:
    server.failures, server.location = [302], server.url
    with pytest.raises(RefusedError, match="is not followed"):
        quads(server.url)
    assert len(server.asked) == 1


@pytest.mark.parametrize("url", ["http://example.org/sparql", "file:///etc/passwd", "ftp://e.org"])
def test_only_an_address_that_keeps_the_key_secret(run: Run, data: Path, url: str) -> None:
    result = run("add", "competentnl", "--endpoint", url, "--into", data, *LICENCE)
    assert result.exit_code == 2
    assert "starts with https://" in result.output


def test_what_has_no_name_is_left_out_and_told(server: Server, run: Run, data: Path) -> None:
    server.store.load(b"<https://e.org/a> <https://e.org/p> [] .", ox.RdfFormat.TURTLE)
    arguments = ("--endpoint", server.url, "--into", data, "--yes", *LICENCE)
    result = run("add", "competentnl", *arguments)
    assert result.exit_code == 0, result.output
    assert "warning: " + server.url + ": '1': statements about something without a name" in (
        result.output
    )


def test_a_vocabulary_that_changes_meanwhile_is_not_imported(server: Server) -> None:
    pages = Endpoint(server.url, KEY).statements()
    next(pages)
    server.store.load(b"<https://e.org/a> <https://e.org/p> <https://e.org/b> .",
                      ox.RdfFormat.TURTLE)  # fmt: skip
    with pytest.raises(RefusedError, match="or changed meanwhile"):
        list(pages)


def test_a_page_that_is_no_endpoint(server: Server) -> None:
    server.failures = [404]
    with pytest.raises(RefusedError, match="does not answer as a SPARQL endpoint: 404"):
        quads(server.url)
