"""What a site costs over HTTP: its start, its pages, search, stored questions and SPARQL.

The site is a process, as `s4s serve` is; one client asks, one request after another. Pages are
those of synthetic things, so that the same kinds of pages are compared at every size.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pyoxigraph as ox

from s4s_graph import release
from s4s_graph.forms import Forms
from s4s_graph.questions import load
from s4s_graph.settings import Settings
from s4s_graph.tables import RDF_TYPE
from tests.bench.building import peak
from tests.bench.endpoint import PREFIXES, Client, cpu_seconds
from tests.chaos.serving import site

EACH = 25  # things of each kind, or searches of each sort
STARTS = 3
PATIENCE = 900.0  # seconds that guard against a hang
LISTS = ("interventions", "conditions", "companies", "findings")
POINT = "SELECT ?p ?o { intervention:synthetic-@@ ?p ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?finding a s4s:Finding } # @@"


@dataclass(frozen=True)
class Times:
    """Milliseconds: the median and the 95th percentile; and of the site's CPU, each time."""

    p50: float
    p95: float
    cpu: float


@dataclass(frozen=True)
class Served:
    """What was measured. start: seconds until the first page was read, of a site on the command.

    prepared: CPU seconds until all is there that a site prepares while it serves. megabytes: of
    the whole site, what processes share counted in part; `second` of another site beside it.
    questions: of how many, how many had an answer, and in how many milliseconds. raw: the engine
    by itself, in milliseconds.
    """

    start: float
    prepared: float
    peak: float
    megabytes: float
    second: float
    first_pages: Times
    pages: Times
    lists: Times
    search: Times
    raw_pages: float
    asked: int
    answered: int
    questions: float
    unanswered: Sequence[str]
    point: Times
    raw_point: float
    count: Times
    raw_count: float


def served(settings: Settings) -> Served:
    """Measure a site over the current release."""
    store = ox.Store.read_only(str(_current(settings) / release.STORE))
    iris = list(_things(settings, store))
    start = median(_started(settings) for _ in range(STARTS))
    with _site(settings) as (port, process):
        prepared = _prepare(port, process)

        def timed(paths: Iterable[str], accept: str = "text/html") -> Times:
            return _times(port, process, paths, accept)

        paths = list(_paths(settings, iris))
        first, pages = timed(paths), timed(paths)
        lists = timed([f"/nl/{table}{page}" for table in LISTS for page in ("", "?page=2")] * 5)
        search = timed(list(_searches()))
        answers = _questions(port, settings)
        sparql = "application/sparql-results+json"
        point = timed([_query(POINT, number) for number in range(8 * EACH)], sparql)
        count = timed([_query(COUNT, number) for number in range(EACH)], sparql)
        with _site(settings) as (other, process_of_other):
            _times(other, process_of_other, paths, "text/html")
            second = _megabytes(process_of_other)
        return Served(
            start,
            prepared,
            peak(process),
            _megabytes(process),
            second,
            first,
            pages,
            lists,
            search,
            _raw(lambda iri: list(store.quads_for_pattern(ox.NamedNode(iri), None, None)), iris),
            len(answers),
            sum(taken is not None for taken in answers.values()),
            median(taken for taken in answers.values() if taken is not None),
            sorted(name for name, taken in answers.items() if taken is None),
            point,
            _raw(lambda number: _asked(store, POINT, number), range(8 * EACH)),
            count,
            _raw(lambda number: _asked(store, COUNT, number), range(EACH)),
        )


@contextmanager
def _site(settings: Settings) -> Iterator[tuple[int, int]]:
    """Run a site; give its port, where a first page was read, and the number of its process."""
    with TemporaryDirectory() as name, site(settings.releases, Path(name) / "log") as running:
        status, _ = running.get("/nl/")
        assert status == 200
        yield running.port, running.process.pid


def _started(settings: Settings) -> float:
    start = time.perf_counter()
    with _site(settings):
        return time.perf_counter() - start


def _prepare(port: int, process: int) -> float:
    """Ask for what makes a site prepare, and wait until it is done."""
    _client(port).get("/nl/coherence", "text/html")
    before = -1.0
    while (now := cpu_seconds(process)) - before > 0.05:
        before = now
        time.sleep(1)
    return now


def _things(settings: Settings, store: ox.Store) -> Iterator[str]:
    """Yield synthetic things of each kind that has them, spread evenly over each kind."""
    for form in _forms(settings):
        if form.class_iri:
            kind, start = ox.NamedNode(form.class_iri), f"{form.segment}/synthetic-"
            typed = store.quads_for_pattern(None, RDF_TYPE, kind, None)
            found = sorted(iri for q in typed if start in (iri := q.subject.value))
            yield from found[:: max(1, len(found) // EACH)][:EACH]


def _paths(settings: Settings, iris: Iterable[str]) -> Iterator[str]:
    forms = _forms(settings)
    for iri in iris:
        segment, slug = iri.removeprefix(f"{settings.base}id/").split("/")
        if form := forms.by_segment(segment):
            yield f"/nl/{form.table}/{slug}"


def _searches() -> Iterator[str]:
    for number in range(EACH):
        yield f"/nl/search?q=interventie+{number}"
        yield f"/nl/interventions?q=interventie+{number}&targetsActor=hr"
        yield f"/nl/search?q=kunstmatgie+{number}"  # mistyped


def _questions(port: int, settings: Settings) -> dict[str, float | None]:
    """Return how many milliseconds each stored question took; None where there was no answer."""
    found: dict[str, float | None] = {}
    for name in load(settings.ontology / "questions", _forms(settings)):
        took = _client(port).get(f"/nl/questions/{name}.csv", "text/csv")
        found[name] = took.last if took.status == 200 else None
    return found


def _query(query: str, number: int) -> str:
    return f"/sparql?query={quote(PREFIXES + query.replace('@@', str(number)))}"


def _asked(store: ox.Store, query: str, number: int) -> None:
    text = PREFIXES + query.replace("@@", str(number))
    found = store.query(text, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    found.serialize(format=ox.QueryResultsFormat.JSON)


def _times(port: int, process: int, paths: Iterable[str], accept: str) -> Times:
    client, before = _client(port), cpu_seconds(process)
    took = [client.get(path, accept) for path in paths]
    refused = {one.status for one in took} - {200}
    if refused:
        raise RuntimeError(f"answers with {refused}")
    cut = quantiles([one.last for one in took], n=20)
    cpu = (cpu_seconds(process) - before) * 1000 / len(took)
    return Times(cut[9], cut[18], cpu)


def _client(port: int) -> Client:
    return Client(port, patience=PATIENCE)


def _raw(read: Callable[..., object], values: Iterable[object]) -> float:
    took = []
    for value in values:
        start = time.perf_counter()
        read(value)
        took.append((time.perf_counter() - start) * 1000)
    return median(took)


def _megabytes(process: int) -> float:
    """Return the memory of a process and its children; what they share is counted in part."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    rolled = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    own = int(rolled.partition("\nPss:")[2].split()[0]) / 1024
    return own + sum(_megabytes(int(child)) for child in children.split())


def _current(settings: Settings) -> Path:
    folder = release.current(settings.releases)
    assert folder
    return folder


def _forms(settings: Settings) -> Forms:
    return Forms.from_json((_current(settings) / release.FORMS).read_text(encoding="utf-8"))
