"""ESCO as its publisher gives it, where it is there; the project has none of it."""

import re
from pathlib import Path

import pytest
from esco_files import SHARED, Run, runner

from s4s_graph.vocabularies import folder
from s4s_graph.vocabularies.concepts import concepts

FULL, CUT = SHARED / "esco-full", SHARED / "esco"
MODEL = "http://data.europa.eu/esco/model#"

pytestmark = pytest.mark.skipif(
    not FULL.is_dir(), reason="the files of ESCO are not beside the project"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def run(data: Path) -> Run:
    return runner(data)


def test_all_of_esco_is_imported(run: Run, data: Path) -> None:
    result = run("add", "esco", *sorted(FULL.glob("*.zip")), "--into", data, "--yes")
    assert result.exit_code == 0, result.output
    # The publisher says what is above an occupation that is not in its own list.
    assert "broaderRelationsOccPillar.csv, row 3205" in result.output
    assert "errors: 0, warnings: 1;" in result.output
    (stored,) = folder.found(data)
    counts = stored.metadata.counts
    assert (counts[f"{MODEL}Skill"], counts[f"{MODEL}Occupation"]) == (13_896, 3_007)
    needed = re.compile(r"related(Essential|Optional)Skill$")
    statements = list(stored.triples())
    links = [t for t in statements if needed.search(t.predicate.value)]
    assert len(links) == 123_855 + 5_899
    assert len(concepts(statements)) == 13_896 + 3_007 + 647 + 619 + 19


def test_a_part_of_esco_in_turtle_is_imported(run: Run, data: Path) -> None:
    given = CUT / "esco_metal_subset.ttl"
    common = ("--version", "1.1.1", "--into", data, "--yes")
    refused = run("add", "esco", given, *common)
    assert refused.exit_code == 1
    assert "import with --incomplete" in refused.output
    result = run("add", "esco", given, *common, "--incomplete")
    assert result.exit_code == 0, result.output
    assert folder.found(data)[0].metadata.languages == ("en", "nl")


def test_dutch_esco_of_an_earlier_version_is_imported(run: Run, data: Path) -> None:
    (given,) = (SHARED / "esco-nl").glob("*csv.zip")
    result = run("add", "esco", given, "--into", data, "--yes", "--incomplete")
    assert result.exit_code == 0, result.output
    assert folder.found(data)[0].metadata.version == "1.0.x"
    assert folder.found(data)[0].metadata.languages == ("nl",)
