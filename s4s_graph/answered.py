"""The answer to a query, whole or on its way, and those that are kept to be given again."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Any, Self

from s4s_graph.unanswered import EndpointError
from s4s_graph.worker import Request

MEMORY_BYTES = 1024**2  # of an answer; what is more goes to a temporary file
PIECE_BYTES = 256 * 1024
KEPT_SHARE = 16  # an answer may take one part in so many of the cache
ENTRY_BYTES = 500  # of a kept answer beside its content and its request, about


class NoRoomError(Exception):
    """The answers that wait for slow readers take all the room that there is."""


class Room:
    """The bytes that all answers together may take in files."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._lock = Lock()

    def take(self, size: int) -> None:
        """Take some of it. Raises NoRoomError."""
        with self._lock:
            if size > self._left:
                raise NoRoomError
            self._left -= size

    def give(self, size: int) -> None:
        """Give some of it back."""
        with self._lock:
            self._left += size


_NO_ROOM = Room(0)  # for what is never in a file


class _Spool:
    """Bytes that come faster than they are taken: in memory, and what is more in a file."""

    def __init__(self, room: Room) -> None:
        self.length = 0
        self._room = room
        self._pieces: deque[bytes] = deque()  # all of them older than what is in the file
        self._kept = 0  # bytes in the pieces
        self._file: IO[bytes] | None = None
        self._taken = self._written = 0  # bytes of the file

    def hold(self, piece: bytes) -> None:
        """Keep bytes in memory however many they are."""
        self.length += len(piece)
        self._pieces.append(piece)
        self._kept += len(piece)

    def put(self, piece: bytes) -> None:
        if self._taken == self._written and self._kept + len(piece) <= MEMORY_BYTES:
            self.hold(piece)
            return
        self._room.take(len(piece))
        self.length += len(piece)
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115 - closed with the answer
        self._file.seek(self._written)
        self._written += self._file.write(piece)

    def take(self) -> bytes:
        """Return the oldest bytes and forget them; none when there are none."""
        if self._pieces:
            taken = b"".join(self._pieces)
            self._pieces.clear()
            self._kept = 0
            return taken
        if self._file is None or self._taken == self._written:
            return b""
        self._file.seek(self._taken)
        taken = self._file.read(PIECE_BYTES)
        self._taken += len(taken)
        if self._taken == self._written:
            self._give_back()
            self._file.truncate(0)
        return taken

    def content(self) -> bytes:
        """Return everything, when nothing was taken yet."""
        rest = b""
        if self._file:
            self._file.seek(0)
            rest = self._file.read()
        return b"".join(self._pieces) + rest

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._give_back()

    def _give_back(self) -> None:
        self._room.give(self._written)
        self._taken = self._written = 0


class Answer:
    """The bytes of an answer, and what is known of it. Read it once, or close it.

    media_type: of the content; encoding: br, gzip or None.
    truncated: whether there were more rows than the limit; None when that is not known yet.
    length: of the content as it is encoded, in bytes; None when that is not known yet.
    """

    def __init__(self, head: Mapping[str, Any], room: Room) -> None:
        self.media_type: str = head["media_type"]
        self.encoding: str | None = head["encoding"]
        self.truncated: bool | None = head["truncated"]
        self.whole = False
        self._content = _Spool(room)
        self._failure: EndpointError | None = None
        self._more: asyncio.Event | None = None
        self._stop: Callable[[], object] | None = None

    @classmethod
    def of(cls, head: Mapping[str, Any], content: bytes) -> Self:
        """Return an answer that is whole."""
        answer = cls(head, _NO_ROOM)
        answer._content.hold(content)
        answer.end()
        return answer

    @property
    def length(self) -> int | None:
        """See the class."""
        return self._content.length if self.whole else None

    def read(self) -> bytes:
        """Return the content of a whole answer and let go of it."""
        content = self.content()
        self.close()
        return content

    def content(self) -> bytes:
        """Return the content of a whole answer that nobody has begun to read."""
        return self._content.content()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the content as it comes. Raises EndpointError where it breaks off."""
        while True:
            if piece := self._content.take():
                yield piece
            elif self._failure:
                raise self._failure
            elif self.whole:
                return
            else:
                assert self._more  # noqa: S101 - an answer is whole, or stops, or is fed
                self._more.clear()
                await self._more.wait()

    def close(self) -> None:
        """Let go of what was not read, and of the worker if it still writes."""
        if self._stop:
            self._stop()
        self._content.close()

    def add(self, piece: bytes) -> None:
        """Take a piece more from the worker. Raises NoRoomError."""
        self._content.put(piece)
        self._wake()

    def follow(self, stop: Callable[[], object]) -> None:
        """Note that more is to come; `stop` ends that."""
        self._more = asyncio.Event()
        self._stop = stop

    def end(self, failure: EndpointError | None = None) -> None:
        """Note that nothing more is to come: all is there, or it failed."""
        self.whole = failure is None
        self._failure = failure
        self._stop = None
        self._wake()

    def _wake(self) -> None:
        if self._more:
            self._more.set()


class Cache:
    """The answers that were asked for last, up to a number of bytes. For one release only."""

    def __init__(self, most: int) -> None:
        self.hits = self.misses = 0
        self._most = most
        self._size = 0
        self._kept: OrderedDict[bytes, tuple[Mapping[str, Any], bytes]] = OrderedDict()
        self._lock = Lock()

    def get(self, request: Request) -> Answer | None:
        """Return the answer to the very same request, if it is kept."""
        with self._lock:
            kept = self._kept.get(request.as_json)
            if kept is None:
                self.misses += 1
                return None
            self.hits += 1
            self._kept.move_to_end(request.as_json)
        return Answer.of(*kept)

    def put(self, request: Request, answer: Answer) -> None:
        """Keep a whole answer, in the place of those that were not asked for longest."""
        asked = request.as_json
        size = _size(asked, answer.length or 0)
        if size > self._most // KEPT_SHARE:
            return
        head = {name: getattr(answer, name) for name in ("media_type", "encoding", "truncated")}
        with self._lock:
            if asked in self._kept:
                return
            self._kept[asked] = head, answer.content()
            self._size += size
            while self._size > self._most:
                oldest, (_, content) = self._kept.popitem(last=False)
                self._size -= _size(oldest, len(content))


def _size(asked: bytes, length: int) -> int:
    return len(asked) + length + ENTRY_BYTES
