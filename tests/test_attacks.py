"""Attacks on a public release: someone knows a company from outside, and looks for its pseudonym.

No attack may leave fewer than three candidates.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path

import pytest

from s4s_graph import release
from s4s_graph.namespaces import BASE
from s4s_graph.search.read import Index
from s4s_graph.store import Iri
from tests.attacking import FLOOR, NUMBER, Seen, World, fits, opened, seen
from tests.browsing import browser


@dataclass(frozen=True)
class Counted:
    companies: int


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
    """Yield every file of a release as text, but those of the store, which holds the dump.

    They are packed: a byte of a reference may follow a text as if it were its end.
    """
    files = [p for p in folder.rglob("*") if p.is_file() and p.parent.name != release.STORE]
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
