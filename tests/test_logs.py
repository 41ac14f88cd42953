"""The log: one line for each thing that happened, and nothing of who it happened to."""

import json
import logging
import logging.config
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from catalogue import app
from catalogue.operating import logs, measuring
from s4s_graph.settings import Settings
from tests.researchers import FAR

NASTY = "a\nERROR: forged\r\x1b[31m\u2028\u202e\x00b"
ODD = {"User-Agent": "a browser", "Referer": "https://example.org/from-here"}


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """A place that a handler with either format writes to."""
    with StringIO() as written:
        yield written


def logger(kind: str, written: StringIO) -> logging.Logger:
    """Return a logger that writes as the site does."""
    chosen = logs.config(kind)["formatters"]["chosen"]
    handler = logging.StreamHandler(written)
    options = {name: value for name, value in chosen.items() if name != "()"}
    handler.setFormatter(chosen["()"](**{**options, **({"use_colors": False} if options else {})}))
    made = logging.Logger(f"test.{kind}", logging.INFO)
    made.addHandler(handler)
    return made


def failing(log: logging.Logger) -> None:
    """Log an error whose text begins a line of its own."""
    try:
        raise ValueError(NASTY)
    except ValueError:
        log.exception("it failed: %s", NASTY)


def test_a_line_of_json_is_one_line_whatever_stands_in_it(lines: StringIO) -> None:
    log = logger("json", lines)
    log.warning("asked for %s", NASTY)
    failing(log)
    told = lines.getvalue()
    assert told.isascii()
    warning, error = map(json.loads, told.splitlines())
    assert warning["message"] == f"asked for {NASTY}"
    assert warning["level"] == "warning"
    assert warning["logger"] == "test.json"
    assert warning["time"].endswith("+00:00")
    assert error["exception"].startswith("Traceback")
    assert "ValueError" in error["exception"]


def test_no_text_can_begin_a_line_of_the_log_that_people_read(lines: StringIO) -> None:
    log = logger("text", lines)
    log.warning("asked for %s", NASTY)
    failing(log)
    told = lines.getvalue()
    assert [line for line in told.split("\n") if line.startswith("ERROR: forged")] == []
    assert not any(steering in told for steering in "\r\x1b\x00\u2028\u202e")
    first, second, *rest = told.rstrip("\n").split("\n")
    assert first.startswith("WARNING:")
    assert second.startswith("ERROR:")
    assert all(line.startswith("    | ") for line in rest)


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_site_can_be_told_to_log_so(kind: str) -> None:
    logging.config.DictConfigurator(logs.config(kind))
    assert logs.config(kind)["loggers"][measuring.__name__]["level"] in ("INFO", "WARNING")


@pytest.fixture
def requests(lines: StringIO, tiny_release: Path) -> Iterator[tuple[TestClient, StringIO]]:
    """A site, and what it logs of requests as JSON."""
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logs.Json())
    log = logging.getLogger(measuring.__name__)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    site = app.create(replace(Settings(), releases=tiny_release.parent))
    with TestClient(site, client=(FAR, 1), follow_redirects=False) as client:
        yield client, lines
    log.removeHandler(handler)
    log.setLevel(logging.NOTSET)


def test_a_request_is_logged_without_who_asked_and_for_what(
    requests: tuple[TestClient, StringIO], tiny_release: Path
) -> None:
    client, lines = requests
    client.get("/en/interventions/secret-thing?q=secret-word", headers=ODD)
    client.post("/sparql", data={"query": "ASK { <http://example.org/secret> ?p ?o }"}, headers=ODD)
    client.request("X-SECRET", "/en/secret")
    told: list[dict[str, Any]] = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [line["message"] for line in told] == ["request"] * 3
    fields = ("route", "method", "status", "release")
    assert [tuple(line[name] for name in fields) for line in told] == [
        ("/{lang}/{table}/{slug}", "GET", 404, tiny_release.name),
        ("/sparql", "POST", 200, tiny_release.name),
        ("/{lang}/{table}", "other", 405, tiny_release.name),
    ]
    assert all(line["milliseconds"] > 0 for line in told)
    written = lines.getvalue().casefold()
    for secret in ("secret", FAR, "browser", "example.org"):
        assert secret not in written


def test_a_person_at_a_terminal_is_not_told_of_each_request(tiny_release: Path) -> None:
    assert logs.config("text")["loggers"][measuring.__name__]["level"] == "WARNING"
    assert logs.config("json")["loggers"][measuring.__name__]["level"] == "INFO"
