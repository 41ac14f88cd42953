"""The ontology and its schemes are clean, complete in both languages, and used."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, Node, URIRef

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "ontology").glob("*.ttl"))
SCHEMES = sorted((ROOT / "ontology/schemes").glob("*.ttl"))
SHAPES = sorted((ROOT / "shapes").glob("*.ttl"))
QUESTIONS = sorted((ROOT / "ontology/questions").glob("*.rq"))
QUERIES = [*QUESTIONS, *sorted((ROOT / "catalogue/queries").glob("*.rq"))]

DEF = URIRef("https://w3id.org/skills4skills/def")
S4S = Namespace(f"{DEF}#")
SCHEME = Namespace("https://w3id.org/skills4skills/id/scheme/")
LANGUAGES = ("nl", "en")
SORTS = (
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.NamedIndividual,
)


@cache
def graph(files: tuple[Path, ...]) -> Graph:
    """Return the files as one graph; they are parsed once for all tests, so do not change it."""
    assert files
    merged = Graph()
    for file in files:
        merged.parse(file)
    return merged


def modules() -> Graph:
    return graph(tuple(MODULES))


def schemes() -> Graph:
    return graph(tuple(SCHEMES))


def changed(*triples: tuple[Node, Node, Node]) -> Graph:
    """Return a copy of the modules with some triples added, to see a check fail."""
    copy = Graph()
    for triple in (*modules(), *triples):
        copy.add(triple)
    return copy


def terms(*sorts: URIRef) -> list[URIRef]:
    """Return our own terms, of the given sorts or of all."""
    found = {term for sort in sorts or SORTS for term in modules().subjects(RDF.type, sort)}
    ours = sorted(term for term in found if isinstance(term, URIRef) and term.startswith(S4S))
    assert ours
    return ours


def concepts() -> list[Node]:
    found = sorted(schemes().subjects(RDF.type, SKOS.Concept), key=str)
    assert found
    return found


def texts(source: Graph, subject: Node, path: URIRef, language: str) -> list[str]:
    values = source.objects(subject, path)
    return [str(v) for v in values if isinstance(v, Literal) and v.language == language]


def repeated(values: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return sorted(value for value, count in Counter(values).items() if count > 1)


def described() -> list[tuple[Graph, Node]]:
    """Return every term and concept that needs a name and a definition, with its graph."""
    return [(modules(), term) for term in terms()] + [(schemes(), item) for item in concepts()]


# Files


@pytest.mark.parametrize("file", [*MODULES, *SCHEMES], ids=lambda file: str(file.name))
def test_two_parsers_read_the_same_from_a_file(file: Path) -> None:
    strict = list(pyoxigraph.parse(path=str(file)))
    assert len(strict) == len(Graph().parse(file))


@pytest.mark.parametrize("read", [modules, schemes])
def test_every_iri_is_valid(read: Callable[[], Graph]) -> None:
    wrong = []
    for iri in {str(n) for triple in read() for n in triple if isinstance(n, URIRef)}:
        try:
            pyoxigraph.NamedNode(iri)
        except ValueError:
            wrong.append(iri)
    assert wrong == []


@pytest.mark.parametrize("read", [modules, schemes])
def test_no_text_has_stray_white_space(read: Callable[[], Graph]) -> None:
    found = {str(value) for value in read().objects() if isinstance(value, Literal)}
    assert found
    assert [text for text in found if text != " ".join(text.split())] == []


# Words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [SKOS.prefLabel, SKOS.definition])
def test_everything_has_one_name_and_one_definition(path: URIRef, language: str) -> None:
    counts = {item: len(texts(source, item, path, language)) for source, item in described()}
    assert {item: count for item, count in counts.items() if count != 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_definition_is_one_sentence(language: str) -> None:
    found = [text for s, i in described() for text in texts(s, i, SKOS.definition, language)]
    sentence = re.compile(r"[^\W\d_].*[^.!?]\.", re.DOTALL)
    wrong = [t for t in found if not sentence.fullmatch(t) or re.search(r"[.!?] ", t)]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_definition_does_not_use_the_word_it_defines(language: str) -> None:
    circular = [
        (name, definition)
        for source, item in described()
        for name in texts(source, item, SKOS.prefLabel, language)
        for definition in texts(source, item, SKOS.definition, language)
        if re.search(rf"\b{re.escape(name)}\b", definition, re.IGNORECASE)
    ]
    assert circular == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_definitions_are_the_same(language: str) -> None:
    found = [texts(s, item, SKOS.definition, language) for s, item in described()]
    assert repeated((text.casefold(),) for group in found for text in group) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sorts", [SORTS[:1], SORTS[1:4]], ids=["classes", "properties"])
def test_no_two_terms_have_the_same_name(sorts: tuple[URIRef, ...], language: str) -> None:
    names = [name for t in terms(*sorts) for name in texts(modules(), t, SKOS.prefLabel, language)]
    assert repeated((name.casefold(),) for name in names) == []


# Terms


def test_every_term_says_where_it_is_defined() -> None:
    assert [t for t in terms() if list(modules().objects(t, RDFS.isDefinedBy)) != [DEF]] == []


def test_every_term_is_of_one_sort() -> None:
    kinds = {term: set(modules().objects(term, RDF.type)) & set(SORTS) for term in terms()}
    assert {term: found for term, found in kinds.items() if len(found) != 1} == {}


def used_in_queries(files: Iterable[Path]) -> set[URIRef]:
    """Return our terms in the text of queries, without their headers and comments."""
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    code = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    return {S4S[name] for name in re.findall(r"\bs4s:(\w+)", code)}


def used_in_graphs(files: list[Path]) -> set[URIRef]:
    nodes = {node for triple in graph(tuple(files)) for node in triple}
    return {node for node in nodes if isinstance(node, URIRef) and node.startswith(S4S)}


@pytest.mark.parametrize("files", [MODULES, SCHEMES, SHAPES], ids=["modules", "schemes", "shapes"])
def test_every_term_in_a_graph_is_defined(files: list[Path]) -> None:
    assert used_in_graphs(files) - set(terms()) == set()


def test_every_term_in_a_query_is_defined() -> None:
    used = used_in_queries(QUERIES)
    assert used
    assert used - set(terms()) == set()


def test_every_class_and_property_is_asked_about() -> None:
    assert QUESTIONS
    assert set(terms(*SORTS[:4])) - used_in_queries(QUESTIONS) == set()


def old_terms_in_use(source: Graph) -> set[Node]:
    """Return the deprecated terms that something else than their own replacement note points at."""
    old = set(source.subjects(OWL.deprecated, None))
    return {o for s, p, o in source if o in old and s not in old} | (set(source.predicates()) & old)


def test_no_deprecated_term_is_in_use() -> None:
    everything = modules() + schemes() + graph(tuple(SHAPES))
    assert old_terms_in_use(everything) == set()
    retired = changed((S4S.Finding, OWL.deprecated, Literal(True)))
    assert old_terms_in_use(retired) == {S4S.Finding}


def test_deprecated_is_true_or_absent() -> None:
    assert [
        value for value in modules().objects(None, OWL.deprecated) if value != Literal(True)
    ] == []


# Schemes


@pytest.mark.parametrize("file", SCHEMES, ids=lambda file: str(file.stem))
def test_a_file_holds_the_scheme_it_is_named_after(file: Path) -> None:
    found = set(graph((file,)).subjects(RDF.type, SKOS.ConceptScheme))
    # The schemes of tables.ttl get their concepts from tables.
    tables = ("conditions", "mechanisms", "resources", "responses", "skills")
    names = tables if file.stem == "tables" else (file.stem,)
    assert found == {SCHEME[name] for name in names}


def test_a_concept_is_in_one_scheme_that_exists() -> None:
    known = set(schemes().subjects(RDF.type, SKOS.ConceptScheme))
    homes = {item: list(schemes().objects(item, SKOS.inScheme)) for item in concepts()}
    assert {i: home for i, home in homes.items() if len(home) != 1 or home[0] not in known} == {}


def test_a_concept_is_at_the_top_or_below_another_of_its_scheme() -> None:
    wrong = []
    for item in concepts():
        home = schemes().value(item, SKOS.inScheme)
        tops = {
            *schemes().objects(item, SKOS.topConceptOf),
            *schemes()[: SKOS.hasTopConcept : item],
        }
        both_ways = (item, SKOS.topConceptOf, home) in schemes() and tops == {home}
        above = [schemes().value(b, SKOS.inScheme) for b in schemes().objects(item, SKOS.broader)]
        below = not tops and above and set(above) == {home}
        if not ((both_ways and not above) or below):
            wrong.append(item)
    assert wrong == []


def test_every_scheme_that_a_term_or_shape_points_at_exists() -> None:
    nodes = {node for triple in modules() + graph(tuple(SHAPES)) for node in triple}
    meant = {node for node in nodes if isinstance(node, URIRef) and node.startswith(SCHEME)}
    assert meant
    assert meant - set(schemes().subjects(RDF.type, SKOS.ConceptScheme)) == set()


def test_no_concept_is_broader_than_itself() -> None:
    above = {item: set(schemes().objects(item, SKOS.broader)) for item in concepts()}
    around = [
        item
        for item in concepts()
        if any(item in schemes().transitive_objects(step, SKOS.broader) for step in above[item])
    ]
    assert around == []


@pytest.mark.parametrize("path", [SKOS.prefLabel, SKOS.notation])
def test_no_two_concepts_of_a_scheme_share_a_name_or_notation(path: URIRef) -> None:
    assert (
        repeated(
            (
                str(schemes().value(item, SKOS.inScheme)),
                str(value),
                getattr(value, "language", "") or "",
            )
            for item in concepts()
            for value in schemes().objects(item, path)
        )
        == []
    )


@pytest.mark.parametrize("path", [SKOS.prefLabel, URIRef("http://purl.org/dc/terms/description")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scheme_has_a_name_and_a_description(language: str, path: URIRef) -> None:
    found = list(schemes().subjects(RDF.type, SKOS.ConceptScheme))
    assert found
    assert [item for item in found if len(texts(schemes(), item, path, language)) != 1] == []
