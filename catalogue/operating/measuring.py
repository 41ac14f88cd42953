"""What a site counts and times of its requests, and tells to Prometheus and to its log.

By route and never by address: who asked what is nobody's business but the reader's own.
"""

import logging
from collections.abc import Callable, Iterable
from functools import cache
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catalogue.operating.standing import Standing
from s4s_graph.endpoint import Counts

# What is answered without a route of the framework, by how its address begins.
BEGINNINGS = ("/sparql", "/static/", "/-/", "/nl/reconcile", "/en/reconcile", "/reconcile")
METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS"))
# What is told of requests that no route answered, or none had to.
NO_ROUTE, UNCHANGED, OTHER = "none", "unchanged", "other"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

log = logging.getLogger(__name__)


class Metrics:
    """The counts of one site since it started."""

    def __init__(self) -> None:
        # Of each count there would be another one, of when it began. (It has no types.)
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "s4s_requests",
            "Answers by route, method and class of status.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "s4s_request_seconds",
            "Time until the last byte of an answer was given to the network.",
            ("route",),
            buckets=SECONDS,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        # There are some hundreds of them, and finding one takes longer than to count with it.
        self._counter, self._timer = cache(self._requests.labels), cache(self._seconds.labels)

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request; a status of 0 is none, since its reader went away."""
        known = method if method in METHODS else OTHER
        answered = f"{status // 100}xx" if status else NO_ROUTE
        self._counter(route, known, answered).inc()
        self._timer(route).observe(seconds)

    def text(self, standing: Standing) -> bytes:
        """Return everything in the text format of Prometheus, version 0.0.4."""
        return generate_latest(self._registry) + generate_latest(_Told(standing))


class _Told(Collector):
    """What a site can be seen to do at this moment."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def collect(self) -> Iterable[Metric]:
        served, pools = self._standing.served, self._standing.pools
        release = GaugeMetricFamily("s4s_release_info", "What is served.", labels=["release"])
        if served:
            release.add_metric([served.id], 1)
        yield release
        ready, problem = self._standing.is_ready, self._standing.problem is not None
        yield GaugeMetricFamily("s4s_ready", "Whether readers get an answer.", ready)
        yield GaugeMetricFamily(
            "s4s_problem", "Whether something newer could not be served.", problem
        )
        for name, help_, value in _GAUGES:
            yield GaugeMetricFamily(f"s4s_sparql_{name}", help_, sum(map(value, pools)))
        for name, help_, value in _COUNTERS:
            counted = f"{help_} Begins anew with each release."
            yield CounterMetricFamily(f"s4s_sparql_{name}", counted, sum(map(value, pools)))


_Value = Callable[[Counts], int]
_GAUGES: tuple[tuple[str, str, _Value], ...] = (
    ("workers", "Workers that run.", lambda counts: counts.workers),
    ("workers_busy", "Workers that are at a query.", lambda counts: counts.busy),
    ("queue_length", "Queries that wait for a worker.", lambda counts: counts.waiting),
)
_COUNTERS: tuple[tuple[str, str, _Value], ...] = (
    ("killed", "Workers ended in the middle of a query.", lambda counts: counts.killed),
    ("workers_replaced", "Workers that another came for.", lambda counts: counts.replaced),
    ("cache_hits", "Answers that were kept.", lambda counts: counts.hits),
    ("cache_misses", "Answers that were not kept.", lambda counts: counts.misses),
)


class Measured:
    """Counts and times each request, and tells the log of it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), 0

        async def see(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, see)
        finally:
            self._note(scope, status, perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = template(scope, status), str(scope["method"])
        self._metrics.note(route, method, status, seconds)
        if log.isEnabledFor(logging.INFO):
            release = scope["state"].get("release")
            told = {
                "route": route,
                "method": method if method in METHODS else OTHER,
                "status": status,
                "milliseconds": round(seconds * 1000, 2),
                "release": release.id if release else None,
            }
            log.info("request", extra=told)


def template(scope: Scope, status: int = 0) -> str:
    """Return the route that answered, with the names of its parameters and not their values."""
    if route := getattr(scope.get("route"), "path", None):
        return f"{scope.get('root_path', '')}{route}"
    path = scope["path"]
    rest = UNCHANGED if status == 304 else NO_ROUTE
    return next((start for start in BEGINNINGS if path.startswith(start)), rest)
