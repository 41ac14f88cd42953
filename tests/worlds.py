"""Small worlds for tests of coherence: made by hand, or at random with all that can be odd in data.

Ids are short (`c0` a condition, `i0` an intervention, `k0` a kind, `f0` a company): coherence does
not look into an id.
"""

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from random import Random

from hypothesis import strategies as st

from s4s_graph import release
from s4s_graph.coherence import read
from s4s_graph.coherence.model import (
    Company,
    Condition,
    Configuration,
    Deployment,
    Direction,
    Finding,
    Intervention,
    Relation,
    Valence,
    World,
)
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.questions import load
from s4s_graph.store import Store

CONDITIONS = [f"c{number}" for number in range(4)]
INTERVENTIONS = [f"i{number}" for number in range(4)]
KINDS = ["k0", "k1"]
COMPANIES = ["f0", "f1"]
ACTORS, STEPS, GOALS = ("a0", "a1"), ("s0", "s1"), ("g0",)
VALENCES: tuple[Valence, ...] = ("beoogd", "onbedoeld-gunstig", "averechts", "uitblijvend")
YEARS = [2023, 2024, 2025]


def world(
    *,
    conditions: Iterable[Condition] = (),
    configurations: Iterable[Configuration] = (),
    interventions: Iterable[Intervention] = (),
    kinds: Iterable[Intervention] = (),
    companies: Iterable[Company] = (),
    deployments: Iterable[Deployment] = (),
    findings: Iterable[Finding] = (),
    relations: Iterable[Relation] = (),
) -> World:
    """Return a world of these parts, with the lists of this module."""
    return World(
        conditions={item.id: item for item in conditions},
        configurations={item.id: item for item in configurations},
        interventions={item.id: item for item in interventions},
        kinds={item.id: item for item in kinds},
        companies={item.id: item for item in companies},
        deployments=frozenset(deployments),
        findings={item.id: item for item in findings},
        relations={item.id: item for item in relations},
        actors=ACTORS,
        steps=STEPS,
        sizes=("small", "large"),
        goals=GOALS,
    )


def configuration(
    name: str,
    subject: str,
    needs: str = "",
    brings: str = "",
    *,
    hindered: str = "",
    takes: str = "",
    valence: Valence = "beoogd",
) -> Configuration:
    """Return a configuration; conditions are given with spaces between them."""
    return Configuration(
        id=name,
        subject=subject,
        needs=frozenset(needs.split()),
        hindered=frozenset(hindered.split()),
        outcomes=frozenset(brings.split()),
        takes=frozenset(takes.split()),
        valence=valence,
    )


def worlds() -> st.SearchStrategy[World]:
    """Worlds with all that can be odd: broader in a circle, a company that contradicts itself."""
    # From a seed, since drawing each part takes a hundred times as long. The number of
    # configurations is drawn apart, so that a failing example still shrinks.
    return st.builds(_drawn, st.integers(0, 2**32 - 1), st.sampled_from([12, 8, 4, 0]))


def _drawn(seed: int, number: int) -> World:
    dice = Dice(seed)
    return world(
        conditions=[dice.condition(name) for name in CONDITIONS],
        configurations=[dice.configuration(f"x{place}") for place in range(number)],
        interventions=[dice.intervention(name) for name in INTERVENTIONS],
        kinds=[Intervention(name) for name in KINDS],
        companies=[dice.company(name) for name in COMPANIES],
        deployments=[dice.deployment() for _ in range(dice.choice(range(7)))],
        findings=[
            dice.finding(f"e{place}", number) for place in range(dice.choice(range(number + 1)))
        ],
        relations=[dice.relation(f"r{place}") for place in range(dice.choice(range(4)))],
    )


class Dice(Random):
    """Throws the parts of a world."""

    def some(self, names: Iterable[str], most: int = 2) -> frozenset[str]:
        known = list(names)
        return frozenset(self.sample(known, self.randint(0, min(most, len(known)))))

    def condition(self, name: str) -> Condition:
        return Condition(
            id=name,
            broader=self.some(CONDITIONS, 1),
            opposes=self.some(CONDITIONS, 1),
            malleable=self.random() < 0.7,
            goals=self.some(GOALS, 1),
            reason=self.random() < 0.3,
        )

    def configuration(self, name: str) -> Configuration:
        return Configuration(
            id=name,
            subject=self.choice([*INTERVENTIONS, *INTERVENTIONS, *KINDS]),
            needs=self.some(CONDITIONS),
            hindered=self.some(CONDITIONS, 1),
            outcomes=self.some(CONDITIONS),
            takes=self.some(CONDITIONS, 1),
            valence=self.choice(("beoogd", *VALENCES)),
            rejected=self.random() < 0.2,
            first=self.choice([None, None, *YEARS]),
            last=self.choice([None, None, *YEARS]),
            revises=self.choice([None, None, None, "x0", "x1"]),
        )

    def intervention(self, name: str) -> Intervention:
        return Intervention(
            id=name,
            kinds=self.some(KINDS),
            holders=self.some(("h0", "h1")),
            actors=self.some(ACTORS),
            steps=self.some(STEPS),
        )

    def company(self, name: str) -> Company:
        return Company(
            id=name,
            size=self.choice([None, "small", "large"]),
            holds=self.some(CONDITIONS),
            lacks=self.some(CONDITIONS),
        )

    def deployment(self) -> Deployment:
        return Deployment(
            intervention=self.choice(INTERVENTIONS),
            company=self.choice(COMPANIES),
            year=self.choice(YEARS),
        )

    def finding(self, name: str, configurations: int) -> Finding:
        directions: list[Direction] = ["supports", "supports", "contradicts", "refines"]
        return Finding(
            id=name,
            configuration=f"x{self.randrange(configurations)}",
            direction=self.choice(directions),
            company=self.choice([None, *COMPANIES]),
            year=self.choice([None, *YEARS]),
            illustrative=True,
        )

    def relation(self, name: str) -> Relation:
        return Relation(
            id=name,
            origin=self.choice(INTERVENTIONS),
            target=self.choice(INTERVENTIONS),
            kind=self.choice(["precedes", "reinforces", "hands-over-to", "conflicts"]),
        )


@cache
def released(folder: Path) -> World:
    """Return the world of a release."""
    return read.world(Store.open(folder, memory_quads=2_000_000))


def slugs(found: object) -> object:
    """Return the same with IRIs cut down to their last part, and dataclasses as tuples."""
    if isinstance(found, str):
        return found.rpartition("/")[2]
    if isinstance(found, Iterable):
        return tuple(slugs(item) for item in found)
    if is_dataclass(found) and not isinstance(found, type):
        return tuple(slugs(getattr(found, field.name)) for field in fields(found))
    return found


def answers(folder: Path, root: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a question by column, IRIs cut down to their last part."""
    store = Store.open(folder, memory_quads=2_000_000)
    forms = Forms.from_json((folder / release.FORMS).read_text(encoding="utf-8"))
    question = load(root / "ontology/questions", forms)[name]
    answer = store.answer(question.text, **question.bind({}, "en", BASE))
    return [
        {
            column: re.split("[/#]", term.value)[-1] if term else ""
            for column, term in zip(answer.columns, row, strict=True)
        }
        for row in answer.rows
    ]


def satisfies(given: World, one: str, other: str) -> bool:
    """Say whether one condition is another or narrower, by walking every way up."""
    reached, before = {one}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {
            name
            for item in before & given.conditions.keys()
            for name in given.conditions[item].broader
        }
    return other in reached


def opposed(given: World, one: str, other: str) -> bool:
    """Say whether one condition excludes another: something broader than each are opposites."""
    return any(
        (satisfies(given, one, first) and satisfies(given, other, second))
        or (satisfies(given, one, second) and satisfies(given, other, first))
        for first, condition in given.conditions.items()
        for second in condition.opposes
    )
