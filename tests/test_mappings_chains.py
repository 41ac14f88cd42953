"""What follows from mappings, and what does not."""

import pytest

from s4s_graph.mappings import chains
from s4s_graph.mappings.chains import Asserted, Assertion, Chain, composed
from s4s_graph.mappings.wording import BROAD, CLOSE, EXACT, NARROW, PREDICATES, RELATED
from s4s_graph.namespaces import BASE

OURS, CNL, ESCO, ONET, FAR = (
    f"{BASE}id/skill/",
    "https://example.org/cnl/",
    "https://example.org/esco/",
    "https://example.org/onet/",
    "https://example.org/zz/",
)


def said(subject: str, predicate: str, value: str, confidence: float | None = None) -> Assertion:
    return Assertion(subject, predicate, value, "https://example.org/graph", None, confidence)


def derived(*matches: Assertion, denied: tuple[Assertion, ...] = ()) -> list[Chain]:
    asserted = Asserted()
    for match in matches:
        asserted.add(match)
    for match in denied:
        asserted.add(match, holds=False)
    return chains.derive(asserted, BASE)


def ends(found: list[Chain]) -> list[tuple[str, str, str]]:
    return [(chain.subject, chain.predicate, chain.object) for chain in found]


@pytest.mark.parametrize("predicate", PREDICATES)
def test_an_exact_match_before_or_behind_changes_nothing(predicate: str) -> None:
    assert composed(EXACT, predicate) == composed(predicate, EXACT) == predicate


def test_wider_than_wider_is_wider_and_narrower_than_narrower_narrower() -> None:
    assert composed(BROAD, BROAD) == BROAD
    assert composed(NARROW, NARROW) == NARROW


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (CLOSE, CLOSE),
        (RELATED, RELATED),
        (BROAD, NARROW),
        (NARROW, BROAD),
        (CLOSE, BROAD),
        (BROAD, CLOSE),
        (RELATED, BROAD),
    ],
)
def test_nothing_follows_from_any_other_two(first: str, second: str) -> None:
    assert composed(first, second) is None
    assert derived(said(f"{OURS}a", first, f"{CNL}b"), said(f"{CNL}b", second, f"{ESCO}c")) == []


def test_a_chain_says_what_it_rests_on_and_multiplies_how_sure_that_is() -> None:
    first, second = said(f"{OURS}a", EXACT, f"{CNL}b", 0.8), said(f"{CNL}b", BROAD, f"{ESCO}c", 0.5)

    (chain,) = derived(first, second)

    assert ends([chain]) == [(f"{OURS}a", BROAD, f"{ESCO}c")]
    assert chain.steps == (first, second)
    assert chain.confidence == pytest.approx(0.4)


def test_where_nobody_says_how_sure_a_step_is_the_chain_does_not_either() -> None:
    (chain,) = derived(said(f"{OURS}a", EXACT, f"{CNL}b"), said(f"{CNL}b", EXACT, f"{ESCO}c"))

    assert chain.confidence is None


def test_a_match_is_read_backwards_too() -> None:
    found = derived(said(f"{CNL}b", NARROW, f"{OURS}a"), said(f"{ESCO}c", NARROW, f"{CNL}b"))

    assert ends(found) == [(f"{OURS}a", BROAD, f"{ESCO}c")]


def test_a_pair_of_others_is_told_once() -> None:
    found = derived(said(f"{ESCO}c", EXACT, f"{CNL}b"), said(f"{ONET}d", BROAD, f"{ESCO}c"))

    assert ends(found) == [(f"{CNL}b", NARROW, f"{ONET}d")]


def test_a_chain_has_at_most_three_steps() -> None:
    steps = [
        said(f"{OURS}a", EXACT, f"{CNL}b"),
        said(f"{CNL}b", EXACT, f"{ESCO}c"),
        said(f"{ESCO}c", EXACT, f"{ONET}d"),
        said(f"{ONET}d", EXACT, f"{FAR}e"),
    ]
    found = {(chain.subject, chain.object): len(chain.steps) for chain in derived(*steps)}

    assert found[f"{OURS}a", f"{ONET}d"] == 3
    assert (f"{OURS}a", f"{FAR}e") not in found


def test_what_someone_said_of_a_pair_stands_either_way_round() -> None:
    steps = (said(f"{OURS}a", EXACT, f"{CNL}b"), said(f"{CNL}b", EXACT, f"{ESCO}c"))
    close = said(f"{ESCO}c", CLOSE, f"{OURS}a")

    assert ends(derived(*steps)) == [(f"{OURS}a", EXACT, f"{ESCO}c")]
    assert (f"{OURS}a", EXACT, f"{ESCO}c") not in ends(derived(*steps, close))
    assert derived(*steps, denied=(said(f"{OURS}a", EXACT, f"{ESCO}c"),)) == []
    assert derived(*steps, denied=(said(f"{ESCO}c", CLOSE, f"{OURS}a"),)) == []


def test_nothing_follows_from_what_does_not_hold() -> None:
    holds, denied = said(f"{OURS}a", EXACT, f"{CNL}b"), said(f"{CNL}b", EXACT, f"{ESCO}c")

    assert derived(holds, denied=(denied,)) == []


def test_nothing_follows_from_no_match_at_all() -> None:
    nothing = "https://w3id.org/sssom/NoTermFound"

    assert derived(said(f"{OURS}a", EXACT, nothing), said(f"{ESCO}c", EXACT, nothing)) == []


def test_two_concepts_of_one_vocabulary_are_not_mapped_to_each_other() -> None:
    found = derived(said(f"{OURS}a", EXACT, f"{ESCO}c"), said(f"{OURS}b", EXACT, f"{ESCO}c"))

    assert found == []


def test_of_two_ways_the_surest_is_told_then_the_strongest() -> None:
    weak = (said(f"{OURS}a", EXACT, f"{CNL}b", 0.5), said(f"{CNL}b", EXACT, f"{ESCO}c"))
    sure = (said(f"{OURS}a", CLOSE, f"{ONET}d", 0.9), said(f"{ONET}d", EXACT, f"{ESCO}c"))

    found = {(c.subject, c.object): c.predicate for c in derived(*weak, *sure)}

    assert found[f"{OURS}a", f"{ESCO}c"] == CLOSE
