"""The process that parses and runs the public's queries, because it may be killed and may die.

Started by `processes.Worker` as `python -m s4s_graph.worker STORE DESCRIPTOR MEMORY`: the folder
of the store, the socket to talk over, and the bytes of memory that a query may take. It imports
no more than it needs: a new one has to be there quickly.

With ELSEWHERE in its environment it asks an engine elsewhere and not the store: only then it has
a network.

It says READY once (see `frames`). Each QUERY, a JSON array of the fields of a `Request`, is
answered by one ANSWER if that is small. A larger one is a HEAD, any number of CHUNKs, and an END:
`{"truncated": …}`. An END with `{"error": …}`, a value of Problem and, for some, `message`, `line`
and `column`, says that there is no answer; after a HEAD it takes back what was sent.
"""

import ctypes
import json
import os
import re
import resource
import select
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self, TypeAlias, cast

import pyoxigraph as ox

from s4s_graph import tokens
from s4s_graph.frames import END, READY, Frames, frame
from s4s_graph.sending import CutError, Sending, TooLargeError

if TYPE_CHECKING:
    from s4s_graph.engines.public import Public

Graph: TypeAlias = "ox.Store | Public"

# The parser and the optimiser need a level of stack for each operator, also in a flat chain: 8 MB
# are gone after 2,000 UNIONs. This is enough for the worst query of 100,000 characters.
STACK_BYTES = 512 * 1024**2
RECEIVED_BYTES = 64 * 1024
ELSEWHERE = "SKILLS4SKILLS_ELSEWHERE"  # an `Elsewhere` as JSON
TABLES = ("text/html", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of Linux
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_CHARACTER_CLASS = re.compile(r',? *(?<!")\[[^\]]*\]')


@dataclass(frozen=True)
class Request:
    """A query and what its answer may be.

    `rows` and `triples` are the media types for the two kinds of answers, None where the client
    accepts no format of that kind. `encoding` is br, gzip or None. `note` is the address that
    tells about the limit of rows, for the head of a table that was cut. Without graphs, the
    default graph is the union of all graphs. `bindings` are what stands in the place of variables:
    of each its name, the value, and the IRI of its datatype or None for an IRI.
    """

    query: str
    base: str | None
    rows: str | None
    triples: str | None
    encoding: str | None
    note: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    max_rows: int
    max_bytes: int
    max_length: int
    max_nesting: int
    max_graphs: int
    bindings: tuple[tuple[str, str, str | None], ...] = ()

    @cached_property
    def as_json(self) -> bytes:
        """All of it in one line: the same text for the same request, which names its answer."""
        return json.dumps([*map(vars(self).get, self.__match_args__)]).encode()

    @classmethod
    def of(cls, text: bytes) -> Self:
        """Read what `as_json` wrote."""
        return cls(*json.loads(text.decode()))

    @cached_property
    def changes(self) -> bool:
        """Whether the answer may be another one each time."""
        return tokens.changes(self.query)


class Problem(StrEnum):
    """Why there is no answer."""

    LENGTH = "length"
    NESTING = "nesting"
    SERVICE = "service"
    UPDATE = "update"
    GRAPHS = "graphs"
    SYNTAX = "syntax"
    EVALUATION = "evaluation"
    NO_ROWS_FORMAT = "no-rows-format"
    NO_TRIPLES_FORMAT = "no-triples-format"
    TOO_LARGE = "too-large"
    MEMORY = "memory"
    TIME = "time"
    BUSY = "busy"
    DIED = "died"
    KILLED = "killed"
    DAMAGED = "damaged"
    AWAY = "away"
    GONE = "gone"


def main(store: Path, descriptor: int, memory: int) -> None:
    """Answer requests until the other side closes the socket, in the middle of one if need be."""
    elsewhere = os.environ.pop(ELSEWHERE, "")
    if not elsewhere:
        leave_network()
    connection = socket.socket(fileno=descriptor)
    threading.excepthook = _give_up
    threading.stack_size(STACK_BYTES)
    opened = partial(_open, store, elsewhere)
    threading.Thread(target=_serve, args=(opened, memory, connection), daemon=True).start()
    # Asking for nothing, one is told of the end alone. A query that still runs cannot be stopped
    # in another way.
    ending = select.poll()
    ending.register(descriptor, 0)
    ending.poll()
    os._exit(0)


def leave_network() -> bool:
    """Move this process, while it has one thread, to a network without a way out; say if it did.

    Where the system does not know namespaces or does not allow them, nothing changes: that no
    query asks another server is then the work of `tokens` alone.
    """
    unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
    if unshare is None:
        return False
    return any(unshare(flags) == 0 for flags in (_NEW_NETWORK, _NEW_USER | _NEW_NETWORK))


def _open(store: Path, elsewhere: str) -> Graph:
    if not elsewhere:
        return ox.Store.read_only(str(store))
    # Takes longer to import than to open a store.
    from s4s_graph.engines.elsewhere import Elsewhere
    from s4s_graph.engines.public import Public

    return Public(Elsewhere.of(elsewhere))


def _serve(opened: Callable[[], Graph], memory: int, connection: socket.socket) -> None:
    graph = opened()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit = _address_space() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    connection.sendall(frame(READY, json.dumps(threading.get_native_id()).encode()))
    for request in _requests(connection):
        sending = Sending(connection, request)
        problem = _answer(graph, request, sending)
        last = frame(END, json.dumps(problem).encode()) if problem else sending.rest()
        connection.sendall(last)


def _requests(connection: socket.socket) -> Iterator[Request]:
    frames, received = Frames(), memoryview(bytearray(RECEIVED_BYTES))
    while length := connection.recv_into(received):
        for _, content in frames.feed(received[:length]):
            yield Request.of(content)


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


def _answer(graph: Graph, request: Request, sending: Sending) -> dict[str, Any] | None:
    """Hand the answer to `sending`, or return why there is none."""
    limits = {"length": request.max_length, "nesting": request.max_nesting}
    if refusal := tokens.check(request.query, **limits):
        return _error(Problem(refusal.kind), line=refusal.line, column=refusal.column)
    clauses = tokens.dataset_clauses(request.query)
    if clauses + len(request.default_graphs + request.named_graphs) > request.max_graphs:
        return _error(Problem.GRAPHS)
    try:
        return _run(graph, request, clauses, sending)
    except TooLargeError:
        return _error(Problem.TOO_LARGE)
    except MemoryError:
        return _error(Problem.MEMORY)
    except ConnectionError:
        return _error(Problem.AWAY)
    except SyntaxError as error:
        return _error(Problem.SYNTAX, **_position(str(error)))
    except (RuntimeError, ValueError, OSError) as error:
        if is_of_damage(error):
            return _error(Problem.DAMAGED)
        return _error(Problem.EVALUATION, message=str(error))


def _run(graph: Graph, request: Request, clauses: int, sending: Sending) -> dict[str, Any] | None:
    result = graph.query(
        request.query,
        base_iri=request.base,
        substitutions=_substitutions(request),
        **_dataset(request, clauses),
    )
    media_type = request.triples if isinstance(result, ox.QueryTriples) else request.rows
    if media_type is None:
        missing = isinstance(result, ox.QueryTriples)
        return _error(Problem.NO_TRIPLES_FORMAT if missing else Problem.NO_ROWS_FORMAT)
    sending.begin(media_type, table=isinstance(result, ox.QuerySolutions))
    try:
        truncated = _write(result, media_type, sending, request.max_rows)
    except CutError:
        truncated = True
    except SyntaxError as error:
        # Not of the query, which was read before: of rows from an engine elsewhere.
        raise ConnectionError from error
    sending.finish(truncated=truncated)
    return None


def _write(
    result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples,
    media_type: str,
    sending: Sending,
    rows: int,
) -> bool:
    """Write the answer; return whether it was cut already because of its rows."""
    file = cast("IO[bytes]", sending)  # the engine only writes to it
    if isinstance(result, ox.QueryTriples):
        result.serialize(file, ox.RdfFormat.from_media_type(media_type))
    elif media_type in TABLES:
        # Takes longer to import than to answer most queries.
        from s4s_graph import tabulating

        return tabulating.write(result, media_type, sending, rows)
    else:
        result.serialize(file, ox.QueryResultsFormat.from_media_type(media_type))
    return False


def is_of_damage(error: Exception) -> bool:
    """Tell whether an error of the engine is about what it reads on disk, not about a query."""
    # It has no class of its own for this. Each block that it reads has a checksum.
    return str(error).startswith(("Corruption", "IO error"))


def _error(problem: Problem, **details: Any) -> dict[str, Any]:
    return {"error": problem, **details}


def _substitutions(request: Request) -> dict[ox.Variable, Any]:
    return {
        ox.Variable(name): ox.Literal(value, datatype=ox.NamedNode(datatype))
        if datatype
        else ox.NamedNode(value)
        for name, value, datatype in request.bindings
    }


def _dataset(request: Request, clauses: int) -> dict[str, Any]:
    if request.default_graphs or request.named_graphs:
        return {
            "default_graph": [ox.NamedNode(iri) for iri in request.default_graphs],
            "named_graphs": [ox.NamedNode(iri) for iri in request.named_graphs],
        }
    # The engine lets the union win over the FROM of the query.
    return {"use_default_graph_as_union": not clauses}


def _position(message: str) -> dict[str, Any]:
    if not (match := _POSITION.fullmatch(message)):
        return {"message": message}
    # "expected [_]" and classes of characters help nobody.
    expected = _CHARACTER_CLASS.sub("", match[3]).removesuffix("expected").strip()
    return {"line": int(match[1]), "column": int(match[2]), "message": expected}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
