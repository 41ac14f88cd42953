"""What is gone through one subject at a time is what is kept; few places are as good as bits."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s4s_graph.coherence import pairs
from s4s_graph.coherence.conflicts import anyhow, conflicts, harmed
from s4s_graph.coherence.conflicts import rows as harm_rows
from s4s_graph.coherence.improvements import improvements
from s4s_graph.coherence.links import STANDINGS, Passing, links
from s4s_graph.coherence.model import Level, World
from s4s_graph.coherence.overlaps import overlaps
from s4s_graph.coherence.overlaps import rows as overlap_rows
from s4s_graph.coherence.practice import agreements, deviations, out_of_order, said
from s4s_graph.coherence.summary import LEVELS
from s4s_graph.coherence.tallies import Tally, tally
from s4s_graph.coherence.view import View
from tests.worlds import worlds

EITHER = st.sampled_from(LEVELS)


@given(worlds(), EITHER)
def test_what_is_counted_is_what_would_be_kept(made: World, level: Level) -> None:
    view = View(made, level)
    kept = links(view)
    expected = Tally(
        {name: len(kept.by_standing[name]) for name in STANDINGS},
        len(kept.breaks),
        len(kept.pairs.touched),
        len(kept.pairs & said(view)),
        len(agreements(view, kept)),
    )
    assert tally(view, Passing(view).rows()) == tally(view, kept.rows()) == expected
    assert expected.links == len(kept.pairs)


@given(worlds(), EITHER)
def test_rows_are_those_of_the_pairs(made: World, level: Level) -> None:
    view = View(made, level)
    against = tuple(map(anyhow, harm_rows(view, harmed(view))))
    assert against == conflicts(view).pairs.rows
    shared = overlaps(view, links(view)).pairs
    assert tuple(row for row, _ in overlap_rows(view)) == (shared | shared.turned).rows
    assert Counter(deviations(view)) == Counter(out_of_order(view))


@given(worlds(), EITHER)
def test_improvements_do_not_need_the_links_to_be_kept(made: World, level: Level) -> None:
    view = View(made, level)
    assert improvements(view, Passing(view)) == improvements(view, links(view))


@given(worlds(), EITHER)
def test_places_one_by_one_give_the_same_as_bits(made: World, level: Level) -> None:
    def found() -> tuple[object, ...]:
        view = View(made, level)
        return links(view), conflicts(view), overlaps(view, links(view)), said(view)

    as_bits = found()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "SPARSE", 0)
        assert isinstance(pairs.packed([1], 4), tuple)
        assert found() == as_bits
