"""The six indicators, and the words in which each notion is explained."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import released, world, worlds

from s4s_graph.coherence.gaps import fragile, gaps
from s4s_graph.coherence.indicators import INDICATORS, Share, indicators, years
from s4s_graph.coherence.links import links
from s4s_graph.coherence.method import NOTIONS, notion
from s4s_graph.coherence.model import Deployment, Finding, Level, World, valid
from s4s_graph.coherence.view import View
from s4s_graph.forms import Text

LEVELS: tuple[Level, ...] = ("interventions", "kinds")
ANY = [(4, 5), (5, 6), (4, 5), (1, 4), (1, 4)]


@pytest.mark.parametrize(
    ("level", "year", "expected"),
    [
        ("interventions", None, ANY),
        ("interventions", 2023, [(3, 4), (2, 4), (2, 2), (0, 2), (1, 2)]),
        ("interventions", 2024, [(4, 5), (5, 6), (4, 5), (0, 4), (1, 4)]),
        ("interventions", 2025, ANY),
        ("interventions", 2026, [(3, 4), (3, 5), (2, 3), (1, 2), (1, 2)]),
        ("kinds", None, [(2, 2), (1, 2), (1, 1), (1, 1), (0, 0)]),
    ],
)
def test_the_indicators_of_the_tiny_graph(
    level: Level, year: int | None, expected: list[tuple[int, int]], tiny_release: Path
) -> None:
    view = View(valid(released(tiny_release), year), level)
    found = indicators(view, links(view), None)
    assert [(share.n, share.d) for share in found.values()] == expected
    assert [*found, "reach"] == [indicator.id for indicator in INDICATORS]


def test_reach_comes_from_elsewhere_and_is_last(tiny_release: Path) -> None:
    view = View(valid(released(tiny_release), None), "interventions")
    found = indicators(view, links(view), Share(1, 4))
    assert list(found)[-1] == "reach"
    assert found["reach"].value == 0.25


def test_a_share_of_nothing_has_no_value() -> None:
    view = View(world(), "interventions")
    found = indicators(view, links(view), None)
    assert {(share.n, share.d, share.value) for share in found.values()} == {(0, 0, None)}


@settings(max_examples=100, deadline=None)
@given(worlds(), st.sampled_from([None, 2023, 2024]), st.sampled_from(LEVELS))
def test_the_indicators_agree_with_the_notions_that_they_count(
    given: World, year: int | None, level: Level
) -> None:
    view = View(valid(given, year), level)
    between = links(view)
    found = indicators(view, between, None)
    assert all(0 <= share.n <= share.d for share in found.values())
    met = found["needs-met"]
    assert met.d - met.n == sum(len(gap.interventions) for gap in gaps(view))
    malleable = [item for item in fragile(view) if given.conditions[item.condition].malleable]
    assert found["fragile"].n == sum(len(item.interventions) for item in malleable)
    assert found["fragile"].d == met.n
    better = [between.standing(*pair) for pair in between.pairs]
    rest = better.count("hypothesis") + better.count("from-kind") + better.count("contradicted")
    assert found["supported-links"] == Share(len(better) - rest, len(better))


def test_the_years_of_the_shipped_data_are_those_of_the_programme(
    tiny_release: Path, shipped_release: Path
) -> None:
    assert years(released(shipped_release)) == (2023, 2024, 2025, 2026)
    assert years(released(tiny_release)) == (2024, 2025)


def test_years_are_those_of_companies_and_have_no_holes() -> None:
    made = world(
        deployments=[Deployment("i0", "f0", 2026)],
        findings=[
            Finding("e0", "x0", "supports", "f0", 2023, illustrative=True),
            Finding("e1", "x0", "supports", None, 1999, illustrative=False),
        ],
    )
    assert years(made) == (2023, 2024, 2025, 2026)
    assert years(world()) == ()


def test_there_are_six_indicators_and_no_two_notions_with_one_name() -> None:
    assert len({indicator.id for indicator in INDICATORS}) == 6
    assert len({item.id for item in NOTIONS}) == len(NOTIONS)
    assert {notion(item.id) for item in NOTIONS} == set(NOTIONS)
    with pytest.raises(KeyError):
        notion("coherence-score")


def test_every_word_of_the_method_is_there_in_both_languages() -> None:
    said = [text for item in NOTIONS for text in (item.name, item.definition, item.rule)]
    said += [text for item in INDICATORS for text in (item.name, item.formula, item.meaning)]
    alike = [text.nl for text in said if not text.nl or not text.en or text.nl == text.en]
    assert alike == ["Conflict", "Overlap", "Route"]
    assert all(isinstance(item.source, Text) and item.source.en for item in NOTIONS)
    sentences = [item.definition for item in NOTIONS] + [item.rule for item in NOTIONS]
    assert [text for text in sentences if not (text.nl + text.en).endswith(".")] == []
