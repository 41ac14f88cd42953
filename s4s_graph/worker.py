"""The process that parses and runs the public's queries, because it may be killed and may die.

Started by `endpoint.Pool` as `python -m s4s_graph.worker STORE DESCRIPTOR MEMORY`: the folder of
the store, the socket to talk over, and the bytes of memory that a query may take. It imports no
more than it needs: a new one has to be there quickly.

It says READY once. Then every request, a JSON object with the fields of `Request`, is answered
by any number of messages that start with CHUNK, and one last JSON object: `{"media_type": …}`,
or `{"error": …}` with a value of Problem and, for some, `message`, `line` and `column`.
"""

import json
import os
import re
import resource
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, cast

import pyoxigraph as ox

from s4s_graph import tokens

READY = b"R"
CHUNK = b"C"
CHUNK_BYTES = 64 * 1024
# The parser and the optimiser need a level of stack for each operator, also in a flat chain: 8 MB
# are gone after 2,000 UNIONs. This is enough for the worst query of 100,000 characters.
STACK_BYTES = 512 * 1024**2
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_CHARACTER_CLASS = re.compile(r',? *(?<!")\[[^\]]*\]')


@dataclass(frozen=True)
class Request:
    """A query and what its answer may be.

    `rows` and `triples` are the media types for the two kinds of answers, None where the client
    accepts no format of that kind. Without graphs, the default graph is the union of all graphs.
    """

    query: str
    base: str | None
    rows: str | None
    triples: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    max_bytes: int
    max_length: int
    max_nesting: int


class Problem(StrEnum):
    """Why there is no answer."""

    LENGTH = "length"
    NESTING = "nesting"
    SERVICE = "service"
    UPDATE = "update"
    SYNTAX = "syntax"
    EVALUATION = "evaluation"
    NO_ROWS_FORMAT = "no-rows-format"
    NO_TRIPLES_FORMAT = "no-triples-format"
    TOO_LARGE = "too-large"
    MEMORY = "memory"
    TIME = "time"
    BUSY = "busy"
    DIED = "died"


class _TooLargeError(Exception):
    """The answer has more bytes than it may have."""


class _Output:
    """Sends what the engine writes, in chunks of at least CHUNK_BYTES and no more than allowed."""

    def __init__(self, connection: Connection, max_bytes: int) -> None:
        self._connection = connection
        self._left = max_bytes
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise _TooLargeError
        self._buffer += data
        if len(self._buffer) >= CHUNK_BYTES:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._buffer:
            self._connection.send_bytes(CHUNK + self._buffer)
            self._buffer.clear()


def main(store: Path, descriptor: int, memory: int) -> None:
    """Answer requests until the other side closes the socket, in the middle of one if need be."""
    connection = Connection(descriptor)
    requests: SimpleQueue[bytes] = SimpleQueue()
    threading.excepthook = _give_up
    threading.stack_size(STACK_BYTES)
    threading.Thread(target=_serve, args=(store, memory, connection, requests.get)).start()
    try:
        while True:
            requests.put(connection.recv_bytes())
    except (EOFError, OSError):
        # A query that still runs cannot be stopped in another way.
        os._exit(0)


def _serve(store: Path, memory: int, connection: Connection, take: Callable[[], bytes]) -> None:
    graph = ox.Store.read_only(str(store))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = _address_space() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    connection.send_bytes(READY)
    while True:
        answer = _answer(graph, Request(**json.loads(take())), connection)
        connection.send_bytes(json.dumps(answer).encode())


def _give_up(failure: threading.ExceptHookArgs) -> None:
    # No worker is better than one that does not answer.
    threading.__excepthook__(failure)
    os._exit(1)


def _address_space() -> int:
    # A store on disk is mapped, and the stack is reserved: neither is the query's doing.
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except FileNotFoundError:
        return STACK_BYTES
    return pages * resource.getpagesize()


def _answer(graph: ox.Store, request: Request, connection: Connection) -> dict[str, Any]:
    refusal = tokens.check(request.query, length=request.max_length, nesting=request.max_nesting)
    if refusal:
        return _error(Problem(refusal.kind), line=refusal.line, column=refusal.column)
    try:
        return _run(graph, request, _Output(connection, request.max_bytes))
    except _TooLargeError:
        return _error(Problem.TOO_LARGE)
    except MemoryError:
        return _error(Problem.MEMORY)
    except SyntaxError as error:
        return _error(Problem.SYNTAX, **_position(str(error)))
    except (RuntimeError, ValueError, OSError) as error:
        return _error(Problem.EVALUATION, message=str(error))


def _run(graph: ox.Store, request: Request, output: _Output) -> dict[str, Any]:
    result = graph.query(request.query, base_iri=request.base, **_dataset(request))
    file = cast("IO[bytes]", output)  # the engine only writes to it
    if isinstance(result, ox.QueryTriples):
        media_type = request.triples
        if media_type is None:
            return _error(Problem.NO_TRIPLES_FORMAT)
        result.serialize(file, ox.RdfFormat.from_media_type(media_type))
    else:
        media_type = request.rows
        if media_type is None:
            return _error(Problem.NO_ROWS_FORMAT)
        result.serialize(file, ox.QueryResultsFormat.from_media_type(media_type))
    output.flush()
    return {"media_type": media_type}


def _error(problem: Problem, **details: Any) -> dict[str, Any]:
    return {"error": problem, **details}


def _dataset(request: Request) -> dict[str, Any]:
    if request.default_graphs or request.named_graphs:
        return {
            "default_graph": [ox.NamedNode(iri) for iri in request.default_graphs],
            "named_graphs": [ox.NamedNode(iri) for iri in request.named_graphs],
        }
    # The engine lets the union win over the FROM of the query.
    return {"use_default_graph_as_union": not tokens.names_dataset(request.query)}


def _position(message: str) -> dict[str, Any]:
    match = _POSITION.fullmatch(message)
    if not match:
        return {"message": message}
    # "expected [_]" and classes of characters help nobody.
    expected = _CHARACTER_CLASS.sub("", match[3]).removesuffix("expected").strip()
    return {"line": int(match[1]), "column": int(match[2]), "message": expected}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
