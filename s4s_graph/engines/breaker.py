"""What is wrong with an engine elsewhere, and when to leave it alone for a while."""

import time
from collections.abc import Callable
from threading import Lock

from s4s_graph.forms import Text
from s4s_graph.release import ReleaseError

FAILURES = 5  # in a row, after which an engine is left alone
REST_SECONDS = 10.0

AWAY = Text(
    nl="De gegevens zijn even niet te bereiken. Probeer het over een minuut nog eens.",
    en="The data cannot be reached for a moment. Try again in a minute.",
)


def printable(text: str, most: int) -> str:
    """Return the start of a text of another machine, fit for a log or a terminal."""
    return "".join(c if c.isprintable() else " " for c in text[:most])


class AwayError(Exception):
    """The engine gave no answer that can be used.

    Its text is for the log of who runs the site; `sentence` is for readers, who need not know
    where the engine is. `passing` when another moment may help.
    """

    sentence = AWAY
    retry_seconds = int(REST_SECONDS)

    def __init__(self, said: str, *, passing: bool = False) -> None:
        super().__init__(printable(said, 1000))
        self.passing = passing


class RefusedError(AwayError):
    """The engine is there and takes a query for wrong; `why` is what it says."""

    def __init__(self, said: str, why: str) -> None:
        super().__init__(said)
        self.why = why


class UnpublishedError(ReleaseError):
    """The engine elsewhere does not have all of a release, as may change."""


class Breaker:
    """Leaves an engine alone for a while when it fails again and again.

    After the rest one request goes first; the others only follow when it is answered. Any number
    of threads may use it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._rests_until = 0.0

    def enter(self) -> None:
        """Let a request through, or raise AwayError."""
        with self._lock:
            if self._failures < FAILURES:
                return
            now = self._clock()
            if now < self._rests_until:
                raise AwayError(f"the engine failed {self._failures} times in a row")
            self._rests_until = now + REST_SECONDS

    def succeeded(self) -> None:
        """Forget what went wrong before."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Count a failure."""
        with self._lock:
            self._failures += 1
            self._rests_until = self._clock() + REST_SECONDS
