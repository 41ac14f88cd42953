"""Attacks on a public release: someone knows a company from outside, and looks for its pseudonym.

The companies are made up as real ones are: most are like no other in size, sector, region, what
they deployed and when. No attack may leave fewer than three candidates.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path

import pytest

from s4s_graph import changes, release
from s4s_graph.build import build
from s4s_graph.namespaces import BASE
from s4s_graph.search.read import Index
from s4s_graph.settings import Settings
from s4s_graph.store import Iri, Store
from tests.browsing import browser
from tests.participants import Known, folder, participants

FLOOR = 3
NUMBER = 40


@dataclass(frozen=True)
class World:
    """A release, the settings that made it, and what everybody knows of who took part."""

    release: Path
    settings: Settings
    known: list[Known]


@dataclass(frozen=True)
class Trait:
    company: Iri
    path: Iri
    value: Iri


@dataclass(frozen=True)
class Use:
    company: Iri
    intervention: Iri
    year: str


@dataclass(frozen=True)
class Visit:
    company: Iri
    year: str


@dataclass(frozen=True)
class One:
    company: Iri


@dataclass(frozen=True)
class Counted:
    companies: int


@dataclass
class Seen:
    """What a release tells of one pseudonym."""

    traits: dict[str, str]
    deployed: set[tuple[str, int]]
    studied: set[int]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    place, known = tmp_path_factory.mktemp("attacked"), participants(NUMBER)
    settings = replace(Settings(), data=folder(place / "data", known), releases=place / "releases")
    return World(built(settings), settings, known)


def built(settings: Settings) -> Path:
    result = build(settings)
    assert result.release, [problem.text("en") for problem in result.problems]
    return result.release


def opened(folder: Path) -> Store:
    return Store.open(folder, memory_quads=2_000_000)


def slug(iri: Iri) -> str:
    return iri.value.rpartition("/")[2]


def seen(folder: Path) -> dict[str, Seen]:
    """Return all that joins in SPARQL say of each pseudonym; a value with all that is above it."""
    store = opened(folder)
    found: dict[str, Seen] = defaultdict(lambda: Seen({}, set(), set()))
    for one in store.select("SELECT ?company WHERE { ?company a s4s:Company }", One):
        found[slug(one.company)]
    traits = store.select(
        "SELECT ?company ?path ?value WHERE { VALUES ?path { s4s:sizeClass s4s:sector s4s:region }"
        " ?company a s4s:Company ; ?path ?value }",
        Trait,
    )
    for trait in traits:
        found[slug(trait.company)].traits[trait.path.value.rpartition("#")[2]] = slug(trait.value)
    uses = store.select(
        "SELECT ?company ?intervention (STR(?when) AS ?year) WHERE { ?use s4s:atCompany ?company ;"
        " s4s:deploys/dcat:isVersionOf ?intervention ; s4s:year ?when }",
        Use,
    )
    for use in uses:
        found[slug(use.company)].deployed.add((slug(use.intervention), int(use.year)))
    visits = store.select(
        "SELECT ?company (STR(?when) AS ?year) WHERE { ?case s4s:atCompany ?company ;"
        " s4s:inRound/s4s:year ?when }",
        Visit,
    )
    for visit in visits:
        found[slug(visit.company)].studied.add(int(visit.year))
    return found


def fits(known: Known, told: Seen) -> bool:
    """Tell whether all that is told of a pseudonym is true of a company."""
    exact = {"sizeClass": known.size, "sector": known.sector, "region": known.region}
    wide = {"sector": "nace-c", "region": "nederland"}
    return (
        all(value in (exact[name], wide.get(name)) for name, value in told.traits.items())
        and told.deployed <= known.deployed
        and told.studied <= known.studied
    )


def test_the_companies_are_as_hard_to_hide_as_real_ones(world: World) -> None:
    profiles = [replace(one, pseudonym="") for one in world.known]
    assert sum(profiles.count(profile) == 1 for profile in profiles) > NUMBER / 2
    assert len(seen(world.release)) > NUMBER / 2  # and most are still in the release


def test_all_that_can_be_known_of_a_company_fits_at_least_three_pseudonyms(world: World) -> None:
    told = seen(world.release)
    for known in world.known:
        candidates = [name for name, what in told.items() if fits(known, what)]
        if known.pseudonym in told:
            assert known.pseudonym in candidates
            assert len(candidates) >= FLOOR, (known, candidates)


def test_whatever_is_told_of_a_pseudonym_is_told_of_three(world: World) -> None:
    alike: dict[str, int] = defaultdict(int)
    told = seen(world.release)
    for what in told.values():
        alike[repr((sorted(what.traits.items()), sorted(what.deployed), sorted(what.studied)))] += 1
    assert min(alike.values()) >= FLOOR


def test_no_count_and_no_difference_of_counts_is_one_or_two(world: World) -> None:
    """Each part of what can be known is counted, and each whole minus its parts."""
    told = seen(world.release)

    def keys(what: Seen) -> frozenset[str]:
        return frozenset(
            [f"{name}={value}" for name, value in what.traits.items()]
            + [f"{intervention} in {year}" for intervention, year in what.deployed]
            + [f"studied in {year}" for year in what.studied]
        )

    all_keys = [keys(what) for what in told.values()]
    every = sorted(frozenset().union(*all_keys))
    for size in (1, 2, 3):
        for some in combinations(every, size):
            together = [held for held in all_keys if held >= set(some)]
            assert len(together) not in (1, 2), some
            for other in every:
                assert len([held for held in together if other not in held]) not in (1, 2)


@pytest.mark.parametrize("size", ["1-9", "10-49", "50-249", "250-plus"])
def test_the_counts_of_the_endpoint_are_the_same(world: World, size: str) -> None:
    (row,) = opened(world.release).select(
        "SELECT (COUNT(DISTINCT ?company) AS ?companies) ?size WHERE"
        " { ?company s4s:sizeClass ?size } GROUP BY ?size",
        Counted,
        size=Iri(f"{BASE}id/size-class/{size}"),
    ) or [Counted(0)]
    assert row.companies not in (1, 2)


def test_no_two_facets_leave_one_or_two_companies(world: World) -> None:
    index = Index(world.release / release.SEARCH)
    listing = index.listing("companies")
    knowable = [f for f in listing.facets if f.name in ("sizeClass", "sector", "region")]
    assert knowable
    choices = [[None, *facet.values] for facet in knowable]
    for chosen in product(*choices):
        things = -1
        for value in chosen:
            things &= value.things if value else -1
        left = (things & ((1 << len(listing.slugs)) - 1)).bit_count()
        assert left not in (1, 2), [value.key for value in chosen if value]
    index.close()


def test_what_is_left_out_is_in_no_file_and_on_no_page(world: World) -> None:
    told = seen(world.release)
    gone = [one.pseudonym for one in world.known if one.pseudonym not in told]
    assert gone
    secrets = [*gone, "Zwaluwstaart", "7000000"]
    for name, text in texts(world.release):
        assert not [secret for secret in secrets if secret in text], name
    with browser(world.release) as client:
        for secret in gone:
            assert client.get(f"/id/company/{secret}").status_code == 404
            assert client.get(f"/en/companies/{secret}").status_code == 404
            assert f'"{secret}"' not in client.get(f"/en/search?q={secret}").text.replace(
                f'value="{secret}"', ""
            )
        for path in ("companies", *(f"companies/{name}" for name in sorted(told)[:3])):
            page = client.get(f"/en/{path}")
            assert page.status_code == 200
            assert not [secret for secret in secrets if secret in page.text]
        sessions = client.get("/en/mirror-sessions/s-2024").text
        assert not [secret for secret in secrets if secret in sessions]


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every file of a release as text; what is packed in the store is in the dump as well."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        yield path.relative_to(folder).as_posix(), path.read_bytes().decode("utf-8", "replace")


def test_derived_links_rest_on_nothing_that_is_left_out(world: World) -> None:
    told = seen(world.release)
    dump = (world.release / release.N_QUADS).read_text(encoding="utf-8")
    derived = [line for line in dump.splitlines() if f"<{BASE}graph/derived>" in line]
    for one in world.known:
        if one.pseudonym not in told:
            assert not [line for line in derived if one.pseudonym in line]


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


def test_who_changes_alone_cannot_be_told_by_holding_two_releases_together(
    world: World, tmp_path: Path
) -> None:
    before = seen(world.release)
    moved = next(one for one in world.known if one.pseudonym in before)
    extra = moved.deployed | {("werkplekleren", 2025), ("leercultuur", 2025)}
    changed = replace(moved, deployed=extra)
    known = [changed if one is moved else one for one in world.known]
    told = later(world, tmp_path, known)
    # What both releases tell of a pseudonym must hold for three of those in both.
    both: dict[str, int] = defaultdict(int)
    for name, what in told.items():
        both[repr((key(before.get(name)), key(what)))] += 1
    assert min(both.values()) >= FLOOR


def key(what: Seen | None) -> object:
    return what and (sorted(what.traits.items()), sorted(what.deployed), sorted(what.studied))
