"""A walk over the pages of a site by its links, and the queries that it makes of its graph."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from urllib.parse import urlencode, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from s4s_graph.engines.embedded import Embedded
from s4s_graph.engines.engine import EngineTerm, Solutions

START = (
    "/nl", "/en/ontology", "/nl/skills/mappings", "/nl/vocabularies", "/api/v1/terms", "/def.ttl",
    "/nl/skills/mappings.sssom.tsv", "/.well-known/void",
)  # fmt: skip
_LINK = re.compile(r'(?:href|src)="([^"#]+)')
# Not made by queries of the graph, or by public ones, or of the same rows as a page.
_OTHERS = re.compile(r"/static/|/-/|/api/|/dump/|/\w\w/(?:questions|sparql)/|.*\.\w+(?:\?|$)")

Call = tuple[str, tuple[tuple[str, EngineTerm], ...]]


def pages(client: TestClient, alike: int, most: int) -> Iterator[tuple[str, str]]:
    """Yield the address and the text of pages that links lead to, the first ones breadth first.

    Of pages at addresses that are `alike` but for the thing they are about, no more than so many.
    """
    seen: Counter[str] = Counter()
    known = set(START)
    waiting = deque(START)
    read = 0
    while waiting and read < most:
        address = waiting.popleft()
        kind = _kind(address)
        if seen[kind] >= alike and address not in START:
            continue
        seen[kind] += address not in START
        reply = client.get(address)
        assert reply.status_code == 200, f"{address}: {reply.status_code}"
        read += 1
        yield address, reply.text
        if "html" in reply.headers["Content-Type"]:
            found = [link for link in _links(address, reply.text) if link not in known]
            known.update(found)
            waiting.extend(dict.fromkeys(found))


def _links(address: str, text: str) -> Iterator[str]:
    for link in map(unescape, _LINK.findall(text)):
        path = link.removeprefix("http://testserver")
        if path.startswith("?"):
            path = urlsplit(address).path + path
        if path.startswith("/") and not _OTHERS.match(path):
            yield path


def _kind(address: str) -> str:
    """Return an address without its language and what it is about: the name after the kind."""
    parts = urlsplit(address)
    path = parts.path.split("/")[2:]
    key = parts.query.partition("=")[0]
    return "/".join([*path[:1], *("*" for _ in path[1:2]), *path[2:], key])


def asked(client: TestClient) -> None:
    """Ask what no link leads to: names to reconcile, and what is known of some of them."""
    queries = '{"q": {"query": "lassen", "limit": 3}, "r": {"query": "Metaalunie"}}'
    assert client.post("/nl/reconcile", data={"queries": queries}).status_code == 200
    for lang in ("nl", "en"):
        assert client.get(f"/{lang}/reconcile?{urlencode({'queries': queries})}").is_success


class Recorder:
    """Writes down each query that the engine inside is asked, once for each text and values."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin; it ends with the test."""
        self.calls: dict[Call, None] = {}
        for name in ("solutions", "triples"):
            monkeypatch.setattr(Embedded, name, self._listened(getattr(Embedded, name)))

    def _listened(self, method: object) -> object:
        def listened(engine: Embedded, query: str, params: Mapping[str, EngineTerm]) -> Solutions:
            self.calls.setdefault((query, tuple(sorted(params.items(), key=str))))
            return method(engine, query, params)  # type: ignore[no-any-return, operator]

        return listened


def bounded(calls: Iterable[Call], most: int) -> Iterator[Call]:
    """Yield calls, no more than so many of one query."""
    counted: Counter[str] = Counter()
    for call in calls:
        counted[call[0]] += 1
        if counted[call[0]] <= most:
            yield call


def site(app: Starlette) -> TestClient:
    """Return a client of a site that follows redirects."""
    return TestClient(app, follow_redirects=True)
