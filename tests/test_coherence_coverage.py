"""Whom the interventions reach at which step."""

from pathlib import Path

from hypothesis import given, settings
from worlds import ACTORS, STEPS, answers, released, slugs, world, worlds

from s4s_graph.coherence.coverage import coverage, coverage_by_size
from s4s_graph.coherence.model import World

COACH, PLACE = ("leercoach",), ("werkplekleren",)


def test_the_coverage_of_the_tiny_graph(tiny_release: Path) -> None:
    cells = coverage(released(tiny_release))
    assert len(cells) == 25
    assert [
        slugs((cell.actor, cell.step, cell.interventions)) for cell in cells if cell.interventions
    ] == [
        ("ondernemer", "ontwikkeling", ("leerbudget",)),
        ("leidinggevende", "ontwikkeling", PLACE),
        ("medewerker", "inzicht", ("leercoach", "vakcertificaat")),
        ("medewerker", "ontwikkeling", ("leerbudget", "werkplekleren")),
        ("medewerker", "validering", ("vakcertificaat",)),
    ]


def test_the_coverage_by_size_of_the_tiny_graph(tiny_release: Path) -> None:
    cells = coverage_by_size(released(tiny_release))
    assert len(cells) == 4 * 25
    assert [
        slugs((cell.size, cell.actor, cell.step, cell.interventions))
        for cell in cells
        if cell.interventions
    ] == [
        (size, *cell)
        for size in ("10-49", "50-249")
        for cell in (
            ("leidinggevende", "ontwikkeling", PLACE),
            ("medewerker", "inzicht", COACH),
            ("medewerker", "ontwikkeling", PLACE),
        )
    ]


def test_the_question_about_coverage_counts_the_same(tiny_release: Path, root: Path) -> None:
    asked = {
        (row["actor"], row["step"]): int(row["interventions"])
        for row in answers(tiny_release, root, "coverage-actor-step")
    }
    cells = coverage(released(tiny_release))
    assert {slugs((cell.actor, cell.step)): len(cell.interventions) for cell in cells} == asked


def test_the_question_about_sizes_counts_the_same(tiny_release: Path, root: Path) -> None:
    rows = answers(tiny_release, root, "coverage-size-class")
    asked = {(row["intervention"], row["size"]) for row in rows if row["companies"] != "0"}
    cells = coverage_by_size(released(tiny_release))
    assert asked == {
        slugs((intervention, cell.size)) for cell in cells for intervention in cell.interventions
    }


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_every_cell_is_there_and_filled_as_brute_force_fills_it(given: World) -> None:
    found = {(cell.actor, cell.step): cell.interventions for cell in coverage(given)}
    assert found == {
        (actor, step): tuple(
            name
            for name, intervention in sorted(given.interventions.items())
            if actor in intervention.actors and step in intervention.steps
        )
        for actor in ACTORS
        for step in STEPS
    }
    by_size = coverage_by_size(given)
    assert len(by_size) == 2 * len(found)
    for cell in by_size:
        assert cell.interventions == tuple(
            name
            for name in found[cell.actor, cell.step]
            if any(
                item.intervention == name and given.companies[item.company].size == cell.size
                for item in given.deployments
            )
        )


def test_an_empty_world_has_empty_cells() -> None:
    assert {cell.interventions for cell in coverage(world())} == {()}
    assert {cell.interventions for cell in coverage_by_size(world())} == {()}
