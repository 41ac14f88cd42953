"""The prefixes that questions, page queries and dumps are written with."""

from collections.abc import Iterable, Mapping

# The redirect at w3id.org is not registered yet; the setting S4S_BASE replaces this address.
BASE = "https://w3id.org/skills4skills/"

STANDARD: dict[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "cnlo": "https://linkeddata.competentnl.nl/def/competentnl#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "elm": "http://data.europa.eu/snb/model/elm/",
    "esco": "http://data.europa.eu/esco/model#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pav": "http://purl.org/pav/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def prefixes(base: str, segments: Iterable[str]) -> dict[str, str]:
    """Return every prefix, sorted: the standard ones, our own, and one for each segment.

    Raises ValueError when a segment would take the place of another prefix.
    """
    own = {"s4s": f"{base}def#", "shape": f"{base}shape#", "scheme": f"{base}id/scheme/"}
    fixed = STANDARD | own
    things = {segment: f"{base}id/{segment}/" for segment in segments}
    if taken := sorted(fixed.keys() & things.keys()):
        raise ValueError(f"no segment may be called {', '.join(taken)}: it is a prefix already")
    return dict(sorted((fixed | things).items()))


def header(prefixes: Mapping[str, str]) -> str:
    """Return the PREFIX lines of a SPARQL query."""
    return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items())
