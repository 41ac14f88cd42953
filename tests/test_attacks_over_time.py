"""Attacks that hold two public releases against each other: who joined, changed or left alone."""

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from s4s_graph import changes, release
from s4s_graph.store import Iri
from tests.attacking import FLOOR, Seen, World, built, key, opened, seen, slug
from tests.participants import Known, folder, tell


@dataclass(frozen=True)
class InGraph:
    graph: Iri
    companies: int


def later(world: World, place: Path, known: list[Known]) -> Mapping[str, Seen]:
    """Build another release on top of the one that is attacked; return what it tells."""
    releases = place / "releases"
    shutil.copytree(world.settings.releases, releases, symlinks=True)
    data = folder(place / "data", known)
    newest = built(replace(world.settings, data=data, releases=releases))
    changed = changes.read(newest)
    assert all("company" not in iri or slug(Iri(iri)) in seen(newest) for iri in changed.added)
    return seen(newest)


def joining(*names: str) -> list[Known]:
    profile = Known("", "10-49", "nace-25", "limburg", frozenset({("leercultuur", 2025)}),
                    frozenset({2025}))  # fmt: skip
    return [replace(profile, pseudonym=name) for name in names]


def test_who_joins_alone_cannot_be_told_by_holding_two_releases_together(
    world: World, tmp_path: Path
) -> None:
    before = seen(world.release)
    told = later(world, tmp_path, [*world.known, *joining("nieuw-1")])
    # Those that were left out before may come along now: then the one that joined is any of them.
    newcomers = [repr(key(what)) for name, what in told.items() if name not in before]
    assert all(newcomers.count(what) >= FLOOR for what in newcomers)
    assert len(told) >= FLOOR


def test_who_joins_with_others_is_published_and_who_joins_them_alone_is_held_back(
    world: World, tmp_path: Path
) -> None:
    three = [*world.known, *joining("nieuw-1", "nieuw-2", "nieuw-3")]
    first = later(world, tmp_path / "first", three)
    assert "nieuw-3" in first
    joined = replace(world, settings=replace(world.settings, releases=tmp_path / "first/releases"))
    second = later(joined, tmp_path / "second", [*three, *joining("nieuw-4")])
    assert "nieuw-3" in second
    assert "nieuw-4" not in second


def test_who_joins_alone_is_held_back_also_after_going_back_to_an_older_release(
    world: World, tmp_path: Path
) -> None:
    three = [*world.known, *joining("nieuw-1", "nieuw-2", "nieuw-3")]
    assert "nieuw-3" in later(world, tmp_path / "first", three)
    releases = tmp_path / "first/releases"
    release.point(releases, release.all_in(releases)[1].name)
    gone_back = replace(world, settings=replace(world.settings, releases=releases))
    told = later(gone_back, tmp_path / "second", [*three, *joining("nieuw-4")])
    assert "nieuw-3" in told
    assert "nieuw-4" not in told


def apart(before: Mapping[str, Seen], told: Mapping[str, Seen]) -> list[str]:
    """Return the pseudonyms of which fewer than three are told the same way in both releases."""
    both = {name: repr((key(before.get(name)), key(told.get(name)))) for name in {*before, *told}}
    alike = Counter(both.values())
    return [name for name, what in both.items() if alike[what] < FLOOR]


def deploying(one: Known) -> Known:
    more = {("werkplekleren", 2025), ("leercultuur", 2025)}
    return replace(one, deployed=one.deployed | more)


def moving(one: Known) -> Known:
    return replace(one, region="limburg" if one.region != "limburg" else "groningen")


@pytest.mark.parametrize("change", [deploying, moving])
def test_who_changes_alone_cannot_be_told_by_holding_two_releases_together(
    world: World, tmp_path: Path, change: Callable[[Known], Known]
) -> None:
    before = seen(world.release)
    known = [change(one) if one.pseudonym == min(before) else one for one in world.known]
    assert known != world.known
    told = later(world, tmp_path, known)
    assert apart(before, told) == []
    assert min(before) in told


def test_who_leaves_alone_cannot_be_told_by_holding_two_releases_together(
    world: World, tmp_path: Path
) -> None:
    before = seen(world.release)
    name = min(before)
    left = [one for one in world.known if one.pseudonym != name]
    told = later(world, tmp_path / "first", left)
    assert name not in told
    assert apart(before, told) == []
    assert len(told) > len(before) / 2
    # Nor does the account of changes say who went, also not what the next release carries along.
    first = replace(world, settings=replace(world.settings, releases=tmp_path / "first/releases"))
    later(first, tmp_path / "second", [*left, *joining("nieuw-1", "nieuw-2", "nieuw-3")])
    for step in ("first", "second"):
        newest = release.current(tmp_path / step / "releases")
        assert newest
        assert name not in (newest / release.CHANGES).read_text(encoding="utf-8")


def test_who_is_told_in_a_file_of_its_own_is_not_told_by_that(world: World, tmp_path: Path) -> None:
    """A graph has the name of a file; the fourth of four companies alike came in another one."""
    known = [*joining("een", "twee", "drie", "vier")]
    data = folder(tmp_path / "data", known[:3])
    (data / "later").mkdir()
    tell(data / "later", known[3:])
    (data / "later/mirror-sessions.csv").unlink()
    newest = built(replace(world.settings, data=data, releases=tmp_path / "releases"))
    assert sorted(seen(newest)) == ["drie", "een", "twee", "vier"]
    rows = opened(newest).select(
        "SELECT ?graph (COUNT(DISTINCT ?company) AS ?companies) WHERE { GRAPH ?graph {"
        " { ?company a s4s:Company } UNION { ?thing s4s:atCompany ?company }"
        " UNION { ?finding s4s:fromCase/s4s:atCompany ?company } } } GROUP BY ?graph",
        InGraph,
    )
    assert [row.companies for row in rows] == [4]
