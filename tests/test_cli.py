"""The commands as a person or a program runs them: what they print, and how they end."""

import csv
import io
import json
import os
import pty
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from s4s_graph import release
from s4s_graph.cli import main
from s4s_graph.namespaces import BASE

SMALL = Path(__file__).parent / "small"
Run = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of a copy of the small workshop that a test may break."""
    shutil.copytree(SMALL, tmp_path / "small")
    folders = {name: tmp_path / "small" / name for name in ("ontology", "shapes", "data")}
    variables = {f"S4S_{name.upper()}": str(path) for name, path in folders.items()}
    return variables | {"S4S_RELEASES": str(tmp_path / "releases"), "LANG": "C", "LC_ALL": ""}


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    def invoke(*arguments: str, **variables: str) -> Result:
        return CliRunner().invoke(main, arguments, env=environment | variables)

    return invoke


def break_machines(environment: dict[str, str], old: str, new: str) -> None:
    path = Path(environment["S4S_DATA"]) / "plant/machines.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_build_says_what_it_did(run: Run, tmp_path: Path) -> None:
    done = run("build")
    assert done.exit_code == 0, done.output
    current = release.current(tmp_path / "releases")
    assert current
    quads = release.read_manifest(current / release.MANIFEST).quads
    assert done.stdout.splitlines() == [
        f"errors: 0, warnings: 0, things: 6, quads: {quads}",
        f"release ready: {tmp_path / 'releases' / current.name}",
    ]


def test_progress_is_one_plain_line_a_stage_where_there_is_no_terminal(run: Run) -> None:
    assert run("build").stderr.splitlines() == [
        "reading files",
        "checking",
        "deriving",
        "writing files",
        "writing the graph",
        "publishing",
    ]


def test_progress_is_one_moving_line_on_a_terminal(environment: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    script = "from s4s_graph.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", script, "check"],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        process.communicate(timeout=60)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert process.returncode == 0
    assert "\r\x1b[K.................... reading files" in shown
    assert "deriving" in shown
    assert shown.endswith("\r\x1b[K")
    assert "\n" not in shown


def test_a_check_writes_nothing(run: Run, tmp_path: Path) -> None:
    done = run("check")
    assert done.exit_code == 0
    assert done.stdout.startswith("errors: 0, warnings: 0, things: 6, ")
    assert not (tmp_path / "releases").exists()


def test_a_violation_ends_with_1_and_the_cell(run: Run, environment: dict[str, str]) -> None:
    break_machines(environment, ",007,", ",zeven,")
    done = run("build")
    assert done.exit_code == 1
    assert (
        "error: plant/machines.csv, row 2, column power: 'zeven': "
        "write a whole number, such as 12\n" in done.stderr
    )
    assert done.stdout.startswith("errors: 1, warnings: 0, ")


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [(["--lang", "nl"], {}), ([], {"LANG": "nl_NL.UTF-8"}), ([], {"LC_ALL": "nl_BE"})],
)
def test_dutch_is_spoken_by_option_or_by_the_system(
    run: Run, environment: dict[str, str], arguments: list[str], variables: dict[str, str]
) -> None:
    break_machines(environment, ",007,", ",zeven,")
    done = run("check", *arguments, **variables)
    assert "fout: plant/machines.csv, rij 2, kolom power: 'zeven': schrijf een" in done.stderr


def test_json_is_one_document(run: Run, environment: dict[str, str]) -> None:
    document = json.loads(run("build", "--json").stdout)
    assert document["result"] == "released"
    assert document["counts"]["things"] == {"machine": 3, "skill": 3}
    assert document["problems"] == []
    break_machines(environment, "Draaibank,Lathe", "Draaibank,")
    done = run("check", "--json")
    assert done.exit_code == 1
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem == {
        "severity": "violation",
        "message": {
            "nl": "Geef een Nederlandse en een Engelse naam.",
            "en": "Give a Dutch and an English name.",
        },
        "file": "plant/machines.csv",
        "row": 2,
        "column": "prefLabel_en",
        "value": None,
        "focus": f"{BASE}id/machine/lathe",
        "shape": f"{BASE}shape#Thing-prefLabel",
        "sheet": None,
        "address": "C2",
    }


def test_what_was_invented_can_be_left_out(run: Run) -> None:
    document = json.loads(run("check", "--json", "--without-illustrative").stdout)
    assert document["counts"]["data_statuses"] == {"reported": 4}


def test_a_build_that_fails_says_why_in_a_sentence(run: Run, environment: dict[str, str]) -> None:
    shapes = Path(environment["S4S_SHAPES"]) / "small.ttl"
    text = shapes.read_text(encoding="utf-8")
    shapes.write_text(text.replace('s4s:table "skills"', 's4s:table "machines"'), encoding="utf-8")
    done = run("build")
    assert done.exit_code == 1
    assert done.stderr.endswith("Error: two shapes have 'machines' as their segment or table\n")


def test_the_version_is_that_of_the_package(run: Run) -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    assert run("--version").stdout.split()[-1] == project["project"]["version"]


def test_a_wrong_setting_is_a_wrong_use(run: Run) -> None:
    done = run("check", S4S_KEEP_RELEASES="many")
    assert done.exit_code == 2
    assert "S4S_KEEP_RELEASES is 'many'" in done.stderr


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "machines-of-skill"], ["serve"]])
def test_without_a_release_a_build_is_asked_for(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.exit_code == 1
    assert "run `s4s build`" in done.stderr


def test_without_a_name_the_questions_are_listed(run: Run) -> None:
    run("build")
    assert run("ask").stdout == "machines-of-skill  Which machines need this skill?\n"
    assert "Welke machines" in run("ask", "--lang", "nl").stdout


def test_an_answer_is_an_aligned_table_with_labels(run: Run) -> None:
    run("build")
    done = run("ask", "machines-of-skill", "--param", "skill=measuring", "--lang", "nl")
    assert done.stdout.splitlines() == [
        "Machine    Vermogen",
        "---------  --------",
        "Draaibank  7",
        "Freesbank  45",
    ]


def test_a_row_that_rests_on_something_invented_has_a_star(run: Run) -> None:
    run("build")
    done = run("ask", "machines-of-skill", "--param", "skill=programming")
    assert done.stdout.splitlines()[2:] == ["Robot           *"]


def test_an_answer_in_csv_has_addresses_and_labels(run: Run) -> None:
    run("build")
    done = run("ask", "machines-of-skill", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert rows[-1] == {
        "machine": f"{BASE}id/machine/robot",
        "machine_label": "Robot",
        "power": "",
        "illustrative": "true",
    }
    assert rows[0]["illustrative"] == "false"
    assert len(rows) == 4


def test_an_answer_in_json_has_addresses_labels_and_numbers(run: Run) -> None:
    run("build")
    done = run("ask", "machines-of-skill", "--format", "json", "--param", "skill=turning")
    assert json.loads(done.stdout) == {
        "question": "machines-of-skill",
        "title": "Which machines need this skill?",
        "columns": {"machine": "Machine", "power": "Power"},
        "rows": [
            {
                "machine": {"uri": f"{BASE}id/machine/lathe", "label": "Lathe"},
                "power": 7,
                "illustrative": False,
            },
        ],
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["machine-of-skill"], "did you mean machines-of-skill?"),
        (["machines-of-skill", "--param", "skill"], "'skill' is not name=value"),
        (["machines-of-skill", "--param", "tool=x"], "no parameter 'tool'; it has skill"),
        (["machines-of-skill", "--param", "skill=A B"], "give the id of a skill"),
        (["machines-of-skill", "--format", "xml"], "'xml' is not one of 'table', 'csv', 'json'"),
    ],
)
def test_a_wrong_question_ends_with_2_and_a_sentence(
    run: Run, arguments: list[str], sentence: str
) -> None:
    run("build")
    done = run("ask", *arguments)
    assert done.exit_code == 2
    assert sentence in done.stderr


def test_a_question_file_that_is_wrong_is_named(run: Run, environment: dict[str, str]) -> None:
    run("build")
    (Path(environment["S4S_ONTOLOGY"]) / "questions/broken.rq").write_text("SELECT ?a {}")
    done = run("ask")
    assert done.exit_code == 1
    assert "broken.rq: " in done.stderr
