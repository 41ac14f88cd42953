"""The reconciliation service over HTTP, asked for the names of 14,000 skills in batches.

`python -m tests.bench.reconcile [RELEASES]`: without a folder of releases, one is made of the
shipped data and all of ESCO, from the files of its publisher beside the project. Names are asked
as they are, and changed as people do: with one word less, or with one more. Every name is asked
once, so nothing that was kept can help.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from s4s_graph.settings import Settings
from tests.bench.endpoint import cpu_seconds, free_port, running, say

FILES = Path(__file__).resolve().parents[3] / "shared/data/esco-full"
SKILL = "http://data.europa.eu/esco/model#Skill"
NAMES = f"SELECT ?name {{ ?skill a <{SKILL}> ; skos:prefLabel ?name }}"
PREFIX = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
BATCHES = (10, 50)
ASKED = 1_000  # names of a measurement
TARGET = 500  # a second
S4S = [sys.executable, "-c", "from s4s_graph.cli import main; main()"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main() -> None:
    """Measure, and say what was asked of it."""
    with tempfile.TemporaryDirectory() as name:
        releases = Path(sys.argv[1]) if sys.argv[1:] else _released(Path(name))
        port = free_port()
        environment = {"S4S_RELEASES": str(releases), "S4S_PORT": str(port)}
        with running([*S4S, "serve"], port, environment) as process:
            connection = HTTPConnection("127.0.0.1", port, timeout=120)
            names = _names(connection)
            say(f"{len(names):,} skills; queries a second (target {TARGET}), CPU of the site")
            _answers(connection, [{"query": names[0]}])  # waits until the names are indexed
            for changed, size in ((c, s) for c in (False, True) for s in BATCHES):
                for kind in (SKILL, None):
                    _measure(connection, process, names, changed=changed, size=size, kind=kind)


def _measure(
    connection: HTTPConnection,
    process: int,
    names: list[str],
    *,
    changed: bool,
    size: int,
    kind: str | None,
) -> None:
    found = random.sample(names, min(ASKED, len(names)))
    texts = [_changed(text) for text in found] if changed else found
    more = {"type": kind} if kind else {}
    queries = [{"query": text, **more} for text in texts]
    cpu, start, first = cpu_seconds(process), time.perf_counter(), 0
    for place in range(0, len(queries), size):
        answers = _answers(connection, queries[place : place + size])
        wanted = found[place : place + size]
        first += sum(
            bool(one) and one[0]["name"] == name for one, name in zip(answers, wanted, strict=True)
        )
    seconds, cpu = time.perf_counter() - start, cpu_seconds(process) - cpu
    what = f"{'changed' if changed else 'as they are'}, {'one type' if kind else 'any type'}"
    say(
        f"  batches of {size}, names {what:24} {len(texts) / seconds:6.0f}/s, "
        f"{cpu / len(texts) * 1000:.2f} ms of CPU each; {first / len(texts):.0%} first"
    )


def _answers(connection: HTTPConnection, queries: list[dict[str, Any]]) -> list[Any]:
    batch = {f"q{number}": query for number, query in enumerate(queries)}
    body = urlencode({"queries": json.dumps(batch)})
    connection.request("POST", "/en/reconcile", body, FORM)
    answer = connection.getresponse()
    content = json.loads(answer.read())
    if answer.status != 200:
        raise SystemExit(content["detail"])
    return [content[key]["result"] for key in batch]


def _names(connection: HTTPConnection) -> list[str]:
    query = urlencode({"query": PREFIX + NAMES, "format": "json"})
    connection.request("GET", f"/sparql?{query}")
    rows = json.loads(connection.getresponse().read())["results"]["bindings"]
    return sorted({row["name"]["value"] for row in rows if row["name"]["xml:lang"] == "en"})


def _changed(text: str) -> str:
    words = text.split()
    if len(words) > 2:
        words.pop(random.randrange(len(words)))
    else:
        words.insert(0, "basic")
    return " ".join(words)


def _released(folder: Path) -> Path:
    """Import all of ESCO beside the shipped data, and build it; return the folder of releases."""
    files = sorted(map(str, FILES.glob("*.zip")))
    if not files:
        raise SystemExit(f"{FILES} is not there; name a folder of releases")
    data, releases = folder / "data", folder / "releases"
    shutil.copytree(Settings().data, data)
    add = ["vocabulary", "add", "esco", *files, "--into", str(data), "--incomplete", "--yes"]
    environment = {**os.environ, "S4S_DATA": str(data), "S4S_RELEASES": str(releases)}
    for arguments in (add, ["build", "--closure", "all"]):
        done = subprocess.run([*S4S, *arguments], env=environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
    return releases


if __name__ == "__main__":
    main()
