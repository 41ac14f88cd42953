"""A question that computes a notion live, and the function that computes it, give the same.

The questions do not copy what is known of a kind to its interventions, but for overlaps: so they
are held against a world in which each level has its own configurations only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pytest

from s4s_graph import release
from s4s_graph.coherence import read
from s4s_graph.coherence.conflicts import clashes, conflicts
from s4s_graph.coherence.coverage import coverage
from s4s_graph.coherence.gaps import fragile, gaps
from s4s_graph.coherence.links import Links, instances, links
from s4s_graph.coherence.loops import loops
from s4s_graph.coherence.model import World, valid
from s4s_graph.coherence.overlaps import overlap, overlaps
from s4s_graph.coherence.practice import (
    FORWARD,
    computed_only,
    holder_pairs,
    out_of_order,
    said_and_computed,
)
from s4s_graph.coherence.view import View
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.questions import load
from s4s_graph.store import Store

QUESTIONS = Path(__file__).resolve().parents[1] / "ontology/questions"
DEF = f"{BASE}def#"
OWN, OF_KINDS = f"{DEF}aboutIntervention", f"{DEF}aboutKind"
HOWS = {"hinders": "hinderedBy", "takes-away": "undermines", "opposes": "opposes"}

Rows = set[tuple[str | int | None, ...]]


@dataclass(frozen=True)
class Graph:
    """A release with what its questions answer and what is computed of it."""

    store: Store
    forms: Forms

    def rows(self, name: str, *columns: str) -> Rows:
        """Return the answer to a question with its defaults."""
        question = load(QUESTIONS, self.forms)[name]
        answer = self.store.answer(question.text, **question.bind({}, "en", BASE))
        assert len(answer.rows) < 1000, "the limit of the question leaves rows out"
        places = [answer.columns.index(column) for column in columns]
        return {tuple(_plain(row[place]) for place in places) for row in answer.rows}

    @cached_property
    def world(self) -> World:
        return valid(read.world(self.store), None)

    @cached_property
    def levels(self) -> tuple[tuple[str, View], ...]:
        own = {
            name: item
            for name, item in self.world.configurations.items()
            if item.subject in self.world.interventions
        }
        interventions = View(replace(self.world, configurations=own), "interventions")
        return (OWN, interventions), (OF_KINDS, View(self.world, "kinds"))


def _plain(term: object) -> str | int | None:
    value = getattr(term, "value", None)
    return int(value) if value is not None and value.isdecimal() else value


@pytest.fixture(params=["tiny_release", "shipped_release"])
def graph(request: pytest.FixtureRequest) -> Graph:
    folder: Path = request.getfixturevalue(request.param)
    forms = Forms.from_json((folder / release.FORMS).read_text(encoding="utf-8"))
    return Graph(Store.open(folder, memory_quads=1_000_000), forms)


def both(graph: Graph, of: Callable[[View, Links], Iterable[tuple[str | int, ...]]]) -> Rows:
    """Return what a function finds on both levels, with the level last in each row."""
    return {(*row, about) for about, view in graph.levels for row in of(view, links(view))}


def test_hand_offs(graph: Graph) -> None:
    def found(view: View, linked: Links) -> Iterable[tuple[str, ...]]:
        for pair in linked.pairs:
            yield from (
                (*pair, item.made, item.needed)
                for item in instances(view, *pair)
                if not item.breaks
            )

    rows = graph.rows("hand-offs", "from", "to", "made", "needed", "standing")
    assert rows == both(graph, found) != set()


def test_gaps(graph: Graph) -> None:
    rows = graph.rows("gaps", "condition", "needed_by", "standing")
    assert rows == both(
        graph, lambda view, _: ((gap.condition, len(gap.interventions)) for gap in gaps(view))
    )


def test_single_makers(graph: Graph) -> None:
    rows = graph.rows("single-makers", "condition", "maker", "needed_by", "standing")
    assert rows == both(
        graph,
        lambda view, _: (
            (item.condition, item.maker, len(item.interventions)) for item in fragile(view)
        ),
    )


def test_conflicts(graph: Graph) -> None:
    def found(view: View, _: Links) -> Iterable[tuple[str, ...]]:
        for pair in conflicts(view).pairs:
            yield from (
                (*pair, f"{DEF}{HOWS[clash.how]}", clash.needed) for clash in clashes(view, *pair)
            )

    rows = graph.rows("conflicts", "from", "to", "how", "condition", "standing")
    assert rows == both(graph, found) != set()


def test_overlaps(graph: Graph) -> None:
    view = View(graph.world, "interventions")
    linked = links(view)
    found = {
        (*pair, len(overlap(view, linked, *pair).outcomes)) for pair in overlaps(view, linked).pairs
    }
    assert graph.rows("overlaps", "one", "other", "outcomes") == found


def test_order_in_practice(graph: Graph) -> None:
    (_, view), _ = graph.levels
    found = {
        (
            item.company,
            item.intervention,
            item.year,
            item.condition or item.relation,
            min((year for _, year in item.later), default=None),
        )
        for item in out_of_order(view)
    }
    columns = ("firm", "second", "second_year", "reason", "first_year")
    assert graph.rows("order-in-practice", *columns) == found != set()


def test_agreements_needed(graph: Graph) -> None:
    (_, view), _ = graph.levels
    found = {(pair.giver, pair.receiver, pair.links) for pair in holder_pairs(view, links(view))}
    rows = graph.rows("agreements-needed", "giver", "receiver", "links", "standing")
    assert {row[:3] for row in rows if row[3] == OWN} == found


def test_coverage(graph: Graph) -> None:
    found = {(cell.actor, cell.step, len(cell.interventions)) for cell in coverage(graph.world)}
    assert graph.rows("coverage-actor-step", "actor", "step", "interventions") == found


def test_feedback_loops(graph: Graph) -> None:
    found: Rows = set()
    for _, view in graph.levels:
        linked = links(view)
        for group in loops(view, linked).groups:
            found |= {(one, other) for one in group for other in group} & set(linked.pairs)
    assert graph.rows("feedback-loops", "from", "to") == found


def test_circles_are_what_links_lead_back_along(graph: Graph) -> None:
    live = "SELECT ?from ?to WHERE { ?from s4s:feedsInto ?to . ?to s4s:feedsInto+ ?from }"
    found = {tuple(map(_plain, row)) for row in graph.store.answer(live).rows}
    assert graph.rows("feedback-loops", "from", "to") == found


def test_relations_said_and_computed(graph: Graph) -> None:
    (_, view), _ = graph.levels
    linked = links(view)
    said = {
        (item.origin, item.target, relation, item.verdict == "both")
        for item in said_and_computed(view, linked)
        for relation in item.relations
    }
    found = said | {(*pair, None, True) for pair in computed_only(view, linked)}
    columns = ("from", "to", "relation", "type", "computed")
    forward = {f"{BASE}id/relation-type/{name}" for name in FORWARD}
    rows = {
        (origin, target, relation, computed is not None)
        for origin, target, relation, kind, computed in graph.rows(
            "relations-said-and-computed", *columns
        )
        if kind is None or kind in forward
    }
    assert rows == found != set()
