"""Two sites, each a process of its own, over one folder of releases."""

import json
import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from s4s_graph import release
from s4s_graph.build import build
from s4s_graph.settings import Settings
from tests.chaos.serving import Site, site, until
from tests.conftest import tiny_data

COUNT = f"/sparql?query={quote('SELECT (COUNT(*) AS ?n) { ?s ?p ?o }')}"
INVENTED = "/en/companies/bedrijf-a"


@pytest.fixture
def settings(tmp_path: Path, tiny_release: Path) -> Settings:
    """A folder of releases with one in it, and the data to build another."""
    releases = tmp_path / "releases"
    shutil.copytree(tiny_release, releases / tiny_release.name)
    (releases / release.CURRENT).symlink_to(tiny_release.name)
    data = tiny_data(tmp_path / "data")
    return replace(Settings(), data=data, releases=releases, disclosure_floor=1)


def test_both_answer_from_one_store_and_a_new_release_reaches_both(
    settings: Settings, tmp_path: Path
) -> None:
    # Read from disk, so that it is one store that both have open.
    on_disk = {"S4S_MEMORY_QUADS": "0"}
    with ExitStack() as stack:
        both = [
            stack.enter_context(site(settings.releases, tmp_path / f"log-{number}", **on_disk))
            for number in (1, 2)
        ]
        before = [_count(one) for one in both]
        assert before[0] == before[1] > 0
        assert [one.get(INVENTED)[0] for one in both] == [200, 200]

        built = build(settings, without_illustrative=True)

        assert built.release
        for one in both:
            until(lambda one=one: _count(one) < before[0])
            assert one.get(INVENTED)[0] == 404
        assert len({_count(one) for one in both}) == 1


def test_one_goes_on_when_the_other_ends(settings: Settings, tmp_path: Path) -> None:
    with site(settings.releases, tmp_path / "log-1") as stays:
        with site(settings.releases, tmp_path / "log-2") as ends:
            assert _count(ends) == _count(stays)
        assert stays.get(INVENTED)[0] == 200
        assert _count(stays) > 0


def _count(one: Site) -> int:
    status, body = one.get(COUNT, Accept="application/sparql-results+json")
    assert status == 200, body
    (row,) = json.loads(body)["results"]["bindings"]
    return int(row["n"]["value"])
