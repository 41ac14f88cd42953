"""A data folder with made-up companies as real ones would be: most of them like no other."""

import csv
import random
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from s4s_graph.settings import Settings

SIZES = ("1-9", "10-49", "50-249", "250-plus")
SECTORS = ("nace-22", "nace-24", "nace-25", "nace-28", "nace-30", "nace-33")
REGIONS = ("groningen", "overijssel", "gelderland", "noord-brabant", "zuid-holland", "limburg")
INTERVENTIONS = ("leercultuur", "metaalunie-academie", "werkplekleren")
YEARS = (2023, 2024, 2025)
CONDITIONS = ("employees-want-to-learn", "no-hr-function", "learning-culture-present")
TESTED = "vb-lc-1"

Row = Mapping[str, str]


@dataclass(frozen=True)
class Known:
    """What everybody can know of a company, and the pseudonym that should not follow from it."""

    pseudonym: str
    size: str
    sector: str
    region: str
    deployed: frozenset[tuple[str, int]]
    studied: frozenset[int]


def participants(number: int, seed: int = 7) -> list[Known]:
    """Return made-up companies: a few profiles are common, most are not."""
    chance = random.Random(seed)
    common = [tuple(map(chance.choice, (SIZES, SECTORS, REGIONS))) for _ in range(4)]
    known = []
    for n in range(number):
        alike = chance.random() < 0.5
        size, sector, region = (
            chance.choice(common) if alike else map(chance.choice, (SIZES, SECTORS, REGIONS))
        )
        pairs = [(what, year) for what in INTERVENTIONS for year in YEARS]
        deployed = frozenset(chance.sample(pairs, chance.choice((1, 1, 1, 2))))
        studied = frozenset({min(year for _, year in deployed)})
        known.append(Known(f"deelnemer-{n:02d}", size, sector, region, deployed, studied))
    return known


def folder(data: Path, known: Sequence[Known]) -> Path:
    """Write the data folder: what is reported as it ships, and these companies."""
    shutil.copytree(Settings().data / "reported", data / "reported")
    made = data / "made-up"
    made.mkdir()
    invented = Settings().data / "illustrative"
    shutil.copy(invented / "rounds.csv", made)
    versions = _rows(invented / "versions.csv")
    put(made / "versions.csv", [{**row, "wasInfluencedBy": ""} for row in versions])
    theories = _rows(invented / "configurations.csv")
    put(made / "configurations.csv", [row for row in theories if row["id"] == TESTED])
    tell(made, known)
    return data


def tell(made: Path, known: Sequence[Known]) -> None:
    """Write the tables about these companies in place of those that are there."""
    companies, deployments, cases, findings = [], [], [], []
    for number, one in enumerate(known):
        companies.append(_company(one, number))
        for what, year in sorted(one.deployed):
            slug = f"{one.pseudonym}-{what}-{year}"
            deployments.append(
                _named(f"t-{slug}")
                | {"deploys": f"vb-{what}-{year}", "atCompany": one.pseudonym, "year": str(year)}
            )
        for year in sorted(one.studied):
            case, seen = (
                f"c-{one.pseudonym}-{year}",
                [w for w, when in one.deployed if when == year],
            )
            uses = ";".join(f"t-{one.pseudonym}-{what}-{year}" for what in sorted(seen))
            where = {"inRound": f"vb-ronde-{year}", "atCompany": one.pseudonym}
            cases.append(_named(case) | where | {"investigates": uses})
            findings.append(
                _named(f"b-{case}")
                | {"fromCase": case, "supports": TESTED, "year": str(year)}
                | {"description_nl": "Zo ging het.", "description_en": "So it went."}
            )
    sessions = [
        _named(f"s-{year}")
        | {"inRound": f"vb-ronde-{year}", "aboutIntervention": "leercultuur"}
        | {"discusses": ";".join(f["id"] for f in findings if f["year"] == str(year))}
        for year in YEARS
    ]
    tables = {
        "companies": companies,
        "deployments": deployments,
        "cases": cases,
        "findings": findings,
        "mirror-sessions": [session for session in sessions if session["discusses"]],
    }
    for table, rows in tables.items():
        put(made / f"{table}.csv", rows)


def put(path: Path, rows: Sequence[Row]) -> None:
    """Write a table, sorted by id."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["id"]))


def _company(one: Known, number: int) -> dict[str, str]:
    return _named(one.pseudonym) | {
        "sizeClass": one.size,
        "sector": one.sector,
        "region": one.region,
        "hasCondition": CONDITIONS[number % 3],
        "lacksCondition": CONDITIONS[(number + 1) % 3],
        "legalName": f"Zwaluwstaart {number} BV",
        "kvkNumber": f"{70_000_000 + number}",
    }


def _named(slug: str) -> dict[str, str]:
    return {
        "id": slug,
        "prefLabel_nl": slug,
        "prefLabel_en": slug,
        "dataStatus": "illustrative",
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
