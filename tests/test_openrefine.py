"""A real OpenRefine matches a column of skills against the site, and extends what it matched."""

import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from endpoints import listening

from catalogue.app import create
from s4s_graph.settings import Settings

PROGRAM = "openrefine"
SKILL = "https://w3id.org/skills4skills/def#Skill"
START = "https://w3id.org/skills4skills/id/skill/"
EVERY_ROW = json.dumps({"facets": [], "mode": "row-based"})
SECONDS = 90  # that Java may take to start, and a job to be done
# What someone wrote down, and the skill that it is; None where there is none to choose.
COLUMN = {
    "Rekenen": "apply-numeracy-skills",
    "3d printing": "3d-printing-process",
    "adapt to change": "adapt-to-change",
    "meebewegen met veranderingen": "adapt-to-change",
    "klarinet spelen": None,
}

pytestmark = pytest.mark.skipif(not shutil.which(PROGRAM), reason=f"{PROGRAM} is not installed")


@dataclass(frozen=True)
class Refine:
    """The commands of a running OpenRefine, which its pages give as well."""

    http: httpx2.Client

    def get(self, command: str, **params: str) -> Any:
        """Return what a command tells."""
        answer = self.http.get(f"/command/core/{command}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, command: str, **fields: str) -> Any:
        """Let a command do something, with the word that it wants to hear back."""
        token = self.get("get-csrf-token")["token"]
        answer = self.http.post(
            f"/command/core/{command}", params={"csrf_token": token}, data=fields
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def project(self, file: Path) -> str:
        """Make a project of a CSV file; return its id."""
        token = self.get("get-csrf-token")["token"]
        answer = self.http.post(
            "/command/core/create-project-from-upload",
            params={"csrf_token": token, "format": "text/line-based/*sv"},
            data={"project-name": "skills", "options": json.dumps({"separator": ","})},
            files={"project-file": (file.name, file.read_bytes(), "text/csv")},
        )
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"]).rpartition("=")[2]

    def wait(self, project: str) -> None:
        """Wait until nothing is being done to a project."""
        deadline = time.monotonic() + SECONDS
        while self.get("get-processes", project=project)["processes"]:
            assert time.monotonic() < deadline, "OpenRefine did not come to an end"
            time.sleep(0.2)

    def table(self, project: str) -> list[dict[str, str]]:
        """Return what a project exports: its rows, by the names of its columns."""
        token = self.get("get-csrf-token")["token"]
        answer = self.http.post(
            "/command/core/export-rows/skills.csv",
            params={"csrf_token": token},
            data={"project": project, "format": "csv", "engine": EVERY_ROW},
        )
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(answer.text.splitlines()))


@contextmanager
def openrefine(folder: Path) -> Iterator[Refine]:
    """Run OpenRefine without a browser, with its data in a folder, until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["-i", "127.0.0.1", "-p", str(port), "-d", str(folder), "-x", "refine.headless=true"]
    log = (folder / "log").open("wb")
    with log, subprocess.Popen(
        [PROGRAM, *options], stdout=log, stderr=log, start_new_session=True
    ) as process:  # fmt: skip
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS) as http:
                _wait(http, process, folder / "log")
                yield Refine(http)
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # the script, and the Java that it started


def _wait(http: httpx2.Client, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            http.get("/command/core/get-version").raise_for_status()
        except httpx2.HTTPError:
            running = process.poll() is None and time.monotonic() < deadline
            assert running, log.read_text("utf-8", "replace")
            time.sleep(0.2)
        else:
            return


@pytest.fixture(scope="module")
def site(shipped_release: Path) -> Iterator[str]:
    app = create(replace(Settings(), releases=shipped_release.parent))
    with listening(app) as address:
        yield address


@pytest.fixture(scope="module")
def refine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refine]:
    with openrefine(tmp_path_factory.mktemp("openrefine")) as running:
        yield running


@pytest.fixture
def project(refine: Refine, tmp_path: Path) -> str:
    file = tmp_path / "skills.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["skill"], *([text] for text in COLUMN)])
    return refine.project(file)


def reconcile(refine: Refine, project: str, service: str) -> None:
    """Match the column of a project by the service at an address, as its dialogue does."""
    manifest = httpx2.get(service).json()
    config = {
        "mode": "standard-service",
        "service": service,
        "identifierSpace": manifest["identifierSpace"],
        "schemaSpace": manifest["schemaSpace"],
        "type": {"id": SKILL, "name": "Skills"},
        "autoMatch": True,
        "columnDetails": [],
    }
    fields = {"project": project, "columnName": "skill", "engine": EVERY_ROW}
    refine.post("reconcile", config=json.dumps(config), **fields)
    refine.wait(project)


def extend(refine: Refine, project: str, service: str, *properties: str) -> None:
    """Add a column for each of some properties of what was matched."""
    manifest = httpx2.get(service).json()
    refine.post(
        "extend-data",
        project=project,
        engine=EVERY_ROW,
        baseColumnName="skill",
        endpoint=service,
        identifierSpace=manifest["identifierSpace"],
        schemaSpace=manifest["schemaSpace"],
        extension=json.dumps({"properties": [{"id": one} for one in properties]}),
        columnInsertIndex="1",
    )
    refine.wait(project)


@pytest.mark.parametrize(
    ("lang", "columns"),
    [("nl", ("adres (IRI)", "naam (nl)")), ("en", ("address (IRI)", "name (nl)"))],
)
def test_a_column_of_skills_is_matched_and_extended(
    refine: Refine, project: str, site: str, lang: str, columns: tuple[str, str]
) -> None:
    service = f"{site}/{lang}/reconcile"
    reconcile(refine, project, service)
    (column,) = refine.get("get-models", project=project)["columnModel"]["columns"]
    assert column["reconStats"] == {"nonBlanks": 5, "newTopics": 0, "matchedTopics": 4}
    extend(refine, project, service, "iri", "skos:prefLabel@nl")
    address, name = columns
    rows = refine.table(project)
    wanted = [START + slug if slug else "" for slug in COLUMN.values()]
    assert [row[address] for row in rows] == wanted
    assert [row[name] for row in rows][:2] == ["Rekenen", "3D-printen"]


def test_the_type_of_a_column_is_guessed(refine: Refine, project: str, site: str) -> None:
    fields = {"project": project, "columnName": "skill", "service": f"{site}/en/reconcile"}
    guessed = refine.post("guess-types-of-column", **fields)["types"]
    assert guessed[0]["id"] == SKILL
