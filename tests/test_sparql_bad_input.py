"""Whatever is sent: a sentence with a 4xx, within a second, and the endpoint goes on."""

import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from endpoints import COUNT, EX, SETTINGS, Served, numbers, serving

from s4s_graph.endpoint import Pool

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
DEEP = 10_000
DOUBLED = " ".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(34))
BOMB = f'SELECT (STRLEN(?v34) AS ?n) {{ BIND("aaaaaaaaaa" AS ?v0) {DOUBLED} }}'
MANY = " ".join(map(str, range(100_000)))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = numbers(tmp_path_factory.mktemp("release") / "store")
    # How long it takes to fill the memory that is allowed is measured in tests/bench/endpoint.py.
    settings = replace(SETTINGS, queue_seconds=5, query_seconds=5, query_memory=100_000_000)
    with closing(Pool(folder, settings)) as pool, serving(Served(pool)) as url:
        yield url


def get(query: str) -> dict[str, Any]:
    return {"method": "GET", "params": {"query": query}}


def post(query: str) -> dict[str, Any]:
    return {"method": "POST", "data": {"query": query}}


BAD: dict[str, tuple[dict[str, Any], int]] = {
    "malformed percent-encoding": ({"method": "GET", "params": "query=ASK%7B%zz%7D"}, 400),
    "half a percent-encoding": (
        {"method": "POST", "content": b"query=ASK{}%2", "headers": FORM},
        400,
    ),
    "invalid UTF-8, encoded": ({"method": "GET", "params": "query=ASK%7B%7D%FF"}, 400),
    "invalid UTF-8": ({"method": "POST", "content": b"ASK {} # \xff", "headers": DIRECT}, 400),
    "10 MB": ({"method": "POST", "content": b"ASK {}" + b" " * 10_000_000, "headers": DIRECT}, 413),
    "10 MB in a form": (
        {"method": "POST", "content": b"query=ASK{}" + b"+" * 10_000_000, "headers": FORM},
        413,
    ),
    "groups": (post("ASK " + "{" * DEEP + "}" * DEEP), 400),
    "parentheses": (post("ASK { FILTER(" + "(" * DEEP + "1" + ")" * DEEP + ") }"), 400),
    "nots": (get("ASK { FILTER(" + "!" * DEEP + "1) }"), 400),
    "triple terms": (post("ASK { ?s ?p " + "<<( ?s ?p " * 5000 + "1" + " )>>" * 5000 + " }"), 400),
    "doubling": (get(BOMB), 422),
    "long VALUES": (post(f"SELECT * {{ VALUES ?x {{ {MANY} }} }}"), 413),
    "unknown prefix": (get("ASK { ?s nothing:at-all 1 }"), 400),
    "two queries": ({"method": "GET", "params": "query=ASK%7B%7D&query=ASK%7B%7D"}, 400),
    "two formats": ({"method": "GET", "params": "query=ASK%7B%7D&format=xml&format=csv"}, 400),
    "NUL": ({"method": "GET", "params": "query=ASK%7B%7D%00"}, 400),
    "graph that is no IRI": (
        {"method": "GET", "params": "query=ASK%7B%7D&default-graph-uri=a b"},
        400,
    ),
    "many graphs": (get("ASK " + f"FROM <{EX}one> " * 100 + "{}"), 400),
    "many fields": ({"method": "GET", "params": "&".join(["a=b"] * 300)}, 400),
    "Accept of 10 kB": ({**get(COUNT), "headers": {"Accept": "a/b;q=0.1," * 1000}}, 406),
    "unknown format": ({"method": "GET", "params": "query=ASK%7B%7D&format=%00%0d%0aX:1"}, 406),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_a_sentence_in_a_second(url: str, name: str) -> None:
    request, status = BAD[name]
    start = time.monotonic()
    answer = httpx2.request(url=url, timeout=10, **request)
    seconds = time.monotonic() - start
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert len(answer.text.split()) > 4
    assert seconds < 1
    assert httpx2.get(url, params={"query": COUNT}, timeout=10).status_code == 200


def test_a_sentence_is_in_the_language_of_its_reader(url: str) -> None:
    query = {"query": "ASK {\n ?s"}
    said = {
        lang: httpx2.get(url, params=query, headers={"Accept-Language": lang} if lang else {})
        for lang in ("nl", "en", "")
    }
    assert "regel 2, kolom" in said["nl"].text
    assert said["nl"].headers["Content-Language"] == "nl"
    assert "line 2, column" in said["en"].text
    assert said[""].text == said["en"].text
    assert "Accept-Language" in said["nl"].headers["Vary"]


def test_what_acts_on_a_terminal_does_not_come_back(
    url: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "uvicorn")
    marks = "\x1b[31m\x07"
    for query in (f"ASK {{ FILTER(<a:{marks}f>(1)) }}", f"ASK {{ ?s ?p {marks} }}"):
        answer = httpx2.get(url, params={"query": query})
        assert answer.status_code == 400
        assert not set(marks) & set(answer.text) - set("[31m")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    logged = caplog.text + "".join(capfd.readouterr())
    assert "\x1b" not in logged


def test_a_table_in_html_shows_text_as_text(url: str) -> None:
    text = "<script>alert(1)</script>"
    query = f'SELECT ("{text}" AS ?x) (<javascript:alert(1)> AS ?y) {{}}'
    answer = httpx2.get(url, params={"query": query, "format": "html"})
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert text not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "href" not in answer.text


def test_a_worker_cannot_reach_the_network() -> None:
    """Whatever a query got past the lexer: there is nobody to ask."""
    code = (
        "import socket, sys; from s4s_graph.worker import leave_network\n"
        "if not leave_network(): sys.exit(3)\n"
        "try: socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)\n"
        "except OSError: sys.exit(0)\n"
        "sys.exit(1)\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        command = [sys.executable, "-c", code, str(listening.getsockname()[1])]
        left = subprocess.run(command, cwd=Path(__file__).parents[1], check=False).returncode
    if left == 3:
        pytest.skip("this system has no network namespaces, or does not allow them")
    assert left == 0
