"""Releases that the tests read: built once a session, by the real build, from real files."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from s4s_graph.build import build
from s4s_graph.settings import Settings
from tests import vocabularies

if TYPE_CHECKING:
    from tests.attacking import World
    from tests.confidential import Confidential

# A busy machine is no fault of the code: how long an example takes decides nothing.
hypothesis_settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("busy")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def tiny_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the tiny graph, whose answers were worked out on paper.

    It has three companies, no two of them alike, so the check for that is off.
    """
    folder = tmp_path_factory.mktemp("tiny")
    settings = replace(Settings(), data=tiny_data(folder / "data"), disclosure_floor=1)
    return released(settings, folder / "releases")


@pytest.fixture(scope="session")
def shipped_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the data that the project ships."""
    return released(Settings(), tmp_path_factory.mktemp("shipped"))


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> "Confidential":
    """A public and a restricted release of data in which no secret is like another."""
    from tests import confidential

    return confidential.made(tmp_path_factory.mktemp("sealed"))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> "World":
    """A public release of companies that are hard to hide."""
    from tests import attacking

    return attacking.made(tmp_path_factory.mktemp("attacked"))


def tiny_data(folder: Path) -> Path:
    """Copy the tables of the tiny graph to a new folder, its vocabularies beside them."""
    shutil.copytree(ROOT / "tests/tiny/data", folder)
    for turtle in sorted((ROOT / "tests/tiny/vocabularies").glob("*.ttl")):
        vocabularies.put(turtle, folder)
    return folder


def released(settings: Settings, releases: Path) -> Path:
    """Build a release and return its folder; the data have to be valid."""
    result = build(replace(settings, releases=releases))
    assert result.release, [problem.text("en") for problem in result.problems]
    return result.release
