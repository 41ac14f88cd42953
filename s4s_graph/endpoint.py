"""Queries of the public, run in processes that can be killed.

The engine cannot stop a query, and a query can exhaust its stack or its memory. So each runs in
a worker process with its own read-only view of the store; one that takes too long is killed and
replaced. An answer is collected before it is handed out: a reader on a slow line holds no worker,
and what goes wrong is said by an error, never by half an answer.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from multiprocessing import Pipe
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import Any

from s4s_graph.settings import PACKAGE, Settings
from s4s_graph.worker import CHUNK, CHUNK_BYTES, READY, Problem, Request

ROWS_DEFAULT = "application/sparql-results+json"
TRIPLES_DEFAULT = "text/turtle"
START_SECONDS = 30.0
TICK_SECONDS = 0.1  # how soon it is noticed that nobody waits any more
MEMORY_BYTES = 1024**2  # of an answer; what is more goes to a temporary file

File = SpooledTemporaryFile[bytes]
_SENTENCES = {
    Problem.LENGTH: "the query is longer than {query_length:,} characters",
    Problem.NESTING: "brackets or operators are nested more than {query_nesting} deep",
    Problem.SERVICE: "SERVICE is not allowed: this endpoint asks no other endpoints",
    Problem.UPDATE: "updates are not allowed: this endpoint only answers queries",
    Problem.SYNTAX: "the query is not SPARQL",
    Problem.EVALUATION: "the query cannot be run",
    Problem.NO_ROWS_FORMAT: "the answer is a table or a boolean, in none of the formats accepted",
    Problem.NO_TRIPLES_FORMAT: "the answer consists of triples, in none of the formats accepted",
    Problem.TOO_LARGE: "the answer has more than {max_bytes:,} bytes; add a LIMIT",
    Problem.MEMORY: "the query needs more than {query_memory:,} bytes of memory",
    Problem.TIME: "the query took more than {query_seconds:g} seconds and was stopped",
    Problem.BUSY: "other queries are running; try again in a moment",
    Problem.DIED: "the query ended the process that ran it: most likely it needs more than "
    "{query_memory:,} bytes of memory",
}


class EndpointError(Exception):
    """There is no answer: which problem, where in the query if that is known, and a sentence."""

    def __init__(
        self, problem: Problem, sentence: str, line: int | None = None, column: int | None = None
    ) -> None:
        place = f"line {line}, column {column}: " if line else ""
        super().__init__(place + sentence)
        self.problem = problem
        self.line = line
        self.column = column


class Answer:
    """The bytes of an answer and their media type. Iterate once, or close."""

    def __init__(self, media_type: str, file: File, length: int) -> None:
        self.media_type = media_type
        self.length = length
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        with self._file as file:
            file.seek(0)
            while chunk := file.read(CHUNK_BYTES):
                yield chunk

    def close(self) -> None:
        """Let go of the bytes that were not read."""
        self._file.close()


class Pool:
    """A number of workers on one store, and a queue of limited length before them.

    Every method may be called by several threads at once.
    """

    def __init__(self, store: Path, settings: Settings) -> None:
        """Start the workers. Raises OSError when they cannot open the store."""
        self._store = store.resolve()
        self.settings = settings
        self._closed = False
        self._places = BoundedSemaphore(settings.workers + settings.queue_length)
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        workers = [self._start() for _ in range(settings.workers)]
        for worker in workers:
            self._idle.put(worker)
        try:
            for worker in workers:
                worker.await_start()
        except (_DiedError, TimeoutError) as error:
            self.close()
            raise OSError(f"no worker could open the store {store}") from error

    def run(
        self,
        query: str,
        *,
        base: str | None = None,
        rows: str | None = ROWS_DEFAULT,
        triples: str | None = TRIPLES_DEFAULT,
        default_graphs: tuple[str, ...] = (),
        named_graphs: tuple[str, ...] = (),
        max_bytes: int | None = None,
        gone: Callable[[], bool] = lambda: False,
    ) -> Answer:
        """Answer a query in the media type given for its kind of answer; None: in no such type.

        `base` is what relative IRIs in the query are relative to.
        `gone` is asked now and then whether nobody waits for the answer any more; then the worker
        is freed. Raises EndpointError.
        """
        settings = self.settings
        request = Request(
            query, base, rows, triples, default_graphs, named_graphs,
            max_bytes=max_bytes or settings.query_bytes,
            max_length=settings.query_length,
            max_nesting=settings.query_nesting,
        )  # fmt: skip
        if not self._places.acquire(blocking=False):
            raise self._error(Problem.BUSY)
        try:
            return self._run_next(request, gone)
        finally:
            self._places.release()

    def close(self) -> None:
        """Stop all workers; returns when the queries that run have ended."""
        if self._closed:
            return
        self._closed = True
        for _ in range(self.settings.workers):
            self._idle.get().stop()

    def _run_next(self, request: Request, gone: Callable[[], bool]) -> Answer:
        try:
            worker = self._idle.get(timeout=self.settings.queue_seconds)
        except Empty:
            raise self._error(Problem.BUSY) from None
        try:
            if self._closed:
                raise self._error(Problem.BUSY)
            if not worker.alive:
                worker.stop()
                worker = self._start()
            return self._run(worker, request, gone)
        finally:
            # A dead one too: it is replaced when its turn comes.
            self._idle.put(worker)

    def _run(self, worker: "_Worker", request: Request, gone: Callable[[], bool]) -> Answer:
        with ExitStack() as stack:
            file = stack.enter_context(SpooledTemporaryFile(max_size=MEMORY_BYTES))
            last = self._ask(worker, request, file, gone)
            if problem := last.pop("error", None):
                raise self._error(Problem(problem), max_bytes=request.max_bytes, **last)
            stack.pop_all()
            return Answer(last["media_type"], file, file.tell())

    def _ask(
        self, worker: "_Worker", request: Request, file: File, gone: Callable[[], bool]
    ) -> dict[str, Any]:
        finished = False
        try:
            worker.await_start()
            worker.send(json.dumps(asdict(request)).encode())
            last = worker.receive(file, time.monotonic() + self.settings.query_seconds, gone)
            finished = True
        except TimeoutError:
            raise self._error(Problem.TIME) from None
        except _DiedError:
            raise self._error(Problem.DIED) from None
        finally:
            # Else the rest of this answer would be the start of the next.
            if not finished:
                worker.stop()
        return last

    def _start(self) -> "_Worker":
        return _Worker(self._store, self.settings.query_memory)

    def _error(
        self,
        problem: Problem,
        *,
        message: str | None = None,
        line: int | None = None,
        column: int | None = None,
        max_bytes: int = 0,
    ) -> EndpointError:
        sentence = _SENTENCES[problem].format(**vars(self.settings), max_bytes=max_bytes)
        return EndpointError(
            problem, f"{sentence}: {message}" if message else sentence, line, column
        )


class _DiedError(Exception):
    """The worker closed its side of the socket."""


class _Worker:
    """One process, and our side of the socket to it."""

    def __init__(self, store: Path, memory: int) -> None:
        self._connection, theirs = Pipe()
        self._started = False
        with theirs:
            # Nothing in these arguments comes from a reader.
            self._process = subprocess.Popen(  # noqa: S603
                [
                    sys.executable,
                    "-m",
                    "s4s_graph.worker",
                    store,
                    str(theirs.fileno()),
                    str(memory),
                ],
                # Where -m finds the package, installed or not.
                cwd=PACKAGE.parent,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # Ctrl-C is for the site, which then stops its workers.
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def await_start(self) -> None:
        """Wait until the store is open, so that the clock of a query does not count it."""
        if not self._started:
            self._started = self._message(time.monotonic() + START_SECONDS) == READY

    def send(self, request: bytes) -> None:
        try:
            self._connection.send_bytes(request)
        except OSError as error:
            raise _DiedError from error

    def receive(self, file: File, deadline: float, gone: Callable[[], bool]) -> dict[str, Any]:
        """Write the chunks of an answer to the file and return its last message."""
        while (message := self._message(deadline, gone)).startswith(CHUNK):
            file.write(message[len(CHUNK) :])
        last: dict[str, Any] = json.loads(message)
        return last

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._connection.close()

    def _message(self, deadline: float, gone: Callable[[], bool] = lambda: False) -> bytes:
        while (left := deadline - time.monotonic()) > 0:
            try:
                if self._connection.poll(min(left, TICK_SECONDS)):
                    return self._connection.recv_bytes()
            except (EOFError, OSError) as error:
                raise _DiedError from error
            if gone():
                break
        raise TimeoutError
