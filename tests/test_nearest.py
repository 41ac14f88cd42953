"""Guesses of what was meant: helpful, and never so many that a check takes minutes."""

import shutil
import time
from pathlib import Path

import pytest

from s4s_graph import build
from s4s_graph.nearest import Nearest
from s4s_graph.settings import Settings

SMALL = Path(__file__).parent / "small"
MANY = 2000


def test_it_stops_guessing_after_so_many_comparisons() -> None:
    nearest = Nearest(comparisons=5)
    assert nearest.to("draajen", ["draaien", "frezen", "meten"]) == ["draaien"]
    assert nearest.to("draajen", ["draaien", "frezen", "meten"]) == []
    assert nearest.to("metem", ["draaien", "meten"]) == ["meten"]


@pytest.mark.parametrize("written", ["skill-number-{}x", "Skill Number {} X!"])
def test_thousands_of_wrong_ids_of_thousands_are_told_in_seconds(
    tmp_path: Path, written: str
) -> None:
    shutil.copytree(SMALL, tmp_path / "small")
    data = tmp_path / "small/data"
    skills = "".join(f"skill-number-{n},Naam {n},reported\n" for n in range(MANY))
    wrong = "".join(f"m{n},{written.format(n)},reported\n" for n in range(MANY))
    (data / "more").mkdir()
    (data / "more/skills.csv").write_text(f"id,prefLabel_nl,dataStatus\n{skills}")
    (data / "more/machines.csv").write_text(f"id,needs,dataStatus\n{wrong}")
    settings = Settings(
        ontology=tmp_path / "small/ontology", shapes=tmp_path / "small/shapes", data=data
    )
    started = time.process_time()
    result = build.check(settings)
    # All of them compared with all would take a minute.
    assert time.process_time() - started < 30
    told = [problem for problem in result.problems if problem.column == "needs"]
    assert len(told) == MANY
    assert "skill-number-0" in told[0].message.en
