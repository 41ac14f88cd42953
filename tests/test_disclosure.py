"""What is restricted or invented stays out, and nothing else does."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from s4s_graph import disclosure, forms, sources
from s4s_graph.cascade import RDF_TYPE
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.problems import VIOLATION, Problem
from s4s_graph.settings import Settings
from s4s_graph.sources import Source

SMALL = Path(__file__).parent / "small"
Node = ox.NamedNode | ox.BlankNode
OWNER = f"{BASE}def#owner"


@pytest.fixture(scope="module")
def form_set() -> Forms:
    return forms.read(SMALL / "shapes", BASE)


@pytest.fixture(scope="module")
def quads(form_set: Forms) -> list[ox.Quad]:
    files = sources.files(SMALL / "ontology", SMALL / "shapes", SMALL / "data")
    return [quad for file in files for quad in sources.read(file, form_set, BASE).quads]


def test_public_leaves_out_the_values_of_restricted_properties(
    quads: list[ox.Quad], form_set: Forms
) -> None:
    public = disclosure.public(quads, form_set)
    left_out = [quad for quad in quads if quad not in public]
    assert left_out == disclosure.restricted(quads, form_set)
    assert [(quad.predicate.value, quad.object.value) for quad in left_out] == [
        (OWNER, "Geheim Metaal BV")
    ]


def test_a_restricted_property_is_restricted_for_a_thing_without_a_type(form_set: Forms) -> None:
    stray = ox.Quad(
        ox.NamedNode("https://example.org/stray"), ox.NamedNode(OWNER), ox.Literal("Geheim")
    )
    assert disclosure.public([stray], form_set) == []


def test_invented_things_go_with_everything_that_is_said_of_them(quads: list[ox.Quad]) -> None:
    kept = disclosure.without_illustrative(quads, BASE)
    gone = [quad for quad in quads if quad not in kept]
    robot, programming = (
        ox.NamedNode(f"{BASE}id/{path}") for path in ("machine/robot", "skill/programming")
    )
    assert {quad.subject for quad in gone} == {robot, programming}
    assert not any({quad.subject, quad.object} & {robot, programming} for quad in kept)


def test_what_points_at_an_invented_thing_goes_as_well() -> None:
    invented, real = ox.NamedNode("https://example.org/a"), ox.NamedNode("https://example.org/b")
    status = ox.Quad(
        invented,
        ox.NamedNode(f"{BASE}def#dataStatus"),
        ox.NamedNode(f"{BASE}id/data-status/illustrative"),
    )
    pointing = ox.Quad(real, ox.NamedNode(f"{BASE}def#needs"), invented)
    assert disclosure.without_illustrative([status, pointing], BASE) == []


@pytest.mark.parametrize("value", ["Geheim Metaal BV", "x"])
def test_a_report_repeats_no_restricted_value(value: str) -> None:
    text = forms.Text(nl=f"'{value}' is fout", en=f"'{value}' is wrong")
    problem = Problem(VIOLATION, text, "machines.csv", 2, "owner", value)
    (redacted,) = disclosure.redacted([problem], frozenset({value}))
    assert redacted.value is None
    assert f"'{value}'" not in redacted.message.nl + redacted.message.en
    assert (redacted.file, redacted.row, redacted.column) == ("machines.csv", 2, "owner")


def test_a_report_keeps_the_other_problems() -> None:
    problem = Problem(VIOLATION, forms.Text(nl="fout", en="wrong"), value="een")
    assert disclosure.redacted([problem], frozenset({"twee"})) == [problem]


def test_of_a_company_only_what_its_form_lists_is_public() -> None:
    """A table cannot say more; a file of RDF can say anything."""
    form_set = forms.read(Settings().shapes, BASE)
    company, use, other = (ox.NamedNode(f"{BASE}id/{name}") for name in ("company/a", "u", "other"))
    page, place = ox.NamedNode("https://metal.example/"), ox.BlankNode()
    graph = ox.NamedNode(f"{BASE}graph/more")

    def said(subject: Node, path: str, value: Node | ox.Literal) -> ox.Quad:
        return ox.Quad(subject, ox.NamedNode(path), value, graph)

    def own(name: str) -> ox.NamedNode:
        return ox.NamedNode(f"{BASE}def#{name}")

    listed = [
        said(company, RDF_TYPE.value, own("Company")),
        said(company, own("region").value, ox.NamedNode(f"{BASE}id/region/limburg")),
        said(use, RDF_TYPE.value, own("Deployment")),
        said(use, own("atCompany").value, company),
        said(other, "https://schema.org/name", ox.Literal("of no company")),
    ]
    stray = [
        said(company, "https://schema.org/numberOfEmployees", ox.Literal("37")),
        said(company, "http://www.w3.org/2002/07/owl#sameAs", page),
        said(company, RDF_TYPE.value, ox.NamedNode("https://schema.org/LocalBusiness")),
        said(company, "https://schema.org/location", place),
        said(place, "https://schema.org/streetAddress", ox.Literal("Dorpsstraat 1")),
        said(use, "https://schema.org/url", page),
        said(other, "http://purl.org/dc/terms/relation", company),
    ]
    source = Source("more.ttl", "", [*listed, *stray], {}, [])
    found = disclosure.split([source], source.quads, form_set, BASE)
    assert found.public == listed
    assert found.restricted == stray
