"""`s4s check --changed-since`: the problems of a check of all, for what changed."""

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from s4s_graph import build
from s4s_graph.cli import main
from s4s_graph.problems import Problem
from s4s_graph.rechecking import recheck
from s4s_graph.settings import Settings
from s4s_graph.since import WholeError
from tests.conftest import released, tiny_data

SEEDS = 4
RELEASE = "current"
GIT = ["git", "-c", "user.name=Editor", "-c", "user.email=editor@example.org"]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings with the tiny data, in a repository, and a release of them."""
    folder = tmp_path_factory.mktemp("before")
    data = tiny_data(folder / "data")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "The data"]):
        subprocess.run([*GIT, *words], cwd=data, check=True)
    settings = replace(Settings(), data=data, releases=folder / "releases", disclosure_floor=1)
    released(settings, settings.releases)
    return settings


@pytest.fixture(scope="module")
def known(before: Settings) -> set[Problem]:
    """Return what was to be said of the data before."""
    return set(build.check(before).problems)


@pytest.fixture
def changed(before: Settings, tmp_path: Path) -> Settings:
    """Return the same with a copy of the data, to be changed."""
    shutil.copytree(before.data, tmp_path / "data")
    return replace(before, data=tmp_path / "data")


def edit(settings: Settings, table: str, change: Callable[[list[dict[str, str]]], None]) -> None:
    path = settings.data / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(rows)


def invoke(settings: Settings, *words: str) -> tuple[int, str, str]:
    env = {"S4S_DATA": str(settings.data), "S4S_RELEASES": str(settings.releases)}
    result = CliRunner().invoke(main, ["check", *words], env=env)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("since", [RELEASE, "HEAD"])
def test_nothing_is_wrong_when_nothing_changed(changed: Settings, since: str) -> None:
    found = recheck(since, changed)

    assert (found.problems, found.went) == ((), 0)
    # A release does not hold what is restricted, so that always seems new.
    assert found.came == 0 or since == RELEASE


@pytest.mark.parametrize("since", [RELEASE, "HEAD"])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_problems_are_those_of_a_check_of_all(
    known: set[Problem], changed: Settings, since: str, seed: int
) -> None:
    random = Random(seed)
    tables = sorted(path.stem for path in changed.data.glob("*.csv"))

    def disturb(rows: list[dict[str, str]]) -> None:
        if seed % 3 == 0:
            del rows[random.randrange(len(rows))]
            return
        row, other = random.choice(rows), random.choice(rows)
        for column in random.sample(sorted(row.keys() - {"id"}), 3):
            row[column] = random.choice((other[column], "", "anders", "1999", "07.50"))

    for table in random.sample(tables, 2):
        edit(changed, table, disturb)
    found = set(recheck(since, changed).problems)

    every = set(build.check(changed).problems)
    assert found <= every
    assert {_moved(problem) for problem in every - found} <= {_moved(p) for p in known}


def _moved(problem: Problem) -> Problem:
    """Return a problem without its row: rows move up when one above them goes."""
    return replace(problem, row=None)


def test_what_depends_on_a_change_is_told_at_its_own_cell(changed: Settings) -> None:
    edit(
        changed, "conditions", lambda rows: rows.remove(next(r for r in rows if r["id"] == "tijd"))
    )

    found = recheck(RELEASE, changed)

    places = {(problem.file, problem.column) for problem in found.problems}
    assert ("configurations.csv", "hasContext") in places
    assert all(problem.row for problem in found.problems)


def test_an_id_that_another_table_has_is_told(changed: Settings) -> None:
    (changed.data / "more").mkdir()
    shutil.copy(changed.data / "companies.csv", changed.data / "more/companies.csv")

    found = recheck(RELEASE, changed)

    assert any("stands in" in problem.message.en for problem in found.problems)


def test_a_name_may_stand_for_an_id(changed: Settings) -> None:
    def name(rows: list[dict[str, str]]) -> None:
        rows[0]["aboutIntervention"] = "Leerbudget"

    edit(changed, "configurations", name)

    found = recheck(RELEASE, changed)

    assert not found.problems


def test_a_change_of_the_model_asks_for_everything(changed: Settings, tmp_path: Path) -> None:
    shutil.copytree(changed.shapes, tmp_path / "shapes")
    with (tmp_path / "shapes/skill.ttl").open("a", encoding="utf-8") as file:
        file.write("# changed\n")

    with pytest.raises(WholeError, match="shapes changed"):
        recheck(RELEASE, replace(changed, shapes=tmp_path / "shapes"))


@pytest.mark.parametrize("since", [RELEASE, "HEAD"])
def test_the_command_tells_what_it_looked_at(changed: Settings, since: str) -> None:
    edit(changed, "findings", lambda rows: rows[0].update(relevance="9"))

    code, out, err = invoke(changed, "--changed-since", since)

    assert code == 1
    assert "findings.csv, row 2, column relevance: '9'" in err
    assert "errors: 1, warnings: 0; new statements: " in out


def test_the_command_gives_json(changed: Settings) -> None:
    code, out, _ = invoke(changed, "--changed-since", RELEASE, "--json")

    assert (code, json.loads(out)["result"]) == (0, "checked")


def test_what_is_no_release_and_no_commit_is_an_error(changed: Settings) -> None:
    code, _, err = invoke(changed, "--changed-since", "yesterday")

    assert code == 2
    assert "no release and no commit" in err


def test_it_makes_no_report(changed: Settings) -> None:
    code, _, err = invoke(changed, "--changed-since", RELEASE, "--report", "wrong.html")

    assert code == 2
    assert "goes with --json and --lang only" in err


@pytest.mark.parametrize("engine", ["pyshacl", "sparql"])
def test_the_command_takes_an_engine(changed: Settings, engine: str) -> None:
    edit(changed, "findings", lambda rows: rows[0].update(relevance="9"))

    code, _, err = invoke(changed, "--engine", engine)

    assert code == 1
    assert "findings.csv, row 2, column relevance: '9'" in err
