"""The record of the dataset for other catalogues: DCAT-AP-NL 3 with the counts of VoID.

What is in the data comes from the release. Where it is served and by whom is added when someone
asks: the same release may be served at several places.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from s4s_graph import dataset, documents, release, void
from s4s_graph.counts import Statistics
from s4s_graph.forms import Text
from s4s_graph.release import Manifest
from s4s_graph.statements import PREFIXES, Statement, literal, name, said

PROFILE = "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/"
PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"
_EU = "http://publications.europa.eu/resource/authority/"
_LANGUAGES = [f"{_EU}language/NLD", f"{_EU}language/ENG"]
_THE_NETHERLANDS = f"{_EU}country/NLD"
_THEMES = {
    f"{_EU}data-theme/EDUC": Text("Onderwijs, cultuur en sport", "Education, culture and sport"),
    f"{_EU}data-theme/SOCI": Text("Bevolking en samenleving", "Population and society"),
}
_KEYWORDS = (
    Text("skills", "skills"),
    Text("leven lang ontwikkelen", "lifelong learning"),
    Text("duurzame inzetbaarheid", "sustainable employability"),
    Text("realistische evaluatie", "realist evaluation"),
    Text("maakindustrie", "manufacturing"),
)
_SERVICE = Text("SPARQL-endpoint van Skills4Skills", "SPARQL endpoint of Skills4Skills")
_ASK = Text(
    "Beantwoordt vragen aan de hele graaf in SPARQL 1.1; lezen alleen.",
    "Answers questions to the whole graph in SPARQL 1.1; for reading only.",
)
_CATALOGUE = Text("Catalogus van Skills4Skills", "Catalogue of Skills4Skills")
_WHOLE = Text("De hele graaf als {}", "The whole graph as {}")


@dataclass(frozen=True)
class Distribution:
    """A dump as it is offered: what people call its format, and what two authorities call it."""

    name: str
    media_type: str
    file_type: str


DISTRIBUTIONS = {
    release.N_QUADS: Distribution("N-Quads", "application/n-quads", "RDF_N_QUADS"),
    release.TURTLE: Distribution("Turtle", "text/turtle", "RDF_TURTLE"),
    release.JSON_LD: Distribution("JSON-LD", "application/ld+json", "JSON_LD"),
}


@dataclass(frozen=True)
class Served:
    """A release where it is served.

    site: its address, with a slash at the end. modified: the day that this release came there.
    years: the first and the last that the data are about. described: N-Triples about the
    vocabularies of others in it and the links to them. What is empty or None is not known.
    """

    manifest: Manifest
    statistics: Statistics | None
    years: tuple[str, str] | None
    site: str
    modified: date
    organisation: str
    contact: str
    described: bytes = b""

    @property
    def dataset(self) -> str:
        """The name of the dataset, wherever it is served."""
        return f"{self.manifest.base}dataset"

    @property
    def record(self) -> str:
        """The address of the record."""
        return f"{self.site}.well-known/void"


def write(served: Served, media_type: str) -> bytes:
    """Return the record in one of documents.FORMATS; the same release there, the same bytes."""
    base = served.manifest.base
    prefixes = dict(sorted((PREFIXES | {"s4s": f"{base}def#"}).items()))
    triples = ox.Dataset(ox.Quad(*triple) for triple in _triples(served, prefixes))
    return documents.write(triples, media_type, prefixes, first=name(served.dataset))


def _triples(served: Served, prefixes: dict[str, str]) -> Iterator[ox.Triple]:
    yield from _dataset(served)
    for path, distribution in DISTRIBUTIONS.items():
        yield from _distribution(served, path, distribution)
    yield from _service(served)
    yield from _catalogue(served)
    yield from _record(served)
    yield from _people(served)
    yield from _authorities(served)
    yield from (quad.triple for quad in ox.parse(served.described, ox.RdfFormat.N_TRIPLES))
    if served.statistics:
        yield from void.counted(served.dataset, served.statistics, prefixes)


def _dataset(served: Served) -> Iterator[ox.Triple]:
    text = dataset.description(served.manifest.data_statuses)
    yield from said(
        served.dataset,
        ("rdf:type", "dcat:Dataset", "dcat:Resource", "void:Dataset"),
        ("dcterms:title", dataset.TITLE),
        ("dcterms:description", text),
        ("dcterms:identifier", ox.Literal(served.dataset)),
        ("dcterms:license", dataset.LICENCE),
        ("dcterms:conformsTo", f"{served.manifest.base}def"),
        ("dcterms:spatial", _THE_NETHERLANDS),
        ("dcterms:modified", _day(served.modified)),
        ("dcat:version", ox.Literal(served.manifest.id)),
        ("dcat:distribution", *(_part(served, path) for path in DISTRIBUTIONS)),
        ("dcat:landingPage", *(f"{served.site}{lang}/data" for lang in ("nl", "en"))),
        ("foaf:page", *(f"{served.site}{lang}/about" for lang in ("nl", "en"))),
        ("void:uriSpace", ox.Literal(f"{served.manifest.base}id/")),
        ("void:sparqlEndpoint", f"{served.site}sparql"),
        ("void:dataDump", *(f"{served.site}{path}" for path in DISTRIBUTIONS)),
    )
    yield from _offered(served, served.dataset)
    if served.years:
        period = f"{served.dataset}#period"
        first, last = (literal(year, "gYear") for year in served.years)
        yield from said(served.dataset, ("dcterms:temporal", period))
        yield from said(
            period,
            ("rdf:type", "dcterms:PeriodOfTime"),
            ("dcat:startDate", first),
            ("dcat:endDate", last),
        )


def _distribution(served: Served, path: str, kind: Distribution) -> Iterator[ox.Triple]:
    part, file = _part(served, path), served.manifest.files[path]
    checksum = f"{part}-checksum"
    media_type = f"https://www.iana.org/assignments/media-types/{kind.media_type}"
    file_type = f"{_EU}file-type/{kind.file_type}"
    yield from said(
        part,
        ("rdf:type", "dcat:Distribution"),
        ("dcterms:title", Text(*(_WHOLE.of(lang).format(kind.name) for lang in ("nl", "en")))),
        ("dcat:accessURL", f"{served.site}{path}"),
        ("dcat:downloadURL", f"{served.site}{path}"),
        ("dcat:mediaType", media_type),
        ("dcterms:format", file_type),
        ("dcat:byteSize", literal(str(file.bytes), "nonNegativeInteger")),
        ("dcterms:license", dataset.LICENCE),
        ("dcterms:language", *_LANGUAGES),
        ("dcterms:conformsTo", f"{served.manifest.base}def"),
        ("dcterms:modified", _day(served.modified)),
        ("spdx:checksum", checksum),
    )
    yield from said(
        checksum,
        ("rdf:type", "spdx:Checksum"),
        ("spdx:algorithm", "spdx:checksumAlgorithm_sha256"),
        ("spdx:checksumValue", literal(file.sha256, "hexBinary")),
    )
    yield from said(media_type, ("rdf:type", "dcterms:MediaType"))
    yield from said(file_type, ("rdf:type", "dcterms:MediaTypeOrExtent"))


def _service(served: Served) -> Iterator[ox.Triple]:
    service, endpoint = f"{served.record}#sparql", f"{served.site}sparql"
    yield from said(
        service,
        ("rdf:type", "dcat:DataService"),
        ("dcterms:title", _SERVICE),
        ("dcterms:description", _ASK),
        ("dcterms:identifier", ox.Literal(service)),
        ("dcterms:license", dataset.LICENCE),
        ("dcterms:conformsTo", PROTOCOL),
        ("dcat:endpointURL", endpoint),
        ("dcat:endpointDescription", endpoint),
        ("dcat:servesDataset", served.dataset),
        ("dcat:landingPage", *(f"{served.site}{lang}/sparql" for lang in ("nl", "en"))),
    )
    yield from _offered(served, service)


def _catalogue(served: Served) -> Iterator[ox.Triple]:
    yield from said(
        f"{served.record}#catalogue",
        ("rdf:type", "dcat:Catalog"),
        ("dcterms:title", _CATALOGUE),
        ("dcterms:description", dataset.TITLE),
        ("dcterms:license", dataset.LICENCE),
        ("dcterms:language", *_LANGUAGES),
        ("dcat:dataset", served.dataset),
        ("dcat:service", f"{served.record}#sparql"),
        ("dcat:record", served.record),
        ("foaf:homepage", served.site),
        *_responsible(served),
    )
    yield from said(served.site, ("rdf:type", "foaf:Document"))


def _record(served: Served) -> Iterator[ox.Triple]:
    yield from said(
        served.record,
        ("rdf:type", "dcat:CatalogRecord", "void:DatasetDescription"),
        ("dcterms:title", _CATALOGUE),
        ("dcterms:conformsTo", PROFILE),
        ("dcterms:modified", _day(served.modified)),
        ("dcterms:language", *_LANGUAGES),
        ("foaf:primaryTopic", served.dataset),
    )


def _people(served: Served) -> Iterator[ox.Triple]:
    if served.organisation:
        called = ox.Literal(served.organisation)
        publisher = f"{served.record}#publisher"
        yield from said(publisher, ("rdf:type", "foaf:Agent"), ("foaf:name", called))
    if served.contact:
        is_mail = "@" in served.contact and "/" not in served.contact
        reached = ("vcard:hasEmail", f"mailto:{served.contact}")
        called = ox.Literal(served.organisation or served.contact)
        yield from said(
            f"{served.record}#contact",
            ("rdf:type", "vcard:Kind", "vcard:Organization"),
            ("vcard:fn", called),
            reached if is_mail else ("vcard:hasURL", served.contact),
        )


def _authorities(served: Served) -> Iterator[ox.Triple]:
    """Yield what the names of others are: a catalogue need not fetch them to know."""
    for iri, label in _THEMES.items():
        yield from said(iri, ("rdf:type", "skos:Concept"), ("skos:prefLabel", label))
    for language in _LANGUAGES:
        yield from said(language, ("rdf:type", "dcterms:LinguisticSystem"))
    for standard in (f"{served.manifest.base}def", PROTOCOL, PROFILE):
        yield from said(standard, ("rdf:type", "dcterms:Standard"))
    for path in ("data", "about", "sparql"):
        for lang in ("nl", "en"):
            yield from said(f"{served.site}{lang}/{path}", ("rdf:type", "foaf:Document"))
    yield from said(
        dataset.RIGHTS[served.manifest.is_restricted], ("rdf:type", "dcterms:RightsStatement")
    )
    yield from said(_THE_NETHERLANDS, ("rdf:type", "dcterms:Location"))
    yield from said(dataset.LICENCE, ("rdf:type", "dcterms:LicenseDocument"))
    # The shapes ask for the class that everything is in, and not every validator infers it.
    for path in ("sparql", *DISTRIBUTIONS):
        yield from said(f"{served.site}{path}", ("rdf:type", "rdfs:Resource"))
    yield from said("spdx:checksumAlgorithm_sha256", ("rdf:type", "spdx:ChecksumAlgorithm"))


def _offered(served: Served, thing: str) -> Iterator[ox.Triple]:
    """Yield what holds for the dataset and the service that answers questions about it."""
    yield from said(
        thing,
        ("dcterms:accessRights", dataset.RIGHTS[served.manifest.is_restricted]),
        ("dcterms:language", *_LANGUAGES),
        ("dcat:theme", *_THEMES),
        ("dcat:keyword", *_KEYWORDS),
        *_responsible(served),
    )


def _responsible(served: Served) -> Iterator[Statement]:
    if served.organisation:
        yield "dcterms:publisher", f"{served.record}#publisher"
        yield "dcterms:creator", f"{served.record}#publisher"
    if served.contact:
        yield "dcat:contactPoint", f"{served.record}#contact"


def _part(served: Served, path: str) -> str:
    return f"{served.dataset}#{path.rpartition('.')[2]}"


def _day(day: date) -> ox.Literal:
    return literal(day.isoformat(), "date")
