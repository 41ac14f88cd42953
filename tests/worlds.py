"""Small worlds for tests of coherence: made by hand, or at random with all that can be odd in data.

Ids are short (`c0` a condition, `i0` an intervention, `k0` a kind, `f0` a company): coherence does
not look into an id.
"""

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from s4s_graph import release
from s4s_graph.coherence import read
from s4s_graph.coherence.model import (
    Company,
    Condition,
    Configuration,
    Deployment,
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


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Worlds with all that can be odd: broader in a circle, a company that contradicts itself."""
    return world(
        conditions=[draw(_condition(name)) for name in CONDITIONS],
        configurations=[draw(_configuration(f"x{number}")) for number in range(draw(_number(12)))],
        interventions=[draw(_intervention(name)) for name in INTERVENTIONS],
        kinds=[Intervention(name) for name in KINDS],
        companies=[draw(_company(name)) for name in COMPANIES],
        deployments=draw(st.lists(_deployments(), max_size=6)),
        findings=[draw(_finding(f"e{number}")) for number in range(draw(_number(8)))],
        relations=[draw(_relation(f"r{number}")) for number in range(draw(st.integers(0, 3)))],
    )


def _number(most: int) -> st.SearchStrategy[int]:
    # Of many things more often than of few, since it takes many for them to meet.
    return st.sampled_from([0, most // 2, most, most, most])


def _some(names: Iterable[str], most: int = 2) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(list(names)), max_size=most)


def _condition(name: str) -> st.SearchStrategy[Condition]:
    return st.builds(
        Condition,
        id=st.just(name),
        broader=_some(CONDITIONS, 1),
        opposes=_some(CONDITIONS, 1),
        malleable=st.booleans(),
        goals=_some(GOALS, 1),
    )


def _configuration(name: str) -> st.SearchStrategy[Configuration]:
    return st.builds(
        Configuration,
        id=st.just(name),
        subject=st.sampled_from([*INTERVENTIONS, *INTERVENTIONS, *KINDS]),
        needs=_some(CONDITIONS),
        hindered=_some(CONDITIONS, 1),
        outcomes=_some(CONDITIONS),
        takes=_some(CONDITIONS, 1),
        valence=st.sampled_from(["beoogd", *VALENCES]),
        rejected=st.sampled_from([False, False, False, True]),
        first=st.sampled_from([None, None, *YEARS]),
        last=st.sampled_from([None, None, *YEARS]),
        revises=st.sampled_from([None, None, "x0", "x1"]),
    )


def _intervention(name: str) -> st.SearchStrategy[Intervention]:
    return st.builds(
        Intervention,
        id=st.just(name),
        kinds=_some(KINDS),
        holders=_some(["h0", "h1"]),
        actors=_some(ACTORS),
        steps=_some(STEPS),
    )


def _company(name: str) -> st.SearchStrategy[Company]:
    return st.builds(
        Company,
        id=st.just(name),
        size=st.sampled_from([None, "small", "large"]),
        holds=_some(CONDITIONS),
        lacks=_some(CONDITIONS),
    )


def _deployments() -> st.SearchStrategy[Deployment]:
    return st.builds(
        Deployment,
        intervention=st.sampled_from(INTERVENTIONS),
        company=st.sampled_from(COMPANIES),
        year=st.sampled_from(YEARS),
    )


def _finding(name: str) -> st.SearchStrategy[Finding]:
    return st.builds(
        Finding,
        id=st.just(name),
        configuration=st.sampled_from([f"x{number}" for number in range(12)]),
        direction=st.sampled_from(["supports", "supports", "contradicts", "refines"]),
        company=st.sampled_from([None, *COMPANIES]),
        year=st.sampled_from([None, *YEARS]),
        illustrative=st.just(True),
    )


def _relation(name: str) -> st.SearchStrategy[Relation]:
    return st.builds(
        Relation,
        id=st.just(name),
        origin=st.sampled_from(INTERVENTIONS),
        target=st.sampled_from(INTERVENTIONS),
        kind=st.sampled_from(["precedes", "reinforces", "hands-over-to", "conflicts"]),
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
