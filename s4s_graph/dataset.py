"""The description of the release as a dataset, in a graph of its own: what it is and rests on."""

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD

GRAPH = "dataset"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_RIGHTS = "http://publications.europa.eu/resource/authority/access-right/"
RIGHTS = {False: f"{_RIGHTS}PUBLIC", True: f"{_RIGHTS}RESTRICTED"}

TITLE = Text(
    nl="Skills4Skills: interventies, mechanismen, omstandigheden, uitkomsten en bewijs",
    en="Skills4Skills: interventions, mechanisms, conditions, outcomes and evidence",
)
_NAMES = {
    "observed": Text(nl="waargenomen in het programma", en="observed by the programme"),
    "reported": Text(nl="weergegeven uit openbare bronnen", en="restated from public sources"),
    "illustrative": Text(nl="illustratief: verzonnen", en="illustrative: invented"),
    "computed": Text(nl="berekend uit de andere", en="computed from the others"),
}
_INVENTED = Text(
    nl="Illustratieve dingen zijn verzonnen voorbeelden, geen bevindingen; elk draagt die status.",
    en="Illustrative things are invented examples and not findings; each carries that status.",
)
_NOTHING_INVENTED = Text(
    nl="Deze uitgave bevat niets dat verzonnen is.",
    en="This release holds nothing that was invented.",
)


def quads(
    data_statuses: Mapping[str, int], base: str, *, restricted: bool = False
) -> list[ox.Quad]:
    """Describe a dataset by its number of things of each data status.

    What is restricted is under no licence: nobody is to pass it on.
    """
    dataset, graph = ox.NamedNode(f"{base}dataset"), ox.NamedNode(f"{base}graph/{GRAPH}")
    text = description(data_statuses)
    values: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        ("rdf:type", _iri("dcat:Dataset")),
        ("dcterms:accessRights", ox.NamedNode(RIGHTS[restricted])),
        *(() if restricted else (("dcterms:license", ox.NamedNode(LICENCE)),)),
        ("dcterms:conformsTo", ox.NamedNode(f"{base}def")),
        *(("dcterms:title", ox.Literal(TITLE.of(lang), language=lang)) for lang in ("nl", "en")),
        *(
            ("dcterms:description", ox.Literal(text.of(lang), language=lang))
            for lang in ("nl", "en")
        ),
    ]
    return [ox.Quad(dataset, _iri(name), value, graph) for name, value in values]


def tops(graph: ox.Store, base: str) -> Iterator[ox.Quad]:
    """Yield which concepts are at the top of our lists: those with nothing above them.

    Nobody need state it in a table, where it would be forgotten when something is put above.
    """
    broader, top = _iri("skos:broader"), _iri("skos:topConceptOf")
    for quad in graph.quads_for_pattern(None, _iri("skos:inScheme"), None, None):
        if not str(quad.object).startswith(f"<{base}"):
            continue
        if any(graph.quads_for_pattern(quad.subject, broader, None, None)):
            continue
        yield ox.Quad(quad.subject, top, quad.object, ox.NamedNode(f"{base}graph/{GRAPH}"))


def description(data_statuses: Mapping[str, int]) -> Text:
    """Say in two sentences what a dataset holds and what of it was invented."""
    known = {status: n for status, n in data_statuses.items() if n and status in _NAMES}
    invented = _INVENTED if known.get("illustrative") else _NOTHING_INVENTED

    def sentence(lang: str) -> str:
        parts = [f"{n} {_NAMES[status].of(lang)}" for status, n in sorted(known.items())]
        start = Text(nl="Dingen naar herkomst", en="Things by origin").of(lang)
        return f"{start}: {'; '.join(parts) or 0}. {invented.of(lang)}"

    return Text(nl=sentence("nl"), en=sentence("en"))


def _iri(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(STANDARD[prefix] + local)
