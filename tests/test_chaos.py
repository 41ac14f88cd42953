"""What goes wrong around a site leaves no trace: a little of `python -m tests.chaos`."""

from pathlib import Path

import pytest

from s4s_graph.settings import Settings
from tests.chaos import kills, soak, swaps, workers
from tests.chaos.serving import site


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two releases of the tiny graph, without and with what was invented."""
    return swaps.two(tmp_path_factory.mktemp("both"))


def test_readers_get_one_release_or_the_other(both: tuple[Path, Path], tmp_path: Path) -> None:
    outcome = swaps.run(tmp_path, *both, swaps=6)
    assert outcome.statuses.keys() == {"200"}
    assert not outcome.mixed
    assert outcome.workers == Settings().workers


def test_a_killed_build_leaves_whole_releases(tmp_path: Path) -> None:
    assert kills.run(tmp_path, 6).kills == 6


def test_a_killed_worker_costs_one_query_at_most(both: tuple[Path, Path], tmp_path: Path) -> None:
    outcome = workers.run(tmp_path, both[0], kills=4)
    assert outcome.statuses.keys() <= {"200", "503"}
    assert outcome.statuses["200"]
    assert outcome.statuses["503"] <= 4
    assert outcome.workers == Settings().workers


def test_no_worker_outlives_its_site(both: tuple[Path, Path], tmp_path: Path) -> None:
    assert not workers.orphans(tmp_path, both[0])


def test_no_request_fails_in_mixed_use(both: tuple[Path, Path], tmp_path: Path) -> None:
    kept = 1_000_000
    with site(both[0].parent, tmp_path / "soak.log", S4S_CACHE_BYTES=f"{kept}") as served:
        soak.warm(served, kept)
        outcome = soak.run(served, seconds=5)
    assert {name.split()[0] for name in outcome.statuses} >= {"page", "sparql", "bad", "slow"}
    assert not outcome.failures, str(outcome)
