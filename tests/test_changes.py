"""What a release changed: told beside its manifest, by what is stated of each thing."""

import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import browser, soup, unsound
from conftest import ROOT

from s4s_graph import release
from s4s_graph.build import build
from s4s_graph.changes import STEPS, THINGS, Changes, carry, read
from s4s_graph.release import ReleaseError
from s4s_graph.settings import Settings


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The tiny graph, and after it the same with one resource renamed and one new."""
    data = tmp_path_factory.mktemp("changing") / "data"
    shutil.copytree(ROOT / "tests/tiny/data", data)
    folder = tmp_path_factory.mktemp("steps")
    settings = Settings(data=data, releases=folder, disclosure_floor=1)
    first = published(settings)
    resources = data / "resources.csv"
    lines = resources.read_text(encoding="utf-8").splitlines()
    head, *rows = lines
    (named,) = (row for row in rows if row.startswith("toets,"))
    changed = named.replace("toets,", "toets,Nieuwe ", 1)
    added = named.replace("toets,", "proef,", 1)
    kept = [row for row in rows if row != named]
    resources.write_text("\n".join([head, *kept, changed, added]) + "\n", encoding="utf-8")
    # Another table, the same statement: that is no change.
    (data / "more").mkdir()
    (data / "companies.csv").rename(data / "more" / "companies.csv")
    return first, published(settings)


def published(settings: Settings) -> Path:
    result = build(settings)
    assert result.release, [problem.text("en") for problem in result.problems]
    return result.release


def test_the_first_release_changes_nothing(steps: tuple[Path, Path]) -> None:
    assert read(steps[0]) == Changes(None)


def test_what_is_stated_decides(steps: tuple[Path, Path]) -> None:
    first, second = steps
    manifest = release.read_manifest(second / release.MANIFEST)
    found = read(second)
    toets = f"{manifest.base}id/resource/toets"
    assert (found.previous, found.removed, found.names) == (first.name, (), {})
    assert found.added == (f"{manifest.base}id/resource/proef",)
    assert found.changed == (toets,)
    (difference,) = found.differences[toets]
    (lost,), (gained,) = difference.lost, difference.gained
    assert difference.property.endswith("#prefLabel")
    assert (lost.lang, gained.value) == ("nl", f"Nieuwe {lost.value}")


def test_what_the_releases_before_changed_is_carried_along(
    steps: tuple[Path, Path], tmp_path: Path
) -> None:
    first, second = steps
    releases = tmp_path / "releases"
    shutil.copytree(second.parent, releases, symlinks=True)
    settings = Settings(
        data=ROOT / "tests/tiny/data", releases=releases, keep_releases=1, disclosure_floor=1
    )
    result = build(settings, without_illustrative=True)
    assert result.release
    found = read(result.release)
    told = list(found.steps(result.release.name))
    # The folders of the others are gone; what they changed is not.
    kept = [path.name for path in releases.iterdir() if (path / release.MANIFEST).is_file()]
    assert {*kept} == {result.release.name, release.CURRENT}
    assert [name for name, _ in told] == [result.release.name, second.name, first.name]
    assert told[1][1].added == read(second).added
    assert told[1][1].differences == read(second).differences
    assert told[1][1].made is not None
    assert told[2][1].previous is None


def test_what_is_carried_along_is_bounded(tmp_path: Path) -> None:
    long = Changes("p", earlier=tuple(Changes(f"p{n}") for n in range(2 * STEPS)))
    large = Changes("p", ("x",) * THINGS, earlier=(Changes("q", ("y",)),))
    for told, carried in ((long, STEPS - 1), (large, 1)):
        (tmp_path / release.CHANGES).write_text(told.to_json(), encoding="utf-8")
        (tmp_path / release.MANIFEST).write_text("{}", encoding="utf-8")
        assert len(carry(tmp_path)) == carried


def test_what_is_written_is_read(steps: tuple[Path, Path], tmp_path: Path) -> None:
    found = read(steps[1])
    (tmp_path / release.CHANGES).write_text(found.to_json(), encoding="utf-8")
    assert read(tmp_path) == found


def test_the_id_does_not_depend_on_what_was_there_before(
    steps: tuple[Path, Path], tmp_path: Path
) -> None:
    first, second = steps
    settings = Settings(data=ROOT / "tests/tiny/data", releases=second.parent, disclosure_floor=1)
    assert published(settings).name == first.name  # back again: it is what it was
    assert read(first) == Changes(None)
    assert release.CHANGES not in release.read_manifest(second / release.MANIFEST).files
    alone = published(replace(settings, releases=tmp_path))
    assert alone.name == first.name


def test_what_goes_is_told(steps: tuple[Path, Path], tmp_path: Path) -> None:
    settings = Settings(data=ROOT / "tests/tiny/data", releases=tmp_path, disclosure_floor=1)
    published(settings)
    result = build(settings, without_illustrative=True)
    assert result.release
    found = read(result.release)
    assert any(iri.endswith("id/company/bedrijf-a") for iri in found.removed)
    assert found.added == ()
    with browser(result.release) as client:
        gone = soup(client, "/en/changes").select_one(f"#removed-{result.release.name}")
        assert not gone.select("a")
        company = next(iri for iri in found.removed if iri.endswith("id/company/bedrijf-a"))
        assert found.names[company]["en"] in gone.text


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_the_data_and_the_feed_say_the_same(
    steps: tuple[Path, Path], tmp_path: Path, lang: str
) -> None:
    (tmp_path / release.CURRENT).symlink_to(steps[1])
    with browser(tmp_path / "any") as client:
        page = soup(client, f"/{lang}/changes")
        assert list(unsound(page)) == []
        now, before = steps[1].name, steps[0].name
        links = {
            sort: page.select(f"#{sort}-{now} > ul > li > a")
            for sort in ("added", "changed", "removed")
        }
        assert {sort: [str(a["href"]) for a in found] for sort, found in links.items()} == {
            "added": [f"/{lang}/resources/proef"],
            "changed": [f"/{lang}/resources/toets"],
            "removed": [],
        }
        (changed,) = page.select(f"#changed-{now} > ul > li")
        assert changed.find("ins").text == f"Nieuwe {changed.find('del').text}"
        first = page.select_one(f"#release-{before}")
        assert not first.select("h3")
        data = client.get(f"/{lang}/changes.json").json()
        assert (data["previous"], len(data["added"])) == (steps[0].name, 1)
        feed = client.get(f"/{lang}/changes.atom")
        assert feed.headers["content-type"] == "application/atom+xml"
        atom = "{http://www.w3.org/2005/Atom}"
        entries = ET.fromstring(feed.text).findall(f"{atom}entry")
        assert [entry.find(f"{atom}category").get("term") for entry in entries] == [
            "added",
            "changed",
        ]
        assert all(steps[1].name in entry.find(f"{atom}id").text for entry in entries)


def test_a_broken_file_is_an_error_and_none_is_a_first_release(tmp_path: Path) -> None:
    assert read(tmp_path) == Changes(None)
    (tmp_path / release.CHANGES).write_text("[]", encoding="utf-8")
    with pytest.raises(ReleaseError, match="does not tell changes"):
        read(tmp_path)
