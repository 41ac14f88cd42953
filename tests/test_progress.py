"""Long work shows on a terminal how far it is, and says nothing of it elsewhere."""

import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from s4s_graph.progress import COMPARE, READ, SORT, VALIDATE
from s4s_graph.settings import Settings
from s4s_graph.vocabularies.adding import Asked, find, write
from s4s_graph.vocabularies.gathering import Given

SMALL = Path(__file__).parent / "small"
CONCEPTS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/a> a skos:Concept ; skos:prefLabel "{}"@en .
"""


@pytest.fixture
def given(tmp_path: Path) -> tuple[Path, Path]:
    """Two files of a vocabulary, and a data folder."""
    for name in ("a", "b"):
        text = CONCEPTS.format(name).replace("org/a", f"org/{name}")
        (tmp_path / f"{name}.ttl").write_text(text, encoding="utf-8")
    shutil.copytree(SMALL / "data", tmp_path / "data")
    return tmp_path / "a.ttl", tmp_path / "data"


def shown(arguments: list[str], environment: dict[str, str]) -> str:
    """Run a command with a terminal for its errors; return what stood there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "s4s_graph", *arguments, "--lang", "en"],
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        process.communicate(timeout=120)
    os.close(theirs)
    told = os.read(ours, 100_000).decode()
    os.close(ours)
    assert process.returncode == 0, told
    return told


def environment(data: Path) -> dict[str, str]:
    return {
        "S4S_DATA": str(data),
        "S4S_ONTOLOGY": str(SMALL / "ontology"),
        "S4S_SHAPES": str(SMALL / "shapes"),
    }


def test_an_import_of_a_vocabulary_tells_its_stages(given: tuple[Path, Path]) -> None:
    file, data = given
    files = (file, file.with_name("b.ttl"))
    facts = {"version": "1", "licence": "https://example.org/l", "source": "https://example.org/"}
    texts = {"title": {"en": "Own"}}
    asked = Asked(Given(files), data, Settings(data=data), "own", None, facts, texts)
    told: list[tuple[str, int, int]] = []
    (file.parent / "again").mkdir()
    write(asked, find(asked, file.parent, "en", lambda *how: told.append(how)))
    assert told == [(READ, 0, 2), (READ, 1, 2), (SORT, 0, 1), (VALIDATE, 0, 1)]
    file.write_text(CONCEPTS.format("changed"), encoding="utf-8")
    find(asked, file.parent / "again", "en", lambda *how: told.append(how))
    assert told[-1] == (COMPARE, 0, 1)


def test_an_import_of_a_vocabulary_shows_a_bar(given: tuple[Path, Path]) -> None:
    file, data = given
    where = ["--name", "own", "--into", str(data), "--yes"]
    what = ["--version", "1", "--title", "Own@en", "--source", "https://example.org/"]
    licence = ["--licence", "https://example.org/l"]
    told = shown(
        ["vocabulary", "add", "skos", str(file), *where, *what, *licence], environment(data)
    )
    assert "\r\x1b[K.................... reading files" in told
    assert re.search(r"\r\x1b\[K#{10}\.{10} checking", told)
    assert told.endswith("\r\x1b[K")


def test_an_import_of_a_table_shows_a_bar(given: tuple[Path, Path]) -> None:
    file, data = given
    table = file.with_name("machines.csv")
    rows = (data / "plant/machines.csv").read_text(encoding="utf-8")
    table.write_text(rows.replace("Lathe", "Big lathe"), encoding="utf-8")
    told = shown(["import", str(table), "--into", str(data), "--yes"], environment(data))
    assert "\r\x1b[K.................... reading files" in told
    assert "checking" in told
    assert told.endswith("\r\x1b[K")
