"""An engine elsewhere, to ask over real HTTP: pyoxigraph behind the SPARQL 1.1 Protocol."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox

from s4s_graph import release
from s4s_graph.engines import naming
from s4s_graph.engines.naming import Names


@dataclass
class Engine:
    """What stands there, what was asked, and where."""

    graph: ox.Store = field(default_factory=ox.Store)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    url: str = ""
    away: bool = False  # it hangs up on whoever asks

    def publish(self, folder: Path) -> Names:
        """Put the release in a folder here, as the current one."""
        manifest = release.read_manifest(folder / release.MANIFEST)
        quads = list(ox.parse(path=folder / release.N_QUADS, format=ox.RdfFormat.N_QUADS))
        return self.put(quads, manifest.base, manifest.id)

    def put(self, quads: Iterable[ox.Quad], base: str, release_id: str) -> Names:
        """Put quads here as a release."""
        quads = list(quads)
        graphs = {quad.graph_name.value for quad in quads}
        foreign = {graph for graph in graphs if not graph.startswith(f"{base}graph/")}
        names = Names(base, release_id, frozenset(foreign))
        pointer, a_set = ox.NamedNode(names.pointer), ox.NamedNode(names.set)
        for quad in quads:
            subject, predicate, value, graph = map(names.published, quad)
            for place in (graph, ox.NamedNode(names.all)):
                self.graph.add(ox.Quad(subject, predicate, value, place))
            part = ox.Quad(a_set, ox.NamedNode(naming.PART), graph, pointer)
            self.graph.add(part)
        self.graph.add(ox.Quad(pointer, ox.NamedNode(naming.VERSION), a_set, pointer))
        return names

    def answer(self, form: dict[str, list[str]]) -> tuple[str, bytes]:
        """Return a media type and the answer to a form that was sent."""
        self.asked.append(form)
        result = self.graph.query(
            form["query"][0],
            default_graph=[ox.NamedNode(iri) for iri in form["default-graph-uri"]],
            named_graphs=[ox.NamedNode(iri) for iri in form.get("named-graph-uri", [])],
        )
        body = BytesIO()
        if isinstance(result, ox.QueryTriples):
            result.serialize(body, ox.RdfFormat.N_TRIPLES)
            return "application/n-triples", body.getvalue()
        result.serialize(body, ox.QueryResultsFormat.JSON)
        return "application/sparql-results+json; charset=utf-8", body.getvalue()


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answer on a port of its own until the block ends; yields the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def served() -> Iterator[Engine]:
    """Serve an engine on a port of its own until the block ends."""
    engine = Engine()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if engine.away:
                self.close_connection = True
                return
            try:
                media_type, body = engine.answer(parse_qs(sent))
                status = 200
            except SyntaxError as error:
                status, media_type, body = 400, "text/plain", str(error).encode()
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with listening(Handler) as address:
        engine.url = f"{address}/sparql"
        yield engine
