"""What goes with a thing that is taken out, and what stays."""

import pyoxigraph as ox
import pytest

from s4s_graph import cascade, forms
from s4s_graph.cascade import RDF_TYPE
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings

KINDS = {"company": "Company", "case": "CaseStudy", "finding": "Finding",
         "mirror-session": "MirrorSession", "configuration": "Configuration"}  # fmt: skip


@pytest.fixture(scope="module")
def form_set() -> Forms:
    return forms.read(Settings().shapes, BASE)


def thing(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{name}")


def graph(*triples: str) -> list[ox.Quad]:
    """Return quads for lines such as "finding/a fromCase case/a", each thing with its type."""
    quads, seen = [], set()
    for triple in triples:
        subject, predicate, value = triple.split()
        seen |= {subject, value}
        path = ox.NamedNode(f"{BASE}def#{predicate}")
        quads.append(ox.Quad(thing(subject), path, thing(value), thing("graph")))
    for name in sorted(seen):
        kind = KINDS.get(name.partition("/")[0])
        if kind:
            quads.append(
                ox.Quad(thing(name), RDF_TYPE, ox.NamedNode(f"{BASE}def#{kind}"), thing("graph"))
            )
    return quads


def gone(quads: list[ox.Quad], name: str, form_set: Forms) -> set[str]:
    left = cascade.without(quads, [thing(name)], form_set, BASE)
    assert not [q for q in left.quads if {q.subject, q.object} & left.gone]
    return {str(one).removeprefix(f"<{BASE}id/").rstrip(">") for one in left.gone}


def test_what_rests_on_it_goes_step_by_step(form_set: Forms) -> None:
    quads = graph(
        "case/a atCompany company/a",
        "finding/a fromCase case/a",
        "mirror-session/a discusses finding/a",
        "finding/a supports configuration/a",
    )
    expected = {"company/a", "case/a", "finding/a", "mirror-session/a"}
    assert gone(quads, "company/a", form_set) == expected


def test_a_list_that_has_more_loses_one_value(form_set: Forms) -> None:
    quads = graph("mirror-session/a discusses finding/a", "mirror-session/a discusses finding/b")
    assert gone(quads, "finding/a", form_set) == {"finding/a"}
    assert gone(quads[1:], "finding/b", form_set) == {"finding/b", "mirror-session/a"}


def test_what_no_form_describes_goes_with_what_it_refers_to(form_set: Forms) -> None:
    quads = graph("remark/a about finding/a", "remark/b about remark/a")
    assert gone(quads, "finding/a", form_set) == {"finding/a", "remark/a", "remark/b"}


def test_terms_and_lists_stay(form_set: Forms) -> None:
    quads = graph("scheme/a hasTopConcept finding/a")
    term = ox.NamedNode(f"{BASE}graph/ontology/schemes/a")
    listed = [ox.Quad(q.subject, q.predicate, q.object, term) for q in quads[:1]]
    assert gone([*listed, *quads[1:]], "finding/a", form_set) == {"finding/a"}


def test_a_blank_node_goes_with_the_last_that_refers_to_it(form_set: Forms) -> None:
    inside, path = ox.BlankNode("b"), ox.NamedNode(f"{BASE}def#note")
    quads = [ox.Quad(thing("finding/a"), path, inside, thing("graph"))]
    left = cascade.without(quads, [thing("finding/a")], form_set, BASE)
    assert left.gone == {thing("finding/a"), inside}
    quads.append(ox.Quad(thing("finding/b"), path, inside, thing("graph")))
    assert inside not in cascade.without(quads, [thing("finding/a")], form_set, BASE).gone


def test_nothing_goes_without_a_reason(form_set: Forms) -> None:
    quads = graph("finding/a fromCase case/a")
    assert cascade.without(quads, [], form_set, BASE).quads == quads
