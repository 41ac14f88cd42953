"""What people say and do, held against what is computed."""

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import answers, configuration, released, satisfies, slugs, world, worlds

from s4s_graph.coherence.links import links
from s4s_graph.coherence.model import (
    Company,
    Condition,
    Deployment,
    Intervention,
    Level,
    Relation,
    World,
    operators,
    valid,
)
from s4s_graph.coherence.practice import (
    agreements,
    computed_only,
    holder_pairs,
    out_of_order,
    said,
    said_and_computed,
)
from s4s_graph.coherence.view import View

LEVELS: tuple[Level, ...] = ("interventions", "kinds")
GOOD = {"beoogd", "onbedoeld-gunstig"}
RELATION = "coach-voor-werkplek"


def test_the_order_in_practice_in_the_tiny_graph(tiny_release: Path) -> None:
    found = out_of_order(View(valid(released(tiny_release), None), "interventions"))
    assert slugs(found) == (
        ("bedrijf-a", "leercoach", 2024, "bewezen-vakmanschap", None, ()),
        ("bedrijf-b", "leercoach", 2025, "bewezen-vakmanschap", None, ()),
        ("bedrijf-b", "leercoach", 2025, "tijd", None, ()),
        ("bedrijf-b", "werkplekleren", 2024, None, RELATION, (("leercoach", 2025),)),
        ("bedrijf-c", "werkplekleren", 2025, None, RELATION, ()),
        ("bedrijf-c", "werkplekleren", 2025, "leerwens", None, ()),
    )


def test_the_order_of_kinds_in_the_tiny_graph(tiny_release: Path) -> None:
    found = out_of_order(View(valid(released(tiny_release), None), "kinds"))
    assert slugs(found) == (
        ("bedrijf-b", "workplace-learning", 2024, "tijd", None, ()),
        ("bedrijf-c", "workplace-learning", 2025, "tijd", None, ()),
    )


def test_the_question_about_the_order_finds_the_same(tiny_release: Path, root: Path) -> None:
    asked = {
        (row["firm"], row["second"], row["reason"])
        for row in answers(tiny_release, root, "order-in-practice")
    }
    found = out_of_order(View(valid(released(tiny_release), None), "interventions"))
    assert asked == {
        slugs((item.company, item.intervention, item.condition or item.relation)) for item in found
    }


def test_what_is_said_and_computed_in_the_tiny_graph(tiny_release: Path) -> None:
    view = View(valid(released(tiny_release), None), "interventions")
    between = links(view)
    found = said_and_computed(view, between)
    assert [(slugs((item.origin, item.target)), item.verdict) for item in found] == [
        (("leerbudget", "vakcertificaat"), "said-only"),
        (("leercoach", "werkplekleren"), "both"),
    ]
    assert [(slugs(item.relations), item.standing) for item in found] == [
        (("budget-versterkt-certificaat",), None),
        ((RELATION,), "contradicted"),
    ]
    assert slugs(computed_only(view, between)) == (
        ("leerbudget", "leercoach"),
        ("vakcertificaat", "leercoach"),
        ("werkplekleren", "vakcertificaat"),
    )


def test_the_question_about_what_is_said_finds_the_same(tiny_release: Path, root: Path) -> None:
    forward = {"precedes", "reinforces", "hands-over-to"}
    rows = answers(tiny_release, root, "relations-said-and-computed")
    view = View(valid(released(tiny_release), None), "interventions")
    between = links(view)
    assert {
        (row["from"], row["to"]): bool(row["computed"]) for row in rows if row["type"] in forward
    } == {
        slugs((item.origin, item.target)): item.verdict == "both"
        for item in said_and_computed(view, between)
    }
    assert {(row["from"], row["to"]) for row in rows if not row["relation"]} == {
        slugs(pair) for pair in computed_only(view, between)
    }


def test_who_needs_an_agreement_in_the_tiny_graph(tiny_release: Path, root: Path) -> None:
    view = View(valid(released(tiny_release), None), "interventions")
    found = holder_pairs(view, links(view))
    assert slugs(found) == (("fonds", "bond", 2, 2), ("bond", "fonds", 1, 1))
    assert {slugs(pair) for pair in agreements(view, links(view))} == {
        ("leerbudget", "leercoach"),
        ("vakcertificaat", "leercoach"),
        ("werkplekleren", "vakcertificaat"),
    }
    assert [
        (row["giver"], row["receiver"], int(row["links"]))
        for row in answers(tiny_release, root, "agreements-needed")
        if row["standing"] == "aboutIntervention"
    ] == [(item[0], item[1], item[2]) for item in map(_row, found)]


def _row(found: object) -> tuple[str, str, int]:
    cut = slugs(found)
    assert isinstance(cut, tuple)
    return cut[0], cut[1], cut[2]


@settings(max_examples=100, deadline=None)
@given(worlds(), st.sampled_from(LEVELS))
def test_the_order_in_practice_is_what_brute_force_finds(given: World, level: Level) -> None:
    seen = valid(given, None)
    view = View(seen, level)
    wanted = [item for item in operators(seen, level) if item.configuration.valence in GOOD]
    expected = set()
    for company, used in view.uses.items():
        for subject, (year, *_) in used.items():
            for name, condition in seen.conditions.items():
                makers = {
                    item.subject
                    for item in wanted
                    if any(satisfies(seen, made, name) for made in item.configuration.brings)
                }
                needed = any(
                    item.subject == subject and name in item.configuration.needs for item in wanted
                )
                in_time = any(used[maker][0] <= year for maker in makers & used.keys())
                unknown = name not in view.known[company].holds
                if condition.malleable and needed and makers and not in_time and unknown:
                    expected.add((company, subject, year, name))
    found = [item for item in out_of_order(view) if item.condition]
    assert {(i.company, i.intervention, i.year, i.condition) for i in found} == expected
    assert len(found) == len(expected)
    assert all(came > item.year for item in found for _, came in item.later)


@settings(max_examples=100, deadline=None)
@given(worlds(), st.sampled_from(LEVELS))
def test_agreements_and_sayings_are_what_brute_force_finds(given: World, level: Level) -> None:
    view = View(valid(given, None), level)
    between = links(view)
    held = {name: view.things[name].holders for name in view.subjects}
    expected = {
        (one, other)
        for one, other in between.pairs
        if held[one] and held[other] and not held[one] & held[other]
    }
    assert set(agreements(view, between)) == expected
    assert {(item.giver, item.receiver): item.links for item in holder_pairs(view, between)} == {
        (giver, receiver): number
        for giver, receiver in product(("h0", "h1"), repeat=2)
        if (number := sum(giver in held[a] and receiver in held[b] for a, b in expected))
    }
    forward = {
        (relation.origin, relation.target)
        for relation in given.relations.values()
        if relation.kind != "conflicts" and relation.origin != relation.target
    }
    assert set(said(view)) == (forward if level == "interventions" else set())
    assert set(computed_only(view, between)) == set(between.pairs) - set(said(view))


def order(
    *, holds: str = "", first: int | None = None, kind: str = "resembles", malleable: bool = True
) -> int:
    """Return how often i1, used in 2024, is out of order when i0 makes what it needs."""
    made = world(
        conditions=[Condition("c0", malleable=malleable), Condition("c1")],
        configurations=[configuration("x0", "i0", "", "c0"), configuration("x1", "i1", "c0 c1")],
        interventions=[Intervention("i0"), Intervention("i1")],
        companies=[Company("f0", holds=frozenset(holds.split()))],
        deployments=[
            Deployment("i1", "f0", 2024),
            Deployment("i1", "f0", 2026),
            *([Deployment("i0", "f0", first)] if first else []),
        ],
        relations=[Relation("r0", "i0", "i1", kind)],
    )
    return len(out_of_order(View(made, "interventions")))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (order(), 1),
        (order(first=2023), 0),
        (order(first=2024), 0),
        (order(first=2025), 1),
        (order(holds="c0"), 0),
        (order(holds="c0", kind="precedes"), 1),
        (order(kind="precedes"), 2),
        (order(kind="precedes", first=2024), 0),
        (order(malleable=False), 0),
    ],
)
def test_the_same_year_is_in_time_and_what_nothing_makes_is_no_matter_of_order(
    found: int, expected: int
) -> None:
    assert found == expected
