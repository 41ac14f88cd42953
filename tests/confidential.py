"""A data folder in which every value that is not public can be told from all others.

It is that of the tiny graph, with two holders who both worked with companies A and B; C is known
to the one (bond) alone, D to the other (bureau).
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from s4s_graph import forms, release
from s4s_graph.build import build
from s4s_graph.disclosure import RESTRICTED
from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings
from tests.conftest import tiny_data

SEAL = "zeehond"  # how each of these values begins
NOBODY, BOND, BUREAU, FONDS = "nobody", "bond", "bureau", "fonds"
KNOWN_AT = {"bedrijf-c": BOND, "bedrijf-d": BUREAU}

Row = dict[str, str]


@dataclass
class Confidential:
    """The two releases of such a folder; `owners` has who may see each value that is not public."""

    settings: Settings
    owners: dict[str, str] = field(default_factory=dict)

    @property
    def public(self) -> Path:
        """The folder of the public release."""
        return _current(self.settings.releases)

    @property
    def restricted(self) -> Path:
        """The folder of the restricted release."""
        return _current(self.settings.restricted_releases)

    def of(self, *owners: str) -> set[str]:
        """Return the values that some owners may see."""
        return {value for value, owner in self.owners.items() if owner in owners}

    def seal(self, owner: str) -> str:
        """Return a new value that an owner may see."""
        value = f"{SEAL}{len(self.owners):03}kern"
        self.owners[value] = owner
        return value

    def number(self, owner: str) -> str:
        """Return a new number of the trade register."""
        value = f"97{len(self.owners):06}"
        self.owners[value] = owner
        return value


def made(folder: Path) -> Confidential:
    """Build both releases. Companies stay as exact as they are: who stands out is not at stake."""
    settings = replace(
        Settings(),
        data=tiny_data(folder / "data"),
        releases=folder / "public",
        restricted_releases=folder / "restricted",
        tokens=folder / "tokens.json",
        audit_log=folder / "audit.jsonl",
        disclosure_floor=1,
    )
    found = Confidential(settings)
    _fill(found)
    result = build(settings, restricted=True)
    assert result.release, [problem.text("en") for problem in result.problems]
    assert result.restricted
    return found


def _fill(found: Confidential) -> None:
    data = found.settings.data
    _change(data / "interventions.csv", lambda row: _held(row, "leercoach", BUREAU))
    _add(data / "companies.csv", {"id": "bedrijf-d", "sizeClass": "50-249", **_named("Bedrijf D")})
    names = _restricted_columns(found.settings)
    _change(data / "companies.csv", lambda row: _sealed(row, names, found))
    _add(
        data / "deployments.csv",
        {"id": "leercoach-bij-d", "deploys": "leercoach-2024", "year": "2025", **_at("bedrijf-d")},
    )
    _add(
        data / "cases.csv",
        {"id": "casus-d", "investigates": "leercoach-bij-d", **_at("bedrijf-d")},
    )
    # A row that is marked; what refers to it cannot stand without it.
    marked = found.seal(BOND)
    case = {"id": marked, "investigates": "werkplekleren-bij-c", "disclosure": RESTRICTED}
    _add(data / "cases.csv", {**case, **_at("bedrijf-c"), **_named(found.seal(BOND))})
    _add(data / "findings.csv", _finding(found.seal(BOND), marked, found.seal(BOND)))
    source = {"id": found.seal(NOBODY), "title": found.seal(NOBODY), "disclosure": RESTRICTED}
    like = {
        "sourceKind": "evaluation-report",
        "page": "https://example.org/x",
        "dataStatus": "reported",
    }
    _add(data / "sources.csv", {**source, **like})
    # Files below a folder of that name.
    apart = data / RESTRICTED
    apart.mkdir()
    finding = _finding(found.seal(BUREAU), "casus-d", found.seal(BUREAU))
    with (apart / "findings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, finding)
        writer.writeheader()
        writer.writerow(finding)
    note = "<http://www.w3.org/2004/02/skos/core#note>"
    (apart / "notes.ttl").write_text(
        f'<{BASE}id/intervention/leerbudget> {note} "{found.seal(FONDS)}"@nl .\n', encoding="utf-8"
    )


def _restricted_columns(settings: Settings) -> set[str]:
    form = forms.read(settings.shapes, BASE).by_table("companies")
    assert form
    names = {field.id for field in form.fields if field.disclosure == RESTRICTED}
    assert names
    return names


def _sealed(row: Row, names: set[str], found: Confidential) -> None:
    owner = KNOWN_AT.get(row["id"], NOBODY)
    for column in row:
        if column.partition("_")[0] in names:
            value = found.number if column == "kvkNumber" else found.seal
            row[column] = value(owner)


def _held(row: Row, intervention: str, holder: str) -> None:
    if row["id"] == intervention:
        row["holder"] = holder


def _named(name: str) -> Row:
    return {"prefLabel_nl": name, "prefLabel_en": name, "dataStatus": "illustrative"}


def _at(company: str) -> Row:
    return {"atCompany": company, "inRound": "ronde-2025", **_named(f"Bij {company}")}


def _finding(slug: str, case: str, text: str) -> Row:
    said = {"description_nl": text, "description_en": text, **_named(f"Over {text}")}
    about = {"id": slug, "fromCase": case, "supports": "c04-plek-2025", "activation": "sterk"}
    return {**about, "relevance": "1", "richness": "1", "rigour": "1", **said}


def _change(table: Path, change: Callable[[Row], None]) -> None:
    rows = _rows(table)
    for row in rows:
        change(row)
    _write(table, rows)


def _add(table: Path, row: Mapping[str, str]) -> None:
    rows = _rows(table)
    columns = dict.fromkeys([*rows[0], *(c for c in row if c == "disclosure")], "")
    known = {name: value for name, value in row.items() if name in columns}
    _write(table, sorted([*rows, known], key=lambda one: one["id"]), list(columns))


def _rows(table: Path) -> list[Row]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(table: Path, rows: list[Row], columns: list[str] | None = None) -> None:
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)


def _current(folder: Path) -> Path:
    found = release.current(folder)
    assert found
    return found
