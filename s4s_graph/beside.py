"""Work in a process beside this one, where Python does one thing at a time in each.

Not by `multiprocessing`: a process of that runs the script anew that builds, unless the script is
written for it, and lives on where that was killed.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from s4s_graph import apart

Found = TypeVar("Found")

# To start a process takes as long as to check or to store what stands in so many bytes of tables.
LARGE = 1 << 20


class Beside(Generic[Found]):
    """A function of some module at work in a process of its own, on arguments that it is sent.

    Where that process comes to its end without an answer, be it that it had no memory or that the
    function raised something, the work is done here, so that errors are raised to the caller. What
    was done in part must do no harm then.
    """

    def __init__(self, work: Callable[..., Found], *, here: bool, niceness: int = 0) -> None:
        """Let the process import what the function needs; `here` there is none, for little work.

        niceness: how much it leaves to others, where there are more of them than cores.
        """
        self._work = work
        self._found: list[Found] = []
        self._sent: deque[tuple[object, ...]] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        if not here:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "s4s_graph.beside"],
                env=apart.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            # Beside what this process leaves to others itself.
            os.setpriority(os.PRIO_PROCESS, self._process.pid, os.nice(0) + niceness)
            self._send(work)

    def start(self, *arguments: object) -> None:
        """Send arguments, one set of them after the other; `here` they wait until asked for."""
        self._sent.append(arguments)
        self._send(arguments)

    def result(self) -> Found:
        """Wait until all is done; return the answer to the last. Raises what the work raises."""
        while self._sent:
            self._found = [self._received(self._sent.popleft())]
        return self._found[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Put an end to the process, also where nobody asked for its answer."""
        if self._process:
            self._process.kill()
            with suppress(BrokenPipeError):
                self._process.communicate()

    def _send(self, content: object) -> None:
        if self._process and self._process.stdin:
            with suppress(BrokenPipeError):
                pickle.dump(content, self._process.stdin)
                self._process.stdin.flush()

    def _received(self, arguments: tuple[object, ...]) -> Found:
        if self._process and self._process.stdout:
            with suppress(EOFError, pickle.UnpicklingError):
                found: Found = pickle.load(self._process.stdout)  # noqa: S301, our own process
                return found
        return self._work(*arguments)


def main() -> None:
    """Answer the one who started this process, and end with that one."""
    # What a library prints must not get between.
    answers = os.dup(1)
    os.dup2(2, 1)
    work = pickle.load(sys.stdin.buffer)  # noqa: S301, by the one who started this process
    sent: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_listen, args=(sent,), daemon=True).start()
    try:
        with os.fdopen(answers, "wb") as file:
            while True:
                pickle.dump(work(*sent.get()), file)
                file.flush()
    finally:
        os._exit(1)  # the other thread still listens


def _listen(sent: SimpleQueue[Any]) -> None:
    with suppress(EOFError, pickle.UnpicklingError):
        while True:
            sent.put(pickle.load(sys.stdin.buffer))  # noqa: S301, by the same
    # The one who started this is gone: what is written here would be in the way of the next build.
    os._exit(1)


if __name__ == "__main__":
    main()
