"""What the endpoint is and can do, as a SPARQL 1.1 Service Description."""

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from s4s_graph import documents
from s4s_graph.forms import Text
from s4s_graph.limits import limits
from s4s_graph.settings import Settings

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DCTERMS = "http://purl.org/dc/terms/"
XLSX = (
    "http://www.iana.org/assignments/media-types/"
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)
HTML = "http://www.iana.org/assignments/media-types/text/html"
PREFIXES = {"sd": SD, "formats": FORMATS, "dcterms": DCTERMS}

_RESULTS = [
    FORMATS + name
    for name in (
        "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
        "Turtle", "N-Triples", "N-Quads", "TriG", "JSON-LD", "RDF_XML",
    )
]  # fmt: skip
_TITLE = Text(nl="SPARQL-endpoint", en="SPARQL endpoint")
_ABOUT = Text(
    nl="Alleen om te vragen: SPARQL 1.1 Query zonder SERVICE, en geen SPARQL Update. Van SPARQL "
    "1.2 zijn er triple terms en reifiers (<<( … )>>, <<…>>, {| … |}) met hun functies, en "
    "teksten met een schrijfrichting (@ar--rtl).",
    en="For questions only: SPARQL 1.1 Query without SERVICE, and no SPARQL Update. Of SPARQL 1.2 "
    "there are triple terms and reifiers (<<( … )>>, <<…>>, {| … |}) with their functions, and "
    "texts with a base direction (@ar--rtl).",
)
_DEFAULT = Text(
    nl="De standaardgraaf is de vereniging van alle openbare grafen: alles wat hier te vragen is, "
    "in een benoemde graaf of niet. Met FROM of default-graph-uri kiest u er enkele.",
    en="The default graph is the union of all public graphs: all that can be asked here, in a "
    "named graph or not. FROM or default-graph-uri chooses some of them.",
)
_LIMITED = Text(nl="Grenzen", en="Limits")


def description(endpoint: str, graphs: Iterable[str], settings: Settings, media_type: str) -> bytes:
    """Return the description in one of documents.FORMATS.

    `endpoint` is the address that is asked; the names in the description are relative to it.
    """
    triples = ox.Dataset(
        ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), thing)
        for subject, predicate, thing in _triples(endpoint, sorted(graphs), settings)
    )
    service = ox.NamedNode(f"{endpoint}#service")
    return documents.write(triples, media_type, PREFIXES, first=service)


def _triples(
    endpoint: str, graphs: list[str], settings: Settings
) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
    service, dataset, default = (f"{endpoint}#{name}" for name in ("service", "dataset", "default"))
    things = {
        RDF + "type": [SD + "Service"],
        SD + "endpoint": [endpoint],
        SD + "supportedLanguage": [SD + "SPARQL11Query"],
        SD + "feature": [SD + "UnionDefaultGraph"],
        SD + "resultFormat": [*_RESULTS, XLSX, HTML],
        SD + "defaultDataset": [dataset],
    }
    yield from _said(service, things)
    yield from _texts(service, DCTERMS + "title", _TITLE)
    yield from _texts(service, DCTERMS + "description", _ABOUT)
    yield from _texts(service, DCTERMS + "description", _limited(settings))
    yield from _said(dataset, {RDF + "type": [SD + "Dataset"], SD + "defaultGraph": [default]})
    yield from _said(default, {RDF + "type": [SD + "Graph"]})
    yield from _texts(default, DCTERMS + "description", _DEFAULT)
    for number, graph in enumerate(graphs, start=1):
        named = f"{endpoint}#graph-{number}"
        yield from _said(dataset, {SD + "namedGraph": [named]})
        yield from _said(named, {RDF + "type": [SD + "NamedGraph"], SD + "name": [graph]})


def _limited(settings: Settings) -> Text:
    def in_language(lang: str) -> str:
        # As JSON and RDF write numbers: for programs too.
        each = (f"{x.name.of(lang)} {x.value:.15g} {x.unit.of(lang)}" for x in limits(settings))
        return f"{_LIMITED.of(lang)}: {', '.join(each)}."

    return Text(nl=in_language("nl"), en=in_language("en"))


def _said(
    subject: str, things: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, str, ox.NamedNode]]:
    for predicate, iris in things.items():
        for iri in iris:
            yield subject, predicate, ox.NamedNode(iri)


def _texts(subject: str, predicate: str, text: Text) -> Iterator[tuple[str, str, ox.Literal]]:
    for lang in ("nl", "en"):
        yield subject, predicate, ox.Literal(text.of(lang), language=lang)
