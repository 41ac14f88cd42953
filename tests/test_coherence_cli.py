"""The commands about coherence: tables for people, JSON for programs, sentences for mistakes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from s4s_graph import release
from s4s_graph.cli import main
from s4s_graph.namespaces import BASE

Run = Callable[..., Result]


@pytest.fixture
def run(tiny_release: Path) -> Run:
    """Run a command on the tiny release, in English."""

    def invoke(*arguments: str) -> Result:
        variables = {"S4S_RELEASES": str(tiny_release.parent), "LANG": "C", "LC_ALL": ""}
        return CliRunner().invoke(main, arguments, env=variables)

    return invoke


def iri(segment: str, name: str) -> str:
    return f"{BASE}id/{segment}/{name}"


def lines(result: Result) -> list[str]:
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_indicators_are_told_with_the_numbers_they_are_made_of(run: Run) -> None:
    assert lines(run("coherence"))[:8] == [
        "Indicator          Share  Numerator  Denominator",
        "-----------------  -----  ---------  -----------  -",
        "connected          80%    4          5            *",
        "needs met          83%    5          6            *",
        "fragile            80%    4          5            *",
        "supported links    25%    1          4            *",
        "said and computed  25%    1          4            *",
        "within reach       33%    2          6            *",
    ]


def test_what_was_counted_is_told_by_the_names_of_the_notions(run: Run) -> None:
    told = [line.split() for line in lines(run("coherence", "--lang", "nl"))]
    assert ["Aansluiting", "4", "*"] in told
    assert ["Gat", "1", "*"] in told
    assert ["Volgorde", "6", "*"] in told


def test_a_year_can_be_asked_for(run: Run) -> None:
    document = json.loads(run("coherence", "--year", "2024", "--json").stdout)
    assert (document["year"], document["level"]) == (2024, "interventions")
    assert document["indicators"]["reach"] == {
        "numerator": 1,
        "denominator": 6,
        "value": 1 / 6,
        "illustrative": True,
    }


def test_of_kinds_only_what_is_about_companies_has_a_star(run: Run) -> None:
    told = lines(run("coherence", "--level", "kinds"))
    starred = [line.split("  ")[0] for line in told if line.endswith(" *")]
    assert starred == ["within reach", "Order"]
    assert told[-1] == "* rests on something invented"


def test_a_year_of_which_nothing_is_known_is_a_wrong_use(run: Run) -> None:
    done = run("coherence", "--year", "1999")
    assert done.exit_code == 2
    assert "nothing is known of 1999; choose one of 2024, 2025" in done.stderr


def test_improvements_are_listed_in_order(run: Run) -> None:
    first, _, best, *_ = lines(run("improve"))
    assert first.split() == [
        *("No", "What", "to", "do", "About", "For", "the", "sake", "of"),
        *("Opens", "Protects", "Companies", "Rests", "on"),
    ]
    assert best.startswith("1   bring this about")
    assert "Managers support learning" in best


def test_improvements_as_json_are_those_of_the_release(run: Run, tiny_release: Path) -> None:
    document = json.loads(run("improve", "--level", "kinds", "--most", "1", "--json").stdout)
    stored = json.loads((tiny_release / release.COHERENCE).read_text(encoding="utf-8"))
    (best,) = document["improvements"]
    assert best["condition"] == stored["improvements"]["kinds"][0]["condition"]
    assert document["labels"][best["condition"]] == "There is time to learn"
    # At B, where training-subsidy alone makes time for workplace-learning to give skill.
    assert best["opens"] == {"pairs": 0, "companies": 0, "by_condition": {}}
    skill = iri("condition", "vakmanschap")
    assert best["protects"] == {"pairs": 1, "companies": 1, "by_condition": {skill: 1}}


def test_a_route_is_told_step_by_step(run: Run) -> None:
    told = lines(run("route", "--company", "bedrijf-b", "--goal", "techniek-centra"))
    assert told[0] == (
        "route 1 to: Employees master their trade; steps: 1, years: 1, hours per participant: 40"
    )
    assert [cell for cell in told[3].split("  ") if cell] == [
        *("1", " Workplace learning", "Employees master their trade"),
        *(" contradicted", "The workload is high", "*"),
    ]


def test_what_a_route_assumes_is_said_before_it(run: Run) -> None:
    told = lines(run("route", "--company", "bedrijf-c", "--goal", "vakmanschap", "--lang", "nl"))
    assert told[0].endswith("120, bij 2 van de stappen onbekend en gesteld op het meeste")
    assert told[1] == "onbekend, en aangenomen dat het geldt: Leidinggevenden steunen leren"


def test_a_goal_that_is_reached_needs_no_route(run: Run) -> None:
    told = lines(run("route", "--company", "bedrijf-b", "--goal", "leiding-steunt"))
    assert told == ["this holds already: Managers support learning"]


def test_without_a_route_it_is_told_what_stands_in_the_way(run: Run) -> None:
    told = lines(run("route", "--company", "bedrijf-a", "--goal", "techniek-centra"))
    assert told[0] == "there is no route; each of these changes would open one"
    assert told[3].startswith("1    Managers support learning  has to hold")


def test_a_route_as_json_names_every_thing_in_it(run: Run) -> None:
    command = ("route", "--company", "bedrijf-b", "--goal", "techniek-centra", "--json")
    document = json.loads(run(*command).stdout)
    (step,) = document["routes"][0]["steps"]
    assert document["company"] == iri("company", "bedrijf-b")
    assert step["intervention"] == iri("intervention", "werkplekleren")
    assert step["creates"] == [iri("condition", "vakmanschap")]
    assert document["labels"][step["intervention"]] == "Workplace learning"
    assert document["illustrative"]


@pytest.mark.parametrize(
    ("company", "goal", "sentence"),
    [
        ("bedrijf-d", "tijd", "there is no company 'bedrijf-d'; did you mean bedrijf-"),
        ("bedrijf-a", "tijdd", "there is no goal 'tijdd'; did you mean tijd?"),
        ("xyz", "tijd", "there is no company 'xyz'\n"),
    ],
)
def test_a_wrong_id_ends_with_2_and_a_suggestion(
    run: Run, company: str, goal: str, sentence: str
) -> None:
    done = run("route", "--company", company, "--goal", goal)
    assert done.exit_code == 2
    assert sentence in done.stderr


def test_without_a_release_it_is_told_how_to_make_one(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["improve"], env={"S4S_RELEASES": str(tmp_path)})
    assert done.exit_code == 1
    assert "run `s4s build`" in done.stderr or "maak er een met `s4s build`" in done.stderr
