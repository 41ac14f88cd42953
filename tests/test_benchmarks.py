"""What is measured is what is real, and the table says so when a goal is missed."""

from dataclasses import replace
from pathlib import Path

from s4s_graph.build import check
from s4s_graph.problems import blocking
from tests.bench import report, tables
from tests.bench.building import Built, Cost, settings
from tests.bench.report import Measured
from tests.bench.serving import Served, Times

BUILT = Built(
    interventions=50,
    quads=50_000,
    build=Cost(cpu=9.0, clock=7.5, megabytes=200.0),
    steps={"read": 3.0, "derive": 5.0},
    loading=Cost(cpu=1.0, clock=1.0, megabytes=100.0),
    validating=Cost(cpu=4.0, clock=4.0, megabytes=100.0),
    bytes={".": 30_000_000, "store": 10_000_000, "dump": 15_000_000, "search": 5_000_000},
)
PAGES = Times(p50=10.0, p95=20.0, cpu=9.0)
SERVED = Served(
    start=1.5,
    prepared=3.0,
    peak=150.0,
    megabytes=250.0,
    second=200.0,
    first_pages=PAGES,
    pages=PAGES,
    lists=PAGES,
    search=PAGES,
    raw_pages=0.01,
    asked=59,
    answered=58,
    questions=12.0,
    unanswered=("overlaps",),
    point=PAGES,
    raw_point=0.1,
    count=PAGES,
    raw_count=0.2,
)


def test_the_synthetic_tables_keep_every_rule_and_nobody_stands_out(tmp_path: Path) -> None:
    tables.write(tmp_path / "data", 9)
    found = check(settings(tmp_path))
    assert not blocking(found.problems)
    assert not found.outcome.changes
    assert found.counts.things["finding"] >= 9 * 6


def test_a_goal_is_met_or_not_by_what_was_measured() -> None:
    slower = replace(SERVED, start=2.5, pages=replace(PAGES, p50=16.0))
    written = report.written(
        [Measured("10k", BUILT, SERVED), Measured("10M", BUILT, slower)], compared=""
    )
    goals = {row.split("|")[1].strip(): row.split("|")[3].strip() for row in _rows(written)}
    assert goals["pages, p50: 10M at most 1.5 × 10k"] == "not met"
    assert goals["build: at most 1.6 × the time of loading and validating"] == "met"
    assert goals["start: first page within 2 s"] == "met by 1 of 2"


def test_the_table_names_what_had_no_answer_and_what_was_not_run() -> None:
    written = report.written([Measured("10M", BUILT, SERVED)], compared="")
    assert "at 10M: overlaps." in written
    assert "50M was not run." in written
    assert "own server" not in written


def _rows(page: str) -> list[str]:
    goals = page.partition("## Goals")[2].partition("## Build")[0]
    return [line for line in goals.splitlines() if line.startswith("|")]
