"""A worker as the site sees it: one process, and our side of the socket to it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path

from s4s_graph.bells import Bell
from s4s_graph.engines.elsewhere import Elsewhere
from s4s_graph.frames import QUERY, Frames, frame
from s4s_graph.settings import PACKAGE
from s4s_graph.worker import ELSEWHERE

START_SECONDS = 30.0
RECEIVED_BYTES = 512 * 1024
BUFFER_BYTES = 1024 * 1024  # between the two, so that neither waits for the other's turn
# Pages come first, then short queries, then those that take long. Were short ones as pages are,
# pages would take four times as long while others send cross joins.
NICENESS, LONG_NICENESS = 10, 19
ENVIRONMENT = {
    # Out of memory, the engine ends the process: at once, and not after a long tale.
    "RUST_BACKTRACE": "0",
    # Each thread of the engine would reserve 64 MB of addresses for a heap of its own, once it
    # needs some, and a query would have so much less.
    "MALLOC_ARENA_MAX": "1",
}
_ENDED_BY_ITSELF = (-signal.SIGABRT, -signal.SIGSEGV)  # out of memory or of stack


class DeadError(Exception):
    """The worker ended before it was asked anything."""


class DiedError(Exception):
    """The worker closed its side of the socket; `own` if its query was the cause."""

    def __init__(self, *, own: bool) -> None:
        super().__init__("the worker is gone")
        self.own = own


class Worker:
    """A process with a view of the store, for one query at a time."""

    def __init__(self, store: Path, memory: int, elsewhere: Elsewhere | None = None) -> None:
        """Start the process; it may be used after `await_start`.

        With an engine elsewhere it asks that and not the store.
        """
        # Others can read the arguments of a process, and not its environment.
        engine = {ELSEWHERE: elsewhere.as_json()} if elsewhere else {}
        self._socket, theirs = socket.socketpair()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        self._frames = Frames()
        self._received = bytearray(RECEIVED_BYTES)
        self._messages: deque[tuple[bytes, bytes]] = deque()
        self._thread = 0
        self._streaming = False
        self._home: asyncio.AbstractEventLoop | None = None  # which watches the socket meanwhile
        self._bell: Bell | None = None
        self.slow = False
        with theirs:
            arguments = str(store), str(theirs.fileno()), str(memory)
            # Nothing in these arguments comes from a reader.
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "s4s_graph.worker", *arguments],
                # Where -m finds the package, installed or not.
                cwd=PACKAGE.parent,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **ENVIRONMENT, **engine},
                pass_fds=[theirs.fileno()],
                # Ctrl-C is for the site, which then stops its workers. Not a session of their own:
                # Linux may share a processor evenly between sessions, however nice each is.
                process_group=0,
            )
        # At once: to start is most of the work of a worker that is soon stopped again.
        os.setpriority(os.PRIO_PROCESS, self._process.pid, NICENESS)

    def await_start(self) -> None:
        """Wait until the store is open. Raises OSError when that fails."""
        self._socket.settimeout(START_SECONDS)
        while not self._messages:
            piece = self._socket.recv(RECEIVED_BYTES)
            if not piece:
                raise ConnectionError("a worker could not open the store")
            self._messages.extend(self._frames.feed(piece))
        _, thread = self._messages.popleft()
        self._thread = json.loads(thread)
        self._socket.setblocking(False)

    async def send(self, request: bytes) -> None:
        """Hand over a request. Raises DeadError."""
        self._streaming = False
        message = memoryview(frame(QUERY, request))
        try:
            # Most go in one piece, without a turn of the event loop.
            if rest := message[self._socket.send(message) :]:
                await asyncio.get_running_loop().sock_sendall(self._socket, rest)
        except OSError:
            raise DeadError from None

    async def receive(self, seconds: float) -> tuple[bytes, bytes]:
        """Return the next message. Raises DiedError, and TimeoutError after so many seconds."""
        while not self._messages:
            # What follows a piece is often there already; what follows a request never is.
            if not self._streaming:
                await self._readable(seconds)
            try:
                length = self._socket.recv_into(self._received)
                self._streaming = True
            except BlockingIOError:
                self._streaming = False
                continue
            except OSError:
                length = 0
            if not length:
                raise DiedError(own=await self._ended_by_itself())
            self._messages.extend(self._frames.feed(memoryview(self._received)[:length]))
        return self._messages.popleft()

    async def _readable(self, seconds: float) -> None:
        # Not `sock_recv` with a timeout: what it has just read is lost when it is cancelled.
        loop, descriptor = asyncio.get_running_loop(), self._socket.fileno()
        bell = self._bell = Bell()
        # One event loop goes on watching between queries, for to begin and to end that costs it
        # eight calls of the system: a quarter of what a small query takes it.
        if self._home is None or self._home.is_closed():
            self._home = loop
            loop.add_reader(descriptor, self._heard)
        elif self._home is not loop:
            loop.add_reader(descriptor, bell.ring)
        try:
            if not await bell.within(seconds):
                raise TimeoutError
        finally:
            self._bell = None
            if self._home is not loop:
                loop.remove_reader(descriptor)

    def _heard(self) -> None:
        if bell := self._bell:
            bell.ring()
        else:
            # It has ended, or is read without waiting: the loop would say so without pause.
            self._leave_home()

    def _leave_home(self) -> None:
        home, self._home = self._home, None
        if home:
            home.remove_reader(self._socket.fileno())

    @property
    def has_message(self) -> bool:
        """Whether `receive` would return at once."""
        return bool(self._messages)

    def slow_down(self) -> None:
        """Let all others go first from now on; there is no way back."""
        self.slow = True
        with suppress(ProcessLookupError):  # it has just ended, as will be seen
            os.setpriority(os.PRIO_PROCESS, self._thread, LONG_NICENESS)

    def kill(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End the process and close the socket, which nobody may be waiting for."""
        self.kill()
        try:
            # What is closed while it is watched could be taken for what is opened next.
            if home := self._home:
                home.call_soon_threadsafe(self._close)
                return
        except RuntimeError:
            self._home = None  # that loop was closed, and with it what it watched
        self._close()

    def _close(self) -> None:
        self._leave_home()
        self._socket.close()

    async def _ended_by_itself(self) -> bool:
        # The socket closes a moment before the process has ended.
        for _ in range(100):
            if (code := self._process.poll()) is not None:
                return code in _ENDED_BY_ITSELF
            await asyncio.sleep(0.005)
        return False
