"""What an attacker finds in a public release: all that it tells of each pseudonym.

The companies are made up as real ones are: most are like no other in size, sector, region, what
they deployed and when.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from s4s_graph.build import build
from s4s_graph.settings import Settings
from s4s_graph.store import Iri, Store
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
    """A value of a company."""

    company: Iri
    path: Iri
    value: Iri


@dataclass(frozen=True)
class Use:
    """What a company deployed, and when."""

    company: Iri
    intervention: Iri
    year: str


@dataclass(frozen=True)
class Visit:
    """When a company was studied."""

    company: Iri
    year: str


@dataclass(frozen=True)
class One:
    """A company."""

    company: Iri


@dataclass
class Seen:
    """What a release tells of one pseudonym."""

    traits: dict[str, str]
    deployed: set[tuple[str, int]]
    studied: set[int]


def made(place: Path) -> World:
    """Return a world of companies, most of which are like no other."""
    known = participants(NUMBER)
    settings = replace(Settings(), data=folder(place / "data", known), releases=place / "releases")
    return World(built(settings), settings, known)


def built(settings: Settings) -> Path:
    """Build a public release and return its folder."""
    result = build(settings)
    assert result.release, [problem.text("en") for problem in result.problems]
    return result.release


def opened(folder: Path) -> Store:
    """Open the graph of a release."""
    return Store.open(folder, memory_quads=2_000_000)


def slug(iri: Iri) -> str:
    """Return the last part of an address."""
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


def key(what: Seen | None) -> object:
    """Return what is told of a pseudonym as something that is equal when it is the same."""
    return what and (sorted(what.traits.items()), sorted(what.deployed), sorted(what.studied))
