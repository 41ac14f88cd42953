"""A synthetic graph of any size in the catalogue's own terms, the same for the same number.

Nothing in it is a fact: every thing is marked illustrative and called synthetic. Condition k is
used about (k+1) ** -0.5 times as often as condition 0, and nine of ten conditions have a broader
one: with that mild skew an intervention feeds into about fifty others. Actor groups end up with
thousands of incoming links. Companies are alike by three, and three alike have the same
deployments: none stands out, and every rule of the shapes holds. There are about 100 quads an
intervention, and up to as many again that a build derives: 5,200 make a million.
"""

from collections.abc import Iterator
from itertools import accumulate
from random import Random

from pyoxigraph import Literal, NamedNode, Quad

from s4s_graph.namespaces import BASE, STANDARD

_RDF, _SKOS, _DCTERMS = (STANDARD[name] for name in ("rdf", "skos", "dcterms"))
_PROV, _DCAT, _XSD = (STANDARD[name] for name in ("prov", "dcat", "xsd"))
_S4S = f"{BASE}def#"
GRAPHS = f"{BASE}graph/synthetic/"

Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


def quads(interventions: int, seed: int = 1, *, unstudied: int = 2) -> Iterator[Quad]:
    """Yield the quads of a graph with so many interventions, one named graph per class.

    unstudied: how many interventions there are without findings for each with findings.
    """
    for number in _condition_numbers(interventions):
        yield from _in_graph("conditions", _condition(number))
    for number in range(3 * _triples_of_companies(interventions)):
        yield from _in_graph("companies", _company(number, seed))
    yield from _in_graph("rounds", _round())
    chooser = _Chooser(interventions, seed)
    for number in range(interventions):
        yield from _in_graph("interventions", _intervention(number, chooser))
        for half in (2 * number, 2 * number + 1):
            yield from _in_graph("configurations", _configuration(half, number, chooser))
        if number % (unstudied + 1) == 0:
            yield from _in_graph("evidence", _evidence(number, chooser))


def _condition_numbers(interventions: int) -> range:
    return range(max(20, interventions))


def _triples_of_companies(interventions: int) -> int:
    return max(1, interventions // 9)


class _Chooser:
    """Draws conditions with a skew and everything else evenly."""

    def __init__(self, interventions: int, seed: int) -> None:
        self.random = Random(seed)
        self.conditions = _condition_numbers(interventions)
        self.triples = _triples_of_companies(interventions)
        self.weights = list(accumulate((number + 1) ** -0.5 for number in self.conditions))

    def condition(self) -> NamedNode:
        drawn = self.random.choices(self.conditions, cum_weights=self.weights)[0]
        return _thing("condition", f"synthetic-{drawn}")

    def one(self, segment: str, *slugs: str) -> NamedNode:
        return _thing(segment, self.random.choice(slugs))


def _in_graph(name: str, triples: Iterator[Triple]) -> Iterator[Quad]:
    graph = NamedNode(GRAPHS + name)
    return (Quad(*triple, graph) for triple in triples)


def _thing(segment: str, slug: str) -> NamedNode:
    return NamedNode(f"{BASE}id/{segment}/{slug}")


def _s4s(name: str) -> NamedNode:
    return NamedNode(_S4S + name)


def _year(year: int) -> Literal:
    return Literal(str(year), datatype=NamedNode(f"{_XSD}gYear"))


def _named(thing: NamedNode, kind: NamedNode, nl: str, en: str) -> Iterator[Triple]:
    yield thing, NamedNode(f"{_RDF}type"), kind
    yield thing, NamedNode(f"{_SKOS}prefLabel"), Literal(nl, language="nl")
    yield thing, NamedNode(f"{_SKOS}prefLabel"), Literal(en, language="en")
    yield thing, _s4s("dataStatus"), _thing("data-status", "illustrative")


def _condition(number: int) -> Iterator[Triple]:
    thing = _thing("condition", f"synthetic-{number}")
    nl, en = f"Kunstmatige omstandigheid {number}", f"Synthetic condition {number}"
    yield from _named(thing, _s4s("Condition"), nl, en)
    yield thing, NamedNode(f"{_RDF}type"), NamedNode(f"{_SKOS}Concept")
    yield thing, NamedNode(f"{_SKOS}definition"), Literal(f"{nl}.", language="nl")
    yield thing, NamedNode(f"{_SKOS}definition"), Literal(f"{en}.", language="en")
    yield thing, NamedNode(f"{_SKOS}inScheme"), _thing("scheme", "conditions")
    malleability = "given" if number % 5 == 0 else "malleable"
    yield thing, _s4s("malleability"), _thing("malleability", malleability)
    yield thing, _s4s("level"), _thing("condition-level", "organisatie")
    if number % 500 == 7:
        yield thing, _s4s("contributesTo"), _thing("policy-goal", "techniek-centra")
    if number % 10:
        broader = _thing("condition", f"synthetic-{number - number % 10}")
        yield thing, NamedNode(f"{_SKOS}broader"), broader


def _company(number: int, seed: int) -> Iterator[Triple]:
    same, own = Random(seed * 7 + number // 3), Random(seed * 11 + number)
    thing = _thing("company", f"synthetic-{number}")
    kind, nl, en = _s4s("Company"), f"Kunstmatig bedrijf {number}", f"Synthetic company {number}"
    yield from _named(thing, kind, nl, en)
    size = same.choice(("1-9", "10-49", "50-249"))
    yield thing, _s4s("sizeClass"), _thing("size-class", size)
    yield thing, _s4s("sector"), _thing("sector", same.choice(("nace-25", "nace-28")))
    for held in own.sample(range(20), 6):
        yield thing, _s4s("hasCondition"), _thing("condition", f"synthetic-{held}")


def _intervention(number: int, choose: _Chooser) -> Iterator[Triple]:
    thing = _thing("intervention", f"synthetic-{number}")
    nl, en = f"Kunstmatige interventie {number}", f"Synthetic intervention {number}"
    yield from _named(thing, _s4s("Intervention"), nl, en)
    yield thing, NamedNode(f"{_DCTERMS}description"), Literal(f"{nl}, verzonnen.", language="nl")
    yield thing, NamedNode(f"{_DCTERMS}description"), Literal(f"{en}, invented.", language="en")
    kinds = ("training-course", "career-coaching", "workplace-learning", "learning-culture")
    yield thing, _s4s("ofKind"), choose.one("intervention-kind", *kinds)
    actors = ("ondernemer", "leidinggevende", "hr", "medewerker", "opleider")
    yield thing, _s4s("targetsActor"), choose.one("actor-group", *actors)
    yield thing, _s4s("skillsStep"), choose.one("skills-step", "inzicht", "ontwikkeling")
    yield thing, _s4s("firstYear"), _year(2023)
    version = _thing("version", f"synthetic-{number}")
    name = f"{nl}, versie 2023", f"{en}, version 2023"
    yield from _named(version, _s4s("InterventionVersion"), *name)
    yield version, NamedNode(f"{_DCAT}isVersionOf"), thing
    yield version, _s4s("year"), _year(2023)


def _configuration(number: int, intervention: int, choose: _Chooser) -> Iterator[Triple]:
    thing = _thing("configuration", f"synthetic-{number}")
    nl, en = f"Kunstmatige configuratie {number}", f"Synthetic configuration {number}"
    yield from _named(thing, _s4s("Configuration"), nl, en)
    yield thing, _s4s("statement"), Literal(f"Als, dan, waardoor {number}.", language="nl")
    yield thing, _s4s("statement"), Literal(f"If, then, so that {number}.", language="en")
    about = _thing("intervention", f"synthetic-{intervention}")
    yield thing, _s4s("aboutIntervention"), about
    yield thing, _s4s("hasActor"), choose.one("actor-group", "medewerker", "leidinggevende")
    for role, count in (("hasContext", 3), ("hinderedBy", 1), ("hasOutcome", 2)):
        for condition in {choose.condition() for _ in range(count)}:
            yield thing, _s4s(role), condition
    yield thing, _s4s("valence"), choose.one("valence", "beoogd", "beoogd", "averechts")
    yield thing, _s4s("status"), _thing("theory-status", "getoetst")
    yield thing, _s4s("firstYear"), _year(2023)


def _round() -> Iterator[Triple]:
    thing = _thing("round", "synthetic-2023")
    name = "Kunstmatige evaluatieronde 2023", "Synthetic evaluation round 2023"
    yield from _named(thing, _s4s("EvaluationRound"), *name)
    yield thing, _s4s("inProgramme"), _thing("programme", "skills4skills")
    yield thing, _s4s("year"), _year(2023)


def _evidence(number: int, choose: _Chooser) -> Iterator[Triple]:
    """Yield what three companies that are alike tell of an intervention."""
    first = 3 * choose.random.randrange(choose.triples)
    for part in range(3):
        yield from _studied(number, part, _thing("company", f"synthetic-{first + part}"))
        for half in (2 * number, 2 * number + 1):
            yield from _finding(number, part, half, choose)


def _studied(number: int, part: int, company: NamedNode) -> Iterator[Triple]:
    deployment = _thing("deployment", f"synthetic-{number}-{part}")
    name = f"Kunstmatige toepassing {number}.{part}", f"Synthetic deployment {number}.{part}"
    yield from _named(deployment, _s4s("Deployment"), *name)
    yield deployment, _s4s("deploys"), _thing("version", f"synthetic-{number}")
    yield deployment, _s4s("atCompany"), company
    yield deployment, _s4s("year"), _year(2023)
    case = _thing("case", f"synthetic-{number}-{part}")
    name = f"Kunstmatige casus {number}.{part}", f"Synthetic case {number}.{part}"
    yield from _named(case, _s4s("CaseStudy"), *name)
    yield case, _s4s("inRound"), _thing("round", "synthetic-2023")
    yield case, _s4s("atCompany"), company
    yield case, _s4s("investigates"), deployment


def _finding(number: int, part: int, half: int, choose: _Chooser) -> Iterator[Triple]:
    thing = _thing("finding", f"synthetic-{half}-{part}")
    nl, en = f"Kunstmatige bevinding {half}.{part}", f"Synthetic finding {half}.{part}"
    yield from _named(thing, _s4s("Finding"), nl, en)
    yield thing, NamedNode(f"{_DCTERMS}description"), Literal(f"{nl}, verzonnen.", language="nl")
    yield thing, NamedNode(f"{_DCTERMS}description"), Literal(f"{en}, invented.", language="en")
    yield thing, _s4s("fromCase"), _thing("case", f"synthetic-{number}-{part}")
    direction = choose.random.choice(("supports", "supports", "contradicts"))
    yield thing, _s4s(direction), _thing("configuration", f"synthetic-{half}")
    yield thing, _s4s("relevance"), Literal(choose.random.randrange(4))
    yield thing, _s4s("rigour"), Literal(choose.random.randrange(4))
    yield thing, _s4s("year"), _year(2023)
