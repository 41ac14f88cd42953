"""The same release at another engine: each query of the pages and each question, the same rows."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from test_questions import EXPECTED, FOLDER, worked_out

from catalogue import app
from s4s_graph import publishing, release
from s4s_graph.engines import opening
from s4s_graph.engines.breaker import AwayError
from s4s_graph.engines.embedded import Embedded
from s4s_graph.engines.engine import EngineTerm
from s4s_graph.engines.remote import Remote
from s4s_graph.engines.writer import Addresses, Writer
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.questions import Question, load
from s4s_graph.settings import Settings
from s4s_graph.store import Iri, Store, Term, prefixes
from tests import engines, walking

ROOT = Path(__file__).resolve().parents[1]
QUERIES = {path.stem: path.read_text("utf-8") for path in ROOT.glob("catalogue/queries/*.rq")}
# Asked of files by `s4s serve --file`, and of the public endpoint: not of a release.
FILES = {"files_classes", "files_graph", "files_graphs", "files_uses", "named_graphs"}
SKOS, RDF = "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TRUE, FALSE, ONE, ZERO = map(str, map(ox.Literal, (True, False, 1, 0)))
# Shows a thousand of the things that point at it, those that the engine has first: to sort all of
# them takes seconds where they are some hundred thousand.
OTHERWISE = "/nl/data-statuses/reported"
ALIKE = 2  # pages about different things of one kind
PAGES = 400
CALLS = 6  # of one query, with different values
VALUES = 4  # of one parameter of a question


@dataclass(frozen=True)
class Both:
    """A release, and its graph at the engine inside and at the other one."""

    folder: Path
    settings: Settings
    here: Embedded
    there: Remote


@pytest.fixture(scope="module", params=engines.REAL)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[engines.Engine]:
    run, programs = engines.REAL[request.param]
    if reason := engines.missing(*programs):
        pytest.skip(reason)
    with run(tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture(scope="module")
def published(engine: engines.Engine, tiny_release: Path, shipped_release: Path) -> dict[str, Both]:
    return {"tiny": both(engine, tiny_release), "shipped": both(engine, shipped_release)}


@pytest.fixture(params=["tiny", "shipped"])
def each(request: pytest.FixtureRequest, published: dict[str, Both]) -> Both:
    return published[request.param]


def both(engine: engines.Engine, folder: Path) -> Both:
    """Publish a release, and open it at both engines."""
    addresses = Addresses(engine.query, engine.update, engine.graph_store)
    writer = Writer(addresses, engine.user, engine.password)
    publishing.publish(folder, writer, keep=2)
    writer.close()
    settings = replace(
        Settings(), releases=folder.parent, sparql_url=engine.query, sparql_seconds=120
    )
    found = opening.elsewhere(folder, settings)
    assert found
    there = Remote(opening.client(settings), found.names, found.graphs, prefixes(folder))
    return Both(folder, settings, inside(folder), there)


def inside(folder: Path) -> Embedded:
    return Embedded(ox.Store.read_only(str(folder / release.STORE)), prefixes(folder))


def different(release: Both, query: str, params: Mapping[str, EngineTerm]) -> str:
    """Say how the answers of the two engines differ; nothing if they do not."""
    try:
        here, there = (answered(engine, query, params) for engine in (release.here, release.there))
    except AwayError as error:
        return str(error)
    if missing := Counter(here) - Counter(there):
        return f"{list(missing)[:3]} of {len(here)}"
    if extra := Counter(there) - Counter(here):
        return f"{list(extra)[:3]} besides {len(here)}"
    return "in another order" if ordered(query) and _names(here) != _names(there) else ""


def _names(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    # Of a text in two languages the standard leaves open which comes first.
    return [tuple(term for term in row if not term.startswith('"')) for row in rows]


def answered(
    engine: Embedded | Remote, query: str, params: Mapping[str, EngineTerm]
) -> list[tuple[str, ...]]:
    """Return the columns and the rows, or the triples, as text."""
    joined = "GROUP_CONCAT" in query  # the words that it puts together are in no order
    if "CONSTRUCT" in query:
        return [(line,) for line in sorted({str(t) for t in engine.triples(query, params)})]
    columns, found = engine.solutions(query, params)
    return [columns, *(tuple(written(term, joined) for term in row) for row in found)]


def written(term: EngineTerm | None, joined: bool) -> str:
    if isinstance(term, ox.BlankNode):
        return "_:"
    if joined and isinstance(term, ox.Literal):
        term = ox.Literal(" ".join(sorted(term.value.split())), datatype=term.datatype)
    # Where a query computes true or false, Virtuoso says 1 or 0; a row takes either for a bool.
    return {TRUE: ONE, FALSE: ZERO}.get(str(term), str(term))


def ordered(query: str) -> bool:
    """Tell whether the rows of a query have an order, and not only those of a part of it."""
    return "ORDER BY" in query.rpartition("}")[2]


def failures(release: Both, calls: Iterator[walking.Call]) -> dict[str, str]:
    names = {text: name for name, text in QUERIES.items()}
    found = {}
    for query, params in calls:
        if told := different(release, query, dict(params)):
            found.setdefault(f"{names.get(query, query)} {dict(params)}", told)
    return found


def others(here: Embedded) -> Iterator[walking.Call]:
    """Yield queries with values that a walk does not come past."""
    _, (one, *_) = here.solutions("SELECT ?thing { ?thing a s4s:Skill } LIMIT 1", {})
    thing = {"skill": ox.NamedNode(one[0].value)}
    kind = {"member": ox.NamedNode(f"{RDF}type"), "kind": ox.NamedNode(f"{BASE}def#Finding")}
    scheme = ox.NamedNode(f"{BASE}id/scheme/skills")
    for name, params in (
        ("reconcile_developers", thing),
        ("reconcile_holding", {"path": ox.NamedNode(f"{SKOS}inScheme"), "value": scheme}),
        ("vocabulary_occupations", {}),
        ("item_incoming_all", kind | {"property": ox.NamedNode(f"{BASE}def#supports")}),
        ("item_inverse_all", kind | {"property": ox.NamedNode(f"{BASE}def#supports")}),
    ):
        yield QUERIES[name], tuple(params.items())


def engine_term(value: Term) -> EngineTerm:
    if isinstance(value, Iri):
        return ox.NamedNode(value.value)
    return ox.Literal(value.value, datatype=ox.NamedNode(value.datatype))


@dataclass(frozen=True)
class Walk:
    """The pages of a release by their addresses, and the queries that they made."""

    pages: dict[str, str]
    calls: list[walking.Call]


@pytest.fixture(scope="module")
def walks(tiny_release: Path, shipped_release: Path) -> dict[Path, Walk]:
    """A walk over the site of each release, with the engine inside."""
    found = {}
    for folder in (tiny_release, shipped_release):
        with pytest.MonkeyPatch.context() as patch:
            recorder = walking.Recorder(patch)
            settings = replace(Settings(), releases=folder.parent)
            with walking.site(app.create(settings)) as client:
                pages = dict(walking.pages(client, ALIKE, PAGES))
                walking.asked(client)
        found[folder] = Walk(pages, [*recorder.calls, *others(inside(folder))])
    return found


def test_the_pages_make_each_of_their_queries(walks: dict[Path, Walk]) -> None:
    asked = {query for walk in walks.values() for query, _ in walk.calls}
    assert {name for name, text in QUERIES.items() if text not in asked} == FILES


def test_each_query_of_the_pages_has_the_same_rows(each: Both, walks: dict[Path, Walk]) -> None:
    assert failures(each, walking.bounded(walks[each.folder].calls, CALLS)) == {}


def test_the_pages_are_the_same(each: Both, walks: dict[Path, Walk]) -> None:
    pages = {
        address: text
        for address, text in walks[each.folder].pages.items()
        if not address.startswith(OTHERWISE)
    }
    with walking.site(app.create(each.settings)) as client:
        there = {address: client.get(address).text for address in pages}
    differing = [name for name in pages if _plain(pages[name]) != _plain(there[name])]
    assert differing == []


def _plain(page: str) -> str:
    # Another for each answer.
    return re.sub(r'nonce="[^"]*"|in [0-9,]+ seconden', "", page)


@dataclass(frozen=True)
class Asked:
    """A question with a value for each parameter."""

    question: Question
    values: dict[str, Term]

    def __str__(self) -> str:
        return f"{self.question.name} {sorted(value.value for value in self.values.values())}"


def questions(release_of: Both) -> Iterator[Asked]:
    """Yield each question with its own values, with some of each kind, and as worked out by hand.

    The values worked out are of things of the tiny graph, and of none that the other has.
    """
    forms = Forms.from_json((release_of.folder / release.FORMS).read_text("utf-8"))
    known = load(FOLDER, forms)
    for path in EXPECTED:
        values = worked_out(path)[0]
        question = known[path.stem.partition("--")[0]]
        yield Asked(question, question.bind(values, values.pop("lang", "nl"), BASE))
    for question in known.values():
        yield Asked(question, question.bind({}, "en", BASE))
        for param in question.params:
            if param.type not in ("lang", "integer"):
                for name in some(release_of.here, param.type):
                    yield Asked(question, question.bind({param.key: name}, "nl", BASE))


def some(here: Embedded, segment: str) -> list[str]:
    """Return the names of a few things of a kind."""
    start = f"{BASE}id/{segment}/"
    _, rows = here.solutions("SELECT DISTINCT ?thing { ?thing a ?kind } ORDER BY ?thing", {})
    iris = [row[0].value for row in rows if isinstance(row[0], ox.NamedNode)]
    names = [iri.removeprefix(start) for iri in iris if iri.startswith(start)]
    return names[:: max(1, len(names) // VALUES)]


@pytest.mark.parametrize("seed", range(3))
def test_each_question_has_the_same_rows_whatever_was_asked_before(each: Both, seed: int) -> None:
    asked = list(questions(each))
    random.Random(seed).shuffle(asked)
    found = {
        str(one): told
        for one in asked
        if (told := different(each, one.question.text, terms(one.values)))
    }
    assert found == {}


def terms(values: Mapping[str, Term]) -> dict[str, EngineTerm]:
    return {name: engine_term(value) for name, value in values.items()}


def test_documents_say_the_same(each: Both) -> None:
    known = prefixes(each.folder)
    here, there = Store(each.here, known), Store(each.there, known)
    _, found = each.here.solutions("SELECT DISTINCT ?thing { ?thing a ?kind } ORDER BY ?thing", {})
    things = [row[0].value for row in found if isinstance(row[0], ox.NamedNode)]
    some = things[:: max(1, len(things) // 40)]
    for thing in (*some, f"{BASE}shape#Finding"):
        assert here.describe(thing, "text/turtle") == there.describe(thing, "text/turtle"), thing
    assert here.statements(some, "text/turtle") == there.statements(some, "text/turtle")
