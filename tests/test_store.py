"""The store: rows as dataclasses, labels, descriptions, from a release in memory and on disk."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from s4s_graph.documents import FORMATS
from s4s_graph.store import INCOMING_LIMIT, Iri, Label, Literal, Store, StoreError, Term

XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "http://example.org/"
GRAPHS = """
PREFIX ex: <http://example.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
GRAPH ex:one {
  ex:coach skos:prefLabel "loopbaancoach"@nl , "career coach"@en ; ex:year "2024"^^xsd:gYear ;
    ex:hours 12 ; ex:price 1.5 ; ex:open true ; ex:list ( ex:a "b" ) .
  ex:fund skos:prefLabel "A+O" ; rdfs:label "not this one"@nl .
  ex:paper dcterms:title "Ein Aufsatz"@de .
  ex:term rdfs:label "term"@en , "a term"@en .
}
GRAPH ex:two { ex:coach skos:altLabel "coach"@nl . ex:other ex:about ex:coach . }
"""
PREFIXES = {
    "ex": EX,
    "dcterms": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": XSD,
}


@dataclass(frozen=True)
class Coach:
    thing: str
    name: Term
    year: int
    hours: int
    price: float
    open: bool
    note: str | None
    iri: Iri


COACH = """
SELECT ?thing ?name ?year ?hours ?price ?open ?note ?iri ?lang WHERE {
  ?thing skos:prefLabel ?name ; ex:year ?year ; ex:hours ?hours ; ex:price ?price ; ex:open ?open .
  OPTIONAL { ?thing ex:note ?note }
  BIND(?thing AS ?iri)
  FILTER(LANG(?name) = ?lang)
}
"""


@pytest.fixture(scope="module")
def store() -> Store:
    graph = ox.Store()
    graph.load(GRAPHS.encode(), format=ox.RdfFormat.TRIG)
    return Store.over(graph, PREFIXES)


def test_a_row_takes_its_types_from_the_dataclass(store: Store) -> None:
    coach = EX + "coach"
    name = Literal("loopbaancoach", "nl", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")
    expected = Coach(coach, name, 2024, 12, 1.5, True, None, Iri(coach))
    assert store.select(COACH, Coach, lang="nl") == [expected]
    assert store.select(COACH, Coach, lang="de") == []


@dataclass(frozen=True)
class Named:
    name: str


@dataclass(frozen=True)
class Counted:
    name: int


NAME = "SELECT ?name ?thing WHERE { ?thing skos:prefLabel ?name } ORDER BY ?name"


def test_a_parameter_is_a_term_and_never_text_of_the_query(store: Store) -> None:
    assert [row.name for row in store.select(NAME, Named, thing=Iri(EX + "fund"))] == ["A+O"]
    injected = '" . ?s ?p ?o . FILTER(?o = "'
    assert store.select(NAME, Named, thing=injected) == []
    hours = "SELECT ?thing ?hours WHERE { ?thing ex:hours ?hours }"
    assert len(store.answer(hours, hours=12).rows) == 1
    year = "SELECT ?thing ?year WHERE { ?thing ex:year ?year }"
    assert len(store.answer(year, year=Literal("2024", None, XSD + "gYear")).rows) == 1
    tagged = Literal("career coach", "en", "")
    assert len(store.answer(NAME, name=tagged).rows) == 1


@pytest.mark.parametrize(
    ("query", "row", "params", "said"),
    [
        (NAME, Named, {}, "without a field: .*thing"),
        ("SELECT ?thing WHERE { ?thing ex:hours ?h }", Named, {}, "not selected: .*name"),
        ("SELECT ?name WHERE { ?s skos:prefLabel ?name }", Named, {"lang": "nl"}, "lang"),
        ("SELECT ?name WHERE { ?s skos:prefLabel ?name }", Counted, {}, "Counted.name cannot hold"),
        ("SELECT ?name WHERE { BIND(1 / 0 AS ?name) }", Named, {}, "Named.name needs a value"),
        ("SELECT ?name WHERE { ?s ex:list ?name }", Named, {}, "no name to show"),
        (NAME, Named, {"thing": Iri("not an iri")}, "not an IRI"),
        ("ASK { ?s ?p ?o }", Named, {}, "only SELECT"),
    ],
)
def test_what_does_not_fit_is_said(
    store: Store, query: str, row: type, params: dict[str, Term | str | int], said: str
) -> None:
    with pytest.raises(StoreError, match=said):
        store.select(query, row, **params)


def test_an_answer_has_the_columns_in_their_order(store: Store) -> None:
    answer = store.answer(
        "SELECT ?hours ?note WHERE { ?s ex:hours ?hours OPTIONAL { ?s ex:x ?note } }"
    )
    assert answer.columns == ("hours", "note")
    assert answer.rows == ((Literal("12", None, XSD + "integer"), None),)


@pytest.mark.parametrize(
    ("name", "lang", "label"),
    [
        ("coach", "nl", Label("loopbaancoach", "nl")),
        ("coach", "en", Label("career coach", "en")),
        ("fund", "nl", Label("A+O", None)),
        ("paper", "nl", Label("Ein Aufsatz", "de")),
        ("term", "nl", Label("a term", "en")),
        ("nothing", "nl", None),
    ],
)
def test_a_label_falls_back_in_a_fixed_order(
    store: Store, name: str, lang: str, label: Label | None
) -> None:
    assert store.labels([EX + name], lang).get(EX + name) == label


def test_only_what_is_a_subject_exists(store: Store) -> None:
    assert store.exists(EX + "coach")
    assert not store.exists(EX + "nobody")
    assert not store.exists("<not an iri>")


def test_a_description_has_what_is_said_of_a_thing_and_what_points_at_it(store: Store) -> None:
    text = store.describe(EX + "coach", "text/turtle").decode()
    triples = list(ox.parse(text, format=ox.RdfFormat.TURTLE))
    assert ox.NamedNode(EX + "other") in {quad.subject for quad in triples}
    # The two items of the list come along: blank nodes have no page of their own.
    assert {ox.NamedNode(EX + "a"), ox.Literal("b")} <= {quad.object for quad in triples}
    assert "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ." in text
    assert "dcterms" not in text
    assert text.index("ex:coach") < text.index("ex:other")


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_description_has_the_same_bytes_in_another_store(media_type: str, store: Store) -> None:
    other = ox.Store()
    other.extend(reversed(list(ox.parse(GRAPHS, format=ox.RdfFormat.TRIG))))
    again = Store.over(other, PREFIXES)
    assert store.describe(EX + "coach", media_type) == again.describe(EX + "coach", media_type)


def test_a_description_of_a_hub_is_cut(store: Store) -> None:
    hub = ox.NamedNode(EX + "hub")
    graph = ox.Store()
    graph.extend(
        ox.Quad(ox.NamedNode(f"{EX}{i}"), ox.NamedNode(EX + "about"), hub) for i in range(5000)
    )
    lines = Store.over(graph, {}).describe(hub.value, "application/n-triples").splitlines()
    assert len(lines) == INCOMING_LIMIT


@dataclass(frozen=True)
class Thing:
    thing: str


@pytest.mark.parametrize("memory_quads", [0, 10**9], ids=["on disk", "in memory"])
def test_a_release_is_read_by_many_threads(tiny_release: Path, memory_quads: int) -> None:
    store = Store.open(tiny_release, memory_quads=memory_quads)
    query = "SELECT ?thing WHERE { ?thing a s4s:Intervention } ORDER BY ?thing"

    def ask(_: int) -> list[Thing]:
        return store.select(query, Thing)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(40)))
    assert answers[0]
    assert all(answer == answers[0] for answer in answers)
    assert all(thing.thing.startswith(store.prefixes["intervention"]) for thing in answers[0])
