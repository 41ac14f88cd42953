"""Queries of the public, run in processes that can be killed.

The engine cannot stop a query, and a query can exhaust its stack or its memory. So each runs in
a worker process with its own read-only view of the store; one that takes too long is killed and
replaced. The site takes what a worker writes as fast as it comes and keeps what its reader is too
slow for, so a slow reader holds no worker.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread

from s4s_graph import unanswered
from s4s_graph.answered import Answer, Cache, Room
from s4s_graph.bells import Bell
from s4s_graph.engines.elsewhere import Elsewhere
from s4s_graph.processes import DeadError, Worker
from s4s_graph.running import TICK_SECONDS, Run, TooLongError
from s4s_graph.settings import Settings
from s4s_graph.turns import FullError, Turn, Turns
from s4s_graph.unanswered import EndpointError as EndpointError
from s4s_graph.worker import Problem, Request

ROWS_DEFAULT = "application/sparql-results+json"
TRIPLES_DEFAULT = "text/turtle"
RETRY_SECONDS = 1.0
TRUST_SECONDS = 600.0  # after reading all of a store, however many workers end
WAITING = 20  # answers of the largest size that may wait for slow readers in files

log = logging.getLogger(__name__)


async def _nobody_left() -> bool:
    return False


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Counts:
    """What the workers of a pool do, and what happened to them since it began.

    killed: ended in the middle of a query. replaced: for whom another came. hits, misses: answers
    that were kept, and those that were not.
    """

    workers: int
    busy: int
    waiting: int
    killed: int
    replaced: int
    hits: int
    misses: int


class Pool:
    """A number of workers on one store, a fair queue before them, and what was answered lately.

    Every method may be called by several threads, and event loops, at once.
    """

    def __init__(self, store: Path, settings: Settings, elsewhere: Elsewhere | None = None) -> None:
        """Start the workers, that ask an engine elsewhere if that is given.

        Raises OSError when they cannot open the store.
        """
        self._elsewhere = elsewhere
        self.store = store.resolve()
        self.settings = settings
        self.on_damage: Callable[[], object] = _nothing  # told that the store cannot be read
        self._closed = False
        self._killed = self._replaced = 0
        self._trusted_until = 0.0
        self._lock = Lock()
        self._workers: set[Worker] = set()
        self._turns: Turns[Worker] = Turns(settings.workers, settings.queue_length)
        self._cache = Cache(settings.cache_bytes)
        self._room = Room(WAITING * settings.query_bytes)
        started = [self._start() for _ in range(settings.workers)]
        try:
            for worker in started:
                worker.await_start()
                self._turns.add(worker)
        except OSError as error:
            self.close()
            for worker in started:
                worker.stop()
            raise OSError(f"no worker could open the store {store}") from error

    def request(
        self,
        query: str,
        *,
        base: str | None = None,
        rows: str | None = ROWS_DEFAULT,
        triples: str | None = TRIPLES_DEFAULT,
        encoding: str | None = None,
        note: str | None = None,
        default_graphs: tuple[str, ...] = (),
        named_graphs: tuple[str, ...] = (),
        max_rows: int | None = None,
        max_bytes: int | None = None,
        bindings: tuple[tuple[str, str, str | None], ...] = (),
    ) -> Request:
        """Return a query with what its answer may be and with the limits of this pool.

        `base` is what relative IRIs in the query are relative to.
        """
        settings = self.settings
        return Request(
            query, base, rows, triples, encoding, note, default_graphs, named_graphs,
            max_rows=max_rows or settings.query_rows,
            max_bytes=max_bytes or settings.query_bytes,
            max_length=settings.query_length,
            max_nesting=settings.query_nesting,
            max_graphs=settings.query_graphs,
            bindings=bindings,
        )  # fmt: skip

    async def ask(
        self,
        request: Request,
        client: str = "",
        *,
        gone: Callable[[], Awaitable[bool]] = _nobody_left,
        stream: bool = True,
        meanwhile: Callable[[], object] = _nothing,
    ) -> Answer:
        """Return the answer, or with `stream` the start of it as soon as it is large.

        `client` is who shares the workers with others. `gone` is asked now and then whether
        nobody waits for the answer any more; then the worker is freed. `meanwhile` is called while
        a worker is at the query, if one has to be. Raises EndpointError.
        """
        if kept := self._cache.get(request):
            return kept
        try:
            answer = await self._run(request, client, gone, stream, meanwhile)
        except EndpointError as error:
            if error.problem is Problem.DAMAGED:
                self.on_damage()
            elif error.problem is Problem.DIED:
                self._suspect()
            raise
        if answer.whole and not request.changes:
            self._cache.put(request, answer)
        return answer

    def run(self, query: str, *, client: str = "", **options: object) -> Answer:
        """Return the whole answer, for code without an event loop.

        The options are those of `request`. Raises EndpointError.
        """
        request = self.request(query, **options)  # type: ignore[arg-type]
        return asyncio.run(self.ask(request, client, stream=False))

    def counts(self) -> Counts:
        """Return what the workers do now."""
        free, busy, waiting = self._turns.counts()
        cache = self._cache
        return Counts(
            free + busy, busy, waiting, self._killed, self._replaced, cache.hits, cache.misses
        )

    def close(self) -> None:
        """Stop all workers, in the middle of a query if need be."""
        with self._lock:
            self._closed = True
            workers = list(self._workers)
        free = self._turns.clear()
        for worker in workers:
            worker.kill()
        for worker in free:
            worker.stop()

    async def _run(
        self,
        request: Request,
        client: str,
        gone: Callable[[], Awaitable[bool]],
        stream: bool,
        meanwhile: Callable[[], object],
    ) -> Answer:
        long = False
        while True:
            turn = await self._turn(client, gone, long=long)
            run = Run(turn, request, self.settings, self._room, self._turns.lengthen, self._end)
            try:
                return await run.begin(gone, meanwhile, stream=stream)
            except DeadError:
                continue
            except TooLongError:
                long = True

    async def _turn(
        self, client: str, gone: Callable[[], Awaitable[bool]], *, long: bool
    ) -> Turn[Worker]:
        try:
            if self._closed:
                raise FullError
            if not long and (turn := self._turns.take(client)):
                return turn
            future = self._turns.ask(client, long=long)
            return future.result() if future.done() else await self._await(future, gone)
        except FullError:
            raise unanswered.error(Problem.BUSY, self.settings) from None

    async def _await(
        self, future: Future[Turn[Worker]], gone: Callable[[], Awaitable[bool]]
    ) -> Turn[Worker]:
        bell, taken = Bell(), False
        future.add_done_callback(bell.ring)
        deadline = time.monotonic() + self.settings.queue_seconds
        try:
            while (left := deadline - time.monotonic()) > 0:
                if await bell.within(min(left, TICK_SECONDS)):
                    taken = True
                    return future.result()
                if await gone():
                    raise unanswered.error(Problem.GONE, self.settings)
            raise FullError
        finally:
            if not taken and not future.cancel() and not future.exception():
                self._end(future.result(), healthy=True)

    def _suspect(self) -> None:
        """Have the store read: of damage, the engine may sort without end or not open it."""
        if (now := time.monotonic()) >= self._trusted_until:
            self._trusted_until = now + TRUST_SECONDS
            self.on_damage()

    def _start(self) -> Worker:
        worker = Worker(self.store, self.settings.query_memory, self._elsewhere)
        with self._lock:
            self._workers.add(worker)
        return worker

    def _end(self, turn: Turn[Worker], *, healthy: bool) -> None:
        """Give a worker back, or have it replaced."""
        if healthy and not self._closed:
            self._turns.give_back(turn, turn.worker)
            return
        self._killed += turn.broken
        self._turns.give_back(turn, None)
        # Waiting until a process has gone and another has come is nothing for an event loop.
        Thread(target=self._replace, args=(turn.worker,), name="replace a worker").start()

    def _replace(self, old: Worker) -> None:
        old.stop()
        with self._lock:
            self._workers.discard(old)
        while not self._closed:
            new = self._start()
            try:
                new.await_start()
            except OSError as error:
                new.stop()
                if not self._closed:
                    log.error("A worker did not start: %s", error)
                    self._suspect()
                    time.sleep(RETRY_SECONDS)
                continue
            self._replaced += 1
            self._turns.add(new)
            break
        if self._closed:
            self.close()
