"""The pool of workers: answers, limits, and that nothing a query does outlives it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from s4s_graph.endpoint import EndpointError, Pool
from s4s_graph.settings import Settings
from s4s_graph.worker import Problem

EX = "http://example.org/"
SETTINGS = replace(
    Settings(), query_seconds=1.0, query_memory=256 * 1024**2, query_bytes=5_000_000,
    queue_length=2, queue_seconds=0.3,
)  # fmt: skip
# 1,500 things joined with themselves three times: years.
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
DOUBLED = " ".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(34))
BOMB = f'SELECT (STRLEN(?v34) AS ?n) {{ BIND("aaaaaaaaaa" AS ?v0) {DOUBLED} }}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("release") / "store"
    store = ox.Store(str(path))
    for graph in ("one", "two", "three"):
        store.extend(
            ox.Quad(
                ox.NamedNode(f"{EX}{graph}/{i}"),
                ox.NamedNode(f"{EX}number"),
                ox.Literal(i),
                ox.NamedNode(EX + graph),
            )
            for i in range(500)
        )
    store.flush()
    return path


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[Pool]:
    with closing(Pool(folder, SETTINGS)) as pool:
        yield pool


def body(pool: Pool, query: str, **options: Any) -> bytes:
    return b"".join(pool.run(query, **options))


def number(pool: Pool, query: str, **options: Any) -> int:
    (row,) = json.loads(body(pool, query, **options))["results"]["bindings"]
    return int(row["n"]["value"])


def problem(pool: Pool, query: str, **options: Any) -> EndpointError:
    with pytest.raises(EndpointError) as error:
        pool.run(query, **options)
    return error.value


def workers() -> set[int]:
    """Return the processes that this one started and that still run."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return set(map(int, listed.split()))


COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def test_the_default_graph_is_the_union_unless_graphs_are_named(pool: Pool) -> None:
    one, two = EX + "one", EX + "two"
    assert number(pool, COUNT) == 1500
    assert number(pool, f"SELECT (COUNT(*) AS ?n) FROM <{one}> {{ ?s ?p ?o }}") == 500
    assert number(pool, f"SELECT (COUNT(*) AS ?n) FROM NAMED <{one}> {{ ?s ?p ?o }}") == 0
    assert number(pool, COUNT, default_graphs=(one, two)) == 1000
    assert number(pool, COUNT, named_graphs=(one,)) == 0
    in_graphs = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert number(pool, in_graphs) == 1500
    assert number(pool, in_graphs, named_graphs=(one, two)) == 1000
    assert number(pool, in_graphs, default_graphs=(one,)) == 0


@pytest.mark.parametrize(
    ("media_type", "start"),
    [
        ("application/sparql-results+json", b'{"head"'),
        ("application/sparql-results+xml", b"<?xml"),
        ("text/csv", b"s\r\n"),
        ("text/tab-separated-values", b"?s\n"),
        ("application/json", b'{"head"'),
    ],
)
def test_rows_come_in_the_format_asked_for(pool: Pool, media_type: str, start: bytes) -> None:
    answer = pool.run("SELECT ?s { ?s ?p ?o } LIMIT 3", rows=media_type)
    content = b"".join(answer)
    assert answer.media_type == media_type
    assert answer.length == len(content)
    assert content.startswith(start)


@pytest.mark.parametrize(
    "media_type",
    ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"],
)
def test_triples_come_in_the_format_asked_for(pool: Pool, media_type: str) -> None:
    content = body(pool, f"DESCRIBE <{EX}one/1>", triples=media_type)
    parsed = list(ox.parse(content, format=ox.RdfFormat.from_media_type(media_type)))
    assert [quad.object.value for quad in parsed] == ["1"]


def test_a_large_answer_is_whole(pool: Pool) -> None:
    rows = body(pool, "SELECT ?s ?o { ?s ?p ?o . ?t ?q ?o }", rows="text/csv").splitlines()
    assert len(rows) == 1 + 3 * 3 * 500
    join = "SELECT ?s ?t { ?s ?p 1 . ?t ?q ?o . ?u ?q ?o . ?v ?q ?o }"
    assert len(body(pool, join, rows="text/csv")) > 2_000_000


def test_an_answer_that_nobody_reads_leaves_nothing_open(pool: Pool) -> None:
    pool.run(COUNT).close()
    assert number(pool, COUNT) == 1500


@pytest.mark.parametrize(
    ("query", "options", "expected", "sentence"),
    [
        ("SELECT ?s {\n  ?s ?p", {}, Problem.SYNTAX, "line 2, column 8: the query is not SPARQL"),
        ("ASK { ?s nothing:x 1 }", {}, Problem.SYNTAX, "line 1, column"),
        ("", {}, Problem.SYNTAX, "line 1, column 1"),
        ("ASK { SERVICE <http://x/> {} }", {}, Problem.SERVICE, "line 1, column 7: SERVICE"),
        ("DROP ALL", {}, Problem.UPDATE, "line 1, column 1: updates are not allowed"),
        ("SELECT (<a:f>(1) AS ?x) {}", {}, Problem.EVALUATION, "function <a:f> is not supported"),
        (COUNT, {"default_graphs": ("no iri",)}, Problem.EVALUATION, "cannot be run"),
        (COUNT, {"rows": None}, Problem.NO_ROWS_FORMAT, "a table or a boolean"),
        ("DESCRIBE <a:a>", {"triples": None}, Problem.NO_TRIPLES_FORMAT, "triples"),
        ("ASK {}" + " " * 100_000, {}, Problem.LENGTH, "longer than 100,000 characters"),
        (COUNT, {"max_bytes": 10}, Problem.TOO_LARGE, "more than 10 bytes"),
        ("SELECT * { ?s ?p ?o . ?t ?q ?u }", {}, Problem.TOO_LARGE, "more than 5,000,000 bytes"),
    ],
)
def test_a_problem_is_said_and_the_worker_goes_on(
    pool: Pool, query: str, options: dict[str, Any], expected: Problem, sentence: str
) -> None:
    before = workers()
    error = problem(pool, query, **options)
    assert error.problem is expected
    assert sentence in str(error)
    assert workers() == before
    assert number(pool, COUNT) == 1500


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(" + "(" * 3000 + "1" + ")" * 3000 + ") }",
        "ASK " + "{" * 3000 + "}" * 3000,
        "ASK { FILTER(" + "!" * 10_000 + "1) }",
    ],
    ids=["parentheses", "groups", "nots"],
)
def test_deep_nesting_is_refused_before_it_is_parsed(pool: Pool, query: str) -> None:
    start, before = time.monotonic(), workers()
    assert problem(pool, query).problem is Problem.NESTING
    assert time.monotonic() - start < 1
    assert workers() == before


@pytest.mark.parametrize(
    "query",
    [
        "ASK { {} " + "UNION {} " * 4000 + "}",
        "ASK {" + " OPTIONAL {}" * 5000 + "}",
        "ASK { FILTER(" + "1 = 1 || " * 3000 + "false) }",
        "ASK { ?s <a:p>" + "|<a:p>" * 3000 + " ?o }",
    ],
    ids=["unions", "optionals", "ors", "paths"],
)
def test_a_long_flat_query_does_not_end_its_worker(folder: Path, query: str) -> None:
    with closing(Pool(folder, replace(SETTINGS, query_seconds=20, workers=1))) as pool:
        before = workers()
        assert "boolean" in json.loads(body(pool, query))
        assert workers() == before


def test_a_slow_query_is_stopped_at_the_limit_and_the_next_is_answered(folder: Path) -> None:
    with closing(Pool(folder, replace(SETTINGS, workers=1))) as pool:
        start, before = time.monotonic(), workers()
        error = problem(pool, SLOW)
        assert len(before - workers()) == 1
        assert error.problem is Problem.TIME
        assert "more than 1 seconds" in str(error)
        assert 1 <= time.monotonic() - start < 2
        assert number(pool, COUNT) == 1500


def test_a_query_cannot_take_more_memory_than_allowed(pool: Pool) -> None:
    assert problem(pool, BOMB).problem is Problem.DIED
    assert number(pool, COUNT) == 1500


def test_a_worker_that_was_killed_is_replaced(folder: Path) -> None:
    others = workers()
    with closing(Pool(folder, SETTINGS)) as pool:
        for _ in range(3):
            for pid in workers() - others:
                os.kill(pid, signal.SIGKILL)
                await_end(pid)
            assert {number(pool, COUNT) for _ in range(4)} == {1500}


def test_a_worker_killed_in_the_middle_is_an_error_and_no_more(folder: Path) -> None:
    others = workers()
    settings = replace(SETTINGS, workers=1, query_seconds=30)
    with closing(Pool(folder, settings)) as pool, ThreadPoolExecutor() as threads:
        (worker,) = workers() - others
        running = threads.submit(problem, pool, SLOW)
        time.sleep(0.3)
        os.kill(worker, signal.SIGKILL)
        assert running.result().problem is Problem.DIED
        assert number(pool, COUNT) == 1500


def test_a_query_that_nobody_waits_for_frees_its_worker(folder: Path) -> None:
    with closing(Pool(folder, replace(SETTINGS, workers=1, query_seconds=30))) as pool:
        start = time.monotonic()
        problem(pool, SLOW, gone=lambda: time.monotonic() - start > 0.2)
        assert number(pool, COUNT) == 1500
        assert time.monotonic() - start < 2


def test_who_waits_too_long_is_told_to_come_back(folder: Path) -> None:
    settings = replace(SETTINGS, workers=1, query_seconds=2)
    with closing(Pool(folder, settings)) as pool, ThreadPoolExecutor() as threads:
        running = threads.submit(problem, pool, SLOW)
        time.sleep(0.2)
        start = time.monotonic()
        waiting = [threads.submit(problem, pool, COUNT) for _ in range(4)]
        seconds = [time.monotonic() - start for one in waiting if one.result()]
        assert {one.result().problem for one in waiting} == {Problem.BUSY}
        assert max(seconds) < 1
        assert running.result().problem is Problem.TIME
        assert number(pool, COUNT) == 1500


def test_many_clients_at_once_get_their_own_answers(folder: Path) -> None:
    settings = replace(SETTINGS, queue_length=50, queue_seconds=10, query_seconds=10)
    with closing(Pool(folder, settings)) as pool, ThreadPoolExecutor(16) as threads:
        queries = [f"SELECT ({i} AS ?n) {{}}" for i in range(200)]
        assert list(threads.map(lambda query: number(pool, query), queries)) == list(range(200))


def test_a_closed_pool_has_no_workers_and_takes_no_queries(folder: Path) -> None:
    others = workers()
    pool = Pool(folder, SETTINGS)
    assert len(workers() - others) == SETTINGS.workers
    pool.close()
    pool.close()
    assert workers() == others


def test_a_store_that_cannot_be_opened_is_said_at_the_start(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    others = workers()
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        Pool(tmp_path / "none", SETTINGS)
    assert workers() == others
    assert "No such file" in capfd.readouterr().err


def test_workers_end_with_the_site_even_in_the_middle_of_a_query(folder: Path) -> None:
    """Killed without a chance to tidy up, the site leaves no process behind."""
    code = (
        "import sys; from dataclasses import replace; from pathlib import Path\n"
        "from s4s_graph.endpoint import Pool; from s4s_graph.settings import Settings\n"
        "pool = Pool(Path(sys.argv[1]), replace(Settings(), workers=1, query_seconds=60))\n"
        "print('ready', flush=True); pool.run(sys.argv[2])\n"
    )
    site = subprocess.Popen(
        [sys.executable, "-c", code, folder, SLOW], stdout=subprocess.PIPE, text=True
    )
    with site:
        assert site.stdout is not None
        assert site.stdout.readline() == "ready\n"
        children = Path(f"/proc/{site.pid}/task/{site.pid}/children")
        (worker,) = map(int, children.read_text(encoding="ascii").split())
        time.sleep(0.3)
        site.kill()
    await_end(worker)


def await_end(pid: int) -> None:
    deadline = time.monotonic() + 5
    while running(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs"
        time.sleep(0.01)


def running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
