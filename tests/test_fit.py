"""Which interventions fit a company: by hand on the tiny graph, and by trying on random worlds."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from simulator import Simulator, union
from worlds import configuration, released, slugs, world, worlds

from s4s_graph.coherence.blockers import Lack
from s4s_graph.coherence.fit import VERDICTS, Fits, Unsaid, fits
from s4s_graph.coherence.model import (
    Company,
    Condition,
    Configuration,
    Direction,
    Finding,
    Intervention,
    World,
    valid,
)
from s4s_graph.coherence.sightings import Seen, seen
from s4s_graph.coherence.view import View, favourable

some_worlds = settings(max_examples=60, deadline=None)


def on_paper(release: Path, company: str) -> tuple[Fits, dict[str, str]]:
    """Return how the interventions of the tiny graph stand at a company in 2025."""
    view = View(valid(released(release), 2025), "interventions")
    found = next(item for item in view.world.companies.values() if slugs(item.id) == company)
    result = fits(view, replace(found, id="profile"))
    return result, {str(slugs(fit.intervention)): fit.verdict for fit in result.fits}


@pytest.mark.parametrize(
    ("company", "verdicts"),
    [
        # A has time and no HR; its managers do not support learning, and that can be created.
        (
            "bedrijf-a",
            {
                "leerbudget": "fits",
                "leercoach": "fits",
                "werkplekleren": "first",
                "vakcertificaat": "unknown",
                "roosterscan": "not",
            },
        ),
        # B has HR, which nothing takes away; of time nothing is known.
        (
            "bedrijf-b",
            {
                "werkplekleren": "fits",
                "leercoach": "unknown",
                "vakcertificaat": "unknown",
                "leerbudget": "not",
                "roosterscan": "not",
            },
        ),
        # C is busy, so it has no time: once there is time there is no longer that workload.
        (
            "bedrijf-c",
            {
                "leerbudget": "fits",
                "leercoach": "first",
                "vakcertificaat": "unknown",
                "werkplekleren": "not",
                "roosterscan": "not",
            },
        ),
    ],
)
def test_the_tiny_graph_by_hand(tiny_release: Path, company: str, verdicts: dict[str, str]) -> None:
    assert on_paper(tiny_release, company)[1] == verdicts


def test_why_in_the_tiny_graph(tiny_release: Path) -> None:
    found, _ = on_paper(tiny_release, "bedrijf-a")
    (fit,) = found.of("first")
    way = fit.ways[0]
    assert slugs((way.met, way.missing, way.unknown)) == (("leerwens",), ("leiding-steunt",), ())
    assert slugs(way.hindering) == slugs(way.doubtful) == ()
    (lack,) = way.first
    assert (slugs(lack.condition), lack.present) == ("leiding-steunt", True)
    assert way.ground == "contradicted"
    (creation,) = found.creations
    assert creation.makers == ()
    against = {slugs(item.intervention): item.against for item in found.fits if item.against}
    assert set(against) == {"roosterscan"}


def test_who_creates_what_is_missing_in_the_tiny_graph(tiny_release: Path) -> None:
    found, _ = on_paper(tiny_release, "bedrijf-c")
    creations = {slugs(item.lack.condition): item.makers for item in found.creations}
    (maker,) = creations["tijd"]
    assert slugs((maker.intervention, maker.configuration)) == (
        "leerbudget",
        "c01-budget-maakt-tijd",
    )
    assert (maker.ground, maker.verdict) == ("hypothesis", "fits")


@some_worlds
@given(worlds())
def test_a_verdict_is_what_trying_gives(given_world: World) -> None:
    view = View(valid(given_world, None), "interventions")
    slow, unsaid = Simulator(view.world), Unsaid(view)
    for company in view.world.companies.values():
        found = fits(view, company, unsaid)
        assert {fit.intervention for fit in found.fits} | set(found.silent) == set(view.things)
        for fit in found.fits:
            tried = {
                operator.configuration.id: tried_out(slow, view, company, operator.configuration)
                for operator in view.of[fit.intervention]
            }
            kept = {o.configuration.id for o in view.of[fit.intervention] if favourable(o)}
            assert {way.configuration: way.verdict for way in fit.ways} == {
                name: tried[name] for name in kept
            }
            best = min((tried[name] for name in kept), key=VERDICTS.index, default="not")
            assert fit.verdict == best
            assert {way.configuration for way in fit.against} == {
                name for name, verdict in tried.items() if name not in kept and verdict == "fits"
            }


def tried_out(slow: Simulator, view: View, company: Company, item: Configuration) -> str:
    """Return the verdict of one configuration by making each change and looking what holds."""
    needs, hindered = item.needs, item.hindered
    holds, absent = slow.holds(company), slow.absent(company)

    def works(now: frozenset[str]) -> bool:
        return all(slow.met(c, now) for c in needs) and not any(slow.met(c, now) for c in hindered)

    def created(names: frozenset[str]) -> frozenset[str]:
        return (slow.start(company).helps - union(slow.against[c] for c in names)) | names

    def doable(condition: str, present: bool) -> bool:
        helpful = [o.configuration for o in view.operators if favourable(o)]
        made = any(
            condition in union(slow.up[c] for c in x.brings)
            if present
            else not slow.down[condition].isdisjoint(slow.ends(x))
            for x in helpful
        )
        return view.world.conditions[condition].malleable or made

    if works(holds):
        return "fits"
    for condition in needs & absent:
        if works(created(frozenset({condition}))) and doable(condition, True):
            return "first"
    for condition in hindered & holds:
        if works(slow.start(company).helps - slow.down[condition]) and doable(condition, False):
            return "first"
    unknown = needs - holds - absent
    if needs & absent or hindered & holds:
        return "not"
    return "unknown" if works(created(unknown)) else "not"


def test_what_hinders_can_be_taken_away_first() -> None:
    view = View(
        world(
            conditions=[
                Condition("rush", opposes=frozenset({"time"}), malleable=False),
                *map(Condition, ["time", "skill"]),
            ],
            interventions=[Intervention("course"), Intervention("budget"), Intervention("other")],
            configurations=[
                configuration("c1", "course", brings="skill", hindered="rush"),
                configuration("c2", "budget", brings="time"),
            ],
        ),
        "interventions",
    )
    found = fits(view, Company("profile", holds=frozenset({"rush"})))
    assert [(fit.intervention, fit.verdict) for fit in found.fits] == [
        ("budget", "fits"),
        ("course", "first"),
    ]
    (creation,) = found.creations
    assert creation.lack == Lack("rush", present=False)
    assert [maker.intervention for maker in creation.makers] == ["budget"]
    assert found.silent == ("other",)


def test_what_was_said_both_ways_is_unknown() -> None:
    view = View(
        world(
            conditions=[Condition("time")],
            interventions=[Intervention("course")],
            configurations=[configuration("c1", "course", needs="time")],
        ),
        "interventions",
    )
    both = frozenset({"time"})
    (fit,) = fits(view, Company("profile", holds=both, lacks=both)).fits
    assert (fit.verdict, fit.ways[0].unknown) == ("unknown", ("time",))


def test_what_is_said_decides_about_all_that_it_touches() -> None:
    """Each company of a world said to be like the others before it, and none of it sticks."""
    view = View(
        world(
            conditions=[Condition("time"), Condition("skill", frozenset({"time"}))],
            interventions=[Intervention("course"), Intervention("coach"), Intervention("other")],
            configurations=[
                configuration("c1", "course", needs="time"),
                configuration("c2", "coach", needs="skill"),
                configuration("c3", "other", hindered="time"),
            ],
        ),
        "interventions",
    )
    unsaid = Unsaid(view)

    def verdicts(*, holds: str = "", lacks: str = "") -> list[tuple[str, str]]:
        company = Company("profile", None, frozenset(holds.split()), frozenset(lacks.split()))
        return [(fit.intervention, fit.verdict) for fit in fits(view, company, unsaid).fits]

    nothing = [("other", "fits"), ("coach", "unknown"), ("course", "unknown")]
    assert verdicts() == nothing
    assert verdicts(holds="skill") == [("coach", "fits"), ("course", "fits"), ("other", "first")]
    assert verdicts(lacks="time") == [("other", "fits"), ("coach", "first"), ("course", "first")]
    assert verdicts() == nothing


def test_only_cases_at_the_companies_that_are_asked_for_are_seen() -> None:
    def finding(name: str, company: str, direction: Direction) -> Finding:
        return Finding(name, "c1", direction, company, 2025, illustrative=True)

    view = View(
        world(
            interventions=[Intervention("course")],
            configurations=[configuration("c1", "course")],
            companies=[Company(name) for name in ("f0", "f1", "f2", "f3")],
            findings=[
                finding("e0", "f0", "supports"),
                finding("e1", "f1", "supports"),
                finding("e2", "f0", "supports"),
                finding("e3", "f2", "contradicts"),
                finding("e4", "f3", "refines"),
            ],
        ),
        "interventions",
    )
    alike = frozenset({"f0", "f2", "f3"})
    assert seen(view, ["c1", "none"], alike) == Seen(frozenset({"f0"}), frozenset({"f2"}))
