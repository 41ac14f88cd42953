"""Ending in order: what a command has open is closed, whoever ends it."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def tidily() -> Iterator[None]:
    """Let a signal of the system end the block as Ctrl+C does: by leaving it, not at once."""
    before = {which: signal.signal(which, _leave) for which in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


def _leave(which: int, frame: FrameType | None) -> None:
    sys.exit(128 + which)
