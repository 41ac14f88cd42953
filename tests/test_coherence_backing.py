"""On how many separate studies and cases a link rests."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import released, slugs

from s4s_graph.coherence.backing import Sides, behind
from s4s_graph.coherence.links import instances
from s4s_graph.coherence.model import Level, valid
from s4s_graph.coherence.view import View

CASE = ((), ("casus-a-2025",))
NONE = ((), ())


def between(view: View, origin: str, target: str) -> Sides:
    """Return what is behind the link of two, by their slugs."""
    ends = (next(name for name in view.subjects if slugs(name) == end) for end in (origin, target))
    return behind(view, instances(view, *ends))


@pytest.mark.parametrize(
    ("level", "origin", "target", "expected"),
    [
        ("interventions", "leerbudget", "leercoach", (NONE, CASE)),
        ("interventions", "leercoach", "werkplekleren", (CASE, CASE)),
        ("interventions", "werkplekleren", "vakcertificaat", (CASE, NONE)),
        ("interventions", "vakcertificaat", "leercoach", (NONE, NONE)),
        (
            "kinds",
            "training-subsidy",
            "workplace-learning",
            ((("onderzoek-subsidie",), ()), (("onderzoek-werkplek",), ())),
        ),
    ],
)
def test_the_links_of_the_tiny_graph_rest_on_what_was_worked_out_on_paper(
    level: Level, origin: str, target: str, expected: object, tiny_release: Path
) -> None:
    found = between(View(valid(released(tiny_release), None), level), origin, target)
    assert slugs(found) == expected
    assert found.same is (expected == (CASE, CASE))
    assert bool(found) is (expected != (NONE, NONE))


def test_many_findings_of_one_study_are_one_study(tiny_release: Path) -> None:
    given = valid(released(tiny_release), None)
    study = next(item.study for item in given.findings.values() if item.study)
    copied = {
        f"{name}-{number}": replace(item, id=f"{name}-{number}", study=study)
        for name, item in given.findings.items()
        for number in range(3)
        if item.study
    }
    view = View(replace(given, findings=copied), "kinds")
    found = between(view, "training-subsidy", "workplace-learning")
    assert [len(items) for items in view.findings.values()] == [3, 3]
    assert (found.giver.studies, found.taker.studies, found.same) == ((study,), (study,), True)


def test_only_what_supports_counts_and_only_where_it_gives_the_standing(
    tiny_release: Path,
) -> None:
    given = valid(released(tiny_release), None)
    against = {
        name: replace(item, direction="contradicts") for name, item in given.findings.items()
    }
    view = View(replace(given, findings=against), "kinds")
    assert not between(view, "training-subsidy", "workplace-learning")
    assert behind(view, ()) == Sides()
