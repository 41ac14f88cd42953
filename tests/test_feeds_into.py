"""The derivation that links interventions through shared conditions, case by case."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from s4s_graph import derive, namespaces

FOLDER = Path(__file__).resolve().parents[1] / "ontology/derivations"
SEGMENTS = ("condition", "configuration", "intervention", "intervention-kind")
PREFIXES = namespaces.prefixes(namespaces.BASE, (*SEGMENTS, "theory-status", "valence"))
GIVER = (
    "configuration:give s4s:aboutIntervention intervention:giver ; "
    "s4s:hasOutcome condition:time ; s4s:valence valence:beoogd ; "
    "s4s:status theory-status:initieel . "
)
TAKER = (
    "configuration:take s4s:aboutIntervention intervention:taker ; "
    "s4s:hasContext condition:time ; s4s:status theory-status:getoetst . "
)
TWO_KINDS = (GIVER + TAKER).replace("aboutIntervention intervention", "aboutKind intervention-kind")


def pairs(turtle: str) -> set[tuple[str, str]]:
    """Return which slug feeds into which, by the shipped derivation."""
    header = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    quads = ox.parse(header + turtle, ox.RdfFormat.TURTLE)
    found = derive.derived(quads, FOLDER, PREFIXES, f"{namespaces.BASE}graph/derived")
    links = [q for q in found if q.predicate == ox.NamedNode(f"{PREFIXES['s4s']}feedsInto")]
    return {(_slug(quad.subject), _slug(quad.object)) for quad in links}


def _slug(term: object) -> str:
    assert isinstance(term, ox.NamedNode)
    return term.value.rpartition("/")[2]


@pytest.mark.parametrize(
    "turtle",
    [
        pytest.param(GIVER + TAKER, id="an outcome of one is a context of the other"),
        pytest.param(TWO_KINDS, id="the same between two kinds"),
        pytest.param(
            GIVER.replace("condition:time", "condition:paid-time")
            + TAKER
            + "condition:paid-time skos:broader condition:spare-time . "
            + "condition:spare-time skos:broader condition:time .",
            id="the outcome is narrower than what is needed",
        ),
        pytest.param(GIVER.replace("beoogd", "averechts") + TAKER, id="an adverse outcome"),
        pytest.param(
            GIVER + "configuration:give s4s:hasOutcome condition:other . " + TAKER,
            id="another outcome beside it",
        ),
    ],
)
def test_giver_feeds_into_taker(turtle: str) -> None:
    assert pairs(turtle) == {("giver", "taker")}


@pytest.mark.parametrize(
    "turtle",
    [
        pytest.param(
            GIVER.replace("beoogd", "uitblijvend") + TAKER, id="an outcome that stayed away"
        ),
        pytest.param(GIVER.replace("initieel", "verworpen") + TAKER, id="a rejected giver"),
        pytest.param(GIVER + TAKER.replace("getoetst", "verworpen"), id="a rejected taker"),
        pytest.param(GIVER + TAKER.replace("hasContext", "hinderedBy"), id="a hindrance"),
        pytest.param(GIVER + TAKER.replace(":taker", ":giver"), id="an intervention and itself"),
        pytest.param(
            GIVER
            + TAKER.replace("condition:time", "condition:paid-time")
            + "condition:paid-time skos:broader condition:time .",
            id="the outcome is broader than what is needed",
        ),
        pytest.param(
            GIVER
            + TAKER.replace("aboutIntervention intervention:taker", "aboutKind intervention-kind:k")
            + "intervention:taker s4s:ofKind intervention-kind:k .",
            id="an intervention and a kind",
        ),
    ],
)
def test_nothing_feeds_into_anything(turtle: str) -> None:
    assert pairs(turtle) == set()
