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
from s4s_graph.frames import QUERY, Frames, frame
from s4s_graph.settings import PACKAGE

START_SECONDS = 30.0
RECEIVED_BYTES = 512 * 1024
BUFFER_BYTES = 1024 * 1024  # between the two, so that neither waits for the other's turn
# Pages come first, then short queries, then those that take long. Were short ones as pages are,
# pages would take four times as long while others send cross joins.
NICENESS, LONG_NICENESS = 5, 15
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

    def __init__(self, store: Path, memory: int) -> None:
        """Start the process; it may be used after `await_start`."""
        self._socket, theirs = socket.socketpair()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)
        self._frames = Frames()
        self._received = bytearray(RECEIVED_BYTES)
        self._messages: deque[tuple[bytes, bytes]] = deque()
        self._thread = 0
        self._streaming = False
        self.slow = False
        with theirs:
            arguments = str(store), str(theirs.fileno()), str(memory)
            # Nothing in these arguments comes from a reader.
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "s4s_graph.worker", *arguments],
                # Where -m finds the package, installed or not.
                cwd=PACKAGE.parent,
                stdin=subprocess.DEVNULL,
                # Out of memory, the engine ends the process: at once, and not after a long tale.
                env={**os.environ, "RUST_BACKTRACE": "0"},
                pass_fds=[theirs.fileno()],
                # Ctrl-C is for the site, which then stops its workers.
                start_new_session=True,
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
        loop, bell, descriptor = asyncio.get_running_loop(), Bell(), self._socket.fileno()
        loop.add_reader(descriptor, bell.ring)
        try:
            if not await bell.within(seconds):
                raise TimeoutError
        finally:
            loop.remove_reader(descriptor)

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
        self._socket.close()

    async def _ended_by_itself(self) -> bool:
        # The socket closes a moment before the process has ended.
        for _ in range(100):
            if (code := self._process.poll()) is not None:
                return code in _ENDED_BY_ITSELF
            await asyncio.sleep(0.005)
        return False
